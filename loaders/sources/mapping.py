"""The rows of foreign files as the raw tables of a data set, block by block, as they are described.

What comes out is read, checked and stored like any other data set. A step that cannot take a cell
leaves `Wrong` in its place, which the check of the row tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.schema import Table
from graph.upsert import BATCH
from loaders.problems import Findings, Place
from loaders.readers.cells import Cells, Unreadable, cell
from loaders.readers.headings import normal_heading
from loaders.readers.sheets import Sheet
from loaders.sources.by_column import ColumnMap
from loaders.sources.description import ROW, ColumnSpec, Condition, Each, FileEntry, FileSpec
from loaders.sources.ends import Ends
from loaders.sources.places import Origins, SourcePlace
from loaders.sources.transforms import compiled
from loaders.words import is_empty

Get = Callable[[int, Cells], Any]  # number of the row, its cells -> a value


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

    def get(self, name: str) -> Get:
        """Make the function that reads a column; `a.b` is the part b of the object in a."""
        if name == ROW:
            return lambda number, cells: str(number)
        at = self.find(name)
        if at is not None:
            return lambda number, cells: cells[at] if at < len(cells) else None
        outer = self._outer(name)
        if outer is None:
            return lambda number, cells: None
        keys = name.split(".")[1:]

        def inner(number: int, cells: Cells) -> Any:
            value = cells[outer]
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            return value

        return inner

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

    def value(self, spec: ColumnSpec) -> Get:
        """Make the function that gives one column of ours."""
        run = compiled(list(spec.steps))
        if spec.value is not None:
            fixed = str(spec.value)
            made = run(fixed) if run else fixed
            return lambda number, cells: made
        gets = [self.get(name) for name in spec.named]
        if spec.first_of:
            read: Get = lambda number, cells: next(  # noqa: E731
                (value for get in gets if (value := get(number, cells)) is not None), None
            )
        elif spec.parts:
            join = spec.join

            def read(number: int, cells: Cells) -> Any:
                texts = [_text(get(number, cells)) for get in gets]
                return join.join(text for text in texts if text) or None

        else:
            read = gets[0]
        if not self.sheet.is_nested:
            return (lambda number, cells: run(read(number, cells))) if run else read
        if run:
            return lambda number, cells: run(_flat(read(number, cells)))
        return lambda number, cells: _flat(read(number, cells))


def _flat(value: Any) -> Any:
    return cell(value) if isinstance(value, list | dict) else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None if value is None else str(value)


def keeps(part: SheetPart, condition: Condition) -> Callable[[int, Cells], bool]:
    """Make the function that tells whether a row holds what a condition asks for."""
    get = part.get(condition.column)
    if condition.empty is not None:
        wanted = condition.empty
        return lambda number, cells: is_empty(get(number, cells)) == wanted
    if condition.differs_from is not None:
        other = part.get(condition.differs_from)
        return lambda number, cells: get(number, cells) != other(number, cells)
    known, is_in = set(condition.is_ or condition.is_not or ()), condition.is_ is not None
    return lambda number, cells: (_text(_flat(get(number, cells))) in known) == is_in


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

    def blocks(self) -> Iterator[list[Cells]]:
        """Yield the rows from the heading row on, each time anew."""
        row = 1
        if self._parts:
            self._origins.note(row, 0, max(self._parts[0].sheet.heading_row, 1))
        block: list[Cells] = [list(self.headings)]
        met: set[Any] = set()
        for at, part in enumerate(self._parts):
            try:
                for numbers, rows in self._rows(part, met):
                    self._origins.note_all(row + 1, at, numbers)
                    row += len(rows)
                    block += rows
                    while len(block) >= BATCH:
                        yield block[:BATCH]
                        block = block[BATCH:]
            except Unreadable as error:
                if block:
                    yield block
                self._origins.note(row + 1, at, error.row or 1)
                raise Unreadable(error.code, row + 1, **error.details) from None
        for values in self._ends.created(self.table.label, self.headings):
            row += 1
            block.append(values)
            if len(block) == BATCH:
                yield block
                block = []
        if block:
            yield block

    def raw_rows(self) -> Iterator[Cells]:
        """Yield the rows alone, for those who look for ids; no problem is told."""
        met: set[Any] = set()
        for part in self._parts:
            for _, rows in self._rows(part, met, is_quiet=True):
                yield from rows

    def _rows(
        self, part: SheetPart, met: set[Any], is_quiet: bool = False
    ) -> Iterator[tuple[Sequence[int], list[Cells]]]:
        """Yield the rows of one sheet, mapped, block by block with their numbers there."""
        entry = part.entry
        policies = [
            (self.headings.index(heading), heading, policy)
            for heading, policy in entry.missing.items()
            if policy != "error" and heading in self.headings
        ]
        left_out = 0
        is_by_column = part.sheet.blocks and not entry.each
        mapped = ColumnMap(part, self.headings).blocks(met) if is_by_column else None
        for numbers, rows, count in mapped or self._row_by_row(part, met):
            left_out += count
            if policies:
                both = zip(numbers, rows, strict=True)
                kept = [each for each in both if self._has_ends(part, *each, policies, is_quiet)]
                numbers, rows = [number for number, _ in kept], [values for _, values in kept]
            if rows:
                yield numbers, rows
        if left_out and not is_quiet:
            self._tell(("left-out", id(part)), entry.left_out, part.place, count=left_out)

    def _row_by_row(
        self, part: SheetPart, met: set[Any]
    ) -> Iterator[tuple[Sequence[int], list[Cells], int]]:
        """Yield numbers and mapped rows, and how many rows conditions left out."""
        entry = part.entry
        # Columns that are described alike, as an id and a name often are, are read once.
        specs = [entry.columns.get(heading) for heading in self.headings]
        known = list(dict.fromkeys(map(repr, specs)))
        places = [known.index(repr(spec)) for spec in specs]
        by_repr = {repr(spec): part.value(spec) if spec else _nothing for spec in specs}
        columns = [by_repr[each] for each in known]
        conditions = [keeps(part, condition) for condition in entry.keep_if]
        own_id = (
            part.value(entry.columns["id"]) if entry.distinct and "id" in entry.columns else None
        )
        numbers: list[int] = []
        rows: list[Cells] = []
        left_out = 0
        try:
            for number, cells in _each(part) if entry.each else part.sheet.rows():
                if not any(cells):
                    continue
                if conditions and not all(holds(number, cells) for holds in conditions):
                    left_out += 1
                    continue
                if own_id is not None:
                    id_ = own_id(number, cells)
                    if id_ is None or (isinstance(id_, str) and id_ in met):
                        continue
                    if isinstance(id_, str):  # else it is wrong, and told
                        met.add(id_)
                made = [column(number, cells) for column in columns]
                numbers.append(number)
                rows.append([made[place] for place in places])
                if len(rows) == BATCH:
                    yield numbers, rows, left_out
                    numbers, rows, left_out = [], [], 0
        except Unreadable:  # what came before it is told too
            yield numbers, rows, left_out
            raise
        yield numbers, rows, left_out

    def _has_ends(
        self,
        part: SheetPart,
        number: int,
        values: Cells,
        policies: Sequence[tuple[int, str, str]],
        is_quiet: bool,
    ) -> bool:
        for at, heading, policy in policies:
            value = values[at]
            if not isinstance(value, str) or policy == "create" or is_quiet:
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


def _nothing(number: int, cells: Cells) -> None:
    return None


def _each(part: SheetPart) -> Iterator[tuple[int, Cells]]:
    """Return a row for each value of the columns that hold several."""
    rows = part.sheet.rows()
    for each in part.entry.each:
        rows = _apart(part, each, rows)
    return rows


def _apart(
    part: SheetPart, each: Each, rows: Iterator[tuple[int, Cells]]
) -> Iterator[tuple[int, Cells]]:
    at, get = part.find(each.column), part.get(each.column)
    between = re.compile("|".join(map(re.escape, each.by)), re.IGNORECASE)
    for number, cells in rows:
        value = get(number, cells)
        if isinstance(value, str):
            items: list[Any] = [text.strip() for text in between.split(value)]
        else:
            items = value if isinstance(value, list) else [value]
        for item in items:
            if item not in (None, ""):
                copy = list(cells)
                if at is not None:
                    copy[at] = item if isinstance(item, dict | list) else cell(item)
                yield number, copy
