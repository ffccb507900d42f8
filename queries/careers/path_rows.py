"""Where each step of a path may be: postings that begin, days on which something is so.

A row is a person and a day. Rows of a step stand sorted by both; of a step that asks for a state
(`holds`) each row belongs to the row of the step before from which on it is the first such day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from graph.errors import N_, NotFound
from queries.careers.path_steps import PathStep, PostingSought
from queries.personnel import Personnel
from queries.personnel.columns import SPAN, Begun, Postings
from queries.personnel.days import (
    OPEN,
    UNKNOWN,
    Bools,
    DayNumbers,
    Ints,
    add_months,
    first_of_each,
)


@dataclass(frozen=True, eq=False)
class StepRows:
    """The rows of a step, by person and day."""

    person: Ints
    day: Ints
    posting: Ints  # position in the columns: what is shown; -1 for none
    place: Ints  # place in `Begun` of a posting that begins; -1 for a day
    parent: Ints | None = None  # the row of the step before, where only that one leads here

    def __len__(self) -> int:
        return len(self.person)

    @property
    def key(self) -> Ints:
        """Return a number that sorts by person and day."""
        return keys(self.person, self.day)

    def of(self, kept: Bools) -> StepRows:
        """Return the rows that are marked."""
        return replace(
            self,
            person=self.person[kept],
            day=self.day[kept],
            posting=self.posting[kept],
            place=self.place[kept],
            parent=None if self.parent is None else self.parent[kept],
        )


def keys(person: Ints, day: Ints) -> Ints:
    """Return numbers that sort by person and day."""
    return person * SPAN - UNKNOWN + np.minimum(day, OPEN)


def months_later(days: Ints, months: int) -> Ints:
    """Move days by calendar months; equal days are moved once."""
    if not months:
        return days
    different, at = np.unique(days, return_inverse=True)
    return add_months(different, months)[at]


class HeldTimes:
    """Periods in which postings of some kind are held, by person: asked about days."""

    def __init__(self, person: Ints, since: Ints, until: Ints) -> None:
        self.begins = np.sort(keys(person, since))
        self.ends = np.sort(keys(person, until))

    def between(self, person: Ints, since: Ints, until: Ints) -> Bools:
        """Mark who holds one at some time from a day on and before another."""
        begun = np.searchsorted(self.begins, keys(person, until), side="left")
        ended = np.searchsorted(self.ends, keys(person, since), side="right")
        return begun > ended


class PathRows:
    """Makes the rows of steps from the personnel model, as of a day."""

    def __init__(self, model: Personnel, begun: Begun) -> None:
        self.model, self.begun = model, begun
        self.columns = model.columns

    def rows(self, number: int, step: PathStep, before: StepRows | None) -> StepRows:
        """Return the rows of a step; `before` are those of the step before it."""
        if step.reaches is not None:
            rows = self._reached(step)[0]
        elif step.is_state and step.holds is not None:
            rows = self._states(number, step, step.holds, before)
        else:
            rows = self._begins(number, step)
        kept = np.ones(len(rows), dtype=bool)
        if step.within_months_of_entry is not None:
            kept &= rows.day <= self.deadline(step.within_months_of_entry)[rows.person]
        if step.holds is not None and not step.is_state:
            kept &= self._holds(number, step.holds).between(rows.person, rows.day, rows.day + 1)
        if step.meanwhile is not None:
            # Of a posting: while it runs; of a day: on that day.
            until = np.where(rows.place >= 0, self.model.until[rows.posting], rows.day + 1)
            until = np.minimum(until, self.begun.on + 1)
            beside = self._holds(number, step.meanwhile, is_beside=True)
            kept &= beside.between(rows.person, rows.day, until)
        return rows if kept.all() else rows.of(kept)

    def deadline(self, months: int) -> Ints:
        """Return the last day so many months after each person's entry; OPEN where not known."""
        entry = self.begun.entry
        known = entry != OPEN
        return np.where(known, add_months(np.where(known, entry, 0), months), OPEN)

    def held_before(self, step: PathStep) -> Ints:
        """Return the day on which each person came to hold what a step `reaches`; OPEN for none.

        Of those who held it from the first known day it is that day.
        """
        return self._reached(step)[1]

    def _begins(self, number: int, step: PathStep) -> StepRows:
        """Return the postings that begin: home postings, unless the step names a beside kind."""
        begun = self.begun
        mask = sought_mask(self.model, step, number)[begun.at]
        if step.kind not in self.model.terms.beside:
            mask &= self.model.home[begun.at]
        return begin_rows(begun, mask)

    def _reached(self, step: PathStep) -> tuple[StepRows, Ints]:
        """Return the first days at or above a rank or grade, of whom it was not the first of all;
        and everybody's.
        """
        assert step.reaches is not None
        model, wanted = self.model, step.reaches
        first = np.full(len(self.columns.person_ids), OPEN, dtype=np.int64)
        by = np.full(len(first), -1, dtype=np.int64)
        if wanted.rank is not None:
            mask = sought_mask(model, PostingSought(rank=wanted.rank, at_least=True)) & model.home
            periods = model.periods
            at = np.flatnonzero(mask[periods.posting])
            order = at[np.lexsort((periods.since[at], periods.person[at]))]
            order = order[first_of_each(periods.person[order])]
            first[periods.person[order]] = periods.since[order]
            by[periods.person[order]] = periods.posting[order]
        for graded, day in self._graded(wanted.rank, wanted.grade):
            if day < first[graded]:
                first[graded], by[graded] = day, -1
        person = np.flatnonzero((first <= self.begun.on) & (first > model.start))
        none = np.full(len(person), -1, dtype=np.int64)
        return StepRows(person, first[person], by[person], none), first

    def _graded(self, rank: str | None, grade: str | None) -> list[tuple[int, int]]:
        """Return who had a grade at or above one, or one that counts as a rank, and from when."""
        model, terms = self.model, self.model.terms
        ladder = list(terms.grades)
        if grade is not None:
            named = ladder[ladder.index(grade) :] if grade in ladder else [grade]
        elif terms.grades_count_as_ranks and rank in terms.ranks:
            low = terms.rank_index(rank)
            named = [key for key in ladder if terms.rank_index(terms.grades[key]) >= low]
        else:
            return []
        number, wanted, found = DayNumbers(), frozenset(named), []
        for at, known in self.columns.known.items():
            days = [number.first(since, OPEN) for given, since in known.grades if given in wanted]
            if days:
                found.append((at, max(min(days), min(int(model.start[at]), OPEN))))
        return found

    def _holds(self, number: int, sought: PostingSought, is_beside: bool = False) -> HeldTimes:
        """Return when a posting is held that is what is sought, as far as begun by the day."""
        periods = self.model.periods
        at = self._held_periods(number, sought, is_beside)
        return HeldTimes(periods.person[at], periods.since[at], periods.until[at])

    def _held_periods(self, number: int, sought: PostingSought, is_beside: bool) -> Ints:
        model, periods = self.model, self.model.periods
        mask = sought_mask(model, sought, number)
        if is_beside:
            mask &= ~model.home
        elif sought.kind not in model.terms.beside:
            mask &= model.home
        return np.flatnonzero(mask[periods.posting] & (periods.since <= self.begun.on))

    def _states(
        self, number: int, step: PathStep, sought: PostingSought, before: StepRows | None
    ) -> StepRows:
        """Return the first days, from each row of the step before on, on which one is held."""
        periods = self.model.periods
        at = self._held_periods(number, sought, is_beside=False)
        person, since, until = periods.person[at], periods.since[at], periods.until[at]
        posting = periods.posting[at]
        if before is None:
            known = since != UNKNOWN
            order = np.flatnonzero(known)[np.lexsort((since[known], person[known]))]
            none = np.full(len(order), -1, dtype=np.int64)
            return StepRows(person[order], since[order], posting[order], none)
        low = np.searchsorted(person, before.person, side="left")
        high = np.searchsorted(person, before.person, side="right")
        parent = np.repeat(np.arange(len(before)), high - low)
        within = np.arange(len(parent)) - np.repeat(
            np.cumsum(high - low) - (high - low), high - low
        )
        one = np.repeat(low, high - low) + within
        soonest = months_later(before.day, step.not_before_months or 0)[parent]
        day = np.maximum(since[one], soonest)
        kept = (day < until[one]) & (day <= self.begun.on)
        kept &= day <= latest_after(self.begun, step, before)[parent]
        parent, one, day = parent[kept], one[kept], day[kept]
        order = np.lexsort((day, person[one]))
        none = np.full(len(order), -1, dtype=np.int64)
        return StepRows(person[one][order], day[order], posting[one][order], none, parent[order])


