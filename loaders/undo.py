"""Undo a load as a whole, in one transaction, when nothing later changed its facts.

What it brought is taken out, what it changed becomes what it was. When a later load or a person
changed one of its facts, or something else hangs on them, nothing happens and each is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.changes import BulkChange, changes_of_load, keeping
from graph.errors import N_, Conflict
from graph.schema import (
    CHANGE,
    EDGE_TABLES,
    LOAD,
    NODE_TABLES,
    ORIGIN,
    PROGRAMME,
    TABLES,
    Table,
    table,
)
from graph.store import Reader, Row, Store, Transaction
from graph.tables import pattern, way
from graph.touched import MOST as MOST_MARKS
from graph.touched import Mark, nodes
from graph.upsert import BATCH, Statement, edge_type, run_batch, run_together, upsert_nodes
from loaders.checking.rows import TableReader
from loaders.checking.texts import short_records
from loaders.checking.values import programme_of, unfit
from loaders.current_rows import CurrentRow, current_rows
from loaders.loads import UNDONE, Load, find, set_undone, stored_texts
from loaders.problems import Findings, Place
from loaders.readers import RawTable
from loaders.readers.blocks import of_rows
from loaders.storing import Bringing, writer
from queries.sentences import Sentence, Term, say

Ask = Callable[..., list[Row]]

MOST = 20  # hindrances that are named


class Hindered(Conflict):
    """A load cannot be undone; `reasons` says why, a sentence each."""

    def __init__(self, load: str, reasons: list[Sentence]) -> None:
        super().__init__(
            N_("Load %(load)s cannot be undone: %(reasons)s"),
            N_("Undo or correct that first; nothing was changed."),
            load=load,
            reasons=" ".join(map(str, reasons)),
        )
        self.reasons = reasons

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str | None]:
        """Return message and hint in the language of `translate`, reasons too."""
        reasons = getattr(self, "reasons", None)
        if reasons is not None:
            self.values = {
                **self.values,
                "reasons": " ".join(each.text(translate) for each in reasons),
            }
        return super().translated(translate)


@dataclass
class Undone:
    """What undoing a load did, by table."""

    load: str
    removed: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"load": self.load, "removed": self.removed, "restored": self.restored}


@dataclass(frozen=True)
class _Row:
    """A row that the load changed: what it was at first and what it was at last."""

    before: CurrentRow
    after: dict[str, Any]


def hindrances(store: Store, id_: str) -> list[Sentence]:
    """Return what keeps a load from being undone; nothing when it can be."""
    load = find(store, id_)
    if load.state == UNDONE:
        return [say(N_("It was undone already."))]
    return _hindrances(store, load, _changed(store, load))


def undo(store: Store, id_: str, *, by: str) -> Undone:
    """Undo a load; Hindered, and nothing changed, when something later is in the way."""
    with store.transaction() as transaction:
        load = find(transaction, id_)
        if load.state == UNDONE:
            raise Hindered(id_, [say(N_("It was undone already."))])
        changed = _changed(transaction, load)
        reasons = _hindrances(transaction, load, changed)
        if reasons:
            raise Hindered(id_, reasons)
        done = Undone(id_)
        for of in EDGE_TABLES:
            _restore(transaction, of, changed.get(of.name, {}), by, load, done)
            _remove(transaction, of, load, done)
        for of in NODE_TABLES:
            _restore(transaction, of, changed.get(of.name, {}), by, load, done)
        for of in NODE_TABLES:
            _remove(transaction, of, load, done)
        _restore_texts(transaction, load)
        _confirm(transaction, load, changed)
        set_undone(transaction, id_, by)
    store.checkpoint()
    return done


# --- what is in the way --------------------------------------------------------------------------


def _changed(store: Reader, load: Load) -> dict[str, dict[str, _Row]]:
    """Return what the load changed, by table and row."""
    found: dict[str, dict[str, _Row]] = {}
    after = ""
    while page := changes_of_load(store, load.id, after, BATCH):
        after = page[-1].id
        for change in page:
            rows = found.setdefault(change.table, {})
            before = CurrentRow(dict(change.before or {}), change.origin, frozenset())
            if change.row in rows:
                before = rows[change.row].before
            rows[change.row] = _Row(before, dict(change.after or {}))
    return found


def _hindrances(store: Reader, load: Load, changed: dict[str, dict[str, _Row]]) -> list[Sentence]:
    ask = store.read
    reasons: list[Sentence] = []
    for every in (
        _later_changes(ask, load),
        _other_values(ask, changed),
        _hanging(ask, load, changed),
        _later_texts(store, load),
    ):
        for reason in every:
            if str(reason) not in map(str, reasons):
                reasons.append(reason)
            if len(reasons) == MOST:
                return [*reasons, say(N_("There may be more."))]
    return reasons


def _later_changes(ask: Ask, load: Load) -> Iterator[Sentence]:
    """Name what a person or a later load changed of what the load brought or changed."""
    prefix = f"{load.id}:"
    last = load.at
    # The wording of a programme is in the history too; `_later_texts` looks at that.
    tables = [each.name for each in TABLES]
    while rows := ask(_LATER, after=last, load=load.id, tables=tables, limit=BATCH):
        last = rows[-1]["id"]
        ids_by_table: dict[str, list[str]] = {}
        for row in rows:
            ids_by_table.setdefault(row["table"], []).append(row["row"])
        touched = {
            (name, id_)
            for name, ids in ids_by_table.items()
            for id_, now in current_rows(ask, table(name), sorted(set(ids))).items()
            if (now.origin or "").startswith(prefix)
        }
        for row in rows:
            if row["load"] is not None and (row["origin"] or "").startswith(prefix):
                yield say(
                    N_("Load %(later)s changed %(row)s in %(table)s."),
                    later=row["load"],
                    row=row["row"],
                    table=Term("tables", row["table"]),
                )
            elif row["load"] is None and (row["table"], row["row"]) in touched:
                yield say(
                    N_("%(by)s changed %(row)s in %(table)s by hand on %(day)s."),
                    by=row["by"],
                    row=row["row"],
                    table=Term("tables", row["table"]),
                    day=row["at"][:10],
                )


def _other_values(ask: Ask, changed: dict[str, dict[str, _Row]]) -> Iterator[Sentence]:
    """Name rows that the load changed and that are now neither what it made of them nor before."""
    for name, rows in changed.items():
        for ids in _batches(rows):
            now = current_rows(ask, table(name), ids)
            for id_ in ids:
                there = now.get(id_)
                if not rows[id_].after and there is None:
                    continue  # the load took it out
                if there is None:
                    yield say(
                        N_("%(row)s in %(table)s was taken out since."),
                        row=id_,
                        table=Term("tables", name),
                    )
                elif there.values not in (rows[id_].after, rows[id_].before.values):
                    yield say(
                        N_("%(row)s in %(table)s was changed since."),
                        row=id_,
                        table=Term("tables", name),
                    )


def _hanging(ask: Ask, load: Load, changed: dict[str, dict[str, _Row]]) -> Iterator[Sentence]:
    """Name what hangs on nodes that the load brought and is not of the load itself."""
    prefix = f"{load.id}:"
    for of in EDGE_TABLES:
        source = of.references[0]
        for target in of.references[1:]:
            statement = (
                f"MATCH (a:{source.label})-[e:{of.edge}]->(b:{target.label})\n"
                f"WHERE (a.{ORIGIN} STARTS WITH $prefix OR b.{ORIGIN} STARTS WITH $prefix)\n"
                f"  AND NOT (coalesce(e.{ORIGIN}, '') STARTS WITH $prefix)\n"
                f"RETURN a.id AS a, b.id AS b, a.{ORIGIN} AS of_a, b.{ORIGIN} AS of_b\n"
                "ORDER BY a, b"
            )
            for row in ask(statement, prefix=prefix):
                for end, label in (("a", source.label), ("b", target.label)):
                    name = _table_of(label).name
                    if not (row[f"of_{end}"] or "").startswith(prefix):
                        continue
                    if row[end] not in changed.get(name, {}):
                        yield say(
                            N_("%(id)s has an entry of %(table)s that came otherwise."),
                            id=row[end],
                            table=Term("tables", of.name),
                        )
    for of in NODE_TABLES:
        for reference in of.references:
            statement = (
                f"MATCH (o:{of.label}){way(reference)}(r:{reference.label})\n"
                f"WHERE r.{ORIGIN} STARTS WITH $prefix\n"
                f"  AND NOT (coalesce(o.{ORIGIN}, '') STARTS WITH $prefix)\n"
                "RETURN o.id AS owner, r.id AS id\nORDER BY owner, id"
            )
            held = changed.get(_table_of(reference.label).name, {})
            for row in ask(statement, prefix=prefix):
                if row["id"] not in held:
                    yield say(
                        N_("%(owner)s in %(table)s, which came otherwise, names %(id)s."),
                        owner=row["owner"],
                        table=Term("tables", of.name),
                        id=row["id"],
                    )


def _later_texts(store: Reader, load: Load) -> Iterator[Sentence]:
    if load.texts:
        after = load.texts["after"]
        now = stored_texts(store, load.texts["programme"], list(after))
        if now not in (after, load.texts["before"]):
            yield say(N_("The programme %(id)s was changed since."), id=load.texts["programme"])
        rules = (load.texts["before"] or {}).get("rules")
        for one in short_records(store, programme_of(rules), load.id):
            yield say(
                N_("What it asked of %(kind)s is missing in %(count)s records."),
                count=len(one.ids),
                kind=Term("record_kinds", one.kind.key),
            )
        for each in unfit(store, programme_of(rules), load.id):
            yield say(
                N_("%(count)s entries of %(table)s hold “%(value)s”, which it did not have."),
                count=each.count,
                table=Term("tables", each.table.name),
                value=each.value,
            )


_LATER = f"""\
MATCH (l:{LOAD})
WHERE l.state = '{UNDONE}'
WITH collect(l.id) AS undone
MATCH (c:{CHANGE})
WHERE c.id > $after AND c.at IS NOT NULL AND (c.load IS NULL OR c.load <> $load)
  AND NOT (coalesce(c.load, '') IN undone) AND c.table_name IN $tables
