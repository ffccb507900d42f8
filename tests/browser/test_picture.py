"""What is drawn: labels, hubs, cycles, nothing at all, and names that are scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_rest, laid_out
from tests.browser.test_tasks import picture, shown
from tests.small_graph import put_mentoring, put_people
from tests.webapp.test_xss import NAMES, PATHS, fill_evil

OVERLAPS = """place => {
  const labels = place.view.labels();
  const found = [];
  labels.forEach((a, at) => labels.slice(at + 1).forEach((b) => {
    if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
      found.push([a.id, b.id]);
    }
  }));
  return [labels.length, found];
}"""


def overlaps(page):
    """How many labels were drawn, and which pairs of them share any area."""
    place = picture(page)
    page.keyboard.press("Tab")
    place.focus()
    page.keyboard.press("0")  # all in view, so that every label is drawn
    page.wait_for_function(
        "count => document.querySelector('#picture').view.labels().length >= count",
        arg=len(shown(page)),
    )
    at_rest(page)
    return place.evaluate(OVERLAPS)


@pytest.mark.parametrize("person", ["T001", "T020", "T046", "M001", "M006"])
@pytest.mark.parametrize("depth", [2, 6])
def test_no_two_labels_overlap_in_the_district(district, open_page, person: str, depth: int):
    page = open_page(f"{district}/network?person={person}&depth={depth}")
    drawn, found = overlaps(page)
    assert drawn >= len(shown(page)) > 5
    assert found == []


def test_no_two_latin_labels_overlap(serve, embedded_store, open_page):
    names = ["Johann Carl Friedrich Gauss", "W. M. Wagner-Mommsen", "Ada Lovelace", "Iliji"] * 8
    put_people(embedded_store, [(f"p{n}", name) for n, name in enumerate(names)])
    put_mentoring(embedded_store, [(f"m{n}", f"p{n // 4}", f"p{n}") for n in range(1, 32)])
    page = open_page(f"{serve()}/network?person=p0&depth=6", lang="en")
    drawn, found = overlaps(page)
    assert drawn == 32
    assert found == []


def test_hub_of_a_thousand_does_not_flood_the_page(serve, embedded_store, open_page):
    put_people(embedded_store, [("hub", "梁启"), *((f"t{n}", f"学员{n}") for n in range(1000))])
    put_mentoring(embedded_store, [(f"m{n}", "hub", f"t{n}") for n in range(1000)])
    page = open_page(f"{serve()}/network?person=hub&depth=2", lang="en")
    assert len(shown(page)) == 60
    expect(page.locator("#shown")).to_have_text("60 of 1001 shown")
    drawn, found = overlaps(page)
    assert drawn == 61
    assert found == []
    place = picture(page)
    at = place.evaluate("place => place.view.screen('hub\\x1ftrainees')")
    place.click(position={"x": at["x"], "y": at["y"]})
    page.wait_for_url("**expand=trainees%3Ahub**")
    expect(page.locator("#shown")).to_have_text("120 of 1001 shown")
    assert len(shown(page)) == 120


def test_thousand_people_are_drawn_without_overlap(serve, embedded_store, open_page):
    put_people(embedded_store, [(f"p{n}", f"人员{n}") for n in range(1000)])
    put_mentoring(embedded_store, [(f"m{n}", f"p{n // 5}", f"p{n}") for n in range(1, 1000)])
    page = open_page(f"{serve()}/network?person=p0&depth=6&limit=1000")
    drawn, found = overlaps(page)
    assert (drawn, found) == (1000, [])


def test_cycle_of_mentoring_is_drawn(serve, embedded_store, open_page):
    put_people(embedded_store, [("a", "甲"), ("b", "乙"), ("c", "丙")])
    put_mentoring(embedded_store, [("1", "a", "b"), ("2", "b", "c"), ("3", "c", "a")])
    page = open_page(f"{serve()}/network?person=a&depth=6")
    assert shown(page) == {"a", "b", "c"}
    assert overlaps(page) == [3, []]


def test_person_without_ties_is_drawn_alone(serve, embedded_store, open_page):
    put_people(embedded_store, [("a", "甲")])
    page = open_page(f"{serve()}/network?person=a", lang="en")
    assert shown(page) == {"a"}
    expect(page.locator("main")).to_contain_text("No mentoring tie is on file")


@pytest.mark.parametrize("path", ["/", "/people", "/network", "/units", "/data"])
def test_empty_graph_says_what_to_do(serve, open_page, path: str):
    page = open_page(f"{serve()}{path}", lang="en")
    expect(page.locator("main a[href='/data'], main form").first).to_be_visible()


def test_name_that_is_a_script_never_runs(serve, embedded_store, open_page, watch):
    fill_evil(embedded_store)
    watch.expected_status.add(404)
    address = serve()
    page = open_page(address)
    for path in PATHS:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert page.locator("main img, main script:not([type='application/json'])").count() == 0
    page.goto(f"{address}/network?person=p0&depth=3")
    place = picture(page)
    for number, name in enumerate(NAMES):
        at = place.evaluate("(place, id) => place.view.screen(id)", f"p{number}")
        place.hover(position={"x": at["x"], "y": at["y"]})
        place.click(position={"x": at["x"], "y": at["y"]})
        expect(page.locator("#card h2")).to_have_text(name)
    middle = place.evaluate(
        """place => {
          const [one, other] = ['p0', 'p1'].map((id) => place.view.screen(id));
          return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
        }"""
    )
    place.hover(position=middle)
    expect(page.locator(".vis-tooltip")).to_contain_text(NAMES[1])
    place.click(position=middle)
    expect(page.locator("#card p").first).to_contain_text(NAMES[0])
    page.goto(f"{address}/people/p0")
    page.locator(".time-lanes a").first.hover()
    with page.expect_response(lambda answer: "q=%3C" in answer.url):
        page.locator(".search input").first.fill("<")
    laid_out(page)
