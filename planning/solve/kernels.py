"""The inner loops of the search for whole plans of one person, compiled by Numba.

`subproblems` prepares their arrays and says what they mean; `pricing` calls them. A person's
postings stand with the main ones first; a row is one that concerns this person alone.

They are compiled at their first use and kept beside this file, in NUMBA_CACHE_DIR or in the user's
cache, whichever can be written; where none can be, each process that plans compiles them anew.
"""

# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

EPSILON = 1e-7
INFINITE = 1e18


def _compiled(function: Callable[..., Any]) -> Any:
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # a user without a home, on code that only others can write
        return njit(function)


# --- what no plan goes below


@_compiled
def _priced(one):  # pragma: no cover - compiled
    """Price the rows into the postings: a plan is worth no less than their sum and a constant."""
    constant = 0.0
    dual = one.duals.copy()
    for r in range(len(one.lower)):
        y = dual[r]
        penalty = one.penalty[r]
        if not np.isinf(penalty):
            most_paid = penalty / max(one.size[r], 1.0) if one.is_whole[r] else penalty
            y = min(max(y, -most_paid), most_paid)
        if y > 0 and np.isinf(one.lower[r]):
            y = 0.0
        if y < 0 and np.isinf(one.upper[r]):
            y = 0.0
        dual[r] = y
        if y > 0:
            constant += y * one.lower[r]
        elif y < 0:
            constant += y * one.upper[r]
    priced = one.weights.copy()
    for j in range(len(priced)):
        for e in range(one.first_entry[j], one.first_entry[j + 1]):
            priced[j] -= dual[one.entry_row[e]] * one.entry_coef[e]
    return constant, priced


@_compiled
def _rests(periods, mains, begin, end, is_present, priced):  # pragma: no cover - compiled
    """Give the cheapest way from each boundary to the end, and how the first day binds."""
    count = len(priced)
    rest_main = np.full(periods + 1, INFINITE)
    rest_main[periods] = 0.0
    rest_beside = np.zeros(periods + 1)
    for t in range(periods - 1, -1, -1):
        for j in range(mains):
            if begin[j] == t and not is_present[j]:
                rest_main[t] = min(rest_main[t], priced[j] + rest_main[end[j]])
        rest_beside[t] = rest_beside[t + 1]
        for j in range(mains, count):
            if begin[j] == t and not is_present[j]:
                rest_beside[t] = min(rest_beside[t], priced[j] + rest_beside[end[j]])
    has_main, has_beside = False, False
    start_beside = INFINITE
    for j in range(count):
        if is_present[j]:
            if j < mains:
                has_main = True
            else:
                has_beside = True
                start_beside = min(start_beside, priced[j] + rest_beside[end[j]])
    if not has_beside:
        start_beside = rest_beside[0]
    return rest_main, rest_beside, has_main, has_beside, start_beside


@_compiled
def least_through(one):  # pragma: no cover - compiled
    """Give, for each posting, a value that no plan with it goes below."""
    periods, mains = one.periods, one.mains
    begin, end, is_present = one.begin, one.end, one.is_present
    constant, priced = _priced(one)
    rest_main, rest_beside, has_main, has_beside, start_beside = _rests(
        periods, mains, begin, end, is_present, priced
    )
    count = len(priced)
    to_main = np.full(periods + 1, INFINITE)
    to_beside = np.full(periods + 1, INFINITE)
    if not has_main:
        to_main[0] = 0.0
    if not has_beside:
        to_beside[0] = 0.0
    best_main = INFINITE
    for j in range(count):
        if is_present[j]:
            if j < mains:
                to_main[end[j]] = min(to_main[end[j]], priced[j])
                best_main = min(best_main, priced[j] + rest_main[end[j]])
            else:
                to_beside[end[j]] = min(to_beside[end[j]], priced[j])
    if not has_main:
        best_main = rest_main[0]
    for t in range(periods):
        for j in range(mains):
            if begin[j] == t and not is_present[j]:
                to_main[end[j]] = min(to_main[end[j]], to_main[t] + priced[j])
        to_beside[t + 1] = min(to_beside[t + 1], to_beside[t])
        for j in range(mains, count):
            if begin[j] == t and not is_present[j]:
                to_beside[end[j]] = min(to_beside[end[j]], to_beside[t] + priced[j])
    through = np.empty(count)
    for j in range(count):
        if j < mains:
            before = 0.0 if is_present[j] else to_main[begin[j]]
            through[j] = before + priced[j] + rest_main[end[j]] + start_beside
        else:
            before = 0.0 if is_present[j] else to_beside[begin[j]]
            through[j] = best_main + before + priced[j] + rest_beside[end[j]]
    return through + constant


