"""What the right rows of a table name, and when, as numbers in arrays, compared by the million.

An id is the number of the row in which it stands, a date the number that its digits make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from graph.schema import NODE_TABLES
from loaders.checking.columns import Marks
from loaders.checking.rows import Numbers, TableReader
from loaders.readers.blocks import meant, pl

NUMBER = "#"  # the column of a frame that holds the numbers of its rows


def begins(dates: pl.Series) -> Numbers:
    """Return the last days on which what has these dates can have begun; 0 where it never did.

    >>> begins(pl.Series(["2019", "2019-02", "2019-02-03", None])).tolist()
    [20191231, 20190231, 20190203, 0]
    """
    return _days(dates, 12_31, 31).fill_null(0).to_numpy()


def ends(dates: pl.Series) -> Numbers:
    """Return the first days on which what has these dates can have ended; an open end is far.

    >>> ends(pl.Series(["2019", "2019-02", "2019-02-03", None])).tolist()
    [20190000, 20190200, 20190203, 99991231]
    """
    return _days(dates, 0, 0).fill_null(9999_12_31).to_numpy()


def _days(dates: pl.Series, of_year: int, of_month: int) -> pl.Series:
    """Return dates as numbers, a year and a month with what is to stand for their days."""
    date = pl.col("date")
    number = date.str.replace_all("-", "", literal=True).cast(pl.Int64)
    length = date.str.len_bytes()
    days = (
        pl.when(length == 4)
        .then(number * 10_000 + of_year)
        .when(length == 7)
        .then(number * 100 + of_month)
        .otherwise(number)
    )
    return dates.cast(pl.String).to_frame("date").select(days).to_series()


class Ids:
    """Where the ids of each label stand."""

    def __init__(self) -> None:
        self._rows: dict[str, pl.DataFrame] = {}  # id and row
        self._unplaced: dict[str, dict[str, int]] = defaultdict(dict)
        for table in NODE_TABLES:
            self._rows[table.label] = pl.DataFrame(schema={"id": pl.String, "row": pl.Int64})

    def add(self, label: str, rows: pl.DataFrame) -> None:
        """Take the ids of a table with their rows; of one that stands in several the first."""
        self._rows[label] = rows.unique("id", keep="first", maintain_order=True)

    def rows(self, label: str, column: pl.Series) -> Numbers:
        """Give the rows of what a column names; 0 where it stands in none."""
        found = column.to_frame("id").join(
            self._rows[label], on="id", how="left", maintain_order="left"
        )
        return found["row"].fill_null(0).to_numpy()

    def among(self, label: str, numbers: Collection[int]) -> set[str]:
        """Return the ids that stand in some rows."""
        if not numbers:
            return set()
        known = self._rows[label]
        return set(known.filter(known["row"].is_in(list(numbers)))["id"].to_list())

    def given(self, label: str) -> set[str]:
        """Return all ids of a label."""
        return set(self._rows[label]["id"].to_list())

    def unplaced(self, label: str, column: pl.Series) -> Numbers:
        """Return numbers, below zero, of ids that stand in no row."""
        known = self._unplaced[label]
        for id_ in column.unique(maintain_order=True).to_list():
            known.setdefault(str(id_), -1 - len(known))
        return meant(column.fill_null(str(None)), known, pl.Int64).to_numpy()

    def named(self, label: str, numbers: set[int]) -> dict[int, str]:
        """Return the ids of some rows and numbers below zero."""
        known = self._rows[label]
        placed = known.filter(known["row"].is_in(list(numbers)))
        found = dict(zip(placed["row"].to_list(), placed["id"].to_list(), strict=True))
        unplaced = self._unplaced[label].items()
        return found | {number: id_ for id_, number in unplaced if number in numbers}

    def clear(self) -> None:
        """Let all ids go."""
        self._rows.clear()
        self._unplaced.clear()


class CheckedRows:
    """The right rows of a table by column, and in numbers, each made when it is first asked for."""

    def __init__(self, reader: TableReader, frame: pl.DataFrame, ids: Ids) -> None:
        self.reader = reader
        self._frame = frame
        self._ids = ids
        self._rows: dict[str, Numbers] = {}
        self.numbers: Numbers = frame[NUMBER].to_numpy()
        self.ids = self._all_ids()

    def _all_ids(self) -> pl.Series:
        """Return the id of each row; where no row has one of its own, what makes it known."""
        key = self.reader.key
        if "id" not in self.reader.at:
            texts = (pl.col(name).cast(pl.String).fill_null("\x00") for name, _ in key)
            return self._frame.select(pl.concat_str(texts, separator="\x1f")).to_series()
        own = self._frame["id"]
        if not own.null_count():
            return own
        keys = self._frame.filter(own.is_null()).select(name for name, _ in key).rows()
        derived = iter(map(self.reader.derived_id, keys))
        ids = [next(derived) if id_ is None else id_ for id_ in own.to_list()]
        return pl.Series(ids, dtype=pl.String)

    def derived_ids(self, chosen: pl.Series | None = None) -> list[str]:
        """Return the ids under which rows are stored, also where no column holds them."""
        frame = self._frame if chosen is None else self._frame.filter(chosen)
        if "id" in self.reader.at:
            ids = self.ids if chosen is None else self.ids.filter(chosen)
            return ids.to_list()
        keys = frame.select(name for name, _ in self.reader.key).rows()
        return list(map(self.reader.derived_id, keys))

    def first_of(self, ids: pl.Series) -> Numbers:
        """Return for each row the first one of the same id."""
        if ids.n_unique() == len(ids):
            return self.numbers
        first = pl.col("row").first().over("id")
        return pl.DataFrame({"id": ids, "row": self.numbers}).select(first)["row"].to_numpy()

    def those(self, chosen: pl.Series, values: pl.Series) -> Iterator[tuple[int, Any]]:
        """Yield the number and a value of each chosen row."""
        at = np.flatnonzero(marks(chosen))
        return zip(self.numbers[at].tolist(), values.gather(at).to_list(), strict=True)

    def column(self, heading: str) -> pl.Series:
        """Return the values of a column; of one that is absent as if it were empty."""
        if heading in self._frame.columns:
            return self._frame[heading]
        return pl.repeat(None, len(self.numbers), dtype=pl.String, eager=True)

    def rows(self, heading: str) -> Numbers:
        """Give the rows of what a column names; 0 where it stands in none."""
        if heading not in self._rows:
            self._rows[heading] = self._ids.rows(self._label(heading), self.column(heading))
        return self._rows[heading]

    def named(self, heading: str) -> Numbers:
        """Return a number for each different thing that a full column names."""
        rows = self.rows(heading)
        if rows.all():
            return rows
        absent = self.column(heading).filter(pl.Series(rows == 0))
        named = rows.copy()
        named[rows == 0] = self._ids.unplaced(self._label(heading), absent)
        return named

    def are(self, heading: str, values: Collection[str]) -> Marks:
        """Mark where a column has one of some values."""
        return marks(self.column(heading).is_in(list(values)))

    def hold(self, heading: str, values: Collection[str]) -> Marks:
        """Mark where a list has one of some values; a file without the column has none."""
        column = self.column(heading)
        if column.dtype != pl.List:
            return np.zeros(len(column), dtype=bool)
        return marks(column.list.set_intersection(list(values)).list.len() > 0)

    def right(self, bad: set[int]) -> Marks:
        """Mark the rows that are none of the bad ones."""
        return ~np.isin(self.numbers, np.array(sorted(bad), np.int64))

    def _label(self, heading: str) -> str:
        references = self.reader.table.references
        return next(each.label for each in references if each.heading == heading)


def marks(series: pl.Series) -> Marks:
    """Return where a column of yes and no says yes; an empty cell says no."""
    known: Marks = (series.fill_null(False) if series.null_count() else series).to_numpy()
    return known
