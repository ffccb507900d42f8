"""The linear relaxation over all postings; of a large model over those that look best."""

from __future__ import annotations

import numpy as np

from planning.problem.postings import Flags
from planning.solve.highs import OPTIMAL, Solved, solve_lp
from planning.solve.model import Model

MANY = 40_000  # postings from which the linear programme is solved over a part of them


def relax(model: Model, seconds: float | None = None) -> Solved:
    """Solve the linear relaxation; of a large model on the postings that look best.

    The bound is minus infinity then, because the others were not asked, and "infeasible" is only
    said for the whole.
    """
    everything = np.ones(model.column_count, dtype=bool)
    if len(model.postings) > MANY:
        solved = _solve_part(model, _likely(model), seconds)
        if solved.status == OPTIMAL:
            return Solved(solved.status, solved.objective, -np.inf, solved.values, solved.duals)
    return _solve_part(model, everything, seconds)


def _solve_part(model: Model, kept: Flags, seconds: float | None) -> Solved:
    columns = np.flatnonzero(kept)
    number = np.cumsum(kept) - 1
    entries = kept[model.columns]
    solved = solve_lp(
        model.cost[columns],
        model.upper[columns],
        model.rows[entries],
        number[model.columns[entries]],
        model.coefs[entries],
        model.row_lower,
        model.row_upper,
        seconds,
    )
    return Solved(solved.status, solved.objective, solved.objective, solved.values, solved.duals)


def _likely(model: Model) -> Flags:
    """Keep, of the postings of a person and span and kind, the cheapest few; and all others."""
    postings, count = model.postings, len(model.postings)
    kept = np.ones(model.column_count, dtype=bool)
    kinds = sorted({post.exercise or "" for post in model.problem.posts})
    of_post = np.array([*(kinds.index(post.exercise or "") for post in model.problem.posts), -1])
    periods = model.problem.horizon.periods + 1
    key = (
        (postings.person * (len(kinds) + 1) + of_post[postings.post] + 1) * periods + postings.begin
    ) * periods + postings.end
    mixed = (np.arange(count) * 7919) % 104_729  # the same posts should not win every tie
    order = np.lexsort((mixed, model.cost[:count], key))
    first = np.searchsorted(key[order], key[order])
    rank = np.arange(count) - first
    few = max(4, MANY * 8 // count)
    kept[order[rank >= few]] = False
    kept[:count] |= ~postings.is_new | postings.is_idle
    return kept
