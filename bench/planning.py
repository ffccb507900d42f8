"""Rotation planning: our solver beside a greedy planner and plain CP-SAT, on invented instances.

Each instance has a planted plan that holds. All planners get the same model and limit of time,
and every plan is judged by the independent checker. `SEEDS=2 make bench ARGS=planning` is quick.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.planning_data import Instance, fill, make, read
from bench.planning_peers import Found, cp_sat, greedy
from bench.report import as_table, in_own_process, machine, publish
from graph.settings import Settings
from graph.store import Store, open_store
from planning.check import check
from planning.explain.conflict import conflict
from planning.plan import Plan
from planning.problem.instance import Pin, PlanningProblem
from planning.problem.postings import Ints
from planning.replan import replan
from planning.solve.model import Model, build
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from planning.solve.state import Outcome


@dataclass(frozen=True)
class Size:
    """One size of instance, with what is aimed at: a gap within so many seconds."""

    name: str
    people: int
    posts: int
    limit: float  # seconds that every planner gets
    gap: float  # at which every planner may stop
    target: float  # seconds
    peer_seeds: int  # of the others, who use up their limit on the large ones


SMALL = Size("46 x 40 x 8", 46, 40, 15.0, 0.0, 2.0, 10)
LARGE = Size("200 x 120 x 8", 200, 120, 60.0, 0.01, 60.0, 4)
REPLAN, EXPLAIN, COLD = 2.0, 5.0, 10.0  # seconds aimed at, of the small size
PLANNERS = ("this planner", "greedy", "plain CP-SAT, 8 workers")


@dataclass(frozen=True)
class Result:
    """What one planner made of one instance; the checker judged cost and violations."""

    cost: float | None
    gap: float | None
    is_proved: bool
    violations: int | None  # None: no plan
    seconds: float
    cpu: float
    is_met: bool = False


def main() -> None:
    """Run all instances and publish the table."""
    parser = argparse.ArgumentParser(prog="bench planning", description=__doc__)
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "10")))
    parser.add_argument("--small", action="store_true", help=f"only {SMALL.name}")
    parser.add_argument("--cold", action="store_true", help=argparse.SUPPRESS)
    arguments, _ = parser.parse_known_args()
    if arguments.cold:
        print(json.dumps(_cold_seconds()))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:  # nothing compiled lies there yet
        first = in_own_process("bench.planning", "--cold", environment={"NUMBA_CACHE_DIR": folder})
        fresh = in_own_process("bench.planning", "--cold", environment={"NUMBA_CACHE_DIR": folder})
    _say(f"cold: {first:.1f} s when nothing is compiled yet, {fresh:.1f} s in a fresh process")
    with _stored(make(0)) as (store, instance):  # warm from here on
        solve(read(store, instance), seconds=SMALL.limit)
    rows = [
        row
        for size in ((SMALL,) if arguments.small else (SMALL, LARGE))
        for is_tight in (True, False)
        for row in _rows(size, is_tight, arguments.seeds)
    ]  # fmt: skip
    more = [row for is_tight in (True, False) for row in _more(is_tight, arguments.seeds)]
    table = as_table(
        ["people x posts x half-years", "places", "planner", "seeds", "target met", "cost, mean",
         "gap, worst", "proved optimal", "valid", "violations, mean", "seconds, median",
         "seconds, worst", "CPU seconds, worst"],
        rows,
    )  # fmt: skip
    small = as_table(
        [f"{SMALL.name}, warm", "places", "seeds", "target met", "seconds, median",
         "seconds, worst", "CPU seconds, worst", "what came out"],
        more,
    )  # fmt: skip
    publish(
        "planning",
        "## Rotation planning\n\n"
        f"{machine()}; other work on the machine at the beginning: {load:.1f} processes. Invented "
        "instances with a planted plan that holds; tight: just the places and mentors that it "
        "needs. Seconds begin when the problem is read, and include building the model.\n\n"
        f"Targets: {SMALL.name} proved optimal within {SMALL.target:g} s warm and {COLD:g} s cold, "
        f"re-planned within {REPLAN:g} s, a verified minimal explanation within {EXPLAIN:g} s; "
        f"{LARGE.name} proved within {LARGE.gap:.0%} in {LARGE.target:g} s. Every planner gets "
        f"{SMALL.limit:g} and {LARGE.limit:g} s, and may stop when the target's gap is proved.\n\n"
        f"Cold, {SMALL.name}, imports included: {fresh:.1f} s in a fresh process, {first:.1f} s "
        f"the first time ever, when nothing is compiled yet.\n\n{table}\n\n{small}",
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _cold_seconds() -> float:
    """Take the first instance of this process, when nothing is loaded yet; imports counted."""
    imports = time.process_time()
    with _stored(make(0)) as (store, instance):
        problem = read(store, instance)
        began = time.perf_counter()
        solve(problem, seconds=60)
        return imports + time.perf_counter() - began


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


# --- whole plans


def _rows(size: Size, is_tight: bool, seeds: int) -> Iterator[list[Any]]:
    results: dict[str, list[Result]] = {name: [] for name in PLANNERS}
    places = "tight" if is_tight else "loose"
    for seed in range(seeds):
        with _stored(make(seed, size.people, size.posts, is_tight=is_tight)) as (store, instance):
            problem = read(store, instance)
            for name in PLANNERS:
                if name != PLANNERS[0] and seed >= size.peer_seeds:
                    continue
                result = _result(name, size, store, instance, problem)
                results[name].append(result)
                _say(
                    f"{size.name} {places} seed {seed}, {name}: cost {result.cost}, "
                    f"gap {_percent(result.gap)}, violations {result.violations}, "
                    f"{result.seconds:.1f} s, CPU {result.cpu:.1f} s"
                )
    for name, found in results.items():
        if found:
            yield [size.name, places, name, *_summary(found)]


def _summary(found: list[Result]) -> list[Any]:
    """Sum up one planner's results; a seed without a plan counts in each "of"."""
    count = len(found)
    costs = [each.cost for each in found if each.cost is not None]
    gaps = [each.gap for each in found if each.gap is not None]
    violations = [each.violations for each in found if each.violations is not None]
    return [
        count,
        f"{sum(each.is_met for each in found)} of {count}",
        round(statistics.mean(costs)) if costs else "no plan",
        f"{max(gaps):.2%}" if len(gaps) == count else "-",
        f"{sum(each.is_proved for each in found)} of {count}",
        f"{sum(each.violations == 0 for each in found)} of {count}",
        round(statistics.mean(violations), 1) if violations else "-",
        statistics.median(each.seconds for each in found),
        max(each.seconds for each in found),
        max(each.cpu for each in found),
    ]


