"""The rows of foreign files as the raw tables of a data set, block by block, as they are described.

What comes out is read, checked and stored like any other data set. A step that cannot take a cell
leaves `Wrong` in its place, which the check of the row tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from operator import ne
from typing import Any

from graph.schema import Table
from graph.upsert import BATCH
from loaders.problems import Findings, Place
from loaders.readers.blocks import Block, of_columns, of_rows
from loaders.readers.cells import Cells, Unreadable, cell, in_blocks
from loaders.readers.headings import normal_heading
from loaders.readers.sheets import Sheet
from loaders.sources.description import ROW, ColumnSpec, Condition, Each, FileEntry, FileSpec
from loaders.sources.ends import Ends
from loaders.sources.places import Origins, SourcePlace
from loaders.sources.transforms import REMEMBERS, compiled
from loaders.words import is_empty

_REMEMBERED = 1 << 17  # different cells of a column

Columns = list[Sequence[Any]]


@dataclass(frozen=True)
class ColumnBlock:
    """Some rows by column, with their numbers."""

    numbers: Sequence[int]
    columns: Columns

    def column(self, at: int) -> Sequence[Any]:
        """Return a column; one that is absent as if it were empty."""
        return self.columns[at] if at < len(self.columns) else [None] * len(self.numbers)

    def chosen(self, mask: Sequence[Any]) -> ColumnBlock:
        """Return the rows for which the mask is true."""
        if all(mask):
            return self
        numbers = list(compress(self.numbers, mask))
        return ColumnBlock(numbers, [list(compress(column, mask)) for column in self.columns])


Get = Callable[[ColumnBlock], Sequence[Any]]


class Remembered(dict[Any, Any]):
    """What a function makes of each different cell, made when it is first asked for."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: Any) -> Any:
        made = self._make(cell)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = made
        return made


@dataclass
class SheetPart:
    """What one sheet gives to a table: the entry of the description that reads it."""

    entry: FileEntry
    spec: FileSpec
    sheet: Sheet
    place: Place

    def find(self, name: str) -> int | None:
        """Return the place of a column by the name that the description has for it."""
        accepted = [name, *self.spec.headings.get(name, ())]
        own = [normal_heading(heading) for heading in self.sheet.headings]
        for each in accepted:
            wanted = normal_heading(each)
            if wanted in own:
                return own.index(wanted)
        return None

    def has(self, name: str) -> bool:
        """Return whether the sheet has a column, or the object that it is a part of."""
        return name == ROW or self.find(name) is not None or self._outer(name) is not None

    def _outer(self, name: str) -> int | None:
        return self.find(name.split(".")[0]) if "." in name and self.sheet.is_nested else None

    def places(self) -> set[int]:
        """Return the places of the columns that are read."""
        names = {name for spec in self.entry.columns.values() for name in spec.named}
        for condition in self.entry.keep_if:
            names |= {condition.column, condition.differs_from or condition.column}
        names |= {each.column for each in self.entry.each}
        found = (at for name in names for at in (self.find(name), self._outer(name)))
        return {at for at in found if at is not None}

    def get(self, name: str) -> Get:
        """Make the function that reads a column; `a.b` is the part b of the object in a."""
        if name == ROW:
            return lambda block: list(map(str, block.numbers))
        at = self.find(name)
        if at is not None:
            return lambda block: block.column(at)
        outer = self._outer(name)
        if outer is None:
            return lambda block: [None] * len(block.numbers)
        keys = name.split(".")[1:]

        def inner(value: Any) -> Any:
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            return value

        return lambda block: list(map(inner, block.column(outer)))

    def missing_columns(self) -> Iterator[str]:
        """Name the columns that the description reads, does not call optional, and are not here."""
        for heading, spec in self.entry.columns.items():
            if not spec.optional and not any(map(self.has, spec.named)) and spec.named:
                yield spec.named[0]
            elif spec.parts and not spec.optional:
                yield from (name for name in spec.parts if not self.has(name))
            del heading
        for condition in self.entry.keep_if:
            if not self.has(condition.column):
                yield condition.column
        yield from (each.column for each in self.entry.each if not self.has(each.column))

    def gives(self, heading: str) -> bool:
        """Return whether a column of ours gets values from this sheet."""
        spec = self.entry.columns.get(heading)
        if spec is None:
            return False
        return not spec.named or any(map(self.has, spec.named))

    def value(self, spec: ColumnSpec | None) -> Get:
        """Make the function that gives one column of ours."""
        if spec is None:
            return lambda block: [None] * len(block.numbers)
        run = compiled(list(spec.steps))
        if spec.value is not None:
            fixed = str(spec.value)
            made = run(fixed) if run else fixed
            return lambda block: [made] * len(block.numbers)
        gets = [self.get(name) for name in spec.named]
        read = gets[0]
        if spec.first_of:
            read = partial(_rows_of, gets, _first_known)
        elif spec.parts:
            read = partial(_rows_of, gets, partial(_joined, spec.join))
        if self.sheet.is_nested:
            read = partial(_each_flat, read)
        if run is None:
            return read
        if any(name in REMEMBERS for name, _ in spec.steps):
            return lambda block: list(map(run, read(block)))
        once = each_once(run)
        return lambda block: once(read(block))


