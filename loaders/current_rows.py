"""Rows as they are stored, many at a time by their ids: what a load compares with and keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph import tables
from graph.schema import ORIGIN, Table
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
    text = tables.statement(of, tables.IDS, of.file_columns, origin=True, withdrawn=True)
    labels = of.labels.label_by_value if of.labels else ()
    return {
        row["id"]: CurrentRow(
            tables.filled(of.file_columns, row),
            row[ORIGIN],
            frozenset(label for _, label in labels if row[f"given_{label}"]),
        )
        for row in ask(text, ids=ids)
    }
