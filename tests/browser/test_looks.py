"""What pages owe the eye: letters that can be read, dates that are whole, parts without a fault."""

import pytest

pytestmark = pytest.mark.browser

SMALLEST = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const of = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !of.checkVisibility()) continue;
    if (of.closest('.hidden, script, style, noscript, title')) continue;
    const scale = of.ownerSVGElement?.getScreenCTM()?.a ?? 1;
    const size = parseFloat(getComputedStyle(of).fontSize) * scale;
    const isAxis = of.ownerSVGElement || size === 10.5;
    if (size < (isAxis ? 10.4 : 11)) found.push([texts.currentNode.textContent, size]);
  }
  return found;
}"""
CUT_DATES = """() => [...document.querySelectorAll('td, .tabulator-cell')]
  .filter((cell) => cell.checkVisibility() && /\\d{4}-\\d\\d-\\d\\d$/.test(cell.textContent.trim()))
  .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
  .map((cell) => cell.textContent.trim())"""
PAGES = (
    "/",
    "/people",
    "/people/T001",
    "/network",
    "/network?person=T001&depth=2",
    "/careers",
    "/plans",
    "/programme/todo",
    "/programme/duties",
    "/about/parts",
)


@pytest.mark.parametrize("dark", [False, True])
def test_style_guide_has_no_finding_of_axe(district, open_page, axe, dark: bool):
    page = open_page(f"{district}/about/parts", lang="en")
    page.emulate_media(color_scheme="dark" if dark else "light")
    assert axe(page) == []


def test_letters_can_be_read_and_dates_are_whole(district, open_page):
    for path in PAGES:
        page = open_page(f"{district}{path}", lang="zh_Hans")
        assert page.evaluate(SMALLEST) == [], path
        assert page.evaluate(CUT_DATES) == [], path
