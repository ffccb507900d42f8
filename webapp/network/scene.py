"""Who and what is shown in a view: gathered from the graph, nothing drawn yet.

People are gathered in breadth, round by round; where the cap is reached, the places of a round are
dealt out among the people of the round before in turn, so that no hub takes them all. Then comes
what was opened by hand, the way between two people, and last what was closed or hidden. Whoever is
left out is counted, and so is what every tie kind of everything shown would still bring. Long
because each of these steps works on the one scene.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.network import around
from queries.network.connection_ties import full
from queries.network.connections import Connections, connect
from queries.programme.reading import read_facts
from queries.programme.stages import progress
from queries.unit_tree import unit_tree
from webapp.network.view import KINDS, MOST, Opened, View, key_of, key_opened
from webapp.shell import words

EXPANDED = 60  # people that one click on "n more" adds
LINE_PEOPLE = 300  # people that opening a whole line adds
READ = 20_000  # people whose ties are read; of those beyond only who is near, to be counted


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
class Count:
    """How much of one kind of ties is there, and in the picture."""

    total: int
    shown: int


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
    counts: dict[str, dict[str, Count]]  # by key and kind of ties
    closed: int  # people that closing or hiding took out
    way: Connections | None
    stages: dict[str, str]  # of people, where the view wants to know

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
        found = {}
        for card in self.people:
            counts = self.counts[key_of("person", card.id)]
            missing = sum(counts[kind].total - counts[kind].shown for kind in _MENTORING)
            if missing:
                found[card.id] = missing
        return found

    @property
    def ways(self) -> list[list[str]]:
        """Return the people of each way that was asked for."""
        if self.way is None:
            return []
        return [[path[0].one, *(step.other for step in path)] for path in self.way.paths if path]

    def as_dict(self) -> dict[str, Any]:
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
                {**asdict(card), "distance": self.distance[card.id]} for card in self.people
            ],
            "things": [asdict(thing) for thing in self.things],
            "ties": list(self.ties),
            "postings": list(self.postings),
            "structure": [list(each) for each in self.structure],
            "left_out": self.cut,
            "beyond": self.beyond,
            "counts": {
                key: {kind: asdict(count) for kind, count in counts.items()}
                for key, counts in self.counts.items()
            },
            "ways": self.ways,
        }


_MENTORING = {"mentors": "up", "trainees": "down"}
_LINES = {"ancestors": "up", "descendants": "down"}


def look(store: Store, view: View, usual: date) -> Scene:
    """Gather what a view shows; NotFound names a person or unit that is not stored."""
    gathering = _Gathering(store, view, view.day(usual))
    gathering.begin()
    gathering.walk()
    for opened in view.expand:
        gathering.open(opened)
    gathering.connect()
    gathering.read_ties()
    for opened in view.fold:
        gathering.fold(opened)
    gathering.hide(view.hide)
    return gathering.scene()


@dataclass
class _Gathering:
    """A scene in the making."""

    store: Store
    view: View
    on: date
    roots: list[str] = field(default_factory=list)  # in the picture
    begun: list[str] = field(default_factory=list)  # everybody asked for, beyond the cap too
    distance: dict[str, int] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    neighbours: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # person, kind
    reached: dict[str, int] = field(default_factory=dict)
    around: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)  # ties seen from everybody shown
    postings: list[Row] = field(default_factory=list)  # of the posts shown
    unit_posts: list[Row] = field(default_factory=list)
    units_below: list[Row] = field(default_factory=list)
    way: Connections | None = None
    closed: set[str] = field(default_factory=set)
    _fit: dict[str, bool] = field(default_factory=dict)
    _staff: set[str] | None = None

    # --- who is begun with

    def begin(self) -> None:
        """Find who is asked for: people by id, those of units and cohorts."""
        view, day = self.view, self.on.isoformat()
        known = cards(self.store, view.person, self.on)
        for id_ in view.person:
            if id_ not in known:
                raise NotFound(
                    N_('There is no person "%(id)s".'), N_("Search for the name."), id=id_
                )
        groups: list[list[str]] = [list(view.person)]
        tree = unit_tree(self.store) if view.unit or view.only_unit else None
        for unit in filter(None, (*view.unit, view.only_unit)):
            if tree is not None and unit not in tree.units:
                raise NotFound(
                    N_('There is no unit "%(id)s".'), N_("Search for the name."), id=unit
                )
        groups += [around.staff(self.store, unit, day) for unit in view.unit]
        groups += [around.cohort(self.store, int(year)) for year in view.cohort]
        named = set(view.person)
        everybody = list(dict.fromkeys(id_ for group in groups for id_ in group))
        fit = self.fitting([id_ for id_ in everybody if id_ not in named])
        self.begun = [id_ for id_ in everybody if id_ in named or id_ in fit]
        self.reached = dict.fromkeys(self.begun, 0)
        self.roots = self.begun[: max(self.view.limit, len(named))]

    # --- who fits the filters

    def lasted(self, tie: Row) -> bool:
        """Return whether a tie is of a kind and a time asked for; an unknown begin was long ago."""
        view = self.view
        if view.only_kind and tie["kind"] not in view.only_kind:
            return False
        return not (
            (view.until and tie["since"] and full(tie["since"]) > _last(view.until))
            or (view.since and tie["until"] and full(tie["until"]) <= full(view.since))
        )

    def fitting(self, ids: Iterable[str]) -> set[str]:
        """Return those of some people whom the filters let through."""
        view, wanted = self.view, list(dict.fromkeys(ids))
        if not view.filters:
            return set(wanted)
        new = [id_ for id_ in wanted if id_ not in self._fit]
        if view.only_unit and self._staff is None:
            self._staff = set(around.staff(self.store, view.only_unit, self.on.isoformat()))
        stages = stages_of(self.store, new, self.on) if view.only_stage else {}
        for id_, card in cards(self.store, new, self.on).items():
            self._fit[id_] = (
                (self._staff is None or id_ in self._staff)
                and (not view.only_cohort or str(card.cohort) == view.only_cohort)
                and (not view.only_rank or card.rank == view.only_rank)
                and (not view.only_stage or stages.get(id_) == view.only_stage)
            )
        return {id_ for id_ in wanted if self._fit.get(id_)}

    def ties_of(self, ids: Sequence[str], direction: str = "both") -> list[Row]:
        """Return the ties of people that are of a kind and a time asked for."""
        rows = around.mentoring(self.store, ids, direction)
        return [row for row in rows if self.lasted(row)]

    def near(self, ids: Sequence[str], direction: str) -> list[str]:
        """Return whom the ties of very many people lead to."""
        rows = around.near(self.store, ids, direction)
        return list(dict.fromkeys(row["neighbour"] for row in rows if self.lasted(row)))

    # --- the walk outwards

    def walk(self) -> None:
        """Walk round by round over all ties of the direction; then choose up to the cap."""
        view = self.view
        frontier = list(self.begun)
        for round_ in range(1, max(view.depth, 1) + 1):
            # The first round looks both ways: the page says how many mentors and trainees.
            of_all, counted = (frontier, []) if len(self.reached) <= READ else ([], frontier)
            if round_ == 1 and counted:
                of_all = self.roots
            rows = self.ties_of(of_all, "both" if round_ == 1 else view.direction)
            found = self.near(counted, view.direction) if round_ <= view.depth else []
            for row in rows:
                kind = "mentors" if row["way"] == "up" else "trainees"
                if view.direction in ("both", row["way"]):
                    of = self.neighbours.setdefault(row["person"], {}).setdefault(kind, [])
                    if row["neighbour"] not in of[-1:]:
                        of.append(row["neighbour"])
                    found.append(row["neighbour"])
            if round_ == 1:
                pairs = {(row["person"], row["way"], row["neighbour"]) for row in rows}
                self.around = Counter((person, way) for person, way, _ in pairs)
            if round_ > view.depth:
                break
            frontier = [id_ for id_ in dict.fromkeys(found) if id_ not in self.reached]
            self.reached.update(dict.fromkeys(frontier, round_))
            if not frontier:
                break
        self._choose()

    def _choose(self) -> None:
        """Choose up to `limit` people and their distances; count whom each one's ties lack."""
        view = self.view
        fit = self.fitting(id_ for id_ in self.reached if self.reached[id_])
        self.distance = dict.fromkeys(self.roots, 0)
        frontier, passed, asked = list(self.roots), set(self.begun), []
        for round_ in range(1, view.depth + 1):
            asked += frontier
            onward = []
            for id_ in in_turn([self._all(each) for each in frontier]):
                if id_ in passed or id_ not in self.reached:
                    continue
                if id_ not in fit:  # not shown, but one looks beyond
                    passed.add(id_)
                    onward.append(id_)
                elif len(self.distance) < view.limit:
                    passed.add(id_)
                    self.distance[id_] = round_
                    onward.append(id_)
            frontier = onward
        fit |= set(self.begun)
        for id_ in asked:
            for kind, ids in self.neighbours.get(id_, {}).items():
                missing = len((set(ids) & fit) - set(self.distance))
                if missing and id_ in self.distance:
                    self.left[id_, kind] = missing

    def _all(self, id_: str) -> list[str]:
        kinds = self.neighbours.get(id_, {})
        return [*kinds.get("mentors", ()), *kinds.get("trainees", ())]

    # --- what is opened by hand

    @property
    def room(self) -> int:
        """Return how much more the picture takes."""
        return max(MOST - len(self.distance) - len(self.things), 0)

    def open(self, opened: Opened) -> None:
        """Add what one kind of ties of a thing that is shown leads to."""
        kind, id_ = opened
        if kind in ("", *_MENTORING):
            if id_ in self.distance:
                self._open_ties(id_, (kind,) if kind else tuple(_MENTORING))
        elif kind in _LINES:
            if id_ in self.distance:
                self._open_line(id_, kind)
        elif kind == "posts":
            if id_ in self.distance:
                self._add_posts(around.postings(self.store, [id_]))
        elif key_opened(opened) in self.things:
            self._open_thing(kind, id_)

    def _open_ties(self, id_: str, kinds: tuple[str, ...]) -> None:
        direction = "both" if len(kinds) > 1 else _MENTORING[kinds[0]]
        rows = self.ties_of([id_], direction)
        fit = self.fitting(row["neighbour"] for row in rows)
        new = [each for each in dict.fromkeys(row["neighbour"] for row in rows) if each in fit]
        new = [each for each in new if each not in self.distance]
        for each in new[: min(EXPANDED, self.room)]:
            self.distance[each] = self.distance[id_] + 1
        for kind in kinds:
            mine = {row["neighbour"] for row in rows if row["way"] == _MENTORING[kind]} & fit
            self.left[id_, kind] = len(mine - set(self.distance))

    def _open_line(self, id_: str, kind: str) -> None:
        met, frontier, step = {id_: 0}, [id_], 0
        while frontier:
            step += 1
            if len(met) <= READ:
                beyond = [row["neighbour"] for row in self.ties_of(frontier, _LINES[kind])]
            else:
                beyond = self.near(frontier, _LINES[kind])
            frontier = [each for each in dict.fromkeys(beyond) if each not in met]
            met.update(dict.fromkeys(frontier, step))
        fit = self.fitting(met)
        new = [each for each in met if each in fit and each not in self.distance]
        room = min(LINE_PEOPLE, self.room)
        for each in new[:room]:
            self.distance[each] = self.distance[id_] + met[each]
        self.left[id_, kind] = len(new[room:])

    def _open_thing(self, kind: str, id_: str) -> None:
        if kind == "holders":
            rows = around.holders(self.store, [id_])
            fit = self.fitting(row["person"] for row in rows)
            new = [e for e in dict.fromkeys(row["person"] for row in rows) if e in fit]
            new = [each for each in new if each not in self.distance]
            for each in new[: min(EXPANDED, self.room)]:
                self.distance[each] = 1
        elif kind == "unit":
            unit = self.things[key_of("post", id_)].unit
            self._add_units(around.units(self.store, [unit] if unit else []))
        elif kind == "above":
            above = self.things[key_of("unit", id_)].unit
            self._add_units(around.units(self.store, [above] if above else []))
        elif kind == "unit_posts":
            self._add_posts(around.posts_in(self.store, [id_]))
        elif kind == "below":
            self._add_units(around.units_below(self.store, [id_]))

    def _add_posts(self, rows: Iterable[Row]) -> None:
        added = 0
        for row in rows:
            key = key_of("post", row["post"])
            if key not in self.things and added < min(EXPANDED, MOST) and self.room:
                added += 1
                self.things[key] = Thing(
                    key, "post", row["post"], row["title"], row["rank"], row["unit"],
                    row["unit_name"],
                )  # fmt: skip

    def _add_units(self, rows: Iterable[Row]) -> None:
        for row in list(rows)[: min(EXPANDED, self.room)]:
            key = key_of("unit", row["unit"])
            self.things.setdefault(
                key, Thing(key, "unit", row["unit"], row["name"], row["kind"], row["above"])
            )

    def connect(self) -> None:
        """Add the people on the shortest ways between the two asked for."""
        one, other = self.view.path_from, self.view.path_to
        if not one or not other:
            return
        self.way = connect(
            self.store,
            one,
            other,
            since=full(self.view.since) if self.view.since else None,
            until=_last(self.view.until) if self.view.until else None,
        )
        for path in self.way.paths:
            for at, id_ in enumerate([one, *(step.other for step in path)]):
                if id_ in self.distance or self.room:
                    self.distance.setdefault(id_, at)

    # --- ties, and what is taken out again

    def read_ties(self) -> None:
        """Read every tie of everything that is shown so far."""
        people = list(self.distance)
        rows = around.mentoring(self.store, people)
        self.rows = [row for row in rows if self.lasted(row)]
        posts = [thing.id for thing in self.things.values() if thing.kind == "post"]
        units = [thing.id for thing in self.things.values() if thing.kind == "unit"]
        self.postings = around.holders(self.store, posts) if posts else []
        self.unit_posts = around.posts_in(self.store, units) if units else []
        self.units_below = around.units_below(self.store, units) if units else []

    def _edges(self) -> list[tuple[str, str, str]]:
        """Return ties between what is shown, as keys, each with its kind seen from the first."""
        edges = [
            (
                key_of("person", row["person"]),
                key_of("person", row["neighbour"]),
                "mentors" if row["way"] == "up" else "trainees",
            )
            for row in self.rows
        ]
        for row in self.postings:
            person, post = key_of("person", row["person"]), key_of("post", row["post"])
            edges += [(person, post, "posts"), (post, person, "holders")]
        for thing in self.things.values():
            if thing.unit:
                above = key_of("unit", thing.unit)
                kinds = ("unit", "unit_posts") if thing.kind == "post" else ("above", "below")
                edges += [(thing.key, above, kinds[0]), (above, thing.key, kinds[1])]
        there = self._keys()
        return [edge for edge in edges if edge[0] in there and edge[1] in there]

    def _keys(self) -> set[str]:
        return {key_of("person", id_) for id_ in self.distance} | set(self.things)

    def fold(self, opened: Opened) -> None:
        """Take out what is in the picture only through one kind of ties of a thing."""
        kind, _id = opened
        kinds = {kind} if kind else set(_MENTORING)
        at = key_opened(opened)
        edges = self._edges()
        roots = {key_of("person", id_) for id_ in self.roots}
        before = _met(roots, edges)
        kept = [e for e in edges if not (e[0] == at and e[2] in kinds)]
        kept = [e for e in kept if not (e[1] == at and _TURNED[e[2]] in kinds)]
        if at in before:
            self._drop(before - _met(roots | {at}, kept))

    def hide(self, keys: Sequence[str]) -> None:
        """Take things out by hand."""
        self._drop(set(keys) & self._keys())

    def _drop(self, keys: set[str]) -> None:
        self.closed |= keys
        for key in keys & set(self.things):
            del self.things[key]
        for id_ in [id_ for id_ in self.distance if key_of("person", id_) in keys]:
            del self.distance[id_]

    # --- the whole

    def scene(self) -> Scene:
        """Put it together."""
        people = cards(self.store, list(self.distance), self.on)
        shown = set(people)
        ties = self._ties(shown)
        fit = self.fitting(self.reached) | set(self.begun) if self.view.filters else None
        total = len((set(self.reached) if fit is None else set(self.reached) & fit) | shown)
        lines = sum(left for (_id, kind), left in self.left.items() if kind in _LINES)
        total = max(total, len(shown) + lines)
        wants_stage = self.view.colour == "stage"
        return Scene(
            self.view,
            self.on,
            tuple(people.values()),
            self.distance,
            tuple(self.things.values()),
            tuple(ties),
            tuple(
                row
                for row in self.postings
                if row["person"] in shown and key_of("post", row["post"]) in self.things
            ),
            tuple(
                (thing.key, key_of("unit", thing.unit))
                for thing in self.things.values()
                if thing.unit and key_of("unit", thing.unit) in self.things
            ),
            tuple(id_ for id_ in self.roots if id_ in shown),
            self.around,
            max(total, len(people)),
            len(set(self.reached) - fit) if fit is not None else 0,
            {at: left for at, left in self.left.items() if left and at[0] in shown},
            self._counts(shown),
            sum(1 for key in self.closed if key not in self.things),
            self.way,
            stages_of(self.store, list(shown), self.on) if wants_stage else {},
        )

    def _ties(self, shown: set[str]) -> list[Row]:
        names = ("tie", "mentor", "trainee", "kind", "since", "until")
        return [
            {name: row[name] for name in names}
            for row in self.rows
            if row["way"] == "down" and row["person"] in shown and row["neighbour"] in shown
        ]

    def _counts(self, shown: set[str]) -> dict[str, dict[str, Count]]:
        """Count every kind of ties of everything shown."""
        ends: dict[tuple[str, str], set[str]] = defaultdict(set)
        fit = self.fitting(row["neighbour"] for row in self.rows) | shown
        for row in self.rows:
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
        for thing in self.things.values():
            if thing.unit:
                ends[thing.key, "unit" if thing.kind == "post" else "above"].add(
                    key_of("unit", thing.unit)
                )
        there = {key_of("person", id_) for id_ in shown} | set(self.things)
        posted = around.posted(self.store, list(shown))
        counts: dict[str, dict[str, Count]] = {}
        for id_ in shown:
            key = key_of("person", id_)
            counts[key] = {
                kind: Count(len(ends[key, kind]), len(ends[key, kind] & there))
                for kind in _MENTORING
            }
            counts[key]["posts"] = Count(posted.get(id_, 0), len(ends[key, "posts"] & there))
        for thing in self.things.values():
            kinds = (
                ("holders", "unit") if thing.kind == "post" else ("unit_posts", "below", "above")
            )
            counts[thing.key] = {
                kind: Count(len(ends[thing.key, kind]), len(ends[thing.key, kind] & there))
                for kind in kinds
            }
        return counts


