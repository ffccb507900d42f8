"""What a form offers, and who or what a typed text means: small questions about stored nodes."""

from __future__ import annotations

from collections.abc import Iterable

from graph.schema import table_of_label
from graph.store import Reader, Row

_CHOICES = {
    "Unit": "MATCH (n:Unit)\nRETURN n.id AS id, n.name AS name\nORDER BY id\nLIMIT $limit",
    "Post": (
        "MATCH (n:Post)\nOPTIONAL MATCH (n)-[:IN]->(u:Unit)\n"
        "RETURN n.id AS id, coalesce(u.name + ' ', '') + n.name AS name\nORDER BY id\nLIMIT $limit"
    ),
    "Activity": (
        "MATCH (n:Activity)\nRETURN n.id AS id, coalesce(n.held_on + ' ', '') + n.name AS name\n"
        "ORDER BY n.held_on DESC, id\nLIMIT $limit"
    ),
}
_NAMED = """
MATCH (n:{label})
WHERE n.id = $text OR n.name = $text
RETURN n.id AS id
ORDER BY id
LIMIT 6
"""
_NAMES = "UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nRETURN n.id AS id, n.name AS name"
_TRAINEES = """
MATCH (p:Person)
WHERE 'Trainee' IN labels(p)
RETURN p.id AS id, p.name AS name, p.cohort AS cohort, p.status AS status
ORDER BY cohort, id
"""
_POSTS = """
UNWIND $ids AS id
MATCH (p:Post {id: id})
OPTIONAL MATCH (p)-[:IN]->(u:Unit)
RETURN p.id AS id, p.name AS name, p.rank AS rank, u.name AS unit
"""
_ACTIVITIES = """
UNWIND $ids AS id
MATCH (a:Activity {id: id})
RETURN a.id AS id, a.name AS name, a.kind AS kind, a.held_on AS held_on, a.place AS place,
  a.hours AS hours
"""
_POSTS_IN_UNITS = """
MATCH (q:Post)-[:IN]->(u:Unit)
RETURN q.id AS id, q.name AS name, u.name AS unit
ORDER BY id
LIMIT $limit
"""
_POST_KINDS = """
MATCH (q:Post)
WHERE q.kind IS NOT NULL
RETURN DISTINCT q.kind AS kind
ORDER BY kind
LIMIT $limit
"""


def choices(store: Reader, label: str, most: int) -> list[Row]:
    """Return id and name of all units, posts or activities; none where there are more than `most`.

    People are too many to be chosen from a list: of any other label there are none.
    """
    if label not in _CHOICES:
        return []
    rows = store.read(_CHOICES[label], limit=most + 1)
    return rows if len(rows) <= most else []


def posts_in_units(store: Reader, most: int) -> list[Row]:
    """Return id, name and unit of the posts that stand in a unit, at most `most`, by id."""
    return store.read(_POSTS_IN_UNITS, limit=most)


def ids_named(store: Reader, label: str, text: str) -> list[str]:
    """Return the ids, at most six, of the nodes of a label whose id or name is the text."""
    statement = _NAMED.format(label=table_of_label(label).label)
    return [row["id"] for row in store.read(statement, text=text)]


def names_of(store: Reader, label: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the name of each stored id of a label."""
    statement = _NAMES.format(label=table_of_label(label).label)
    return {row["id"]: row["name"] for row in store.read(statement, ids=sorted(ids))}


def trainees(store: Reader) -> list[Row]:
    """Return id, name, cohort and status of every trainee, by cohort and id."""
    return store.read(_TRAINEES)


def trainee_count(store: Reader) -> int:
    """Count the trainees."""
    return int(store.read("MATCH (p:Trainee) RETURN count(p) AS n")[0]["n"])


def posts(store: Reader, ids: Iterable[str]) -> dict[str, Row]:
    """Return id, name, rank and unit of some posts by id."""
    return {row["id"]: row for row in store.read(_POSTS, ids=list(ids))}


def activities(store: Reader, ids: Iterable[str]) -> dict[str, Row]:
    """Return id, name, kind, day, place and hours of some activities by id."""
    return {row["id"]: row for row in store.read(_ACTIVITIES, ids=list(ids))}


def post_kinds(store: Reader, most: int) -> list[str]:
    """Return the kinds that posts have, at most `most`, in order."""
    return [row["kind"] for row in store.read(_POST_KINDS, limit=most)]


def has_people(store: Reader) -> bool:
    """Return whether anybody is stored."""
    return bool(store.read("MATCH (p:Person) RETURN p.id AS id LIMIT 1"))


def answers(store: Reader) -> None:
    """Ask the least question there is; StoreError when the store does not answer."""
    store.read("MATCH (n:Programme) RETURN n.id AS id LIMIT 1")
