"""The inner loops of the search for whole plans of one person, compiled by Numba.

`careers` prepares their arrays and says what they mean. A person's stints stand with the main ones
first; a row is one that concerns this person alone.

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


@_compiled
def _priced(  # pragma: no cover - compiled
    weights, first_entry, entry_row, entry_coef, lower, upper, price, is_whole, size, duals
):
    """Price the rows into the stints: a plan is never worth less than their sum and a constant."""
    constant = 0.0
    dual = duals.copy()
    for r in range(len(lower)):
        y = dual[r]
        if not np.isinf(price[r]):
            most_paid = price[r] / max(size[r], 1.0) if is_whole[r] else price[r]
            y = min(max(y, -most_paid), most_paid)
        if y > 0 and np.isinf(lower[r]):
            y = 0.0
        if y < 0 and np.isinf(upper[r]):
            y = 0.0
        dual[r] = y
        if y > 0:
            constant += y * lower[r]
        elif y < 0:
            constant += y * upper[r]
    priced = weights.copy()
    for j in range(len(weights)):
        for e in range(first_entry[j], first_entry[j + 1]):
            priced[j] -= dual[entry_row[e]] * entry_coef[e]
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
def least_through(  # pragma: no cover - compiled
    periods, mains, weights, begin, end, is_present, is_idle, first_entry, entry_row, entry_coef,
    lower, upper, price, is_whole, size, is_rising, duals,
):  # fmt: skip
    """Give, for each stint, a value that no plan with it goes below."""
    constant, priced = _priced(
        weights, first_entry, entry_row, entry_coef, lower, upper, price, is_whole, size, duals
    )
    rest_main, rest_beside, has_main, has_beside, start_beside = _rests(
        periods, mains, begin, end, is_present, priced
    )
    count = len(weights)
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


@_compiled
def search_plans(  # pragma: no cover - compiled
    periods,
    mains,
    weights,
    begin,
    end,
    is_present,
    is_idle,
    first_entry,
    entry_row,
    entry_coef,
    lower,
    upper,
    price,
    is_whole,
    size,
    is_rising,
    duals,
    limit,
    most,
    most_nodes,
):
    """Search depth first: the best plan below `limit`, or with `most` above 1 all of them.

    Gives the plans as rows of places, their sizes and values, how many were found, a bound, and the
    nodes visited; more than `most_nodes` means that the search was cut.
    """
    count = len(weights)
    rows = len(lower)
    constant, priced = _priced(
        weights, first_entry, entry_row, entry_coef, lower, upper, price, is_whole, size, duals
    )
    infinite = INFINITE
    rest_main, rest_beside, has_main, has_beside, start_beside = _rests(
        periods, mains, begin, end, is_present, priced
    )

    # Stints in the order in which they are tried, by the boundary they begin at; those that go on
    # from the first day stand under `periods`.
    key = np.empty(count)
    group = np.empty(count, dtype=np.int64)
    for j in range(count):
        rest = rest_main[end[j]] if j < mains else rest_beside[end[j]]
        key[j] = priced[j] + rest
        group[j] = periods if is_present[j] else begin[j]
    order = np.argsort(key, kind="mergesort")
    main_start = np.zeros(periods + 3, dtype=np.int64)
    beside_start = np.zeros(periods + 3, dtype=np.int64)
    for j in range(count):
        if j < mains:
            main_start[group[j] + 1] += 1
        else:
            beside_start[group[j] + 1] += 1
    for t in range(periods + 2):
        main_start[t + 1] += main_start[t]
        beside_start[t + 1] += beside_start[t]
    main_list = np.empty(mains, dtype=np.int64)
    beside_list = np.empty(count - mains, dtype=np.int64)
    main_fill = main_start.copy()
    beside_fill = beside_start.copy()
    for k in range(count):
        j = order[k]
        if j < mains:
            main_list[main_fill[group[j]]] = j
            main_fill[group[j]] += 1
        else:
            beside_list[beside_fill[group[j]]] = j
            beside_fill[group[j]] += 1

    deep = 2 * periods + 4
    act = np.zeros(rows)
    changes = np.zeros(periods + 1, dtype=np.bool_)
    idle = np.zeros(periods + 1, dtype=np.bool_)
    chosen = np.empty(deep, dtype=np.int64)
    position = np.empty(deep, dtype=np.int64)
    group_at = np.empty(deep, dtype=np.int64)
    sum_true = np.zeros(deep + 1)
    sum_priced = np.zeros(deep + 1)
    kept = max(most, 1)
    plans = np.empty((kept, deep), dtype=np.int64)
    sizes = np.zeros(kept, dtype=np.int64)
    values = np.empty(kept)
    found = 0
    nodes = 0
    best = limit
    root = constant + start_beside
    if has_main:
        root_main = infinite
        for k in range(main_start[periods], main_start[periods + 1]):
            j = main_list[k]
            root_main = min(root_main, priced[j] + rest_main[end[j]])
        root += root_main
    else:
        root += rest_main[0]

    depth = 0
    group_at[0] = periods if has_main else 0
    position[0] = main_start[group_at[0]]
    in_beside_from = -1  # depth at which the besides begin
    while depth >= 0:
        if nodes > most_nodes or found > most:
            break
        g = group_at[depth]
        advanced = False
        if in_beside_from < 0:
            while position[depth] < main_start[g + 1]:
                j = main_list[position[depth]]
                position[depth] += 1
                guess = constant + sum_priced[depth] + key[j] + start_beside
                if guess >= best - EPSILON:
                    position[depth] = main_start[g + 1]
                    break
                nodes += 1
                fits = True
                for e in range(first_entry[j], first_entry[j + 1]):
                    r = entry_row[e]
                    act[r] += entry_coef[e]
                    if is_rising[r] and np.isinf(price[r]) and act[r] > upper[r] + 1e-6:
                        fits = False
                if not fits:
                    for e in range(first_entry[j], first_entry[j + 1]):
                        act[entry_row[e]] -= entry_coef[e]
                    continue
                chosen[depth] = j
                if not is_present[j]:
                    if is_idle[j]:
                        idle[begin[j]] = True
                    else:
                        changes[begin[j]] = True
                sum_true[depth + 1] = sum_true[depth] + weights[j]
                sum_priced[depth + 1] = sum_priced[depth] + priced[j]
                depth += 1
                if end[j] == periods:
                    in_beside_from = depth
                    group_at[depth] = periods if has_beside else 0
                    position[depth] = beside_start[group_at[depth]]
                else:
                    group_at[depth] = end[j]
                    position[depth] = main_start[end[j]]
                advanced = True
                break
        else:
            # A group is the boundary from which a next secondment is sought; `periods` with no
            # entry left means that the plan is whole.
            is_first = depth == in_beside_from and has_beside
            t = g
            while True:
                if position[depth] < beside_start[t + 1] and (is_first or t < periods):
                    j = beside_list[position[depth]]
                    position[depth] += 1
                    guess = constant + sum_priced[depth] + key[j]
                    if guess >= best - EPSILON:
                        position[depth] = beside_start[t + 1]
                        continue
                    nodes += 1
                    fits = True
                    low = begin[j] - 1 if is_present[j] else begin[j]
                    for b in range(low + 1, end[j]):
                        if changes[b]:
                            fits = False
                            break
                    if fits:
                        for b in range(begin[j], end[j]):
                            if idle[b]:
                                fits = False
                                break
                    if not fits:
                        continue
                    for e in range(first_entry[j], first_entry[j + 1]):
                        r = entry_row[e]
                        act[r] += entry_coef[e]
                        if is_rising[r] and np.isinf(price[r]) and act[r] > upper[r] + 1e-6:
                            fits = False
                    if not fits:
                        for e in range(first_entry[j], first_entry[j + 1]):
                            act[entry_row[e]] -= entry_coef[e]
                        continue
                    chosen[depth] = j
                    sum_true[depth + 1] = sum_true[depth] + weights[j]
                    sum_priced[depth + 1] = sum_priced[depth] + priced[j]
                    depth += 1
                    group_at[depth] = end[j]
                    position[depth] = beside_start[end[j]]
                    advanced = True
                    break
                if is_first:
                    break  # one of the ways to go on must be taken
                if t < periods:
                    t += 1
                    group_at[depth] = t
                    position[depth] = beside_start[t]
                    if constant + sum_priced[depth] + rest_beside[t] >= best - EPSILON:
                        t = periods
                        group_at[depth] = periods + 1
                        break
                    if t < periods:
                        continue
                # The plan is whole: pay for the rows it breaks.
                if group_at[depth] == periods:
                    group_at[depth] = periods + 1
                    value = sum_true[depth]
                    for r in range(rows):
                        short = max(0.0, lower[r] - act[r]) + max(0.0, act[r] - upper[r])
                        if short > 1e-6:
                            if np.isinf(price[r]):
                                value = infinite
                                break
                            value += price[r] if is_whole[r] else price[r] * short
                    if value < best - EPSILON:
                        if most == 1:
                            best = value
                            found = 1
                            slot = 0
                        else:
                            slot = found
                            found += 1
                        if slot < kept:
                            for d in range(depth):
                                plans[slot, d] = chosen[d]
                            sizes[slot] = depth
                            values[slot] = value
                break
        if advanced:
            continue
        # Nothing more at this depth: undo the choice that led here.
        if in_beside_from == depth:
            in_beside_from = -1
        depth -= 1
        if depth >= 0:
            j = chosen[depth]
            for e in range(first_entry[j], first_entry[j + 1]):
                act[entry_row[e]] -= entry_coef[e]
            if j < mains and not is_present[j]:
                if is_idle[j]:
                    idle[begin[j]] = False
                else:
                    changes[begin[j]] = False
    bound = best if nodes <= most_nodes and most == 1 else min(best, root)
    return plans, sizes, values, found, bound, nodes
