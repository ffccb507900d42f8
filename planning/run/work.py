"""The three works that take seconds: a plan, its points of change, the price of other posts.

Each is a plain value that goes to a worker process; called there, it gives JSON back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from graph.errors import N_
from jobs.running import Reports
from planning.explain.conflict import conflict
from planning.explain.relaxations import relaxations
from planning.explain.why import WEIGHING, alternatives
from planning.plan import Plan, Remedy
from planning.problem.instance import PlanningProblem
from planning.problem.scenario import Scenario
from planning.replan import Point, points
from planning.run.written import (
    alternatives_as_json,
    line_of,
    plan_as_json,
    points_as_json,
)
from planning.solve.plans import plan_of
from planning.solve.solver import ROUNDS, solve
from planning.solve.state import Outcome, SolverProgress
from queries.sentences import say

JSON = dict[str, Any]
EXPLAINING = 15.0  # seconds at least for saying why there is no plan


@dataclass(frozen=True)
class Planning:
    """Find the cheapest plan; without one, say why and what would help. Gives a Plan."""

    problem: PlanningProblem
    scenario: Scenario
    seconds: float = 60.0
    seed: int = 0
    effort: int = ROUNDS

    def __call__(self, reports: Reports) -> JSON:
        """Solve; the plan is not checked yet."""
        return plan_as_json(self._made(reports))

    def _made(self, reports: Reports) -> Plan:
        problem, scenario = self.problem, self.scenario
        last: list[SolverProgress] = []

        def tell(progress: SolverProgress) -> None:
            last[:] = [progress]
            tell_progress(reports, progress)

        def show(outcome: Outcome) -> None:
            reports.better(plan_as_json(plan_of(problem, outcome, scenario)))

        outcome = solve(
            problem,
            seconds=self.seconds,
            seed=self.seed,
            effort=self.effort,
            on_progress=tell,
            is_stopped=reports.is_stopped,
            on_better=show,
        )
        made = plan_of(problem, outcome, scenario)
        if outcome.status != "infeasible":
            return made
        tell_progress(reports, replace(last[-1], stage="explaining"))
        seconds = max(EXPLAINING, self.seconds)
        until = time.monotonic() + seconds
        found = conflict(problem, seconds)
        if found is None:
            return made
        made = replace(
            made,
            conflict=tuple((reason.rule, reason.sentence) for reason in found.reasons),
            is_conflict_minimal=found.is_verified,
        )
        reports.better(plan_as_json(made))
        tell_progress(reports, replace(last[-1], stage="relaxing"))
        ways = relaxations(problem, found, seconds=max(5.0, until - time.monotonic()))
        template = N_("Possible with this change, at cost %(cost)s: %(change)s")
        return replace(
            made,
            relaxations=tuple(say(template, change=way.sentence, cost=way.cost) for way in ways),
            remedies=tuple(
                Remedy(way.sentence, way.cost, scenario_with(scenario, problem, way.problem))
                for way in ways
            ),
        )


def tell_progress(reports: Reports, progress: SolverProgress) -> None:
    """Say how far a solve is, as the job's progress and as a line of its log."""
    line = line_of(progress)
    reports.note(**line)
    reports.tell(**line)


def scenario_with(
    scenario: Scenario, problem: PlanningProblem, changed: PlanningProblem
) -> Scenario | None:
    """Return the scenario that changes a problem so; None when a scenario cannot say it."""
    if changed.mentor_groups != problem.mentor_groups:
        return None  # mentors are people: they are entered, not assumed
    capacities = {
        after.id: after.capacity
        for before, after in zip(problem.posts, changed.posts, strict=True)
        if after.capacity != before.capacity and after.capacity is not None
    }
    made = replace(
        scenario,
        waived=changed.waived,
        forbids=changed.forbids,
        capacities={**scenario.capacities, **capacities},
    )
    if changed.pins != problem.pins:  # planned rotations of the data are pins too
        made = replace(made, pins=changed.pins, keep_planned=False)
    return made


@dataclass(frozen=True)
class Replanning:
    """Find the points between changing little and costing little. Gives a list of points."""

    problem: PlanningProblem
    base: Plan
    seconds: float = 60.0

    def __call__(self, reports: Reports) -> list[JSON]:
        """Solve once a point; the plans are not checked yet."""
        found: list[Point] = []

        def show(point: Point) -> None:
            found.append(point)
            reports.better(points_as_json(found))

        return points_as_json(
            points(
                self.problem,
                self.base,
                self.seconds,
                on_point=show,
                on_progress=lambda progress: tell_progress(reports, progress),
                is_stopped=reports.is_stopped,
            )
        )


@dataclass(frozen=True)
class Weighing:
    """Find what the next best posts would cost a person. Gives a list of alternatives."""

    problem: PlanningProblem
    plan: Plan
    person: str
    post: str
    most: int = 3
    seconds: float = WEIGHING

    def __call__(self, reports: Reports) -> list[JSON]:
        """Solve once an alternative."""
        return alternatives_as_json(
            alternatives(
                self.problem,
                self.plan,
                self.person,
                self.post,
                self.most,
                self.seconds,
                is_stopped=reports.is_stopped,
            )
        )
