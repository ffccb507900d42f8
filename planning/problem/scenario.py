"""What a planner asks for on top of the data, and how it is read from JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import TypedDict

from graph.dates import is_date
from graph.errors import N_, InputError
from planning.problem.horizon import MOST_PERIODS
from planning.problem.instance import Pin


class ScenarioDict(TypedDict):
    """A scenario as JSON has it: rows of person, post and period, of person, since and until."""

    people: list[str]
    pins: list[list[str | int]]
    forbids: list[list[str | int]]
    leaves: list[list[str | None]]
    waived: list[list[str]]
    capacities: dict[str, int]
    must_cover: list[str]
    kinds_by_post_kind: dict[str, str]
    keep_planned: bool


@dataclass(frozen=True)
class Scenario:
    """What a planner asks for on top of the data. Days are ISO text of full precision."""

    people: tuple[str, ...] = ()  # empty: every trainee
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Pin, ...] = ()
    leaves: tuple[tuple[str, str, str | None], ...] = ()  # person, since, until
    waived: frozenset[tuple[str, str]] = frozenset()
    capacities: Mapping[str, int] = field(default_factory=dict)
    must_cover: tuple[str, ...] = ()
    kinds_by_post_kind: Mapping[str, str] = field(default_factory=dict)
    keep_planned: bool = True

    def as_dict(self) -> ScenarioDict:
        """Return the scenario as JSON values."""
        return {
            "people": list(self.people),
            "pins": [[each.person, each.post, each.period] for each in self.pins],
            "forbids": [[each.person, each.post, each.period] for each in self.forbids],
            "leaves": [list(each) for each in self.leaves],
            "waived": sorted(list(each) for each in self.waived),
            "capacities": dict(self.capacities),
            "must_cover": list(self.must_cover),
            "kinds_by_post_kind": dict(self.kinds_by_post_kind),
            "keep_planned": self.keep_planned,
        }

    @staticmethod
    def from_dict(value: Mapping[str, Any]) -> Scenario:
        """Read a scenario from JSON values; raise InputError naming what is wrong."""
        known = set(Scenario().as_dict())
        unknown = sorted(set(value) - known)
        if unknown:
            raise InputError(
                N_('A scenario has no "%(key)s".'),
                N_("It may have %(known)s."),
                key=unknown[0],
                known=", ".join(sorted(known)),
            )
        given = {**Scenario().as_dict(), **value}
        if not _is_scenario(given):
            raise InputError(
                N_("The scenario cannot be read."),
                N_("Its parts look like this: %(example)s"),
                example=json.dumps(Scenario(pins=(Pin("T001", "P001", 0),)).as_dict()),
            )
        return Scenario(
            people=tuple(given["people"]),
            pins=tuple(Pin(*each) for each in given["pins"]),
            forbids=tuple(Pin(*each) for each in given["forbids"]),
            leaves=tuple((a, b, c) for a, b, c in given["leaves"]),
            waived=frozenset((a, b) for a, b in given["waived"]),
            capacities=dict(given["capacities"]),
            must_cover=tuple(given["must_cover"]),
            kinds_by_post_kind=dict(given["kinds_by_post_kind"]),
            keep_planned=given["keep_planned"],
        )


def _is_scenario(given: Mapping[str, Any]) -> bool:
    """Return whether every part of a scenario of JSON has its type, days and numbers being some."""

    def rows(key: str, *kinds: type | tuple[type, ...]) -> bool:
        value = given[key]
        return isinstance(value, list) and all(
            isinstance(row, list)
            and len(row) == len(kinds)
            and all(type(cell) in (kind if isinstance(kind, tuple) else (kind,))
                    for cell, kind in zip(row, kinds, strict=True))
            for row in value
        )  # fmt: skip

    def texts(key: str) -> bool:
        return isinstance(given[key], list) and all(isinstance(each, str) for each in given[key])

    def values(key: str, kind: type) -> bool:
        return isinstance(given[key], dict) and all(type(v) is kind for v in given[key].values())

    return (
        all(map(texts, ("people", "must_cover")))
        and all(rows(key, str, str, int) for key in ("pins", "forbids"))
        and all(0 <= t < MOST_PERIODS for key in ("pins", "forbids") for _, _, t in given[key])
        and rows("leaves", str, str, (str, type(None)))
        and all(is_date(day) for _, *days in given["leaves"] for day in days if day is not None)
        and rows("waived", str, str)
        and values("capacities", int)
        and all(0 <= places < 1_000_000 for places in given["capacities"].values())
        and values("kinds_by_post_kind", str)
        and isinstance(given["keep_planned"], bool)
    )