def latest_after(begun: Begun, step: PathStep, before: StepRows) -> Ints:
    """Return the last day on which a step may be after each row of the step before it."""
    latest = np.full(len(before), OPEN, dtype=np.int64)
    if step.within_months is not None:
        latest = months_later(before.day, step.within_months)
    if step.directly:
        latest = np.minimum(latest, next_begin(begun, before))
    return latest


def next_begin(begun: Begun, rows: StepRows) -> Ints:
    """Return the next day after each row on which the same person begins a posting, else OPEN."""
    place = np.searchsorted(begun.key, rows.key, side="right")
    inside = place < len(begun.at)
    inside[inside] = begun.person[place[inside]] == rows.person[inside]
    found = np.full(len(rows), OPEN, dtype=np.int64)
    found[inside] = begun.since[place[inside]]
    return found


def sought_mask(model: Personnel, sought: PostingSought, number: int = 1) -> Bools:
    """Mark the postings that are what is sought; an acting one gives no rank."""
    mask = posting_mask(model.columns, sought.wanted(), number)
    if sought.rank is None:
        return mask
    if sought.at_least and model.terms.rank_index(sought.rank) >= 0:
        others = {key: value for key, value in sought.wanted().items() if key != "rank"}
        mask = posting_mask(model.columns, others, number)
        mask &= model.rank >= model.terms.rank_index(sought.rank)
    return mask & ~model.columns.acting


