"""What fits on a sheet of paper: how wide a text is, how many lines it takes, how high a row is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil


@dataclass(frozen=True)
class Fitted:
    """How many rows a sheet holds, and how high a line of them is, in CSS pixels."""

    rows: int
    line: float
    left_out: int


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a size: a Chinese sign is square, a Latin one half of it.

    >>> text_width("副局长", 10), text_width("R21", 10)
    (30.0, 18.0)
    """
    return round(sum(size if ord(sign) > 0x2E7F else size * 0.6 for sign in text), 1)


def line_count(text: str, room: float, size: float) -> int:
    """Return how many lines a text takes; words that break cost a little more than their width.

    >>> [line_count(text, 60, 10) for text in ("", "副局长副局长", "副局长副局长长")]
    [1, 1, 2]
    """
    width = text_width(text, size)
    return 1 if width <= room else max(2, ceil(width * 1.1 / room))


def most_lines(cells: Iterable[tuple[str, float]], size: float) -> int:
    """Return how many lines a row takes whose cells have these texts and rooms."""
    return max((line_count(text, room, size) for text, room in cells), default=1)


def fitted(lines: Sequence[int], room: float, tallest: float, least: float) -> Fitted:
    """Return how many rows fit into a room, and how high a line of theirs then is.

    Lines are as high as the room allows, between a least height and the tallest one.

    >>> fitted([1, 1, 2], 100, 26, 13)
    Fitted(rows=3, line=25.0, left_out=0)
    >>> fitted([1] * 10, 100, 26, 13)
    Fitted(rows=7, line=14.2, left_out=3)
    >>> fitted([], 100, 26, 13)
    Fitted(rows=0, line=26, left_out=0)
    """
    kept = sum(total * least <= room for total in accumulate(lines))
    total = sum(lines[:kept])
    line = min(tallest, int(room / total * 10) / 10) if total else tallest
    return Fitted(kept, line, len(lines) - kept)
