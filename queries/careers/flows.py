"""Flows: how people move between posts, units, ranks or kinds.

A move is two neighbouring postings (`queries/careers/at_level.py`) and counts in the period in
which the second one begins. Every band knows its people, and what became of the others where it
begins: who moved elsewhere is not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, NamedTuple, NotRequired

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, NotFound, UsageError
from graph.store import Store
from queries.careers.at_level import PostingsAtLevel, postings_at_level
from queries.careers.groups import (
    FiveGroups,
    GroupsDict,
    five_groups,
    from_the_first_day,
    standing,
)
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.personnel import Personnel, personnel
from queries.personnel.columns import LEVELS
from queries.personnel.days import (
    UNKNOWN,
    Bools,
    Ints,
    day_number,
    day_of_number,
    first_of_each,
    months_between,
)
from queries.personnel.reading import FETCH
from queries.personnel.state import Day


class Moved(NamedTuple):
    """One move of one person, or a first posting where nothing came before."""

    person: str
    name: str
    day: date
    since: str | None  # as the source gave it
    months: int | None  # from the begin of the posting before


@dataclass(frozen=True, eq=False)
class Band:
    """All moves from one label to another in a period; who made them is told when asked."""

    source: str | None
    source_text: str
    target: str | None
    target_text: str
    people: int  # different ones
    groups: FiveGroups  # who came this way; the others whose last posting is where it begins
    _every: PostingsAtLevel
    _here: Ints
    _there: Ints

    def __len__(self) -> int:
        return len(self._there)

    @cached_property
    def moves(self) -> tuple[Moved, ...]:
        """Return the moves by day."""
        return tuple(_moved(self._every, self._here, self._there))


@dataclass(frozen=True, eq=False)
class Balance:
    """What one label gained and lost by moves, and how many entered the data there."""

    key: str | None
    text: str
    gained: int
    lost: int
    entered: int

    @property
    def net(self) -> int:
        """Return gains less losses."""
        return self.gained - self.lost


class MovedDict(TypedDict):
    """Who made a move, and when."""

    person: str
    name: str
    since: str | None
    months: int | None


BandRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {"from": str | None, "who": NotRequired[list[MovedDict]]},
        "BandDict",
        from_text=str,
        to=str | None,
        to_text=str,
        moves=int,
        people=int,
        groups=GroupsDict,
    ),
]


class BalanceDict(TypedDict):
    """What one label gained and lost."""

    key: str | None
    text: str
    gained: int
    lost: int
    net: int
    entered: int


class FlowsDict(TypedDict):
    """The moves of a period, as plain values."""

    level: str
    since: str | None
    until: str | None
    as_of: str
    limits: LimitsDict
    moves: int
    people: int
    groups: GroupsDict
    beside: int
    bands: list[BandRow]
    balances: list[BalanceDict]
    cypher: str


@dataclass(frozen=True, eq=False)
class Flows:
    """The moves of a period, the widest band first."""

    level: str
    limits: Limits
    on: date
    moves: int
    people: int  # different ones who moved
    groups: FiveGroups  # of all who held a main post by the day
    beside: int  # postings beside a home post that began in the period: no moves
    bands: tuple[Band, ...]
    balances: tuple[Balance, ...]
    cypher: str
    _every: PostingsAtLevel
    _entries: Ints

    def band(self, source: str | None, target: str | None) -> Band | None:
        """Return one band by its ends."""
        for band in self.bands:
            if (band.source, band.target) == (source, target):
                return band
        return None

    def gained(self, key: str | None) -> tuple[Moved, ...]:
        """Return the moves that led to a label, by day."""
        return _by_day(band.moves for band in self.bands if band.target == key)

    def lost(self, key: str | None) -> tuple[Moved, ...]:
        """Return the moves that led away from a label, by day."""
        return _by_day(band.moves for band in self.bands if band.source == key)

    def entered(self, key: str | None) -> tuple[Moved, ...]:
        """Return who has the first posting on file at a label, by day."""
        first = self._entries
        mine = [at for at in first.tolist() if self._every.key(int(self._every.code[at])) == key]
        return _by_day([tuple(_moved(self._every, None, np.array(mine, dtype=np.int64)))])

    def as_dict(self, people: bool = False) -> FlowsDict:
        """Return plain values for JSON; with `people`, who made each move."""
        return {
            "level": self.level,
            "since": self.limits.as_dict()["since"],
            "until": self.limits.as_dict()["until"],
            "as_of": self.on.isoformat(),
            "limits": self.limits.as_dict(),
            "moves": self.moves,
            "people": self.people,
            "groups": self.groups.as_dict(),
            "beside": self.beside,
            "bands": [
                {
                    "from": band.source,
                    "from_text": band.source_text,
                    "to": band.target,
                    "to_text": band.target_text,
                    "moves": len(band),
                    "people": band.people,
                    "groups": band.groups.as_dict(),
                    **({"who": [_as_dict(moved) for moved in band.moves]} if people else {}),
                }
                for band in self.bands
            ],
            "balances": [
                {
                    "key": each.key,
                    "text": each.text,
                    "gained": each.gained,
                    "lost": each.lost,
                    "net": each.net,
                    "entered": each.entered,
                }
                for each in self.balances
            ],
            "cypher": self.cypher,
        }


def _as_dict(moved: Moved) -> MovedDict:
    return {
        "person": moved.person,
        "name": moved.name,
        "since": moved.since,
        "months": moved.months,
    }


def _by_day(those: Iterable[tuple[Moved, ...]]) -> tuple[Moved, ...]:
    return tuple(sorted(chain.from_iterable(those), key=lambda each: (each.day, each.person)))


def flows(store: Store, level: str, on: date, limits: Limits = EVERYBODY) -> Flows:
    """Count the moves of a period; of a unit, those that begin or end in it or below it."""
    model = personnel(store)
    every = everybody_at_level(store, level, on)
    begun = every.begun
    asked = replace(limits, unit=None).people(store, model, on)
    of_whom = np.ones(len(every), dtype=bool) if asked is None else asked[every.person]
    here, there = every.moves()
    entries = every.entries()
    counted = limits.in_period(every.since) & of_whom
    here, there, entries = here[counted[there]], there[counted[there]], entries[counted[entries]]
    if limits.unit is not None:
        if limits.unit not in begun.postings.unit_at:
            raise NotFound(
                N_("There is no unit %(id)s."), N_("Search for its name."), id=limits.unit
            )
        inside = begun.postings.in_unit(limits.unit)[begun.at]
        touched = inside[every.last[here]] | inside[every.first[there]]
        here, there = here[touched], there[touched]
        entries = entries[inside[every.first[entries]]]
        of_whom &= np.isin(every.person, every.person[inside[every.first] | inside[every.last]])
    day = model.on(on)
    last = every.lasts()
    last = last[of_whom[last]]
    moved = np.unique(every.person[there])
    others = np.setdiff1d(every.person[last], moved)
    return Flows(
        level=level,
        limits=limits,
        on=on,
        moves=len(there),
        people=len(moved),
        groups=five_groups(day, len(moved), others),
        beside=_beside(model, on, limits, asked),
        bands=tuple(_bands(every, here, there, _Standing(every, day, last, entries))),
        balances=_balances(every, here, there, entries),
        cypher=FETCH["postings"].strip(),
        _every=every,
        _entries=entries,
    )


def _beside(model: Personnel, on: date, limits: Limits, asked: Bools | None) -> int:
    """Count the postings beside a home post that began in the period."""
    columns, number = model.columns, day_number(on)
    at = np.flatnonzero(~model.home & ~columns.planned)
    since = columns.since[at]
    at = at[(since != UNKNOWN) & (since <= number) & limits.in_period(since)]
    if asked is not None:
        at = at[asked[columns.person[at]]]
    if limits.unit is not None:
        at = at[columns.in_unit(limits.unit)[at]]
    return len(at)


def _bands(every: PostingsAtLevel, here: Ints, there: Ints, everybody: _Standing) -> list[Band]:
    """Sort moves into bands by their ends, each by day; the widest band first."""
    count = len(every.keys) + 1
    ends = (every.code[here] + 1) * count + every.code[there] + 1
    order = np.lexsort((every.person[there], every.since[there], ends))
    here, there, ends = here[order], there[order], ends[order]
    begins = first_of_each(ends)
    band_of = np.cumsum(np.r_[False, ends[1:] != ends[:-1]][: len(ends)])
    people = _distinct(band_of, every.person[there])
    groups = everybody.groups(here, there, band_of, people)
    stops = np.r_[begins[1:], len(ends)][: len(begins)].tolist()
    found = []
    for at, (low, high) in enumerate(zip(begins.tolist(), stops, strict=True)):
        source, target = int(every.code[here[low]]), int(every.code[there[low]])
        found.append(
            Band(
                every.key(source),
                every.text(source),
                every.key(target),
                every.text(target),
                int(people[at]),
                groups[at],
                every,
                here[low:high],
                there[low:high],
            )
        )
    found.sort(key=lambda band: (-len(band), band.source_text, band.target_text))
    return found


class _Standing:
    """Where everybody who is asked about stands on the day, and who began where."""

    def __init__(self, every: PostingsAtLevel, day: Day, last: Ints, entries: Ints) -> None:
        self.every, self.where, self.count = every, standing(day), len(every.keys) + 1
        self.stands = np.full(len(day), -1, dtype=np.int64)  # the label of the last posting
        self.stands[every.person[last]] = every.code[last] + 1
        known = last[self.where[every.person[last]] >= 0]
        at = (every.code[known] + 1) * 3 + self.where[every.person[known]]
        self.table = np.bincount(at, minlength=3 * self.count).reshape(self.count, 3)
        first = entries[from_the_first_day(day, every.person[entries], every.since[entries])]
        self.began = np.bincount(every.code[first] + 1, minlength=self.count)

    def groups(self, here: Ints, there: Ints, band_of: Ints, people: Ints) -> list[FiveGroups]:
        """Return the groups of each band: who is where it begins and has not come this way."""
        every, first = self.every, first_of_each(band_of)
        found = self.table[every.code[here[first]] + 1]
        # Who came this way and is back where it begins has arrived, and is counted once.
        who = every.person[there]
        back = (self.stands[who] == every.code[here] + 1) & (self.where[who] >= 0)
        pairs = np.unique(band_of[back] * len(self.where) + who[back])
        band, person = np.divmod(pairs, len(self.where))
        np.subtract.at(found, (band, self.where[person]), 1)
        beside = self.began[every.code[there[first]] + 1]
        rows = np.column_stack([people, found, beside]).tolist()
        return list(map(FiveGroups._make, rows))


def _distinct(group: Ints, person: Ints) -> Ints:
    """Count the different people of each group, numbered from 0."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    pairs = np.unique(group * (int(person.max()) + 1) + person)
    return np.bincount(pairs // (int(person.max()) + 1)).astype(np.int64)


def _moved(every: PostingsAtLevel, here: Ints | None, there: Ints) -> Iterator[Moved]:
    """Tell of each move who made it; without `here` they are first postings."""
    begun, columns = every.begun, every.begun.postings
    months: list[int | None] = [None] * len(there)
    if here is not None:
        months = list(months_between(every.since[here], every.since[there]).tolist())
    rows = zip(
        every.person[there].tolist(),
        every.since[there].tolist(),
        begun.at[every.first[there]].tolist(),
        months,
        strict=True,
    )
    for person, day, posting, after in rows:
        yield Moved(
            columns.person_ids[person],
            columns.person_names[person],
            day_of_number(day),
            columns.since_texts[posting],
            after,
        )


def _balances(
    every: PostingsAtLevel, here: Ints, there: Ints, entries: Ints
) -> tuple[Balance, ...]:
    count = len(every.keys) + 1
    gained, lost, came = (
        np.bincount(every.code[places] + 1, minlength=count).tolist()
        for places in (there, here, entries)
    )
    found = [
        Balance(every.key(at - 1), every.text(at - 1), gained[at], lost[at], came[at])
        for at in range(count)
        if gained[at] or lost[at] or came[at]
    ]
    return tuple(sorted(found, key=lambda each: (-each.net, each.text)))


def everybody_at_level(store: Store, level: str, on: date) -> PostingsAtLevel:
    """Return everybody's postings at a level on a day; UsageError for a level that is none."""
    if level not in LEVELS:
        raise UsageError(
            N_("%(level)s is not a level of comparison."),
            N_("Use one of %(known)s."),
            level=level,
            known=", ".join(LEVELS),
        )
    return postings_at_level(personnel(store).careers(on), level)


def years(store: Store, on: date) -> tuple[int, int] | None:
    """Return the first and last year in which a posting begins, for forms."""
    begun = personnel(store).careers(on)
    if not len(begun.since):
        return None
    low, high = int(np.min(begun.since)), int(np.max(begun.since))
    return day_of_number(low).year, day_of_number(high).year
