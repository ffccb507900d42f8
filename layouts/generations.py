"""Where the marks of a network stand: computed here, so the same view always opens the same way.

Mentors stand above trainees. Each connected part is laid out by Graphviz' dot; people who have the
same mentors and trainees stand together as a block; a generation that is too wide for a screen is
folded into several rows; the parts are then packed side by side. A network too large for dot gets
a tidy layout of our own in linear time. Cycles are allowed.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from layouts import graphviz
from layouts.boxes import ASPECT, GAP, Box, Places, Point, Ties, centred, shelves
from layouts.boxes import parts as connected

__all__ = ["generation_layout"]

ROW_GAP = 46  # between two rows: room for the ties to be told apart
ALWAYS_FITS = 1000  # a part narrower than this is never folded
BLOCK = 6  # as many people with the same ties stand as a block
MOST_FOLDS = 8
DOT_NODES = 2000
DOT_TIES = 6000


@dataclass
class TwinBlock:
    """Boxes of the same ties that stand together, in rows, as one thing to lay out."""

    members: list[Box]
    columns: int = 1
    x: float = 0
    y: float = 0
    cell: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        self.cell = (
            max(box.width for box in self.members) + GAP,
            max(box.height for box in self.members) + ROW_GAP / 2,
        )

    @property
    def rows(self) -> int:
        return math.ceil(len(self.members) / self.columns)

    @property
    def width(self) -> float:
        # every second row is shifted by half a cell, so that ties pass between the marks
        return self.cell[0] * (self.columns + (0.5 if self.rows > 1 else 0)) - GAP

    @property
    def height(self) -> float:
        return self.cell[1] * self.rows - ROW_GAP / 2

    def positions(self) -> dict[str, Point]:
        """Return the middle of each member's box."""
        left, top = self.x - self.width / 2, self.y - self.height / 2
        places = {}
        for at, box in enumerate(self.members):
            row, column = divmod(at, self.columns)
            shift = self.cell[0] / 2 if row % 2 else 0
            places[box.id] = (
                left + shift + column * self.cell[0] + (self.cell[0] - GAP) / 2,
                top + row * self.cell[1] + box.height / 2,
            )
        return places


def generation_layout(boxes: Sequence[Box], ties: Ties, *, aspect: float = ASPECT) -> Places:
    """Place every box with mentors above trainees; no two boxes overlap.

    `ties` go from mentor to trainee. The order of `boxes` decides between equals, so the same
    input gives the same picture. `aspect` is the width by height that the picture should have.

    >>> boxes = [Box("mentor", 40, 40), Box("a", 40, 40), Box("b", 40, 40)]
    >>> at = generation_layout(boxes, [("mentor", "a"), ("mentor", "b")]).at
    >>> at["a"][1] == at["b"][1] > at["mentor"][1]
    True
    """
    known = {box.id for box in boxes}
    clean = list(dict.fromkeys((a, b) for a, b in ties if a != b and a in known and b in known))
    part_of = connected([box.id for box in boxes], clean)
    inside: dict[str, tuple[list[Box], list[tuple[str, str]]]] = defaultdict(lambda: ([], []))
    for box in boxes:
        inside[part_of[box.id]][0].append(box)
    for tie in clean:
        inside[part_of[tie[0]]][1].append(tie)
    alone = [members[0] for members, _ in inside.values() if len(members) == 1]
    found = [_part(*each, aspect) for each in inside.values() if len(each[0]) > 1]
    if alone:
        found.append(_part(alone, [], aspect))
    return Places(_pack(found, aspect))


