"""What stands around people, posts and units: the reads that a picture is gathered from.

Each gives all rows of many things at once, in one order on both engines. `most` bounds the rows;
whoever asks counts them and says "at least".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.store import Row, Store
from queries.people import HELD

MOST_ROWS = 40_000
_CHUNK = 2_000


def mentoring(
    store: Store, people: Sequence[str], direction: str = "both", most: int = MOST_ROWS
) -> list[Row]:
    """Give the ties of people with their mentors ("up"), trainees ("down") or both.

    A tie between two of them comes twice, once seen from each; `way` says which.
    """
    rows: list[Row] = []
    for way, question in (("up", ABOVE), ("down", BELOW)):
        if direction in ("both", way):
            rows += _read(store, question, people, most)
    return rows


def postings(store: Store, people: Sequence[str], most: int = MOST_ROWS) -> list[Row]:
    """Give the postings of people, planned ones too."""
    return _read(store, POSTINGS, people, most)


def holders(store: Store, posts: Sequence[str], most: int = MOST_ROWS) -> list[Row]:
    """Give everybody who held or is to hold one of some posts."""
    return _read(store, HOLDERS, posts, most)


def posts(store: Store, ids: Sequence[str]) -> list[Row]:
    """Give posts with their units."""
    return _read(store, POSTS, ids, MOST_ROWS)


def posts_in(store: Store, units: Sequence[str]) -> list[Row]:
    """Give the own posts of units."""
    return _read(store, POSTS_IN, units, MOST_ROWS)


def units(store: Store, ids: Sequence[str]) -> list[Row]:
    """Give units with the unit above each."""
    return _read(store, UNITS, ids, MOST_ROWS)


def units_below(store: Store, ids: Sequence[str]) -> list[Row]:
    """Give the units directly below some units."""
    return _read(store, UNITS_BELOW, ids, MOST_ROWS)


def staff(store: Store, unit: str, on: str) -> list[str]:
    """Give who holds a post in a unit, or in any below it, on a day: ids in the order of names."""
    rows = store.read(STAFF, unit=unit, on=on, most=MOST_ROWS)
    return list(dict.fromkeys(row["person"] for row in rows))


def cohort(store: Store, year: int) -> list[str]:
    """Give the people of a cohort: ids in the order of names."""
    return [row["person"] for row in store.read(COHORT, cohort=year, most=MOST_ROWS)]


def posted(store: Store, people: Sequence[str]) -> dict[str, int]:
    """Count the postings of each of some people."""
    rows = _read(store, POSTED, people, MOST_ROWS)
    return {row["person"]: row["posts"] for row in rows}


def entered(store: Store, table: str, rows: Sequence[str]) -> dict[str, Row]:
    """Give the newest entry by hand about each of some rows of a table, where there is one."""
    found = {}
    for row in _read(store, ENTERED, rows, MOST_ROWS, table=table):
        found[row["row"]] = row  # the newest comes last
    return found


def _read(
    store: Store, question: str, ids: Sequence[str], most: int, **parameters: str
) -> list[Row]:
    rows: list[Row] = []
    for part in _parts(ids):
        rows += store.read(question, ids=part, most=most - len(rows), **parameters)
        if len(rows) >= most:
            break
    return rows


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), _CHUNK):
        yield list(ids[at : at + _CHUNK])


_TIE = "e.id AS tie, m.id AS mentor, t.id AS trainee, e.kind AS kind, e.since AS since, "
BELOW = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id IN $ids AND m.id <> t.id
RETURN {_TIE}e.until AS until, 'down' AS way, m.id AS person, t.id AS neighbour, t.name AS name
ORDER BY person, name, neighbour, since, tie
LIMIT $most"""
ABOVE = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE t.id IN $ids AND m.id <> t.id
RETURN {_TIE}e.until AS until, 'up' AS way, t.id AS person, m.id AS neighbour, m.name AS name
ORDER BY person, name, neighbour, since, tie
LIMIT $most"""
_POSTING = """\
RETURN e.id AS rotation, p.id AS person, post.id AS post, post.name AS title, u.id AS unit,
  u.name AS unit_name, coalesce(e.rank, post.rank) AS rank, e.kind AS kind, e.since AS since,
  e.until AS until, coalesce(e.status, 'actual') AS status"""
POSTINGS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POSTING}
ORDER BY person, since, rotation
LIMIT $most"""
HOLDERS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE post.id IN $ids
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POSTING}
ORDER BY post, since, rotation
LIMIT $most"""
_POST = """\
RETURN post.id AS post, post.name AS title, post.rank AS rank, u.id AS unit, u.name AS unit_name
ORDER BY post
LIMIT $most"""
POSTS = f"""\
MATCH (post:Post)
WHERE post.id IN $ids
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POST}"""
POSTS_IN = f"""\
MATCH (post:Post)-[:IN]->(u:Unit)
WHERE u.id IN $ids
{_POST}"""
UNITS = """\
MATCH (u:Unit)
WHERE u.id IN $ids
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS unit, u.name AS name, u.kind AS kind, above.id AS above
ORDER BY unit
LIMIT $most"""
UNITS_BELOW = """\
MATCH (u:Unit)-[:PART_OF]->(above:Unit)
WHERE above.id IN $ids
RETURN u.id AS unit, u.name AS name, u.kind AS kind, above.id AS above
ORDER BY unit
LIMIT $most"""
STAFF = f"""\
MATCH (:Unit {{id: $unit}})<-[:PART_OF*0..60]-(u:Unit)
WITH DISTINCT u
MATCH (u)<-[:IN]-(:Post)<-[e:ROTATED_TO]-(p:Person)
WHERE {HELD}
RETURN DISTINCT p.id AS person, p.name AS name
ORDER BY name, person
LIMIT $most"""
COHORT = """\
MATCH (p:Person)
WHERE p.cohort = $cohort
RETURN p.id AS person, p.name AS name
ORDER BY name, person
LIMIT $most"""
POSTED = """\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids
RETURN p.id AS person, count(DISTINCT post.id) AS posts
ORDER BY person
LIMIT $most"""
ENTERED = """\
MATCH (c:Change)
WHERE c.table_name = $table AND c.row IN $ids
RETURN c.row AS row, c.at AS at, c.made_by AS by, c.name AS action, c.id AS id
ORDER BY id
LIMIT $most"""
