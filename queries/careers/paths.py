"""Search by path: who held this, then that, then the other, and how long it took.

What a step may say stands in `queries/careers/path_steps.py` and `docs/careers.md`. The search
runs over the columns of `queries/personnel/columns.py`, backwards for "can the rest still follow
from here?" and then forwards for the earliest days; the Cypher beside it says the same for
anybody's Neo4j. Postings that are only planned, begin after the day asked for, or have no known
begin are not searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.store import Store
from queries.careers.path_steps import WHAT, PathStep, PathStepRow, path_cypher
from queries.dated import shown_end, shown_ends
from queries.personnel import Personnel, personnel
from queries.personnel.columns import Begun, PostingRow, Postings
from queries.personnel.days import (
    OPEN,
    Bools,
    Ints,
    add_months,
    day_of_number,
    first_of_each,
    months_between,
)
from queries.personnel.state import AWAITING, NO, NOT_KNOWN, YES
from queries.row_types import PersonName


class MatchDict(TypedDict):
    """One person's earliest way through all steps, with the posting of each."""

    person: str
    name: str
    dates: list[str]
    months: int
    steps: list[PostingRow]


class PathsDict(TypedDict):
    """What a search by path found, as `flask paths` prints it."""

    count: int
    waiting: int
    left_before: int
    not_known: int
    median_months: float | None
    quartiles_months: list[float] | None
    people: list[MatchDict]
    as_of: str
    reached: list[int]
    waiting_people: list[PersonName]
    left_out: int
    truncated: bool
    steps: list[PathStepRow]
    cypher: str


@dataclass(frozen=True)
class Match:
    """One person's earliest way through all steps; postings are positions in the columns."""

    person: str
    name: str
    days: tuple[date, ...]
    postings: tuple[PostingRow, ...]
    months: int

    def as_dict(self) -> MatchDict:
        """Return CONTRACT's person of a search, and the posting of each step beside it."""
        return {
            "person": self.person,
            "name": self.name,
            "dates": [day.isoformat() for day in self.days],
            "months": self.months,
            "steps": list(self.postings),
        }


@dataclass(frozen=True)
class PathAnswer:
    """What a search found; `people` may be cut, `count` never is."""

    steps: tuple[PathStep, ...]
    on: date
    count: int
    waiting: int  # in service on the day, and may still match
    left_before: int  # might still match, had they not left
    not_known: int  # might still match, and nobody knows whether they serve
    median_months: float | None
    quartiles_months: tuple[float, float] | None
    people: tuple[Match, ...]
    waiting_people: tuple[tuple[str, str], ...]  # id, name; cut like `people`
    reached: tuple[int, ...]  # how many people match the first step, the first two, ...
    left_out: int  # postings without a known begin
    cypher: str

    def as_dict(self) -> PathsDict:
        """Return CONTRACT's JSON of `flask paths`, with what else is known."""
        return {
            "count": self.count,
            "waiting": self.waiting,
            "left_before": self.left_before,
            "not_known": self.not_known,
            "median_months": self.median_months,
            "quartiles_months": list(self.quartiles_months) if self.quartiles_months else None,
            "people": [match.as_dict() for match in self.people],
            "as_of": self.on.isoformat(),
            "reached": list(self.reached),
            "waiting_people": [{"person": id_, "name": name} for id_, name in self.waiting_people],
            "left_out": self.left_out,
            "truncated": len(self.people) < self.count,
            "steps": [step.as_dict() for step in self.steps],
            "cypher": self.cypher,
        }


def search(
    store: Store, steps: tuple[PathStep, ...], on: date, limit: int | None = None
) -> PathAnswer:
    """Find everybody whose postings match all steps in order, each person once, earliest first.

    `limit` cuts the lists of people, never the figures. NotFound for a post or unit not stored.
    """
    model = personnel(store)
    begun = model.begun(on, [step.kind for step in steps])
    masks = [_mask(model, begun, step, number) for number, step in enumerate(steps, start=1)]
    way = _Way(begun, steps, masks)
    reached = [len(way.part(length).earliest()[0]) for length in range(1, len(steps))]
    people, days = way.earliest()
    months = months_between(days[:, 0], days[:, -1])
    columns = model.columns
    order = np.lexsort((people, *(days[:, at] for at in reversed(range(days.shape[1])))))
    shown = order[:limit] if limit is not None else order
    still = _still_without(way, people)
    still = still[(model.start[still] <= begun.on) | (model.start[still] == OPEN)]
    today = model.on(on).in_service[still]
    ends = shown_ends(store, on.isoformat())
    waiting = _named(columns, still[(today == YES) | (today == AWAITING)])
    return PathAnswer(
        steps=steps,
        on=on,
        count=len(people),
        waiting=len(waiting),
        median_months=_quantile(months, 0.5),
        quartiles_months=_quartiles(months),
        people=tuple(way.match(int(people[at]), days[at], int(months[at]), ends) for at in shown),
        left_before=int((today == NO).sum()),
        not_known=int((today == NOT_KNOWN).sum()),
        waiting_people=tuple(waiting[:limit] if limit is not None else waiting),
        reached=(*reached, len(people)),
        left_out=begun.left_out,
        cypher=path_cypher(steps, on, model.terms.beside),
    )


