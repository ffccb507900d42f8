"""What was changed, when and by whom, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from typing_extensions import TypedDict

from graph.changes import Change, ChangeRow, Values, changes, count_changes
from graph.errors import N_
from graph.schema import Reference
from graph.store import Store
from loaders import wording
from queries import choices
from queries.quality.accepted import QUALITY_TABLE
from queries.quality.kinds import KIND_BY_NAME
from webapp.data import stored
from webapp.entering.blueprint import bp
from webapp.entering.cells import cell, title
from webapp.shell.asking import Asked
from webapp.shell.form_links import known_table
from webapp.shell.language import local
from webapp.shell.operations import operation
from webapp.shell.store import current_store

PAGE = 100
ACTIONS = {
    "added": _l("added"),
    "corrected": _l("corrected"),
    "withdrawn": _l("withdrawn"),
    "restored": _l("counts again"),
    "removed": _l("taken out"),
    "accepted": _l("accepted"),
    "reopened": _l("open again"),
}
# The parts of a programme that are edited on a page.
PARTS = {
    "mentoring_methods": N_("Methods of guidance"),
    "mentoring_duties": N_("Duties of a {mentor}"),
    "growth_tasks": N_("Growth tasks"),
    "focus": N_("Rule of the key-focus list"),
}
_EXTRA = {"withdrawn_on": _l("Withdrawn on"), "withdrawn_why": _l("Reason")}


class ChangesAsked(Asked):
    """Changes of one table, about one person or thing, `before` the last one of the page before."""

    table: str | None = None
    about: str | None = None
    before: str | None = None


class ChangesAnswer(TypedDict):
    """The newest changes, and how many there are."""

    changes: list[ChangeRow]
    total: int
    truncated: bool


@bp.get("/enter/changes")
def changes_page() -> str:
    """List what was changed, newest first, also of one table or about one person or thing."""
    store = current_store()
    asked = _asked()
    found = changes(store, limit=PAGE + 1, **asked)
    kept: dict[str, Any] = {key: value for key, value in asked.items() if value and key != "before"}
    older = None
    if len(found) > PAGE:
        older = url_for("entering.changes_page", before=found[PAGE - 1].id, **kept)
    return render_template(
        "entering/changes.html",
        changes=lines(store, found[:PAGE]),
        older=older,
        about=asked["about"],
    )


@bp.get("/api/changes")
@operation(ChangesAnswer, ChangesAsked)
def changes_json() -> Response:
    """Return the changes as JSON."""
    return jsonify(changes_answer(current_store(), PAGE, **_asked()))


def changes_answer(store: Store, limit: int, **asked: Any) -> ChangesAnswer:
    """Return the newest changes for the JSON interface and the command, and how many there are."""
    total = count_changes(store, **asked)
    listed = changes(store, limit=limit, **asked)
    return {
        "changes": [change.as_dict() for change in listed],
        "total": total,
        "truncated": len(listed) < total,
    }


def lines(store: Store, found: Iterable[Change | None]) -> list[dict[str, Any]]:
    """Say changes in words: what row, which columns, from what to what."""
    kept = [change for change in found if change]
    names = names_of(store, [row for c in kept for row in (c.before, c.after) if row])
    return [_line(change, names) for change in kept]


def names_of(store: Store, rows: Iterable[Values]) -> dict[str, str]:
    """Return the names of all ids that some rows refer to, as far as they are still stored."""
    given = {str(v) for row in rows for v in row.values() if v and not isinstance(v, list)}
    names: dict[str, str] = {}
    for label in ("Activity", "Post", "Unit", "Person"):
        names |= choices.names_of(store, label, given)
    return names


def _line(change: Change, names: dict[str, str]) -> dict[str, Any]:
    if change.table == wording.TABLE:
        return _line_of_programme(change)
    if change.table == QUALITY_TABLE:
        return _line_of_quality(change)
    of = known_table(change.table)
    before, after = change.before or {}, change.after or {}
    titles = {column.heading: title(column) for column in of.columns}
    titles |= {heading: str(word) for heading, word in _EXTRA.items()}
    shown = change.after or change.before or {}
    about = [
        names.get(str(shown[column.heading]), str(shown[column.heading]))
        for column in of.columns
        if isinstance(column, Reference) and column.heading in shown
    ]
    own = shown.get("name") or shown.get("title")
    return {
        "when": local(change.at),
        "at": change.at,
        "by": change.by,
        "table": stored.title(of),
        "action": change.action,
        "action_title": str(ACTIONS.get(change.action, change.action)),
        "what": " · ".join(map(str, filter(None, [own, *about]))) or change.row,
        "url": url_for("entering.row", table=change.table, id=change.row) if change.after else None,
        "reason": change.reason,
        "fields": [
            {
                "title": titles.get(heading, heading),
                "before": cell(of, heading, before.get(heading), names),
                "after": cell(of, heading, after.get(heading), names),
            }
            for heading in change.fields
            if heading in titles
        ],
    }


def _line_of_programme(change: Change) -> dict[str, Any]:
    """Say a change of the programme's own wording: its parts are lists of lines already."""
    before, after = change.before or {}, change.after or {}
    return {
        "when": local(change.at),
        "at": change.at,
        "by": change.by,
        "table": str(_l("Programme")),
        "action": change.action,
        "action_title": str(ACTIONS.get(change.action, change.action)),
        "what": str(_l("own wording")),
        "url": url_for("programme.wording"),
        "reason": change.reason,
        "fields": [
            {
                "title": gettext(PARTS.get(name, name)),
                "before": " · ".join(before.get(name, ())),
                "after": " · ".join(after.get(name, ())),
            }
            for name in change.fields
        ],
    }


def _line_of_quality(change: Change) -> dict[str, Any]:
    """Say that findings were accepted, or are open again."""
    shown = change.after or change.before or {}
    ids, kinds = shown["findings"], shown["kinds"]
    titles = [gettext(KIND_BY_NAME[kind].title) for kind in kinds if kind in KIND_BY_NAME]
    what = gettext("%(n)s findings", n=len(ids)) if len(ids) > 1 else ids[0]
    return {
        "when": local(change.at),
        "at": change.at,
        "by": change.by,
        "table": str(_l("Data quality")),
        "action": change.action,
        "action_title": str(ACTIONS[change.action]),
        "what": " · ".join([*titles, what]),
        "url": url_for("quality.index", finding=ids[0], state="all") if len(ids) == 1 else None,
        "reason": change.reason,
        "fields": [],
    }


def _asked() -> dict[str, str | None]:
    given = ChangesAsked.read()
    if given.table and given.table not in (wording.TABLE, QUALITY_TABLE):
        known_table(given.table)
    return given.model_dump()
