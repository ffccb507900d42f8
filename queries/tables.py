"""The rows of a table of the data set as they are stored, with the names of what they refer to."""

from __future__ import annotations

from graph.schema import EDGE_TYPES, Labels, Property, Reference, Table
from graph.store import Reader, Row


def table_rows(store: Reader, table: Table, skip: int, limit: int) -> list[Row]:
    """Return some rows of a table by id: values by heading, `HEADING_name` of what one names."""
    return store.read(statement(table), skip=skip, limit=limit)


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
