"""On random small districts, odd ones too, solver and checker agree on validity and on the cost."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from bench.planning_data import fill
from graph.errors import InputError
from graph.programme import parse_rules
from planning.check import check
from planning.explain.conflict import conflict
from planning.explain.empty_periods import without_post
from planning.problem.defaults import adjust, settle
from planning.problem.instance import Pin
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import HORIZON, PROGRAMME, district, rotation, trainee

RULES = parse_rules(
    (Path(__file__).parents[2] / "examples" / "shifeng" / "rules.yaml").read_text("utf-8")
)
MAY_BE_SOFT = (
    "tenure", "stage_first", "no_return", "capacity", "rank_kept", "no_transfer", "home_place",
    "longest_in_post", "level_by_level", "trial_period", "demands", "exercises", "must_cover",
)  # fmt: skip


def maybe(rng: random.Random, value: Any, chance: float = 0.7) -> Any:
    return value if rng.random() < chance else None


def past(rng: random.Random, id_: str) -> list[dict[str, Any]]:
    """Postings of a person up to the first day: some over, one still held, perhaps a secondment."""
    posts = {each["id"]: each["kind"] for each in small.POSTS}
    mains = [id_ for id_, kind in posts.items() if kind != "secondment"]
    rows, year = [], 2018
    for post in rng.sample(mains, rng.randint(0, 2)):
        until = year + rng.randint(1, 3)
        rows.append(
            rotation(id_, post, posts[post], f"{year}-07-01", f"{until}-0{rng.randint(1, 6)}")
        )
        year = until
    if rng.random() < 0.7:
        post = rng.choice(mains)
        since = maybe(rng, f"2024-0{rng.randint(1, 9)}", 0.9)
        until = maybe(rng, rng.choice(["2025-03-15", "2025-07-01", "2026-02"]), 0.2)
        rows.append(
            {
                **rotation(id_, post, posts[post], "2024-01", until),
                "id": f"{id_}-now",
                "since": since,
            }
        )
        if rng.random() < 0.3:
            side = rng.choice(["sd", "sc"])
            rows.append(rotation(id_, side, "secondment", "2024-10-01", maybe(rng, "2025-07-01")))
    return rows


def odd_district(rng: random.Random) -> tuple[dict[str, Any], list[str]]:
    ids = [f"t{n}" for n in range(rng.randint(1, 5))]
    people = [
        trainee(
            id_,
            joined_on=maybe(rng, f"{rng.randint(2018, 2025)}-07-01", 0.9),
            born_on=maybe(rng, f"{rng.randint(1978, 1999)}-05-01"),
            native_place=maybe(rng, rng.choice(["石峰区河东镇", "外地"])),
            specialties=rng.choice([[], ["农学"], ["法学", "农学"]]),
            status=rng.choice(["active", "active", "active", "on_leave"]),
        )
        for id_ in ids
    ]
    people.append({"id": "m", "name": "导师", "roles": ["mentor"],
                   "mentor_capacity": maybe(rng, rng.randint(0, 3))})  # fmt: skip
    posts = [
        {
            **each,
            "capacity": maybe(rng, rng.choice([0, 1, 1, 2]), 0.9),
            "demands": rng.choice([[], [], ["农学"]]),
            "hardship": maybe(rng, rng.randint(1, 5), 0.9),
        }
        for each in small.POSTS
    ]
    seat = rng.choice(["gb", "ka", "rc"])
    rotations = [row for id_ in ids for row in past(rng, id_)]
    rotations.append(
        rotation("m", seat, "appointment", "2015-01-01", maybe(rng, "2026-01-01", 0.3))
    )
    choices = [each["id"] for each in small.POSTS]
    wishes = [
        {"person": id_, "post": post, "rank_of_wish": n + 1, "avoid": maybe(rng, "true", 0.2)}
        for id_ in ids
        for n, post in enumerate(rng.sample(choices, rng.randint(0, 3)))
    ]
    kin = [{"person": ids[0], "relative": ids[-1], "relation": "spouse"}] if len(ids) > 1 else []
    records = [
        {"id": f"{id_}-{year}", "person": id_, "kind": "appraisal", "on": f"{year}-01-10",
         "result": rng.choice(["称职", "优秀", "不称职"]), "name": "appraisal",
         **({"withdrawn_on": "2024-12-01"} if rng.random() < 0.2 else {})}
        for id_ in ids for year in (2023, 2024)
    ]  # fmt: skip
    mentoring = [
        {"id": "x", "mentor": "m", "trainee": ids[0], "kind": "township", "since": "2024-01-01"}
    ]
    tables = district(people, rotations, posts=posts, wishes=wishes, kin=kin, records=records,
                      mentoring=mentoring)  # fmt: skip
    return tables, ids


def odd_scenario(rng: random.Random, ids: list[str]) -> Scenario:
    posts = [each["id"] for each in small.POSTS]
    some = [Pin(rng.choice(ids), rng.choice(posts), rng.randrange(4)) for _ in range(3)]
    return Scenario(
        pins=tuple(some[: int(rng.random() < 0.2)]),
        forbids=tuple(some[1 : rng.randint(1, 3)]),
        leaves=((ids[0], "2025-08-01", "2026-02-01"),) if rng.random() < 0.3 else (),
        waived=frozenset({("no_return", ids[0])}) if rng.random() < 0.3 else frozenset(),
        must_cover=tuple(rng.sample(posts, rng.randint(0, 2))),
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_plan_of_a_random_district_passes_the_check_at_its_cost(embedded_store, seed):
    rng = random.Random(seed)
    tables, ids = odd_district(rng)
    scenario = odd_scenario(rng, ids)
    settled, _ = settle(RULES, PROGRAMME)
    named = {each.name for each in settled}
    changes = {
        name: {"kind": rng.choice(["hard", "soft", "soft", "warning"]), "weight": rng.randint(1, 9)}
        for name in MAY_BE_SOFT
        if name in named and rng.random() < 0.5
    }
    settings = adjust(settled, changes)
    fill(embedded_store, tables)
    try:
        problem = read_problem(embedded_store, PROGRAMME, RULES, HORIZON, scenario, settings)
    except InputError as error:
        # Nobody serves on the first day, or somebody who is pinned does not.
        assert re.search("There is nobody to plan for|who is not planned", str(error))
        return
    outcome = solve(problem)
    plan = plan_of(problem, outcome, scenario)
    if outcome.status == "infeasible":
        found = conflict(problem)
        assert found is not None
        assert found.is_verified
        return
    assert outcome.status == "optimal"
    report = check(embedded_store, PROGRAMME, settings, plan.as_dict())
    assert [violation.sentence.text() for violation in report.violations] == []
    assert report.cost == plan.cost
    assert all(sentence.text() for *_, sentence in without_post(problem, plan))
