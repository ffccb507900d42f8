"""A plan as its readers see it."""

import pytest

from graph.errors import InputError
from planning.explain.empty_periods import without_post
from planning.measures import coverage, gaps, granted
from planning.plan import plan_from
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import district, only, rotation, trainee


@pytest.fixture
def made(embedded_store):
    tables = district(
        [trainee("t"), trainee("u", joined_on="2025-09-01"), trainee("v")],
        [rotation("v", "rc", "rotation", "2024-07-01")],
        wishes=[{"person": "t", "post": "gb", "rank_of_wish": 1},
                {"person": "v", "post": "kb", "rank_of_wish": 1}],
    )  # fmt: skip
    settings = only(
        "tenure", "stage_first", "leave", wishes={}, few_moves={}, placed={}, exercises={}
    )
    problem = small.read(embedded_store, tables, settings)
    return problem, plan_of(problem, solve(problem))


def test_gaps_before_and_after_are_those_of_the_required_exercises(made):
    problem, found = made
    by_person = {gap.person: gap for gap in gaps(problem, found)}
    assert by_person["t"].before == ("grassroots", "key_post")
    for gap in by_person.values():
        served = {a.kind for a in found.assignments if a.person == gap.person}
        assert set(gap.after) == set(gap.before) - served


def test_wishes_are_counted_by_the_best_one_granted(made):
    problem, found = made
    counts = granted(problem, found)
    assert counts["unstated"] == 1
    assert sum(counts.values()) == 3
    assert counts["1"] >= 1


def test_coverage_names_who_holds_a_post_in_each_period(made):
    problem, found = made
    rows = {(row["post"], row["period"]): row["people"] for row in coverage(problem, found)}
    for assignment in found.assignments:
        first = problem.horizon.days.index(
            next(d for d in problem.horizon.days if d.isoformat() == assignment.since)
        )
        assert assignment.person in rows[assignment.post, first]
    assert sum(map(len, rows.values())) == sum(
        [d.isoformat() for d in problem.horizon.days].index(a.until)
        - [d.isoformat() for d in problem.horizon.days].index(a.since)
        for a in found.assignments
    )


def test_period_without_a_post_has_its_reason(made):
    problem, found = made
    said = {(person, day): s.text() for person, day, s in without_post(problem, found)}
    assert said["u", "2025-01-01"] == "学员u has not joined yet."


def test_person_for_whom_every_post_breaks_a_rule_has_that_as_the_reason(embedded_store):
    tables = district(
        [trainee("t", specialties=["法学"])],
        posts=[{**each, "demands": ["农学"]} for each in small.POSTS],
    )
    problem = small.read(embedded_store, tables, only("demands", placed={}))
    plan = plan_of(problem, solve(problem))
    assert plan.assignments == ()
    assert {sentence.text() for *_, sentence in without_post(problem, plan)} == {
        "Every post breaks a hard rule for 学员t in that period."
    }


def test_person_whose_posts_are_all_taken_has_that_as_the_reason(embedded_store):
    tables = district([trainee("t"), trainee("u")], posts=small.post("gb", capacity=1))
    tables["posts"] = [{**each, "capacity": int(each["id"] == "gb")} for each in tables["posts"]]
    problem = small.read(embedded_store, tables, only(placed={}))
    plan = plan_of(problem, solve(problem))
    said = {sentence.text(): person for person, _, sentence in without_post(problem, plan)}
    assert len(said) >= 1
    assert all("The 1 post open to 学员" in sentence for sentence in said)


def test_plan_comes_back_from_its_json(made):
    _, found = made
    value = found.as_dict()
    assert set(value) >= {
        "status", "cost", "bound", "gap", "seconds", "costs", "assignments", "conflict",
    }  # fmt: skip
    assert set(value["assignments"][0]) >= {"person", "post", "kind", "since", "until"}
    back = plan_from(value)
    assert back.assignments == found.assignments
    assert back.as_dict()["assignments"] == value["assignments"]
    with pytest.raises(InputError):
        plan_from({"assignments": []})
