"""Solve a planning problem: the cheapest plan, its cost, and a proved bound on every other plan.

1. The linear relaxation over all postings gives duals (and is enough to say that nothing is
   possible, when it is), and the postings that look best under them a first plan.
2. Column generation over whole plans of people raises the bound and finds plans.
3. An integer programme over the columns gives a plan; when bound and cost meet, it is optimal.
4. Where they nearly meet, an integer programme over the postings that a better plan could still
   use closes the rest, or all plans of people that could matter are enumerated.

Deterministic for a seed as long as no limit of time is met; `effort` is a limit free of time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from planning.problem.instance import PlanningProblem
from planning.solve.base import BasePlan, with_base
from planning.solve.column_generation import generate, over_postings
from planning.solve.highs import INFEASIBLE, OPTIMAL
from planning.solve.model import Model, build
from planning.solve.relaxation import relax
from planning.solve.state import Outcome, SolverProgress, SolverState

ROUNDS = 60  # of pricing at most, unless another `effort` is given
NEARS = (0.5, 2.0)  # reduced cost of the postings that a first plan is made of


def solve(
    problem: PlanningProblem,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    effort: int = ROUNDS,
    enough: float = 0.0,
    on_progress: Callable[[SolverProgress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    on_better: Callable[[Outcome], None] = lambda outcome: None,
    model: Model | None = None,
    base: BasePlan | None = None,
) -> Outcome:
    """Find the cheapest plan within a limit of time, or of `effort` rounds.

    It ends earlier when the gap is `enough` (a share of the cost) or nothing.
    `on_better` gets each better plan as if it were the end; `is_stopped` is asked between steps.
    With a `base`, the cost includes what leaving it costs.
    """
    began = time.monotonic()
    model = model or build(problem)
    whole = with_base(model, base) if base else model
    state = SolverState(
        model, whole, base, seconds, seed, effort, on_progress, is_stopped, on_better, enough, began
    )
    state.tell("built")
    relaxed = relax(whole, seconds=max(1.0, state.left()))
    if relaxed.status == INFEASIBLE:
        return _end(state, INFEASIBLE)
    if relaxed.status == OPTIMAL:
        if relaxed.bound > -np.inf:
            state.raise_bound(relaxed.bound)
        state.tell("relaxed")
        reduced = whole.reduced(relaxed.duals)
        for near in NEARS:
            if not len(state.chosen) and not state.is_over():
                over_postings(state, reduced <= near, None)
        state.tell("chosen")
        status = generate(state, relaxed.duals)
        if status == INFEASIBLE:
            return _end(state, INFEASIBLE)
    if state.is_proved():
        return _end(state, OPTIMAL)
    return _end(state, "feasible" if len(state.chosen) else "unknown")


def _end(state: SolverState, status: str) -> Outcome:
    state.tell("done")
    return state.outcome(status)
