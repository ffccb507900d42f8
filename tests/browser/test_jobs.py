"""A load on the data page: its page follows it to the end by itself, with script and without."""

from importlib import import_module

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_tasks import LANGUAGES

PEOPLE = "id,name\n" + "".join(f"p{number:05},某人\n" for number in range(25_000))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch):
    """Show the page of a job before the job has ended, however quick it is."""
    monkeypatch.setattr(import_module("webapp.data.pages"), "QUICK_SECONDS", 0)


def upload(page, folder):
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    page.set_input_files("#files", folder / "people.csv")
    page.locator("form[action='/data/check'] button").click()
    page.locator("form[action='/data/load'] button").click()


@LANGUAGES
def test_page_of_a_load_ends_with_its_result(serve, open_page, at_once, lang: str, tmp_path):
    page = open_page(f"{serve()}/data", lang=lang)
    upload(page, tmp_path)
    expect(page.locator(".state.blue")).to_be_visible()
    expect(page.locator(".state.green")).to_be_visible(timeout=60_000)
    expect(page.locator("tr[data-name=people] .number")).to_have_text("25000 / 25000")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".state.green")).to_be_visible()


def test_page_of_a_load_renews_itself_without_script(serve, browser: Browser, at_once, tmp_path):
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{serve()}/data?lang=en")
        upload(page, tmp_path)
        expect(page.locator(".state.green")).to_be_visible(timeout=60_000)
    finally:
        context.close()
