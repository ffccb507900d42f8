"""Read what is known of the trainees on a day, in bulk, from the store.

A handful of reads for everybody, then Python: never a question per person. Nothing is judged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from graph.programme import Programme
from graph.store import Row, Store
from queries.programme.facts import (
    Activity,
    Entry,
    Facts,
    Kin,
    Pairing,
    Person,
    Post,
    Posting,
    Unit,
    without_collection,
)

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
