"""Plans in the graph: kept, accepted as planned rotations, withdrawn again; on both engines."""

import pytest

from graph.errors import Conflict, InputError, NotFound
from graph.store import Store
from planning.kept_plans import accept, doubted, keep, plans, show, withdraw
from planning.plan import Plan, moves
from planning.problem.horizon import Horizon, horizon
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from queries.quality.accepted import acceptances
from queries.quality.confirming import Doubtful
from tests.planning import small
from tests.planning.small import HORIZON, PROGRAMME, district, only, rotation, trainee

SETTINGS = only("tenure", "placed", wishes={}, few_moves={})
ROTATIONS = """
MATCH (p:Person)-[r:ROTATED_TO]->(q:Post)
RETURN r.id AS id, p.id AS person, q.id AS post, r.since AS since, r.until AS until,
       r.status AS status, r.kind AS kind, r.rank AS rank
ORDER BY id
"""


def made(store: Store, asked: Horizon = HORIZON) -> Plan:
    """Fill an empty store with two people and plan for them."""
    tables = district(
        [trainee("t"), trainee("u")],
        [
            rotation("u", "rc", "rotation", "2024-07-01"),
            rotation("u", "gb", "grassroots", "2030-01-01", status="planned"),
        ],
        wishes=[{"person": "t", "post": "gb", "rank_of_wish": 1}],
    )
    problem = small.read(store, tables, SETTINGS, asked=asked)
    return plan_of(problem, solve(problem))


@pytest.fixture
def planned(store):
    return store, made(store)


def rotations(store) -> set[tuple]:
    return {tuple(row.values()) for row in store.read(ROTATIONS)}


def test_kept_plan_is_listed_and_comes_back(planned):
    store, plan = planned
    id_ = keep(store, plan, "  第一稿 ")
    assert keep(store, plan, "第一稿") == id_ == "plan-1"
    (kept,) = plans(store)
    assert (kept.name, kept.status, kept.cost) == ("第一稿", "kept", plan.cost)
    assert (kept.since, kept.until, kept.moves) == ("2025-01-01", "2027-01-01", len(moves(plan)))
    back = show(store, id_)
    assert back.assignments == plan.assignments
    assert back.settings == plan.settings
    assert keep(store, plan, "第二稿") == "plan-2"


def test_accepting_writes_planned_rotations_and_withdrawing_removes_exactly_those(planned):
    store, plan = planned
    before = rotations(store)
    id_ = keep(store, plan, "第一稿")
    assert accept(store, PROGRAMME, id_) == (len(moves(plan)), ())
    new = rotations(store) - before
    assert {(row[1], row[2], row[3], row[4], row[5], row[6]) for row in new} == {
        (m.person, m.post, m.since, m.until, "planned", m.kind) for m in moves(plan)
    }
    assert ("t", "gb", "科员") in {(row[1], row[2], row[7]) for row in new}
    assert accept(store, PROGRAMME, id_).written == len(moves(plan))  # once more changes nothing
    assert plans(store)[0].status == "accepted"
    assert withdraw(store, id_) == len(moves(plan))
    assert rotations(store) == before
    assert plans(store)[0].status == "withdrawn"
    with pytest.raises(Conflict):
        withdraw(store, id_)


def test_what_the_rules_doubt_of_a_plan_is_confirmed_with_a_reason_or_nothing_is_written(planned):
    store, plan = planned
    id_ = keep(store, plan, "第一稿")
    assert doubted(store, PROGRAMME, id_) == ()
    store.write(
        "MATCH (p:Person {id: 't'}), (q:Post {id: 'rc'}) CREATE (p)-[:ROTATED_TO {id: 'before', "
        "kind: 'rotation', since: '2024-01-01', until: '2024-06-01', rank: '正科'}]->(q)"
    )
    before = rotations(store)
    (doubt,) = doubted(store, PROGRAMME, id_)
    assert doubt.text().startswith("As planned: ")
    assert "falls from 正科 to 科员" in doubt.text()
    for by, reason, refusal in (("王芳", " ", Doubtful), (" ", "组织决定", InputError)):
        with pytest.raises(refusal):
            accept(store, PROGRAMME, id_, by=by, reason=reason)
        assert rotations(store) == before
        assert plans(store)[0].status == "kept"
    done = accept(store, PROGRAMME, id_, by="王芳", reason="组织决定")
    assert (done.written, done.doubts) == (len(moves(plan)), (doubt,))
    assert doubted(store, PROGRAMME, id_) == ()
    (held,) = acceptances(store).values()
    assert (held.kind, held.by, held.reason) == ("planned_rank", "王芳", "组织决定")


def test_what_keeping_accepting_and_withdrawing_touch_is_known(planned):
    store, plan = planned
    before = store.version()
    id_ = keep(store, plan, "p")
    kept = store.touched_since(before)
    accept(store, PROGRAMME, id_)
    before = store.version()
    withdraw(store, id_)
    withdrawn = store.touched_since(before)
    assert kept is not None
    assert kept.ids("Plan") == {id_}
    assert not kept.ids("ROTATED_TO")
    assert withdrawn is not None
    assert withdrawn.ids("Plan") == {id_}
    assert withdrawn.ids("ROTATED_TO") or withdrawn.ids("ROTATED_TO", end="Person")


def test_two_plans_for_the_same_time_are_not_accepted_together(planned):
    store, plan = planned
    first, second = keep(store, plan, "第一稿"), keep(store, plan, "第二稿")
    accept(store, PROGRAMME, first)
    with pytest.raises(Conflict) as caught:
        accept(store, PROGRAMME, second)
    assert "Withdraw plan-1 first." in str(caught.value)


@pytest.mark.parametrize(
    ("since", "is_free"),
    [
        ("2024-01-01", True),  # ends on the day on which the accepted one begins
        ("2024-07-01", False),
        ("2026-07-01", False),
        ("2027-01-01", True),  # begins on the day on which the accepted one ends
    ],
)
def test_periods_of_two_accepted_plans_may_touch_and_not_overlap(store, since, is_free):
    other = keep(store, made(store, horizon(since, 2)), "旁边")
    store.write("MATCH (p:Plan) SET p.status = 'accepted'")
    id_ = keep(store, made(store), "第一稿")
    if is_free:
        assert accept(store, PROGRAMME, id_).written > 0
    else:
        with pytest.raises(Conflict) as caught:
            accept(store, PROGRAMME, id_)
        assert f"Withdraw {other} first." in str(caught.value)


def test_plan_that_the_data_of_now_forbid_is_not_accepted(planned):
    store, plan = planned
    id_ = keep(store, plan, "第一稿")
    store.write("MATCH (q:Post {id: 'gb'}) SET q.capacity = 0")
    before = rotations(store)
    with pytest.raises(Conflict) as caught:
        accept(store, PROGRAMME, id_)
    assert "The data have changed since plan-1 was made" in str(caught.value)
    assert rotations(store) == before
    assert plans(store)[0].status == "kept"


def test_unknown_plan_and_nameless_plan_are_errors(planned):
    store, plan = planned
    with pytest.raises(NotFound) as caught:
        show(store, "plan-9")
    assert "Kept plans: -." in str(caught.value)
    with pytest.raises(InputError):
        keep(store, plan, "   ")
