"""The places open with everybody: one picture on the first screen, nothing cropped or too small."""

import pytest

PLACES = {
    "/network": (".mentor-board", "a.to-person", 59),
    "/careers": (".path-lines", "g.line", 46),
    "/plans": (".gantt-table", "th[scope=row]", 27),
}
SMALLEST = 10.5  # px, as drawn


@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_place_opens_with_everybody(district, open_page, lang: str, place: str):
    picture, mark, count = PLACES[place]
    page = open_page(f"{district}{place}", lang=lang)
    assert page.locator(f"{picture} {mark}").count() == count
    box = page.locator(picture).first.bounding_box()
    assert box and box["y"] < 220, "the picture begins on the first screen"
    assert page.locator(".heading .primary").count() <= 1
    assert page.locator(".heading .actions > *").count() <= 3
    drawn = page.evaluate(
        """(picture) => [...document.querySelectorAll(`${picture} text`)].map((text) => {
          const scale = text.ownerSVGElement.getScreenCTM().a;
          return parseFloat(getComputedStyle(text).fontSize) * scale;
        })""",
        picture,
    )
    assert min(drawn) >= SMALLEST
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wide, "nothing is cropped at the side"


def test_click_holds_a_line_and_a_second_compares(district, open_page):
    page = open_page(f"{district}/careers", lang="en")
    page.locator("g.line a[href*='hold=T002']").click()
    assert page.locator("g.line.held").count() == 1
    page.locator("g.line a[href*='compare']").first.click()
    assert "/careers/compare" in page.url


def test_click_opens_a_card_that_leads_to_the_network(district, open_page):
    page = open_page(f"{district}/network", lang="en")
    page.locator("svg.mentor-board a[href*='card=T038'] circle").click()
    assert page.locator(".open-card").get_by_text("孟承远").count() == 1
    assert page.evaluate("window.scrollY") == 0, "the page stays where it is"
    page.locator(".open-card").get_by_role("link", name="Look from here").click()
    assert "/network?person=T038" in page.url
