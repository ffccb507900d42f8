"""A folder for `neo4j-admin database import full`: the fastest way into an empty Neo4j database.

Every node and edge as it is stored, with the history and what else is kept, in header and data
files, the command, and a README. Cells are not guarded against formulas here: the database takes
them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.schema import EDGE_TYPES, LABELS, NODE_TABLES, ORIGIN, EdgeType, table
from graph.store import Row, Store
from graph.tables import of_nodes
from loaders.export.rows import complete, text

_TYPES = {
    "text": "string",
    "date": "string",
    "integer": "long",
    "number": "double",
    "list": "string[]",
}
_OF_PYTHON = {bool: "boolean", int: "long", float: "double", list: "string[]"}

_OF_ENGINE = ("title", "type")  # the embedded engine's own names of a node's name and label

_README = """\
# A network for Neo4j

Nodes and relationships as neo4j-admin imports them (Neo4j 5). The database must be empty or may be
replaced; it must not be running. In this folder:

    sh import.sh

Give the name of the database if it is not `neo4j`: `sh import.sh mydata`. Afterwards start the
server and set STORE_URL of the application to it: indexes and constraints are made when it opens.

| file | rows |
| --- | --- |
{rows}
Each file of data has its columns in the `-header.csv` beside it. Cells stand as they are stored: in
a spreadsheet one that begins with `=` would be taken for a formula.
"""


def write_admin(store: Store, folder: Path) -> dict[str, int]:
    """Write the folder; count its nodes and relationships."""
    counts: dict[str, int] = {}
    arguments = []
    for label in LABELS:
        count = _write_nodes(store, folder, label)
        if count:
            counts[label] = count
            arguments.append(f"--nodes={label}-header.csv,{label}.csv")
    nodes = sum(counts.values())
    for edge in EDGE_TYPES:
        name = f"{edge.type}-{edge.source}-{edge.target}"
        count = _write_edges(store, folder, edge, name)
        if count:
            counts[name] = count
            arguments.append(f"--relationships={edge.type}={name}-header.csv,{name}.csv")
    lines = [
        "#!/bin/sh",
        "# Replaces the database (neo4j, or the one named) by the network of this folder.",
        'cd "$(dirname "$0")" && exec neo4j-admin database import full "${1:-neo4j}" \\',
        "    --overwrite-destination --multiline-fields=true \\",
        " \\\n".join(f"    {argument}" for argument in arguments),
    ]
    _write_text(folder / "import.sh", "\n".join(lines) + "\n")
    rows = "".join(f"| `{name}.csv` | {count} |\n" for name, count in counts.items())
    _write_text(folder / "README.md", _README.format(rows=rows))
    return {"nodes": nodes, "edges": sum(counts.values()) - nodes}


def _write_nodes(store: Store, folder: Path, label: str) -> int:
    types = _types(store, label)
    names = list(types)
    properties = "".join(f", n.`{name}` AS `{name}`" for name in names)
    query = f"RETURN n.id AS id, labels(n) AS labels{properties}\nORDER BY id"
    header = [f"id:ID({label})", ":LABEL", *(f"{name}:{type_}" for name, type_ in types.items())]
    rows = (
        [row["id"], sorted(row["labels"]), *(row[name] for name in names)]
        for row in of_nodes(store, label, query)
    )
    return _write_table(folder, label, header, rows)


def _write_edges(store: Store, folder: Path, edge: EdgeType, name: str) -> int:
    of = table(edge.table)
    names = ["id", *(p.name for p in of.properties if p.name != "id"), ORIGIN] if of.edge else []
    types = {p.name: _TYPES[p.type] for p in of.properties}
    properties = "".join(f", e.`{each}` AS `{each}`" for each in names)
    query = (
        f"MATCH (n)-[e:{edge.type}]->(b:{edge.target})\n"
        f"RETURN n.id AS source, b.id AS target{properties}\nORDER BY source, target"
        f"{', id' if names else ''}"
    )
    header = [
        f":START_ID({edge.source})",
        f":END_ID({edge.target})",
        *(f"{each}:{types.get(each, 'string')}" for each in names),
    ]
    rows = (
        [row["source"], row["target"], *(row[each] for each in names)]
        for row in of_nodes(store, edge.source, query)
    )
    return _write_table(folder, name, header, rows)


def _types(store: Store, label: str) -> dict[str, str]:
    """Return the properties of a label's nodes with neo4j-admin's types."""
    known = next((each for each in NODE_TABLES if each.label == label), None)
    if known:
        properties = (*known.properties, *known.derived, *known.kept)
        return {p.name: _TYPES[p.type] for p in properties if p.name != "id"} | {ORIGIN: "string"}
    found: dict[str, str] = {}
    for row in of_nodes(
        store, label, "RETURN n.id AS id, properties(n) AS properties\nORDER BY id"
    ):
        held: Row = row["properties"]
        for name, value in held.items():
            if name not in ("id", *_OF_ENGINE) and value is not None:
                found[name] = _OF_PYTHON.get(type(value), "string")
    return dict(sorted(found.items()))


def _cell(value: Any) -> str:
    """Write a cell; an empty text is quoted, because without quotes it would be no value."""
    if value is None or value == []:
        return ""
    said = str(value).lower() if isinstance(value, bool) else text(value)
    return '"' + said.replace('"', '""') + '"'


def _write_table(folder: Path, name: str, header: list[str], rows: Iterable[list[Any]]) -> int:
    count = 0
    with (
        complete(folder / f"{name}.csv") as draft,
        draft.open("w", encoding="utf-8", newline="") as file,
    ):
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last number counts
            file.write(",".join(map(_cell, row)) + "\n")
    if count:
        _write_text(folder / f"{name}-header.csv", ",".join(header) + "\n")
    else:
        (folder / f"{name}.csv").unlink()
    return count


def _write_text(path: Path, content: str) -> None:
    with complete(path) as draft:
        draft.write_text(content, encoding="utf-8")