RETURN c.id AS id, c.at AS at, c.made_by AS by, c.table_name AS table, c.row AS row,
  c.load AS load, c.origin AS origin
ORDER BY id
LIMIT $limit"""


# --- undoing -------------------------------------------------------------------------------------


def _restore(
    transaction: Transaction,
    of: Table,
    rows: dict[str, _Row],
    by: str,
    load: Load,
    done: Undone,
) -> None:
    """Make changed rows what they were, with the origin they had."""
    headings = [column.heading for column in of.file_columns]
    for ids in _batches(rows):
        cells = [[_text(rows[id_].before.values.get(each)) for each in headings] for id_ in ids]
        block = of_rows([headings, *cells])
        raw = RawTable(of, Place(), lambda block=block: iter([block]))  # type: ignore[misc]
        findings = Findings()
        reader = TableReader(raw, findings)
        typed = [row for batch in reader.batches() for row in batch.rows]
        made = writer(transaction, reader, Bringing())
        made.merge(typed)
        made.finish()
        origins = [{"id": id_, "origin": rows[id_].before.origin} for id_ in ids]
        text = f"UNWIND $rows AS row\nMATCH {pattern(of, 'row.id')}\nSET n.{ORIGIN} = row.origin"
        what = of.label or edge_type(of.edge)
        run_batch(transaction, Statement(text, what), origins)
        kept = [BulkChange(id_, rows[id_].after, rows[id_].before.values, None, []) for id_ in ids]
        run_together(transaction, [keeping(of.name, by, load.id, kept)])
    if rows:
        done.restored[of.name] = len(rows)


def _remove(transaction: Transaction, of: Table, load: Load, done: Undone) -> None:
    """Take out what the load brought and nobody changed back."""
    found = f"MATCH {pattern(of)}\nWHERE n.{ORIGIN} STARTS WITH $prefix\n"
    prefix = f"{load.id}:"
    (row,) = transaction.run(found + "RETURN count(n) AS count", prefix=prefix)
    if row["count"]:
        touched = list(_taken_out(transaction, of, prefix)) if row["count"] <= MOST_MARKS else None
        transaction.run(f"{found}{'DETACH ' if of.label else ''}DELETE n", touched, prefix=prefix)
        done.removed[of.name] = row["count"]


def _taken_out(transaction: Transaction, of: Table, prefix: str) -> Iterator[Mark]:
    """Yield what taking out rows touches: themselves, and the nodes that they name."""
    where = f"WHERE n.{ORIGIN} STARTS WITH $prefix"
    if not of.label:
        statement = (
            f"MATCH (a)-[n:{of.edge}]->(b)\n{where}\nRETURN n.id AS id, a.id AS a, b.id AS b"
        )
        source, *targets = of.references
        for row in transaction.read(statement, prefix=prefix):
            yield of.edge, "", row["id"]
            yield of.edge, source.label, row["a"]
            yield from ((of.edge, target.label, row["b"]) for target in targets)
        return
    statement = f"MATCH (n:{of.label})\n{where}\nRETURN n.id AS id"
    yield from nodes(of.label, (row["id"] for row in transaction.read(statement, prefix=prefix)))
    for each in of.references:
        named = f"MATCH (n:{of.label}){way(each)}(r:{each.label})\n{where}\n"
        for row in transaction.read(named + "RETURN DISTINCT r.id AS id", prefix=prefix):
            yield each.edge, each.label, row["id"]


def _restore_texts(transaction: Transaction, load: Load) -> None:
    if not load.texts:
        return
    id_, before = load.texts["programme"], load.texts["before"]
    if before is None:
        statement = f"MATCH (p:{PROGRAMME} {{id: $id}})\nDETACH DELETE p"
        transaction.run(statement, nodes(PROGRAMME, [id_]), id=id_)
    else:
        upsert_nodes(transaction, PROGRAMME, [{"id": id_, "props": before}])


def _confirm(transaction: Transaction, load: Load, changed: dict[str, dict[str, _Row]]) -> None:
    """Make sure that every changed row is what it was; an error rolls all of it back."""
    wrong = []
    for name, rows in changed.items():
        for ids in _batches(rows):
            now = current_rows(transaction.run, table(name), ids)
            wrong += [
                say(
                    N_("%(row)s in %(table)s cannot be made what it was."),
                    row=id_,
                    table=Term("tables", name),
                )
                for id_ in ids
                if id_ not in now or now[id_].values != rows[id_].before.values
            ]
    if wrong:
        raise Hindered(load.id, wrong[:MOST])


def _batches(rows: Iterable[str]) -> Iterator[list[str]]:
    ids = list(rows)
    for begin in range(0, len(ids), BATCH):
        yield ids[begin : begin + BATCH]


def _table_of(label: str) -> Table:
    return next(each for each in NODE_TABLES if each.label == label)


def _text(value: Any) -> str | None:
    """Return a value as the text of a cell."""
    if value is None:
        return None
    return ";".join(value) if isinstance(value, list) else str(value)
