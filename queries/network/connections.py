"""How two people are connected: the shortest ways between them, by the kinds of ties one chooses.

The graph is searched from both ends, round by round, until enough ways are known or a bound is
reached; the bound is always told. A cohort is one node between its people, so that a cohort of a
thousand does not make half a million ties; a way never passes through it twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.dated import EVERYTHING, Dated
from queries.network.connection_ties import (
    MOST_PEOPLE,
    TIES,
    KnownTies,
    Tie,
    full,
    shared,
)
from queries.network.times_in_units import times_of
from queries.row_types import PersonName
from queries.sentences import Sentence, Term, say

MOST_PATHS = 10
SECONDS = 8.0
EXTRA = 3  # steps that a longer way may have beyond the shortest
_OPEN = "9999"  # when a period without an end is long over
_TRIES = 200  # candidates for longer ways; some are the same people by another tie

Path = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """A person or unit within a sentence, which a page makes a link."""

    kind: str  # "person" or "unit"
    id: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class ConnectionStep:
    """From one person of a way to the next, with every tie between the two and its sentence."""

    one: str
    other: str
    ties: tuple[Tie, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Side:
    """How far one end reaches."""

    people: int
    steps: int
    is_least: bool


class ReachedDict(TypedDict):
    """How far each end reaches."""

    a: Annotated[dict[str, Any], FieldsOf(Side)]
    b: Annotated[dict[str, Any], FieldsOf(Side)]


StepRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {"from": str},
        "ConnectionStepDict",
        step=int,
        from_name=str,
        to=str,
        to_name=str,
        ties=list[Annotated[dict[str, Any], FieldsOf(Tie)]],
        sentences=list[str],
    ),
]


class ConnectionsDict(TypedDict):
    """The ways found, as plain values."""

    a: PersonName
    b: PersonName
    connected: bool
    steps: int | None
    shortest: int
    searched_steps: int | None
    bounded: bool
    reached: ReachedDict
    paths: list[list[StepRow]]


@dataclass(frozen=True)
class Connections:
    """The ways found, shortest first, and what is known about those that are not listed."""

    a: str
    b: str
    names: dict[str, str]
    paths: tuple[tuple[ConnectionStep, ...], ...]
    steps: int | None  # of the shortest way; None: no way was found
    shortest: int  # how many ways are that short
    sides: tuple[Side, Side]
    searched: int | None  # ways of up to so many steps were looked for; None: all there are
    bounded: bool  # a bound ended the search: counts are "at least"

    def as_dict(self, text: Any = str) -> ConnectionsDict:
        """Return it as plain values; `text` says a sentence in the language of the caller."""
        return {
            "a": {"person": self.a, "name": self.names[self.a]},
            "b": {"person": self.b, "name": self.names[self.b]},
            "connected": self.steps is not None,
            "steps": self.steps,
            "shortest": self.shortest,
            "searched_steps": self.searched,
            "bounded": self.bounded,
            "reached": {"a": asdict(self.sides[0]), "b": asdict(self.sides[1])},
            "paths": [
                [
                    {
                        "step": number,
                        "from": step.one,
                        "from_name": self.names[step.one],
                        "to": step.other,
                        "to_name": self.names[step.other],
                        "ties": [asdict(tie) for tie in step.ties],
                        "sentences": [text(sentence) for sentence in step.sentences],
                    }
                    for number, step in enumerate(path, start=1)
                ]
                for path in self.paths
            ],
        }


def connect(
    store: Store,
    a: str,
    b: str,
    day: Dated = EVERYTHING,
    *,
    ties: Sequence[str] = TIES[:1],
    k: int | None = None,
    since: str | None = None,
    until: str | None = None,
    seconds: float = SECONDS,
    most_people: int = MOST_PEOPLE,
) -> Connections:
    """Find the ways between two people on a day: all shortest ones, or with `k` the k shortest.

    At most MOST_PATHS are listed, shortest first, equally short ones in order of ids. `since` and
    `until` (full days) keep the ties that lasted on some day of that period. Raises NotFound for
    an id that is not stored.
    """
    for id_ in (a, b):
        if not store.read(_NAMES, people=[id_]):
            raise NotFound(N_('There is no person "%(id)s".'), N_("Search for the name."), id=id_)
    ground = KnownTies(store, day, ties, since, until, time.monotonic() + seconds, most_people)
    ends = (_End(ground, a), _End(ground, b))
    if a == b:
        return _told(store, ground, ends, [], 0, 0, 0)
    steps = _meet(ends)
    if steps is None:
        for end in ends:
            while end.frontier and not ground.is_full:
                end.grow()
        return _told(store, ground, ends, [], None, 0, None)
    layers = _layers(ends, steps)
    shortest = _count(ground, layers)
    wanted = min(k or MOST_PATHS, MOST_PATHS)
    paths = list(islice(_along(ground, layers), wanted))
    searched: int | None = steps
    while k and len(paths) < wanted and not ground.is_full:
        open_ends = [end for end in ends if end.frontier]
        if len(open_ends) < 2:  # one end knows all it can reach
            searched = None
        elif searched is not None and searched < steps + EXTRA:
            min(open_ends, key=lambda end: len(end.frontier)).grow()
            searched = ends[0].radius + ends[1].radius
        else:
            break
        paths = _longer(ground, a, b, paths[:shortest], wanted, searched)
        if searched is None:
            break
    return _told(store, ground, ends, paths, steps, shortest, searched)


# --- one end of the search


class _End:
    """One end of the search: whom it has met, and after how many steps."""

    def __init__(self, ground: KnownTies, start: str) -> None:
        self.ground = ground
        self.distance = {start: 0}
        self.frontier = [start]
        self.radius = 0
        self._opened: set[int] = set()

    def grow(self) -> list[str]:
        """Go one step further and give who is new."""
        self.ground.expand(self.frontier)
        self.radius += 1
        new: list[str] = []
        for id_ in self.frontier:
            near = self.ground.direct(id_)
            cohort = self.ground.cohort(id_)
            if cohort is not None and cohort not in self._opened:
                self._opened.add(cohort)
                near += self.ground.graph.adj[cohort]
            for other in near:
                if other not in self.distance:
                    self.distance[other] = self.radius
                    new.append(other)
        unread = [id_ for id_ in self.frontier if id_ not in self.ground.read]
        self.frontier = new + unread  # unread ones are left only where a bound was reached
        return new


def _meet(ends: tuple[_End, _End]) -> int | None:
    """Grow the smaller end until the two meet; give the steps between them."""
    one, other = ends
    while one.frontier and other.frontier and not one.ground.is_full:
        small, large = (one, other) if len(one.frontier) <= len(other.frontier) else (other, one)
        met = [large.distance[id_] for id_ in small.grow() if id_ in large.distance]
        if met:
            return small.radius + min(met)
    return None


# --- the shortest ways


def _layers(ends: tuple[_End, _End], steps: int) -> list[list[str]]:
    """Return, for each step, who stands there on some shortest way, in order of ids."""
    one, other = ends
    middle = one.radius
    layers: list[list[str]] = [[] for _ in range(steps + 1)]
    layers[middle] = sorted(
        id_
        for id_, far in one.distance.items()
        if far == middle and other.distance.get(id_) == steps - middle
    )
    for at in range(middle, 0, -1):
        layers[at - 1] = _next_to(one, layers[at], at - 1)
    for at in range(middle, steps):
        layers[at + 1] = _next_to(other, layers[at], steps - at - 1)
    return layers


def _next_to(end: _End, layer: list[str], far: int) -> list[str]:
    found: set[str] = set()
    opened: set[int] = set()
    for id_ in layer:
        near = end.ground.direct(id_)
        cohort = end.ground.cohort(id_)
        if cohort is not None and cohort not in opened:
            opened.add(cohort)
            near += end.ground.graph.adj[cohort]
        found.update(each for each in near if end.distance.get(each) == far)
    return sorted(found)


def _count(ground: KnownTies, layers: list[list[str]]) -> int:
    """Count the shortest ways without listing them: there may be millions."""
    ways = dict.fromkeys(layers[0], 1)
    for layer in layers[1:]:
        by_cohort: dict[int | None, int] = defaultdict(int)
        for id_, count in ways.items():
            by_cohort[ground.cohort(id_)] += count
        following = {}
        for id_ in layer:
            cohort = ground.cohort(id_)
            direct = [each for each in ground.direct(id_) if each in ways]
            total = sum(ways[each] for each in direct)
            if cohort is not None:  # those who are tied directly as well are counted once
                total += by_cohort[cohort]
                total -= sum(ways[each] for each in direct if ground.cohort(each) == cohort)
            following[id_] = total
        ways = following
    return sum(ways.values())


def _along(ground: KnownTies, layers: list[list[str]]) -> Iterator[Path]:
    """List the shortest ways in order of ids."""

    def onward(path: Path) -> Iterator[Path]:
        if len(path) == len(layers):
            yield path
            return
        for id_ in layers[len(path)]:
            if ground.between(path[-1], id_):
                yield from onward((*path, id_))

    for first in layers[0]:
        yield from onward((first,))


def _longer(
    ground: KnownTies, a: str, b: str, shortest: list[Path], wanted: int, searched: int | None
) -> list[Path]:
    """Fill up the shortest ways with longer ones that pass nobody twice, of at most `searched`."""
    import networkx as nx

    paths = list(shortest)
    known = set(paths)
    found = nx.shortest_simple_paths(ground.graph, a, b, weight="weight")
    for nodes in islice(found, _TRIES):
        if len(paths) >= wanted:
            break
        if time.monotonic() > ground.deadline:
            ground.is_full = True
            break
        path = tuple(each for each in nodes if isinstance(each, str))
        if searched is not None and len(path) - 1 > searched:
            break
        if path not in known:
            known.add(path)
            paths.append(path)
    return paths


# --- what a way says


def _told(
    store: Store,
    ground: KnownTies,
    ends: tuple[_End, _End],
    paths: list[Path],
    steps: int | None,
    shortest: int,
    searched: int | None,
) -> Connections:
    a, b = (next(iter(end.distance)) for end in ends)
    people = sorted({a, b, *(id_ for path in paths for id_ in path)})
    names = {row["person"]: row["name"] for row in store.read(_NAMES, people=people)}
    postings: dict[str, list[Row]] = defaultdict(list)
    units: dict[str, str] = {}
    for row in times_of(store, people, ground.day) if paths else ():
        postings[row["person"]].append(row)
        units[row["unit"]] = row["unit_name"]
    sides = tuple(
        Side(
            len(end.distance) - 1,
            max(end.distance.values()),
            bool(end.frontier),
        )
        for end in ends
    )
    return Connections(
        a,
        b,
        names,
        tuple(
            tuple(
                _step(ground, one, other, names, postings, units) for one, other in pairwise(path)
            )
            for path in paths
        ),
        steps,
        shortest,
        (sides[0], sides[1]),
        searched,
        ground.is_full,
    )


def _step(
    ground: KnownTies,
    one: str,
    other: str,
    names: dict[str, str],
    postings: dict[str, list[Row]],
    units: dict[str, str],
) -> ConnectionStep:
    ties = ground.between(one, other)
    return ConnectionStep(
        one, other, ties, tuple(_said(tie, names, postings, units) for tie in ties)
    )


def _said(
    tie: Tie, names: dict[str, str], postings: dict[str, list[Row]], units: dict[str, str]
) -> Sentence:
    """Say a tie with its dates, and of mentoring where the trainee then was."""
    one, other = (Named("person", id_, names[id_]) for id_ in (tie.one, tie.other))
    if tie.by == "cohort":
        return say(
            N_("%(one)s and %(other)s were both selected in %(year)s."),
            one=one,
            other=other,
            year=tie.since,
        )
    when = _period(tie)
    if tie.by == "unit":
        unit = Named("unit", tie.unit or "", units[tie.unit or ""])
        return say(
            N_("%(when)s%(one)s and %(other)s were both in %(unit)s."),
            when=when,
            one=one,
            other=other,
            unit=unit,
        )
    place = _place(tie, postings)
    return say(
        N_("%(when)s%(mentor)s mentored %(trainee)s%(place)s%(kind)s."),
        when=when,
        mentor=one,
        trainee=other,
        place=say(N_(" in %(unit)s"), unit=Named("unit", place, units[place])) if place else "",
        kind=say(N_(" (%(note)s)"), note=Term("mentoring_kinds", tie.kind)) if tie.kind else "",
    )


def _period(tie: Tie) -> Sentence | str:
    if tie.since and tie.until:
        return say(N_("%(since)s to %(until)s: "), since=tie.since, until=tie.until)
    if tie.since:
        return say(N_("since %(since)s: "), since=tie.since)
    return say(N_("until %(until)s: "), until=tie.until) if tie.until else ""


def _place(tie: Tie, postings: dict[str, list[Row]]) -> str | None:
    """Return the unit where the trainee was for the longest part of a mentoring."""
    period = {"since": tie.since, "until": tie.until}
    lasted: dict[str, int] = {}
    for row in postings[tie.other]:
        both = shared(row, period)
        if both:
            since, until = (date.fromisoformat(full(day or _OPEN)) for day in both)
            lasted[row["unit"]] = lasted.get(row["unit"], 0) + (until - since).days
    return max(lasted, key=lambda unit: lasted[unit], default=None)


_NAMES = """\
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person, p.name AS name
ORDER BY person"""
