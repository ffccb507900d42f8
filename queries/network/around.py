"""What stands around people, posts and units: the reads that a picture is gathered from.

Each gives all rows of many things at once, in one order on both engines, so they may be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.store import Row, Store
from queries import people
from queries.dated import Dated, begun, ended
from queries.dated import posted as posted_by
from queries.personnel.pairs import cut

_CHUNK = 2_000


def mentoring(
    store: Store, people: Sequence[str], day: Dated, direction: str = "both"
) -> list[Row]:
    """Return the ties of people with their mentors ("up"), trainees ("down") or both, on a day.

    A tie between two of them comes twice, once seen from each; `way` says which.
    """
    rows: list[Row] = []
    for way, question in (("up", ABOVE), ("down", BELOW)):
        if direction in ("both", way):
            rows += _read(store, question, people, **_of(day))
    return cut(store, rows, day)


def near(store: Store, people: Sequence[str], day: Dated, direction: str) -> Iterator[Row]:
    """Yield whom people are tied to, once for a kind and time of ties: enough to count many."""
    for way, question in (("up", _NEAR_ABOVE), ("down", _NEAR_BELOW)):
        if direction in ("both", way):
            for at in range(0, len(people), _CHUNK):
                yield from store.read(question, ids=list(people[at : at + _CHUNK]), **_of(day))


def postings(store: Store, people: Sequence[str], day: Dated) -> list[Row]:
    """Return the postings of people that had begun by a day; planned ones where asked for."""
    return _read(store, POSTINGS, people, **day._asdict())


def holders(store: Store, posts: Sequence[str], day: Dated) -> list[Row]:
    """Return everybody who held one of some posts by a day, or is to, where that is asked for."""
    return _read(store, HOLDERS, posts, **day._asdict())


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


def posted(store: Store, people: Sequence[str], day: Dated) -> dict[str, int]:
    """Count the posts that each of some people held by a day."""
    rows = _read(store, POSTED, people, on=day.on, planned=day.planned)
    return {row["person"]: row["posts"] for row in rows}


def entered(store: Store, table: str, rows: Sequence[str]) -> dict[str, Row]:
    """Return the newest entry by hand about each of some rows of a table, where there is one."""
    found = {}
    for row in _read(store, ENTERED, rows, table=table):
        found[row["row"]] = row  # the newest comes last
    return found


def _of(day: Dated) -> dict[str, str]:
    return {"on": day.on, "ends": day.ends}


def _read(store: Store, question: str, ids: Sequence[str], **parameters: str) -> list[Row]:
    rows: list[Row] = []
    for at in range(0, len(ids), _CHUNK):
        rows += store.read(question, ids=list(ids[at : at + _CHUNK]), **parameters)
    return rows


_TIE = f"""e.id AS tie, m.id AS mentor, t.id AS trainee, e.kind AS kind, e.since AS since,
  {ended("e")} AS until,"""
BELOW = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id IN $ids AND m.id <> t.id AND {begun("e")}
RETURN {_TIE} 'down' AS way, m.id AS person, t.id AS neighbour, t.name AS name
ORDER BY person, name, neighbour, since, tie"""
ABOVE = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE t.id IN $ids AND m.id <> t.id AND {begun("e")}
RETURN {_TIE} 'up' AS way, t.id AS person, m.id AS neighbour, m.name AS name
ORDER BY person, name, neighbour, since, tie"""
_NEAR = f"""
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE %s.id IN $ids AND {begun("e")}
RETURN DISTINCT %s.id AS neighbour, e.kind AS kind, e.since AS since, {ended("e")} AS until
ORDER BY neighbour, kind, since, until"""
_NEAR_BELOW, _NEAR_ABOVE = _NEAR % ("m", "t"), _NEAR % ("t", "m")
_POSTING = f"""\
RETURN e.id AS rotation, p.id AS person, post.id AS post, post.name AS title, u.id AS unit,
  u.name AS unit_name, coalesce(e.rank, post.rank) AS rank, e.kind AS kind, e.since AS since,
  {ended("e")} AS until, coalesce(e.status, 'actual') AS status"""
POSTINGS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids AND {posted_by("e")}
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
{_POSTING}
ORDER BY person, since, rotation"""
HOLDERS = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE post.id IN $ids AND {posted_by("e")}
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
POSTED = f"""\
MATCH (p:Person)-[e:ROTATED_TO]->(post:Post)
WHERE p.id IN $ids AND {posted_by("e")}
RETURN p.id AS person, count(DISTINCT post.id) AS posts
ORDER BY person"""
ENTERED = """\
MATCH (c:Change)
WHERE c.table_name = $table AND c.row IN $ids
RETURN c.row AS row, c.at AS at, c.made_by AS by, c.name AS action, c.id AS id
ORDER BY id"""
