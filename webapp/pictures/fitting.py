"""What fits on a sheet of paper: how wide a text is, how many lines it takes, how high a row is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

PADDING = 8  # of a cell, both sides together


@dataclass(frozen=True)
class Fitted:
    """How many rows a sheet holds, and how high a line of them is, in CSS pixels."""

    rows: int
    line: float
    left_out: int


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a size: a Chinese sign is square, a Latin one a good half.

    >>> text_width("副局长", 10), text_width("R21", 10)
    (30.0, 17.1)
    """
    return round(sum((size if ord(sign) > 0x2E7F else size * 0.57 for sign in text), 0.0), 1)


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


def column_rooms(rows: Sequence[Sequence[str]], width: float, size: float) -> list[float]:
    """Return about how much room each column of a table has for its text.

    A browser gives each what its longest text wants, and wide ones less where that is too much.

    >>> column_rooms([("副局长", "R2"), ("副", "R2122")], 100, 10)
    [30.0, 28.5]
    >>> column_rooms([("副局长" * 5, "副")], 88, 10)
    [62.0, 10.0]
    """
    wanted = [max(text_width(text, size) for text in column) for column in zip(*rows, strict=True)]
    room = width - PADDING * len(wanted)
    narrow = {at for at, each in enumerate(wanted) if each <= room / len(wanted)}
    left = room - sum(wanted[at] for at in narrow)
    wide = sum(wanted) - sum(wanted[at] for at in narrow)
    share = min(1.0, left / (wide or 1))
    return [round(each if at in narrow else each * share, 1) for at, each in enumerate(wanted)]


def row_lines(rows: Sequence[Sequence[str]], rooms: Sequence[float], size: float) -> list[int]:
    """Return how many lines each row of a table takes in the rooms of its columns.

    >>> row_lines([("副局长" * 5, "副"), ("副", "副")], [80, 10], 10)
    [3, 1]
    """
    return [most_lines(zip(row, rooms, strict=True), size) for row in rows]


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
