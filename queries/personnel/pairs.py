"""When a pair of mentor and trainee ends: as stored, or when one of the two leaves service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph.dates import first_day
from graph.programme import Programme
from graph.store import Reader
from queries.personnel import reading
from queries.personnel.days import UNKNOWN, day_number
from queries.personnel.follow import of_people
from queries.personnel.model import Personnel

PairEnd = Callable[[str, str, Mapping[str, Any]], str | None]  # mentor, trainee, row -> end

_WITH_SERVICE = """
MATCH (p:Person)-[:HAS_SERVICE]->(:Service)
WHERE p.id IN $people
RETURN DISTINCT p.id AS person
"""


def pair_until(
    model: Personnel, mentor: str, trainee: str, since: str | None, until: str | None
) -> str | None:
    """Return the end of a pair as text: a dated fact of leaving cuts it, for good.

    What is stored stays as it is, and an end before that counts as it was given.
    """
    begin = day_number(first_day(since)) if since else UNKNOWN
    outs = [
        out
        for person in (mentor, trainee)
        for out, _back in model.outs.get(model.columns.person_at.get(person, -1), ())
        if out >= begin
    ]
    if not outs or (until and day_number(first_day(until)) <= min(outs)):
        return until
    return reading.text_of(min(outs))


def pair_ends(store: Reader, people: Sequence[str], programme: Programme | None = None) -> PairEnd:
    """Return what tells the end of a pair of some people, given its stored row."""
    rows = store.read(_WITH_SERVICE, people=sorted(set(people)))
    known = [row["person"] for row in rows]
    model = of_people(store, known, programme) if known else None

    def end(mentor: str, trainee: str, row: Mapping[str, Any]) -> str | None:
        if model is None:
            return row["until"]
        return pair_until(model, mentor, trainee, row["since"], row["until"])

    return end
