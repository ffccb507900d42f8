"""Years of service of one person, and of which year each record is.

A record counts for a year only when every reading of its date falls into it: of one that is dated
to the year alone it may be open to which of two years it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from graph import file_rules
from graph.dates import first_day, last_day
from queries.personnel.clocks import service_of
from queries.personnel.spans import Period, merged
from queries.programme.facts import Facts, GrowthEntry, months_after
from queries.programme.stages import progress_of


class YearsWritten(NamedTuple):
    """How many records surely are of each year, and the date of one that may be of it."""

    sure: dict[int, int]
    unsure: dict[int, str]


def years_of(entries: Iterable[GrowthEntry], level: str | None, after: int) -> YearsWritten:
    """Tell records (of a level) apart by year; the first `after` months belong to the year before.

    >>> entry = GrowthEntry(on="2024-02", kind="k", level="", result="")
    >>> years_of([entry, entry._replace(on="2023")], None, 3)
    YearsWritten(sure={2023: 1}, unsure={2022: '2023', 2023: '2023'})
    """
    sure: dict[int, int] = {}
    unsure: dict[int, str] = {}
    for entry in entries:
        if level is not None and entry.level != level:
            continue
        first, last = _years(entry.on, after)
        if first == last:
            sure[first] = sure.get(first, 0) + 1
        else:
            unsure |= dict.fromkeys(range(first, last + 1), entry.on)
    return YearsWritten(sure, unsure)


@lru_cache(maxsize=1 << 16)  # few different days stand for very many records
def _years(text: str, after: int) -> tuple[int, int]:
    """Return the first and the last year of which a record of a date may be."""
    return _year(first_day(text), after), _year(last_day(text), after)


def _year(day: date, after: int) -> int:
    return day.year - (day.month <= after)


def years_served(facts: Facts, person: str, rule: file_rules.EachYear) -> list[int] | None:
    """List the years for which a rule asks for records of somebody; None: joining is not known.

    A year in which the clocks rested all the time is none of them, nor one that is not surely
    served where the rule asks for full ones.
    """
    service = facts.of_one(_service, person)
    if not service:
        return None
    joined = facts.people[person].joined_on
    if rule.full_years and joined:  # the shortest that the date may mean
        service = tuple(_shortened(each, last_day(joined)) for each in service)
    rests = merged(facts.pauses(person))
    first = max(service[0][0].year, rule.since or 0)
    found = []
    for year in range(first, facts.on.year + 1):
        begin = date(year, 1, 1)
        end = months_after(begin, 12)
        if any(_covers(each, begin, end) for each in rests):
            continue
        serves = _covers if rule.full_years else _touches
        if any(serves(each, begin, end) for each in service) and _in_stages(
            facts, person, rule.while_, begin, end
        ):
            found.append(year)
    return found


def _service(facts: Facts, person: str) -> tuple[Period, ...]:
    return service_of(facts.states.model, person, facts.on)


def _shortened(period: Period, since: date) -> Period:
    return max(period[0], since), period[1]


def _covers(period: Period, begin: date, end: date) -> bool:
    return period[0] <= begin and (period[1] is None or period[1] >= end)


def _touches(period: Period, begin: date, end: date) -> bool:
    return period[0] < end and (period[1] is None or period[1] > begin)


def _in_stages(facts: Facts, person: str, stages: tuple[str, ...], begin: date, end: date) -> bool:
    if not stages:
        return True
    steps = progress_of(facts, person).history
    return any(
        step.stage in stages and _touches((step.since, step.until), begin, end) for step in steps
    )