def _result(
    name: str, size: Size, store: Store, instance: Instance, problem: PlanningProblem
) -> Result:
    began, cpu = time.perf_counter(), time.process_time()
    try:
        model, chosen, bound, is_proved = _plan_by(name, size, problem)
    except Exception:  # the edge: a planner that breaks is a row of the table, not its end
        traceback.print_exc()
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        return Result(None, None, False, None, took, spent)
    took, spent = time.perf_counter() - began, time.process_time() - cpu
    if not len(chosen):
        return Result(None, None, False, None, took, spent)
    plan = _plan(problem, model, chosen, instance).as_dict()
    report = check(store, instance.programme, instance.settings, plan)
    cost, violations = float(report.cost), len(report.violations)
    gap = None if bound is None else max(0.0, cost - bound) / max(1.0, cost)
    is_near = is_proved if size.gap == 0 else gap is not None and gap <= size.gap
    is_met = is_near and violations == 0 and took <= size.target
    return Result(cost, gap, is_proved, violations, took, spent, is_met)


def _plan_by(name: str, size: Size, problem: PlanningProblem) -> Found:
    if name == PLANNERS[1]:
        return greedy(problem)
    if name == PLANNERS[2]:
        return cp_sat(problem, size.limit, size.gap)
    outcome = solve(problem, seconds=size.limit, enough=size.gap)
    return outcome.model, outcome.chosen, outcome.bound, outcome.status == "optimal"


