"""The ways of people through the steps of a path: backwards who can finish, forwards the earliest.

Each step has its rows (`path_rows.py`); from a row the next step is a window of the next rows, or
the rows that belong to it. No posting is used twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from queries.careers.path_rows import StepRows, keys, latest_after, months_later
from queries.careers.path_steps import PathStep
from queries.personnel.columns import Begun
from queries.personnel.days import Bools, Ints, first_of_each

_NOWHERE = -1


class PathWays:
    """Steps with their rows, and where among the next rows each may lead."""

    def __init__(
        self,
        begun: Begun,
        steps: Sequence[PathStep],
        rows: Sequence[StepRows],
        windows: Sequence[tuple[Ints, Ints]] | None = None,
    ) -> None:
        self.begun, self.steps, self.rows = begun, tuple(steps), list(rows)
        pairs = zip(self.steps[1:], self.rows[:-1], self.rows[1:], strict=True)
        self.windows = (
            [self._window(step, here, there) for step, here, there in pairs]
            if windows is None
            else list(windows)
        )

    def _window(self, step: PathStep, here: StepRows, there: StepRows) -> tuple[Ints, Ints]:
        """Return, for each row, from where and before where among the next rows the step may be."""
        soonest = months_later(here.day, step.not_before_months or 0)
        latest = latest_after(self.begun, step, here)
        key = there.key
        low = np.searchsorted(key, keys(here.person, soonest), side="left")
        high = np.searchsorted(key, keys(here.person, latest), side="right")
        return low.astype(np.int64), np.maximum(high, low).astype(np.int64)

    def part(self, length: int, kept: Bools | None = None) -> PathWays:
        """Return the first steps alone; of the last one's rows those that are kept."""
        rows, windows = self.rows[:length], self.windows[: length - 1]
        if kept is not None:
            rows = [*rows[:-1], rows[-1].of(kept)]
            if windows:
                before = np.r_[0, np.cumsum(kept)]  # how many rows are kept before each
                low, high = windows[-1]
                windows = [*windows[:-1], (before[low], before[high])]
        return PathWays(self.begun, self.steps[:length], rows, windows)

    def _twin(self, here: StepRows, there: StepRows) -> Ints:
        """Return, for each row, the place among the others of the same posting, or -1."""
        slot = np.full(len(self.begun.at) + 1, _NOWHERE, dtype=np.int64)
        slot[there.place] = np.arange(len(there))
        slot[-1] = _NOWHERE  # of days, which are no posting
        return slot[here.place]

    def _possible(self) -> list[Bools]:
        """Mark, for each step, the rows from which all later steps can still follow.

        A posting is told from the one before it; `_without_returns` sees to those further back.
        """
        possible: list[Bools] = [np.ones(len(self.rows[-1]), dtype=bool)]
        for at in range(len(self.steps) - 2, -1, -1):
            here, there, later = self.rows[at], self.rows[at + 1], possible[0]
            if there.parent is not None:
                good = np.zeros(len(here), dtype=bool)
                good[there.parent[later]] = True
                possible.insert(0, good)
                continue
            low, high = self.windows[at]
            total = np.r_[0, np.cumsum(later)]
            twin = self._twin(here, there)
            itself = (twin >= low) & (twin < high)
            itself[itself] = later[twin[itself]]
            possible.insert(0, total[high] - total[low] - itself > 0)
        return possible

    def earliest(self) -> tuple[Ints, Ints]:
        """Return who matches all steps and, a row a person, the earliest days of the steps."""
        possible, rows = self._possible(), self.rows[0]
        places = np.flatnonzero(possible[0])
        where = first_of_each(rows.person[places])
        people = rows.person[places[where]]
        slot = np.full(len(self.begun.postings.person_ids), -1, dtype=np.int64)
        slot[people] = np.arange(len(people))
        days = [rows.day[places[where]]]
        standing = places[rows.day[places] == days[0][slot[rows.person[places]]]]
        for at in range(1, len(self.steps)):
            here, there = self.rows[at - 1], self.rows[at]
            is_standing = np.zeros(len(here), dtype=bool)
            is_standing[standing] = True
            places = np.flatnonzero(possible[at])
            whose = slot[there.person[places]]
            places, whose = places[whose >= 0], whose[whose >= 0]
            if there.parent is not None:
                good = is_standing[there.parent[places]]
            else:
                good = self._leads(at, places, whose, slot, standing, is_standing)
            places, whose = places[good], whose[good]
            days.append(there.day[places[first_of_each(whose)]])
            standing = places[there.day[places] == days[-1][whose]]
        return self._without_returns(people, np.stack(days, axis=1))

    def _leads(
        self, at: int, places: Ints, whose: Ints, slot: Ints, standing: Ints, is_standing: Bools
    ) -> Bools:
        """Mark the rows of a step to which one of those leads where its person stands."""
        here, there = self.rows[at - 1], self.rows[at]
        count = int(slot.max()) + 1 if len(slot) else 0
        one = np.zeros(count, dtype=np.int64)
        one[slot[here.person[standing]]] = standing  # all of a person's are of one day
        held = np.bincount(slot[here.person[standing]], minlength=count)
        low, high = self.windows[at - 1]
        good = (places >= low[one[whose]]) & (places < high[one[whose]])
        twin = self._twin(there, here)[places]
        itself = twin >= 0
        itself[itself] = is_standing[twin[itself]]
        return good & (held[whose] - itself > 0)

    def _without_returns(self, people: Ints, days: Ints) -> tuple[Ints, Ints]:
        """Mend the few who begin three postings on one day, where a step could take one twice."""
        if days.shape[1] < 3 or not len(people):
            return people, days
        same = (days[:, 2:] == days[:, 1:-1]) & (days[:, 1:-1] == days[:, :-2])
        kept = np.ones(len(people), dtype=bool)
        for at in np.flatnonzero(same.any(axis=1)).tolist():
            found = self.slowly(int(people[at]))
            if found is None:
                kept[at] = False
            else:
                pairs = zip(self.rows, found, strict=True)
                days[at] = [int(rows.day[row]) for rows, row in pairs]
        return people[kept], days[kept]

    def slowly(self, person: int, wanted: Ints | None = None) -> tuple[int, ...] | None:
        """Search one person's rows step by step; `wanted` gives the days where known.

        The earliest days win; among rows of one day, those that stand first.
        """
        low, high = np.searchsorted(self.rows[0].person, [person, person + 1]).tolist()

        def days_of(at: int, found: tuple[int, ...]) -> list[int]:
            return [int(self.rows[at + n].day[row]) for n, row in enumerate(found)]

        def rest(at: int, before: int, used: frozenset[int]) -> tuple[int, ...] | None:
            if at == len(self.steps):
                return ()
            rows = self.rows[at]
            best: tuple[int, ...] | None = None
            for row in self._next(at, before) if at else range(low, high):
                day, place = int(rows.day[row]), int(rows.place[row])
                if best is not None and day > int(rows.day[best[0]]):
                    break  # a later day cannot be better
                if place in used or (wanted is not None and day != wanted[at]):
                    continue
                later = rest(at + 1, row, used | {place} if place >= 0 else used)
                if later is None:
                    continue
                found = (row, *later)
                if best is None or days_of(at, found) < days_of(at, best):
                    best = found
            return best

        return rest(0, low, frozenset())

    def _next(self, at: int, before: int) -> Sequence[int]:
        """Return the rows of a step to which a row of the step before leads, by day."""
        parent = self.rows[at].parent
        if parent is not None:
            found: list[int] = np.flatnonzero(parent == before).tolist()
            return found
        low, high = self.windows[at - 1]
        return range(int(low[before]), int(high[before]))


def earliest_pairs(ways: PathWays) -> tuple[Ints, Ints, Ints]:
    """Return who walked two steps that are postings, and the places of both in `Begun`."""
    people, days = ways.earliest()
    one, other = ways.rows
    first, last = [], []
    for person, wanted in zip(people.tolist(), days, strict=True):
        found = ways.slowly(person, wanted)
        assert found is not None, "the days were found on such postings"
        first.append(int(one.place[found[0]]))
        last.append(int(other.place[found[1]]))
    return people, np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)
