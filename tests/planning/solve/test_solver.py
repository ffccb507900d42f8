"""The solver against the plain integer programme, and what it promises while it runs."""

import math
from dataclasses import replace

import numpy as np
import pytest

from bench.planning_data import fill, make, read
from planning.problem.instance import Pin
from planning.problem.postings import IDLE
from planning.solve.highs import OPTIMAL, solve_mip
from planning.solve.master import RestrictedMaster
from planning.solve.model import build
from planning.solve.plans import plan_of
from planning.solve.pricing import search
from planning.solve.relaxation import relax
from planning.solve.solver import solve
from planning.solve.state import Outcome, SolverProgress
from planning.solve.subproblems import split
from tests.planning import small
from tests.planning.small import district, only, rotation, trainee


@pytest.fixture
def stored(embedded_store):
    def store_instance(seed: int, people: int = 14, is_tight: bool = True):
        embedded_store.write("MATCH (n) DETACH DELETE n")
        instance = make(seed, people, posts=20, periods=6, is_tight=is_tight)
        fill(embedded_store, instance.tables)
        return read(embedded_store, instance)

    return store_instance


def whole_programme(problem):
    model = build(problem)
    return model, solve_mip(
        model.cost,
        model.upper,
        model.is_integer,
        model.rows,
        model.columns,
        model.coefs,
        model.row_lower,
        model.row_upper,
    )


@pytest.mark.parametrize(("seed", "is_tight"), [(0, True), (1, False), (2, True)])
def test_plan_is_as_cheap_as_the_whole_integer_programme_says(stored, seed, is_tight):
    problem = stored(seed, is_tight=is_tight)
    outcome = solve(problem)
    _, expected = whole_programme(problem)
    assert outcome.status == expected.status == OPTIMAL
    assert outcome.cost == round(expected.objective)
    assert outcome.bound == outcome.cost
    assert outcome.gap == 0


def test_same_seed_gives_the_same_plan(stored):
    problem = stored(3)
    first, again = solve(problem, seed=5), solve(problem, seed=5)
    assert first.chosen.tolist() == again.chosen.tolist()
    assert [(p.stage, p.cost, p.bound) for p in first.log] == [
        (p.stage, p.cost, p.bound) for p in again.log
    ]