def _plan(problem: PlanningProblem, model: Model, chosen: Ints, instance: Instance) -> Plan:
    outcome = Outcome("feasible", model, np.sort(chosen), None, None, 0.0)
    return plan_of(problem, outcome, instance.scenario)


def _percent(gap: float | None) -> str:
    return "-" if gap is None else f"{gap:.2%}"


# --- re-planning and explaining


def _more(is_tight: bool, seeds: int) -> list[list[Any]]:
    """Time a re-plan (the first move of the plan forbidden) and a minimal explanation."""
    changed: list[tuple[float, float, bool]] = []
    explained: list[tuple[float, float, bool]] = []
    moved: list[int] = []
    places = "tight" if is_tight else "loose"
    for seed in range(seeds):
        with _stored(make(seed, is_tight=is_tight)) as (store, instance):
            problem = read(store, instance)
            base = plan_of(problem, solve(problem, seconds=SMALL.limit), instance.scenario)
            if base.cost is None:
                changed.append((SMALL.limit, SMALL.limit, False))
                continue
            move = next(each for each in base.assignments if not each.stays)
            days = [day.isoformat() for day in problem.horizon.days]
            pin = Pin(move.person, move.post, days.index(move.since))
            barred = replace(problem, forbids=(pin,))
            began, cpu = time.perf_counter(), time.process_time()
            point = replan(barred, base, weight=100, seconds=SMALL.limit)
            took = time.perf_counter() - began
            is_valid = point is not None and _is_valid(store, instance, barred, point.plan, pin)
            changed.append((took, time.process_time() - cpu, is_valid and took <= REPLAN))
            moved.append(point.moved if point else 0)
            clash = replace(problem, pins=_clash(problem))
            began, cpu = time.perf_counter(), time.process_time()
            found = conflict(clash)
            took = time.perf_counter() - began
            is_verified = found is not None and found.is_verified
            explained.append((took, time.process_time() - cpu, is_verified and took <= EXPLAIN))
            _say(
                f"{SMALL.name} {places} seed {seed}: re-planned in {changed[-1][0]:.1f} s "
                f"(CPU {changed[-1][1]:.1f} s, {moved[-1]} moved, valid {is_valid}), explained in "
                f"{took:.1f} s (CPU {explained[-1][1]:.1f} s, verified {is_verified})"
            )
    return [
        ["re-plan after one move is forbidden", places, *_times(changed),
         f"{statistics.mean(moved or [0]):.1f} people moved, mean; every plan checked"],
        ["minimal explanation of pins on too few places", places, *_times(explained),
         "each thing named is needed: without it a plan exists"],
    ]  # fmt: skip


def _times(found: list[tuple[float, float, bool]]) -> list[Any]:
    return [
        len(found),
        f"{sum(is_met for *_, is_met in found)} of {len(found)}",
        statistics.median(took for took, *_ in found) if found else "-",
        max((took for took, *_ in found), default=0.0),
        max((cpu for _, cpu, _ in found), default=0.0),
    ]


def _is_valid(
    store: Store, instance: Instance, problem: PlanningProblem, plan: Plan, ban: Pin
) -> bool:
    """Have the checker judge a plan, with the ban in its scenario."""
    scenario = replace(instance.scenario, forbids=(ban,))
    value = replace(plan, scenario=scenario, settings=problem.settings).as_dict()
    return check(store, instance.programme, instance.settings, value).is_valid


def _clash(problem: PlanningProblem) -> tuple[Pin, ...]:
    """Pin more people to a post in one period than it has places."""
    model = build(problem)
    postings, period = model.postings, problem.horizon.periods // 2
    for q, post in enumerate(problem.posts):
        here = (postings.post == q) & (postings.begin <= period) & (postings.end > period)
        people = sorted({problem.people[p].id for p in postings.person[here]})
        places = problem.places(post, period)
        if places is not None and 0 < places <= 3 and len(people) > places:
            return tuple(Pin(id_, post.id, period) for id_ in people[: places + 1])
    raise ValueError("no post has few places")


if __name__ == "__main__":
    main()
