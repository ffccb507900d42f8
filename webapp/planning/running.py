"""From a scenario to a run: the form, the run's progress, stop, change, explain, relax."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from typing_extensions import TypedDict
from werkzeug.datastructures import MultiDict

from graph.errors import N_, AppError, InputError, NotFound
from planning import planner
from planning.plan import Plan
from planning.planner import PlanRequest
from planning.problem.defaults import ALWAYS_HARD, NEVER_SOFT
from planning.problem.horizon import horizon
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from planning.replan import Point
from planning.rule_costs import by_name, gap_of
from planning.run.written import Run, run_of
from queries.choices import post_kinds, posts_in_units
from queries.personnel.reading import FETCH
from queries.planning import PEOPLE, POSTS, WISHES_FOR_POSTS
from webapp.careers.words import RULE_KINDS
from webapp.planning.blueprint import bp
from webapp.planning.forms import KeepForm, RelaxForm, RulesField, ScenarioForm
from webapp.planning.found import PlanFound, changes_of, context, find, usual_since
from webapp.planning.scenario import DEFAULT_SECONDS, FIELDS, request_from_form, trainees
from webapp.planning.words import RUN_STATUSES, STAGES, gap_text, money, rule_title, run_status
from webapp.programme.page import unit_choices
from webapp.shell import words
from webapp.shell.asked import read_whole
from webapp.shell.asking import Asked
from webapp.shell.form_links import kept_name
from webapp.shell.forms import offered
from webapp.shell.frame import term
from webapp.shell.sentences import said
from webapp.shell.store import current_jobs, current_store
from webapp.shell.way_back import way_back

MOST_CHOICES = 2_000
FIRST_PERIODS = 4
CHANGE_SECONDS = 30.0
STOP_SECONDS = 2.0

READS = [
    {"title": None, "cypher": text.strip(), "parameters": None}
    for text in (PEOPLE, POSTS, FETCH["postings"], WISHES_FOR_POSTS)
]


# --- the form


class ScenarioPage(Asked):
    """The plan whose scenario fills the form."""

    like: str = ""


@bp.get("/plans/new")
def new() -> str:
    """Show the scenario form; `?like=` fills it from another plan."""
    like = ScenarioPage.read().like
    return _form_page(ScenarioForm(form_of(_like(like)) if like else _first_form()))


@bp.post("/plans/new")
def begin() -> ResponseReturnValue:
    """Start to plan; what cannot be planned is said beside the form, which keeps what was typed."""
    form = ScenarioForm.sent()
    try:
        id_ = _begin(request_from_form(form))
    except AppError as error:
        form.tell_error(error, FIELDS)
        return _form_page(form, error), error.status
    return to_run(id_)


def _begin(asked: PlanRequest) -> str:
    return planner.begin(context(), current_jobs(), asked, words.today(), kept_name())


def _like(reference: str) -> PlanRequest:
    found = find(reference)
    return request_like(found)


def request_like(found: PlanFound) -> PlanRequest:
    """Return the request that a plan answers; a run remembers its own."""
    asked = planner.request_of(found.run) if found.run is not None else None
    return asked or _request_of(found.plan)


def _request_of(plan: Plan) -> PlanRequest:
    return PlanRequest(
        plan.horizon.since.isoformat(),
        plan.horizon.periods,
        plan.horizon.period,
        float(DEFAULT_SECONDS),
        scenario=plan.scenario,
        rules=changes_of(plan.settings),
    )


def _first_form() -> MultiDict[str, str]:
    form: MultiDict[str, str] = MultiDict(request.args)
    form.setdefault("from", usual_since(form.get("period", "half-year")).isoformat())
    form.setdefault("periods", str(FIRST_PERIODS))
    form.setdefault("seconds", str(DEFAULT_SECONDS))
    form.setdefault("keep_planned", "yes")
    return form


def form_of(asked: PlanRequest) -> MultiDict[str, str]:
    """Fill the form's fields from a request."""
    scenario: Scenario = asked.scenario
    given = horizon(asked.since, asked.periods, asked.period)
    form: MultiDict[str, str] = MultiDict(
        {
            "from": asked.since,
            "periods": str(asked.periods),
            "period": asked.period,
            "seconds": f"{asked.seconds:g}",
            "who": "chosen" if scenario.people else "all",
        }
    )
    if scenario.keep_planned:
        form["keep_planned"] = "yes"
    form.setlist("people", list(scenario.people))
    form.setlist("must_cover", list(scenario.must_cover))
    form.setlist("waived", [f"{rule}:{about}" for rule, about in sorted(scenario.waived)])
    pinned = [("pin", pin) for pin in scenario.pins] + [("forbid", p) for p in scenario.forbids]
    for what, pin in pinned:
        form.add("what", what)
        form.add("pin_person", pin.person)
        form.add("pin_post", pin.post)
        form.add("pin_day", given.name(pin.period))
    for person, since, until in scenario.leaves:
        form.add("leave_person", person)
        form.add("leave_since", since)
        form.add("leave_until", until or "")
    for post, places in sorted(scenario.capacities.items()):
        form.add("places_post", post)
        form.add("places", str(places))
    for post_kind, kind in sorted(scenario.kinds_by_post_kind.items()):
        form.add("kind_of_post", post_kind)
        form.add("counts_as", kind)
    for name, change in asked.rules.items():
        is_off = not change.get("enabled", True)
        form[f"kind:{name}"] = "off" if is_off else str(change.get("kind", ""))
        if "weight" in change:
            form[f"weight:{name}"] = str(change["weight"])
    return form


