"""Many new rows of a table on the page, as JSON and as a command: told, stored, undone as one."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import fromstring

from loaders.entry import add, rows_about
from loaders.events import events
from tests.conftest import application
from tests.small_graph import fill

MANY = {
    "by": "王",
    "shared-kind": "talk",
    "shared-level": "township",
    "shared-on": "2024-03-01",
    "shared-summary": "近况",
}


@pytest.fixture
def app(embedded_store, tmp_path: Path) -> Flask:
    return application(fill(embedded_store), tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def store_of(app: Flask):
    with app.app_context():
        return app.extensions["store"].get()


def talks(app: Flask, person: str) -> list[str]:
    rows = rows_about(store_of(app), "records", "person", person)
    return [str(row.values["on"]) for row in rows if row.values["kind"] == "talk"]


def words(answer) -> str:
    return " ".join(fromstring(answer.text).text_content().split())


def cells(answer) -> dict[str, str]:
    """What stands in the filled cells of the rows."""
    fields = fromstring(answer.text).xpath("//*[starts-with(@name, 'rows-')]")
    return {each.name: each.value for each in fields if each.value and each.get("type") is None}


def test_rows_are_pasted_told_stored_and_undone_as_one(app: Flask, client: FlaskClient):
    before = talks(app, "a"), talks(app, "b")
    pasted = "姓名\t摘要\n李明\t住房\n李敏\t\n"
    taken = client.post(
        "/enter/many/records?lang=en", data={**MANY, "pasted": pasted, "do": "take"}
    )
    rows = cells(taken)
    assert rows == {"rows-0-person": "李明", "rows-0-summary": "住房", "rows-1-person": "李敏"}
    told = client.post("/enter/many/records?lang=en", data={**MANY, **rows, "do": "tell"})
    assert "2 rows are right and would be stored." in words(told)
    rows = cells(told)  # names are settled: ids stand in the cells, whose they are beside them
    assert (rows["rows-0-person"], rows["rows-1-person"]) == ("a", "b") and "李敏" in words(told)
    assert (talks(app, "a"), talks(app, "b")) == before
    stored = client.post("/enter/many/records", data={**MANY, **rows, "do": "store"})
    assert stored.status_code == 303
    assert len(talks(app, "a")) == len(before[0]) + 1
    assert "Records: 2 rows" in words(client.get("/events?lang=en"))
    (kept,) = events(store_of(app))
    assert client.post(f"/events/{kept.id}/undo", data={"by": "李"}).status_code == 303
    assert (talks(app, "a"), talks(app, "b")) == before


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        ({"rows-0-person": "nobody"}, {"rows-0-person": "There is no person nobody."}),
        ({"rows-0-person": "a", "rows-3-on": "soon"}, {"rows-1-person": "", "rows-1-on": "soon"}),
        ({"rows-0-person": "a", "rows-0-on": "2024-13-01"}, {"rows-0-on": "2024-13-01"}),
        ({"rows-0-person": "李敏", "rows-1-person": "李敏"}, {"rows-0-person": "may be 2"}),
        ({"rows-0-person": "a", "rows-0-name": "李敏"}, {}),  # id and name disagree
    ],
)
def test_what_is_wrong_stands_at_its_cell_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, sent, faults
):
    if sent.get("rows-1-person"):
        add(store_of(app), "people", {"id": "z", "name": "李敏"}, by="王")
    before = talks(app, "a")
    typed = {**sent, "rows-9-person": "b", "rows-9-summary": "别的"}
    answer = client.post("/enter/many/records?lang=en", data={**MANY, **typed, "do": "store"})
    assert answer.status_code == 400, words(answer)
    page = fromstring(answer.text)
    for name, text in faults.items():
        (fault,) = page.xpath(f"//*[@id='{name}-fault']")
        assert text in fault.text_content()
    assert "别的" in cells(answer).values()
    assert talks(app, "a") == before and events(store_of(app)) == []
    if sent.get("rows-1-person"):  # who fits is offered for each row
        offered = page.xpath("//select[@name='rows-0-person']/option/@value")
        assert offered == ["李敏", "b", "z"]


def test_a_row_may_be_left_out_and_a_doubt_asks_for_a_reason(app: Flask, client: FlaskClient):
    rows = {"rows-0-person": "a", "rows-1-person": "nobody", "rows-1-out": "yes"}
    late = {**MANY, **rows, "shared-on": "2999-01-01", "do": "store"}
    doubted = client.post("/enter/many/records?lang=en", data=late)
    assert doubted.status_code == 409
    assert "2999-01-01 is still to come." in words(doubted)
    right = {**MANY, **rows, "do": "store"}
    assert client.post("/enter/many/records", data=right).status_code == 303
    assert events(store_of(app))[0].rows == 1


def test_a_file_and_more_than_a_thousand_fields_are_taken(client: FlaskClient):
    rows = {
        f"rows-{at}-{heading}": "x"
        for at in range(300)
        for heading in ("person", "kind", "summary")
    }
    file = (BytesIO("人员,类别\nb,talk\n".encode()), "rows.csv")
    data = {**MANY, **rows, **{f"rows-{at}-result": "" for at in range(300)}, "file": file}
    taken = client.post("/enter/many/records", data={**data, "do": "take"})
    assert taken.status_code == 200
    assert cells(taken)["rows-300-person"] == "b"


def test_each_of_a_unit_or_cohort_gets_a_row(app: Flask, client: FlaskClient):
    everybody = cells(client.get("/enter/many/records?of_unit=root&kind=talk"))
    one = client.post("/enter/many/records", data={**MANY, "rows-0-person": "a", "do": "choose"})
    assert cells(one)["rows-0-person"] == "a" and set(everybody.values()) <= set(
        cells(one).values()
    )
    unknown = client.get("/enter/many/records?waiting_for=nothing")
    assert unknown.status_code == 404
    assert client.get("/enter/many/weather").status_code == 404


def test_json_and_command_tell_and_store_the_same(app: Flask, client: FlaskClient, tmp_path: Path):
    file = tmp_path / "talks.csv"
    file.write_text("姓名,日期,摘要\n李敏,2024-03-01,近况\n", "utf-8")
    shared = {"kind": "talk", "level": "township"}
    row = {"person": "李敏", "on": "2024-03-01", "summary": "近况"}
    body = {"rows": [row], "shared": shared, "by": "王"}
    told = client.post("/api/enter/many/records", json={**body, "dry_run": True}).json
    assert (told["stored"], told["rows"]) == (False, 1) and told["read_as"][0]["id"] == "b"
    runner = app.test_cli_runner()
    args = [
        "enter",
        "records",
        "--file",
        str(file),
        "--set",
        "kind=talk",
        "--set",
        "level=township",
    ]
    env = {"LANGUAGE": "en"}
    assert "第 2 行，姓名：“李敏”即 b" in runner.invoke(args=[*args, "--preview"], env=env).stdout
    refused = runner.invoke(args=args, env=env)
    assert refused.exit_code != 0 and "--confirm" in refused.output
    stored = runner.invoke(args=[*args, "--confirm", "--by", "王"], env=env)
    assert stored.exit_code == 0, stored.output
    again = client.post("/api/enter/many/records?lang=en", json={**body, "confirm": True})
    assert again.status_code == 400 and again.json["problems"][0]["row"] == 2
    column = client.post("/api/enter/many/records", json={"rows": [{"weather": "x"}]})
    assert column.status_code == 400
    listed = runner.invoke(args=["events"], env=env).stdout
    assert "成长记录：1 行" in listed
    wrong = runner.invoke(args=["enter", "records", "--set", "kind"], env=env)
    assert wrong.exit_code == 2
    nobody = runner.invoke(args=["enter", "records"], env=env)
    assert nobody.exit_code == 2 and "--waiting-for" in nobody.output
