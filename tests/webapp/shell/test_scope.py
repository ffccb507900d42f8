"""The scope stands in the address of every page: read, carried, followed, or said not to be."""

import json
import re

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from tests.webapp.pages import EXAMPLES
from webapp.shell.scope import FOLLOWING


@pytest.fixture
def district(district_app: Flask) -> FlaskClient:
    return district_app.test_client()


def people(client: FlaskClient, asked: str) -> set[str]:
    return {each["id"] for each in client.get(f"/api/people?{asked}").json["people"]}


def test_lists_and_answers_are_of_the_scope_and_combine_with_filters(district: FlaskClient):
    cohort = people(district, "in=cohort:2019")
    assert cohort == people(district, "cohort=2019") and cohort
    township = people(district, "in=unit:U08")
    assert people(district, "in=unit:U08&cohort=2019") == township & cohort
    guided = people(district, "in=mentor:M004&role=trainee")
    board = district.get("/api/network/board?in=mentor:M004").json
    assert {each["person"] for each in board["trainees"]} <= guided
    stages = district.get("/api/programme/stages?in=cohort:2019").json
    assert {each["person"] for each in stages["people"]} <= cohort
    both = district.get("/api/programme/stages?in=cohort:2019&unit=U08").json
    assert {each["person"] for each in both["people"]} <= cohort & people(district, "unit=U08")
    careers = district.get("/api/careers?in=cohort:2019").json
    assert {each["cohort"] for each in careers["lines"]} == {2019}
    assert careers["limits"]["scope"] == "cohort:2019"


def test_a_scope_is_of_the_day_that_is_looked_at(district: FlaskClient):
    now, then = (people(district, f"in=unit:U08&on={day}") for day in ("2024-06-30", "2019-06-30"))
    assert now != then and now and then
    page = district.get("/people?in=unit:U08&on=2019-06-30&lang=en").text
    counted = len(then & people(district, "role=trainee&on=2019-06-30&in=unit:U08"))
    assert f"龙山镇</b><b>{counted} pe" in page


@pytest.mark.parametrize("page", EXAMPLES)
def test_every_page_follows_the_scope_or_says_that_it_does_not(
    district_app: Flask, district: FlaskClient, page: str
):
    joint = "&" if "?" in page else "?"
    answer = district.get(f"{page}{joint}in=cohort:2019&lang=en", follow_redirects=True)
    assert answer.status_code == (404 if page == "/nothing-here" else 200)
    with district_app.test_request_context(page):
        endpoint = request.endpoint
    says = "This page does not follow the scope." in answer.text
    assert says == (endpoint not in FOLLOWING), endpoint
    assert "This page does not follow the scope." not in district.get(page).text


def test_links_and_forms_keep_the_scope(district: FlaskClient):
    text = district.get("/programme/stages?in=unit:U08&on=2023-06-30&lang=en").text
    links = [each for each in re.findall(r'href="(/[^"]*)"', text) if "/static/" not in each]
    lost = [each for each in links if "in=unit%3AU08" not in each and "in=" not in each]
    everybody = [each for each in lost if each.startswith("/programme/stages?on=")]
    assert len(links) > 30 and lost == everybody and everybody
    assert text.count('name="in" value="unit:U08"') >= 2  # the search, and the day
    assert 'data-scope="in=unit%3AU08"' in text


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("in=U08", 400, "is no scope"),
        ("in=unit:nowhere", 404, "names the unit nowhere, which is not stored"),
        ("in=mentor:nobody", 404, "nobody, who is not stored"),
        ("in=cohort:x", 400, "is no year"),
        ("in=", 200, "all</b>"),
        ("in=cohort:1999", 200, "cohort 1999</b><b>0 people"),
        ("in=mentor:T046", 200, "</b><b>0 people"),
    ],
)
def test_what_cannot_be_is_told_with_what_to_do(
    district: FlaskClient, asked: str, status: int, told: str
):
    answer = district.get(f"/programme/stages?{asked}&lang=en")
    assert (answer.status_code, told in answer.text) == (status, True)
    if status != 200:
        assert "leave in out" in answer.text or "in=cohort:2019" in answer.text


def test_an_answer_about_one_person_takes_no_scope(district: FlaskClient):
    refused = district.get("/api/programme/people/T001?in=cohort:2019&lang=en")
    assert refused.status_code == 400 and 'no parameter "in"' in refused.json["detail"]


def test_a_command_takes_the_scope(district_app: Flask, district: FlaskClient):
    def told(*words: str) -> dict:
        done = district_app.test_cli_runner().invoke(args=[*words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    asked = "--in=cohort:2019"
    assert {each["id"] for each in told("people", asked)["people"]} == people(
        district, "in=cohort:2019"
    )
    assert {each["cohort"] for each in told("career-lines", asked)["lines"]} == {2019}
    stages = told("stages", asked)["people"]
    assert stages == district.get("/api/programme/stages?in=cohort:2019").json["people"]
    refused = district_app.test_cli_runner().invoke(args=["stages", "--in", "U08"])
    assert refused.exit_code != 0 and "in=unit:U08" in refused.output


def test_whose_name_is_one_mentors_is_offered_the_own_trainees(district: FlaskClient):
    name = district.get("/api/people/M004").json["person"]["name"]
    assert "your own" not in district.get("/people?lang=en").text
    with district.session_transaction() as kept:
        kept["name"] = name
    text = district.get("/people?lang=en&after=T001").text
    assert f'href="/people?lang=en&amp;in=mentor%3AM004">your own trainees ({name})</a>' in text


def test_any_scope_can_be_chosen_on_a_page_of_its_own(district: FlaskClient):
    page = district.get("/scope?next=/people%3Frole=mentor%26in=unit:U08&lang=en").text
    assert 'href="/people?role=mentor&amp;in=cohort%3A2019">2019</a>' in page
    assert 'href="/people?role=mentor&amp;in=unit%3AU01"' in page
    assert 'href="/people?role=mentor">all</a>' in page
    found = district.get("/scope?next=/people&q=龙山&lang=en").text
    assert 'href="/people?in=unit%3AU08">龙山镇 and all below</a>' in found
    assert 'href="/?in=' in district.get("/scope?next=//evil.example&lang=en").text


@pytest.mark.parametrize("day", ["0001-01-01", "0001-02-28", "9999-12-31", "1900-01-31"])
def test_the_ends_of_the_calendar_break_no_frame(district: FlaskClient, day: str):
    text = district.get(f"/about?on={day}&lang=en").text
    back, on = ("a month back" in text.split("<main")[0], "a month on" in text.split("<main")[0])
    assert (back, on) == (not day.startswith("0001-01"), not day.startswith("9999-12"))
    assert f"Looking at {day}" in text
