"""Who took part in an activity: one sheet to tick, stored at once."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, InputError
from graph.store import Store
from loaders import entry
from queries.choices import trainees
from webapp.entering.blueprint import bp
from webapp.shell import words
from webapp.shell.form_links import author, kept_name
from webapp.shell.language import language
from webapp.shell.store import current_store
from webapp.shell.way_back import way_back

MOST_PEOPLE = 500


@bp.get("/enter/attendance/of/<path:id>")
def sheet(id: str) -> str:
    """Show everybody who could have taken part, with those ticked who did."""
    store = current_store()
    activity = entry.stored(store, "activities", id)
    rows = entry.rows_about(store, "attendance", "activity", id)
    there = {str(row.values["person"]): row for row in rows}
    everybody = _people(store)
    people = everybody[:MOST_PEOPLE]
    known = {person["id"] for person in people}
    others = [{"id": i, "name": r.names["person"], "cohort": None} for i, r in there.items()]
    return render_template(
        "entering/attendance.html",
        activity=activity,
        people=[*(other for other in others if other["id"] not in known), *people],
        there={id_: entry.texts_of("attendance", row.values) for id_, row in there.items()},
        seen=entry.attendance_mark(rows),
        by=kept_name(),
        left_out=len(everybody) - len(people),
        next=request.args.get("next", ""),
    )


@bp.post("/enter/attendance/of/<path:id>")
def attend(id: str) -> Response:
    """Store the ticked sheet; what somebody else stored in between is not overwritten."""
    by = author()
    if not by:
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    present = {
        person: {
            "role": request.form.get(f"role.{person}", ""),
            "result": request.form.get(f"result.{person}", ""),
        }
        for person in request.form.getlist("present")
    }
    added, corrected, removed = entry.attend(
        current_store(),
        id,
        present,
        by=by,
        seen=request.form.get("seen", ""),
        language=language(),
    )
    flash(
        _(
            "Stored: %(added)s added, %(corrected)s corrected, %(removed)s taken out.",
            added=added,
            corrected=corrected,
            removed=removed,
        )
    )
    back = url_for("entering.row", table="activities", id=id)
    return redirect(way_back(back), 303)  # type: ignore[return-value]


def _people(store: Store) -> list[dict[str, Any]]:
    gone = {status.key for status in words.programme().statuses if not status.counts}
    return [row for row in trainees(store) if row["status"] not in gone]