def _form_page(form: ScenarioForm, error: AppError | None = None) -> str:
    known = trainees()
    posts = post_choices()
    people = [(t, known.name(t)) for t in known.trainees[:MOST_CHOICES]]
    form.people.choices = offered((id_, f"{name} · {id_}") for id_, name in people)
    form.must_cover.choices = offered(posts)
    cohorts = sorted({str(known.people[t].cohort) for t in known.trainees} - {"None"})
    return render_template(
        "planning/new.html",
        form=form,
        error=error and error.translated(_),
        problems=error.problems if error else (),
        rules=_rule_fields(form.rules),
        kinds=RULE_KINDS,
        people=people,
        posts=posts,
        units=unit_choices(known),
        cohorts=cohorts,
        post_kinds=_post_kinds(),
        exercises=_exercises(),
        answers=READS,
    )


def post_choices() -> list[tuple[str, str]]:
    """Return the posts that a form offers, with their units."""
    rows = posts_in_units(current_store(), MOST_CHOICES)
    return [(row["id"], f"{row['unit']}{row['name']}") for row in rows]


def _post_kinds() -> list[tuple[str, str]]:
    """Return the kinds of posts that there are, with their titles."""
    kinds = post_kinds(current_store(), MOST_CHOICES)
    return [(kind, term("post_kinds", kind)) for kind in kinds]


def _exercises() -> list[tuple[str, str]]:
    return [
        (each.key, term("rotation_kinds", each.key))
        for each in words.programme().terms("rotation_kinds")
    ]


def _rule_fields(rules: RulesField) -> list[dict[str, Any]]:
    fields = []
    for name, group in by_name(context().settings()).items():
        kinds = list(dict.fromkeys(each.kind for each in group))
        weight = str(max(each.weight for each in group))
        offered = [kind for kind in RULE_KINDS if not (name in NEVER_SOFT and kind == "soft")]
        fields.append(
            {
                "name": name,
                "numbers": ", ".join(each.number for each in group),
                "titles": [rule_title(each) for each in group],
                "sources": list(dict.fromkeys(each.source for each in group if each.source)),
                "on_file": " / ".join(str(RULE_KINDS[kind]) for kind in kinds),
                "is_soft": "soft" in kinds,
                "is_fixed": name in ALWAYS_HARD,
                "offered": offered,
                "kind": rules.of(name).get("kind", ""),
                "was": weight,
                "weight": rules.of(name).get("weight", weight),
            }
        )
    return fields


# --- a run


def to_run(id_: str, **more: Any) -> ResponseReturnValue:
    """Go to the page of a run."""
    return redirect(url_for("planning.run", id=id_, **more), 303)


class LogLine(TypedDict):
    """What a run said at one moment."""

    seconds: float
    stage: str
    cost: str
    bound: str


class ProgressDict(TypedDict):
    """How far a run is."""

    id: str
    what: str
    status: str
    status_word: str
    is_over: bool
    began_at: str
    seconds: float
    stage: str
    stage_word: str
    cost: float | None
    bound: float | None
    gap: float | None
    cost_word: str
    bound_word: str
    gap_word: str
    log: list[LogLine]


class PointChange(TypedDict):
    """What a point of a change means for one person."""

    person: str
    message: str


class PointRow(TypedDict):
    """A point of a change: how dear it is and whom it moves."""

    reference: str
    cost: int
    moved: int
    is_proved: bool
    changes: list[PointChange]


