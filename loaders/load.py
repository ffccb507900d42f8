"""Check a data set, and store it: the whole of it or nothing.

Nodes are stored before the edges between them, in batches (`loaders.storing`): loading twice
changes nothing, and a load that was killed is completed by the next one. What the data set leaves
out stays as it was; a column that is there and empty takes the value away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from graph.errors import N_, Conflict, InputError, Problem, ProblemRow, StoreError
from graph.schema import LABELS, PROGRAMME, TABLES, table
from graph.store import Store, Transaction
from graph.upsert import BATCH
from loaders.account import account_of, take_stock
from loaders.checking.checks import Checks
from loaders.checking.leavers import stored_late_entries
from loaders.checking.rows import Row, TableReader
from loaders.current_rows import current_rows
from loaders.export.rows import text
from loaders.loads import UNDONE, begin, counting, end, find, store_texts
from loaders.problems import LANGUAGE, SHOWN_OF_A_KIND, Findings, Place, word
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet, RawTable, leave_out
from loaders.readers.blocks import of_rows
from loaders.sources import NATIVE, Source, open_source
from loaders.sources.derive import store_derived
from loaders.sources.orphaned import remove_orphaned
from loaders.spool import prefetch_in_thread
from loaders.storing import Bringing, NotAlone, Prepared, Writer, writer
from loaders.told import Told

Progress = Callable[[str, int, int], None]  # table, rows done, rows in all


class LoadDict(TypedDict):
    """What a load stored, as `flask load` prints it."""

    loaded: dict[str, int]
    skipped: int
    problems: list[ProblemRow]


@dataclass(frozen=True)
class LoadReport:
    """What a load stored, by table, and what it left out."""

    loaded: dict[str, int]
    skipped: int = 0
    problems: tuple[Problem, ...] = ()
    load: str = ""  # the id of its record, see loaders.loads

    def as_dict(self) -> LoadDict:
        """Return the JSON of `flask load`."""
        return {
            "loaded": self.loaded,
            "skipped": self.skipped,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def check(
    path: str | Path,
    store: Store | None = None,
    *,
    without: Collection[str] = (),
    language: str = LANGUAGE,
    source: Source = NATIVE,
) -> list[Problem]:
    """Find every problem of a data set, changing nothing.

    A store adds what it knows: ids, and the programme where none comes with the data set. Unknown
    columns with a heading in `without` are not read and no problem.
    """
    return take_stock(path, store, without=without, language=language, source=source)[1]


def load(
    store: Store,
    path: str | Path,
    *,
    skip_bad: bool = False,
    without: Collection[str] = (),
    confirmed: bool = False,
    by: str = "",
    on_progress: Progress | None = None,
    language: str = LANGUAGE,
    source: Source = NATIVE,
) -> LoadReport:
    """Check a data set and store it; raise InputError with the problems when it has errors.

    Files of another shape in which something looks odd are refused too, unless it is `confirmed`
    that somebody has looked at it. With `skip_bad` the wrong rows, and rows that name one, are left
    out and counted instead; unknown columns with a heading in `without` are left out in any case.
    `by` is who loads, as far as it is known; the load's record keeps it.
    """
    findings = Findings(language)
    with ExitStack() as held:
        data_set = held.enter_context(open_source(Path(path), findings, source, store))
        leave_out(data_set, without)
        checks = held.enter_context(closing(Checks(data_set, findings, store, keep=True)))
        checks.run()
        problems = tuple(findings.problems())
        if findings.error_count and not skip_bad:
            raise InputError(
                word("refused", language, name=data_set.name, count=findings.error_count),
                word("refused-hint", language),
                problems,
            )
        doubts = account_of(data_set, problems).doubts
        if doubts and not confirmed:
            raise InputError(
                word("doubtful", language, name=data_set.name, count=len(doubts)),
                word("doubtful-hint", language),
                (*(_as_problem(doubt) for doubt in doubts), *problems),
            )
        told = Told((*problems, *_confirmed(data_set)), findings, data_set)
        work = _Load(store, data_set, checks, by, on_progress, told, language)
        derived = work.run()
    loaded = {
        table.name: checks.row_count.get(table.name, 0) - len(checks.bad_rows[table.name])
        for table in TABLES
    }
    loaded["mentoring"] += derived
    return LoadReport(loaded, checks.skipped, problems, work.id)


def _as_problem(doubt: dict[str, Any]) -> Problem:
    row = doubt["rows"][0] if doubt["rows"] else None
    place = (doubt["file"], doubt["sheet"], row, doubt["column"])
    return Problem("error", *place, None, doubt["code"], doubt["message"], None)


def _confirmed(data_set: DataSet) -> Iterator[Problem]:
    """Yield the doubts that files of another shape came with, a warning a row, to be kept.

    Those about dates are among the problems already.
    """
    for each in data_set.asked:
        if each.is_open:
            place = (each.file or None, each.sheet or None)
            for row in each.rows[:SHOWN_OF_A_KIND] or (None,):
                yield Problem(
                    "warning", *place, row, each.column or None, None, each.code, each.message, None
                )


def store_rows(store: Store | Transaction, reader: TableReader, rows: list[Row]) -> None:
    """Store checked rows of one table that were entered by hand; what they name is stored."""
    made = writer(store, reader, Bringing())
    made.merge(rows)
    made.finish()


class _Load:
    """One load of a checked data set."""

    def __init__(
        self,
        store: Store,
        data_set: DataSet,
        checks: Checks,
        by: str,
        on_progress: Progress | None,
        told: Told,
        language: str,
    ) -> None:
        self._store, self._language = store, language
        self._told = told
        self._data_set = data_set
        self._checks = checks
        self._on_progress = on_progress
        self._places = {raw.table.name: raw.place for raw in data_set.tables.values()}
        self.id = begin(store, data_set.name, by, self._places, data_set.source)
        self._bringing = Bringing(self.id, by or data_set.name, checks.ids_at_ends)
        counts = self._bringing.counts
        self._bringing.counting = lambda: [counting(self.id, counts, self._places)]
        self._derived: set[str] = set()  # ids of the edges that questions gave

    @contextmanager
    def _turn(self) -> Iterator[Store | Transaction]:
        """Let nobody else write while a batch is compared and stored; Conflict once it is undone.

        Between two batches others have their turn.
        """
        with self._store.alone() as turn:
            if find(turn, self.id).state == UNDONE:
                raise Conflict(
                    N_("Load %(id)s was undone while it ran, and ended."),
                    N_("What it had stored is taken out again; load once more."),
                    id=self.id,
                )
            yield turn

    def run(self) -> int:
        """Store everything; give the number of edges that were derived."""
        self._store_texts()
        tables = self._data_set.tables.values()
        for raw in sorted(tables, key=lambda each: not each.table.label):  # nodes, then edges
            self._store_table(self._checks.readers[raw.table.name])
        self._withdraw_late()
        derived = store_derived(
            self._store,
            self._data_set.derive,
            self._checks.programme,
            self._store_derived,
            self._on_progress,
        )
        if self._data_set.source:
            source = self._data_set.source
            remove_orphaned(self._store, self._turn, source, self._bringing, self._derived)
        self._confirm_keys()
        with self._turn() as turn:
            counts, told = self._bringing.counts, self._told.kept()
            end(turn, self.id, counts, self._places, self._checks.skipped, told)
        self._store.checkpoint()
        return derived

    def _store_texts(self) -> None:
        """Store the texts of programme.yaml and rules.yaml as they are."""
        texts, programme = self._checks.texts, self._checks.programme
        if not texts:
            return
        props: dict[str, Any] = {}
        id_ = programme.id
        with self._store.transaction() as transaction:
            if PROGRAMME_FILE in texts:
                props = {"name": programme.name.zh or programme.id, "rules": texts[PROGRAMME_FILE]}
            else:  # the rules belong to the programme that is stored
                stored = transaction.read(
                    f"MATCH (p:{PROGRAMME})\nRETURN p.id AS id\nORDER BY id\nLIMIT 1"
                )
                id_, props = (stored[0]["id"], {}) if stored else (id_, {"name": id_})
            if RULES_FILE in texts:
                props["appointment_rules"] = texts[RULES_FILE]
            store_texts(transaction, self.id, id_, props)

    def _store_derived(
        self, store: Store, reader: TableReader, batches: Iterable[list[Row]]
    ) -> None:
        made = writer(store, reader, self._bringing)
        for rows in batches:
            numbers = [0] * len(rows)  # no file has them
            try:
                self._store_batch(made, made.prepare(numbers, rows))
            except NotAlone:
                made = self._comparing(reader)
                self._store_batch(made, made.prepare(numbers, rows))
            self._derived.update(reader.id(row) for row in rows)

    def _withdraw_late(self) -> None:
        """Withdraw stored entries of lists that lie after a leaving that this load brings."""
        people = self._checks.people_in_service
        if not people:
            return
        of = table("records")
        late = stored_late_entries(self._store, people, self._checks.programme)
        for at in range(0, len(late), BATCH):
            some = {each.id: each for each in late[at : at + BATCH]}
            cells = []
            for id_, row in current_rows(self._store.read, of, list(some)).items():
                why = word("left-before", self._language, left=some[id_].left)
                withdrawn = {"withdrawn_on": date.today().isoformat(), "withdrawn_why": why}
                cells.append({**row.values, "id": id_, **withdrawn})
            headings = [column.heading for column in of.file_columns]
            texts = [[text(row.get(each)) or None for each in headings] for row in cells]
            block = of_rows([headings, *texts])
            raw = RawTable(of, Place(), lambda block=block: iter([block]))  # type: ignore[misc]
            reader = TableReader(raw, Findings(), self._checks.programme)
            rows = [row for batch in reader.batches() for row in batch.rows]
            made = writer(self._store, reader, self._bringing)
            self._store_batch(made, made.prepare([0] * len(rows), rows))

    def _comparing(self, reader: TableReader) -> Writer:
        """Return a writer anew, now that somebody else has stored rows of its table."""
        self._bringing.labelled.clear()  # who was labelled as new may be somebody else's
        return writer(self._store, reader, self._bringing)

    def _store_batch(self, made: Writer, batch: Prepared) -> None:
        with self._turn() as turn:
            made.within(turn)
            made.write(batch)

    def _store_table(self, reader: TableReader) -> None:
        table = reader.table
        if not reader.is_usable or not reader.at:  # left out, or without a single cell
            return
        try:
            self._store_rows(reader, writer(self._store, reader, self._bringing))
        except NotAlone:  # from the first row again, each compared with what is stored
            created = self._bringing.counts.pop(table.name).new
            self._store_rows(reader, self._comparing(reader))
            counts = self._bringing.counts[table.name]
            counts.new, counts.same = counts.new + created, counts.same - created

    def _store_rows(self, reader: TableReader, made: Writer) -> None:
        table = reader.table
        total = self._checks.row_count[table.name] - len(self._checks.bad_rows[table.name])
        spool = self._checks.spools[table.name]
        batches = spool.batches(self._checks.left_out(table.name))
        done = 0
        with ExitStack() as held:
            for what in made.new_kinds if total > BATCH else ():
                held.enter_context(self._store.filling(what))
            # The next batch is made while the store works.
            prepared = prefetch_in_thread(made.prepare(*batch) for batch in batches)
            for batch in held.enter_context(closing(prepared)):
                self._store_batch(made, batch)
                self._told.stored(table.name, batch.numbers, batch.ids)
                done += len(batch.rows)
                if self._on_progress:
                    self._on_progress(table.name, done, total)
            with self._turn() as turn:
                made.within(turn)
                made.finish()

    def _confirm_keys(self) -> None:
        """Make sure that no id is stored twice; the embedded engine leaves that to us."""
        for label in LABELS:
            (row,) = self._store.read(
                f"MATCH (n:{label})\nRETURN count(n) AS nodes, count(DISTINCT n.id) AS ids"
            )
            if row["nodes"] != row["ids"]:
                raise StoreError(
                    f"{row['nodes']} nodes {label} have only {row['ids']} different ids.",
                    "Restore the store from a backup and load again.",
                )
