"""The ends of edges that nothing in the files stands for: known elsewhere, skipped, or created.

A created node carries `UNKNOWN` in its name, and a person also as its status, so that nobody takes
it for one that a source described.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from graph.schema import Table, table_of_label
from graph.store import Store
from loaders.checking.values import whole_number
from loaders.readers.cells import Cells

UNKNOWN = "(未知 unknown)"
STATUS = "unknown"

_ASKED_AT_ONCE = 10_000


class Mapped(Protocol):
    """A mapped table, as far as its ids matter."""

    table: Table
    headings: list[str]

    def given(self, heading: str) -> Iterator[Any]:
        """Yield the cells of a column."""


class Ends:
    """Knows the ids that the data set and the store have, and the ends that are to be created."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._tables: dict[str, Mapped] = {}
        self._creating: list[tuple[Mapped, str, str]] = []  # table, heading, label it names
        self._ids: dict[str, set[str]] = {}
        self._stored: dict[str, dict[str, bool]] = {}
        self._made: dict[str, list[dict[str, str]]] | None = None

    def add(self, mapped: Mapped, creating: list[str]) -> None:
        """Take a table into account, with the references whose missing ends are to be created."""
        if mapped.table.label:
            self._tables[mapped.table.label] = mapped
        for reference in mapped.table.references:
            if reference.heading in creating and reference.heading in mapped.headings:
                self._creating.append((mapped, reference.heading, reference.label))

    def labels_created(self) -> set[str]:
        """Name the labels of which nodes may be created; a post needs a unit."""
        labels = {label for *_, label in self._creating}
        return labels | ({"Unit"} if "Post" in labels else set())

    def has(self, label: str, id_: str) -> bool:
        """Return whether a node is in the data set or in the store."""
        if label not in self._ids:
            self._ids[label] = set(self._given(label))
        id_ = whole_number(id_)
        return id_ in self._ids[label] or self._is_stored(label, id_)

    def created(self, label: str, headings: list[str]) -> Iterator[Cells]:
        """Yield the rows of the nodes of a label that are to be created."""
        if not self._creating or not label:
            return
        if self._made is None:
            self._made = self._make()
        for record in self._made.get(label, []):
            yield [record.get(heading) for heading in headings]

    def _make(self) -> dict[str, list[dict[str, str]]]:
        made: dict[str, list[dict[str, str]]] = {}
        for mapped, heading, label in self._creating:
            given = mapped.given(heading)
            named = {whole_number(id_) for id_ in given if isinstance(id_, str)}
            self._ask_for(label, named)
            known = {record["id"] for record in made.get(label, [])}
            for id_ in sorted(named - known):
                if not self.has(label, id_):
                    made.setdefault(label, []).append(_unknown(label, id_))
        if made.get("Post") and not self.has("Unit", STATUS):
            made.setdefault("Unit", []).append(_unknown("Unit", STATUS))
        return made

    def _given(self, label: str) -> Iterator[str]:
        mapped = self._tables.get(label)
        if mapped is None or "id" not in mapped.headings:
            return
        for id_ in mapped.given("id"):
            if isinstance(id_, str):
                yield whole_number(id_)

    def _is_stored(self, label: str, id_: str) -> bool:
        if self._store is None:
            return False
        if id_ not in self._stored.get(label, {}):
            self._ask_for(label, {id_})
        return self._stored[label][id_]

    def _ask_for(self, label: str, ids: set[str]) -> None:
        if self._store is None:
            return
        known = self._stored.setdefault(label, {})
        asked = sorted(ids - known.keys())
        for begin in range(0, len(asked), _ASKED_AT_ONCE):
            some = asked[begin : begin + _ASKED_AT_ONCE]
            rows: list[dict[str, Any]] = self._store.read(
                f"UNWIND $ids AS id\nMATCH (n:{label} {{id: id}})\nRETURN n.id AS id", ids=some
            )
            known.update(dict.fromkeys(some, False))
            known.update((row["id"], True) for row in rows)


def _unknown(label: str, id_: str) -> dict[str, str]:
    name = UNKNOWN if id_ == STATUS else f"{id_} {UNKNOWN}"
    record = {"id": id_, "name": name, "title": name}
    if label == "Person":
        record["status"] = STATUS
    if label == "Post":
        record["unit"] = STATUS
    return record


def columns_of_created(label: str) -> list[str]:
    """List the columns that the row of a created node fills."""
    headings = {column.heading for column in table_of_label(label).columns}
    return [heading for heading in _unknown(label, "") if heading in headings]
