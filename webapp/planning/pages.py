"""The plans that there are, one plan on one screen, keeping, accepting and withdrawing it."""

from __future__ import annotations

import io
import json
from typing import Any

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from typing_extensions import TypedDict

from graph.errors import N_, AppError, Conflict, InputError, NotFound
from planning import kept_plans
from planning.view import PlanDetails, PlanView
from queries.quality.confirming import Doubtful
from webapp.careers.words import RULE_KINDS
from webapp.planning import files
from webapp.planning.blueprint import bp
from webapp.planning.board import board, kind_marks, legend
from webapp.planning.forms import AcceptPlanForm, ChangeForm, KeepForm
from webapp.planning.found import (
    PlanFound,
    find,
    view_of,
    whole_view_of,
)
from webapp.planning.plan_rows import conditions, pin_url, plan_picture
from webapp.planning.running import READS, begin_change, to_run
from webapp.planning.scenario import pins_of
from webapp.planning.sheets import moves_sheet, wall_sheets
from webapp.planning.words import STATUSES, gap_text, money, run_status
from webapp.programme.documents import as_workbook
from webapp.programme.page import facts_of
from webapp.shell import words
from webapp.shell.asking import Asked
from webapp.shell.forms import ConfirmForm, PageForm
from webapp.shell.sentences import said, title
from webapp.shell.states import KEPT_STATUSES
from webapp.shell.store import current_jobs, current_store
from webapp.shell.told import told

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNS_SHOWN = 10
COSTS_SHOWN = 8


class RunRow(TypedDict):
    """A run in the list of them."""

    id: str
    what: str
    status: str
    began_at: str


def run_rows() -> list[RunRow]:
    """Return the latest runs that made or changed a plan."""
    rows: list[RunRow] = [
        {
            "id": job.id,
            "what": job.kind,
            "status": run_status(job.state),
            "began_at": job.started[:16],
        }
        for job in current_jobs().all()
        if job.kind in ("plan", "replan")
    ]
    return rows[:RUNS_SHOWN]


@bp.get("/plans/<reference>")
def plan(reference: str) -> ResponseReturnValue:
    """Show one plan on one screen, or why there is none."""
    found = find(reference)
    if found.run is not None and not found.run.is_over:
        return redirect(url_for("planning.run", id=found.run.id), 303)
    return plan_page(found)


def plan_page(
    found: PlanFound,
    form: ChangeForm | None = None,
    error: AppError | None = None,
    keep_form: KeepForm | None = None,
) -> str:
    """Render a plan; a form keeps what was typed, `error` says what is wrong with the change."""
    view = view_of(found)
    plan = view.plan
    shared = {
        "found": found,
        "plan": plan,
        "head": view.head(),
        "state": STATUSES[plan.status],
        "kept_state": found.kept and KEPT_STATUSES[found.kept.status],
        "money": money,
        "gap_text": gap_text,
        "notes": [said(note.sentence) for note in plan.notes],
        "answers": READS,
    }
    if plan.cost is None:
        return render_template(
            "planning/none.html",
            conflict=[each.as_dict(said, title) for each in view.conflict],
            remedies=_remedies(view),
            **shared,
        )
    if view.details is None:
        return render_template("planning/gone.html", **shared)
    picture = plan_picture(found, view, view.details)
    return render_template(
        "planning/plan.html",
        **_shown(view, view.details),
        picture=picture,
        conditions=conditions(found),
        pin_url=lambda what, each: pin_url(found, what, each),
        form=form or ChangeForm(data={"pins": picture.pins}),
        keep_form=keep_form
        or KeepForm(data={"name": _("Plan from %(day)s", day=plan.horizon.since.isoformat())}),
        error=error and error.translated(_),
        **shared,
    )


def _remedies(view: PlanView) -> list[dict[str, Any]]:
    return [
        {"n": at, "message": said(each.sentence), "cost": each.cost, "can": each.scenario}
        for at, each in enumerate(view.plan.remedies)
    ]


def _shown(view: PlanView, details: PlanDetails) -> dict[str, Any]:
    """Return what the page of a plan draws: the rows of its JSON, the board, the choices."""
    report, kinds = view.report, kind_marks()
    assert report is not None  # there are no details without a judgement
    rows = details.as_dict(said, title)
    return {
        "check": report,
        "broken": [said(each.sentence) for each in report.violations],
        "warnings": [said(each.sentence) for each in report.warnings],
        "board": board(view, details),
        "legend": legend(view),
        "rules": [each.as_dict(title) for each in view.rules],
        "rule_kinds": RULE_KINDS,
        "moves": rows["moves_with_reasons"],
        "postings": [
            {
                **each.as_dict(said, title),
                "letter": kinds.get(each.assignment.kind or "", {}).get("letter", ""),
            }
            for each in details.postings
        ],
        "posts": rows["coverage"],
        "names": dict(details.people),
        "wishes": rows["wishes"],
        "exercises": rows["exercises"]["people"],
        "exercise_counts": details.exercise_counts,
        "exercise_kinds": details.exercise_kinds,
        "idle": rows["without_post"],
        "person_costs": rows["person_costs"],
        "costs_shown": COSTS_SHOWN,
        "days": [day.isoformat() for day in view.plan.horizon.days],
        "people_choices": details.people,
        "post_choices": details.posts,
    }


@bp.post("/plans/<reference>/change")
def change(reference: str) -> ResponseReturnValue:
    """Start to change a plan by the pins and bans of its form."""
    found = find(reference)
    form = ChangeForm.sent()
    try:
        id_ = begin_change(found, *pins_of(form.pins, found.plan.horizon))
    except InputError as error:
        return plan_page(found, form, error), error.status
    return to_run(id_, of=reference)


