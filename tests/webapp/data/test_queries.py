"""Every question has a page with its form, its rows, its Cypher, and its files."""

import csv
import io
import re

import pytest
from markupsafe import escape

from graph.own_words import in_words
from queries.catalogue import QUERIES
from tests.webapp.conftest import EVIL

CHINESE = {"trainee": "学员", "trainees": "学员", "mentor": "导师", "mentors": "导师"}
VALUES = {
    "person": "T001",
    "people": "T001;T002",
    "a": "T001",
    "b": "T002",
    "post": "P01",
    "unit": "U01",
    "text": "zhang",
    "key": "trainees",
}


def test_list_names_every_question_in_both_languages(client):
    chinese, english = client.get("/queries").text, client.get("/queries?lang=en").text
    for name, query in QUERIES.items():
        assert f'href="/queries/{name}"' in chinese
        assert in_words(query.titles["zh_Hans"], CHINESE) in chinese
        assert escape(in_words(query.titles["en"])) in english


@pytest.mark.parametrize("name", QUERIES)
def test_question_is_asked_on_its_page(district_client, name: str):
    needed = {each.name: VALUES[each.name] for each in QUERIES[name].parameters if each.required}
    page = district_client.get(f"/queries/{name}", query_string={**needed, "lang": "en"})
    assert page.status_code == 200
    assert re.search(r"\d+ rows?\b|first row is shown|No row\.", page.text)
    assert "Cypher" in page.text


@pytest.mark.parametrize("name", QUERIES)
def test_question_that_needs_something_shows_its_form_first(client, name: str):
    query = QUERIES[name]
    page = client.get(f"/queries/{name}?lang=en").text
    for parameter in query.parameters:
        assert f'name="{parameter.name}"' in page
    if any(each.required for each in query.parameters):
        assert " rows." not in page
        assert " required>" in page


def test_rows_link_people(small_client):
    page = small_client.get("/queries/people.search?text=wangwei").text
    assert '<a class="to-person" href="/people/t1"' in page


def test_terms_of_the_programme_are_shown_by_their_titles(district_client):
    page = district_client.get("/queries/careers.timeline?person=T001&lang=zh_Hans").text
    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "grassroots" not in rows
    assert "实际" in rows


def test_wrong_parameter_is_told_beside_the_form(client):
    page = client.get("/queries/people.search?text=a&limit=many&lang=en")
    assert page.status_code == 400
    assert "limit" in page.text.split('role="alert"')[1].split("</p>")[0]
    assert "many" in page.text.split('role="alert"')[1].split("</p>")[0]
    assert 'name="text" value="a"' in page.text


def test_no_row_is_a_result_that_says_how_to_widen(client):
    page = client.get("/queries/people.search?text=nobody&lang=en")
    assert page.status_code == 200
    assert "No row." in page.text
    assert "Widen it" in page.text


def test_unknown_question_is_refused_with_the_nearest_name(client):
    page = client.get("/queries/people.serch?lang=en")
    assert page.status_code == 400
    assert "people.search" in page.text


def test_csv_has_the_rows_and_runs_nothing(client, embedded_store):
    embedded_store.write(
        "CREATE (:Person {id: '=1+1', name: '@SUM(A1)', search: 'x', pinyin: 'x', initials: 'x'})"
    )
    response = client.get("/queries/people.search?text=x&format=csv")
    assert response.mimetype == "text/csv"
    assert "people.search.csv" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows == [["id", "name", "roles"], ["'=1+1", "'@SUM(A1)", ""]]


def test_value_of_a_parameter_cannot_become_markup(small_client):
    for name, given in (("people.search", "text"), ("lineage.up", "person")):
        page = small_client.get(f"/queries/{name}", query_string={given: EVIL}).text
        assert EVIL not in page


def test_name_in_a_row_cannot_become_markup(small_client):
    page = small_client.get("/queries/lineage.down?person=m1").text
    assert EVIL not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
