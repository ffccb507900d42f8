"""The account of files before they are stored, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext


def account_lines(
    columns: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    doubts: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    """Yield which columns and rows are not used, and what looks odd and must be confirmed."""
    for each in columns:
        yield _("not read: %(place)s", place=place_of(each))
    for each in rows:
        yield _("not read: %(place)s: %(text)s", place=place_of(each), text=each["value"])
    for each in doubts:
        yield _("look at: %(place)s: %(text)s", place=place_of(each), text=each["message"])


def place_of(each: Mapping[str, Any]) -> str:
    """Return where something stands: file, sheet, column, rows."""
    rows = each.get("rows") or ([each["row"]] if each.get("row") else [])
    listed = ", ".join(map(str, rows))
    told = ngettext("row %(rows)s", "rows %(rows)s", len(rows), rows=listed) if rows else None
    return " · ".join(filter(None, (each.get("file"), each.get("sheet"), each.get("column"), told)))
