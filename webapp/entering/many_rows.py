"""Many new rows of one table: chosen, typed, pasted or of a file; told, stored, undone as one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.declared import nearest
from graph.errors import N_, AppError, Problem, UsageError
from graph.schema import Property, Reference
from loaders.entry_tables import EntryTable, entry_table
from loaders.many_rows import (
    ManyRows,
    ManyRowsDict,
    RowDoubt,
    UnconfirmedRows,
    UnfitRows,
    enter_rows,
)
from loaders.naming import NamesUnconfirmed
from loaders.problems import Findings
from loaders.written import Written, rows_of_texts, texts_of_file, texts_of_pasted
from queries.choices import choices
from queries.programme.on_day import facts_on
from queries.programme.starts import awaited, start
from webapp.entering.blueprint import bp
from webapp.entering.cells import title
from webapp.entering.event_words import table_title
from webapp.entering.fields import MOST_CHOICES, SEARCHED, terms_of_list
from webapp.entering.history import names_of
from webapp.entering.many_forms import ManyRowsForm, many_rows_form
from webapp.entering.rows_field import BesideRows
from webapp.serving.security import for_programs
from webapp.shell import words
from webapp.shell.form_links import kept_name
from webapp.shell.language import joined, language
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.told import told
from webapp.shell.way_back import way_back


class ManyRowsBody(Body):
    """Many new rows of a table: each an object of its columns; `shared` fills what is empty.

    `waiting_for`, `of_cohort` and `of_unit` add a row for each who waits for a duty or a measure,
    of a cohort, of a unit and below.
    """

    rows: list[dict[str, str]] | None = None
    shared: dict[str, str] | None = None
    waiting_for: str = ""
    of_cohort: int | None = None
    of_unit: str = ""
    reason: str = ""
    by: str = ""
    dry_run: bool = False
    confirm: bool = False


@dataclass
class BesideNewRows(BesideRows):
    """What stands beside new rows, and what storing them would bring."""

    outcome: ManyRows | None = None
    doubts: dict[int, list[RowDoubt]] = field(default_factory=dict)


def refuse_unknown_column(of: EntryTable, heading: str) -> None:
    """Refuse a column that a table has not."""
    known = of.written.headings
    if heading not in known:
        raise UsageError(
            N_("The table %(table)s has no column “%(column)s”."),
            N_("Known: %(known)s."),
            table=of.name,
            column=heading,
            known=nearest(heading, known) or ", ".join(known),
        )


def rows_for(
    of: EntryTable, waiting_for: str, cohort: int | None, unit: str
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return a row for each trainee who is asked for, and what all of those rows share."""
    if of.whom is None:
        raise UsageError(N_("Rows of %(table)s are about nobody yet."), table=of.name)
    known = facts_on(current_store(), words.today(), unit)
    begun = start(known, waiting_for, cohort)
    shared = {h: text for h, text in begun.cells.items() if h in of.headings}
    return [{of.whom: person} for person in begun.people], shared


@bp.get("/enter/many/<table>")
def many_rows(table: str) -> str:
    """Show a table for new rows: cells of the address are shared, its people have a row each."""
    of = entry_table(table, words.programme())
    form = many_rows_form(of.written.headings)()
    given = request.args
    form.shared.data = {h: given[h] for h in of.headings if given.get(h)}
    form.columns.data = given.getlist("columns")
    _offer(of, form)
    for each in (form.of_cohort, form.of_unit, form.waiting_for):
        each.data = given.get(each.name, "")
    shown = _beside(of)
    if any(name in given for name in ("of_cohort", "of_unit", "waiting_for")):
        _choose(of, form, shown)
    _say_shared(of, form)
    if form.waiting_for.data and "on" in of.headings:
        form.shared.data.setdefault("on", words.today().isoformat())
    return _page(of, form, shown)


@bp.post("/enter/many/<table>")
def many_rows_sent(table: str) -> ResponseReturnValue:
    """Take rows into the table, tell what they would bring, or store all of them."""
    of = entry_table(table, words.programme())
    form = many_rows_form(of.written.headings).sent()
    _offer(of, form)
    findings = Findings(language())
    form.rows.data += _brought(of, form, findings)
    if form.do.data == "choose":
        shown = _beside(of)
        _choose(of, form, shown)
        _say_shared(of, form)
        return _page(of, form, shown)
    if form.do.data == "take" or findings.error_count:
        shown = _beside(of)
        shown.other = [_sentence(each) for each in findings.problems()]
        return _page(of, form, shown), 400 if findings.error_count else 200
    if not form.validate():
        return _page(of, form, _beside(of)), 400
    return _tell_or_store(of, form, stores=form.do.data == "store")


