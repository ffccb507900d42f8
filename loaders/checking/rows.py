"""Raw rows -> typed rows: pydantic models made from the schema and the headings of one file.

A typed row is a tuple in the order of the file's columns: text, integers, dates as ISO text of the
precision given, lists as tuples, None for an empty cell. Large blocks are judged column by column
(`columns.py`); where something may be wrong, and in small ones, row by row. What rows say of each
other is judged in `checks.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Annotated, Any, Optional

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from graph.dates import is_date
from graph.programme import EMPTY_PROGRAMME, Programme
from graph.schema import Column, Property, Reference
from loaders.checking import values
from loaders.checking.columns import Columns, Typed
from loaders.checking.odd_dates import OddDates
from loaders.problems import Findings, Wrong
from loaders.readers import Cells, LostZero, RawTable, Unreadable, known_headings, normal_heading
from loaders.words import says_open

Row = tuple[Any, ...]
# The number of the first row, how many there are, and they as they are, or by column where they
# are known right. It is made of plain values, so that another process can make it.
Block = tuple[int, int, list[Cells], Typed]

_LARGEST = 2**63 - 1  # both engines keep integers of 64 bits
_FEW = 200  # rows for which making ready to judge columns would cost more than it saves
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[ T]0?0:00(?::00)?)?"
)
_LIST = re.compile("[;；]")


@lru_cache(maxsize=1 << 16)
def normal_date(text: str) -> str:
    """Return a date as ISO text of the precision it has; raise ValueError when it is none.

    >>> normal_date("2017/9/16"), normal_date("2017年9月"), normal_date("2017")
    ('2017-09-16', '2017-09', '2017')
    """
    match = _DATE.fullmatch(text)
    parts = [int(part) for part in match.groups() if part] if match else []
    date = "-".join(f"{part:0{4 if not at else 2}d}" for at, part in enumerate(parts))
    if not is_date(date):
        raise ValueError("not a date")
    return date


def _certain(cell: Any) -> Any:
    if isinstance(cell, LostZero):  # pydantic makes a plain text of it
        raise ValueError("January or October")
    return cell


@lru_cache(maxsize=1 << 16)
def split_list(text: str) -> tuple[str, ...] | None:
    """Split the list inside a cell; None when it holds nothing.

    >>> split_list("law; economics；")
    ('law', 'economics')
    """
    return tuple(filter(None, map(str.strip, _LIST.split(text)))) or None


def picker(places: list[int]) -> Callable[[Row], Row]:
    """Return the function that takes the cells at some places out of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple([row[place] for place in places])


_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
_Date = Annotated[str, BeforeValidator(_certain), AfterValidator(normal_date)]
_Day = Annotated[
    str,
    BeforeValidator(_certain),
    AfterValidator(lambda t: None if values.is_nothing(t) else normal_date(t)),
]
_End = Annotated[
    str,
    BeforeValidator(_certain),
    AfterValidator(lambda t: None if says_open(t) or values.is_nothing(t) else normal_date(t)),
]
_List = Annotated[_Text, AfterValidator(split_list)]


def _cell_type(column: Column, programme: Programme) -> Any:
    """Return the type of a column's cells, as pydantic checks it."""
    kind: Any = {"text": _Text, "date": _Date, "list": _List, "integer": int}[column.type]
    is_judged = not isinstance(column, Reference) and values.is_judged(column, programme)
    if not isinstance(column, Reference) and is_judged and values.is_listed(column):
        kind = Annotated[str, AfterValidator(values.reader_of(column, programme))]
    elif isinstance(column, Property) and is_judged:
        terms = programme.values(column.kinds)
        kind = Annotated[kind, AfterValidator(lambda words: values.listed(words, terms))]
    elif column.type == "date":
        kind = _End if column.heading == "until" else _Day
    elif isinstance(column, Property) and column.type == "integer":
        least = -_LARGEST if column.at_least is None else column.at_least
        kind = Annotated[int, Field(ge=least, le=_LARGEST)]
        if column.heading == "cohort":
            kind = Annotated[kind, BeforeValidator(values.cohort)]
    elif fix := values.fix_of(column):
        kind = Annotated[_Text, AfterValidator(fix.text)]
    return kind if column.required else Optional[kind]  # noqa: UP045 - made at run time


