"""What a stored cell says to a person: the title of its column, its value in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph.schema import Column, Labels, Reference, Table
from graph.tables import number_text
from webapp.shell import words
from webapp.shell.language import either, language
from webapp.shell.marks import ROLES


def title(column: Column) -> str:
    """Return a column's title in the language in use."""
    return either({"zh_Hans": column.zh, "en": column.en})


def cell(table: Table, heading: str, value: Any, names: Mapping[str, str]) -> str:
    """Say a stored value as a person reads it; `names` are of the ids that references hold."""
    column = next((each for each in table.columns if each.heading == heading), None)
    if value is None or column is None:
        return "" if value is None else str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(column, Reference):
        return names.get(str(value), str(value))
    if isinstance(column, Labels):
        return _join(str(ROLES.get(each, each)) for each in value)
    if isinstance(value, list):
        return _join(str(words.value(column.heading, each, column.kinds)) for each in value)
    return str(words.value(column.heading, value, column.kinds))


def _join(parts: Iterable[str]) -> str:
    return ("、" if language() == "zh_Hans" else ", ").join(parts)
