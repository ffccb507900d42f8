"""The form of one row: entering it, correcting it, withdrawing it, taking it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from graph.changes import changes, changes_of
from graph.errors import Conflict, InputError, Problem
from graph.schema import TABLES, Reference, Table
from graph.store import Store
from loaders import entry
from loaders.entry import Changed, Stored
from loaders.entry_tables import names_of_entry_tables
from queries.choices import ids_named
from queries.programme import mentoring
from queries.programme.on_day import facts_on
from queries.quality.confirming import Doubtful
from webapp.data import stored
from webapp.entering.blueprint import bp
from webapp.entering.cells import cell, title
from webapp.entering.event_words import table_title
from webapp.entering.forms import NameForm, RowForm, row_form
from webapp.entering.history import lines, names_of
from webapp.shell import words
from webapp.shell.form_links import home_of, known_table
from webapp.shell.language import language
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.way_back import way_back

# What a person enters most, in the order of the page.
ORDER = (
    "records",
    "rotations",
    "service",
    "grades",
    "mentoring",
    "activities",
    "people",
    "posts",
    "units",
    "wishes",
    "kin",
)
MOST_BELOW = 200
_TODAY = {
    "records": "on",
    "rotations": "since",
    "service": "since",
    "grades": "since",
    "mentoring": "since",
    "activities": "held_on",
}


@dataclass(frozen=True)
class Below:
    """The rows of another table that refer to this one."""

    table: Table
    heading: str
    rows: list[dict[str, Any]]
    total: int


@bp.get("/enter")
def index() -> str:
    """Show what can be entered, under which name, and the newest changes."""
    return _index(NameForm())


def _index(form: NameForm) -> str:
    store = current_store()
    return render_template(
        "entering/index.html",
        tables=[known_table(name) for name in ORDER],
        table_title=stored.title,
        many=[(name, table_title(name)) for name in names_of_entry_tables()],
        form=form,
        changes=lines(store, changes(store, limit=20)),
    )


@bp.post("/enter/name")
def name() -> Response | tuple[str, int]:
    """Keep the name under which this browser enters things."""
    form = NameForm.sent()
    if not form.validate():
        return _index(form), 400
    return redirect(way_back(url_for("entering.index")), 303)  # type: ignore[return-value]


@bp.get("/enter/<table>")
def new(table: str) -> str:
    """Show the form of a new row, with the cells that the address gives."""
    store, of = current_store(), known_table(table)
    texts = row_form(of)(request.args).texts
    if of.label and of.column("id").required:
        texts.setdefault("id", entry.next_id(store, table))
    if table in _TODAY:
        texts.setdefault(_TODAY[table], words.today().isoformat())
    return _form(store, row_form(of)(), texts, None, offered=_candidates(of, texts))


@bp.post("/enter/<table>")
def create(table: str) -> Response | tuple[str, int]:
    """Store a new row; with errors, or doubts not yet accepted, the form comes back."""
    store, of = current_store(), known_table(table)
    form = row_form(of).sent()
    texts, problems = _resolved(store, of, form.texts)
    answer = _judged(store, form, texts, problems, None)
    if answer:
        return answer
    try:
        row = entry.add(
            store, table, texts, by=form.author, reason=form.reason.data or None,
            accepts_doubts=form.is_accepted, language=language(),
        )  # fmt: skip
    except (Conflict, InputError) as error:
        return _refused(store, form, texts, None, error)
    flash(_("Stored: %(what)s.", what=_said(row)))
    return redirect(way_back(home_of(row)), 303)  # type: ignore[return-value]


@bp.get("/enter/<table>/<path:id>")
def row(table: str, id: str) -> str:
    """Show the form of a stored row, what refers to it, and its history."""
    store, of = current_store(), known_table(table)
    found = entry.stored(store, table, id)
    form = row_form(of)(data={"seen": found.mark})
    return _form(store, form, entry.texts_of(table, found.values), found)


@bp.post("/enter/<table>/<path:id>")
def correct(table: str, id: str) -> Response | tuple[str, int]:
    """Correct, withdraw, restore or take out a stored row, as the pressed button says."""
    store, of = current_store(), known_table(table)
    form = row_form(of).sent()
    action, seen, reason, by = form.do.data, form.seen.data or "", form.reason.data, form.author
    try:
        if action == "withdraw":
            day = words.today()
            row = entry.withdraw(store, id, by=by, reason=reason, seen=seen, on=day)
            flash(_("Withdrawn: %(what)s. It stays in the file with the reason.", what=_said(row)))
        elif action == "restore":
            before = entry.stored(store, table, id)
            try:
                row = entry.restore(store, id, by=by, seen=seen, language=language())
            except InputError as error:
                texts = entry.texts_of(table, before.values)
                return _refused(store, form, texts, before, error)
            flash(_("It counts again: %(what)s.", what=_said(row)))
        elif action == "remove":
            row = entry.stored(store, table, id)
            entry.remove(store, table, id, by=by, reason=reason, seen=seen)
            flash(_("Taken out: %(what)s. The changes keep it.", what=_said(row)))
            fallback = url_for("entering.index") if of.label else home_of(row)
            return redirect(way_back(fallback), 303)  # type: ignore[return-value]
        else:
            before = entry.stored(store, table, id)
            given = {**entry.texts_of(table, before.values), **form.texts}
            texts, problems = _resolved(store, of, given)
            answer = _judged(store, form, texts, problems, before)
            if answer:
                return answer
            try:
                row = entry.correct(
                    store, table, id, texts, by=by, seen=seen, reason=reason or None,
                    accepts_doubts=form.is_accepted, language=language(),
                )  # fmt: skip
            except (Doubtful, InputError) as error:
                return _refused(store, form, texts, before, error)
            flash(_("Stored: %(what)s.", what=_said(row)))
    except Changed as error:
        return _conflict(store, form, error), 409
    return redirect(way_back(home_of(row)), 303)  # type: ignore[return-value]


# --- the form ----------------------------------------------------------------------------------


def _judged(
    store: Store,
    form: RowForm,
    texts: dict[str, str],
    problems: list[Problem],
    before: Stored | None,
) -> tuple[str, int] | None:
    """Return the form again when something is wrong, or doubtful and not accepted yet."""
    id_ = before.id if before else None
    checked = entry.check(store, form.table.name, texts, id_=id_, language=language())
    # A name that several people have is told once, not also as an unknown id.
    told = {each.column for each in problems}
    problems += [each for each in checked.problems if each.column not in told]
    is_wrong = not form.validate() or any(each.severity == "error" for each in problems)
    if not is_wrong:
        doubts = entry.doubted(store, form.table.name, texts, id_=id_, language=language())
        problems += [_doubt(said(each)) for each in doubts]
        if doubts and not (form.reason.data or "").strip():
            form.asks_reason = True
            return _form(store, form, texts, before, problems), 200
    if is_wrong or (problems and not form.is_accepted):
        return _form(store, form, texts, before, problems), 400 if is_wrong else 200
    return None


def _refused(
    store: Store,
    form: RowForm,
    texts: dict[str, str],
    before: Stored | None,
    error: Conflict | InputError,
) -> tuple[str, int]:
    """Return the form again where somebody else was quicker between the checks and the storing."""
    message, hint = error.translated(_)
    problems = list(error.problems) or [_problem("id", message, hint or "")]
    return _form(store, form, texts, before, problems), error.status


def _form(
    store: Store,
    form: RowForm,
    texts: dict[str, str],
    found: Stored | None,
    problems: list[Problem] | None = None,
    offered: dict[str, Any] | None = None,
) -> str:
    of = form.table
    fixed = entry.fixed_headings(of) if found else ()
    form.show(store, texts, _names(store, of, texts, found), fixed)
    listed = [*(problems or ()), *(_problem("by", each, "") for each in form.by.errors)]
    form.tell(problems or ())
    is_wrong = any(each.severity == "error" for each in listed)
    form.accept.data = "yes" if listed and not is_wrong else ""
    return render_template(
        "entering/form.html",
        table=of,
        table_title=stored.title(of),
        form=form,
        # Where the id is made from the rest, nobody has to think of one.
        cells=[c for c in form.cells if found or c.name != "id" or c.flags.required],
        found=found,
        what=_said(found) if found else "",
        problems=listed,
        headings={"by": form.by.label.text} | {c.heading: title(c) for c in of.columns},
        errors=is_wrong,
        back=way_back(home_of(found) if found else url_for("entering.index")),
        below=_below(store, of, found) if found else [],
        history=lines(store, changes_of(store, of.name, found.id)) if found else [],
        offered=offered,
        said=said,
    )


def _conflict(store: Store, form: RowForm, error: Changed) -> str:
    """Show both versions side by side; the side that alone changed a field is chosen."""
    of = form.table
    now = entry.texts_of(of.name, error.now.values)
    base = entry.texts_of(of.name, error.base) if error.base is not None else None
    mine = {**now, **_resolved(store, of, form.texts)[0]}
    names = names_of(store, [error.now.values, mine])
    rows = []
    for column in of.columns:
        heading = column.heading
        theirs_text, mine_text = now.get(heading, ""), mine.get(heading, "")
        i_changed = base is None or mine_text != base.get(heading, "")
        rows.append(
            {
                "heading": heading,
                "title": title(column),
                "theirs": _shown(of, heading, theirs_text, names),
                "mine": _shown(of, heading, mine_text, names),
                "theirs_text": theirs_text,
                "mine_text": mine_text,
                "differs": theirs_text != mine_text,
                "choose": "mine" if i_changed else "theirs",
            }
        )
    form.seen.data, form.accept.data = error.now.mark, "yes"
    return render_template(
        "entering/conflict.html",
        form=form,
        table=of,
        table_title=stored.title(of),
        now=error.now,
        last=lines(store, [error.last])[0] if error.last else None,
        rows=rows,
        what=_said(error.now),
        by=form.author,
        action=form.do.data,
    )


def _shown(of: Table, heading: str, text: str, names: dict[str, str]) -> str:
    column = of.column(heading)
    value: Any = text.split(";") if column.type == "list" and text else text
    return cell(of, heading, value, names) if text else ""


def _below(store: Store, of: Table, found: Stored) -> list[Below]:
    below = []
    for other in TABLES:
        for reference in other.references:
            if not of.label or reference.label != of.label:
                continue
            rows = entry.rows_about(store, other.name, reference.heading, found.id)
            listed = [_listed(other, reference, row) for row in rows[:MOST_BELOW]]
            below.append(Below(other, reference.heading, listed, len(rows)))
    return below


def _listed(of: Table, reference: Reference, row: Stored) -> dict[str, Any]:
    """Return a row below another one: its id and, column by column, what is not the other one."""
    names = {str(row.values[h]): name for h, name in row.names.items()}
    cells = {
        title(column): cell(of, column.heading, row.values[column.heading], names)
        for column in of.columns
        if column.heading in row.values and column.heading not in ("id", reference.heading)
    }
    return {"id": row.id, "cells": cells, "withdrawn": row.withdrawn_on, "why": row.withdrawn_why}


def _said(row: Stored) -> str:
    """Name a row in a few words."""
    of = known_table(row.table)
    own = row.values.get("name") or row.values.get("title")
    if own:
        return str(own)
    parts = [*row.names.values()]
    for heading in ("kind", "on", "since"):
        if heading in row.values:
            parts.append(cell(of, heading, row.values[heading], {}))
    return " · ".join(filter(None, parts))


# --- what people write --------------------------------------------------------------------------


def _resolved(
    store: Store, of: Table, texts: dict[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """Turn a name that stands for an id into the id, when only one has it."""
    problems = []
    texts = dict(texts)
    for reference in of.references:
        text = texts.get(reference.heading, "").strip()
        if not text:
            continue
        ids = ids_named(store, reference.label, text)
        if len(ids) == 1:
            texts[reference.heading] = ids[0]
        elif text not in ids and ids:
            message = _("Several have the name “%(name)s”.", name=text)
            hint = _("Write the id: %(ids)s.", ids=", ".join(ids))
            problems.append(_problem(reference.heading, message, hint, text))
    return texts, problems


def _names(store: Store, of: Table, texts: dict[str, str], found: Stored | None) -> dict[str, str]:
    by_id = names_of(store, [texts]) if any(texts.get(r.heading) for r in of.references) else {}
    names = {r.heading: by_id.get(texts.get(r.heading, ""), "") for r in of.references}
    return {**(dict(found.names) if found else {}), **{h: n for h, n in names.items() if n}}


def _candidates(of: Table, texts: dict[str, str]) -> dict[str, Any] | None:
    """Propose mentors for a trainee who lacks one of a kind, each with the reasons."""
    trainee, kind = texts.get("trainee"), texts.get("kind")
    if of.name != "mentoring" or not trainee or not kind:
        return None
    known = facts_on(current_store(), words.today())
    if trainee not in known.trainees:
        return None
    return {
        "trainee": known.name(trainee),
        "kind": kind,
        "chosen": texts.get("mentor"),
        "people": [
            (each, known.name(each.mentor), _choose(each.mentor))
            for each in mentoring.candidates(known, trainee, kind)
        ],
    }


def _choose(mentor: str) -> str:
    args: dict[str, Any] = {**request.args.to_dict(), "mentor": mentor}
    return url_for("entering.new", table="mentoring", **args)


def _doubt(message: str) -> Problem:
    hint = _("Give the reason in the field below, or correct the row.")
    return Problem("warning", None, None, None, None, None, "appointment", message, hint)


def _problem(column: str, message: str, hint: str, value: str | None = None) -> Problem:
    return Problem("error", None, None, None, column, value, "entry", message, hint)


def new_below(of: Table, other: Below, id_: str) -> str:
    """Return the address of a new row below this one."""
    here = url_for("entering.row", table=of.name, id=id_)
    given: dict[str, Any] = {other.heading: id_, "next": here}
    return url_for("entering.new", table=other.table.name, **given)


bp.add_app_template_global(new_below)
