"""A planning problem as plain values: the horizon, the people, the posts and what binds them.

Nothing here reads the graph or solves anything. Periods are numbered from 0; a boundary `t` is the
first day of period `t`, and boundary `periods` is the first day after the horizon. A fact that
falls inside a period counts from, or until, the next boundary.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from graph.dates import add_months, first_day, is_date, months_between, precision
from graph.errors import N_, InputError, UsageError
from planning.defaults import Setting
from queries.sentences import Sentence, say

MONTHS = {"quarter": 3, "half-year": 6}
MOST_PERIODS = 40
EARLIEST, LATEST = "1900-01-01", "2199-12-31"  # on which a plan may begin


@dataclass(frozen=True)
class Horizon:
    """The time to plan: `periods` quarters or half-years from a day on."""

    since: date
    periods: int
    months: int = 6

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Return every boundary, the first day after the horizon included."""
        return tuple(add_months(self.since, self.months * t) for t in range(self.periods + 1))

    @property
    def until(self) -> date:
        """Return the first day after the horizon."""
        return self.days[-1]

    @property
    def period(self) -> str:
        """Return the length of a period in words, as a request gives it."""
        return next(word for word, months in MONTHS.items() if months == self.months)

    def boundary(self, day: date) -> int:
        """Return the first boundary on or after a day, from 0 to `periods`.

        >>> Horizon(date(2024, 7, 1), 4).boundary(date(2024, 9, 17))
        1
        """
        return next((t for t, first in enumerate(self.days) if first >= day), self.periods)

    def period_of(self, day: date) -> int | None:
        """Return the period that a day falls in, or None outside the horizon."""
        if not self.since <= day < self.until:
            return None
        return max(t for t, first in enumerate(self.days) if first <= day)

    def name(self, period: int) -> str:
        """Name a period by its first day."""
        return self.days[period].isoformat()

    def as_dict(self) -> dict[str, Any]:
        """Return the horizon as a request gives it."""
        return {"from": self.since.isoformat(), "periods": self.periods, "period": self.period}


def horizon(
    since: str, periods: int, period: str = "half-year", today: date | None = None
) -> Horizon:
    """Check a horizon that was asked for; `today` is the day that the plan may not begin before."""
    if not is_date(since) or precision(since) != "day" or not EARLIEST <= since <= LATEST:
        raise UsageError(
            N_('The plan cannot begin on "%(since)s".'),
            N_("Give a day such as 2024-07-01, from %(earliest)s to %(latest)s."),
            since=since,
            earliest=EARLIEST,
            latest=LATEST,
        )
    if period not in MONTHS:
        raise UsageError(
            N_('A period cannot be "%(period)s".'),
            N_("It is quarter or half-year."),
            period=period,
        )
    if not 1 <= periods <= MOST_PERIODS:
        raise UsageError(
            N_("A horizon of %(periods)s periods cannot be planned."),
            N_("Give 1 to %(most)s periods."),
            periods=periods,
            most=MOST_PERIODS,
        )
    begins = first_day(since)
    if today is not None and begins < today:
        raise InputError(
            N_("The plan would begin on %(since)s, which is past: today is %(today)s."),
            N_("Begin on %(today)s or later."),
            since=since,
            today=today.isoformat(),
        )
    return Horizon(begins, periods, MONTHS[period])


@dataclass(frozen=True)
class Unit:
    """A unit with the units above it, nearest first, itself included."""

    id: str
    name: str
    kind: str | None
    chain: tuple[str, ...]


@dataclass(frozen=True)
class Post:
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
class Served:
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
class Person:
    """Somebody to plan for, with what the graph says at the first day of the horizon."""

    id: str
    name: str
    joined_on: date | None = None
    born_on: date | None = None
    native_place: str | None = None
    specialties: tuple[str, ...] = ()
    rank: str | None = None  # the highest rank held so far
    rank_since: date | None = None
    history: tuple[Served, ...] = ()  # all postings begun, the running ones included
    main: Served | None = None  # the post held at the first day
    beside: Served | None = None  # a secondment (or another kind that keeps the home post)
    wishes: tuple[Wish, ...] = ()
    leave: frozenset[int] = frozenset()  # periods
    absent: frozenset[int] = frozenset()  # periods before joining
    practised: frozenset[str] = frozenset()  # kinds of exercise done as activities
    reviews: tuple[str, ...] = ()  # results of yearly appraisals, newest first

    def months_of(self, kind: str, day: date) -> int:
        """Count the months served in a kind of rotation by a day, running postings until then."""
        total = 0
        for served in self.history:
            if served.kind == kind and served.since is not None and served.since < day:
                total += months_between(served.since, min(served.until or day, day))
        return total


@dataclass(frozen=True)
class Kin:
    """Two relatives; one may be somebody who is not planned, with the posts they hold."""

    one: str
    other: str
    relation: str | None = None


@dataclass(frozen=True)
class Holding:
    """A post held during some periods by somebody who is not planned."""

    person: str
    name: str
    post: str
    unit: str
    periods: frozenset[int]


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
class Problem:
    """Everything that a plan is made and judged from."""

    horizon: Horizon
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    units: tuple[Unit, ...]
    settings: tuple[Setting, ...]
    ranks: tuple[str, ...] = ()
    exercises: tuple[ExerciseNeed, ...] = ()
    kin: tuple[Kin, ...] = ()
    holdings: tuple[Holding, ...] = ()
    mentor_groups: tuple[MentorGroup, ...] = ()
    mentor_needs: tuple[tuple[str, int], ...] = ()  # kind of mentoring, mentors needed
    covered: tuple[str, ...] = ()  # posts that must be covered
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Pin, ...] = ()
    waived: frozenset[tuple[str, str]] = frozenset()  # (rule, person or post)
    notes: tuple[Note, ...] = ()
    data_version: str = ""

    @cached_property
    def person_by_id(self) -> Mapping[str, Person]:
        """Return the people to plan by id."""
        return {person.id: person for person in self.people}

    @cached_property
    def post_by_id(self) -> Mapping[str, Post]:
        """Return the posts by id."""
        return {post.id: post for post in self.posts}

    @cached_property
    def unit_by_id(self) -> Mapping[str, Unit]:
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

    def hardship_share(self, person: Person) -> int:
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

    def places(self, post: Post, period: int) -> int | None:
        """Return the places of a post that people not planned leave free in a period."""
        if post.capacity is None:
            return None
        return max(0, post.capacity - self.held_by_others(post.id, period))

    def held_by_others(self, post: str, period: int) -> int:
        """Count the people who are not planned and hold a post in a period."""
        return sum(period in each.periods for each in self._holdings_by_post.get(post, ()))

    @cached_property
    def _holdings_by_post(self) -> Mapping[str, list[Holding]]:
        found: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            found.setdefault(holding.post, []).append(holding)
        return found

    def person_name(self, id_: str) -> str:
        """Return a person's name for a sentence."""
        person = self.person_by_id.get(id_)
        if person:
            return person.name
        return next((each.name for each in self.holdings if each.person == id_), id_)

    def post_name(self, id_: str) -> str:
        """Return a post's name with its unit's for a sentence."""
        post = self.post_by_id.get(id_)
        if post is None:
            return id_
        unit = self.unit_by_id.get(post.unit)
        return f"{unit.name}{post.name}" if unit else post.name