_TURNED = {
    "mentors": "trainees",
    "trainees": "mentors",
    "posts": "holders",
    "holders": "posts",
    "unit": "unit_posts",
    "unit_posts": "unit",
    "above": "below",
    "below": "above",
}
assert set(_TURNED) <= set(KINDS)


def stages_of(store: Store, people: Sequence[str], on: date) -> dict[str, str]:
    """Return the programme's stage of those people who are in one on a day."""
    programme = words.programme()
    if not programme.stages or not people:
        return {}
    found = progress(read_facts(store, programme, on, people))
    return {id_: each.stage for id_, each in found.items() if each.stage}


def in_turn(lists: Sequence[Sequence[str]]) -> Iterable[str]:
    """Take the first of each list, then the second of each, and so on.

    >>> list(in_turn(["abc", "", "de"]))
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


def _met(begin: set[str], edges: Iterable[tuple[str, str, str]]) -> set[str]:
    """Return everything that ties lead to, whichever way."""
    beside: dict[str, list[str]] = defaultdict(list)
    for one, other, _kind in edges:
        beside[one].append(other)
        beside[other].append(one)
    met, frontier = set(begin), list(begin)
    while frontier:
        frontier = [each for id_ in frontier for each in beside[id_] if each not in met]
        frontier = list(dict.fromkeys(frontier))
        met.update(frontier)
    return met


def _last(day: str) -> str:
    """Return the last day of a partial date, as far as a comparison of texts needs it.

    >>> _last("2019"), _last("2019-09"), _last("2019-09-03")
    ('2019-12-31', '2019-09-31', '2019-09-03')
    """
    return day + "-12-31"[{4: 0, 7: 3, 10: 6}[len(day)] :]
