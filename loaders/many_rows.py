"""Many new rows in one table: talks of a cohort, payments, an arrival; stored and undone as one.

Names are read as ids, all rows pass the checks of a file together, and then each is stored in
turn, judged after those before it, in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from typing_extensions import TypedDict

from graph.dates import first_day, is_date
from graph.errors import N_, AppError, Conflict, InputError, NotFound, Problem
from graph.schema import Reference
from graph.schema import table as table_of
from graph.store import Reader, Store, Transaction
from loaders.checking.checks import Checks
from loaders.confirming import Confirming, is_judged
from loaders.entry import RowStep, next_id, write_rows
from loaders.entry_tables import EntryTable, Part, entry_table
from loaders.events.kept import keep_rows
from loaders.naming import Fault, NamesUnconfirmed, Naming, ReadAs, ReadAsDict
from loaders.problems import LANGUAGE, Findings
from loaders.readers import DataSet
from loaders.readers.native import opener, refuse_missing
from loaders.written import MOST, WrittenRow, by_heading, raw_of_texts, rows_of_file
from queries.personnel import of_people
from queries.sentences import Sentence, SentenceText, say
from queries.stored_programme import as_of, stored_programme

_DAYS = ("on", "since", "held_on", "joined_on")
_MISSING = {
    "Person": N_("There is no person %(id)s."),
    "Post": N_("There is no post %(id)s."),
    "Unit": N_("There is no unit %(id)s."),
    "Activity": N_("There is no activity %(id)s."),
}


class RowDoubtDict(TypedDict):
    """Something about a row to confirm with a reason."""

    row: int | None
    message: str


class ManyRowsDict(TypedDict):
    """What a table of rows brought, or would bring."""

    batch: str | None
    stored: bool
    table: str
    rows: int
    read_as: list[ReadAsDict]
    doubts: list[RowDoubtDict]


@dataclass(frozen=True)
class RowDoubt:
    """Something about a row to confirm with a reason."""

    at: int
    row: int | None
    sentence: Sentence
    is_confirmed: bool


@dataclass
class ManyRows:
    """What rows of a table brought, or would bring; `batch` is the event that is undone."""

    table: str
    rows: Sequence[WrittenRow]
    batch: str | None = None
    read_as: list[ReadAs] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)  # by id: name, unit and post
    doubts: list[RowDoubt] = field(default_factory=list)

    def as_dict(self, text: SentenceText = str) -> ManyRowsDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {
            "batch": self.batch,
            "stored": self.batch is not None,
            "table": self.table,
            "rows": len(self.rows),
            "read_as": [each.as_dict() for each in self.read_as],
            "doubts": [{"row": d.row, "message": text(d.sentence)} for d in self.doubts],
        }


class UnfitRows(InputError):
    """Rows of which some cannot be stored; nothing of any was. `faults` has the place of each."""

    def __init__(self, faults: Sequence[tuple[int, Problem]]) -> None:
        problems = [problem for _, problem in sorted(faults, key=lambda each: each[0])]
        super().__init__(
            N_("Nothing was stored; errors: %(count)s. %(first)s"),
            N_("Correct the rows named, and try again."),
            problems,
            count=len(faults),
            first=str(problems[0]),
        )
        self.faults = tuple(faults)


class SeveralMeant(InputError):
    """Names in rows that mean nobody, or several; the errors know who fits."""

    def __init__(self, faults: Sequence[Fault], rows: Sequence[WrittenRow]) -> None:
        problems = [_problem_of(each, rows[each.at]) for each in faults]
        super().__init__(
            N_("Nothing was stored; errors: %(count)s. %(first)s"),
            N_("Correct the rows named, and try again."),
            problems,
            count=len(faults),
            first=str(problems[0]),
        )
        self.faults = tuple(faults)


class UnconfirmedRows(Conflict):
    """There are doubts, and nobody gave a reason; nothing was stored."""

    def __init__(self, found: ManyRows) -> None:
        open_ = [each for each in found.doubts if not each.is_confirmed]
        super().__init__(
            N_("Nothing was stored, for there is a doubt: %(doubts)s"),
            N_("Confirm it with a reason, or correct the row."),
            doubts=" ".join(str(each.sentence) for each in open_),
        )
        self.found = found


class _Told(Exception):
    """Ends a transaction whose rows were only to be told."""


def enter_rows(
    store: Store,
    name: str,
    rows: Sequence[WrittenRow],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    language: str = LANGUAGE,
) -> ManyRows:
    """Store new rows of one table, all or none; `dry_run` only tells.

    UnfitRows and SeveralMeant name what cannot be; NamesUnconfirmed what was read by its name while
    that is not `confirmed`; UnconfirmedRows what is doubtful while no reason is given.
    """
    if not rows:
        raise InputError(N_("There is no row in it."), N_("Write at least one."))
    if len(rows) > MOST:
        raise InputError(
            N_("These are %(count)s rows; at most %(most)s go together."),
            N_("Take them in several parts, or load them as a file."),
            count=len(rows),
            most=MOST,
        )
    if not by.strip() and not dry_run:
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    found = ManyRows(name, rows)
    with suppress(_Told), store.transaction() as transaction:
        entering = _Entering(transaction, found, by.strip(), reason.strip(), language)
        entering.run(confirmed or dry_run)
        if dry_run:
            found.batch = None
            raise _Told
        if not all(each.is_confirmed for each in found.doubts):
            found.batch = None
            raise UnconfirmedRows(found)
    return found


def enter_file(
    store: Store,
    name: str,
    path: Path,
    shared: Mapping[str, str],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    language: str = LANGUAGE,
) -> ManyRows:
    """Store the rows of a file as `enter_rows` does; `shared` fills empty cells."""
    refuse_missing(path)
    findings = Findings(language)
    of = entry_table(name, stored_programme(store))
    rows = rows_of_file(of.written, path.name, opener(path), findings, shared)
    if findings.error_count:
        raise UnfitRows([(0, each) for each in findings.problems()])
    return enter_rows(
        store, name, rows, by=by, reason=reason, dry_run=dry_run, confirmed=confirmed,
        language=language,
    )  # fmt: skip


class _Entering:
    """Some rows on their way into a store, within one transaction."""

    def __init__(
        self, transaction: Transaction, found: ManyRows, by: str, reason: str, language: str
    ) -> None:
        self._transaction = transaction
        self._programme = stored_programme(transaction)
        self._found = found
        self._of = entry_table(found.table, self._programme)
        self._by, self._reason, self._language = by, reason, language
        self._today = as_of(transaction)
        self._faults: list[tuple[int, Problem]] = []

    def run(self, is_confirmed: bool) -> None:
        """Read the names, check all rows together, and write one after the other."""
        texts = self._meant()
        if self._found.read_as and not is_confirmed:
            raise NamesUnconfirmed(self._found.read_as)
        steps = [list(self._steps(at, each)) for at, each in enumerate(_numbered(
            self._transaction, self._of, texts))]  # fmt: skip
        self._check(steps)
        if self._faults:
            raise UnfitRows(self._faults)
        days = [d for row in texts for h in _DAYS if is_date(d := row.get(h, ""))]
        day = min(days, default=self._today.isoformat())
        self._found.batch = keep_rows(
            self._transaction, self._found.table, len(steps), day, self._by, self._reason
        )
        for at, row_steps in enumerate(steps):
            self._write(at, row_steps)
        if self._faults:
            raise UnfitRows(self._faults)
        self._doubt_days(texts)

    def _meant(self) -> list[dict[str, str]]:
        """Return the texts of each row with ids for names."""
        rows, references = self._found.rows, self._of.written.table.references
        named: dict[str, set[str]] = {}
        for each in references:
            named.setdefault(each.label, set()).update(
                text for row in rows if (text := row.text(each.heading))
            )
        naming = Naming(self._transaction, self._programme, named, self._today)
        self._found.shown = dict(naming.places)
        faults: list[Fault] = []
        meant = []
        for at, row in enumerate(rows):
            texts = {heading: text for heading, text in row.texts.items() if text}
            for each in references:
                with _kept(faults, at, row, each.heading):
                    self._read(naming, at, row, each, texts)
            meant.append(texts)
        if faults:
            raise SeveralMeant(faults, rows)
        return meant

    def _read(
        self, naming: Naming, at: int, row: WrittenRow, each: Reference, texts: dict[str, str]
    ) -> None:
        text = row.text(each.heading)
        if not text:
            return
        fitting = naming.fitting(each.label, text)
        id_, read_as = naming.the_one(at, row, each.heading, fitting, _MISSING[each.label])
        texts[each.heading] = id_
        if read_as:
            self._found.read_as.append(read_as)
        if each.heading == "person":
            naming.refuse_other_name(row, id_)

    def _steps(self, at: int, texts: Mapping[str, str]) -> Iterator[tuple[Part, RowStep]]:
        for part in self._of.parts:
            cells = part.cells_of(texts)
            if cells is not None:
                yield part, RowStep(part.table, cells)

    def _check(self, steps: Sequence[Sequence[tuple[Part, RowStep]]]) -> None:
        """Check the rows of all together, as those of a data set."""
        numbered: dict[str, list[tuple[int, Part, Mapping[str, str]]]] = {}
        for at, row_steps in enumerate(steps):
            for part, step in row_steps:
                numbered.setdefault(part.table, []).append((at, part, step.texts or {}))
        for name, rows in numbered.items():
            self._check_table(name, rows, numbered)

    def _check_table(
        self,
        name: str,
        rows: Sequence[tuple[int, Part, Mapping[str, str]]],
        all_rows: Mapping[str, Sequence[tuple[int, Part, Mapping[str, str]]]],
    ) -> None:
        # What the rows of this table name may be new people of the same rows.
        tables = ["people", name] if name != "people" and "people" in all_rows else [name]
        raw = {
            each: raw_of_texts(
                table_of(each), [texts for _, _, texts in all_rows[each]], self._language
            )
            for each in tables
        }
        findings = Findings(self._language)
        checks = Checks(DataSet("", {name: raw[name]} if len(raw) == 1 else raw), findings,
                        self._transaction)  # fmt: skip
        checks.run()
        for each in by_heading(table_of(name), findings.problems()):
            is_wrong = each.severity == "error" or each.code == "duplicate-row"
            if not is_wrong or each.row is None:
                continue
            if not 0 <= each.row - 2 < len(rows):
                continue
            at, part, _ = rows[each.row - 2]
            if len(raw) > 1 and at in {a for a, _ in self._faults}:
                continue  # its person is wrong, and was told
            self._fault(at, part.typed(each.column), each)

    def _fault(self, at: int, heading: str | None, problem: Problem) -> None:
        row = self._found.rows[at]
        column = row.headings.get(heading or "", heading) if heading else None
        place = row.place
        value = problem.value or (row.text(heading) if heading else None)
        self._faults.append((at, Problem(
            "error", place.file, place.sheet, place.row, column, value, problem.code,
            problem.message, problem.hint,
        )))  # fmt: skip

    def _write(self, at: int, row_steps: Sequence[tuple[Part, RowStep]]) -> None:
        row = self._found.rows[at]
        reason = row.text("reason") or self._reason
        people = {
            (step.texts or {}).get("person", "") for _, step in row_steps if is_judged(step.table)
        } - {""}
        confirming = Confirming(self._transaction, people)
        try:
            warnings = write_rows(
                self._transaction,
                [step for _, step in row_steps],
                by=self._by,
                event=self._found.batch or "",
                reason=reason or None,
                language=self._language,
            )
        except (InputError, NotFound, Conflict) as error:
            self._faults.append((at, _problem_of(Fault(at, None, None, error), row)))
            return
        for each in warnings:
            self._doubt(at, say("%(text)s", text=each.message), reason)
        for _kind, sentence in confirming.confirm_new(self._by, reason):
            self._doubt(at, sentence, reason)

    def _doubt(self, at: int, sentence: Sentence, reason: str = "") -> None:
        row = self._found.rows[at]
        reason = reason or row.text("reason") or self._reason
        self._found.doubts.append(RowDoubt(at, row.place.row, sentence, bool(reason)))

    def _doubt_days(self, texts: Sequence[Mapping[str, str]]) -> None:
        """Doubt records and attendance of a day to come, or of somebody out of service then."""
        if self._found.table not in ("records", "attendance"):
            return
        people = sorted({each["person"] for each in texts if "person" in each})
        states = of_people(self._transaction, people, self._programme)
        by_day: dict[date, list[int]] = {}
        for at, each in enumerate(texts):
            text = each.get("on", "")
            by_day.setdefault(first_day(text) if is_date(text) else self._today, []).append(at)
        for day, places in by_day.items():
            on = states.on(min(day, self._today))
            for at in places:
                if day > self._today:
                    self._doubt(at, say(N_("%(day)s is still to come."), day=texts[at]["on"]))
                if on.has_left(texts[at]["person"]):
                    name = self._found.shown.get(texts[at]["person"], "")
                    said = N_("%(name)s had left by %(day)s.")
                    self._doubt(at, say(said, name=name, day=day.isoformat()))


class _kept:
    """Keeps an error of one cell as a fault, so that the next cell is read all the same."""

    def __init__(self, faults: list[Fault], at: int, row: WrittenRow, heading: str) -> None:
        self._faults, self._at, self._row, self._heading = faults, at, row, heading

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, AppError):
            return False
        column = str(error.values.get("column") or self._heading)
        self._faults.append(Fault(self._at, column, self._row.text(column), error))
        return True


def _problem_of(fault: Fault, row: WrittenRow) -> Problem:
    message, hint = fault.error.translated(str)
    column = row.headings.get(fault.column or "", fault.column)
    return Problem("error", row.place.file, row.place.sheet, row.place.row, column, fault.value,
                   "bad-row", message, hint)  # fmt: skip


def _numbered(
    store: Reader, of: EntryTable, texts: Sequence[dict[str, str]]
) -> list[dict[str, str]]:
    """Give an id to each new row that needs one and has none: the last one, counted on."""
    if not of.gives_ids:
        return list(texts)
    last = next_id(store, of.parts[0].table) or "P001"
    prefix = last.rstrip("0123456789")
    number, width = int(last[len(prefix) :] or 1), len(last) - len(prefix)
    found = []
    for each in texts:
        if not each.get("id"):
            each = {**each, "id": f"{prefix}{number:0{width}d}"}
            number += 1
        found.append(each)
    return found
