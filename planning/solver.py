"""Solve a planning problem: the cheapest plan, its cost, and a proved bound on every other plan.

1. The linear relaxation over all stints gives prices (and is enough to say that nothing is
   possible, when it is), and the stints that look best under them a first plan.
2. Column generation over whole plans of people (`pool`) raises the bound and finds plans.
3. An integer programme over the pool gives a plan; when bound and cost meet, it is optimal.
4. Where they nearly meet, an integer programme over the stints that a better plan could still use
   closes the rest; where that is too large, all plans of people that could matter are enumerated.

Deterministic for a seed as long as no limit of time is met; `effort` is a limit free of time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planning.defaults import Setting
from planning.engine import INFEASIBLE, OPTIMAL, Solved, solve_lp, solve_mip
from planning.model import Model, build, extended
from planning.pool import BOX, SLACK, STARTERS, WIDTHS, Base, Life, Pool
from planning.problem import Problem
from planning.stints import Block, Flags, Floats, Ints

ROUNDS = 60
ALL_STARTERS = 2_000  # plans of all people together to begin with
EVERY = 4  # rounds between two integer programmes
STALLED = 6  # rounds without a better bound after which the rest is enumerated
MANY = 40_000  # stints from which the first linear programme is solved on a part of them
NEARS = (0.5, 2.0)  # reduced cost of the stints that a first plan is made of
MIXING = 8.0  # seconds at least for the integer programme over the stints of the best plans
CLOSING = 6.0  # of cost and bound, when the stints in between are worth counting
RISEN = 0.5  # by which the bound rises before that is tried again
WINDOWS = (1.0, 3.0)  # above the bound: stints of the solutions that are tried first
FEWEST = 1_700  # stints that an integer programme takes at once
FEW = 8_000  # stints that it takes quickly
ENUMERATED = 4_000  # plans of one person when all that could matter are listed
CLOSE = 0.01  # of bound and pool's value, when column generation has ended
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Progress:
    """What a running solve tells: the stage, the best plan's cost so far, and the bound."""

    stage: str
    seconds: float
    cost: float | None = None
    bound: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a solve ended. `chosen` are stints of the model; empty when there is no plan."""

    status: str  # optimal, feasible, infeasible, unknown
    model: Model
    chosen: Ints
    cost: int | None
    bound: float | None
    seconds: float
    log: tuple[Progress, ...] = ()

    @property
    def gap(self) -> float | None:
        """Return the share of the cost that is not proved to be needed."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, self.cost - self.bound) / max(1.0, abs(self.cost))


