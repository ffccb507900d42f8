"""The postings of a file by column: which of millions may clash is told from arrays.

People, posts and dates are numbers here. `FilePosting`s are made of those only whose person or
post is in doubt, and `loaders.checking.periods` judges them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from loaders.checking.columns import Marks
from loaders.checking.numbered import begins, ends, marks
from loaders.checking.periods import OPEN, FilePosting, begins_by, crowds, overlaps
from loaders.checking.rows import Numbers
from loaders.readers.blocks import pl

Names = Callable[[set[int]], dict[int, str]]  # the ids of some people or posts by their numbers

_DAY_BITS = 27  # of a date as a number, which is below 2 ** 27


class FilePostings:
    """The actual rotations of a file; those that may clash are judged one by one."""

    def __init__(
        self,
        rows: Numbers,
        people: Numbers,
        posts: Numbers,
        since: pl.Series,
        until: pl.Series,
        keeps_home: Marks,
        acting: Marks,
    ) -> None:
        """Take the postings by column; those never begun are left out."""
        has_begun = np.flatnonzero(marks(since.is_not_null()))
        self._rows, self._people, self._posts = rows[has_begun], people[has_begun], posts[has_begun]
        self._since, self._until = since.gather(has_begun), until.gather(has_begun)
        self._keeps_home, self._acting = keeps_home[has_begun], acting[has_begun]
        self._begins, self._ends = begins(self._since), ends(self._until)

    def overlaps(self, people: Names, posts: Names) -> Iterator[tuple[FilePosting, FilePosting]]:
        """Yield what `periods.overlaps` finds among those that do not keep the post before."""
        away = np.flatnonzero(~self._keeps_home)
        person = self._people[away]
        doubtful = overlapping(person, self._begins[away], self._ends[away])
        if len(doubtful):
            yield from overlaps(self._made(away[np.isin(person, doubtful)], people, posts))

    def crowds(
        self, capacities: tuple[Numbers, pl.Series], people: Names, posts: Names
    ) -> Iterator[tuple[FilePosting, int, int]]:
        """Yield what `periods.crowds` finds, with the capacity of the post.

        `capacities` are rows of posts, and how many may hold each at a time; null where anybody
        may.
        """
        of, limits = capacities[0], capacities[1].fill_null(-1).to_numpy()
        capacity_by_post = np.full(1 + max(of.max(initial=0), self._posts.max(initial=0)), -1)
        capacity_by_post[of] = limits
        # Posts that the file does not place have numbers below zero, and no capacity, as row 0.
        capacity = capacity_by_post[np.maximum(self._posts, 0)]
        limited = np.flatnonzero((capacity >= 0) & ~self._acting)  # who is acting fills none
        post = self._posts[limited]
        doubtful = crowded(post, self._begins[limited], self._ends[limited], capacity_by_post)
        if not len(doubtful):
            return
        those = limited[np.isin(post, doubtful)]
        made = self._made(those, people, posts)
        known = {each.post: int(most) for each, most in zip(made, capacity[those], strict=True)}
        for posting, holders in crowds(made, known):
            yield posting, holders, known[posting.post]

    def _made(self, those: Numbers, people: Names, posts: Names) -> list[FilePosting]:
        person, post = self._people[those].tolist(), self._posts[those].tolist()
        person_by_number, post_by_number = people(set(person)), posts(set(post))
        facts = zip(
            person,
            post,
            self._rows[those].tolist(),
            self._since.gather(those).to_list(),
            self._until.gather(those).to_list(),
            self._keeps_home[those].tolist(),
            strict=True,
        )
        return [
            FilePosting(
                person_by_number[of], begins_by(since), row, until or OPEN, post_by_number[at],
                since, keeps_home,
            )
            for of, at, row, since, until, keeps_home in facts
        ]  # fmt: skip


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
