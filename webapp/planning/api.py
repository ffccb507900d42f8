"""The JSON of the planning pages: what a page shows, and what its forms do."""

from __future__ import annotations

from typing import NotRequired, cast

from flask import Response, jsonify, url_for
from typing_extensions import TypedDict

from planning import kept_plans, planner
from planning.check import CheckOfPlanDict
from planning.problem.defaults import SettingDict
from planning.rule_costs import by_name
from planning.view import PlanViewDict
from webapp.planning.blueprint import bp
from webapp.planning.found import KeptRow, context, find, kept_rows, view_of
from webapp.planning.pages import RunRow, kept, run_rows
from webapp.planning.people import (
    AlternativeRow,
    PlannedPersonDict,
    alternatives,
    answer,
    begin_weighing,
)
from webapp.planning.running import (
    PointRow,
    ProgressDict,
    begin_change,
    begin_relaxed,
    point_rows,
    progress,
    stopped,
)
from webapp.planning.scenario import PlanBody, read_pin, request_from_json
from webapp.serving.security import for_programs
from webapp.shell import words
from webapp.shell.form_links import kept_name
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.sentences import said, title
from webapp.shell.store import current_jobs, current_store


class PlansAnswer(TypedDict):
    """The kept plans and the latest runs."""

    plans: list[KeptRow]
    runs: list[RunRow]


class RulesAnswer(TypedDict):
    """The planning rules in force."""

    rules: list[SettingDict]


class RunAnswer(ProgressDict):
    """How far a run is, and what it has found once it is over."""

    plan: NotRequired[str]  # the address of it
    points: NotRequired[list[PointRow]]
    alternatives: NotRequired[list[AlternativeRow]]


class WeighBody(Body):
    """The post whose alternatives are asked for."""

    post: str | None = None


class ChangeBody(Body):
    """Pins and bans, such as "T001:P05:2024-07-01"."""

    pins: list[str] | None = None
    forbids: list[str] | None = None


class RelaxBody(Body):
    """The number of a remedy, from 0."""

    n: int


class KeepBody(Body):
    """The name of a plan that is kept."""

    name: str | None = None


class AcceptPlanBody(Body):
    """The name and the reason with which the doubts of a plan are confirmed."""

    by: str = ""
    reason: str = ""


class KeptAnswer(TypedDict):
    """The id of a plan that was kept."""

    id: str


class AcceptedAnswer(KeptAnswer):
    """How many planned rotations were written."""

    written: int
    doubts: list[str]  # of the rules of appointment, confirmed with the reason


class WithdrawnAnswer(KeptAnswer):
    """How many planned rotations were removed."""

    removed: int


@bp.get("/api/plans")
@operation(PlansAnswer)
def api_index() -> Response:
    """List the kept plans and the latest runs."""
    return jsonify({"plans": kept_rows(), "runs": run_rows()})


@bp.get("/api/plans/rules")
@operation(RulesAnswer)
def api_rules() -> Response:
    """List the planning rules in force, as they can be switched by name."""
    groups = by_name(context().settings())
    return jsonify({"rules": [each.as_dict() for group in groups.values() for each in group]})


@bp.post("/api/plans/runs")
@for_programs(bp)
@operation(ProgressDict, body=PlanBody, status=202)
def api_begin() -> tuple[Response, int, dict[str, str]]:
    """Begin to plan; the body may have from, periods, period, seconds, seed, scenario, rules."""
    asked = request_from_json(PlanBody.read())
    return _begun(planner.begin(context(), current_jobs(), asked, words.today(), kept_name()))


@bp.get("/api/plans/runs/<id>")
@operation(RunAnswer)
def api_run(id: str) -> Response:
    """Return how far a run is, and what it has found once it is over."""
    found = planner.state(current_jobs(), id)
    told = cast(RunAnswer, progress(found))
    if found.is_over and found.value is not None:
        if found.what == "plan":
            told["plan"] = url_for("planning.api_plan", reference=id)
        elif found.what == "replan":
            told["points"] = point_rows(planner.look(context(), current_jobs(), id))
        else:
            told["alternatives"] = alternatives(found)
    return jsonify(told)


