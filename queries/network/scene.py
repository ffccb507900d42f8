"""Who and what is shown in a view: one value for the page, its files, the JSON and the command.

    scene(store, View(person=("T001",)), date(2024, 6, 30)).as_dict()

Nothing is drawn yet, nothing is said in words: whoever shows a scene asks the graph nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import per_version
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.network import around
from queries.network.connections import Connections
from queries.network.gathering import EXPANDED, Gathering, gather, stages_of
from queries.network.scene_ties import MENTORING, ShownCount, Thing
from queries.network.view import View, ViewRow, key_of
from queries.row_types import RowOf
from queries.unit_tree import unit_tree

KEPT = 8  # scenes; one of 1,000 people takes some megabytes


class PersonTies(TypedDict):
    """How many mentors and trainees somebody has within the depth asked for."""

    mentors: int
    trainees: int


class ScenePosting(TypedDict):
    """A posting of somebody shown."""

    rotation: str
    person: str
    post: str
    title: str
    unit: str | None
    unit_name: str | None
    rank: str | None
    kind: str | None
    since: str | None
    until: str | None
    status: str


class EnteredTie(TypedDict):
    """The newest entry by hand about a tie."""

    row: str
    at: str
    by: str | None
    action: str
    id: str


class SceneBranch(TypedDict):
    """The unit of the second level that another one belongs to."""

    unit: str
    name: str


class SceneDict(TypedDict):
    """What a view shows, as plain values."""

    as_of: str
    view: ViewRow
    shown: int
    total: int
    truncated: bool
    left_out_by_filters: int
    closed_by_hand: int
    people: list[Annotated[Row, FieldsOf(Card, "SceneCard", distance=int, stage=str | None)]]
    around: dict[str, PersonTies]
    things: list[Annotated[Row, FieldsOf(Thing)]]
    ties: list[Annotated[Row, RowOf("lineage.ties")]]
    postings: list[Annotated[Row, FieldsOf(ScenePosting)]]
    structure: list[list[str]]  # keys: what stands in which unit
    entered: dict[str, dict[str, Annotated[Row, FieldsOf(EnteredTie)]]]
    branches: dict[str, SceneBranch]
    left_out: dict[str, int]
    beyond: dict[str, int]
    counts: dict[str, dict[str, Annotated[Row, FieldsOf(ShownCount)]]]
    ways: list[list[str]]


@dataclass(frozen=True)
class Scene:
    """What a view shows, and how much is left out."""

    view: View
    as_of: date
    people: tuple[Card, ...]  # those asked for first, then by distance
    distance: dict[str, int]
    things: tuple[Thing, ...]
    ties: tuple[Row, ...]  # of mentoring
    postings: tuple[Row, ...]
    structure: tuple[tuple[str, str], ...]  # keys: what stands in which unit
    roots: tuple[str, ...]
    around: Counter[tuple[str, str]]  # (person asked for, up or down) -> mentors or trainees
    total: int  # people within the depth that the filters let through
    unmatched: int  # people within the depth that the filters leave out
    left: dict[tuple[str, str], int]  # (person, kind of ties) -> people that the cap left out
    counts: dict[str, dict[str, ShownCount]]  # by key and kind of ties
    closed: int  # people that closing or hiding took out
    way: Connections | None
    stages: dict[str, str]  # of the programme, by person; of many only where the view wants to know
    branches: dict[str, tuple[str, str]]  # by unit: id and name of the one of the second level
    units: dict[str, str]  # names of the units that the view names
    entered: dict[str, dict[str, Row]]  # by table and row: the newest entry by hand about a tie

    @property
    def cut(self) -> dict[str, int]:
        """Return how many people the cap left out at each person."""
        found: Counter[str] = Counter()
        for (id_, _kind), people in self.left.items():
            found[id_] += people
        return dict(found)

    @property
    def beyond(self) -> dict[str, int]:
        """Return how many mentors and trainees of each person are not in the picture."""
        missing = {card.id: self.missing(key_of("person", card.id)) for card in self.people}
        return {id_: people for id_, people in missing.items() if people}

    def missing(self, key: str) -> int:
        """Return how many ends of ties are not in the picture: of people those of mentoring."""
        counts = self.counts[key]
        kinds = MENTORING if "mentors" in counts else counts
        return sum(counts[kind].total - counts[kind].shown for kind in kinds)

    @property
    def ways(self) -> list[list[str]]:
        """Return the people of each way that was asked for."""
        if self.way is None:
            return []
        return [[path[0].one, *(step.other for step in path)] for path in self.way.paths if path]

    def as_dict(self) -> SceneDict:
        """Return it as plain values for the JSON interface."""
        return {
            "as_of": self.as_of.isoformat(),
            "view": self.view.address,
            "shown": len(self.people),
            "total": self.total,
            "truncated": len(self.people) < self.total,
            "left_out_by_filters": self.unmatched,
            "closed_by_hand": self.closed,
            "people": [
                {
                    **asdict(card),
                    "distance": self.distance[card.id],
                    "stage": self.stages.get(card.id),
                }
                for card in self.people
            ],
            "around": {
                id_: {
                    "mentors": self.around[id_, MENTORING["mentors"]],
                    "trainees": self.around[id_, MENTORING["trainees"]],
                }
                for id_ in self.roots
            },
            "things": [asdict(thing) for thing in self.things],
            "ties": list(self.ties),
            "postings": list(self.postings),
            "structure": [list(each) for each in self.structure],
            "entered": self.entered,
            "branches": {
                unit: {"unit": id_, "name": name} for unit, (id_, name) in self.branches.items()
            },
            "left_out": self.cut,
            "beyond": self.beyond,
            "counts": {
                key: {kind: asdict(count) for kind, count in counts.items()}
                for key, counts in self.counts.items()
            },
            "ways": self.ways,
        }


def scene(store: Store, view: View, on: date) -> Scene:
    """Return the scene of a view; NotFound names a person or unit that is not stored.

    `on` is the day for a view that names none. A scene gathered before of the same data is taken
    again: another colour, layout or place asks the graph nothing anew.
    """
    asked = view.changed(
        layout=View.layout,
        colour="stage" if view.colour == "stage" else View.colour,  # the others are in every scene
        pin=(),
        off=(),
        selected="",
    )
    return replace(_scene(store, asked, on), view=view)


@per_version(KEPT)
def _scene(store: Store, view: View, on: date) -> Scene:
    gathering = gather(store, view, view.day(on))
    people = cards(store, list(gathering.distance), gathering.on)
    things = gathering.things
    ties = [
        {name: row[name] for name in ("tie", "mentor", "trainee", "kind", "since", "until")}
        for row in gathering.ties.mentoring
        if row["way"] == "down" and row["person"] in people and row["neighbour"] in people
    ]
    postings = [
        row
        for row in gathering.ties.postings
        if row["person"] in people and key_of("post", row["post"]) in things
    ]
    return Scene(
        view,
        gathering.on,
        tuple(people.values()),
        gathering.distance,
        tuple(things.values()),
        tuple(ties),
        tuple(postings),
        tuple(
            (thing.key, key_of("unit", thing.unit))
            for thing in things.values()
            if thing.unit and key_of("unit", thing.unit) in things
        ),
        tuple(id_ for id_ in gathering.roots if id_ in people),
        gathering.around,
        max(gathering.total, len(people)),
        gathering.unmatched,
        {at: left for at, left in gathering.left.items() if left and at[0] in people},
        _counts(gathering, people),
        sum(1 for key in gathering.closed if key not in things),
        gathering.way,
        _stages(gathering, list(people)),
        _branches(store, people.values(), things.values()),
        {id_: unit_tree(store).units[id_].name for id_ in (*view.unit, view.only_unit) if id_},
        {
            "mentoring": _entered(store, "mentoring", [row["tie"] for row in ties]),
            "rotations": _entered(store, "rotations", [row["rotation"] for row in postings]),
        },
    )


def _counts(gathering: Gathering, people: dict[str, Card]) -> dict[str, dict[str, ShownCount]]:
    neighbours = (row["neighbour"] for row in gathering.ties.mentoring)
    return gathering.ties.counts(
        people,
        gathering.things,
        gathering.fitting(neighbours) | set(people),
        around.posted(gathering.store, list(people), gathering.day),
    )


def _stages(gathering: Gathering, people: list[str]) -> dict[str, str]:
    if gathering.view.colour != "stage" and len(people) > EXPANDED:
        return {}
    return stages_of(gathering.store, people, gathering.on)


def _branches(
    store: Store, people: Iterable[Card], things: Iterable[Thing]
) -> dict[str, tuple[str, str]]:
    """Return the unit of the second level above each unit that a card or thing names."""
    named = [card.unit for card in people]
    named += [thing.unit if thing.kind == "post" else thing.id for thing in things]
    tree = unit_tree(store)
    tops = {unit: tree.branch(unit) for unit in dict.fromkeys(named) if unit}
    return {unit: (top.id, top.name) for unit, top in tops.items() if top}


def _entered(store: Store, table: str, rows: list[str | None]) -> dict[str, Row]:
    return around.entered(store, table, [row for row in rows if row])
