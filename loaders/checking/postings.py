"""The postings of a file by column: which of millions may clash is told from arrays.

People, posts and dates are numbers here. `FilePosting`s are made of those only whose person or
post is in doubt, and `loaders.checking.periods` judges them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from loaders.checking.numbered import Days, Marks, Numbers
from loaders.checking.periods import OPEN, FilePosting, begins_by, crowds, overlaps

Column = npt.NDArray[Any]
Names = Callable[[set[int]], dict[int, str]]  # the ids of some people or posts by their numbers

_DAY_BITS = 27  # of a date as a number, which is below 2 ** 27


class FilePostings:
    """The actual rotations of a file; those that may clash are judged one by one."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._blocks: list[tuple[Column, ...]] = []
        self._capacities: list[tuple[Numbers, Numbers]] = []

    def add_capacities(self, posts: Numbers, capacities: Iterable[int | None]) -> None:
        """Add how many may hold some posts at a time; None where anybody may."""
        limits = [-1 if each is None else each for each in capacities]
        self._capacities.append((posts, np.array(limits, np.int64)))

    def add(
        self,
        rows: Numbers,
        people: Numbers,
        posts: Numbers,
        since: Numbers,
        until: Numbers,
        keeps_home: Marks,
    ) -> None:
        """Add some postings, with dates as `Days` numbers them; those never begun are left out."""
        has_begun = self._days.begins(since) > 0
        columns = (rows, people, posts, since, until, keeps_home)
        self._blocks.append(tuple(column[has_begun] for column in columns))

    def clear(self) -> None:
        """Let all of them go."""
        self._blocks.clear()
        self._capacities.clear()

    def overlaps(self, people: Names, posts: Names) -> Iterator[tuple[FilePosting, FilePosting]]:
        """Yield what `periods.overlaps` finds among those that do not keep the post before."""
        columns = self._columns()
        if columns is None:
            return
        _, person, _, since, until, keeps_home = columns
        away = np.flatnonzero(~keeps_home)
        doubtful = overlapping(
            person[away], self._days.begins(since[away]), self._days.ends(until[away])
        )
        if len(doubtful):
            those = away[np.isin(person[away], doubtful)]
            yield from overlaps(self._made([each[those] for each in columns], people, posts))

    def crowds(self, people: Names, posts: Names) -> Iterator[tuple[FilePosting, int, int]]:
        """Yield what `periods.crowds` finds, with the capacity of the post."""
        columns = self._columns()
        if columns is None or not self._capacities:
            return
        _, _, post, since, until, _ = columns
        of, limits = (np.concatenate(each) for each in zip(*self._capacities, strict=True))
        capacity_by_post = np.full(1 + max(of.max(initial=0), post.max(initial=0)), -1)
        capacity_by_post[of] = limits
        # Posts that the file does not place have numbers below zero, and no capacity, as row 0.
        capacity = capacity_by_post[np.maximum(post, 0)]
        limited = np.flatnonzero(capacity >= 0)
        doubtful = crowded(
            post[limited],
            self._days.begins(since[limited]),
            self._days.ends(until[limited]),
            capacity_by_post,
        )
        if not len(doubtful):
            return
        those = limited[np.isin(post[limited], doubtful)]
        made = self._made([each[those] for each in columns], people, posts)
        known = {each.post: int(most) for each, most in zip(made, capacity[those], strict=True)}
        for posting, holders in crowds(made, known):
            yield posting, holders, known[posting.post]

    def _columns(self) -> list[Column] | None:
        if len(self._blocks) > 1:
            self._blocks = [tuple(map(np.concatenate, zip(*self._blocks, strict=True)))]
        return list(self._blocks[0]) if self._blocks and len(self._blocks[0][0]) else None

    def _made(self, columns: list[Column], people: Names, posts: Names) -> list[FilePosting]:
        rows, person, post, since, until, keeps_home = (each.tolist() for each in columns)
        person_by_number, post_by_number = people(set(person)), posts(set(post))
        texts = self._days.texts
        made = []
        for at, row in enumerate(rows):
            begun = texts[since[at]]
            assert begun is not None
            made.append(
                FilePosting(
                    person_by_number[person[at]],
                    begins_by(begun),
                    row,
                    texts[until[at]] or OPEN,
                    post_by_number[post[at]],
                    begun,
                    bool(keeps_home[at]),
                )
            )
        return made


def overlapping(people: Numbers, begins: Numbers, ends: Numbers) -> Numbers:
    """Return the people of whom one span begins before another has ended; empty spans do not count.

    >>> spans = np.array([[1, 10, 20], [1, 20, 30], [2, 10, 20], [2, 19, 30]])
    >>> overlapping(*spans.T)
    array([2])
    """
    certain = ends > begins
    people, begins, ends = people[certain], begins[certain], ends[certain]
    # By person, then by beginning; those of one person mostly stand together already.
    order = np.argsort((people << _DAY_BITS) | begins, kind="stable")
    people, begins, ends = people[order], begins[order], ends[order]
    clash = (people[1:] == people[:-1]) & (ends[:-1] > begins[1:])
    return np.unique(people[1:][clash])


def crowded(posts: Numbers, begins: Numbers, ends: Numbers, capacity_by_post: Numbers) -> Numbers:
    """Return the posts of which more spans than the capacity ever last together.

    >>> spans = np.array([[1, 10, 20], [1, 20, 30], [2, 10, 20], [2, 19, 30]])
    >>> crowded(*spans.T, np.array([0, 1, 1]))
    array([2])
    """
    certain = ends > begins
    begun = np.sort((posts[certain] << _DAY_BITS) | begins[certain])
    ended = np.sort((posts[certain] << _DAY_BITS) | ends[certain])
    posts = begun >> _DAY_BITS
    # When the nth begins, all but `capacity` of those before it must have ended.
    later = np.arange(len(posts)) + np.minimum(capacity_by_post[posts], len(posts))
    at = np.flatnonzero(later < len(posts))
    later = later[at]
    clash = (posts[at] == posts[later]) & (ended[at] > begun[later])
    return np.unique(posts[at][clash])
