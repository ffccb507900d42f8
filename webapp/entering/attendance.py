"""Who took part in an activity: one sheet to tick, stored at once."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from graph.store import Store
from loaders import entry
from queries.choices import trainees
from webapp.entering.blueprint import bp
from webapp.entering.forms import AttendanceForm
from webapp.shell import words
from webapp.shell.language import language
from webapp.shell.store import current_store
from webapp.shell.way_back import way_back

MOST_PEOPLE = 500


@bp.get("/enter/attendance/of/<path:id>")
def sheet(id: str) -> str:
    """Show everybody who could have taken part, with those ticked who did."""
    store = current_store()
    rows = entry.rows_about(store, "attendance", "activity", id)
    there = {str(row.values["person"]): entry.texts_of("attendance", row.values) for row in rows}
    data = {"present": there, "seen": entry.attendance_mark(rows)}
    return _sheet(id, AttendanceForm(data=data))


@bp.post("/enter/attendance/of/<path:id>")
def attend(id: str) -> Response | tuple[str, int]:
    """Store the ticked sheet; what somebody else stored in between is not overwritten."""
    form = AttendanceForm.sent()
    if not form.validate():
        return _sheet(id, form), 400
    added, corrected, removed = entry.attend(
        current_store(),
        id,
        form.present.data,
        by=form.author,
        seen=form.seen.data,
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


def _sheet(id: str, form: AttendanceForm) -> str:
    store = current_store()
    activity = entry.stored(store, "activities", id)
    rows = entry.rows_about(store, "attendance", "activity", id)
    everybody = _people(store)
    people = everybody[:MOST_PEOPLE]
    known = {person["id"] for person in people}
    others = [{"id": r.values["person"], "name": r.names["person"], "cohort": None} for r in rows]
    return render_template(
        "entering/attendance.html",
        activity=activity,
        people=[*(other for other in others if other["id"] not in known), *people],
        form=form,
        role_choices=_role_choices(),
        left_out=len(everybody) - len(people),
    )


def _role_choices() -> list[tuple[str, str]]:
    """Return the programme's words for what somebody was, none where any word is taken."""
    listed = [(each.key, each.text(language())) for each in words.programme().attendance_roles]
    return [("", ""), *listed] if listed else []


def _people(store: Store) -> list[dict[str, Any]]:
    gone = {status.key for status in words.programme().statuses if not status.counts}
    return [row for row in trainees(store) if row["status"] not in gone]
