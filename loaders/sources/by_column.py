"""The rows of a sheet of texts mapped column after column: every different cell is worked on once.

Gives the same as reading row by row (`loaders.sources.mapping`), which nested cells need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Any

from loaders.checking.columns import Remembered
from loaders.readers.cells import Cells, is_dense
from loaders.sources.description import ROW, ColumnSpec, Condition
from loaders.sources.transforms import REMEMBERS, compiled
from loaders.words import is_empty

if TYPE_CHECKING:
    from loaders.sources.mapping import SheetPart


@dataclass(frozen=True)
class ColumnBlock:
    """Some rows by column, with their numbers."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[Any]]

    def chosen(self, mask: Sequence[Any]) -> ColumnBlock:
        """Return the rows for which the mask is true."""
        if all(mask):
            return self
        numbers = list(compress(self.numbers, mask))
        return ColumnBlock(numbers, [list(compress(column, mask)) for column in self.columns])


Column = Callable[[ColumnBlock], Sequence[Any]]


class ColumnMap:
    """Maps the blocks of one part to the columns of ours."""

    def __init__(self, part: SheetPart, headings: Sequence[str]) -> None:
        self._part = part
        specs = [part.entry.columns.get(heading) for heading in headings]
        known = {repr(spec): _made(part, spec) for spec in specs}
        # Columns that are described alike, as an id and a name often are, are made once.
        self._keys = [repr(spec) for spec in specs]
        self._made = known
        self._conditions = [_mask(part, each) for each in part.entry.keep_if]
        entry = part.entry
        names = {name for spec in specs if spec for name in spec.named}
        for condition in entry.keep_if:
            names |= {condition.column, condition.differs_from or condition.column}
        self._read = sorted({at for at in map(part.find, names) if at is not None})
        is_distinct = entry.distinct and "id" in entry.columns
        self._own_id = _made(part, entry.columns["id"]) if is_distinct else None

    def blocks(self, met: set[Any]) -> Iterator[tuple[Sequence[int], list[Cells], int]]:
        """Yield numbers and mapped rows block by block, and how many rows conditions left out."""
        assert self._part.sheet.blocks
        for first, rows in self._part.sheet.blocks():
            block = self._by_column(first, rows)
            whole = len(block.numbers)
            for mask in self._conditions:
                if block.numbers:
                    block = block.chosen(mask(block))
            left_out = whole - len(block.numbers)
            if self._own_id and block.numbers:
                block = block.chosen(_first(self._own_id(block), met))
            mapped: list[Cells] = []
            if block.numbers:
                made = {key: column(block) for key, column in self._made.items()}
                columns = [made[key] for key in self._keys]
                mapped = list(map(list, zip(*columns, strict=True)))
            yield block.numbers, mapped, left_out

    def _by_column(self, first: int, rows: list[Cells]) -> ColumnBlock:
        """Return the rows that hold anything by column; only columns that are read are cleaned."""
        widths = set(map(len, rows))
        if len(widths) > 1:
            width = max(widths)
            rows = [cells + [None] * (width - len(cells)) for cells in rows]
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        cleaning = self._part.sheet.cleaning
        read = [at for at in self._read if at < len(columns)]
        for at in read if cleaning else ():
            assert cleaning
            cells = columns[at]
            whole = "".join(filter(None, cells))
            columns[at] = cleaning.cleaned(cells, whole, is_dense(whole))
        if read:
            seen = list(map(any, zip(*(columns[at] for at in read), strict=True)))
        else:
            seen = [False] * len(rows)
        if not all(seen):  # what is not read tells whether such a row is blank
            clean = cleaning.clean if cleaning else None
            seen = [
                is_seen or any(map(clean, cells) if clean else cells)
                for is_seen, cells in zip(seen, rows, strict=True)
            ]
        return ColumnBlock(range(first, first + len(rows)), columns).chosen(seen)


def _first(ids: Sequence[Any], met: set[Any]) -> list[bool]:
    """Return which ids were not met before; one that is wrong stays, to be told."""
    mask = []
    for id_ in ids:
        is_text = isinstance(id_, str)
        mask.append(id_ is not None and not (is_text and id_ in met))
        if is_text:
            met.add(id_)
    return mask


def _read(part: SheetPart, name: str) -> Column:
    if name == ROW:
        return lambda block: list(map(str, block.numbers))
    at = part.find(name)
    return lambda block: (
        block.columns[at]
        if at is not None and at < len(block.columns)
        else [None] * len(block.numbers)
    )


def _made(part: SheetPart, spec: ColumnSpec | None) -> Column:
    """Make the function that gives one column of ours."""
    if spec is None:
        return lambda block: [None] * len(block.numbers)
    run = compiled(list(spec.steps))
    if spec.value is not None:
        fixed = str(spec.value)
        value = run(fixed) if run else fixed
        return lambda block: [value] * len(block.numbers)
    reads = [_read(part, name) for name in spec.named]
    read = reads[0]
    if spec.first_of:

        def read(block: ColumnBlock) -> Sequence[Any]:
            columns = (each(block) for each in reads)
            return [
                next((value for value in values if value is not None), None)
                for values in zip(*columns, strict=True)
            ]

    elif spec.parts:
        join = spec.join

        def read(block: ColumnBlock) -> Sequence[Any]:
            columns = (each(block) for each in reads)
            return [
                join.join(filter(None, values)) or None for values in zip(*columns, strict=True)
            ]

    if run is None:
        return read
    step: Callable[[Any], Any] = run
    if not any(name in REMEMBERS for name, _ in spec.steps):
        step = Remembered(run).__getitem__
    return lambda block: list(map(step, read(block)))


def _mask(part: SheetPart, condition: Condition) -> Callable[[ColumnBlock], Sequence[bool]]:
    """Make the function that tells which rows hold what a condition asks for."""
    read = _read(part, condition.column)
    if condition.empty is not None:
        wanted = condition.empty
        says = Remembered(is_empty)
        return lambda block: [says[value] == wanted for value in read(block)]
    if condition.differs_from is not None:
        other = _read(part, condition.differs_from)
        return lambda block: list(map(ne, read(block), other(block)))
    known: Collection[str] = set(condition.is_ or condition.is_not or ())
    is_in = condition.is_ is not None
    return lambda block: [(value in known) == is_in for value in read(block)]
