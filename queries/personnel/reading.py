"""What the model reads from a store: in a handful of questions, of everybody or of some people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph.schema import CHANGE, LOAD
from graph.store import Row, Store
from queries.personnel.columns import Postings, columns_of
from queries.personnel.days import day_of_number
from queries.personnel.terms import Known, KnownPosting

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


def read_postings(
    store: Store, left: frozenset[str] = frozenset(), people: Sequence[str] | None = None
) -> Postings:
    """Read everybody's postings, or those of some people with their posts and units alone.

    `left` are the statuses that mean that somebody left: only these are kept with the person.
    """
    asked = None if people is None else list(people)
    rows = store.read(_among(FETCH["people"], asked), people=asked)
    since = _status_days(store, [row for row in rows if row["status"] in left])
    known = [
        Known(
            row["id"],
            row["joined_on"],
            row["born_on"],
            row["status"] if row["status"] in left else None,
            since.get(row["id"]),
        )
        for row in rows
    ]
    edges = store.read(_among(FETCH["postings"], asked), people=asked)
    found = [
        KnownPosting(
            row["id"] or "",
            row["person"],
            row["post"],
            row["kind"],
            row["rank"],
            row["since"],
            row["until"],
            row["status"] == "planned",
            tuple(row["marks"] or ()),
        )
        for row in edges
    ]
    held = None if asked is None else sorted({each.post for each in found})
    posts = store.read(_among(FETCH["posts"], held), posts=held)
    at = None if asked is None else sorted({row["unit"] for row in posts if row["unit"]})
    units = store.read(_among(FETCH["units"], at), units=at)
    return columns_of(known, found, posts, units, names=[row["name"] for row in rows])


def _status_days(store: Store, rows: Sequence[Row]) -> dict[str, str]:
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


def last_dated(store: Store, people: Sequence[str], day: str) -> Mapping[str, str]:
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
