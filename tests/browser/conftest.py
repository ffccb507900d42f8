"""A real Chromium before a real server on a free port.

Every page of every test fails the test when it asks another host, writes an error to the console,
throws, or opens a dialogue. A missing Chromium is a failure: `make browser` installs it.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import load
from webapp import create_app
from webapp.serving import server as serving

ROOT = Path(__file__).resolve().parents[2]
SHIFENG = ROOT / "examples" / "shifeng"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Find the installed browser; without a window's own parts it takes a third of the time."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("No Chromium is installed. Type: make browser")


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def served(store: Store, below: str = "") -> Iterator[str]:
    """Serve the application on a free port of this machine, below a path; give its address."""
    with tempfile.TemporaryDirectory() as folder:
        # What belongs to a store, its jobs and uploads, lies in a folder of this run's own.
        settings = Settings(secret_key="browser tests", store_url=f"embedded:{folder}/graph.kgl")
        app = create_app(settings, store)
        if below:
            below_it = DispatcherMiddleware(NotFound(), {below: app.wsgi_app})
            app.wsgi_app = below_it  # type: ignore[method-assign]
        server = serving.create(app, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}{below}"
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(timeout=10)


@contextmanager
def district_store(folder: Path) -> Iterator[Store]:
    """Open a new graph that holds the reference district."""
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, SHIFENG)
        yield store


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an application with the reference district."""
    with district_store(tmp_path_factory.mktemp("district")) as store, served(store) as address:
        yield address


@pytest.fixture
def serve(embedded_store: Store) -> Iterator[Callable[[], str]]:
    """Serve the test's own graph: fill `embedded_store`, then call this for the address."""
    opened = []

    def begin() -> str:
        context = served(embedded_store)
        opened.append(context)
        return context.__enter__()

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


class Watch:
    """Notes what a page must never do."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected_status: set[int] = set()

    def follow(self, context: BrowserContext) -> None:
        """Follow every page of a context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"thrown: {error.error}"))
        context.on("dialog", self._dialog)

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.faults.append(f"asked another host: {request.url}")

    def _console(self, message) -> None:
        if message.type != "error":
            return
        expected = any(f"status of {status} " in message.text for status in self.expected_status)
        if not expected:
            self.faults.append(f"console: {message.text}")

    def _dialog(self, dialog) -> None:
        self.faults.append(f"dialogue: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of this test did wrong; `expected_status` allows an error page."""
    watch = Watch()
    yield watch
    assert watch.faults == []


_TABLES_STAND = """() => [...document.querySelectorAll('[data-table]')].every((place) =>
  place.dataset.built !== undefined || place.querySelectorAll('tbody tr').length < 8)"""


def tables_stand(page: Page) -> None:
    """Wait until long tables took the place of the plain ones, which a click could have in hand."""
    page.wait_for_function(_TABLES_STAND)


_AT_REST = """() => {
  const { network } = document.querySelector('#picture').view;
  const seen = [network.getScale(), network.getViewPosition(), network.getPositions()];
  const now = JSON.stringify(seen);
  const times = window.seenAtRest?.now === now ? window.seenAtRest.times + 1 : 0;
  window.seenAtRest = { now, times };
  return times >= 5;
}"""


def at_rest(page: Page) -> None:
    """Wait until nothing glides in the picture: six frames in a row show the same."""
    page.wait_for_function(_AT_REST)


def laid_out(page: Page, frames: int = 10) -> None:
    """Wait until so many frames were drawn: what follows a change of size has happened by then."""
    page.evaluate(
        "left => new Promise((done) => { const next = () => (left-- ? "
        "requestAnimationFrame(next) : done()); next(); })",
        frames,
    )


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page: `open_page(address, lang="en", viewport=PHONE)`."""
    contexts = []

    def begin(address: str, *, lang: str = "zh_Hans", viewport: ViewportSize = LAPTOP) -> Page:
        context = browser.new_context(
            viewport=viewport, locale="en-GB" if lang == "en" else "zh-CN"
        )
        contexts.append(context)
        host = urlsplit(address)
        context.add_cookies(
            [{"name": "lang", "value": lang, "url": f"{host.scheme}://{host.netloc}"}]
        )
        watch.follow(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(address)
        tables_stand(page)
        return page

    yield begin
    for context in contexts:
        context.close()


AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Check the page as it stands: `axe(page)` gives a line for each serious or critical finding.

    A colour that fades in is measured on its way, so the page's animations are finished first.
    """

    def findings(page: Page) -> list[str]:
        page.wait_for_load_state("networkidle")
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['impact']} {violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return findings
