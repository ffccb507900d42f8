"""Everything that is stored, as files: a folder of CSV, a workbook, JSON, GraphML, GEXF.

The first three load back to the same graph. Rows are read page by page along their ids and come in
that order, so two exports of one graph are equal. A file takes its place only when it is complete.
GraphML and GEXF are made by NetworkX and hold the whole graph in memory.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import networkx as nx
import xlsxwriter

from graph.errors import InputError, UsageError
from graph.schema import NODE_TABLES, PROGRAMME, TABLES, Labels, Property, Reference, Table
from graph.store import Row, Store
from graph.upsert import edge_type
from loaders.readers import PROGRAMME_FILE, RULES_FILE, escape

ENDINGS = (".xlsx", ".json", ".graphml", ".gexf")

_PAGE = 50_000
_EXCEL_ROWS = 1_048_576
_EXCEL_CELL = 32_767
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def export(store: Store, path: str | Path) -> dict[str, int]:
    """Write the graph in the form of the ending, a folder where there is none; count the rows."""
    path = Path(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None and path.suffix and not path.is_dir():
        raise UsageError(
            f'"{path.suffix}" is not an ending that can be written.',
            f"Use a folder or one of {', '.join(ENDINGS)}.",
        )
    if path.is_dir() and write:
        raise UsageError(f"{path} is a folder.", "Give another name.")
    if path.is_file() and not write:
        raise UsageError(f"{path} is a file.", "Give a folder, or a name with an ending.")
    try:
        return (write or _write_folder)(store, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


# --- rows -------------------------------------------------------------------------------------


def stored_rows(store: Store, table: Table) -> Iterator[Row]:
    """Give the rows of a table of the data set from the graph, ordered by id."""
    if table.label:
        yield from _paged(store, _node_query(table), table)
        return
    ends = [each for each in table.references if not each.edge]
    for target in ends[1:]:
        for row in _paged(store, _edge_query(table, ends[0], target), table):
            if not table.has_id_column:
                del row["id"]
            yield row


def _paged(store: Store, query: str, table: Table) -> Iterator[Row]:
    labels = table.labels
    last = ""
    while True:
        page = store.read(query, last=last, limit=_PAGE)
        for row in page:
            last = row["id"]
            if labels:
                held = row[labels.heading]
                row[labels.heading] = [
                    value for value, label in labels.label_by_value if label in held
                ]
            yield row
        if len(page) < _PAGE:
            return


def _node_query(table: Table) -> str:
    columns, matches = [], []
    for column in table.columns:
        if isinstance(column, Property):
            columns.append(f"n.{column.name} AS {column.heading}")
        elif isinstance(column, Labels):
            columns.append(f"labels(n) AS {column.heading}")
        else:
            one, other = ("<-", "-") if column.incoming else ("-", "->")
            node = f"(r_{column.heading}:{column.label})"
            matches.append(f"OPTIONAL MATCH (n){one}[:{column.edge}]{other}{node}\n")
            columns.append(f"r_{column.heading}.id AS {column.heading}")
    kept = " AND n.withdrawn_on IS NULL" if table.has_withdrawn_rows else ""
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


def stored_texts(store: Store) -> dict[str, str]:
    """Give the texts of programme.yaml and rules.yaml that were loaded."""
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


# --- files that load back ---------------------------------------------------------------------


@contextmanager
def _complete(path: Path) -> Iterator[Path]:
    """Give a name to write to; the file gets its own name only when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _headings(table: Table) -> list[str]:
    return [column.heading for column in table.columns]


def _text(value: Any) -> str:
    """Give a value as the text of one cell."""
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, list) else str(value)


def _write_folder(store: Store, folder: Path) -> dict[str, int]:
    counts = {}
    for table in TABLES:
        with (
            _complete(folder / f"{table.name}.csv") as draft,
            draft.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_headings(table))
            count = 0
            for row in stored_rows(store, table):
                writer.writerow([escape(_text(row.get(each))) for each in _headings(table)])
                count += 1
        counts[table.name] = count
    for name, text in stored_texts(store).items():
        with _complete(folder / name) as draft:
            draft.write_text(text, encoding="utf-8")
    return counts


def _write_workbook(store: Store, path: Path) -> dict[str, int]:
    counts = {}
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with _complete(path) as draft, xlsxwriter.Workbook(str(draft), options) as workbook:
        bold = workbook.add_format({"bold": True})
        for table in TABLES:
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, _headings(table), bold)
            number = 0
            for number, row in enumerate(stored_rows(store, table), 1):
                if number >= _EXCEL_ROWS:
                    raise InputError(
                        f"{table.name} has more rows than a sheet can hold.",
                        "Export to a folder instead.",
                    )
                for at, heading in enumerate(_headings(table)):
                    _write_cell(sheet, number, at, row.get(heading))
            counts[table.name] = number
        for name, text in stored_texts(store).items():
            sheet = workbook.add_worksheet(name)
            for number, line in enumerate(text.rstrip("\n").split("\n")):
                _write_cell(sheet, number, 0, line)
    return counts


