"""Flows: how people move between posts, units, ranks or kinds, and where careers part and meet.

A move is two neighbouring spells (`queries/spells.py`) and counts in the period in which the second
one begins. Every band and every branch knows its people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from graph.errors import N_, UsageError
from graph.store import Store
from queries.careers.paths import posting_mask
from queries.careers.postings import (
    FETCH,
    LEVELS,
    OPEN,
    UNKNOWN,
    Ints,
    day_number,
    day_of_number,
    months_between,
    postings,
)
from queries.careers.spells import Spells, spells, typical

MOST_DEPTH = 12


class Moved(NamedTuple):
    """One move of one person."""

    person: str
    name: str
    day: date
    since: str | None  # as the source gave it
    months: int  # from the begin of the spell before


@dataclass(frozen=True)
class Band:
    """All moves from one label to another in a period."""

    source: str | None
    source_text: str
    target: str | None
    target_text: str
    moves: tuple[Moved, ...]

    @property
    def people(self) -> int:
        """Count the different people."""
        return len({moved.person for moved in self.moves})


@dataclass(frozen=True)
class Balance:
    """What one label gained and lost by moves, and how many entered the data there."""

    key: str | None
    text: str
    gained: int
    lost: int
    entered: int

    @property
    def net(self) -> int:
        """Give gains less losses."""
        return self.gained - self.lost


@dataclass(frozen=True)
class Flows:
    """The moves of a period, the widest band first."""

    level: str
    since: date | None
    until: date | None
    on: date
    bands: tuple[Band, ...]
    balances: tuple[Balance, ...]
    cypher: str

    @property
    def moves(self) -> int:
        """Count the moves."""
        return sum(len(band.moves) for band in self.bands)

    @property
    def people(self) -> int:
        """Count the different people who moved."""
        return len({moved.person for band in self.bands for moved in band.moves})

    def band(self, source: str | None, target: str | None) -> Band | None:
        """Give one band by its ends."""
        for band in self.bands:
            if (band.source, band.target) == (source, target):
                return band
        return None

    def as_dict(self, people: bool = False) -> dict[str, Any]:
        """Give plain values for JSON; with `people`, who made each move."""
        return {
            "level": self.level,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "as_of": self.on.isoformat(),
            "moves": self.moves,
            "people": self.people,
            "bands": [
                {
                    "from": band.source,
                    "from_text": band.source_text,
                    "to": band.target,
                    "to_text": band.target_text,
                    "moves": len(band.moves),
                    "people": band.people,
                    **({"who": [_moved(moved) for moved in band.moves]} if people else {}),
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


def _moved(moved: Moved) -> dict[str, Any]:
    return {
        "person": moved.person,
        "name": moved.name,
        "since": moved.since,
        "months": moved.months,
    }


def flows(
    store: Store,
    level: str,
    on: date,
    since: date | None = None,
    until: date | None = None,
    unit: str | None = None,
) -> Flows:
    """Count the moves that begin in a period (`since <= day < until`).

    With `unit`, those that begin or end in it or below it.
    """
    every = _spells(store, level, on)
    begun, columns = every.begun, every.begun.postings
    here, there = every.moves()
    entries = every.entries()
    from_day = day_number(since) if since else UNKNOWN
    to_day = day_number(until) if until else OPEN
    within = (every.since >= from_day) & (every.since < to_day)
    here, there, entries = here[within[there]], there[within[there]], entries[within[entries]]
    if unit is not None:
        inside = posting_mask(columns, {"unit": unit})[begun.at]
        touched = inside[every.last[here]] | inside[every.first[there]]
        here, there = here[touched], there[touched]
        entries = entries[inside[every.first[entries]]]
    order = np.lexsort((every.person[there], every.since[there]))  # people are in order of id
    bands = _bands(every, here[order], there[order])
    made = [
        Band(
            every.key(source),
            every.text(source),
            every.key(target),
            every.text(target),
            tuple(moves),
        )
        for (source, target), moves in bands.items()
    ]
    made.sort(key=lambda band: (-len(band.moves), band.source_text, band.target_text))
    return Flows(
        level=level,
        since=since,
        until=until,
        on=on,
        bands=tuple(made),
        balances=_balances(every, bands, [int(code) for code in every.code[entries]]),
        cypher=FETCH["postings"].strip(),
    )


def _bands(every: Spells, here: Ints, there: Ints) -> dict[tuple[int, int], list[Moved]]:
    """Sort moves into bands by their ends, keeping their order."""
    begun, columns = every.begun, every.begun.postings
    bands: dict[tuple[int, int], list[Moved]] = defaultdict(list)
    day_by_number = {int(each): day_of_number(each) for each in np.unique(every.since[there])}
    rows = zip(
        every.code[here].tolist(),
        every.code[there].tolist(),
        every.person[there].tolist(),
        every.since[there].tolist(),
        begun.at[every.first[there]].tolist(),
        months_between(every.since[here], every.since[there]).tolist(),
        strict=True,
    )
    for source, target, person, day, posting, months in rows:
        bands[source, target].append(
            Moved(
                columns.person_ids[person],
                columns.person_names[person],
                day_by_number[day],
                columns.since_texts[posting],
                months,
            )
        )
    return bands


def _balances(
    every: Spells, bands: dict[tuple[int, int], list[Moved]], entered: list[int]
) -> tuple[Balance, ...]:
    gained, lost, came = Counter[int](), Counter[int](), Counter(entered)
    for (source, target), moves in bands.items():
        lost[source] += len(moves)
        gained[target] += len(moves)
    codes = sorted({*gained, *lost, *entered})
    found = [
        Balance(every.key(code), every.text(code), gained[code], lost[code], came[code])
        for code in codes
    ]
    return tuple(sorted(found, key=lambda each: (-each.net, each.text)))


# --- where careers part and meet ------------------------------------------------------------------


@dataclass
class Branch:
    """A place in the tree of beginnings: everybody whose career begins with these labels."""

    key: str | None
    text: str
    depth: int
    people: list[tuple[str, str]] = field(default_factory=list)
    ended: int = 0  # of them, how many have gone no further by the day
    months: list[int] = field(default_factory=list)  # from entry to here
    branches: list[Branch] = field(default_factory=list)

    @property
    def median_months(self) -> float | None:
        """Give the median time from the first posting to here."""
        return typical(self.months)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON, without the names."""
        return {
            "key": self.key,
            "text": self.text,
            "people": len(self.people),
            "ended": self.ended,
            "median_months": self.median_months,
            "branches": [branch.as_dict() for branch in self.branches],
        }


