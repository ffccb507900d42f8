"""An officer's Monday on the programme's pages: what is red, who could help, what is due."""

import re

import pytest
from playwright.sync_api import expect

from loaders.load import load
from tests.browser.conftest import PHONE, SHIFENG

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])
OVER = "document.documentElement.scrollWidth - innerWidth"
PAGES = (
    "/programme",
    "/programme/audit",
    "/programme/stages",
    "/programme/mentors",
    "/programme/exercises",
    "/programme/duties",
    "/programme/vacancies/P22",
    "/programme/units/U04",
    "/programme/wording",
    "/programme/people/T039",
    "/programme/report",
)


@LANGUAGES
def test_from_a_red_count_to_who_could_be_asked(district, open_page, lang: str):
    page = open_page(f"{district}/programme", lang=lang)
    page.locator("a[href*='/programme/audit?level=red']").first.click()
    rows = page.locator("[data-table=audit] .tabulator-row")
    expect(rows.first).to_be_visible()
    count = int(re.search(r"\d+", page.locator(".answer .state.red").inner_text())[0])
    expect(rows).to_have_count(count)
    page.locator(".programme-tabs a[href*='/programme/stages']").first.click()
    page.locator(".programme-tabs a[href*='/programme/mentors']").first.click()
    expect(page.locator(".reasons li a.to-person").first).to_be_visible()


@pytest.mark.parametrize(
    "path", [*PAGES, "/programme/todo", "/programme/mentors/M004", "/programme/training"]
)
def test_a_page_of_the_programme_is_accessible_and_fits_its_screen(
    district, open_page, axe, path: str
):
    page = open_page(f"{district}{path}")
    assert axe(page) == []
    assert page.evaluate(OVER) <= 0


@pytest.mark.parametrize(
    "path", ["/enter", "/enter/records", "/enter/people/T039", "/enter/attendance/of/A001"]
)
def test_a_form_is_accessible(district, open_page, axe, path: str):
    assert axe(open_page(f"{district}{path}")) == []


@LANGUAGES
def test_the_offices_own_words_are_edited_in_the_browser(
    serve, embedded_store, open_page, watch, lang: str
):
    watch.expected_status = {409}
    load(embedded_store, SHIFENG)
    address = serve()
    one = open_page(f"{address}/programme/mentors", lang=lang)
    one.locator("a[href$='/programme/wording']").click()
    two = open_page(f"{address}/programme/wording", lang=lang)
    for page, words, by in ((one, "走遍全镇", "甲"), (two, "走遍全区", "乙")):
        page.locator("[name='growth_tasks.1.zh']").fill(words)
        page.locator("[name='growth_tasks.1.en']").fill(words)
        page.locator("[name=by]").fill(by)
        page.locator("button[value=save]").click()
    expect(one.locator(".message.green")).to_be_visible()
    expect(two.locator(".theirs")).to_contain_text("走遍全镇")
    expect(two.locator("[name='growth_tasks.1.zh']")).to_have_value("走遍全区")
    two.locator("button[value=save]").click()
    expect(two.locator(".changes > li")).to_have_count(2)
    two.goto(f"{address}/programme/mentors")
    expect(two.locator("main")).to_contain_text("走遍全区")


@LANGUAGES
def test_the_portrait_is_drawn_beside_its_figures(district, open_page, lang: str):
    page = open_page(f"{district}/programme/people/T009", lang=lang)
    chart = page.locator("[data-chart=radar]")
    expect(chart.locator("svg")).to_be_visible()
    figures = page.locator("section", has=page.locator("td.number")).first
    expect(figures).to_be_visible()
    expect(chart).to_contain_text(re.compile(r"[1-9]/\d"))


def test_the_calendar_of_talks_is_drawn(district, open_page):
    page = open_page(f"{district}/programme/duties?duty=village_talk")
    expect(page.locator("[data-chart=calendar] svg")).to_be_visible()


def test_another_day_is_kept_from_page_to_page(district, open_page):
    page = open_page(f"{district}/programme?on=2023-01-31&unit=U08")
    expect(page.locator("#day")).to_have_value("2023-01-31")
    page.locator(".programme-tabs a[href*='/programme/stages']").first.click()
    expect(page.locator("#day")).to_have_value("2023-01-31")
    unit = page.locator(".chip[data-removes]")
    expect(unit).to_contain_text("龙山镇")
    unit.click()
    page.wait_for_url(lambda url: "on=2023-01-31" in url and "unit=" not in url)


def test_picks_stay_in_the_address_and_what_is_compared_is_a_link(district, open_page):
    page = open_page(f"{district}/programme/vacancies/P22?off=wish", lang="en")
    compare = page.get_by_role("button", name="Side by side")
    expect(compare).to_be_disabled()
    stars = page.locator(".star input")
    picked = [stars.nth(at).get_attribute("value") for at in (1, 3)]
    for at in (1, 3):
        stars.nth(at).check()
    expect(page.get_by_text("2 picked")).to_be_visible()
    page.reload()
    expect(page.locator(".star input:checked")).to_have_count(2)
    page.locator(".controls .chip", has_text="Specialty").or_(
        page.locator(".controls .chip", has_text="Months in the rank")
    ).first.click()  # what is compared keeps who is picked
    expect(page.locator(".star input:checked")).to_have_count(2)
    page.locator(".languages a", has_text="中文").click()
    expect(page.locator(".star input:checked")).to_have_count(2)
    page.get_by_role("button", name="并排比较").click()
    for person in picked:
        assert f"person={person}" in page.url


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(district, open_page, path: str):
    page = open_page(f"{district}{path}", viewport=PHONE)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(OVER) <= 0


@LANGUAGES
def test_the_report_prints_on_one_sheet_without_the_shell(district, open_page, lang: str):
    page = open_page(f"{district}/programme/report", lang=lang)
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) == 1
    page.emulate_media(media="print")
    expect(page.locator("nav.places")).to_be_hidden()
    expect(page.locator(".segmented").first).to_be_hidden()
    expect(page.locator("table.report")).to_be_visible()
