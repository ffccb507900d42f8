"""All that one person's records say, as the portrait shows it: by whom, when, by which document.

What is read of everybody (`reading.py`) is what rules need; the rest is read of one person.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.store import Reader

OWN_RECORDS = """
MATCH (p:Person {id: $person})-[:HAS_RECORD]->(r:Record)
WHERE r.on IS NOT NULL AND r.on <= $day AND r.withdrawn_on IS NULL
RETURN r.id AS id, r.on AS `on`, r.kind AS kind, r.level AS level, r.result AS result,
  r.given_by AS given_by, r.document AS document
ORDER BY r.on, id
"""


class OwnRecord(NamedTuple):
    """One record of a person, with who gave it."""

    id: str
    on: str
    kind: str
    level: str | None
    result: str | None
    given_by: str | None  # an id, a name, or any text
    document: str | None


def own_records(store: Reader, person: str, day: str) -> tuple[OwnRecord, ...]:
    """Return the records of one person that had been made by a day, oldest first."""
    rows = store.read_tuples(OWN_RECORDS, OwnRecord._fields, person=person, day=day)
    return tuple(OwnRecord(*row) for row in rows)
