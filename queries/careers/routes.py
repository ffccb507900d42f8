"""From A to B: how people got from one post, rank or kind to another, and how long it took.

A and B are what a step of a search by path may be, and `unit_kind` beside it. A person's way runs
from the first posting that is A to the first later one that is B. The shortest realised chain
joins moves of different people where nobody need have walked the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import per_version
from graph.errors import N_, UsageError
from graph.store import Store
from queries.careers.at_level import postings_at_level, share, typical
from queries.careers.groups import GroupsDict, from_the_first_day
from queries.careers.incidence import TimesToArriveDict
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.careers.path_outcomes import PathOutcome, path_outcome
from queries.careers.path_rows import PathRows, begin_rows, sought_mask
from queries.careers.path_steps import MOST_MONTHS, WHAT, PathStep, PostingSought
from queries.careers.path_ways import PathWays, earliest_pairs
from queries.personnel import Personnel, personnel, postings
from queries.personnel.columns import LEVELS, Begun
from queries.personnel.days import Bools, Ints, day_of_number, first_of_each, months_between
from queries.personnel.reading import FETCH
from queries.row_types import PersonName

PLACES = WHAT


@dataclass(frozen=True)
class RouteEnd:
    """What A or B is: one thing of `PLACES` and its value, as in `RouteEnd("rank", "副科")`."""

    what: str
    value: str

    def __post_init__(self) -> None:
        if self.what not in PLACES:
            raise UsageError(
                N_("A place is one of %(known)s, not %(what)s."),
                what=self.what,
                known=", ".join(PLACES),
            )

    def sought(self) -> PostingSought:
        """Return what a posting there is."""
        values: Any = {self.what: self.value}
        return PostingSought(**values)


@dataclass(frozen=True)
class Walk:
    """One person's way from A to B."""

    person: str
    name: str
    since: date
    until: date
    months: int


@dataclass(frozen=True)
class Route:
    """A distinct sequence of labels from A to B, and everybody who walked it."""

    keys: tuple[str | None, ...]
    texts: tuple[str, ...]
    walks: tuple[Walk, ...]  # quickest first
    median_months: float
    share: float | None  # of all who got from A to B; None for fewer than 10
    step_months: tuple[float, ...]  # median months from each step to the next; the last has none

    @property
    def count(self) -> int:
        """Return how many people walked it."""
        return len(self.walks)


@dataclass(frozen=True)
class Hop:
    """One move of the shortest realised chain, and who made it."""

    source: str
    source_text: str
    target: str
    target_text: str
    people: tuple[tuple[str, str], ...]


class WalkDict(PersonName):
    """One person's way from A to B."""

    since: str
    until: str
    months: int


class RouteDict(TypedDict):
    """A distinct sequence of labels, and who walked it."""

    steps: list[str]
    keys: list[str | None]
    count: int
    share: float | None
    median_months: float
    step_months: list[float]
    people: list[WalkDict]


HopRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {"from": str},
        "HopDict",
        from_text=str,
        to=str,
        to_text=str,
        count=int,
        people=list[PersonName],
    ),
]


class RoutesDict(TimesToArriveDict):
    """All routes from A to B, as plain values."""

    start: dict[str, str]
    end: dict[str, str]
    level: str
    as_of: str
    limits: LimitsDict
    count: int
    groups: GroupsDict
    missed: int
    median_months: float | None
    routes: list[RouteDict]
    fastest: list[WalkDict]
    chain: list[HopRow] | None
    cypher: str


@dataclass(frozen=True)
class RoutesAnswer:
    """All routes from A to B, most walked first."""

    start: RouteEnd
    end: RouteEnd
    level: str
    on: date
    limits: Limits
    count: int
    outcome: PathOutcome  # of all who have been at A
    median_months: float | None  # of those who arrived
    routes: tuple[Route, ...]
    fastest: tuple[Walk, ...]  # everybody who needed the fewest months
    chain: tuple[Hop, ...] | None  # None: no chain of moves leads there
    cypher: str

    @property
    def typical(self) -> Route | None:
        """Return the route that most people walked."""
        return self.routes[0] if self.routes else None

    def as_dict(self) -> RoutesDict:
        """Return plain values for JSON."""
        return {
            "start": {self.start.what: self.start.value},
            "end": {self.end.what: self.end.value},
            "level": self.level,
            "as_of": self.on.isoformat(),
            "limits": self.limits.as_dict(),
            "count": self.count,
            "groups": self.outcome.groups.as_dict(),
            "missed": self.outcome.missed,
            **self.outcome.times.as_dict(),
            "median_months": self.median_months,
            "routes": [
                {
                    "steps": list(route.texts),
                    "keys": list(route.keys),
                    "count": route.count,
                    "share": route.share,
                    "median_months": route.median_months,
                    "step_months": list(route.step_months),
                    "people": [_walk(walk) for walk in route.walks],
                }
                for route in self.routes
            ],
            "fastest": [_walk(walk) for walk in self.fastest],
            "chain": None
            if self.chain is None
            else [
                {
                    "from": hop.source,
                    "from_text": hop.source_text,
                    "to": hop.target,
                    "to_text": hop.target_text,
                    "count": len(hop.people),
                    "people": [{"person": id_, "name": name} for id_, name in hop.people],
                }
                for hop in self.chain
            ],
            "cypher": self.cypher,
        }


