"""Dates that are right but odd: told once for a column, with how many there are.

An end over a hundred years ahead stands for no end (9999-12-31 is what many systems write), and is
taken as an empty cell, wherever the row comes from: all rows pass here before they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.dates import is_far, is_old
from graph.schema import Table
from loaders.problems import Findings, Place
from loaders.readers.blocks import pl

Numbers = npt.NDArray[np.int64]

_END = "until"  # the heading of an end that may be left open
_FAR, _OLD = "far-date", "old-date"

EARLIEST = "1906"  # what an Excel number or a short year makes of a year lies before


class OddDates:
    """Looks through the dates of one table; `at` gives the place of each of its columns."""

    def __init__(self, table: Table, at: Mapping[str, int]) -> None:
        dates = [column.heading for column in table.columns if column.type == "date"]
        self._places = {heading: at[heading] for heading in dates if heading in at}
        self._today = date.today()
        self._count: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], tuple[int, str]] = {}  # the row and its date

    def open_ends(self, numbers: Numbers, columns: list[pl.Series | None]) -> None:
        """Look at the dates of some rows, and leave their far ends open."""
        for heading, place in self._places.items():
            column = columns[place]
            assert column is not None
            # As texts they stand in the order of their days, but for what is not known of them.
            looked: list[tuple[str, Callable[[str], bool], Any]] = [
                (_FAR, self._is_far, column.max()),
                (_OLD, is_old, column.min()),
            ]
            for code, is_odd, farthest in looked:
                if farthest is None or not is_odd(farthest):
                    continue
                texts = [text for text in column.unique().drop_nulls().to_list() if is_odd(text)]
                at = column.is_in(texts).arg_true()
                first = (int(numbers[at[0]]), column[at[0]])
                self._first.setdefault((heading, code), first)
                self._count[heading, code] = self._count.get((heading, code), 0) + len(at)
                if heading == _END and code == _FAR:
                    columns[place] = column.replace(texts, None)

    def _is_far(self, text: str) -> bool:
        return is_far(text, self._today)

    def tell(self, findings: Findings, place: Place, heading_of: Callable[[str], str]) -> None:
        """Tell what was found, once for a column; `heading_of` gives it as the file writes it."""
        for (heading, code), (number, text) in self._first.items():
            told = "far-end" if heading == _END and code == _FAR else code
            count = self._count[heading, code]
            findings.add(told, place.at(number), heading_of(heading), text, count=count)
