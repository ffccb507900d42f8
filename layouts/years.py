"""A layout by years: a column for each, from left to right."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from layouts.boxes import ASPECT, GAP, HEADING, Box, Guide, Places, Point, Ties

__all__ = ["year_layout"]

EMPTY_YEAR = 30  # px that a year without anybody takes


def year_layout(
    boxes: Sequence[Box], ties: Ties, year_of: Mapping[str, int], unknown: str = "?"
) -> Places:
    """Place everybody in the column of a year, near the height of those they are tied to.

    Who has no year stands in a first column titled `unknown`. A year of many is several columns
    side by side; a long silence is drawn short.

    >>> boxes = [Box("a", 40, 40), Box("b", 40, 40), Box("c", 40, 40)]
    >>> places = year_layout(boxes, [("a", "b")], {"a": 2015, "b": 2017})
    >>> [guide.label for guide in places.guides]
    ['?', '2015', '2017']
    >>> sorted(places.at, key=lambda id_: places.at[id_][0])
    ['c', 'a', 'b']
    """
    if not boxes:
        return Places({})
    beside: dict[str, list[str]] = defaultdict(list)
    for a, b in ties:
        beside[a].append(b)
        beside[b].append(a)
    width = sum(box.width + GAP for box in boxes) / len(boxes)
    height = max(box.height for box in boxes) + GAP
    rows = max(4, math.ceil(math.sqrt(len(boxes) * width / height / ASPECT)))
    at: dict[str, Point] = {}
    columns = []  # label, left side, width
    x = 0.0
    gap = 0  # years in a row without anybody
    for year, members in _by_year(boxes, year_of).items():
        if not members:
            gap += 1
            x += EMPTY_YEAR if gap <= 3 else 0
            continue
        gap = 0
        begin = x
        wanted = sorted(members, key=lambda box: (_height_of(beside[box.id], at), box.id))
        for start in range(0, len(wanted), rows):
            column = wanted[start : start + rows]
            wide = max(box.width for box in column) + GAP
            for box, y in zip(column, _heights(column, beside, at, height, rows), strict=True):
                at[box.id] = (x + wide / 2, y)
            x += wide
        x += GAP
        columns.append((unknown if year is None else str(year), begin, x - begin - GAP / 2))
    low = max(y for _, y in at.values()) + height / 2
    high = min(min(y for _, y in at.values()) - height / 2, -rows * height / 2)
    return _moved(at, columns, (x / 2, (low + high) / 2), (high, low))


def _by_year(boxes: Sequence[Box], year_of: Mapping[str, int]) -> dict[int | None, list[Box]]:
    """Return the boxes of every year from the first to the last, of None before them if any."""
    known = [year_of[box.id] for box in boxes if box.id in year_of]
    columns: dict[int | None, list[Box]] = {}
    if len(known) < len(boxes):
        columns[None] = []
    if known:
        columns.update({year: [] for year in range(min(known), max(known) + 1)})
    for box in boxes:
        columns[year_of.get(box.id)].append(box)
    return columns


def _moved(
    at: Mapping[str, Point],
    columns: list[tuple[str, float, float]],
    middle: Point,
    reach: tuple[float, float],
) -> Places:
    """Move everything so that the middle is the origin; `reach` is from the top to the bottom."""
    (x, y), (high, low) = middle, reach
    return Places(
        {id_: (round(a - x), round(b - y)) for id_, (a, b) in at.items()},
        tuple(
            Guide(
                "year",
                label,
                round(begin - x),
                round(high - y - HEADING),
                round(wide),
                round(low - high + HEADING),
            )
            for label, begin, wide in columns
        ),
    )


def _height_of(near: list[str], at: Mapping[str, Point]) -> float:
    placed = [at[id_][1] for id_ in near if id_ in at]
    return sum(placed) / len(placed) if placed else 0.0


def _heights(
    column: list[Box],
    beside: Mapping[str, list[str]],
    at: Mapping[str, Point],
    height: float,
    rows: int,
) -> list[float]:
    """Give each of a column, in its order, a row near the height that it wishes for."""
    taken: list[int] = []
    for number, box in enumerate(column):
        wish = round(_height_of(beside[box.id], at) / height + rows / 2 - 0.5)
        least = taken[-1] + 1 if taken else 0
        most = rows - (len(column) - number)
        taken.append(min(max(wish, least), most))
    return [(row - rows / 2 + 0.5) * height for row in taken]
