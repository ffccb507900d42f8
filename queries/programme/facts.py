"""What is known of the trainees on a day, read in bulk: the ground of every rule of a programme.

A handful of reads for everybody, then Python: never a question per person. Periods are half-open;
what begins after the day is left out, but for planned postings, which are kept apart. Rules are
judged in the modules beside this one; nothing is judged here.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

from graph.dates import add_months, first_day
from graph.programme import Programme
from graph.store import Row, Store

T = TypeVar("T")

# What a person has many of comes as one text: values with a mark between, each row ended by
# another one. Over Bolt that takes a third of the time of as many values. No value holds a mark.
_MARK, _END, _COMMA = "\x1f", "\x1e", "\x1d"
_MARKS = {"mark": _MARK, "end": _END}

_PEOPLE = """
MATCH (p:Person)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS id, p.name AS name, p.cohort AS cohort, p.joined_on AS joined_on,
  p.born_on AS born_on, p.native_place AS native_place, p.education AS education,
  p.specialties AS specialties, p.status AS status, p.mentor_capacity AS capacity,
  'Trainee' IN labels(p) AS is_trainee, 'Mentor' IN labels(p) AS is_mentor
ORDER BY id
"""
_UNITS = """
MATCH (u:Unit)
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS id, u.name AS name, u.kind AS kind, above.id AS part_of
ORDER BY id
"""
_POSTS = """
MATCH (p:Post)
OPTIONAL MATCH (p)-[:IN]->(u:Unit)
RETURN p.id AS id, p.name AS name, u.id AS unit, p.rank AS rank, p.kind AS kind,
  p.capacity AS capacity, p.demands AS demands, p.hardship AS hardship
ORDER BY id
"""
_POSTINGS = """
MATCH (p:Person)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person, reduce(text = '', each IN [(p)-[r:ROTATED_TO]->(post:Post) |
    coalesce(r.id, '') + $mark + post.id + $mark + coalesce(r.kind, '')
    + $mark + coalesce(r.since, '') + $mark + coalesce(r.until, '')
    + $mark + coalesce(r.status, 'actual') + $mark + coalesce(r.rank, '')
  ] | text + each + $end) AS postings
"""
_PAIRINGS = """
MATCH (t:Person)
WHERE $people IS NULL OR t.id IN $people
RETURN t.id AS person, reduce(text = '', each IN [(t)<-[r:MENTORS]-(m:Person) |
    coalesce(r.id, '') + $mark + m.id + $mark + coalesce(r.kind, '')
    + $mark + coalesce(r.since, '') + $mark + coalesce(r.until, '')
    + $mark + reduce(keys = '', key IN coalesce(r.methods, []) | keys + key + $comma)
    + $mark + reduce(keys = '', key IN coalesce(r.duties, []) | keys + key + $comma)
    + $mark + reduce(keys = '', key IN coalesce(r.tasks, []) | keys + key + $comma)
  ] | text + each + $end) AS pairings
"""
_ACTIVITIES = """
MATCH (a:Activity)
WHERE a.held_on IS NULL OR a.held_on <= $day
RETURN a.id AS id, a.name AS name, a.kind AS kind, a.held_on AS held_on, a.until AS until,
  a.place AS place
ORDER BY id
"""
_ATTENDANCE = """
MATCH (p:Person)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person, reduce(text = '', each IN [(p)-[:TOOK_PART_IN]->(a:Activity) | a.id]
  | text + each + $end) AS activities
"""
_RECORDS = """
MATCH (p:Person)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person,
  reduce(text = '', each IN [
    (p)-[:HAS_RECORD]->(r:Record) WHERE r.on <= $day AND r.withdrawn_on IS NULL |
    r.on + $mark + r.kind + $mark + coalesce(r.level, '') + $mark + coalesce(r.result, '')
  ] | text + each + $end) AS records
