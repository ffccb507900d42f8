"""A person's years as lanes for paper: posts by rank, what ran beside, mentors, talks as dots.

Bars that run past the day are dashed from it on. Lanes are as high as periods at the same time
need; nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graph.dates import add_months, end_day, first_day
from webapp.pictures.path_line import shortened

WIDTH = 700
LEFT = 112  # where lanes begin; their titles stand before
ROW = 18
HEAD = 14
MOST_ROWS = 6  # of one lane; what runs beside more is drawn over the last of them
AHEAD = 18  # months after the day of which known ends are shown
SIGNS = ("●", "○", "◇", "▲")


@dataclass(frozen=True)
class LaneBar:
    """One period: where, how wide until the day, how wide after it, what stands in it."""

    x: float
    y: float
    width: float
    after: float
    step: int  # of rank; 0 for none
    text: str


@dataclass(frozen=True)
class LaneDot:
    """One entry of a day."""

    x: float
    sign: str


@dataclass(frozen=True)
class PersonLane:
    """One lane with its title."""

    title: str
    y: float
    height: float
    bars: tuple[LaneBar, ...]
    dots: tuple[LaneDot, ...]


@dataclass(frozen=True)
class LanesPicture:
    """All lanes with the first days of years and the day."""

    width: int
    height: float
    years: tuple[tuple[float, int], ...]
    now: float
    lanes: tuple[PersonLane, ...]


@dataclass(frozen=True)
class LanePeriod:
    """What is to be drawn: dates as they are stored, of any precision."""

    since: str | None
    until: str | None
    text: str
    step: int = 0


def lanes_picture(
    on: date,
    lanes: Sequence[tuple[str, Sequence[LanePeriod]]],
    dots: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (),
) -> LanesPicture | None:
    """Draw lanes until a day; None where nothing has a date. `dots` are (sign, day) by lane."""
    begins = [first_day(each.since) for _, those in lanes for each in those if each.since]
    begins += [first_day(day) for _, those in dots for _sign, day in those]
    if not begins:
        return None
    first = date(min(*begins, on).year, 1, 1)
    ends = [_end(each, on) for _, those in lanes for each in those]
    last = max(add_months(on, 2), min(max(ends, default=on), add_months(on, AHEAD)))
    scale = (WIDTH - LEFT) / max((last - first).days, 365)

    def x(day: date) -> float:
        return round(LEFT + (min(max(day, first), last) - first).days * scale, 1)

    y = float(HEAD)
    drawn = []
    for title, those in lanes:
        rows = _rows(those, on)
        bars = [
            _bar(each, x, on, y + min(row, MOST_ROWS - 1) * ROW)
            for row, each in rows
            if row < MOST_ROWS or each.step  # a main post is never left out
        ]
        height = ROW * min(max((row + 1 for row, _ in rows), default=1), MOST_ROWS)
        drawn.append(PersonLane(title, y, height, tuple(bars), ()))
        y += height
    for title, marks in dots:
        placed = tuple(LaneDot(x(first_day(day)), sign) for sign, day in marks)
        drawn.append(PersonLane(title, y, ROW, (), placed))
        y += ROW
    every = max(1, (last.year - first.year) // 12 + 1)
    years = tuple((x(date(year, 1, 1)), year) for year in range(first.year, last.year + 1, every))
    return LanesPicture(WIDTH, y + 4, years, x(on), tuple(drawn))


def _end(each: LanePeriod, on: date) -> date:
    return end_day(each.since or each.until, each.until) if each.until else on


def _rows(those: Iterable[LanePeriod], on: date) -> list[tuple[int, LanePeriod]]:
    """Put what runs at the same time into rows below each other."""
    free: list[date] = []  # by row: the day from which it is free
    found = []
    for each in sorted(those, key=lambda period: period.since or ""):
        begin = first_day(each.since) if each.since else date.min
        row = next((at for at, day in enumerate(free) if day <= begin), len(free))
        free[row : row + 1] = [max(_end(each, on), begin)]
        found.append((row, each))
    return found


def _bar(each: LanePeriod, x: Callable[[date], float], on: date, y: float) -> LaneBar:
    begin = x(first_day(each.since)) if each.since else float(LEFT)
    end, now = x(_end(each, on)), x(on)
    until = max(min(end, now), min(begin, end))
    width = round(max(until - begin, 1), 1)
    after = round(max(end - max(begin, now), 0), 1)
    return LaneBar(
        x=begin if begin <= now else now,
        y=y,
        width=width if begin < now else 0,
        after=after,
        step=each.step,
        text=shortened(each.text, max(width, 0) + after - 4) if width + after > 18 else "",
    )
