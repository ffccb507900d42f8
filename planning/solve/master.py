"""The restricted master: the columns found so far, a programme over them, duals and bounds.

A column is a whole plan of one person. The rows that several people share have duals; each person's
cheapest column under them (pricing) gives a bound that is valid at every moment, and a new column.
The linear programme over the columns gives new duals, kept near the best ones known by paying for
leaving a box around them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planning.problem.postings import Flags, Floats, Ints
from planning.solve.base import BasePlan
from planning.solve.column import PlanColumn, persons_of, reduced_costs
from planning.solve.duals import SharedRows, own_duals
from planning.solve.highs import OPTIMAL, Solved, solve_lp, solve_mip
from planning.solve.model import Model
from planning.solve.pricing import PricingResult, least_values, search
from planning.solve.subproblems import split

SLACK = 1e-5  # by which a column may be above a limit and still counts as within it
FAR = 1e12  # worth more than any plan
LISTED, LISTED_NODES = 2_000, 200_000  # plans of a person that are listed, and the search for them


@dataclass(frozen=True)
class PricingRound:
    """What one round of pricing gave."""

    bound: float
    cheapest: Floats  # each person's cheapest value, or a bound of it
    new: int


@dataclass(frozen=True)
class _Programme:
    """The programme over a list of columns; `shared` are the shared rows that it has."""

    cost: Floats
    upper: Floats
    is_integer: Flags
    rows: Ints
    columns: Ints
    coefs: Floats
    row_lower: Floats
    row_upper: Floats
    shared: Ints


class RestrictedMaster:
    """The columns found so far, and the linear programme over them."""

    def __init__(self, model: Model, duals: Floats, base: BasePlan | None = None) -> None:
        self.model, self.subproblems = model, split(model)
        self.shared = SharedRows(model, self.subproblems)
        self.duals = duals[self.shared.numbers].copy()
        self.own_duals = duals[self.subproblems.rows].copy()
        self.columns: list[PlanColumn] = []
        self.seen: set[tuple[int, ...]] = set()
        self.bound, self.best_duals = -np.inf, self.duals
        self.cheapest = np.zeros(self.subproblems.people)
        self.chosen_from = 0  # number of columns when it was last chosen from them
        self.base_keys: set[tuple[int, ...]] = set()
        # What another plan than the base's costs each person.
        self.change = np.zeros(self.subproblems.people)
        self.is_in_base = np.zeros(len(model.postings), dtype=bool)  # by place
        for person, postings in enumerate(base.postings if base else ()):
            if base and len(postings):
                places = np.sort(self.shared.place[postings])
                self.base_keys.add((person, *places.tolist()))
                self.change[person] = base.weight
                self.is_in_base[places] = True
                if np.isfinite(self._own_cost(person, places)):  # it may have been forbidden since
                    self.add(person, places)

    # --- pricing

    def price(
        self, duals: Floats, is_over: Callable[[], bool] = lambda: False
    ) -> PricingRound | None:
        """Find each person's cheapest plan under duals, and what that proves; None when cut."""
        duals = self.shared.with_right_signs(duals)
        weights = self.shared.weights(duals)
        known = np.full(self.subproblems.people, FAR)
        np.minimum.at(known, persons_of(self.columns), reduced_costs(self.columns, duals))
        cheapest, new = np.empty(self.subproblems.people), 0
        for person in range(self.subproblems.people):
            if is_over():
                return None
            limit = known[person] - self.change[person] + 1e-6
            found = search(self.subproblems, person, weights, self.own_duals, limit)
            if not found.is_complete:
                self._sharpen(person, weights)
                found = search(self.subproblems, person, weights, self.own_duals, limit)
            cheapest[person] = min(found.bound + self.change[person], known[person])
            new += self._add_found(person, found, weights)
        bound = self.shared.constant(duals) + float(cheapest.sum())
        if bound > self.bound:
            self.bound, self.best_duals, self.cheapest = bound, duals, cheapest
        return PricingRound(bound, cheapest, new)

    def add_near(
        self,
        duals: Floats,
        cheapest: Floats,
        widths: tuple[float, ...],
        most: int,
        is_over: Callable[[], bool],
    ) -> bool:
        """Add the plans of each person that are nearly the cheapest; tell whether all are in."""
        weights, is_whole = self.shared.weights(duals), True
        for person in range(self.subproblems.people):
            if is_over():
                return False
            for width in widths:
                limit = cheapest[person] - self.change[person] + width + SLACK
                found = search(self.subproblems, person, weights, self.own_duals, limit, most)
                if len(found.plans) >= most // 2:
                    break
            is_whole = is_whole and found.is_complete
            self._add_found(person, found, weights)
        return is_whole

    def _sharpen(self, person: int, weights: Floats) -> None:
        """Find better guesses for the duals of a person's own rows."""
        better = own_duals(self.subproblems, person, weights)
        if better is not None:
            first, last = self.subproblems.first_row[person : person + 2]
            self.own_duals[first:last] = better

    # --- the columns

    def add(self, person: int, places: Ints, own_cost: float | None = None) -> bool:
        """Add a column; tell whether it is new."""
        key = (person, *sorted(places.tolist()))
        if key in self.seen:
            return False
        self.seen.add(key)
        rows, coefs = self.shared.entries(places)
        if own_cost is None:
            own_cost = self._own_cost(person, places)
        cost = float(self.shared.cost[places].sum()) + own_cost
        cost += 0.0 if key in self.base_keys else float(self.change[person])
        one = (np.array([len(self.shared) + person]), np.ones(1))
        self.columns.append(
            PlanColumn(
                person,
                places,
                cost,
                np.concatenate([*rows, one[0]]),
                np.concatenate([*coefs, one[1]]),
            )
        )
        return True

    def add_solution(self, chosen: Ints) -> None:
        """Add everybody's column of a solution, given by the model's postings."""
        places = np.flatnonzero(np.isin(self.subproblems.postings, chosen))
        bounds = np.searchsorted(places, self.subproblems.first_main)
        for person in range(self.subproblems.people):
            self.add(person, places[bounds[person] : bounds[person + 1]])

    def _add_found(self, person: int, found: PricingResult, weights: Floats) -> int:
        return sum(
            self.add(person, plan, max(0.0, round(float(value - weights[plan].sum()), 6)))
            for plan, value in zip(found.plans, found.values, strict=True)
        )

    def _own_cost(self, person: int, places: Ints) -> float:
        """Return what a plan pays for the rows of its person alone; infinite when it may not be."""
        parts = self.subproblems
        rows = slice(parts.first_row[person], parts.first_row[person + 1])
        sums = np.zeros(len(parts.lower[rows]))
        for j in places:
            entries = slice(parts.first_entry[j], parts.first_entry[j + 1])
            np.add.at(sums, parts.entry_row[entries], parts.entry_coef[entries])
        short = np.maximum(parts.lower[rows] - sums, 0) + np.maximum(sums - parts.upper[rows], 0)
        broken = short > 1e-6
        units = np.where(parts.is_whole[rows], 1.0, short)[broken]
        return float((parts.penalty[rows][broken] * units).sum())

    # --- the programme over the columns

    def _programme(self, columns: list[PlanColumn]) -> _Programme:
        """Make the programme of choosing one column each, without rows that no choice can break.

        A row is left out when it has no lower limit and even everybody's heaviest plan keeps it.
        """
        people, shared = self.subproblems.people, self.shared
        count = len(shared) + people
        sizes = [len(column.rows) for column in columns]
        owner = np.repeat(np.arange(len(columns)), sizes)
        all_rows = np.concatenate([column.rows for column in columns])
        all_coefs = np.concatenate([column.coefs for column in columns])
        key, at = np.unique(owner * count + all_rows, return_inverse=True)
        coefs = np.bincount(at, weights=all_coefs, minlength=len(key))
        numbers, rows = np.divmod(key, count)
        heaviest = np.zeros((count, people))
        np.maximum.at(heaviest, (rows, persons_of(columns)[numbers]), coefs)
        is_kept = np.isfinite(shared.lower)
        is_kept |= heaviest[: len(shared)].sum(axis=1) > shared.upper + 1e-9
        is_kept[shared.free_rows] = True
        kept = np.concatenate([is_kept, np.ones(people, dtype=bool)])
        number = np.cumsum(kept) - 1
        here = kept[rows]
        return _Programme(
            np.concatenate([[column.cost for column in columns], shared.free_cost]),
            np.concatenate([np.full(len(columns), np.inf), shared.free_upper]),
            np.concatenate([np.ones(len(columns), dtype=bool), shared.free_is_integer]),
            np.concatenate([number[rows[here]], number[shared.free_rows]]),
            np.concatenate([numbers[here], len(columns) + shared.free_columns]),
            np.concatenate([coefs[here], shared.free_coefs]),
            np.concatenate([shared.lower[is_kept], np.ones(people)]),
            np.concatenate([shared.upper[is_kept], np.ones(people)]),
            np.flatnonzero(is_kept),
        )

    def solve_relaxation(self, box: float) -> tuple[float, Floats, bool]:
        """Solve the linear programme: its value, its duals, and whether it holds unaided.

        An interior point gives duals in the middle of all best ones: half the rounds of a vertex.
        """
        made = self._programme(self.columns)
        count, here = len(made.cost), len(made.shared)
        lower, upper, best = (
            each[made.shared] for each in (self.shared.lower, self.shared.upper, self.best_duals)
        )
        high = np.where(np.isinf(lower), np.minimum(best + box, 0.0), best + box)
        low = np.where(np.isinf(upper), np.maximum(best - box, 0.0), best - box)
        numbers = np.arange(here)
        solved = solve_lp(
            np.concatenate([made.cost, high, -low]),
            np.concatenate([made.upper, np.full(2 * here, np.inf)]),
            np.concatenate([made.rows, numbers, numbers]),
            np.concatenate([made.columns, count + numbers, count + here + numbers]),
            np.concatenate([made.coefs, np.ones(here), -np.ones(here)]),
            made.row_lower,
            made.row_upper,
            with_interior_point=True,
        )
        if solved.status != OPTIMAL:
            return np.inf, self.best_duals, False
        duals = np.zeros(len(self.shared))
        duals[made.shared] = solved.duals[:here]
        return solved.objective, duals, float(solved.values[count:].sum()) < 1e-3

    def choose(
        self, columns: list[PlanColumn], seconds: float | None, nodes: int | None, seed: int
    ) -> tuple[Solved, Ints]:
        """Choose one column for each person from a list: the integer programme over it.

        Gives how it ended and the model's postings that were chosen.
        """
        made = self._programme(columns)
        solved = solve_mip(
            made.cost,
            made.upper,
            made.is_integer,
            made.rows,
            made.columns,
            made.coefs,
            made.row_lower,
            made.row_upper,
            seconds=seconds,
            nodes=nodes,
            seed=seed,
        )
        if not len(solved.values):
            return solved, np.zeros(0, dtype=np.int64)
        chosen = [column for column, x in zip(columns, solved.values, strict=False) if x > 0.5]
        places = np.concatenate([column.places for column in chosen])
        return solved, np.sort(self.subproblems.postings[places])

    # --- what a better solution may use

    def within(self, width: float) -> Flags:
        """Return which postings a solution worth up to `width` above the bound may use.

        The others are in no such solution: a whole plan with one of them costs its person too much.
        Bounds tell most of them apart; where few plans of a person are left, the plans tell.
        """
        parts, weights = self.subproblems, self.shared.weights(self.best_duals)
        least = least_values(parts, weights, self.own_duals)
        owner = self.model.postings.person[parts.postings]
        least += np.where(self.is_in_base, 0.0, self.change[owner])
        here = least - self.cheapest[owner] <= width + SLACK
        for person in range(parts.people):
            limit = self.cheapest[person] - self.change[person] + width + SLACK
            found = search(parts, person, weights, self.own_duals, limit, LISTED, LISTED_NODES)
            if found.is_complete:
                mine = slice(parts.first_main[person], parts.first_main[person + 1])
                listed = self.is_in_base.copy()
                for plan in found.plans:
                    listed[plan] = True
                here[mine] &= listed[mine]
        used = np.zeros(self.model.column_count, dtype=bool)
        used[parts.postings] = here
        return used

    def near(self, slack: float) -> list[PlanColumn]:
        """Return the columns that a solution within `slack` of the bound may use."""
        worth = reduced_costs(self.columns, self.best_duals)
        least = self.cheapest[persons_of(self.columns)]
        kept = np.flatnonzero(worth - least <= slack + SLACK)
        return [self.columns[k] for k in kept]
