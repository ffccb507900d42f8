"""Rotation planning: our solver beside a greedy planner and plain CP-SAT, on invented instances.

Each instance has a planted plan that holds. All three get the same model; every plan is judged by
the independent checker. `python -m bench.planning --seeds 3 --small` for a quick look.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from bench.planning_data import Instance, fill, make, read
from bench.report import as_table, machine, publish
from graph.settings import Settings
from graph.store import Store, open_store
from planning.careers import search, split
from planning.checking import check
from planning.explain import conflict
from planning.model import Model, build
from planning.outcome import Plan, plan_of
from planning.problem import Pin, Problem
from planning.replan import replan
from planning.solver import Outcome, solve
from planning.stints import Ints

SIZES = {"46 x 40 x 8": (46, 40), "200 x 120 x 8": (200, 120)}
SECONDS = {"46 x 40 x 8": 20.0, "200 x 120 x 8": 60.0}
PEER_SECONDS = {"46 x 40 x 8": 10.0, "200 x 120 x 8": 60.0}
PEER_SEEDS = {"46 x 40 x 8": 10, "200 x 120 x 8": 2}  # plain CP-SAT, per capacity


def main() -> None:
    """Run all instances and publish the table."""
    parser = argparse.ArgumentParser(prog="bench planning", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--small", action="store_true", help="only 46 x 40 x 8")
    arguments, _ = parser.parse_known_args()
    sizes = ["46 x 40 x 8"] if arguments.small else list(SIZES)
    cold = _cold_seconds()
    rows = [
        row
        for size in sizes
        for is_tight in (True, False)
        for row in _rows(size, is_tight, arguments.seeds)
    ]
    table = as_table(
        ["instance", "capacity", "planner", "seeds", "cost (mean)", "gap (worst)",
         "proved optimal", "valid", "seconds (median)", "seconds (worst)"],
        rows,
    )  # fmt: skip
    more = as_table(["46 x 40 x 8, warm", "median s", "worst s", "checked"], _more(arguments.seeds))
    publish(
        "planning",
        f"## Rotation planning\n\n{machine()}. A fresh process takes {cold:.1f} s for its first "
        f"46 x 40 x 8, compiling included.\n\n{table}\n\n{more}",
    )


def _cold_seconds() -> float:
    """Take the first instance of this process, when nothing is compiled or loaded yet."""
    with _stored(make(0)) as (store, instance):
        problem = read(store, instance)
        began = time.perf_counter()
        solve(problem, seconds=60)
        return time.perf_counter() - began


class _stored:
    """Hold an instance in an embedded store of its own."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def __enter__(self) -> tuple[Store, Instance]:
        self.folder = tempfile.TemporaryDirectory()
        url = f"embedded:{Path(self.folder.name) / 'graph.kgl'}"
        self.store = open_store(Settings(store_url=url))
        fill(self.store, self.instance.tables)
        return self.store, self.instance

    def __exit__(self, *_: object) -> None:
        self.store.close()
        self.folder.cleanup()


def _rows(size: str, is_tight: bool, seeds: int) -> Iterator[list[Any]]:
    people, posts = SIZES[size]
    results: dict[str, list[tuple[float | None, float | None, bool, bool, float]]] = {}
    for seed in range(seeds):
        with _stored(make(seed, people, posts, is_tight=is_tight)) as (store, instance):
            problem = read(store, instance)
            for name, work in (
                ("ours", _ours),
                ("greedy", _greedy),
                ("CP-SAT, 8 workers", _cp_sat),
            ):
                if work is _cp_sat and seed >= PEER_SEEDS[size]:
                    continue
                began = time.perf_counter()
                model, chosen, bound, is_proved = work(problem, size)
                took = time.perf_counter() - began
                cost, is_valid = _judged(store, instance, problem, model, chosen)
                gap = None if cost is None or bound is None else max(0.0, cost - bound) / cost
                results.setdefault(name, []).append((cost, gap, is_proved, is_valid, took))
    for name, found in results.items():
        costs = [cost for cost, *_ in found if cost is not None]
        gaps = [gap for _, gap, *_ in found if gap is not None]
        times = [each[4] for each in found]
        yield [
            size,
            "tight" if is_tight else "loose",
            name,
            len(found),
            round(statistics.mean(costs)) if costs else "no plan",
            f"{max(gaps):.2%}" if gaps and len(gaps) == len(found) else "-",
            f"{sum(each[2] for each in found)} of {len(found)}",
            f"{sum(each[3] for each in found)} of {len(found)}",
            statistics.median(times),
            max(times),
        ]