def _is_plain(column: Column, programme: Programme) -> bool:
    """Return whether a column takes any text."""
    return column.type == "text" and not values.is_judged(column, programme)


@dataclass(frozen=True)
class Batch:
    """Some rows that are right in themselves, and the ones that are not.

    They are there as rows and, where there is one, by column; each is made when it is asked for.
    """

    numbers: list[int]  # row numbers as a spreadsheet shows them
    failed: list[tuple[int, str | None]]  # number and, as far as it can be read, id
    by_row: list[Row] | None = None
    by_column: Sequence[Sequence[Any]] | None = None

    @cached_property
    def rows(self) -> list[Row]:
        """Return the right rows."""
        return self.by_row if self.by_row is not None else list(zip(*self.columns, strict=True))

    @cached_property
    def columns(self) -> Sequence[Sequence[Any]]:
        """Return the right rows by column; there is at least one."""
        return self.by_column or list(zip(*self.rows, strict=True))


def _opened(batch: Batch, odd: OddDates) -> Batch:
    """Return a batch with ends that mean no end left open."""
    columns = odd.opened(batch.numbers, batch.columns) if batch.numbers else None
    return Batch(batch.numbers, batch.failed, by_column=columns) if columns else batch


class TableReader:
    """Reads one table: its headings at once, then its rows in batches.

    `at` gives the place of each known column in a row. Problems go into the findings. All columns
    are judged; where `wanted` headings are given, the values of others may come as None.
    """

    def __init__(
        self,
        raw: RawTable,
        findings: Findings,
        programme: Programme = EMPTY_PROGRAMME,
        wanted: Collection[str] | None = None,
    ) -> None:
        self.raw = raw
        self.table = raw.table
        self.at: dict[str, int] = {}
        self.is_usable = False  # it can be read to its end and no required column is missing
        self._findings = findings
        self._programme = programme
        self._wanted = wanted
        self._headings: list[str] = []
        self.left_out: list[str] = []  # headings of columns that somebody does not want
        self._columns: list[Column | None] = []
        self._heading_row = 1
        self._read_headings()
        self._by_column: Columns | None = None
        types = [Any if c is None else _cell_type(c, programme) for c in self._columns]
        for place, heading in enumerate(self._headings):
            if not heading:
                types[place] = None
        row: Any = tuple[tuple(types)]  # type: ignore[misc]
        self._model: TypeAdapter[list[Row]] = TypeAdapter(list[row])
        names = [c.heading for c in self.table.columns if c.key and c.heading in self.at]
        self._key = [(name, self.at[name]) for name in names]
        # Gives what makes a row without an id known.
        self.key: Callable[[Row], Row] = picker([place for _, place in self._key])
        self._id_place = self.at.get("id")
        # An id is derived from a text like `mentor=m<US>trainee=t`.
        self._key_text = "\x1f".join(f"{name}=%s" for name in names)

    def heading(self, column: str) -> str:
        """Return a column's heading as the file writes it."""
        return self._headings[self.at[column]] if column in self.at else column

    def id(self, row: Row) -> str:
        """Return a row's id: its own, or one derived from its key, the same one each time."""
        if self._id_place is not None and row[self._id_place] is not None:
            return row[self._id_place]
        values = self.key(row)
        if None in values:  # a column that is absent and one that is empty make the same id
            parts = [f"{name}={row[place]}" for name, place in self._key if row[place] is not None]
            key = "\x1f".join(parts)
        else:
            key = self._key_text % values
        return f"{self.table.name}-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"

    def keys(self, batch: Batch) -> Iterator[Row]:
        """Return what makes each row of a batch known where it has no id."""
        return zip(*(batch.columns[place] for _, place in self._key), strict=True)

    def batches(self, blocks: Iterator[Block] | None = None) -> Iterator[Batch]:
        """Read the rows; blank ones are passed over. `blocks` are its own, made elsewhere."""
        odd = OddDates(self.table, self.at)
        try:
            for first, count, chunk, columns in self.blocks() if blocks is None else blocks:
                numbers = list(range(first, first + count))
                if columns:
                    nothing = [None] * count
                    given = [nothing if each is None else each for each in columns]
                    yield _opened(Batch(numbers, [], by_column=given), odd)
                elif batch := self._judged(numbers, chunk):
                    yield _opened(batch, odd)
        except Unreadable as error:
            self.is_usable = False
            self._findings.add(error.code, self.raw.place.at(error.row), **error.details)
        odd.tell(self._findings, self.raw.place, self.heading)

    def blocks(self) -> Iterator[Block]:
        """Read the rows and judge them by column, as far as that can be done without findings."""
        row = 1
        for chunk in self.raw.blocks() if self.is_usable else ():
            first, row = row, row + len(chunk)
            if first <= self._heading_row:
                chunk = chunk[self._heading_row + 1 - first :]
                first = self._heading_row + 1
            count = len(chunk)
            is_ready = self._by_column is not None
            if (count >= _FEW or is_ready) and (columns := self._columns_judge().judged(chunk)):
                chunk = []  # cells that only one list has are written faster
                yield first, count, chunk, columns
            elif chunk:
                yield first, count, chunk, []

    def _judged(self, numbers: list[int], chunk: list[Cells]) -> Batch | None:
        if cleaning := self.raw.cleaning:
            chunk = [list(map(cleaning.clean, cells)) for cells in chunk]
        if not all(map(any, chunk)):
            kept = [each for each in zip(numbers, chunk, strict=True) if any(each[1])]
            numbers, chunk = [number for number, _ in kept], [cells for _, cells in kept]
        return self._checked(numbers, chunk) if chunk else None

    def _columns_judge(self) -> Columns:
        if self._by_column is None:
            types = [
                Any
                if c is None
                else None
                if _is_plain(c, self._programme)
                else _cell_type(c, self._programme)
                for c in self._columns
            ]
            fixes = [values.fix_of(c) if c else None for c in self._columns]
            required = [c is not None and c.required for c in self._columns]
            wanted = [
                self._wanted is None or (c is not None and c.heading in self._wanted)
                for c in self._columns
            ]
            self._by_column = Columns(types, fixes, required, wanted, self.raw.cleaning)
        return self._by_column

    def _next(self, blocks: Iterator[list[Cells]]) -> list[Cells]:
        try:
            return next(blocks, [])
        except Unreadable as error:
            self.is_usable = False
            self._findings.add(error.code, self.raw.place.at(error.row), **error.details)
            return []

    def _read_headings(self) -> None:
        known = known_headings(self.table)
        without = set(map(normal_heading, self.raw.without))
        cleaning = self.raw.cleaning
        for cells in self._next(self.raw.blocks()):
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

    def _checked(self, numbers: list[int], chunk: list[Cells]) -> Batch:
        width = len(self._columns)
        wrong: set[int] = set()
        for index, cells in enumerate(chunk):
            if len(cells) != width:
                if any(cells[width:]):
                    wrong.add(index)
                    surplus = next(filter(None, cells[width:]))
                    place = self.raw.place.at(numbers[index])
                    self._findings.add("surplus-cell", place, None, surplus)
                chunk[index] = (cells + [None] * width)[:width]
        try:
            rows = self._model.validate_python(chunk)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                index, column = int(each["loc"][0]), int(each["loc"][1])
                wrong.add(index)
                self._explain(numbers[index], column, each["input"])
            rows = []
        if not wrong:
            return Batch(numbers, [], rows)
        right = [index for index in range(len(chunk)) if index not in wrong]
        rows = self._model.validate_python([chunk[index] for index in right])
        failed = [(numbers[index], self._own_id(chunk[index])) for index in sorted(wrong)]
        return Batch([numbers[index] for index in right], failed, rows)

    def _own_id(self, cells: Cells) -> str | None:
        own = None if self._id_place is None else cells[self._id_place]
        return values.whole_number(own) if isinstance(own, str) else None

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
