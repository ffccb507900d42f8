"""What stands around people, posts and units: the reads that a picture is gathered from.

Each gives all rows of many things at once, in one order on both engines, so they may be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.store import Row, Store
from queries import people

_CHUNK = 2_000


def mentoring(store: Store, people: Sequence[str], direction: str = "both") -> list[Row]:
    """Return the ties of people with their mentors ("up"), trainees ("down") or both.

    A tie between two of them comes twice, once seen from each; `way` says which.
    """
    rows: list[Row] = []
    for way, question in (("up", ABOVE), ("down", BELOW)):
        if direction in ("both", way):
            rows += _read(store, question, people)
    return rows


def near(store: Store, people: Sequence[str], direction: str) -> Iterator[Row]:
    """Yield whom people are tied to, once for a kind and time of ties: enough to count many."""
    for way, question in (("up", _NEAR_ABOVE), ("down", _NEAR_BELOW)):
        if direction in ("both", way):
            for at in range(0, len(people), _CHUNK):
                yield from store.read(question, ids=list(people[at : at + _CHUNK]))


def postings(store: Store, people: Sequence[str]) -> list[Row]:
    """Return the postings of people, planned ones too."""
    return _read(store, POSTINGS, people)


def holders(store: Store, posts: Sequence[str]) -> list[Row]:
    """Return everybody who held or is to hold one of some posts."""
    return _read(store, HOLDERS, posts)


def posts(store: Store, ids: Sequence[str]) -> list[Row]:
    """Return posts with their units."""
    return _read(store, POSTS, ids)


def posts_in(store: Store, units: Sequence[str]) -> list[Row]:
    """Return the own posts of units."""
    return _read(store, POSTS_IN, units)


def units(store: Store, ids: Sequence[str]) -> list[Row]:
    """Return units with the unit above each."""
    return _read(store, UNITS, ids)


def units_below(store: Store, ids: Sequence[str]) -> list[Row]:
    """Return the units directly below some units."""
    return _read(store, UNITS_BELOW, ids)


def staff(store: Store, unit: str, on: str) -> list[str]:
    """Return who holds posts in a unit, or in any below it, on a day: ids in the order of names."""
    return list(dict.fromkeys(row["person"] for row in people.staff(store, unit, on)))


def cohort(store: Store, year: int) -> list[str]:
    """Return the people of a cohort: ids in the order of names."""
    return [row["person"] for row in store.read(COHORT, cohort=year)]


def posted(store: Store, people: Sequence[str]) -> dict[str, int]:
    """Count the postings of each of some people."""
    rows = _read(store, POSTED, people)
    return {row["person"]: row["posts"] for row in rows}


def entered(store: Store, table: str, rows: Sequence[str]) -> dict[str, Row]:
    """Return the newest entry by hand about each of some rows of a table, where there is one."""
    found = {}
    for row in _read(store, ENTERED, rows, table=table):
        found[row["row"]] = row  # the newest comes last
    return found


def _read(store: Store, question: str, ids: Sequence[str], **parameters: str) -> list[Row]:
    rows: list[Row] = []
    for at in range(0, len(ids), _CHUNK):
        rows += store.read(question, ids=list(ids[at : at + _CHUNK]), **parameters)
    return rows


_TIE = "e.id AS tie, m.id AS mentor, t.id AS trainee, e.kind AS kind, e.since AS since, "
BELOW = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id IN $ids AND m.id <> t.id
RETURN {_TIE}e.until AS until, 'down' AS way, m.id AS person, t.id AS neighbour, t.name AS name
ORDER BY person, name, neighbour, since, tie"""
ABOVE = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE t.id IN $ids AND m.id <> t.id
RETURN {_TIE}e.until AS until, 'up' AS way, t.id AS person, m.id AS neighbour, m.name AS name
ORDER BY person, name, neighbour, since, tie"""
_NEAR = """
RETURN DISTINCT {0}.id AS neighbour, e.kind AS kind, e.since AS since, e.until AS until
ORDER BY neighbour, kind, since, until"""
_NEAR_BELOW = "MATCH (m:Person)-[e:MENTORS]->(t:Person)\nWHERE m.id IN $ids" + _NEAR.format("t")
_NEAR_ABOVE = "MATCH (m:Person)-[e:MENTORS]->(t:Person)\nWHERE t.id IN $ids" + _NEAR.format("m")
_POSTING = """\
RETURN e.id AS rotation, p.id AS person, post.id AS post, post.name AS title, u.id AS unit,
  u.name AS unit_name, coalesce(e.rank, post.rank) AS rank, e.kind AS kind, e.since AS since,
  e.until AS until, coalesce(e.status, 'actual') AS status"""
POSTINGS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POSTING}
ORDER BY person, since, rotation"""
HOLDERS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE post.id IN $ids
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POSTING}
ORDER BY post, since, rotation"""
_POST = """\
RETURN post.id AS post, post.name AS title, post.rank AS rank, u.id AS unit, u.name AS unit_name
ORDER BY post"""
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
ORDER BY unit"""
UNITS_BELOW = """\
MATCH (u:Unit)-[:PART_OF]->(above:Unit)
WHERE above.id IN $ids
RETURN u.id AS unit, u.name AS name, u.kind AS kind, above.id AS above
ORDER BY unit"""
COHORT = """\
MATCH (p:Person)
WHERE p.cohort = $cohort
RETURN p.id AS person, p.name AS name
ORDER BY name, person"""
POSTED = """\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids
RETURN p.id AS person, count(DISTINCT post.id) AS posts
ORDER BY person"""
ENTERED = """\
MATCH (c:Change)
WHERE c.table_name = $table AND c.row IN $ids
RETURN c.row AS row, c.at AS at, c.made_by AS by, c.name AS action, c.id AS id
ORDER BY id"""
