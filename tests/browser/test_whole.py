"""The places open with everybody: one picture on the first screen, and nothing hurts the eye.

Every page is looked at in three sizes, two languages, light and dark. A run of the tests takes a
sample of these looks, `LOOKS=all` (as `make proof` sets it) takes them all.
"""

import os
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from graph.settings import Settings
from planning import kept_plans, planner
from planning.planner import PlanRequest
from tests.browser import looks
from tests.browser.conftest import Watch, district_store, served
from webapp import create_app
from webapp.planning.found import context as planning_context

PLACES = {
    "/network": (".mentor-board", "a.to-person", 59),
    "/careers": (".path-lines", "g.line", 46),
    "/plans": (".gantt-table", "th[scope=row]", 27),
    "/": (".everybody-here", "a.to-person", 46),
}
ALL = tuple(product((*looks.PICTURES, *looks.OTHERS), looks.SIZES, looks.LANGUAGES))
SAMPLE = (
    ("/", "laptop", "zh_Hans"),
    ("/", "phone", "en"),
    ("/network", "laptop", "en"),
    ("/network", "phone", "zh_Hans"),
    ("/careers", "laptop", "zh_Hans"),
    ("/careers", "desk", "en"),
    ("/plans", "laptop", "en"),
    ("/plans", "desk", "zh_Hans"),
    ("/people/T001", "phone", "zh_Hans"),
    ("/plans/plan-1", "laptop", "en"),
    ("/programme/duties", "phone", "en"),
    ("/programme/vacancies/P22", "laptop", "en"),
)
CHOSEN = ALL if os.environ.get("LOOKS") == "all" else SAMPLE


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The district with a kept plan."""
    with district_store(tmp_path_factory.mktemp("office")) as store, served(store) as address:
        with create_app(Settings(), store).app_context():
            plan = planner.make(planning_context(), PlanRequest("2024-07-01", 1, seconds=5))
            kept_plans.keep(store, plan, "第一稿")
        yield address


@pytest.fixture(scope="module")
def seen() -> Watch:
    """What pages did that they must never do."""
    return Watch()


@pytest.fixture(scope="module")
def one_page(browser: Browser, seen: Watch) -> Iterator[Page]:
    """The one page in which everything is looked at."""
    context = looks.looked_at(browser, seen)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("path", "size", "lang"), CHOSEN)
def test_nothing_on_a_page_hurts_the_eye(
    office: str,
    one_page: Page,
    seen: Watch,
    axe: Callable[[Page], list[str]],
    path: str,
    size: str,
    lang: str,
):
    looks.open_at(one_page, office + path, size, lang)
    assert looks.faults(one_page, path, size, lang) == []
    # Of a sample each look is judged in one of the two schemes, all of them in both.
    at = CHOSEN.index((path, size, lang))
    schemes = ("light", "dark") if CHOSEN is ALL else (("light", "dark")[at % 2],)
    for scheme in schemes:
        one_page.emulate_media(color_scheme=scheme)
        assert axe(one_page) == [], scheme
    assert seen.faults == []


@pytest.mark.parametrize("place", PLACES)
def test_picture_with_everybody_stands_in_what_is_answered(
    browser: Browser, office: str, place: str
):
    picture, mark, count = PLACES[place]
    context = browser.new_context(viewport=looks.SIZES["laptop"], java_script_enabled=False)
    page = context.new_page()
    page.goto(office + place)
    assert page.locator(f"{picture} {mark}").count() == count
    assert page.locator(picture).first.is_visible()
    context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_style_guide_has_no_finding_of_axe(district: str, open_page, axe, dark: bool):
    page = open_page(f"{district}/about/parts", lang="en")
    page.emulate_media(color_scheme="dark" if dark else "light")
    assert axe(page) == []


def test_what_hurts_the_eye_is_found(office: str, one_page: Page):
    looks.open_at(one_page, f"{office}/about", "laptop", "en")
    assert looks.faults(one_page, "/about", "laptop", "en") == []
    one_page.evaluate(BAD)
    found = looks.faults(one_page, "/about", "laptop", "en")
    assert [each.split(":")[0] for each in found] == [
        "too small",
        "a date is broken",
        "cropped",
        "cropped",
        "overlaps",
        "the page scrolls sideways",
        "primary buttons",
        "buttons in the head",
        "shifts",
    ]


BAD = """() => {
  document.querySelector("main").insertAdjacentHTML("beforeend", `
    <p class="bad">small</p><p class="bad" data-label="On" style="width: 60px">2024-06-30</p>
    <p style="width: 40px; overflow: hidden; white-space: nowrap">more than fits here</p>
    <svg class="bad" viewBox="0 0 200 40" width="200" height="40">
      <text x="190" y="20">beyond</text><text x="0" y="20">one word</text>
      <text x="10" y="24">and another</text></svg>
    <p style="width: 3000px">wide</p><button class="primary">A</button>
    <button class="primary">B</button>`);
  const buttons = "<button>1</button><button>2</button><button>3</button><button>4</button>";
  document.querySelector(".heading .actions").innerHTML = buttons;
  document.querySelector(".bad").style.fontSize = "9px";
  window.shifted = 0.5;
}"""


def test_click_holds_a_line_and_a_second_compares(district, open_page):
    page = open_page(f"{district}/careers", lang="en")
    page.locator("g.line a[href*='hold=T002']").click()
    assert page.locator("g.line.held").count() == 1
    page.locator("g.line a[href*='compare']").first.click()
    assert "/careers/compare" in page.url