# --- keep, accept, withdraw


@bp.post("/plans/<reference>/keep")
def keep(reference: str) -> ResponseReturnValue:
    """Keep a plan of a run under a name."""
    found, form = find(reference), KeepForm.sent()
    if not form.validate() and found.plan.assignments:
        return plan_page(found, keep_form=form), 400
    id_ = kept_plans.keep(current_store(), found.plan, form.name.data)
    flash(_("The plan is kept as %(id)s.", id=id_))
    return redirect(url_for("planning.plan", reference=id_), 303)


@bp.get("/plans/<reference>/accept")
def accepting(reference: str) -> str:
    """Show exactly what accepting would write, and what is doubted of it, before it is done."""
    return _confirm_page(kept(reference), "accept", AcceptPlanForm())


@bp.get("/plans/<reference>/withdraw")
def withdrawing(reference: str) -> str:
    """Show exactly what withdrawing would remove, before it is done."""
    return _confirm_page(kept(reference), "withdraw", ConfirmForm())


def _confirm_page(found: PlanFound, what: str, form: PageForm) -> str:
    accepts = what == "accept"
    return render_template(
        "planning/confirm.html",
        found=found,
        what=what,
        form=form,
        doubts=kept_plans.doubted(current_store(), words.programme(), found.reference)
        if accepts
        else (),
        rows=[each.as_dict(said, title) for each in view_of(found).new_postings],
    )


@bp.post("/plans/<reference>/accept")
def accept(reference: str) -> ResponseReturnValue:
    """Write a kept plan's moves as planned rotations; what is doubted needs name and reason."""
    found, form = kept(reference), AcceptPlanForm.sent()
    try:
        done = kept_plans.accept(
            current_store(),
            words.programme(),
            found.reference,
            by=form.author,
            reason=form.reason.data or "",
        )
    except Doubtful:
        form.reason.errors = [_("Say why it is stored in spite of the doubts.")]
        return _confirm_page(found, "accept", form), 400
    except InputError as error:
        form.by.errors = [told(error)]
        return _confirm_page(found, "accept", form), 400
    flash(_("Accepted: %(count)s planned rotations are written.", count=done.written))
    if done.doubts:
        flash(
            ngettext(
                "%(num)s doubt is confirmed, and listed under data quality with the reason.",
                "%(num)s doubts are confirmed, and listed under data quality with the reason.",
                len(done.doubts),
            )
        )
    return redirect(url_for("planning.plan", reference=reference), 303)


@bp.post("/plans/<reference>/withdraw")
def withdraw(reference: str) -> ResponseReturnValue:
    """Remove exactly the planned rotations that accepting wrote."""
    count = kept_plans.withdraw(current_store(), kept(reference).reference)
    flash(_("Withdrawn: %(count)s planned rotations are removed.", count=count))
    return redirect(url_for("planning.plan", reference=reference), 303)


def kept(reference: str) -> PlanFound:
    """Return a plan that is kept; Conflict for one that is not."""
    found = find(reference)
    if found.kept is None:
        raise Conflict(
            N_("This plan is not kept yet."), N_("Keep it under a name, then accept it.")
        )
    return found


# --- on paper and as files


@bp.get("/plans/<reference>/sheet")
def sheet(reference: str) -> str:
    """Show the moves of a plan on one sheet of A4 across, for whoever decides about it."""
    return _on_paper(find(reference), "planning/sheet.html")


@bp.get("/plans/<reference>/poster")
def poster(reference: str) -> str:
    """Show a plan on A3 for the wall: people by period, those of one rank together."""
    return _on_paper(find(reference), "planning/poster.html")


def _on_paper(found: PlanFound, template: str) -> str:
    view, details = whole_view_of(found)
    known, is_poster = facts_of(words.as_of()), template.endswith("poster.html")
    return render_template(
        template,
        found=found,
        plan=found.plan,
        check=view.report,
        broken=[said(each.sentence) for each in view.report.violations[:3]] if view.report else [],
        head=view.head(),
        state=STATUSES[found.plan.status],
        days=[day.isoformat() for day in found.plan.horizon.days],
        exercise_counts=details.exercise_counts,
        legend=legend(view),
        gap_text=gap_text,
        sheets=wall_sheets(view, details, known) if is_poster else [],
        moves=None if is_poster else moves_sheet(details, known),
    )


@bp.get("/plans/<reference>/plan.<any(xlsx, json):ending>")
def file(reference: str, ending: str) -> Response:
    """Return a plan as a workbook, or as the JSON that `flask plan-check` reads."""
    found = find(reference)
    name = f"plan-{reference.removeprefix('plan-')}.{ending}"
    if ending == "json":
        content, kind = words_of(found), "application/json"
    else:
        content, kind = as_workbook(files.workbook(found, *whole_view_of(found))), EXCEL
    return send_file(io.BytesIO(content), kind, as_attachment=True, download_name=name)


def words_of(found: PlanFound) -> bytes:
    """Write a plan as the JSON of `flask plan`."""
    return json.dumps(found.plan.as_dict(said), ensure_ascii=False, indent=2).encode()


class CalendarFile(Asked):
    """Whose moves: one person's, or everybody's."""

    person: str | None = None


@bp.get("/plans/<reference>/plan.ics")
def ics(reference: str) -> Response:
    """Return a plan's moves as a calendar; `?person=` gives one person's."""
    found = find(reference)
    _view, details = whole_view_of(found)
    person = CalendarFile.read().person
    if person is not None and person not in dict(details.people):
        raise NotFound(
            N_("%(id)s is not planned here."), N_("Choose somebody of the plan."), id=person
        )
    answer = Response(files.ics(found, details, person), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = "attachment; filename=plan.ics"
    return answer