def each_once(step: Callable[[Any], Any]) -> Callable[[Sequence[Any]], list[Any]]:
    """Make the function that takes a step for every different cell of columns once."""
    known = Remembered(step).__getitem__

    def column(cells: Sequence[Any]) -> list[Any]:
        try:
            return list(map(known, cells))
        except TypeError:  # a list or an object cannot be remembered
            return list(map(step, cells))

    return column


def _rows_of(
    gets: Sequence[Get], made: Callable[[tuple[Any, ...]], Any], block: ColumnBlock
) -> list[Any]:
    return list(map(made, zip(*(get(block) for get in gets), strict=True)))


def _first_known(cells: tuple[Any, ...]) -> Any:
    return next((cell for cell in cells if cell is not None), None)


def _joined(join: str, cells: tuple[Any, ...]) -> str | None:
    return join.join(filter(None, map(_text, cells))) or None


def _each_flat(read: Get, block: ColumnBlock) -> list[Any]:
    return list(map(_flat, read(block)))


def _flat(value: Any) -> Any:
    return cell(value) if isinstance(value, list | dict) else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None if value is None else str(value)


def keeps(part: SheetPart, condition: Condition) -> Callable[[ColumnBlock], Sequence[bool]]:
    """Make the function that tells which rows hold what a condition asks for."""
    get = part.get(condition.column)
    if condition.empty is not None:
        wanted = condition.empty
        says = each_once(is_empty)
        return lambda block: [each == wanted for each in says(get(block))]
    if condition.differs_from is not None:
        other = part.get(condition.differs_from)
        return lambda block: list(map(ne, get(block), other(block)))
    known, is_in = set(condition.is_ or condition.is_not or ()), condition.is_ is not None
    return lambda block: [(_text(_flat(value)) in known) == is_in for value in get(block)]


class _Held:
    """Rows by column until there are enough for a block, as many sheets are short."""

    def __init__(self, width: int) -> None:
        self._columns: list[list[Any]] = [[] for _ in range(width)]
        self._height = 0

    def taken(self, columns: Columns, height: int) -> Iterator[Block]:
        """Take some rows, and yield them with those before when they are many."""
        for held, more in zip(self._columns, columns, strict=True):
            held.extend(more)
        self._height += height
        if self._height >= BATCH:
            yield from self.rest()

    def rest(self) -> Iterator[Block]:
        """Yield what is held, if anything."""
        if self._height:
            yield of_columns(self._columns, self._height)
            self._columns, self._height = [[] for _ in self._columns], 0


