"""The tree of units: each with its place, made once for each version of the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import per_version
from graph.store import Row, Store
from queries.catalogue import ask


@dataclass(frozen=True)
class TreeUnit:
    """One unit of the tree."""

    id: str
    name: str
    kind: str | None
    part_of: str | None
    posts: int  # its own, without the units below


class UnitTreeDict(TypedDict):
    """The tree of units as a list, children below their unit."""

    total: int
    truncated: bool
    kinds: dict[str, int]
    units: list[Annotated[Row, FieldsOf(TreeUnit, "LevelUnit", level=int)]]


class UnitTree:
    """All units with their places in the tree; a unit whose upper one is unknown is at the top."""

    def __init__(self, rows: Iterable[Row]) -> None:
        units = [
            TreeUnit(row["unit"], row["name"], row["kind"], row["part_of"], row["posts"])
            for row in rows
        ]
        self.units = {unit.id: unit for unit in units}
        self.children: dict[str | None, list[TreeUnit]] = defaultdict(list)
        for unit in units:
            above = unit.part_of if unit.part_of in self.units else None
            self.children[above].append(unit)

    def way(self, id_: str) -> list[TreeUnit]:
        """Return the units from the top down to this one."""
        way: list[TreeUnit] = []
        unit = self.units.get(id_)
        while unit and unit not in way:
            way.insert(0, unit)
            unit = self.units.get(unit.part_of or "")
        return way

    def branch(self, id_: str) -> TreeUnit | None:
        """Return the unit of the second level that holds this one, or the top itself."""
        way = self.way(id_)
        return way[min(1, len(way) - 1)] if way else None

    def outline(self) -> list[tuple[int, TreeUnit]]:
        """Return all units from the top, each with its level, children below their unit."""
        found: list[tuple[int, TreeUnit]] = []
        waiting = [(0, unit) for unit in reversed(self.children[None])]
        while waiting:
            level, unit = waiting.pop()
            found.append((level, unit))
            waiting += [(level + 1, child) for child in reversed(self.children[unit.id])]
        return found

    def kinds(self) -> list[tuple[str, int]]:
        """Count the units of each kind, the most frequent first."""
        counted = Counter(unit.kind for _level, unit in self.outline())
        return [(kind, count) for kind, count in counted.most_common() if kind]

    def as_dict(self, most: int) -> UnitTreeDict:
        """Return the outline as plain values for JSON, at most so many units."""
        outline = self.outline()
        return {
            "total": len(outline),
            "truncated": len(outline) > most,
            "kinds": dict(self.kinds()),
            "units": [{"level": level, **asdict(unit)} for level, unit in outline[:most]],
        }


@per_version(1)
def unit_tree(store: Store) -> UnitTree:
    """Return the tree of units of the stored data."""
    return UnitTree(ask(store, "units.tree").rows)
