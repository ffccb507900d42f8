"""The tree of careers: where they part and where they meet again.

Everybody whose career begins alike is on one branch (postings of `queries/careers/at_level.py`); a
meeting is a label that several different beginnings lead to at the same step.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, UsageError
from graph.store import Store
from queries.careers.at_level import PostingsAtLevel, typical
from queries.careers.flows import everybody_at_level
from queries.careers.groups import FiveGroups, GroupsDict, from_the_first_day, standing
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.personnel import personnel
from queries.personnel.days import Bools
from queries.personnel.reading import FETCH
from queries.personnel.state import Day

MOST_DEPTH = 12


class BranchDict(TypedDict):
    """A branch with those that go on from it, without the names."""

    key: str | None
    text: str
    people: int
    ended: int
    groups: GroupsDict
    median_months: float | None
    branches: list[BranchDict]


@dataclass
class Branch:
    """A place in the tree of beginnings: everybody whose career begins with these labels."""

    key: str | None
    text: str
    depth: int
    people: list[tuple[str, str]] = field(default_factory=list)
    no_further: list[tuple[str, str]] = field(default_factory=list)  # of them, by the day
    stayed: list[int] = field(default_factory=lambda: [0, 0, 0])  # of those, who stands where
    from_the_start: int = 0  # held it on the first known day
    months: list[int] = field(default_factory=list)  # from the first posting to here
    branches: list[Branch] = field(default_factory=list)

    @property
    def median_months(self) -> float | None:
        """Return the median time from the first posting to here; that one itself took none."""
        return typical(self.months)

    @property
    def ended(self) -> int:
        """Return how many have gone no further by the day."""
        return len(self.no_further)

    @property
    def groups(self) -> FiveGroups:
        """Return who went on from here, and what became of those who did not."""
        went_on = len(self.people) - self.ended if self.depth else len(self.people)
        on_the_way, left, unseen = self.stayed
        return FiveGroups(went_on, on_the_way, left, unseen, self.from_the_start)

    def as_dict(self) -> BranchDict:
        """Return plain values for JSON, without the names."""
        return {
            "key": self.key,
            "text": self.text,
            "people": len(self.people),
            "ended": self.ended,
            "groups": self.groups.as_dict(),
            "median_months": self.median_months,
            "branches": [branch.as_dict() for branch in self.branches],
        }


@dataclass(frozen=True)
class Meeting:
    """A label at which careers that had parted are together again."""

    key: str | None
    text: str
    depth: int  # which posting it is: 2 is the one after the first
    ways: int  # different beginnings that lead there
    people: int


class CareerTreeDict(TypedDict):
    """The tree of beginnings, as plain values."""

    level: str
    as_of: str
    limits: LimitsDict
    tree: BranchDict
    meetings: list[Annotated[dict[str, Any], FieldsOf(Meeting)]]
    cypher: str


@dataclass(frozen=True)
class CareerTree:
    """The prefix tree of careers at a level, and where its branches meet again."""

    level: str
    on: date
    limits: Limits
    root: Branch
    meetings: tuple[Meeting, ...]
    cypher: str

    def at(self, path: list[str]) -> Branch | None:
        """Return the branch that a list of keys leads to ("" stands for "not known")."""
        branch = self.root
        for key in path:
            found = [each for each in branch.branches if (each.key or "") == key]
            if not found:
                return None
            branch = found[0]
        return branch

    def together(
        self,
        depth: int,
        key: str | None,
        before: tuple[str | None] | None = None,
        stayed: bool = False,
    ) -> list[tuple[str, str]]:
        """Return everybody whose posting number `depth` has a label, by id, whatever came earlier.

        With `before`, only those whose posting just before has that label; with `stayed`, only
        those who have gone no further.
        """
        found: list[tuple[str, str]] = []

        def walk(branch: Branch) -> None:
            for each in branch.branches:
                if each.depth == depth and each.key == key:
                    if before is None or (branch.depth and branch.key == before[0]):
                        found.extend(each.no_further if stayed else each.people)
                elif each.depth < depth:
                    walk(each)

        walk(self.root)
        return sorted(found)

    def as_dict(self) -> CareerTreeDict:
        """Return plain values for JSON."""
        return {
            "level": self.level,
            "as_of": self.on.isoformat(),
            "limits": self.limits.as_dict(),
            "tree": self.root.as_dict(),
            "meetings": [vars(meeting) for meeting in self.meetings],
            "cypher": self.cypher,
        }


def tree(
    store: Store, level: str, on: date, depth: int = 5, limits: Limits = EVERYBODY
) -> CareerTree:
    """Put careers into a prefix tree, `depth` postings deep; a period is that of their begin."""
    if not 1 <= depth <= MOST_DEPTH:
        raise UsageError(N_("The depth is 1 to %(most)s."), most=MOST_DEPTH)
    every = everybody_at_level(store, level, on)
    model = personnel(store)
    below = _grown(
        every, model.on(on), depth, _wanted(every, limits.people(store, model, on), limits)
    )
    root = below[()]
    for branch in below.values():
        branch.branches.sort(key=lambda each: (-len(each.people), each.text))
    return CareerTree(level, on, limits, root, _meetings(every, below), FETCH["postings"].strip())


def _wanted(every: PostingsAtLevel, asked: Bools | None, limits: Limits) -> set[int] | None:
    """Return whose careers are asked about; None: everybody's."""
    if limits == EVERYBODY:
        return None
    first = every.entries()
    kept = limits.in_period(every.since[first])
    if asked is not None:
        kept &= asked[every.person[first]]
    return set(every.person[first[kept]].tolist())


def _grown(
    every: PostingsAtLevel, day: Day, depth: int, wanted: set[int] | None
) -> dict[tuple[int, ...], Branch]:
    """Return the branches by the codes that lead to them, the root by none."""
    columns = every.begun.postings
    below: dict[tuple[int, ...], Branch] = {(): Branch(None, "", 0)}
    root = below[()]
    months = every.months_from_first().tolist()
    where = standing(day).tolist()
    begins = every.entries()
    early = np.zeros(len(where), dtype=bool)
    early[every.person[begins]] = from_the_first_day(day, every.person[begins], every.since[begins])
    for person, low, high in every.careers():
        if wanted is not None and person not in wanted:
            continue
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
            if length == 1:
                branch.from_the_start += bool(early[person])
            else:
                branch.months.append(months[low + length - 1])
            if low + length == high:
                branch.no_further.append(who)
                branch.stayed[where[person]] += 1
    return below


def _meetings(every: PostingsAtLevel, below: dict[tuple[int, ...], Branch]) -> tuple[Meeting, ...]:
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
