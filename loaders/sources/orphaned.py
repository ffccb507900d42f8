"""Derived edges that their question no longer gives, once a source is loaded again.

Only edges that earlier loads of the same source derived are taken out, and the second labels that
they alone gave. What they were is kept, so that undoing the load brings them back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from graph.changes import BulkChange, keeping
from graph.schema import CHANGE, LOAD, ORIGIN, Labels, table
from graph.store import Reader, Store, Transaction
from graph.upsert import BATCH, Statement, edge_type, run_together
from loaders.current_rows import current_rows
from loaders.storing import Bringing

_PAGE = 50_000


Turn = Store | Transaction


def remove_orphaned(
    store: Store,
    turn: Callable[[], AbstractContextManager[Turn]],
    source: str,
    bringing: Bringing,
    kept: set[str],
) -> int:
    """Take out the derived edges of a source but for the kept ids; give their number.

    Each batch is looked at and taken out in a `turn`, in which nobody else writes.
    """
    rows = store.read(
        f"MATCH (l:{LOAD})\nWHERE l.source = $source AND l.id <> $id\n"
        "RETURN l.id AS id\nORDER BY id",
        source=source,
        id=bringing.load,
    )
    loads = {row["id"] for row in rows}
    orphaned = list(_orphaned(store, loads, kept)) if loads else []
    for begin in range(0, len(orphaned), BATCH):
        with turn() as held:
            _remove(held, bringing, loads | {bringing.load}, orphaned[begin : begin + BATCH])
    return len(orphaned)


def _orphaned(store: Store, loads: set[str], kept: set[str]) -> Iterator[str]:
    of, last = table("mentoring"), ""
    while page := store.read(
        f"MATCH ()-[e:{of.edge}]->()\nWHERE e.derived_by IS NOT NULL AND e.id > $last\n"
        f"RETURN e.id AS id, e.{ORIGIN} AS origin\nORDER BY id\nLIMIT $limit",
        last=last,
        limit=_PAGE,
    ):
        last = page[-1]["id"]
        for row in page:
            if row["id"] not in kept and (row["origin"] or "").partition(":")[0] in loads:
                yield row["id"]


def _remove(store: Turn, bringing: Bringing, loads: set[str], ids: list[str]) -> None:
    of = table("mentoring")
    before = current_rows(store.read, of, ids)
    gone = [
        BulkChange(id_, row.values, None, row.origin, row.named(of, {}))
        for id_, row in before.items()
    ]
    bringing.counts[of.name].changed += len(gone)
    text = f"UNWIND $rows AS row\nMATCH ()-[e:{of.edge} {{id: row.id}}]->()\nDELETE e"
    delete = Statement(text, edge_type(of.edge))
    kept = keeping(of.name, bringing.by, bringing.load, gone)
    run_together(store, [kept, (delete, [{"id": id_} for id_ in ids]), *bringing.counting()])
    people = table("people")
    assert people.labels
    for end in of.references:
        named = sorted({row.values[end.heading] for row in before.values()})
        role = next(value for value, label in people.labels.label_by_value if label == end.adds)
        _unlabel(store, bringing, people.labels, role, _given(store, role, named, loads))


def _given(store: Reader, role: str, ids: list[str], loads: set[str]) -> list[str]:
    """Return those whose role was last given by one of the loads, to tell from one in a file."""
    last: dict[str, bool] = {}
    for row in store.read(
        f"UNWIND $ids AS id\nMATCH (c:{CHANGE} {{row: id}})\nWHERE c.table_name = 'people'\n"
        "RETURN c.id AS id, c.row AS row, c.load AS load, c.before AS before, c.after AS after\n"
        "ORDER BY id",
        ids=ids,
    ):
        held = [
            role in (json.loads(row[name] or "null") or {}).get("roles", ())
            for name in ("before", "after")
        ]
        if held[0] != held[1]:
            last[row["row"]] = held[1] and row["load"] in loads
    return [id_ for id_ in ids if last.get(id_)]


def _unlabel(store: Turn, bringing: Bringing, labels: Labels, role: str, ids: list[str]) -> None:
    """Take a role from those to whom no edge gives it any more."""
    people = table("people")
    label = dict(labels.label_by_value)[role]
    changed = []
    for id_, before in current_rows(store.read, people, ids).items() if ids else ():
        roles = before.values.get(labels.heading, [])
        if role in roles and label not in before.given:
            left = [each for each in roles if each != role]
            after = {**before.values, labels.heading: left}
            if not left:
                del after[labels.heading]
            changed.append(BulkChange(id_, before.values, after, before.origin, []))
    if changed:
        kept = keeping(people.name, bringing.by, bringing.load, changed)
        text = f"UNWIND $rows AS row\nMATCH (n:{people.label} {{id: row.id}})\nREMOVE n:{label}"
        remove = Statement(text, people.label)
        run_together(store, [kept, (remove, [{"id": each.row} for each in changed])])