class MappedTable:
    """One table of ours made of the sheets that the description names for it."""

    def __init__(
        self, table: Table, parts: list[SheetPart], findings: Findings, ends: Ends
    ) -> None:
        self.table = table
        self.headings = [
            column.heading
            for column in table.columns
            if any(part.gives(column.heading) for part in parts)
        ]
        self._parts = parts
        self._findings = findings
        self._ends = ends
        self._origins = Origins()
        self._told: set[object] = set()
        self._origins.places = [*(part.place for part in parts)]
        shown: dict[str, str] = {}
        for part in parts:
            for heading, spec in part.entry.columns.items():
                named = [name for name in spec.named if part.has(name)]
                at = part.find(named[0]) if named else None
                if at is not None:
                    shown.setdefault(heading, part.sheet.headings[at])
        first = parts[0].place if parts else Place()
        self.place = SourcePlace(first.file, first.sheet, None, self._origins, shown)

    def blocks(self) -> Iterator[Block]:
        """Yield the rows from the heading row on, each time anew."""
        row = 1
        if self._parts:
            self._origins.note(row, 0, max(self._parts[0].sheet.heading_row, 1))
        yield of_rows([list(self.headings)])
        met: set[Any] = set()
        held = _Held(len(self.headings))
        for at, part in enumerate(self._parts):
            try:
                for numbers, columns in self._columns(part, met):
                    self._origins.note_all(row + 1, at, numbers)
                    row += len(numbers)
                    yield from held.taken(columns, len(numbers))
            except Unreadable as error:
                yield from held.rest()
                self._origins.note(row + 1, at, error.row or 1)
                raise Unreadable(error.code, row + 1, **error.details) from None
        for rows in in_blocks(self._ends.created(self.table.label, self.headings)):
            yield from held.taken(list(zip(*rows, strict=True)), len(rows))
        yield from held.rest()

    def given(self, heading: str) -> Iterator[Any]:
        """Yield the cells of a column, for those who look for ids; no problem is told."""
        at = self.headings.index(heading)
        met: set[Any] = set()
        for part in self._parts:
            for _, columns in self._columns(part, met, is_quiet=True):
                yield from columns[at]

    def _columns(
        self, part: SheetPart, met: set[Any], is_quiet: bool = False
    ) -> Iterator[tuple[Sequence[int], Columns]]:
        """Yield the rows of one sheet, mapped, block by block with their numbers there."""
        entry = part.entry
        policies = [
            (self.headings.index(heading), heading, policy)
            for heading, policy in entry.missing.items()
            if policy != "error" and heading in self.headings
        ]
        left_out = 0
        for block, count in self._mapped(part, met):
            left_out += count
            if policies and not is_quiet:
                ends = zip(*(block.columns[at] for at, _, _ in policies), strict=True)
                block = block.chosen(
                    [
                        self._has_ends(part, number, cells, policies)
                        for number, cells in zip(block.numbers, ends, strict=True)
                    ]
                )
            if block.numbers:
                yield block.numbers, block.columns
        if left_out and not is_quiet:
            self._tell(("left-out", id(part)), entry.left_out, part.place, count=left_out)

    def _mapped(self, part: SheetPart, met: set[Any]) -> Iterator[tuple[ColumnBlock, int]]:
        """Yield mapped rows, and how many conditions left out."""
        entry = part.entry
        specs = [entry.columns.get(heading) for heading in self.headings]
        # Columns that are described alike, as an id and a name often are, are made once.
        made = {repr(spec): part.value(spec) for spec in specs}
        conditions = [keeps(part, condition) for condition in entry.keep_if]
        is_distinct = entry.distinct and "id" in entry.columns
        own_id = part.value(entry.columns["id"]) if is_distinct else None
        for block in blocks_of_part(part):
            whole = len(block.numbers)
            for holds in conditions:
                if block.numbers:
                    block = block.chosen(holds(block))
            left_out = whole - len(block.numbers)
            if own_id and block.numbers:
                block = block.chosen(_first(own_id(block), met))
            columns = {key: value(block) for key, value in made.items()}
            yield ColumnBlock(block.numbers, [columns[repr(spec)] for spec in specs]), left_out

    def _has_ends(
        self,
        part: SheetPart,
        number: int,
        cells: Sequence[Any],
        policies: Sequence[tuple[int, str, str]],
    ) -> bool:
        for value, (_, heading, policy) in zip(cells, policies, strict=True):
            if not isinstance(value, str) or policy == "create":
                continue
            label = next(each.label for each in self.table.references if each.heading == heading)
            if not self._ends.has(label, value):
                place = part.place.at(number)
                column = self.place.heading(heading)
                key = (place.file, place.sheet, number, heading)
                self._tell(key, "skipped-row", place, column, value)
                return False
        return True

    def _tell(
        self,
        key: object,
        code: str,
        place: Place,
        column: str | None = None,
        value: Any = None,
        **details: Any,
    ) -> None:
        """Add a finding once, however often the table is read."""
        if key not in self._told:
            self._told.add(key)
            self._findings.add(code, place, column, value, **details)


