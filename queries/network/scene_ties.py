"""Posts and units of a scene, and every tie of everything in it: counted, and followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.store import Row, Store
from queries.dated import Dated
from queries.network import around
from queries.network.view import KINDS, key_of

MENTORING = {"mentors": "up", "trainees": "down"}  # kinds of ties, and the way they go
TURNED = {
    "mentors": "trainees",
    "trainees": "mentors",
    "posts": "holders",
    "holders": "posts",
    "unit": "unit_posts",
    "unit_posts": "unit",
    "above": "below",
    "below": "above",
}
assert set(TURNED) <= set(KINDS)

SceneTie = tuple[str, str, str]  # from a key to a key, and the kind seen from the first


@dataclass(frozen=True)
class Thing:
    """A post or a unit in the picture."""

    key: str
    kind: str  # "post" or "unit"
    id: str
    name: str
    detail: str | None = None  # of a post its rank, of a unit its kind
    unit: str | None = None  # of a post its unit, of a unit the one above
    unit_name: str | None = None


@dataclass(frozen=True)
class ShownCount:
    """How much of one kind of ties is there, and in the picture."""

    total: int
    shown: int


@dataclass(frozen=True)
class SceneTies:
    """Every tie of everything that is shown, wherever it leads: rows of `queries.network.around`.

    A tie of mentoring between two people who are shown comes twice, once seen from each.
    """

    mentoring: tuple[Row, ...] = ()
    postings: tuple[Row, ...] = ()  # of the posts shown
    unit_posts: tuple[Row, ...] = ()
    units_below: tuple[Row, ...] = ()

    def between(self, people: Iterable[str], things: Mapping[str, Thing]) -> list[SceneTie]:
        """Return the ties between what is shown, each in both ways."""
        ties = [
            (
                key_of("person", row["person"]),
                key_of("person", row["neighbour"]),
                "mentors" if row["way"] == "up" else "trainees",
            )
            for row in self.mentoring
        ]
        for row in self.postings:
            person, post = key_of("person", row["person"]), key_of("post", row["post"])
            ties += [(person, post, "posts"), (post, person, "holders")]
        for thing in things.values():
            if thing.unit:
                above = key_of("unit", thing.unit)
                kinds = ("unit", "unit_posts") if thing.kind == "post" else ("above", "below")
                ties += [(thing.key, above, kinds[0]), (above, thing.key, kinds[1])]
        there = keys(people, things)
        return [tie for tie in ties if tie[0] in there and tie[1] in there]

    def counts(
        self,
        people: Iterable[str],
        things: Mapping[str, Thing],
        fit: set[str],
        posted: Mapping[str, int],
    ) -> dict[str, dict[str, ShownCount]]:
        """Count every kind of ties of everything shown, by key and kind.

        Of mentoring only people who `fit` the filters count; `posted` says how many posts each
        person held, shown or not.
        """
        people = list(people)
        ends = self._ends(things, fit)
        there = keys(people, things)
        counts: dict[str, dict[str, ShownCount]] = {}
        for id_ in people:
            key = key_of("person", id_)
            counts[key] = {
                kind: ShownCount(len(ends[key, kind]), len(ends[key, kind] & there))
                for kind in MENTORING
            }
            counts[key]["posts"] = ShownCount(posted.get(id_, 0), len(ends[key, "posts"] & there))
        for thing in things.values():
            kinds = (
                ("holders", "unit") if thing.kind == "post" else ("unit_posts", "below", "above")
            )
            counts[thing.key] = {
                kind: ShownCount(len(ends[thing.key, kind]), len(ends[thing.key, kind] & there))
                for kind in kinds
            }
        return counts

    def _ends(self, things: Mapping[str, Thing], fit: set[str]) -> dict[tuple[str, str], set[str]]:
        """Return what each kind of ties of everything shown leads to, in the picture or not."""
        ends: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in self.mentoring:
            if row["neighbour"] in fit:
                kind = "mentors" if row["way"] == "up" else "trainees"
                ends[key_of("person", row["person"]), kind].add(key_of("person", row["neighbour"]))
        for row in self.postings:
            ends[key_of("post", row["post"]), "holders"].add(key_of("person", row["person"]))
            ends[key_of("person", row["person"]), "posts"].add(key_of("post", row["post"]))
        for row in self.unit_posts:
            ends[key_of("unit", row["unit"]), "unit_posts"].add(key_of("post", row["post"]))
        for row in self.units_below:
            ends[key_of("unit", row["above"]), "below"].add(key_of("unit", row["unit"]))
        for thing in things.values():
            if thing.unit:
                ends[thing.key, "unit" if thing.kind == "post" else "above"].add(
                    key_of("unit", thing.unit)
                )
        return ends


def read_scene_ties(
    store: Store, mentoring: Iterable[Row], things: Iterable[Thing], day: Dated
) -> SceneTies:
    """Read the ties of posts and units beside those of mentoring."""
    ids: dict[str, list[str]] = {"post": [], "unit": []}
    for thing in things:
        ids[thing.kind].append(thing.id)
    posts, units = ids["post"], ids["unit"]
    return SceneTies(
        tuple(mentoring),
        tuple(around.holders(store, posts, day)) if posts else (),
        tuple(around.posts_in(store, units)) if units else (),
        tuple(around.units_below(store, units)) if units else (),
    )


def keys(people: Iterable[str], things: Iterable[str]) -> set[str]:
    """Return the keys of people (by id) and things (by key)."""
    return {key_of("person", id_) for id_ in people} | set(things)


def met(begin: Iterable[str], ties: Iterable[SceneTie]) -> set[str]:
    """Return everything that ties lead to, whichever way.

    >>> sorted(met(["a"], [("b", "a", "mentors"), ("b", "c", "mentors"), ("d", "e", "mentors")]))
    ['a', 'b', 'c']
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other, _kind in ties:
        beside[one].append(other)
        beside[other].append(one)
    found, frontier = set(begin), list(begin)
    while frontier:
        frontier = [each for id_ in frontier for each in beside[id_] if each not in found]
        frontier = list(dict.fromkeys(frontier))
        found.update(frontier)
    return found
