"""Days as numbers, counted from 1970-01-01, one reading of partial dates for all columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from graph.dates import first_day, last_day

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
UNKNOWN = -1_000_000  # no begin is known: earlier than every day, and never compared
OPEN = 10_000_000  # no end yet, or none known: later than every day
NO_DAY = -2_000_000  # a text that is no date


def day_number(day: date) -> int:
    """Count the days from 1970-01-01.

    >>> day_number(date(1970, 1, 3))
    2
    """
    return day.toordinal() - EPOCH


def day_of_number(number: int) -> date:
    """Return the day of a count, within the years 1 to 9999.

    >>> day_of_number(2)
    datetime.date(1970, 1, 3)
    """
    return date.fromordinal(min(max(int(number) + EPOCH, 1), date.max.toordinal()))


class _Read(dict[str | None, int]):
    """The number of each different text, read once; NO_DAY for what is no date of ours."""

    def __init__(self, read: Callable[[str], date]) -> None:
        super().__init__({None: NO_DAY, "": NO_DAY})
        self._read = read

    def __missing__(self, text: str) -> int:
        try:
            found = day_number(self._read(text))
        except ValueError:  # written by another program
            found = NO_DAY
        self[text] = found
        return found


class DayNumbers:
    """Numbers of texts, each different text read once; what is no date of ours is not known."""

    def __init__(self) -> None:
        self._first, self._last = _Read(first_day), _Read(last_day)

    def first(self, text: str | None, otherwise: int) -> int:
        """Return the first day that a text can mean."""
        read = self._first[text]
        return otherwise if read == NO_DAY else read

    def last(self, text: str | None, otherwise: int) -> int:
        """Return the last day that a text can mean."""
        read = self._last[text]
        return otherwise if read == NO_DAY else read

    def all_first(self, texts: Sequence[str | None], otherwise: int) -> Ints:
        """Return the first days that many texts can mean."""
        return _numbers(self._first, texts, otherwise)

    def all_last(self, texts: Sequence[str | None], otherwise: int) -> Ints:
        """Return the last days that many texts can mean."""
        return _numbers(self._last, texts, otherwise)


def _numbers(read: _Read, texts: Sequence[str | None], otherwise: int) -> Ints:
    found = np.fromiter(map(read.__getitem__, texts), dtype=np.int64, count=len(texts))
    found[found == NO_DAY] = otherwise
    return found


def add_months(days: Ints, months: int) -> Ints:
    """Move days by calendar months, to the last day of the month where it is too long.

    >>> [day_of_number(d).isoformat() for d in add_months(np.array([19753]), 1)]  # 2024-01-31
    ['2024-02-29']
    """
    given = days.astype("datetime64[D]")
    month = given.astype("datetime64[M]")
    within = given - month.astype("datetime64[D]")
    wanted = month + np.timedelta64(months, "M")
    first = wanted.astype("datetime64[D]")
    last = (wanted + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(first + within, last).astype(np.int64)


def months_between(since: Ints, until: Ints) -> Ints:
    """Count the whole calendar months from days to days that are not earlier."""
    one, other = since.astype("datetime64[D]"), until.astype("datetime64[D]")
    first, last = one.astype("datetime64[M]"), other.astype("datetime64[M]")
    months: Ints = (last - first).astype(np.int64)
    within = one - first.astype("datetime64[D]")
    end = (last + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    reached = np.minimum(last.astype("datetime64[D]") + within, end) <= other
    return np.where(reached, months, months - 1)


def runs(values: Ints) -> tuple[Ints, Ints]:
    """Return, for each place, the first and the last place of its run of equal values."""
    count = len(values)
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], count] - 1
    run = np.cumsum(np.r_[True, values[1:] != values[:-1]]) - 1
    return starts[run].astype(np.int64), ends[run].astype(np.int64)


def first_of_each(values: Ints) -> Ints:
    """Return the place where each run of equal values begins.

    >>> first_of_each(np.array([4, 4, 7])).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.r_[True, values[1:] != values[:-1]][: len(values)]).astype(np.int64)
