"""What the rows of a data set say of each other: ids, references, periods, cycles, overlaps.

Tables are read once, in the order of the schema, so that what a row names was read before it. A
reference may also name something stored, when a store is given. Ids and the bare facts of postings
and ties are kept in memory; whole rows only where they are to be stored, in a `Spool`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from itertools import compress
from operator import eq
from typing import Any

import numpy as np

from graph.errors import InputError
from graph.programme import EMPTY_PROGRAMME, Programme, parse_programme, parse_rules
from graph.schema import Property, Reference, Table, table, table_of_label
from graph.store import Reader
from loaders.checking.cross_row_checks import COMPARED, CrossRowChecks
from loaders.checking.cycles import Edge, cycles, edges_on_cycles, path
from loaders.checking.numbered import Days, Ids, Numbered
from loaders.checking.odd_dates import EARLIEST
from loaders.checking.periods import period_problem
from loaders.checking.reading import ReadAhead
from loaders.checking.rows import Batch, TableReader
from loaders.checking.values import stored_programme, unfit, unknown
from loaders.export.rows import stored_texts
from loaders.problems import Findings, Place
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet
from loaders.spool import Spool

_PERIODS = (("since", "until"), ("held_on", "until"))


class Checks:
    """Checks a data set; `run` fills the findings, the counts and the numbers of the bad rows.

    With `keep` it also keeps what storing needs: the checked rows, and who stands at which end.
    """

    def __init__(
        self,
        data_set: DataSet,
        findings: Findings,
        store: Reader | None = None,
        *,
        keep: bool = False,
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
        self._repeats: dict[str, dict[str | int, list[int]]] = defaultdict(dict)
        self._data_set = data_set
        self._findings = findings
        self._store = store
        self._ids = Ids()
        self._bad_ids: dict[str, set[str]] = defaultdict(set)
        self._unread_labels: set[str] = set()
        self._stored: dict[str, dict[str, bool]] = defaultdict(dict)
        self._unchecked: set[tuple[str, str]] = set()
        # By column the row, the id and what it names in its own table.
        self._upwards: tuple[list[Any], ...] = ([], [], [])
        self._days = Days()
        self._cross_row_checks = CrossRowChecks(findings, self._ids, self._days)

    def run(self) -> None:
        """Check the texts, then every table."""
        self._read_texts()
        self._check_derived()
        raws = list(self._data_set.tables.values())
        all_columns = self._keep or self._data_set.doubts_early
        wanted = (lambda _: None) if all_columns else _looked_at
        with closing(ReadAhead(raws, self.programme, wanted)) as ahead:
            for raw in raws:
                reader = TableReader(raw, self._findings, self.programme)
                self._check_table(reader, ahead)
                self._compare_rows(reader)
        # Storing takes longer than checking, and needs none of what grew with the rows.
        self._ids.clear()
        self._bad_ids.clear()
        self._stored.clear()

    @property
    def skipped(self) -> int:
        """Count the rows that are wrong or name one that is."""
        return sum(map(len, self.bad_rows.values()))

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

    def _read_texts(self) -> None:
        """Take the programme that is to hold: the one beside the files, else the stored one."""
        texts, language = self._data_set.texts, self._findings.language
        stored = self.programme = stored_programme(self._store)
        try:
            if PROGRAMME_FILE in texts:
                given = parse_programme(texts[PROGRAMME_FILE], PROGRAMME_FILE, language)
                if self._store and not self._may_replace(self._store, stored, given):
                    return
                self.programme = given
                self.texts[PROGRAMME_FILE] = texts[PROGRAMME_FILE]
            if RULES_FILE in texts:
                parse_rules(texts[RULES_FILE], RULES_FILE, self.programme, language)
                self.texts[RULES_FILE] = texts[RULES_FILE]
        except InputError as error:
            # Without its programme, what the rules name cannot be judged: the first stops both.
            self._findings.take(error.problems)

    def _may_replace(self, store: Reader, stored: Programme, given: Programme) -> bool:
        """Return whether what is stored fits a programme, and say what does not."""
        if given == stored:
            return True
        place, before = Place(PROGRAMME_FILE), self._findings.error_count
        if stored != EMPTY_PROGRAMME and stored.id != given.id:
            self._findings.add("other-programme", place, "id", given.id, other=stored.id)
            return False
        for each in unfit(store, given):
            self._findings.add(
                "programme-lacks",
                place,
                each.column.kinds,
                each.value,
                list=each.column.kinds,
                table=each.table.name,
                count=each.count,
            )
        rules = stored_texts(store).get(RULES_FILE)
        if rules and RULES_FILE not in self._data_set.texts:
            parse_rules(rules, RULES_FILE, given, self._findings.language)
        return self._findings.error_count == before

    def _check_derived(self) -> None:
        """Check the kinds of the edges that questions are to make."""
        for each in self._data_set.derive:
            if self.programme.key_of("mentoring_kinds", each.kind) is None:
                column = table("mentoring").column("kind")
                assert isinstance(column, Property)
                code, details = unknown(column, self.programme, each.kind, self._findings)
                self._findings.add(code, Place(self._data_set.source), "kind", each.kind, **details)

    # --- one table ----------------------------------------------------------------------------

    def _check_table(self, reader: TableReader, ahead: ReadAhead) -> None:
        table = reader.table
        bad = self.bad_rows[table.name]
        seen = self._ids.row_by_id[table.label] if table.label else {}
        self.row_count[table.name] = 0
        self._upwards = ([], [], [])
        self.readers[table.name] = reader
        if self._keep:
            self.spools[table.name] = Spool()
        for batch in reader.batches(ahead.blocks(reader.raw)):
            self.row_count[table.name] += len(batch.numbers) + len(batch.failed)
            self._on_progress(table.name, self.row_count[table.name])
            for number, id_ in batch.failed:
                bad.add(number)
                if id_ is not None and table.label:
                    seen.setdefault(id_, number)
            if not batch.numbers:
                continue
            numbered = Numbered(reader, batch, self._ids, self._days)
            self._check_rows(reader, batch, numbered, seen)
            self._cross_row_checks.keep(reader, self.programme, numbered, numbered.right(bad))
            if self._keep:
                self.spools[table.name].write(batch.numbers, batch.rows)
                self._collect_ends(reader, batch)

    def _compare_rows(self, reader: TableReader) -> None:
        """Check what the rows of a table say together."""
        table = reader.table
        bad = self.bad_rows[table.name]
        if table.label and not reader.is_usable:
            self._unread_labels.add(table.label)
        if self._upwards[0]:
            self._check_upwards(reader)
        if table.label and bad:
            rows = self._ids.row_by_id[table.label].items()
            ids = {str(id_) for id_, number in rows if number in bad}
            self._bad_ids[table.label] |= ids
        self._cross_row_checks.compare(reader)

    def _check_rows(
        self, reader: TableReader, batch: Batch, numbered: Numbered, seen: dict[str | int, int]
    ) -> None:
        self._check_ids(reader, batch, seen)
        for reference in reader.table.references:
            self._check_reference(reader, batch, numbered, reference)
        self._check_periods(reader, batch, numbered)
        if self._data_set.doubts_early:
            self._check_early(reader, batch)
        self._check_ends(reader, batch)

    def _check_ids(self, reader: TableReader, batch: Batch, seen: dict[str | int, int]) -> None:
        bad = self.bad_rows[reader.table.name]
        place = reader.at.get("id")
        ids: Sequence[str | int]
        if place is None:
            ids = list(map(hash, reader.keys(batch)))
        elif all(batch.columns[place]):
            ids = batch.columns[place]
        else:  # an own id may be one that another row derives
            ids = [row[place] or reader.id(row) for row in batch.rows]
        first = list(map(seen.setdefault, ids, batch.numbers))
        if first == batch.numbers:
            return
        for number, row, id_, other in zip(batch.numbers, batch.rows, ids, first, strict=True):
            own = None if place is None else row[place]
            if other == number:
                continue
            if own is not None:
                bad.add(number)
                where, column = reader.raw.place.at(number), reader.heading("id")
                self._findings.add("duplicate-id", where, column, own, other=other)
            else:
                repeats = self._repeats[reader.table.name]
                repeats.setdefault(id_, [other]).append(number)
                headings = [reader.heading(c.heading) for c in reader.table.columns if c.key]
                self._findings.add(
                    "duplicate-row",
                    reader.raw.place.at(number),
                    other=other,
                    key=", ".join(headings),
                )

    def _check_periods(self, reader: TableReader, batch: Batch, numbered: Numbered) -> None:
        for since, until in _PERIODS:
            if since not in reader.at or until not in reader.at:
                continue
            begins = self._days.begins(numbered.dates(since))
            ends = self._days.ends(numbered.dates(until))
            # What surely ends after it begins is right; that is seldom not enough to know.
            for at in np.flatnonzero(ends <= begins).tolist():
                begin, end = (batch.columns[reader.at[each]][at] for each in (since, until))
                if begin is None or end is None or not (code := period_problem(begin, end)):
                    continue
                is_kept = code == "reversed-period" and reader.raw.keeps_reversed
                number = batch.numbers[at]
                self._tell(reader, number, code, until, end, is_doubt=is_kept, since=begin)

    def _check_early(self, reader: TableReader, batch: Batch) -> None:
        """Tell of dates so early that they may be numbers or short years read wrongly."""
        for column in reader.table.properties:
            place = reader.at.get(column.heading)
            if column.type != "date" or place is None:
                continue
            values = batch.columns[place]
            early = {value for value in set(values) if value and value < EARLIEST}
            for number, value in zip(batch.numbers, values, strict=True) if early else ():
                if value in early:
                    self._tell(reader, number, "early-date", column.heading, value, is_doubt=True)

    def _check_ends(self, reader: TableReader, batch: Batch) -> None:
        """Check that the two ends of an edge differ, and that it has one target of several."""
        ends = [each for each in reader.table.references if not each.edge]
        places = [reader.at.get(each.heading) for each in ends]
        if len(ends) == 2 and ends[0].label == ends[1].label:
            one, other = places
            if one is None or other is None:
                return
            code = f"self-{reader.table.name}"
            if not any(map(eq, batch.columns[one], batch.columns[other])):
                return
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                if row[one] == row[other]:
                    self._tell(reader, number, code, ends[1].heading, row[other])
        elif len(ends) > 2:
            targets = [place for place in places[1:] if place is not None]
            hint = self._findings.word("post-or-unit")
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                given = [row[place] for place in targets if row[place] is not None]
                if not given:
                    self._tell(reader, number, "missing-value", ends[1].heading, None)
                elif len(given) > 1:
                    self._tell(reader, number, "bad-value", ends[-1].heading, given[-1], hint=hint)

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

    def _check_reference(
        self, reader: TableReader, batch: Batch, numbered: Numbered, reference: Reference
    ) -> None:
        place = reader.at.get(reference.heading)
        if place is None:
            return
        if reference.label == reader.table.label:  # it may name a row that comes later
            above = batch.columns[place]
            columns = batch.numbers, batch.columns[reader.at["id"]], above
            for held, column in zip(self._upwards, columns, strict=True):
                held.extend(compress(column, above))
            return
        is_unread, bad_ids = reference.label in self._unread_labels, self._bad_ids[reference.label]
        if numbered.rows(reference.heading).all() and not (bad_ids or is_unread):
            return
        named = set(batch.columns[place])
        named.discard(None)
        unknown = self._unknown(reader, reference, named)
        bad_ids = named & bad_ids
        if is_unread and self._keep and self._store is not None:
            bad_ids |= self._not_stored(reference.label, named)  # that table is left out as a whole
        if unknown or bad_ids:
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                if row[place] in unknown:
                    self._say_unknown(reader, number, reference, row[place])
                elif row[place] in bad_ids:
                    self.bad_rows[reader.table.name].add(number)

    def _unknown(self, reader: TableReader, reference: Reference, named: set[str]) -> set[str]:
        """Return those of the named ids that neither the data set nor the store has."""
        label = reference.label
        unknown = named.difference(self._ids.row_by_id[label])
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
        if asked:
            rows = self._store.read(
                f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nRETURN n.id AS id", ids=asked
            )
            known.update(dict.fromkeys(asked, False))
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

    def _collect_ends(self, reader: TableReader, batch: Batch) -> None:
        bad = self.bad_rows[reader.table.name]
        for end in reader.table.references:
            if end.adds and end.heading in reader.at:
                right = batch if bad.isdisjoint(batch.numbers) else _without(batch, bad)
                if right:
                    named = right.columns[reader.at[end.heading]]
                    self.ids_at_ends[end.label, end.adds].update(named)

    def _check_upwards(self, reader: TableReader) -> None:
        """Check the references of a table to itself: they name a row, and lead to no cycle."""
        bad = self.bad_rows[reader.table.name]
        label = reader.table.label
        reference = next(each for each in reader.table.references if each.label == label)
        unknown = self._unknown(reader, reference, set(self._upwards[2]))
        if unknown:
            for number, _, value in zip(*self._upwards, strict=True):
                if value in unknown:
                    self._say_unknown(reader, number, reference, value)
        upwards = zip(*self._upwards, strict=True)
        edges = [(id_, value, number) for number, id_, value in upwards if number not in bad]
        stored = self._stored_upwards(label, reference.edge)
        for cycle in cycles([*edges, *stored] if stored else self._edges_on_cycles(label, edges)):
            numbers = [number for *_, number in cycle if number]
            id_ = next(id_ for id_, _, number in cycle if number)
            self._tell(
                reader, numbers[0], "part-of-cycle", reference.heading, id_, path=path(cycle)
            )
            bad.update(numbers)
        # What stands below a bad row cannot be stored either.
        below = defaultdict(list)
        for id_, value, number in edges if bad else ():
            below[value].append((id_, number))
        numbers_by_id = self._ids.row_by_id[label]
        waiting = [id_ for id_ in below if numbers_by_id.get(id_) in bad]
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
        above = self._ids.rows(label, [value for _, value, _ in edges])
        return [edges[at] for at in edges_on_cycles(rows, above).tolist()]

    def _stored_upwards(self, label: str, edge: str) -> list[Edge]:
        """Return stored edges of nodes that the data set does not place anew; they have row 0."""
        if self._store is None:
            return []
        rows = self._store.read(
            f"MATCH (n:{label})-[:{edge}]->(m:{label})\n"
            "RETURN n.id AS id, m.id AS above\nORDER BY id"
        )
        given = self._ids.row_by_id[label]
        return [(row["id"], row["above"], 0) for row in rows if row["id"] not in given]


def _looked_at(table: Table) -> Collection[str]:
    """Return the headings whose values are compared; of others only the cells are judged."""
    keys = {column.heading for column in table.columns if column.key}
    named = {each.heading for each in table.references}
    dates = {column.heading for column in table.columns if column.type == "date"}
    return {"id", *keys, *named, *dates, *COMPARED.get(table.name, ())}


def _without(batch: Batch, bad: set[int]) -> Batch | None:
    """Return a batch without its bad rows; None when nothing is left."""
    right = [at for at, number in enumerate(batch.numbers) if number not in bad]
    numbers = [batch.numbers[at] for at in right]
    return Batch(numbers, [], [batch.rows[at] for at in right]) if right else None
