"""Who is on file by a day, and since when: nobody is before the first dated fact.

Dated facts are joining, postings that are not planned, service, grades and pairs. Who has none, or
one of an unknown begin, was always on file. From today on everybody is: whom somebody entered who
joins next month must be found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from graph.cache import per_version
from graph.dates import first_day
from graph.store import Reader, Store
from queries.personnel.days import OPEN, UNKNOWN, DayNumbers, Ints, day_number
from queries.personnel.follow import of_people, personnel
from queries.personnel.model import Personnel
from queries.stored_programme import as_of

T = TypeVar("T")

# A begin that is not known comes first in the order of texts.
_PAIRS = """
MATCH (p:Person)-[e:MENTORS]-(:Person)
RETURN p.id AS person, min(coalesce(e.since, '')) AS since
"""
_PAIRS_OF = _PAIRS.replace("RETURN", "WHERE p.id IN $people\nRETURN") + "ORDER BY person\n"
_ALL = 1_000_000_000  # more than any graph has people
_TOGETHER = 2_000  # people asked about in one question


@dataclass(frozen=True, eq=False)
class FirstFacts:
    """The day of everybody's first dated fact; OPEN for who has none."""

    ids: list[str]
    first: Ints

    def later_than(self, on: date) -> frozenset[str]:
        """Return the people whose first dated fact came after a day."""
        later = np.flatnonzero((self.first > day_number(on)) & (self.first != OPEN))
        return frozenset(self.ids[at] for at in later.tolist())


@per_version(1)
def first_facts(store: Store) -> FirstFacts:
    """Read everybody's first dated facts."""
    people, begins = store.read_columns(_PAIRS, ("person", "since"))
    return _first_facts(personnel(store), zip(people, begins, strict=True))


def _first_facts(model: Personnel, pairs: Iterable[tuple[str, str]]) -> FirstFacts:
    columns = model.columns
    first = np.where(columns.joined == UNKNOWN, OPEN, columns.joined)
    actual = ~columns.planned
    np.minimum.at(first, columns.person[actual], columns.since[actual])
    number = DayNumbers()
    for at, known in columns.known.items():
        begins = [fact.since for fact in known.service] + [since for _, since in known.grades]
        first[at] = min([int(first[at]), *(number.first(each, OPEN) for each in begins)])
    for person, since in pairs:
        place = columns.person_at.get(person)
        if place is not None:  # not written meanwhile
            begin = number.first(since, UNKNOWN) if since else UNKNOWN
            first[place] = min(int(first[place]), begin)
    return FirstFacts(columns.person_ids, first)


@per_version(4)
def not_yet(store: Store, on: date) -> frozenset[str]:
    """Return who is not on file yet on an earlier day than today; nobody from today on."""
    return frozenset() if on >= as_of(store) else first_facts(store).later_than(on)


def not_yet_by(store: Store, on: str) -> frozenset[str]:
    """Return who is not on file yet by a day as questions are told it; nobody without one."""
    return not_yet(store, first_day(on)) if on[:1].isdigit() else frozenset()


def not_yet_among(store: Reader, people: Collection[str], on: str) -> set[str]:
    """Return which of some people are not on file yet by a day as questions are told it."""
    if not people or not on[:1].isdigit() or first_day(on) >= as_of(store):
        return set()
    ids = sorted(set(people))
    rows = [
        row
        for at in range(0, len(ids), _TOGETHER)
        for row in store.read(_PAIRS_OF, people=ids[at : at + _TOGETHER])
    ]
    known = _first_facts(of_people(store, ids), [(row["person"], row["since"]) for row in rows])
    return set(ids) & known.later_than(first_day(on))


def first_fitting(
    find: Callable[[int], list[T]], wanted: int, fits: Callable[[T], bool]
) -> list[T]:
    """Return so many of the first that fit, asking twice at most: the second time for all."""
    for most in (4 * wanted, _ALL):
        found = find(most)
        fitting = [each for each in found if fits(each)]
        if len(fitting) >= wanted or len(found) < most:
            break
    return fitting[:wanted]
