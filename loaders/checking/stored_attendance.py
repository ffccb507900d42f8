"""Days that are corrected beside stored attendance: nobody then took part before they joined.

The check of attendance (`loaders.checking.refusals`) seen from the other side: from the row of the
person who joined, or of the activity. Only days that change are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graph import tables
from graph.store import Reader, Row
from graph.upsert import BATCH, edge_type
from loaders.checking.numbered import CheckedRows
from loaders.checking.record_kinds import WrongRecord
from loaders.checking.refusals import is_before
from loaders.readers.blocks import pl

_DAYS = {
    "people": """
UNWIND $ids AS id
MATCH (n:Person {id: id})
RETURN n.id AS id, n.joined_on AS joined_on
""",
    "activities": """
UNWIND $ids AS id
MATCH (n:Activity {id: id})
RETURN n.id AS id, n.held_on AS held_on, n.until AS until
""",
}
_ATTENDED = {
    name: f"""
UNWIND $ids AS id
MATCH (p:Person{of_person})-[:TOOK_PART_IN]->(a:Activity{of_activity})
RETURN p.id AS person, a.id AS activity, p.joined_on AS joined_on, a.name AS title,
  a.held_on AS held_on, a.until AS until
"""
    for name, of_person, of_activity in (
        ("people", " {id: id}", ""),
        ("activities", "", " {id: id}"),
    )
}
_EDGE = "TOOK_PART_IN"
_HEADINGS = {"people": ("joined_on",), "activities": ("held_on", "until")}
_COLUMNS = "person", "activity", "joined_on", "title", "held_on", "until"


class StoredAttendance:
    """Keeps the days of a data set, and tells which make a stored attendance one before joining."""

    def __init__(self, store: Reader | None) -> None:
        self._store = store
        self._given: dict[str, pl.DataFrame] = {}  # by table: id, row, and the days it has
        self._attended: set[tuple[str, str]] = set()  # judged already, where they stand

    def keep(self, rows: CheckedRows, right: pl.Series) -> None:
        """Keep the days of the right rows of a table, and who is said to have taken part."""
        if self._store is None:
            return
        name = rows.reader.table.name
        if name in _HEADINGS:
            columns = [rows.column(each).alias(each) for each in _HEADINGS[name]
                       if each in rows.reader.at]  # fmt: skip
            if columns:
                ids, numbers = pl.Series("id", rows.derived_ids()), pl.Series("row", rows.numbers)
                self._given[name] = pl.DataFrame([ids, numbers, *columns]).filter(right)
        elif name == "attendance":
            pairs = zip(rows.column("person"), rows.column("activity"), strict=True)
            self._attended.update(pairs)

    def wrong(self) -> Iterator[tuple[str, WrongRecord]]:
        """Yield the table and what is wrong, one sentence a row."""
        store = self._store
        if store is None or not self._given or not tables.has_edges(store, edge_type(_EDGE)):
            return
        changed = {name: self._changed(store, name) for name in self._given}
        found: dict[tuple[str, str], Row] = {}
        for name, rows in changed.items():
            ids = list(rows)
            for first in range(0, len(ids), BATCH):
                for row in store.read(_ATTENDED[name], ids=ids[first : first + BATCH]):
                    found[row["person"], row["activity"]] = row
        attended = [row for pair, row in sorted(found.items()) if pair not in self._attended]
        for row in attended:
            row.update(_days(changed.get("people", {}).get(row["person"])))
            row.update(_days(changed.get("activities", {}).get(row["activity"])))
        frame = pl.DataFrame(attended, schema=dict.fromkeys(_COLUMNS, pl.String))
        told = set[tuple[str, int]]()
        for at in np.flatnonzero(is_before(frame, frame)).tolist():
            table, wrong = _told(frame.row(at, named=True), changed)
            if (table, wrong[0]) not in told:
                told.add((table, wrong[0]))
                yield table, wrong

    def _changed(self, store: Reader, name: str) -> dict[str, Row]:
        """Return the rows whose days are not those that are stored, by id."""
        given = self._given[name]
        rows = {row["id"]: row for row in given.iter_rows(named=True)}
        ids, found = list(rows), dict[str, Row]()
        for first in range(0, len(ids), BATCH):
            for stored in store.read(_DAYS[name], ids=ids[first : first + BATCH]):
                row = rows[stored["id"]]
                if any(row[key] != stored[key] for key in _HEADINGS[name] if key in row):
                    found[stored["id"]] = row
        return found


def _days(row: Row | None) -> Row:
    return {key: row[key] for key in _COLUMNS if key in row} if row else {}


def _told(row: Row, changed: dict[str, dict[str, Row]]) -> tuple[str, WrongRecord]:
    held = row["held_on"] or row["until"]
    said: dict[str, Any] = {"title": row["title"] or row["activity"], "held": held}
    if person := changed.get("people", {}).get(row["person"]):
        said["person"] = row["person"]
        wrong = person["row"], "joined-after-attending", "joined_on", row["joined_on"], said
        return "people", wrong
    activity = changed["activities"][row["activity"]]
    column = "held_on" if row["held_on"] else "until"
    said |= {"person": row["person"], "joined": row["joined_on"]}
    return "activities", (activity["row"], "held-before-joining", column, held, said)
