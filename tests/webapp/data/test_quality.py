"""Data quality on the page, as JSON, as files, by command: one value, accepted, taken back."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from loaders import entry
from tests.queries.quality.test_listed import EXPECTED, loaded

ON = "on=2024-06-30&lang=en"


@pytest.fixture
def office(embedded_store: Store, tmp_path: Path) -> Store:
    return loaded(embedded_store, tmp_path)


def test_page_json_files_and_command_say_the_same(
    office: Store, client: FlaskClient, runner: FlaskCliRunner
):
    page = client.get(f"/quality?{ON}")
    assert page.status_code == 200
    assert "张伟 falls from head to deputy on 2023-01-01." in page.text
    assert "rotations.csv, row 3" in page.text
    assert 'href="/enter/rotations/r2?' in page.text
    answer = client.get(f"/api/quality?{ON}&limit=1").json
    assert answer["counts"] == EXPECTED
    assert (answer["total"], len(answer["findings"])) == (8, 1)
    printed = json.loads(runner.invoke(args=["quality", "--on", "2024-06-30", "--json"]).stdout)
    assert printed["counts"] == EXPECTED
    (fall,) = [each for each in printed["findings"] if each["kind"] == "fall"]
    assert (fall["person"], fall["file"], fall["row"]) == ("A", "rotations.csv", 3)
    rows = client.get(f"/quality?{ON}&format=csv").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 9
    assert rows[0].startswith("level,kind,message,person")
    book = client.get(f"/quality?{ON}&format=xlsx&kind=fall")
    assert book.data[:2] == b"PK"
    assert client.get(f"/api/quality?{ON}&kind=nothing").status_code == 400


def test_accepted_for_all_of_a_kind_and_taken_back(office: Store, client: FlaskClient):
    address = f"/quality/accept?{ON}&kind=namesake"
    given = {"by": "Zhao", "reason": "two people", "expected": "1"}
    assert client.post(address, data={**given, "reason": ""}).status_code == 400
    assert client.post(address, data={**given, "expected": "2"}).status_code == 409
    assert client.get(f"/api/quality?{ON}").json["counts"] == EXPECTED
    assert client.post(address, data=given).status_code == 303
    answer = client.get(f"/api/quality?{ON}&state=accepted").json
    assert answer["accepted"] == {"namesake": 1}
    assert [each["accepted"]["reason"] for each in answer["findings"]] == ["two people"]
    id_ = answer["findings"][0]["id"]
    assert "two people" in client.get("/enter/changes").text
    for page in ("/people/F", f"/quality?{ON}&state=accepted&finding={id_}"):
        assert "two people" in client.get(page).text
    client.post("/quality/reopen", data={"by": "Zhao", "finding": id_, "do": "one"})
    assert client.get(f"/api/quality?{ON}").json["counts"] == EXPECTED


def test_programs_accept_and_open_again(office: Store, client: FlaskClient, runner: FlaskCliRunner):
    body = {"kind": "fall", "reason": "notice 3", "by": "Li"}
    done = client.post(f"/api/quality/accept?{ON}", json=body).json
    assert done["findings"] == 1
    assert client.post("/api/quality/reopen", json={"batch": done["batch"], "by": "Li"}).json == {
        "findings": 1,
        "batch": None,
    }
    assert client.post("/api/quality/accept", json={"reason": "all", "by": "Li"}).status_code == 400
    told = runner.invoke(
        args=["quality", "accept", "--kind", "fall", "--on", "2024-06-30", "--reason", "notice 3"]
    )
    assert told.exit_code == 0
    assert "fall" not in client.get(f"/api/quality?{ON}").json["counts"]
    assert runner.invoke(args=["quality", "reopen", "fall:r2@2023-01-01"]).exit_code == 0
    assert runner.invoke(args=["quality", "reopen", "fall:r2@2023-01-01"]).exit_code == 1


def test_counted_beside_what_is_stored_of_the_load_of_the_person(
    office: Store, client: FlaskClient
):
    assert client.get("/api/loads/1").json["doubts"]["fall"] == 1
    assert "/quality?load=1&amp;kind=fall" in client.get("/loads/1").text
    assert "1 red" in client.get("/data?lang=en").text
    doubts = client.get("/api/people/A?on=2024-06-30").json["doubts"]
    assert "fall" in {each["kind"] for each in doubts}


def test_what_the_rules_doubt_is_entered_with_a_reason_only(office: Store, client: FlaskClient):
    row = {"person": "B", "post": "W", "kind": "appointment", "since": "2024-01-01", "by": "Li"}
    asked = client.post("/enter/rotations?lang=en", data=row)
    assert asked.status_code == 200
    assert "falls from head to staff on 2024-01-01." in asked.text
    assert 'name="reason"' in asked.text
    accepted = {**row, "accept": "yes"}
    assert client.post("/enter/rotations", data=accepted).status_code == 200
    assert client.get("/api/people/B").json["postings"][-1]["post"] == "S"
    assert client.post("/enter/rotations", data={**accepted, "reason": "降职"}).status_code == 303
    found = client.get(f"/api/quality?{ON}&person=B&state=accepted").json["findings"]
    assert [(each["kind"], each["accepted"]["reason"]) for each in found] == [("fall", "降职")]
    higher = {"person": "G", "post": "X", "since": "2020-01-01", "until": "2021-01-01"}
    entry.add(office, "rotations", higher, by="Li", accepts_doubts=False)
    lower = {"person": "G", "post": "W", "since": "2021-01-01"}
    with pytest.raises(entry.Doubtful, match="falls from"):
        entry.add(office, "rotations", lower, by="Li", accepts_doubts=False)
    assert len(entry.rows_about(office, "rotations", "person", "G")) == 2


def test_very_many_people_are_judged_while_nobody_waits(
    office: Store, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    from queries.quality import kept, listed

    monkeypatch.setattr(listed, "MOST_AT_ONCE", 3)
    assert "being judged" in client.get("/data?lang=en").text
    kept._kept.wait(office)
    assert "1 red" in client.get("/data?lang=en").text
