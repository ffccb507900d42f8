"""What the model reads from a store: in a handful of questions, of everybody or of some people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from graph.schema import CHANGE, LOAD
from graph.store import Reader, Row, Store
from queries.personnel.columns import Postings, RawPostings, columns_of
from queries.personnel.days import DayNumbers, day_of_number
from queries.personnel.parts import SIZE, in_parts
from queries.personnel.places import PostsAndUnits, places_of
from queries.personnel.terms import Known, KnownPosting, ServiceFact

# People whose postings are read at once: each question costs an engine something, a server memory.
TOGETHER = {"embedded": 32 * SIZE, "neo4j": 8 * SIZE}

FETCH = {
    "postings": """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person, post.id AS post, r.id AS id, r.kind AS kind, r.rank AS rank,
       r.since AS since, r.until AS until, r.status AS status, r.marks AS marks
""",
    "people": """
MATCH (p:Person)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on, p.born_on AS born_on,
       p.status AS status, p.origin AS origin
ORDER BY id
""",
    "posts": """
MATCH (post:Post)
WHERE $posts IS NULL OR post.id IN $posts
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS id, post.name AS title, post.rank AS rank, post.kind AS kind, u.id AS unit
ORDER BY id
""",
    "units": """
MATCH (u:Unit)
WHERE $units IS NULL OR u.id IN $units
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS id, u.name AS name, u.kind AS kind, above.id AS part_of
ORDER BY id
""",
}

_OF_PERSON = ("id", "name", "joined_on", "born_on", "status", "origin")
_OF_SERVICE = ("person", "kind", "since", "until", "id")
_OF_GRADE = ("person", "grade", "since", "id")
_OF_POST = ("id", "title", "rank", "kind", "unit")
_OF_UNIT = ("id", "name", "kind", "part_of")
# All people, with what is only needed of those who left; the order is made here.
_EVERYBODY = """
MATCH (p:Person)
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on, p.born_on AS born_on,
       CASE WHEN p.status IN $left THEN p.status END AS status,
       CASE WHEN p.status IN $left THEN p.origin END AS origin
"""
# Postings of people whose ids follow one another: a walk along an index, and no list of ids.
_OF_RANGE = """
MATCH (p:Person)
WHERE p.id >= $first AND p.id <= $last
MATCH (p)-[r:ROTATED_TO]->(post)
RETURN p.id AS person, post.id AS post, r.id AS id, r.kind AS kind, r.rank AS rank,
       r.since AS since, r.until AS until, r.status AS status, r.marks AS marks
"""
# Some people with their postings, as one question; a person without any has one row.
_SOME = """
MATCH (p:Person)
WHERE p.id IN $people
OPTIONAL MATCH (p)-[r:ROTATED_TO]->(post:Post)
RETURN p.id AS person, p.name AS name, p.joined_on AS joined_on, p.born_on AS born_on,
       p.status AS person_status, p.origin AS origin,
       post.id AS post, r.id AS id, r.kind AS kind, r.rank AS rank,
       r.since AS since, r.until AS until, r.status AS status, r.marks AS marks
"""
_OF_SOME = ("person", "name", "joined_on", "born_on", "person_status", "origin")
# Dated facts beside postings; a later one of the same day has the later id.
_SERVICE = """
MATCH (p:Person)-[:HAS_SERVICE]->(s:Service)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person, s.kind AS kind, s.since AS since, s.until AS until, s.id AS id
"""
_GRADES = """
MATCH (p:Person)-[:HAS_GRADE]->(g:Grade)
WHERE $people IS NULL OR p.id IN $people
RETURN p.id AS person, g.grade AS grade, g.since AS since, g.id AS id
"""
_LOADS = f"""
MATCH (l:{LOAD})
WHERE l.at IS NOT NULL
RETURN l.number AS number, l.at AS at
"""
_ENTERED = f"""
MATCH (c:{CHANGE})
WHERE c.table_name = 'people' AND c.row IN $people
RETURN c.row AS person, max(c.at) AS at
"""
# The newest dated fact of people, beside postings and grades.
_LAST_DATED = (
    """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.`on` <= $day AND r.withdrawn_on IS NULL
RETURN p.id AS person, max(r.`on`) AS day
""",
    """
MATCH (p:Person)-[:TOOK_PART_IN]->(a:Activity)
WHERE p.id IN $people AND a.held_on <= $day
RETURN p.id AS person, max(a.held_on) AS day
""",
    """
