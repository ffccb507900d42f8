"""Events on the page, as JSON and as a command: told, stored, undone."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from lxml.html import fromstring

from loaders.entry import add
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
    assert "王芳 falls from section to deputy section on 2024-03-01." in words(doubted)
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


def cells(answer) -> dict[str, str]:
    """What stands in the filled cells of the table of many events."""
    fields = fromstring(answer.text).xpath("//*[starts-with(@name, 'rows-')]")
    return {each.name: each.value for each in fields if each.value}


MANY = {"by": "王", "kind": "appoint", "on": "2024-03-01", "document": "石组〔2024〕5号"}


def test_many_are_pasted_told_together_stored_and_undone_as_one(app: Flask, client: FlaskClient):
    pasted = "姓名\t单位\t岗位\n李敏\t区委办\t科员\n"
    file = BytesIO("姓名,单位,岗位\n王芳,区委办,科员\n".encode("gb18030"))
    sent = {"do": "take", "pasted": pasted, "file": (file, "任免.csv")}
    taken = client.post("/events/many", data=sent, content_type="multipart/form-data")
    assert cells(taken) == {
        "rows-0-person": "李敏", "rows-0-post": "区委办 科员",
        "rows-1-person": "王芳", "rows-1-post": "区委办 科员",
    }  # fmt: skip
    told = client.post("/events/many", data={**MANY, "do": "tell", **cells(taken)})
    said = words(told)
    assert "开始任职 2 项。结束任职 1 项。空出岗位 1 个。 疑点 2 处" in said
    assert "李敏 于 2024-03-01 任区委办 科员。" in said and "王芳 区委办 副主任" in said
    meant = cells(told)
    assert [meant[f"rows-{n}-person"] for n in (0, 1)] == ["b", "m"] and kept(app) == []
    doubted = client.post("/events/many", data={**MANY, "do": "store", **meant})
    assert doubted.status_code == 409 and kept(app) == []
    stored = {**MANY, "do": "store", **meant, "rows-1-reason": "机构改革", "reason": "降职"}
    assert client.post("/events/many", data=stored).status_code == 303
    assert [(each.person, each.document, each.reason) for each in kept(app)] == [
        ("m", "石组〔2024〕5号", "机构改革"), ("b", "石组〔2024〕5号", "降职"),
    ]  # fmt: skip
    listed = client.get("/events?lang=en")
    assert "Undo all 2 entered with it" in words(listed) and words(listed).count("Appointment") > 2
    batch = kept(app)[0].batch
    assert client.post(f"/events/{batch}/undo", data={"by": "李"}).status_code == 303
    assert [each.state for each in kept(app)] == ["undone", "undone"]


def test_wrong_cells_of_many_name_themselves_and_offer_who_fits(app: Flask, client: FlaskClient):
    with app.app_context():
        add(app.extensions["store"].get(), "people", {"id": "z", "name": "李敏"}, by="王")
    rows = {
        "on": "2024-03-01",
        "rows-3-person": "李敏",
        "rows-3-kind": "leave",
        "rows-5-person": "谁",
        "rows-5-kind": "leave",
    }
    page = client.post("/events/many?lang=en", data={"by": "王", "do": "store", **rows})
    assert page.status_code == 400 and kept(app) == []
    tree = fromstring(page.text)
    offered = tree.xpath("//select[@name='rows-0-person']/option/@value")
    assert offered == ["李敏", "b", "z"]
    (wrong,) = tree.xpath("//input[@name='rows-1-person']")
    (fault,) = tree.xpath(f"//*[@id='{wrong.get('aria-describedby')}']")
    assert "There is no person 谁." in fault.text_content()
    late = client.post("/events/many?lang=en", data={"by": "王", "do": "tell", "rows-0-person": "m",
                       "rows-0-kind": "leave", "rows-0-on": "2024-13-01"})  # fmt: skip
    assert '"2024-13-01" is not a date.' in words(late) and late.status_code == 400
    nothing = client.post("/events/many?lang=en", data={"by": "王", "do": "tell"})
    assert "There is no event in it." in words(nothing)


def test_many_by_json_and_by_command_tell_the_same(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner, tmp_path: Path
):
    rows = [{"person": "李敏", "post": "区委办 科员"}, {"person": "c", "kind": "休假"}]
    asked = {"events": rows, "shared": {"kind": "任命", "on": "2024-03-01"}}
    by_json = client.post("/api/events/many?lang=en", json={**asked, "dry_run": True}).json
    file = tmp_path / "events.csv"
    file.write_text("人员,岗位,事项\n李敏,区委办 科员,\nc,,休假\n", encoding="gb18030")
    command = ["event", "任命", "--file", str(file), "--on", "2024-03-01"]
    told = runner.invoke(args=[*command, "--dry-run", "--json"], env={"LANGUAGE": "en"})
    assert told.exit_code == 0, told.output
    by_command = json.loads(told.stdout)
    assert by_json["totals"] == by_command["totals"] and by_json["totals"]["posting_begins"] == 1
    assert by_json["events"][0]["consequences"][0]["id"] == "o2"
    assert [each["id"] for each in by_command["read_as"]] == ["b", "o2"]
    assert [each["row"] for each in by_command["events"]] == [2, 3]
    refused = client.post("/api/events/many?lang=en", json={**asked, "by": "王"})
    assert refused.status_code == 409 and "confirm" in refused.json["hint"]
    assert runner.invoke(args=[*command, "--by", "王"]).exit_code == 1 and kept(app) == []
    assert runner.invoke(args=[*command, "--by", "王", "--confirm"]).exit_code == 1
    plain = runner.invoke(args=[*command, "--by", "王", "--confirm", "--reason", "降职"])
    assert plain.exit_code == 0 and "李敏" in plain.stdout
    assert len(kept(app)) == 2
    undone = client.post(f"/api/events/{kept(app)[0].batch}/undo").json
    assert [each["state"] for each in undone["events"]] == ["undone", "undone"]
    wrong = client.post("/api/events/many", json={"events": [{"persn": "b"}], "by": "王"})
    assert wrong.status_code == 400 and "persn" in wrong.json["detail"]


def test_a_wrong_file_names_its_rows_on_the_command_line(runner: FlaskCliRunner, tmp_path: Path):
    file = tmp_path / "任免.csv"
    file.write_text("kind,person,on\nleave,nobody,2024-03-01\nleave,m,2024-03-01\n")
    done = runner.invoke(args=["event", "--file", str(file), "--by", "王"])
    assert done.exit_code == 1
    assert "任免.csv" in done.stdout and "第 2 行" in done.stdout and "nobody" in done.stdout
    assert runner.invoke(args=["event", "leave", "--by", "王"]).exit_code == 2
