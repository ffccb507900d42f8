"""Which postings are held on a day: read by their begin, and judged by the personnel model."""

from __future__ import annotations

from datetime import date

from graph.store import Row, Store
from queries.dated import begun
from queries.personnel import of_people

# A posting `e` that has begun by the day `$on`; whether it is held then, the personnel model says.
BEGUN = f"coalesce(e.status, 'actual') <> 'planned' AND {begun('e')}"


def held_on(store: Store, rows: list[Row], on: str, ranked: bool = False) -> list[Row]:
    """Keep the rows of postings (`person`, `rotation`) that are held on a day.

    `ranked`: each `rank` is made that of the posting; one that is acting gives none.
    """
    people = sorted({row["person"] for row in rows if row["person"] is not None})
    if not people:
        return []
    day = of_people(store, people).on(date.fromisoformat(on))
    held = day.posting_ids
    found = [row for row in rows if row["rotation"] in held]
    if not ranked:
        return found
    ranks = {each["id"]: each["rank"] for person in people for each in day.holds(person)}
    return [{**row, "rank": ranks[row["rotation"]]} for row in found]


def staff(store: Store, unit: str, on: str) -> list[Row]:
    """Return who holds posts in a unit, or in any below it, on a day, by name (a row a posting)."""
    return held_on(store, store.read(STAFF, unit=unit, on=on), on)


STAFF = f"""\
MATCH (:Unit {{id: $unit}})<-[:PART_OF*0..60]-(u:Unit)
WITH DISTINCT u
MATCH (u)<-[:IN]-(:Post)<-[e:ROTATED_TO]-(p:Person)
WHERE {BEGUN}
RETURN p.id AS person, p.name AS name, e.id AS rotation
ORDER BY name, person, rotation"""