def _walk(walk: Walk) -> WalkDict:
    return {
        "person": walk.person,
        "name": walk.name,
        "since": walk.since.isoformat(),
        "until": walk.until.isoformat(),
        "months": walk.months,
    }


@per_version(4)
def kept_routes(
    store: Store, start: RouteEnd, end: RouteEnd, on: date, level: str, limits: Limits
) -> RoutesAnswer:
    """Return the routes that a first page shows of everybody, found once a version of the data."""
    return routes(store, start, end, on, level, limits=limits)


def routes(
    store: Store,
    start: RouteEnd,
    end: RouteEnd,
    on: date,
    level: str = "post",
    within_months: int | None = None,
    limits: Limits = EVERYBODY,
) -> RoutesAnswer:
    """Find the routes from A to B at a level, and the shortest realised chain of everybody's moves.

    A period of `limits` is that in which A begins.
    """
    if level not in LEVELS:
        raise UsageError(
            N_("%(level)s is not a level of comparison."),
            N_("Use one of %(known)s."),
            level=level,
            known=", ".join(LEVELS),
        )
    if within_months is not None and not 0 <= within_months <= MOST_MONTHS:
        raise UsageError(N_("Months are 0 to %(most)s."), most=MOST_MONTHS)
    model = personnel(store)
    begun = model.careers(on)
    columns = begun.postings
    masks = [
        sought_mask(model, place.sought(), number)[begun.at]
        for number, place in enumerate((start, end), start=1)
    ]
    codes, keys, texts = columns.labels(level)
    asked = limits.people(store, model, on)
    begins = masks[0] & limits.in_period(begun.since)
    if asked is not None:
        begins &= asked[begun.person]
    steps = (PathStep(), PathStep(within_months=within_months))
    ways = PathWays(begun, steps, [begin_rows(begun, mask) for mask in (begins, masks[1])])
    people, first, last = earliest_pairs(ways)
    months = months_between(begun.since[first], begun.since[last])
    rows = zip(people.tolist(), first.tolist(), last.tolist(), months.tolist(), strict=True)
    walks = _walks(begun, codes, rows)
    found = [_route(way, those, keys, texts, len(people)) for way, those in walks.items()]
    found.sort(key=lambda route: (-route.count, route.median_months, route.texts))
    everybody = [walk for route in found for walk in route.walks]
    fewest = min((walk.months for walk in everybody), default=0)
    return RoutesAnswer(
        start=start,
        end=end,
        level=level,
        on=on,
        limits=limits,
        count=len(people),
        outcome=_outcome(model, ways, (people, first, last), masks[1], asked),
        median_months=typical([walk.months for walk in everybody]),
        routes=tuple(found),
        fastest=tuple(
            sorted((w for w in everybody if w.months == fewest), key=lambda w: (w.since, w.person))
        ),
        chain=chain(begun, masks[0], masks[1]),
        cypher=FETCH["postings"].strip(),
    )


def _outcome(
    model: Personnel,
    ways: PathWays,
    walked: tuple[Ints, Ints, Ints],
    end: Bools,
    asked: Bools | None,
) -> PathOutcome:
    """Judge everybody who has been at A; who was at B on the first known day stands beside."""
    begun, (people, first, last) = ways.begun, walked
    days = np.stack([begun.since[first], begun.since[last]], axis=1)
    maker = PathRows(model, begun)
    found = path_outcome(maker, ways, (people, days), ways.part(1).earliest(), asked)
    at = first_of_each(begun.person)
    at = at[end[at]]
    day = model.on_number(begun.on)
    at = at[from_the_first_day(day, begun.person[at], begun.since[at])]
    if asked is not None:
        at = at[asked[begun.person[at]]]
    return found.with_start(len(np.setdiff1d(begun.person[at], people)))


def _walks(
    begun: Begun, codes: Ints, rows: Iterable[tuple[int, int, int, int]]
) -> dict[tuple[int, ...], list[tuple[Walk, tuple[int, ...]]]]:
    """Return by the codes passed who walked from A to B, each with the months of every step.

    A row is a person, the places of the first and the last posting, and the months between.
    """
    columns = begun.postings
    walks: dict[tuple[int, ...], list[tuple[Walk, tuple[int, ...]]]] = defaultdict(list)
    for person, low, high, took in rows:
        places = np.array(_walked(low, high), dtype=np.int64)
        places = places[first_of_each(codes[begun.at[places]])]
        begins = begun.since[places]
        walk = Walk(
            columns.person_ids[person],
            columns.person_names[person],
            day_of_number(int(begun.since[low])),
            day_of_number(int(begun.since[high])),
            took,
        )
        kept = tuple(codes[begun.at[places]].tolist())
        walks[kept].append((walk, tuple(months_between(begins[:-1], begins[1:]).tolist())))
    return walks


