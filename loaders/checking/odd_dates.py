"""Dates that are right but odd: told once for a column, with how many there are.

An end over a hundred years ahead stands for no end (9999-12-31 is what many systems write), and is
taken as an empty cell, wherever the row comes from: all rows pass here before they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from graph.dates import is_far, is_old
from graph.schema import Table
from loaders.checking.columns import Remembered
from loaders.problems import Findings, Place

_END = "until"  # the heading of an end that may be left open
_FAR, _OLD = "far-date", "old-date"

EARLIEST = "1906"  # what an Excel number or a short year makes of a year lies before


class OddDates:
    """Looks through the dates of one table; `at` gives the place of each of its columns."""

    def __init__(self, table: Table, at: Mapping[str, int]) -> None:
        dates = [column.heading for column in table.columns if column.type == "date"]
        self._places = {heading: at[heading] for heading in dates if heading in at}
        today = date.today()
        self._code = Remembered(
            lambda text: _FAR if is_far(text, today) else _OLD if is_old(text) else ""
        )
        self._count: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], tuple[int, str]] = {}  # the row and its date

    def opened(
        self, numbers: Sequence[int], columns: Sequence[Sequence[Any]]
    ) -> Sequence[Sequence[Any]] | None:
        """Return the columns of some rows with far ends left open; None when there is none."""
        changed: list[Sequence[Any]] | None = None
        for heading, place in self._places.items():
            column = columns[place]
            code_by_text = {
                text: code for text in set(column) if text and (code := self._code[text])
            }
            if not code_by_text:
                continue
            for number, text in zip(numbers, column, strict=True):
                if code := code_by_text.get(text):
                    self._first.setdefault((heading, code), (number, text))
                    self._count[heading, code] = self._count.get((heading, code), 0) + 1
            if heading == _END and _FAR in code_by_text.values():
                changed = changed or list(columns)
                changed[place] = [
                    None if code_by_text.get(text) == _FAR else text for text in column
                ]
        return changed

    def tell(self, findings: Findings, place: Place, heading_of: Callable[[str], str]) -> None:
        """Tell what was found, once for a column; `heading_of` gives it as the file writes it."""
        for (heading, code), (number, text) in self._first.items():
            told = "far-end" if heading == _END and code == _FAR else code
            count = self._count[heading, code]
            findings.add(told, place.at(number), heading_of(heading), text, count=count)
