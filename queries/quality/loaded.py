"""What loads warned of, kept until somebody changes the row or accepts it: nothing of it is lost.

Warnings that are also found in the data themselves are told there. What a load told of a row lapses
when the row is changed or taken out; what it told of a file, when the same set is loaded again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graph import tables
from graph.cache import per_version
from graph.errors import N_
from graph.schema import CHANGE, LOAD, Table, table
from graph.store import Row, Store
from queries.quality.finding import FilePlace, QualityFinding
from queries.sentences import Term

# Warnings of a file that are judged in the data too, and as what.
ALSO_FOUND = {
    "overlapping-posts": ("overlap", "end_not_recorded"),
    "over-capacity": ("over_capacity",),
    "mentoring-cycle": ("mentor_circle",),
}
_LOADS = f"""
MATCH (l:{LOAD})
WHERE l.state = 'done'
RETURN l.id AS id, l.name AS name, l.number AS number, l.ended AS ended, l.problems AS problems
ORDER BY number DESC
"""
_CHANGED = f"""
MATCH (c:{CHANGE})
WHERE c.row IN $rows AND c.table_name = $table
RETURN c.row AS row, max(c.at) AS at
"""


# Changes after a moment, of which those about somebody or something are looked out.
_ABOUT = f"""
MATCH (c:{CHANGE})
WHERE c.at > $after
UNWIND c.about AS what
WITH what, c.at AS at
WHERE what IN $ids
RETURN what, max(at) AS at
"""


class SeenLoads(NamedTuple):
    """What loads told and what became of the rows: newest load first."""

    told: tuple[tuple[Row, dict[str, Any]], ...]  # a load, a problem that it told


@per_version(1)
def seen_loads(store: Store) -> SeenLoads:
    """Read what loads told and what of it still stands; a warning about a file has no day."""
    told: list[tuple[Row, dict[str, Any]]] = []
    newer: set[str] = set()
    known: set[tuple[object, ...]] = set()
    for load in store.read(_LOADS):
        for problem in json.loads(load["problems"] or "[]"):
            name = _same(problem)
            if name not in known and (problem["id"] or load["name"] not in newer):
                told.append((load, problem))
                known.add(name)
        newer.add(load["name"])
    return SeenLoads(tuple(_standing(store, told)))


def _same(problem: Mapping[str, Any]) -> tuple[object, ...]:
    names = ("code", "table", "id") if problem["id"] else ("code", "file", "sheet", "row")
    return tuple(problem[name] for name in (*names, "column", "value"))


def _standing(
    store: Store, told: list[tuple[Row, dict[str, Any]]]
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the problems whose row is as it was loaded, each with the people in the row."""
    ids: dict[str, set[str]] = defaultdict(set)
    for _, problem in told:
        if problem["id"]:
            ids[problem["table"]].add(problem["id"])
    rows = {name: _rows(store, table(name), sorted(wanted)) for name, wanted in ids.items()}
    beside = _changed_beside(store, told)
    for load, problem in told:
        ended = load["ended"] or ""
        if beside.get(_about(problem), "") > ended:
            continue
        if not problem["id"]:
            yield load, {**problem, "people": ()}
            continue
        row = rows[problem["table"]].get(problem["id"])
        if row is not None and row.changed_at <= ended:
            yield load, {**problem, "people": row.people}


def _about(problem: Mapping[str, Any]) -> str:
    """Return the person or post whose rows together a problem is about; empty for one row."""
    return str(problem["value"]) if problem["code"] in ALSO_FOUND else ""


def _changed_beside(store: Store, told: list[tuple[Row, dict[str, Any]]]) -> dict[str, str]:
    """Return when anything about the people and posts of problems of several rows was changed."""
    ids = sorted({name for _, problem in told if (name := _about(problem))})
    if not ids:
        return {}
    first = min(load["ended"] or "" for load, problem in told if _about(problem))
    return {row["what"]: row["at"] for row in store.read(_ABOUT, after=first, ids=ids)}


class _LoadedRow(NamedTuple):
    people: tuple[str, ...]
    changed_at: str  # UTC, ISO; empty: never


def _rows(store: Store, of: Table, ids: list[str]) -> dict[str, _LoadedRow]:
    """Return the people whom stored rows name, and when they were changed last."""
    heads = [each.heading for each in of.references if each.label == "Person"]
    text = tables.statement(of, tables.IDS, of.references or of.columns[:1])
    changed = {row["row"]: row["at"] for row in store.read(_CHANGED, rows=ids, table=of.name)}
    return {
        row["id"]: _LoadedRow(
            (row["id"],) if of.label == "Person" else tuple(row[h] for h in heads if row[h]),
            changed.get(row["id"], ""),
        )
        for row in store.read(text, ids=ids)
    }


def load_warning(seen: SeenLoads) -> Iterator[QualityFinding]:
    """Tell what loads warned of: the row is stored."""
    return _told(seen, "warning", "load_warning")


def load_left_out(seen: SeenLoads) -> Iterator[QualityFinding]:
    """Tell which rows loads left out, as wrong: nothing of them is stored."""
    return _told(seen, "error", "load_left_out")


def _told(seen: SeenLoads, severity: str, kind: str) -> Iterator[QualityFinding]:
    for load, problem in seen.told:
        if problem["severity"] != severity:
            continue
        row = problem["id"]
        place = FilePlace(load["id"], problem["file"], problem["sheet"], problem["row"])
        # `Term("titles", ...)` holds a text in both languages.
        text = Term("titles", f"{problem['zh']}\n{problem['en']}")
        told = _same(problem)
        yield QualityFinding(
            kind,
            "/".join(str(each) for each in told if each is not None),
            problem["people"],
            problem["table"] if row else None,
            row,
            N_("%(column)s: %(text)s") if problem["column"] else N_("%(text)s"),
            {"column": problem["column"], "text": text},
            (*told, problem["count"]),
            None,
            place,
        )


def without_found(
    warnings: Iterator[QualityFinding], found: Mapping[str, set[str]]
) -> Iterator[QualityFinding]:
    """Leave out what the data themselves show: `found` has people, rows and posts by kind."""
    for each in warnings:
        code, *rest = each.facts
        kinds = ALSO_FOUND.get(str(code), ())
        named = {str(part) for part in rest if part is not None}
        if not any(named & found.get(kind, set()) for kind in kinds):
            yield each