def _walked(low: int, high: int) -> list[int]:
    """List the places from A to B; where both began on one day, B may stand first."""
    return list(range(low, high + 1)) if low < high else [low, high]


def _route(
    way: tuple[int, ...],
    walks: list[tuple[Walk, tuple[int, ...]]],
    keys: list[str],
    texts: list[str],
    whole: int,
) -> Route:
    walked = (walk for walk, _ in walks)
    ordered = tuple(sorted(walked, key=lambda walk: (walk.months, walk.since, walk.person)))
    return Route(
        keys=tuple(keys[code] if code >= 0 else None for code in way),
        texts=tuple(texts[code] if code >= 0 else "?" for code in way),
        walks=ordered,
        median_months=typical([walk.months for walk in ordered]) or 0,
        share=share(len(ordered), whole),
        step_months=tuple(
            typical(list(months)) or 0 for months in zip(*(m for _, m in walks), strict=True)
        ),
    )


def chain(begun: Begun, start: Bools, end: Bools) -> tuple[Hop, ...] | None:
    """Find the fewest moves between posts, each made by somebody, from A to B.

    The first leaves a posting that is A and the last arrives at one that is B. Of chains of equal
    length, the one whose later moves more people made, then by id.
    """
    every = postings_at_level(begun, "post")
    here, there = every.moves()
    leaves, arrives = start[every.last[here]], end[every.first[there]]
    moves = _Moves(every.code[here], every.code[there], every.person[there])
    reached: list[dict[int, int]] = []  # of each number of moves: post -> the post before it
    kinds: list[Bools] = []  # which moves may be the first, the second, ...
    seen = np.zeros(len(every.keys), dtype=bool)
    last = moves.widest(leaves & arrives)
    frontier = np.ones(len(every.keys), dtype=bool)
    anyway = np.ones(len(leaves), dtype=bool)
    while last is None and frontier.any():
        kinds.append(anyway if kinds else leaves)
        reached.append(moves.onward(kinds[-1], frontier, seen))
        frontier = np.zeros_like(seen)
        frontier[list(reached[-1])] = True
        seen |= frontier
        last = moves.widest(arrives & frontier[moves.source])
    if last is None:
        return None
    kinds.append(arrives if kinds else leaves & arrives)
    way = [last]
    for level in reversed(reached):
        way.insert(0, (level[way[0][0]], way[0][0]))
    return tuple(
        _hop(begun, *step, moves.people(kind, *step)) for step, kind in zip(way, kinds, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Moves:
    """All moves between posts, a place each in three columns."""

    source: Ints
    target: Ints
    person: Ints

    def _counted(self, which: Bools) -> tuple[Ints, Ints, Ints]:
        """Return each pair of posts that some moves join, and how many people made them."""
        order = np.lexsort((self.person[which], self.target[which], self.source[which]))
        source, target = self.source[which][order], self.target[which][order]
        person = self.person[which][order]
        new = np.r_[True, (source[1:] != source[:-1]) | (target[1:] != target[:-1])][: len(source)]
        other = np.r_[True, person[1:] != person[:-1]][: len(source)]
        pairs = np.cumsum(new) - 1
        people = np.bincount(pairs[new | other], minlength=int(new.sum()))
        return source[new], target[new], people.astype(np.int64)

    def onward(self, which: Bools, frontier: Bools, seen: Bools) -> dict[int, int]:
        """Return the posts one move on, each with the post from which most people came, then by id.

        Posts seen before are left out.
        """
        near = which & frontier[self.source] & ~seen[self.target]
        source, target, people = self._counted(near)
        order = np.lexsort((source, -people, target))
        first = order[first_of_each(target[order])]
        return dict(zip(target[first].tolist(), source[first].tolist(), strict=True))

    def widest(self, which: Bools) -> tuple[int, int] | None:
        """Return the two posts between which most people moved, then by id."""
        source, target, people = self._counted(which)
        if not len(source):
            return None
        best = np.lexsort((source, target, -people))[0]
        return int(source[best]), int(target[best])

    def people(self, which: Bools, source: int, target: int) -> list[int]:
        """Return who moved between two posts."""
        made = which & (self.source == source) & (self.target == target)
        return sorted(set(self.person[made].tolist()))


def _hop(begun: Begun, source: int, target: int, people: list[int]) -> Hop:
    columns = begun.postings
    return Hop(
        columns.post_ids[source],
        columns.post_text(source),
        columns.post_ids[target],
        columns.post_text(target),
        tuple((columns.person_ids[who], columns.person_names[who]) for who in people),
    )


def places_of(store: Store, what: str) -> list[str]:
    """List the values that a place may have, as the data have them (for forms)."""
    columns = postings(store)
    values_of: dict[str, list[Any]] = {
        "post": list(columns.post_ids),
        "title": list(columns.post_titles),
        "rank": list(columns.ranks),
        "kind": list(columns.kinds),
        "post_kind": list(columns.post_kinds),
        "unit": list(columns.unit_ids),
        "unit_kind": list(columns.unit_kinds),
    }
    return sorted({value for value in values_of[what] if value})
