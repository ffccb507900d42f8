"""What the rows of a batch name, and when, as numbers in arrays, which are compared by the million.

An id is the number of the row in which it stands, a date one of `Days`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.schema import NODE_TABLES
from loaders.checking.periods import OPEN, begins_by
from loaders.checking.rows import Batch, TableReader

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


def _day(text: str) -> int:
    """Return a number that stands to those of other dates as the texts do.

    >>> _day("2019"), _day("2019-03"), _day("2019-03-16")
    (20190000, 20190300, 20190316)
    """
    return int(text.replace("-", "").ljust(8, "0"))


class Days(dict[str | None, int]):
    """Gives each different date a number, and by it what the date is as a beginning or an end.

    An empty cell begins before all dates, and ends after all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str | None] = []
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._arrays = np.zeros((2, 0), np.int64)

    def __missing__(self, text: str | None) -> int:
        self[text] = number = len(self)
        self.texts.append(text)
        self._begins.append(_day(begins_by(text)) if text else 0)
        self._ends.append(_day(text or OPEN))
        return number

    def numbers(self, column: Sequence[str | None]) -> Numbers:
        """Return the numbers of a column of dates."""
        return np.fromiter(map(self.__getitem__, column), np.int64, len(column))

    def begins(self, numbers: Numbers) -> Numbers:
        """Return the last days on which what has these dates can have begun."""
        return self._known()[0][numbers]

    def ends(self, numbers: Numbers) -> Numbers:
        """Return the first days on which what has these dates can have ended."""
        return self._known()[1][numbers]

    def _known(self) -> Numbers:
        if self._arrays.shape[1] < len(self):
            self._arrays = np.array([self._begins, self._ends])
        return self._arrays


class Ids:
    """Where the ids of each label stand. Derived ids are kept as hashes of their key."""

    def __init__(self) -> None:
        self.row_by_id: dict[str, dict[str | int, int]] = {t.label: {} for t in NODE_TABLES}
        self._unplaced: dict[str, dict[str, int]] = defaultdict(dict)

    def rows(self, label: str, column: Sequence[str | None]) -> Numbers:
        """Give the rows of what a column names; 0 where it stands in none."""
        row: Callable[[Any, int], int] = self.row_by_id[label].get
        return np.fromiter(map(row, column, repeat(0)), np.int64, len(column))

    def unplaced(self, label: str, id_: str) -> int:
        """Return the number, below zero, of an id that stands in no row."""
        known = self._unplaced[label]
        return known.setdefault(id_, -1 - len(known))

    def named(self, label: str, numbers: set[int]) -> dict[int, str]:
        """Return the ids of some rows and numbers below zero."""
        known = chain(self.row_by_id[label].items(), self._unplaced[label].items())
        return {number: str(id_) for id_, number in known if number in numbers}

    def clear(self) -> None:
        """Let all ids go."""
        self.row_by_id.clear()
        self._unplaced.clear()


class Numbered:
    """A batch by column, in numbers; each column is made when it is first asked for."""

    def __init__(self, reader: TableReader, batch: Batch, ids: Ids, days: Days) -> None:
        self._reader = reader
        self._batch = batch
        self._ids = ids
        self._days = days
        self._made: dict[str, Numbers] = {}

    def numbers(self) -> Numbers:
        """Return the numbers of the rows."""
        return np.array(self._batch.numbers, np.int64)

    def column(self, heading: str) -> Sequence[Any]:
        """Return the values of a column; of one that is absent as if it were empty."""
        place = self._reader.at.get(heading)
        return [None] * len(self._batch.numbers) if place is None else self._batch.columns[place]

    def rows(self, heading: str) -> Numbers:
        """Give the rows of what a column names; 0 where it stands in none."""
        if heading not in self._made:
            self._made[heading] = self._ids.rows(self._label(heading), self.column(heading))
        return self._made[heading]

    def named(self, heading: str) -> Numbers:
        """Return a number for each different thing that a full column names."""
        rows = self.rows(heading)
        if rows.all():
            return rows
        label, column = self._label(heading), self.column(heading)
        named = rows.copy()
        for at in np.flatnonzero(rows == 0).tolist():
            named[at] = self._ids.unplaced(label, column[at])
        return named

    def dates(self, heading: str) -> Numbers:
        """Return the dates of a column as `Days` numbers them."""
        if heading not in self._made:
            self._made[heading] = self._days.numbers(self.column(heading))
        return self._made[heading]

    def are(self, heading: str, values: Collection[Any]) -> Marks:
        """Mark where a column has one of some values."""
        return _are(values, self.column(heading))

    def right(self, bad: set[int]) -> Marks:
        """Mark the rows that are none of the bad ones."""
        numbers = self._batch.numbers
        if not bad or bad.isdisjoint(numbers):
            return np.ones(len(numbers), bool)
        return ~_are(bad, numbers)

    def _label(self, heading: str) -> str:
        references = self._reader.table.references
        return next(each.label for each in references if each.heading == heading)


def _are(values: Collection[Any], column: Sequence[Any]) -> Marks:
    return np.fromiter(map(values.__contains__, column), bool, len(column))
