"""Column generation: pricing and the restricted master in turn, until bound and cost meet.

An integer programme over the columns gives plans. Where bound and cost nearly meet, an integer
programme over the postings that a better plan could still use closes the rest; where that is too
large, all plans of people that could matter are enumerated.
"""

from __future__ import annotations

import math

import numpy as np

from planning.problem.postings import Flags, Floats
from planning.solve.column import PlanColumn
from planning.solve.highs import INFEASIBLE, OPTIMAL, Solved, solve_mip
from planning.solve.master import SLACK, RestrictedMaster
from planning.solve.state import TOLERANCE, SolverState

BOX = 0.5  # how far duals may go from the best ones in one round
STARTERS = 40  # columns of each person to begin with
ALL_STARTERS = 2_000  # columns of all people together to begin with
WIDTHS = (1.0, 2.5, 5.0)  # above the cheapest: columns to begin with
EVERY = 4  # rounds between two integer programmes
STALLED = 6  # rounds without a better bound after which the rest is enumerated
MIXING = 8.0  # seconds at least for the integer programme over the postings of the best columns
CLOSING = 6.0  # of cost and bound, when the postings in between are worth counting
RISEN = 0.5  # by which the bound rises before that is tried again
WINDOWS = (1.0, 3.0)  # above the bound: postings of the solutions that are tried first
FEWEST = 1_700  # postings that an integer programme takes at once
FEW = 8_000  # postings that it takes quickly
ENUMERATED = 4_000  # plans of one person when all that could matter are listed
CLOSE = 0.01  # of bound and the master's value, when column generation has ended


