"""What became of everybody who started on a path: the five groups, and how long it took of all.

Who has all steps but the last started. The clock runs from the first step (of a single step that
asks for a day: from entry), and somebody is looked at from the last step but one on. Who can no
longer arrive, because the time allowed is over or another posting came first, has missed it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from queries.careers.groups import (
    LEFT_BEFORE,
    ON_THE_WAY,
    FiveGroups,
    five_groups,
    from_the_first_day,
    standing,
)
from queries.careers.incidence import ARRIVED, CENSORED, LEFT, TimesToArrive, times_to_arrive
from queries.careers.path_rows import PathRows, latest_after, months_later, next_begin
from queries.careers.path_ways import PathWays
from queries.personnel.days import OPEN, Bools, Ints, day_of_number, months_between
from queries.personnel.state import Day


@dataclass(frozen=True)
class PathOutcome:
    """The five groups of a path, who is on the way, who missed it, and the times."""

    groups: FiveGroups
    waiting: Ints
    missed: int
    times: TimesToArrive

    def with_start(self, count: int) -> PathOutcome:
        """Return the same with a count of those who were there from the start."""
        return replace(self, groups=self.groups._replace(from_the_start=count))


class _Everybody:
    """Who started, who arrived, and until when the others may still arrive."""

    def __init__(
        self,
        maker: PathRows,
        ways: PathWays,
        day: Day,
        begun: tuple[Ints, Ints] | None,
        asked: Bools | None,
    ) -> None:
        self.ways, self.day, self.before_last = ways, day, begun
        self.begun, self.last = ways.begun, ways.steps[-1]
        self.seen = np.minimum(day.seen_until, self.begun.on)
        count = len(self.seen)
        self.asked: Bools = np.ones(count, dtype=bool) if asked is None else asked
        self.deadline: Ints = np.full(count, OPEN, dtype=np.int64)
        if self.last.within_months_of_entry is not None:
            self.deadline = maker.deadline(self.last.within_months_of_entry)

    def started(self) -> tuple[Ints, Ints, Ints]:
        """Return who started, with the first day and the day from which they may arrive."""
        if self.before_last is None:
            people = np.flatnonzero(self.asked & (standing(self.day) >= 0))
            entry = np.where(self.begun.entry == OPEN, self.seen, self.begun.entry)[people]
            return people, entry, entry
        people, days = self.before_last
        return people, days[:, 0], days[:, -1]

    def still(self) -> tuple[Ints, Ints, Ints]:
        """Return who might still arrive on the day until which they are seen to serve."""
        if self.before_last is None:
            people, first, _ = self.started()
            may = self.deadline[people] >= self.seen[people]
            return people[may], first[may], first[may]
        last, rows = self.last, self.ways.rows[-2]
        soonest = np.maximum(
            self.seen[rows.person], months_later(rows.day, last.not_before_months or 0)
        )
        may = self.deadline[rows.person] >= soonest
        if last.within_months is not None:
            may &= months_later(rows.day, last.within_months) >= soonest
        if last.directly:
            may &= next_begin(self.begun, rows) == OPEN
        people, days = self.ways.part(len(self.ways.steps) - 1, may).earliest()
        return people, days[:, 0], days[:, -1]

    def too_late(self, people: Ints, since: Ints) -> Ints:
        """Return the day on which it was too late for those who missed it."""
        latest = np.minimum(self.deadline[people], self.seen[people])
        if self.before_last is not None:
            rows = self.ways.rows[-2]
            allowed = np.full(len(self.seen), -OPEN, dtype=np.int64)
            np.maximum.at(allowed, rows.person, latest_after(self.begun, self.last, rows))
            latest = np.minimum(latest, allowed[people])
        return np.maximum(latest, since)


def path_outcome(
    maker: PathRows,
    ways: PathWays,
    arrived: tuple[Ints, Ints],
    begun: tuple[Ints, Ints] | None,
    asked: Bools | None,
) -> PathOutcome:
    """Judge everybody who started.

    `arrived` are people and the days of all steps, `begun` those of all steps but the last (None:
    there are none); `asked` marks of whom the question is.
    """
    people, days = arrived
    day = maker.model.on(day_of_number(ways.begun.on))
    every = _Everybody(maker, ways, day, begun, asked)
    starters, first, since = every.started()
    others = ~np.isin(starters, people)
    before = np.zeros(len(starters), dtype=bool)
    is_alone = begun is None
    if ways.steps[-1].reaches is not None:
        held = maker.held_before(ways.steps[-1])[starters]
        before = others & (held <= (day.model.start[starters] if is_alone else since))
        others &= ~before
    still, still_first, still_since = every.still()
    kept = np.isin(still, starters[others])
    if ways.steps[-1].reaches is not None:  # who reached it, but too late, is not on the way
        kept &= maker.held_before(ways.steps[-1])[still] > ways.begun.on
    still, still_first, still_since = still[kept], still_first[kept], still_since[kept]
    missed = others & ~np.isin(starters, still)
    at_once = int(from_the_first_day(day, people, days[:, -1]).sum()) if is_alone else 0
    groups = five_groups(day, len(people) - at_once, still, int(before.sum()) + at_once)
    where = standing(day)[still]
    return PathOutcome(
        groups,
        still[where == ON_THE_WAY],
        int(missed.sum()),
        _times(
            every,
            arrived,
            (still, still_first, still_since, where),
            (starters[missed], first[missed], since[missed]),
        ),
    )


def path_months(ways: PathWays, people: Ints, days: Ints) -> Ints:
    """Return the months from the first step to the last; of one that is a day alone, from entry."""
    first = days[:, 0]
    if _is_day_alone(ways):
        first = np.minimum(ways.begun.entry[people], first)
    return months_between(first, days[:, -1])


def _is_day_alone(ways: PathWays) -> bool:
    step = ways.steps[0]
    return len(ways.steps) == 1 and (step.reaches is not None or step.is_state)


def _times(
    every: _Everybody,
    arrived: tuple[Ints, Ints],
    still: tuple[Ints, Ints, Ints, Ints],
    missed: tuple[Ints, Ints, Ints],
) -> TimesToArrive:
    """Return the times of all who started; there are none of a single posting."""
    ways = every.ways
    if every.before_last is None and not _is_day_alone(ways):
        return TimesToArrive()
    _, days = arrived
    if every.before_last is None:
        entered = np.zeros(len(days), dtype=np.int64)
    else:
        entered = months_between(days[:, 0], days[:, -2])
    people, first, since, where = still
    seen = np.maximum(every.seen[people], since)
    gone, gone_first, gone_since = missed
    late = every.too_late(gone, gone_since)
    return times_to_arrive(
        np.r_[entered, months_between(first, since), months_between(gone_first, gone_since)],
        np.r_[
            path_months(ways, *arrived),
            months_between(first, seen),
            months_between(gone_first, late),
        ],
        np.r_[
            np.full(len(days), ARRIVED),
            np.where(where == LEFT_BEFORE, LEFT, CENSORED),
            np.full(len(gone), LEFT),
        ],
    )
