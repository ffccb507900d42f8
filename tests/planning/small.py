"""A district small enough to judge every plan by hand: four half-years from 2025.

Units:  D 石峰区 > A 河东镇 > V 柳村,  D > B 河西镇,  D > C 山口镇
Posts:  gv (V), gb (B), gc (C) grassroots; ka (A), kb (B) key posts; rb, rc rotations;
        sd (D), sc (C) secondments, which keep the home post
"""

from copy import deepcopy
from typing import Any

from bench.planning_data import fill
from graph.programme import parse_programme
from graph.store import Store
from planning.problem.defaults import ALWAYS_HARD, Setting, adjust, settle
from planning.problem.horizon import Horizon, horizon
from planning.problem.instance import PlanningProblem
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario

PROGRAMME_TEXT = """
id: small
unknown_after: 120
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy section}
  - {key: 正科, zh: 正科, en: section}
rotation_kinds:
  - {key: grassroots, zh: 基层, en: grassroots}
  - {key: key_post, zh: 关键岗位, en: key post}
  - {key: rotation, zh: 轮岗, en: rotation}
  - {key: secondment, zh: 挂职, en: secondment}
stages:
  - key: grassroots
    zh: 基层
    en: grassroots
    batch: train
    gates:
      - served_months: {kind: grassroots, at_least: 12}
mentor_needs:
  - needs_mentor: {kind: township, count: 1, while: [grassroots]}
exercises:
  - {key: grassroots, at_least: 12, at_most: 24, required: true}
  - {key: key_post, at_least: 12, at_most: 24, after: [grassroots], required: true}
  - {key: rotation, at_least: 6, at_most: 24}
  - {key: secondment, at_least: 6, at_most: 12, keeps_home_post: true}
"""
PROGRAMME = parse_programme(PROGRAMME_TEXT)
DEFAULTS, _ = settle((), PROGRAMME)

UNITS = [
    {"id": "D", "name": "石峰区", "kind": "district"},
    {"id": "A", "name": "河东镇", "kind": "township", "part_of": "D"},
    {"id": "B", "name": "河西镇", "kind": "township", "part_of": "D"},
    {"id": "C", "name": "山口镇", "kind": "township", "part_of": "D"},
    {"id": "V", "name": "柳村", "kind": "village", "part_of": "A"},
]
POSTS: list[dict[str, Any]] = [
    {"id": id_, "title": title, "unit": unit, "kind": kind, "rank": rank, "capacity": 1,
     "demands": [], "hardship": hardship}
    for id_, title, unit, kind, rank, hardship in [
        ("gv", "村书记助理", "V", "grassroots", "科员", 5),
        ("gb", "驻村队员", "B", "grassroots", "科员", 2),
        ("gc", "驻村队员", "C", "grassroots", "科员", 2),
        ("ka", "组织委员", "A", "key_post", "副科", 2),
        ("kb", "组织委员", "B", "key_post", "副科", 2),
        ("rb", "科员", "B", "rotation", "科员", 1),
        ("rc", "科员", "C", "rotation", "科员", 1),
        ("sd", "专员", "D", "secondment", None, 1),
        ("sc", "专员", "C", "secondment", None, 1),
    ]
]  # fmt: skip
DAYS = ("2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01", "2027-01-01")
HORIZON: Horizon = horizon("2025-01-01", 4)


def trainee(id_: str, **more: Any) -> dict[str, Any]:
    """A trainee who joined in 2020; what is given changes that."""
    return {
        "id": id_,
        "name": f"学员{id_}",
        "roles": ["trainee"],
        "joined_on": "2020-07-01",
        "specialties": [],
        "status": "active",
        **more,
    }


def rotation(person: str, post: str, kind: str, since: str, until: str | None = None, **more: Any):
    """A posting of the data."""
    return {
        "id": f"{person}-{post}-{since}",
        "person": person,
        "post": post,
        "kind": kind,
        "since": since,
        "until": until,
        "status": "actual",
        **more,
    }


def district(people=None, rotations=(), **tables: Any) -> dict[str, list[dict[str, Any]]]:
    """The units and posts above with these people, rotations and whatever else is given."""
    return {
        "units": deepcopy(UNITS),
        "posts": deepcopy(tables.pop("posts", POSTS)),
        "people": people or [trainee("t")],
        "rotations": list(rotations),
        **tables,
    }


def post(id_: str, **changes: Any) -> list[dict[str, Any]]:
    """The posts above with one of them changed."""
    return [{**each, **changes} if each["id"] == id_ else each for each in POSTS]


def only(*names: str, **changes: dict[str, Any]) -> tuple[Setting, ...]:
    """What makes a plan a plan, and the named default rules as hard rules."""
    kept = {*ALWAYS_HARD, "capacity", *names, *changes}
    settings = tuple(each for each in DEFAULTS if each.name in kept)
    asked = {name: {"kind": "hard"} for name in names}
    return adjust(settings, {**asked, **changes})


def read(
    store: Store,
    tables,
    settings,
    scenario: Scenario | None = None,
    asked: Horizon = HORIZON,
) -> PlanningProblem:
    """Write a district into an empty store and read the problem back."""
    fill(store, tables)
    return read_problem(store, PROGRAMME, (), asked, scenario, settings)


def assigned(person: str, post_: str, begin: int, end: int, kind: str | None = None, stays=False):
    """An assignment of a plan file by numbers of periods."""
    kinds = {each["id"]: each["kind"] for each in POSTS}
    return {
        "person": person,
        "post": post_,
        "kind": kind or kinds[post_],
        "since": DAYS[begin],
        "until": DAYS[end],
        "stays": stays,
    }


def plan_file(assignments, scenario: Scenario | None = None) -> dict[str, Any]:
    """The JSON of a plan with these assignments."""
    return {
        "horizon": HORIZON.as_dict(),
        "scenario": (scenario or Scenario()).as_dict(),
        "assignments": list(assignments),
    }
