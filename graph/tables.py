"""The rows of a table of the schema as they are stored: the one place that says how to find them.

A row is a node, with edges to the nodes that it refers to, or an edge between two nodes. Every
statement gives `id` and each column under its heading; `HEADING_name` is the name of the node that
a reference names, where one asks for names. What stores rows is in `graph.upsert`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from graph.schema import EDGE_TABLES, ORIGIN, Column, EdgeType, Labels, Property, Reference, Table
from graph.store import Reader, Row

PAGE = 50_000  # rows
_NODES_AT_ONCE = 10_000
_IDS_AT_ONCE = 200_000

# By what rows are found, where not by a heading: the id of a node that a reference names (`$id`).
ID, IDS = "$id", "$ids"
AFTER = "$last"  # page by page in order of ids: `$limit` rows after an id
PLACE = "$skip"  # page by page as a table is shown: `$limit` rows from a place on


def pattern(of: Table, key: str = "") -> str:
    """Return the pattern of the rows of a table; `key` says in Cypher which id a row has.

    >>> from graph.schema import table
    >>> pattern(table("mentoring"), "$id")
    '()-[n:MENTORS {id: $id}]->()'
    """
    chosen = f" {{id: {key}}}" if key else ""
    return f"(n:{of.label}{chosen})" if of.label else f"()-[n:{of.edge}{chosen}]->()"


def way(reference: Reference) -> str:
    """Return the pattern of the edge that a column of a node table makes.

    >>> from graph.schema import table
    >>> way(table("posts").references[0])
    '-[:IN]->'
    """
    left, right = ("<-", "-") if reference.incoming else ("-", "->")
    return f"{left}[:{reference.edge}]{right}"


def statement(
    of: Table,
    by: str,
    columns: Sequence[Column] | None = None,
    *,
    names: bool = False,
    origin: bool = False,
    withdrawn: bool = False,
    target: Reference | None = None,
) -> str:
    """Write the Cypher that gives rows of a table: `by` what they are found, and what of them.

    `origin` gives where rows are from as well, and `given_LABEL`: whether an edge gives a label.
    `withdrawn` gives withdrawn rows too. `target` gives the edges to one label alone.

    >>> from graph.schema import table
    >>> print(statement(table("units"), IDS).splitlines()[0])
    MATCH (n:Unit)
    """
    find = _find_nodes if of.label else _find_edges
    lines, order = find(of, by, withdrawn, target)
    returned = ["n.id AS id", *([f"n.{ORIGIN} AS {ORIGIN}"] if origin else [])]
    for column in columns or of.columns:
        if isinstance(column, Property):
            returned += [f"n.{column.name} AS `{column.heading}`"] if column.heading != "id" else []
        elif isinstance(column, Labels):
            returned.append(f"labels(n) AS `{column.heading}`")
            if origin:
                returned += [
                    f"{_gives(label)} AS given_{label}" for _, label in column.label_by_value
                ]
        elif target is None or column in (of.references[0], target):
            told = _end(of, column, is_open=target is None)
            returned.append(f"{told.format('id')} AS `{column.heading}`")
            if names:
                returned.append(f"{told.format('name')} AS `{column.heading}_name`")
    return "\n".join([*lines, "RETURN " + ",\n  ".join(returned), f"ORDER BY {order}"])


def _find_nodes(of: Table, by: str, withdrawn: bool, _: Reference | None) -> tuple[list[str], str]:
    wanted = ["n.withdrawn_on IS NULL"] if of.has_withdrawn_rows and not withdrawn else []
    first = f"MATCH {pattern(of, ID if by == ID else '')}"
    page: list[str] = []
    if by == IDS:
        wanted = ["n.id IN $ids", *wanted]
    elif by == AFTER:
        wanted = ["n.id > $last", *wanted]
        page = ["WITH n", "ORDER BY n.id", "LIMIT $limit"]
    elif by == PLACE:
        page = ["WITH n", "ORDER BY n.id", "SKIP $skip", "LIMIT $limit"]
    elif by != ID:  # what the rows are chosen by comes first, so that its index is used
        chosen = of.column(by)
        assert isinstance(chosen, Reference)
        first = f"MATCH (n:{of.label}){way(chosen)}({_node(of, chosen)}:{chosen.label} {{id: $id}})"
    others = [
        f"OPTIONAL MATCH (n){way(each)}({_node(of, each)}:{each.label})"
        for each in of.references
        if each.heading != by
    ]
    return [first, *_where(wanted), *page, *others], "id"


def _find_edges(of: Table, by: str, _: bool, target: Reference | None) -> tuple[list[str], str]:
    source, *targets = of.references
    chosen = next((each for each in of.references if each.heading == by), None)
    if chosen in targets:
        target = chosen
    a, edge, b = f"a:{source.label}", f"n:{of.edge}", "b"
    if target or len(targets) == 1:
        b = f"b:{(target or targets[0]).label}"
    if by == IDS:
        return [f"UNWIND $ids AS of\nMATCH (a)-[{edge} {{id: of}}]->(b)"], "id"
    if by == PLACE:
        place = "ORDER BY a.id, b.id, n.id"
        first = f"MATCH (a)-[{edge}]->(b)"
        return [first, "WITH n, a, b", place, "SKIP $skip", "LIMIT $limit"], "a.id, b.id, n.id"
    if by == ID:
        edge += " {id: $id}"
    elif chosen is source:
        a += " {id: $id}"
    elif chosen is not None:
        b += " {id: $id}"
    first = f"MATCH ({a})-[{edge}]->({b})"
    if by == AFTER:
        return [first, "WHERE n.id > $last"], "id\nLIMIT $limit"
    return [first], "id"


def _where(wanted: list[str]) -> list[str]:
    return [f"WHERE {' AND '.join(wanted)}"] if wanted else []


def _node(of: Table, reference: Reference) -> str:
    """Return the name of the node that a column names, in a statement."""
    if not of.label:
        return "a" if reference is of.references[0] else "b"
    return f"r{of.references.index(reference)}"


def _end(of: Table, reference: Reference, is_open: bool) -> str:
    node = _node(of, reference)
    if node == "b" and is_open and len(of.references) > 2:  # one column for each label
        return f"CASE WHEN '{reference.label}' IN labels(b) THEN b.{{}} END"
    return node + ".{}"


def _gives(label: str) -> str:
    """Return in Cypher whether an edge gives a node a label."""
    patterns = [
        f"EXISTS {{ (n)-[:{of.edge}]->() }}" if at == 0 else f"EXISTS {{ (n)<-[:{of.edge}]-() }}"
        for of in EDGE_TABLES
        for at, reference in enumerate(of.references)
        if reference.adds == label
    ]
    return f"({' OR '.join(patterns)})" if patterns else "false"


# --- what is read

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


def filled(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    """Return the cells of a row by heading, those left out that are empty.

    A cell of labels has the values that stand for them.
    """
    return given(columns, {column.heading: cell(column, row) for column in columns})


def given(columns: Iterable[Column], cells: Mapping[str, Any]) -> dict[str, Any]:
    """Leave empty cells out and make plain lists, so that a row read and a row typed are equal."""
    return {
        column.heading: list(value) if isinstance(value, list | tuple) else value
        for column in columns
        if (value := cells.get(column.heading)) not in (None, "", [], ())
    }


def number_text(value: float) -> str:
    """Return a number as it is written, without decimals that say nothing.

    >>> number_text(1500.0), number_text(7.5), number_text(1234567.89)
    ('1500', '7.5', '1234567.89')
    """
    return repr(value).removesuffix(".0")


def cell(column: Column, row: Row) -> Any:
    """Return what a row that was read has in a column."""
    value = row.get(column.heading)
    if isinstance(column, Labels):
        return [each for each, label in column.label_by_value if label in (value or ())]
    return value


def stored_rows(store: Reader, of: Table, withdrawn: bool = False) -> Iterator[Row]:
    """Yield the rows of a table, ordered by id, page by page, so that nobody holds it whole.

    Withdrawn rows are left out, or there with what says so in the columns of `of.kept`.
    """
    columns = of.file_columns if of.label and withdrawn else of.columns
    for target in (None,) if of.label else of.references[1:]:
        text = statement(of, AFTER, columns, withdrawn=withdrawn, target=target)
        for row in paged(store, text):
            if of.labels:
                row[of.labels.heading] = cell(of.labels, row)
            if not of.has_id_column:
                del row["id"]
            yield row


def stored_edges(store: Reader, of: Table, reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield the ids of row and other node for each edge that a column of a node table makes."""
    kept = ["n.id > $last", *(["n.withdrawn_on IS NULL"] if of.has_withdrawn_rows else [])]
    text = (
        f"MATCH (n:{of.label}){way(reference)}(m:{reference.label})\n{_where(kept)[0]}\n"
        "RETURN n.id AS id, m.id AS other\nORDER BY id\nLIMIT $limit"
    )
    for row in paged(store, text):
        yield row["id"], row["other"]


