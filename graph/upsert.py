"""The Cypher that stores rows, made from the schema: nodes by `id`, edges by `id` or by their ends.

Every statement takes `$rows`, a list of maps. Most can be run again without changing anything: a
node row is `{id, props}`; an edge row `{id, source, target, props}`; a label row `{id}`. The
`new_*` statements take flat maps, are several times faster, and store what is not there yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.schema import EDGE_TABLES, EDGE_TYPES, EXTRA_LABELS, LABELS, ORIGIN, EdgeType, Property
from graph.store import Row, Store, Transaction
from graph.touched import MOST, NOTHING, Mark, of_rows

BATCH = 10_000


class Statement(str):
    """Cypher of `$rows` that tells what the rows are: nodes of a label, or edges of a type."""

    what: str | EdgeType

    def __new__(cls, text: str, what: str | EdgeType) -> Statement:
        """Make it of its text."""
        made = super().__new__(cls, text)
        made.what = what
        return made


def node_statement(label: str, extra: Sequence[str] = ()) -> Statement:
    """Store nodes of a first label, with further ones; a property given as null is taken away."""
    also = "".join(f"\nSET n:{_known(each, EXTRA_LABELS)}" for each in extra)
    known = _known(label, LABELS)
    text = f"UNWIND $rows AS row\nMERGE (n:{known} {{id: row.id}})\nSET n += row.props{also}"
    return Statement(text, label)


def new_node_statement(label: str, extra: tuple[str, ...], names: Sequence[str]) -> Statement:
    """Store new nodes with further labels; a row holds the id and the named properties."""
    labels = "".join(f":{_known(each, EXTRA_LABELS)}" for each in extra)
    props = ", ".join(f"{name}: row.{name}" for name in names)
    text = f"UNWIND $rows AS row\nCREATE (:{_known(label, LABELS)}{labels} {{{props}}})"
    return Statement(text, label)


def new_edge_statement(edge: EdgeType, names: Sequence[str]) -> Statement:
    """Store new edges; a row holds `source`, `target` and the named properties."""
    props = ", ".join(f"{name}: row.{name}" for name in names)
    text = (
        f"UNWIND $rows AS row\n"
        f"MATCH (a:{edge.source} {{id: row.source}}), (b:{edge.target} {{id: row.target}})\n"
        f"CREATE (a)-[:{edge.type}{f' {{{props}}}' if props else ''}]->(b)"
    )
    return Statement(text, edge)


def declare(store: Store | Transaction, label: str, properties: tuple[Property, ...]) -> None:
    """Let the engine know a label's properties before the first node that is created with them.

    The embedded engine refuses an unknown one in CREATE. Nothing stays of the node that tells it.
    """
    samples = {"text": "", "date": "", "integer": 0, "number": 0.5, "list": [""]}
    props = {each.name: samples[each.type] for each in properties if each.name != "id"}
    statement = (
        f"MERGE (n:{_known(label, LABELS)} {{id: $id}})\nSET n += $props\nWITH n\nDETACH DELETE n"
    )
    values = {
        "id": "\x1f",
        "props": {"name": "", ORIGIN: "", **props},
    }  # no row may have such an id
    if isinstance(store, Transaction):
        store.run(statement, NOTHING, **values)
    else:
        store.write(statement, NOTHING, **values)


def label_statement(label: str, extra: str) -> Statement:
    """Add a second label to nodes that are stored."""
    text = (
        f"UNWIND $rows AS row\nMATCH (n:{_known(label, LABELS)} {{id: row.id}})\n"
        f"SET n:{_known(extra, EXTRA_LABELS)}"
    )
    return Statement(text, label)


def unlabel_statement(label: str, extra: str) -> Statement:
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
    text = (
        f"UNWIND $rows AS row\nMATCH (n:{_known(label, LABELS)} {{id: row.id}})\n"
        f"WHERE {' AND '.join(conditions)}\nREMOVE n:{extra}"
    )
    return Statement(text, label)


def edge_statement(edge: EdgeType, identified: bool) -> Statement:
    """Store edges between stored nodes, by their `id` when they are `identified`."""
    key = " {id: row.id}" if identified else ""
    props = "\nSET e += row.props" if identified else ""
    text = (
        f"UNWIND $rows AS row\n"
        f"MATCH (a:{edge.source} {{id: row.source}})\n"
        f"MATCH (b:{edge.target} {{id: row.target}})\n"
        f"MERGE (a)-[e:{edge.type}{key}]->(b){props}"
    )
    return Statement(text, edge)


def moved_edge_statement(edge: EdgeType, identified: bool) -> Statement:
    """Take away stored edges that the rows give other ends, so that none is there twice."""
    if identified:
        text = (
            f"UNWIND $rows AS row\n"
            f"MATCH (a)-[e:{edge.type} {{id: row.id}}]->(b)\n"
            f"WHERE a.id <> row.source OR b.id <> row.target\n"
            f"DELETE e"
        )
        return Statement(text, edge)
    one, other = ("source", "b") if edge.functional == "source" else ("target", "a")
    ends = (
        (f"(a:{edge.source} {{id: row.source}})", "(b)")
        if one == "source"
        else ("(a)", f"(b:{edge.target} {{id: row.target}})")
    )
    kept = "target" if one == "source" else "source"
    text = (
        f"UNWIND $rows AS row\n"
        f"MATCH {ends[0]}-[e:{edge.type}]->{ends[1]}\n"
        f"WHERE row.{kept} IS NULL OR {other}.id <> row.{kept}\n"
        f"DELETE e"
    )
    return Statement(text, edge)


def edge_type(type_: str, target: str | None = None) -> EdgeType:
    """Find a declared edge type, by its target too where the type has several."""
    return next(edge for edge in EDGE_TYPES if edge.type == type_ and target in (None, edge.target))


def upsert_nodes(store: Store | Transaction, label: str, rows: list[Row]) -> None:
    """Store one batch of `{id, props}` rows as nodes."""
    if rows:
        run_batch(store, node_statement(label), rows)


def add_label(store: Store | Transaction, label: str, extra: str, ids: list[str]) -> None:
    """Give a second label to one batch of stored nodes."""
    if ids:
        run_batch(store, label_statement(label, extra), [{"id": id_} for id_ in ids])


def upsert_edges(
    store: Store | Transaction,
    edge: EdgeType,
    rows: list[Row],
    identified: bool = True,
    fresh: bool = False,
) -> None:
    """Store one batch of edge rows; `fresh` says that no edge of the type is stored yet.

    Without `identified` the edge is known by its ends; a row whose `target` (or `source`, where
    that end may have many) is null only takes the old edge away.
    """
    for statement, batch in edge_jobs(edge, rows, identified, fresh):
        run_batch(store, statement, batch)


def edge_jobs(
    edge: EdgeType, rows: list[Row], identified: bool = True, fresh: bool = False
) -> list[tuple[str, list[Row]]]:
    """Return the statements of `upsert_edges`, each with its rows."""
    jobs: list[tuple[str, list[Row]]] = []
    if rows and not fresh and (identified or edge.functional):
        jobs.append((moved_edge_statement(edge, identified), rows))
    kept = [row for row in rows if row["source"] is not None and row["target"] is not None]
    if kept:
        jobs.append((edge_statement(edge, identified), kept))
    return jobs


def run_batch(store: Store | Transaction, statement: str, rows: list[Row]) -> None:
    """Run one statement of `$rows`, in a transaction or as one of its own."""
    run = store.run if isinstance(store, Transaction) else store.write
    run(statement, _touched([(statement, rows)]), rows=rows)


def _touched(jobs: Sequence[tuple[str, list[Row]]]) -> list[Mark] | None:
    """Return what statements of rows touch; None for very many rows, and for one that is bare."""
    if sum(len(rows) for _, rows in jobs) > MOST:
        return None
    found: list[Mark] = []
    for statement, rows in jobs:
        if not isinstance(statement, Statement):
            return None
        found += of_rows(statement.what, rows)
    return found


def run_together(store: Store | Transaction, jobs: Sequence[tuple[str, list[Row]]]) -> None:
    """Run statements of `$rows` as one, so that all of them are stored or none.

    One statement and not a transaction: for that the embedded engine would copy the graph.
    """
    if not jobs:
        return
    parts = [statement.replace("$rows", f"$rows{at}") for at, (statement, _) in enumerate(jobs)]
    rows = {f"rows{at}": rows for at, (_, rows) in enumerate(jobs)}
    run = store.run if isinstance(store, Transaction) else store.write
    run("\nWITH count(*) AS done\n".join(parts), _touched(jobs), **rows)


def _known(label: str, labels: tuple[str, ...]) -> str:
    if label not in labels:  # labels cannot be Cypher parameters, so only declared ones get in
        raise ValueError(f"{label!r} is not a declared label")
    return label
