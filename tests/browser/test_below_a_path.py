"""The application below a path, as behind a proxy: libraries load, searches and cards work."""

import re

import pytest

from tests.browser.conftest import district_store, served
from tests.browser.test_tasks import picture

pytestmark = pytest.mark.browser

BELOW = "/office/net"


@pytest.fixture(scope="module")
def below(tmp_path_factory):
    """The address of the district where nothing is served outside of the path."""
    with district_store(tmp_path_factory.mktemp("below")) as store, served(store, BELOW) as address:
        yield address


@pytest.mark.parametrize(
    ("path", "drawn"),
    [
        ("/people", ".people-lines svg"),
        ("/people/T001", ".time-lanes a"),
        ("/network?person=T001&depth=2", ".vis-network canvas"),
        ("/careers/flows?level=rank", "svg path"),
        ("/careers/compare?person=T001&person=T004", "svg .bar"),
        ("/programme", "main h3"),
        ("/plans", "main"),
        ("/enter/people/T001", "form input"),
    ],
)
def test_page_draws_below_a_path(below, open_page, path: str, drawn: str):
    page = open_page(f"{below}{path}")
    page.wait_for_selector(drawn, state="attached")
    page.wait_for_load_state("networkidle")


def test_search_and_card_and_links_stay_below_the_path(below, open_page):
    page = open_page(f"{below}/people/T001")
    with page.expect_response(re.compile(rf"{BELOW}/api/cards/")) as card:
        page.locator("main a[data-card]").first.hover()
    assert card.value.ok
    page.locator("#search").fill("zhang")
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile(rf"{BELOW}/(people|units|posts)/"))


def test_all_rows_of_a_long_table_lead_below_the_path(below, open_page):
    page = open_page(f"{below}/network?cohort=2019&cohort=2020&cohort=2021&depth=2")
    page.wait_for_selector(".tabulator-row")
    hrefs = page.eval_on_selector_all(".tabulator-row a", "all => all.map((each) => each.pathname)")
    assert hrefs
    assert all(href.startswith(f"{BELOW}/") for href in hrefs)


def test_tie_is_corrected_and_leads_back_below_the_path(below, open_page):
    page = open_page(f"{below}/network?person=T001&depth=1", lang="en")
    picture(page).evaluate(
        """({ view }) => view.network.body.emitter.emit('click', {
          nodes: [], edges: [view.edges.get().find((edge) => edge.said?.length).id],
        })"""
    )
    page.locator("#card .source a").first.click()
    page.wait_for_url(re.compile(rf"{BELOW}/enter/mentoring/"))
    back = page.locator("input[name=next]").first.input_value()
    assert back.startswith(f"{BELOW}/network?person=T001")
