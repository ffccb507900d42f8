"""Plans, points and alternatives as JSON of a job, and back: nothing is lost, no version is bound.

Unlike the JSON that people get, sentences are written as templates with their values, so that a
page tells them in its own language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from graph.errors import N_, NotFound
from jobs.job import Job
from planning.explain.why import Alternative
from planning.plan import Plan, Remedy, plan_from
from planning.problem.instance import Note
from planning.problem.scenario import Scenario
from planning.replan import PersonChange, Point
from planning.solve.state import SolverProgress
from queries.sentences import sentence_as_json, sentence_from

KINDS = ("plan", "replan", "why")


@dataclass(frozen=True)
class Run:
    """A job of the planner; `value`, its result or the best so far: plan, points, alternatives."""

    id: str
    what: str  # plan, replan, why
    state: str
    began_at: str
    is_over: bool
    log: tuple[SolverProgress, ...] = ()
    value: Any = None
    asked: Mapping[str, Any] | None = None
    base: Plan | None = None  # that is changed


def run_of(job: Job) -> Run:
    """Read what a job of the planner says; NotFound for any other, or of another version."""
    if job.kind not in KINDS:
        raise NotFound(N_('No run of the planner has the id "%(id)s".'), id=job.id)
    try:
        base = job.asked.get("base")
        return Run(
            job.id,
            job.kind,
            job.state,
            job.started,
            not job.is_running,
            tuple(progress_of(line) for line in job.log),
            None if job.result is None else READ[job.kind](job.result),
            job.asked,
            None if base is None else plan_of_json(base),
        )
    except (KeyError, TypeError, ValueError):  # of a version that named its parts otherwise
        raise NotFound(
            N_("The run %(id)s was made by another version of the program."),
            N_("Plan again."),
            id=job.id,
        ) from None


def line_of(progress: SolverProgress) -> dict[str, Any]:
    """Return a line of the log; numbers of NumPy become plain ones."""
    cost, bound = progress.cost, progress.bound
    return {
        **asdict(progress),
        "cost": None if cost is None else float(cost),
        "bound": None if bound is None else float(bound),
    }


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON."""
    return dict(plan.as_dict(sentence_as_json))  # type: ignore[arg-type]


def plan_of_json(value: Mapping[str, Any]) -> Plan:
    """Read a plan from the JSON that `plan_as_json` gave."""
    return replace(
        plan_from({**value, "conflict": ()}),
        conflict=tuple(
            (each["rule"], sentence_from(each["message"])) for each in value["conflict"]
        ),
        is_conflict_minimal=value["conflict_is_minimal"],
        relaxations=tuple(sentence_from(each) for each in value["relaxations"]),
        remedies=tuple(
            Remedy(
                sentence_from(each["message"]),
                each["cost"],
                None if each["scenario"] is None else Scenario.from_dict(each["scenario"]),
            )
            for each in value["remedies"]
        ),
        notes=tuple(Note(each["rule"], sentence_from(each["message"])) for each in value["notes"]),
    )


def points_as_json(points: list[Point]) -> list[dict[str, Any]]:
    """Return the points of a change as JSON."""
    return [
        {
            "plan": plan_as_json(point.plan),
            "cost": point.cost,
            "moved": point.moved,
            "changes": [[each.person, sentence_as_json(each.sentence)] for each in point.changes],
            "is_proved": point.is_proved,
        }
        for point in points
    ]


def _points(value: list[Mapping[str, Any]]) -> list[Point]:
    return [
        Point(
            plan_of_json(each["plan"]),
            each["cost"],
            each["moved"],
            tuple(PersonChange(person, sentence_from(said)) for person, said in each["changes"]),
            each["is_proved"],
        )
        for each in value
    ]


def alternatives_as_json(alternatives: list[Alternative]) -> list[dict[str, Any]]:
    """Return alternatives as JSON."""
    return [
        {
            "post": each.post,
            "extra": each.extra,
            "is_exact": each.is_exact,
            "sentence": sentence_as_json(each.sentence),
        }
        for each in alternatives
    ]


def _alternatives(value: list[Mapping[str, Any]]) -> list[Alternative]:
    return [
        Alternative(each["post"], each["extra"], each["is_exact"], sentence_from(each["sentence"]))
        for each in value
    ]


READ: dict[str, Callable[[Any], Any]] = {
    "plan": plan_of_json,
    "replan": _points,
    "why": _alternatives,
}


def progress_of(line: Mapping[str, Any]) -> SolverProgress:
    """Read a line of the log."""
    return SolverProgress(line["stage"], line["seconds"], line["cost"], line["bound"])