def generate(state: SolverState, duals: Floats) -> str | None:
    """Raise the bound and find plans, from the duals of the relaxation on, until nothing is left.

    Gives `INFEASIBLE` when somebody has no plan at all, whatever the others do; else nothing: cost,
    plan and bound are in the state.
    """
    master = RestrictedMaster(state.model, duals[: state.model.row_count], state.base)
    duals, box, tried, stalled, lowest = master.duals, BOX, 0, 0, np.inf
    closed = -np.inf  # the bound when it was last tried to close what is between it and the cost
    for number in range(state.effort):
        before = master.bound
        result = master.price(duals, state.is_over)
        if result is None:
            break
        if number == 0 and (result.cheapest >= 1e11).any():
            return INFEASIBLE
        state.raise_bound(master.bound)
        state.tell("priced")
        is_due = master.bound - closed >= RISEN and state.cost - master.bound < CLOSING
        if master.bound > -np.inf and is_due and not state.is_proved():
            _close(state, master, WINDOWS[-1], FEWEST)
            closed = master.bound
        if state.is_over():
            return None
        if number == 0:
            if len(state.chosen):
                master.add_solution(state.chosen)
            starters = max(4, min(STARTERS, ALL_STARTERS // master.subproblems.people))
            master.add_near(duals, result.cheapest, WIDTHS, starters, state.is_over)
        if state.is_proved() or state.is_over():
            return None
        value, new_duals, holds = master.solve_relaxation(box)
        stalled = 0 if master.bound > before + 0.01 or value < lowest - 0.01 else stalled + 1
        lowest = min(lowest, value)
        is_done = holds and value - master.bound < CLOSE
        is_due = number - tried >= EVERY or stalled >= STALLED or is_done
        if holds and is_due and len(master.columns) > master.chosen_from:
            tried = number
            slack = (
                state.cost - 1 - master.bound if state.cost < np.inf else value - master.bound + 4
            )
            _choose(state, master, master.near(max(slack, value - master.bound)))
        if state.is_proved() or state.is_over():
            return None
        if is_done or stalled >= STALLED:
            break
        if not holds and result.new == 0 and value - master.bound < CLOSE:
            box *= 2
        duals = new_duals
    if not state.is_over():
        _finish(state, master)
    return None


def _close(state: SolverState, master: RestrictedMaster, width: float, few: int) -> None:
    """Solve over the postings that a solution up to `width` above the bound may use, if few.

    What is found there is the best of all, or all others are worth more than that.
    """
    width = min(state.cost - 1 - master.bound, width)
    near = master.within(width)
    if near.sum() > few:
        return
    used = np.zeros(state.whole.column_count, dtype=bool)
    used[: len(near)] = near  # the whole programme may have columns of its own
    solved = over_postings(state, used, _target(state), nodes=1)
    inside = np.inf if solved.status == INFEASIBLE else solved.bound
    if math.isfinite(inside):
        inside = math.ceil(inside - TOLERANCE)
    beyond = math.floor(master.bound + width + SLACK / 2) + 1
    state.raise_bound(min(state.cost, inside, beyond))
    state.tell("closed")


def _choose(state: SolverState, master: RestrictedMaster, columns: list[PlanColumn]) -> Solved:
    master.chosen_from = len(master.columns)
    solved, chosen = master.choose(columns, min(max(state.left(), 0.1), 20.0), None, state.seed)
    if len(chosen):
        state.take(solved.objective, chosen)
        state.tell("chosen")
    return solved


def _finish(state: SolverState, master: RestrictedMaster) -> None:
    """Close the rest of the gap: list every plan of a person that a better solution may use.

    The integer programme over the postings in them is small, and tells as much as one over
    the columns, which is tried when the first has not ended.
    """
    if state.cost == np.inf:
        _mix(state, master, WIDTHS[-1])
        if state.is_proved() or state.is_over() or state.cost == np.inf:
            return
    if master.bound == -np.inf:
        return
    for width in WINDOWS:
        _close(state, master, width, FEW)
        if state.is_proved() or state.is_over():
            return
        if state.cost - 1 - master.bound <= width:
            break  # a wider window would be the same
    slack = state.cost - 1 - master.bound
    is_whole = master.add_near(
        master.best_duals, master.cheapest, (slack,), ENUMERATED, state.is_over
    )
    for attempt in (_mix, _choose_near):
        solved = attempt(state, master, slack)
        if is_whole and solved.status in (OPTIMAL, INFEASIBLE):
            state.raise_bound(state.cost)  # no better plan is left in what holds all better ones
        state.tell("enumerated")
        if state.is_proved() or state.is_over():
            return


def _choose_near(state: SolverState, master: RestrictedMaster, width: float) -> Solved:
    return _choose(state, master, master.near(width))


def _mix(state: SolverState, master: RestrictedMaster, width: float) -> Solved:
    """Find a plan with the integer programme over the postings that nearly cheapest plans use."""
    used = np.zeros(state.whole.column_count, dtype=bool)
    for column in master.near(width):
        used[master.subproblems.postings[column.places]] = True
    return over_postings(state, used, _target(state))


def _target(state: SolverState) -> float | None:
    """Return the cost at which a solution need not be improved any more."""
    if state.bound == -np.inf:
        return None
    return math.ceil(state.bound - TOLERANCE) + TOLERANCE


def over_postings(
    state: SolverState, used: Flags, target: float | None, nodes: int | None = None
) -> Solved:
    """Solve the integer programme over some of the postings; take its plan when it is better."""
    model = state.whole
    used[len(model.postings) :] = True
    columns = np.flatnonzero(used)
    number = np.cumsum(used) - 1
    entries = used[model.columns]
    solved = solve_mip(
        model.cost[columns],
        model.upper[columns],
        model.is_integer[columns],
        model.rows[entries],
        number[model.columns[entries]],
        model.coefs[entries],
        model.row_lower,
        model.row_upper,
        seconds=min(max(state.left(), 0.1), max(MIXING, state.left() / 2)),
        nodes=nodes,
        seed=state.seed,
        target=target,
    )
    if len(solved.values):
        chosen = columns[solved.values > 0.5]
        state.take(solved.objective, chosen[chosen < len(model.postings)])
    return solved