@bp.post("/api/plans/runs/<id>/stop")
@for_programs(bp)
@operation(ProgressDict)
def api_stop(id: str) -> Response:
    """Stop a run soon; its best plan so far stays."""
    return jsonify(progress(stopped(id)))


@bp.get("/api/plans/<reference>")
@operation(PlanViewDict)
def api_plan(reference: str) -> Response:
    """Return a plan with everything its page shows."""
    return jsonify(view_of(find(reference)).as_dict(said, title))


@bp.get("/api/plans/<reference>/people/<path:person>")
@operation(PlannedPersonDict)
def api_person(reference: str, person: str) -> Response:
    """Return why a person is where a plan puts them."""
    return jsonify(answer(find(reference), person))


@bp.post("/api/plans/<reference>/people/<path:person>")
@for_programs(bp)
@operation(ProgressDict, body=WeighBody, status=202)
def api_weigh(reference: str, person: str) -> tuple[Response, int, dict[str, str]]:
    """Begin to price other posts for a person instead of `post`."""
    return _begun(begin_weighing(find(reference), person, WeighBody.read().post or ""))


@bp.post("/api/plans/<reference>/change")
@for_programs(bp)
@operation(ProgressDict, body=ChangeBody, status=202)
def api_change(reference: str) -> tuple[Response, int, dict[str, str]]:
    """Begin to change a plan by `pins` and `forbids`, lists such as ["T001:P05:2024-07-01"]."""
    found, body = find(reference), ChangeBody.read()
    asked = found.plan.horizon
    pins, forbids = (
        tuple(sorted(read_pin(each, asked) for each in lines or ()))
        for lines in (body.pins, body.forbids)
    )
    return _begun(begin_change(found, pins, forbids))


@bp.post("/api/plans/<reference>/relax")
@for_programs(bp)
@operation(ProgressDict, body=RelaxBody, status=202)
def api_relax(reference: str) -> tuple[Response, int, dict[str, str]]:
    """Begin to plan with remedy number `n`, from 0, of an impossible plan."""
    return _begun(begin_relaxed(find(reference), RelaxBody.read().n))


@bp.post("/api/plans/<reference>/keep")
@for_programs(bp)
@operation(KeptAnswer, body=KeepBody)
def api_keep(reference: str) -> Response:
    """Keep a plan under a `name`."""
    name = KeepBody.read().name or ""
    id_ = kept_plans.keep(current_store(), find(reference).plan, name)
    return jsonify({"id": id_})


@bp.post("/api/plans/<reference>/accept")
@for_programs(bp)
@operation(AcceptedAnswer, body=AcceptPlanBody)
def api_accept(reference: str) -> Response:
    """Accept a kept plan: its moves are written as planned rotations.

    Where the rules of appointment doubt one of them, it takes a name and a reason.
    """
    sent, id_ = AcceptPlanBody.read(), kept(reference).reference
    done = kept_plans.accept(
        current_store(), words.programme(), id_, by=sent.by or kept_name(), reason=sent.reason
    )
    doubts = [said(each) for each in done.doubts]
    return jsonify({"id": reference, "written": done.written, "doubts": doubts})


@bp.post("/api/plans/<reference>/withdraw")
@for_programs(bp)
@operation(WithdrawnAnswer)
def api_withdraw(reference: str) -> Response:
    """Withdraw an accepted plan: exactly its planned rotations are removed."""
    count = kept_plans.withdraw(current_store(), kept(reference).reference)
    return jsonify({"id": reference, "removed": count})


@bp.get("/api/plans/<reference>/check")
@operation(CheckOfPlanDict)
def api_check(reference: str) -> Response:
    """Judge a plan by the data of now, as `flask plan-check` does."""
    found = find(reference)
    report = view_of(found).report or planner.check_plan(context(), found.plan.as_dict())
    return jsonify(report.as_dict(said))


def _begun(id_: str) -> tuple[Response, int, dict[str, str]]:
    where = url_for("planning.api_run", id=id_)
    return jsonify(progress(planner.state(current_jobs(), id_))), 202, {"Location": where}
