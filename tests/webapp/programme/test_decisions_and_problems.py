"""The reserve list and problems of talks: by form, JSON and command; talks without their level."""

import json

import pytest

from graph.changes import changes_of
from graph.errors import InputError
from graph.settings import Settings
from graph.store import Store
from loaders import entry
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, SIX, loaded
from webapp import create_app


def app_of(store: Store):
    app = create_app(Settings(language="en"), store)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def problem(store: Store, id_: str = "K2") -> tuple[str | None, str | None]:
    row = store.read(
        "MATCH (r:Record {id: $id}) RETURN r.closed_on AS on, r.outcome AS outcome", id=id_
    )[0]
    return row["on"], row["outcome"]


@pytest.fixture
def six(embedded_store: Store) -> Store:
    return loaded(embedded_store, SIX)


def test_a_problem_is_settled_on_its_page_and_a_wrong_day_is_told(six: Store):
    client = app_of(six).test_client()
    seen = client.get("/api/programme/problems/K2").json["seen"]
    sent = {"closed_on": "2024-05-30", "outcome": "已修好", "by": "组织科", "seen": seen}
    early = client.post("/programme/problems/K2", data=sent | {"closed_on": "2024-01-09"})
    assert early.status_code == 400  # raised on 2024-01-10
    assert client.post("/programme/problems/K2", data=sent | {"outcome": ""}).status_code == 400
    assert problem(six) == (None, None)
    assert client.post("/programme/problems/K2", data=sent).status_code == 303
    assert problem(six) == ("2024-05-30", "已修好")
    again = client.post("/programme/problems/K2", data=sent | {"outcome": "另一"})
    assert again.status_code == 409  # somebody settled it meanwhile
    assert problem(six) == ("2024-05-30", "已修好")
    assert [change.by for change in changes_of(six, "records", "K2")][-1] == "组织科"


def test_a_problem_is_settled_by_json_and_by_command(six: Store):
    app = app_of(six)
    client, runner = app.test_client(), app.test_cli_runner()
    address = "/api/programme/problems/K2"
    assert client.get("/api/programme/problems/nothing").status_code == 404
    for body in (
        {"closed_on": "soon", "outcome": "好"},
        {"closed_on": "2024-01-09", "outcome": "好"},
        {"closed_on": "2024-05-30", "outcome": " "},
        {"closed_on": "2024-05-30"},
    ):
        assert client.post(address, json=body).status_code == 400, body
    assert problem(six) == (None, None)
    told = client.post(address, json={"closed_on": "2024-05-30", "outcome": "已修好", "by": "甲"})
    assert (told.json["closed_on"], told.json["outcome"]) == ("2024-05-30", "已修好")
    assert problem(six) == ("2024-05-30", "已修好")
    asked = ["settle", "K6", "--closed-on", "2024-06-01", "--outcome", "已安排", "--by", "乙"]
    result = runner.invoke(args=[*asked, "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["record"] == "K6"
    assert problem(six, "K6") == ("2024-06-01", "已安排")
    refused = runner.invoke(args=["settle", "nothing", *asked[2:]])
    assert refused.exit_code != 0


TALKS = [  # data set, row without its level, level, a result of another kind
    (DISTRICT, {"person": "T001", "kind": "talk", "on": "2024-06-20"}, "district", "put_on"),
    (RESIDENCY, {"person": "R3", "kind": "review_talk", "on": "2024-06-20"}, "ward", "stipend"),
]


@pytest.mark.parametrize(("folder", "row", "level", "other"), TALKS)
def test_a_talk_without_level_or_with_a_strange_result_is_refused(
    embedded_store: Store, folder, row, level, other
):
    store = loaded(embedded_store, folder)
    count = store.read("MATCH (r:Record) RETURN count(r) AS n")
    for wrong, code, column in (
        (row, "needed-by-kind", "level"),
        (row | {"level": level, "result": other}, "result-of-other-kind", "result"),
    ):
        with pytest.raises(InputError) as error:
            entry.add(store, "records", wrong, by="组织科", language="zh_Hans")
        (problem_,) = error.value.problems
        assert (problem_.code, problem_.column) == (code, column)
    assert store.read("MATCH (r:Record) RETURN count(r) AS n") == count
    entry.add(store, "records", row | {"level": level}, by="组织科")
    client = app_of(store).test_client()
    body = client.post("/enter/records", data=row | {"by": "组织科"}).text
    assert "required" in body
    assert store.read("MATCH (r:Record) RETURN count(r) AS n")[0]["n"] == count[0]["n"] + 1


def test_the_reserve_list_is_decided_on_its_page_by_json_and_by_command(embedded_store: Store):
    app = app_of(loaded(embedded_store, DISTRICT))
    client, runner = app.test_client(), app.test_cli_runner()

    def listed(day: str) -> dict[str, str | None]:
        answer = client.get(f"/api/programme/reserve?on={day}").json
        return {each["person"]: each["until"] for each in answer["reserve"]}

    ready = [each["person"] for each in client.get("/api/programme/reserve").json["proposed"]]
    who, other = ready[:2]
    assert not {who, other} & set(listed("2024-06-30"))
    form = {"person": who, "decision": "put_on", "on": "2024-06-01", "until": "2024-06-30"}
    assert client.post("/programme/reserve", data=form).status_code == 400  # no name
    assert client.post("/programme/reserve", data=form | {"by": "组织科"}).status_code == 303
    assert who not in listed("2024-05-31")
    assert listed("2024-06-29")[who] is None  # an end to come is not shown on an earlier day
    assert who not in listed("2024-06-30")  # the term is over on its last day
    body = {"person": other, "decision": "put_on", "on": "2024-06-01", "by": "组织科"}
    told = client.post("/api/programme/reserve", json=body).json
    assert told["is_listed"] is True
    off = ["reserve", "take-off", other, "--from", "2024-06-30", "--document", "石组〔2024〕9号"]
    assert runner.invoke(args=off).exit_code == 0
    assert other in listed("2024-06-29")
    assert other not in listed("2024-06-30")
    wrong = client.post("/api/programme/reserve", json=body | {"decision": "maybe"})
    assert (wrong.status_code, "put_on or taken_off" in wrong.json["hint"]) == (400, True)
    command = json.loads(runner.invoke(args=["reserve", "--json"]).output)
    assert command == client.get("/api/programme/reserve").json
    page = client.get(f"/programme/reserve?person={other}&lang=zh_Hans").text
    assert "石组〔2024〕9号" in page


def test_a_list_that_the_programme_does_not_have_is_said(six: Store):
    client = app_of(six).test_client()
    assert client.get("/programme/reserve").status_code == 200
    body = {"person": "A", "decision": "put_on", "on": "2024-06-01"}
    assert client.post("/api/programme/reserve", json=body).status_code == 400
