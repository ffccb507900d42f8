"""An officer plans: scenario, progress, pin by dragging, solve again, accept, see it, withdraw."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, district_store, served

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])
FIVE = ("T036", "T037", "T038", "T039", "T040")
SOLVING_MS = 90_000
LOADED = """performance.getEntriesByType('resource').map((each) => each.name)
  .filter((name) => name.includes('vis-timeline'))"""


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """The address of an application of its own: these tests keep and accept plans."""
    with (
        tempfile.TemporaryDirectory() as folder,
        district_store(Path(folder)) as store,
        served(store) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def small_plan(office: str, browser) -> str:
    """The address of a plan for five people, for the tests that only look."""
    page = browser.new_page()
    make(page, office)
    address = page.url
    page.close()
    return address


def make(page: Page, office: str) -> None:
    """Fill the form for five people and two periods, and wait for the plan."""
    page.goto(f"{office}/plans/new")
    page.locator("input[name=periods]").fill("2")
    page.locator("input[value=chosen]").check()
    page.locator("select[name=people]").select_option(list(FIVE))
    page.locator("summary", has=page.locator("h2")).first.click()
    page.locator("input[name=keep_planned]").uncheck()
    page.locator("form.stack button.primary").first.click()
    expect(page.locator(".plan-gantt")).to_be_visible(timeout=SOLVING_MS)


def drawn_to_drag(page: Page) -> None:
    """Open the board whose bars are dragged: its library comes only then."""
    page.locator("#drag > summary").click()
    expect(page.locator("[data-board][data-ready]")).to_be_visible()


def test_progress_survives_a_reload_and_can_be_stopped(office: str, open_page):
    page = open_page(f"{office}/plans/new", lang="en")
    page.locator("input[name=periods]").fill("8")
    page.get_by_text("More conditions").click()
    page.locator("input[name=seconds]").fill("300")
    page.locator("form.stack button.primary").first.click()
    cost = page.locator("[data-part=cost_word]")
    expect(cost).to_have_text(re.compile(r"^\d+$"), timeout=SOLVING_MS)
    bound = page.locator("[data-part=bound_word]")
    expect(bound).to_have_text(re.compile(r"^\d"))
    page.reload()
    expect(cost).to_have_text(re.compile(r"^\d+$"))
    page.get_by_role("button", name="Stop and take the best so far").click()
    expect(page.locator(".plan-gantt")).to_be_visible(timeout=SOLVING_MS)
    expect(page.locator("#proof")).to_contain_text("a better one may exist")


def drag_to_the_other_period(page: Page) -> bool:
    """Drag the first new bar by half of the board; tell whether that was to the right."""
    bar = page.locator(".vis-item.planned").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    board = page.locator(".vis-panel.vis-center").bounding_box()
    half = board["width"] / 2
    to_the_right = box["x"] + 10 < board["x"] + half
    x, y = box["x"] + 10, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (half if to_the_right else -half), y, steps=10)
    page.mouse.up()
    return to_the_right


@LANGUAGES
def test_drag_pins_and_solving_again_tells_the_changes(office, open_page, lang: str):
    page = open_page(f"{office}/plans", lang=lang)
    make(page, office)
    expect(page.locator("#proof .state.green")).to_be_visible()
    drawn_to_drag(page)
    row = page.locator("[data-rows=pins] tbody tr").first
    for _ in range(12):  # the board may still be laying its bars out when a drag begins
        to_the_right = drag_to_the_other_period(page)
        with suppress(AssertionError):
            expect(row.locator("[name=pin_person]")).not_to_have_value("", timeout=1000)
            break
    expect(row.locator("[name=pin_person]")).not_to_have_value("")
    expect(row.locator("[name=pin_day]")).to_have_value(
        "2025-01-01" if to_the_right else "2024-07-01"
    )
    expect(page.locator(".vis-item.pinned").first).to_be_visible()
    page.locator("#change form button:not([type])").click()
    point = page.locator(".point")
    none = page.locator("form[action$='/explain'] button")
    expect(point.first.or_(none)).to_be_visible(timeout=SOLVING_MS)
    if none.is_visible():  # the pin goes against a hard rule: it says against which
        none.click()
        expect(page.locator(".conflict li").first).to_be_visible(timeout=SOLVING_MS)
    else:
        expect(point.first.locator(".reasons li").first).to_be_visible()


def test_a_posting_is_banned_by_keyboard_and_the_change_list_is_read(office, open_page, small_plan):
    page = open_page(small_plan, lang="en")
    name = page.locator(".plan-gantt tbody th[scope=row]").first.inner_text()
    page.locator(".plan-gantt .drawn a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#at").get_by_role("link", name="Ban").focus()
    page.keyboard.press("Enter")
    row = page.locator("[data-rows=pins] tbody tr").first
    expect(row.locator("[name=what]")).to_have_value("forbid")
    page.locator("#change form button:not([type])").focus()
    page.keyboard.press("Enter")
    first = page.locator(".point").first
    expect(first.locator(".reasons li").first).to_be_visible(timeout=SOLVING_MS)
    expect(first.locator(".reasons")).to_contain_text(name)


@LANGUAGES
def test_accepted_plan_stands_on_the_time_line_until_withdrawn(
    office, open_page, small_plan, lang: str
):
    page = open_page(small_plan, lang=lang)
    page.locator("input[name=name]").fill(f"<b>{lang}</b>")
    page.locator(".decide button.primary").click()
    page.locator(".decide a.primary").click()
    page.locator("form.fields button.primary").click()
    expect(page.locator(".decide .state.green")).to_be_visible()
    plan = page.url
    # A person's page shows planned postings when asked: the links of an accepted plan ask for them.
    address = page.locator("[data-table=moves] a.to-person").first.get_attribute("href")
    page.goto(f"{office}{address}")
    planned = page.locator(".time-lanes .planned")
    expect(planned.first).to_be_visible()
    count = planned.count()
    page.goto(plan)
    page.locator(".decide a[href$=withdraw]").click()
    page.locator("form.fields button.primary").click()
    expect(page.locator(".decide .state.yellow")).to_be_visible()
    page.goto(f"{office}{address}")
    assert planned.count() < count


@LANGUAGES
def test_impossible_scenario_is_explained_and_a_way_out_is_planned(office, open_page, lang: str):
    page = open_page(f"{office}/plans/new", lang=lang)
    page.locator("input[name=periods]").fill("2")
    page.locator("input[value=chosen]").check()
    page.locator("select[name=people]").select_option(["T020", "T021", *FIVE])
    page.locator("summary", has=page.locator("h2")).first.click()
    page.locator("[data-add=pins]").click()
    for at, person in enumerate(("T020", "T021")):
        row = page.locator("[data-rows=pins] tbody tr").nth(at)
        row.locator("[name=pin_person]").select_option(person)
        row.locator("[name=pin_post]").select_option("P22")
        row.locator("[name=pin_day]").fill("2025-01-01")
    page.locator("form.stack button.primary").first.click()
    expect(page.locator(".conflict li").first).to_be_visible(timeout=SOLVING_MS)
    assert page.locator(".conflict li").count() >= 2
    page.locator(".remedies button").first.click()
    expect(page.locator(".plan-gantt")).to_be_visible(timeout=SOLVING_MS)


def test_rows_are_posts_when_asked_and_a_bar_says_why(open_page, small_plan):
    page = open_page(small_plan, lang="en")
    assert page.evaluate(LOADED) == []
    drawn_to_drag(page)
    page.get_by_role("button", name="By post").click()
    expect(page.locator("[data-board]")).to_have_attribute("data-view", "posts")
    page.locator(".vis-item").first.click()
    panel = page.locator("#picked")
    expect(panel).to_be_visible()
    expect(page.locator(".vis-item.vis-selected")).to_be_visible()  # the bars are not drawn anew
    expect(page.get_by_role("button", name="By post")).to_have_attribute("aria-pressed", "true")
    panel.get_by_role("link", name="Why here?").click()
    expect(page.locator(".panel .reasons li").first).to_be_visible()
    page.get_by_role("button", name="What would other posts cost?").first.click()
    expect(
        page.locator("h3", has_text="Instead of it").or_(page.locator(".panel .note"))
    ).to_be_visible(timeout=SOLVING_MS)


@LANGUAGES
def test_no_planning_page_has_a_finding_of_axe_or_is_wider_than_its_screen(
    office, open_page, axe, small_plan, lang: str
):
    for address in (f"{office}/plans", f"{office}/plans/new", small_plan, f"{small_plan}/poster"):
        for viewport in ({}, {"viewport": PHONE}):
            page = open_page(address, lang=lang, **viewport)
            assert axe(page) == [], address
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, address


def test_poster_is_one_sheet_of_a3_across(open_page, small_plan):
    page = open_page(f"{small_plan}/poster", lang="en")
    made = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", made)) == 1
    width, height = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made).groups()
    assert float(width) > float(height) > 800
