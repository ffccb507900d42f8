"""How two people are connected, with everybody on the ways: for page, JSON and command alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.dated import dated
from queries.network.connection_ties import TIES, Tie
from queries.network.connections import Connections, ConnectionsDict, connect
from queries.sentences import Sentence


@dataclass(frozen=True)
class ConnectionView:
    """What is asked for: between whom, by which ties, of which time."""

    a: str
    b: str
    ties: tuple[str, ...] = TIES[:1]
    k: int | None = None  # so many shortest ways; None: all shortest
    since: str | None = None  # full days
    until: str | None = None


class ConnectionDict(ConnectionsDict):
    """The ways between two people, with what was asked and the people on them."""

    as_of: str
    ties: list[str]
    k: int | None
    since: str | None
    until: str | None
    people: list[Annotated[Row, FieldsOf(Card, "ConnectionCard", steps=int)]]


@dataclass(frozen=True)
class ConnectionScene:
    """The ways between two people, and the people on those that are listed."""

    view: ConnectionView
    as_of: date
    found: Connections
    people: tuple[Card, ...]
    steps: dict[str, int]  # of the people from the first; the fewest of all ways

    @property
    def ties(self) -> tuple[tuple[Tie, tuple[Sentence, ...]], ...]:
        """Return each step of the ways once: its first tie, and the sentences of all."""
        by_ends = {
            (step.ties[0].one, step.ties[0].other): (step.ties[0], step.sentences)
            for path in self.found.paths
            for step in path
        }
        return tuple(by_ends.values())

    def as_dict(self, text: Callable[[Sentence], str] = str) -> ConnectionDict:
        """Return it as plain values; `text` says a sentence in the language of the caller."""
        view = self.view
        return {
            "as_of": self.as_of.isoformat(),
            "ties": list(view.ties),
            "k": view.k,
            "since": view.since,
            "until": view.until,
            **self.found.as_dict(text),
            "people": [{**asdict(card), "steps": self.steps[card.id]} for card in self.people],
        }


def connection_scene(store: Store, view: ConnectionView, on: date) -> ConnectionScene:
    """Return how two people are connected; NotFound names an id that is not stored."""
    found = connect(
        store,
        view.a,
        view.b,
        dated(store, on),
        ties=view.ties,
        k=view.k,
        since=view.since,
        until=view.until,
    )
    steps: dict[str, int] = {}
    for path in found.paths:
        for at, id_ in enumerate([path[0].one, *(step.other for step in path)]):
            steps[id_] = min(at, steps.get(id_, at))
    return ConnectionScene(view, on, found, tuple(cards(store, list(steps), on).values()), steps)
