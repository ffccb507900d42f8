"""Who has done which kind of exercise, where the gaps are, and which exercises break a rule.

A column of the matrix is a mechanism of the programme (E1 to E4 in the reference one): rotations
of its kinds, and attendance at activities of its kinds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from graph.dates import add_days
from graph.errors import N_
from graph.programme import Exercise, Programme, Training
from queries.personnel import Posting
from queries.programme.facts import Activity, Facts, as_day, months_after, runs
from queries.programme.stages import BATCHES, progress_of, served_months
from queries.sentences import Sentence, Term, say

Trouble = Literal["too_long", "ending", "too_short", "out_of_order", "no_home_post", "missing"]


class Cell(NamedTuple):
    """What one person has of one kind of exercise."""

    months: int
    postings: tuple[Posting, ...]
    days: int  # activities attended
    running: bool

    @property
    def covered(self) -> bool:
        """Return whether there is anything of it."""
        return bool(self.postings or self.days)


@dataclass(frozen=True)
class Coverage:
    """One person's row of the matrix."""

    person: str
    cells: dict[str, Cell]  # by mechanism, in the programme's order

    @property
    def count(self) -> int:
        """Count the kinds that the person has."""
        return sum(cell.covered for cell in self.cells.values())


@dataclass(frozen=True)
class ExerciseFinding:
    """A posting (or the lack of one) that a rule speaks of; `on` is the day it turns on."""

    trouble: Trouble
    person: str
    kind: str
    posting: Posting | None
    on: date | None


@dataclass(frozen=True)
class ExerciseMonth:
    """One month of a training that falls due each month: what was held, who came, who did not."""

    month: str
    training: str
    activities: tuple[Activity, ...]
    people: tuple[str, ...]
    missed: tuple[str, ...]  # who had joined before, was not on leave and came to none


def mechanisms(facts: Facts) -> tuple[str, ...]:
    """Return the kinds of exercise that the programme counts, in its order."""
    return tuple(dict.fromkeys(each.mechanism or each.key for each in facts.programme.exercises))


def coverage(facts: Facts) -> list[Coverage]:
    """Return the matrix of people and kinds of exercise, those with the fewest kinds first."""
    return facts.once(_coverage)


def findings(facts: Facts, ahead_days: int = 30) -> list[ExerciseFinding]:
    """Judge the exercises of everybody against the programme's rules for them."""
    return list(chain.from_iterable(facts.of_each(_looking_ahead(ahead_days)).values()))


@lru_cache(maxsize=16)
def _looking_ahead(days: int) -> Callable[[Facts, str], tuple[ExerciseFinding, ...]]:
    """Return what judges one person's exercises, the same for the same days."""

    def judge(facts: Facts, person: str) -> tuple[ExerciseFinding, ...]:
        return tuple(
            found
            for exercise in facts.programme.exercises
            for found in _findings(facts, person, exercise, days)
        )

    return judge


def monthly(facts: Facts, months: int = 24) -> list[ExerciseMonth]:
    """Return month by month, newest first, who came to what an exercise asks for each month.

    A month in which nothing was held stands there, too, from the first one with anything on.
    """
    counted = mechanisms(facts)
    return [
        month
        for training in facts.programme.trainings
        if training.rule.parameters.months == 1 and training.mechanism in counted
        for month in _months(facts, training, months)
    ]


def _months(facts: Facts, training: Training, months: int) -> Iterator[ExerciseMonth]:
    kinds = facts.programme.kinds_within(training.rule.parameters.kinds)
    held: dict[str, list[Activity]] = defaultdict(list)
    for activity in facts.activities.values():
        if activity.kind in kinds and len(activity.held_on or "") >= len("2024-06"):
            held[(activity.held_on or "")[:7]].append(activity)
    came: dict[str, set[str]] = defaultdict(set)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in kinds:
                came[(activity.held_on or "")[:7]].add(person)
    begin = facts.on.replace(day=1)
    for back in range(months):
        month = months_after(begin, -back).isoformat()[:7]
        if month < min(held, default="9"):
            return
        activities = sorted(held[month], key=lambda each: (each.held_on or "", each.id))
        last = as_day(activities[-1].held_on or "") if activities else None
        missed = (p for p in facts.trainees if last and _might_have_come(facts, p, last))
        people = came[month]
        yield ExerciseMonth(
            month,
            training.key,
            tuple(activities),
            tuple(sorted(people)),
            tuple(sorted(p for p in missed if p not in people)),
        )


def _might_have_come(facts: Facts, person: str, day: date) -> bool:
    """Return whether somebody had joined by a day and was not on leave on it."""
    history = progress_of(facts, person).history
    has_joined = bool(history) and history[0].since <= day
    rests = any(
        since <= day and (until is None or day < until) for since, until in facts.pauses(person)
    )
    return has_joined and not rests


