"""One row at a time: entered, corrected, withdrawn or taken out by a person, with its history.

A row passes the checks of a file (`loaders.checking`) and is stored by the same writers. Beside it
stands the change, in the same transaction, and so are the checks: what they found free or stored
still is when the row is written. Whoever corrects a row says which state of it they
saw (`mark`); when somebody else was quicker nothing is stored and `Changed` carries both. Long
because all that can happen to one row shares its checks and its history.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph import tables
from graph.changes import Change, changes_of, keep
from graph.errors import N_, Conflict, InputError, NotFound, Problem
from graph.schema import Table, table
from graph.store import Reader, Row, Store, Transaction
from graph.touched import Mark, nodes
from loaders.adding import id_of_new, with_id
from loaders.checking.checks import Checks
from loaders.checking.leavers import stored_late_entries
from loaders.checking.rows import Row as TypedRow
from loaders.checking.rows import TableReader
from loaders.checking.values import stored_programme
from loaders.export.rows import text
from loaders.load import store_rows
from loaders.neighbours import doubts
from loaders.problems import LANGUAGE, Findings, Place, word
from loaders.readers import Cells, DataSet, RawTable, known_headings, normal_heading
from loaders.readers.blocks import of_rows
from loaders.readers.cells import cell
from queries.quality.confirming import Confirming, OnlyJudged, is_judged
from queries.quality.confirming import Doubtful as Doubtful
from queries.sentences import Sentence

Values = Mapping[str, Any]  # by heading: text, integer, list of texts; an empty cell is left out
NO_LIMIT = 2**31 - 2
_RULED_OUT = ("paid-twice", "leaver-on-list")  # what a record is refused for beside others


@dataclass(frozen=True)
class Stored:
    """One stored row of a table, with the names of what it refers to."""

    table: str
    id: str
    values: Values
    names: Mapping[str, str]  # by heading of a reference
    withdrawn_on: str | None = None
    withdrawn_why: str | None = None

    @property
    def kept(self) -> Values:
        """Return what the history keeps of it: its values, and whether it is withdrawn."""
        return {
            **self.values,
            **({"withdrawn_on": self.withdrawn_on} if self.withdrawn_on else {}),
            **({"withdrawn_why": self.withdrawn_why} if self.withdrawn_why else {}),
        }

    @property
    def mark(self) -> str:
        """Return a short text that differs when the row does."""
        return mark(self.kept)


@dataclass(frozen=True)
class Checked:
    """What the checks say of values that were entered, and the values as they would be stored."""

    values: Values
    problems: tuple[Problem, ...]  # `column` is a heading

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what keeps the row from being stored."""
        return tuple(each for each in self.problems if each.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what a person should know and may accept."""
        return tuple(each for each in self.problems if each.severity == "warning")


class Changed(Conflict):
    """Somebody else changed the row since it was shown; nothing was stored."""

    def __init__(self, now: Stored, base: Values | None, last: Change | None) -> None:
        super().__init__(
            N_("%(id)s was changed by %(by)s while you were writing; nothing was stored."),
            N_("Compare the two and choose."),
            id=now.id,
            by=last.by if last else "?",
        )
        self.now = now
        self.base = base  # what this person had seen, where the history still knows it
        self.last = last


def mark(values: Values) -> str:
    """Return a short text for a row's values; the order of the columns does not matter.

    >>> mark({"id": "T1", "name": "A"}) == mark({"name": "A", "id": "T1"})
    True
    """
    text = json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


# --- reading -----------------------------------------------------------------------------------


def stored(store: Reader, name: str, id_: str) -> Stored:
    """Return one stored row; NotFound when there is none."""
    found = _find(store, table(name), id_)
    if found is None:
        raise _nothing(name, id_)
    return found


def rows_about(store: Store, name: str, heading: str, id_: str) -> list[Stored]:
    """Return the rows of a table in which a reference column names an id, withdrawn ones too."""
    of = table(name)
    return sorted(_rows(store, of, heading, id_), key=lambda row: (_day(row), row.id))


def next_id(store: Reader, name: str) -> str:
    """Propose an id for a new row: the last one, counted on; empty when it has no number.

    Whoever stores a row with it first has it; for anybody else it is stored already by then.
    """
    last = tables.last_id(store, table(name))
    prefix = last.rstrip("0123456789")
    number = last[len(prefix) :]
    return f"{prefix}{int(number) + 1:0{len(number)}d}" if number else ""


# --- checking ----------------------------------------------------------------------------------


def check(
    store: Store,
    name: str,
    texts: Mapping[str, str],
    *,
    id_: str | None = None,
    language: str = LANGUAGE,
) -> Checked:
    """Check the texts of one row as a file's, and beside what is stored; `id_`: of a stored row."""
    return _check(store, table(name), texts, id_, language)[0]


def doubted(
    store: Store,
    name: str,
    texts: Mapping[str, str],
    *,
    id_: str | None = None,
    language: str = LANGUAGE,
) -> tuple[Sentence, ...]:
    """Return what the rules of appointment would doubt once a right row is stored.

    It is stored and judged in a transaction that is given up: what is asked is what would be.
    """
    of = table(name)
    found: list[Sentence] = []
    with suppress(OnlyJudged), store.transaction() as transaction:
        checked, reader, row = _check(transaction, of, texts, id_, language)
        if checked.errors or row is None or not is_judged(name):
            raise OnlyJudged
        confirming = Confirming(transaction, _people_in(transaction, of, checked.values, id_))
        store_rows(transaction, reader, [row])
        found += confirming.sentences()
        raise OnlyJudged
    return tuple(found)


def _people_in(reader: Reader, of: Table, values: Values, id_: str | None = None) -> set[str]:
    """Return whose facts a row is, before and after."""
    before = _find(reader, of, id_) if id_ else None
    rows = (values, before.values if before else {})
    return {str(row["person"]) for row in rows if row.get("person")}


def _check(
    store: Reader, of: Table, texts: Mapping[str, str], id_: str | None, language: str
) -> tuple[Checked, TableReader, TypedRow | None]:
    # Headings in the reader's language, so that problems name columns as the page does.
    headings = {c.heading: c.en if language == "en" else c.zh for c in of.columns}
    cells: Cells = [cell(texts.get(c.heading) or "") for c in of.columns]
    block = [list(headings.values()), cells]
    raw = RawTable(of, Place(), lambda: iter([of_rows(block)]))
    findings = Findings(language)
    checks = Checks(DataSet("", {of.name: raw}), findings, store, is_new=id_ is None)
    checks.run()
    rules = checks.programme
    reader = TableReader(raw, Findings(language), rules)
    batches = list(reader.batches())
    row = batches[0].rows[0] if batches and batches[0].rows else None
    if not batches:  # nothing at all was filled in
        first = next(column for column in of.columns if column.required)
        findings.add("missing-value", Place(), headings[first.heading], None)
    problems = [_plain(of, problem) for problem in findings.problems()]
    values: Values = {}
    if row is not None:
        values = tables.given(of.columns, {h: row[place] for h, place in reader.at.items()})
        if not findings.error_count:
            problems += doubts(store, rules, of.name, values, id_ or reader.id(row), language)
    return Checked(values, tuple(problems)), reader, row


def _plain(of: Table, problem: Problem) -> Problem:
    """Take the place in a file away; the column becomes the heading."""
    column = known_headings(of).get(normal_heading(problem.column or ""))
    heading = column.heading if column else problem.column
    return Problem(
        problem.severity, None, None, None, heading, problem.value, problem.code,
        problem.message, problem.hint,
    )  # fmt: skip


# --- writing -----------------------------------------------------------------------------------


def add(
    store: Store,
    name: str,
    texts: Mapping[str, str],
    *,
    by: str,
    reason: str | None = None,
    accepts_doubts: bool = True,
    language: str = LANGUAGE,
) -> Stored:
    """Store a new row; InputError with the problems, Conflict when it is stored already.

    Where doubts are not accepted, a row that has one is Doubtful; `reason` confirms what the rules
    of appointment doubt.
    """
    (row,) = add_all(
        store, name, [texts], by=by, reason=reason, accepts_doubts=accepts_doubts,
        language=language,
    )  # fmt: skip
    return row


def add_all(
    store: Store,
    name: str,
    rows: Iterable[Mapping[str, str]],
    *,
    by: str,
    reason: str | None = None,
    accepts_doubts: bool = True,
    language: str = LANGUAGE,
) -> list[Stored]:
    """Store new rows of one table, all of them or, with the errors of `add`, none."""
    of = table(name)
    added: list[Stored] = []
    with store.transaction() as transaction:
        for texts in rows:
            reader, row = _right(transaction, of, texts, None, language, accepts_doubts)
            confirming = Confirming(transaction, _named(reader, row) if is_judged(name) else ())
            added.append(
                _add(transaction, reader, row, _name_of(by), reason=reason, language=language)
            )
            confirming.confirm(by, reason, accepts_doubts)
    return added


def _named(reader: TableReader, row: TypedRow) -> set[str]:
    person = row[reader.at["person"]] if "person" in reader.at else None
    return {str(person)} if person else set()


def correct(
    store: Store,
    name: str,
    id_: str,
    texts: Mapping[str, str],
    *,
    by: str,
    seen: str,
    reason: str | None = None,
    accepts_doubts: bool = True,
    language: str = LANGUAGE,
) -> Stored:
    """Store a row anew; `seen` is the mark of the row that the person had before them.

    The id stays; so do the ends of a row that has no id column. Storing what is there already
    changes nothing and is no change of the history.
    """
    of = table(name)
    with store.transaction() as transaction:
        before = _seen(transaction, of, id_, seen)
        fixed = [heading for heading in fixed_headings(of) if heading in before.values]
        kept = {heading: str(before.values[heading]) for heading in fixed}
        reader, row = _right(transaction, of, {**texts, **kept}, id_, language, accepts_doubts)
        whose = _people_in(transaction, of, before.values) | _named(reader, row)
        confirming = Confirming(transaction, whose if is_judged(name) else ())
        store_rows(transaction, reader, [row])
        after = _written(transaction, of, id_)
        if after.values != before.values:
            _keep(transaction, "corrected", before, after, _name_of(by), reason)
            _end_entries(transaction, after, _name_of(by), None, language)
            confirming.confirm(by, reason, accepts_doubts)
        return after


@dataclass(frozen=True)
class RowStep:
    """One row that an event writes: new, or with some cells changed; None takes a row out."""

    table: str
    texts: Mapping[str, str] | None
    id: str | None = None  # None: new


def write_rows(
    transaction: Transaction,
    steps: Iterable[RowStep],
    *,
    by: str,
    event: str,
    reason: str | None = None,
    language: str = LANGUAGE,
) -> tuple[Problem, ...]:
    """Write the rows of an event, in order; return the doubts that the checks had."""
    found: list[Problem] = []
    for step in steps:
        of = table(step.table)
        before = _find(transaction, of, step.id) if step.id else None
        if step.texts is None:
            if before is not None:
                _remove(transaction, before, by, reason, event)
            continue
        texts = {**texts_of(of.name, before.values), **step.texts} if before else step.texts
        checked, reader, row = _check(transaction, of, texts, step.id, language)
        if checked.errors or row is None:
            raise _unfit(checked)
        found += checked.warnings
        if before is None:
            _add(transaction, reader, row, by, event, language=language)
            continue
        store_rows(transaction, reader, [row])
        after = _written(transaction, of, before.id)
        if after.values != before.values:
            _keep(transaction, "corrected", before, after, by, reason, event)
            _end_entries(transaction, after, by, event, language)
    return tuple(found)


def _unfit(checked: Checked) -> InputError:
    return InputError(
        N_("It was not stored: %(reason)s"),
        reason=" ".join(each.message for each in checked.errors),
        problems=checked.problems,
    )


def fixed_headings(of: Table) -> tuple[str, ...]:
    """List the columns that make a stored row the one it is, and so cannot be corrected."""
    return ("id",) if of.has_id_column else tuple(each.heading for each in of.references)


def withdraw(store: Store, id_: str, *, by: str, reason: str, seen: str, on: date) -> Stored:
    """Withdraw a record: it stays on file with the reason, and counts nowhere any more."""
    props = {"withdrawn_on": on.isoformat(), "withdrawn_why": _reason(reason)}
    return _set_withdrawn(store, id_, "withdrawn", props, by, reason, seen)


def restore(store: Store, id_: str, *, by: str, seen: str, language: str = LANGUAGE) -> Stored:
    """Let a withdrawn record count again; InputError where others rule it out by now."""
    props = {"withdrawn_on": None, "withdrawn_why": None}
    return _set_withdrawn(store, id_, "restored", props, by, None, seen, language)


def remove(store: Store, name: str, id_: str, *, by: str, reason: str, seen: str) -> None:
    """Take out a row that should never have been there; the history keeps what it was.

    A person, unit, post or activity that anything else refers to is a Conflict.
    """
    of = table(name)
    with store.transaction() as transaction:
        before = _seen(transaction, of, id_, seen)
        _remove(transaction, before, _name_of(by), _reason(reason))


def attend(
    store: Store,
    activity: str,
    present: Mapping[str, Mapping[str, str]],
    *,
    by: str,
    seen: str,
    language: str = LANGUAGE,
) -> tuple[int, int, int]:
    """Store who took part in an activity, all at once; `present` gives role and result by person.

    Gives how many were added, corrected and taken out. `seen` is `attendance_mark`.
    """
    of = table("attendance")
    counts = {"added": 0, "corrected": 0, "removed": 0}
    with store.transaction() as transaction:
        stored(transaction, "activities", activity)
        listed = _rows(transaction, of, "activity", activity)
        there = {row.values["person"]: row for row in listed}
        if attendance_mark(there.values()) != seen:
            raise Conflict(
                N_("Somebody else changed who took part; nothing was stored."),
                N_("Open the list again and tick anew."),
            )
        for person, texts in present.items():
            cells = {**texts, "person": person, "activity": activity}
            reader, row = _right(transaction, of, cells, None, language)
            if person not in there:
                _add(transaction, reader, row, _name_of(by))
                counts["added"] += 1
                continue
            store_rows(transaction, reader, [row])
            after = _written(transaction, of, there[person].id)
            if after.values != there[person].values:
                _keep(transaction, "corrected", there[person], after, _name_of(by), None)
                counts["corrected"] += 1
        for person, before in there.items():
            if person not in present:
                _remove(transaction, before, _name_of(by), None)
                counts["removed"] += 1
    return counts["added"], counts["corrected"], counts["removed"]


def attendance_mark(rows: Iterable[Stored]) -> str:
    """Return a short text that differs when the list of who took part does."""
    return mark({row.id: row.mark for row in rows})


def _right(
    transaction: Transaction,
    of: Table,
    texts: Mapping[str, str],
    id_: str | None,
    language: str,
    accepts_doubts: bool = True,
) -> tuple[TableReader, TypedRow]:
    checked, reader, row = _check(transaction, of, texts, id_, language)
    if checked.errors or row is None:
        raise _unfit(checked)
    if checked.warnings and not accepts_doubts:
        raise Doubtful(checked.warnings)
    return reader, row


def _end_entries(
    transaction: Transaction, row: Stored, by: str, event: str | None, language: str
) -> None:
    """Withdraw the entries of lists that lie after a leaving, once a fact of service is stored."""
    if row.table != "service":
        return
    programme, person = stored_programme(transaction), str(row.values["person"])
    for late in stored_late_entries(transaction, [person], programme):
        why = word("left-before", language, left=late.left)
        props = {"withdrawn_on": date.today().isoformat(), "withdrawn_why": why}
        _mark_withdrawn(transaction, late.id, "withdrawn", props, by, why, event)


def _add(
    transaction: Transaction,
    reader: TableReader,
    row: TypedRow,
    by: str,
    event: str | None = None,
    reason: str | None = None,
    language: str = LANGUAGE,
) -> Stored:
    of = reader.table
    there = _find(transaction, of, reader.id(row))
    id_ = id_of_new(reader, row, there.values) if there else reader.id(row)
    if "id" in reader.at:
        row = with_id(reader, row, id_)
    if there is not None and id_ == there.id:
        raise Conflict(
            N_("%(id)s is stored already."), N_("Correct that one, or use another id."), id=id_
        )
    store_rows(transaction, reader, [row])
    after = _written(transaction, of, id_)
    _keep(transaction, "added", None, after, by, reason, event)
    _end_entries(transaction, after, by, event, language)
    return after


def _remove(
    transaction: Transaction,
    before: Stored,
    by: str,
    reason: str | None,
    event: str | None = None,
) -> None:
    of = table(before.table)
    found = tables.pattern(of, tables.ID)
    if of.label:
        text = f"MATCH {found}\nOPTIONAL MATCH (n)-[e]-()\nRETURN count(e) AS edges"
        (row,) = transaction.run(text, id=before.id)
        own = sum(each.heading in before.values for each in of.references)
        if row["edges"] > own:
            raise Conflict(
                N_("%(count)s other entries refer to %(id)s, so it cannot be taken out."),
                N_("Take those out first, or close it with a date or a status."),
                count=row["edges"] - own,
                id=before.id,
            )
    delete = "DETACH DELETE" if of.label else "DELETE"
    transaction.run(f"MATCH {found}\n{delete} n", _taken_out(before), id=before.id)
    _keep(transaction, "removed", before, None, by, reason, event)
    _end_entries(transaction, before, by, event, LANGUAGE)


def _taken_out(row: Stored) -> Iterator[Mark]:
    """Yield what taking a row out touches: itself, and the nodes that it names."""
    of = table(row.table)
    yield of.label or of.edge, "", row.id
    for each in of.references:
        if each.heading in row.values:
            yield each.edge or of.edge, each.label, str(row.values[each.heading])


def _set_withdrawn(
    store: Store,
    id_: str,
    action: str,
    props: Row,
    by: str,
    reason: str | None,
    seen: str,
    language: str = LANGUAGE,
) -> Stored:
    of = table("records")
    with store.transaction() as transaction:
        before = _seen(transaction, of, id_, seen)
        if (before.withdrawn_on is None) == (action == "restored"):
            return before
        if action == "restored":
            _refuse_ruled_out(transaction, before, language)
        return _mark_withdrawn(transaction, id_, action, props, _name_of(by), reason)


def _mark_withdrawn(
    transaction: Transaction,
    id_: str,
    action: str,
    props: Row,
    by: str,
    reason: str | None,
    event: str | None = None,
) -> Stored:
    of = table("records")
    before = _written(transaction, of, id_)
    statement = f"MATCH {tables.pattern(of, tables.ID)}\nSET n += $props"
    transaction.run(statement, nodes(of.label, [id_]), id=id_, props=props)
    after = _written(transaction, of, id_)
    _keep(transaction, action, before, after, by, reason, event)
    return after


def _refuse_ruled_out(transaction: Transaction, row: Stored, language: str) -> None:
    """Refuse to let a withdrawn record count beside what was entered since it was withdrawn."""
    checked, *_ = _check(
        transaction, table(row.table), texts_of(row.table, row.values), row.id, language
    )
    problems = tuple(each for each in checked.errors if each.code in _RULED_OUT)
    if problems:
        raise _unfit(Checked(checked.values, problems))


def _seen(transaction: Transaction, of: Table, id_: str, seen: str) -> Stored:
    """Return the row as it is now; Changed when that is not what the person saw."""
    now = _find(transaction, of, id_)
    if now is None:
        raise _nothing(of.name, id_)
    if now.mark != seen:
        history = changes_of(transaction, of.name, id_)
        rows = [row for change in history for row in (change.before, change.after) if row]
        base = next((row for row in rows if mark(row) == seen), None)
        raise Changed(now, base, history[0] if history else None)
    return now


def _keep(
    transaction: Transaction,
    action: str,
    before: Stored | None,
    after: Stored | None,
    by: str,
    reason: str | None,
    event: str | None = None,
) -> None:
    of = after or before
    assert of is not None
    named = {
        str(row.values[each.heading])
        for row in (before, after)
        if row
        for each in table(of.table).references
        if each.heading in row.values
    }
    keep(
        transaction,
        by=by,
        table=of.table,
        row=of.id,
        action=action,
        before=before.kept if before else None,
        after=after.kept if after else None,
        about=tuple(named),
        reason=reason,
        event=event,
    )


def _written(transaction: Transaction, of: Table, id_: str) -> Stored:
    found = _find(transaction, of, id_)
    if found is None:  # an end of the edge was taken out between the check and now
        raise Conflict(N_("What this row names is no longer stored."), N_("Choose another one."))
    return found


def _name_of(by: str) -> str:
    name = by.strip()
    if not name:
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    return name[:100]


def _reason(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise InputError(N_("The reason is missing."), N_("Write in a few words why."))
    return text


def _nothing(name: str, id_: str) -> NotFound:
    return NotFound(
        N_("There is no row %(id)s in %(table)s."),
        N_("It may have been taken out; see the changes."),
        id=id_,
        table=name,
    )


# --- the row as it is stored ---------------------------------------------------------------------


def _find(store: Reader, of: Table, id_: str) -> Stored | None:
    return next(iter(_rows(store, of, tables.ID, id_)), None)


def _rows(store: Reader, of: Table, by: str, id_: str) -> list[Stored]:
    """Return rows with the names of what they refer to, withdrawn ones too."""
    columns = (*of.columns, *(of.kept if of.has_withdrawn_rows else ()))
    text = tables.statement(of, by, columns, names=True, withdrawn=True)
    return [
        Stored(
            of.name,
            row["id"],
            tables.filled(of.columns, row),
            {
                each.heading: row[f"{each.heading}_name"]
                for each in of.references
                if row[each.heading] is not None
            },
            row.get("withdrawn_on"),
            row.get("withdrawn_why"),
        )
        for row in store.read(text, id=id_)
    ]


def _day(row: Stored) -> str:
    return str(row.values.get("since") or row.values.get("on") or row.values.get("held_on") or "")


def texts_of(name: str, values: Values) -> dict[str, str]:
    """Return the values of a row as the texts of cells, as a form or a file holds them."""
    return {
        column.heading: text(value)
        for column in table(name).columns
        if (value := values.get(column.heading)) is not None
    }
