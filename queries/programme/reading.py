"""Read what is known of the trainees on a day, in bulk, from the store.

A handful of reads, then Python: never a question per person. What people have had is asked for
some thousand people at a time, so that memory is bounded. Nothing is judged here.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np

from graph.programme import Programme, day_of
from graph.store import Reader, Row, Store
from queries.dated import Dated, shown_end
from queries.personnel import Day, Personnel, Posting, of_people, personnel
from queries.personnel.columns import Postings
from queries.personnel.days import OPEN, Ints
from queries.personnel.on_file import not_yet, not_yet_among
from queries.personnel.reading import FETCH
from queries.programme.facts import (
    Activity,
    Facts,
    GrowthEntry,
    Kin,
    Person,
    Post,
    ReserveEntry,
    Unit,
)
from queries.programme.had import COMMA, MARKS, Grouped, Had, Texts, oldest_first
from queries.programme.learning import LISTENERS, PLANNED
from queries.programme.own_records import OWN_RECORDS
from queries.programme.payments import PAYMENTS, VISITS
from queries.programme.problems import PROBLEMS, read_problems
from queries.programme.task_places import HELD_IN
from queries.programme.training_plan import SAID_NEEDS
from queries.query import LAST

T = TypeVar("T")
_Part = tuple[Texts, Texts, Texts]

_TOGETHER = 2_000  # people whose rows are asked for in one question
_AT_ONCE = 2  # questions that an engine works on while Python takes their answers apart

_SPECIALTIES = Person._fields.index("specialties")

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
_PAIRINGS = """
MATCH (t:Person)
WHERE t.id IN $people
RETURN t.id AS person, reduce(text = '', each IN [(t)<-[r:MENTORS]-(m:Person) |
    coalesce(r.id, '') + $mark + m.id + $mark + coalesce(r.kind, '')
    + $mark + coalesce(r.since, '') + $mark + coalesce(r.until, '')
    + $mark + reduce(keys = '', key IN coalesce(r.methods, []) | keys + key + $comma)
    + $mark + reduce(keys = '', key IN coalesce(r.duties, []) | keys + key + $comma)
    + $mark + reduce(keys = '', key IN coalesce(r.tasks, []) | keys + key + $comma)
    + $mark + coalesce(r.mentor_accepted_on, '') + $mark + coalesce(r.trainee_accepted_on, '')
  ] | text + each + $end) AS pairings
"""
_MENTORS = """
MATCH (t:Person)<-[:MENTORS]-(m:Person)
WHERE t.id IN $people
RETURN DISTINCT m.id AS mentor
"""
_ACTIVITIES = """
MATCH (a:Activity)
WHERE a.held_on IS NULL OR a.held_on <= $day
RETURN a.id AS id, a.name AS name, a.kind AS kind, a.held_on AS held_on, a.until AS until,
  a.place AS place, a.hours AS hours, a.level AS level
ORDER BY id
"""
_ACTIVITIES_OF = _ACTIVITIES.replace(
    "MATCH (a:Activity)\nWHERE a.held_on IS NULL OR a.held_on <= $day\nRETURN",
    "MATCH (p:Person)-[:TOOK_PART_IN]->(a:Activity)\n"
    "WHERE p.id IN $people AND (a.held_on IS NULL OR a.held_on <= $day)\nRETURN DISTINCT",
)
_ATTENDANCE = """
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person, reduce(text = '', each IN [(p)-[:TOOK_PART_IN]->(a:Activity) | a.id]
  | text + each + $end) AS activities
"""
_RECORDS = """
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person,
  reduce(text = '', each IN [
    (p)-[:HAS_RECORD]->(r:Record) WHERE r.on <= $day AND r.withdrawn_on IS NULL |
    r.on + $mark + r.kind + $mark + coalesce(r.level, '') + $mark + coalesce(r.result, '')
  ] | text + each + $end) AS records
