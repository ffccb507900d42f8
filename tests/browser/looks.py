"""What the eye finds wrong on a page in Chromium, at the sizes that the design is judged at."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import LAPTOP, PHONE, Watch, tables_stand

LOOK = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
DESK: ViewportSize = {"width": 1920, "height": 1080}
SIZES = {"laptop": LAPTOP, "desk": DESK, "phone": PHONE}
LANGUAGES = ("zh_Hans", "en")
# Each place opens with everybody in one picture; on a phone lines of two rows stand for it.
PICTURES = {
    "/": ".everybody-here",
    "/network": ".box > .mentor-board",
    "/careers": ".path-lines",
    "/plans": ".gantt-table",
}
# 46 lines of 12 px and two rows of English chips are more than 768 px: here the picture begins on
# the first screen, and ends on that of the desk.
TALL = ("/careers", "laptop", "en")
OTHERS = (
    "/people",
    "/people/T001",
    "/programme/vacancies/P22",
    "/plans/plan-1",
    "/programme/duties",
    "/units/U09",
    "/posts/P36",
)
# What moves by itself after the page was drawn, as the browser reckons it.
SHIFTS = """window.shifted = 0; window.shiftedParts = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) {
    if (each.hadRecentInput) continue;
    window.shifted += each.value;
    for (const { node } of each.sources)
      window.shiftedParts.push(node?.className || node?.nodeName);
  }
}).observe({ type: "layout-shift", buffered: true });"""


def looked_at(browser: Browser, watch: Watch) -> BrowserContext:
    """Make the one context in which pages are looked at."""
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(SHIFTS)
    watch.follow(context)
    return context


def open_at(page: Page, address: str, size: str, lang: str) -> None:
    """Open a page at a size in a language, and wait until it stands."""
    host = urlsplit(address)
    cookie = {"name": "lang", "value": lang, "url": f"{host.scheme}://{host.netloc}"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SIZES[size])
    page.goto(address)
    tables_stand(page)
    page.wait_for_load_state("networkidle")


def faults(page: Page, path: str, size: str, lang: str) -> list[str]:
    """Say what is too small, cropped, overlapping or off the first screen of an open page."""
    asked = {
        "isPlace": path in PICTURES,
        "picture": None if size == "phone" else PICTURES.get(path),
        "isTall": (path, size, lang) == TALL,
    }
    return page.evaluate(LOOK, asked)
