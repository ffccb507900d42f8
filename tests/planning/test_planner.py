"""The one way to plans: read, solved in a worker, checked before anybody sees them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.planning_data import fill
from graph.errors import AppError, Conflict, InputError
from graph.programme import parse_programme, parse_rules
from jobs.store import Jobs
from loaders.load import load
from planning import planner
from planning.check import check
from planning.measures import gaps
from planning.plan import in_english, moves, plan_from
from planning.planner import PlanningContext, PlanRequest, verified
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from planning.solve.solver import solve
from tests.planning.small import PROGRAMME, district, trainee

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"
REQUEST = PlanRequest("2025-01-01", periods=4)
TWO_FOR_ONE_PLACE = Scenario(pins=(Pin("t", "gb", 1), Pin("u", "gb", 1)))


@pytest.fixture
def context(store):
    fill(
        store,
        district(
            [trainee("t"), trainee("u")],
            wishes=[
                {"person": "t", "post": "gb", "rank_of_wish": 1},
                {"person": "u", "post": "gb", "rank_of_wish": 2},
            ],
        ),
    )
    return PlanningContext(store, PROGRAMME)


@pytest.fixture
def jobs(tmp_path):
    return Jobs(tmp_path / "jobs")


@pytest.fixture(scope="module")
def shifeng():
    programme = parse_programme((SHIFENG / "programme.yaml").read_text(encoding="utf-8"))
    rules = (SHIFENG / "rules.yaml").read_text(encoding="utf-8")
    return programme, parse_rules(rules, programme=programme)


def test_plan_is_made_checked_and_has_its_costs_by_rule(context):
    plan = planner.make(context, REQUEST)
    assert plan.status == "optimal"
    assert sum(plan.costs.values()) == plan.cost == plan.bound
    assert check(context.store, PROGRAMME, plan.settings, plan.as_dict()).is_valid


def test_run_gives_the_same_plan_as_the_command(context, jobs):
    id_ = planner.begin(context, jobs, REQUEST)
    jobs.wait(id_, 120)
    found = planner.look(context, jobs, id_)
    assert found.state == "done"
    assert found.value.assignments == planner.make(context, REQUEST).assignments
    assert planner.request_of(found) == REQUEST


def test_plan_that_fails_the_check_is_not_shown(context):
    plan = planner.make(context, REQUEST)
    with pytest.raises(AppError) as caught:
        verified(context, replace(plan, cost=(plan.cost or 0) + 1))
    with pytest.raises(Conflict, match="have changed since the plan was made"):
        verified(context, replace(plan, cost=(plan.cost or 0) + 1, data_version="older"))
    assert "did not pass the independent check" in str(caught.value)


def test_impossible_plan_says_why_and_what_would_help(context):
    plan = planner.make(context, replace(REQUEST, scenario=TWO_FOR_ONE_PLACE))
    assert (plan.status, plan.cost, plan.assignments) == ("infeasible", None, ())
    assert sorted(rule for rule, _ in plan.conflict) == ["capacity", "pinned", "pinned"]
    assert plan.is_conflict_minimal
    value = plan.as_dict()
    assert {"rule", "message"} == set(value["conflict"][0])
    assert any(
        "Raise the capacity of 河西镇驻村队员 by 1." in said for said in value["relaxations"]
    )


def test_points_keep_a_pin_and_say_who_is_moved(context, jobs):
    base = planner.make(context, REQUEST)
    move = next(each for each in moves(base) if each.person == "t")
    id_ = planner.begin_points(context, jobs, base, forbids=(Pin("t", move.post, 0),))
    jobs.wait(id_, 120)
    points = planner.look(context, jobs, id_).value
    assert points[0].moved >= 1
    for point in points:
        assert not any(a.person == "t" and a.post == move.post and a.since == "2025-01-01"
                       for a in point.plan.assignments)  # fmt: skip
        assert sum(point.plan.costs.values()) == point.cost
        assert "学员t" in " ".join(in_english(change.sentence) for change in point.changes)


def test_other_posts_are_priced_in_a_run(context, jobs):
    base = planner.make(context, REQUEST)
    move = moves(base)[0]
    id_ = planner.begin_weighing(context, jobs, base, move.person, move.post)
    jobs.wait(id_, 120)
    found = planner.look(context, jobs, id_).value
    assert found
    assert all(each.extra is None or each.extra >= 0 for each in found)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (PlanRequest("2025-02-30"), "The plan cannot begin on"),
        (PlanRequest("2025-01-01", periods=0), "A horizon of 0 periods cannot be planned."),
        (PlanRequest("2025-01-01", period="week"), 'A period cannot be "week".'),
        (PlanRequest("2020-01-01"), "which is past: today is 2024-06-30."),
        (PlanRequest("2025-01-01", rules={"nothing": {}}), 'No planning rule is called "nothing".'),
        (PlanRequest("2025-01-01", scenario=Scenario(people=("x",))), 'No person has the id "x".'),
        (PlanRequest("2025-01-01", scenario=Scenario(pins=(Pin("t", "x", 0),))), 'the post "x"'),
        (PlanRequest("2025-01-01", scenario=Scenario(pins=(Pin("t", "gb", 9),))), "period 9"),
    ],
)
def test_what_cannot_be_planned_is_one_sentence_and_nothing_runs(context, jobs, request_, sentence):
    before = context.store.version()
    with pytest.raises(InputError) as caught:
        planner.begin(context, jobs, request_, today=date(2024, 6, 30))
    assert sentence in str(caught.value)
    assert jobs.all() == []
    assert context.store.version() == before


def test_too_many_seconds_are_refused():
    with pytest.raises(InputError):
        PlanRequest("2025-01-01", seconds=0)


@pytest.mark.slow
@pytest.mark.parametrize(("periods", "period"), [(4, "half-year"), (4, "quarter")])
def test_reference_district_is_planned_and_passes_the_check(
    embedded_store, shifeng, periods, period
):
    load(embedded_store, SHIFENG)
    context = PlanningContext(embedded_store, *shifeng)
    request = PlanRequest("2024-07-01", periods, period)
    problem = planner.problem_for(context, request)
    assert len(problem.people) == 46
    plan = planner.make(context, request)
    assert plan.status == "optimal"
    assert planner.check_plan(context, plan.as_dict()).is_valid
    assert planner.check_plan(context, plan.as_dict()).cost == plan.cost == solve(problem).cost
    before = sum(len(gap.before) for gap in gaps(problem, plan))
    after = sum(len(gap.after) for gap in gaps(problem, plan))
    assert after < before
    broken = plan.as_dict()
    broken["assignments"].append(dict(broken["assignments"][0], post="P03"))
    assert not check(embedded_store, context.programme, problem.settings, broken).is_valid
    assert plan_from(plan.as_dict()).as_dict()["assignments"] == plan.as_dict()["assignments"]
