"""Rows as they are stored, many at a time by their ids: what a load compares with and keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.schema import EDGE_TABLES, ORIGIN, Property, Reference, Table
from graph.store import Row

Ask = Callable[..., list[Row]]


@dataclass(frozen=True)
class CurrentRow:
    """One stored row: its values by heading, empty ones left out."""

    values: dict[str, Any]
    origin: str | None
    given: frozenset[str]  # second labels that edges give the node

    def named(self, of: Table, after: Mapping[str, Any]) -> list[str]:
        """List the ids that it names, or will name."""
        found = {
            row[each.heading]
            for row in (self.values, after)
            for each in of.references
            if each.heading in row
        }
        return sorted(found)


def current_rows(ask: Ask, of: Table, ids: list[str]) -> dict[str, CurrentRow]:
    """Return the stored rows of a table among some ids."""
    statement = _node_statement(of) if of.label else _edge_statement(of)
    found: dict[str, CurrentRow] = {}
    for row in ask(statement, ids=ids):
        values: dict[str, Any] = {}
        for number, column in enumerate(of.file_columns):
            value = row.get(f"c{number}")
            if value is not None and value != [] and value != "":
                values[column.heading] = value
        given: frozenset[str] = frozenset()
        if of.labels:
            held = row["labels"]
            roles = [value for value, label in of.labels.label_by_value if label in held]
            if roles:
                values[of.labels.heading] = roles
            given = frozenset(
                label for _, label in of.labels.label_by_value if row[f"given_{label}"]
            )
        found[row["id"]] = CurrentRow(values, row["origin"], given)
    return found


def _node_statement(of: Table) -> str:
    lines = [f"MATCH (n:{of.label})", "WHERE n.id IN $ids"]
    returned = ["n.id AS id", f"n.{ORIGIN} AS origin"]
    for number, column in enumerate(of.file_columns):
        if isinstance(column, Reference):
            left, right = ("<-", "-") if column.incoming else ("-", "->")
            lines.append(
                f"OPTIONAL MATCH (n){left}[:{column.edge}]{right}(r{number}:{column.label})"
            )
            returned.append(f"r{number}.id AS c{number}")
        elif isinstance(column, Property):
            returned.append(f"n.{column.name} AS c{number}")
    if of.labels:
        returned.append("labels(n) AS labels")
        for _, label in of.labels.label_by_value:
            returned.append(f"{_gives(label)} AS given_{label}")
    return "\n".join([*lines, "RETURN " + ", ".join(returned), "ORDER BY id"])


def _edge_statement(of: Table) -> str:
    source, *targets = of.references
    returned = ["e.id AS id", f"e.{ORIGIN} AS origin"]
    for number, column in enumerate(of.file_columns):
        if column is source:
            returned.append(f"a.id AS c{number}")
        elif isinstance(column, Reference):
            there = "b.id"
            if len(targets) > 1:
                there = f"CASE WHEN '{column.label}' IN labels(b) THEN b.id END"
            returned.append(f"{there} AS c{number}")
        elif isinstance(column, Property):
            returned.append(f"e.{column.name} AS c{number}")
    return (
        f"UNWIND $ids AS id\nMATCH (a)-[e:{of.edge} {{id: id}}]->(b)\n"
        f"RETURN {', '.join(returned)}\nORDER BY id"
    )


def _gives(label: str) -> str:
    """Return in Cypher whether an edge gives a node a label."""
    patterns = [
        f"EXISTS {{ (n)-[:{table.edge}]->() }}"
        if at == 0
        else f"EXISTS {{ (n)<-[:{table.edge}]-() }}"
        for table in EDGE_TABLES
        for at, reference in enumerate(table.references)
        if reference.adds == label
    ]
    return f"({' OR '.join(patterns)})" if patterns else "false"
