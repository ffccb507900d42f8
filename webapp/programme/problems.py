"""A problem that a talk brought up: what it is, and how it is settled in one step."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.dates import first_day, is_date
from graph.errors import N_, InputError, NotFound
from graph.store import Store
from loaders import entry
from webapp.programme.blueprint import bp
from webapp.programme.cells import link
from webapp.programme.forms import SettleForm
from webapp.programme.page import facts, page
from webapp.serving.security import for_programs
from webapp.shell.form_links import kept_name
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.store import current_store


@bp.get("/programme/problems/<path:id>")
def settle(id: str) -> str:
    """Ask on which day and how a problem was settled."""
    row = _row(current_store(), id)
    given = {name: str(row.values.get(name) or "") for name in ("closed_on", "outcome")}
    given["closed_on"] = given["closed_on"] or facts().day
    return _settle_page(row, SettleForm(data={**given, "seen": row.mark}))


@bp.post("/programme/problems/<path:id>")
def settled(id: str) -> Response | tuple[str, int]:
    """Keep on which day and how a problem was settled, as a change of its talk's record."""
    store, form = current_store(), SettleForm.sent()
    row = _row(store, id)
    if not form.validate():
        return _settle_page(row, form), 400
    day, outcome = form.closed_on.data or "", form.outcome.data or ""
    settle_problem(store, id, day, outcome, by=form.author, seen=form.seen.data or "")
    flash(_("Stored: %(what)s.", what=row.values["problem"]))
    return redirect(link("programme.duties"), 303)  # type: ignore[return-value]


def settle_problem(
    store: Store, id_: str, closed_on: str, outcome: str, *, by: str, seen: str = ""
) -> entry.Stored:
    """Store on which day and how a problem was settled; `seen` as in `entry.correct`.

    Without it, the row as it is read here is meant, and a change in between is a conflict.
    """
    row = _row(store, id_)
    if not is_date(closed_on):
        raise InputError(
            N_('"%(day)s" is not a date.'), N_("Write it like 2024-07-01."), day=closed_on
        )
    if not outcome.strip():
        raise InputError(
            N_("It is not said how the problem was settled."), N_("Write the outcome.")
        )
    if row.values.get("on") and first_day(closed_on) < first_day(str(row.values["on"])):
        raise InputError(
            N_("%(day)s is before the talk of %(talk)s."),
            N_("Enter the day on which the problem was settled."),
            day=closed_on,
            talk=row.values["on"],
        )
    texts = entry.texts_of("records", row.values)
    texts |= {"closed_on": closed_on, "outcome": outcome.strip()}
    return entry.correct(
        store, "records", id_, texts, by=by, seen=seen or row.mark, language=language()
    )


def _row(store: Store, id_: str) -> entry.Stored:
    row = entry.stored(store, "records", id_)
    if not row.values.get("problem"):
        raise NotFound(N_("No problem stands in the record %(id)s."), id=id_)
    return row


def _settle_page(row: entry.Stored, form: SettleForm) -> str:
    known = facts()
    return page("problem.html", "problems", form=form, row=row.values, known=known)


class ProblemAnswer(TypedDict):
    """A problem as it is stored; `seen` goes back with what settles it."""

    record: str
    person: str
    on: str | None
    problem: str
    solver: str | None
    due: str | None
    closed_on: str | None
    outcome: str | None
    seen: str


class SettleBody(Body):
    """On which day and how a problem was settled; `seen` of what was read, if it was."""

    closed_on: str
    outcome: str
    by: str = ""
    seen: str = ""


def settled_answer(row: entry.Stored) -> ProblemAnswer:
    """Return what the JSON interface and the command say of a problem."""
    values: Any = row.values
    return {
        "record": row.id,
        "person": values["person"],
        "on": values.get("on"),
        "problem": values["problem"],
        "solver": values.get("solver"),
        "due": values.get("due"),
        "closed_on": values.get("closed_on"),
        "outcome": values.get("outcome"),
        "seen": row.mark,
    }


@bp.get("/api/programme/problems/<path:id>")
@operation(ProblemAnswer)
def problem_json(id: str) -> Response:
    """Return one problem as it is stored, as JSON."""
    return jsonify(settled_answer(_row(current_store(), id)))


@bp.post("/api/programme/problems/<path:id>")
@for_programs(bp)
@operation(ProblemAnswer, body=SettleBody)
def settled_by_json(id: str) -> Response:
    """Settle a problem that a talk brought up."""
    sent = SettleBody.read()
    row = settle_problem(
        current_store(), id, sent.closed_on, sent.outcome, by=sent.by or kept_name(), seen=sent.seen
    )
    return jsonify(settled_answer(row))
