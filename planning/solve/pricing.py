"""Pricing: find whole plans of single people under duals, the cheapest one or all within a limit.

A person's plan is a chain of main postings over the horizon with secondments inside them, and it
must keep (or pays for) every row that concerns this person alone. The search is a depth-first
enumeration with a bound from the remaining time, compiled by Numba. Rows that several people
share are not seen here: their duals are already in the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.problem.postings import Floats, Ints
from planning.solve.subproblems import Subproblem, Subproblems

NODES = 4_000_000  # of one person's search; beyond it the search gives a bound only
ALL_NODES = 100_000_000  # of all people's searches together
WIDTHS = (0.25, 1.0, 3.0, 9.0, 30.0, 100.0, 1e15)


@dataclass(frozen=True)
class PricingResult:
    """Plans of one person: the places of their postings, and their values under the weights."""

    plans: list[Ints]
    values: Floats
    bound: float  # no plan of this person is worth less
    is_complete: bool


def search(
    subproblems: Subproblems,
    person: int,
    weights: Floats,
    own_duals: Floats,
    limit: float,
    most: int = 1,
    nodes: int = NODES,
) -> PricingResult:
    """Find the best plan worth less than `limit`; with `most` above 1, all of them up to so many.

    `weights` are by place; `own_duals` are guesses by place in `Subproblems.rows` that make the
    bound sharp and cannot make it wrong. A search of more than so many `nodes` is cut, and not
    complete.
    """
    low, one = subproblems.first_main[person], subproblems.one(person, weights, own_duals)
    allowed = min(nodes, ALL_NODES // subproblems.people)
    if most == 1:  # a narrow search first: without a limit it would wander far from the best
        _, _, _, _, root, _ = _searched(one, limit, 1, -1)
        proved = root
        for width in WIDTHS:
            tried = min(limit, root + width)
            plans, sizes, values, count, bound, visited = _searched(one, tried, 1, allowed)
            bound = max(bound, min(proved, tried))
            if count or visited > allowed or tried >= limit:
                break
            proved = tried
    else:
        plans, sizes, values, count, bound, visited = _searched(one, limit, most, allowed)
    is_complete = visited <= allowed and (most == 1 or count <= most)
    shown = min(count, most)
    return PricingResult(
        [plans[k, : sizes[k]] + low for k in range(shown)], values[:shown], bound, is_complete
    )


def _searched(one: Subproblem, limit: float, most: int, nodes: int) -> tuple[Any, ...]:
    from planning.solve.kernels import search_plans  # here, so that Numba is no part of a start

    found: tuple[Any, ...] = search_plans(one, limit, most, nodes)
    return found


def least_values(subproblems: Subproblems, weights: Floats, own_duals: Floats) -> Floats:
    """Return, by place, a value that no plan with that posting goes below."""
    from planning.solve.kernels import least_through

    return np.concatenate(
        [
            least_through(subproblems.one(person, weights, own_duals))
            for person in range(subproblems.people)
        ]
    )
