"""What is stored, table by table of the data set: how many rows, and the rows themselves."""

from __future__ import annotations

from typing import Any

from graph import tables
from graph.schema import Column, Reference, Table
from graph.store import Row, Store
from queries.catalogue import ask
from webapp.shell import words
from webapp.shell.language import language

_KIND_BY_LABEL = {"Person": "person", "Unit": "unit", "Post": "post"}


def counts(store: Store) -> dict[str, int]:
    """Count the rows of each table."""
    rows = ask(store, "data.counts", on=words.as_of(), language=language()).rows
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
            "number": column.type in ("integer", "number"),
        }
        for column in table.columns
    ]


def rows(store: Store, table: Table, skip: int, limit: int) -> list[Row]:
    """Return some rows of a table by id, as cells; a person, unit or post is a link."""
    found = store.read(statement(table), skip=skip, limit=limit)
    return [{column.heading: _cell(column, row) for column in table.columns} for row in found]


def statement(table: Table) -> str:
    """Return the Cypher of the rows that the page shows."""
    return tables.statement(table, tables.PLACE, names=True)


def _cell(column: Column, row: Row) -> Any:
    value = tables.cell(column, row)
    if isinstance(column, Reference):
        if value is None:
            return None
        name = row[f"{column.heading}_name"]
        kind = _KIND_BY_LABEL.get(column.label)
        return {"kind": kind, "id": value, "text": name} if kind else name
    if isinstance(value, float):
        return tables.number_text(value)
    return words.value(column.heading, value, column.kinds)
