"""A problem that a talk brought up: what it is, and how it is settled in one step."""

from __future__ import annotations

from flask import Response, flash, redirect
from flask_babel import gettext as _

from graph.dates import first_day
from graph.errors import N_, InputError, NotFound
from loaders import entry
from webapp.programme.blueprint import bp
from webapp.programme.cells import link
from webapp.programme.forms import SettleForm
from webapp.programme.page import facts, page
from webapp.shell.store import current_store


@bp.get("/programme/problems/<path:id>")
def settle(id: str) -> str:
    """Ask on which day and how a problem was settled."""
    row = _row(id)
    given = {name: str(row.values.get(name) or "") for name in ("closed_on", "outcome")}
    given["closed_on"] = given["closed_on"] or facts().day
    return _settle_page(row, SettleForm(data={**given, "seen": row.mark}))


@bp.post("/programme/problems/<path:id>")
def settled(id: str) -> Response | tuple[str, int]:
    """Keep on which day and how a problem was settled, as a change of its talk's record."""
    row, form = _row(id), SettleForm.sent()
    if not form.validate():
        return _settle_page(row, form), 400
    closed_on = form.closed_on.data or ""
    if row.values.get("on") and first_day(closed_on) < first_day(str(row.values["on"])):
        raise InputError(
            N_("%(day)s is before the talk of %(talk)s."),
            N_("Enter the day on which the problem was settled."),
            day=closed_on,
            talk=row.values["on"],
        )
    texts = entry.texts_of("records", row.values)
    texts |= {"closed_on": closed_on, "outcome": form.outcome.data}
    entry.correct(current_store(), "records", id, texts, by=form.author, seen=form.seen.data)
    flash(_("Stored: %(what)s.", what=row.values["problem"]))
    return redirect(link("programme.duties"), 303)  # type: ignore[return-value]


def _row(id_: str) -> entry.Stored:
    row = entry.stored(current_store(), "records", id_)
    if not row.values.get("problem"):
        raise NotFound(N_("No problem stands in the record %(id)s."), id=id_)
    return row


def _settle_page(row: entry.Stored, form: SettleForm) -> str:
    known = facts()
    return page("problem.html", "problems", form=form, row=row.values, known=known)
