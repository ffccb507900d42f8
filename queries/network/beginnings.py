"""Where a network may begin: the mentors of most trainees and descendants, units, cohorts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.catalogue import Answer, ask
from queries.network.reach import Widest, widest
from queries.row_types import RowOf
from queries.unit_tree import TreeUnit, unit_tree

HUBS = 12
MOST_UNITS = 400  # that a list offers


@dataclass(frozen=True)
class Choices:
    """The units, each with its level, and the cohorts that one may choose from."""

    units: tuple[tuple[int, TreeUnit], ...]  # the first MOST_UNITS from the top
    cohorts: tuple[Row, ...]  # each with its people


class UnitChoice(TypedDict):
    """A unit and its level in the tree."""

    unit: str
    name: str
    level: int


class BeginningsDict(TypedDict):
    """Where a network may begin, as plain values."""

    as_of: str
    most_trainees: list[Annotated[Row, RowOf("lineage.hubs", place=str)]]
    most_descendants: list[Annotated[Row, FieldsOf(Widest, "WidestPlace", place=str)]]
    units: list[UnitChoice]
    cohorts: list[Annotated[Row, RowOf("people.cohorts")]]


@dataclass(frozen=True)
class Beginnings:
    """Whom, which unit and which cohort one may begin with."""

    as_of: date
    hubs: Answer  # mentors of most trainees
    widest: tuple[Widest, ...]  # mentors of most descendants; none where too many to be counted
    people: dict[str, Card]  # of all those mentors
    choices: Choices

    def as_dict(self) -> BeginningsDict:
        """Return it as plain values for the JSON interface."""
        return {
            "as_of": self.as_of.isoformat(),
            "most_trainees": [
                {**row, "place": self.people[row["person"]].place} for row in self.hubs.rows
            ],
            "most_descendants": [
                {**asdict(each), "place": self.people[each.person].place} for each in self.widest
            ],
            "units": [
                {"unit": unit.id, "name": unit.name, "level": level}
                for level, unit in self.choices.units
            ],
            "cohorts": list(self.choices.cohorts),
        }


def beginnings(store: Store, on: date) -> Beginnings:
    """Return where a network may begin; the cards are those of the day."""
    hubs = ask(store, "lineage.hubs", on=on.isoformat(), limit=HUBS)
    most = tuple(widest(store, HUBS, on) or ())
    ids = [row["person"] for row in hubs.rows] + [each.person for each in most]
    people = cards(store, list(dict.fromkeys(ids)), on)
    return Beginnings(on, hubs, most, people, choices(store, on))


def choices(store: Store, on: date) -> Choices:
    """Return the units, and the cohorts of people who are on file by a day."""
    return Choices(
        tuple(unit_tree(store).outline()[:MOST_UNITS]),
        tuple(ask(store, "people.cohorts", on=on.isoformat()).rows),
    )
