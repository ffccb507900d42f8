"""Checked rows into the graph, batch by batch.

What is new as a whole (no node of the label, no edge of the type is stored when the load comes to
it) is created; its ids were found to be different. Anything else is compared with what is stored:
new rows are created, others merged with their former values kept, and rows that say what is stored
already are not written at all. A batch is one statement: rows, the edges that their columns name,
what changed rows were, and the counts of the load are stored together or not at all. So a load that
was killed has told what it stored, and is completed by the next one. Each batch is compared and
stored in a turn of the store: several loads and entries may go on at once. Long because nodes and
edges are stored by the same steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph import tables
from graph.changes import BulkChange, keeping
from graph.schema import ORIGIN, EdgeType, Table, table_of_label
from graph.store import Row as StoredRow
from graph.store import Store, Transaction
from graph.upsert import (
    BATCH,
    declare,
    edge_jobs,
    edge_type,
    label_statement,
    new_edge_statement,
    new_node_statement,
    node_statement,
    run_together,
    unlabel_statement,
)
from loaders.checking.rows import Row, TableReader, picker
from loaders.current_rows import CurrentRow, current_rows
from loaders.made import made_of

Names = tuple[str, ...]
Job = tuple[str, list[StoredRow]]  # a statement of `$rows`, and the rows
Ids = dict[tuple[str, str], set[str]]  # (label, second label) -> ids


@dataclass
class Counts:
    """How many rows of a table were new, changed what was stored, or said what was stored."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass
class Bringing:
    """What storing the tables of one load has in common."""

    load: str = ""  # its id; empty for rows that are entered by hand
    by: str = ""
    ids_at_ends: Ids = field(default_factory=dict)  # to whom an edge of this load gives a label
    labelled: Ids = field(default_factory=lambda: defaultdict(set))  # who has it by now
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    # Gives the statements that write the counts so far into the record of the load.
    counting: Callable[[], list[Job]] = list


def writer(store: Store | Transaction, reader: TableReader, bringing: Bringing) -> Writer:
    """Return the writer of a table's rows."""
    return (NodeWriter if reader.table.label else EdgeWriter)(store, reader, bringing)


@dataclass(frozen=True)
class Prepared:
    """A batch on its way: all that could be made without asking the store."""

    numbers: list[int]
    rows: list[Row]
    ids: list[str]
    jobs: list[Job] | None  # None: the rows must be compared with what is stored


class NotAlone(Exception):
    """Somebody else stores rows of a table of which nothing was stored: they must be compared."""


