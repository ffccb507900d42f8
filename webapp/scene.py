"""Who is shown around people: an address as a view, and the people and ties of a view.

The people are gathered in breadth, round by round; where the cap is reached, the places of a
round are dealt out among the people of the round before in turn, so that no hub takes them all.
Whoever is left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from graph.errors import N_, NotFound, UsageError
from graph.store import Row, Store
from queries.catalogue import Answer, ask
from webapp.people import Card, cards

DEPTHS = range(1, 7)
DIRECTIONS = ("both", "up", "down")
COLOURS = ("unit", "cohort", "rank")
LIMITS = (60, 150, 300, 1000)
MOST = LIMITS[-1]  # people in one picture, expanded ones included
EXPANDED = 60  # people that one click on "n more" adds
MOST_ASKED = 20
COUNTED = 20_000  # beyond this the total is said to be "more than"


@dataclass(frozen=True)
class View:
    """What an address asks for."""

    persons: tuple[str, ...]
    depth: int = 2
    direction: str = "both"
    limit: int = LIMITS[0]
    expand: tuple[str, ...] = ()
    colour: str = "unit"

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> View:
        """Read an address; UsageError names the parameter that cannot be."""
        persons = tuple(dict.fromkeys(id_ for id_ in args.getlist("person") if id_))
        if len(persons) > MOST_ASKED:
            raise UsageError(
                N_("A view begins with at most %(most)s people."),
                N_("Ask for fewer."),
                most=MOST_ASKED,
            )
        return cls(
            persons,
            _number(args, "depth", cls.depth, DEPTHS.start, DEPTHS.stop - 1),
            _one_of(args, "direction", cls.direction, DIRECTIONS),
            _number(args, "limit", cls.limit, 1, MOST),
            tuple(id_ for id_ in args.getlist("expand") if id_),
            _one_of(args, "colour", cls.colour, COLOURS),
        )

    @property
    def address(self) -> dict[str, Any]:
        """Give the parameters of the address, without those at their default."""
        given = {
            "person": list(self.persons),
            "depth": self.depth,
            "direction": self.direction if self.direction != "both" else None,
            "limit": self.limit if self.limit != LIMITS[0] else None,
            "expand": list(self.expand) or None,
            "colour": self.colour if self.colour != "unit" else None,
        }
        return {key: value for key, value in given.items() if value is not None}

    @property
    def url(self) -> str:
        """Give the address of the view's page."""
        return url_for("network.show", **self.address)