def exercise_words(programme: Programme, exercise: Exercise) -> list[Sentence]:
    """Return what the programme asks of a kind of rotation."""
    words = []
    if exercise.at_least:
        words.append(say(N_("at least %(months)s months"), months=exercise.at_least))
    if exercise.at_most:
        words.append(say(N_("at most %(months)s months"), months=exercise.at_most))
    if exercise.after:
        kinds = tuple(Term("rotation_kinds", kind) for kind in exercise.after)
        words.append(say(N_("only after %(kinds)s"), kinds=kinds))
    if exercise.key in programme.kinds_beside:
        words.append(say(N_("the home post is kept")))
    if exercise.required:
        words.append(say(N_("everybody goes through it")))
    return words


def _activity_kinds(facts: Facts) -> dict[str, set[str]]:
    """Return the kinds of activity that count for each mechanism of an exercise."""
    return {
        mechanism: {
            kind.key for kind in facts.programme.activity_kinds if kind.mechanism == mechanism
        }
        for mechanism in mechanisms(facts)
    }


def _coverage(facts: Facts) -> list[Coverage]:
    rows = facts.of_each(_coverage_of).values()
    return sorted(rows, key=lambda row: (row.count, row.person))


def _kinds_counted(facts: Facts) -> dict[str, tuple[tuple[str, ...], set[str]]]:
    """Return the kinds of posting and of activity that count for each mechanism."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for exercise in facts.programme.exercises:
        kinds[exercise.mechanism or exercise.key].append(exercise.key)
    activity_kinds = _activity_kinds(facts)
    return {key: (tuple(each), activity_kinds[key]) for key, each in kinds.items()}


def _coverage_of(facts: Facts, person: str) -> Coverage:
    cells = {}
    came = Counter(activity.kind for activity in facts.attended.get(person, ()))
    had = facts.postings.get(person, ())
    for mechanism, (rotation_kinds, activity_kinds) in facts.once(_kinds_counted).items():
        postings = tuple(p for p in had if p.kind in rotation_kinds)
        cells[mechanism] = Cell(
            months=served_months(facts, person, rotation_kinds) if postings else 0,
            postings=postings,
            days=sum(came[kind] for kind in activity_kinds),
            running=any(runs(p.until, facts.day) for p in postings),
        )
    return Coverage(person, cells)


def _findings(
    facts: Facts, person: str, exercise: Exercise, ahead_days: int
) -> Iterator[ExerciseFinding]:
    had = facts.postings.get(person, ())
    own = [p for p in had if p.kind == exercise.key and p.since]
    begun = {kind: min((p.since for p in had if p.kind == kind and p.since), default=None)
             for kind in exercise.after}  # fmt: skip
    for posting in own:
        earlier = [begun[kind] for kind in exercise.after]
        if any(first is None or first > (posting.since or "") for first in earlier):
            yield ExerciseFinding(
                "out_of_order", person, exercise.key, posting, as_day(posting.since or "")
            )
    open_ones = [p for p in own if runs(p.until, facts.day)]
    for posting in open_ones:
        yield from running(facts, person, exercise, posting, ahead_days)
    if own and not open_ones and exercise.at_least:
        served = served_months(facts, person, (exercise.key,))
        last = max(p.until or "" for p in own)
        if served < exercise.at_least:
            yield ExerciseFinding("too_short", person, exercise.key, own[-1], as_day(last))
    if not own and _is_missing(facts, person, exercise):
        yield ExerciseFinding("missing", person, exercise.key, None, None)


def missing(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield who has finished what comes before an exercise that everybody does, and which it is."""
    asked = [exercise for exercise in facts.programme.exercises if exercise.required]
    for person in facts.trainees if asked else ():
        kinds = {p.kind for p in facts.postings.get(person, ()) if p.since}
        for exercise in asked:
            if exercise.key not in kinds and _is_missing(facts, person, exercise):
                yield person, exercise.key


def _is_missing(facts: Facts, person: str, exercise: Exercise) -> bool:
    """Return whether somebody who had no posting of an exercise should go on to it."""
    if not exercise.required:
        return False
    had = [p for p in facts.postings.get(person, ()) if p.kind in exercise.after]
    begun = {p.kind for p in had if p.since}
    if not begun.issuperset(exercise.after) or any(runs(p.until, facts.day) for p in had):
        return False
    return progress_of(facts, person).batch != BATCHES[-1]


def running(
    facts: Facts, person: str, exercise: Exercise, posting: Posting, ahead_days: int
) -> Iterator[ExerciseFinding]:
    """Judge one exercise that runs: over its time, ending soon, without a home post."""
    since = as_day(posting.since or "")
    ahead = add_days(facts.on, ahead_days)
    longest = months_after(since, exercise.at_most) if exercise.at_most else None
    ends = facts.falls_on(person, since, longest) if longest else None
    if ends and ends <= facts.on:
        yield ExerciseFinding("too_long", person, exercise.key, posting, ends)
    elif posting.until and as_day(posting.until) <= ahead:
        yield ExerciseFinding("ending", person, exercise.key, posting, as_day(posting.until))
    elif ends and ends <= ahead:
        yield ExerciseFinding("ending", person, exercise.key, posting, ends)
    beside = exercise.key in facts.programme.kinds_beside
    if beside and not any(p.home for p in facts.current(person)):
        yield ExerciseFinding("no_home_post", person, exercise.key, posting, since)