class Writer:
    """Stores the rows of one table."""

    def __init__(self, store: Store | Transaction, reader: TableReader, bringing: Bringing) -> None:
        self.within(store)
        self._table = reader.table
        self._reader = reader
        self._at = reader.at
        self._bringing = bringing
        stored = [
            column
            for column in (*reader.table.properties, *reader.table.kept)
            if column.heading in reader.at and column.name != "id"
        ]
        self._names = [column.name for column in stored]
        self._pick = picker([reader.at[column.heading] for column in stored])
        types = (
            [edge_type(each.edge) for each in self._table.references if each.edge]
            if self._table.label
            else [edge_type(self._table.edge, each.label) for each in self._table.references[1:]]
        )
        self._is_fresh = {edge: not tables.has_edges(store, edge) for edge in types}
        self._created_count = 0

    def within(self, turn: Store | Transaction) -> None:
        """Ask and store in a turn, in which nobody else writes, from now on."""
        self._store, self._ask = turn, turn.read

    @property
    def new_kinds(self) -> list[str]:
        """List the labels and edge types of which nothing is stored yet."""
        held = {edge.type for edge, is_fresh in self._is_fresh.items() if not is_fresh}
        return sorted({edge.type for edge in self._is_fresh} - held)

    @property
    def creates(self) -> bool:
        """Return whether every row is new."""
        raise NotImplementedError

    def prepare(self, numbers: list[int], rows: list[Row]) -> Prepared:
        """Make a batch's statements, as far as the store need not be asked; any thread may."""
        ids = [self._reader.id(row) for row in rows]
        jobs = self._created(numbers, ids, rows) if self.creates else None
        return Prepared(numbers, rows, ids, jobs)

    def write(self, batch: Prepared) -> None:
        """Store a batch."""
        counts = self._bringing.counts[self._table.name]
        if batch.jobs is not None:
            self._confirm_alone()
            counts.new += len(batch.rows)
            self._run([*self._before_rows(batch.rows), *batch.jobs])
            self._created_count += len(batch.rows)
            return
        stored = current_rows(self._ask, self._table, batch.ids)
        new, changed = [], []
        for at, (id_, row) in enumerate(zip(batch.ids, batch.rows, strict=True)):
            before = stored.get(id_)
            if before is None:
                new.append(at)
            elif (after := self._after(before, id_, row)) != before.values:
                changed.append((at, before, after))
        others = [each for each in changed if not self._is_own(each[1])]
        counts.new += len(new)
        counts.changed += len(others)
        counts.same += len(batch.rows) - len(new) - len(others)
        jobs = self._before_rows(batch.rows)
        if new:
            jobs += self._created(*_chosen(batch, new))
        if changed:
            old = [(batch.ids[at], before, after) for at, before, after in others]
            jobs += self._kept(self._table, old) if old else []
            jobs += self._merged(*_chosen(batch, [at for at, *_ in changed]))
        self._run(jobs)

    def _is_own(self, row: CurrentRow) -> bool:
        """Return whether this load itself has stored a row: it came to it twice."""
        load = self._bringing.load
        return bool(load) and (row.origin or "").startswith(f"{load}:")

    def _confirm_alone(self) -> None:
        """Raise NotAlone when not all rows of the table are those that were created here."""
        if tables.count_rows(self._store, self._table) != self._created_count:
            raise NotAlone

    def merge(self, rows: list[Row]) -> None:
        """Store rows without asking what they were before, as by hand."""
        ids = [self._reader.id(row) for row in rows]
        self._run([*self._before_rows(rows), *self._merged([0] * len(rows), ids, rows)])

    def finish(self) -> None:
        """Store what can only be stored after the last row."""

    def _before_rows(self, rows: list[Row]) -> list[Job]:
        """Return what is stored with a batch of rows, before them."""
        return []

    def _after(self, before: CurrentRow, id_: str, row: Row) -> dict[str, Any]:
        """Return the row as it will be; columns that the file lacks stay as they are."""
        after = dict(before.values)
        for heading, place in self._at.items():
            value = row[place]
            if value is None or value == ():
                after.pop(heading, None)
            else:
                after[heading] = list(value) if isinstance(value, tuple) else value
        if "id" in self._at:
            after["id"] = id_
        return after

    def _created(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        raise NotImplementedError

    def _merged(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        raise NotImplementedError

    def _run(self, jobs: list[Job]) -> None:
        run_together(self._store, [*jobs, *self._bringing.counting()])

    def _kept(self, of: Table, rows: list[tuple[str, CurrentRow, dict[str, Any]]]) -> list[Job]:
        """Keep what rows were, before they are changed."""
        bringing = self._bringing
        if not bringing.load:
            return []
        kept = [
            BulkChange(id_, before.values, after, before.origin, before.named(of, after))
            for id_, before, after in rows
        ]
        return [keeping(of.name, bringing.by, bringing.load, kept)]

    def _origins(self, numbers: list[int]) -> list[str]:
        load = self._bringing.load
        return [f"{load}:{number}" for number in numbers]

    def _plain_edges(self, edge: EdgeType, ends: list[tuple[str, str]], new: bool) -> list[Job]:
        """Store edges that have no properties, known by their ends."""
        rows = [{"source": source, "target": target} for source, target in ends]
        if new:
            named = [row for row in rows if None not in row.values()]
            return [(new_edge_statement(edge, ()), named)] if named else []
        return edge_jobs(edge, rows, identified=False)


class NodeWriter(Writer):
    """Rows that are nodes, with the labels and the edges that their columns name."""

    def __init__(self, store: Store | Transaction, reader: TableReader, bringing: Bringing) -> None:
        super().__init__(store, reader, bringing)
        label = self._table.label
        self._is_first = not tables.has_rows(store, self._table)
        if bringing.load:
            of = self._table
            declare(store, label, (*of.properties, *of.derived, *of.kept))
        # Edges between rows of this table wait for the one that is stored later, by its id.
        self._later: dict[tuple[EdgeType, bool, str], list[tuple[str, str]]] = defaultdict(list)
        self._passed: set[str] = set()  # the ids that batches had by now
        self._own_count: dict[EdgeType, int] = defaultdict(int)  # edges between rows of this table

    @property
    def new_kinds(self) -> list[str]:
        """List the labels and edge types of which nothing is stored yet."""
        return [*super().new_kinds, *([self._table.label] if self._is_first else [])]

    @property
    def creates(self) -> bool:
        """Return whether every row is new."""
        return self._is_first

    def finish(self) -> None:
        """Store the edges to rows of this table that no batch had: they are stored already."""
        own: dict[EdgeType, int] = self._own_count if self.creates else {}
        if any(tables.count_edges(self._store, edge) != count for edge, count in own.items()):
            raise NotAlone
        waiting: dict[tuple[EdgeType, bool], list[tuple[str, str]]] = defaultdict(list)
        for (edge, new, _), ends in self._later.items():
            waiting[edge, new] += ends
        for (edge, new), ends in waiting.items():
            for begin in range(0, len(ends), BATCH):
                self._run(self._plain_edges(edge, ends[begin : begin + BATCH], new))
        self._later.clear()

    def _after(self, before: CurrentRow, id_: str, row: Row) -> dict[str, Any]:
        after = super()._after(before, id_, row)
        labels = self._table.labels
        if labels is None:
            return after
        ends = self._bringing.ids_at_ends
        own, held = after.get(labels.heading, ()), before.values.get(labels.heading, ())
        roles = []
        for value, label in labels.label_by_value:
            is_kept = label in before.given or id_ in ends.get((self._table.label, label), ())
            if value in own or (value in held and is_kept):
                roles.append(value)
        return {**after, labels.heading: roles} if roles else after

    def _created(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        derived = made_of(self._table.name)
        place = self._at.get(derived.of)
        names = ["id", *self._names]
        columns: list[Iterable[Any]] = [ids, map(self._pick, rows)]
        if place is None:
            values = [(id_, *props) for id_, props in zip(*columns, strict=True)]
        else:
            make = derived.make
            names += derived.names
            values = [
                (id_, *props, *make(id_, row[place]))
                for id_, props, row in zip(*columns, rows, strict=True)
            ]
        labels = self._extra_labels(ids, rows, new=True)
        origins = self._origins(numbers)
        nodes_by_labels: dict[Names, list[StoredRow]] = defaultdict(list)
        for extra, each, origin in zip(labels, values, origins, strict=True):
            node = dict(zip(names, each, strict=True))
            node[ORIGIN] = origin
            nodes_by_labels[extra].append(node)
        jobs = [
            (new_node_statement(self._table.label, extra, (*names, ORIGIN)), nodes)
            for extra, nodes in nodes_by_labels.items()
        ]
        return jobs + self._reference_jobs(ids, rows, new=True)

    def _merged(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        derived = made_of(self._table.name)
        place = self._at.get(derived.of)
        nodes_by_labels: dict[Names, list[StoredRow]] = defaultdict(list)
        labels = self._extra_labels(ids, rows, new=False)
        origins = self._origins(numbers)
        for id_, extra, row, origin in zip(ids, labels, rows, origins, strict=True):
            props = dict(zip(self._names, self._pick(row), strict=True))
            if place is not None:
                props.update(zip(derived.names, derived.make(id_, row[place]), strict=True))
            if self._bringing.load:
                props[ORIGIN] = origin
            nodes_by_labels[extra].append({"id": id_, "props": props})
        # One statement stores nodes with their labels: finding them again costs a tenth more.
        jobs: list[Job] = [
            (node_statement(self._table.label, extra), nodes)
            for extra, nodes in nodes_by_labels.items()
        ]
        jobs += self._unlabelled(ids, rows)
        return jobs + self._reference_jobs(ids, rows, new=False)

    def _reference_jobs(self, ids: list[str], rows: list[Row], new: bool) -> list[Job]:
        jobs: list[Job] = []
        for reference in self._table.references:
            place = self._at.get(reference.heading)
            if place is None:
                continue
            edge = edge_type(reference.edge)
            named = [row[place] for row in rows]
            pairs = (
                zip(named, ids, strict=True) if reference.incoming else zip(ids, named, strict=True)
            )
            ends = list(pairs)
            if reference.label == self._table.label:
                jobs += self._own_edges(edge, new, zip(named, ends, strict=True), ids)
            else:
                jobs += self._plain_edges(edge, ends, new)
        return jobs

    def _own_edges(
        self,
        edge: EdgeType,
        new: bool,
        named: Iterable[tuple[str | None, tuple[str, str]]],
        ids: list[str],
    ) -> list[Job]:
        """Return the edges between rows of this table of which both are stored by then."""
        self._passed.update(ids)
        ready: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
        for id_ in ids:
            for flag, ends in ready.items():
                ends += self._later.pop((edge, flag, id_), ())
        further = []
        for other, end in named:
            if other is None or other in self._passed:
                ready[new].append(end)
            else:
                further.append((other, end))
        self._own_count[edge] += len([end for end in ready[True] if None not in end])
        there = set() if self.creates or not further else self._stored({id_ for id_, _ in further})
        for id_, end in further:
            (ready[new] if id_ in there else self._later[edge, new, id_]).append(end)
        return [
            job
            for flag, ends in ready.items()
            if ends
            for job in self._plain_edges(edge, ends, flag)
        ]

    def _stored(self, ids: set[str]) -> set[str]:
        statement = f"MATCH (n:{self._table.label})\nWHERE n.id IN $ids\nRETURN n.id AS id"
        return {row["id"] for row in self._ask(statement, ids=sorted(ids))}

    def _extra_labels(self, ids: list[str], rows: list[Row], new: bool) -> list[Names]:
        """Return labels of each row: its own, and of new ones those of the edges of this load."""
        found = self._own_labels(rows)
        label = self._table.label
        for (of, extra), named in self._bringing.ids_at_ends.items():
            if of == label and new:
                found = [
                    (*own, extra) if id_ in named and extra not in own else own
                    for id_, own in zip(ids, found, strict=True)
                ]
        for id_, extras in zip(ids, found, strict=True):
            for extra in extras:
                self._bringing.labelled[label, extra].add(id_)
        return found

    def _own_labels(self, rows: list[Row]) -> list[Names]:
        labels = self._table.labels
        if labels is None or labels.heading not in self._at:
            return [()] * len(rows)
        place = self._at[labels.heading]
        known = {
            values: tuple(label for value, label in labels.label_by_value if value in values)
            for values in {row[place] or () for row in rows}
        }
        return [known[row[place] or ()] for row in rows]

    def _unlabelled(self, ids: list[str], rows: list[Row]) -> Iterator[Job]:
        """Take away the labels that rows of stored nodes no longer name."""
        labels = self._table.labels
        if labels is None or labels.heading not in self._at:
            return
        named = self._own_labels(rows)
        for _, label in labels.label_by_value:
            given = self._bringing.ids_at_ends.get((self._table.label, label), ())
            unnamed = [
                {"id": id_}
                for id_, held in zip(ids, named, strict=True)
                if label not in held and id_ not in given
            ]
            if unnamed:
                yield unlabel_statement(self._table.label, label), unnamed


class EdgeWriter(Writer):
    """Rows that are edges, with the labels that standing at an end gives."""

    def __init__(self, store: Store | Transaction, reader: TableReader, bringing: Bringing) -> None:
        super().__init__(store, reader, bringing)
        ends = [each for each in self._table.references if each.heading in self._at]
        self._source, self._targets = ends[0], ends[1:]

    @property
    def creates(self) -> bool:
        """Return whether every row is new."""
        return all(self._is_fresh.values())

    def _created(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        jobs: list[Job] = []
        names = ("id", *self._names, ORIGIN)
        keys = ("source", "target", *names)
        pick = self._pick
        origins = self._origins(numbers)
        for target in self._targets:
            ends = picker([self._at[self._source.heading], self._at[target.heading]])
            edges = [
                dict(zip(keys, (*ends(row), id_, *pick(row), origin), strict=True))
                for id_, row, origin in zip(ids, rows, origins, strict=True)
            ]
            if len(self._targets) > 1:
                edges = [edge for edge in edges if edge["target"] is not None]
            if edges:
                of = edge_type(self._table.edge, target.label)
                jobs.append((new_edge_statement(of, names), edges))
        return jobs

    def _merged(self, numbers: list[int], ids: list[str], rows: list[Row]) -> list[Job]:
        jobs: list[Job] = []
        origins = self._origins(numbers)
        for target in self._targets:
            place = self._at[target.heading]
            stored = []
            for id_, row, origin in zip(ids, rows, origins, strict=True):
                if row[place] is None:
                    continue
                props = dict(zip(self._names, self._pick(row), strict=True))
                if self._bringing.load:
                    props[ORIGIN] = origin
                source = row[self._at[self._source.heading]]
                stored.append({"id": id_, "source": source, "target": row[place], "props": props})
            jobs += edge_jobs(edge_type(self._table.edge, target.label), stored, identified=True)
        return jobs

    def _before_rows(self, rows: list[Row]) -> list[Job]:
        """Return the labels of the ends: where an edge stands, its ends have theirs."""
        wanted: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for end in (self._source, *self._targets):
            if not end.adds:
                continue
            place = self._at[end.heading]
            labelled = self._bringing.labelled[end.label, end.adds]
            new = sorted({row[place] for row in rows} - labelled)
            labelled.update(new)
            wanted[end.label][end.adds] += new
        jobs = []
        for label, ids_by_extra in wanted.items():
            jobs += self._labels(label, ids_by_extra)
        return jobs

    def _labels(self, label: str, ids_by_extra: dict[str, list[str]]) -> list[Job]:
        of = table_of_label(label)
        assert of.labels is not None
        heading, jobs = of.labels.heading, []
        added: dict[str, set[str]] = defaultdict(set)
        for extra, ids in ids_by_extra.items():
            lacking = self._ask(
                f"MATCH (n:{label})\nWHERE n.id IN $ids AND NOT n:{extra}\n"
                "RETURN n.id AS id\nORDER BY id",
                ids=ids,
            )
            if lacking:
                jobs.append((label_statement(label, extra), lacking))
            for row in lacking:
                added[row["id"]].add(extra)
        changed = []
        stored = current_rows(self._ask, of, sorted(added)) if added and self._bringing.load else {}
        for id_, before in stored.items():
            held = {*before.values.get(heading, ())}
            roles = [
                value
                for value, each in of.labels.label_by_value
                if value in held or each in added[id_]
            ]
            changed.append((id_, before, {**before.values, heading: roles}))
        return [*(self._kept(of, changed) if changed else ()), *jobs]


def _chosen(batch: Prepared, places: list[int]) -> tuple[list[int], list[str], list[Row]]:
    return (
        [batch.numbers[at] for at in places],
        [batch.ids[at] for at in places],
        [batch.rows[at] for at in places],
    )
