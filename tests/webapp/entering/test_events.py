"""Events on the page, as JSON and as a command: told, stored, undone."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from lxml.html import fromstring

from loaders.events import events
from queries.catalogue import ask
from tests.conftest import application
from tests.small_graph import fill

LEAVE = {"kind": "leave", "person": "m", "on": "2024-03-01", "by": "王"}


@pytest.fixture
def app(embedded_store, tmp_path: Path) -> Flask:
    return application(fill(embedded_store), tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def kept(app: Flask):
    with app.app_context():
        return events(app.extensions["store"].get())


def words(answer) -> str:
    return " ".join(fromstring(answer.text).text_content().split())


def test_a_notice_is_told_before_it_is_stored(app: Flask, client: FlaskClient):
    notice = {**LEAVE, "kind": "retired"}
    told = client.post("/events?lang=en", data={**notice, "do": "tell"})
    assert told.status_code == 200
    said = words(told)
    assert "王芳 is no longer 区委办 副主任 from 2024-03-01 on." in said
    assert "李敏 is left without a mentor: village mentor." in said
    assert kept(app) == []
    stored = client.post("/events?lang=en", data={**notice, "do": "store"})
    assert stored.status_code == 303
    assert [each.kind for each in kept(app)] == ["retired"]


def test_the_page_speaks_chinese(client: FlaskClient):
    said = words(client.post("/events?lang=zh_Hans", data={**LEAVE, "do": "tell"}))
    assert "王芳 自 2024-03-01 起休假。" in said
    assert "谁有什么任免、去留事项" in said


def test_what_cannot_be_stands_at_the_form_with_what_was_typed(app: Flask, client: FlaskClient):
    answer = client.post("/events?lang=en", data={**LEAVE, "person": "nobody", "do": "store"})
    assert answer.status_code == 404
    assert "There is no person nobody." in words(answer)
    (person,) = fromstring(answer.text).xpath("//input[@name='person']")
    assert person.value == "nobody"
    missing = client.post("/events?lang=en", data={"kind": "leave", "do": "store"})
    assert missing.status_code == 400 and kept(app) == []


def test_a_doubt_asks_for_a_reason(app: Flask, client: FlaskClient):
    notice = {**LEAVE, "kind": "appoint", "post": "t1", "do": "store"}
    doubted = client.post("/events?lang=en", data=notice)
    assert doubted.status_code == 400
    assert "The rank falls from section to deputy section." in words(doubted)
    assert kept(app) == []
    assert client.post("/events", data={**notice, "reason": "机构改革"}).status_code == 303
    assert [each.reason for each in kept(app)] == ["机构改革"]


def test_an_event_is_undone_on_the_page(app: Flask, client: FlaskClient):
    client.post("/events", data={**LEAVE, "do": "store"})
    (event,) = kept(app)
    assert event.kind in words(client.get("/events?lang=en")) or "on leave" in words(
        client.get("/events?lang=en")
    )
    assert client.post(f"/events/{event.id}/undo", data={"by": "李"}).status_code == 303
    assert [each.state for each in kept(app)] == ["undone"]


def test_json_and_command_tell_the_same(app: Flask, client: FlaskClient, runner: FlaskCliRunner):
    asked = {"kind": "retired", "person": "m", "on": "2024-03-01"}
    by_json = client.post("/api/events?lang=en", json={**asked, "dry_run": True}).json
    told = runner.invoke(
        args=["event", "retired", "--person", "m", "--on", "2024-03-01", "--dry-run", "--json"],
        env={"LANGUAGE": "en"},
    )
    assert told.exit_code == 0, told.output
    assert [each["what"] for each in by_json["consequences"]] == [
        "service", "posting_ends", "post_free", "pair_ends", "without_mentor",
    ]  # fmt: skip
    with app.app_context():
        assert '"stored": false' in told.stdout and by_json["stored"] is False
    stored = client.post("/api/events?lang=en", json={**asked, "by": "王"}).json
    assert stored["stored"] is True
    with app.app_context():
        rows = ask(app.extensions["store"].get(), "people.service", person="m").rows
    assert [row["kind"] for row in rows] == ["retired"]
    undone = client.post(f"/api/events/{stored['id']}/undo").json
    assert undone["state"] == "undone"
    assert [each["state"] for each in client.get("/api/events?person=m").json["events"]] == [
        "undone"
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["leave", "--person", "m", "--on", "2024-03-01", "--by", "王"], 0),
        (["appoint", "--person", "m", "--on", "2024-03-01", "--post", "t1", "--by", "王"], 1),
        (["return", "--person", "m", "--on", "2024-03-01", "--by", "王"], 1),
    ],
)
def test_a_refused_command_ends_with_one(runner: FlaskCliRunner, arguments, code):
    assert runner.invoke(args=["event", *arguments]).exit_code == code


def test_the_command_lists_and_undoes(runner: FlaskCliRunner, app: Flask):
    runner.invoke(args=["event", "leave", "--person", "m", "--on", "2024-03-01", "--by", "王"])
    (event,) = kept(app)
    listed = runner.invoke(args=["events", "--json"])
    assert event.id in listed.stdout
    assert runner.invoke(args=["events", "undo", event.id, "--by", "王"]).exit_code == 0
    assert [each.state for each in kept(app)] == ["undone"]