def _part(boxes: list[Box], ties: list[tuple[str, str]], aspect: float) -> list[TwinBlock]:
    """Lay out one connected part; the blocks come back with their places."""
    blocks = _blocks(boxes, ties)
    at = {box.id: index for index, block in enumerate(blocks) for box in block.members}
    edges = Counter((at[a], at[b]) for a, b in ties)  # how many ties each one stands for
    if len(blocks) == 1:
        return blocks
    if len(blocks) <= DOT_NODES and len(edges) <= DOT_TIES:
        rows = _dot(blocks, edges)
    else:
        rows = _tidy(blocks, list(edges))
    _fold(rows, aspect)
    return blocks


def _blocks(boxes: list[Box], ties: list[tuple[str, str]]) -> list[TwinBlock]:
    """Put people of the same mentors and trainees together where there are many of them."""
    mentors: dict[str, set[str]] = defaultdict(set)
    trainees: dict[str, set[str]] = defaultdict(set)
    for a, b in ties:
        mentors[b].add(a)
        trainees[a].add(b)
    twins: dict[tuple[frozenset[str], frozenset[str]], list[Box]] = defaultdict(list)
    for box in boxes:
        twins[frozenset(mentors[box.id]), frozenset(trainees[box.id])].append(box)
    blocks = []
    for group in twins.values():
        if len(group) < BLOCK:
            blocks += [TwinBlock([box]) for box in group]
            continue
        block = TwinBlock(group)
        block.columns = max(4, round(math.sqrt(len(group) * 2.4 * block.cell[1] / block.cell[0])))
        block.columns = min(block.columns, len(group))
        blocks.append(block)
    return blocks


# --- rows of a part: by dot, or by ourselves when it is too large for dot


def _dot(blocks: list[TwinBlock], edges: Counter[tuple[int, int]]) -> list[list[TwinBlock]]:
    """Ask dot for the generations, their order and the horizontal places."""
    places = graphviz.place(
        "dot",
        [(block.width, block.height) for block in blocks],
        edges,  # a mentor stands over the most trainees
        rankdir="TB",
        nodesep=f"{GAP / 72}",
        ranksep="0.6",
        # rounds of its search: the last few crossings of a large picture are not worth the wait
        mclimit=f"{min(1, 60 / len(blocks)):.3f}",
        nslimit=f"{min(10, 300 / len(blocks)):.3f}",
    )
    rows: dict[float, list[TwinBlock]] = defaultdict(list)
    for block, (x, y) in zip(blocks, places, strict=True):
        block.x = x
        rows[round(y, 1)].append(block)
    return [sorted(rows[y], key=lambda block: block.x) for y in sorted(rows)]


def _tidy(blocks: list[TwinBlock], edges: list[tuple[int, int]]) -> list[list[TwinBlock]]:
    """Place generations in linear time: each subtree beside the next, a mentor above the middle."""
    count = len(blocks)
    down: list[list[int]] = [[] for _ in range(count)]
    up: list[list[int]] = [[] for _ in range(count)]
    for a, b in _without_cycles(count, edges):
        down[a].append(b)
        up[b].append(a)
    order, level = _levels(count, down, up)
    for index in order:  # a mentor without mentors stands just above the first trainee
        if not up[index] and down[index]:
            level[index] = min(level[child] for child in down[index]) - 1
    lowest = min(level)
    children: list[list[int]] = [[] for _ in range(count)]
    roots = []
    for index in order:
        if up[index]:
            children[max(up[index], key=lambda mentor: (level[mentor], -mentor))].append(index)
        else:
            roots.append(index)
    width = [block.width + GAP for block in blocks]
    for index in reversed(order):
        width[index] = max(width[index], sum(width[child] for child in children[index]))
    left = 0.0
    starts = {}
    for root in roots:
        starts[root] = left
        left += width[root]
    for index in order:  # a mentor comes before the trainees in this order
        blocks[index].x = starts[index] + width[index] / 2
        inner = starts[index] + (width[index] - sum(width[c] for c in children[index])) / 2
        for child in children[index]:
            starts[child] = inner
            inner += width[child]
    rows: dict[int, list[TwinBlock]] = defaultdict(list)
    for index, block in enumerate(blocks):
        rows[level[index] - lowest].append(block)
    return [sorted(rows[each], key=lambda block: block.x) for each in sorted(rows)]


