"""Check a data set, and store it: the whole of it or nothing.

Nodes are stored before the edges between them, in batches, by statements that may be run again:
loading twice changes nothing, and a load that was killed is completed by the next one. What the
data set leaves out stays as it was; a column that is there and empty takes the value away.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import InputError, Problem, StoreError
from graph.names import search_fields
from graph.schema import EDGE_TABLES, LABELS, PROGRAMME, TABLES, EdgeType
from graph.store import Row as StoredRow
from graph.store import Store, Transaction
from graph.upsert import (
    BATCH,
    add_label,
    edge_type,
    node_statement,
    run_batch,
    upsert_edges,
    upsert_nodes,
)
from loaders.checks import Checks
from loaders.problems import LANGUAGE, Findings, word
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet, open_data_set
from loaders.rows import Row, TableReader, picker

Progress = Callable[[str, int, int], None]  # table, rows done, rows in all
Labelled = dict[tuple[str, str], set[str]]  # (label, second label) -> ids that this load gave it


@dataclass(frozen=True)
class LoadReport:
    """What a load stored, by table, and what it left out."""

    loaded: dict[str, int]
    skipped: int = 0
    problems: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the JSON of `flask load`."""
        return {
            "loaded": self.loaded,
            "skipped": self.skipped,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def check(
    path: str | Path, store: Store | None = None, *, language: str = LANGUAGE
) -> list[Problem]:
    """Find every problem of a data set, changing nothing; a store adds the ids that it knows."""
    findings = Findings(language)
    with _rare_collections(), open_data_set(Path(path), findings) as data_set:
        Checks(data_set, findings, store).run()
    return findings.problems()


def load(
    store: Store,
    path: str | Path,
    *,
    skip_bad: bool = False,
    on_progress: Progress | None = None,
    language: str = LANGUAGE,
) -> LoadReport:
    """Check a data set and store it; raise InputError with the problems when it has errors.

    With `skip_bad` the wrong rows, and rows that name one, are left out and counted instead.
    """
    findings = Findings(language)
    with _rare_collections(), open_data_set(Path(path), findings) as data_set:
        checks = Checks(data_set, findings, store)
        checks.run()
        problems = tuple(findings.problems())
        if findings.error_count and not skip_bad:
            raise InputError(
                word("refused", language, name=data_set.name, count=findings.error_count),
                word("refused-hint", language),
                problems,
            )
        _Load(store, data_set, checks, on_progress).run()
    loaded = {
        table.name: checks.row_count.get(table.name, 0) - len(checks.bad_rows[table.name])
        for table in TABLES
    }
    return LoadReport(loaded, checks.skipped, problems)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage less often: rows make many objects and no cycles, and checking halves."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def store_rows(store: Store | Transaction, reader: TableReader, rows: list[Row]) -> None:
    """Store checked rows of one table, as a load does; what they name is stored already."""
    write = _NodeWriter if reader.table.label else _EdgeWriter
    writer = write(store, reader, defaultdict(set))
    writer.write(rows)
    writer.finish()


class _Load:
    """One load of a checked data set."""

    def __init__(
        self, store: Store, data_set: DataSet, checks: Checks, on_progress: Progress | None
    ) -> None:
        self._store = store
        self._data_set = data_set
        self._checks = checks
        self._on_progress = on_progress
        self._labelled: Labelled = defaultdict(set)

    def run(self) -> None:
        self._store_texts()
        tables = self._data_set.tables.values()
        for raw in sorted(tables, key=lambda each: not each.table.label):  # nodes, then edges
            self._store_table(TableReader(raw, Findings(), self._checks.programme))
        self._confirm_keys()
        self._store.checkpoint()

    def _store_texts(self) -> None:
        """Store the texts of programme.yaml and rules.yaml as they are."""
        texts, programme = self._checks.texts, self._checks.programme
        props: dict[str, Any] = {}
        id_ = programme.id
        if PROGRAMME_FILE in texts:
            props = {"name": programme.name.zh or programme.id, "rules": texts[PROGRAMME_FILE]}
        elif RULES_FILE in texts:  # they belong to the programme that is stored
            stored = self._store.read(
                f"MATCH (p:{PROGRAMME})\nRETURN p.id AS id\nORDER BY id\nLIMIT 1"
            )
            id_, props = (stored[0]["id"], {}) if stored else (id_, {"name": id_})
        if RULES_FILE in texts:
            props["appointment_rules"] = texts[RULES_FILE]
        if props:
            upsert_nodes(self._store, PROGRAMME, [{"id": id_, "props": props}])

    def _store_table(self, reader: TableReader) -> None:
        table = reader.table
        if not reader.is_usable or not reader.at:  # left out, or without a single cell
            return
        bad = self._checks.bad_rows[table.name]
        total = self._checks.row_count[table.name] - len(bad)
        write = _NodeWriter if table.label else _EdgeWriter
        writer = write(self._store, reader, self._labelled)
        done = 0
        for batch in reader.batches(leave_out=bad):
            writer.write(batch.rows)
            done += len(batch.rows)
            if self._on_progress:
                self._on_progress(table.name, done, total)
        writer.finish()

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


class _Writer:
    """Stores the rows of one table, batch by batch."""

    def __init__(self, store: Store | Transaction, reader: TableReader, labelled: Labelled) -> None:
        self._store = store
        self._ask = store.run if isinstance(store, Transaction) else store.read
        self._table = reader.table
        self._reader = reader
        self._at = reader.at
        stored = [
            column
            for column in reader.table.properties
            if column.heading in reader.at and column.name != "id"
        ]
        self._names = [column.name for column in stored]
        self._pick = picker([reader.at[column.heading] for column in stored])
        self._labelled = labelled
        self._is_fresh: dict[EdgeType, bool] = {}

    def props(self, row: Row) -> StoredRow:
        return dict(zip(self._names, self._pick(row), strict=True))

    def edges(self, edge: EdgeType, rows: list[StoredRow], identified: bool) -> None:
        if edge not in self._is_fresh:  # asked once, before the first row of this load
            self._is_fresh[edge] = not self._ask(
                f"MATCH (:{edge.source})-[e:{edge.type}]->(:{edge.target})\n"
                "RETURN 1 AS one\nLIMIT 1"
            )
        upsert_edges(self._store, edge, rows, identified, fresh=self._is_fresh[edge])

    def add_label(self, label: str, extra: str, ids: Iterable[str]) -> None:
        new = sorted(set(ids) - self._labelled[label, extra])
        self._labelled[label, extra].update(new)
        for begin in range(0, len(new), BATCH):
            add_label(self._store, label, extra, new[begin : begin + BATCH])


class _NodeWriter(_Writer):
    """Rows that are nodes, with the labels and the edges that their columns name."""

    def __init__(self, store: Store | Transaction, reader: TableReader, labelled: Labelled) -> None:
        super().__init__(store, reader, labelled)
        found = self._ask(f"MATCH (n:{self._table.label})\nRETURN 1 AS one\nLIMIT 1")
        self._is_first = not found
        self._later: dict[EdgeType, list[StoredRow]] = defaultdict(list)

    def write(self, rows: list[Row]) -> None:
        label = self._table.label
        ids = [self._reader.id(row) for row in rows]
        derive = _DERIVED.get(self._table.name)
        nodes_by_labels: dict[tuple[str, ...], list[StoredRow]] = defaultdict(list)
        for id_, row, extra in zip(ids, rows, self._extra_labels(rows), strict=True):
            props = self.props(row)
            if derive:
                props.update(derive(id_, props))
            nodes_by_labels[extra].append({"id": id_, "props": props})
        for extra, nodes in nodes_by_labels.items():
            # One statement stores nodes with their labels: finding them again costs a tenth more.
            labels = "".join(f"\nSET n:{each}" for each in extra)
            run_batch(self._store, node_statement(label) + labels, nodes)
            for each in extra:
                self._labelled[label, each].update(node["id"] for node in nodes)
        self._take_labels(ids, rows)
        for reference in self._table.references:
            place = self._at.get(reference.heading)
            if place is None:
                continue
            edge = edge_type(reference.edge)
            ends = ("target", "source") if reference.incoming else ("source", "target")
            edges = [
                {ends[0]: id_, ends[1]: row[place]} for id_, row in zip(ids, rows, strict=True)
            ]
            if reference.label == label:  # it may name a row that is stored later
                self._later[edge] += edges
            else:
                self.edges(edge, edges, identified=False)

    def finish(self) -> None:
        for edge, edges in self._later.items():
            for begin in range(0, len(edges), BATCH):
                self.edges(edge, edges[begin : begin + BATCH], identified=False)

    def _extra_labels(self, rows: list[Row]) -> list[tuple[str, ...]]:
        """Give the labels that each row's own column names."""
        labels = self._table.labels
        if labels is None or labels.heading not in self._at:
            return [()] * len(rows)
        place = self._at[labels.heading]
        known = {
            values: tuple(label for value, label in labels.label_by_value if value in values)
            for values in {row[place] or () for row in rows}
        }
        return [known[row[place] or ()] for row in rows]

    def _take_labels(self, ids: list[str], rows: list[Row]) -> None:
        """Take away the labels that rows of stored nodes no longer name."""
        labels = self._table.labels
        if self._is_first or labels is None or labels.heading not in self._at:
            return
        named = self._extra_labels(rows)
        for _, label in labels.label_by_value:
            unnamed = [
                {"id": id_} for id_, held in zip(ids, named, strict=True) if label not in held
            ]
            if unnamed:
                run_batch(self._store, _unlabel_statement(self._table.label, label), unnamed)


class _EdgeWriter(_Writer):
    """Rows that are edges, with the labels that standing at an end gives."""

    def __init__(self, store: Store | Transaction, reader: TableReader, labelled: Labelled) -> None:
        super().__init__(store, reader, labelled)
        ends = [each for each in self._table.references if each.heading in self._at]
        self._source, self._targets = ends[0], ends[1:]

    def write(self, rows: list[Row]) -> None:
        source = self._at[self._source.heading]
        for target in self._targets:
            place = self._at[target.heading]
            edges = [
                {
                    "id": self._reader.id(row),
                    "source": row[source],
                    "target": row[place],
                    "props": self.props(row),
                }
                for row in rows
                if row[place] is not None
            ]
            self.edges(edge_type(self._table.edge, target.label), edges, identified=True)
        for end in (self._source, *self._targets):
            if end.adds:
                place = self._at[end.heading]
                self.add_label(end.label, end.adds, {row[place] for row in rows})

    def finish(self) -> None:
        """Do nothing more: every edge is stored with its batch."""


# Properties that are made from others, by table.
_DERIVED: dict[str, Callable[[str, StoredRow], StoredRow]] = {
    "people": lambda id_, props: search_fields(id_, props["name"]),
    "records": lambda _, props: {"name": props["kind"]},
}


def _unlabel_statement(label: str, extra: str) -> str:
    """Take a label from nodes whose rows do not give it, unless an edge does."""
    ends = [
        (table.edge, at)
        for table in EDGE_TABLES
        for at, reference in enumerate(table.references)
        if reference.adds == extra
    ]
    conditions = [f"n:{extra}"]
    for type_, at in ends:
        pattern = f"(n)-[:{type_}]->()" if at == 0 else f"(n)<-[:{type_}]-()"
        conditions.append(f"NOT EXISTS {{ {pattern} }}")
    return (
        f"UNWIND $rows AS row\nMATCH (n:{label} {{id: row.id}})\n"
        f"WHERE {' AND '.join(conditions)}\nREMOVE n:{extra}"
    )