@bp.post("/api/enter/many/<table>")
@for_programs(bp)
@operation(ManyRowsDict, body=ManyRowsBody)
def api_many_rows(table: str) -> Response:
    """Store many new rows of a table as one, or tell them only, as `flask enter` does."""
    of = entry_table(table, words.programme())
    sent = ManyRowsBody.read()
    rows, shared = list(sent.rows or ()), dict(sent.shared or {})
    for heading in {heading for row in (*rows, shared) for heading in row}:
        refuse_unknown_column(of, heading)
    if sent.waiting_for or sent.of_unit or sent.of_cohort is not None:
        more, common = rows_for(of, sent.waiting_for, sent.of_cohort, sent.of_unit)
        rows, shared = [*rows, *more], {**common, **shared}
    found = enter_rows(
        current_store(),
        table,
        rows_of_texts(of.written, rows, shared),
        by=sent.by or kept_name(),
        reason=sent.reason,
        dry_run=sent.dry_run,
        confirmed=sent.confirm,
        language=language(),
    )
    return jsonify(found.as_dict(said))


def _choose(of: EntryTable, form: ManyRowsForm, shown: BesideNewRows) -> None:
    """Give a row to each who is chosen and has none yet."""
    cohort = form.of_cohort.data or ""
    year = int(cohort) if cohort.isdecimal() else None
    rows, shared = rows_for(of, form.waiting_for.data or "", year, form.of_unit.data or "")
    there = {row.get(of.whom or "") for row in form.rows.data}
    new = [row for row in rows if row[of.whom or ""] not in there]
    form.rows.data += new
    form.shared.data = {**shared, **form.shared.data}
    if not new:
        shown.other.append(_("Nobody fits who has no row yet; nothing was added."))


def _say_shared(of: EntryTable, form: ManyRowsForm) -> None:
    """Write words of the programme for the keys that an address or a duty gives."""
    for heading, text in form.shared.data.items():
        column = of.written.table.column(heading)
        kinds = column.kinds if isinstance(column, Property) else ""
        form.shared.data[heading] = dict(terms_of_list(kinds)).get(text, text)


def _brought(of: EntryTable, form: ManyRowsForm, findings: Findings) -> list[dict[str, str]]:
    """Return the rows that were pasted or sent as a file; the fields are empty then."""
    found = texts_of_pasted(_in_order(of, form), form.pasted.data or "", findings)
    form.pasted.data = ""
    file = form.file.data
    if file:
        content = file.read()
        name = file.filename or f"{of.name}.csv"
        found += texts_of_file(of.written, name, lambda: BytesIO(content), findings)
    return found


def _tell_or_store(of: EntryTable, form: ManyRowsForm, stores: bool) -> ResponseReturnValue:
    shown = _beside(of)
    rows = rows_of_texts(of.written, form.rows.data, form.shared.data)
    given: dict[str, Any] = {"by": form.author, "reason": form.reason.data or ""}
    given["language"] = language()
    status = 200
    try:
        if stores:
            stored = enter_rows(current_store(), of.name, rows, **given)
            flash(_("Stored: %(count)s rows, undone as one.", count=len(stored.rows)))
            return redirect(way_back(url_for("entering.event_list")), 303)
    except (UnconfirmedRows, NamesUnconfirmed) as doubted:
        status = doubted.status
        shown.other.append(
            _("Say at each doubt why it is stored all the same.")
            if isinstance(doubted, UnconfirmedRows)
            else _("Look at who is meant, then store it.")
        )
    except AppError as error:
        return _page(of, form, _with_faults(shown, error)), error.status
    try:
        shown.outcome = enter_rows(current_store(), of.name, rows, dry_run=True, **given)
    except AppError as error:
        return _page(of, form, _with_faults(shown, error)), error.status
    for each in shown.outcome.doubts:
        shown.doubts.setdefault(each.at, []).append(each)
    _settle_names(of, form, shown, shown.outcome)
    return _page(of, form, shown), status


