"""The time to plan: quarters or half-years from a day on.

Periods are numbered from 0; a boundary `t` is the first day of period `t`, and boundary `periods`
is the first day after the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from typing_extensions import TypedDict

from graph.dates import add_months, first_day, is_date, precision
from graph.errors import N_, InputError, UsageError

MONTHS = {"quarter": 3, "half-year": 6}
MOST_PERIODS = 40
EARLIEST, LATEST = "1900-01-01", "2199-12-31"  # on which a plan may begin


# "from" is a word of Python, so the keys stand in a mapping.
HorizonDict = TypedDict("HorizonDict", {"from": str, "periods": int, "period": str})


@dataclass(frozen=True)
class Horizon:
    """The time to plan: `periods` quarters or half-years from a day on."""

    since: date
    periods: int
    months: int = 6

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Return every boundary, the first day after the horizon included."""
        return tuple(add_months(self.since, self.months * t) for t in range(self.periods + 1))

    @property
    def until(self) -> date:
        """Return the first day after the horizon."""
        return self.days[-1]

    @property
    def period(self) -> str:
        """Return the length of a period in words, as a request gives it."""
        return next(word for word, months in MONTHS.items() if months == self.months)

    def boundary(self, day: date) -> int:
        """Return the first boundary on or after a day, from 0 to `periods`.

        >>> Horizon(date(2024, 7, 1), 4).boundary(date(2024, 9, 17))
        1
        """
        return next((t for t, first in enumerate(self.days) if first >= day), self.periods)

    def period_of(self, day: date) -> int | None:
        """Return the period that a day falls in, or None outside the horizon."""
        if not self.since <= day < self.until:
            return None
        return max(t for t, first in enumerate(self.days) if first <= day)

    def name(self, period: int) -> str:
        """Name a period by its first day."""
        return self.days[period].isoformat()

    def as_dict(self) -> HorizonDict:
        """Return the horizon as a request gives it."""
        return {"from": self.since.isoformat(), "periods": self.periods, "period": self.period}


def horizon(
    since: str, periods: int, period: str = "half-year", today: date | None = None
) -> Horizon:
    """Check a horizon that was asked for; `today` is the day that the plan may not begin before."""
    if not is_date(since) or precision(since) != "day" or not EARLIEST <= since <= LATEST:
        raise UsageError(
            N_('The plan cannot begin on "%(since)s".'),
            N_("Give a day such as 2024-07-01, from %(earliest)s to %(latest)s."),
            since=since,
            earliest=EARLIEST,
            latest=LATEST,
        )
    if period not in MONTHS:
        raise UsageError(
            N_('A period cannot be "%(period)s".'),
            N_("It is quarter or half-year."),
            period=period,
        )
    if not 1 <= periods <= MOST_PERIODS:
        raise UsageError(
            N_("A horizon of %(periods)s periods cannot be planned."),
            N_("Give 1 to %(most)s periods."),
            periods=periods,
            most=MOST_PERIODS,
        )
    begins = first_day(since)
    if today is not None and begins < today:
        raise InputError(
            N_("The plan would begin on %(since)s, which is past: today is %(today)s."),
            N_("Begin on %(today)s or later."),
            since=since,
            today=today.isoformat(),
        )
    return Horizon(begins, periods, MONTHS[period])