"""
_KIN = """
MATCH (p:Person)-[k:KIN_OF]->(r:Person)
WHERE $people IS NULL OR p.id IN $people OR r.id IN $people
RETURN p.id AS person, r.id AS relative, k.relation AS relation
"""
_WISHES = """
MATCH (p:Person)-[w:WISHES_FOR]->(place)
WHERE ($people IS NULL OR p.id IN $people) AND w.avoid IS NULL
RETURN p.id AS person, place.id AS place
"""


# Each read by the name that a page gives it under "how this was computed".
READS = {
    "people": _PEOPLE,
    "units": _UNITS,
    "posts": _POSTS,
    "postings": _POSTINGS,
    "pairings": _PAIRINGS,
    "activities": _ACTIVITIES,
    "attendance": _ATTENDANCE,
    "records": _RECORDS,
    "kin": _KIN,
    "wishes": _WISHES,
}


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


class Posting(NamedTuple):
    """One period of a person in a post."""

    id: str
    person: str
    post: str
    kind: str | None
    since: str | None
    until: str | None
    status: str
    rank: str | None


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


class Activity(NamedTuple):
    """A training, an exchange or a platform day."""

    id: str
    name: str
    kind: str | None
    held_on: str | None
    until: str | None
    place: str | None


class Entry(NamedTuple):
    """One entry of a growth file, without its words."""

    on: str
    kind: str
    level: str
    result: str


class Kin(NamedTuple):
    """A relative of a person."""

    relative: str
    relation: str | None


@dataclass(frozen=True, eq=False)
class Facts:
    """Everything that the rules of a programme are judged on, for all trainees, on one day."""

    programme: Programme
    on: date
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
    entries: Mapping[str, tuple[Entry, ...]]  # dated by the day, oldest first
    kin: Mapping[str, tuple[Kin, ...]]  # both ways
    wishes: Mapping[str, frozenset[str]]  # ids of posts and units wished for
    _made: dict[Any, Any] = field(default_factory=dict)

    @cached_property
    def day(self) -> str:
        """Give the day as text, to compare with stored dates."""
        return self.on.isoformat()

    def once(self, make: Callable[[Facts], T]) -> T:
        """Give what a function makes of these facts; it is made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]

    def only(self, trainees: Iterable[str]) -> Facts:
        """Give the same facts with the rules speaking of some of the trainees."""
        wanted = set(trainees)
        return replace(self, trainees=tuple(t for t in self.trainees if t in wanted), _made={})

    def within(self, unit: str) -> Facts:
        """Give the same facts for the trainees of a unit and the units below it."""
        return self.only(t for t in self.trainees if unit in self.chain(self.unit_of(t)))

    def chain(self, unit: str | None) -> tuple[str, ...]:
        """Give a unit and the units above it, nearest first."""
        found: list[str] = []
        while unit and unit in self.units and unit not in found:
            found.append(unit)
            unit = self.units[unit].part_of
        return tuple(found)

    def current(self, person: str) -> list[Posting]:
        """Give the postings that run on the day, oldest first."""
        return [p for p in self.postings.get(person, ()) if runs(p.until, self.day)]

    def home(self, person: str) -> Posting | None:
        """Give the posting that is a person's own on the day: the newest not held beside one."""
        held = self.current(person)
        beside = self.once(_kinds_beside)
        own = [p for p in held if p.kind not in beside]
        return (own or held)[-1] if held else None

    def unit_of(self, person: str) -> str | None:
        """Give the unit of a person's own post on the day."""
        home = self.home(person)
        return self.posts[home.post].unit if home else None

    def rank_of(self, posting: Posting) -> str | None:
        """Give the rank held in a posting: its own, or its post's."""
        return posting.rank or self.posts[posting.post].rank

    def rank_index(self, person: str) -> int | None:
        """Give the place on the ladder of the highest rank held so far."""
        ladder = self.programme.rank_index
        held = [ladder(self.rank_of(p)) for p in self.postings.get(person, ())]
        return max((index for index in held if index is not None), default=None)

    def entries_of(self, person: str, kind: str | None) -> Sequence[Entry]:
        """Give a person's records of a kind, oldest first."""
        return self.once(_by_kind).get(person, {}).get(kind or "", ())

    def mentors_now(self, trainee: str) -> list[Pairing]:
        """Give the pairings of a trainee that run on the day."""
        return [p for p in self.pairings.get(trainee, ()) if runs(p.until, self.day)]

    def name(self, person: str) -> str:
        """Give a person's name, or the id when it is not known."""
        return self.people[person].name if person in self.people else person


