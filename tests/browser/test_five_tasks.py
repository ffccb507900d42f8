"""Five tasks of an officer of the programme, with no more clicks than each may take."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP

SOLVING_MS = 120_000


class Clicks:
    """A mouse that counts."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, target: Locator) -> None:
        """Click once."""
        self.count += 1
        target.click()


@pytest.fixture
def begun(district: str, open_page: Callable[..., Page]) -> tuple[Page, Clicks]:
    """The first page, as an officer opens it in the morning."""
    return open_page(district), Clicks()


def is_on_screen(target: Locator) -> bool:
    """Return whether an element stands on the screen as a whole, without scrolling."""
    box = target.bounding_box()
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= LAPTOP["height"])


def place(page: Page, path: str) -> Locator:
    """Return the link to a place of the program."""
    return page.locator(f"nav.places a[href^='{path}']").first


def test_who_can_fill_a_vacant_deputy_post_takes_two_clicks_and_one_screen(begun):
    page, mouse = begun
    mouse.on(place(page, "/plans"))
    row = page.locator(".gantt-table tr", has_text="副局长").filter(has_text="/2").first
    mouse.on(row.get_by_role("link", name="看名单").or_(row.get_by_role("link", name="候选")))
    expect(page.locator("h1")).to_contain_text("谁符合任职条件")
    names = page.locator("main table tbody tr a.to-person")
    assert names.count() >= 10
    assert is_on_screen(names.nth(9))
    assert mouse.count <= 2


def test_who_lost_a_mentor_is_seen_without_a_click(begun):
    page, mouse = begun
    for name in ("姜雨", "孟承远"):  # whose secretaries have left their posts
        assert is_on_screen(page.locator("main").get_by_role("link", name=name).first)
    assert mouse.count == 0


def test_how_people_came_from_the_village_to_deputy_section_takes_two_clicks(begun):
    page, mouse = begun
    mouse.on(place(page, "/careers"))
    mouse.on(page.locator(".chip", has_text=re.compile("村.*副科")).first)
    answer = page.locator(".answer")
    expect(answer).to_contain_text("7 人")
    expect(answer).to_contain_text("个月")
    lit = page.locator(".path-lines .line:not(.dim)")
    assert lit.count() == 7
    assert mouse.count <= 2


def test_the_plan_of_the_next_half_year_and_its_reasons_take_two_clicks(begun):
    page, mouse = begun
    mouse.on(place(page, "/plans"))
    mouse.on(page.locator(".heading .primary"))
    gantt = page.locator(".plan-gantt")
    expect(gantt).to_be_visible(timeout=SOLVING_MS)
    expect(page.locator(".answer")).to_contain_text(re.compile(r"人调整 \d+ 次"))
    expect(page.locator(".answer")).to_contain_text("不违反硬性规则")
    first = gantt.locator("tr", has=page.locator("th[scope=row]")).first
    assert is_on_screen(first)
    assert first.locator("td").last.inner_text().strip()  # why, in the same row
    assert mouse.count <= 2


def test_the_file_of_one_person_is_on_paper_after_three_clicks(begun):
    page, mouse = begun
    page.keyboard.press("/")
    page.keyboard.type("guoyumu", delay=15)
    mouse.on(page.locator(".completion [role=option]", has_text="郭雨沐").first)
    mouse.on(page.locator(".heading .primary"))
    page.evaluate("window.print = () => { window.printed = true; }")
    mouse.on(page.locator("[data-print]").first)
    page.wait_for_function("window.printed")
    expect(page.locator("main")).to_contain_text("郭雨沐")
    assert mouse.count <= 3
