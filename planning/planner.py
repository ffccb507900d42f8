"""The one way to plans for pages, JSON and commands: read, solve in a worker, check, show.

Nothing is solved in the caller's process, and no plan is given that the checker has not passed.
`begin` and its like start a run and give its id; `look` gives how it stands.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from graph.errors import N_, AppError, Conflict, InputError
from graph.programme import Programme, Rule
from graph.store import Store
from jobs.running import Work
from jobs.store import Jobs
from planning.check import Report, check
from planning.plan import Plan
from planning.problem.defaults import Setting, adjust, settle
from planning.problem.horizon import horizon
from planning.problem.instance import Pin, PlanningProblem
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.replan import Point
from planning.run.work import Planning, Replanning, Weighing
from planning.run.written import Run, plan_as_json, progress_of, run_of
from planning.solve.solver import ROUNDS
from planning.solve.state import SolverProgress

MOST_SECONDS = 3_600
_LOOK = 0.1  # seconds between two looks at how far a plan is


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

    def as_dict(self) -> dict[str, Any]:
        """Return the request as JSON values."""
        return {
            **{key: getattr(self, key) for key in _ASKED},
            "scenario": self.scenario.as_dict(),
            "rules": {name: dict(change) for name, change in self.rules.items()},
        }

    @staticmethod
    def from_dict(value: Mapping[str, Any]) -> PlanRequest:
        """Read a request from the values that `as_dict` gave."""
        plain = {key: value[key] for key in _ASKED}
        scenario = Scenario.from_dict(value["scenario"])
        return PlanRequest(**plain, scenario=scenario, rules=value["rules"])


_ASKED = ("since", "periods", "period", "seconds", "seed", "effort")


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
    return verified(context, _awaited("plan", work, on_progress).value)


def _awaited(
    kind: str,
    work: Work,
    on_progress: Callable[[SolverProgress], None] = lambda progress: None,
) -> Run:
    """Work in a process and wait; an interrupt from the keyboard gives the best so far."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        jobs, told = Jobs(Path(folder)), 0
        job = jobs.start(kind, work)
        try:
            while job.is_running:
                job = jobs.wait(job.id, _LOOK)
                for line in job.log[told:]:
                    on_progress(progress_of(line))
                told = len(job.log)
        except KeyboardInterrupt:
            jobs.stop(job.id)
            job = jobs.wait(job.id, float("inf"))
            if job.result is None:
                raise
    if job.result is None:
        raise job.failure() or AppError(
            N_("The planning process ended without a result."),
            N_("Try again; if it happens again, look at the server's log."),
        )
    return run_of(job)


# --- runs, for pages


def begin(
    context: PlanningContext,
    jobs: Jobs,
    request: PlanRequest,
    today: date | None = None,
    by: str = "",
) -> str:
    """Start to plan and give the id of the run; what cannot be planned is an InputError at once."""
    problem = problem_for(context, request, today)
    work = Planning(problem, request.scenario, request.seconds, request.seed, request.effort)
    return jobs.start("plan", work, asked={"request": request.as_dict()}, by=by).id


def begin_points(
    context: PlanningContext,
    jobs: Jobs,
    base: Plan,
    pins: tuple[Pin, ...] = (),
    forbids: tuple[Pin, ...] = (),
    seconds: float = 60.0,
    by: str = "",
) -> str:
    """Start to change a plan by more pins and forbids; the run's value is a list of points."""
    problem, base = _changed(context, base, pins, forbids)
    work = Replanning(problem, base, seconds)
    return jobs.start("replan", work, asked={"base": plan_as_json(base)}, by=by).id


def begin_weighing(
    context: PlanningContext,
    jobs: Jobs,
    plan: Plan,
    person: str,
    post: str,
    most: int = 3,
    by: str = "",
) -> str:
    """Start to price other posts for a person; the run's value is a list of alternatives."""
    work = Weighing(problem_of(context, plan), plan, person, post, most)
    return jobs.start("why", work, asked={"person": person, "post": post}, by=by).id


def state(jobs: Jobs, id_: str) -> Run:
    """Return how a run stands, its plans unchecked and not to be shown. NotFound: no such run."""
    return run_of(jobs.find(id_))


def look(context: PlanningContext, jobs: Jobs, id_: str) -> Run:
    """Return how a run stands; every plan in it has passed the checker. NotFound: no such run."""
    found = state(jobs, id_)
    if isinstance(found.value, Plan):
        return replace(found, value=verified(context, found.value))
    if found.what == "replan" and found.value:
        return replace(found, value=[_verified_point(context, point) for point in found.value])
    return found


def request_of(run: Run) -> PlanRequest | None:
    """Return the request that a run answers; None where it changes or explains a plan."""
    request = (run.asked or {}).get("request")
    return None if request is None else PlanRequest.from_dict(request)


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
