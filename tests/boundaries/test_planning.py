"""Plans at a boundary: judged by the checker, found by the solver, each on its own reading."""

from dataclasses import replace

import pytest

from bench.planning_data import fill, make
from bench.planning_data import read as read_instance
from graph.programme import parse_programme
from planning.check import check
from planning.problem.defaults import adjust
from planning.problem.instance import Pin
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.replan import points, replan
from planning.solve.highs import solve_mip
from planning.solve.model import build
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import (
    HORIZON,
    PROGRAMME_TEXT,
    assigned,
    district,
    only,
    plan_file,
    rotation,
    trainee,
)


def broken(store, tables, settings, assignments, programme=small.PROGRAMME) -> dict[str, int]:
    """Judge a plan by the checker: the units broken by rule, hard and soft."""
    fill(store, tables)
    report = check(store, programme, settings, plan_file(assignments))
    found: dict[str, int] = {}
    for each in (*report.violations, *report.soft):
        found[each.rule] = found.get(each.rule, 0) + each.units
    return found


def programme_with(least: int, most: int = 24):
    text = PROGRAMME_TEXT.replace(
        "{key: rotation, at_least: 6, at_most: 24}",
        f"{{key: rotation, at_least: {least}, at_most: {most}}}",
    )
    return parse_programme(text)


ON_ROTATION = "2024-07-01"  # 6 months served on the first day, 12 on the next boundary


@pytest.mark.parametrize(
    ("least", "is_short"),
    [(11, False), (12, False), (13, True)],  # it ends after 12 months
)
def test_a_tenure_one_month_under_its_least_is_too_short(embedded_store, least, is_short):
    tables = district(rotations=[rotation("t", "rb", "rotation", ON_ROTATION)])
    programme, settings = programme_with(least), only("tenure")
    plan = [assigned("t", "rb", 0, 1, stays=True), assigned("t", "gc", 1, 4)]
    assert ("tenure" in broken(embedded_store, tables, settings, plan, programme)) == is_short
    scenario = Scenario(pins=(Pin("t", "rb", 0), Pin("t", "gc", 1)))
    problem = read_problem(embedded_store, programme, (), HORIZON, scenario, settings)
    assert (solve(problem).cost is None) == is_short


@pytest.mark.parametrize(
    ("since", "is_short"),
    [
        ("2024-06-30", False),
        ("2024-07-01", False),  # 12 months on 2025-07-01
        ("2024-07-02", True),  # 11 months and 30 days
        ("2024-08-01", True),  # a month less
    ],
)
def test_a_tenure_a_day_under_its_least_is_too_short(embedded_store, since, is_short):
    tables = district(rotations=[rotation("t", "rb", "rotation", since)])
    programme, settings = programme_with(12), only("tenure")
    plan = [assigned("t", "rb", 0, 1, stays=True), assigned("t", "gc", 1, 4)]
    assert ("tenure" in broken(embedded_store, tables, settings, plan, programme)) == is_short
    scenario = Scenario(pins=(Pin("t", "rb", 0), Pin("t", "gc", 1)))
    problem = read_problem(embedded_store, programme, (), HORIZON, scenario, settings)
    assert (solve(problem).cost is None) == is_short


@pytest.mark.parametrize(
    ("most", "is_long"),
    [(17, True), (18, False), (19, False)],  # three periods of six months
)
def test_a_new_tenure_one_month_over_its_most_is_too_long(embedded_store, most, is_long):
    programme, settings = programme_with(6, most), only("tenure")
    plan = [assigned("t", "gb", 0, 2), assigned("t", "rc", 2, 3)]
    held = [assigned("t", "rb", 0, 3)]
    found = broken(embedded_store, district(), settings, held, programme)
    assert ("tenure" in found) == is_long
    assert "tenure" not in broken_again(embedded_store, settings, plan, programme)
    scenario = Scenario(
        pins=tuple(Pin("t", "rb", t) for t in range(3)), forbids=(Pin("t", "rb", 3),)
    )
    problem = read_problem(embedded_store, programme, (), HORIZON, scenario, settings)
    assert (solve(problem).cost is None) == is_long


def broken_again(store, settings, assignments, programme) -> set[str]:
    report = check(store, programme, settings, plan_file(assignments))
    return {each.rule for each in (*report.violations, *report.soft)}


@pytest.mark.parametrize(
    ("capacity", "people", "over"), [(1, 1, 0), (1, 2, 1), (2, 2, 0), (2, 3, 1), (3, 2, 0)]
)
def test_a_capacity_exactly_met_is_kept(embedded_store, capacity, people, over):
    ids = ["t", "u", "v"][:people]
    tables = district([trainee(id_) for id_ in ids], posts=small.post("gb", capacity=capacity))
    plan = [assigned(id_, "gb", 0, 4) for id_ in ids]
    settings = only("capacity")
    assert broken(embedded_store, tables, settings, plan).get("capacity", 0) == over * 4
    scenario = Scenario(pins=tuple(Pin(id_, "gb", 0) for id_ in ids))
    problem = read_problem(embedded_store, small.PROGRAMME, (), HORIZON, scenario, settings)
    assert (solve(problem).cost is None) == bool(over)