"""
_RESERVE = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind = $kind AND r.on <= $day AND r.withdrawn_on IS NULL
RETURN p.id AS person, r.on AS day, r.result AS result, r.until AS until, r.document AS document
ORDER BY person, day, r.id
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
    "postings": FETCH["postings"],
    "pairings": _PAIRINGS,
    "activities": _ACTIVITIES,
    "listeners": LISTENERS,
    "planned": PLANNED,
    "needs": SAID_NEEDS,
    "payments": PAYMENTS,
    "visits": VISITS,
    "attendance": _ATTENDANCE,
    "held_in": HELD_IN,
    "records": _RECORDS,
    "reserve": _RESERVE,
    "own_records": OWN_RECORDS,
    "problems": PROBLEMS,
    "kin": _KIN,
    "wishes": _WISHES,
}


class Tables(NamedTuple):
    """What people are not asked for: units, posts and activities, by id."""

    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    activities: Mapping[str, Activity]


class _InTurn(Executor):
    """Does each thing at once: a transaction answers one question after the other."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def read_facts(
    store: Reader,
    programme: Programme,
    on: date,
    people: Iterable[str] | None = None,
    tables: Tables | None = None,
) -> Facts:
    """Read the facts of a day, of everybody or of some people (and their mentors' names).

    Those of everybody are read from a store, those of some people in a transaction as well.
    `tables` are the units, posts and activities where they have been read already.
    """
    wanted = None if people is None else sorted(set(people))
    day = on.isoformat()
    with_mentors = None if wanted is None else _with_mentors(store, wanted)
    model = _model(store, programme, with_mentors)
    states = model.on(on)
    ends = ends_shown(programme, on)
    postings, planned = _postings(states, with_mentors, ends)
    with ThreadPoolExecutor(_AT_ONCE) if isinstance(store, Store) else _InTurn() as pool:
        reading_places = pool.submit(_places_of, store, tables)
        reading_kin = pool.submit(store.read, _among(_KIN, wanted), people=wanted)
        reading_wishes = pool.submit(store.read, _among(_WISHES, wanted), people=wanted)
        reading_problems = pool.submit(read_problems, store, on, wanted)
        known = _people(store, wanted)
        asked = sorted(known) if wanted is None else wanted
        activities = read_activities(store, on) if tables is None else tables.activities
        had = Had(day, ends, activities, model)
        for part in _parts_ahead(pool, store, day, asked):
            had.take(*part)
    if wanted is not None:
        known |= _people(store, sorted(set(had.mentees) - set(known)))
    units, posts = reading_places.result()
    shown = _Shown(
        _as_of(states, known, ends), _kin(reading_kin.result()), _wishes(reading_wishes.result())
    )
    if hidden := _hidden(store, on, wanted, {*shown.people, *shown.kin}):
        shown = shown.without(hidden)
    return Facts(
        programme=programme,
        on=on,
        states=states,
        people=shown.people,
        trainees=_trainees(shown.people, set(asked), states.on_roll),
        units=units,
        posts=posts,
        activities=activities,
        postings=postings,
        planned=planned,
        pairings=had.pairings,
        mentees={mentor: oldest_first(each) for mentor, each in had.mentees.items()},
        attended=had.attended,
        entries=had.entries,
        kin=shown.kin,
        wishes=shown.wishes,
        reserve=_reserve(store, programme, Dated(day, ends), had.entries),
        problems=reading_problems.result(),
    )


def _as_of(states: Day, people: dict[str, Person], ends: str) -> dict[str, Person]:
    """Return people with the status of the day: on an earlier one no leaving that came later."""
    if ends == LAST:
        return people
    return {
        id_: each._replace(status=states.status(id_, each.status, ends))
        for id_, each in people.items()
    }


def ends_shown(programme: Programme, on: date) -> str:
    """Return by which day ends are shown: on an earlier day than today none that came later."""
    return LAST if on >= day_of(programme, date.today()) else on.isoformat()


def _reserve(
    store: Reader, programme: Programme, of: Dated, entries: Grouped[GrowthEntry]
) -> Grouped[ReserveEntry]:
    """Read all that records of the reserve list say, of the few people who have any."""
    if programme.reserve is None:
        return {}
    kind = programme.reserve.record
    named = [who for who, mine in entries.items() if any(each.kind == kind for each in mine)]
    found: dict[str, list[ReserveEntry]] = defaultdict(list)
    for row in store.read(_RESERVE, people=named, kind=kind, day=of.on) if named else ():
        until = shown_end(row["until"], of.ends)
        entry = ReserveEntry(row["day"], row["result"] or "", until, row["document"])
        found[row["person"]].append(entry)
    return {person: tuple(each) for person, each in found.items()}


def _with_mentors(store: Reader, people: list[str]) -> list[str]:
    """Return people and who guides them: a pair is judged by what both hold."""
    rows = store.read(_MENTORS, people=people)
    return sorted({*people, *(row["mentor"] for row in rows)})


def _hidden(store: Reader, on: date, wanted: list[str] | None, named: Iterable[str]) -> Set[str]:
    """Return who is not on file yet on the day, of everybody or of those who are named.

    Who is asked about is there in any case: a fact of that day may be about to be entered.
    """
    if wanted is None:
        assert isinstance(store, Store)
        return not_yet(store, on)
    return not_yet_among(store, set(named) - set(wanted), on.isoformat())


class _Shown(NamedTuple):
    """Who is on file, with their relatives and wishes."""

    people: dict[str, Person]
    kin: dict[str, tuple[Kin, ...]]
    wishes: dict[str, frozenset[str]]

    def without(self, hidden: Set[str]) -> _Shown:
        """Leave people out, as relatives too."""
        kin = {
            person: tuple(each for each in relatives if each.relative not in hidden)
            for person, relatives in self.kin.items()
            if person not in hidden
        }
        return _Shown(
            {id_: each for id_, each in self.people.items() if id_ not in hidden},
            {person: relatives for person, relatives in kin.items() if relatives},
            {id_: places for id_, places in self.wishes.items() if id_ not in hidden},
        )