def test_progress_only_improves_and_the_bound_stays_below_the_cost(stored):
    log: list[SolverProgress] = []
    solve(stored(4, people=20), on_progress=log.append)
    costs = [p.cost for p in log if p.cost is not None]
    bounds = [p.bound for p in log if p.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert all(p.bound <= p.cost for p in log if p.cost is not None and p.bound is not None)


def test_stopped_solve_keeps_the_best_plan_so_far(stored):
    better: list[Outcome] = []
    outcome = solve(stored(5, people=20), on_better=better.append, is_stopped=lambda: bool(better))
    assert outcome.status in ("feasible", "optimal")
    assert outcome.cost == better[0].cost
    assert outcome.cost is not None and outcome.bound is not None
    assert outcome.bound <= outcome.cost


def test_solve_that_is_over_before_a_bound_keeps_its_plan(stored, monkeypatch):
    problem = stored(5, people=20)
    monkeypatch.setattr(
        "planning.solve.relaxation.MANY", 0
    )  # the first programme then proves no bound
    better: list[Outcome] = []
    outcome = solve(problem, on_better=better.append, is_stopped=lambda: bool(better))
    assert (outcome.status, outcome.bound, outcome.gap) == ("feasible", None, None)
    assert outcome.cost == better[0].cost


def test_effort_limits_the_rounds_without_a_clock(stored):
    problem = stored(6, people=20)
    once, twice = solve(problem, effort=1), solve(problem, effort=1)
    assert sum(p.stage == "priced" for p in once.log) <= 1
    assert once.chosen.tolist() == twice.chosen.tolist()


def test_solve_ends_when_the_gap_is_enough(stored):
    problem = stored(4, people=20)
    outcome = solve(problem, enough=0.5)
    whole = solve(problem)
    assert outcome.gap is not None and outcome.gap <= 0.5
    assert len(outcome.log) < len(whole.log)
    assert outcome.bound <= whole.cost <= outcome.cost


def test_postings_that_a_better_plan_may_use_are_never_left_out(stored):
    problem = stored(2)
    model = build(problem)
    relaxed, best = relax(model), solve(problem, model=model)
    master = RestrictedMaster(model, relaxed.duals[: model.row_count])
    master.price(master.duals)
    used = master.within(best.cost - master.bound)
    assert used[best.chosen].all()
    assert used.sum() < len(model.postings)


def test_duals_with_a_wrong_sign_by_a_hair_still_give_a_bound(stored):
    model = build(stored(1))
    duals = relax(model).duals[: model.row_count].copy()
    master = RestrictedMaster(model, duals)
    wrong = np.where(np.isinf(master.shared.lower) & (master.duals == 0), 1e-12, master.duals)
    assert master.price(wrong).bound == pytest.approx(master.price(master.duals).bound)
    assert np.isfinite(master.bound)


def test_impossible_problem_is_a_result(stored):
    problem = stored(0)
    impossible = replace(problem, posts=tuple(replace(p, capacity=0) for p in problem.posts))
    outcome = solve(impossible)
    assert outcome.status == "infeasible"
    assert (outcome.cost, outcome.bound, len(outcome.chosen)) == (None, None, 0)
    assert plan_of(impossible, outcome).assignments == ()


def test_pin_is_kept(stored):
    problem = stored(1)
    model = build(problem)
    new = np.flatnonzero(model.postings.is_new & (model.postings.post != IDLE))
    j = new[len(new) // 2]
    pin = Pin(
        problem.people[model.postings.person[j]].id,
        problem.posts[model.postings.post[j]].id,
        int(model.postings.begin[j]),
    )
    outcome = solve(replace(problem, pins=(pin,)))
    if outcome.status == "infeasible":  # then the plain programme must say so too
        assert whole_programme(replace(problem, pins=(pin,)))[1].status == "infeasible"
        return
    day = problem.horizon.name(pin.period)
    held = plan_of(problem, outcome).assignments
    assert any(
        (a.person, a.post) == (pin.person, pin.post) and a.since <= day < a.until for a in held
    )


@pytest.mark.parametrize("seed", range(3))
def test_cheapest_plan_is_that_of_the_integer_programme_of_one_person(stored, seed):
    problem = stored(seed)
    model = build(problem)
    subproblems = split(model)
    rng = np.random.default_rng(seed)
    weights = rng.integers(-5, 20, len(model.postings)).astype(float)
    for person in range(0, subproblems.people, 5):
        low, high = subproblems.first_main[person], subproblems.first_main[person + 1]
        found = search(subproblems, person, weights, np.zeros(len(subproblems.rows)), math.inf)
        mine = np.zeros(model.column_count, dtype=bool)
        mine[subproblems.postings[low:high]] = True
        cost = np.zeros(model.column_count)
        cost[subproblems.postings] = weights
        columns = np.flatnonzero(mine)
        kept = mine[model.columns]
        own = np.zeros(model.row_count, dtype=bool)
        own[model.rows[kept]] = True
        own &= ~subproblems.shared
        kept &= own[model.rows]
        rows = np.flatnonzero(own)
        row_number, number = np.cumsum(own) - 1, np.cumsum(mine) - 1
        slack = np.flatnonzero(model.slack_of_row[rows] >= 0)  # soft rows of this person
        block = model.block_of_row[rows[slack]]
        price = np.array([model.blocks[b].setting.penalty for b in block], dtype=float)
        sign = np.where(np.isfinite(model.row_lower[rows[slack]]), 1.0, -1.0)
        solved = solve_mip(
            np.concatenate([cost[columns], price]),
            np.concatenate([model.upper[columns], np.full(len(slack), np.inf)]),
            np.concatenate([np.ones(len(columns), dtype=bool), np.zeros(len(slack), dtype=bool)]),
            np.concatenate([row_number[model.rows[kept]], slack]),
            np.concatenate([number[model.columns[kept]], len(columns) + np.arange(len(slack))]),
            np.concatenate([model.coefs[kept], sign]),
            model.row_lower[rows],
            model.row_upper[rows],
        )
        assert solved.status == OPTIMAL
        assert found.is_complete
        assert found.values[0] == pytest.approx(solved.objective)


def test_longest_time_is_not_dodged_by_beginning_anew_in_the_same_post(embedded_store):
    """Nobody may stay in a rotation for more than two years, though units may be returned to."""
    tables = district(
        [trainee("t")],
        [rotation("t", "rc", "rotation", "2024-01-01")],
        wishes=[{"person": "t", "post": "rc", "rank_of_wish": 1}],
    )
    problem = small.read(embedded_store, tables, only("tenure", "placed", wishes={}))
    plan = plan_of(problem, solve(problem))
    held = [(a.since, a.until) for a in plan.assignments if a.post == "rc"]
    assert len(held) <= 2
    assert all(one[1] != other[0] for one in held for other in held)
    assert "2027-01-01" not in {until for since, until in held if since == "2025-01-01"}