@dataclass(frozen=True)
class Scene:
    """The people and ties of a view, and how many are left out."""

    view: View
    as_of: date
    people: tuple[Card, ...]  # those asked for first, then by distance
    distance: dict[str, int]
    ties: tuple[Row, ...]
    around: Counter[tuple[str, str]]  # (person asked for, up or down) -> mentors or trainees
    total: int  # people within the depth
    is_least: bool  # the total is at least this
    cut: dict[str, int]  # person -> neighbours within the depth that the cap left out
    beyond: dict[str, int]  # person -> ties that lead out of the picture
    answers: tuple[Answer, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain values for the JSON interface."""
        return {
            "as_of": self.as_of.isoformat(),
            "view": asdict(self.view),
            "shown": len(self.people),
            "total": self.total,
            "total_is_least": self.is_least,
            "people": [
                {**asdict(card), "distance": self.distance[card.id]} for card in self.people
            ],
            "ties": list(self.ties),
            "left_out": self.cut,
            "beyond": self.beyond,
        }


# --- what is asked of the graph


def look(store: Store, view: View, on: date) -> Scene:
    """Gather the people and ties of a view; NotFound names a person that is not stored."""
    known = cards(store, view.persons, on)
    for id_ in view.persons:
        if id_ not in known:
            raise NotFound(N_('There is no person "%(id)s".'), N_("Search for the name."), id=id_)
    reach = _reach(store, view)
    distance, cut = _pick(view, reach.neighbours)
    answers = [reach.answer]
    for id_ in view.expand:
        if id_ in distance:
            answers.append(_expand(store, id_, distance))
            cut.pop(id_, None)
    ids = list(distance)
    tied = ask(store, "lineage.ties", people=ids)
    people = cards(store, ids, on)
    inside = Counter(end for tie in tied.rows for end in (tie["mentor"], tie["trainee"]))
    beyond = {
        card.id: card.mentors + card.trainees - inside[card.id]
        for card in people.values()
        if card.mentors + card.trainees > inside[card.id]
    }
    for id_ in set(view.expand) & set(beyond):  # expanded before, and there are more still
        cut[id_] = beyond[id_]
    return Scene(
        view,
        on,
        tuple(people.values()),
        distance,
        tuple(tied.rows),
        reach.around,
        max(reach.total, len(people)),
        reach.is_least,
        {id_: left for id_, left in cut.items() if left},
        beyond,
        (*answers, tied),
    )


@dataclass(frozen=True)
class _Reach:
    """Whom a walk outwards met."""

    neighbours: dict[str, list[str]]  # of everybody who was walked from, in their order
    around: Counter[tuple[str, str]]  # (person asked for, up or down) -> mentors or trainees
    total: int
    is_least: bool
    answer: Answer


def _reach(store: Store, view: View) -> _Reach:
    """Walk outwards round by round over all ties of the direction, without the cap."""
    # The first round asks upwards and downwards: the page says how many mentors and trainees.
    up, down = (_neighbours(store, view.persons, each) for each in ("up", "down"))
    around = Counter((row["person"], "up") for row in up.rows)
    around.update((row["person"], "down") for row in down.rows)
    rows = [
        *(up.rows if view.direction != "down" else ()),
        *(down.rows if view.direction != "up" else ()),
    ]
    reached = dict.fromkeys(view.persons)
    neighbours: dict[str, list[str]] = {}
    frontier = list(view.persons)
    for round_ in range(view.depth):
        if round_:
            rows = _neighbours(store, frontier, view.direction).rows
        for row in rows:
            neighbours.setdefault(row["person"], []).append(row["neighbour"])
        frontier = [
            id_ for id_ in dict.fromkeys(row["neighbour"] for row in rows) if id_ not in reached
        ]
        reached.update(dict.fromkeys(frontier))
        if not frontier or len(reached) > COUNTED:
            break
    is_least = len(reached) > COUNTED
    return _Reach(neighbours, around, min(len(reached), COUNTED), is_least, up)


def _neighbours(store: Store, ids: Sequence[str], direction: str) -> Answer:
    return ask(
        store, "lineage.neighbours", people=list(ids), direction=direction, limit=2 * COUNTED
    )


def _pick(view: View, neighbours: dict[str, list[str]]) -> tuple[dict[str, int], dict[str, int]]:
    """Choose up to `limit` people and their distances; count whom each one's neighbours lack."""
    distance = dict.fromkeys(view.persons, 0)
    frontier = list(view.persons)
    asked = []
    for round_ in range(1, view.depth + 1):
        asked += frontier
        picked = []
        for id_ in _in_turn([neighbours.get(each, ()) for each in frontier]):
            if len(distance) >= view.limit:
                break
            if id_ not in distance:
                distance[id_] = round_
                picked.append(id_)
        frontier = picked
    cut = {each: len(set(neighbours.get(each, ())) - set(distance)) for each in asked}
    return distance, cut


def _in_turn(lists: Sequence[Sequence[str]]) -> Iterable[str]:
    """Take the first of each list, then the second of each, and so on.

    >>> list(_in_turn(["abc", "", "de"]))
    ['a', 'd', 'b', 'e', 'c']
    """
    waiting = [iter(each) for each in lists]
    while waiting:
        still = []
        for each in waiting:
            for item in each:
                yield item
                still.append(each)
                break
        waiting = still


def _expand(store: Store, id_: str, distance: dict[str, int]) -> Answer:
    """Add the next neighbours of one person to those who are shown."""
    answer = _neighbours(store, [id_], "both")
    new = [row["neighbour"] for row in answer.rows if row["neighbour"] not in distance]
    room = min(EXPANDED, MOST - len(distance))
    for neighbour in list(dict.fromkeys(new))[: max(room, 0)]:
        distance[neighbour] = distance[id_] + 1
    return answer


def _number(args: MultiDict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a whole number from %(least)s to %(most)s.'),
            N_("Write it in digits, as in %(name)s=%(example)s."),
            name=name,
            value=text,
            least=least,
            most=most,
            example=default,
        )
    return int(text)


def _one_of(args: MultiDict[str, str], name: str, default: str, known: Sequence[str]) -> str:
    text = args.get(name, "").strip() or default
    if text not in known:
        raise UsageError(
            N_('%(name)s "%(value)s" is not known.'),
            N_("It is one of %(known)s."),
            name=name,
            value=text,
            known=", ".join(known),
        )
    return text
