"""Raw rows -> typed rows: the headings of one file, and its blocks judged column by column.

A typed row is a tuple in the order of the file's columns: text, integers, dates as ISO text of the
precision given, lists as tuples, None for an empty cell. What one cell means is told in
`columns.py`, what rows say of each other in `checks.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.programme import EMPTY_PROGRAMME, Programme
from graph.schema import Column, Property, Reference
from loaders.checking import values
from loaders.checking.columns import (
    ColumnJudge,
    JudgedColumn,
    Marks,
    judge_of,
    looked_for,
    type_of,
)
from loaders.checking.odd_dates import OddDates
from loaders.problems import Findings, Wrong
from loaders.readers import LostZero, RawTable, Unreadable, known_headings, normal_heading
from loaders.readers.blocks import MAY_NEED_CLEANING, Block, pl

Row = tuple[Any, ...]
Numbers = npt.NDArray[np.int64]
WrongCell = tuple[int, int, Any]  # places of its row and column in a block, and what it holds


def picker(places: list[int]) -> Callable[[Row], Row]:
    """Return the function that takes the cells at some places out of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple([row[place] for place in places])


@dataclass(frozen=True)
class Batch:
    """Some rows that are right in themselves, by column, and the ones that are not."""

    numbers: Numbers  # row numbers as a spreadsheet shows them
    failed: list[tuple[int, str | None]]  # number and, as far as it can be read, id
    columns: list[pl.Series | None]  # None where a file has a column that nobody knows

    @cached_property
    def rows(self) -> list[Row]:
        """Return the right rows."""
        nothing = [None] * len(self.numbers)
        listed = (nothing if each is None else _listed(each) for each in self.columns)
        return list(zip(*listed, strict=True))


def _listed(column: pl.Series) -> list[Any]:
    values = column.to_list()
    if column.dtype == pl.List:
        return [value if value is None else tuple(value) for value in values]
    return values


def _refuse(_cell: Any) -> None:
    raise ValueError("nothing belongs here")


