"""The six written tasks of a person who browses networks, by hand in a browser, in both languages,
on the reference district and on a published lineage of 10,571 people.

1. Find somebody by the initials and open the network, then the file.
2. Climb to the roots: who taught the teachers?
3. Connect two people.
4. Find the mentor with the most descendants.
5. See a unit (or a period) as it was in a past year.
6. Share the view and open it again.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SHIFENG, at_rest, district_store, served, tables_stand
from tests.browser.lineage_set import lineage_store, named_once
from tests.browser.test_tasks import LANGUAGES, picture, selected, shown


@dataclass
class Ground:
    """One served data set and what the tasks ask about in it."""

    address: str
    graph: "nx.DiGraph[str]"
    names: dict[str, str]
    initials: tuple[str, str]  # of somebody whom they name alone: what is typed, the id
    far: str  # somebody with several generations above
    two: tuple[str, str]
    unit: str = ""


@pytest.fixture(scope="module", params=["district", "lineage"])
def ground(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "district":
        with district_store(folder) as store, served(store) as address:
            names = {row["id"]: row["name"] for row in rows_of("people")}
            graph = nx.DiGraph((row["mentor"], row["trainee"]) for row in rows_of("mentoring"))
            yield Ground(address, graph, names, ("gym", "T020"), "T046", ("T001", "T020"), "U05")
        return
    with lineage_store(folder) as (store, graph, names), served(store) as address:
        alone = named_once(names)
        chain = nx.dag_longest_path(graph)
        person = next(id_ for id_ in chain[20:] if id_ in alone)
        initials = (alone[person], person)
        yield Ground(address, graph, names, initials, chain[9], (chain[0], chain[4]))


def rows_of(table: str) -> list[dict[str, str]]:
    with (SHIFENG / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def begun(open_page, ground: Ground, id_: str, lang: str, more: str = "") -> Page:
    page = open_page(f"{ground.address}/network?person={id_}{more}", lang=lang)
    picture(page)
    return page


def menu(page: Page, id_: str, entry: int | re.Pattern[str]) -> None:
    """Open the menu of a mark by the right button and take an entry."""
    place = picture(page)
    at_rest(page)
    at = place.evaluate("(place, id) => place.view.screen(id)", id_)
    place.click(position={"x": at["x"], "y": at["y"]}, button="right")
    page.get_by_role("menuitem", name=entry).click()


def renewed(page: Page, act) -> None:
    """Do something that shows another scene, and wait until it is there."""
    place = picture(page)
    expect(place).to_have_attribute("data-drawn", re.compile("."))
    before = place.get_attribute("data-drawn")
    assert before is not None
    act()
    expect(place).not_to_have_attribute("data-drawn", before, timeout=15_000)
    at_rest(page)
    tables_stand(page)


@LANGUAGES
def test_find_by_initials_and_open(ground: Ground, open_page, lang: str):
    typed, id_ = ground.initials
    page = open_page(f"{ground.address}/network", lang=lang)
    box = page.locator("main #add")
    with page.expect_response(lambda answer: f"q={typed}" in answer.url) as answered:
        box.press_sequentially(typed, delay=15)
    answered.value.finished()
    option = page.locator("#add-list [role=option]", has_text=ground.names[id_]).first
    option.click()
    picture(page)
    assert selected(page) == id_
    page.locator("#card h2 a").click()
    expect(page.locator("h1")).to_have_text(ground.names[id_])


@LANGUAGES
def test_climb_to_the_roots(ground: Ground, open_page, lang: str):
    page = begun(open_page, ground, ground.far, lang, "&depth=0")
    roots = re.compile("上溯到源头|Up to the roots")
    renewed(page, lambda: menu(page, ground.far, roots))
    above = nx.ancestors(ground.graph, ground.far)
    assert shown(page) == above | {ground.far}
    renewed(page, lambda: page.keyboard.press("Control+z"))
    assert shown(page) == {ground.far}
    renewed(page, lambda: page.keyboard.press("Control+y"))
    assert shown(page) == above | {ground.far}


@LANGUAGES
def test_connect_two_people(ground: Ground, open_page, lang: str):
    one, other = ground.two
    page = begun(open_page, ground, one, lang, f"&person={other}&depth=0")
    menu(page, one, re.compile("路径起点|Path from here"))
    renewed(page, lambda: menu(page, other, re.compile("路径终点|Path to here")))
    lit = set(picture(page).evaluate("place => place.view.lit()"))
    ways = nx.all_shortest_paths(ground.graph.to_undirected(), one, other)
    assert lit <= {id_ for way in ways for id_ in way}
    assert {one, other} <= lit
    expect(page.locator(".way")).to_contain_text(ground.names[one])
    page.locator(".way a").first.click()
    expect(page.locator(".way li").first).to_contain_text(ground.names[one])


@LANGUAGES
def test_find_the_mentor_with_most_descendants(ground: Ground, open_page, lang: str):
    page = open_page(f"{ground.address}/network", lang=lang)
    reach = {id_: len(nx.descendants(ground.graph, id_)) for id_ in ground.graph}
    most = max(reach.values())
    row = page.locator("#widest .tabulator-row").first
    expect(row).to_contain_text(str(most))
    card = row.locator("a[data-card]").get_attribute("data-card")
    assert reach[card.removeprefix("people/")] == most
    row.locator("a").last.click()
    page.wait_for_url("**/network?person=**")
    assert f"people/{selected(page)}" == card


@LANGUAGES
def test_see_a_past_year(ground: Ground, open_page, lang: str):
    if ground.unit:
        page = open_page(f"{ground.address}/network?unit={ground.unit}&depth=1", lang=lang)
        now = shown(page)
        # What was changed without loading the page anew is kept on the other day.
        renewed(page, lambda: page.select_option("select[name=colour]", "cohort"))
        page.locator(".timebar summary").click()
        page.fill("#day", "2018-06-30")
        page.keyboard.press("Enter")
        page.wait_for_url("**on=2018-06-30**")
        assert shown(page) != now
        with_posts = page.request.get(f"{ground.address}/api/units/{ground.unit}?on=2018-06-30")
        assert {row["person"] for row in with_posts.json()["people"]} <= shown(page)
        assert "colour=cohort" in page.url and f"unit={ground.unit}" in page.url
        expect(page.locator(".message.yellow")).to_contain_text("2018-06-30")
        renewed(page, lambda: page.select_option("select[name=colour]", "rank"))
        page.locator(".timebar summary").click()
        page.locator(".timebar .today").click()  # the link follows the view too
        page.wait_for_url(lambda url: "&on=" not in url)
        assert shown(page) == now
        assert "colour=rank" in page.url
        return
    teacher = max(ground.graph, key=ground.graph.out_degree)
    page = begun(open_page, ground, teacher, lang, "&depth=1&limit=300&direction=down")
    everybody = shown(page)
    page.locator(".filters > summary").click()
    page.fill(".filters [name=until]", "0700")
    renewed(page, lambda: page.keyboard.press("Enter"))
    assert shown(page) <= everybody
    assert "until=0700" in page.url


@LANGUAGES
def test_share_the_view_and_open_it_again(ground: Ground, open_page, lang: str):
    page = begun(open_page, ground, ground.far, lang, "&depth=1")
    place = picture(page)
    at_rest(page)
    at = place.evaluate("(place, id) => place.view.screen(id)", ground.far)
    box = place.bounding_box()
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + at["x"] + 60, box["y"] + at["y"] + 40, steps=4)
    renewed(page, page.mouse.up)
    renewed(page, lambda: page.select_option("select[name=colour]", "cohort"))
    moved = place.evaluate("(place, id) => place.view.network.getPosition(id)", ground.far)
    page.locator("#share > summary").click()
    page.fill("#view-name", f"视图 {lang}")
    page.locator(".save-view button").click()
    expect(page.locator(".message.green")).to_contain_text(f"视图 {lang}")
    link = page.get_by_role("link", name=f"视图 {lang}").first.get_attribute("href")
    other = open_page(f"{ground.address}{link}", lang=lang)
    assert "colour=cohort" in other.url
    found = picture(other).evaluate("(place, id) => place.view.network.getPosition(id)", ground.far)
    assert found == moved
    assert selected(other) == ground.far
