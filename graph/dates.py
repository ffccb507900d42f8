"""Dates of reduced precision (ISO 8601): "2017", "2017-09" or "2017-09-16".

They are stored as text, so the precision that a source gave is kept. A text comparison with a full
day is right: a year or a month compares as its first day. Every date of the years 1 to 9999 can be
counted with: what would leave these years stays at their first or last day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

LONG_AGO = "1900"  # before it a date is odd
_CENTURY = 100  # years

_PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def is_date(text: str) -> bool:
    """Return whether a text is a date of year, month or day precision.

    >>> [is_date(t) for t in ("2017", "2017-09", "2017-09-31", "2017.09")]
    [True, True, False, False]
    """
    try:
        first_day(text)
    except ValueError:
        return False
    return True


def first_day(text: str) -> date:
    """Return the first day that a partial date can mean; raise ValueError when it is none.

    >>> first_day("2017-09")
    datetime.date(2017, 9, 1)
    """
    match = _PARTS.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date")
    year, month, day = match.groups()
    return date(int(year), int(month or 1), int(day or 1))


def precision(text: str) -> str:
    """Name the precision: "year", "month" or "day".

    >>> precision("2017-09")
    'month'
    """
    return {4: "year", 7: "month"}.get(len(text), "day")


def coarsest(texts: Iterable[str | None]) -> str:
    """Return how far the least known of some dates is known; nothing where all are exact.

    >>> coarsest(["2019-05", "2019", None, "2019-05-01"]), coarsest(["2019-05-01"])
    ('year', '')
    """
    lengths = {len(text) for text in texts if text}
    return "year" if len("2019") in lengths else "month" if len("2019-05") in lengths else ""


def following(text: str) -> str:
    """Return the first day, month or year after one; raise ValueError where there is none.

    >>> following("2017-12-31"), following("2017-12"), following("2017")
    ('2018-01-01', '2018-01', '2018')
    """
    first = first_day(text)
    if first.year == date.max.year and text.startswith(date.max.isoformat()[: len(text)]):
        raise ValueError(f"nothing follows {text!r}")
    if len(text) == 4:
        return f"{first.year + 1:04d}"
    if len(text) == 7:
        return f"{first.year + first.month // 12:04d}-{first.month % 12 + 1:02d}"
    return (first + timedelta(days=1)).isoformat()


def last_day(text: str) -> date:
    """Return the last day that a partial date can mean; raise ValueError when it is none.

    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    first = first_day(text)
    month = 12 if precision(text) == "year" else first.month
    return first if len(text) > 7 else date(first.year, month, monthrange(first.year, month)[1])


def end_day(since: str, until: str) -> date:
    """Return the day on which a period ends that is not part of it any more.

    An end that does not come after the begin by its first day, as "2019" to "2019", lasts to the
    last day that its text allows.

    >>> end_day("2018", "2019-06"), end_day("2019-06", "2019"), end_day("2019", "2019")
    (datetime.date(2019, 6, 1), datetime.date(2019, 12, 31), datetime.date(2019, 12, 31))
    """
    first = first_day(until)
    return first if first > first_day(since) else last_day(until)


def after(until: str, since: str) -> bool:
    """Return whether a period from `since` to `until` has at least one day, as far as one can know.

    >>> after("2018", "2017-05"), after("2017-05", "2017"), after("2017-05", "2017-05")
    (True, True, True)
    >>> after("2017-05-01", "2017-05-01"), after("2017-01-01", "2017"), after("2016", "2017")
    (False, False, False)
    """
    return end_day(since, until) > first_day(since)


def is_far(text: str, today: date) -> bool:
    """Return whether a date is over a hundred years ahead; as an end it stands for no end.

    >>> [is_far(t, date(2024, 6, 30)) for t in ("9999", "2124-07-01", "2124-07", "2124-06-30")]
    [True, True, True, False]
    """
    return text > century_after(today).isoformat()


def century_after(today: date) -> date:
    """Return the last day that is not over a hundred years ahead."""
    return add_months(today, 12 * _CENTURY)


def is_old(text: str) -> bool:
    """Return whether a date is before 1900, which many tables only hold by mistake.

    >>> is_old("1899-12-31"), is_old("1900")
    (True, False)
    """
    return text < LONG_AGO


def add_days(day: date, days: int) -> date:
    """Move a day; within the years 1 to 9999.

    >>> add_days(date(2024, 2, 28), 2), add_days(date.max, 1)
    (datetime.date(2024, 3, 1), datetime.date(9999, 12, 31))
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def add_months(day: date, months: int) -> date:
    """Move a day by whole calendar months, to the last day of the month where it is too long.

    It stays within the years 1 to 9999.

    >>> add_months(date(2024, 1, 31), 1), add_months(date.max, 1)
    (datetime.date(2024, 2, 29), datetime.date(9999, 12, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(since: date, until: date) -> int:
    """Count the whole calendar months from one day to another (negative when it is earlier).

    >>> months_between(date(2017, 9, 16), date(2019, 3, 15))
    17
    """
    if until < since:
        return -months_between(until, since)
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1
