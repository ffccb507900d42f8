"""Every posting that a plan may choose, in arrays.

A posting is a person in a post from one boundary to another; choosing postings is planning. They
are kept as parallel NumPy arrays, because there are hundreds of thousands of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.problem.instance import PlanningProblem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

IDLE = -1  # the post of a period without a post


@dataclass(frozen=True)
class CandidatePostings:
    """Every posting that may be chosen; people and posts are places in the problem's tuples."""

    problem: PlanningProblem
    person: Ints
    post: Ints
    begin: Ints
    end: Ints
    is_new: Flags  # False: the posting held at the first day goes on (end 0: it is left at once)
    is_beside: Flags  # beside the home post

    def __len__(self) -> int:
        return len(self.person)

    @property
    def is_idle(self) -> Flags:
        """Return which are periods without a post."""
        return self.post == IDLE

    def unit(self) -> Ints:
        """Return the place of each posting's unit among the problem's units, -1 for idle ones."""
        places = {unit.id: at for at, unit in enumerate(self.problem.units)}
        by_post = np.array([*(places[post.unit] for post in self.problem.posts), -1])
        return by_post[self.post]

    def by_post(self, values: list[int]) -> Ints:
        """Return a value of each posting's post; idle ones get 0."""
        return np.array([*values, 0])[self.post]

    def spread(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Repeat postings once a period: the posting and the period of each."""
        lengths = self.end[chosen] - self.begin[chosen]
        posting = np.repeat(chosen, lengths)
        first = np.repeat(np.cumsum(lengths) - lengths, lengths)
        period = np.arange(len(posting)) - first + np.repeat(self.begin[chosen], lengths)
        return posting, period


def groups(*keys: Ints) -> tuple[Ints, Ints]:
    """Number the distinct combinations of keys: the numbers, and a first member of each."""
    stacked = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        low = int(key.min()) if len(key) else 0
        span = int(key.max()) - low + 1 if len(key) else 1
        stacked = stacked * span + (key - low)
    _, first, number = np.unique(stacked, return_index=True, return_inverse=True)
    return number, first