@dataclass(frozen=True)
class Meeting:
    """A label at which careers that had parted are together again."""

    key: str | None
    text: str
    depth: int  # which spell it is: 2 is the one after the first
    ways: int  # different beginnings that lead there
    people: int


@dataclass(frozen=True)
class Tree:
    """The prefix tree of careers at a level, and where its branches meet again."""

    level: str
    on: date
    root: Branch
    meetings: tuple[Meeting, ...]
    cypher: str

    def at(self, path: list[str]) -> Branch | None:
        """Give the branch that a list of keys leads to ("" stands for "not known")."""
        branch = self.root
        for key in path:
            found = [each for each in branch.branches if (each.key or "") == key]
            if not found:
                return None
            branch = found[0]
        return branch

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "level": self.level,
            "as_of": self.on.isoformat(),
            "tree": self.root.as_dict(),
            "meetings": [vars(meeting) for meeting in self.meetings],
            "cypher": self.cypher,
        }


def tree(store: Store, level: str, on: date, depth: int = 5) -> Tree:
    """Put the careers of everybody into a prefix tree, `depth` spells deep."""
    if not 1 <= depth <= MOST_DEPTH:
        raise UsageError(N_("The depth is 1 to %(most)s."), most=MOST_DEPTH)
    every = _spells(store, level, on)
    columns = every.begun.postings
    root = Branch(None, "", 0)
    below: dict[tuple[int, ...], Branch] = {(): root}
    months = every.months_from_first().tolist()
    for person, low, high in every.careers():
        who = (columns.person_ids[person], columns.person_names[person])
        labels = tuple(every.code[low : min(high, low + depth)].tolist())
        root.people.append(who)
        for length in range(1, len(labels) + 1):
            prefix = labels[:length]
            branch = below.get(prefix)
            if branch is None:
                code = prefix[-1]
                branch = below[prefix] = Branch(every.key(code), every.text(code), length)
                below[prefix[:-1]].branches.append(branch)
            branch.people.append(who)
            branch.months.append(months[low + length - 1])
            if low + length == high:
                branch.ended += 1
    for branch in below.values():
        branch.branches.sort(key=lambda each: (-len(each.people), each.text))
    return Tree(level, on, root, _meetings(every, below), FETCH["postings"].strip())


def _meetings(every: Spells, below: dict[tuple[int, ...], Branch]) -> tuple[Meeting, ...]:
    ways: dict[tuple[int, int], list[Branch]] = defaultdict(list)
    for prefix, branch in below.items():
        if len(prefix) > 1:
            ways[len(prefix), prefix[-1]].append(branch)
    found = [
        Meeting(
            every.key(code),
            every.text(code),
            depth,
            len(branches),
            sum(len(branch.people) for branch in branches),
        )
        for (depth, code), branches in ways.items()
        if len(branches) > 1
    ]
    return tuple(sorted(found, key=lambda each: (each.depth, -each.people, each.text)))


def _spells(store: Store, level: str, on: date) -> Spells:
    if level not in LEVELS:
        raise UsageError(
            N_("%(level)s is not a level of comparison."),
            N_("Use one of %(known)s."),
            level=level,
            known=", ".join(LEVELS),
        )
    return spells(postings(store).begun(on), level)


def years(store: Store, on: date) -> tuple[int, int] | None:
    """Give the first and last year in which a posting begins, for forms."""
    begun = postings(store).begun(on)
    if not len(begun.since):
        return None
    low, high = int(np.min(begun.since)), int(np.max(begun.since))
    return day_of_number(low).year, day_of_number(high).year