@dataclass
class _Search:
    """The state of one solve."""

    model: Model
    whole: Model  # with the rows that price leaving a base, where there is one
    base: Base | None
    seconds: float
    seed: int
    effort: int
    on_progress: Callable[[Progress], None]
    is_stopped: Callable[[], bool]
    on_better: Callable[[Outcome], None]
    enough: float
    began: float = field(default_factory=time.monotonic)
    cost: float = np.inf
    bound: float = -np.inf
    chosen: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    log: list[Progress] = field(default_factory=list)

    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.began)

    def is_over(self) -> bool:
        return self.left() <= 0 or self.is_stopped() or self.is_enough()

    def is_enough(self) -> bool:
        if self.enough <= 0 or self.cost == np.inf or self.bound == -np.inf:
            return False
        return self.cost - self.bound <= self.enough * self.cost

    def is_proved(self) -> bool:
        if self.cost == np.inf or self.bound == -np.inf:
            return False
        return math.ceil(self.bound - TOLERANCE) >= self.cost

    def take(self, cost: float, chosen: Ints) -> None:
        if len(chosen) and round(cost) < self.cost:
            self.cost, self.chosen = round(cost), chosen
            self.on_better(self.outcome("feasible"))

    def outcome(self, status: str) -> Outcome:
        bound = self.cost if status == OPTIMAL else self.bound
        return Outcome(
            status,
            self.model,
            self.chosen,
            int(self.cost) if len(self.chosen) else None,
            None if bound == -np.inf or status == INFEASIBLE else float(min(bound, self.cost)),
            time.monotonic() - self.began,
            tuple(self.log),
        )

    def raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    def tell(self, stage: str) -> None:
        bound = None if self.bound == -np.inf else self.bound
        cost = None if self.cost == np.inf else self.cost
        if bound is not None and cost is not None:
            bound = min(bound, cost)
        progress = Progress(stage, round(time.monotonic() - self.began, 3), cost, bound)
        self.log.append(progress)
        self.on_progress(progress)


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    effort: int = ROUNDS,
    enough: float = 0.0,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    on_better: Callable[[Outcome], None] = lambda outcome: None,
    model: Model | None = None,
    base: Base | None = None,
) -> Outcome:
    """Find the cheapest plan within a limit of time, or of `effort` rounds.

    It ends earlier when the gap is `enough` (a share of the cost) or nothing.
    `on_better` gets each better plan as if it were the end; `is_stopped` is asked between steps.
    With a `base`, the cost includes what leaving it costs.
    """
    began = time.monotonic()
    model = model or build(problem)
    whole = with_base(model, base) if base else model
    state = _Search(
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
                _integer(state, reduced <= near, None)
        state.tell("chosen")
        status = _generate(state, relaxed.duals)
        if status == INFEASIBLE:
            return _end(state, INFEASIBLE)
    if state.is_proved():
        return _end(state, OPTIMAL)
    return _end(state, "feasible" if len(state.chosen) else "unknown")


def _end(state: _Search, status: str) -> Outcome:
    state.tell("done")
    return state.outcome(status)


def with_base(model: Model, base: Base) -> Model:
    """Add a column for each person who leaves the base: all its stints are kept, or it is paid."""
    stints = model.stints
    rows, columns, coefs = [], [], []
    labels: list[tuple[object, ...]] = []
    lower, upper = [], []
    own = 0
    most = 2.0 * model.problem.horizon.periods
    for person, mine in enumerate(base.stints):
        if not len(mine):
            continue
        own += 1
        about = (model.problem.people[person].id,)
        for stint in mine:
            rows += [len(labels)] * 2
            columns += [int(stint), -own]
            coefs += [1.0, 1.0]
            labels.append(about)
            lower.append(1.0)
            upper.append(np.inf)
        others = np.flatnonzero((stints.person == person) & (stints.end > stints.begin))
        others = np.setdiff1d(others, mine)
        rows += [len(labels)] * (len(others) + 1)
        columns += [*others.tolist(), -own]
        coefs += [1.0] * len(others) + [-most]
        labels.append(about)
        lower.append(-np.inf)
        upper.append(0.0)
    setting = Setting("few_changes", "", "hard", base.weight, "变动人数", "People moved")
    block = Block(
        setting, labels, np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64),
        np.array(coefs), np.array(lower), np.array(upper), np.zeros(len(labels)),
        own_columns=own, own_cost=float(base.weight),
    )  # fmt: skip
    return extended(model, block)


