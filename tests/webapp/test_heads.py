"""The head of every page: three buttons at most, and one of a page at most that stands out."""

from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring

from tests.webapp.pages import EXAMPLES

MOST_BUTTONS = 3
OTHERS = (
    "/programme/todo",
    "/programme/stages",
    "/programme/mentors",
    "/programme/mentors/M009",
    "/programme/training",
    "/programme/exercises",
    "/programme/care",
    "/programme/files",
    "/programme/focus",
    "/programme/vacancies",
    "/programme/reserve",
    "/programme/reminders",
    "/programme/report/trainees",
    "/programme/mechanisms/T2",
    "/enter/events",
    "/quality",
)
# Opened by a click only, or in a window of its own: what stands out there stands alone.
CLOSED = "ancestor::details or ancestor::dialog"


def buttons(page: HtmlElement) -> int:
    """Count what stands in the actions of the heading."""
    return len(page.xpath("//main//div[@class='heading']/div[@class='actions']/*"))


def standing_out(page: HtmlElement) -> list[str]:
    """Return the words of the primary buttons that are seen at once."""
    primary = "contains(concat(' ', normalize-space(@class), ' '), ' primary ')"
    return [
        each.text_content().strip() for each in page.xpath(f"//main//*[{primary}][not({CLOSED})]")
    ]


def test_a_head_has_three_buttons_at_most_and_a_page_one_that_stands_out(
    district_client: FlaskClient,
):
    wrong = {}
    for path in (*EXAMPLES, *OTHERS):
        answer = district_client.get(path)
        assert answer.status_code in (200, 404), path
        page = fromstring(answer.text)
        if buttons(page) > MOST_BUTTONS or len(standing_out(page)) > 1:
            wrong[path] = (buttons(page), standing_out(page))
    assert wrong == {}


def test_what_is_counted_is_what_is_seen():
    page = fromstring(
        '<body><main><div class="heading"><div class="actions"><a>1</a><a>2</a></div></div>'
        '<button class="primary">a</button><details><button class="primary">b</button></details>'
        "</main></body>"
    )
    assert buttons(page) == 2
    assert standing_out(page) == ["a"]
