"""The scene by hand: opening, places, light, layouts, table, keys, tour, files, nobody."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from queries.network.view import LAYOUTS
from tests.browser.conftest import PHONE, at_rest
from tests.browser.test_network_tasks import menu, renewed
from tests.browser.test_picture import OVERLAPS
from tests.browser.test_tasks import LANGUAGES, picture, selected, shown
from tests.small_graph import put_mentoring, put_people


def view(page, script: str, *given):
    return picture(page).evaluate(f"(place, given) => place.view.{script}", list(given))


def test_double_click_opens_more_and_the_menu_closes_it(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1", lang="en")
    few = shown(page)
    mentor = view(page, "network.getConnectedNodes('T001', 'from')[0]")
    at_rest(page)
    at = view(page, f"screen('{mentor}')")
    renewed(page, lambda: picture(page).dblclick(position={"x": at["x"], "y": at["y"]}))
    more = shown(page)
    assert few < more
    renewed(page, lambda: menu(page, mentor, re.compile("Close: Trainees")))
    assert shown(page) < more
    assert mentor in shown(page)
    renewed(page, lambda: page.locator("#undo").click())
    assert shown(page) == more


def test_counts_stand_in_the_menu_before_anything_is_opened(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=0", lang="en")
    counts = page.request.get(f"{district}/api/network?person=T001&depth=0").json()["counts"]
    picture(page).focus()
    page.keyboard.press("m")
    entries = page.locator("ul.menu [role=menuitem]").all_inner_texts()
    for kind, title in (("mentors", "Mentors"), ("trainees", "Trainees"), ("posts", "Posts held")):
        assert f"Show: {title} ({counts['T001'][kind]['total']})" in entries
    renewed(page, lambda: page.get_by_role("menuitem", name="Show: Posts held").click())
    assert len(view(page, "nodes.get().filter((node) => node.role === 'post')")) == 4
    dashed = view(page, "edges.get().filter((edge) => edge.style === 'posting')")
    assert len(dashed) == 4


def test_dragged_mark_stays_when_the_view_is_opened_again(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    place = picture(page)
    at_rest(page)
    at, box = view(page, "screen('T001')"), place.bounding_box()
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + at["x"] - 90, box["y"] + at["y"] + 10, steps=5)
    renewed(page, page.mouse.up)
    moved = view(page, "network.getPosition('T001')")
    again = open_page(page.url)
    assert view(again, "network.getPosition('T001')") == moved
    renewed(page, lambda: page.keyboard.press("Control+z"))
    assert view(page, "network.getPosition('T001')") != moved


def test_selected_lights_neighbours_and_the_way_to_the_one_asked_for(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=3")
    far = max(shown(page), key=lambda id_: id_)
    picture(page).evaluate("(place, id) => place.view.select(id)", far)
    lit = set(view(page, "lit()"))
    assert {far, "T001"} <= lit
    assert set(view(page, f"neighbours('{far}')")) <= lit
    assert lit < shown(page)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_is_switched_and_keeps_the_eye_on_the_one_selected(district, open_page, layout: str):
    begin = "generations" if layout != "generations" else "radial"
    page = open_page(f"{district}/network?person=T001&depth=3&layout={begin}&selected=T023")
    everybody = shown(page)
    renewed(page, lambda: page.select_option("select[name=layout]", layout))
    at_rest(page)
    assert shown(page) == everybody
    assert selected(page) == "T023"
    at, box = view(page, "screen('T023')"), picture(page).bounding_box()
    assert 0 < at["x"] < box["width"]
    assert 0 < at["y"] < box["height"]
    page.locator("[data-zoom=fit]").click()
    at_rest(page)
    drawn, found = picture(page).evaluate(OVERLAPS)
    assert drawn >= len(everybody)
    assert found == []


def test_person_with_seven_mentors_stays_legible(serve, embedded_store, open_page):
    put_people(embedded_store, [("t", "释道安"), *((f"m{n}", f"导师{n}") for n in range(7))])
    put_mentoring(embedded_store, [(f"e{n}", f"m{n}", "t") for n in range(7)])
    page = open_page(f"{serve()}/network?person=t&depth=1")
    assert len(shown(page)) == 8
    heights = {view(page, f"network.getPosition('m{n}').y") for n in range(7)}
    assert max(heights) < view(page, "network.getPosition('t').y")
    drawn, found = picture(page).evaluate(OVERLAPS)
    assert (drawn, found) == (8, [])


def test_two_ties_of_one_pair_are_one_line_that_says_both(serve, embedded_store, open_page):
    put_people(embedded_store, [("a", "甲"), ("b", "乙")])
    put_mentoring(
        embedded_store,
        [("1", "a", "b", "village", "2015", "2016"), ("2", "b", "a", "peer", "2020", None)],
    )
    page = open_page(f"{serve()}/network?person=a", lang="en")
    assert len(view(page, "edges.get()")) == 1
    middle = picture(page).evaluate(
        """place => {
          const [one, other] = ['a', 'b'].map((id) => place.view.screen(id));
          return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
        }"""
    )
    picture(page).click(position=middle)
    expect(page.locator("#card h2")).to_have_text("2 ties")
    said = page.locator("#card p:not(.source)").all_inner_texts()
    assert said == [
        "甲 mentored 乙 (village) from 2015 to 2016.",
        "乙 has mentored 甲 (peer) since 2020.",
    ]
    expect(page.locator("#card .source").first).to_contain_text("row 1")


def test_all_of_it_by_keyboard(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1", lang="en")
    picture(page).focus()
    page.keyboard.press("ArrowUp")
    mentor = selected(page)
    assert mentor != "T001"
    expect(page.locator("#said")).to_contain_text(page.locator("#card h2").inner_text())
    renewed(page, lambda: page.keyboard.press("e"))
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("ul.menu")).to_have_count(0)
    page.keyboard.press("l")
    assert "T001" in view(page, "lit()")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{mentor}")


def test_menu_is_reached_on_a_touch_screen_by_a_button(district, open_page):
    page = open_page(f"{district}/network?person=T001", lang="en", viewport=PHONE)
    picture(page)
    page.locator("#menu-button").click()
    expect(page.get_by_role("menuitem", name="Up to the roots")).to_be_visible()


@LANGUAGES
def test_tour_has_three_steps(district, open_page, lang: str):
    page = open_page(f"{district}/network?person=T001", lang=lang)
    picture(page)
    page.locator("#tour").click()
    dialog = page.locator("#tour-steps")
    titles = []
    for step in range(3):
        expect(dialog.locator("form .muted")).to_have_text(f"{step + 1} / 3")
        titles.append(dialog.locator("h2").inner_text())
        dialog.locator("[data-next]").click()
    assert len(set(titles)) == 3
    expect(dialog).not_to_be_visible()


def test_columns_are_chosen_and_kept(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=2", lang="en")
    picture(page)
    heading = page.locator("#people .tabulator-col", has_text="Cohort")
    expect(heading).to_be_visible()
    page.locator("#people .menu > summary").click()
    page.locator("#people .menu label", has_text="Cohort").click()
    expect(heading).not_to_be_visible()
    page.reload()
    expect(page.locator("#people .tabulator-col", has_text="Role")).to_be_visible()
    expect(heading).not_to_be_visible()


@pytest.mark.parametrize("ending", ["png", "csv", "xlsx", "svg", "html", "gexf", "graphml"])
def test_file_is_named_after_what_is_inside(district, open_page, ending: str, tmp_path: Path):
    page = open_page(f"{district}/network?person=T001&depth=1", lang="en")
    picture(page)
    page.locator("#files > summary").click()
    wanted = "#png" if ending == "png" else f"#files a[href*='file.{ending}']"
    with page.expect_download() as download:
        page.locator(wanted).click()
    assert download.value.suggested_filename == f"Network of 张志映 1 step 2024-06-30.{ending}"
    file = tmp_path / "file"
    download.value.save_as(file)
    assert file.stat().st_size > 300


def test_html_file_opens_without_any_server(district, open_page, tmp_path: Path, browser):
    page = open_page(f"{district}/network?person=T001&depth=2")
    answer = page.request.get(f"{district}/network/file.html?person=T001&depth=2")
    file = tmp_path / "网络.html"
    file.write_bytes(answer.body())
    context = browser.new_context()
    faults: list[str] = []
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: faults.append(str(error.error)))
    opened = context.new_page()
    opened.goto(file.as_uri())
    expect(opened.locator("canvas")).to_be_visible()
    assert opened.evaluate("network.body.data.nodes.length") == len(shown(page))
    expect(opened.locator("h1")).to_contain_text("张志映")
    context.close()
    assert faults == []
    assert asked == [file.as_uri()]


def test_filter_that_nobody_matches_says_what_to_do(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1&only_cohort=1990", lang="en")
    assert shown(page) == {"T001"}
    expect(page.locator("main")).to_contain_text("Nobody else matches the filters.")
    renewed(page, lambda: page.get_by_role("link", name="Take all filters away").click())
    assert len(shown(page)) > 1


def test_table_of_another_scene_is_linked_again(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    renewed(page, lambda: page.select_option("select[name=depth]", "2"))
    row = page.locator("#people .tabulator-row").nth(2)
    expect(row).to_be_visible()
    card = row.locator("a[data-card^='people/']").first.get_attribute("data-card")
    row.locator(".tabulator-cell").nth(1).click()
    page.wait_for_function(
        "card => `people/${document.querySelector('#picture').view.selected()}` === card", arg=card
    )
    expect(page.locator("#people .tabulator-row.chosen")).to_contain_text(
        page.locator("#card h2").inner_text()
    )


@pytest.fixture
def crowd(serve, embedded_store) -> str:
    """The address of a scene of one mentor and 299 trainees: more rows than the page holds."""
    put_people(embedded_store, [(f"p{n}", f"人员{n:03}") for n in range(300)])
    put_mentoring(embedded_store, [(f"m{n}", "p0", f"p{n}") for n in range(1, 300)])
    return f"{serve()}/network?person=p0&depth=1&limit=300"


def test_long_table_holds_everybody_and_is_linked_both_ways(crowd: str, open_page):
    page = open_page(crowd, lang="en")
    place, rows = picture(page), page.locator("#people .tabulator-row")
    expect(page.locator("#people .table-tools .count")).to_have_text("300 of 300")
    place.evaluate("place => place.view.select('p250', { reveal: true })")
    expect(page.locator("#people .tabulator-row.chosen")).to_contain_text("人员250")
    page.locator("#people .tabulator-col", has_text="Name").click()
    expect(rows.first).to_contain_text("人员000")
    page.locator("#people .tabulator-col", has_text="Name").click()
    expect(rows.first).to_contain_text("人员299")
    page.locator("#people .table-tools input[type=search]").fill("人员299")
    expect(rows).to_have_count(1)
    assert rows.locator("a").first.get_attribute("href") == "/people/p299"
    rows.locator(".tabulator-cell").nth(1).click()
    assert selected(page) == "p299"
    page.locator("#people .table-tools input[type=search]").fill("")
    page.locator(".legend [data-filter^='role:person']").click()
    expect(rows.first).to_have_class(re.compile(r"\boff\b"))


def test_long_table_prints_and_exports_every_row(crowd: str, open_page, tmp_path: Path):
    page = open_page(crowd, lang="en")
    expect(page.locator("#people .table-tools .count")).to_have_text("300 of 300")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    download.value.save_as(tmp_path / "rows.csv")
    lines = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 301
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#people table tbody tr").count() == 300
    assert page.locator("#people table tbody tr").last.inner_html().count("<td") == len(
        lines[0].split(",")
    )


def test_another_colour_is_only_painted(crowd: str, open_page):
    page = open_page(crowd, lang="en")
    rows = page.locator("#people .tabulator-row")
    page.locator("#people .table-tools input[type=search]").fill("人员299")
    expect(rows).to_have_count(1)
    at = view(page, "screen('p0')")
    renewed(page, lambda: page.select_option("select[name=colour]", "cohort"))
    expect(page.locator("#legend")).to_contain_text("no cohort")
    expect(rows).to_have_count(1)  # the table with its filter is left alone
    assert view(page, "screen('p0')") == at


def test_all_rows_of_a_long_table_are_reached_without_script(crowd: str, browser):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{crowd}&lang=en")
    page.get_by_role("link", name="All 300 rows").click()
    page.wait_for_url("**/paper**")
    assert page.locator("tbody tr").count() == 300
    context.close()


def test_without_script_the_same_is_done_by_links_and_forms(district, browser):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{district}/network?person=T001&depth=1&lang=en")
    rows = page.locator("#people tbody tr").count()
    page.locator("#people a[href*='expand=']").first.click()
    page.wait_for_url("**expand=**")
    assert page.locator("#people tbody tr").count() > rows
    page.select_option("select[name=depth]", "0")
    page.locator("button.apply").click()
    page.wait_for_url("**depth=0**")
    assert "expand=" in page.url
    assert "depth=0" in page.url
    context.close()


SCENES = (
    "/network",
    "/network?person=T001&depth=2",
    "/network?unit=U05&depth=1&layout=units",
    "/network?person=T001&depth=1&layout=time&only_cohort=2015",
    "/network/views",
    "/network/paper?person=T001&depth=1",
    "/connection?a=T001&b=T020",
    "/lineage?person=T001",
)


@pytest.mark.parametrize("path", SCENES)
def test_no_serious_accessibility_fault(district, open_page, axe, path: str):
    page = open_page(f"{district}{path}", lang="en")
    if "?" in path and "paper" not in path:
        picture(page)
    assert axe(page) == []


def test_no_serious_accessibility_fault_in_menu_filters_and_tour(district, open_page, axe):
    page = open_page(f"{district}/network?person=T001&depth=1", lang="en")
    picture(page).focus()
    page.keyboard.press("m")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.locator(".filters > summary").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.locator("#tour").click()
    assert axe(page) == []