def has_withdrawn(store: Reader, of: Table) -> bool:
    """Return whether a row of the table is withdrawn, so that its file needs the columns for it."""
    return of.has_withdrawn_rows and bool(
        store.read(
            f"MATCH {pattern(of)}\nWHERE n.withdrawn_on IS NOT NULL\n"
            "RETURN n.id AS id\nORDER BY id\nLIMIT 1"
        )
    )


def paged(store: Reader, query: str) -> Iterator[Row]:
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


def of_nodes(store: Reader, label: str, query: str) -> Iterator[Row]:
    """Yield the rows of a query about `n`, asked of some nodes of a label at a time.

    Looking nodes up by their ids keeps memory to what these nodes have: to sort all that is stored
    for each page would hold all of it, many times over.
    """
    page = f"MATCH (n:{label})\nWHERE n.id > $last\nRETURN n.id AS id\nORDER BY id\nLIMIT $limit"
    last = ""
    while ids := [row["id"] for row in store.read(page, last=last, limit=_IDS_AT_ONCE)]:
        last = ids[-1]
        for begin in range(0, len(ids), _NODES_AT_ONCE):
            some = ids[begin : begin + _NODES_AT_ONCE]
            yield from store.read(
                f"UNWIND $ids AS of\nMATCH (n:{label} {{id: of}})\n{query}", ids=some
            )


