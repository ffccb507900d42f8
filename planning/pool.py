"""Column generation over whole plans of people: a pool of plans, its prices, and proved bounds.

The rows that several people share get prices; each person's cheapest plan under them gives a bound
that is valid at every moment, and a plan for the pool. A linear programme over the pool gives new
prices, kept near the best ones known by paying for leaving a box around them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planning.careers import Found, Lives, least_values, search, split
from planning.engine import OPTIMAL, Solved, solve_lp, solve_mip
from planning.model import Model
from planning.stints import Flags, Floats, Ints

SLACK = 1e-5  # by which a plan may be above a limit and still counts as within it
FAR = 1e12  # worth more than any plan
BOX = 0.5  # how far prices may go from the best ones in one round
STARTERS = 40  # plans of each person to begin with
WIDTHS = (1.0, 2.5, 5.0)
LISTED, LISTED_NODES = 2_000, 200_000  # plans of a person that are listed, and the search for them


@dataclass(frozen=True)
class Life:
    """A whole plan of one person: places in `Lives.columns`, its cost, its share of the rows.

    The last row says that the person has one plan.
    """

    person: int
    places: Ints
    cost: float
    rows: Ints
    coefs: Floats


@dataclass(frozen=True)
class Base:
    """A plan to stay near: each person's stints in it, and what leaving it costs a person.

    A person without stints has no plan to keep.
    """

    stints: list[Ints]
    weight: int


@dataclass(frozen=True)
class Round:
    """What one round of pricing gave."""

    bound: float
    cheapest: Floats  # each person's cheapest value, or a bound of it
    new: int


@dataclass(frozen=True)
class _Programme:
    """The programme over a list of plans; `shared` are the shared rows that it has."""

    cost: Floats
    upper: Floats
    is_integer: Flags
    rows: Ints
    columns: Ints
    coefs: Floats
    row_lower: Floats
    row_upper: Floats
    shared: Ints


class Pool:
    """The plans found so far, and the linear programme over them."""

    def __init__(self, model: Model, duals: Floats, base: Base | None = None) -> None:
        self.model, self.lives = model, split(model)
        lives: Lives = self.lives
        count = len(model.stints)
        self.shared = np.flatnonzero(lives.shared)
        number = np.full(model.row_count, -1)
        number[self.shared] = np.arange(len(self.shared))
        self.prices = duals[self.shared].copy()
        self.own_duals = duals[lives.rows].copy()
        place = np.empty(count, dtype=np.int64)
        place[lives.columns] = np.arange(count)
        mine = (model.columns < count) & lives.shared[model.rows]
        order = np.argsort(place[model.columns[mine]], kind="stable")
        self.entry_place = place[model.columns[mine]][order]
        self.entry_row = number[model.rows[mine]][order]
        self.entry_coef = model.coefs[mine][order]
        self.first_entry = np.searchsorted(self.entry_place, np.arange(count + 1))
        self.cost = model.cost[:count][lives.columns]
        self.lower, self.upper = model.row_lower[self.shared], model.row_upper[self.shared]
        free_number = np.full(model.column_count, -1)
        free_number[lives.free] = np.arange(len(lives.free))
        free = free_number[model.columns] >= 0
        self.free_rows = number[model.rows[free]]
        self.free_columns = free_number[model.columns[free]]
        self.free_coefs = model.coefs[free]
        self.plans: list[Life] = []
        self.seen: set[tuple[int, ...]] = set()
        self.bound, self.best_prices = -np.inf, self.prices
        self.cheapest = np.zeros(lives.people)
        self.chosen_from = 0  # size of the pool when it was last chosen from
        self.base_keys: set[tuple[int, ...]] = set()
        self.change = np.zeros(lives.people)  # what another plan than the base's costs each person
        self.is_in_base = np.zeros(count, dtype=bool)  # by place
        for person, stints in enumerate(base.stints if base else ()):
            if base and len(stints):
                places = np.sort(place[stints])
                self.base_keys.add((person, *places.tolist()))
                self.change[person] = base.weight
                self.is_in_base[places] = True
                if np.isfinite(self._own_cost(person, places)):  # it may have been forbidden since
                    self.add(person, places)

    # --- prices and bounds

    def weights(self, prices: Floats) -> Floats:
        """Return the cost of every stint less what it pays for shared rows."""
        paid = self.entry_coef * prices[self.entry_row]
        return self.cost - np.bincount(self.entry_place, weights=paid, minlength=len(self.cost))

    def constant(self, prices: Floats) -> float:
        """Return the part of the bound that belongs to nobody; minus infinity under bad prices."""
        paying = np.flatnonzero(prices)
        limit = np.where(prices > 0, self.lower, self.upper)[paying]
        if not np.isfinite(limit).all():
            return -np.inf
        paid = float(prices[paying] @ limit)
        reduced = self.model.cost[self.lives.free] - np.bincount(
            self.free_columns,
            weights=self.free_coefs * prices[self.free_rows],
            minlength=len(self.lives.free),
        )
        upper = self.model.upper[self.lives.free]
        short = np.minimum(reduced, 0.0)
        if (short[np.isinf(upper)] < -1e-6).any():
            return -np.inf
        return paid + float((short * np.where(np.isinf(upper), 0.0, upper)).sum())

    def _in_order(self, prices: Floats) -> Floats:
        """Take the wrong signs out of prices: a solver leaves some by a hair, and then no bound."""
        is_wrong = np.isinf(self.lower) & (prices > 0) | np.isinf(self.upper) & (prices < 0)
        return np.where(is_wrong, 0.0, prices)

    def price(self, prices: Floats, is_over: Callable[[], bool] = lambda: False) -> Round | None:
        """Find each person's cheapest plan under prices, and what that proves; None when cut."""
        prices = self._in_order(prices)
        weights = self.weights(prices)
        known = np.full(self.lives.people, FAR)
        np.minimum.at(known, self._persons(self.plans), self.values(self.plans, prices))
        cheapest, new = np.empty(self.lives.people), 0
        for person in range(self.lives.people):
            if is_over():
                return None
            limit = known[person] - self.change[person] + 1e-6
            found = search(self.lives, person, weights, self.own_duals, limit)
            if not found.is_complete:
                self._sharpen(person, weights)
                found = search(self.lives, person, weights, self.own_duals, limit)
            cheapest[person] = min(found.bound + self.change[person], known[person])
            new += self._add_found(person, found, weights)
        bound = self.constant(prices) + float(cheapest.sum())
        if bound > self.bound:
            self.bound, self.best_prices, self.cheapest = bound, prices, cheapest
        return Round(bound, cheapest, new)

    def widen(
        self,
        prices: Floats,
        cheapest: Floats,
        widths: tuple[float, ...],
        most: int,
        is_over: Callable[[], bool],
    ) -> bool:
        """Add the plans of each person that are nearly the cheapest; tell whether all are in."""
        weights, is_whole = self.weights(prices), True
        for person in range(self.lives.people):
            if is_over():
                return False
            for width in widths:
                limit = cheapest[person] - self.change[person] + width + SLACK
                found = search(self.lives, person, weights, self.own_duals, limit, most)
                if len(found.plans) >= most // 2:
                    break
            is_whole = is_whole and found.is_complete
            self._add_found(person, found, weights)
        return is_whole

    def values(self, plans: list[Life], prices: Floats) -> Floats:
        """Return what plans are worth under prices: their cost less what they pay for rows."""
        if not plans:
            return np.zeros(0)
        sizes = [len(life.rows) - 1 for life in plans]
        rows = np.concatenate([life.rows[:-1] for life in plans])
        coefs = np.concatenate([life.coefs[:-1] for life in plans])
        owner = np.repeat(np.arange(len(plans)), sizes)
        paid = np.bincount(owner, weights=prices[rows] * coefs, minlength=len(plans))
        return np.array([life.cost for life in plans]) - paid

    def _persons(self, plans: list[Life]) -> Ints:
        return np.array([life.person for life in plans], dtype=np.int64)

    def _sharpen(self, person: int, weights: Floats) -> None:
        """Find better guesses for the duals of a person's own rows by a small linear programme."""
        lives = self.lives
        low, mid = lives.first_main[person], lives.first_beside[person]
        high = lives.first_main[person + 1]
        first, last = lives.first_row[person], lives.first_row[person + 1]
        own, count = last - first, high - low
        periods = int(lives.end[low:high].max())
        entries = slice(lives.first_entry[low], lives.first_entry[high])
        lengths = np.diff(lives.first_entry[low : high + 1])
        rows = [lives.entry_row[entries]]
        columns = [np.repeat(np.arange(count), lengths)]
        coefs = [lives.entry_coef[entries]]
        spans = lives.end[low:high] - lives.begin[low:high]
        stint = np.repeat(np.arange(count), spans)
        ordinal = np.arange(len(stint)) - np.repeat(np.cumsum(spans) - spans, spans)
        track = np.where(stint < mid - low, 0, periods)
        rows.append(own + track + lives.begin[low:high][stint] + ordinal)
        columns.append(stint)
        coefs.append(np.ones(len(stint)))
        lower = [lives.lower[first:last], np.ones(periods), np.zeros(periods)]
        upper = [lives.upper[first:last], np.ones(2 * periods)]
        at = own + 2 * periods
        for begin, end in ((low, mid), (mid, high)):
            present = begin - low + np.flatnonzero(lives.is_present[begin:end])
            if len(present):
                rows.append(np.full(len(present), at))
                columns.append(present)
                coefs.append(np.ones(len(present)))
                lower.append(np.ones(1))
                upper.append(np.ones(1))
                at += 1
        price = lives.price[first:last]
        soft = np.flatnonzero(np.isfinite(price))
        limit = lives.lower[first:last][soft]
        whole = np.maximum(lives.size[first:last][soft], 1.0)
        size = np.where(lives.is_whole[first:last][soft], whole, 1.0)
        rows.append(soft)
        columns.append(count + np.arange(len(soft)))
        coefs.append(np.where(np.isfinite(limit), size, -size))
        cost = np.concatenate([weights[low:high], price[soft]])
        solved = solve_lp(
            cost,
            np.full(len(cost), np.inf),
            np.concatenate(rows),
            np.concatenate(columns),
            np.concatenate(coefs),
            np.concatenate(lower),
            np.concatenate(upper),
        )
        if solved.status == OPTIMAL:
            self.own_duals[first:last] = solved.duals[:own]

    # --- the pool

    def add(self, person: int, places: Ints, own_cost: float | None = None) -> bool:
        """Put a plan into the pool; tell whether it is new."""
        key = (person, *sorted(places.tolist()))
        if key in self.seen:
            return False
        self.seen.add(key)
        rows = [self.entry_row[self.first_entry[j] : self.first_entry[j + 1]] for j in places]
        coefs = [self.entry_coef[self.first_entry[j] : self.first_entry[j + 1]] for j in places]
        if own_cost is None:
            own_cost = self._own_cost(person, places)
        cost = float(self.cost[places].sum()) + own_cost
        cost += 0.0 if key in self.base_keys else float(self.change[person])
        one = (np.array([len(self.shared) + person]), np.ones(1))
        self.plans.append(
            Life(
                person,
                places,
                cost,
                np.concatenate([*rows, one[0]]),
                np.concatenate([*coefs, one[1]]),
            )
        )
        return True

    def add_solution(self, chosen: Ints) -> None:
        """Put everybody's plan of a solution, given by the model's stints, into the pool."""
        places = np.flatnonzero(np.isin(self.lives.columns, chosen))
        bounds = np.searchsorted(places, self.lives.first_main)
        for person in range(self.lives.people):
            self.add(person, places[bounds[person] : bounds[person + 1]])

    def _add_found(self, person: int, found: Found, weights: Floats) -> int:
        return sum(
            self.add(person, plan, max(0.0, round(float(value - weights[plan].sum()), 6)))
            for plan, value in zip(found.plans, found.values, strict=True)
        )

    def _own_cost(self, person: int, places: Ints) -> float:
        lives = self.lives
        rows = slice(lives.first_row[person], lives.first_row[person + 1])
        sums = np.zeros(len(lives.lower[rows]))
        for j in places:
            entries = slice(lives.first_entry[j], lives.first_entry[j + 1])
            np.add.at(sums, lives.entry_row[entries], lives.entry_coef[entries])
        short = np.maximum(lives.lower[rows] - sums, 0) + np.maximum(sums - lives.upper[rows], 0)
        broken = short > 1e-6
        units = np.where(lives.is_whole[rows], 1.0, short)[broken]
        return float((lives.price[rows][broken] * units).sum())

    def _programme(self, plans: list[Life]) -> _Programme:
        """Make the programme of choosing one plan each; rows that no choice can break are left out.

        A row is left out when it has no lower limit and even everybody's heaviest plan keeps it.
        """
        people, shared, free = self.lives.people, len(self.shared), self.lives.free
        sizes = [len(life.rows) for life in plans]
        owner = np.repeat(np.arange(len(plans)), sizes)
        all_rows = np.concatenate([life.rows for life in plans])
        all_coefs = np.concatenate([life.coefs for life in plans])
        key, at = np.unique(owner * (shared + people) + all_rows, return_inverse=True)
        coefs = np.bincount(at, weights=all_coefs, minlength=len(key))
        columns, rows = np.divmod(key, shared + people)
        heaviest = np.zeros((shared + people, people))
        np.maximum.at(heaviest, (rows, self._persons(plans)[columns]), coefs)
        is_kept = np.isfinite(self.lower) | (heaviest[:shared].sum(axis=1) > self.upper + 1e-9)
        is_kept[self.free_rows] = True
        kept = np.concatenate([is_kept, np.ones(people, dtype=bool)])
        number = np.cumsum(kept) - 1
        here = kept[rows]
        return _Programme(
            np.concatenate([[life.cost for life in plans], self.model.cost[free]]),
            np.concatenate([np.full(len(plans), np.inf), self.model.upper[free]]),
            np.concatenate([np.ones(len(plans), dtype=bool), self.model.is_integer[free]]),
            np.concatenate([number[rows[here]], number[self.free_rows]]),
            np.concatenate([columns[here], len(plans) + self.free_columns]),
            np.concatenate([coefs[here], self.free_coefs]),
            np.concatenate([self.lower[is_kept], np.ones(people)]),
            np.concatenate([self.upper[is_kept], np.ones(people)]),
            np.flatnonzero(is_kept),
        )

    def reprice(self, box: float) -> tuple[float, Floats, bool]:
        """Solve the pool's linear programme: its value, its prices, and whether it holds unaided.

        An interior point gives prices in the middle of all best ones: half the rounds of a vertex.
        """
        made = self._programme(self.plans)
        count, here = len(made.cost), len(made.shared)
        lower, upper, best = (
            each[made.shared] for each in (self.lower, self.upper, self.best_prices)
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
            return np.inf, self.best_prices, False
        prices = np.zeros(len(self.shared))
        prices[made.shared] = solved.duals[:here]
        return solved.objective, prices, float(solved.values[count:].sum()) < 1e-3

    def choose(
        self, plans: list[Life], seconds: float | None, nodes: int | None, seed: int
    ) -> tuple[Solved, Ints]:
        """Choose one plan for each person from a list: the integer programme over it.

        Gives how it ended and the model's stints that were chosen.
        """
        made = self._programme(plans)
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
        chosen = [life for life, x in zip(plans, solved.values, strict=False) if x > 0.5]
        places = np.concatenate([life.places for life in chosen])
        return solved, np.sort(self.lives.columns[places])

    def within(self, width: float) -> Flags:
        """Return which stints a solution worth up to `width` above the bound may use.

        The others are in no such solution: a whole plan with one of them costs its person too much.
        Bounds tell most of them apart; where few plans of a person are left, the plans tell.
        """
        weights = self.weights(self.best_prices)
        least = least_values(self.lives, weights, self.own_duals)
        owner = self.model.stints.person[self.lives.columns]
        least += np.where(self.is_in_base, 0.0, self.change[owner])
        here = least - self.cheapest[owner] <= width + SLACK
        for person in range(self.lives.people):
            limit = self.cheapest[person] - self.change[person] + width + SLACK
            found = search(self.lives, person, weights, self.own_duals, limit, LISTED, LISTED_NODES)
            if found.is_complete:
                mine = slice(self.lives.first_main[person], self.lives.first_main[person + 1])
                listed = self.is_in_base.copy()
                for plan in found.plans:
                    listed[plan] = True
                here[mine] &= listed[mine]
        used = np.zeros(self.model.column_count, dtype=bool)
        used[self.lives.columns] = here
        return used

    def near(self, slack: float) -> list[Life]:
        """Return the plans that a solution within `slack` of the bound may use."""
        worth = self.values(self.plans, self.best_prices)
        least = self.cheapest[self._persons(self.plans)]
        kept = np.flatnonzero(worth - least <= slack + SLACK)
        return [self.plans[k] for k in kept]
