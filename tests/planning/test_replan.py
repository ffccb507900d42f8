"""Change a plan a little: few people moved, what that costs, and what changes in words."""

from dataclasses import replace

from bench.planning_data import fill, make, read
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from planning.replan import changes, points, replan
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import district, only, trainee


def forbidden_first_move(problem, base):
    move = next(each for each in base.assignments if not each.stays)
    days = [day.isoformat() for day in problem.horizon.days]
    return move, replace(problem, forbids=(Pin(move.person, move.post, days.index(move.since)),))


def test_nothing_changes_when_nothing_has_to(embedded_store):
    instance = make(1, people=14, posts=20, periods=6)
    fill(embedded_store, instance.tables)
    problem = read(embedded_store, instance)
    outcome = solve(problem)
    point = replan(problem, plan_of(problem, outcome), weight=100)
    assert (point.moved, point.cost, point.is_proved) == (0, outcome.cost, True)
    assert point.changes == ()


def test_forbidden_move_changes_few_people_and_points_are_pareto(embedded_store):
    instance = make(2, people=14, posts=20, periods=6)
    fill(embedded_store, instance.tables)
    problem = read(embedded_store, instance)
    base = plan_of(problem, solve(problem))
    move, changed = forbidden_first_move(problem, base)
    found = points(changed, base, seconds=60)
    assert all(point.is_proved for point in found)
    moved, costs = [p.moved for p in found], [p.cost for p in found]
    assert moved == sorted(set(moved))
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] == solve(changed).cost  # the last is the cheapest of all
    assert any(change.person == move.person for change in found[0].changes)
    for point in found:
        assert point.moved == len(changes(problem, base, point.plan))


def test_changes_say_what_was_and_what_is(embedded_store):
    settings = only("tenure", "placed", wishes={}, few_moves={})
    wishes = [{"person": "t", "post": "gb", "rank_of_wish": 1},
              {"person": "t", "post": "gc", "rank_of_wish": 2}]  # fmt: skip
    problem = small.read(embedded_store, district(wishes=wishes), settings)
    base = plan_of(problem, solve(problem))
    forbids = tuple(Pin("t", "gb", t) for t in range(4))
    point = replan(replace(problem, forbids=forbids), base, weight=100)
    assert [change.sentence.text() for change in point.changes] == [
        "学员t: 山口镇驻村队员 (2025-01-01 – 2027-01-01) instead of "
        "河西镇驻村队员 (2025-01-01 – 2027-01-01)."
    ]


def test_no_plan_at_all_has_no_points(embedded_store):
    scenario = Scenario(pins=(Pin("t", "gb", 0), Pin("u", "gb", 0)))
    people = [trainee("t"), trainee("u")]
    problem = small.read(embedded_store, district(people), only(), scenario)
    free = replace(problem, pins=())
    base = plan_of(free, solve(free))
    assert points(problem, base, seconds=10) == []
