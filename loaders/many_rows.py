"""Many new rows in one table: talks of a cohort, payments, an arrival; stored and undone as one.

Names are read as ids, all rows pass the checks of a file together, are stored together, and judged
as they stand then, in one transaction: two hundred rows take less than two seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from typing_extensions import TypedDict

from graph import tables
from graph.dates import first_day, is_date
from graph.errors import N_, AppError, Conflict, InputError, Problem
from graph.schema import Reference
from graph.schema import table as table_of
from graph.store import Reader, Store, Transaction
from loaders.adding import add_together
from loaders.checking.checks import Checks
from loaders.checking.rows import TableReader
from loaders.entry import next_id
from loaders.entry_tables import EntryPart, EntryTable, entry_table
from loaders.events.kept import keep_rows
from loaders.naming import NamesUnconfirmed, Naming, ReadAs, ReadAsDict, SeveralFit
from loaders.neighbours import doubts
from loaders.problems import LANGUAGE, Findings, Place
from loaders.readers import DataSet
from loaders.readers.native import opener, refuse_missing
from loaders.written import MOST, WrittenRow, by_heading, raw_of_texts, rows_of_file
from queries.personnel import of_people
from queries.quality.confirming import Confirming, is_judged
from queries.quality.finding import QualityFinding
from queries.sentences import Sentence, SentenceText, say
from queries.stored_programme import as_of, stored_programme

# What rows say of each other is told of each of them, beside all that is stored then.
_BETWEEN_ROWS = frozenset(("mentoring-cycle", "overlapping-posts", "over-capacity"))
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


@dataclass(frozen=True)
class RowFault:
    """Why a row cannot be stored: its place, the heading, the problem; who fits, where several."""

    at: int
    heading: str | None
    problem: Problem
    fitting: tuple[tuple[str, str], ...] = ()  # id, and how it is shown


class UnfitRows(InputError):
    """Rows of which some cannot be stored; nothing of any was. `faults` has the place of each."""

    def __init__(self, faults: Sequence[RowFault], found: ManyRows | None = None) -> None:
        self.faults = tuple(sorted(faults, key=lambda each: each.at))
        self.found = found
        problems = [each.problem for each in self.faults]
        super().__init__(
            N_("Nothing was stored; errors: %(count)s. %(first)s"),
            N_("Correct the rows named, and try again."),
            problems,
            count=len(problems),
            first=str(problems[0]),
        )


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


class _OnlyTold(Exception):
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

    UnfitRows names every cell that cannot be; NamesUnconfirmed what was read by its name while that
    is not `confirmed`; UnconfirmedRows what is doubtful while no reason is given.
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
    with suppress(_OnlyTold), store.transaction() as transaction:
        entering = _Entering(transaction, found, by.strip(), reason.strip(), language)
        entering.run(confirmed or dry_run)
        if dry_run:
            found.batch = None
            raise _OnlyTold
        if not all(each.is_confirmed for each in found.doubts):
            found.batch = None
            raise UnconfirmedRows(found)
    return found


def file_rows(
    of: EntryTable, path: Path, shared: Mapping[str, str], language: str = LANGUAGE
) -> list[WrittenRow]:
    """Return the rows of a file, to be entered; `shared` fills empty cells."""
    refuse_missing(path)
    findings = Findings(language)
    rows = rows_of_file(of.written, path.name, opener(path), findings, shared)
    if findings.error_count:
        raise UnfitRows([RowFault(0, None, each) for each in findings.problems()])
    return rows


@dataclass(frozen=True)
class _Of:
    """What of a row goes into one table."""

    at: int
    part: EntryPart
    cells: Mapping[str, str]


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
        self._faults: list[RowFault] = []

    def run(self, is_confirmed: bool) -> None:
        """Read the names, check all rows together, store them, and judge what they are now."""
        texts = _numbered(self._transaction, self._of, self._meant())
        by_table: dict[str, list[_Of]] = {}
        for at, each in enumerate(texts):
            for part in self._of.parts:
                cells = part.cells_of(each)
                if cells is not None:
                    by_table.setdefault(part.table, []).append(_Of(at, part, cells))
        readers = self._checked(by_table)
        self._refuse_faults()
        if self._found.read_as and not is_confirmed:
            raise NamesUnconfirmed(self._found.read_as)
        days = [first_day(d) for row in texts for h in _DAYS if is_date(d := row.get(h, ""))]
        self._found.batch = keep_rows(
            self._transaction,
            self._found.table,
            len(texts),
            min(days, default=self._today).isoformat(),
            self._by,
            self._reason,
        )
        for name, rows in by_table.items():
            self._store(readers[name], rows)
        self._refuse_faults()
        self._doubt_days(texts)

    def _refuse_faults(self) -> None:
        if self._faults:
            raise UnfitRows(self._faults, self._found)

    def _meant(self) -> list[dict[str, str]]:
        """Return the texts of each row with ids for the names that are clear."""
        rows, references = self._found.rows, self._of.written.table.references
        named: dict[str, set[str]] = {}
        for each in references:
            named.setdefault(each.label, set()).update(
                text for row in rows if (text := row.text(each.heading))
            )
        naming = Naming(self._transaction, self._programme, named, self._today)
        self._found.shown = dict(naming.places)
        meant = []
        for at, row in enumerate(rows):
            texts = {heading: text for heading, text in row.texts.items() if text}
            for each in references:
                try:
                    self._read(naming, at, row, each, texts)
                except AppError as error:
                    self._fault_of(at, each.heading, error)
            meant.append(texts)
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

    def _checked(self, by_table: Mapping[str, Sequence[_Of]]) -> dict[str, TableReader]:
        """Check the rows of all tables together, as those of a data set; return their readers."""
        raw = {
            name: raw_of_texts(
                table_of(name), [each.cells for each in rows], self._language, Place(name)
            )
            for name, rows in by_table.items()
        }
        findings = Findings(self._language)
        checks = Checks(DataSet("", raw), findings, self._transaction, is_new=True)
        checks.run()
        faulty = {(each.at, each.heading) for each in self._faults}
        wrong: set[int] = set()  # whose row in an earlier table is wrong
        for name, rows in by_table.items():
            of_table = [each for each in findings.problems() if each.file == name]
            now: set[int] = set()
            for each in by_heading(table_of(name), of_table):
                if each.row is None or not 0 <= each.row - 2 < len(rows):
                    continue
                row = rows[each.row - 2]
                heading = row.part.typed(each.column)
                if each.severity == "error" or each.code == "duplicate-row":
                    now.add(row.at)
                    if row.at not in wrong and (row.at, heading) not in faulty:
                        self._fault(row.at, heading, each)
                elif each.code not in _BETWEEN_ROWS:  # those are told beside what is stored too
                    self._doubt(row.at, say("%(text)s", text=each.message))
            wrong |= now
        self._refuse_empty(by_table)
        return {
            name: TableReader(each, Findings(self._language), checks.programme)
            for name, each in raw.items()
        }

    def _refuse_empty(self, by_table: Mapping[str, Sequence[_Of]]) -> None:
        """Refuse rows in which only a reason stands: the checks pass over blank ones."""
        filled = {each.at for rows in by_table.values() for each in rows if each.cells}
        for at in range(len(self._found.rows)):
            if at not in filled:
                self._fault_of(at, None, InputError(N_("Nothing is filled in.")))

    def _fault(self, at: int, heading: str | None, problem: Problem) -> None:
        """Put a problem of a table at the cell that was written."""
        row = self._found.rows[at]
        text = row.text(heading) if heading else None
        value = problem.value or text
        self._faults.append(_fault(at, row, heading, value, problem))

    def _fault_of(self, at: int, heading: str | None, error: AppError) -> None:
        row = self._found.rows[at]
        heading = str(error.values.get("column") or heading or "") or None
        value = row.text(heading) if heading else None
        message, hint = error.translated(str)
        told = Problem("error", None, None, None, None, None, "bad-row", message, hint)
        fitting = error.fitting if isinstance(error, SeveralFit) else ()
        self._faults.append(_fault(at, row, heading, value, told, fitting))

    def _store(self, reader: TableReader, rows: Sequence[_Of]) -> None:
        """Store what goes into one table, and judge it together with what is stored."""
        batches = list(reader.batches())
        numbers = [number for batch in batches for number in batch.numbers.tolist()]
        checked = [row for batch in batches for row in batch.rows]
        places = [rows[number - 2].at for number in numbers]
        reasons = [self._reason_of(at) for at in places]
        name, judged = reader.table.name, is_judged(reader.table.name)
        people = [rows[number - 2].cells.get("person", "") for number in numbers]
        confirming = Confirming(self._transaction, set(people) if judged else ())
        ids, known = add_together(
            self._transaction, reader, checked, reasons, by=self._by, event=self._found.batch or ""
        )
        if known:
            for at in known:
                error = Conflict(
                    N_("%(id)s is stored already."),
                    N_("Correct that one, or use another id."),
                    id=ids[at],
                )
                self._fault_of(places[at], None, error)
            return
        for at, id_, row in zip(places, ids, checked, strict=True):
            cells = {heading: row[place] for heading, place in reader.at.items()}
            values = tables.given(reader.table.columns, cells)
            told = doubts(self._transaction, self._programme, name, values, id_, self._language)
            for each in told:
                self._doubt(at, say("%(text)s", text=each.message))
        if judged:
            first = dict(reversed([*zip(people, places, strict=True)]))
            self._confirm(confirming, first)

    def _confirm(self, confirming: Confirming, first: Mapping[str, int]) -> None:
        """Tell what the rules doubt, each at the first row of its person."""

        def place(finding: QualityFinding) -> int:
            return next((first[each] for each in finding.people if each in first), 0)

        told = confirming.confirm_each(self._by, lambda each: self._reason_of(place(each)))
        for finding, sentence in told:
            self._doubt(place(finding), sentence)

    def _reason_of(self, at: int) -> str:
        return self._found.rows[at].text("reason") or self._reason

    def _doubt(self, at: int, sentence: Sentence) -> None:
        row = self._found.rows[at]
        is_confirmed = bool(self._reason_of(at))
        self._found.doubts.append(RowDoubt(at, row.place.row, sentence, is_confirmed))

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


def _fault(
    at: int,
    row: WrittenRow,
    heading: str | None,
    value: str | None,
    told: Problem,
    fitting: tuple[tuple[str, str], ...] = (),
) -> RowFault:
    """Tell a problem with the place, and the heading, of the row as it was written."""
    place = row.place
    column = row.headings.get(heading, heading) if heading else None
    problem = Problem(
        "error", place.file, place.sheet, place.row, column, value, told.code, told.message,
        told.hint,
    )  # fmt: skip
    return RowFault(at, heading, problem, fitting)


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
