"""What the frame of every page says of the data: postings begun, how many people.

No page waits for it: of very many people it is told once a page has asked for it anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from graph.cache import per_version
from graph.store import Store
from queries.people_count import people_count
from queries.personnel import Personnel, known_personnel, personnel
from queries.personnel.days import UNKNOWN, Ints
from queries.scope import Scope, counted_in
from queries.stored_programme import as_of

SOON_READ = 2_000  # people whose postings are read before a page could be waited for
LARGE = 20_000  # people of whom nothing is gone through for a frame alone
MOST_BARS = 80
_STEPS = (3, 12, 24, 60, 120, 240, 600, 1_200, 2_400)  # months of a bar
_ODD = 0.02  # so many begins at either end may be slips of a pen
_ROOM = 2  # bars after the last day, so that a handle there stands free
_LAST_MONTH = 9999 * 12 + 11
_YEAR_OF_EPOCH = 1970


@dataclass(frozen=True)
class BegunBar:
    """The postings that begin in so many months."""

    month: int  # the first one, counted from year 0
    begun: int
    planned: int


@dataclass(frozen=True)
class BegunBars:
    """The postings that begin, in equal steps from one month until before another one."""

    first: int
    until: int
    step: int
    bars: tuple[BegunBar, ...]  # without those in which nothing begins

    def place(self, day: date) -> float:
        """Return where a day stands, from 0 to 1; one beyond an end stands there."""
        months = month_number(day) + (day.day - 1) / 31
        return min(max((months - self.first) / (self.until - self.first), 0.0), 1.0)

    def years(self, most: int) -> Iterator[tuple[int, float]]:
        """Yield years with their places, so many at most; none at the end, where it has no room."""
        low, high = -(-self.first // 12), (self.until - 1) // 12
        apart = next(
            each
            for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000)
            if (high - low) / each < most
        )
        for year in range(-(-low // apart) * apart, high + 1, apart):
            if year > 0 and year * 12 < self.until - 0.08 * (self.until - self.first):
                yield year, (year * 12 - self.first) / (self.until - self.first)


def month_number(day: date) -> int:
    """Return the month of a day, counted from year 0.

    >>> month_number(date(2024, 1, 31)) - month_number(date(2023, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1


def begun_bars(store: Store, today: date) -> BegunBars | None:
    """Return the postings begun; None where none is dated, or where a page would wait for it."""
    return _bars(store, today) if _soon_known(store) else None


def people_told(store: Store, scope: Scope | None, on: date) -> int | None:
    """Return how many people a scope has on a day; None where a page would wait for it."""
    if _soon_known(store) is None or (is_large(store) and on < as_of(store)):
        return None
    return counted_in(store, scope, on)


def is_large(store: Store) -> bool:
    """Return whether there are so many people that no page may wait for all of them."""
    return people_count(store) > LARGE


def _soon_known(store: Store) -> Personnel | None:
    known = known_personnel(store)
    if known is None and people_count(store) <= SOON_READ:
        return personnel(store)
    return known


@per_version(2)
def _bars(store: Store, today: date) -> BegunBars | None:
    columns = personnel(store).columns
    dated = columns.since != UNKNOWN
    if not dated.any():
        return None
    return bars_of(_months(columns.since[dated]), columns.planned[dated], month_number(today))


def _months(days: Ints) -> Ints:
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + _YEAR_OF_EPOCH * 12


def bars_of(months: Ints, planned: Ints, today: int) -> BegunBars:
    """Return bars of the months in which postings begin, today's month among them.

    A few begins far from all others widen nothing: they are counted at the end they lie beyond.
    """
    low, high = np.quantile(months, (_ODD, 1 - _ODD), method="nearest").tolist()
    first, last = min(low, today), min(max(high, today), _LAST_MONTH)
    step = next(each for each in _STEPS if last // each - first // each + _ROOM <= MOST_BARS)
    first, until = first // step * step, min((last // step + _ROOM) * step, _LAST_MONTH + 1)
    at = np.clip(months, first, until - 1) // step - first // step
    count = (until - first - 1) // step + 1
    begun = np.bincount(at[~planned.astype(bool)], minlength=count).tolist()
    to_come = np.bincount(at[planned.astype(bool)], minlength=count).tolist()
    bars = (
        BegunBar(first + place * step, one, other)
        for place, (one, other) in enumerate(zip(begun, to_come, strict=True))
    )
    return BegunBars(first, until, step, tuple(bar for bar in bars if bar.begun or bar.planned))
