"""What is stored, table by table of the data set: how many rows, and the rows themselves."""

from __future__ import annotations

from typing import Any

from graph.schema import EDGE_TYPES, Column, Labels, Property, Reference, Table
from graph.store import Row, Store
from queries.catalogue import ask
from webapp.shell import words
from webapp.shell.language import language

_KIND_BY_LABEL = {"Person": "person", "Unit": "unit", "Post": "post"}


def counts(store: Store) -> dict[str, int]:
    """Count the rows of each table."""
    rows = ask(store, "data.counts", language=language()).rows
    return {row["key"]: row["value"] for row in rows}


def title(table: Table) -> str:
    """Return a table's title in the language in use."""
    return table.en if language() == "en" else table.zh


def columns(table: Table) -> list[dict[str, Any]]:
    """Return the columns of a table as the page shows them."""
    return [
        {
            "key": column.heading,
            "title": column.en if language() == "en" else column.zh,
            "number": column.type == "integer",
        }
        for column in table.columns
    ]


def rows(store: Store, table: Table, skip: int, limit: int) -> list[Row]:
    """Return some rows of a table by id, as cells; a person, unit or post is a link."""
    found = store.read(statement(table), skip=skip, limit=limit)
    return [{column.heading: _cell(column, row) for column in table.columns} for row in found]


def statement(table: Table) -> str:
    """Write the Cypher that gives the rows of a table.

    >>> from graph.schema import table
    >>> print(statement(table("units")).splitlines()[0])
    MATCH (n:Unit)
    """
    texts, lines = [], []
    order = "n.id" if table.label else "source.id, target.id, n.id"
    if table.label:
        lines.append(f"MATCH (n:{table.label})")
        if table.has_withdrawn_rows:
            lines.append("WHERE n.withdrawn_on IS NULL")
        lines.append(f"WITH n ORDER BY {order}")
        lines += ["SKIP $skip LIMIT $limit"]
    else:
        lines += [f"MATCH {_pattern(table)}", f"WITH n, source, target ORDER BY {order}"]
        lines += ["SKIP $skip LIMIT $limit"]
    for number, column in enumerate(table.columns):
        if isinstance(column, Property):
            texts.append(f"n.{column.name} AS {_quoted(column.heading)}")
        elif isinstance(column, Labels):
            texts.append(f"labels(n) AS {_quoted(column.heading)}")
        else:
            node = f"r{number}" if column.edge else _end(table, column)
            if column.edge:
                arrow = ("<-", "-") if column.incoming else ("-", "->")
                lines.append(
                    f"OPTIONAL MATCH (n){arrow[0]}[:{column.edge}]{arrow[1]}({node}:{column.label})"
                )
            told = f"CASE WHEN '{column.label}' IN labels({node}) THEN {node}.%s END AS %s"
            texts.append(told % ("id", _quoted(column.heading)))
            texts.append(told % ("name", _quoted(column.heading + "_name")))
    lines.append("RETURN " + ",\n       ".join(texts))
    lines.append(f"ORDER BY {order}")
    return "\n".join(lines)


def _pattern(table: Table) -> str:
    return f"(n:{table.label})" if table.label else f"(source)-[n:{table.edge}]->(target)"


def _end(table: Table, column: Reference) -> str:
    """Return which end of the table's own edge a column names."""
    references = [each for each in table.references if not each.edge]
    if column is references[0] and any(
        edge.type == table.edge and edge.source == column.label for edge in EDGE_TYPES
    ):
        return "source"
    return "target"


def _quoted(name: str) -> str:
    return f"`{name}`"


def _cell(column: Column, row: Row) -> Any:
    value = row[column.heading]
    if isinstance(column, Labels):
        return words.value(
            column.heading, [word for word, label in column.label_by_value if label in value]
        )
    if isinstance(column, Reference):
        if value is None:
            return None
        name = row[f"{column.heading}_name"]
        kind = _KIND_BY_LABEL.get(column.label)
        return {"kind": kind, "id": value, "text": name} if kind else name
    return words.value(column.heading, value, column.kinds)
