"""What was written between two versions of the data: which nodes and edges, not what of them.

Whoever keeps an answer that is dear to make asks `Store.touched_since` and mends what changed. A
mark names one thing: a node by its first label and id; an edge by its type and id, or by its type
and a node at one of its ends, with that node's label. Any of them may stand alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graph.schema import EdgeType

Mark = tuple[str, str, str]  # kind of node or edge; label of the end that it names, or ""; id

MOST = 2_000  # marks of one write; whoever writes more has everything read anew
NOTHING: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Touched:
    """What was written after one version and, at least, up to another."""

    version: str
    marks: frozenset[Mark]

    @cached_property
    def _ids(self) -> Mapping[tuple[str, str], frozenset[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for kind, end, id_ in self.marks:
            found.setdefault((kind, end), set()).add(id_)
        return {key: frozenset(ids) for key, ids in found.items()}

    def ids(self, kind: str, end: str = "") -> frozenset[str]:
        """Return the ids of a label or an edge type; with `end`, of the nodes at its edges' ends.

        >>> Touched("2", frozenset({("IN", "Post", "p")})).ids("IN", end="Post")
        frozenset({'p'})
        """
        return self._ids.get((kind, end), frozenset())


def nodes(label: str, ids: Iterable[str]) -> list[Mark]:
    """Return the marks of nodes of a label."""
    return [(label, "", id_) for id_ in ids]


def edges(type_: str, ids: Iterable[str]) -> list[Mark]:
    """Return the marks of edges of a type by their own ids."""
    return [(type_, "", id_) for id_ in ids]


def of_rows(what: str | EdgeType, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mark]:
    """Yield the marks of rows of a statement: nodes of a label (`id`), or edges, and their ends.

    The former ends of an edge that a row moves are not told: the edge's id is.
    """
    if isinstance(what, str):
        yield from nodes(what, (row["id"] for row in rows))
        return
    for row in rows:
        if row.get("id") is not None:
            yield what.type, "", row["id"]
        for end, label in (("source", what.source), ("target", what.target)):
            if row.get(end) is not None:
                yield what.type, label, row[end]


def as_text(marks: Iterable[Mark] | None) -> str | None:
    """Return marks as text to keep; None for those that are not known or too many."""
    kept = None if marks is None else list(dict.fromkeys(marks))
    return None if kept is None or len(kept) > MOST else json.dumps(kept, ensure_ascii=False)


def of_texts(texts: Iterable[str | None]) -> frozenset[Mark] | None:
    """Return the marks of kept texts together; None when those of one write are not known."""
    found: set[Mark] = set()
    for text in texts:
        if text is None:
            return None
        found.update((kind, end, id_) for kind, end, id_ in json.loads(text))
    return frozenset(found)
