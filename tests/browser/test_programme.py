"""An officer's Monday on the programme's pages: what is red, who could help, what is due."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])
PAGES = (
    "/programme",
    "/programme/audit",
    "/programme/stages",
    "/programme/mentors",
    "/programme/exercises",
    "/programme/duties",
    "/programme/vacancies/P22",
    "/programme/people/T039",
    "/programme/report",
)


@LANGUAGES
def test_from_a_red_count_to_who_could_be_asked(district, open_page, lang: str):
    page = open_page(district, lang=lang)
    page.locator("a[href*='/programme/audit?level=red']").first.click()
    rows = page.locator("[data-table=audit] .tabulator-row")
    expect(rows.first).to_be_visible()
    count = int(re.search(r"\d+", page.locator(".answer .state.red").inner_text())[0])
    expect(rows).to_have_count(count)
    page.locator(".tabs a[href*='/programme/mentors']").click()
    expect(page.locator(".reasons li a.to-person").first).to_be_visible()


@LANGUAGES
def test_the_portrait_is_drawn_beside_its_figures(district, open_page, lang: str):
    page = open_page(f"{district}/programme/people/T009", lang=lang)
    chart = page.locator("[data-chart=radar]")
    expect(chart.locator("svg")).to_be_visible()
    figures = page.locator("section", has=page.locator("td.number")).first
    expect(figures).to_be_visible()
    expect(chart).to_contain_text("6/6")


def test_the_calendar_of_talks_is_drawn(district, open_page):
    page = open_page(f"{district}/programme/duties?duty=village_talk")
    expect(page.locator("[data-chart=calendar] svg")).to_be_visible()


def test_another_day_is_kept_from_page_to_page(district, open_page):
    page = open_page(f"{district}/programme?on=2023-01-31&unit=U08")
    expect(page.locator("input[name=on]")).to_have_value("2023-01-31")
    page.locator(".tabs a[href*='/programme/stages']").click()
    expect(page.locator("input[name=on]")).to_have_value("2023-01-31")
    expect(page.locator("select[name=unit]")).to_have_value("U08")


def test_a_switched_off_priority_changes_the_reasons(district, open_page):
    page = open_page(f"{district}/programme/vacancies/P22", lang="en")
    reason = page.locator(".reasons", has_text="First for vacancies")
    expect(reason.first).to_be_visible()
    page.locator("input[value=vacancy]").uncheck()
    page.get_by_role("button", name="Rank again").click()
    expect(page.locator("input[value=vacancy]")).not_to_be_checked()
    expect(reason).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_its_screen(district, open_page, path: str):
    for viewport in (None, PHONE):
        page = open_page(f"{district}{path}", viewport=viewport)
        page.wait_for_load_state("networkidle")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (path, viewport)


@LANGUAGES
def test_the_report_prints_on_one_sheet_without_the_shell(district, open_page, lang: str):
    page = open_page(f"{district}/programme/report", lang=lang)
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) == 1
    page.emulate_media(media="print")
    expect(page.locator("nav.places")).to_be_hidden()
    expect(page.locator(".tabs").first).to_be_hidden()
    expect(page.locator("table.report")).to_be_visible()
