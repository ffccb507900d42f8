"""The rows of a data set as of a day: what began later, or is only planned, is not among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from graph.schema import Table, table
from graph.store import Row, Store
from graph.tables import begin, stored_rows
from queries.dated import shown_end, shown_ends
from queries.personnel import personnel
from queries.personnel.on_file import not_yet

RowsOf = Callable[[Store, Table], Iterator[Row]]

_NAMING = ("person", "relative", "mentor", "trainee")  # columns that name people


def all_rows(store: Store, of: Table) -> Iterator[Row]:
    """Yield every stored row of a table, withdrawn ones too."""
    return stored_rows(store, of, withdrawn=True)


def rows_of_day(store: Store, on: date) -> RowsOf:
    """Return what yields the rows of a table as of a day."""
    day, ends, hidden = on.isoformat(), shown_ends(store, on.isoformat()), not_yet(store, on)
    states = personnel(store).on(on)
    later = {
        row["id"]
        for row in stored_rows(store, table("activities"))
        if (row.get("held_on") or "") > day
    }

    def is_there(of: Table, row: Row) -> bool:
        if row.get("status") == "planned" or row.get("activity") in later:
            return False
        if (row.get(begin(of) or "") or "") > day:
            return False
        named = {row.get(heading) for heading in _NAMING}
        return hidden.isdisjoint({*named, row.get("id")} if of.name == "people" else named)

    def rows(store: Store, of: Table) -> Iterator[Row]:
        for row in all_rows(store, of):
            if not is_there(of, row):
                continue
            if row.get("until"):
                row["until"] = shown_end(row["until"], ends)
            if of.name == "people":
                row["status"] = states.status(row["id"], row.get("status"), ends)
            if row.get("withdrawn_on") and row["withdrawn_on"] > ends:
                row["withdrawn_on"] = row["withdrawn_why"] = None
            yield row

    return rows
