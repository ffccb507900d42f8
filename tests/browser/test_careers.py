"""Careers in a real browser: build a search, open a match, compare, follow a band, print."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])
PAGES = (
    "/careers",
    "/careers/paths?1.kind=grassroots&2.rank=副科",
    "/careers/routes?start=rank:科员&end=rank:正科&level=post_kind",
    "/careers/flows?level=post_kind",
    "/careers/tree?level=post_kind",
    "/careers/posts/P05?person=T030",
    "/careers/dates",
    "/careers/dates/T046",
    "/careers/people/T004",
    "/careers/compare?person=T001&person=T004&align=entry",
    "/careers/compare?person=T021&person=T022&person=T024",
    "/careers/flows/people?level=rank&target=副科",
    "/careers/tree/people?level=post_kind&step=3&key=secondment",
    "/careers/paths?1.rank=副处&2.rank=科员",
)


@LANGUAGES
def test_three_steps_are_built_searched_and_opened(district, open_page, lang: str):
    page = open_page(f"{district}/careers", lang=lang)
    page.locator("a[href='/careers/paths']").first.click()
    page.locator("select[name='1.kind']").select_option("grassroots")
    page.locator("select[name='2.post_kind']").select_option("staff")
    page.locator("main input[name='2.within_months']").fill("36")
    page.locator("button[name=more]").click()
    page.locator("select[name='3.rank']").select_option("副科")
    page.locator("form.stack button.primary").click()
    expect(page.locator(".funnel li")).to_have_count(3)
    last = int(page.locator(".funnel b").last.inner_text())
    assert last > 0
    assert str(last) in page.locator(".answer strong").inner_text()
    expect(page.locator("select[name='2.post_kind']")).to_have_value("staff")
    # the address alone is the search
    again = open_page(page.url, lang=lang)
    expect(again.locator(".answer strong")).to_have_text(
        page.locator(".answer strong").inner_text()
    )
    # a match opens with its steps marked
    page.locator("a[href*='/careers/people/'][href*='lit=']").locator("visible=true").first.click()
    marked = "step of the search" if lang == "en" else "查找中的一步"
    expect(page.get_by_text(marked).locator("visible=true")).to_have_count(3)
    expect(page.locator(".time-lanes a").first).to_be_visible()


@LANGUAGES
def test_two_people_are_compared_from_a_persons_page(district, open_page, lang: str):
    words = {
        "en": ("More", "Compare", "year 0", "sooner after entry"),
        "zh_Hans": ("更多", "比较", "第 0 年", "自入职起早"),
    }
    more, compare, year, sooner = words[lang]
    page = open_page(f"{district}/people/T001", lang=lang)
    page.locator(".heading summary", has_text=more).click()
    page.get_by_role("link", name=compare).click()
    page.locator("main input[name=person]").nth(1).fill("T004")
    page.locator("select[name=align]").select_option("entry")
    page.get_by_role("button", name=compare).click()
    bars = page.locator(".lanes .bar")
    expect(bars.first).to_be_visible()
    expect(page.locator(".lanes .tick").first).to_have_text(year)
    expect(page.locator("main li", has_text=sooner).first).to_be_visible()
    # by date the same people stand on the calendar
    page.locator("select[name=align]").select_option("date")
    page.get_by_role("button", name=compare).click()
    expect(page.locator(".lanes .tick").first).to_have_text(re.compile(r"^20\d\d$"))


@LANGUAGES
def test_a_band_of_the_sankey_leads_to_its_people(district, open_page, lang: str):
    page = open_page(f"{district}/careers/flows?level=post_kind", lang=lang)
    expect(page.locator("[data-flow][data-ready] svg")).to_be_visible()
    widest = int(
        page.locator("a[href*='/flows/people']").locator("visible=true").first.inner_text()
    )
    # the middle of the widest band, which ECharts puts on top
    box = page.locator("[data-flow]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.12)
    page.wait_for_url("**/careers/flows/people**")
    expect(page.locator("a.to-person").locator("visible=true").first).to_be_visible()
    assert str(widest) in page.locator(".answer").inner_text()


def test_a_branch_of_the_tree_opens_its_people(district, open_page):
    page = open_page(f"{district}/careers/tree?level=rank", lang="en")
    grid = page.locator(".tabulator-row")  # it takes the place of the plain table
    expect(grid.first).to_be_visible()
    grid.locator("a", has_text="staff").first.click()
    expect(page.locator("main h2", has_text="Who is on this branch")).to_be_visible()
    expect(page.locator(".trail a")).to_have_count(2)


def test_the_earliest_date_says_which_rule_holds(district, open_page):
    page = open_page(f"{district}/careers/dates", lang="en")
    grid = page.locator(".tabulator-row")  # it takes the place of the plain table
    expect(grid.first).to_be_visible()
    page.locator("main input[type=search]").first.fill("黄强伟")
    expect(grid).to_have_count(1)
    grid.locator("a[href$='/careers/dates/T046']").first.click()
    expect(page).to_have_url(re.compile("/careers/dates/T046"))
    expect(page.locator("h2").first).to_contain_text("at the earliest")
    expect(page.locator("main").get_by_text("R6").locator("visible=true").first).to_be_visible()


@LANGUAGES
@pytest.mark.parametrize(
    ("path", "picture"),
    [
        ("/careers/compare?person=T001&person=T004", ".lanes svg"),
        ("/careers/people/T004", ".time-lanes rect"),
        ("/careers/flows?level=post_kind", "[data-flow] svg"),
        ("/careers/paths?1.kind=grassroots&2.rank=副科", ".funnel"),
    ],
)
def test_page_prints_without_shell_and_form(
    district, open_page, lang: str, path: str, picture: str
):
    page = open_page(f"{district}{path}", lang=lang)
    expect(page.locator(picture).first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".places")).to_be_hidden()
    for form in page.locator("main form").all():
        expect(form).to_be_hidden()
    expect(page.locator(picture).first).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    assert len(page.pdf(format="A4")) > 10_000


@LANGUAGES
def test_a_gain_and_a_meeting_open_their_people(district, open_page, lang: str):
    for path, link in (
        (
            "/careers/flows?level=rank",
            "a[href*='/flows/people'][href*='target=']:not([href*=source])",
        ),
        ("/careers/tree?level=post_kind", "a[href*='/tree/people']"),
    ):
        page = open_page(f"{district}{path}", lang=lang)
        figure = page.locator(link).locator("visible=true").first
        count = int(figure.inner_text())
        figure.click()
        expect(page.locator("a.to-person").locator("visible=true").first).to_be_visible()
        assert str(count) in page.locator(".answer").inner_text()


def test_a_band_of_the_tree_leads_to_its_people(district, open_page):
    page = open_page(f"{district}/careers/tree?level=post_kind", lang="en")
    expect(page.locator("[data-flow][data-ready] svg")).to_be_visible()
    picture = page.locator("[data-flow]")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.15, box["y"] + box["height"] * 0.5)
    page.wait_for_url("**/careers/tree/people**")
    expect(page.locator("a.to-person").locator("visible=true").first).to_be_visible()


def test_a_step_is_taken_away_and_enter_searches(district, open_page):
    page = open_page(f"{district}/careers/paths?1.kind=grassroots&2.here=1&3.rank=正科", lang="en")
    page.get_by_role("button", name="Remove step 2").click()
    expect(page.locator("fieldset")).to_have_count(2)
    expect(page.locator("main select[name='2.rank']")).to_have_value("正科")
    page.locator("main input[name='2.within_months']").fill("120")
    page.locator("main input[name='2.within_months']").press("Enter")
    expect(page.locator(".funnel li")).to_have_count(2)
    expect(page.locator("main input[name='2.within_months']")).to_have_value("120")


def test_next_posts_are_asked_for_a_person_and_a_kind(district, open_page):
    page = open_page(f"{district}/careers/posts/P05", lang="en")
    page.locator("main input[name=person]").fill("T030")
    page.locator("main select[name=kind]").select_option("rotation")
    page.locator("main").get_by_role("button", name="Show").click()
    expect(page.locator(".against h3").first).to_contain_text("(rotation)")


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_laptop_and_a_phone_without_a_serious_finding_of_axe(
    district, open_page, axe, path: str
):
    for page in (
        open_page(f"{district}{path}", lang="zh_Hans"),
        open_page(f"{district}{path}", lang="en", viewport=PHONE),
    ):
        assert axe(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
