"""The frame of every page in a browser: the time bar, the scope, the bottom bar of a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE


@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_the_frame_leads_to_another_day_and_another_scope(district, open_page, axe, lang: str):
    page = open_page(f"{district}/programme/stages", lang=lang)
    assert page.locator("header.shell").bounding_box()["height"] == 48
    assert page.locator("nav.places").bounding_box()["width"] == 104
    bar = page.locator(".timebar .begun")
    expect(bar).to_have_attribute("role", "slider")
    bar.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "PageDown"):
        page.keyboard.press(key)
    expect(bar).to_have_attribute("aria-valuetext", "2023-05-31")
    page.keyboard.press("Escape")
    expect(bar).to_have_attribute("aria-valuetext", "2024-06-30")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**on=2023-06-30**")
    expect(page.locator("header.shell.other .timebar summary")).to_contain_text("2023-06-30")
    place = bar.bounding_box()
    page.mouse.move(place["x"] + 10, place["y"] + 10)
    page.mouse.down()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 10)
    page.mouse.up()
    page.wait_for_url(re.compile(r"on=201\d-\d\d-(28|29|30|31)"))
    page.locator(".timebar summary").click()
    page.locator(".timebar .today").click()
    page.wait_for_url(lambda url: "on=" not in url)
    page.locator(".scope summary").press("Enter")
    page.locator(".scope").get_by_text("龙山镇", exact=True).click()
    page.wait_for_url("**in=unit%3AU08**")
    expect(page.locator(".scope summary")).to_contain_text("龙山镇")
    page.locator(".scope summary").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".scope[open]")).to_have_count(0)


def test_a_phone_has_its_places_below(district, open_page):
    page = open_page(f"{district}/people?on=2023-06-30", viewport=PHONE)
    bar = page.locator("nav.places").bounding_box()
    assert bar["y"] + bar["height"] == PHONE["height"]
    expect(page.locator("nav.places > :visible")).to_have_count(5)
    expect(page.locator(".shell > :visible")).to_have_count(3)  # search, day, menu
    page.locator(".places .more summary").click()
    page.locator(".places .more a[href*='/plans']").click()
    page.wait_for_url("**/plans?on=2023-06-30**")
    page.locator(".shell .phone-only summary").click()
    page.locator(".shell .phone-only a[href*='/scope']").click()
    page.locator(".scopes a", has_text="2019").click()
    page.wait_for_url("**/plans?on=2023-06-30&in=cohort%3A2019")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