# --- the search
#
# The loops over nodes call nothing: a call with the arrays costs more than a node, and one with a
# tuple of them nine times as much.


@_compiled
def _ways(one):  # pragma: no cover - compiled
    """Sort a person's postings by what a plan through each costs at least.

    Gives what a plan costs beside its postings, their reduced costs, what each costs with the
    cheapest way to the end (`key`), the cheapest ways beside the main posts, whether a posting of
    the first day goes on as main one and beside, the lists of postings by the boundary that they
    begin at (those that go on stand under `periods`), and a value that no plan goes below.
    """
    periods, mains, count = one.periods, one.mains, len(one.weights)
    constant, priced = _priced(one)
    rest_main, rest_beside, has_main, has_beside, start_beside = _rests(
        periods, mains, one.begin, one.end, one.is_present, priced
    )
    key = np.empty(count)
    group = np.empty(count, dtype=np.int64)
    for j in range(count):
        rest = rest_main[one.end[j]] if j < mains else rest_beside[one.end[j]]
        key[j] = priced[j] + rest
        group[j] = periods if one.is_present[j] else one.begin[j]
    order = np.argsort(key, kind="mergesort")
    main_start, main_list = _by_group(order, group, 0, mains, periods)
    beside_start, beside_list = _by_group(order, group, mains, count, periods)
    least = rest_main[0]
    if has_main:
        least = INFINITE
        for k in range(main_start[periods], main_start[periods + 1]):
            least = min(least, key[main_list[k]])
    return (
        constant, priced, key, rest_beside, has_main, has_beside, start_beside,
        main_start, main_list, beside_start, beside_list, constant + start_beside + least,
    )  # fmt: skip


@_compiled
def _by_group(order, group, low, high, periods):  # pragma: no cover - compiled
    """List the postings from `low` to `high` by group, each group in order; give its starts too."""
    start = np.zeros(periods + 3, dtype=np.int64)
    for j in range(low, high):
        start[group[j] + 1] += 1
    for t in range(periods + 2):
        start[t + 1] += start[t]
    listed = np.empty(high - low, dtype=np.int64)
    fill = start.copy()
    for j in order:
        if low <= j < high:
            listed[fill[group[j]]] = j
            fill[group[j]] += 1
    return start, listed


@_compiled
def _ceilings(one):  # pragma: no cover - compiled
    """Give the sum above which each row is broken for good; infinite where it may be, or sink."""
    ceiling = np.full(len(one.upper), np.inf)
    for r in range(len(ceiling)):
        if one.is_rising[r] and np.isinf(one.penalty[r]):
            ceiling[r] = one.upper[r] + 1e-6
    return ceiling


@_compiled
def _value(value, act, lower, upper, penalty, is_whole):  # pragma: no cover - compiled
    """Add to the value of a whole plan what it pays for the rows that it breaks."""
    for r in range(len(act)):
        short = max(0.0, lower[r] - act[r]) + max(0.0, act[r] - upper[r])
        if short > 1e-6:
            if np.isinf(penalty[r]):
                return INFINITE
            value += penalty[r] if is_whole[r] else penalty[r] * short
    return value


@_compiled
def _search_beside(  # pragma: no cover - compiled
    first, periods, has_beside, starts, listed, key, rest, constant, priced, weights, begin, end,
    is_present, marks, act, ceiling, first_entry, entry_row, entry_coef, lower, upper, penalty,
    is_whole, chosen, position, group_at, sum_true, sum_priced, plans, sizes, values, best, found,
    nodes, most, most_nodes,
):  # fmt: skip
    """Go through all that may run beside a whole chain of main postings, which is `first` long."""
    depth, group_at[first] = first, periods if has_beside else 0
    position[first] = starts[group_at[first]]
    while depth >= first and nodes <= most_nodes and found <= most:
        must = depth == first and has_beside  # the posting of the first day goes on in some way
        t, j, is_end = group_at[depth], -1, False
        while j < 0 and not is_end:
            if position[depth] < starts[t + 1] and (must or t < periods):
                k = listed[position[depth]]
                position[depth] += 1
                if constant + sum_priced[depth] + key[k] >= best - EPSILON:
                    position[depth] = starts[t + 1]
                    continue
                nodes += 1
                j = k
                for b in range(begin[k], end[k]):  # the main post is held and does not change
                    if marks[1, b] or (marks[0, b] and (b > begin[k] or is_present[k])):
                        j = -1
                        break
                if j < 0:
                    continue
                for e in range(first_entry[k], first_entry[k + 1]):
                    act[entry_row[e]] += entry_coef[e]
                    if act[entry_row[e]] > ceiling[entry_row[e]]:
                        j = -1
                if j < 0:
                    for e in range(first_entry[k], first_entry[k + 1]):
                        act[entry_row[e]] -= entry_coef[e]
            elif t < periods:
                t += 1
                group_at[depth], position[depth] = t, starts[t]
                if constant + sum_priced[depth] + rest[t] >= best - EPSILON:
                    break
            else:
                is_end = True
        if j >= 0:
            chosen[depth] = j
            sum_true[depth + 1] = sum_true[depth] + weights[j]
            sum_priced[depth + 1] = sum_priced[depth] + priced[j]
            depth += 1
            group_at[depth], position[depth] = end[j], starts[end[j]]
            continue
        if is_end and not must:
            value = _value(sum_true[depth], act, lower, upper, penalty, is_whole)
            if value < best - EPSILON:
                slot = 0 if most == 1 else found
                if slot < len(sizes):
                    plans[slot, :depth], sizes[slot], values[slot] = chosen[:depth], depth, value
                best, found = (value if most == 1 else best), slot + 1
        depth -= 1
        if depth >= first:  # undo the choice that led here
            for e in range(first_entry[chosen[depth]], first_entry[chosen[depth] + 1]):
                act[entry_row[e]] -= entry_coef[e]
    return best, found, nodes


