"""Eight people keep, accept and withdraw plans in the same moment, on both engines."""

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from graph.schema import PROGRAMME as PROGRAMME_LABEL
from graph.settings import Settings
from graph.store import Store
from graph.upsert import upsert_nodes
from planning.kept_plans import accept, keep, plans
from planning.plan import Plan, moves
from tests.at_once import MANY, at_once
from tests.planning.small import PROGRAMME, PROGRAMME_TEXT
from tests.planning.test_kept_plans import made
from webapp import create_app

WRITTEN = """
MATCH (:Person)-[r:ROTATED_TO]->(:Post)
WHERE r.id STARTS WITH 'plan-'
RETURN r.id AS id
ORDER BY id
"""


@pytest.fixture
def plan(store: Store) -> Plan:
    """A plan for two people, in a store with their programme."""
    props = {"name": "small", "rules": PROGRAMME_TEXT}
    upsert_nodes(store, PROGRAMME_LABEL, [{"id": "small", "props": props}])
    return made(store)


@pytest.fixture
def app(store: Store, plan: Plan, tmp_path: Path) -> Flask:
    made = create_app(Settings(language="en"), store)
    made.config.update(WTF_CSRF_ENABLED=False, UPLOAD_FOLDER=str(tmp_path / "uploads"))
    return made


def written(store: Store) -> list[str]:
    return [row["id"] for row in store.read(WRITTEN)]


def of(id_: str, plan: Plan) -> list[str]:
    return sorted(f"{id_}:{each.person}:{each.post}:{each.since}" for each in moves(plan))


def posted(app: Flask, path: str, name: str = "") -> TestResponse:
    return app.test_client().post(path, json={"name": name} if name else {})


def one(answers: list[TestResponse]) -> int:
    """Return the number of the one that was done; all others were told a Conflict."""
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [200, *[409] * (MANY - 1)]
    return codes.index(200)


def test_eight_names_are_eight_plans(app: Flask, store: Store, plan: Plan):
    keep(store, plan, "第一稿")
    answers = at_once(lambda n: posted(app, "/api/plans/plan-1/keep", f"稿{n}"))
    assert [answer.status_code for answer in answers] == [200] * MANY
    listed = app.test_client().get("/api/plans").get_json()["plans"]
    kept = {row["name"]: row["id"] for row in listed}
    acknowledged = {f"稿{n}": answer.get_json()["id"] for n, answer in enumerate(answers)}
    assert kept == {"第一稿": "plan-1"} | acknowledged
    assert len(set(kept.values())) == MANY + 1


def test_eight_names_on_the_page_are_eight_plans(app: Flask, store: Store, plan: Plan):
    keep(store, plan, "第一稿")
    answers = at_once(
        lambda n: app.test_client().post("/plans/plan-1/keep", data={"name": f"稿{n}"})
    )
    shown = {answer.headers["Location"].rsplit("/", 1)[-1]: n for n, answer in enumerate(answers)}
    assert {each.id: each.name for each in plans(store)} == {
        "plan-1": "第一稿",
        **{id_: f"稿{n}" for id_, n in shown.items()},
    }


def test_the_same_name_is_kept_once(store: Store, plan: Plan):
    assert set(at_once(lambda _: keep(store, plan, "第一稿"))) == {"plan-1"}
    assert len(plans(store)) == 1


def test_one_of_eight_plans_for_the_same_time_is_accepted(app: Flask, store: Store, plan: Plan):
    ids = [keep(store, plan, f"稿{n}") for n in range(MANY)]
    answers = at_once(lambda n: posted(app, f"/api/plans/{ids[n]}/accept"))
    first = one(answers)
    assert answers[first].get_json()["written"] == len(moves(plan))
    assert written(store) == of(ids[first], plan)
    assert [each.id for each in plans(store) if each.status == "accepted"] == [ids[first]]
    told = answers[first - 1].get_json()
    assert told["detail"] == f"稿{first} ({ids[first]}) is accepted for 2025-01-01 to 2027-01-01."
    assert told["hint"] == f"Withdraw {ids[first]} first."


def test_accepting_one_plan_eight_times_writes_it_once(app: Flask, store: Store, plan: Plan):
    keep(store, plan, "第一稿")
    answers = at_once(lambda _: posted(app, "/api/plans/plan-1/accept"))
    assert [answer.get_json()["written"] for answer in answers] == [len(moves(plan))] * MANY
    assert written(store) == of("plan-1", plan)


def test_a_plan_is_withdrawn_once(app: Flask, store: Store, plan: Plan):
    keep(store, plan, "第一稿")
    accept(store, PROGRAMME, "plan-1")
    answers = at_once(lambda _: posted(app, "/api/plans/plan-1/withdraw"))
    first = one(answers)
    assert answers[first].get_json()["removed"] == len(moves(plan))
    assert "plan-1 is not accepted" in answers[first - 1].get_json()["detail"]
    assert written(store) == []


def test_plans_accepted_and_withdrawn_at_once_leave_the_postings_of_the_accepted(
    app: Flask, store: Store, plan: Plan
):
    ids = [keep(store, plan, f"稿{n}") for n in range(MANY)]
    accept(store, PROGRAMME, ids[0])

    def do(number: int) -> None:
        for step in range(3):
            posted(app, f"/api/plans/{ids[number]}/{('accept', 'withdraw')[(number + step) % 2]}")

    at_once(do)
    accepted = [each.id for each in plans(store) if each.status == "accepted"]
    assert len(accepted) <= 1
    assert written(store) == [edge for id_ in accepted for edge in of(id_, plan)]
