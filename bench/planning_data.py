"""Invented planning problems of any size with a planted plan that holds, for tests and benchmarks.

An instance is data in the native tables, a programme, and settings; it is written to a store and
read back like anybody's data. Everything follows from the seed.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.dates import add_months
from graph.programme import Programme, parse_programme
from graph.schema import TABLES, table
from graph.store import Store
from graph.upsert import add_label, edge_type, upsert_edges, upsert_nodes
from planning.problem.defaults import Setting, adjust, settle
from planning.problem.horizon import Horizon
from planning.problem.instance import PlanningProblem
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario

Row = dict[str, Any]

PROGRAMME = """
id: planted
name: {zh: 虚构规划实例, en: Invented planning instance}
invented: true
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy section}
mentoring_kinds:
  - {key: township, zh: 乡镇导师, en: township mentor}
rotation_kinds:
  - {key: grassroots, zh: 基层, en: grassroots}
  - {key: key_post, zh: 关键岗位, en: key post}
  - {key: rotation, zh: 轮岗, en: rotation}
  - {key: secondment, zh: 挂职, en: secondment}
  - {key: platform, zh: 平台, en: platform}
stages:
  - key: grassroots
    zh: 基层
    en: grassroots
    batch: train
    gates:
      - served_months: {kind: grassroots, at_least: 24}
mentor_needs:
  - needs_mentor: {kind: township, count: 1, while: [grassroots]}
exercises:
  - {key: grassroots, at_least: 12, at_most: 24, required: true}
  - {key: key_post, at_least: 12, at_most: 24, after: [grassroots], required: true}
  - {key: rotation, at_least: 12, at_most: 24, after: [grassroots]}
  - key: secondment
    at_least: 6
    at_most: 12
    after: [grassroots]
    keeps_home_post: true
    required: true
  - {key: platform, at_least: 6, at_most: 12, keeps_home_post: true, required: true}
"""

CHANGES: dict[str, dict[str, Any]] = {
    "placed": {"kind": "hard"},
    "must_cover": {"kind": "hard"},
    "demands": {"kind": "hard"},
    "exercises": {"kind": "hard"},
    "mentors": {"kind": "hard"},
    "wishes": {"parameters": {"unlisted": 9}},
    "few_moves": {"weight": 1},
    "hardship_shared": {"weight": 1},
}

SPECIALTIES = ("农学", "法学", "经济学", "土木工程", "社会工作", "计算机")
MAIN = ("grassroots", "key_post", "rotation")
SHARES = (("grassroots", 16), ("key_post", 9), ("rotation", 7), ("secondment", 5), ("platform", 3))
NEED = 4  # grassroots periods that come first
LENGTHS = {
    "grassroots": (2, 4),
    "key_post": (2, 4),
    "rotation": (2, 4),
    "secondment": (1, 2),
    "platform": (1, 2),
}


@dataclass(frozen=True)
class PlantedPosting:
    """One posting of the planted plan, by boundaries; `begin` before 0 began before the horizon."""

    person: str
    post: str
    kind: str
    begin: int
    end: int


@dataclass
class Instance:
    """One invented problem: its data, rules, horizon, and a plan that holds."""

    tables: dict[str, list[Row]]
    programme: Programme
    settings: tuple[Setting, ...]
    horizon: Horizon
    scenario: Scenario
    planted: list[PlantedPosting]


def make(
    seed: int,
    people: int = 46,
    posts: int = 40,
    periods: int = 8,
    is_tight: bool = True,
    since: date = date(2025, 1, 1),
) -> Instance:
    """Invent an instance; a tight one has just the places and mentors that its plan needs."""
    return _Maker(random.Random(seed), people, posts, periods, is_tight, since).instance()


def read(store: Store, instance: Instance) -> PlanningProblem:
    """Read an instance's problem from the store that it was written to."""
    return read_problem(
        store, instance.programme, (), instance.horizon, instance.scenario, instance.settings
    )


