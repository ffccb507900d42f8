"""What a user would plan with instead: a greedy planner, and CP-SAT on the same model as it is."""

from __future__ import annotations

import random

import numpy as np
from ortools.sat.python import cp_model

from planning.problem.instance import PlanningProblem
from planning.problem.postings import Flags, Floats, Ints
from planning.solve.model import Model, build
from planning.solve.pricing import search
from planning.solve.relaxation import relax
from planning.solve.subproblems import Subproblems, split

PLACED = 200  # people to place: all of them in so many orders as that allows, until one plan holds
NODES, FIRST = 100_000, 50  # of the search for one person's plan, and plans found first
BLOCKED = 10_000.0  # what a posting without room costs: the last resort
WANTED = 200.0  # what filling a post that must be covered, and is not yet, is worth

Found = tuple[Model, Ints, float | None, bool]


def greedy(problem: PlanningProblem) -> Found:
    """Return one person after the other the cheapest whole plan that still fits.

    Places, mentors and relatives of those before are respected while a plan that does so is left;
    of several orders of people the one that breaks least is taken.
    """
    model = build(problem)
    table = _Table(model, split(model))
    rng = random.Random(0)
    best: tuple[float, float, Ints] | None = None
    people = list(range(table.subproblems.people))
    for _ in range(max(1, PLACED // len(people))):
        broken, cost, chosen = table.fill(people)
        if best is None or (broken, cost) < best[:2]:
            best = (broken, cost, chosen)
        if broken == 0:
            break
        rng.shuffle(people)
    return model, best[2] if best else np.zeros(0, dtype=np.int64), None, False


class _Table:
    """The shared rows of a model as room that is left, filled one person at a time."""

    def __init__(self, model: Model, subproblems: Subproblems) -> None:
        self.model, self.subproblems = model, subproblems
        relaxed = relax(model)  # makes the search quick, and changes no plan's cost
        has_duals = len(relaxed.duals) > 0
        self.duals: Floats = (
            relaxed.duals[subproblems.rows] if has_duals else np.zeros(len(subproblems.rows))
        )
        count = len(model.postings)
        self.place = np.empty(count, dtype=np.int64)
        self.place[subproblems.postings] = np.arange(count)
        mine = (model.columns < count) & subproblems.shared[model.rows]
        self.posting, self.row = model.columns[mine], model.rows[mine]
        self.coef = model.coefs[mine]
        self.room = model.row_upper.copy()
        flows = model.columns >= count
        flow_row, flow_column = model.rows[flows], model.columns[flows]
        load = {  # the row that limits each column of mentoring
            int(c): int(r)
            for r, c, v in zip(flow_row, flow_column, model.coefs[flows], strict=True)
            if v > 0
        }
        for r, c, v in zip(flow_row, flow_column, model.coefs[flows], strict=True):
            if v < 0 and int(c) in load:
                self.room[r] += model.row_upper[load[int(c)]]

    def fill(self, people: list[int]) -> tuple[float, float, Ints]:
        """Place everybody in an order; give the units broken, the cost and the postings."""
        subproblems, count = self.subproblems, len(self.model.postings)
        used, chosen = np.zeros(self.model.row_count), []
        for person in people:
            weights = self.model.cost[:count][subproblems.postings].copy()
            is_full: Flags = used[self.row] + self.coef > self.room[self.row] + 1e-9
            is_short: Flags = used[self.row] < self.model.row_lower[self.row]
            weights[self.place[np.unique(self.posting[is_full])]] += BLOCKED
            np.subtract.at(weights, self.place[self.posting[is_short]], WANTED)
            found = search(subproblems, person, weights, self.duals, 1e9, nodes=NODES)
            if not found.plans:  # the best one is too hard to find: the best of the first ones
                found = search(subproblems, person, weights, self.duals, 1e9, FIRST, NODES)
            if found.plans:
                plan = found.plans[int(np.argmin(found.values))]
                postings = subproblems.postings[plan]
                chosen.append(postings)
                mine = np.isin(self.posting, postings)
                np.add.at(used, self.row[mine], self.coef[mine])
        rows = np.flatnonzero(self.subproblems.shared)
        over = np.maximum(used[rows] - self.room[rows], 0.0)
        short = np.maximum(self.model.row_lower[rows] - used[rows], 0.0)
        postings = np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)
        missing = len(people) - len(chosen)
        return (
            float(over.sum() + short.sum()) + missing,
            float(self.model.cost[postings].sum()),
            postings,
        )


def cp_sat(problem: PlanningProblem, seconds: float, enough: float) -> Found:
    """Return the same integer programme to CP-SAT as it is, with eight workers."""
    model = build(problem)
    cp = cp_model.CpModel()
    columns = [cp.new_int_var(0, int(min(upper, 100)), "") for upper in model.upper]
    order = np.argsort(model.rows, kind="stable")
    first = np.searchsorted(model.rows[order], np.arange(model.row_count + 1))
    for row in range(model.row_count):
        entries = order[first[row] : first[row + 1]]
        if not len(entries):
            continue
        total = cp_model.LinearExpr.weighted_sum(
            [columns[c] for c in model.columns[entries]], [int(v) for v in model.coefs[entries]]
        )
        low, high = model.row_lower[row], model.row_upper[row]
        if np.isfinite(low) and low == high:
            cp.add(total == int(low))
            continue
        if np.isfinite(low):
            cp.add(total >= int(low))
        if np.isfinite(high):
            cp.add(total <= int(high))
    cp.minimize(cp_model.LinearExpr.weighted_sum(columns, [int(v) for v in model.cost]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 8
    solver.parameters.relative_gap_limit = enough
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return model, np.zeros(0, dtype=np.int64), solver.best_objective_bound, False
    values = np.array([solver.value(column) for column in columns[: len(model.postings)]])
    bound = solver.best_objective_bound
    is_proved = status == cp_model.OPTIMAL and bound >= solver.objective_value - 0.5
    return model, np.flatnonzero(values), bound, is_proved