def posting_mask(columns: Postings, what: dict[str, str], number: int = 1) -> Bools:
    """Mark the postings that are all of `what` (names of `path_steps.WHAT`)."""
    mask: Bools = np.ones(len(columns), dtype=bool)
    for key, value in what.items():
        if key == "unit":
            if value not in columns.unit_at:
                raise NotFound(
                    N_("Step %(number)s: there is no unit %(id)s."), number=number, id=value
                )
            mask &= columns.in_unit(value)
        elif key == "post":
            if value not in columns.post_at:
                raise NotFound(
                    N_("Step %(number)s: there is no post %(id)s."), number=number, id=value
                )
            mask &= columns.post == columns.post_at[value]
        elif key in ("kind", "rank"):
            known, codes = (
                (columns.kinds, columns.kind) if key == "kind" else (columns.ranks, columns.rank)
            )
            mask &= codes == (known.index(value) if value in known else -1)
        elif key == "unit_kind":
            of_kind = np.array([*(kind == value for kind in columns.unit_kinds), False], dtype=bool)
            mask &= of_kind[columns.post_unit][columns.post]
        else:
            of_posts = columns.post_titles if key == "title" else columns.post_kinds
            mask &= np.array([each == value for each in of_posts], dtype=bool)[columns.post]
    return mask


def begin_rows(begun: Begun, mask: Bools) -> StepRows:
    """Return the postings of `Begun` that are marked as rows."""
    place = np.flatnonzero(mask)
    return StepRows(begun.person[place], begun.since[place], begun.at[place], place)