def fill(store: Store, tables: dict[str, list[Row]]) -> None:
    """Write native tables into a store; values are as the schema's types say."""
    for name, rows in tables.items():
        declared = table(name)
        if declared.label:
            upsert_nodes(
                store,
                declared.label,
                [{"id": row["id"], "props": _stored(declared, row)} for row in rows],
            )
    for role, label in (("trainee", "Trainee"), ("mentor", "Mentor")):
        ids = [row["id"] for row in tables.get("people", ()) if role in row.get("roles", ())]
        add_label(store, "Person", label, ids)
    for declared in TABLES:
        rows = tables.get(declared.name, [])
        for reference in declared.references if declared.label else ():
            edges = [_reference_row(row, reference) for row in rows if row.get(reference.heading)]
            upsert_edges(store, edge_type(reference.edge), edges, identified=False)
        if declared.edge:
            _fill_edges(store, declared.name, rows)


def _stored(declared: Any, row: Row) -> Row:
    return {
        p.name: row.get(p.heading, row.get(p.name)) for p in declared.properties if p.name != "id"
    }


def _reference_row(row: Row, reference: Any) -> Row:
    one, other = row["id"], row[reference.heading]
    source, target = (other, one) if reference.incoming else (one, other)
    return {"id": None, "source": source, "target": target, "props": {}}


def _fill_edges(store: Store, name: str, rows: list[Row]) -> None:
    declared = table(name)
    source, *targets = declared.references
    for target in targets:
        edges = [
            {
                "id": row.get("id") or f"{name}-{number}",
                "source": row[source.heading],
                "target": row[target.heading],
                "props": _stored(declared, row) | {"id": row.get("id") or f"{name}-{number}"},
            }
            for number, row in enumerate(rows)
            if row.get(target.heading)
        ]
        upsert_edges(store, edge_type(declared.edge, target.label), edges)