def _write_cell(sheet: Any, row: int, at: int, value: Any) -> None:
    if isinstance(value, int):
        # A number of Excel is exact up to 15 digits.
        write = sheet.write_number if abs(value) < 10**15 else sheet.write_string
        write(row, at, value if abs(value) < 10**15 else str(value))
    elif text := _text(value):
        if len(text) > _EXCEL_CELL:
            raise InputError(
                f"A cell of {sheet.name} is longer than a sheet can hold.",
                "Export to a folder instead.",
            )
        sheet.write_string(row, at, text)


def _write_json(store: Store, path: Path) -> dict[str, int]:
    counts = {}
    with _complete(path) as draft, draft.open("w", encoding="utf-8") as file:
        file.write("{\n")
        for name, text in stored_texts(store).items():
            _write_array(file, name, text.rstrip("\n").split("\n"))
            file.write(",\n")
        for table in TABLES:
            names = _headings(table)
            rows = (
                {name: row[name] for name in names if row.get(name) not in (None, [])}
                for row in stored_rows(store, table)
            )
            counts[table.name] = _write_array(file, table.name, rows)
            file.write(",\n" if table is not TABLES[-1] else "\n")
        file.write("}\n")
    return counts


def _write_array(file: Any, name: str, items: Iterable[Any]) -> int:
    count = 0
    file.write(f"  {json.dumps(name)}: [")
    for count, item in enumerate(items, 1):
        file.write(",\n    " if count > 1 else "\n    ")
        file.write(json.dumps(item, ensure_ascii=False))
    file.write("\n  ]" if count else "]")
    return count


# --- files for other tools --------------------------------------------------------------------


def network(store: Store) -> nx.MultiDiGraph:
    """Give the whole graph to NetworkX; a node's key is its id, with its label where two share it.

    A node has `label` (its name), `entity` (its first label) and its properties; an edge has
    `label` (its type) and its properties. Lists are joined by `;`.
    """
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    keys: dict[tuple[str, str], str] = {}
    edges: list[tuple[tuple[str, str], tuple[str, str], str]] = []
    for table in NODE_TABLES:
        heading = next((p.heading for p in table.properties if p.name == "name"), "kind")
        for row in stored_rows(store, table):
            id_ = row.pop("id")
            node = (table.label, id_)
            keys[node] = id_ if id_ not in graph else f"{table.label}:{id_}"
            for reference in table.references:
                if other := row.pop(reference.heading):
                    ends = (node, (reference.label, other))
                    source, target = ends[::-1] if reference.incoming else ends
                    edges.append((source, target, reference.edge))
            values = {"label": row[heading], "entity": table.label, **row}
            graph.add_node(keys[node], **_attributes(values))
    for source, target, type_ in edges:
        graph.add_edge(keys[source], keys[target], key=type_, label=type_)
    for table in TABLES:
        if table.edge:
            _add_edges(graph, keys, table, stored_rows(store, table))
    return graph


def _add_edges(
    graph: nx.MultiDiGraph, keys: dict[tuple[str, str], str], table: Table, rows: Iterator[Row]
) -> None:
    for row in rows:
        key = row.pop("id", table.edge)
        source, target = (
            keys[reference.label, other]
            for reference in table.references
            if (other := row.pop(reference.heading, None)) is not None
        )
        graph.add_edge(source, target, key=key, **_attributes({"label": table.edge, **row}))


def _attributes(values: Row) -> Row:
    """Leave out what is empty, and what XML cannot hold."""
    return {
        name: value if isinstance(value, int) else _NOT_XML.sub("\ufffd", _text(value))
        for name, value in values.items()
        if value not in (None, [])
    }


def _write_network(
    write: Callable[[nx.MultiDiGraph, str], None], store: Store, path: Path
) -> dict[str, int]:
    graph = network(store)
    with _complete(path) as draft:
        write(graph, str(draft))
    return {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges()}


_WRITERS: dict[str, Callable[[Store, Path], dict[str, int]]] = {
    ".xlsx": _write_workbook,
    ".json": _write_json,
    ".graphml": partial(_write_network, nx.write_graphml_xml),
    ".gexf": partial(_write_network, nx.write_gexf),
}
