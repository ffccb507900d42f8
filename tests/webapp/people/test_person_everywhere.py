"""What is known of one person is one value: the page, the JSON and the command show the same."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load
from planning import kept_plans
from planning.person_plans import person_view
from planning.plan import Assignment, Plan
from planning.problem.horizon import horizon
from tests.conftest import application
from webapp.shell.sentences import said, title

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = ("T020", "T039", "M001")  # two trainees and a mentor
POST = "P36"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("people")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, ROOT / "examples" / "shifeng")
        moved = Assignment("T020", "2024-07-01", POST, "key_post", "2025-07-01")
        goes_on = Assignment("T039", "2024-07-01", POST, "key_post", "2025-07-01", stays=True)
        span = horizon("2024-07-01", 2, "half-year")
        kept_plans.keep(store, Plan("feasible", span, (moved, goes_on), cost=3), "第一稿")
        yield application(store, folder)


def as_json(app: Flask, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get(f"/api/people/{id_}?lang=en").get_json()
    return found


def page(app: Flask, id_: str) -> str:
    """The page without its marks and scripts, so that only what is read counts."""
    text = app.test_client().get(f"/people/{id_}?lang=en").text
    text = re.sub(r"<script.*?</script>", " ", text, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("id_", PEOPLE)
def test_json_and_command_are_the_same_key_by_key(app: Flask, id_: str):
    with app.test_request_context("/?lang=en"):
        view = person_view(app.extensions["store"].get(), id_, date(2024, 6, 30))
        value = json.loads(json.dumps(view.as_dict(said), default=str))
    told = app.test_cli_runner(env={"LANGUAGE": "en"}).invoke(
        args=["person", id_, "--on", "2024-06-30", "--json"]
    )
    assert told.exit_code == 0, told.output
    command = json.loads(told.stdout)
    answer = app.test_client().get(f"/api/people/{id_}?on=2024-06-30&lang=en").json
    assert set(answer) == set(command) == set(value)
    for key in value:
        assert answer[key] == value[key], key
        if key != "standing":  # a command speaks the language of the settings
            assert command[key] == value[key], key
    if value["standing"]:
        for standing in (command["standing"], value["standing"]):
            for gate in standing["gates"]:
                del gate["rule"]
        assert command["standing"] == value["standing"]


def term(terms: str, key: str | None) -> str:
    return title(terms, key) if key else ""


def facts_of_person(value: dict[str, Any]) -> Iterator[Any]:
    person = value["person"]
    for name in ("id", "name", "cohort", "joined_on", "born_on", "native_place", "education"):
        yield person[name]
    yield from person["specialties"] or ()
    yield term("statuses", person["status"])
    yield person["mentor_capacity"]


def facts_of_state(value: dict[str, Any]) -> Iterator[Any]:
    yield term("ranks_and_grades", value["state"]["rank"])
    yield term("ranks_and_grades", value["state"]["grade"])
    yield term("service_kinds", value["state"]["service"])


def facts_of_posts(key: str) -> Any:
    def facts(value: dict[str, Any]) -> Iterator[Any]:
        for row in value[key]:
            yield from (row["unit_name"], row["title"], term("rotation_kinds", row["kind"]))
            yield from (row["since"], row["until"]) if key == "postings" else ()

    return facts


def facts_of_ties(key: str) -> Any:
    def facts(value: dict[str, Any]) -> Iterator[Any]:
        for row in value[key]:
            yield from (row["name"], term("mentoring_kinds", row["kind"]))
            yield from (row["since"], row["until"])

    return facts


def facts_of_activities(value: dict[str, Any]) -> Iterator[Any]:
    for row in value["activities"]:
        yield from (row["title"], term("activity_kinds", row["kind"]), row["held_on"])
        yield from (row["place"], row["organiser"], row["result"])


def facts_of_records(value: dict[str, Any]) -> Iterator[Any]:
    for row in value["records"]:
        yield from (term("record_kinds", row["kind"]), row["on"], row["summary"])
        yield from (term("levels", row["level"]), term("results", row["result"]))


def facts_of_service(value: dict[str, Any]) -> Iterator[Any]:
    for row in value["service"]:
        yield from (term("service_kinds", row["kind"]), row["since"], row["until"])
        yield from (row["destination"], row["document"], row["note"])


def facts_of_grades(value: dict[str, Any]) -> Iterator[Any]:
    for row in value["grades"]:
        yield from (term("grades", row["grade"]), row["since"], row["document"])


def facts_of_career(value: dict[str, Any]) -> Iterator[Any]:
    for move in value["career"]:
        yield from (move["day"], move["from_name"], move["to_name"], move["gap_days"])


def facts_of_standing(value: dict[str, Any]) -> Iterator[Any]:
    standing = value["standing"]
    if standing is None:
        return
    yield term("stages", standing["stage"])
    yield f"{standing['months']} month" if standing["months"] is not None else None
    yield from (standing["since"], standing["next_on"], term("stages", standing["next_stage"]))
    for gate in standing["gates"]:
        yield from (gate["rule"], gate["on"])
    for need in standing["mentors"]:
        yield term("mentoring_kinds", need["kind"])
        yield need["missing_since"] and f"missing since {need['missing_since']}"
    for duty in standing["duties"]:
        yield from (term("duties", duty["duty"]), duty["due"], duty["last"])
    for level, n in standing["counts"].items():
        yield n and f"{n} {level}"


def facts_of_origin(value: dict[str, Any]) -> Iterator[Any]:
    yield f"{value['origin']['file']}, row {value['origin']['row']}"


def facts_of_plans(value: dict[str, Any]) -> Iterator[Any]:
    for plan in value["plans"]:
        yield from (plan["name"], plan["status"], plan["since"], plan["until"])
        for move in plan["moves"]:
            yield from (move["post_name"], move["since"], move["until"])


def facts_of_doubts(value: dict[str, Any]) -> Iterator[Any]:
    for doubt in value["doubts"]:
        yield from (doubt["message"], f"{doubt['file']}, row {doubt['row']}")


# Each key of the JSON, and what of it is read on the page.
SHOWN = {
    "as_of": lambda value: iter([value["as_of"]]),
    "person": facts_of_person,
    "state": facts_of_state,
    "present": facts_of_posts("present"),
    "postings": facts_of_posts("postings"),
    "mentors": facts_of_ties("mentors"),
    "trainees": facts_of_ties("trainees"),
    "activities": facts_of_activities,
    "records": facts_of_records,
    "givers": lambda value: iter(value["givers"].values()),
    "service": facts_of_service,
    "grades": facts_of_grades,
    "career": facts_of_career,
    "standing": facts_of_standing,
    "origin": facts_of_origin,
    "plans": facts_of_plans,
    "doubts": facts_of_doubts,
}


@pytest.mark.parametrize("id_", PEOPLE)
def test_page_holds_each_fact_of_the_json(app: Flask, id_: str):
    value, text = as_json(app, id_), page(app, id_)
    assert set(value) == {*SHOWN, "line", "on_file"}
    assert value["on_file"] and "nothing is on file" not in text
    with app.test_request_context("/?lang=en"):
        for key, facts in SHOWN.items():
            missing = [each for each in facts(value) if each and str(each) not in text]
            assert missing == [], key


def test_page_draws_every_entry_of_the_line(app: Flask):
    text = app.test_client().get("/people/T020?lang=en").text
    drawn = re.findall(r'data-entry="(.*?)"', text)
    line = as_json(app, "T020")["line"]
    dated = {entry["id"] for entry in line if entry["since"] or entry["until"]}
    assert set(drawn) == dated
    assert len(dated) > 10


def test_plan_that_moves_somebody_stands_on_the_page(app: Flask):
    (plan,) = as_json(app, "T020")["plans"]
    assert (plan["id"], plan["name"], plan["status"]) == ("plan-1", "第一稿", "kept")
    assert [(move["post"], move["since"]) for move in plan["moves"]] == [(POST, "2024-07-01")]
    assert as_json(app, "T039")["plans"] == []  # who only goes on is not moved


def test_file_of_another_day_is_judged_on_that_day(app: Flask):
    client = app.test_client()
    now = client.get("/api/people/T020?on=2024-06-30").json
    then = client.get("/api/people/T020?on=2018-09-01").json
    assert (now["as_of"], then["as_of"]) == ("2024-06-30", "2018-09-01")
    assert [row["post"] for row in now["present"]] != [row["post"] for row in then["present"]]
    assert client.get("/people/T020?on=soon").status_code == 400


def test_command_prints_a_table(app: Flask):
    told = app.test_cli_runner().invoke(args=["person", "T020"])
    assert told.exit_code == 0, told.output
    name = as_json(app, "T020")["person"]["name"]
    assert name in told.stdout
    assert "plan-1" in told.stdout
    unknown = app.test_cli_runner().invoke(args=["person", "NOBODY", "--json"])
    assert unknown.exit_code == 1
