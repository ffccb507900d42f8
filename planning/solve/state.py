"""How a solve stands: what it tells, its best plan and bound so far, and how it ended."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planning.problem.postings import Ints
from planning.solve.base import BasePlan
from planning.solve.highs import INFEASIBLE, OPTIMAL
from planning.solve.model import Model

TOLERANCE = 1e-6


@dataclass(frozen=True)
class SolverProgress:
    """What a running solve tells: the stage, the best plan's cost so far, and the bound."""

    stage: str
    seconds: float
    cost: float | None = None
    bound: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a solve ended. `chosen` are postings of the model; empty when there is no plan."""

    status: str  # optimal, feasible, infeasible, unknown
    model: Model
    chosen: Ints
    cost: int | None
    bound: float | None
    seconds: float
    log: tuple[SolverProgress, ...] = ()

    @property
    def gap(self) -> float | None:
        """Return the share of the cost that is not proved to be needed."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, self.cost - self.bound) / max(1.0, abs(self.cost))


@dataclass
class SolverState:
    """The state of one solve."""

    model: Model
    whole: Model  # with the rows that say who leaves a base, where there is one
    base: BasePlan | None
    seconds: float
    seed: int
    effort: int
    on_progress: Callable[[SolverProgress], None]
    is_stopped: Callable[[], bool]
    on_better: Callable[[Outcome], None]
    enough: float
    began: float = field(default_factory=time.monotonic)
    cost: float = np.inf
    bound: float = -np.inf
    chosen: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    log: list[SolverProgress] = field(default_factory=list)

    def left(self) -> float:
        """Return the seconds left."""
        return self.seconds - (time.monotonic() - self.began)

    def is_over(self) -> bool:
        """Return whether to end now, with what there is."""
        return self.left() <= 0 or self.is_stopped() or self.is_enough()

    def is_enough(self) -> bool:
        """Return whether the gap is as small as was asked for."""
        if self.enough <= 0 or self.cost == np.inf or self.bound == -np.inf:
            return False
        return self.cost - self.bound <= self.enough * self.cost

    def is_proved(self) -> bool:
        """Return whether no plan can cost less than the best one; costs are whole numbers."""
        if self.cost == np.inf or self.bound == -np.inf:
            return False
        return math.ceil(self.bound - TOLERANCE) >= self.cost

    def take(self, cost: float, chosen: Ints) -> None:
        """Take a plan when it is better than the best one so far."""
        if len(chosen) and round(cost) < self.cost:
            self.cost, self.chosen = round(cost), chosen
            self.on_better(self.outcome("feasible"))

    def outcome(self, status: str) -> Outcome:
        """Return how the solve stands as if it were the end."""
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
        """Keep the highest bound."""
        self.bound = max(self.bound, bound)

    def tell(self, stage: str) -> None:
        """Say how far the solve is."""
        bound = None if self.bound == -np.inf else self.bound
        cost = None if self.cost == np.inf else self.cost
        if bound is not None and cost is not None:
            bound = min(bound, cost)
        progress = SolverProgress(stage, round(time.monotonic() - self.began, 3), cost, bound)
        self.log.append(progress)
        self.on_progress(progress)
