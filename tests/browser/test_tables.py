"""Long tables as a person handles them: their rows stay in place, their columns follow the page."""

from playwright.sync_api import Page

from tests.browser.conftest import laid_out, tables_stand

ROW = "#widest .tabulator-row"


def width(page: Page) -> float:
    """Return how wide the cells of the first row are together."""
    return page.locator(ROW).first.evaluate(
        "row => [...row.querySelectorAll('.tabulator-cell')]"
        ".reduce((sum, cell) => sum + cell.getBoundingClientRect().width, 0)"
    )


def place(page: Page) -> float:
    return page.locator("#widest .tabulator").evaluate("table => table.clientWidth")


def begun_with(page: Page, style: str, value: str) -> None:
    """Open the page again with the table's part styled before any script runs."""
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        f"document.querySelector('#widest').style.{style} = '{value}' }})"
    )
    page.reload()
    tables_stand(page)


def test_rows_stay_when_the_table_comes_into_view(district, open_page):
    page = open_page(f"{district}/network", lang="en")
    begun_with(page, "marginTop", "3000px")
    laid_out(page)
    page.evaluate(
        "new MutationObserver(changes => { window.taken = changes.length })"
        ".observe(document.querySelector('#widest .tabulator-table'), { childList: true })"
    )
    page.locator(ROW).first.scroll_into_view_if_needed()
    laid_out(page)
    assert not page.evaluate("window.taken")  # or a click that began on a row would be lost


def test_columns_follow_the_width_of_the_page(district, open_page):
    page = open_page(f"{district}/network", lang="en")
    assert abs(width(page) - place(page)) < 24
    before = place(page)
    page.set_viewport_size({"width": 1000, "height": 800})
    laid_out(page)
    assert place(page) < before
    assert abs(width(page) - place(page)) < 24


def test_table_that_was_hidden_is_laid_out_when_it_is_shown(district, open_page):
    page = open_page(f"{district}/network", lang="en")
    begun_with(page, "display", "none")
    page.evaluate("document.querySelector('#widest').style.display = ''")
    laid_out(page)
    assert place(page) > 300
    assert abs(width(page) - place(page)) < 24