def _quantile(values: Ints, share: float) -> float | None:
    """Return a quantile, interpolated between neighbours as `percentileCont` does."""
    if not len(values):
        return None
    found = float(np.quantile(values, share))
    return int(found) if found.is_integer() else found


def _quartiles(values: Ints) -> tuple[float, float] | None:
    low, high = _quantile(values, 0.25), _quantile(values, 0.75)
    return (low, high) if low is not None and high is not None else None


def posting_mask(columns: Postings, what: dict[str, str | None], number: int = 1) -> Bools:
    """Mark the postings that are all of `what` (of `WHAT`, and `unit_kind`)."""
    mask: Bools = np.ones(len(columns), dtype=bool)
    for key, value in what.items():
        if value is None:
            continue
        if key == "unit":
            if value not in columns.unit_at:
                raise NotFound(
                    N_("Step %(number)s: there is no unit %(id)s."), number=number, id=value
                )
            units = columns.post_unit
            inside = columns.units_below(value)[units] & (units >= 0)
            mask &= inside[columns.post]
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


def _mask(model: Personnel, begun: Begun, step: PathStep, number: int) -> Bools:
    """Mark the postings that are what a step asks, soon enough after the entry.

    They are home postings, unless the step names a kind that runs beside.
    """
    wanted = {name: getattr(step, name) for name in WHAT}
    mask: Bools = posting_mask(begun.postings, wanted, number)[begun.at]
    if step.kind not in model.terms.beside:
        mask &= model.home[begun.at]
    if step.within_months_of_entry is not None:
        deadline = _entry_deadline(begun, step.within_months_of_entry)
        mask &= begun.since <= deadline[begun.person]
    return mask


def _entry_deadline(begun: Begun, months: int) -> Ints:
    known = begun.entry != OPEN
    moved = add_months(np.where(known, begun.entry, 0), months)
    return np.where(known, moved, OPEN)


class _Way:
    """Steps with the postings that match each, and where in time the next one may be."""

    def __init__(self, begun: Begun, steps: tuple[PathStep, ...], masks: list[Bools]) -> None:
        self.begun = begun
        self.steps = steps
        self.masks = masks
        self.first = [begun.first, *(self._first_place(step) for step in steps[1:])]
        self.last = [begun.last, *(self._last_place(step) for step in steps[1:])]

    def _first_place(self, step: PathStep) -> Ints:
        """Return, for each posting, the first place where the step after it may be."""
        begun = self.begun
        if step.not_before_months is None:
            return begun.same_day_first
        return begun.first_from(begun.months_on(step.not_before_months))

    def _last_place(self, step: PathStep) -> Ints:
        """Return, for each posting, the last place where the step after it may be."""
        begun = self.begun
        last = begun.next_day_last if step.directly else begun.last
        if step.within_months is not None:
            soon = begun.last_until(begun.months_on(step.within_months))
            last = np.minimum(last, soon)
        return last

    def part(self, length: int, last_mask: Bools | None = None) -> _Way:
        """Return the first steps alone, with another mask for the last of them if given."""
        part = object.__new__(_Way)
        part.begun, part.steps = self.begun, self.steps[:length]
        part.masks = self.masks[:length]
        part.first, part.last = self.first[:length], self.last[:length]
        if last_mask is not None:
            part.masks = [*part.masks[:-1], last_mask]
        return part

    def _possible(self) -> list[Bools]:
        """Mark, for each step, the postings from which all later steps can still follow.

        A posting is told from the one before it; `_without_returns` sees to those further back.
        """
        possible = [self.masks[-1]]
        for at in range(len(self.steps) - 2, -1, -1):
            later = possible[0]
            total = np.r_[0, np.cumsum(later)]
            first, last = self.first[at + 1], self.last[at + 1]
            # The posting itself is no later one; a step that may not come at once leaves it out.
            itself = later & (first <= np.arange(len(later)))
            others = total[np.maximum(last + 1, first)] - total[first] - itself
            possible.insert(0, self.masks[at] & (others > 0))
        return possible

    def earliest(self) -> tuple[Ints, Ints]:
        """Return who matches all steps and, a row a person, the earliest begins of the steps."""
        begun, possible = self.begun, self._possible()
        places = np.flatnonzero(possible[0])
        where = first_of_each(begun.person[places])
        people = begun.person[places[where]]
        slot = np.full(len(begun.postings.person_ids), -1, dtype=np.int64)
        slot[people] = np.arange(len(people))
        days = [begun.since[places[where]]]
        standing = places[begun.since[places] == days[0][slot[begun.person[places]]]]
        for at in range(1, len(self.steps)):
            one = np.zeros(len(people), dtype=np.int64)
            one[slot[begun.person[standing]]] = standing  # all of a person's begin on one day
            held = np.bincount(slot[begun.person[standing]], minlength=len(people))
            is_standing = np.zeros(len(begun.at), dtype=bool)
            is_standing[standing] = True
            places = np.flatnonzero(possible[at])
            whose = slot[begun.person[places]]
            places, whose = places[whose >= 0], whose[whose >= 0]
            good = places >= self.first[at][one[whose]]
            good &= places <= self.last[at][one[whose]]
            good &= held[whose] - is_standing[places] > 0
            places, whose = places[good], whose[good]
            days.append(begun.since[places[first_of_each(whose)]])
            standing = places[begun.since[places] == days[-1][whose]]
        return self._without_returns(people, np.stack(days, axis=1))

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
                days[at] = self.begun.since[list(found)]
        return people[kept], days[kept]

    def slowly(self, person: int, wanted: Ints | None = None) -> tuple[int, ...] | None:
        """Search one person's postings step by step; `wanted` gives the days where known.

        The earliest days win; among postings of one day, those that stand first.
        """
        begun = self.begun
        low, high = np.searchsorted(begun.person, [person, person + 1]).tolist()
        since = begun.since[low:high].tolist()

        def rest(at: int, before: int, used: frozenset[int]) -> tuple[int, ...] | None:
            if at == len(self.steps):
                return ()
            first = int(self.first[at][before]) if at else low
            last = int(self.last[at][before])
            best: tuple[int, ...] | None = None
            for place in range(first, last + 1):
                day = since[place - low]
                if best is not None and day > since[best[0] - low]:
                    break  # a later day cannot be better
                if place in used or not self.masks[at][place]:
                    continue
                if wanted is not None and day != wanted[at]:
                    continue
                later = rest(at + 1, place, used | {place})
                if later is None:
                    continue
                found = (place, *later)
                if best is None or [since[p - low] for p in found] < [since[p - low] for p in best]:
                    best = found
            return best

        return rest(0, low, frozenset())

    def match(self, person: int, days: Ints, months: int, ends: str) -> Match:
        """Find the postings that begin on the days found, to show them with the `ends` known."""
        places = self.slowly(person, days)
        assert places is not None, "the days were found on such postings"
        columns = self.begun.postings
        rows = [columns.as_row(int(self.begun.at[place])) for place in places]
        return Match(
            person=columns.person_ids[person],
            name=columns.person_names[person],
            days=tuple(day_of_number(day) for day in days.tolist()),
            postings=tuple({**row, "until": shown_end(row["until"], ends)} for row in rows),
            months=months,
        )


