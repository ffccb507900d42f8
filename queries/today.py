"""What comes first on a day, for the first page, its JSON and its command alike.

Of a programme it is what `queries/programme/today.py` says; of data without one what is on file.
Both stand beside what changed lately. Of very many people what a programme asks is counted in the
background and kept: after a write the figures before it are shown, marked as such, until the new
ones are there. Whoever asks for figures of now (`waits`) waits for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import Followed
from graph.store import Row, Store
from graph.touched import Touched
from queries.catalogue import ask
from queries.lately import Lately, LatelyDict, lately
from queries.people_count import people_count
from queries.personnel import Personnel, personnel
from queries.personnel.days import OPEN, day_number, day_of_number
from queries.programme.on_day import facts_on, known_facts
from queries.programme.today import (
    EVERYBODY,
    ProgrammeToday,
    ProgrammeTodayDict,
    asks_something,
    programme_today,
)
from queries.programme.todo import late_count
from queries.quality.listed import doubt_counts
from queries.scope import Scope, people_of
from queries.stored_programme import stored_programme

SOON_JUDGED = 500  # people of whom all that is late is found before a page could be waited for
MOST_AT_ONCE = 2_000  # people whose programme is judged while a page waits
LATEST = 9  # changes
LARGEST = 8  # units, mentors
_KEPT = 3  # days and scopes, the latest asked for

PAIRS = """
MATCH ()-[e:MENTORS]->()
WHERE e.since IS NOT NULL AND e.since <= $on
RETURN substring(e.since, 0, 4) AS year, count(*) AS n
ORDER BY year
"""

Counted = Literal["cohort", "start", "pairs"]


@dataclass(frozen=True)
class Decade:
    """How many there are of the ten years that begin with one."""

    year: int
    count: int


@dataclass(frozen=True)
class Largest:
    """A unit, or a mentor, and how many people are there or were guided."""

    id: str
    name: str
    count: int


class OnFileDict(TypedDict):
    """What is on file as plain values."""

    people: int
    doubts: dict[str, int] | None
    counted: str
    decades: list[Annotated[Row, FieldsOf(Decade)]]
    units: list[Annotated[Row, FieldsOf(Largest)]]
    mentors: list[Annotated[Row, FieldsOf(Largest)]]


@dataclass(frozen=True)
class OnFile:
    """Data without a programme: how many people, of when, in which units, guided by whom."""

    people: int
    doubts: Mapping[str, int] | None  # by level; none: they are being judged
    counted: Counted  # what the decades count: cohorts, first posts, pairs
    decades: tuple[Decade, ...]
    units: tuple[Largest, ...]
    mentors: tuple[Largest, ...]

    def as_dict(self) -> OnFileDict:
        """Return plain values for JSON."""
        return {
            "people": self.people,
            "doubts": dict(self.doubts) if self.doubts is not None else None,
            "counted": self.counted,
            "decades": [dict(vars(each)) for each in self.decades],
            "units": [dict(vars(each)) for each in self.units],
            "mentors": [dict(vars(each)) for each in self.mentors],
        }


class TodayDict(TypedDict):
    """What comes first on a day, as plain values."""

    on: str
    state: str
    programme: ProgrammeTodayDict | None
    on_file: OnFileDict | None
    changes: LatelyDict


@dataclass(frozen=True)
class Today:
    """What comes first on a day."""

    on: date
    state: Literal["now", "older", "counting"]  # of the programme's figures
    programme: ProgrammeToday | None
    on_file: OnFile | None
    changes: Lately

    def as_dict(self, role: str = EVERYBODY) -> TodayDict:
        """Return plain values for JSON, with the work of a role."""
        return {
            "on": self.on.isoformat(),
            "state": self.state,
            "programme": self.programme.as_dict(role) if self.programme else None,
            "on_file": self.on_file.as_dict() if self.on_file else None,
            "changes": self.changes.as_dict(),
        }


def today(
    store: Store,
    on: date,
    scope: Scope | None = None,
    changes: int = LATEST,
    waits: bool = False,
) -> Today:
    """Return what comes first on a day, for the people of a scope where one is given."""
    people = people_of(store, scope, on) if scope else None
    latest = lately(store, on, people, changes)
    if not asks_something(stored_programme(store)):
        return Today(on, "now", None, _on_file(store, on, people), latest)
    if waits or people_count(store) <= MOST_AT_ONCE:
        return Today(on, "now", _made(store, on, scope), None, latest)
    found, is_older = _if_kept(store, on, scope)
    if found is None:
        return Today(on, "counting", None, None, latest)
    return Today(on, "older" if is_older else "now", found, None, latest)


def late_told(store: Store, scope: Scope | None, on: date) -> int | None:
    """Return how many things are late, as `today` says it, for a page that waits for nothing.

    None where nothing can be late, or where nobody has counted it for the data as they are.
    """
    if not asks_something(stored_programme(store)):
        return None
    if people_count(store) <= SOON_JUDGED:
        return facts_on(store, on, scope=scope).once(late_count)
    known = known_facts(store, on, scope)
    late = known.made(late_count) if known else None
    if late is None:
        kept = _kept.now(store) or _Kept()
        found = None if kept.is_older else kept.of(on, scope)
        late = found.late if found else None
    return late


# --- of a programme


@dataclass(frozen=True)
class _Kept:
    """What was counted of some days and people; after a write all of it is older than the data."""

    found: tuple[tuple[tuple[date, Scope | None], ProgrammeToday], ...] = ()
    is_older: bool = False

    def of(self, on: date, scope: Scope | None) -> ProgrammeToday | None:
        return next((found for key, found in self.found if key == (on, scope)), None)


def _older(_store: Store, kept: _Kept, _touched: Touched) -> _Kept:
    return replace(kept, is_older=True)


_kept = Followed(_older)


def _made(store: Store, on: date, scope: Scope | None) -> ProgrammeToday:
    return programme_today(facts_on(store, on, scope=scope))


def _if_kept(store: Store, on: date, scope: Scope | None) -> tuple[ProgrammeToday | None, bool]:
    """Return what is kept, and whether something was written since; then it is counted again."""
    kept = _kept.now(store) or _Kept()
    found = kept.of(on, scope)
    if found is None or kept.is_older:
        _kept.begin(store, lambda before: _counted(store, on, scope, before))
    return found, kept.is_older


def _counted(store: Store, on: date, scope: Scope | None, before: _Kept | None) -> _Kept:
    made = ((on, scope), _made(store, on, scope))
    others = before.found if before and not before.is_older else ()
    rest = tuple(each for each in others if each[0] != made[0])
    return _Kept((made, *rest[: _KEPT - 1]))


# --- without one


def _on_file(store: Store, on: date, people: frozenset[str] | None) -> OnFile:
    model = personnel(store)
    counted, decades = _decades(store, model, on, people)
    hubs = ask(store, "lineage.hubs", on=on.isoformat(), limit=LARGEST).rows
    count = len(people) if people is not None else people_count(store)
    return OnFile(
        people=count,
        doubts=doubt_counts(store, on),
        counted=counted,
        decades=decades,
        units=_units(model, on, people),
        mentors=tuple(
            Largest(row["person"], row["name"], row["trainees"])
            for row in hubs
            if people is None or row["person"] in people
        ),
    )


def _decades(
    store: Store, model: Personnel, on: date, people: frozenset[str] | None
) -> tuple[Counted, tuple[Decade, ...]]:
    """Count people by cohort, else by the begin of their service, else pairs by theirs."""
    if people is None:
        cohorts = ask(store, "people.cohorts", on=on.isoformat()).rows
        years = {row["cohort"]: row["people"] for row in cohorts if row["cohort"] is not None}
        if years:
            return "cohort", _by_decade(years)
    start = model.start[_theirs(model, people)]
    begun = start[(start != OPEN) & (start <= day_number(on))]
    if len(begun):
        days, counts = np.unique(begun, return_counts=True)
        begins: Counter[int] = Counter()
        for day, n in zip(days.tolist(), counts.tolist(), strict=True):
            begins[day_of_number(day).year] += n
        return "start", _by_decade(begins)
    if people is not None:
        return "pairs", ()
    rows = store.read(PAIRS, on=on.isoformat())
    return "pairs", _by_decade({int(row["year"]): row["n"] for row in rows})


def _by_decade(years: Mapping[int, int]) -> tuple[Decade, ...]:
    counts: Counter[int] = Counter()
    for year, n in years.items():
        counts[year - year % 10] += n
    return tuple(Decade(year, counts[year]) for year in sorted(counts))


def _theirs(model: Personnel, people: frozenset[str] | None) -> np.ndarray:
    ids = model.columns.person_ids
    if people is None:
        return np.ones(len(ids), dtype=bool)
    return np.array([each in people for each in ids], dtype=bool)


def _units(model: Personnel, on: date, people: frozenset[str] | None) -> tuple[Largest, ...]:
    """Return the units with most people: on the day, or ever where nobody serves on it."""
    columns, number = model.columns, day_number(on)
    theirs = _theirs(model, people)[columns.person]
    begun = ~columns.planned & (columns.since <= number) & (model.until > columns.since) & theirs
    now = begun & (model.until > number)
    at = np.flatnonzero(now if now.any() else begun)
    unit = columns.post_unit[columns.post[at]]
    pairs = np.unique(np.stack([unit, columns.person[at]]), axis=1)
    units, counts = np.unique(pairs[0][pairs[0] >= 0], return_counts=True)
    largest = np.lexsort((units, -counts))[:LARGEST]
    return tuple(
        Largest(columns.unit_ids[at], columns.unit_names[at] or columns.unit_ids[at], n)
        for at, n in zip(units[largest].tolist(), counts[largest].tolist(), strict=True)
    )
