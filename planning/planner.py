"""The one way to plans for pages, JSON and commands: read, solve in a worker, check, show.

Nothing is solved in the caller's process, and no plan is given that the checker has not passed.
`begin` and its like start a run and give its id; `look` gives how it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from graph.errors import N_, AppError, Conflict, InputError
from graph.programme import Programme, Rule
from graph.store import Store
from planning.check import Report, check
from planning.plan import Plan
from planning.problem.defaults import Setting, adjust, settle
from planning.problem.horizon import horizon
from planning.problem.instance import Pin, PlanningProblem
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.replan import Point
from planning.run.runs import Run, Runs
from planning.run.work import Planning, Replanning, Weighing
from planning.run.worker import run
from planning.solve.solver import ROUNDS
from planning.solve.state import SolverProgress

MOST_SECONDS = 3_600


@dataclass(frozen=True)
class PlanRequest:
    """What somebody asks to be planned. `rules` changes rules by name, as in `adjust`."""

    since: str
    periods: int = 8
    period: str = "half-year"
    seconds: float = 60.0
    seed: int = 0
    effort: int = ROUNDS
    scenario: Scenario = field(default_factory=Scenario)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= MOST_SECONDS:
            raise InputError(
                N_("A plan cannot be sought for %(seconds)s seconds."),
                N_("Give 1 to %(most)s seconds."),
                seconds=self.seconds,
                most=MOST_SECONDS,
            )


@dataclass(frozen=True)
class PlanningContext:
    """What every question of planning stands on: the store, its programme and its rules."""

    store: Store
    programme: Programme
    rules: tuple[Rule, ...] = ()

    def settings(
        self, changes: Mapping[str, Mapping[str, Any]] | None = None
    ) -> tuple[Setting, ...]:
        """Return the rules in force, changed by name where asked."""
        settled, _ = settle(self.rules, self.programme)
        return adjust(settled, changes) if changes else settled


def problem_for(
    context: PlanningContext, request: PlanRequest, today: date | None = None
) -> PlanningProblem:
    """Read the problem that is asked for; InputError says in a sentence why it cannot be planned.

    `today` is the day that the plan may not begin before; None: any day.
    """
    asked = horizon(request.since, request.periods, request.period, today)
    settings = context.settings(request.rules) if request.rules else None
    return read_problem(
        context.store, context.programme, context.rules, asked, request.scenario, settings
    )


def problem_of(context: PlanningContext, plan: Plan) -> PlanningProblem:
    """Read the problem of a plan again, from the data of now and by the plan's own rules."""
    return read_problem(
        context.store, context.programme, context.rules, plan.horizon, plan.scenario, plan.settings
    )


# --- a plan at once, for commands


def make(
    context: PlanningContext,
    request: PlanRequest,
    today: date | None = None,
    on_progress: Callable[[SolverProgress], None] = lambda progress: None,
) -> Plan:
    """Plan in a worker, wait, and give the checked plan, or the reason why there is none."""
    problem = problem_for(context, request, today)
    work = Planning(problem, request.scenario, request.seconds, request.seed, request.effort)
    return verified(context, run(work, on_progress))


# --- runs, for pages


def begin(
    context: PlanningContext, runs: Runs, request: PlanRequest, today: date | None = None
) -> str:
    """Start to plan and give the id of the run; what cannot be planned is an InputError at once."""
    problem = problem_for(context, request, today)
    work = Planning(problem, request.scenario, request.seconds, request.seed, request.effort)
    return runs.start(work, "plan", request)


def begin_points(
    context: PlanningContext,
    runs: Runs,
    base: Plan,
    pins: tuple[Pin, ...] = (),
    forbids: tuple[Pin, ...] = (),
    seconds: float = 60.0,
) -> str:
    """Start to change a plan by more pins and forbids; the run's value is a list of points."""
    problem, base = _changed(context, base, pins, forbids)
    return runs.start(Replanning(problem, base, seconds), "replan", base)


def begin_weighing(
    context: PlanningContext, runs: Runs, plan: Plan, person: str, post: str, most: int = 3
) -> str:
    """Start to price other posts for a person; the run's value is a list of alternatives."""
    return runs.start(Weighing(problem_of(context, plan), plan, person, post, most), "why", plan)


def look(context: PlanningContext, runs: Runs, id_: str) -> Run:
    """Return how a run stands; every plan in it has passed the checker. NotFound: no such run."""
    found = runs.state(id_)
    if isinstance(found.value, Plan):
        return replace(found, value=verified(context, found.value))
    if found.what == "replan" and found.value:
        return replace(found, value=[_verified_point(context, point) for point in found.value])
    return found


# --- the checker


def verified(context: PlanningContext, plan: Plan) -> Plan:
    """Have the checker judge a plan before anybody sees it; its costs become the plan's.

    A plan that the checker does not find valid at the solver's cost is a bug, and is not shown.
    """
    if plan.cost is None:
        return plan
    report = check(context.store, context.programme, plan.settings, plan.as_dict())
    if not report.is_valid or report.cost != plan.cost:
        if plan.data_version != context.store.version():
            raise Conflict(
                N_("The data have changed since the plan was made, and it no longer holds."),
                N_("Plan again."),
            )
        raise AppError(
            N_("The plan found did not pass the independent check (%(what)s) and is not shown."),
            N_("Please report this with the data set."),
            what=report.first(),
        )
    return plan.judged(report.costs)


def check_plan(context: PlanningContext, value: Mapping[str, Any]) -> Report:
    """Judge a plan file by the rules of today; the file's own horizon and scenario count."""
    return check(context.store, context.programme, context.settings(), value)


def _verified_point(context: PlanningContext, point: Point) -> Point:
    return replace(point, plan=verified(context, point.plan))


def _changed(
    context: PlanningContext, base: Plan, pins: tuple[Pin, ...], forbids: tuple[Pin, ...]
) -> tuple[PlanningProblem, Plan]:
    """Put more pins and forbids on a plan's scenario; give its problem and the plan with them."""
    scenario = replace(
        base.scenario,
        pins=tuple(sorted({*base.scenario.pins, *pins})),
        forbids=tuple(sorted({*base.scenario.forbids, *forbids})),
    )
    asked = replace(base, scenario=scenario)
    return problem_of(context, asked), asked
