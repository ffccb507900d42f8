"""Lengths of time: periods joined, their whole months added, pauses taken out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from graph.dates import add_months, months_between

Period = tuple[date, date | None]  # half-open; None: it goes on


def merged(periods: Iterable[Period]) -> list[Period]:
    """Join periods that touch or overlap; reversed ones are left out.

    >>> day = date.fromisoformat
    >>> joined = merged([(day("2020-01-01"), day("2021-01-01")), (day("2021-01-01"), None)])
    >>> [(since.year, until) for since, until in joined]
    [(2020, None)]
    """
    found: list[Period] = []
    for since, until in sorted(periods, key=lambda period: (period[0], period[1] or date.max)):
        if until is not None and until <= since:
            continue
        last = found[-1] if found else None
        if last is None or (last[1] is not None and since > last[1]):
            found.append((since, until))
        elif last[1] is not None:
            found[-1] = (last[0], None if until is None else max(last[1], until))
    return found


def reached(periods: Iterable[Period], months: int) -> date | None:
    """Return the day on which periods add up to so many months; an open one is taken to go on.

    Whole months of each unbroken period count. None: they end before that.
    """
    left = months
    for since, until in merged(periods):
        day = add_months(since, left)
        if until is None or day <= until:
            return day
        left -= months_between(since, until)
    return None


def served(periods: Iterable[Period], on: date) -> int:
    """Count the whole months of periods up to a day."""
    return sum(
        months_between(since, min(until or on, on))
        for since, until in merged(periods)
        if since < on
    )


def within(periods: Iterable[Period], others: Iterable[Period]) -> list[Period]:
    """Return the parts of periods that lie within others.

    >>> day = date.fromisoformat
    >>> served = [(day("2020-01-01"), day("2021-01-01")), (day("2022-01-01"), None)]
    >>> [(a.year, b and b.year) for a, b in within([(day("2020-07-01"), None)], served)]
    [(2020, 2021), (2022, None)]
    """
    found: list[Period] = []
    inside = merged(others)
    for since, until in merged(periods):
        for begin, end in inside:
            low = max(since, begin)
            high = min(until or date.max, end or date.max)
            if low < high:
                found.append((low, None if high == date.max else high))
    return found
