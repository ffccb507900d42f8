"""Why there is no plan, and what would help."""

from dataclasses import replace

import pytest

from bench.planning_data import fill, make, read
from planning.explain.conflict import conflict
from planning.explain.relaxations import relaxations
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import DEFAULTS, district, only, trainee


def rules(found) -> list[str]:
    return sorted(reason.rule for reason in found.reasons)


def two_for_one_place(store):
    scenario = Scenario(pins=(Pin("t", "gb", 1), Pin("u", "gb", 1)))
    return small.read(store, district([trainee("t"), trainee("u")]), only(), scenario)


def test_two_pins_on_one_place_are_three_reasons_in_words(embedded_store):
    found = conflict(two_for_one_place(embedded_store))
    assert found.is_verified
    assert sorted(reason.sentence.text() for reason in found.reasons) == [
        "学员t is pinned to 河西镇驻村队员 in the period from 2025-07-01.",
        "学员u is pinned to 河西镇驻村队员 in the period from 2025-07-01.",
        "河西镇驻村队员 has room for 1 in the period from 2025-07-01.",
    ]


def test_without_any_one_reason_a_plan_becomes_possible(embedded_store):
    problem = two_for_one_place(embedded_store)
    more = tuple(replace(p, capacity=2) if p.id == "gb" else p for p in problem.posts)
    for changed in (
        replace(problem, pins=problem.pins[:1]),
        replace(problem, pins=problem.pins[1:]),
        replace(problem, posts=more),
    ):
        assert conflict(changed) is None
        assert solve(changed).status == "optimal"


def test_cheapest_relaxations_are_verified_by_a_plan(embedded_store):
    problem = two_for_one_place(embedded_store)
    ways = relaxations(problem, conflict(problem), most=9)
    assert {way.sentence.text() for way in ways} == {
        "Raise the capacity of 河西镇驻村队员 by 1.",
        "Give this up: 学员t is pinned to 河西镇驻村队员 in the period from 2025-07-01.",
        "Give this up: 学员u is pinned to 河西镇驻村队员 in the period from 2025-07-01.",
    }
    for way in ways:
        assert solve(way.problem).cost is not None


def test_plan_that_exists_has_no_conflict(embedded_store):
    assert conflict(small.read(embedded_store, district(), DEFAULTS)) is None


def test_pin_against_a_rule_names_both(embedded_store):
    scenario = Scenario(pins=(Pin("t", "ka", 0),))
    problem = small.read(embedded_store, district(), only("stage_first"), scenario)
    found = conflict(problem)
    assert rules(found) == ["pinned", "stage_first"]
    assert found.is_verified
    way = relaxations(problem, found)[0]
    assert solve(way.problem).status == "optimal"


def test_exception_is_offered_and_lifts_the_rule_for_that_person(embedded_store):
    served = small.rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")
    scenario = Scenario(pins=(Pin("t", "rc", 0),))
    problem = small.read(embedded_store, district(rotations=[served]), only("no_return"), scenario)
    ways = relaxations(problem, conflict(problem))
    said = {way.sentence.text(): way.problem.waived for way in ways}
    assert said["Make an exception: 学员t has served in 山口镇 before."] == {("no_return", "t")}


def test_too_few_places_for_many_do_not_hang(embedded_store):
    """The pigeonhole: everybody must be somewhere, and there is room for all but one."""
    people = [trainee(f"t{n}") for n in range(8)]
    problem = small.read(embedded_store, district(people), only("placed"))
    found = conflict(problem, seconds=20)  # seven posts that are no secondments
    assert found.is_verified
    assert set(rules(found)) >= {"capacity", "placed"}
    assert found.seconds < 20
    (way,) = relaxations(problem, found, most=1)
    assert solve(way.problem).cost is not None


@pytest.mark.slow
def test_conflict_of_the_reference_size_takes_seconds(embedded_store):
    instance = make(0)
    fill(embedded_store, instance.tables)
    problem = read(embedded_store, instance)
    person = next(
        p for p in problem.people if p.months_of("grassroots", problem.horizon.since) == 0
    )
    post = next(p for p in problem.posts if p.exercise == "key_post")
    found = conflict(replace(problem, pins=(Pin(person.id, post.id, 0),)))
    assert rules(found) == ["pinned", "stage_first"]
    assert found.is_verified
