"""The records of loads: each with when, by whom, what it brought.

A load is a node `(:Load)`; what it brought or changed says so in its `origin` ("12:345": load and
row). Loads are numbered in order. Undoing one is in `loaders.undo`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, NotFound
from graph.schema import LOAD, ORIGIN, PROGRAMME, TABLES, Table
from graph.store import Reader, Row, Store, Transaction
from graph.touched import nodes
from graph.upsert import Statement, upsert_nodes
from loaders.problems import Place
from loaders.storing import Counts, Job

RUNNING, DONE, UNDONE = "running", "done", "undone"
_COUNTER = "counter"
_VERSION = 1  # of what is kept of a load


@dataclass(frozen=True)
class Brought:
    """What a load did to one table, and the file that it read."""

    file: str | None = None
    sheet: str | None = None
    new: int = 0
    changed: int = 0
    same: int = 0

    @property
    def rows(self) -> int:
        """Count the rows that it went through."""
        return self.new + self.changed + self.same


@dataclass(frozen=True)
class Load:
    """One load; `running` also where it was killed and never ended."""

    id: str
    name: str  # of the data set
    at: str  # UTC, ISO
    ended: str | None
    by: str
    state: str
    skipped: int
    tables: dict[str, Brought]
    undone_at: str | None = None
    undone_by: str | None = None
    texts: dict[str, Any] | None = None  # what it changed of the programme

    @property
    def new(self) -> int:
        """Count the rows that were not there before."""
        return sum(each.new for each in self.tables.values())

    @property
    def changed(self) -> int:
        """Count the stored rows that it changed."""
        return sum(each.changed for each in self.tables.values())

    @property
    def same(self) -> int:
        """Count the rows that were stored like that already."""
        return sum(each.same for each in self.tables.values())

    def as_dict(self) -> LoadRow:
        """Return it as plain values."""
        found = asdict(self) | {"new": self.new, "changed": self.changed, "same": self.same}
        del found["texts"]
        return found


LoadRow = Annotated[
    Row, FieldsOf(Load, "LoadRecord", without=("texts",), new=int, changed=int, same=int)
]


class ToldProblem(TypedDict):
    """A problem that a load told, as it is kept: in both languages, with the stored row if any."""

    code: str
    severity: str
    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    value: str | None
    count: int
    zh: str
    en: str
    table: str | None
    id: str | None


# --- keeping a load ------------------------------------------------------------------------------


def begin(store: Store, name: str, by: str, places: Mapping[str, Place], source: str = "") -> str:
    """Write the record of a load that begins, with the file of each table; give its id.

    `source` is the name of a declared source.
    """
    with store.transaction() as transaction:
        (row,) = transaction.run(
            f"MERGE (c:{LOAD} {{id: $counter}})\n"
            "SET c.name = $counter, c.number = coalesce(c.number, 0) + 1\n"
            "RETURN c.number AS number",
            nodes(LOAD, [_COUNTER]),
            counter=_COUNTER,
        )
        id_ = str(row["number"])
        _set(
            transaction,
            id_,
            name=name,
            number=row["number"],
            at=_now(),
            made_by=by,
            source=source,
            state=RUNNING,
            version=_VERSION,
            tables=_tables(places, {}),
        )
    return id_


def end(
    store: Store | Transaction,
    id_: str,
    counts: Mapping[str, Counts],
    places: Mapping[str, Place],
    skipped: int,
    told: Sequence[ToldProblem] = (),
) -> None:
    """Write what a load brought and what it told of the files; it is done."""
    tables = _tables(places, counts)
    problems = json.dumps(told, ensure_ascii=False) if told else None
    _set(store, id_, state=DONE, ended=_now(), skipped=skipped, tables=tables, problems=problems)


def counting(id_: str, counts: Mapping[str, Counts], places: Mapping[str, Place]) -> Job:
    """Return the statement writing what a load brought so far, to be run with what it counts."""
    rows = [{"id": id_, "tables": _tables(places, counts)}]
    text = f"UNWIND $rows AS row\nMATCH (l:{LOAD} {{id: row.id}})\nSET l.tables = row.tables"
    return Statement(text, LOAD), rows


def _tables(places: Mapping[str, Place], counts: Mapping[str, Counts]) -> str:
    tables = {}
    for name in {**places, **counts}:
        place, each = places.get(name, Place()), counts.get(name, Counts())
        tables[name] = asdict(Brought(place.file, place.sheet, each.new, each.changed, each.same))
    return json.dumps(tables, ensure_ascii=False)


def store_texts(transaction: Transaction, id_: str, programme: str, props: dict[str, Any]) -> None:
    """Store what a load brings of a programme, and what it was before, unless it is the same."""
    before = stored_texts(transaction, programme, list(props))
    if before == props:
        return
    texts = {"programme": programme, "before": before, "after": props}
    _set(transaction, id_, texts=json.dumps(texts, ensure_ascii=False))
    upsert_nodes(transaction, PROGRAMME, [{"id": programme, "props": props}])


def stored_texts(store: Reader, programme: str, names: list[str]) -> Row | None:
    """Return some properties of a stored programme; None when there is none."""
    returned = ", ".join(f"p.{name} AS {name}" for name in names)
    rows = store.read(f"MATCH (p:{PROGRAMME} {{id: $id}})\nRETURN {returned}", id=programme)
    return rows[0] if rows else None


def set_undone(transaction: Transaction, id_: str, by: str) -> None:
    """Write that a load was undone."""
    _set(transaction, id_, state=UNDONE, undone_at=_now(), undone_by=by)


def _set(store: Store | Transaction, id_: str, **props: Any) -> None:
    statement = f"MERGE (l:{LOAD} {{id: $id}})\nSET l += $props"
    run = store.run if isinstance(store, Transaction) else store.write
    run(statement, nodes(LOAD, [id_]), id=id_, props=props)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


# --- reading -------------------------------------------------------------------------------------


def loads(store: Store) -> list[Load]:
    """List the loads, newest first."""
    return [
        _load(row)
        for row in store.read(
            f"MATCH (l:{LOAD})\nWHERE l.id <> $counter\n{_RETURN}\nORDER BY l.number DESC",
            counter=_COUNTER,
        )
    ]


def completed_by(store: Reader, load: Load) -> str | None:
    """Return the load that stored the rest of one that did not end: the same files, all rows."""
    if load.state != RUNNING:
        return None
    statement = (
        f"MATCH (l:{LOAD})\nWHERE l.name = $name AND l.number > $number AND l.state = $done\n"
        f"{_RETURN}\nORDER BY l.number"
    )
    rows = store.read(statement, name=load.name, number=int(load.id), done=DONE)
    return next((each.id for each in map(_load, rows) if _holds(each, load)), None)


def _holds(whole: Load, part: Load) -> bool:
    for name, of in part.tables.items():
        other = whole.tables.get(name, Brought())
        if (other.file, other.sheet) != (of.file, of.sheet) or other.rows < of.rows:
            return False
    return True


def find(store: Reader, id_: str) -> Load:
    """Return one load; NotFound when there is none."""
    statement = f"MATCH (l:{LOAD} {{id: $id}})\n{_RETURN}"
    rows = [] if id_ == _COUNTER else store.read(statement, id=id_)
    if not rows:
        raise NotFound(N_("There is no load %(id)s."), N_("See the list of loads."), id=id_)
    return _load(rows[0])


class BroughtRow(TypedDict):
    """A row that a load wrote last."""

    id: str
    name: str | None
    other: str | None  # what a tie leads to
    origin: str
    row: int | None


def brought(store: Store, id_: str, of: Table, limit: int = 200) -> list[BroughtRow]:
    """List rows that a load last wrote, by their number in the file: id, what they are, row."""
    if of.label:
        statement = (
            f"MATCH (n:{of.label})\nWHERE n.{ORIGIN} STARTS WITH $prefix\n"
            f"RETURN n.id AS id, n.name AS name, null AS other, n.{ORIGIN} AS origin"
        )
    else:
        statement = (
            f"MATCH (a)-[e:{of.edge}]->(b)\nWHERE e.{ORIGIN} STARTS WITH $prefix\n"
            f"RETURN e.id AS id, a.name AS name, b.name AS other, e.{ORIGIN} AS origin"
        )
    # By length first, so that row 10 comes after row 9.
    order = "\nORDER BY size(origin), origin, id\nLIMIT $limit"
    rows = store.read(statement + order, prefix=f"{id_}:", limit=limit)
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "other": row["other"],
            "origin": row["origin"],
            "row": int(row["origin"].partition(":")[2]) or None,
        }
        for row in rows
    ]


_RETURN = (
    "RETURN l.id AS id, l.name AS name, l.at AS at, l.ended AS ended, l.made_by AS by, "
    "l.state AS state, l.skipped AS skipped, l.tables AS tables, l.undone_at AS undone_at, "
    "l.undone_by AS undone_by, l.texts AS texts"
)


def _load(row: Row) -> Load:
    tables = json.loads(row["tables"] or "{}")
    order = [table.name for table in TABLES if table.name in tables]
    return Load(
        **{
            **row,
            "by": row["by"] or "",
            "skipped": row["skipped"] or 0,
            "tables": {name: Brought(**tables[name]) for name in order},
            "texts": json.loads(row["texts"]) if row["texts"] else None,
        }
    )
