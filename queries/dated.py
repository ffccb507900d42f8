"""What has begun, and which ends are shown, by a day: for questions that read stored rows.

A date is text of one to three parts; its first day is not after a day exactly when the text is not
after the text of that day. Where no day is asked for, `LAST` stands in its place: all that is
stored. On an earlier day the ends that came later are not shown, today those to come are.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from graph.store import Reader
from queries.query import LAST, Parameter
from queries.stored_programme import as_of

ANY_DAY = Parameter(
    "on", "日期，不填则为库中全部", "day; without one, all that is stored", type="date"
)
PLANNED = Parameter("planned", "是否含拟任", "planned ones too", default="no", one_of=("yes", "no"))


class Dated(NamedTuple):
    """What questions that read stored rows are told of a day: `$on`, `$ends` and `$planned`."""

    on: str
    ends: str
    planned: str = "no"


EVERYTHING = Dated(LAST, LAST, "yes")  # all that is stored, whenever it begins or ends


def dated(store: Reader, on: date) -> Dated:
    """Return a day as questions take it, without what is only planned."""
    return Dated(on.isoformat(), shown_ends(store, on.isoformat()))


def begun(of: str, at: str = "since") -> str:
    """Write that a fact has begun by `$on`; one of an unknown begin was long ago.

    >>> begun("e")
    '(e.since IS NULL OR e.since <= $on)'
    """
    return f"({of}.{at} IS NULL OR {of}.{at} <= $on)"


def posted(of: str) -> str:
    """Write that a posting has begun by `$on`, or is planned where these are asked for."""
    return (
        f"($on = '{LAST}' OR ($planned = 'yes' AND {of}.status = 'planned')\n"
        f"    OR (coalesce({of}.status, 'actual') <> 'planned' AND {begun(of)}))"
    )


def ended(of: str, at: str = "until") -> str:
    """Write the end of a fact where it is shown on the day.

    >>> ended("e")
    'CASE WHEN e.until <= $ends THEN e.until END'
    """
    return f"CASE WHEN {of}.{at} <= $ends THEN {of}.{at} END"


def shown_ends(store: Reader, on: str) -> str:
    """Return by which day an end is shown: on an earlier day by that one, else whatever comes."""
    return LAST if on >= as_of(store).isoformat() else on


def known_cohort(year: int | None, ends: str) -> int | None:
    """Return a cohort where its year has come.

    >>> known_cohort(2019, "2019-01-01"), known_cohort(2020, "2019-12-31"), known_cohort(2020, LAST)
    (2019, None, 2020)
    """
    return year if year is not None and str(year) <= ends else None


def shown_end(until: str | None, ends: str) -> str | None:
    """Return an end where it is shown.

    >>> shown_end("2019", "2019-06-30"), shown_end("2020", "2019-06-30"), shown_end("2020", LAST)
    ('2019', None, '2020')
    """
    return until if until is not None and until <= ends else None
