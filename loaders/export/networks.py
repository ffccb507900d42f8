"""The whole graph for other tools: GraphML, GEXF, NetworkX's node-link JSON, tables for R.

Each is written as it is read, node by node and edge by edge. A node's key is its id, with the label
in front where a node of an earlier table has the same id; `label` is its name and `entity` its
first label. An edge's `label` is its type and `row` the id of its row, where it has one. Lists are
joined by `;` but in JSON. Withdrawn records stay out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

from graph.schema import NODE_TABLES, TABLES, Labels, Property
from graph.store import Row, Store
from graph.tables import stored_edges, stored_rows
from loaders.export.native import write_array
from loaders.export.rows import complete, text
from loaders.made import made_of
from loaders.readers import escape

Node = tuple[str, Row]  # key, attributes
Edge = tuple[str, str, str, Row]  # key, keys of source and target, attributes

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Network:
    """The stored graph as nodes and edges with attributes, read anew each time one asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shared = _shared_ids(store)

    def nodes(self) -> Iterator[Node]:
        """Yield every node, table by table."""
        for table in NODE_TABLES:
            named = (p.heading for p in table.properties if p.name == "name")
            heading = next(named, made_of(table.name).of)
            others = [reference.heading for reference in table.references]
            for row in stored_rows(self._store, table):
                id_ = row.pop("id")
                for other in others:
                    row.pop(other)
                values = {"label": row[heading], "entity": table.label, **row}
                yield self._key(table.label, id_), _without_empty(values)

    def edges(self) -> Iterator[Edge]:
        """Yield every edge: first those that columns of node tables make."""
        for table in NODE_TABLES:
            for reference in table.references:
                for number, (id_, other) in enumerate(
                    stored_edges(self._store, table, reference), 1
                ):
                    ends = self._key(table.label, id_), self._key(reference.label, other)
                    source, target = ends[::-1] if reference.incoming else ends
                    type_ = reference.edge
                    yield f"{type_}:{number}", source, target, {"label": type_}
        for table in TABLES:
            if not table.edge:
                continue
            for number, row in enumerate(stored_rows(self._store, table), 1):
                id_ = row.pop("id", None)
                source, target = (
                    self._key(reference.label, other)
                    for reference in table.references
                    if (other := row.pop(reference.heading, None)) is not None
                )
                values = _without_empty({"label": table.edge, "row": id_, **row})
                yield f"{table.edge}:{id_ or number}", source, target, values

    def _key(self, label: str, id_: str) -> str:
        return f"{label}:{id_}" if (label, id_) in self._shared else id_


def _shared_ids(store: Store) -> set[tuple[str, str]]:
    """Find the nodes whose id a node of an earlier table has too."""
    shared = set()
    for at, table in enumerate(NODE_TABLES):
        for earlier in NODE_TABLES[:at]:
            rows = store.read(
                f"MATCH (a:{earlier.label})\nMATCH (b:{table.label} {{id: a.id}})\n"
                "RETURN a.id AS id\nORDER BY id"
            )
            shared |= {(table.label, row["id"]) for row in rows}
    return shared


def _without_empty(values: Row) -> Row:
    return {name: value for name, value in values.items() if value not in (None, [])}


def _attributes() -> tuple[dict[str, str], dict[str, str]]:
    """Return the attributes that nodes and edges may have, with their types."""
    of_nodes = {"label": "string", "entity": "string"}
    of_edges = {"label": "string", "row": "string"}
    for table in TABLES:
        found = of_nodes if table.label else of_edges
        for column in table.columns:
            if isinstance(column, Labels | Property) and column.heading != "id":
                types = {"integer": "long", "number": "double"}
                found[column.heading] = types.get(column.type, "string")
    return of_nodes, of_edges


# --- XML --------------------------------------------------------------------------------------


def _clean(value: Any) -> str:
    """Return a value as text that XML can hold."""
    return _NOT_XML.sub("\ufffd", text(value))


def write_graphml(store: Store, path: Path) -> dict[str, int]:
    """Write GraphML."""
    of_nodes, of_edges = _attributes()
    keys = {
        (kind, name): f"{kind[0]}{number}"
        for kind, names in (("node", of_nodes), ("edge", of_edges))
        for number, name in enumerate(names)
    }

    def data(kind: str, values: Row) -> str:
        return "".join(
            f'<data key="{keys[kind, name]}">{escape_xml(_clean(value))}</data>'
            for name, value in values.items()
        )

    def head(file: IO[str]) -> None:
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for (kind, name), key in keys.items():
            type_ = (of_nodes if kind == "node" else of_edges)[name]
            file.write(f'<key id="{key}" for="{kind}" attr.name="{name}" attr.type="{type_}"/>\n')
        file.write('<graph edgedefault="directed">\n')

    def node(key: str, values: Row) -> str:
        return f"<node id={quoteattr(_clean(key))}>{data('node', values)}</node>\n"

    def edge(key: str, source: str, target: str, values: Row) -> str:
        ends = f"source={quoteattr(_clean(source))} target={quoteattr(_clean(target))}"
        return f"<edge id={quoteattr(_clean(key))} {ends}>{data('edge', values)}</edge>\n"

    return _write_xml(store, path, head, node, edge, ("", "", "</graph>\n</graphml>\n"))


