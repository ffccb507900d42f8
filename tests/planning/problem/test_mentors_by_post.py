"""Who guides by a post that they hold, in plans: the planner's reading and the checker's."""

import random

import pytest

from bench.planning_data import fill
from graph.programme import parse_programme
from planning.check import check
from planning.check.mentors import MentorRules
from planning.problem.defaults import settle
from planning.problem.reading import read_problem
from tests.planning import small
from tests.planning.small import HORIZON, assigned, district, plan_file, rotation, trainee

BY_POST = """
mentoring_kinds:
  - {key: township, zh: 书记导师, en: secretary, post_kinds: [secretary], titles: [党委书记],
     unit_kinds: [township], placed_by: [%s]}
"""
PROGRAMME = parse_programme(small.PROGRAMME_TEXT + BY_POST % "grassroots")
ELSEWHERE = parse_programme(small.PROGRAMME_TEXT + BY_POST % "key_post")
SECRETARIES: list[dict[str, object]] = [
    {"id": f"s{unit}", "title": "党委书记", "unit": unit, "kind": "secretary", "rank": "正科",
     "capacity": 1, "demands": [], "hardship": None}
    for unit in "ABD"
]  # fmt: skip


def mentor(id_="m", capacity=1, **more):
    return {"id": id_, "name": f"书记{id_}", "roles": [], "mentor_capacity": capacity, **more}


def places(store, rotations, *, people=(), programme=PROGRAMME, **more):
    """How many each unit's mentors can take by period, the same by the planner and the checker."""
    tables = district(
        [trainee("t"), *(people or [mentor()])],
        [rotation("t", "gv", "grassroots", "2024-07-01"), *rotations],
        posts=[*small.POSTS, *SECRETARIES],
        **more,
    )
    fill(store, tables)
    settings, _ = settle((), programme)
    problem = read_problem(store, programme, (), HORIZON, None, settings)
    found = {group.unit: list(group.places) for group in problem.mentor_groups}
    setting = next(each for each in settings if each.name == "mentors")
    judge = MentorRules(store, programme, settings, plan_file([]))
    assert judge._groups("township", 1, setting) == found
    return found


@pytest.mark.parametrize(
    ("since", "until", "by_period"),
    [
        ("2024-12-31", None, [1, 1, 1, 1]),
        ("2025-01-01", None, [1, 1, 1, 1]),
        ("2025-01-02", None, [0, 1, 1, 1]),  # appointed a day after the period begins
        ("2025-07-01", None, [0, 1, 1, 1]),
        ("2020-01-01", "2025-07-02", [1, 1, 0, 0]),
        ("2020-01-01", "2025-07-01", [1, 0, 0, 0]),  # who leaves on the day holds it no more
        ("2020-01-01", "2025-06-30", [1, 0, 0, 0]),
    ],
)
def test_a_secretary_who_never_guided_counts_while_holding_the_post(
    embedded_store, since, until, by_period
):
    rotations = [rotation("m", "sA", "appointment", since, until)]
    assert places(embedded_store, rotations) == {"A": by_period}


def test_history_counts_for_nobody_out_of_the_post(embedded_store):
    pairs = [{"id": "x", "mentor": "m", "trainee": "t", "kind": "township", "since": "2024"}]
    rotations = [rotation("m", "ka", "appointment", "2020-01-01")]
    assert places(embedded_store, rotations, mentoring=pairs) == {}


@pytest.mark.parametrize(
    ("capacity", "others", "free"), [(3, 1, 2), (2, 1, 1), (1, 1, 0), (0, 1, 0)]
)
def test_trainees_outside_the_plan_take_from_the_load(embedded_store, capacity, others, free):
    people = [mentor(capacity=capacity), *(mentor(f"u{n}") for n in range(others))]
    pairs = [
        {"id": f"x{n}", "mentor": "m", "trainee": f"u{n}", "kind": "township", "since": "2024"}
        for n in range(others)
    ]
    rotations = [rotation("m", "sA", "appointment", "2020-01-01")]
    found = places(embedded_store, rotations, people=people, mentoring=pairs)
    assert found == {"A": [free] * 4}


def test_who_acts_or_holds_another_post_does_not_guide(embedded_store):
    rotations = [
        rotation("m", "sA", "appointment", "2020-01-01", marks=["acting"]),
        rotation("n", "sD", "appointment", "2020-01-01"),  # 党委书记 of a district
    ]
    assert places(embedded_store, rotations, people=[mentor(), mentor("n")]) == {}


def test_two_posts_of_one_secretary_give_one_load_at_the_main_one(embedded_store):
    rotations = [
        rotation("m", "sB", "appointment", "2020-01-01"),
        rotation("m", "sA", "appointment", "2022-01-01", marks=["concurrent"]),
    ]
    assert places(embedded_store, rotations, people=[mentor(capacity=2)]) == {"B": [2] * 4}


def test_a_kind_that_no_such_posting_places_guides_anywhere_while_in_post(embedded_store):
    rotations = [rotation("m", "sA", "appointment", "2025-07-01")]
    assert places(embedded_store, rotations, programme=ELSEWHERE) == {None: [0, 1, 1, 1]}


@pytest.mark.parametrize(("capacity", "units"), [(0, 2), (1, 1), (2, 0), (3, 0)])
@pytest.mark.parametrize("is_new", [False, True])
def test_a_new_secretary_carries_a_plan_as_one_who_guided_does(
    embedded_store, capacity, units, is_new
):
    """Two at the grassroots of one township: one less than needed, as many, one more."""
    posts = small.post("gb", unit="A")
    people = [trainee("t"), trainee("u"), mentor(capacity=capacity)]
    rotations = [
        rotation("t", "gv", "grassroots", "2024-07-01"),
        rotation("u", "gb", "grassroots", "2024-07-01"),
        rotation("m", "sA", "appointment", "2025-01-01" if is_new else "2015-01-01"),
    ]
    pairs = [{"id": "x", "mentor": "m", "trainee": "t", "kind": "township", "since": "2024"}]
    tables = district(
        people, rotations, posts=[*posts, *SECRETARIES], mentoring=[] if is_new else pairs
    )
    fill(embedded_store, tables)
    plan = plan_file([assigned("t", "gv", 0, 1, stays=True), assigned("u", "gb", 0, 1, stays=True)])
    report = check(embedded_store, PROGRAMME, small.only("mentors"), plan)
    without = [each.units for each in report.violations if each.rule == "mentors"]
    assert without == ([units] if units else [])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planner_and_checker_find_the_same_places_for_anybody(embedded_store, seed):
    rng = random.Random(seed)
    posts = [*small.POSTS, *SECRETARIES]
    people = [
        mentor(f"m{n:02}", rng.choice([None, 0, 1, 2]), status=rng.choice(["active", "retired"]))
        for n in range(30)
    ]
    rotations = []
    for each in people:
        for n in range(rng.randint(0, 3)):
            since = rng.choice(["2019", "2022-05", "2024-12-31", "2025-01-01", "2025-09-01"])
            until = rng.choice([None, None, "2025-07-01", "2026-03", "2027"])
            marks = rng.choice([[], [], [], ["acting"], ["concurrent"]])
            row = rotation(each["id"], rng.choice(posts)["id"], "appointment", since, until)
            rotations.append({**row, "id": f"{each['id']}-{n}", "marks": marks})
    places(embedded_store, rotations, people=people)