@contextmanager
def without_collection() -> Iterator[None]:
    """Let Python's collector of cycles rest while millions of rows are made and none is waste.

    It would walk all of them again and again: half of the time of a large audit.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def runs(until: str | None, day: str) -> bool:
    """Tell whether a period that has begun still runs on a day."""
    return until is None or day < until


# Few different days stand for very many: both are asked for the same ones again and again.


@lru_cache(maxsize=1 << 16)
def as_day(text: str) -> date:
    """Give the first day that a stored date can mean."""
    return first_day(text)


@lru_cache(maxsize=1 << 18)
def months_after(day: date, months: int) -> date:
    """Move a day by whole calendar months."""
    return add_months(day, months)


def read_facts(
    store: Store, programme: Programme, on: date, people: Iterable[str] | None = None
) -> Facts:
    """Read the facts of a day, of everybody or of some people (and their mentors' names)."""
    with without_collection():
        return _read(store, programme, on, people)


def _read(store: Store, programme: Programme, on: date, people: Iterable[str] | None) -> Facts:
    wanted = None if people is None else sorted(set(people))
    day = on.isoformat()

    def read(query: str, **parameters: Any) -> list[Row]:
        # With the alternative in it no engine would look the ids up by their index.
        asked = query if wanted is None else query.replace("$people IS NULL OR ", "")
        return store.read(asked, people=wanted, **parameters)

    known = _people(read(_PEOPLE))
    pairings, mentees = _pairings(read(_PAIRINGS, **_MARKS, comma=_COMMA), day)
    if wanted is not None:
        mentors = sorted(set(mentees) - set(known))
        known |= _people(store.read(_PEOPLE, people=mentors))
    postings, planned = _postings(read(_POSTINGS, **_MARKS), day)
    activities = {row["id"]: Activity(**row) for row in store.read(_ACTIVITIES, day=day)}
    asked = set(known if wanted is None else wanted)
    return Facts(
        programme=programme,
        on=on,
        people=known,
        trainees=tuple(
            p.id for p in known.values() if p.id in asked and _counts(p, programme, day)
        ),
        units={row["id"]: Unit(**row) for row in store.read(_UNITS)},
        posts={row["id"]: _post(row) for row in store.read(_POSTS)},
        activities=activities,
        postings=postings,
        planned=planned,
        pairings=pairings,
        mentees=mentees,
        attended=_attended(read(_ATTENDANCE, end=_END), activities),
        entries=_entries(read(_RECORDS, day=day, **_MARKS)),
        kin=_kin(read(_KIN)),
        wishes=_wishes(read(_WISHES)),
    )


def _counts(person: Person, programme: Programme, day: str) -> bool:
    if not person.is_trainee or (person.joined_on or "") > day:
        return False
    return all(s.counts for s in programme.statuses if s.key == person.status)


def _by_kind(facts: Facts) -> dict[str, dict[str, list[Entry]]]:
    found: dict[str, dict[str, list[Entry]]] = {}
    for person, entries in facts.entries.items():
        mine: dict[str, list[Entry]] = {}
        for entry in entries:
            kind = entry.kind
            if kind in mine:
                mine[kind].append(entry)
            else:
                mine[kind] = [entry]
        found[person] = mine
    return found


def _kinds_beside(facts: Facts) -> frozenset[str]:
    return frozenset(each.key for each in facts.programme.exercises if each.keeps_home_post)


def _people(rows: Iterable[Row]) -> dict[str, Person]:
    return {
        row["id"]: Person(**{**row, "specialties": tuple(row["specialties"] or ())}) for row in rows
    }


def _post(row: Row) -> Post:
    return Post(**{**row, "demands": tuple(row["demands"] or ())})


def _parts(text: str) -> list[str]:
    """Take a text apart into the rows that it holds, each ended by its mark."""
    return text.split(_END)[:-1]


Grouped = dict[str, tuple[T, ...]]


def _postings(rows: Iterable[Row], day: str) -> tuple[Grouped[Posting], Grouped[Posting]]:
    """Give each person's postings begun by the day, and those that are planned, oldest first."""
    begun: Grouped[Posting] = {}
    planned: Grouped[Posting] = {}
    for row in rows:
        if not row["postings"]:
            continue
        person = row["person"]
        had, coming = [], []
        for text in _parts(row["postings"]):
            id_, post, kind, since, until, status, rank = text.split(_MARK)
            posting = Posting(
                id_, person, post, kind or None, since or None, until or None, status, rank or None
            )
            if status == "planned":
                coming.append(posting)
            elif since <= day:
                had.append(posting)
        if had:
            begun[person] = _oldest_first(had)
        if coming:
            planned[person] = _oldest_first(coming)
    return begun, planned


def _pairings(rows: Iterable[Row], day: str) -> tuple[Grouped[Pairing], Grouped[Pairing]]:
    """Give the pairings begun by the day of each trainee and of each mentor, oldest first."""
    lists = _Lists()
    of_trainee: Grouped[Pairing] = {}
    of_mentor: dict[str, list[Pairing]] = defaultdict(list)
    for row in rows:
        if not row["pairings"]:
            continue
        trainee = row["person"]
        had = []
        for text in _parts(row["pairings"]):
            id_, mentor, kind, since, until, methods, duties, tasks = text.split(_MARK)
            if since <= day:
                pairing = Pairing(
                    id_,
                    mentor,
                    trainee,
                    kind or None,
                    since or None,
                    until or None,
                    lists[methods],
                    lists[duties],
                    lists[tasks],
                )
                had.append(pairing)
                of_mentor[mentor].append(pairing)
        if had:
            of_trainee[trainee] = _oldest_first(had)
    return of_trainee, {mentor: _oldest_first(had) for mentor, had in of_mentor.items()}


class _Lists(dict[str, tuple[str, ...]]):
    """Lists of keys by the text that holds them: few different ones stand for very many."""

    def __missing__(self, text: str) -> tuple[str, ...]:
        self[text] = tuple(text.split(_COMMA)[:-1])
        return self[text]


def _by_since(each: Any) -> tuple[str, str]:
    return each.since or "", each.id or ""


def _oldest_first(periods: list[T]) -> tuple[T, ...]:
    if len(periods) > 1:
        periods.sort(key=_by_since)
    return tuple(periods)


def _attended(rows: list[Row], activities: dict[str, Activity]) -> dict[str, tuple[Activity, ...]]:
    # Ordered once for all: a person's own are then sorted by their place.
    ordered = sorted(activities.values(), key=lambda each: (each.held_on or "", each.id))
    place = {activity.id: at for at, activity in enumerate(ordered)}
    return {
        row["person"]: tuple(
            [
                ordered[at]
                for at in sorted(place[id_] for id_ in _parts(row["activities"]) if id_ in place)
            ]
        )
        for row in rows
        if row["activities"]
    }


class _Entries(dict[str, Entry]):
    """Entries by the text that holds them: few different ones stand for very many."""

    def __missing__(self, text: str) -> Entry:
        self[text] = Entry(*text.split(_MARK))
        return self[text]


def _entries(rows: list[Row]) -> dict[str, tuple[Entry, ...]]:
    # The day comes first in each text, so the texts are in the order of the days.
    entry = _Entries().__getitem__
    return {
        row["person"]: tuple(map(entry, sorted(_parts(row["records"]))))
        for row in rows
        if row["records"]
    }


def _kin(rows: list[Row]) -> dict[str, tuple[Kin, ...]]:
    found: dict[str, set[Kin]] = defaultdict(set)
    for row in rows:
        found[row["person"]].add(Kin(row["relative"], row["relation"]))
        found[row["relative"]].add(Kin(row["person"], row["relation"]))
    return {person: tuple(sorted(kin, key=str)) for person, kin in found.items()}


def _wishes(rows: list[Row]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["person"]].add(row["place"])
    return {person: frozenset(places) for person, places in found.items()}