def progress(found: Run) -> ProgressDict:
    """Return how far a run is: stage, seconds, best cost, bound, gap and what came before."""
    last = found.log[-1] if found.log else None
    ran = (datetime.now(UTC) - datetime.fromisoformat(found.began_at)).total_seconds()
    seconds = last.seconds if found.is_over and last else ran
    cost = next((p.cost for p in reversed(found.log) if p.cost is not None), None)
    bound = next((p.bound for p in reversed(found.log) if p.bound is not None), None)
    if found.what != "plan":
        cost = bound = None  # of one of several solves: not what is asked for
    gap = gap_of(cost, bound)
    return {
        "id": found.id,
        "what": found.what,
        "status": run_status(found.state),
        "status_word": str(RUN_STATUSES[run_status(found.state)][1]),
        "is_over": found.is_over,
        "began_at": found.began_at,
        "seconds": round(max(0.0, seconds), 1),
        "stage": last.stage if last else "",
        "stage_word": str(STAGES.get(last.stage if last else "", "")),
        "cost": cost,
        "bound": None if bound is None else round(bound, 3),
        "gap": None if gap is None else round(gap, 6),
        "cost_word": money(cost) if cost is not None else _("none yet"),
        "bound_word": money(bound) if bound is not None else _("no bound yet"),
        "gap_word": gap_text(gap),
        "log": [
            {
                "seconds": round(p.seconds, 1),
                "stage": str(STAGES.get(p.stage, p.stage)),
                "cost": money(p.cost),
                "bound": money(p.bound),
            }
            for p in found.log[-50:]
        ],
    }


class RunPage(Asked):
    """The plan that a run changes."""

    of: str = ""


@bp.get("/plans/runs/<id>")
def run(id: str) -> ResponseReturnValue:
    """Show how far a run is; once it is over, what it found."""
    found = planner.state(current_jobs(), id)
    of = RunPage.read().of
    if found.is_over and found.value is not None:
        if found.what == "plan":
            return redirect(url_for("planning.plan", reference=id), 303)
        if found.what == "replan":
            return _points_page(planner.look(context(), current_jobs(), id), of)
    asked = planner.request_of(found)
    return render_template(
        "planning/run.html",
        run=progress(found),
        of=of,
        limit=asked.seconds if asked else None,
        can_explain=found.is_over and found.what == "replan",
    )


def point_rows(found: Run) -> list[PointRow]:
    """Return the points of a change, fewest people moved first, each with its changes in words."""
    points: list[Point] = found.value or []
    return [
        {
            "reference": f"{found.id}.{at}",
            "cost": point.cost,
            "moved": point.moved,
            "is_proved": point.is_proved,
            "changes": [
                {"person": each.person, "message": said(each.sentence)} for each in point.changes
            ],
        }
        for at, point in enumerate(points)
    ]


def _points_page(found: Run, of: str) -> str:
    points = point_rows(found)
    return render_template(
        "planning/points.html",
        run=progress(found),
        points=points,
        keep_forms=[
            KeepForm(data={"name": _("Changed: %(moved)s people", moved=each["moved"])})
            for each in points
        ],
        base=found.base,
        of=of,
        money=money,
    )


def stopped(id_: str) -> Run:
    """Ask a run to stop; NotFound for a job that is none."""
    planner.state(current_jobs(), id_)
    return run_of(current_jobs().stop(id_))


@bp.post("/plans/runs/<id>/stop")
def stop(id: str) -> ResponseReturnValue:
    """Stop a run; the best so far is shown."""
    stopped(id)
    current_jobs().wait(id, STOP_SECONDS)
    return redirect(way_back(url_for("planning.run", id=id)), 303)


@bp.post("/plans/runs/<id>/explain")
def explain(id: str) -> ResponseReturnValue:
    """Plan with the pins of a change that led nowhere, so that the conflict is told."""
    base = planner.state(current_jobs(), id).base
    if base is None:
        raise NotFound(N_("This run changed no plan."))
    return to_run(_begin(_request_of(base)))


# --- change and relax a plan


def begin_change(found: PlanFound, pins: tuple[Pin, ...], forbids: tuple[Pin, ...]) -> str:
    """Start to change a plan by more pins and bans; give the run's id."""
    if not pins and not forbids:
        raise InputError(
            N_("Nothing is pinned or banned yet."),
            N_("Choose a person, a post and a period, or drag a bar."),
        )
    if not found.plan.assignments:
        raise InputError(N_("There is no plan to change."), N_("Plan again."))
    jobs, by = current_jobs(), kept_name()
    return planner.begin_points(context(), jobs, found.plan, pins, forbids, CHANGE_SECONDS, by)


def begin_relaxed(found: PlanFound, number: int) -> str:
    """Start to plan with one of the changes that make it possible; give the run's id."""
    remedies = found.plan.remedies
    remedy = remedies[number] if 0 <= number < len(remedies) else None
    if remedy is None or remedy.scenario is None:
        raise NotFound(N_("This change cannot be applied by itself."), N_("Enter it in the data."))
    return _begin(replace(request_like(found), scenario=remedy.scenario))


@bp.post("/plans/<reference>/relax")
def relax(reference: str) -> ResponseReturnValue:
    """Start to plan with one of the changes that would make a plan possible."""
    number = read_whole("n", RelaxForm.sent().n.data, 0, 9_999, 0)
    return to_run(begin_relaxed(find(reference), number))
