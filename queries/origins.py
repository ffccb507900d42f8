"""Where a fact is from: the load that brought it, the file and the row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from graph.schema import LOAD, ORIGIN, Table
from graph.store import Store


@dataclass(frozen=True)
class Origin:
    """Where a fact is from; no row where a question of the catalogue derived it."""

    load: str
    name: str
    at: str
    file: str | None
    sheet: str | None
    row: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


_LOADS = f"""
MATCH (l:{LOAD})
WHERE l.id IN $ids
RETURN l.id AS id, l.name AS name, l.at AS at, l.tables AS tables
ORDER BY id
"""


def origins(store: Store, of: Table, found: Iterable[str | None]) -> dict[str, Origin]:
    """Return where rows of a table are from, by what they hold in `origin`."""
    wanted = {each for each in found if each}
    ids = sorted({each.partition(":")[0] for each in wanted})
    if not ids:
        return {}
    load_by_id = {row["id"]: row for row in store.read(_LOADS, ids=ids)}
    told = {}
    for each in wanted:
        id_, _, number = each.partition(":")
        load = load_by_id.get(id_)
        if load:
            place = json.loads(load["tables"] or "{}").get(of.name, {})
            told[each] = Origin(
                id_,
                load["name"],
                load["at"],
                place.get("file"),
                place.get("sheet"),
                int(number) or None,
            )
    return told


def origin_of(store: Store, of: Table, id_: str) -> Origin | None:
    """Return where one row is from; None where it was entered by hand or is not stored."""
    pattern = f"(n:{of.label} {{id: $id}})" if of.label else f"()-[n:{of.edge} {{id: $id}}]->()"
    rows = store.read(f"MATCH {pattern}\nRETURN n.{ORIGIN} AS origin", id=id_)
    return next(iter(origins(store, of, [row["origin"] for row in rows]).values()), None)
