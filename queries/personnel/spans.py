"""Lengths of time: periods joined, their whole months added, pauses taken out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from graph.dates import add_days, add_months, months_between

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


class Anchor(NamedTuple):
    """A day that lies some months after another one, from which they are counted.

    A trial of a year from 29 February ends on 28 February, and three years after it on a 29th.
    """

    day: date
    since: date
    months: int


def reached(
    periods: Iterable[Period],
    months: int,
    pauses: Iterable[Period] = (),
    anchor: Anchor | None = None,
    unbroken: bool = False,
) -> date | None:
    """Return the day on which periods add up to so many months; an open one is taken to go on.

    Whole months of each unbroken period count; `unbroken` asks that one alone is long enough. Days
    of a pause are no part of it and do not break it. None: they end before that, or a pause without
    an end begins before that.

    >>> day = date.fromisoformat
    >>> leave = [(day("2020-02-01"), day("2020-02-11"))]
    >>> reached([(day("2020-01-01"), None)], 3, leave).isoformat()
    '2020-04-11'
    >>> trial = Anchor(day("2021-02-28"), day("2020-02-29"), 12)
    >>> reached([(day("2021-02-28"), None)], 36, anchor=trial).isoformat()
    '2024-02-29'
    """
    left, rests = months, merged(pauses)
    for since, until in merged(periods):
        begin, before = _anchored(since, anchor)
        day = _after(begin, left + before, rests)
        if day is not None and (until is None or day <= until):
            return day
        if until is None:
            return None
        if not unbroken:
            left -= _whole_months(begin, until, rests) - before
    return None


def served(
    periods: Iterable[Period],
    on: date,
    pauses: Iterable[Period] = (),
    anchor: Anchor | None = None,
    unbroken: bool = False,
) -> int:
    """Count the whole months of periods up to a day, days of a pause taken out.

    `unbroken` counts the longest one alone.

    >>> day = date.fromisoformat
    >>> leave = [(day("2020-02-01"), day("2020-02-11"))]
    >>> [served([(day("2020-01-01"), None)], day(f"2020-04-{d}"), leave) for d in (10, 11)]
    [2, 3]
    """
    rests = merged(pauses)
    found = []
    for since, until in merged(periods):
        if since < on:
            begin, before = _anchored(since, anchor)
            found.append(_whole_months(begin, min(until or on, on), rests) - before)
    return max(found, default=0) if unbroken else sum(found)


def _anchored(since: date, anchor: Anchor | None) -> tuple[date, int]:
    if anchor is None or since != anchor.day:
        return since, 0
    return anchor.since, anchor.months


def _whole_months(since: date, until: date, rests: Iterable[Period]) -> int:
    """Count the whole months between two days, pauses (apart from each other) taken out."""
    return months_between(since, add_days(until, -paused(since, until, rests)))


def paused(since: date, until: date, pauses: Iterable[Period]) -> int:
    """Count the days between two days that lie in a pause.

    >>> day = date.fromisoformat
    >>> paused(day("2020-01-01"), day("2020-03-01"), [(day("2020-02-20"), None)])
    10
    """
    return sum(
        (min(end or until, until) - max(begin, since)).days
        for begin, end in merged(pauses)
        if begin < until and (end is None or end > since)
    )


def moved_on(since: date, day: date, pauses: Iterable[Period]) -> date | None:
    """Return the day on which a clock ends that runs from one day to another and rests meanwhile.

    None: it rests without an end, so that no day is known. A pause that begins on the last day or
    after it changes nothing.

    >>> day = date.fromisoformat
    >>> leave = [(day("2020-02-01"), day("2020-02-11"))]
    >>> due = [moved_on(day("2020-01-01"), day(f"2020-02-{d}"), leave) for d in ("01", "02")]
    >>> [each.isoformat() for each in due]
    ['2020-02-01', '2020-02-12']
    """
    return _moved(since, day, merged(pauses))


def _after(since: date, months: int, rests: Iterable[Period]) -> date | None:
    """Return the day so many months after another one, moved on by the pauses on the way."""
    return _moved(since, add_months(since, months), rests)


def _moved(since: date, day: date, rests: Iterable[Period]) -> date | None:
    for begin, end in rests:
        if begin >= day:
            break
        if end is None:
            return None
        day = add_days(day, max((end - max(begin, since)).days, 0))
    return day


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
