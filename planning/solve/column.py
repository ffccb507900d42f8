"""A column of the master programme: a whole plan of one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.problem.postings import Floats, Ints


@dataclass(frozen=True)
class PlanColumn:
    """A whole plan of one person: places in `Subproblems.postings`, its cost, its share of rows.

    The last row says that the person has one plan.
    """

    person: int
    places: Ints
    cost: float
    rows: Ints
    coefs: Floats


def persons_of(columns: list[PlanColumn]) -> Ints:
    """Return the person of each column."""
    return np.array([column.person for column in columns], dtype=np.int64)


def reduced_costs(columns: list[PlanColumn], duals: Floats) -> Floats:
    """Return the cost of each column less what it pays for shared rows; its person's row aside."""
    if not columns:
        return np.zeros(0)
    sizes = [len(column.rows) - 1 for column in columns]
    rows = np.concatenate([column.rows[:-1] for column in columns])
    coefs = np.concatenate([column.coefs[:-1] for column in columns])
    owner = np.repeat(np.arange(len(columns)), sizes)
    paid = np.bincount(owner, weights=duals[rows] * coefs, minlength=len(columns))
    return np.array([column.cost for column in columns]) - paid
