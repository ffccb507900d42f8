"""What the rows of a data set say of each other: ids, references, periods, cycles, overlaps.

Tables are read once, in the order of the schema, so that what a row names was read before it. A
reference may also name something stored, when a store is given. Of the table that is compared the
columns that others are compared with are in memory, of those before only the ids; whole rows go,
where they are to be stored, into a `Spool`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np

from graph.programme import EMPTY_PROGRAMME, Programme
from graph.schema import Property, Reference, Table, table, table_of_label
from graph.store import Reader
from graph.upsert import BATCH
from loaders.checking.cross_row_checks import COMPARED, CrossRowChecks
from loaders.checking.cycles import Edge, cycles, edges_on_cycles, path
from loaders.checking.districts import Districts
from loaders.checking.leavers import Leavers
from loaders.checking.numbered import NUMBER, CheckedRows, Ids, begins, ends, marks
from loaders.checking.odd_dates import EARLIEST
from loaders.checking.periods import period_problem
from loaders.checking.record_kinds import wrong_records
from loaders.checking.refusals import Refusals
from loaders.checking.rows import Batch, TableReader
from loaders.checking.stored_attendance import StoredAttendance
from loaders.checking.texts import read_texts
from loaders.checking.values import unknown
from loaders.problems import Findings, Place
from loaders.readers import DataSet
from loaders.readers.blocks import in_batches, pl
from loaders.spool import Spool

_PERIODS = (("since", "until"), ("held_on", "until"), ("on", "until"))


class Checks:
    """Checks a data set; `run` fills the findings, the counts and the numbers of the bad rows.

    With `keep` it also keeps what storing needs: the checked rows, and who stands at which end.
    With `is_new` every row is another one than those that are stored.
    """

    def __init__(
        self,
        data_set: DataSet,
        findings: Findings,
        store: Reader | None = None,
        *,
        keep: bool = False,
        is_new: bool = False,
        on_progress: Callable[[str, int], None] = lambda table, rows: None,
    ) -> None:
        self.programme: Programme = EMPTY_PROGRAMME
        self.texts: dict[str, str] = {}  # those that are right
        self.row_count: dict[str, int] = {}
        self.bad_rows: dict[str, set[int]] = defaultdict(set)
        self.readers: dict[str, TableReader] = {}
        self.spools: dict[str, Spool] = {}
        # Per label and second label: the ids to which standing at an end of an edge gives it.
        self.ids_at_ends: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._keep = keep
        self._on_progress = on_progress
        self._repeats: dict[str, dict[str, list[int]]] = defaultdict(dict)
        self._data_set = data_set
        self._findings = findings
        self._store = store
        self._ids = Ids()
        self._bad_ids: dict[str, set[str]] = defaultdict(set)
        self._unread_labels: set[str] = set()
        self._stored: dict[str, dict[str, bool]] = defaultdict(dict)
        self._unchecked: set[tuple[str, str]] = set()
        self._cross_row_checks = CrossRowChecks(findings, self._ids)
        self._leavers = Leavers(findings, store, is_new)
        self._refusals = Refusals(store, findings, is_new)
        self._stored_attendance = StoredAttendance(store)
        self._districts = Districts(store, self._leavers, data_set.tables)

    def run(self) -> None:
        """Check the texts, then every table."""
        self.programme, self.texts = read_texts(self._data_set, self._findings, self._store)
        self._check_derived()
        for raw in self._data_set.tables.values():
            self._check_table(TableReader(raw, self._findings, self.programme))
        self._check_whole()
        # Storing takes longer than checking, and needs none of what grew with the rows.
        self._ids.clear()
        self._bad_ids.clear()
        self._stored.clear()

    @property
    def skipped(self) -> int:
        """Count the rows that are wrong or name one that is."""
        return sum(map(len, self.bad_rows.values()))

    @property
    def people_in_service(self) -> set[str]:
        """Return of whom the data set says something about their service."""
        return self._leavers.people

    def left_out(self, table: str) -> set[int]:
        """Return numbers of rows that are not stored: bad ones, and those a later one repeats."""
        bad = self.bad_rows[table]
        repeated: set[int] = set()
        for numbers in self._repeats[table].values():
            right = [number for number in numbers if number not in bad]
            repeated.update(right[:-1])
        return bad | repeated

    def close(self) -> None:
        """Let the kept rows go."""
        for spool in self.spools.values():
            spool.close()

    def _check_derived(self) -> None:
        """Check the kinds of the edges that questions are to make."""
        for each in self._data_set.derive:
            if self.programme.key_of("mentoring_kinds", each.kind) is None:
                column = table("mentoring").column("kind")
                assert isinstance(column, Property)
                code, details = unknown(column, self.programme, each.kind, self._findings)
                self._findings.add(code, Place(self._data_set.source), "kind", each.kind, **details)

    # --- one table ----------------------------------------------------------------------------

    def _check_table(self, reader: TableReader) -> None:
        table = reader.table
        self.readers[table.name] = reader
        if self._keep:
            self.spools[table.name] = Spool()
        read, failed = self._read(reader)
        self.row_count[table.name] = len(failed) + sum(map(len, read))
        bad = self.bad_rows[table.name]
        bad.update(number for number, _ in failed)
        rows = CheckedRows(reader, pl.concat(read), self._ids) if read else None
        if table.label:
            self._place_ids(reader, rows, failed)
        if rows:
            self._check_rows(rows)
        if table.label and not reader.is_usable:
            self._unread_labels.add(table.label)
        if rows:
            self._check_upwards(rows)
        if table.label:
            self._bad_ids[table.label] = self._ids.among(table.label, bad)
        if rows:
            right = rows.right(bad)
            self._leavers.take(rows, pl.Series(right))
            self._stored_attendance.keep(rows, pl.Series(right))
            self._districts.keep(rows, self.programme, pl.Series(right))
            self._cross_row_checks.compare(rows, self.programme, right)

    def _check_whole(self) -> None:
        """Tell what only all tables together say."""
        found = chain(self._stored_attendance.wrong(), self._districts.wrong(self.programme))
        for name, (number, code, column, value, said) in found:
            self._tell(self.readers[name], number, code, column, value, **said)
        for name, (number, code, column, value, said) in self._leavers.late(self.programme):
            self._tell(self.readers[name], number, code, column, value, is_doubt=True, **said)

    def _read(self, reader: TableReader) -> tuple[list[pl.DataFrame], list[tuple[int, str | None]]]:
        """Read a table; return what is compared of its right rows, and the wrong ones."""
        wanted = _looked_at(reader.table)
        read: list[pl.DataFrame] = []
        failed: list[tuple[int, str | None]] = []
        seen = 0
        for batch in reader.batches():
            seen += len(batch.numbers) + len(batch.failed)
            self._on_progress(reader.table.name, seen)
            failed += batch.failed
            if len(batch.numbers):
                read.append(_compared(reader, batch, wanted))
                for each in in_batches(batch.numbers, batch.rows) if self._keep else ():
                    self.spools[reader.table.name].write(*each)
        return read, failed

    def _check_rows(self, rows: CheckedRows) -> None:
        self._check_ids(rows)
        for reference in rows.reader.table.references:
            if reference.heading in rows.reader.at:
                self._check_reference(rows, reference)
        self._check_periods(rows)
        if rows.reader.table.name == "records":
            wrong = wrong_records(rows, self.programme, self._findings)
            left = self._leavers.told(rows, self.programme)
            for number, code, column, value, said in chain(wrong, left):
                self._tell(rows.reader, number, code, column, value, **said)
        self._refusals.keep(rows)
        for number, code, column, value, said in self._refusals.wrong(rows, self.programme):
            self._tell(rows.reader, number, code, column, value, **said)
        if rows.reader.table.name == "activities":
            self._check_kinds(rows)
        if self._data_set.doubts_early:
            self._check_early(rows)
        self._check_ends(rows)
        if self._keep:
            self._collect_ends(rows)

    def _place_ids(
        self, reader: TableReader, rows: CheckedRows | None, failed: list[tuple[int, str | None]]
    ) -> None:
        """Tell where ids stand; one that a wrong row has too stands there."""
        known = [(id_, number) for number, id_ in failed if id_ is not None]
        wrong = pl.DataFrame(known, schema={"id": pl.String, "row": pl.Int64}, orient="row")
        both = [wrong]
        if rows and "id" in reader.at:
            both.append(pl.DataFrame({"id": rows.ids, "row": rows.numbers}))
        self._ids.add(reader.table.label, pl.concat(both))

    def _check_ids(self, rows: CheckedRows) -> None:
        reader = rows.reader
        label = reader.table.label
        if label and "id" in reader.at:
            first = self._ids.rows(label, rows.ids)
        else:
            first = rows.first_of(rows.ids)
        own = rows.column("id")
        repeats = self._repeats[reader.table.name]
        for at in np.flatnonzero(first != rows.numbers).tolist():
            number, other = int(rows.numbers[at]), int(first[at])
            if own[at] is not None:
                self._tell(reader, number, "duplicate-id", "id", own[at], other=other)
            else:
                repeats.setdefault(rows.ids[at], [other]).append(number)
                headings = [reader.heading(c.heading) for c in reader.table.columns if c.key]
                place, key = reader.raw.place.at(number), ", ".join(headings)
                self._findings.add("duplicate-row", place, other=other, key=key)

    def _check_periods(self, rows: CheckedRows) -> None:
        reader = rows.reader
        for since, until in _PERIODS:
            if since not in reader.at or until not in reader.at:
                continue
            begun, ended = rows.column(since), rows.column(until)
            # What surely ends after it begins is right; that is seldom not enough to know.
            for at in np.flatnonzero(ends(ended) <= begins(begun)).tolist():
                begin, end = begun[at], ended[at]
                if begin is None or end is None or not (code := period_problem(begin, end)):
                    continue
                is_kept = code == "reversed-period" and reader.raw.keeps_reversed
                number = int(rows.numbers[at])
                self._tell(reader, number, code, until, end, is_doubt=is_kept, since=begin)

    def _check_early(self, rows: CheckedRows) -> None:
        """Tell of dates so early that they may be numbers or short years read wrongly."""
        for column in rows.reader.table.properties:
            if column.type == "date" and column.heading in rows.reader.at:
                dates = rows.column(column.heading)
                for number, value in rows.those(dates < EARLIEST, dates):
                    heading = column.heading
                    self._tell(rows.reader, number, "early-date", heading, value, is_doubt=True)

    def _check_kinds(self, rows: CheckedRows) -> None:
        """Doubt activities without a kind, where the programme counts groups of kinds."""
        groups = self.programme.groups_of_kinds
        kinds = rows.column("kind")
        if not groups or not kinds.null_count():
            return
        without, numbers = kinds.is_null(), pl.Series(rows.numbers)
        if "kind" not in rows.reader.at and self._store is not None:  # what is stored keeps its own
            ids = rows.derived_ids()
            without &= pl.Series(ids).is_in(list(self._not_stored("Activity", {*ids})))
        language = self._findings.language
        said = self._findings.word("comma").join(each.text(language) for each in groups)
        for number in numbers.filter(without).to_list():
            code = "activity-without-kind"
            self._tell(rows.reader, number, code, "kind", None, is_doubt=True, groups=said)

    def _check_ends(self, rows: CheckedRows) -> None:
        """Check that the two ends of an edge differ, and that it has one target of several."""
        reader = rows.reader
        ends = [each for each in reader.table.references if not each.edge]
        given = [rows.column(each.heading) for each in ends]
        if len(ends) == 2 and ends[0].label == ends[1].label:
            if not all(each.heading in reader.at for each in ends):
                return
            code = f"self-{reader.table.name}"
            for number, value in rows.those(given[0].eq_missing(given[1]), given[1]):
                self._tell(reader, number, code, ends[1].heading, value)
        elif len(ends) > 2:
            targets = pl.DataFrame([each.alias(str(at)) for at, each in enumerate(given[1:])])
            count = targets.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
            last = targets.select(pl.coalesce(targets.columns[::-1])).to_series()
            hint = self._findings.word("post-or-unit")
            for number, value in rows.those(count != 1, last):
                if value is None:
                    self._tell(reader, number, "missing-value", ends[1].heading, None)
                else:
                    self._tell(reader, number, "bad-value", ends[-1].heading, value, hint=hint)

    def _tell(
        self,
        reader: TableReader,
        number: int,
        code: str,
        column: str,
        value: str | None,
        *,
        is_doubt: bool = False,
        **details: Any,
    ) -> None:
        """Tell what is wrong with a row, which is then left out, or doubtful about it."""
        if not is_doubt:
            self.bad_rows[reader.table.name].add(number)
        place, heading = reader.raw.place.at(number), reader.heading(column)
        self._findings.add(code, place, heading, value, is_doubt=is_doubt, **details)

    # --- references ---------------------------------------------------------------------------

    def _check_reference(self, rows: CheckedRows, reference: Reference) -> None:
        reader = rows.reader
        if reference.label == reader.table.label:  # it may name a row that comes later
            return
        column = rows.column(reference.heading)
        unknown = self._say_all_unknown(rows, reference)
        bad_ids = self._bad_ids[reference.label]
        if reference.label in self._unread_labels and self._keep and self._store is not None:
            # That table is left out as a whole.
            bad_ids = bad_ids | self._not_stored(reference.label, _texts(column))
        if bad_ids:
            of_bad = marks(column.is_in(sorted(bad_ids - unknown)))
            self.bad_rows[reader.table.name].update(rows.numbers[of_bad].tolist())

    def _say_all_unknown(self, rows: CheckedRows, reference: Reference) -> set[str]:
        """Tell what a column names that is nowhere; give it."""
        column = rows.column(reference.heading)
        absent = column.filter(pl.Series(rows.rows(reference.heading) == 0))
        unknown = self._unknown(rows.reader, reference, _texts(absent))
        named = rows.those(column.is_in(sorted(unknown)), column) if unknown else ()
        for number, value in named:
            self._say_unknown(rows.reader, number, reference, value)
        return unknown

    def _unknown(self, reader: TableReader, reference: Reference, unknown: set[str]) -> set[str]:
        """Return those of some ids, which the data set does not have, that are not stored."""
        label = reference.label
        if not unknown or label in self._unread_labels:
            return set()
        if self._store is not None:
            return self._not_stored(label, unknown)
        table = table_of_label(label).name
        if table in self._data_set.tables:
            return unknown
        column = reader.heading(reference.heading)
        if (reader.table.name, column) not in self._unchecked:
            self._unchecked.add((reader.table.name, column))
            self._findings.add("unchecked-reference", reader.raw.place, column, table=table)
        return set()

    def _not_stored(self, label: str, ids: set[str]) -> set[str]:
        assert self._store is not None
        known = self._stored[label]
        asked = sorted(ids - known.keys())
        for begin in range(0, len(asked), BATCH):
            some = asked[begin : begin + BATCH]
            rows = self._store.read(
                f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nRETURN n.id AS id", ids=some
            )
            known.update(dict.fromkeys(some, False))
            known.update((row["id"], True) for row in rows)
        return {id_ for id_ in ids if not known[id_]}

    def _say_unknown(
        self, reader: TableReader, number: int, reference: Reference, value: str
    ) -> None:
        table = table_of_label(reference.label)
        what = reference.label.lower() if self._findings.language == "en" else table.zh
        hint = self._findings.word("add-row", table=table.name)
        self._tell(
            reader, number, "unknown-reference", reference.heading, value, what=what, hint=hint
        )

    # --- rows together ------------------------------------------------------------------------

    def _collect_ends(self, rows: CheckedRows) -> None:
        right = pl.Series(rows.right(self.bad_rows[rows.reader.table.name]))
        for end in rows.reader.table.references:
            if end.adds and end.heading in rows.reader.at:
                named = rows.column(end.heading).filter(right)
                self.ids_at_ends[end.label, end.adds].update(_texts(named))

    def _check_upwards(self, rows: CheckedRows) -> None:
        """Check the references of a table to itself: they name a row, and lead to no cycle."""
        reader = rows.reader
        bad = self.bad_rows[reader.table.name]
        label = reader.table.label
        references = (each for each in reader.table.references if each.label == label)
        reference = next(references, None) if label else None
        if reference is None or reference.heading not in reader.at:
            return
        column = rows.column(reference.heading)
        if column.null_count() == len(column):
            return
        self._say_all_unknown(rows, reference)
        upwards = pl.Series(rows.right(bad)) & column.is_not_null()
        edges = [
            (id_, value, number)
            for (number, value), (_, id_) in zip(
                rows.those(upwards, column), rows.those(upwards, rows.column("id")), strict=True
            )
        ]
        stored = self._stored_upwards(label, reference.edge)
        for cycle in cycles([*edges, *stored] if stored else self._edges_on_cycles(label, edges)):
            numbers = [number for *_, number in cycle if number]
            id_ = next(id_ for id_, _, number in cycle if number)
            self._tell(
                reader, numbers[0], "part-of-cycle", reference.heading, id_, path=path(cycle)
            )
            bad.update(numbers)
        self._leave_out_below(label, edges, bad)

    def _leave_out_below(self, label: str, edges: list[Edge], bad: set[int]) -> None:
        """Add the rows that stand below a bad one, which cannot be stored either."""
        below = defaultdict(list)
        for id_, value, number in edges if bad else ():
            below[value].append((id_, number))
        waiting = [id_ for id_ in self._ids.among(label, bad) if id_ in below]
        while waiting:
            for id_, number in below[waiting.pop()]:
                if number not in bad:
                    bad.add(number)
                    waiting.append(id_)

    def _edges_on_cycles(self, label: str, edges: list[Edge]) -> list[Edge]:
        """Return the edges that lie between cycles, of some that all name another row of the table.

        What they name stands in a row, unless it is only stored and so leads on to nothing here.
        """
        rows = np.array([number for *_, number in edges], np.int64)
        above = self._ids.rows(label, pl.Series([value for _, value, _ in edges], dtype=pl.String))
        return [edges[at] for at in edges_on_cycles(rows, above).tolist()]

    def _stored_upwards(self, label: str, edge: str) -> list[Edge]:
        """Return stored edges of nodes that the data set does not place anew; they have row 0."""
        if self._store is None:
            return []
        rows = self._store.read(
            f"MATCH (n:{label})-[:{edge}]->(m:{label})\n"
            "RETURN n.id AS id, m.id AS above\nORDER BY id"
        )
        given = self._ids.given(label)
        return [(row["id"], row["above"], 0) for row in rows if row["id"] not in given]


def _compared(reader: TableReader, batch: Batch, wanted: set[str]) -> pl.DataFrame:
    """Return the numbers of the right rows of a batch, and the columns that are compared."""
    columns = {
        heading: batch.columns[place] for heading, place in reader.at.items() if heading in wanted
    }
    return pl.DataFrame({NUMBER: batch.numbers, **columns})


def _looked_at(table: Table) -> set[str]:
    """Return the headings whose values are compared; of others only the cells are judged."""
    keys = {column.heading for column in table.columns if column.key}
    named = {each.heading for each in table.references}
    dates = {column.heading for column in table.columns if column.type == "date"}
    return {"id", *keys, *named, *dates, *COMPARED.get(table.name, ())}


def _texts(column: pl.Series) -> set[str]:
    return set(column.drop_nulls().unique().to_list())
