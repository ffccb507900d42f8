"""Rows as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from loaders.readers import escape


def csv_response(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a file of rows below their headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_cell_text(value) for value in row] for row in rows)
    return Response(
        "\ufeff" + text.getvalue(),  # the mark tells Excel that this is UTF-8
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _cell_text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    return escape(value) if isinstance(value, str) else value