def write_gexf(store: Store, path: Path) -> dict[str, int]:
    """Write GEXF 1.2, for Gephi."""
    of_nodes, of_edges = _attributes()

    def head(file: IO[str]) -> None:
        file.write('<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
        file.write('<graph defaultedgetype="directed" mode="static">\n')
        for kind, names in (("node", of_nodes), ("edge", of_edges)):
            file.write(f'<attributes class="{kind}">\n')
            for name, type_ in names.items():
                if name != "label":
                    file.write(f'<attribute id="{name}" title="{name}" type="{type_}"/>\n')
            file.write("</attributes>\n")
        file.write("<nodes>\n")

    def values_of(values: Row) -> str:
        return "".join(
            f'<attvalue for="{name}" value={quoteattr(_clean(value))}/>'
            for name, value in values.items()
            if name != "label"
        )

    def node(key: str, values: Row) -> str:
        named = f"id={quoteattr(_clean(key))} label={quoteattr(_clean(values.get('label')))}"
        return f"<node {named}><attvalues>{values_of(values)}</attvalues></node>\n"

    def edge(key: str, source: str, target: str, values: Row) -> str:
        ends = f"source={quoteattr(_clean(source))} target={quoteattr(_clean(target))}"
        named = f'id={quoteattr(_clean(key))} {ends} label="{values["label"]}"'
        return f"<edge {named}><attvalues>{values_of(values)}</attvalues></edge>\n"

    parts = ("</nodes>\n<edges>\n", "</edges>\n", "</graph>\n</gexf>\n")
    return _write_xml(store, path, head, node, edge, parts)


def _write_xml(
    store: Store,
    path: Path,
    head: Callable[[IO[str]], None],
    node: Callable[[str, Row], str],
    edge: Callable[[str, str, str, Row], str],
    between: tuple[str, str, str],
) -> dict[str, int]:
    network = Network(store)
    nodes = edges = 0
    with complete(path) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        head(file)
        for nodes, each in enumerate(network.nodes(), 1):  # noqa: B007 - the last number counts
            file.write(node(*each))
        file.write(between[0])
        for edges, tie in enumerate(network.edges(), 1):  # noqa: B007
            file.write(edge(*tie))
        file.write(between[1] + between[2])
    return {"nodes": nodes, "edges": edges}


# --- NetworkX and R ---------------------------------------------------------------------------


def write_node_link(store: Store, path: Path) -> dict[str, int]:
    """Write JSON for `networkx.node_link_graph(data, edges="edges")`."""
    network = Network(store)
    with complete(path) as draft, draft.open("w", encoding="utf-8") as file:
        file.write('{\n  "directed": true,\n  "multigraph": true,\n  "graph": {},\n')
        nodes = write_array(file, "nodes", ({"id": key, **row} for key, row in network.nodes()))
        file.write(",\n")
        edges = write_array(
            file,
            "edges",
            (
                {"source": source, "target": target, "key": key, **row}
                for key, source, target, row in network.edges()
            ),
        )
        file.write("\n}\n")
    return {"nodes": nodes, "edges": edges}


_R = """\
# The network for R: nodes.csv and edges.csv, UTF-8, for igraph's graph_from_data_frame.
# Run in this folder: Rscript read.R
library(igraph)
nodes <- read.csv("nodes.csv", fileEncoding = "UTF-8", check.names = FALSE,
                  na.strings = "", colClasses = "character")
edges <- read.csv("edges.csv", fileEncoding = "UTF-8", check.names = FALSE,
                  na.strings = "", colClasses = "character")
network <- graph_from_data_frame(edges, directed = TRUE, vertices = nodes)
print(summary(network))
"""


def write_r(store: Store, folder: Path) -> dict[str, int]:
    """Write nodes.csv and edges.csv in the order that igraph of R takes, and how to read them."""
    of_nodes, of_edges = _attributes()
    network = Network(store)
    nodes = _write_table(
        folder / "nodes.csv",
        ["key", *of_nodes],
        (([key], row) for key, row in network.nodes()),
    )
    edges = _write_table(
        folder / "edges.csv",
        ["from", "to", *of_edges],
        (([source, target], row) for _, source, target, row in network.edges()),
    )
    with complete(folder / "read.R") as draft:
        draft.write_text(_R, encoding="utf-8")
    return {"nodes": nodes, "edges": edges}


def _write_table(path: Path, names: list[str], rows: Iterator[tuple[list[str], Row]]) -> int:
    """Write a CSV whose cells no spreadsheet takes for formulas."""
    count = 0
    with complete(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for count, (first, row) in enumerate(rows, 1):  # noqa: B007 - the last number counts
            rest = (text(row.get(name)) for name in names[len(first) :])
            writer.writerow([escape(cell) for cell in (*first, *rest)])
    return count
