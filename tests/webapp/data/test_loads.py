"""The loads as pages, as JSON and on the command line."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from loaders import entry
from loaders.load import load
from loaders.wording import reword, wording
from tests.loaders.test_load import SET, written


@pytest.fixture(autouse=True)
def two_loads(embedded_store: Store, tmp_path: Path) -> None:
    load(embedded_store, written(tmp_path / "first", SET), by="王芳")
    units = {"units.csv": "id,name,part_of\nu3,杨村,u2\nu4,新村,u2\n"}
    load(embedded_store, written(tmp_path / "second", units))


def test_loads_are_listed_alike_everywhere(client: FlaskClient, runner: FlaskCliRunner):
    page = client.get("/loads?lang=en").text
    assert 'href="/loads/1"' in page and 'href="/loads/2"' in page and "王芳" in page
    found = client.get("/api/loads").get_json()["loads"]
    assert [(each["id"], each["name"], each["new"], each["changed"]) for each in found] == [
        ("2", "second", 1, 1),
        ("1", "first", 19, 0),
    ]
    told = runner.invoke(args=["loads", "--json"])
    assert json.loads(told.stdout)["loads"] == found
    assert "second" in runner.invoke(args=["loads"]).stdout


def test_one_load_tells_its_rows_and_what_hinders_undoing_it(
    client: FlaskClient, runner: FlaskCliRunner
):
    page = client.get("/loads/1?lang=en").text
    assert "Load 2 changed u3 in Units." in page
    assert 'action="/loads/1/undo"' not in page
    assert "曾国安" in page and "people.csv" in page
    found = client.get("/api/loads/1?lang=en").get_json()
    assert found["hindrances"][0] == "Load 2 changed u3 in Units."
    assert [row["row"] for row in found["rows"]["people"]] == [2, 3, 4]
    told = runner.invoke(args=["loads", "show", "1", "--json"])
    assert json.loads(told.stdout)["rows"] == found["rows"]
    assert client.get("/loads/7").status_code == 404


def test_load_is_undone_on_its_page_when_the_box_is_ticked(client: FlaskClient):
    assert 'action="/loads/2/undo"' in client.get("/loads/2").text
    assert client.post("/loads/2/undo", data={"by": "李明"}).status_code == 400
    assert client.get("/units/u4").status_code == 200
    answer = client.post("/loads/2/undo?lang=en", data={"by": "李明", "confirmed": "yes"})
    assert (answer.status_code, answer.location) == (303, "/loads/2")
    assert "Undone by 李明" in client.get("/loads/2?lang=en").text
    assert client.get("/units/u4").status_code == 404
    again = client.post("/loads/2/undo?lang=en", data={"by": "李明", "confirmed": "yes"})
    assert again.status_code == 409 and "undone already" in again.text


def test_undoing_on_the_command_line(embedded_store: Store, runner: FlaskCliRunner):
    refused = runner.invoke(args=["loads", "undo", "1", "--by", "李明", "--json"])
    assert refused.exit_code == 1
    assert "u3" in json.loads(refused.stderr)["error"]["detail"]
    done = runner.invoke(args=["loads", "undo", "2", "--by", "李明", "--json"])
    assert json.loads(done.stdout) == {
        "load": "2", "removed": {"units": 1}, "restored": {"units": 1},
    }  # fmt: skip
    assert entry.stored(embedded_store, "units", "u3").values["name"] == "柳村"


def test_person_tells_where_it_is_from(client: FlaskClient):
    assert 'href="/loads/1"' in client.get("/people/t").text


def test_loads_are_told_after_the_wording_of_the_programme_was_edited(
    client: FlaskClient, runner: FlaskCliRunner, embedded_store: Store
):
    now = wording(embedded_store)
    tasks = [{"key": "survey", "zh": "调研", "en": "Survey"}]
    reword(embedded_store, {**now.parts, "growth_tasks": tasks}, by="甲", seen=now.marks)
    for id_ in ("1", "2"):
        assert client.get(f"/loads/{id_}").status_code == 200
        found = client.get(f"/api/loads/{id_}?lang=en").get_json()["hindrances"]
        told = runner.invoke(args=["loads", "show", id_, "--json"])
        assert told.exit_code == 0
        assert ("The programme trial was changed since." in found) == (id_ == "1")
    answer = client.post("/loads/2/undo", data={"by": "李明", "confirmed": "yes"})
    assert answer.status_code == 303


@pytest.mark.parametrize(("rows", "rest"), [(2, "4"), (3, "4"), (1, None)])
def test_load_that_did_not_end_names_the_one_that_stored_the_rest(
    client: FlaskClient, runner: FlaskCliRunner, embedded_store: Store, tmp_path: Path,
    rows: int, rest: str | None,
):  # fmt: skip
    people = "id,name\n" + "".join(f"k{n},甲\n" for n in range(rows))
    path = tmp_path / "killed"
    path.mkdir()
    (path / "people.csv").write_text(people, encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        load(embedded_store, path, on_progress=interrupt)
    embedded_store.write(
        "MATCH (l:Load {id: '3'}) SET l.tables = $tables",
        tables='{"people": {"file": "people.csv", "sheet": null, "new": 2}}',
    )
    assert client.get("/api/loads/3").json["completed_by"] is None
    assert "not finished" in client.get("/loads?lang=en").text
    load(embedded_store, path)
    assert client.get("/api/loads/3").json["completed_by"] == rest
    listed = client.get("/api/loads").json["loads"]
    assert [each["completed_by"] for each in listed] == [None, rest, None, None]
    said = {"en": "completed by load 4", "zh_Hans": "已由第 4 次导入补全"}
    for lang, text in said.items():
        assert (text in client.get(f"/loads?lang={lang}").text) is bool(rest)
        assert (text in client.get(f"/loads/3?lang={lang}").text) is bool(rest)
    assert "completed_by" in runner.invoke(args=["loads"]).stdout


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt
