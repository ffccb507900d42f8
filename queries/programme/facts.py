"""What is known of the trainees on a day: the ground of every rule of a programme.

Periods are half-open; what begins after the day is left out, but for planned postings, which are
kept apart. `reading.py` reads it; rules are judged in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from graph.dates import add_months, first_day
from graph.programme import Programme
from queries.personnel import Day, Posting
from queries.personnel.clocks import pauses_of
from queries.personnel.spans import Period, moved_on
from queries.programme.problems import TalkProblem

T = TypeVar("T")


class Person(NamedTuple):
    """A trainee or mentor."""

    id: str
    name: str
    cohort: int | None
    joined_on: str | None
    born_on: str | None
    native_place: str | None
    education: str | None
    specialties: tuple[str, ...]
    status: str | None
    capacity: int | None
    is_trainee: bool
    is_mentor: bool


class Unit(NamedTuple):
    """An organisation and the one above it."""

    id: str
    name: str
    kind: str | None
    part_of: str | None


class Post(NamedTuple):
    """A position in a unit."""

    id: str
    name: str
    unit: str | None
    rank: str | None
    kind: str | None
    capacity: int | None
    demands: tuple[str, ...]
    hardship: int | None


class Pairing(NamedTuple):
    """One period of a trainee with a mentor, and what came of it."""

    id: str
    mentor: str
    trainee: str
    kind: str | None
    since: str | None
    until: str | None
    methods: tuple[str, ...]
    duties: tuple[str, ...]
    tasks: tuple[str, ...]
    mentor_accepted_on: str | None = None
    trainee_accepted_on: str | None = None


class Activity(NamedTuple):
    """A training, an exchange, a central task or a grid day."""

    id: str
    name: str
    kind: str | None
    held_on: str | None
    until: str | None
    place: str | None
    hours: float | None
    level: str | None


class GrowthEntry(NamedTuple):
    """One entry of a growth file, without its words."""

    on: str
    kind: str
    level: str
    result: str


class ReserveEntry(NamedTuple):
    """One record of the reserve list: put on or taken off, until when, by which document."""

    on: str
    result: str
    until: str | None
    document: str | None


class Kin(NamedTuple):
    """A relative of a person."""

    relative: str
    relation: str | None


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that the rules of a programme are judged on, for all trainees, on one day."""

    programme: Programme
    on: date
    states: Day  # what is true of everybody on the day
    people: Mapping[str, Person]
    trainees: tuple[str, ...]  # whom the rules speak of, by id
    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    activities: Mapping[str, Activity]
    postings: Mapping[str, tuple[Posting, ...]]  # begun by the day, oldest first
    planned: Mapping[str, tuple[Posting, ...]]
    pairings: Mapping[str, tuple[Pairing, ...]]  # of a trainee, begun by the day, oldest first
    mentees: Mapping[str, tuple[Pairing, ...]]  # of a mentor
    attended: Mapping[str, tuple[Activity, ...]]  # held by the day, oldest first
    entries: Mapping[str, tuple[GrowthEntry, ...]]  # dated by the day, oldest first
    kin: Mapping[str, tuple[Kin, ...]]  # both ways
    wishes: Mapping[str, frozenset[str]]  # ids of posts and units wished for
    problems: Mapping[str, tuple[TalkProblem, ...]]  # of talks, known by the day, oldest first
    reserve: Mapping[str, tuple[ReserveEntry, ...]] = field(default_factory=dict)  # oldest first
    unit: str = ""  # whose posts are meant, with all below; all posts without one
    _made: dict[Any, Any] = field(default_factory=dict)
    _made_of_all: dict[Any, tuple[Programme, Any]] = field(default_factory=dict)
    _of_each: dict[Any, tuple[Programme, dict[str, Any]]] = field(default_factory=dict)

    @cached_property
    def day(self) -> str:
        """Return the day as text, to compare with stored dates."""
        return self.on.isoformat()

    def once(self, make: Callable[[Facts], T]) -> T:
        """Return what a function makes of these facts; it is made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    def made(self, make: Callable[[Facts], T]) -> T | None:
        """Return what a function made of these facts; None while nobody has asked for it."""
        return self._made.get(make)

    def once_of_all(self, make: Callable[[Facts], T]) -> T:
        """Return what a function makes, the same for all trainees and for some of them."""
        programme, made = self._made_of_all.get(make, (None, None))
        if programme is not self.programme:
            made = make(self)
            self._made_of_all[make] = self.programme, made
        return cast(T, made)

    def of_one(self, judge: Callable[[Facts, str], T], person: str) -> T:
        """Return what is judged of one person by their own facts; each is judged once."""
        programme, known = self._of_each.get(judge, _NOTHING)
        if programme is not self.programme:
            known = self._judged(judge)
        if person not in known:
            known[person] = judge(self, person)
        return cast(T, known[person])

    def of_each(self, judge: Callable[[Facts, str], T]) -> dict[str, T]:
        """Return what is judged of each trainee by their own facts; each is judged once.

        What is judged so stays when others are written (`following.py`): it may look at nothing
        but the person's own facts, their mentors' posts, and what the programme says.
        """
        known = self._judged(judge)
        for person in self.trainees:
            if person not in known:
                known[person] = judge(self, person)
        return {person: known[person] for person in self.trainees}

    def _judged(self, judge: Callable[[Facts, str], Any]) -> dict[str, Any]:
        programme, known = self._of_each.get(judge, _NOTHING)
        if programme is not self.programme:
            known = {}
            self._of_each[judge] = self.programme, known
        return known

    def judged_but(self, people: Collection[str]) -> dict[Any, tuple[Programme, dict[str, Any]]]:
        """Return what was judged of each person but some: what `of_each` need not judge anew."""
        return {
            judge: (programme, {id_: each for id_, each in known.items() if id_ not in people})
            for judge, (programme, known) in list(self._of_each.items())
        }

    def only(self, trainees: Iterable[str]) -> Facts:
        """Return the same facts with the rules speaking of some of the trainees."""
        wanted = set(trainees)
        return replace(self, trainees=tuple(t for t in self.trainees if t in wanted), _made={})

    def within(self, unit: str) -> Facts:
        """Return the same facts for the trainees and posts of a unit and the units below it."""
        return self.only(self.states.in_unit(unit)).with_posts_of(unit)

    def with_posts_of(self, unit: str) -> Facts:
        """Return the same facts, of the posts of a unit and below alone."""
        return replace(self, unit=unit, _made={})

    def has_post(self, post: str) -> bool:
        """Return whether a post is in the unit that is looked at, or below it."""
        return not self.unit or self.unit in self.chain(self.posts[post].unit)

    def chain(self, unit: str | None) -> tuple[str, ...]:
        """Return a unit and the units above it, nearest first."""
        found: list[str] = []
        while unit and unit in self.units and unit not in found:
            found.append(unit)
            unit = self.units[unit].part_of
        return tuple(found)

    def current(self, person: str) -> list[Posting]:
        """Return the postings that run on the day, oldest first."""
        return [p for p in self.postings.get(person, ()) if runs(p.until, self.day)]

    def home(self, person: str) -> Posting | None:
        """Return a person's main posting on the day."""
        main = self.states.main_posting(person)
        return next((p for p in self.current(person) if p.id == main), None) if main else None

    def unit_of(self, person: str) -> str | None:
        """Return the unit of a person's main post on the day, else of the newest one held."""
        return self.states.unit_of(person)

    def pauses(self, person: str) -> tuple[Period, ...]:
        """Return when a person's clocks rest; few people have any."""
        return self.once(_pauses).get(person, ())

    def falls_on(self, person: str, since: date, day: date) -> date | None:
        """Return when something falls due that counts from a day, a person's pauses taken out.

        None: the clock rests, and it is not known until when.
        """
        pauses = self.pauses(person)
        return moved_on(since, day, pauses) if pauses else day

    def rank_index(self, person: str) -> int | None:
        """Return the place on the ladder of a person's rank on the day."""
        return self.states.rank_index(person)

    def entries_of(self, person: str, kind: str | None) -> Sequence[GrowthEntry]:
        """Return a person's records of a kind, oldest first."""
        return self.of_one(_by_kind, person).get(kind or "", ())

    def mentors_now(self, trainee: str) -> list[Pairing]:
        """Return the pairings of a trainee that run on the day."""
        return [p for p in self.pairings.get(trainee, ()) if runs(p.until, self.day)]

    def name(self, person: str) -> str:
        """Return a person's name, or the id when it is not known."""
        return self.people[person].name if person in self.people else person


_NOTHING: tuple[None, dict[str, Any]] = None, {}


def _pauses(facts: Facts) -> dict[str, tuple[Period, ...]]:
    model = facts.states.model
    people = [model.columns.person_ids[at] for at in model.pauses]
    return {person: pauses_of(model, person, facts.on) for person in people}


def runs(until: str | None, day: str) -> bool:
    """Return whether a period that has begun still runs on a day."""
    return until is None or day < until


# Few different days stand for very many: both are asked for the same ones again and again.


@lru_cache(maxsize=1 << 16)
def as_day(text: str) -> date:
    """Return the first day that a stored date can mean."""
    return first_day(text)


@lru_cache(maxsize=1 << 18)
def months_after(day: date, months: int) -> date:
    """Move a day by whole calendar months."""
    return add_months(day, months)


def _by_kind(facts: Facts, person: str) -> dict[str, list[GrowthEntry]]:
    """Return a person's records by kind."""
    mine: dict[str, list[GrowthEntry]] = {}
    for entry in facts.entries.get(person, ()):
        kind = entry.kind
        if kind in mine:
            mine[kind].append(entry)
        else:
            mine[kind] = [entry]
    return mine