class TableReader:
    """Reads one table: its headings at once, then its rows in batches.

    `at` gives the place of each known column in a row. Problems go into the findings.
    """

    def __init__(
        self, raw: RawTable, findings: Findings, programme: Programme = EMPTY_PROGRAMME
    ) -> None:
        self.raw = raw
        self.table = raw.table
        self.at: dict[str, int] = {}
        self.is_usable = False  # it can be read to its end and no required column is missing
        self._findings = findings
        self._programme = programme
        self._headings: list[str] = []
        self.left_out: list[str] = []  # headings of columns that somebody does not want
        self._columns: list[Column | None] = []
        self._heading_row = 1
        self._read_headings()
        pairs = zip(self._columns, self._headings, strict=True)
        self._judges = [self._judge(*each) for each in pairs]
        self._surplus = self._judge(None, "")
        names = [c.heading for c in self.table.columns if c.key and c.heading in self.at]
        self.key = [(name, self.at[name]) for name in names]  # what makes a row without id known
        self._key = picker([place for _, place in self.key])
        self._id_place = self.at.get("id")
        # An id is derived from a text like `mentor=m<US>trainee=t`.
        self._key_text = "\x1f".join(f"{name}=%s" for name in names)

    def _judge(self, column: Column | None, heading: str) -> ColumnJudge:
        cleaning = self.raw.cleaning
        if column is not None:
            pattern = looked_for(column, self._programme)
            judge = judge_of(column, self._programme)
            return ColumnJudge(judge, type_of(column), pattern, cleaning)
        if heading:
            return ColumnJudge(lambda cell: None, "text", MAY_NEED_CLEANING, cleaning)
        return ColumnJudge(_refuse, "text", None, cleaning)

    def heading(self, column: str) -> str:
        """Return a column's heading as the file writes it."""
        return self._headings[self.at[column]] if column in self.at else column

    def id(self, row: Row) -> str:
        """Return a row's id: its own, or one derived from its key, the same one each time."""
        if self._id_place is not None and row[self._id_place] is not None:
            return row[self._id_place]
        return self.derived_id(self._key(row))

    def derived_id(self, values: Row) -> str:
        """Return the id that the columns of the key make."""
        if None in values:  # a column that is absent and one that is empty make the same id
            both = zip(self.key, values, strict=True)
            key = "\x1f".join(f"{name}={value}" for (name, _), value in both if value is not None)
        else:
            key = self._key_text % values
        return f"{self.table.name}-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"

    def batches(self) -> Iterator[Batch]:
        """Read the rows; blank ones are passed over."""
        odd = OddDates(self.table, self.at)
        try:
            row = 1
            for block in self.raw.blocks() if self.is_usable else ():
                above = min(max(0, self._heading_row + 1 - row), block.height)
                batch = self._judged(row + above, block.without_first(above))
                row += block.height
                if len(batch.numbers):
                    odd.open_ends(batch.numbers, batch.columns)
                if len(batch.numbers) or batch.failed:
                    yield batch
        except Unreadable as error:
            self.is_usable = False
            self._findings.add(error.code, self.raw.place.at(error.row), **error.details)
        odd.tell(self._findings, self.raw.place, self.heading)

    def _judged(self, first: int, block: Block) -> Batch:
        judges = [*self._judges, *[self._surplus] * (len(block.columns) - len(self._judges))]
        judged = [judge.judged(block, at) for at, judge in enumerate(judges)]
        filled = np.zeros(block.height, bool)
        for each in judged:
            filled |= ~each.empty
        wrong = self._wrong(judged, filled)
        right = filled.copy()
        right[[row for row, _, _ in wrong]] = False
        self._explain_all(first, wrong)
        numbers = np.arange(first, first + block.height)[right]
        failed = [
            (first + row, self._own_id(judged, row)) for row in sorted({row for row, _, _ in wrong})
        ]
        known = zip(self._columns, judged, strict=False)
        columns = [None if column is None else each.values for column, each in known]
        if not right.all():
            marks = pl.Series(right)
            columns = [None if each is None else each.filter(marks) for each in columns]
        return Batch(numbers, failed, columns)

    def _wrong(self, judged: list[JudgedColumn], filled: Marks) -> list[WrongCell]:
        """Return the wrong cells of a block: as they are found, or empty where they must not be."""
        wrong: list[WrongCell] = []
        for at, each in enumerate(judged):
            column = self._columns[at] if at < len(self._columns) else None
            wrong += ((row, at, cell) for row, cell in each.wrong.items() if filled[row])
            if column is not None and column.required and each.empty.any():
                places = np.flatnonzero(each.empty & filled).tolist()
                wrong += ((row, at, None) for row in places if row not in each.wrong)
        return wrong

    def _explain_all(self, first: int, wrong: list[WrongCell]) -> None:
        width = len(self._columns)
        surplus: dict[int, Any] = {}
        for row, at, cell in sorted(wrong, key=itemgetter(0, 1)):
            if at >= width:
                surplus.setdefault(row, cell)
        for row, cell in surplus.items():
            self._findings.add("surplus-cell", self.raw.place.at(first + row), None, cell)
        for row, at, cell in sorted(wrong, key=itemgetter(0, 1)):
            if at < width:
                self._explain(first + row, at, cell)

    def _own_id(self, judged: list[JudgedColumn], row: int) -> str | None:
        if self._id_place is None:
            return None
        own = judged[self._id_place]
        id_ = own.wrong[row] if row in own.wrong else own.values[row]
        return values.whole_number(id_) if isinstance(id_, str) else None

    def _rows(self) -> Iterator[list[Any]]:
        """Yield the rows from the first one on, as far as the file can be read."""
        try:
            for block in self.raw.blocks():
                yield from block.rows()
        except Unreadable as error:
            self.is_usable = False
            self._findings.add(error.code, self.raw.place.at(error.row), **error.details)

    def _read_headings(self) -> None:
        known = known_headings(self.table)
        without = set(map(normal_heading, self.raw.without))
        cleaning = self.raw.cleaning
        for cells in self._rows():
            if cleaning:
                cells = list(map(cleaning.clean, cells))
            if any(cells):
                self._headings = [str(cell or "") for cell in cells]
                break
            self._heading_row += 1
        while self._headings and not self._headings[-1]:
            self._headings.pop()
        place = self.raw.place.at(self._heading_row)
        for heading in self._headings:
            column = known.get(normal_heading(heading))
            if column is None and heading and normal_heading(heading) in without:
                self.left_out.append(heading)
            elif column is None and heading:
                hint = self._findings.nearest(normal_heading(heading), known)
                self._findings.add(
                    "unknown-column", place, heading, heading, table=self.table.name, hint=hint
                )
            elif column and column.heading in self.at:
                self._findings.add("duplicate-column", place, heading, heading, name=column.heading)
                column = None
            elif column:
                self.at[column.heading] = len(self._columns)
            self._columns.append(column)
        missing = [c for c in self.table.columns if c.required and c.heading not in self.at]
        if not self._headings:  # a file without a single cell is an empty table, and no mistake
            missing = []
        for each in missing:
            self._findings.add("missing-column", place, each.heading, zh=each.zh)
        self.is_usable = not missing

    def _explain(self, row: int, place: int, value: Any) -> None:
        """Say what is wrong with one cell."""
        column = self._columns[place]
        details: dict[str, Any] = {}
        word = self._findings.word
        if isinstance(value, Wrong):
            code, details = value.code, value.details
        elif column is None:
            code = "surplus-cell"
        elif value is None:
            code = "missing-id" if column.heading == "id" else "missing-value"
        elif column.type == "date":
            code = "january-or-october" if isinstance(value, LostZero) else "bad-date"
        elif column.type == "integer":
            code = "bad-number"
            least = column.at_least if isinstance(column, Property) else None
            details["bound"] = "" if least is None else word("not-less", least=least)
        elif isinstance(column, Property) and column.type == "number":
            code = "bad-amount"
            above = column.above is not None
            name, least = ("above", column.above) if above else ("not-less", column.at_least)
            details["bound"] = "" if least is None else word(name, least=least)
        elif (
            not isinstance(column, Reference)
            and values.is_listed(column)
            and values.is_judged(column, self._programme)
            and isinstance(value, str)
        ):
            code, details = values.unknown(column, self._programme, value, self._findings)
        else:
            code = "bad-value"
            details["hint"] = word("no-control")
        self._findings.add(
            code, self.raw.place.at(row), self._headings[place] or None, value, **details
        )
