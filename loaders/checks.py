"""What the rows of a data set say of each other: ids, references, periods, cycles, overlaps.

Tables are read once, in the order of the schema, so that what a row names was read before it. A
reference may also name something stored, when a store is given. Ids and the bare facts of postings
and ties are kept in memory; whole rows only where they are to be stored, in a `Spool`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import eq
from typing import Any

from graph.errors import InputError
from graph.programme import EMPTY_PROGRAMME, Programme, parse_programme, parse_rules
from graph.schema import NODE_TABLES, Reference, table_of_label
from graph.store import Store
from loaders.cycles import Edge, cycles
from loaders.periods import Posting, crowds, overlaps, period_problem, postings_of
from loaders.problems import Findings
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet, RawTable
from loaders.rows import Batch, TableReader
from loaders.spool import Spool

_PERIODS = (("since", "until"), ("held_on", "until"))
_LONGEST_PATH = 12  # members of a cycle that its message names


class Checks:
    """Checks a data set; `run` fills the findings, the counts and the numbers of the bad rows.

    With `keep` it also keeps what storing needs: the checked rows, and who stands at which end.
    """

    def __init__(
        self,
        data_set: DataSet,
        findings: Findings,
        store: Store | None = None,
        *,
        keep: bool = False,
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
        self._repeats: dict[str, dict[str | int, list[int]]] = defaultdict(dict)
        self._data_set = data_set
        self._findings = findings
        self._store = store
        # Per label: the row in which an id stands. Derived ids are kept as hashes of their key.
        self._row_by_id: dict[str, dict[str | int, int]] = {t.label: {} for t in NODE_TABLES}
        self._bad_ids: dict[str, set[str]] = defaultdict(set)
        self._unread_labels: set[str] = set()
        self._stored: dict[str, dict[str, bool]] = defaultdict(dict)
        self._unchecked: set[tuple[str, str]] = set()
        self._upwards: list[tuple[int, str, str]] = []  # row, id and what it names in its own table
        self._ties: list[Edge] = []
        self._postings: list[Posting] = []
        self._capacity_by_post: dict[str, int | None] = {}

    def run(self) -> None:
        """Check the texts, then every table."""
        self._read_texts()
        tables = iter(self._data_set.tables.values())
        reader = self._begun(tables)
        while reader:
            self._check_table(reader)
            following = self._begun(tables)  # it is read while this table is compared as a whole
            self._compare_rows(reader)
            reader = following
        # Storing takes longer than checking, and needs none of what grew with the rows.
        for held in (self._row_by_id, self._bad_ids, self._stored, self._capacity_by_post):
            held.clear()

    @property
    def skipped(self) -> int:
        """Count the rows that are wrong or name one that is."""
        return sum(map(len, self.bad_rows.values()))

    def left_out(self, table: str) -> set[int]:
        """Give the numbers of rows that are not stored: bad ones, and those a later one repeats."""
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
        texts = self._data_set.texts
        try:
            if PROGRAMME_FILE in texts:
                self.programme = parse_programme(
                    texts[PROGRAMME_FILE], PROGRAMME_FILE, self._findings.language
                )
                self.texts[PROGRAMME_FILE] = texts[PROGRAMME_FILE]
            if RULES_FILE in texts:
                parse_rules(texts[RULES_FILE], RULES_FILE, self.programme, self._findings.language)
                self.texts[RULES_FILE] = texts[RULES_FILE]
        except InputError as error:
            # Without its programme, what the rules name cannot be judged: the first stops both.
            self._findings.take(error.problems)

    # --- one table ----------------------------------------------------------------------------

    def _begun(self, tables: Iterator[RawTable]) -> TableReader | None:
        for raw in tables:
            reader = TableReader(raw, self._findings, self.programme)
            reader.begin()
            return reader
        return None

    def _check_table(self, reader: TableReader) -> None:
        table = reader.table
        bad = self.bad_rows[table.name]
        seen = self._row_by_id[table.label] if table.label else {}
        self.row_count[table.name] = 0
        self._upwards = []
        collect = self._collector(reader)
        self.readers[table.name] = reader
        if self._keep:
            self.spools[table.name] = Spool()
        for batch in reader.batches():
            self.row_count[table.name] += len(batch.numbers) + len(batch.failed)
            for number, id_ in batch.failed:
                bad.add(number)
                if id_ is not None and table.label:
                    seen.setdefault(id_, number)
            if batch.numbers:
                self._check_rows(reader, batch, seen)
            if collect and batch.numbers:
                if bad.isdisjoint(batch.numbers):
                    collect(batch)
                elif right := _without(batch, bad):
                    collect(right)
            if self._keep and batch.numbers:
                self.spools[table.name].write(batch.numbers, batch.rows)
                self._collect_ends(reader, batch)

    def _compare_rows(self, reader: TableReader) -> None:
        """Check what the rows of a table say together."""
        table = reader.table
        bad = self.bad_rows[table.name]
        if table.label and not reader.is_usable:
            self._unread_labels.add(table.label)
        if self._upwards:
            self._check_upwards(reader)
        if table.label and bad:
            rows = self._row_by_id[table.label].items()
            ids = {str(id_) for id_, number in rows if number in bad}
            self._bad_ids[table.label] |= ids
        if table.name == "mentoring":
            self._check_ties(reader)
        elif table.name == "rotations":
            self._check_postings(reader)

    def _check_rows(self, reader: TableReader, batch: Batch, seen: dict[str | int, int]) -> None:
        self._check_ids(reader, batch, seen)
        for reference in reader.table.references:
            self._check_reference(reader, batch, reference)
        self._check_periods(reader, batch)
        self._check_ends(reader, batch)

    def _check_ids(self, reader: TableReader, batch: Batch, seen: dict[str | int, int]) -> None:
        bad = self.bad_rows[reader.table.name]
        place = reader.at.get("id")
        ids: Sequence[str | int]
        if place is None:
            ids = list(map(hash, map(reader.key, batch.rows)))
        elif all(batch.columns[place]):
            ids = batch.columns[place]
        else:  # an own id may be one that another row derives
            ids = [row[place] or reader.id(row) for row in batch.rows]
        new = dict(zip(ids, batch.numbers, strict=True))
        if len(new) == len(ids) and seen.keys().isdisjoint(new):
            seen.update(new)
            return
        for number, row, id_ in zip(batch.numbers, batch.rows, ids, strict=True):
            own = None if place is None else row[place]
            if id_ not in seen:
                seen[id_] = number
            elif own is not None:
                bad.add(number)
                where, column = reader.raw.place.at(number), reader.heading("id")
                self._findings.add("duplicate-id", where, column, own, other=seen[id_])
            else:
                repeats = self._repeats[reader.table.name]
                repeats.setdefault(id_, [seen[id_]]).append(number)
                headings = [reader.heading(c.heading) for c in reader.table.columns if c.key]
                self._findings.add(
                    "duplicate-row",
                    reader.raw.place.at(number),
                    other=seen[id_],
                    key=", ".join(headings),
                )

    def _check_periods(self, reader: TableReader, batch: Batch) -> None:
        for since, until in _PERIODS:
            if since not in reader.at or until not in reader.at:
                continue
            begin, end = reader.at[since], reader.at[until]
            pairs = set(zip(batch.columns[begin], batch.columns[end], strict=True))
            wrong = {
                pair: code
                for pair in pairs
                # Plain, quick and right for most: both days are known, and in their order.
                if None not in pair
                and not (len(pair[0]) == len(pair[1]) and pair[0] < pair[1])
                and (code := period_problem(*pair))
            }
            if not wrong:
                continue
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                if code := wrong.get((row[begin], row[end])):
                    if code == "reversed-period" and reader.raw.keeps_reversed:
                        self._doubt(reader, number, code, until, row[end], since=row[begin])
                    else:
                        self._bad(reader, number, code, until, row[end], since=row[begin])

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
                    self._bad(reader, number, code, ends[1].heading, row[other])
        elif len(ends) > 2:
            targets = [place for place in places[1:] if place is not None]
            hint = self._findings.word("post-or-unit")
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                given = [row[place] for place in targets if row[place] is not None]
                if not given:
                    self._bad(reader, number, "missing-value", ends[1].heading, None)
                elif len(given) > 1:
                    self._bad(reader, number, "bad-value", ends[-1].heading, given[-1], hint=hint)

    def _bad(
        self,
        reader: TableReader,
        number: int,
        code: str,
        column: str,
        value: str | None,
        **details: Any,
    ) -> None:
        self.bad_rows[reader.table.name].add(number)
        place = reader.raw.place.at(number)
        self._findings.add(code, place, reader.heading(column), value, **details)

    def _doubt(
        self,
        reader: TableReader,
        number: int,
        code: str,
        column: str,
        value: str | None,
        since: str,
    ) -> None:
        place = reader.raw.place.at(number)
        column = reader.heading(column)
        self._findings.add(code, place, column, value, is_doubt=True, since=since)

    # --- references ---------------------------------------------------------------------------

    def _check_reference(self, reader: TableReader, batch: Batch, reference: Reference) -> None:
        place = reader.at.get(reference.heading)
        if place is None:
            return
        if reference.label == reader.table.label:  # it may name a row that comes later
            ids, above = batch.columns[reader.at["id"]], batch.columns[place]
            both = zip(batch.numbers, ids, above, strict=True)
            self._upwards += [each for each in both if each[2] is not None]
            return
        named = set(batch.columns[place])
        named.discard(None)
        unknown = self._unknown(reader, reference, named)
        bad_ids = named & self._bad_ids[reference.label]
        if reference.label in self._unread_labels and self._keep and self._store is not None:
            bad_ids |= self._not_stored(reference.label, named)  # that table is left out as a whole
        if unknown or bad_ids:
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                if row[place] in unknown:
                    self._say_unknown(reader, number, reference, row[place])
                elif row[place] in bad_ids:
                    self.bad_rows[reader.table.name].add(number)

    def _unknown(self, reader: TableReader, reference: Reference, named: set[str]) -> set[str]:
        """Give those of the named ids that neither the data set nor the store has."""
        label = reference.label
        unknown = named.difference(self._row_by_id[label])
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
        self._bad(
            reader, number, "unknown-reference", reference.heading, value, what=what, hint=hint
        )

    # --- rows together ------------------------------------------------------------------------

    def _collector(self, reader: TableReader) -> Callable[[Batch], None] | None:
        """Give the function that keeps what a table's later checks need of right rows."""
        at = reader.at
        name = reader.table.name
        if not reader.is_usable or not at:
            return None
        if name == "mentoring":
            mentor, trainee = at["mentor"], at["trainee"]
            return lambda batch: self._ties.extend(
                zip(batch.columns[mentor], batch.columns[trainee], batch.numbers, strict=True)
            )
        if name == "posts" and "capacity" in at:
            id_, capacity = at["id"], at["capacity"]
            return lambda batch: self._capacity_by_post.update(
                zip(batch.columns[id_], batch.columns[capacity], strict=True)
            )
        if name == "rotations" and "since" in at:
            person, post, since = at["person"], at["post"], at["since"]
            until, status, kind = at.get("until"), at.get("status"), at.get("kind")
            keeping = {each.key for each in self.programme.exercises if each.keeps_home_post}

            def collect(batch: Batch) -> None:
                columns, nothing = batch.columns, [None] * len(batch.numbers)
                begins: Sequence[str | None] = columns[since]
                if status is not None:
                    begins = [
                        begin if state != "planned" else None
                        for begin, state in zip(begins, columns[status], strict=True)
                    ]
                self._postings += postings_of(
                    columns[person],
                    columns[post],
                    begins,
                    columns[until] if until is not None else nothing,
                    batch.numbers,
                    map(keeping.__contains__, columns[kind] if kind is not None else nothing),
                )

            return collect
        return None

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
        unknown = self._unknown(reader, reference, {value for *_, value in self._upwards})
        for number, _, value in self._upwards:
            if value in unknown:
                self._say_unknown(reader, number, reference, value)
        edges = [(id_, value, number) for number, id_, value in self._upwards if number not in bad]
        for cycle in cycles([*edges, *self._stored_upwards(label, reference.edge)]):
            numbers = [number for *_, number in cycle if number]
            path = _path(cycle)
            id_ = next(id_ for id_, _, number in cycle if number)
            self._bad(reader, numbers[0], "part-of-cycle", reference.heading, id_, path=path)
            bad.update(numbers)
        # What stands below a bad row cannot be stored either.
        below = defaultdict(list)
        for id_, value, number in edges:
            below[value].append((id_, number))
        numbers_by_id = self._row_by_id[label]
        waiting = [id_ for id_ in below if numbers_by_id.get(id_) in bad]
        while waiting:
            for id_, number in below[waiting.pop()]:
                if number not in bad:
                    bad.add(number)
                    waiting.append(id_)

    def _stored_upwards(self, label: str, edge: str) -> list[Edge]:
        """Give the stored edges of nodes that the data set does not place anew; they have row 0."""
        if self._store is None:
            return []
        rows = self._store.read(
            f"MATCH (n:{label})-[:{edge}]->(m:{label})\n"
            "RETURN n.id AS id, m.id AS above\nORDER BY id"
        )
        given = self._row_by_id[label]
        return [(row["id"], row["above"], 0) for row in rows if row["id"] not in given]

    def _check_ties(self, reader: TableReader) -> None:
        for cycle in cycles(self._ties):
            place = reader.raw.place.at(cycle[0][2])
            column = reader.heading("trainee")
            self._findings.add("mentoring-cycle", place, column, cycle[0][1], path=_path(cycle))
        self._ties.clear()

    def _check_postings(self, reader: TableReader) -> None:
        for posting, holders in crowds(self._postings, self._capacity_by_post):
            self._findings.add(
                "over-capacity",
                reader.raw.place.at(posting.row),
                reader.heading("post"),
                posting.post,
                holders=holders,
                day=posting.since,
                capacity=self._capacity_by_post[posting.post],
            )
        for posting, other in overlaps([each for each in self._postings if not each.keeps_home]):
            self._findings.add(
                "overlapping-posts",
                reader.raw.place.at(posting.row),
                reader.heading("person"),
                posting.person,
                post=posting.post,
                since=posting.since,
                other_post=other.post,
                other=other.row,
            )
        self._postings.clear()


def _without(batch: Batch, bad: set[int]) -> Batch | None:
    """Give a batch without its bad rows; None when nothing is left."""
    right = [at for at, number in enumerate(batch.numbers) if number not in bad]
    numbers = [batch.numbers[at] for at in right]
    return Batch(numbers, [], [batch.rows[at] for at in right]) if right else None


def _path(cycle: list[Edge]) -> str:
    """Write a cycle as `a → b → a`, shortened where it is long."""
    ids = [source for source, _, _ in cycle]
    shown = ids if len(ids) <= _LONGEST_PATH else [*ids[:_LONGEST_PATH], "…"]
    return " → ".join([*shown, ids[0]])
