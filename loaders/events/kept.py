"""Events as they are kept: listed, and undone as one, as are all of a batch."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from graph.changes import Change, changes, changes_of_event
from graph.errors import N_, Conflict, NotFound
from graph.schema import EVENT
from graph.store import Reader, Row, Store, Transaction
from graph.touched import nodes
from loaders.entry import RowStep, stored, texts_of, write_rows
from loaders.events.notice import Notice

DONE, UNDONE = "done", "undone"
ROWS = "rows"  # the kind of an event that is a table of new rows
_LOOKED_AT = 1_000  # of the newest changes and events of a person
_BACK = " undone"  # of the changes that undo an event
_ABOUT = ("rotations", "service", "mentoring", "grades")  # tables whose facts stand on each other

_WRITE = f"MERGE (e:{EVENT} {{id: $id}})\nSET e += $props"
_FIELDS = """e.id AS id, e.name AS kind, e.person AS person, e.day AS on, e.post AS post,
  e.destination AS to, e.document AS document, e.state AS state, e.at AS at, e.made_by AS by,
  e.reason AS reason, e.undone_at AS undone_at, e.undone_by AS undone_by, e.batch AS batch,
  e.table_name AS table, e.rows AS rows"""
_LIST = f"""
MATCH (e:{EVENT})
WHERE e.at IS NOT NULL AND ($person IS NULL OR e.person = $person)
RETURN {_FIELDS}
ORDER BY e.at DESC, id DESC
LIMIT $limit
"""
_ONE = f"MATCH (e:{EVENT} {{id: $id}})\nRETURN {_FIELDS}"
_BATCH = f"""
MATCH (e:{EVENT})
WHERE e.batch = $id // in the pattern it must be known already
RETURN {_FIELDS}
ORDER BY id DESC
"""


@dataclass(frozen=True)
class KeptEvent:
    """One event: what happened to whom from which day, who entered it, whether it was undone."""

    id: str
    kind: str
    person: str
    on: str
    post: str | None
    to: str | None
    document: str | None
    state: str
    at: str  # UTC, ISO
    by: str
    reason: str | None
    undone_at: str | None = None
    undone_by: str | None = None
    batch: str | None = None  # what it was entered with
    table: str | None = None  # of a table of new rows: which one, and how many
    rows: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def new_id() -> str:
    """Return an id of an event or a batch; they sort by time."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    return f"{at}-{secrets.token_hex(4)}"


def keep_event(transaction: Transaction, notice: Notice, by: str, batch: str | None = None) -> str:
    """Write the record of an event; give its id, which sorts by time."""
    id_ = new_id()
    props = {
        "name": notice.kind,
        "person": notice.person,
        "day": notice.on,
        "post": notice.post,
        "destination": notice.to,
        "document": notice.document,
        "state": DONE,
        "at": id_.rpartition("-")[0],
        "made_by": by,
        "reason": notice.reason or None,
        "batch": batch,
    }
    transaction.run(_WRITE, nodes(EVENT, [id_]), id=id_, props=props)
    return id_


def keep_rows(
    transaction: Transaction, table: str, rows: int, day: str, by: str, reason: str
) -> str:
    """Write the record of a table of new rows, the first of some day; give its id."""
    id_ = new_id()
    props = {
        "name": ROWS,
        "person": "",
        "day": day,
        "state": DONE,
        "at": id_.rpartition("-")[0],
        "made_by": by,
        "reason": reason or None,
        "table_name": table,
        "rows": rows,
    }
    transaction.run(_WRITE, nodes(EVENT, [id_]), id=id_, props=props)
    return id_


def events(store: Reader, *, person: str | None = None, limit: int = 100) -> list[KeptEvent]:
    """List events, newest first, also of one person."""
    return [_event(row) for row in store.read(_LIST, person=person, limit=limit)]


