"""The pricing subproblems: what of a model is about single people, apart from what they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from planning.problem.postings import Flags, Floats, Ints
from planning.solve.model import Model


class Subproblem(NamedTuple):
    """One person's part of all arrays, numbered from 0, as the compiled loops take it.

    A tuple, because Numba knows those; the names mean the same as in `Subproblems`.
    """

    periods: int
    mains: int  # so many postings are main ones, and stand first
    weights: Floats  # what each posting costs under the duals of shared rows
    begin: Ints
    end: Ints
    is_present: Flags
    is_idle: Flags
    first_entry: Ints
    entry_row: Ints
    entry_coef: Floats
    lower: Floats
    upper: Floats
    penalty: Floats
    is_whole: Flags
    size: Floats
    is_rising: Flags
    duals: Floats  # guesses, of the person's own rows


@dataclass(frozen=True)
class Subproblems:
    """The part of a model that is about single people, sorted by person.

    `postings` holds each person's postings of the model, main ones first, each by begin; a place
    is a number in it. `entries` are the coefficients in the person's own rows, numbered from 0
    for each person.
    """

    first_main: Ints  # by person, one more at the end
    first_beside: Ints
    postings: Ints
    begin: Ints
    end: Ints
    is_present: Flags
    is_idle: Flags
    first_entry: Ints  # by place, one more at the end
    entry_row: Ints
    entry_coef: Floats
    first_row: Ints  # by person, one more at the end
    rows: Ints  # of the model
    lower: Floats
    upper: Floats
    penalty: Floats  # of breaking a row by one unit; infinite where it is hard
    is_whole: Flags
    size: Floats  # units that breaking a whole row gives at once
    is_rising: Flags  # all coefficients are positive
    shared: Flags  # rows of the model that several people share
    free: Ints  # columns that belong to nobody

    @property
    def people(self) -> int:
        """Count the people."""
        return len(self.first_main) - 1

    def one(self, person: int, weights: Floats, own_duals: Floats) -> Subproblem:
        """Cut one person's part out of all arrays."""
        low, mid = self.first_main[person], self.first_beside[person]
        high = self.first_main[person + 1]
        rows = slice(self.first_row[person], self.first_row[person + 1])
        first, last = self.first_entry[low], self.first_entry[high]
        return Subproblem(
            int(self.end[low:high].max()),
            mid - low,
            weights[low:high],
            self.begin[low:high],
            self.end[low:high],
            self.is_present[low:high],
            self.is_idle[low:high],
            self.first_entry[low : high + 1] - first,
            self.entry_row[first:last],
            self.entry_coef[first:last],
            self.lower[rows],
            self.upper[rows],
            self.penalty[rows],
            self.is_whole[rows],
            self.size[rows],
            self.is_rising[rows],
            own_duals[rows],
        )


def split(model: Model) -> Subproblems:
    """Take the model apart into people's own rows and columns, and what they share."""
    postings, count = model.postings, len(model.postings)
    people = len(model.problem.people)
    of_posting = model.columns < count
    owner_low = np.full(model.row_count, people)
    owner_high = np.full(model.row_count, -1)
    owner = postings.person[model.columns[of_posting]]
    np.minimum.at(owner_low, model.rows[of_posting], owner)
    np.maximum.at(owner_high, model.rows[of_posting], owner)
    is_slack = np.zeros(model.column_count, dtype=bool)
    is_slack[model.slack_of_row[model.slack_of_row >= 0]] = True
    has_flow = np.zeros(model.row_count, dtype=bool)
    has_flow[model.rows[~of_posting & ~is_slack[model.columns]]] = True
    is_structure = np.array([block.is_structure for block in model.blocks])[model.block_of_row]
    is_own = (owner_low == owner_high) & ~has_flow & ~is_structure
    # A row that nobody's posting can fill is judged by whoever checks the shared rows.
    shared = ~is_own & ~is_structure
    owner_of_row = np.where(is_own, owner_low, -1)

    own_rows = np.flatnonzero(is_own)
    own_rows = own_rows[np.argsort(owner_of_row[own_rows], kind="stable")]
    first_row = np.searchsorted(owner_of_row[own_rows], np.arange(people + 1))
    local = np.full(model.row_count, -1)
    local[own_rows] = np.arange(len(own_rows)) - first_row[owner_of_row[own_rows]]

    order = np.lexsort((postings.begin, postings.is_new, postings.is_beside, postings.person))
    key = postings.person[order] * 2 + postings.is_beside[order]
    bounds = np.searchsorted(key, np.arange(2 * people + 1))
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)

    mine = of_posting & is_own[model.rows]
    at = place[model.columns[mine]]
    by_place = np.argsort(at, kind="stable")
    entry_row = local[model.rows[mine]][by_place]
    entry_coef = model.coefs[mine][by_place]
    first_entry = np.searchsorted(at[by_place], np.arange(count + 1))

    is_rising = np.ones(model.row_count, dtype=bool)
    is_rising[model.rows[of_posting & (model.coefs < 0)]] = False
    slack = model.slack_of_row[own_rows]
    penalty = np.where(slack >= 0, model.cost[slack], np.inf)
    whole = np.array([block.counts_whole for block in model.blocks])[model.block_of_row[own_rows]]
    size = np.concatenate([np.abs(block.slack) for block in model.blocks])[own_rows]
    is_mine = is_slack.copy()
    is_mine[model.slack_of_row[shared & (model.slack_of_row >= 0)]] = False
    is_mine[:count] = True
    return Subproblems(
        bounds[::2].copy(), np.append(bounds[1::2], count), order, postings.begin[order],
        postings.end[order], ~postings.is_new[order] & ~postings.is_idle[order],
        postings.is_idle[order], first_entry, entry_row, entry_coef, first_row, own_rows,
        model.row_lower[own_rows], model.row_upper[own_rows], penalty, whole, size,
        is_rising[own_rows], shared,
        np.flatnonzero(~is_mine),
    )  # fmt: skip
