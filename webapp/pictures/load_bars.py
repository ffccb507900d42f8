"""Loads of mentors as bars: how many now, the limit, how many so far, all on one scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from queries.programme.board_shape import BoardMentor

WIDTH = 112


@dataclass(frozen=True)
class LoadBar:
    """One mentor: the length of what is now and what was ever, and where the limit stands."""

    name: str
    url: str
    load: int
    capacity: int | None
    ever: int
    now_width: float
    ever_width: float
    limit: float | None
    is_over: bool


def load_bars(
    mentors: Sequence[BoardMentor], most: int, url_of: Callable[[str], str]
) -> list[LoadBar]:
    """Draw who guided most so far; a mentor of several kinds once."""
    order = sorted(mentors, key=lambda each: (-each.ever, -each.load, each.person))
    shown = list({each.person: each for each in order}.values())[:most]
    whole = max([max(each.ever, each.load, each.capacity or 0) for each in shown] + [1])

    def width(count: int) -> float:
        return round(WIDTH * count / whole, 1)

    return [
        LoadBar(
            name=each.name,
            url=url_of(each.person),
            load=each.load,
            capacity=each.capacity,
            ever=each.ever,
            now_width=width(each.load),
            ever_width=width(max(each.ever, each.load)),
            limit=width(each.capacity) if each.capacity is not None else None,
            is_over=each.is_over,
        )
        for each in shown
    ]