@pytest.mark.parametrize(("begin", "over"), [(1, 1), (2, 0), (3, 0)])
def test_a_successor_from_the_day_of_the_end_fits(embedded_store, begin, over):
    tables = district([trainee("t"), trainee("u")])
    plan = [assigned("t", "gb", 0, 2), assigned("u", "gb", begin, 4)]
    found = broken(embedded_store, tables, only("capacity"), plan)
    assert found.get("capacity", 0) == over


@pytest.mark.parametrize(
    ("served", "units"),
    [
        ("2024-07-01", 1),  # 6 of 12 months: broken once, not by six months or one period
        ("2024-01-02", 1),  # 11 of 12
        ("2024-01-01", 0),  # 12
    ],
)
def test_a_missing_exercise_is_priced_whole_however_much_is_missing(embedded_store, served, units):
    """Whole-price rows: checker, solver and their costs agree."""
    rows = [rotation("t", "kb", "key_post", served, "2025-01-01"),
            rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")]  # fmt: skip
    settings = only("placed", exercises={"kind": "soft", "weight": 7})
    plan = [assigned("t", "rb", 0, 4)]
    found = broken(embedded_store, district(rotations=rows), settings, plan)
    assert found.get("exercises", 0) == units
    posts = [Pin("t", post, t) for t in range(4) for post in ("ka", "kb")]
    problem = read_problem(
        embedded_store, small.PROGRAMME, (), HORIZON, Scenario(forbids=tuple(posts)), settings
    )
    outcome = solve(problem)
    report = check(
        embedded_store, small.PROGRAMME, settings, plan_of(problem, outcome, Scenario()).as_dict()
    )
    (weight,) = [each.penalty for each in settings if each.name == "exercises"]
    assert outcome.cost == report.cost == weight * units
    assert outcome.bound == outcome.cost


def test_a_whole_price_is_paid_once_rather_than_a_dearer_way_taken(embedded_store):
    """Six months are missing: 7 once for all of them is less than 9 for a post nobody wished for;
    priced by the month it would be 42.
    """
    rows = [rotation("t", "kb", "key_post", "2024-07-01", "2025-01-01"),
            rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")]  # fmt: skip
    changes = {
        "exercises": {"kind": "soft", "weight": 7},
        "wishes": {"kind": "soft", "weight": 1, "parameters": {"unlisted": 9}},
    }
    tables = district(rotations=rows, wishes=[{"person": "t", "post": "rb", "rank_of_wish": 1}])
    problem = small.read(embedded_store, tables, only("placed", **changes))
    outcome = solve(problem)
    assert (outcome.cost, outcome.bound) == (7, 7)
    plan = plan_of(problem, outcome)
    assert {each.post for each in plan.assignments} == {"rb"}
    kept = replan(problem, plan, weight=100)  # the same price when the plan is the base of another
    assert kept is not None
    assert (kept.moved, kept.cost) == (0, 7)


def test_half_of_a_missing_exercise_is_paid_for_as_the_whole(embedded_store):
    """Twelve months are missing and six can be served: 7 is paid, and not half of it."""
    settings = only("placed", exercises={"kind": "soft", "weight": 7})
    rows = [rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")]
    later = tuple(Pin("t", post, t) for t in (1, 2, 3) for post in ("ka", "kb"))
    fill(embedded_store, district(rotations=rows))
    problem = read_problem(
        embedded_store, small.PROGRAMME, (), HORIZON, Scenario(forbids=later), settings
    )
    outcome = solve(problem)
    assert (outcome.cost, outcome.bound) == (7, 7)


@pytest.mark.parametrize("seed", [0, 2])
def test_whole_prices_lead_to_the_plan_that_the_whole_integer_programme_finds(embedded_store, seed):
    """Priced by the unit, the plan of seed 2 would be called the cheapest at 298 instead of 296."""
    soft = {
        "exercises": {"kind": "soft", "weight": 7},
        "stage_first": {"kind": "soft", "weight": 5},
    }
    instance = make(seed, people=8, posts=20, periods=6)
    instance = replace(instance, settings=adjust(instance.settings, soft))
    fill(embedded_store, instance.tables)
    problem = read_instance(embedded_store, instance)
    outcome, model = solve(problem), build(problem)
    expected = solve_mip(
        model.cost, model.upper, model.is_integer, model.rows, model.columns, model.coefs,
        model.row_lower, model.row_upper,
    )  # fmt: skip
    assert outcome.status == "optimal"
    assert outcome.cost == outcome.bound == round(expected.objective)


@pytest.mark.parametrize("seed", [0, 2])
def test_no_point_of_a_replan_is_dominated_by_another(embedded_store, seed):
    """Of two points one moves fewer people, the other costs less.

    Where moving costs nothing, many are moved for nothing: of seed 0 as dear as with one person
    moved, of seed 2 as dear as with the two who are moved later, when moving costs a little.
    """
    instance = make(seed, people=14, posts=20, periods=6)
    fill(embedded_store, instance.tables)
    problem = read_instance(embedded_store, instance)
    base = plan_of(problem, solve(problem))
    move = next(each for each in base.assignments if not each.stays)
    begin = [day.isoformat() for day in problem.horizon.days].index(move.since)
    changed = replace(problem, forbids=(Pin(move.person, move.post, begin),))
    pairs = [(each.moved, each.cost) for each in points(changed, base, seconds=60)]
    assert len(pairs) == (1 if seed == 0 else 2)
    for at_one, one in enumerate(pairs):
        for at_other, other in enumerate(pairs):
            assert at_one == at_other or not (one[0] <= other[0] and one[1] <= other[1])