def last_id(store: Reader, of: Table) -> str:
    """Return the id that comes last in order; empty where nothing is stored."""
    text = f"MATCH {pattern(of)}\nRETURN n.id AS id\nORDER BY id DESC\nLIMIT 1"
    rows = store.read(text)
    return rows[0]["id"] if rows else ""


def count_rows(store: Reader, of: Table) -> int:
    """Count the stored rows of a table."""
    (row,) = store.read(f"MATCH {pattern(of)}\nRETURN count(n) AS count")
    found: int = row["count"]
    return found


def count_edges(store: Reader, edge: EdgeType) -> int:
    """Count the stored edges of a type between two labels."""
    text = f"MATCH (:{edge.source})-[e:{edge.type}]->(:{edge.target})\nRETURN count(e) AS count"
    found: int = store.read(text)[0]["count"]
    return found


def has_rows(store: Reader, of: Table) -> bool:
    """Return whether any row of a table is stored."""
    return bool(store.read(f"MATCH {pattern(of)}\nRETURN 1 AS one\nLIMIT 1"))


def has_edges(store: Reader, edge: EdgeType) -> bool:
    """Return whether any edge of a type between two labels is stored."""
    text = f"MATCH (:{edge.source})-[e:{edge.type}]->(:{edge.target})\nRETURN 1 AS one\nLIMIT 1"
    return bool(store.read(text))
