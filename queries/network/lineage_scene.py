"""Who and what is shown of a lineage: one value for the page, the JSON and the command.

The figures are those of everybody (`queries.network.lines`); drawn are the people of the open
generations, each with the line that leads to them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Annotated

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.catalogue import ask
from queries.dated import dated
from queries.network.lines import Lineage, LineageDict, MentorLine, lineage
from queries.network.turns import in_turn
from queries.personnel.pairs import cut
from queries.row_types import RowOf

MOST_ASKED = 10
YEARS, MOST_YEARS = 5, 100
OPEN_AT_FIRST = 60  # generations nearest to the people asked for are open up to so many people
CAP = 60  # people drawn of one generation
MOST_DRAWN = 300


@dataclass(frozen=True)
class LineageView:
    """What is asked for: whose lineage, which way, and what of it is drawn."""

    persons: tuple[str, ...]
    direction: str = "both"
    years: int = YEARS
    open: tuple[int, ...] | None = None  # generations; None: the nearest ones that fit
    expand: tuple[str, ...] = ()


@dataclass(frozen=True)
class GenerationBand:
    """One generation: how many people stand in it, and how many of them are drawn."""

    generation: int
    people: int
    drawn: int
    is_open: bool


class LineageSceneDict(LineageDict):
    """A lineage with what is drawn of it, as plain values."""

    open_generations: list[int]
    drawn: list[Annotated[Row, FieldsOf(Card, "LineageCard", generation=int)]]
    ties: list[Annotated[Row, RowOf("lineage.ties")]]
    left_out: dict[str, int]


@dataclass(frozen=True)
class LineageScene:
    """A lineage with the people and ties that are drawn of it."""

    view: LineageView
    lineage: Lineage
    bands: tuple[GenerationBand, ...]  # ancestors first
    people: tuple[Card, ...]
    generation: dict[str, int]  # of the people drawn; ancestors below zero
    ties: tuple[Row, ...]  # between the people drawn
    left: dict[str, int]  # person -> people of open generations met through them and not drawn

    @property
    def opened(self) -> tuple[int, ...]:
        """Return the open generations beside that of the people asked for."""
        return tuple(band.generation for band in self.bands if band.is_open and band.generation)

    def as_dict(self) -> LineageSceneDict:
        """Return it as plain values for the JSON interface."""
        return {
            **self.lineage.as_dict(),
            "open_generations": list(self.opened),
            "drawn": [
                {**asdict(card), "generation": self.generation[card.id]} for card in self.people
            ],
            "ties": list(self.ties),
            "left_out": self.left,
        }


def lineage_scene(store: Store, view: LineageView, on: date) -> LineageScene:
    """Return the lineage of people and what is drawn of it; NotFound names an id not stored."""
    found = lineage(store, view.persons, view.direction, on, view.years)
    chosen = _choose(found, view)
    drawn = list(chosen.generation)
    listed = Counter(chosen.generation.values())
    return LineageScene(
        view,
        found,
        tuple(
            GenerationBand(
                generation,
                people,
                listed[generation],
                not generation or generation in chosen.opened,
            )
            for generation, people in found.generations
        ),
        tuple(cards(store, drawn, on).values()),
        chosen.generation,
        tuple(cut(store, ask(store, "lineage.ties", people=drawn, on=on).rows, dated(store, on))),
        chosen.left,
    )


@dataclass
class _Chosen:
    """The people to draw with their generation, ancestors below zero."""

    generation: dict[str, int]
    opened: tuple[int, ...]
    left: dict[str, int] = field(default_factory=dict)

    def add(self, line: MentorLine, id_: str, sign: int) -> None:
        """Add a person with everybody on the way there; a person stays where met first."""
        while id_ not in self.generation:
            self.generation[id_] = sign * line.generation[id_]
            id_ = line.nearer[id_]


def _choose(found: Lineage, view: LineageView) -> _Chosen:
    """Choose the people of the open generations, each with the line that leads to them.

    The places of a generation are dealt out in turn among those they were met through, so that
    nobody's 141 students take them all.
    """
    opened = _nearest(found) if view.open is None else view.open
    chosen = _Chosen(dict.fromkeys(found.roots, 0), opened)
    for line, sign in ((found.up, -1), (found.down, 1)):
        if line is None:
            continue
        families: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for id_, nearer in line.nearer.items():
            families[line.generation[id_]][nearer].append(id_)
        for generation in sorted(abs(each) for each in opened if each * sign > 0):
            family = families[generation]
            for number, id_ in enumerate(in_turn(list(family.values()))):
                wanted = number < CAP or line.nearer[id_] in view.expand
                if wanted and len(chosen.generation) < MOST_DRAWN:
                    chosen.add(line, id_, sign)
            for nearer, people in family.items():
                left = sum(id_ not in chosen.generation for id_ in people)
                if left and nearer in chosen.generation:
                    chosen.left[nearer] = chosen.left.get(nearer, 0) + left
    return chosen


def _nearest(found: Lineage) -> tuple[int, ...]:
    """Return the generations to open at first: the nearest ones up to OPEN_AT_FIRST people."""
    opened, people = [], len(found.roots)
    closed: set[bool] = set()  # directions in which a generation did not fit any more
    for generation, count in _by_nearness(found.generations):
        if not generation or (generation < 0) in closed:
            continue
        people += min(count, CAP)
        # the nearest generation is always open: its cap keeps it small
        if people > OPEN_AT_FIRST + len(found.roots) and abs(generation) > 1:
            closed.add(generation < 0)
            people -= min(count, CAP)
            continue
        opened.append(generation)
    return tuple(sorted(opened))


def _by_nearness(generations: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(generations, key=lambda each: (abs(each[0]), each[0]))
