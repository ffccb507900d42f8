"""What all layouts share: boxes, places, what is drawn behind them, packing, keeping apart."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

GAP = 14  # between two boxes of a row
PART_GAP = 64  # between two parts that no tie connects
HEADING = 26  # above a group or a year, for its title
ASPECT = 1.9  # width by height of the place where a picture stands

Point = tuple[float, float]
Ties = Iterable[tuple[str, str]]  # from what stands above to what stands below


@dataclass(frozen=True)
class Box:
    """What is drawn for one thing: the mark with its label below it."""

    id: str
    width: float
    height: float


@dataclass(frozen=True)
class Guide:
    """What is drawn behind the marks: a year with its line down, a frame with its title."""

    kind: str  # "year" or "frame"
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Places:
    """Where the middle of each box stands, and what is drawn behind."""

    at: Mapping[str, Point]
    guides: tuple[Guide, ...] = ()


def shelves(sizes: Sequence[tuple[float, float]], aspect: float) -> list[Point]:
    """Stand rectangles side by side on shelves, in their order; give the corner of each.

    >>> shelves([(100, 50), (100, 20)], 4)
    [(0.0, 0.0), (164.0, 0.0)]
    """
    area = sum((width + PART_GAP) * (height + PART_GAP) for width, height in sizes)
    limit = max(math.sqrt(area * aspect), max((width for width, _ in sizes), default=0))
    x = y = shelf = 0.0
    corners = []
    for width, height in sizes:
        if x and x + width > limit:
            x, y, shelf = 0.0, y + shelf + PART_GAP, 0.0
        corners.append((x, y))
        x += width + PART_GAP
        shelf = max(shelf, height)
    return corners


def centred(places: Mapping[str, Point]) -> dict[str, Point]:
    """Move everything so that its middle is the origin, to whole px."""
    if not places:
        return {}
    x, y = middle(places.values())
    return {id_: (round(left - x), round(top - y)) for id_, (left, top) in places.items()}


def middle(points: Iterable[Point]) -> Point:
    """Return the middle of the rectangle around some points.

    >>> middle([(0, 0), (10, 4), (2, 2)])
    (5.0, 2.0)
    """
    xs, ys = zip(*points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def parts(ids: Sequence[str], ties: Ties) -> dict[str, str]:
    """Name for each id the connected part that it is in.

    >>> parts(["a", "b", "c"], [("a", "b")])
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    parent = {each: each for each in ids}

    def root(each: str) -> str:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for a, b in ties:
        parent[root(b)] = root(a)
    return {each: root(each) for each in ids}


def apart(boxes: Sequence[Box], places: Mapping[str, Point]) -> dict[str, Point]:
    """Push boxes that overlap apart, each as little as need be; spread all when that fails."""
    at = {box.id: [float(places[box.id][0]), float(places[box.id][1])] for box in boxes}
    if len(boxes) < 2:
        return {id_: (x, y) for id_, (x, y) in at.items()}
    cell = max(max(box.width, box.height) + GAP for box in boxes)
    _spread(boxes, at)
    for round_ in range(400):
        if not _push(boxes, at, cell):
            break
        if round_ % 20 == 19:
            for point in at.values():
                point[0], point[1] = point[0] * 1.1, point[1] * 1.1
    return {id_: (x, y) for id_, (x, y) in at.items()}


def _spread(boxes: Sequence[Box], at: dict[str, list[float]]) -> None:
    """Widen places that are too near each other for their boxes, before any is pushed."""
    xs, ys = zip(*at.values(), strict=True)
    room = (max(xs) - min(xs) + GAP) * (max(ys) - min(ys) + GAP)
    wanted = _ROOMY * sum((box.width + GAP) * (box.height + GAP) for box in boxes)
    if room < wanted:
        scale = math.sqrt(wanted / room)
        for point in at.values():
            point[0], point[1] = point[0] * scale, point[1] * scale


_ROOMY = 1.6


def _push(boxes: Sequence[Box], at: dict[str, list[float]], cell: float) -> bool:
    """Move every two boxes that overlap half of it each, along the shorter way."""
    grid: dict[tuple[int, int], list[Box]] = defaultdict(list)
    moved = False
    for box in boxes:
        x, y = at[box.id]
        column, row = int(x // cell), int(y // cell)
        for near in [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
            for other in grid.get(near, ()):
                moved = _part_two(box, other, at) or moved
        grid[column, row].append(box)
    return moved


def _part_two(box: Box, other: Box, at: dict[str, list[float]]) -> bool:
    here, there = at[box.id], at[other.id]
    wide = (box.width + other.width) / 2 + GAP / 2 - abs(here[0] - there[0])
    high = (box.height + other.height) / 2 + GAP / 2 - abs(here[1] - there[1])
    if wide <= 0.5 or high <= 0.5:
        return False
    axis, by = (0, wide) if wide < high else (1, high)
    sign = 1 if here[axis] >= there[axis] else -1
    here[axis] += sign * by / 2
    there[axis] -= sign * by / 2
    return True
