"""Connecting two people and reading a lineage, done by hand in a browser, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, at_rest
from tests.browser.test_tasks import LANGUAGES, picture, shown
from tests.small_graph import put_tree


@LANGUAGES
def test_two_people_are_connected_by_name(district, open_page, lang: str):
    page = open_page(f"{district}/connection", lang=lang)
    for box, pinyin, name in (("a", "zhangzhiying", "张志映"), ("b", "guoyumu", "郭雨沐")):
        field = page.locator(f"input#{box}")
        field.fill(pinyin)
        option = page.locator(f"#{box}-list [role=option]").first
        expect(option).to_contain_text(name)
        field.press("ArrowDown")
        field.press("Enter")
        expect(field).to_have_value(name)
    page.locator("form.connection button.primary").click()
    page.wait_for_url(re.compile(r"a=T001&b=T020"))
    expect(page.locator(".way").first.locator("li").first).to_contain_text("张志映")
    assert {"T001", "T020"} <= shown(page)


def test_way_that_is_chosen_is_lit_in_the_picture(district, open_page):
    page = open_page(f"{district}/connection?a=T001&b=T020&ties=mentoring&ties=unit&k=3")
    place = picture(page)
    buttons = page.locator("[data-light]")
    expect(buttons.first).to_have_attribute("aria-pressed", "true")
    first = set(place.evaluate("place => place.view.lit()"))
    buttons.nth(2).click()
    expect(buttons.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(buttons.first).to_have_attribute("aria-pressed", "false")
    third = set(place.evaluate("place => place.view.lit()"))
    assert first != third
    assert {"T001", "T020"} <= first & third
    assert third <= shown(page)


@LANGUAGES
def test_generation_is_opened_and_closed(district, open_page, lang: str):
    page = open_page(f"{district}/lineage?person=M001&open=1", lang=lang)
    before = shown(page)
    page.locator("#bands tr, #bands .tabulator-row").last.locator("a").last.click()
    page.wait_for_url(re.compile("open=1&open=4"))
    assert before < shown(page)


def test_lineage_of_56_generations_and_141_students_stays_legible(serve, embedded_store, open_page):
    line = [(f"n{n:02}", f"n{n + 1:02}") for n in range(56)]
    put_tree(embedded_store, [*line, *(("n02", f"s{n:03}") for n in range(140))])
    page = open_page(f"{serve()}/lineage?person=n00&open=3&open=56&lang=en")
    place = picture(page)
    assert len(shown(page)) == 116  # the line of 57, and 59 of the 140 beside it
    page.locator("[data-zoom=fit]").click()
    at_rest(page)
    overlaps = place.evaluate(
        """place => {
          const labels = place.view.labels();
          const found = [];
          labels.forEach((a, at) => labels.slice(at + 1).forEach((b) => {
            if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
              found.push([a.id, b.id]);
          }));
          return [labels.length, found];
        }"""
    )
    assert overlaps[0] > 100
    assert overlaps[1] == []


@pytest.mark.parametrize("path", ["/connection?a=T001&b=T020&k=3", "/lineage?person=T001"])
def test_both_pages_can_be_read_on_a_phone(district, open_page, path: str):
    page = open_page(f"{district}{path}", viewport=PHONE)
    picture(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