@_compiled
def search_plans(one, limit, most, most_nodes):  # pragma: no cover - compiled
    """Search depth first: the best plan below `limit`, or with `most` above 1 all of them.

    Gives the plans as rows of places, their sizes and values, how many were found, a bound, and the
    nodes visited; more than `most_nodes` means that the search was cut.
    """
    (periods, _mains, weights, begin, end, is_present, is_idle, first_entry, entry_row, entry_coef,
     lower, upper, penalty, is_whole, _, _, _) = one  # fmt: skip
    (constant, priced, key, rest_beside, has_main, has_beside, start_beside,
     main_start, main_list, beside_start, beside_list, root) = _ways(one)  # fmt: skip
    ceiling, act = _ceilings(one), np.zeros(len(lower))
    marks = np.zeros((2, periods + 1), np.bool_)  # where main postings begin, and where none is
    deep, kept = 2 * periods + 4, max(most, 1)
    chosen, position, group_at = np.zeros((3, deep), np.int64)
    sum_true, sum_priced = np.zeros((2, deep + 1))
    plans, sizes = np.zeros((kept, deep), np.int64), np.zeros(kept, np.int64)
    values, found, nodes, best, depth = np.zeros(kept), 0, 0, limit, 0
    group_at[0] = periods if has_main else 0
    position[0] = main_start[group_at[0]]
    while depth >= 0 and nodes <= most_nodes and found <= most:
        last, j = main_start[group_at[depth] + 1], -1
        while j < 0 and position[depth] < last:
            k = main_list[position[depth]]
            position[depth] += 1
            if constant + sum_priced[depth] + key[k] + start_beside >= best - EPSILON:
                position[depth] = last
                break
            nodes += 1
            j = k
            for e in range(first_entry[k], first_entry[k + 1]):
                act[entry_row[e]] += entry_coef[e]
                if act[entry_row[e]] > ceiling[entry_row[e]]:
                    j = -1
            if j < 0:
                for e in range(first_entry[k], first_entry[k + 1]):
                    act[entry_row[e]] -= entry_coef[e]
        if j >= 0:
            chosen[depth] = j
            marks[int(is_idle[j]), begin[j]] = not is_present[j]
            sum_true[depth + 1] = sum_true[depth] + weights[j]
            sum_priced[depth + 1] = sum_priced[depth] + priced[j]
            depth += 1
            if end[j] < periods:
                group_at[depth], position[depth] = end[j], main_start[end[j]]
                continue
            best, found, nodes = _search_beside(
                depth, periods, has_beside, beside_start, beside_list, key, rest_beside, constant,
                priced, weights, begin, end, is_present, marks, act, ceiling, first_entry,
                entry_row, entry_coef, lower, upper, penalty, is_whole, chosen, position, group_at,
                sum_true, sum_priced, plans, sizes, values, best, found, nodes, most, most_nodes,
            )  # fmt: skip
        depth -= 1
        if depth >= 0:  # undo the choice that led here
            j = chosen[depth]
            marks[int(is_idle[j]), begin[j]] = False
            for e in range(first_entry[j], first_entry[j + 1]):
                act[entry_row[e]] -= entry_coef[e]
    bound = best if nodes <= most_nodes and most == 1 else min(best, root)
    return plans, sizes, values, found, bound, nodes