def relax(model: Model, seconds: float | None = None) -> Solved:
    """Solve the linear relaxation; of a large model on the stints that look best.

    The bound is minus infinity then, because the others were not asked, and "infeasible" is only
    said for the whole.
    """
    everything = np.ones(model.column_count, dtype=bool)
    if len(model.stints) > MANY:
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
    """Keep, of the stints of a person and span and kind, the cheapest few; and all others."""
    stints, count = model.stints, len(model.stints)
    kept = np.ones(model.column_count, dtype=bool)
    kinds = sorted({post.exercise or "" for post in model.problem.posts})
    of_post = np.array([*(kinds.index(post.exercise or "") for post in model.problem.posts), -1])
    periods = model.problem.horizon.periods + 1
    key = (
        (stints.person * (len(kinds) + 1) + of_post[stints.post] + 1) * periods + stints.begin
    ) * periods + stints.end
    mixed = (np.arange(count) * 7919) % 104_729  # the same posts should not win every tie
    order = np.lexsort((mixed, model.cost[:count], key))
    first = np.searchsorted(key[order], key[order])
    rank = np.arange(count) - first
    few = max(4, MANY * 8 // count)
    kept[order[rank >= few]] = False
    kept[:count] |= ~stints.is_new | stints.is_idle
    return kept


def _generate(state: _Search, duals: Floats) -> str | None:
    pool = Pool(state.model, duals[: state.model.row_count], state.base)
    prices, box, tried, stalled, lowest = pool.prices, BOX, 0, 0, np.inf
    closed = -np.inf  # the bound when it was last tried to close what is between it and the cost
    for number in range(state.effort):
        before = pool.bound
        result = pool.price(prices, state.is_over)
        if result is None:
            break
        if number == 0 and (result.cheapest >= 1e11).any():
            return INFEASIBLE  # somebody has no plan at all, whatever the others do
        state.raise_bound(pool.bound)
        state.tell("priced")
        is_due = pool.bound - closed >= RISEN and state.cost - pool.bound < CLOSING
        if pool.bound > -np.inf and is_due and not state.is_proved():
            _close(state, pool, WINDOWS[-1], FEWEST)
            closed = pool.bound
        if state.is_over():
            return None
        if number == 0:
            if len(state.chosen):
                pool.add_solution(state.chosen)
            starters = max(4, min(STARTERS, ALL_STARTERS // pool.lives.people))
            pool.widen(prices, result.cheapest, WIDTHS, starters, state.is_over)
        if state.is_proved() or state.is_over():
            return None
        value, new_prices, holds = pool.reprice(box)
        stalled = 0 if pool.bound > before + 0.01 or value < lowest - 0.01 else stalled + 1
        lowest = min(lowest, value)
        is_done = holds and value - pool.bound < CLOSE
        is_due = number - tried >= EVERY or stalled >= STALLED or is_done
        if holds and is_due and len(pool.plans) > pool.chosen_from:
            tried = number
            slack = state.cost - 1 - pool.bound if state.cost < np.inf else value - pool.bound + 4
            _choose(state, pool, pool.near(max(slack, value - pool.bound)))
        if state.is_proved() or state.is_over():
            return None
        if is_done or stalled >= STALLED:
            break
        if not holds and result.new == 0 and value - pool.bound < CLOSE:
            box *= 2
        prices = new_prices
    if not state.is_over():
        _finish(state, pool)
    return None


def _close(state: _Search, pool: Pool, width: float, few: int) -> None:
    """Solve over the stints that a solution up to `width` above the bound may use, if they are few.

    What is found there is the best of all, or all others are worth more than that.
    """
    width = min(state.cost - 1 - pool.bound, width)
    near = pool.within(width)
    if near.sum() > few:
        return
    used = np.zeros(state.whole.column_count, dtype=bool)
    used[: len(near)] = near  # the whole programme may have columns of its own
    solved = _integer(state, used, _target(state), nodes=1)
    inside = np.inf if solved.status == INFEASIBLE else solved.bound
    if math.isfinite(inside):
        inside = math.ceil(inside - TOLERANCE)
    beyond = math.floor(pool.bound + width + SLACK / 2) + 1
    state.raise_bound(min(state.cost, inside, beyond))
    state.tell("closed")


def _choose(state: _Search, pool: Pool, plans: list[Life]) -> Solved:
    pool.chosen_from = len(pool.plans)
    solved, chosen = pool.choose(plans, min(max(state.left(), 0.1), 20.0), None, state.seed)
    if len(chosen):
        state.take(solved.objective, chosen)
        state.tell("chosen")
    return solved


def _finish(state: _Search, pool: Pool) -> None:
    """Close the rest of the gap: list every plan of a person that a better solution may use.

    The integer programme over the stints in them is small, and tells as much as one over the
    plans, which is tried when the first has not ended.
    """
    if state.cost == np.inf:
        _mix(state, pool, WIDTHS[-1])
        if state.is_proved() or state.is_over() or state.cost == np.inf:
            return
    if pool.bound == -np.inf:
        return
    for width in WINDOWS:
        _close(state, pool, width, FEW)
        if state.is_proved() or state.is_over():
            return
        if state.cost - 1 - pool.bound <= width:
            break  # a wider window would be the same
    slack = state.cost - 1 - pool.bound
    is_whole = pool.widen(pool.best_prices, pool.cheapest, (slack,), ENUMERATED, state.is_over)
    for attempt in (_mix, _choose_near):
        solved = attempt(state, pool, slack)
        if is_whole and solved.status in (OPTIMAL, INFEASIBLE):
            state.raise_bound(state.cost)  # no better plan is left in what holds all better ones
        state.tell("enumerated")
        if state.is_proved() or state.is_over():
            return


def _choose_near(state: _Search, pool: Pool, width: float) -> Solved:
    return _choose(state, pool, pool.near(width))


def _mix(state: _Search, pool: Pool, width: float) -> Solved:
    """Find a plan with the integer programme over the stints that nearly cheapest plans use."""
    used = np.zeros(state.whole.column_count, dtype=bool)
    for life in pool.near(width):
        used[pool.lives.columns[life.places]] = True
    return _integer(state, used, _target(state))


def _target(state: _Search) -> float | None:
    """Return the cost at which a solution need not be improved any more."""
    if state.bound == -np.inf:
        return None
    return math.ceil(state.bound - TOLERANCE) + TOLERANCE


def _integer(state: _Search, used: Flags, target: float | None, nodes: int | None = None) -> Solved:
    """Solve the integer programme over some of the stints; take its plan when it is better."""
    model = state.whole
    used[len(model.stints) :] = True
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
        state.take(solved.objective, chosen[chosen < len(model.stints)])
    return solved
