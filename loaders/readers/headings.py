"""Which row of a table holds its headings, under title rows and beside merged cells.

A row that names more of the wanted columns than those above it is the heading row. In a merged
heading (a group above several columns) the lower cell counts; where two groups have the same lower
cell, the group stands before it: "导师 开始", "岗位 开始".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from graph.schema import Column, Table
from loaders.readers.cells import Cells, Cleaning, Unreadable, composed
from loaders.readers.merged import Merged, filled

SEARCHED = 20  # rows in which the headings are looked for
_WIDEST = 2_000  # columns
_LEAST_NAMED = 2  # wanted headings that make a second row one of headings


@lru_cache(maxsize=1 << 12)
def normal_heading(text: str) -> str:
    """Return a heading as it is compared: without case, outer blanks and the mark of required."""
    return composed(text).strip().strip("*").strip().casefold().replace(" ", "_")


def known_headings(table: Table) -> dict[str, Column]:
    """Return a table's columns by every heading they may have: its name or title."""
    known: dict[str, Column] = {}
    for title in ("heading", "zh", "en", "formerly"):
        for column in table.file_columns:
            if heading := getattr(column, title, ""):
                known.setdefault(normal_heading(heading), column)
    return known


def heading_row(
    rows: list[Cells], wanted: Collection[str], merged: Sequence[Merged] = ()
) -> int | None:
    """Return the row, from 0, that names the most of the wanted headings; None when none does."""
    best, most = None, 0
    for at, cells in enumerate(rows[:SEARCHED]):
        texts = headings_at(rows, at, merged, grouped=False) if merged else cells
        named = {normal_heading(text) for text in texts if isinstance(text, str)}
        count = len(named.intersection(wanted))
        if count > most:
            best, most = at, count
    return best if best is None else heading_end(best, merged)


def heading_end(at: int, merged: Sequence[Merged]) -> int:
    """Return the last row of a heading whose cells are merged with rows below it."""
    return max((bottom for (top, _), (bottom, _) in merged if top <= at < bottom), default=at)


def implied(rows: Sequence[Cells], wanted: Collection[str]) -> tuple[Merged, ...]:
    """Return the merged cells of two rows of headings that fit into each other; none is a guess.

    The lower row names wanted headings below the blanks of the upper one, and is blank where the
    upper row has a heading of its own.
    """
    known = {*wanted, *(name.rpartition("_")[2] for name in wanted)}  # with its group before it
    for at in range(len(rows) - 1):
        found = _fitting(rows[at], rows[at + 1], at)
        named = [normal_heading(text) for text in rows[at + 1] if isinstance(text, str)]
        if found and sum(name in known for name in named) >= _LEAST_NAMED:
            return tuple(found)
    return ()


def _fitting(upper: Cells, lower: Cells, at: int) -> list[Merged]:
    width = max(len(upper), len(lower))
    above = [*upper, *[None] * (width - len(upper))]
    below = [*lower, *[None] * (width - len(lower))]
    found: list[Merged] = []
    group: int | None = None
    for column in range(width):
        if above[column] and not below[column]:
            found.append(((at, column), (at + 1, column)))
            group = None
        elif above[column]:
            group = column
        elif below[column] and group is not None:
            if found and found[-1][0] == (at, group):
                found.pop()
            found.append(((at, group), (at, column)))
        elif below[column]:
            return []
    has_both = {bottom > at for _, (bottom, _) in found} == {True, False}
    singles = {left for (_, left), (_, right) in found if right > left}
    grouped = all(not (above[c] and below[c]) or c in singles for c in range(width))
    return found if has_both and grouped else []


def refuse_wide(cells: Cells) -> None:
    """Refuse a table of more columns than a person can have meant."""
    count = sum(cell is not None for cell in cells)
    if count > _WIDEST:
        raise Unreadable("too-wide", columns=count, most=_WIDEST)


def headings_at(
    rows: list[Cells], at: int, merged: Sequence[Merged] = (), grouped: bool = True
) -> list[str]:
    """Return the headings of a row, with what merged cells above it say."""
    own = [str(cell or "") for cell in rows[at]]
    groups = [""] * len(own)
    for (top, left), (bottom, right) in merged:
        if top <= at and top < len(rows) and left < len(rows[top]) and (right > left or bottom):
            text = str(rows[top][left] or "")
            for column in range(left, min(right + 1, len(own))):
                if bottom >= at:  # it reaches into the heading row: a cell over two rows
                    own[column] = own[column] or text
                elif bottom == at - 1 and right > left:
                    groups[column] = text
    twice = {text for text in own if text and own.count(text) > 1} if len(own) < 500 else set()
    telling = {group for group, text in zip(groups, own, strict=True) if text in twice}
    return [
        f"{group} {text}" if grouped and group and group in telling else text
        for group, text in zip(groups, own, strict=True)
    ]


def under_titles(
    blocks: Iterator[list[Cells]],
    wanted: Collection[str],
    merged: Sequence[Merged] = (),
    cleaning: Cleaning | None = None,
) -> Iterator[list[Cells]]:
    """Blank the title rows above the headings of a table, so that every row keeps its number.

    Where the cells are still to be cleaned, the headings are, and the rows below are not.
    """
    first: list[Any] = next(blocks, [])
    if first:
        top: list[Any] = first[:SEARCHED]
        if cleaning:
            top = [list(map(cleaning.clean, cells)) for cells in top]
        heading = merged or implied(top, wanted)
        at = heading_row(top, wanted, heading)
        if at is not None:
            refuse_wide(top[at])
            headings = [text or None for text in headings_at(top, at, heading)]
            first = [*([] for _ in range(at)), headings, *first[at + 1 :]]
        else:
            refuse_wide(max(top, key=len))
        begin = 0 if at is None else at + 1
        yield from filled(chain([first], blocks), merged, begin)
