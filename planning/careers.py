"""Find whole plans of single people under prices: the cheapest one, or all within a limit.

A person's plan is a chain of main stints over the horizon with secondments inside them, and it
must keep (or pays for) every row that concerns this person alone. The search is a depth-first
enumeration with a bound from the remaining time, compiled by Numba. Rows that several people
share are not seen here: their prices are already in the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.model import Model
from planning.stints import Flags, Floats, Ints

NODES = 4_000_000  # of one person's search; beyond it the search gives a bound only
ALL_NODES = 100_000_000  # of all people's searches together
WIDTHS = (0.25, 1.0, 3.0, 9.0, 30.0, 100.0, 1e15)


@dataclass(frozen=True)
class Lives:
    """The part of a model that is about single people, sorted by person.

    `columns` holds each person's stints, main ones first, each by begin. `entries` are the
    coefficients in the person's own rows, numbered from 0 for each person.
    """

    first_main: Ints  # by person, one more at the end
    first_beside: Ints
    columns: Ints
    begin: Ints
    end: Ints
    is_present: Flags
    is_idle: Flags
    first_entry: Ints  # by place in `columns`, one more at the end
    entry_row: Ints
    entry_coef: Floats
    first_row: Ints  # by person, one more at the end
    rows: Ints  # of the model
    lower: Floats
    upper: Floats
    price: Floats  # of breaking a row by one unit; infinite where it is hard
    is_whole: Flags
    size: Floats  # units that breaking a whole row gives at once
    is_rising: Flags  # all coefficients are positive
    shared: Flags  # rows of the model that several people share
    free: Ints  # columns that belong to nobody

    @property
    def people(self) -> int:
        """Count the people."""
        return len(self.first_main) - 1


def split(model: Model) -> Lives:
    """Take the model apart into people's own rows and columns, and what they share."""
    stints, count = model.stints, len(model.stints)
    people = len(model.problem.people)
    of_stint = model.columns < count
    owner_low = np.full(model.row_count, people)
    owner_high = np.full(model.row_count, -1)
    owner = stints.person[model.columns[of_stint]]
    np.minimum.at(owner_low, model.rows[of_stint], owner)
    np.maximum.at(owner_high, model.rows[of_stint], owner)
    is_slack = np.zeros(model.column_count, dtype=bool)
    is_slack[model.slack_of_row[model.slack_of_row >= 0]] = True
    has_flow = np.zeros(model.row_count, dtype=bool)
    has_flow[model.rows[~of_stint & ~is_slack[model.columns]]] = True
    is_structure = np.array([block.is_structure for block in model.blocks])[model.block_of_row]
    is_own = (owner_low == owner_high) & ~has_flow & ~is_structure
    # A row that nobody's stint can fill is judged by whoever checks the shared rows.
    shared = ~is_own & ~is_structure
    owner_of_row = np.where(is_own, owner_low, -1)

    own_rows = np.flatnonzero(is_own)
    own_rows = own_rows[np.argsort(owner_of_row[own_rows], kind="stable")]
    first_row = np.searchsorted(owner_of_row[own_rows], np.arange(people + 1))
    local = np.full(model.row_count, -1)
    local[own_rows] = np.arange(len(own_rows)) - first_row[owner_of_row[own_rows]]

    order = np.lexsort((stints.begin, stints.is_new, stints.is_beside, stints.person))
    key = stints.person[order] * 2 + stints.is_beside[order]
    bounds = np.searchsorted(key, np.arange(2 * people + 1))
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)

    mine = of_stint & is_own[model.rows]
    at = place[model.columns[mine]]
    by_place = np.argsort(at, kind="stable")
    entry_row = local[model.rows[mine]][by_place]
    entry_coef = model.coefs[mine][by_place]
    first_entry = np.searchsorted(at[by_place], np.arange(count + 1))

    is_rising = np.ones(model.row_count, dtype=bool)
    is_rising[model.rows[of_stint & (model.coefs < 0)]] = False
    slack = model.slack_of_row[own_rows]
    price = np.where(slack >= 0, model.cost[slack], np.inf)
    whole = np.array([block.counts_whole for block in model.blocks])[model.block_of_row[own_rows]]
    size = np.concatenate([np.abs(block.slack) for block in model.blocks])[own_rows]
    is_mine = is_slack.copy()
    is_mine[model.slack_of_row[shared & (model.slack_of_row >= 0)]] = False
    is_mine[:count] = True
    return Lives(
        bounds[::2].copy(), np.append(bounds[1::2], count), order, stints.begin[order],
        stints.end[order], ~stints.is_new[order] & ~stints.is_idle[order], stints.is_idle[order],
        first_entry, entry_row, entry_coef, first_row, own_rows, model.row_lower[own_rows],
        model.row_upper[own_rows], price, whole, size, is_rising[own_rows], shared,
        np.flatnonzero(~is_mine),
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Plans of one person: the places of their stints in `Lives.columns`, and their values."""

    plans: list[Ints]
    values: Floats
    bound: float  # no plan of this person is worth less
    is_complete: bool


def search(
    lives: Lives,
    person: int,
    weights: Floats,
    own_duals: Floats,
    limit: float,
    most: int = 1,
    nodes: int = NODES,
) -> Found:
    """Find the best plan worth less than `limit`; with `most` above 1, all of them up to so many.

    `weights` are by place in `Lives.columns`; `own_duals` are guesses by place in `Lives.rows`
    that make the bound sharp and cannot make it wrong. A search of more than so many `nodes` is
    cut, and not complete.
    """
    low, parts = lives.first_main[person], _parts(lives, person, weights, own_duals)
    allowed = min(nodes, ALL_NODES // lives.people)
    if most == 1:  # a narrow search first: without a limit it would wander far from the best
        _, _, _, _, root, _ = _searched(parts, limit, 1, -1)
        proved = root
        for width in WIDTHS:
            tried = min(limit, root + width)
            plans, sizes, values, count, bound, visited = _searched(parts, tried, 1, allowed)
            bound = max(bound, min(proved, tried))
            if count or visited > allowed or tried >= limit:
                break
            proved = tried
    else:
        plans, sizes, values, count, bound, visited = _searched(parts, limit, most, allowed)
    is_complete = visited <= allowed and (most == 1 or count <= most)
    shown = min(count, most)
    return Found(
        [plans[k, : sizes[k]] + low for k in range(shown)], values[:shown], bound, is_complete
    )


def _searched(parts: tuple[Any, ...], limit: float, most: int, nodes: int) -> tuple[Any, ...]:
    from planning.compiled import search_plans  # here, so that Numba is no part of a start

    given = (*parts, limit, most, nodes)
    found: tuple[Any, ...] = search_plans(*given)
    return found


def least_values(lives: Lives, weights: Floats, own_duals: Floats) -> Floats:
    """Return, by place in `Lives.columns`, a value that no plan with that stint goes below."""
    from planning.compiled import least_through

    return np.concatenate(
        [
            least_through(*_parts(lives, person, weights, own_duals))
            for person in range(lives.people)
        ]
    )


def _parts(lives: Lives, person: int, weights: Floats, own_duals: Floats) -> tuple[Any, ...]:
    """Cut one person's part out of all arrays, in the order that the compiled loops take."""
    low, mid = lives.first_main[person], lives.first_beside[person]
    high = lives.first_main[person + 1]
    rows = slice(lives.first_row[person], lives.first_row[person + 1])
    first, last = lives.first_entry[low], lives.first_entry[high]
    return (
        int(lives.end[low:high].max()),
        mid - low,
        weights[low:high],
        lives.begin[low:high],
        lives.end[low:high],
        lives.is_present[low:high],
        lives.is_idle[low:high],
        lives.first_entry[low : high + 1] - first,
        lives.entry_row[first:last],
        lives.entry_coef[first:last],
        lives.lower[rows],
        lives.upper[rows],
        lives.price[rows],
        lives.is_whole[rows],
        lives.size[rows],
        lives.is_rising[rows],
        own_duals[rows],
    )
