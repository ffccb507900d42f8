"""Dates of reduced precision (ISO 8601): "2017", "2017-09" or "2017-09-16".

They are stored as text, so the precision that a source gave is kept. A text comparison with a full
day is right: a year or a month compares as its first day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def is_date(text: str) -> bool:
    """Tell whether a text is a date of year, month or day precision.

    >>> [is_date(t) for t in ("2017", "2017-09", "2017-09-31", "2017.09")]
    [True, True, False, False]
    """
    try:
        first_day(text)
    except ValueError:
        return False
    return True


def first_day(text: str) -> date:
    """Give the first day that a partial date can mean; raise ValueError when it is none.

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


def following(text: str) -> str:
    """Give the first day, month or year after one; raise ValueError where there is none.

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


def after(until: str, since: str) -> bool:
    """Tell whether a period from `since` to `until` has at least one day, as far as one can know.

    Two dates of different precision are compared at the coarser one: "2017" to "2017-05" may be
    five months, so it is not called empty.

    >>> after("2018", "2017-05"), after("2017-05", "2017"), after("2017-05", "2017-05")
    (True, True, False)
    """
    shorter = min(len(until), len(since))
    if len(until) != len(since) and until[:shorter] == since[:shorter]:
        return True
    return first_day(until) > first_day(since)


def add_months(day: date, months: int) -> date:
    """Move a day by whole calendar months, to the last day of the month where it is too long.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(day.day, last))


def months_between(since: date, until: date) -> int:
    """Count the whole calendar months from one day to another (negative when it is earlier).

    >>> months_between(date(2017, 9, 16), date(2019, 3, 15))
    17
    """
    if until < since:
        return -months_between(until, since)
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1