MATCH (p:Person)-[r:MENTORS]-(:Person)
WHERE p.id IN $people AND r.since <= $day
RETURN p.id AS person, max(r.since) AS day
""",
    """
MATCH (p:Person)-[r:MENTORS]-(:Person)
WHERE p.id IN $people AND r.until <= $day
RETURN p.id AS person, max(r.until) AS day
""",
)


def read_parts(store: Store, left: frozenset[str]) -> list[Postings]:
    """Read everybody's postings, in parts of some thousand people by id.

    `left` are the statuses that mean that somebody left: only these are kept with the person.
    What is written meanwhile may be in it or not: whoever keeps them follows it.
    """
    columns = store.read_columns(_EVERYBODY, _OF_PERSON, left=list(left))
    people, names = _known(store, left, columns, None)
    places = read_places(store)
    parts: list[Postings] = []
    number = DayNumbers()
    size = TOGETHER[store.engine]
    cuts = [slice(at, at + size) for at in range(0, max(len(people), 1), size)]

    def read(cut: slice) -> RawPostings:
        first, last = (people[cut][0].id, people[cut][-1].id) if people else ("", "")
        columns = store.read_columns(_OF_RANGE, RawPostings._fields, first=first, last=last)
        return RawPostings(*columns)

    with ThreadPoolExecutor(1) as pool:  # the engine works on the next while these are put in place
        coming = pool.submit(read, cuts[0])
        for cut, following in zip(cuts, [*cuts[1:], None], strict=True):
            found = coming.result()
            if following:
                coming = pool.submit(read, following)
            parts += in_parts(columns_of(people[cut], found, places, names[cut], number))
    return parts


def read_people(
    store: Reader, left: frozenset[str], people: Sequence[str], places: PostsAndUnits | None = None
) -> Postings:
    """Read the postings of some people; without `places` their posts and units too."""
    known, names, found = read_written(store, left, people)
    if places is None:
        posts = read_posts(store, sorted(set(found.post)))
        units = _with_those_above(store, {row["unit"] for row in posts if row["unit"]})
        places = places_of(posts, units)
    return columns_of(known, found, places, names)


def read_written(
    store: Reader, left: frozenset[str], people: Sequence[str]
) -> tuple[list[Known], list[str], RawPostings]:
    """Read some people, by id, with their names, and their postings as they are written."""
    names_of_columns = (*_OF_SOME, *RawPostings._fields[1:])
    columns = store.read_columns(_SOME, names_of_columns, people=list(people))
    at_first = list({id_: at for at, id_ in enumerate(columns[0])}.values())
    facts = [[each[at] for at in at_first] for each in columns[: len(_OF_SOME)]]
    known, names = _known(store, left, facts, list(people))
    held = [at for at, post in enumerate(columns[len(_OF_SOME)]) if post]
    of_postings = (columns[0], *columns[len(_OF_SOME) :])
    return known, names, RawPostings(*([each[at] for at in held] for each in of_postings))


def _with_those_above(store: Reader, units: set[str]) -> list[Row]:
    """Read units and the ones above them: a question a level."""
    found: dict[str, Row] = {}
    while units:
        rows = read_units(store, sorted(units))
        found.update((row["id"], row) for row in rows)
        units = {row["part_of"] for row in rows if row["part_of"]} - found.keys()
    return [found[id_] for id_ in sorted(found)]


def read_places(store: Reader) -> PostsAndUnits:
    """Read all posts and units."""
    return places_of(read_posts(store, None), read_units(store, None))


def read_posts(store: Reader, posts: Sequence[str] | None) -> list[Row]:
    """Read posts by id, all or some."""
    return _rows(store, "posts", _OF_POST, posts)


def read_units(store: Reader, units: Sequence[str] | None) -> list[Row]:
    """Read units by id, all or some."""
    return _rows(store, "units", _OF_UNIT, units)


def _rows(
    store: Reader, what: str, names: Sequence[str], wanted: Sequence[str] | None
) -> list[Row]:
    """Read places; beside id and name, what is empty is None."""
    asked = None if wanted is None else list(wanted)
    query = _among(FETCH[what], asked)
    columns = store.read_columns(query, names, **{what: asked})
    rows = [
        {key: value if at < 2 else value or None for at, (key, value) in enumerate(pairs)}
        for pairs in (zip(names, values, strict=True) for values in zip(*columns, strict=True))
    ]
    return sorted(rows, key=lambda row: str(row["id"]))  # no engine promises the order of a column


def _known(
    store: Reader, left: frozenset[str], columns: Sequence[Sequence[Any]], wanted: list[str] | None
) -> tuple[list[Known], list[str]]:
    """Return what is known of people, by id, and their names; `columns` are `_OF_PERSON`.

    `wanted` are these people, None for everybody.
    """
    order = sorted(range(len(columns[0])), key=columns[0].__getitem__)
    ids, names, joined, born, status, origin = ([each[at] for at in order] for each in columns)
    gone = [at for at, each in enumerate(status) if each in left]
    since = _status_days(store, [{"id": ids[at], "origin": origin[at]} for at in gone])
    known = list(map(Known, ids, joined, born))
    for at in gone:
        known[at] = Known(ids[at], joined[at], born[at], status[at], since.get(ids[at]))
    for at, facts in _dated_facts(store, ids, wanted).items():
        known[at] = known[at]._replace(**facts)
    return known, names


def _dated_facts(
    store: Reader, ids: Sequence[str], wanted: list[str] | None
) -> dict[int, dict[str, Any]]:
    """Return the facts of service and the grades of the people who have any, oldest first."""
    service = store.read_columns(_among(_SERVICE, wanted), _OF_SERVICE, people=wanted)
    grades = store.read_columns(_among(_GRADES, wanted), _OF_GRADE, people=wanted)
    if not service[0] and not grades[0]:
        return {}
    at_id = {id_: at for at, id_ in enumerate(ids)}
    found: dict[int, dict[str, Any]] = {}
    for person, kind, since, until, _ in _oldest_first(service, since=2):
        facts = found.setdefault(at_id[person], {}) if person in at_id else {}
        facts["service"] = (*facts.get("service", ()), ServiceFact(kind, since, until or None))
    for person, grade, since, _ in _oldest_first(grades, since=2):
        facts = found.setdefault(at_id[person], {}) if person in at_id else {}
        facts["grades"] = (*facts.get("grades", ()), (grade, since))
    return found


def _oldest_first(columns: Sequence[Sequence[Any]], since: int) -> list[tuple[Any, ...]]:
    """Return rows by their begin, those of one day by id; one without a begin is no fact."""
    rows = (row for row in zip(*columns, strict=True) if row[since])
    return sorted(rows, key=lambda row: (row[since], row[-1]))


def written(postings: Sequence[KnownPosting]) -> RawPostings:
    """Return plain postings by column."""
    return RawPostings(
        [each.person for each in postings],
        [each.post for each in postings],
        [each.id for each in postings],
        [each.kind for each in postings],
        [each.rank for each in postings],
        [each.since for each in postings],
        [each.until for each in postings],
        ["planned" if each.planned else None for each in postings],
        [each.marks for each in postings],
    )


def _status_days(store: Reader, rows: Sequence[Row]) -> dict[str, str]:
    """Return the day on which the status of people was loaded or entered by hand."""
    if not rows:
        return {}
    load_at = {str(row["number"]): row["at"] for row in store.read(_LOADS)}
    found: dict[str, str] = {}
    for row in rows:
        load = str(row["origin"] or "").partition(":")[0]
        if load in load_at:
            found[row["id"]] = load_at[load][:10]
    by_hand = [row["id"] for row in rows if row["id"] not in found]
    for row in store.read(_ENTERED, people=by_hand) if by_hand else ():
        found[row["person"]] = row["at"][:10]
    return found


def _among(query: str, wanted: list[str] | None) -> str:
    # With the alternative in it no engine would look the ids up by their index.
    if wanted is None:
        return re.sub(r"WHERE \$\w+ IS NULL OR [^\n]*\n", "", query)
    return re.sub(r"\$\w+ IS NULL OR ", "", query)


def last_dated(store: Reader, people: Sequence[str], day: str) -> Mapping[str, str]:
    """Return the newest dated fact (record, attendance, pair) by a day of those who have one."""
    found: dict[str, str] = {}
    for statement in _LAST_DATED:
        for row in store.read(statement, people=list(people), day=day):
            found[row["person"]] = max(found.get(row["person"], ""), row["day"])
    return found


def text_of(number: int) -> str:
    """Return the day of a number as text.

    >>> text_of(0)
    '1970-01-01'
    """
    return day_of_number(number).isoformat()


def bare_post(id_: str) -> Row:
    """Return a post of which nothing but the id is known."""
    return {"id": id_, "title": id_, "rank": None, "kind": None, "unit": None}