Found = tuple[Model, Ints, float | None, bool]


def _ours(problem: Problem, size: str) -> Found:
    outcome = solve(problem, seconds=SECONDS[size])
    return outcome.model, outcome.chosen, outcome.bound, outcome.status == "optimal"


def _greedy(problem: Problem, size: str) -> Found:
    """Give one person after the other the cheapest whole life that still fits."""
    model = build(problem)
    lives = split(model)
    count = len(model.stints)
    place = np.empty(count, dtype=np.int64)
    place[lives.columns] = np.arange(count)
    entries = (model.columns < count) & lives.shared[model.rows] & (model.coefs > 0)
    entry_stint, entry_row = model.columns[entries], model.rows[entries]
    used = np.zeros(model.row_count)
    duals, chosen = np.zeros(len(lives.rows)), []
    for person in range(lives.people):
        is_full = used[entry_row] + 1 > model.row_upper[entry_row] + 1e-9
        has_flow = ~np.isfinite(model.row_lower[entry_row]) & (model.row_upper[entry_row] <= 0)
        blocked = np.unique(entry_stint[is_full & ~has_flow])
        weights = model.cost[:count][lives.columns].copy()
        weights[place[blocked]] += 1e4
        found = search(lives, person, weights, duals, 1e9)
        for plan in found.plans:
            stints = lives.columns[plan]
            chosen.append(stints)
            mine = np.isin(entry_stint, stints)
            np.add.at(used, entry_row[mine], 1.0)
    return model, np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64), None, False


def _cp_sat(problem: Problem, size: str) -> Found:
    """Give the same integer programme to CP-SAT as it is."""
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
    solver.parameters.max_time_in_seconds = PEER_SECONDS[size]
    solver.parameters.num_workers = 8
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return model, np.zeros(0, dtype=np.int64), solver.best_objective_bound, False
    values = np.array([solver.value(column) for column in columns[: len(model.stints)]])
    return model, np.flatnonzero(values), solver.best_objective_bound, status == cp_model.OPTIMAL


def _judged(
    store: Store, instance: Instance, problem: Problem, model: Model, chosen: Ints
) -> tuple[float | None, bool]:
    if not len(chosen):
        return None, False
    report = check(
        store,
        instance.programme,
        instance.settings,
        _plan(problem, model, chosen, instance).as_dict(),
    )
    return float(report.cost), report.is_valid


def _plan(problem: Problem, model: Model, chosen: Ints, instance: Instance) -> Plan:
    outcome = Outcome("feasible", model, np.sort(chosen), None, None, 0.0)
    return plan_of(problem, outcome, instance.scenario)


def _more(seeds: int) -> list[list[Any]]:
    """Time a re-plan (the first move of the plan forbidden) and a minimal explanation."""
    changed, explained, moved, verified = [], [], [], 0
    for seed in range(seeds):
        with _stored(make(seed)) as (store, instance):
            problem = read(store, instance)
            base = plan_of(problem, solve(problem, seconds=20), instance.scenario)
            move = next(each for each in base.assignments if not each.stays)
            days = [day.isoformat() for day in problem.horizon.days]
            pin = Pin(move.person, move.post, days.index(move.since))
            began = time.perf_counter()
            point = replan(replace(problem, forbids=(pin,)), base, weight=100, seconds=20)
            changed.append(time.perf_counter() - began)
            moved.append(point.moved if point else 0)
            clash = replace(problem, pins=_clash(problem))
            began = time.perf_counter()
            found = conflict(clash)
            explained.append(time.perf_counter() - began)
            verified += found is not None and found.is_verified
    return [
        ["re-plan after one move is forbidden", statistics.median(changed), max(changed),
         f"{statistics.mean(moved):.1f} people moved"],
        ["minimal explanation of two pins on one place", statistics.median(explained),
         max(explained), f"{verified} of {seeds} verified"],
    ]  # fmt: skip


def _clash(problem: Problem) -> tuple[Pin, ...]:
    """Pin more people to a post in one period than it has places."""
    model = build(problem)
    stints, period = model.stints, problem.horizon.periods // 2
    for q, post in enumerate(problem.posts):
        here = (stints.post == q) & (stints.begin <= period) & (stints.end > period)
        people = sorted({problem.people[p].id for p in stints.person[here]})
        places = problem.places(post, period)
        if places == 1 and len(people) > places:
            return tuple(Pin(id_, post.id, period) for id_ in people[: places + 1])
    raise ValueError("no post has a single place")


if __name__ == "__main__":
    main()
