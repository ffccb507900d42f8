"""The rows that several people share, and what duals of them prove.

Under duals each posting pays for its part of the shared rows; then people are independent of each
other, and the sum of their cheapest plans and a constant is a bound (Lagrange) at every moment.
"""

from __future__ import annotations

import numpy as np

from planning.problem.postings import Floats, Ints
from planning.solve.highs import OPTIMAL, solve_lp
from planning.solve.model import Model
from planning.solve.subproblems import Subproblems


class SharedRows:
    """The shared rows of a model, numbered from 0, and the columns that belong to nobody."""

    def __init__(self, model: Model, subproblems: Subproblems) -> None:
        count = len(model.postings)
        self.numbers = np.flatnonzero(subproblems.shared)  # of the model's rows
        number = np.full(model.row_count, -1)
        number[self.numbers] = np.arange(len(self.numbers))
        self.place = np.empty(count, dtype=np.int64)  # of each posting of the model
        self.place[subproblems.postings] = np.arange(count)
        mine = (model.columns < count) & subproblems.shared[model.rows]
        order = np.argsort(self.place[model.columns[mine]], kind="stable")
        self.entry_place = self.place[model.columns[mine]][order]
        self.entry_row = number[model.rows[mine]][order]
        self.entry_coef = model.coefs[mine][order]
        self.first_entry = np.searchsorted(self.entry_place, np.arange(count + 1))
        self.cost = model.cost[:count][subproblems.postings]  # by place
        self.lower = model.row_lower[self.numbers]
        self.upper = model.row_upper[self.numbers]
        free_number = np.full(model.column_count, -1)
        free_number[subproblems.free] = np.arange(len(subproblems.free))
        free = free_number[model.columns] >= 0
        self.free_rows = number[model.rows[free]]
        self.free_columns = free_number[model.columns[free]]
        self.free_coefs = model.coefs[free]
        self.free_cost = model.cost[subproblems.free]
        self.free_upper = model.upper[subproblems.free]
        self.free_is_integer = model.is_integer[subproblems.free]

    def __len__(self) -> int:
        return len(self.numbers)

    def weights(self, duals: Floats) -> Floats:
        """Return, by place, the cost of a posting less what it pays for shared rows."""
        paid = self.entry_coef * duals[self.entry_row]
        return self.cost - np.bincount(self.entry_place, weights=paid, minlength=len(self.cost))

    def constant(self, duals: Floats) -> float:
        """Return the part of the bound that belongs to nobody; minus infinity under bad duals."""
        paying = np.flatnonzero(duals)
        limit = np.where(duals > 0, self.lower, self.upper)[paying]
        if not np.isfinite(limit).all():
            return -np.inf
        paid = float(duals[paying] @ limit)
        reduced = self.free_cost - np.bincount(
            self.free_columns,
            weights=self.free_coefs * duals[self.free_rows],
            minlength=len(self.free_cost),
        )
        upper = self.free_upper
        short = np.minimum(reduced, 0.0)
        if (short[np.isinf(upper)] < -1e-6).any():
            return -np.inf
        return paid + float((short * np.where(np.isinf(upper), 0.0, upper)).sum())

    def with_right_signs(self, duals: Floats) -> Floats:
        """Take the wrong signs out of duals: a solver leaves some by a hair, and then no bound."""
        is_wrong = np.isinf(self.lower) & (duals > 0) | np.isinf(self.upper) & (duals < 0)
        return np.where(is_wrong, 0.0, duals)

    def entries(self, places: Ints) -> tuple[list[Ints], list[Floats]]:
        """Return the rows and coefficients of the postings at some places, a list entry each."""
        spans = [slice(self.first_entry[j], self.first_entry[j + 1]) for j in places]
        return [self.entry_row[span] for span in spans], [self.entry_coef[span] for span in spans]


def own_duals(subproblems: Subproblems, person: int, weights: Floats) -> Floats | None:
    """Return duals of a person's own rows by a small linear programme; None: it did not end well.

    The programme is the relaxation of choosing that person's cheapest plan under the weights.
    """
    low, mid = subproblems.first_main[person], subproblems.first_beside[person]
    high = subproblems.first_main[person + 1]
    own_rows = slice(subproblems.first_row[person], subproblems.first_row[person + 1])
    own = own_rows.stop - own_rows.start
    count = high - low
    rows, columns, coefs, lower, upper = _tracks(subproblems, person, own)
    entries = slice(subproblems.first_entry[low], subproblems.first_entry[high])
    lengths = np.diff(subproblems.first_entry[low : high + 1])
    rows = [subproblems.entry_row[entries], *rows]
    columns = [np.repeat(np.arange(count), lengths), *columns]
    coefs = [subproblems.entry_coef[entries], *coefs]
    lower = [subproblems.lower[own_rows], *lower]
    upper = [subproblems.upper[own_rows], *upper]
    at = own + 2 * int(subproblems.end[low:high].max())
    for begin, end in ((low, mid), (mid, high)):  # a posting of the first day goes on in one way
        present = begin - low + np.flatnonzero(subproblems.is_present[begin:end])
        if len(present):
            rows.append(np.full(len(present), at))
            columns.append(present)
            coefs.append(np.ones(len(present)))
            lower.append(np.ones(1))
            upper.append(np.ones(1))
            at += 1
    penalty = subproblems.penalty[own_rows]
    soft = np.flatnonzero(np.isfinite(penalty))
    limit = subproblems.lower[own_rows][soft]
    whole = np.maximum(subproblems.size[own_rows][soft], 1.0)
    size = np.where(subproblems.is_whole[own_rows][soft], whole, 1.0)
    rows.append(soft)
    columns.append(count + np.arange(len(soft)))
    coefs.append(np.where(np.isfinite(limit), size, -size))
    cost = np.concatenate([weights[low:high], penalty[soft]])
    solved = solve_lp(
        cost, np.full(len(cost), np.inf),
        np.concatenate(rows), np.concatenate(columns), np.concatenate(coefs),
        np.concatenate(lower), np.concatenate(upper),
    )  # fmt: skip
    return solved.duals[:own] if solved.status == OPTIMAL else None


def _tracks(
    subproblems: Subproblems, person: int, own: int
) -> tuple[list[Ints], list[Ints], list[Floats], list[Floats], list[Floats]]:
    """Return the rows of one main posting and at most one beside it in every period."""
    low, mid = subproblems.first_main[person], subproblems.first_beside[person]
    high = subproblems.first_main[person + 1]
    begin, end = subproblems.begin[low:high], subproblems.end[low:high]
    periods = int(end.max())
    lengths = end - begin
    posting = np.repeat(np.arange(high - low), lengths)
    ordinal = np.arange(len(posting)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    track = np.where(posting < mid - low, 0, periods)
    return (
        [own + track + begin[posting] + ordinal],
        [posting],
        [np.ones(len(posting))],
        [np.ones(periods), np.zeros(periods)],
        [np.ones(2 * periods)],
    )