def _trainees(people: Mapping[str, Person], mine: Set[str], on_roll: Set[str]) -> tuple[str, ...]:
    """Return the trainees who are asked about and on the roll, by id."""
    return tuple(
        each.id
        for each in people.values()
        if each.is_trainee and each.id in mine and each.id in on_roll
    )


def _among(query: str, wanted: list[str] | None) -> str:
    # With the alternative in it no engine would look the ids up by their index.
    return query if wanted is None else query.replace("$people IS NULL OR ", "")


def _model(store: Reader, programme: Programme, wanted: list[str] | None) -> Personnel:
    if wanted is not None:
        return of_people(store, wanted, programme)
    assert isinstance(store, Store)
    return personnel(store, programme)


def _people(store: Reader, wanted: list[str] | None) -> dict[str, Person]:
    rows = store.read_tuples(_among(_PEOPLE, wanted), Person._fields, people=wanted)
    people = [Person(*row)._replace(specialties=tuple(row[_SPECIALTIES] or ())) for row in rows]
    return {person.id: person for person in sorted(people, key=itemgetter(0))}


def _parts_ahead(pool: Executor, store: Reader, day: str, people: list[str]) -> Iterator[_Part]:
    """Read what people have had, part by part; the next ones are read while one is used."""
    coming: deque[Future[_Part]] = deque()
    for at in range(0, len(people), _TOGETHER):
        coming.append(pool.submit(_read_part, store, day, people[at : at + _TOGETHER]))
        if len(coming) > _AT_ONCE:
            yield coming.popleft().result()
    while coming:
        yield coming.popleft().result()


def _read_part(store: Reader, day: str, people: list[str]) -> _Part:
    read, given = store.read_tuples, {"people": people, **MARKS}
    return (
        read(_PAIRINGS, ("person", "pairings"), **given, comma=COMMA),
        read(_ATTENDANCE, ("person", "activities"), **given),
        read(_RECORDS, ("person", "records"), **given, day=day),
    )


def _postings(
    states: Day, people: list[str] | None, ends: str
) -> tuple[Grouped[Posting], Grouped[Posting]]:
    """Return postings that count and have begun, and the planned ones, of all or some people."""
    last = OPEN if ends == LAST else states.number
    model = states.model
    columns, periods = model.columns, model.periods
    begun: dict[str, list[Posting]] = defaultdict(list)
    planned: dict[str, list[Posting]] = defaultdict(list)
    places = _places(periods.person, columns, people)
    rows = zip(
        periods.posting[places].tolist(),
        periods.since[places].tolist(),
        periods.until[places].tolist(),
        strict=True,
    )
    for at, since, until in rows:
        if since <= states.number:
            posting = model.posting(at, since, until if until <= last else OPEN)
            begun[posting.person].append(posting)
    # On an earlier day than today nothing planned is shown.
    for at in _places(columns.person, columns, people).tolist() if ends == LAST else ():
        if columns.planned[at]:
            posting = model.posting(at, int(columns.since[at]), int(columns.until[at]))
            planned[posting.person].append(posting)
    return (
        {person: oldest_first(each) for person, each in begun.items()},
        {person: oldest_first(each) for person, each in planned.items()},
    )


def _places(person: Ints, columns: Postings, people: list[str] | None) -> Ints:
    """Return the places of the rows, sorted by person, of everybody or of some people."""
    if people is None:
        return np.arange(len(person))
    who = np.array(sorted(columns.person_at[id_] for id_ in people if id_ in columns.person_at))
    low, high = np.searchsorted(person, who), np.searchsorted(person, who, side="right")
    parts = [np.arange(one, other) for one, other in zip(low, high, strict=True)]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def read_places(store: Reader) -> tuple[dict[str, Unit], dict[str, Post]]:
    """Read all units and posts."""
    units = {row[0]: Unit(*row) for row in store.read_tuples(_UNITS, Unit._fields)}
    return units, {row[0]: _post(row) for row in store.read_tuples(_POSTS, Post._fields)}


def _places_of(
    store: Reader, tables: Tables | None
) -> tuple[Mapping[str, Unit], Mapping[str, Post]]:
    return (tables.units, tables.posts) if tables else read_places(store)


def read_activities(
    store: Reader, on: date, people: list[str] | None = None
) -> dict[str, Activity]:
    """Read the activities held by a day, or on one that is not known, or what some people had."""
    query = _ACTIVITIES if people is None else _ACTIVITIES_OF
    rows = store.read_tuples(query, Activity._fields, day=on.isoformat(), people=people)
    return {row[0]: Activity(*row) for row in rows}


def _post(row: Sequence[Any]) -> Post:
    post = Post(*row)
    return post._replace(demands=tuple(post.demands or ()))


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