# --- the rows of a sheet by column ---------------------------------------------------------------


def blocks_of_part(part: SheetPart) -> Iterator[ColumnBlock]:
    """Yield the rows that hold anything, one for each value of the columns that hold several."""
    for block in _of_texts(part) if part.sheet.blocks else _of_rows(part.sheet.rows()):
        for each in part.entry.each:
            block = _apart(part, each, block)
        yield block


def _of_rows(rows: Iterator[tuple[int, Cells]]) -> Iterator[ColumnBlock]:
    numbers: list[int] = []
    held: list[Cells] = []
    try:
        for number, cells in rows:
            if any(cells):
                numbers.append(number)
                held.append(cells)
            if len(held) == BATCH:
                yield _turned(numbers, held)
                numbers, held = [], []
    except Unreadable:  # what came before it is told too
        yield _turned(numbers, held)
        raise
    yield _turned(numbers, held)


def _turned(numbers: list[int], rows: list[Cells]) -> ColumnBlock:
    width = max(map(len, rows), default=0)
    even = ([*cells, *[None] * (width - len(cells))] for cells in rows)
    return ColumnBlock(numbers, list(zip(*even, strict=True)))


def _of_texts(part: SheetPart) -> Iterator[ColumnBlock]:
    """Yield the rows of a sheet of texts; only columns that are read are cleaned."""
    assert part.sheet.blocks
    cleaning, read = part.sheet.cleaning, part.places()
    for first, block in part.sheet.blocks():
        clean = block.cleaned(cleaning, read)
        columns: Columns = [
            clean.cells(at) if at in read else () for at in range(len(clean.columns))
        ]
        filled = _filled(columns, block.height)
        if not all(filled):  # what is not read tells whether such a row is blank
            rest = set(range(len(columns))) - read
            rest_cleaned = block.cleaned(cleaning, rest)
            others = _filled([rest_cleaned.cells(at) for at in rest], block.height)
            filled = list(map(max, filled, others))
        numbers = range(first, first + block.height)
        yield ColumnBlock(numbers, columns).chosen(filled)


def _filled(columns: Collection[Sequence[Any]], height: int) -> list[bool]:
    """Return which rows hold anything in some columns."""
    columns = [column for column in columns if column]
    return list(map(any, zip(*columns, strict=True))) if columns else [False] * height


def _apart(part: SheetPart, each: Each, block: ColumnBlock) -> ColumnBlock:
    at = part.find(each.column)
    between = re.compile("|".join(map(re.escape, each.by)), re.IGNORECASE)
    places: list[int] = []
    items: list[Any] = []
    for place, value in enumerate(part.get(each.column)(block)):
        if isinstance(value, str):
            found: list[Any] = [text.strip() for text in between.split(value)]
        else:
            found = value if isinstance(value, list) else [value]
        given = [item for item in found if item not in (None, "")]
        places += [place] * len(given)
        items += [item if isinstance(item, dict | list) else cell(item) for item in given]
    columns: Columns = [
        [column[place] for place in places] if column else () for column in block.columns
    ]
    if at is not None:
        columns[at] = items
    return ColumnBlock([block.numbers[place] for place in places], columns)


def _first(ids: Sequence[Any], met: set[Any]) -> list[bool]:
    """Return which ids were not met before; one that is wrong stays, to be told."""
    mask = []
    for id_ in ids:
        is_text = isinstance(id_, str)
        mask.append(id_ is not None and not (is_text and id_ in met))
        if is_text:
            met.add(id_)
    return mask
