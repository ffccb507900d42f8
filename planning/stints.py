"""The columns and rows that a problem becomes: stints in arrays, and blocks of linear rows.

A stint is a person in a post from one boundary to another; choosing stints is planning. Stints are
kept as parallel NumPy arrays, because there are hundreds of thousands of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.defaults import Setting
from planning.problem import Problem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Label = tuple[Any, ...]  # what a row is about, by id

IDLE = -1  # the post of a period without a post


@dataclass(frozen=True)
class Stints:
    """Every stint that may be chosen; people and posts are places in the problem's tuples."""

    problem: Problem
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
        """Return the place of each stint's unit among the problem's units, -1 for idle ones."""
        places = {unit.id: at for at, unit in enumerate(self.problem.units)}
        by_post = np.array([*(places[post.unit] for post in self.problem.posts), -1])
        return by_post[self.post]

    def by_post(self, values: list[int]) -> Ints:
        """Return a value of each stint's post; idle ones get 0."""
        return np.array([*values, 0])[self.post]

    def spread(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Repeat stints once a period: the stint and the period of each."""
        lengths = self.end[chosen] - self.begin[chosen]
        stint = np.repeat(chosen, lengths)
        first = np.repeat(np.cumsum(lengths) - lengths, lengths)
        period = np.arange(len(stint)) - first + np.repeat(self.begin[chosen], lengths)
        return stint, period

    def take(self, chosen: Ints) -> Stints:
        """Return some of the stints as a list of their own."""
        return Stints(
            self.problem,
            self.person[chosen],
            self.post[chosen],
            self.begin[chosen],
            self.end[chosen],
            self.is_new[chosen],
            self.is_beside[chosen],
        )


@dataclass
class Block:
    """The rows that one rule makes: `lower <= sum(coefs * columns) <= upper`.

    A column from 0 up is a stint; -1, -2, ... are the block's own columns 0, 1, ... (continuous,
    from 0). `slack` is the coefficient of the row's units broken: it is a column when the rule is
    soft, absent when it is hard. A label names what the row is about, by id.
    """

    setting: Setting
    labels: list[Label]
    rows: Ints
    columns: Ints
    coefs: Floats
    lower: Floats
    upper: Floats
    slack: Floats
    counts_whole: bool = False  # broken units are counted whole (a slack of 0 or 1)
    own_columns: int = 0
    own_cost: float = 0.0  # of each own column
    is_structure: bool = False  # says what a plan of one person is: whoever chains stints keeps it


def groups(*keys: Ints) -> tuple[Ints, Ints]:
    """Number the distinct combinations of keys: the numbers, and a first member of each."""
    stacked = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        low = int(key.min()) if len(key) else 0
        span = int(key.max()) - low + 1 if len(key) else 1
        stacked = stacked * span + (key - low)
    _, first, number = np.unique(stacked, return_index=True, return_inverse=True)
    return number, first


def block_of(
    setting: Setting,
    rows: Ints,
    columns: Ints,
    coef: float,
    lower: Floats,
    upper: Floats,
    slack: float,
    labels: list[Label],
    is_structure: bool = False,
) -> Block:
    """Make the rows of one coefficient that a rule asks for."""
    return Block(
        setting, labels, rows, columns, np.full(len(columns), coef), lower, upper,
        np.full(len(labels), float(slack)), is_structure=is_structure,
    )  # fmt: skip
