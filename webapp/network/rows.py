"""The rows of a long table as data: a page holds the first as HTML, `static/table.js` the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FIRST = 60  # rows that a page holds as HTML: all of the usual view


def rest(
    columns: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the rows after the first as lists of cells in the order of the columns, if any."""
    keys = [column["key"] for column in columns]
    further = [[row[key] for key in keys] for row in rows[FIRST:]]
    return {"rows": further} if further else None
