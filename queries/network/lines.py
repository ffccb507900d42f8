"""A lineage as a whole: the generations above and below people, a mentor's reach, common ancestors.

Everybody counts once, in the generation nearest to the people asked for, as in `lineage.down` and
`lineage.up`. The walk goes generation by generation, so its cost is that of the ties met.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import add_days, add_months
from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.dated import Dated, begun, dated, ended
from queries.network.connection_ties import full
from queries.personnel.pairs import cut
from queries.row_types import PersonName

DIRECTIONS = ("both", "up", "down")
MOST_COMMON = 200
_CHUNK = 2_000


@dataclass(frozen=True)
class MentorLine:
    """Everybody above or below some people; `nearer` is the one through whom each was met."""

    generation: dict[str, int]  # in the order met, the people asked for (0) first
    nearer: dict[str, str]
    ties: tuple[Row, ...]

    @property
    def counts(self) -> list[tuple[int, int]]:
        """Return how many people stand in each generation from 1 on."""
        counts = Counter(self.generation.values())
        return [(generation, counts[generation]) for generation in sorted(counts) if generation]


@dataclass(frozen=True)
class Reach:
    """What one mentor's line has come to."""

    person: str
    name: str
    trainees: int
    descendants: int
    generations: int
    longest: int | None  # steps of the longest line; None where a cycle lets it run on
    state: str  # "living", "ended", "undated", or "none" without trainees
    last_active: str | None


@dataclass(frozen=True)
class Ancestor:
    """A person above all of those asked for, with the generations up from each of them."""

    person: str
    name: str
    generations: tuple[int, ...]


class GenerationCount(TypedDict):
    """How many people stand in a generation; ancestors below zero."""

    generation: int
    people: int


class LineageDict(TypedDict):
    """The lineage of people, as plain values."""

    as_of: str
    people: list[PersonName]
    direction: str
    years: int
    ancestors: int | None
    descendants: int | None
    generations: list[GenerationCount]
    reach: list[Annotated[Row, FieldsOf(Reach)]]
    common_ancestors: list[Annotated[Row, FieldsOf(Ancestor)]]
    common_ancestors_total: int


@dataclass(frozen=True)
class Lineage:
    """The lineage of people, with the names of the ones asked for."""

    roots: tuple[str, ...]
    names: dict[str, str]
    direction: str
    as_of: date
    years: int
    up: MentorLine | None
    down: MentorLine | None
    reach: tuple[Reach, ...]
    common: tuple[Ancestor, ...]
    common_total: int

    @property
    def generations(self) -> list[tuple[int, int]]:
        """Return the people of each generation: ancestors below zero, farthest first."""
        above = [(-g, people) for g, people in reversed(self.up.counts)] if self.up else []
        return [*above, (0, len(self.roots)), *(self.down.counts if self.down else [])]

    def as_dict(self) -> LineageDict:
        """Return it as plain values."""
        return {
            "as_of": self.as_of.isoformat(),
            "people": [{"person": id_, "name": self.names[id_]} for id_ in self.roots],
            "direction": self.direction,
            "years": self.years,
            "ancestors": len(self.up.generation) - len(self.roots) if self.up else None,
            "descendants": len(self.down.generation) - len(self.roots) if self.down else None,
            "generations": [
                {"generation": generation, "people": people}
                for generation, people in self.generations
            ],
            "reach": [asdict(reach) for reach in self.reach],
            "common_ancestors": [asdict(each) for each in self.common],
            "common_ancestors_total": self.common_total,
        }


def lineage(store: Store, roots: Sequence[str], direction: str, as_of: date, years: int) -> Lineage:
    """Return the lineage of one or several people; NotFound names an id that is not stored.

    A line lives when a pair of it was active within `years` before the day; 0 means on the day.
    """
    roots = tuple(dict.fromkeys(roots))
    names = _names(store, roots)
    for id_ in roots:
        if id_ not in names:
            raise NotFound(N_('There is no person "%(id)s".'), N_("Search for the name."), id=id_)
    day = dated(store, as_of)
    down_by_root = {id_: walk(store, [id_], "down", day) for id_ in roots}
    single = len(roots) == 1
    down = down_by_root[roots[0]] if single else walk(store, roots, "down", day)
    up = walk(store, roots, "up", day) if direction != "down" else None
    common = [] if single else _common([walk(store, [id_], "up", day) for id_ in roots])
    listed = common[:MOST_COMMON]
    found = _names(store, [id_ for id_, _ in listed])
    return Lineage(
        roots,
        names,
        direction,
        as_of,
        years,
        up,
        down if direction != "up" else None,
        tuple(_reach(id_, names[id_], line, as_of, years) for id_, line in down_by_root.items()),
        tuple(Ancestor(id_, found[id_], generations) for id_, generations in listed),
        len(common),
    )


