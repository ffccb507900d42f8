"""A scene in the making: who and what is shown is gathered from the graph, step by step.

People are gathered in breadth, round by round; where the cap is reached, the places of a round are
dealt out among the people of the round before in turn, so that no hub takes them all. Then comes
what was opened by hand, the way between two people, and last what was closed or hidden. Whoever is
left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.cards import cards
from queries.dated import EVERYTHING, Dated, dated
from queries.network import around
from queries.network.connection_ties import full
from queries.network.connections import Connections, connect
from queries.network.scene_ties import (
    MENTORING,
    TURNED,
    SceneTies,
    Thing,
    keys,
    met,
    read_scene_ties,
)
from queries.network.turns import in_turn
from queries.network.view import MOST, Opened, View, key_of, key_opened
from queries.personnel.on_file import not_yet
from queries.programme.reading import read_facts
from queries.programme.stages import progress
from queries.stored_programme import stored_programme
from queries.unit_tree import unit_tree

EXPANDED = 60  # people that one click on "n more" adds
LINE_PEOPLE = 300  # people that opening a whole line adds
READ = 20_000  # people whose ties are read; of those beyond only who is near, to be counted
_LINES = {"ancestors": "up", "descendants": "down"}


def gather(store: Store, view: View, on: date) -> Gathering:
    """Gather what a view shows on a day; NotFound names a person or unit that is not stored."""
    gathering = Gathering(store, view, on)
    gathering.begin()
    gathering.walk()
    for opened in view.expand:
        gathering.open(opened)
    gathering.connect()
    gathering.read_ties()
    for opened in view.fold:
        gathering.fold(opened)
    gathering.hide(view.hide)
    return gathering


@dataclass
class Gathering:
    """A scene in the making: each step adds to it or takes from it, in the order of `gather`."""

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
    ties: SceneTies = field(default_factory=SceneTies)
    way: Connections | None = None
    closed: set[str] = field(default_factory=set)
    day: Dated = field(init=False)
    _fit: dict[str, bool] = field(default_factory=dict)
    _staff: set[str] | None = None

    def __post_init__(self) -> None:
        self.day = dated(self.store, self.on)
        if self.view.planned:
            self.day = EVERYTHING

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
        for unit in filter(None, (*view.unit, view.only_unit)):
            if unit not in unit_tree(self.store).units:
                raise NotFound(
                    N_('There is no unit "%(id)s".'), N_("Search for the name."), id=unit
                )
        groups += [around.staff(self.store, unit, day) for unit in view.unit]
        hidden = not_yet(self.store, self.on)
        of_cohorts = [around.cohort(self.store, int(year)) for year in view.cohort]
        groups += [[id_ for id_ in each if id_ not in hidden] for each in of_cohorts]
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
        rows = around.mentoring(self.store, ids, self.day, direction)
        return [row for row in rows if self.lasted(row)]

    def near(self, ids: Sequence[str], direction: str) -> list[str]:
        """Return whom the ties of very many people lead to."""
        rows = around.near(self.store, ids, self.day, direction)
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
        if kind in ("", *MENTORING):
            if id_ in self.distance:
                self._open_ties(id_, (kind,) if kind else tuple(MENTORING))
        elif kind in _LINES:
            if id_ in self.distance:
                self._open_line(id_, kind)
        elif kind == "posts":
            if id_ in self.distance:
                self._add_posts(around.postings(self.store, [id_], self.day))
        elif key_opened(opened) in self.things:
            self._open_thing(kind, id_)

    def _open_ties(self, id_: str, kinds: tuple[str, ...]) -> None:
        direction = "both" if len(kinds) > 1 else MENTORING[kinds[0]]
        rows = self.ties_of([id_], direction)
        fit = self.fitting(row["neighbour"] for row in rows)
        new = [each for each in dict.fromkeys(row["neighbour"] for row in rows) if each in fit]
        new = [each for each in new if each not in self.distance]
        for each in new[: min(EXPANDED, self.room)]:
            self.distance[each] = self.distance[id_] + 1
        for kind in kinds:
            mine = {row["neighbour"] for row in rows if row["way"] == MENTORING[kind]} & fit
            self.left[id_, kind] = len(mine - set(self.distance))

    def _open_line(self, id_: str, kind: str) -> None:
        line, frontier, step = {id_: 0}, [id_], 0
        while frontier:
            step += 1
            if len(line) <= READ:
                beyond = [row["neighbour"] for row in self.ties_of(frontier, _LINES[kind])]
            else:
                beyond = self.near(frontier, _LINES[kind])
            frontier = [each for each in dict.fromkeys(beyond) if each not in line]
            line.update(dict.fromkeys(frontier, step))
        fit = self.fitting(line)
        new = [each for each in line if each in fit and each not in self.distance]
        room = min(LINE_PEOPLE, self.room)
        for each in new[:room]:
            self.distance[each] = self.distance[id_] + line[each]
        self.left[id_, kind] = len(new[room:])

    def _open_thing(self, kind: str, id_: str) -> None:
        if kind == "holders":
            rows = around.holders(self.store, [id_], self.day)
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
            self.day,
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
        rows = around.mentoring(self.store, list(self.distance), self.day)
        mentoring = [row for row in rows if self.lasted(row)]
        self.ties = read_scene_ties(self.store, mentoring, self.things.values(), self.day)

    def fold(self, opened: Opened) -> None:
        """Take out what is in the picture only through one kind of ties of a thing."""
        kind, _id = opened
        kinds = {kind} if kind else set(MENTORING)
        at = key_opened(opened)
        ties = self.ties.between(self.distance, self.things)
        roots = {key_of("person", id_) for id_ in self.roots}
        before = met(roots, ties)
        kept = [
            (one, other, way)
            for one, other, way in ties
            if not (one == at and way in kinds) and not (other == at and TURNED[way] in kinds)
        ]
        if at in before:
            self._drop(before - met(roots | {at}, kept))

    def hide(self, chosen: Sequence[str]) -> None:
        """Take things out by hand."""
        self._drop(set(chosen) & keys(self.distance, self.things))

    def _drop(self, gone: set[str]) -> None:
        self.closed |= gone
        for key in gone & set(self.things):
            del self.things[key]
        for id_ in [id_ for id_ in self.distance if key_of("person", id_) in gone]:
            del self.distance[id_]

    # --- what is left out

    @property
    def total(self) -> int:
        """Return how many people within the depth the filters let through, shown or not."""
        fit = self.reached_and_fit
        lines = sum(left for (_id, kind), left in self.left.items() if kind in _LINES)
        return max(len(fit | set(self.distance)), len(self.distance) + lines)

    @property
    def unmatched(self) -> int:
        """Return how many people within the depth the filters leave out."""
        return len(self.reached) - len(self.reached_and_fit)

    @property
    def reached_and_fit(self) -> set[str]:
        """Return the people within the depth whom the filters let through."""
        if not self.view.filters:
            return set(self.reached)
        return set(self.reached) & (self.fitting(self.reached) | set(self.begun))


def stages_of(store: Store, people: Sequence[str], on: date) -> dict[str, str]:
    """Return the programme's stage of those people who are in one on a day."""
    programme = stored_programme(store)
    if not programme.stages or not people:
        return {}
    found = progress(read_facts(store, programme, on, people))
    return {id_: each.stage for id_, each in found.items() if each.stage}


def _last(day: str) -> str:
    """Return the last day of a partial date, as far as a comparison of texts needs it.

    >>> _last("2019"), _last("2019-09"), _last("2019-09-03")
    ('2019-12-31', '2019-09-31', '2019-09-03')
    """
    return day + "-12-31"[{4: 0, 7: 3, 10: 6}[len(day)] :]
