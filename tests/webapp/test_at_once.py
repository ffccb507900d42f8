"""Eight people do the same thing in the same moment, on both engines, through pages and JSON.

What is stored in the end is exactly what was acknowledged; whoever comes too late is told in one
sentence, and nothing of theirs is stored.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from graph.changes import changes
from graph.settings import Settings
from graph.store import Store
from loaders import entry
from loaders.load import load
from tests.at_once import MANY, at_once
from tests.webapp.programme.test_programme import fields
from webapp import create_app
from webapp.shell.store import current_jobs

SIX = Path(__file__).resolve().parents[1] / "cases" / "programme-of-six"
REPORT = "{record: report, months: 12, late_after_days: 30}"


@pytest.fixture
def app(store: Store, tmp_path: Path) -> Flask:
    """The application over the programme of six, where a unit owes the report."""
    folder = tmp_path / "six"
    folder.mkdir()
    for file in (*SIX.glob("*.csv"), SIX / "programme.yaml"):
        text = file.read_text(encoding="utf-8")
        text = text.replace(REPORT, REPORT.replace("}", ", owner: office}"))
        (folder / file.name).write_text(text, encoding="utf-8")
    load(store, folder)
    made = create_app(Settings(language="en"), store)
    made.config.update(
        UPLOAD_FOLDER=str(tmp_path / "uploads"),
        WTF_CSRF_ENABLED=False,
    )
    return made


Form = Callable[[int], dict[str, Any]]


def sent(app: Flask, path: str, form: Form) -> list[TestResponse]:
    """Send a form eight times at once, each from a browser of its own."""
    return at_once(lambda number: app.test_client().post(path, data=form(number)))


def winner(answers: list[TestResponse], refused: int = 409) -> int:
    """Return the number of the one that was stored; all others were refused."""
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == sorted([303, *[refused] * (MANY - 1)])
    return codes.index(303)


def said(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def seen(store: Store, table: str, id_: str) -> dict[str, str]:
    """Return the cells of a stored row as its form sends them, with the state they were seen in."""
    row = entry.stored(store, table, id_)
    return {**entry.texts_of(table, row.values), "seen": row.mark, "accept": "yes"}


# --- entering


def test_one_of_eight_has_the_proposed_id(app: Flask, store: Store):
    id_ = entry.next_id(store, "activities")
    assert id_ == "L24"
    answers = sent(
        app, "/enter/activities", lambda n: {"id": id_, "title": f"课{n}", "by": f"人{n}"}
    )
    first = winner(answers)
    assert entry.stored(store, "activities", id_).values["title"] == f"课{first}"
    (change,) = changes(store)
    assert (change.row, change.by) == (id_, f"人{first}")
    late = answers[first - 1]
    assert "L24 is stored already. Correct that one, or use another id." in said(late)
    assert f'value="课{(first - 1) % MANY}"' in late.text  # the form still has what was written


def test_all_of_eight_rows_are_stored_and_kept_in_the_history(app: Flask, store: Store):
    cells = {"kind": "talk", "on": "2024-06-01", "by": "a"}
    answers = sent(app, "/enter/records", lambda n: {**cells, "person": "A", "summary": f"第{n}次"})
    assert [answer.status_code for answer in answers] == [303] * MANY
    told = store.read(
        "MATCH (:Person {id: 'A'})-[:HAS_RECORD]->(r:Record {on: '2024-06-01'}) "
        "RETURN r.id AS id, r.summary AS summary ORDER BY summary"
    )
    assert [row["summary"] for row in told] == [f"第{n}次" for n in range(MANY)]
    assert {change.row for change in changes(store)} == {row["id"] for row in told}


def test_the_same_record_is_stored_once(app: Flask, store: Store):
    cells = {"kind": "talk", "on": "2024-06-01", "person": "A", "by": "a"}
    answers = sent(app, "/enter/records", lambda _: cells)
    assert "is stored already" in said(answers[winner(answers) - 1])
    assert len(changes(store)) == 1


def test_one_of_eight_has_the_open_place(app: Flask, store: Store):
    for number in range(MANY):
        entry.add(store, "people", {"id": f"N{number}", "name": f"新{number}"}, by="a")
    entry.add(store, "posts", {"id": "P9", "title": "唯一", "unit": "U1", "capacity": "1"}, by="a")
    cells = {"post": "P9", "kind": "appointment", "since": "2024-07-01", "by": "a"}
    answers = sent(app, "/enter/rotations", lambda n: {**cells, "person": f"N{n}"})
    stored = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    asked = "MATCH (p:Person)-[:ROTATED_TO]->(:Post {id: 'P9'}) RETURN p.id AS id"
    assert store.read(asked) == [{"id": f"N{n}"} for n in stored]
    assert len(stored) == 1
    for late in answers[: stored[0]] + answers[stored[0] + 1 :]:
        assert late.status_code in (200, 409)  # whoever was late enough is asked at once
        assert "Save all the same" in late.text


def test_units_put_below_each_other_in_a_ring_never_close_it(app: Flask, store: Store):
    for number in range(MANY):
        entry.add(store, "units", {"id": f"r{number}", "name": f"环{number}"}, by="a")
    forms = [seen(store, "units", f"r{n}") | {"part_of": f"r{(n + 1) % MANY}"} for n in range(MANY)]
    answers = at_once(
        lambda n: app.test_client().post(f"/enter/units/r{n}", data=forms[n] | {"by": "a"})
    )
    stored = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    assert sorted(answer.status_code for answer in answers) == [*[303] * (MANY - 1), 400]
    rows = store.read(
        "MATCH (n:Unit)-[:PART_OF]->(m:Unit) WHERE n.id STARTS WITH 'r' "
        "RETURN n.id AS id, m.id AS above ORDER BY id"
    )
    assert rows == [{"id": f"r{n}", "above": f"r{(n + 1) % MANY}"} for n in stored]


def test_one_of_eight_corrections_is_stored(app: Flask, store: Store):
    form = seen(store, "people", "A")
    answers = sent(app, "/enter/people/A", lambda n: form | {"name": f"名{n}", "by": f"人{n}"})
    first = winner(answers)
    assert entry.stored(store, "people", "A").values["name"] == f"名{first}"
    (change,) = changes(store)
    assert change.by == f"人{first}"
    assert f"人{first}" in answers[first - 1].text


@pytest.mark.parametrize("action", ["withdraw", "remove"])
def test_a_record_is_withdrawn_or_taken_out_once(app: Flask, store: Store, action: str):
    form = seen(store, "records", "K1") | {"do": action, "reason": "错"}
    answers = sent(app, "/enter/records/K1", lambda n: form | {"by": f"人{n}"})
    first = winner(answers, refused=409 if action == "withdraw" else 404)
    (change,) = changes(store)
    assert (change.by, change.action) == (
        f"人{first}",
        "withdrawn" if action == "withdraw" else "removed",
    )


def test_what_is_named_and_taken_out_at_once_is_never_half_there(app: Flask, store: Store):
    """Every second one takes the post out, the others put somebody in it: one side is refused."""
    entry.add(store, "posts", {"id": "P9", "title": "新岗", "unit": "U1"}, by="a")
    out = seen(store, "posts", "P9") | {"do": "remove", "reason": "错", "by": "a"}
    cells = {"post": "P9", "kind": "appointment", "since": "2024-07-01", "by": "a", "accept": "yes"}

    def do(number: int) -> int:
        client = app.test_client()
        if number % 2:
            return client.post("/enter/posts/P9", data=out).status_code
        form = {**cells, "person": "ABCDEF"[number // 2]}
        return client.post("/enter/rotations", data=form).status_code

    codes = at_once(do)
    there = bool(store.read("MATCH (q:Post {id: 'P9'}) RETURN q.id AS id"))
    asked = "MATCH (p:Person)-[:ROTATED_TO]->(:Post {id: 'P9'}) RETURN p.id AS id ORDER BY id"
    named = ["ABCDEF"[n // 2] for n in range(0, MANY, 2) if codes[n] == 303]
    assert [row["id"] for row in store.read(asked)] == named
    assert codes[1::2].count(303) == (0 if there else 1)
    assert bool(named) == there


def test_one_of_eight_sheets_of_an_activity_is_stored(app: Flask, store: Store):
    mark = entry.attendance_mark(entry.rows_about(store, "attendance", "activity", "L23"))
    people = ["A", "B", "C", "D", "E", "F"]
    answers = sent(
        app,
        "/enter/attendance/of/L23",
        lambda n: {"present": people[: n % 6], "seen": mark, "by": f"人{n}"} | {"role.A": f"第{n}"},
    )
    first = winner(answers)
    rows = entry.rows_about(store, "attendance", "activity", "L23")
    assert sorted(str(row.values["person"]) for row in rows) == people[: first % 6]
    assert {change.by for change in changes(store)} == {f"人{first}"}
    assert "Somebody else changed who took part; nothing was stored." in said(answers[first - 1])


def test_a_units_report_is_stored_whole_and_once(app: Flask, store: Store):
    form = {"duty": "report", "on": "2024-06-29", "by": "a", "person": ["A", "B"]}
    answers = sent(app, "/programme/units/U3", lambda _: form)
    winner(answers)
    asked = (
        "MATCH (p:Person)-[:HAS_RECORD]->(:Record {kind: 'report', on: '2024-06-29'}) "
        "RETURN p.id AS id ORDER BY id"
    )
    assert store.read(asked) == [{"id": "A"}, {"id": "B"}]


def test_a_units_report_that_is_partly_stored_stores_nothing_more(app: Flask, store: Store):
    form = {"duty": "report", "on": "2024-06-29", "by": "a"}
    client = app.test_client()
    assert client.post("/programme/units/U3", data=form | {"person": "B"}).status_code == 303
    late = client.post("/programme/units/U3", data=form | {"person": ["A", "B"]})
    assert late.status_code == 409 and "is stored already" in said(late)
    assert len(changes(store)) == 1


def test_a_decision_on_the_focus_list_is_kept_once(app: Flask, store: Store):
    answers = sent(app, "/programme/focus/F", lambda _: {"result": "confirmed", "by": "a"})
    winner(answers)
    asked = (
        "MATCH (:Person {id: 'F'})-[:HAS_RECORD]->(r:Record {kind: 'focus'}) RETURN r.result AS r"
    )
    assert store.read(asked) == [{"r": "confirmed"}]


# --- wording, views, loads


def test_one_of_eight_wordings_of_a_list_is_stored(app: Flask, store: Store):
    form = fields(app.test_client().get("/programme/wording").text)
    answers = sent(
        app,
        "/programme/wording",
        lambda n: form | {"growth_tasks.1.zh": f"第{n}", "by": f"人{n}"},
    )
    first = winner(answers)
    told = app.test_client().get("/api/programme/wording").get_json()["wording"]
    assert [each["zh"] for each in told["growth_tasks"]] == [f"第{first}"]
    (change,) = changes(store, table="programme")
    assert change.by == f"人{first}"
    assert f"人{first} changed it" in said(answers[first - 1])


def test_eight_saved_views_are_listed_and_each_is_forgotten_once(app: Flask):
    client = app.test_client()
    answers = sent(app, "/network/views", lambda n: {"name": f"图{n}", "address": "person=A"})
    assert [answer.status_code for answer in answers] == [303] * MANY
    listed = client.get("/api/network/views").get_json()["views"]
    assert sorted(view["name"] for view in listed) == [f"图{n}" for n in range(MANY)]
    path = f"/network/views/{listed[0]['id']}/forget"
    winner(sent(app, path, lambda _: {}), refused=404)
    assert client.get("/api/network/views").get_json()["views"] == listed[1:]


def test_a_load_is_undone_once(app: Flask, store: Store):
    answers = sent(app, "/loads/1/undo", lambda n: {"by": f"人{n}", "confirmed": "yes"})
    first = winner(answers)
    assert "It was undone already." in said(answers[first - 1])
    (told,) = app.test_client().get("/api/loads").get_json()["loads"]
    assert (told["state"], told["undone_by"]) == ("undone", f"人{first}")
    assert store.read("MATCH (p:Person) RETURN p.id AS id") == []


def test_of_eight_loads_begun_at_once_those_that_are_told_are_stored(app: Flask, store: Store):
    def begin(number: int) -> TestResponse:
        data = {"people": [{"id": f"J{number}", "name": "人"}]}
        return app.test_client().post("/api/load", json=data)

    answers = at_once(begin)
    begun = [n for n, answer in enumerate(answers) if answer.status_code == 202]
    with app.app_context():
        ended = [current_jobs().wait(answers[n].get_json()["job"], 120) for n in begun]
    assert [job.state for job in ended] == ["done"] * len(begun)
    asked = "MATCH (p:Person) WHERE p.id STARTS WITH 'J' RETURN p.id AS id ORDER BY id"
    assert store.read(asked) == [{"id": f"J{n}"} for n in begun]
    assert begun
    for number in set(range(MANY)) - set(begun):
        assert answers[number].status_code == 409
        assert "one runs at a time" in answers[number].get_json()["detail"]
