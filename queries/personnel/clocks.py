"""Times of one person by which clocks run: in service, at rest, and the grades held."""

from __future__ import annotations

from datetime import date

from graph.dates import first_day
from queries.personnel.days import OPEN, day_number, day_of_number
from queries.personnel.model import Personnel
from queries.personnel.spans import Period


def pauses_of(model: Personnel, person: str, on: date) -> tuple[Period, ...]:
    """Return when a person's clocks rest, as far as that had begun by a day."""
    at = model.columns.person_at.get(person)
    spans = () if at is None else model.pauses.get(at, ())
    return tuple(_period(*each) for each in spans if each[0] <= day_number(on))


def service_of(model: Personnel, person: str, on: date) -> tuple[Period, ...]:
    """Return when a person was in service, from joining or the first posting, by a day."""
    at = model.columns.person_at.get(person)
    if at is None or int(model.start[at]) > day_number(on):
        return ()
    found: list[Period] = []
    begin = int(model.start[at])
    for out, back in model.outs.get(at, ()):
        if out > day_number(on):
            break
        if begin < out:
            found.append(_period(begin, out))
        begin = max(begin, back)
    return (*found, _period(begin, OPEN)) if begin < OPEN else tuple(found)


def grades_of(model: Personnel, person: str, on: date) -> tuple[tuple[str, date], ...]:
    """Return the grades of a person that had begun by a day, oldest first."""
    at = model.columns.person_at.get(person)
    known = None if at is None else model.columns.known.get(at)
    begun = [(grade, first_day(since)) for grade, since in (known.grades if known else ())]
    return tuple(each for each in begun if each[1] <= on)


def _period(since: int, until: int) -> Period:
    return day_of_number(since), None if until >= OPEN else day_of_number(until)