def _settle_names(
    of: EntryTable, form: ManyRowsForm, shown: BesideNewRows, found: ManyRows
) -> None:
    """Put the id where a name meant somebody, and whose it is beside it."""
    shown.names = found.shown
    for each in found.read_as:
        form.rows.data[each.at][each.column] = each.id


def _with_faults(shown: BesideNewRows, error: AppError) -> BesideNewRows:
    if not isinstance(error, UnfitRows):
        shown.other.append(told(error))
        return shown
    if error.found is not None:
        shown.names = error.found.shown
    for each in error.faults:
        shown.fault(each.at, each.heading, _sentence(each.problem), each.fitting)
    return shown


def _sentence(problem: Problem) -> str:
    return joined(problem.message, problem.hint)


# --- the page ------------------------------------------------------------------------------------


def _beside(of: EntryTable) -> BesideNewRows:
    return BesideNewRows(of.written.headings)


def _offer(of: EntryTable, form: ManyRowsForm) -> None:
    """Offer cohorts, units, what people wait for, and the columns that are not shown at once."""
    known = facts_on(current_store(), words.today())
    cohorts = {known.people[each].cohort for each in known.trainees} - {None}
    waits = [(each.key, each.text(language())) for each in awaited(known.programme)]
    form.offer(
        sorted((each for each in cohorts if each is not None), reverse=True),
        sorted(((each.id, each.name) for each in known.units.values()), key=lambda e: e[1]),
        waits if of.name == "records" else [],
        [
            (column.heading, title(column))
            for column in of.written.table.columns
            if column.heading in of.headings and column.heading not in of.shown
        ],
    )


def _shown(of: EntryTable, form: ManyRowsForm) -> list[str]:
    """Return the columns of the page: the usual ones, those asked for, those that hold something.

    A kind of record may need some that are not usual.
    """
    wanted = {*of.shown, *(form.columns.data or ()), *form.shared.data}
    for row in form.rows.data:
        wanted |= row.keys()
    kind = form.shared.data.get("kind", "")
    for term in words.programme().record_kinds if of.name == "records" else ():
        if kind in (term.key, term.zh, term.en):
            wanted |= {*term.needs}
    usual = [heading for heading in of.shown if heading in wanted]
    return [*usual, *(h for h in of.headings if h in wanted and h not in usual)]


def _in_order(of: EntryTable, form: ManyRowsForm) -> Written:
    """Return how cells without headings are read: in the order of the page."""
    return replace(of.written, order=tuple(_shown(of, form)))


def _page(of: EntryTable, form: ManyRowsForm, shown: BesideNewRows) -> str:
    store = current_store()
    headings = _shown(of, form)
    columns = [of.written.table.column(heading) for heading in headings]
    form.columns.data = [h for h in headings if h not in of.shown]
    texts = [form.shared.data, *form.rows.data]
    shown.names = {**names_of(store, texts), **shown.names}
    return render_template(
        "entering/many_rows.html",
        form=form,
        of=of,
        table_title=table_title(of.name),
        columns=[_column(of, each) for each in columns],
        lists=[each for each in map(_list, columns) if each],
        rows=form.with_blanks(),
        shared=form.shared.data,
        shown=shown,
        stored_count=len(shown.outcome.rows) if shown.outcome else 0,
        said=said,
    )


def _column(of: EntryTable, column: Any) -> dict[str, Any]:
    """Return how the page asks for a column."""
    heading = column.heading
    named = isinstance(column, Reference)
    return {
        "heading": heading,
        "title": _("%(title)s (name or id)", title=title(column)) if named else title(column),
        "titles": f"{column.zh}|{column.en}|{heading}",
        "list": f"list-{heading}" if named or terms_of_list(column.kinds) else "",
        "search": SEARCHED[column.label] if named else "",
        "placeholder": "2024-06-30" if column.type == "date" else "",
        "required": heading in of.required,
        "shares": heading not in (of.whom, "id", "name"),
    }


def _list(column: Any) -> dict[str, Any] | None:
    """Return what is suggested in a column: the words of its list, or what there is of a label."""
    if isinstance(column, Reference):
        rows = choices(current_store(), column.label, MOST_CHOICES)
        return {"id": f"list-{column.heading}", "options": [(r["id"], r["name"]) for r in rows]}
    if isinstance(column, Property) and (terms := terms_of_list(column.kinds)):
        return {"id": f"list-{column.heading}", "options": [(word, "") for _key, word in terms]}
    return None