class _Maker:
    def __init__(
        self, rng: random.Random, people: int, posts: int, periods: int, is_tight: bool, since: date
    ) -> None:
        self.rng, self.is_tight = rng, is_tight
        self.horizon = Horizon(since, periods)
        self.units = [f"U{n:02}" for n in range(max(6, posts // 5))]
        self.posts = list(self._posts(posts))
        self.post_by_id = {post["id"]: post for post in self.posts}
        self.ids = [f"T{n:03}" for n in range(people)]
        self.special = {id_: tuple(sorted(rng.sample(SPECIALTIES, 3))) for id_ in self.ids}

    def instance(self) -> Instance:
        postings = [posting for id_ in self.ids for posting in self._career(id_)]
        held = [
            posting for posting in postings if posting.begin <= 0 < posting.end or posting.end <= 0
        ]
        self._set_capacities(postings)
        joined = {id_: min(s.begin for s in postings if s.person == id_) for id_ in self.ids}
        tables: dict[str, list[Row]] = {
            "units": [{"id": id_, "name": f"{id_}镇", "kind": "township"} for id_ in self.units],
            "posts": self.posts,
            "people": [self._person(id_, joined[id_]) for id_ in self.ids],
            "rotations": [self._rotation(n, posting) for n, posting in enumerate(held)],
            "wishes": [row for id_ in self.ids for row in self._wishes(id_)],
            "kin": list(self._kin(postings)),
            "mentoring": [],
        }
        self._add_mentors(tables, postings)
        planted = [posting for posting in postings if posting.end > 0]
        scenario = Scenario(must_cover=self._covered(postings))
        return Instance(
            tables,
            parse_programme(PROGRAMME),
            adjust(settle((), parse_programme(PROGRAMME))[0], CHANGES),
            self.horizon,
            scenario,
            planted,
        )

    def _posts(self, count: int) -> Iterator[Row]:
        total = sum(share for _, share in SHARES)
        kinds = [
            kind for kind, share in SHARES for _ in range(max(1, round(count * share / total)))
        ]
        kinds = (kinds + ["grassroots"] * count)[:count]
        places: dict[str, list[str]] = {}
        for number, kind in enumerate(kinds):
            free = places.get(kind) or self.rng.sample(self.units, len(self.units))
            places[kind] = free[1:]
            yield {
                "id": f"P{number:03}",
                "title": f"岗位{number:03}",
                "unit": free[0],
                "kind": kind,
                "capacity": 1,
                "rank": "科员" if kind in MAIN else None,
                "demands": sorted(self.rng.sample(SPECIALTIES, 3))
                if self.rng.random() < 0.7
                else [],
                "hardship": self.rng.randint(2, 5)
                if kind == "grassroots"
                else self.rng.randint(1, 3),
            }

    # --- the planted plan

    def _career(self, person: str) -> list[PlantedPosting]:
        """Draw careers until one holds; somebody whom nothing fits gets other specialties."""
        for number in range(20_000):
            career = self._try_career(person)
            if career is not None:
                return career
            if number % 200 == 199:
                self.special[person] = tuple(sorted(self.rng.sample(SPECIALTIES, 3)))
        raise ValueError("these posts are too few for any plan; take more posts or periods")

    def _try_career(self, person: str) -> list[PlantedPosting] | None:
        """Draw one career that keeps every rule on single people; None when it got stuck."""
        rng, periods = self.rng, self.horizon.periods
        at = -rng.randint(0, NEED + 2)
        used: set[str] = set()
        postings: list[PlantedPosting] = []
        grassroots = 0
        while at < periods:
            if grassroots < NEED:
                kind = "grassroots"
                left = NEED - grassroots
                length = rng.choice([left] if left < 4 else [2, 4])
            else:
                has_key = any(posting.kind == "key_post" for posting in postings)
                is_late = at > periods - 4
                kind = "key_post" if not has_key and (is_late or rng.random() < 0.6) else "rotation"
                length = rng.randint(*LENGTHS[kind])
            if at < 0 < at + length < LENGTHS[kind][0]:
                return None
            post = self._draw(person, kind, used)
            if post is None:
                return None
            used.add(self.post_by_id[post]["unit"])
            postings.append(PlantedPosting(person, post, kind, at, min(at + length, periods)))
            at += length
            grassroots += length if kind == "grassroots" else 0
        served = sum(min(s.end, periods) - s.begin for s in postings if s.kind == "key_post")
        if served < 2:
            return None
        beside = self._beside(person, postings, used)
        return None if beside is None else postings + beside

    def _beside(
        self, person: str, postings: list[PlantedPosting], used: set[str]
    ) -> list[PlantedPosting] | None:
        """Draw a secondment after the grassroots and a platform post at any time."""
        found: list[PlantedPosting] = []
        for kind in ("secondment", "platform"):
            options = [
                (begin, begin + length)
                for length in (1, 2)
                for posting in postings
                for begin in range(max(posting.begin, 0), posting.end - length + 1)
                if kind == "platform" or posting.kind != "grassroots"
                if all(begin + length <= o.begin or begin >= o.end for o in found)
            ]
            post = self._draw(person, kind, used)
            if post is None or not options:
                return None
            used.add(self.post_by_id[post]["unit"])
            begin, end = self.rng.choice(options)
            found.append(PlantedPosting(person, post, kind, begin, end))
        return found

    def _draw(self, person: str, kind: str, used: set[str]) -> str | None:
        fitting = [
            post["id"]
            for post in self.posts
            if post["kind"] == kind
            and post["unit"] not in used
            and (not post["demands"] or set(post["demands"]) & set(self.special[person]))
        ]
        return self.rng.choice(fitting) if fitting else None

    # --- the data around it

    def _set_capacities(self, postings: list[PlantedPosting]) -> None:
        held: Counter[tuple[str, int]] = Counter()
        for posting in postings:
            for t in range(max(posting.begin, 0), posting.end):
                held[posting.post, t] += 1
        for post in self.posts:
            most = max(held[post["id"], t] for t in range(self.horizon.periods))
            post["capacity"] = max(1, most if self.is_tight else most + 1 + most // 3)

    def _covered(self, postings: list[PlantedPosting]) -> tuple[str, ...]:
        held: dict[str, set[int]] = defaultdict(set)
        for posting in postings:
            held[posting.post] |= set(range(max(posting.begin, 0), posting.end))
        everywhere = set(range(self.horizon.periods))
        always = sorted(id_ for id_, periods in held.items() if periods == everywhere)
        return tuple(always[::2])

    def _person(self, id_: str, joined: int) -> Row:
        return {
            "id": id_,
            "name": f"学员{id_[1:]}",
            "roles": ["trainee"],
            "joined_on": add_months(self.horizon.since, 6 * min(joined, 0)).isoformat(),
            "born_on": f"{self.rng.randint(1988, 1999)}-{self.rng.randint(1, 12):02}",
            "native_place": None,
            "specialties": list(self.special[id_]),
            "status": "active",
        }

    def _rotation(self, number: int, posting: PlantedPosting) -> Row:
        since = add_months(self.horizon.since, 6 * posting.begin)
        until = add_months(self.horizon.since, 6 * posting.end) if posting.end <= 0 else None
        return {
            "id": f"R{number:04}",
            "person": posting.person,
            "post": posting.post,
            "kind": posting.kind,
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
            "status": "actual",
            "rank": "科员",
        }

    def _wishes(self, person: str) -> Iterator[Row]:
        fitting = [
            post["id"]
            for post in self.posts
            if not post["demands"] or set(post["demands"]) & set(self.special[person])
        ]
        for rank, post in enumerate(self.rng.sample(fitting, min(9, len(fitting))), start=1):
            yield {"person": person, "post": post, "rank_of_wish": rank, "avoid": None}

    def _kin(self, postings: list[PlantedPosting]) -> Iterator[Row]:
        place: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for posting in postings:
            unit = self.post_by_id[posting.post]["unit"]
            place[posting.person] |= {(unit, t) for t in range(max(posting.begin, 0), posting.end)}
        wanted = max(1, len(self.ids) // 10)
        ids = self.rng.sample(self.ids, len(self.ids))
        for one, other in zip(ids[::2], ids[1::2], strict=False):
            if wanted and not place[one] & place[other]:
                wanted -= 1
                yield {"person": one, "relative": other, "relation": "sibling"}

    def _add_mentors(self, tables: dict[str, list[Row]], postings: list[PlantedPosting]) -> None:
        load: Counter[tuple[str, int]] = Counter()
        for posting in postings:
            if posting.kind == "grassroots":
                for t in range(max(posting.begin, 0), posting.end):
                    load[self.post_by_id[posting.post]["unit"], t] += 1
        for number, unit in enumerate(self.units):
            most = max(load[unit, t] for t in range(self.horizon.periods))
            places = max(1, most if self.is_tight else most + 2)
            for half, capacity in enumerate((places - places // 2, places // 2)):
                if capacity == 0:
                    continue
                id_, post = f"M{number:03}{half}", f"S{number:03}{half}"
                tables["people"].append(
                    {
                        "id": id_,
                        "name": f"导师{number:03}{half}",
                        "roles": ["mentor"],
                        "status": "active",
                        "mentor_capacity": capacity,
                    }
                )
                tables["posts"].append(
                    {"id": post, "title": "书记", "unit": unit, "kind": "secretary", "capacity": 1}
                )
                tables["rotations"].append(
                    {
                        "id": f"RM{number:03}{half}",
                        "person": id_,
                        "post": post,
                        "since": "2015-01-01",
                        "status": "actual",
                    }
                )
                tables["mentoring"].append(
                    {
                        "id": f"MT{number:03}{half}",
                        "mentor": id_,
                        "trainee": self.ids[number % len(self.ids)],
                        "kind": "township",
                        "since": "2016-01-01",
                        "until": "2017-01-01",
                    }
                )
