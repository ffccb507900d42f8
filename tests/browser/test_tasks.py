"""The tasks that people come for, done by hand in a browser, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, laid_out

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])


def picture(page: Page):
    """Wait until the network is drawn."""
    place = page.locator("#picture[data-ready]")
    expect(place).to_be_visible()
    return place


def selected(page: Page):
    return picture(page).evaluate("place => place.view.selected()")


def shown(page: Page) -> set[str]:
    return set(picture(page).evaluate("place => place.view.shown()"))


@LANGUAGES
def test_search_by_pinyin_opens_the_person(district, open_page, lang: str):
    page = open_page(district, lang=lang)
    page.keyboard.press("/")
    with page.expect_response(lambda answer: "q=zhangzhiying&" in answer.url) as answered:
        page.keyboard.type("zhangzhiying", delay=15)
    answered.value.finished()
    laid_out(page)  # the list of the last key is drawn
    option = page.locator(".completion [role=option]").first
    expect(option).to_contain_text("张志映")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("张志映")
    expect(page.locator(".time-lanes a").first).to_be_visible()


@LANGUAGES
def test_namesakes_are_told_apart_by_more_than_their_name(district, open_page, lang: str):
    page = open_page(f"{district}/search?q=%E7%8E%8B%E4%BC%9F", lang=lang)  # 王伟
    lines = page.locator("main").get_by_text("王伟").locator("xpath=ancestor::li").all_inner_texts()
    assert len(lines) >= 2
    assert len(set(lines)) == len(lines)


@LANGUAGES
def test_from_a_person_to_the_network_and_on_to_a_neighbour(district, open_page, lang: str):
    page = open_page(f"{district}/people/T001", lang=lang)
    page.locator(".actions .menu > summary").last.click()
    page.locator(".actions a[href*='/network']").click()
    place = picture(page)
    assert selected(page) == "T001"
    mentor = place.evaluate("place => place.view.network.getConnectedNodes('T001', 'from')[0]")
    at = place.evaluate("(place, id) => place.view.screen(id)", mentor)
    place.click(position={"x": at["x"], "y": at["y"]})
    assert selected(page) == mentor
    name = page.locator("#card h2").inner_text()
    expect(page.locator("#people tr.chosen, #people .tabulator-row.chosen").first).to_contain_text(
        name
    )
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


@LANGUAGES
def test_who_is_on_another_page_is_found_while_typing(district, open_page, lang: str):
    page = open_page(f"{district}/people", lang=lang)
    expect(page.get_by_role("link", name="黄强伟")).to_have_count(0)  # the last of all by id
    page.locator("form[data-live] input[name=text]").press_sequentially("hqw", delay=15)
    expect(page.locator(".people-lines tbody tr")).to_have_count(1)
    expect(page.locator(".people-lines")).to_contain_text("黄强伟")
    assert "text=hqw" in page.url
    page.reload()
    expect(page.locator(".people-lines tbody tr")).to_have_count(1)


def test_row_of_the_table_selects_the_mark(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=2")
    picture(page)
    row = page.locator("#people .tabulator-row").nth(3)
    card = row.locator("a[data-card^='people/']").first.get_attribute("data-card")
    for _ in range(20):  # a busy machine joins table and picture a moment after both are drawn
        row.locator(".tabulator-cell").nth(1).click()
        if f"people/{selected(page)}" == card:
            break
        laid_out(page)
    assert f"people/{selected(page)}" == card
    assert f"selected={selected(page)}" in page.url


def test_network_is_walked_by_keyboard(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=2")
    place = picture(page)
    place.focus()
    page.keyboard.press("ArrowUp")
    mentor = selected(page)
    assert mentor in place.evaluate("place => place.view.network.getConnectedNodes('T001', 'from')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{mentor}")


def test_key_e_shows_more_and_back_shows_less(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    before = shown(page)
    picture(page).focus()
    page.keyboard.press("ArrowUp")
    mentor = selected(page)
    page.keyboard.press("e")
    page.wait_for_url(f"**expand={mentor}**")
    page.wait_for_function(
        "n => document.querySelector('#picture').view.shown().length > n", arg=len(before)
    )
    assert before < shown(page)
    assert selected(page) == mentor
    page.go_back()
    page.wait_for_url(lambda url: "expand" not in url)
    page.wait_for_function(
        "n => document.querySelector('#picture').view.shown().length === n", arg=len(before)
    )
    assert shown(page) == before


def test_depth_and_direction_change_the_view_and_the_address(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    few = shown(page)
    page.select_option("select[name=depth]", "3")
    page.wait_for_url("**depth=3**")
    assert few < shown(page)
    page.select_option("select[name=direction]", "up")
    page.wait_for_url("**direction=up**")
    upwards = shown(page)
    assert "T001" in upwards
    again = open_page(page.url)
    assert shown(again) == upwards


def test_legend_hides_and_shows_and_says_how_many(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=2")
    everybody = shown(page)
    button = page.locator(".legend [data-filter='role:mentor']")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    hidden = everybody - shown(page)
    assert hidden
    expect(page.locator("#filtered")).to_contain_text(str(len(hidden)))
    again = open_page(page.url)  # the address holds what is hidden
    assert shown(again) == everybody - hidden
    button.click()
    assert shown(page) == everybody


def test_tie_that_is_clicked_says_its_sentence(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    place = picture(page)
    middle = place.evaluate(
        """place => {
          const [one, other] = ['T001', place.view.network.getConnectedNodes('T001', 'from')[0]]
            .map((id) => place.view.screen(id));
          return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
        }"""
    )
    place.click(position=middle)
    expect(page.locator("#card p").first).to_contain_text("张志映")
    expect(page.locator("#card p").first).to_contain_text(re.compile(r"\d{4}年"))


def test_second_person_is_added_by_name(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=1")
    picture(page)
    page.fill("#add", "T005")
    page.keyboard.press("Enter")
    page.wait_for_url("**person=T005**")
    assert {"T001", "T005"} <= shown(page)
    page.locator(".controls .chip a").first.click()
    page.wait_for_url(lambda url: "T001" not in url)


def test_language_is_switched_and_kept(district, open_page):
    page = open_page(f"{district}/network?person=T001&depth=2")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator(".languages a[lang=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "depth=2" in page.url
    expect(page.locator("h1")).to_have_text("Who mentors whom around 张志映?")
    page.goto(f"{district}/people")
    expect(page.locator("h1")).to_have_text("Who is in the programme?")


@LANGUAGES
def test_wrong_file_is_refused_with_its_problems(district, open_page, lang: str, tmp_path):
    wrong = tmp_path / "people.csv"
    wrong.write_text("id,name,joined_on\np1,李娜,2017.13.01\n,王伟,\n", encoding="utf-8")
    page = open_page(f"{district}/data", lang=lang)
    page.set_input_files("input[type=file]", wrong)
    page.locator("form[enctype] button.primary, form[enctype] button").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("2017.13.01")
    expect(main).to_contain_text("people.csv")
    expect(main).to_contain_text("joined_on")
    page.goto(f"{district}/people/T001")
    expect(page.locator("h1")).to_have_text("张志映")  # what was stored is still there


UNKNOWN = ("/people/NOPE", "/network?person=NOPE", "/units/NOPE", "/posts/NOPE")


@pytest.mark.parametrize("path", UNKNOWN)
def test_unknown_id_offers_a_search(district, open_page, watch, path: str):
    watch.expected_status.add(404)
    page = open_page(f"{district}{path}")
    box = page.locator("main input[type=search]")
    box.fill("zhangzhiying")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("张志映")


@LANGUAGES
@pytest.mark.parametrize("path", ["/people/T020", "/units/U05", "/posts/P36", "/people"])
def test_page_can_be_read_on_a_phone(district, open_page, lang: str, path: str):
    page = open_page(f"{district}{path}", lang=lang, viewport=PHONE)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_network_on_a_phone_says_that_it_wants_more(district, open_page):
    page = open_page(f"{district}/network?person=T001", viewport=PHONE)
    picture(page)
    expect(page.locator(".small-screen")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
