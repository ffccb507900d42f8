"""Where people are sent to: page, JSON and command, worked out from the files by hand."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import upsert_nodes
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, loaded
from tests.small_graph import put_edges
from webapp import create_app


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("places") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, DISTRICT)


@pytest.fixture(scope="module")
def app(store: Store) -> Flask:
    return create_app(Settings(language="en"), store=store)


def told(app: Flask, unit: str, on: str = "2024-06-30") -> dict:
    answer = app.test_client().get(f"/api/programme/places?on={on}").json
    return next(each for each in answer["places"] if each["unit"] == unit)


def test_each_village_has_its_people_tasks_and_gaps(app: Flask):
    answer = app.test_client().get("/api/programme/places").json
    assert [(each["above"], each["unit"]) for each in answer["places"]] == [
        ("U08", "U14"), ("U08", "U15"), ("U09", "U16"), ("U10", "U17"),
        ("U11", "U18"), ("U12", "U19"), ("U13", "U20"),
    ]  # fmt: skip
    place = told(app, "U20")
    assert {(who["person"], who["kind"]) for who in place["people"]} == {
        ("T040", "grassroots"), ("T044", "grassroots"), ("T044", "platform"),
    }  # fmt: skip
    assert place["free"] == 0
    running = [task for task in place["tasks"] if task["is_running"]]
    assert [(task["activity"], task["kind"]) for task in running] == [("W013", "petitions")]
    held = {task["since"][:7] for task in place["tasks"] if task["kind"] == "grid_day"}
    assert held <= {"2023-07", "2023-08", "2023-09", "2023-10", "2023-11", "2023-12", "2024-01",
                    "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"}  # fmt: skip
    empty = told(app, "U15")
    assert empty["people"] == []
    assert "no trainee is there" in empty["gaps"]
    assert empty["free"] == 2


@pytest.mark.parametrize(
    ("on", "running", "until"),
    [
        ("2023-02-28", None, None),  # the day before it begins
        ("2023-03-01", True, "2023-09-30"),  # it was announced with its end
        ("2023-09-29", True, "2023-09-30"),
        ("2023-09-30", False, "2023-09-30"),
        ("2024-09-29", False, "2023-09-30"),
        ("2024-09-30", None, None),  # more than twelve months ago
    ],
)
def test_a_task_stands_there_from_its_first_day_and_for_a_year_after_its_end(
    app: Flask, on: str, running: bool | None, until: str | None
):
    tasks = {task["activity"]: task for task in told(app, "U15", on)["tasks"]}
    task = tasks.get("W009")
    assert (task and (task["is_running"], task["until"])) == (
        None if running is None else (running, until)
    )
    asked = f"/api/queries/people.activities?person=T040&on={on}"  # who was on it
    rows = {row["activity"]: row for row in app.test_client().get(asked).json["rows"]}
    assert ("W009" in rows) == (on >= "2023-03-01")
    assert not rows.get("W009") or rows["W009"]["until"] == "2023-09-30"


def test_page_and_command_say_what_the_json_says(app: Flask):
    page = app.test_client().get("/programme/places?lang=en").text
    figures = app.test_client().get("/api/programme/places").json["figures"]
    assert f"{figures['settled']} of {figures['places']} places have a trainee;" in page
    assert figures["settled"] == 4
    assert 'href="/programme/places"' in app.test_client().get("/programme/training").text
    runner = app.test_cli_runner()
    listed = json.loads(runner.invoke(args=["places", "--unit", "U08", "--json"]).output)
    assert [each["unit"] for each in listed["places"]] == ["U14", "U15"]
    assert listed == app.test_client().get("/api/programme/places?unit=U08").json
    assert "书香社区" in runner.invoke(args=["places"]).output
    refused = runner.invoke(args=["places", "--unit", "U99"])
    assert refused.exit_code == 1
    assert "U99" in refused.output


def test_a_task_that_names_no_unit_and_one_without_anybody_are_told(tmp_path):
    with open_store(Settings(store_url=f"embedded:{tmp_path}/graph.kgl")) as store:
        client = create_app(Settings(language="en"), store=loaded(store, RESIDENCY)).test_client()
        clinic = client.get("/api/programme/places").json["places"][0]
        assert clinic["unit"] == "K1"
        assert clinic["gaps"] == ["no resident is there", "no task on file in 12 months"]
        row = {"name": "义诊", "kind": "ward_round", "held_on": "2024-06-01", "until": "2024-08-01"}
        upsert_nodes(store, "Activity", [{"id": id_, "props": row} for id_ in ("N1", "N2")])
        put_edges(store, "HELD_IN", [("N2", "K1")])
        answer = client.get("/api/programme/places").json
        assert [task["activity"] for task in answer["nowhere"]] == ["N1"]
        assert answer["places"][0]["gaps"] == ["no resident is there", "no resident is on: 义诊"]
        assert "Tasks without a unit" in client.get("/programme/places?lang=en").text
