"""The stored graph as rows, page by page along their ids, so that no export holds it whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from graph.schema import PROGRAMME, Labels, Property, Reference, Table
from graph.store import Reader, Row, Store
from graph.upsert import edge_type
from loaders.readers import PROGRAMME_FILE, RULES_FILE

PAGE = 50_000

_read: ContextVar[Callable[[int], None]] = ContextVar("_read", default=lambda rows: None)


@contextmanager
def counting(on_progress: Callable[[int], None]) -> Iterator[None]:
    """Tell how many rows were read so far by whatever is written in the block."""
    read = 0

    def add(rows: int) -> None:
        nonlocal read
        read += rows
        on_progress(read)

    token = _read.set(add)
    try:
        yield
    finally:
        _read.reset(token)


def stored_rows(store: Store, table: Table, withdrawn: bool = False) -> Iterator[Row]:
    """Yield the rows of a table of the data set from the graph, ordered by id.

    Withdrawn rows are left out, or there with what says so in the columns of `table.kept`.
    """
    if table.label:
        yield from _labelled(store, table, withdrawn)
        return
    ends = [each for each in table.references if not each.edge]
    for target in ends[1:]:
        for row in paged(store, _edge_query(table, ends[0], target)):
            if not table.has_id_column:
                del row["id"]
            yield row


def stored_edges(store: Store, table: Table, reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield the ids of row and other node for each edge that a column of a node table makes."""
    one, other = ("<-", "-") if reference.incoming else ("-", "->")
    query = (
        f"MATCH (n:{table.label}){one}[:{reference.edge}]{other}(m:{reference.label})\n"
        f"WHERE n.id > $last{_kept(table)}\n"
        "RETURN n.id AS id, m.id AS other\nORDER BY id\nLIMIT $limit"
    )
    for row in paged(store, query):
        yield row["id"], row["other"]


def has_withdrawn(store: Store, table: Table) -> bool:
    """Return whether a row of the table is withdrawn, so that its file needs the columns for it."""
    return table.has_withdrawn_rows and bool(
        store.read(
            f"MATCH (n:{table.label})\nWHERE n.withdrawn_on IS NOT NULL\n"
            "RETURN n.id AS id\nORDER BY id\nLIMIT 1"
        )
    )


def stored_texts(store: Reader) -> dict[str, str]:
    """Return the texts of programme.yaml and rules.yaml that were loaded."""
    rows = store.read(
        f"MATCH (p:{PROGRAMME})\n"
        "RETURN p.id AS id, p.rules AS rules, p.appointment_rules AS appointment_rules\n"
        "ORDER BY id\nLIMIT 1"
    )
    texts = {
        PROGRAMME_FILE: rows[0]["rules"] if rows else None,
        RULES_FILE: rows[0]["appointment_rules"] if rows else None,
    }
    return {name: text for name, text in texts.items() if text}


def paged(store: Store, query: str) -> Iterator[Row]:
    """Yield the rows of a query of `$last` and `$limit`, which orders them by `id`."""
    last = ""
    while True:
        page = store.read(query, last=last, limit=PAGE)
        _read.get()(len(page))
        for row in page:
            last = row["id"]
            yield row
        if len(page) < PAGE:
            return


def text(value: Any) -> str:
    """Return a value as the text of one cell."""
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, list) else str(value)


@contextmanager
def complete(path: Path) -> Iterator[Path]:
    """Return a name to write to; the file gets its own name only when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _labelled(store: Store, table: Table, withdrawn: bool) -> Iterator[Row]:
    labels = table.labels
    for row in paged(store, _node_query(table, withdrawn)):
        if labels:
            held = row[labels.heading]
            row[labels.heading] = [value for value, label in labels.label_by_value if label in held]
        yield row


def _kept(table: Table) -> str:
    return " AND n.withdrawn_on IS NULL" if table.has_withdrawn_rows else ""


def _node_query(table: Table, withdrawn: bool) -> str:
    columns, matches = [], []
    for column in table.file_columns if withdrawn else table.columns:
        if isinstance(column, Property):
            columns.append(f"n.{column.name} AS {column.heading}")
        elif isinstance(column, Labels):
            columns.append(f"labels(n) AS {column.heading}")
        else:
            one, other = ("<-", "-") if column.incoming else ("-", "->")
            node = f"(r_{column.heading}:{column.label})"
            matches.append(f"OPTIONAL MATCH (n){one}[:{column.edge}]{other}{node}\n")
            columns.append(f"r_{column.heading}.id AS {column.heading}")
    kept = "" if withdrawn else _kept(table)
    return (
        f"MATCH (n:{table.label})\nWHERE n.id > $last{kept}\nWITH n\nORDER BY n.id\nLIMIT $limit\n"
        f"{''.join(matches)}RETURN {', '.join(columns)}\nORDER BY id"
    )


def _edge_query(table: Table, source: Reference, target: Reference) -> str:
    edge = edge_type(table.edge, target.label)
    columns = ["e.id AS id"]
    for column in table.columns:
        if column is source:
            columns.append(f"a.id AS {column.heading}")
        elif column is target:
            columns.append(f"b.id AS {column.heading}")
        elif isinstance(column, Property) and column.name != "id":
            columns.append(f"e.{column.name} AS {column.heading}")
    return (
        f"MATCH (a:{edge.source})-[e:{edge.type}]->(b:{edge.target})\nWHERE e.id > $last\n"
        f"RETURN {', '.join(columns)}\nORDER BY id\nLIMIT $limit"
    )
