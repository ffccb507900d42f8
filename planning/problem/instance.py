"""A planning problem as plain values: the people, the posts and what binds them over a horizon.

Nothing here reads the graph or solves anything. A fact that falls inside a period counts from, or
until, the next boundary.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from graph.dates import months_between
from graph.errors import N_
from planning.problem.defaults import Setting
from planning.problem.horizon import Horizon
from queries.sentences import Sentence, say


@dataclass(frozen=True)
class UnitLine:
    """A unit with the units above it, nearest first, itself included."""

    id: str
    name: str
    kind: str | None
    chain: tuple[str, ...]


@dataclass(frozen=True)
class OfferedPost:
    """A post; `exercise` is the kind of rotation that holding it is."""

    id: str
    name: str
    unit: str
    rank: str | None = None
    kind: str | None = None
    capacity: int | None = None  # None: not known, so not limited
    demands: tuple[str, ...] = ()
    hardship: int | None = None
    exercise: str | None = None


@dataclass(frozen=True)
class BegunPosting:
    """A posting before the horizon or running at its first day; `since` None is not known."""

    post: str
    unit: str | None
    kind: str | None
    since: date | None
    until: date | None = None

    def months_at(self, day: date) -> int | None:
        """Count the whole months served by a day, as if it went on until then."""
        return None if self.since is None else months_between(self.since, day)


@dataclass(frozen=True)
class Wish:
    """What a person asked for (`rank` from 1) or asked to be kept from (`rank` None)."""

    rank: int | None
    post: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class PlannedPerson:
    """Somebody to plan for, with what the graph says at the first day of the horizon."""

    id: str
    name: str
    joined_on: date | None = None  # the last day that it can mean: times are counted from it
    born_on: date | None = None
    native_place: str | None = None
    specialties: tuple[str, ...] = ()
    rank: str | None = None  # on the first day
    rank_since: date | None = None
    history: tuple[BegunPosting, ...] = ()  # all postings begun, the running ones included
    main: BegunPosting | None = None  # the post held at the first day
    beside: BegunPosting | None = None  # a secondment (or another kind that keeps the home post)
    wishes: tuple[Wish, ...] = ()
    leave: frozenset[int] = frozenset()  # periods
    absent: frozenset[int] = frozenset()  # periods before joining
    practised: frozenset[str] = frozenset()  # kinds of exercise done as activities
    reviews: tuple[str, ...] = ()  # results of yearly appraisals, newest first

    def months_of(self, kind: str, day: date) -> int:
        """Count the months served in a kind of rotation by a day, running postings until then."""
        total = 0
        for posting in self.history:
            if posting.kind == kind and posting.since is not None and posting.since < day:
                total += months_between(posting.since, min(posting.until or day, day))
        return total


@dataclass(frozen=True)
class KinPair:
    """Two relatives; one may be somebody who is not planned, with the posts they hold."""

    one: str
    other: str
    relation: str | None = None


@dataclass(frozen=True)
class FixedPosting:
    """A post held during some periods, whatever is planned: by others, or beside a main post."""

    person: str
    name: str
    post: str
    unit: str
    periods: frozenset[int]
    is_acting: bool = False  # who acts holds no place of the post


@dataclass(frozen=True)
class MentorGroup:
    """The mentors of one kind who sit in one unit (None: anywhere), and how many each takes."""

    kind: str
    unit: str | None
    names: tuple[str, ...]
    places: tuple[int, ...]  # trainees that the group can take in each period


@dataclass(frozen=True)
class ExerciseNeed:
    """What the programme asks of a kind of rotation; lengths are in months."""

    kind: str
    at_least: int | None = None
    at_most: int | None = None
    after: tuple[str, ...] = ()
    keeps_home: bool = False
    required: bool = False


@dataclass(frozen=True, order=True)
class Pin:
    """A person who must hold (or, as a forbid, must not hold) a post in a period."""

    person: str
    post: str
    period: int


@dataclass(frozen=True)
class Note:
    """Something that the data cannot decide, or that the planner passed over."""

    rule: str
    sentence: Sentence


@dataclass(frozen=True)
class PlanningProblem:
    """Everything that a plan is made and judged from."""

    horizon: Horizon
    people: tuple[PlannedPerson, ...]
    posts: tuple[OfferedPost, ...]
    units: tuple[UnitLine, ...]
    settings: tuple[Setting, ...]
    ranks: tuple[str, ...] = ()
    exercises: tuple[ExerciseNeed, ...] = ()
    kin: tuple[KinPair, ...] = ()
    fixed: tuple[FixedPosting, ...] = ()
    mentor_groups: tuple[MentorGroup, ...] = ()
    mentor_needs: tuple[tuple[str, int], ...] = ()  # kind of mentoring, mentors needed
    covered: tuple[str, ...] = ()  # posts that must be covered
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Pin, ...] = ()
    waived: frozenset[tuple[str, str]] = frozenset()  # (rule, person or post)
    notes: tuple[Note, ...] = ()
    data_version: str = ""

    @cached_property
    def person_by_id(self) -> Mapping[str, PlannedPerson]:
        """Return the people to plan by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def post_by_id(self) -> Mapping[str, OfferedPost]:
        """Return the posts by id."""
        return {post.id: post for post in self.posts}

    @cached_property
    def unit_by_id(self) -> Mapping[str, UnitLine]:
        """Return the units by id."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def exercise_by_kind(self) -> Mapping[str, ExerciseNeed]:
        """Return what the programme asks of each kind of rotation."""
        return {each.kind: each for each in self.exercises}

    @cached_property
    def mean_hardship(self) -> float:
        """Return the mean hardship of a place, over all places of posts that can be planned."""
        places = [
            (post.hardship, post.capacity if post.capacity is not None else 1)
            for post in self.posts
            if post.hardship is not None and post.exercise is not None
        ]
        total = sum(capacity for _, capacity in places)
        return sum(hardship * capacity for hardship, capacity in places) / total if total else 0.0

    def hardship_share(self, person: PlannedPerson) -> int:
        """Return the points of hardship that a person's even share of the horizon is."""
        periods = self.horizon.periods - len(person.absent)
        return math.ceil(self.mean_hardship * periods - 1e-9)

    def rank_index(self, rank: str | None) -> int | None:
        """Return a rank's place on the ladder from 0, or None when it is not on it."""
        return self.ranks.index(rank) if rank in self.ranks else None

    def keeps_home(self, kind: str | None) -> bool:
        """Return whether a rotation of a kind runs beside the home post."""
        need = self.exercise_by_kind.get(kind or "")
        return need is not None and need.keeps_home

    def setting(self, name: str) -> Setting | None:
        """Return the first rule of a name that is switched on."""
        return next((each for each in self.settings if each.name == name), None)

    def places(self, post: OfferedPost, period: int) -> int | None:
        """Return the places of a post that are free to plan in a period."""
        if post.capacity is None:
            return None
        return max(0, post.capacity - self.held_by_others(post.id, period))

    def held_by_others(self, post: str, period: int) -> int:
        """Count the people who hold a post in a period, whatever is planned."""
        return sum(period in each.periods for each in self._fixed_by_post.get(post, ()))

    @cached_property
    def _fixed_by_post(self) -> Mapping[str, list[FixedPosting]]:
        found: dict[str, list[FixedPosting]] = {}
        for posting in self.fixed:
            if posting.is_acting:
                continue
            found.setdefault(posting.post, []).append(posting)
        return found

    def person_name(self, id_: str) -> str:
        """Return a person's name for a sentence."""
        person = self.person_by_id.get(id_)
        if person:
            return person.name
        return next((each.name for each in self.fixed if each.person == id_), id_)

    def post_name(self, id_: str) -> str:
        """Return a post's name with its unit's for a sentence."""
        post = self.post_by_id.get(id_)
        if post is None:
            return id_
        unit = self.unit_by_id.get(post.unit)
        return f"{unit.name}{post.name}" if unit else post.name


def undecided(rule: str, what: Sentence, names: list[str]) -> Note:
    """Say that a rule does not bind where the data does not tell; `names` are whom it concerns."""
    template = N_("%(what)s is not known for %(count)s: %(names)s. The rule is not applied there.")
    return Note(rule, say(template, what=what, count=len(names), names=few(names)))


def few(names: Sequence[str], most: int = 5) -> tuple[str, ...]:
    """Return the first few names for a sentence, and a mark when there are more."""
    return (*names[:most], "…") if len(names) > most else tuple(names)
