"""Change a plan a little: the cheapest plans that move few people, each against a base plan.

A person is moved when their assignments are not those of the base. The points are Pareto: no point
costs less and moves fewer people.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from graph.errors import N_
from planning.plan import Assignment, Plan
from planning.problem.instance import PlanningProblem
from planning.solve.base import BasePlan
from planning.solve.model import Model, build
from planning.solve.plans import plan_of, postings_of
from planning.solve.solver import solve
from planning.solve.state import SolverProgress
from queries.sentences import Sentence, say

WEIGHTS = (100, 30, 10, 4, 0)  # what moving one person costs, from point to point


@dataclass(frozen=True)
class PersonChange:
    """What a plan changes for one person, in words."""

    person: str
    sentence: Sentence


@dataclass(frozen=True)
class Point:
    """One plan on the curve: its own cost, the people it moves, and how."""

    plan: Plan
    cost: int
    moved: int
    changes: tuple[PersonChange, ...]
    is_proved: bool


def replan(
    problem: PlanningProblem,
    base: Plan,
    *,
    weight: int = WEIGHTS[0],
    seconds: float = 30.0,
    on_progress: Callable[[SolverProgress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    model: Model | None = None,
) -> Point | None:
    """Find the plan that is cheapest when each person moved costs `weight` more; None: no plan."""
    model = model or build(problem)
    kept = postings_of(model, base)
    outcome = solve(
        problem,
        seconds=seconds,
        on_progress=on_progress,
        is_stopped=is_stopped,
        model=model,
        base=BasePlan(kept, weight),
    )
    if outcome.cost is None:
        return None
    plan = plan_of(problem, outcome, base.scenario)
    changed = changes(problem, base, plan)
    keeping = {person.id for person, mine in zip(problem.people, kept, strict=True) if len(mine)}
    paid = weight * sum(change.person in keeping for change in changed)
    cost = outcome.cost - paid
    bound = None if outcome.bound is None else outcome.bound - paid
    own = replace(plan, cost=cost, bound=bound, gap=None)
    if weight:  # proved among plans that pay for moving people, not among all plans
        own = replace(own, status="feasible", bound=None)
    return Point(own, cost, len(changed), tuple(changed), outcome.status == "optimal")


def points(
    problem: PlanningProblem,
    base: Plan,
    seconds: float = 60.0,
    on_point: Callable[[Point], None] = lambda point: None,
    on_progress: Callable[[SolverProgress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Point]:
    """Return Pareto points from the fewest people moved to the cheapest plan, fewest first."""
    until, model = time.monotonic() + seconds, build(problem)
    found: list[Point] = []
    for weight in (WEIGHTS[0], WEIGHTS[-1], *WEIGHTS[1:-1]):  # the ends first: they may be one
        left = until - time.monotonic()
        if left <= 0 or is_stopped() or (weight in WEIGHTS[1:-1] and len(found) == 1):
            break
        point = replan(
            problem,
            base,
            weight=weight,
            seconds=left,
            on_progress=on_progress,
            is_stopped=is_stopped,
            model=model,
        )
        if point is None:
            break
        if not any(p.moved <= point.moved and p.cost <= point.cost for p in found):
            found = [p for p in found if not (point.moved <= p.moved and point.cost <= p.cost)]
            found.append(point)
            on_point(point)
    return sorted(found, key=lambda point: point.moved)


def changes(problem: PlanningProblem, base: Plan, plan: Plan) -> list[PersonChange]:
    """Say, for each person whose assignments differ, what was and what is."""
    found = []
    for person in problem.people:
        before, after = _of(base, person.id), _of(plan, person.id)
        if before == after:
            continue
        gone, come = _said(problem, before - after), _said(problem, after - before)
        template = N_("%(person)s: %(after)s instead of %(before)s.")
        if not before - after:
            template = N_("%(person)s: %(after)s as well.")
        elif not after - before:
            template = N_("%(person)s: no longer %(before)s.")
        sentence = say(template, person=person.name, before=gone, after=come)
        found.append(PersonChange(person.id, sentence))
    return found


def _of(plan: Plan, person: str) -> set[Assignment]:
    return {each for each in plan.assignments if each.person == person}


def _said(problem: PlanningProblem, some: set[Assignment]) -> tuple[str, ...]:
    ordered = sorted(some, key=lambda each: (each.since, each.post))
    return tuple(f"{problem.post_name(e.post)} ({e.since} – {e.until})" for e in ordered)
