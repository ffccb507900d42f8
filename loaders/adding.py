"""New rows of one table stored together: one question of what is there, one write, one history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from graph import tables
from graph.changes import AddedRow, keep_added
from graph.store import Transaction
from loaders.checking.rows import Row, TableReader
from loaders.current_rows import current_rows
from loaders.load import store_rows


def add_together(
    transaction: Transaction,
    reader: TableReader,
    rows: Sequence[Row],
    reasons: Sequence[str],
    *,
    by: str,
    event: str,
) -> tuple[list[str], list[int]]:
    """Store checked rows as new ones; give their ids, and the places of those stored already.

    Nothing is stored when any is there. Each row has its own reason, which may be empty.
    """
    of = reader.table
    ids = [reader.id(row) for row in rows]
    there = current_rows(transaction.read, of, ids)
    own, known = [], []
    for at, (row, id_) in enumerate(zip(rows, ids, strict=True)):
        if id_ in there:
            id_ = id_of_new(reader, row, there[id_].values)
            ids[at] = id_
            if id_ in there:
                known.append(at)
        own.append(with_id(reader, row, id_) if "id" in reader.at else row)
    if known:
        return ids, known
    store_rows(transaction, reader, own)
    after = current_rows(transaction.read, of, ids)
    added = [
        AddedRow(id_, after[id_].values, after[id_].named(of, {}), reason or None)
        for id_, reason in zip(ids, reasons, strict=True)
    ]
    keep_added(transaction, of.name, by, event, added)
    return ids, []


def id_of_new(reader: TableReader, row: Row, there: Mapping[str, Any]) -> str:
    """Return the id of a new row whose own one belongs to a stored row.

    A derived id is free again where the stored row was corrected since: a token is added to it.
    """
    id_ = reader.id(row)
    is_given = "id" not in reader.at or row[reader.at["id"]] is not None
    values = tables.given(reader.table.columns, {h: row[at] for h, at in reader.at.items()})
    keys = [column.heading for column in reader.table.columns if column.key]
    is_same = all(there.get(key) == values.get(key) for key in keys)
    return id_ if is_given or is_same else f"{id_}-{secrets.token_hex(3)}"


def with_id(reader: TableReader, row: Row, id_: str) -> Row:
    """Return a row with an id in the cell for it."""
    place = reader.at["id"]
    return (*row[:place], id_, *row[place + 1 :])