@dataclass(frozen=True)
class Scenario:
    """What a planner asks for on top of the data. Days are ISO text of full precision."""

    people: tuple[str, ...] = ()  # empty: every trainee
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Pin, ...] = ()
    leaves: tuple[tuple[str, str, str | None], ...] = ()  # person, since, until
    waived: frozenset[tuple[str, str]] = frozenset()
    capacities: Mapping[str, int] = field(default_factory=dict)
    must_cover: tuple[str, ...] = ()
    kinds_by_post_kind: Mapping[str, str] = field(default_factory=dict)
    keep_planned: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return the scenario as JSON values."""
        return {
            "people": list(self.people),
            "pins": [[each.person, each.post, each.period] for each in self.pins],
            "forbids": [[each.person, each.post, each.period] for each in self.forbids],
            "leaves": [list(each) for each in self.leaves],
            "waived": sorted(list(each) for each in self.waived),
            "capacities": dict(self.capacities),
            "must_cover": list(self.must_cover),
            "kinds_by_post_kind": dict(self.kinds_by_post_kind),
            "keep_planned": self.keep_planned,
        }

    @staticmethod
    def from_dict(value: Mapping[str, Any]) -> Scenario:
        """Read a scenario from JSON values; raise InputError naming what is wrong."""
        known = set(Scenario().as_dict())
        unknown = sorted(set(value) - known)
        if unknown:
            raise InputError(
                N_('A scenario has no "%(key)s".'),
                N_("It may have %(known)s."),
                key=unknown[0],
                known=", ".join(sorted(known)),
            )
        given = {**Scenario().as_dict(), **value}
        if not _is_scenario(given):
            raise InputError(
                N_("The scenario cannot be read."),
                N_("Its parts look like this: %(example)s"),
                example=json.dumps(Scenario(pins=(Pin("T001", "P001", 0),)).as_dict()),
            )
        return Scenario(
            people=tuple(given["people"]),
            pins=tuple(Pin(*each) for each in given["pins"]),
            forbids=tuple(Pin(*each) for each in given["forbids"]),
            leaves=tuple((a, b, c) for a, b, c in given["leaves"]),
            waived=frozenset((a, b) for a, b in given["waived"]),
            capacities=dict(given["capacities"]),
            must_cover=tuple(given["must_cover"]),
            kinds_by_post_kind=dict(given["kinds_by_post_kind"]),
            keep_planned=given["keep_planned"],
        )


def _is_scenario(given: Mapping[str, Any]) -> bool:
    """Return whether every part of a scenario of JSON has its type, days and numbers being some."""

    def rows(key: str, *kinds: type | tuple[type, ...]) -> bool:
        value = given[key]
        return isinstance(value, list) and all(
            isinstance(row, list)
            and len(row) == len(kinds)
            and all(type(cell) in (kind if isinstance(kind, tuple) else (kind,))
                    for cell, kind in zip(row, kinds, strict=True))
            for row in value
        )  # fmt: skip

    def texts(key: str) -> bool:
        return isinstance(given[key], list) and all(isinstance(each, str) for each in given[key])

    def values(key: str, kind: type) -> bool:
        return isinstance(given[key], dict) and all(type(v) is kind for v in given[key].values())

    return (
        all(map(texts, ("people", "must_cover")))
        and all(rows(key, str, str, int) for key in ("pins", "forbids"))
        and all(0 <= t < MOST_PERIODS for key in ("pins", "forbids") for _, _, t in given[key])
        and rows("leaves", str, str, (str, type(None)))
        and all(is_date(day) for _, *days in given["leaves"] for day in days if day is not None)
        and rows("waived", str, str)
        and values("capacities", int)
        and all(0 <= places < 1_000_000 for places in given["capacities"].values())
        and values("kinds_by_post_kind", str)
        and isinstance(given["keep_planned"], bool)
    )


def undecided(rule: str, what: Sentence, names: list[str]) -> Note:
    """Say that a rule does not bind where the data does not tell; `names` are whom it concerns."""
    template = N_("%(what)s is not known for %(count)s: %(names)s. The rule is not applied there.")
    return Note(rule, say(template, what=what, count=len(names), names=few(names)))


def few(names: Sequence[str], most: int = 5) -> tuple[str, ...]:
    """Return the first few names for a sentence, and a mark when there are more."""
    return (*names[:most], "…") if len(names) > most else tuple(names)
