"""A table of a page of the programme as a file to take out: its columns and rows, as shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from loaders.export.sheet import as_csv, as_xlsx
from webapp.programme.cells import column, link

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    name: str,
    title: str,
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    ending: str,
) -> Response:
    """Answer with a table as a file, csv or xlsx; a link is its text, a number a number."""
    if rows and "id" in rows[0]:  # of two with one name a file must say who is meant
        columns = [column("id", _("Id")), *columns]
    heads = [each["title"] for each in columns]
    cells = [[_plain(row.get(each["key"]), each["number"]) for each in columns] for row in rows]
    made = as_csv(heads, cells) if ending == "csv" else as_xlsx(title, heads, cells)
    kind = "text/csv" if ending == "csv" else _EXCEL
    head = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(made, mimetype=kind, headers=head)


def file_links(endpoint: str, **values: Any) -> list[dict[str, str]]:
    """Return the links to a page as files, which keep the day and the unit."""
    kept = {name: value for name, value in values.items() if value not in (None, "", False)}
    return [
        {"text": text, "url": link(endpoint, format=ending, **kept)}
        for text, ending in (("Excel", "xlsx"), ("CSV", "csv"))
    ]


def _plain(value: Any, is_number: bool) -> Any:
    if isinstance(value, Mapping):
        listed = value.get("list")
        return _plain(listed, False) if listed is not None else value.get("text", "")
    if isinstance(value, list | tuple):
        return "、".join(str(_plain(each, False)) for each in value)
    if is_number and isinstance(value, str) and value:
        return float(value)
    return "" if value is None else value
