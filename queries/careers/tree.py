"""The tree of careers: where they part and where they meet again.

Everybody whose career begins alike is on one branch (postings of `queries/careers/at_level.py`); a
meeting is a label that several different beginnings lead to at the same step.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, UsageError
from graph.store import Store
from queries.careers.at_level import PostingsAtLevel, typical
from queries.careers.flows import everybody_at_level
from queries.personnel.reading import FETCH

MOST_DEPTH = 12


class BranchDict(TypedDict):
    """A branch with those that go on from it, without the names."""

    key: str | None
    text: str
    people: int
    ended: int
    median_months: float | None
    branches: list[BranchDict]


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
        """Return the median time from the first posting to here."""
        return typical(self.months)

    def as_dict(self) -> BranchDict:
        """Return plain values for JSON, without the names."""
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
    depth: int  # which posting it is: 2 is the one after the first
    ways: int  # different beginnings that lead there
    people: int


class CareerTreeDict(TypedDict):
    """The tree of beginnings, as plain values."""

    level: str
    as_of: str
    tree: BranchDict
    meetings: list[Annotated[dict[str, Any], FieldsOf(Meeting)]]
    cypher: str


@dataclass(frozen=True)
class CareerTree:
    """The prefix tree of careers at a level, and where its branches meet again."""

    level: str
    on: date
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
        self, depth: int, key: str | None, before: tuple[str | None] | None = None
    ) -> list[tuple[str, str]]:
        """Return everybody whose posting number `depth` has a label, by id, whatever came earlier.

        With `before`, only those whose posting just before has that label.
        """
        found: list[tuple[str, str]] = []

        def walk(branch: Branch) -> None:
            for each in branch.branches:
                if each.depth == depth and each.key == key:
                    if before is None or (branch.depth and branch.key == before[0]):
                        found.extend(each.people)
                elif each.depth < depth:
                    walk(each)

        walk(self.root)
        return sorted(found)

    def as_dict(self) -> CareerTreeDict:
        """Return plain values for JSON."""
        return {
            "level": self.level,
            "as_of": self.on.isoformat(),
            "tree": self.root.as_dict(),
            "meetings": [vars(meeting) for meeting in self.meetings],
            "cypher": self.cypher,
        }


def tree(store: Store, level: str, on: date, depth: int = 5) -> CareerTree:
    """Put the careers of everybody into a prefix tree, `depth` postings deep."""
    if not 1 <= depth <= MOST_DEPTH:
        raise UsageError(N_("The depth is 1 to %(most)s."), most=MOST_DEPTH)
    every = everybody_at_level(store, level, on)
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
    return CareerTree(level, on, root, _meetings(every, below), FETCH["postings"].strip())


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