def walk(store: Store, roots: Sequence[str], direction: str, day: Dated) -> MentorLine:
    """Meet everybody above ("up") or below ("down"), one generation after the other."""
    question = BELOW if direction == "down" else ABOVE
    generation = dict.fromkeys(roots, 0)
    nearer: dict[str, str] = {}
    ties: list[Row] = []
    frontier, step = list(roots), 0
    while frontier:
        step += 1
        new: list[str] = []
        for at in range(0, len(frontier), _CHUNK):
            asked = {"frontier": frontier[at : at + _CHUNK], "on": day.on, "ends": day.ends}
            for row in store.read(question, **asked):
                ties.append(row)
                id_ = row["neighbour"]
                if id_ not in generation:
                    generation[id_] = step
                    nearer[id_] = row["person"]
                    new.append(id_)
        frontier = new
    ends = ("person", "neighbour") if direction == "down" else ("neighbour", "person")
    pairs = [{**row, "mentor": row[ends[0]], "trainee": row[ends[1]]} for row in ties]
    return MentorLine(generation, nearer, tuple(cut(store, pairs, day)))


def _reach(person: str, name: str, line: MentorLine, as_of: date, years: int) -> Reach:
    last = max((_active(tie, as_of) for tie in line.ties), default="")
    limit = add_months(as_of, -12 * years).isoformat()
    if not line.ties:
        state = "none"
    elif not last:
        state = "undated"
    else:
        state = "living" if last >= limit else "ended"
    return Reach(
        person,
        name,
        sum(generation == 1 for generation in line.generation.values()),
        len(line.generation) - 1,
        max(line.generation.values()),
        _longest(line),
        state,
        last or None,
    )


def _active(tie: Row, as_of: date) -> str:
    """Return the last day up to which a pair is known to be active; nothing without a date.

    A begun pair without an end goes on; the day of an end is itself no longer part of it, so an
    end on the day asked for is told as the day before would be: as past.
    """
    day = as_of.isoformat()
    if tie["since"] and full(tie["since"]) > day:
        return ""
    if tie["until"]:
        return day if full(tie["until"]) > day else _before(full(tie["until"]))
    return day if tie["since"] else ""


def _before(day: str) -> str:
    return add_days(date.fromisoformat(day), -1).isoformat()


def _longest(line: MentorLine) -> int | None:
    """Return the steps of the longest line downwards."""
    below: dict[str, set[str]] = defaultdict(set)
    for tie in line.ties:
        below[tie["person"]].add(tie["neighbour"])
    waiting = Counter(id_ for trainees in below.values() for id_ in trainees)
    order = [id_ for id_ in line.generation if not waiting[id_]]
    steps = dict.fromkeys(line.generation, 0)
    for id_ in order:  # it grows while it is read
        for trainee in below[id_]:
            steps[trainee] = max(steps[trainee], steps[id_] + 1)
            waiting[trainee] -= 1
            if not waiting[trainee]:
                order.append(trainee)
    return max(steps.values()) if len(order) == len(line.generation) else None


def _common(lines: Sequence[MentorLine]) -> list[tuple[str, tuple[int, ...]]]:
    """Return who stands above all, nearest first; nobody is an ancestor of themselves."""
    shared = [
        (id_, tuple(line.generation[id_] for line in lines))
        for id_ in lines[0].generation
        if all(line.generation.get(id_) for line in lines)
    ]
    return sorted(shared, key=lambda each: (sum(each[1]), max(each[1]), each[0]))


def _names(store: Store, ids: Sequence[str]) -> dict[str, str]:
    return {row["person"]: row["name"] for row in store.read(_NAMES, people=list(ids))}


_NAMES = """\
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person, p.name AS name
ORDER BY person"""
BELOW = f"""\
MATCH (p:Person)-[e:MENTORS]->(x:Person)
WHERE p.id IN $frontier AND p.id <> x.id AND {begun("e")}
RETURN p.id AS person, x.id AS neighbour, x.name AS name, e.since AS since,
  {ended("e")} AS until
ORDER BY name, neighbour, person, since, until"""
ABOVE = f"""\
MATCH (p:Person)<-[e:MENTORS]-(x:Person)
WHERE p.id IN $frontier AND p.id <> x.id AND {begun("e")}
RETURN p.id AS person, x.id AS neighbour, x.name AS name, e.since AS since,
  {ended("e")} AS until
ORDER BY name, neighbour, person, since, until"""
