"""When people were in which units, as the personnel model reads their postings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from graph.store import Row, Store
from queries.dated import Dated, shown_end
from queries.personnel import of_people
from queries.personnel.days import OPEN, UNKNOWN, day_number
from queries.personnel.reading import FETCH
from queries.query import LAST

POSTINGS = FETCH["postings"].strip() + "\nORDER BY person, since"
_WHO = """\
MATCH (p:Person)-[:ROTATED_TO]->(:Post)-[:IN]->(u:Unit)
WHERE u.id IN $units
RETURN DISTINCT p.id AS person
ORDER BY person
LIMIT $most"""


def times_of(store: Store, people: Sequence[str], day: Dated) -> list[Row]:
    """Return the times that people were in units by a day: person, unit, unit_name, since, until.

    A time begins and ends as the posting counts; one of an unknown begin is left out.
    """
    model = of_people(store, people)
    columns, periods = model.columns, model.periods
    by = OPEN if day.on == LAST else day_number(date.fromisoformat(day.on))
    rows: list[Row] = []
    for person in people:
        if person not in columns.person_at:
            continue
        mine = periods.of(columns.person_at[person])
        for at in range(mine.start, mine.stop):
            posting = int(periods.posting[at])
            unit = columns.unit_of(posting)
            if unit < 0 or columns.since[posting] == UNKNOWN or periods.since[at] > by:
                continue
            told = model.posting(posting, int(periods.since[at]), int(periods.until[at]))
            rows.append(
                {
                    "person": person,
                    "unit": columns.unit_ids[unit],
                    "unit_name": columns.unit_names[unit],
                    "since": told.since,
                    "until": shown_end(told.until, day.ends),
                }
            )
    return sorted(rows, key=lambda row: (row["person"], row["since"], row["unit"]))


def times_in(store: Store, units: Collection[str], most: int, day: Dated) -> list[Row]:
    """Return the times that anybody was in some units by a day, by unit, of `most` people."""
    people = [row["person"] for row in store.read(_WHO, units=sorted(units), most=most)]
    rows = [row for row in times_of(store, people, day) if row["unit"] in units]
    return sorted(rows, key=lambda row: (row["unit"], row["person"], row["since"]))
