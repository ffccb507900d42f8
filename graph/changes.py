"""The history of entries: each change with when, by whom, what it was before and what it is now.

A change is a node `(:Change)` that is written in the transaction of the change itself, so neither
is ever there without the other. It holds rows of the native data set as JSON, not edges to them:
the history of a row outlives the row. Of a load only the rows that it changed are in it, with what
they were before (`keeping`); what it brought anew tells its own origin.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from graph.answers import FieldsOf
from graph.schema import CHANGE
from graph.store import Reader, Row, Store, Transaction
from graph.touched import nodes
from graph.upsert import node_statement

ACTIONS = (
    "added",
    "corrected",
    "withdrawn",
    "restored",
    "removed",
    "accepted",  # a finding about the data
    "reopened",
)

Values = Mapping[str, Any]  # a row of a table, by heading


_RETURN = """RETURN c.id AS id, c.at AS at, c.made_by AS by, c.table_name AS table, c.row AS row,
  c.name AS action, c.before AS before, c.after AS after, c.reason AS reason,
  c.load AS load, c.origin AS origin, c.event AS event"""
_WRITE = f"MERGE (c:{CHANGE} {{id: $id}})\nSET c += $props"
_ASKED = f"""
MATCH (c:{CHANGE})
WHERE c.at IS NOT NULL // a node of older stores has none
  AND ($table IS NULL OR c.table_name = $table)
  AND ($about IS NULL OR $about IN c.about) AND ($before IS NULL OR c.id < $before)
"""
_COUNT = f"{_ASKED}RETURN count(c) AS changes"
_READ = f"""{_ASKED}\
{_RETURN}
ORDER BY id DESC
LIMIT $limit
"""
_OF_ROW = f"""
MATCH (c:{CHANGE}) // a property in a pattern must be known already
WHERE c.row = $row AND c.table_name = $table
{_RETURN}
ORDER BY id DESC
"""
_OF_LOAD = f"""
MATCH (c:{CHANGE})
WHERE c.load = $load AND c.id > $after // in the pattern it must be known already
{_RETURN}
ORDER BY id
LIMIT $limit
"""


_OF_EVENT = f"""
MATCH (c:{CHANGE})
WHERE c.event = $event // in the pattern it must be known already
{_RETURN}
ORDER BY id DESC
"""


@dataclass(frozen=True)
class Change:
    """One change of one row; `before` is missing where it was added, `after` where it is gone."""

    id: str  # sorts by time
    at: str  # UTC, ISO
    by: str
    table: str
    row: str
    action: str
    before: Values | None
    after: Values | None
    reason: str | None = None
    load: str | None = None  # the load that made it, where no person did by hand
    origin: str | None = None  # where the former values came from
    event: str | None = None  # the event that it is a part of

    @property
    def fields(self) -> tuple[str, ...]:
        """List the columns that differ."""
        before, after = self.before or {}, self.after or {}
        names = dict.fromkeys((*before, *after))
        return tuple(name for name in names if before.get(name) != after.get(name))

    def as_dict(self) -> ChangeRow:
        """Return it as plain values."""
        return asdict(self) | {"fields": list(self.fields)}


ChangeRow = Annotated[dict[str, Any], FieldsOf(Change, fields=list[str])]


def keep(
    transaction: Transaction,
    *,
    by: str,
    table: str,
    row: str,
    action: str,
    before: Values | None,
    after: Values | None,
    about: tuple[str, ...] = (),
    reason: str | None = None,
    event: str | None = None,
) -> Change:
    """Write a change beside what it changes; `about` names the people and things it touches."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    change = Change(
        f"{at}-{secrets.token_hex(4)}",
        at,
        by,
        table,
        row,
        action,
        before,
        after,
        reason,
        event=event,
    )
    props = {
        "name": action,
        "at": at,
        "made_by": by,
        "table_name": table,
        "row": row,
        "about": sorted({row, *about}),
        "before": _text(before),
        "after": _text(after),
        "reason": reason,
        "event": event,
    }
    transaction.run(_WRITE, nodes(CHANGE, [change.id]), id=change.id, props=props)
    return change


@dataclass(frozen=True)
class BulkChange:
    """One row that a load changes."""

    row: str
    before: Values
    after: Values | None  # None: it is taken out
    origin: str | None
    about: list[str]


@dataclass(frozen=True)
class AddedRow:
    """One row that an event adds, with the people and things that it names, and why."""

    row: str
    after: Values
    about: list[str]
    reason: str | None


def keep_added(
    transaction: Transaction, table: str, by: str, event: str, added: Sequence[AddedRow]
) -> None:
    """Write into the history what rows an event added."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    token = secrets.token_hex(4)
    rows = [
        {
            "id": f"{at}-{token}-{number:06}",
            "props": {
                "name": "added",
                "at": at,
                "made_by": by,
                "table_name": table,
                "row": each.row,
                "about": sorted({each.row, *each.about}),
                "after": _text(each.after),
                "reason": each.reason,
                "event": event,
            },
        }
        for number, each in enumerate(added)
    ]
    marks = nodes(CHANGE, (str(row["id"]) for row in rows))
    transaction.run(node_statement(CHANGE), marks, rows=rows)


def keeping(
    table: str, by: str, load: str, changed: list[BulkChange]
) -> tuple[str, list[dict[str, Any]]]:
    """Return the statement that writes what rows were, and its rows; run it with the change."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    token = secrets.token_hex(4)
    rows = [
        {
            "id": f"{at}-{token}-{number:06}",
            "props": {
                "name": "removed" if each.after is None else "corrected",
                "at": at,
                "made_by": by,
                "table_name": table,
                "row": each.row,
                "about": sorted({each.row, *each.about}),
                "before": _text(each.before),
                "after": _text(each.after),
                "load": load,
                "origin": each.origin,
            },
        }
        for number, each in enumerate(changed)
    ]
    return node_statement(CHANGE), rows


def changes_of_load(store: Reader, load: str, after: str = "", limit: int = 10_000) -> list[Change]:
    """List what a load changed, oldest first, from after the id of a change on."""
    return [_change(each) for each in store.read(_OF_LOAD, load=load, after=after, limit=limit)]


def changes(
    store: Reader,
    *,
    table: str | None = None,
    about: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[Change]:
    """List changes, newest first, also of one table or about one id; `before` is a change's id."""
    rows = store.read(_READ, table=table, about=about, before=before, limit=limit)
    return [_change(row) for row in rows]


def count_changes(
    store: Store, *, table: str | None = None, about: str | None = None, before: str | None = None
) -> int:
    """Count what `changes` lists."""
    (row,) = store.read(_COUNT, table=table, about=about, before=before)
    found: int = row["changes"]
    return found


def changes_of_event(store: Reader, event: str) -> list[Change]:
    """List what an event changed, newest first."""
    return [_change(each) for each in store.read(_OF_EVENT, event=event)]


def changes_of(store: Reader, table: str, row: str) -> list[Change]:
    """List every change of one row, newest first."""
    return [_change(each) for each in store.read(_OF_ROW, table=table, row=row)]


def _change(row: Row) -> Change:
    values = {name: json.loads(row[name]) if row[name] else None for name in ("before", "after")}
    return Change(**{**row, **values})


def _text(values: Values | None) -> str | None:
    return None if values is None else json.dumps(dict(values), ensure_ascii=False)
