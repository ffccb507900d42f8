"""The time bar of every page: postings begun, a handle at the day, a month back and on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from graph.dates import add_months
from graph.store import Store
from queries.frame import BegunBars, begun_bars, month_number

HEIGHT = 22  # of the highest bar
MOST_YEARS = 11  # that are written below
YEARLY = 12  # months: from such bars on the handle goes by the year


@dataclass(frozen=True)
class DrawnBar:
    """A bar as it is drawn: from where, how high, and whether all of it is only planned."""

    x: int
    y: float
    height: float
    is_planned: bool


@dataclass(frozen=True)
class TimeBar:
    """The time bar: shares of its width as per cent, months counted from year 0."""

    count: int  # of bars that have a place
    bars: tuple[DrawnBar, ...]
    years: tuple[tuple[int, float], ...]
    at: float  # the handle
    first: int
    until: int
    month: int  # of the day
    today: int  # the month of today
    move: int  # months that a key moves the handle by


def time_bar(store: Store, day: date, today: date) -> TimeBar | None:
    """Return the time bar; None without dated postings or while they are not read yet."""
    found = begun_bars(store, today)
    return None if found is None else drawn(found, day, today)


def drawn(found: BegunBars, day: date, today: date) -> TimeBar:
    """Draw the bars with the handle at a day."""
    most = max(bar.begun + bar.planned for bar in found.bars)
    bars = []
    for bar in found.bars:
        height = round(max(HEIGHT * (bar.begun + bar.planned) / most, 1), 1)
        place = (bar.month - found.first) // found.step
        bars.append(DrawnBar(place, round(HEIGHT - height, 1), height, not bar.begun))
    return TimeBar(
        count=-(-(found.until - found.first) // found.step),
        bars=tuple(bars),
        years=tuple((year, round(100 * at, 2)) for year, at in found.years(MOST_YEARS)),
        at=round(100 * found.place(day), 2),
        first=found.first,
        until=found.until,
        month=month_number(day),
        today=month_number(today),
        move=1 if found.step < YEARLY else 12,
    )


def moved(day: date, months: int, address: Callable[[date], str]) -> str | None:
    """Return the address of a day some months away; None beyond the calendar."""
    if not 12 <= month_number(day) + months < 10_000 * 12:
        return None
    return address(add_months(day, months))