def undo_event(store: Store, id_: str, *, by: str) -> list[KeptEvent]:
    """Undo an event, or all of a batch, with all that they brought; give them, newest first.

    Conflict names what later facts stand on one of them; nothing is undone then. What was undone
    before stays so.
    """
    with store.transaction() as transaction:
        rows = transaction.read(_ONE, id=id_) or transaction.read(_BATCH, id=id_)
        if not rows:
            raise NotFound(N_("There is no event %(id)s."), N_("List them."), id=id_)
        found = [_event(row) for row in rows]
        if all(each.state == UNDONE for each in found):
            raise Conflict(
                N_("This event was undone already, on %(day)s by %(by)s."),
                day=(found[0].undone_at or "")[:10],
                by=found[0].undone_by or "?",
            )
        return [_undone(transaction, each, by) for each in found if each.state != UNDONE]


def undone_as_dict(done: list[KeptEvent]) -> dict[str, Any]:
    """Return events that were undone together for JSON: the newest, and all of them in `events`."""
    return {**done[0].as_dict(), "events": [each.as_dict() for each in done]}


def _undone(transaction: Transaction, event: KeptEvent, by: str) -> KeptEvent:
    brought = changes_of_event(transaction, event.id)
    _refuse_later(transaction, event, brought)
    write_rows(transaction, map(_back, brought), by=by, event=event.id + _BACK)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    props = {"state": UNDONE, "undone_at": now, "undone_by": by}
    transaction.run(_WRITE, nodes(EVENT, [event.id]), id=event.id, props=props)
    return _event(transaction.read(_ONE, id=event.id)[0])


def _back(change: Change) -> RowStep:
    """Return the step that makes a row what it was."""
    if change.before is None:
        return RowStep(change.table, None, change.row)
    after = texts_of(change.table, change.after or {})
    return RowStep(
        change.table,
        {**dict.fromkeys(after, ""), **texts_of(change.table, change.before)},
        change.row,
    )


def _refuse_later(transaction: Transaction, event: KeptEvent, brought: list[Change]) -> None:
    """Refuse when a row was changed since, or a later fact of those concerned stands on it."""
    reasons = [
        f"{change.table} {change.row}"
        for change in brought
        if change.after is not None and _now(transaction, change) != dict(change.after)
    ]
    own = {(change.table, change.row) for change in brought}
    last = max((change.id for change in brought), default="")
    is_undone: dict[str, bool] = {}
    stands_on = event.kind != ROWS or any(each.table in _ABOUT for each in brought)
    for person in sorted(_movers(event, brought)) if stands_on else ():
        for change in changes(transaction, about=person, limit=_LOOKED_AT):
            if change.id <= last:
                break
            since = str((change.after or {}).get("since") or "")
            if change.table not in _ABOUT or since < event.on or (change.table, change.row) in own:
                continue
            of_event = (change.event or "").removesuffix(_BACK)
            if of_event and of_event not in is_undone:
                rows = transaction.read(_ONE, id=of_event)
                is_undone[of_event] = bool(rows) and rows[0]["state"] == UNDONE
            if not is_undone.get(of_event, False):
                reasons.append(f"{change.table} {change.row} ({since}, {change.by})")
    if reasons:
        raise Conflict(
            N_("The event cannot be undone: later facts stand on it: %(rows)s."),
            N_("Undo or correct those first; nothing was changed."),
            rows="; ".join(dict.fromkeys(reasons)),
        )


def _movers(event: KeptEvent, brought: list[Change]) -> set[str]:
    """Return whose postings, service and grades an event changed, and whom it is about."""
    values = [change.after or change.before or {} for change in brought]
    named = {str(each["person"]) for each in values if "person" in each}
    return {event.person, *named} - {""}


def _now(transaction: Transaction, change: Change) -> dict[str, Any] | None:
    try:
        return dict(stored(transaction, change.table, change.row).kept)
    except NotFound:
        return None


def _event(row: Row) -> KeptEvent:
    return KeptEvent(**row)
