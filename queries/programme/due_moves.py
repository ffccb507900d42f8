"""Who should move next and where nobody is: all whom the next half-year touches, before a plan.

An exercise over its limit comes first, then those whose time is full or at its limit by the end of
the period, those for whom a posting is planned, leading posts with room, and who waits for an
exercise that everybody goes through.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import add_months
from graph.programme import Exercise
from graph.store import Row
from queries.personnel import Posting
from queries.personnel.days import day_number, day_of_number
from queries.programme import exercises
from queries.programme.facts import Facts, as_day, months_after
from queries.programme.vacancies import places, vacancies

Why = Literal["over", "due", "planned"]


@dataclass(frozen=True)
class DueMove:
    """One person and the posting that should end, or that another one follows."""

    person: str
    why: Why
    posting: str
    post: str
    kind: str | None
    since: date
    earliest: date | None  # the least time is full
    limit: date | None  # the most time, or the end that is intended
    planned_post: str | None
    planned_on: date | None


@dataclass(frozen=True)
class EmptyPost:
    """A leading post with room: since when; None where it was never full.

    Where no kind of post leads, any post with room that somebody left.
    """

    post: str
    capacity: int
    held: int
    since: date | None
    last_holder: str | None


@dataclass(frozen=True)
class PlacesHeld:
    """How many places of one kind of post are held."""

    kind: str
    capacity: int
    held: int


class DueMovesDict(TypedDict):
    """All of it as plain values."""

    on: str
    until: str
    moves: list[Annotated[Row, FieldsOf(DueMove)]]
    vacant: list[Annotated[Row, FieldsOf(EmptyPost)]]
    waiting: dict[str, list[str]]
    places: list[Annotated[Row, FieldsOf(PlacesHeld)]]


@dataclass(frozen=True)
class DueMoves:
    """Everybody and every post that the next period touches."""

    on: date
    until: date  # the period's end, half-open
    moves: tuple[DueMove, ...]  # by why, then by the day that presses
    vacant: tuple[EmptyPost, ...]
    waiting: dict[str, tuple[str, ...]]  # people by the kind of rotation that they wait for
    places: tuple[PlacesHeld, ...]

    @property
    def since(self) -> date:
        """Return the first day of the period."""
        return add_months(self.until, -6)

    def of(self, why: Why) -> tuple[DueMove, ...]:
        """Return the moves of one group."""
        return tuple(move for move in self.moves if move.why == why)

    def as_dict(self) -> DueMovesDict:
        """Return plain values for JSON."""
        return {
            "on": self.on.isoformat(),
            "until": self.until.isoformat(),
            "moves": [_plain(move) for move in self.moves],
            "vacant": [_plain(each) for each in self.vacant],
            "waiting": {kind: list(people) for kind, people in self.waiting.items()},
            "places": [_plain(each) for each in self.places],
        }


def next_half_year(on: date) -> date:
    """Return the first day after the half-year that is planned next.

    >>> [next_half_year(date(2024, month, day)).isoformat() for month, day in
    ...  [(6, 29), (6, 30), (7, 1), (12, 31)]]
    ['2025-01-01', '2025-01-01', '2025-07-01', '2025-07-01']
    """
    this = date(on.year, 1 if on.month < 7 else 7, 1)
    return add_months(this, 12)


def due_moves(facts: Facts) -> DueMoves:
    """Find who should move by the end of the next half-year, and which leading posts have room."""
    return facts.once(_due_moves)


def _due_moves(facts: Facts) -> DueMoves:
    until = next_half_year(facts.on)
    asked = {exercise.key: exercise for exercise in facts.programme.exercises}
    moves = []
    for person in facts.trainees:
        for posting in facts.current(person):
            exercise = asked.get(posting.kind or "")
            if asked and exercise is None:
                continue
            found = _move(facts, person, posting, exercise, until)
            if found:
                moves.append(found)
    waiting: dict[str, list[str]] = {}
    for person, kind in exercises.missing(facts):
        waiting.setdefault(kind, []).append(person)
    order = ("over", "due", "planned")
    return DueMoves(
        on=facts.on,
        until=until,
        moves=tuple(sorted(moves, key=lambda m: (order.index(m.why), _presses(m), m.person))),
        vacant=tuple(_vacant(facts)),
        waiting={kind: tuple(sorted(people)) for kind, people in waiting.items()},
        places=tuple(_places(facts)),
    )


def _presses(move: DueMove) -> date:
    if move.why == "over":
        return move.limit or date.max
    return min(day for day in (move.planned_on, move.earliest, move.limit, date.max) if day)


def _move(
    facts: Facts, person: str, posting: Posting, exercise: Exercise | None, until: date
) -> DueMove | None:
    """Return the move of a posting; without exercises the end that is intended speaks alone."""
    if not posting.since:
        return None
    since = as_day(posting.since)
    full = months_after(since, exercise.at_least) if exercise and exercise.at_least else None
    most = months_after(since, exercise.at_most) if exercise and exercise.at_most else None
    intended = as_day(posting.until) if posting.until else None
    limit = min((day for day in (most, intended) if day), default=None)
    planned = next(
        (p for p in facts.planned.get(person, ()) if p.since and as_day(p.since) >= facts.on), None
    )
    # Whose time is full should go on to what everybody goes through after it.
    leads_on = exercise is not None and any(
        each.required and exercise.key in each.after for each in facts.programme.exercises
    )
    why: Why
    if limit and limit <= facts.on:
        why = "over"
    elif planned is not None and posting.home:
        why = "planned"
    elif (limit and limit < until) or (full and leads_on and facts.on < full < until):
        why = "due"
    else:
        return None
    return DueMove(
        person=person,
        why=why,
        posting=posting.id,
        post=posting.post,
        kind=posting.kind,
        since=since,
        earliest=full if full and full > facts.on else None,
        limit=limit,
        planned_post=planned.post if planned and posting.home else None,
        planned_on=as_day(planned.since or "") if planned and posting.home else None,
    )


def _vacant(facts: Facts) -> list[EmptyPost]:
    leading = {kind.key for kind in facts.programme.post_kinds if kind.leading}
    periods, found = _PeriodsByPost(facts), []
    for each in vacancies(facts):
        if leading and facts.posts[each.post].kind not in leading:
            continue
        since, last = periods.empty_since(each.post, each.capacity)
        if leading or since:
            found.append(EmptyPost(each.post, each.capacity, each.held, since, last))
    return found if leading else sorted(found, key=lambda each: each.since or date.min)[::-1]


class _PeriodsByPost:
    """Who held which post when, sorted by post once; who acts in one does not hold it."""

    def __init__(self, facts: Facts) -> None:
        model, self._number = facts.states.model, day_number(facts.on)
        self._columns, self._periods = model.columns, model.periods
        posting, since = self._periods.posting, self._periods.since
        held = np.flatnonzero(~self._columns.acting[posting] & (since <= self._number))
        post = self._columns.post[posting[held]]
        order = np.argsort(post, kind="stable")
        self._at, self._post = held[order], post[order]

    def empty_since(self, post: str, capacity: int) -> tuple[date | None, str | None]:
        """Return the day from which a post has had room, and who made it by leaving.

        None, None: it was never full.
        """
        at = self._columns.post_at.get(post, -1)
        low, high = np.searchsorted(self._post, [at, at + 1]).tolist()
        mine, periods = self._at[low:high], self._periods
        events: list[tuple[int, int, str]] = []
        for person, since, until in zip(
            periods.person[mine].tolist(),
            periods.since[mine].tolist(),
            periods.until[mine].tolist(),
            strict=True,
        ):
            name = self._columns.person_ids[person]
            events.append((since, 1, name))
            if until <= self._number:
                events.append((until, -1, name))
        held, since_day, last = 0, None, None
        postings = Counter[str]()  # who holds it by two postings at once holds one place
        for day, change, person_id in sorted(events):
            was_full, was_there = held >= capacity, postings[person_id] > 0
            postings[person_id] += change
            held += (postings[person_id] > 0) - was_there
            if was_full and held < capacity:
                since_day, last = day, person_id
        return (None, None) if since_day is None else (day_of_number(since_day), last)


def _places(facts: Facts) -> list[PlacesHeld]:
    capacity: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for each in places(facts):
        kind = facts.posts[each.post].kind
        if kind:
            capacity[kind] += each.capacity
            held[kind] += min(each.held, each.capacity)
    listed = [kind.key for kind in facts.programme.post_kinds]
    kinds = [kind for kind in listed if kind in capacity] + sorted(set(capacity) - set(listed))
    return [PlacesHeld(kind, capacity[kind], held[kind]) for kind in kinds]


def _plain(value: DueMove | EmptyPost | PlacesHeld) -> Row:
    return {
        key: each.isoformat() if isinstance(each, date) else each
        for key, each in vars(value).items()
    }