def earliest_pairs(begun: Begun, second: PathStep, masks: list[Bools]) -> tuple[Ints, Ints, Ints]:
    """Return who has a posting of the first mask and then one of the second, and both places.

    It is a search of two steps; the days are its days, the places stand for the postings.
    """
    people, days = _Way(begun, (PathStep(), second), masks).earliest()
    low = np.searchsorted(begun.person, people)
    first, last = [], []
    for start, (one, other) in zip(low.tolist(), days.tolist(), strict=True):
        here = start
        while begun.since[here] != one or not masks[0][here]:
            here += 1
        there = start
        while begun.since[there] != other or not masks[1][there] or there == here:
            there += 1
            if there == len(begun.at) or begun.since[there] > other:
                # The only one that day is the first posting itself: another began the walk.
                there = here
                here = next(
                    place
                    for place in range(start, len(begun.at))
                    if place != there and begun.since[place] == one and masks[0][place]
                )
                break
        first.append(here)
        last.append(there)
    return people, np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)


def _named(columns: Postings, people: Ints) -> list[tuple[str, str]]:
    return sorted((columns.person_ids[at], columns.person_names[at]) for at in people.tolist())


def _still_without(way: _Way, matched: Ints) -> Ints:
    """Find who matches all steps but the last and, by the dates, still may match it."""
    begun, last, columns = way.begun, way.steps[-1], way.begun.postings
    deadline: Ints | None = None
    if last.within_months_of_entry is not None:
        deadline = _entry_deadline(begun, last.within_months_of_entry)
    if len(way.steps) == 1:
        may = np.ones(len(columns.person_ids), dtype=bool)
        if deadline is not None:
            may &= deadline >= begun.on
        may[matched] = False
        return np.flatnonzero(may)
    before = way.masks[-2].copy()
    soonest: Ints = np.full(len(begun.since), begun.on, dtype=np.int64)
    if last.not_before_months is not None:
        soonest = np.maximum(soonest, begun.months_on(last.not_before_months))
    if last.within_months is not None:
        before &= begun.months_on(last.within_months) >= soonest
    if last.directly:
        before &= begun.same_day_last == begun.last
    if deadline is not None:
        before &= deadline[begun.person] >= soonest
    found, _ = way.part(len(way.steps) - 1, before).earliest()
    return np.setdiff1d(found, matched)