def _without_cycles(count: int, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the ties that close a cycle, found by a walk in depth without recursion."""
    down: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        down[a].append(b)
    state = [0] * count  # 1: on the way here, 2: done
    kept = []
    for start in range(count):
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(down[start]))]
        while way:
            here, rest = way[-1]
            for there in rest:
                if state[there] == 1:
                    continue
                kept.append((here, there))
                if not state[there]:
                    state[there] = 1
                    way.append((there, iter(down[there])))
                    break
            else:
                state[here] = 2
                way.pop()
    return kept


def _levels(count: int, down: list[list[int]], up: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return an order with mentors first, and each one's longest way from above."""
    level = [0] * count
    waiting = [len(mentors) for mentors in up]
    order = [index for index in range(count) if not waiting[index]]
    for index in order:  # it grows while it is read
        for child in down[index]:
            level[child] = max(level[child], level[index] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    return order, level


# --- rows to places


def _fold(rows: list[list[TwinBlock]], aspect: float) -> None:
    """Set the final places: fold wide generations into several rows until the part has a shape
    that a screen can show, then take every overlap away."""
    if not rows:
        return
    given = {id(block): block.x for row in rows for block in row}
    for folds in range(1, MOST_FOLDS + 1):
        top = 0.0
        left, right = math.inf, -math.inf
        for row in rows:
            for line in _lines(row, given, folds):
                _spread(line)
                tallest = max(block.height for block in line)
                for block in line:
                    block.y = top + block.height / 2  # the marks of a row stand on one line
                top += tallest + ROW_GAP
                left = min(left, line[0].x - line[0].width / 2)
                right = max(right, line[-1].x + line[-1].width / 2)
        width, height = right - left, top - ROW_GAP
        if width <= ALWAYS_FITS or width <= 1.3 * aspect * height:
            return


def _lines(row: list[TwinBlock], given: dict[int, float], folds: int) -> list[list[TwinBlock]]:
    """Deal a generation, pressed together `folds` times, over as few rows as hold it."""
    for block in row:
        block.x = given[id(block)] / folds
    for count in range(1, folds + 1):
        lines = [row[start::count] for start in range(count)]
        if all(_fits(line) for line in lines):
            return lines
    return [line for line in (row[start::folds] for start in range(folds)) if line]


def _fits(line: list[TwinBlock]) -> bool:
    return all(
        one.x + one.width / 2 + GAP <= other.x - other.width / 2 + 0.01
        for one, other in pairwise(line)
    )


def _spread(line: list[TwinBlock]) -> None:
    """Push blocks that overlap apart, moving the row as a whole as little as one can."""
    if not line or _fits(line):
        return
    wished = sum(block.x for block in line) / len(line)
    for one, other in pairwise(line):
        other.x = max(other.x, one.x + (one.width + other.width) / 2 + GAP)
    shift = wished - sum(block.x for block in line) / len(line)
    for block in line:
        block.x += shift


def _pack(parts: list[list[TwinBlock]], aspect: float) -> dict[str, Point]:
    """Stand the parts side by side on shelves, in their order, around the origin."""
    sized = []
    for part in parts:
        left = min(block.x - block.width / 2 for block in part)
        right = max(block.x + block.width / 2 for block in part)
        top = min(block.y - block.height / 2 for block in part)
        bottom = max(block.y + block.height / 2 for block in part)
        sized.append((part, left, top, right - left, bottom - top))
    places: dict[str, Point] = {}
    corners = shelves([(width, height) for *_, width, height in sized], aspect)
    for (part, left, top, _width, _height), (x, y) in zip(sized, corners, strict=True):
        for block in part:
            block.x += x - left
            block.y += y - top
            places.update(block.positions())
    return centred(places)
