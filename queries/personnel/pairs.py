"""When a pair of mentor and trainee ends: as stored, or when one of the two leaves service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graph.cache import per_version
from graph.dates import first_day
from graph.programme import Programme
from graph.store import Reader, Row, Store
from queries.dated import Dated, shown_end
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

_ANY_SERVICE = "MATCH (s:Service) RETURN s.id AS id ORDER BY id LIMIT 1"
_TOGETHER = 2_000  # people asked about in one question


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


def cut(store: Store, pairs: Iterable[Row], day: Dated) -> list[Row]:
    """Return rows of pairs (`mentor`, `trainee`, `since`, `until`) with their ends as read.

    An end that is not shown on the day is left out.
    """
    rows = list(pairs)
    if not rows or not _anybody_leaves(store):
        return rows
    end = pair_ends(store, [row[key] for row in rows for key in ("mentor", "trainee")])
    return [
        {**row, "until": shown_end(end(row["mentor"], row["trainee"], row), day.ends)}
        for row in rows
    ]


@per_version(1)
def _anybody_leaves(store: Store) -> bool:
    return bool(store.read(_ANY_SERVICE))


def pair_ends(store: Reader, people: Sequence[str], programme: Programme | None = None) -> PairEnd:
    """Return what tells the end of a pair of some people, given its stored row."""
    ids = sorted(set(people))
    known = [
        row["person"]
        for at in range(0, len(ids), _TOGETHER)
        for row in store.read(_WITH_SERVICE, people=ids[at : at + _TOGETHER])
    ]
    model = of_people(store, known, programme) if known else None

    def end(mentor: str, trainee: str, row: Mapping[str, Any]) -> str | None:
        if model is None:
            return row["until"]
        return pair_until(model, mentor, trainee, row["since"], row["until"])

    return end
