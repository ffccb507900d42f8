"""Careers as sequences: a person's postings in the order they began, equal neighbours made one.

At a level ("post", "rank", "unit_kind", ...) a person who is reappointed to the same has one
posting, not two. A move is a posting and the next one. Routes, flows, next posts and the prefix
tree all count these, so their figures agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from graph.dates import months_between as whole_months
from queries.personnel.columns import Begun
from queries.personnel.days import Ints, day_of_number, months_between, runs

FEW = 10  # below this many cases a share says nothing: counts only


@dataclass(frozen=True, eq=False)
class PostingsAtLevel:
    """Columns of postings at a level, by person and begin; `code` -1 stands for "not known"."""

    begun: Begun
    level: str
    keys: list[str]
    texts: list[str]
    person: Ints
    code: Ints
    since: Ints
    first: Ints  # place in `begun` of its first posting
    last: Ints  # place of its last posting

    def __len__(self) -> int:
        return len(self.person)

    def key(self, code: int) -> str | None:
        """Return the key of a code; None when it is not known."""
        return self.keys[code] if code >= 0 else None

    def text(self, code: int) -> str:
        """Return the text of a code; a question mark when it is not known."""
        return self.texts[code] if code >= 0 else "?"

    def moves(self) -> tuple[Ints, Ints]:
        """Return the places of each posting that its person moved from, and of the one moved to."""
        same = self.person[1:] == self.person[:-1]
        here = np.flatnonzero(same & self.begun.arrives[self.first[1:]])
        return here, here + 1

    def entries(self) -> Ints:
        """Return the place of each person's first posting."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.r_[True, self.person[1:] != self.person[:-1]])

    def lasts(self) -> Ints:
        """Return the place of each person's last posting."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.r_[self.person[1:] != self.person[:-1], True])

    def months_from_first(self) -> Ints:
        """Return, for each posting, the months since its person's first one began."""
        low, _ = runs(self.person)
        return months_between(self.since[low], self.since)

    def careers(self) -> Iterator[tuple[int, int, int]]:
        """Yield each person with the places of the first posting and after the last."""
        starts = [*self.entries().tolist(), len(self)]
        for low, high in pairwise(starts):
            yield int(self.person[low]), low, high


def postings_at_level(begun: Begun, level: str) -> PostingsAtLevel:
    """Merge each person's neighbouring postings that are equal at a level."""
    codes, keys, texts = begun.postings.labels(level)
    code = codes[begun.at]
    count = len(code)
    if count:
        new = np.r_[True, (begun.person[1:] != begun.person[:-1]) | (code[1:] != code[:-1])]
        first = np.flatnonzero(new).astype(np.int64)
        last = np.r_[first[1:], count] - 1
    else:
        first = last = np.zeros(0, dtype=np.int64)
    return PostingsAtLevel(
        begun, level, keys, texts, begun.person[first], code[first], begun.since[first], first, last
    )


def share(part: int, whole: int) -> float | None:
    """Return a share of 1, or None where there are too few cases to speak of one.

    >>> share(3, 12), share(3, 9)
    (0.25, None)
    """
    return part / whole if whole >= FEW else None


def typical(values: list[int]) -> float | None:
    """Return the median; None of nothing."""
    if not values:
        return None
    found = float(median(values))
    return int(found) if found.is_integer() else found


def months_of(since: int, until: int) -> int:
    """Count the whole months between two day numbers; negative when they are reversed."""
    if until < since:
        return -months_of(until, since)
    return whole_months(day_of_number(since), day_of_number(until))
