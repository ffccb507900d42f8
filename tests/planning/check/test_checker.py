"""The checker against a plain re-statement of the rules, on a thousand mutations of good plans."""

import copy
import random
from collections import Counter

import pytest

from bench.planning_data import fill, make, read
from graph.errors import InputError
from planning.check import check
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import plain
from tests.planning.small import DEFAULTS, PROGRAMME, assigned, district, only, plan_file

MUTATIONS = 1_000


def units(report) -> Counter:
    found: Counter = Counter()
    for each in (*report.violations, *report.soft):
        found[each.rule] += each.units
    return found


def planted(instance) -> dict:
    days = instance.horizon.days
    return {
        "horizon": instance.horizon.as_dict(),
        "scenario": instance.scenario.as_dict(),
        "assignments": [
            {
                "person": posting.person,
                "post": posting.post,
                "kind": posting.kind,
                "since": days[max(posting.begin, 0)].isoformat(),
                "until": days[posting.end].isoformat(),
            }
            for posting in instance.planted
        ],
    }


def mutated(rng: random.Random, instance, plan: dict) -> dict:
    """Change one to three things of a plan, keeping it readable."""
    plan = copy.deepcopy(plan)
    rows = plan["assignments"]
    days = [day.isoformat() for day in instance.horizon.days]
    posts = [row["id"] for row in instance.tables["posts"]]
    kinds = ["grassroots", "key_post", "rotation", "secondment", "platform"]
    for _ in range(rng.randint(1, 3)):
        what = rng.randrange(8)
        row = rng.choice(rows)
        begin, end = days.index(row["since"]), days.index(row["until"])
        if what == 0:
            row["post"] = rng.choice(posts)
        elif what == 1:
            row["kind"] = rng.choice(kinds)
        elif what == 2 and end - begin > 1:
            row["until"] = days[rng.randint(begin + 1, end)]
        elif what == 3:
            row["since"] = days[rng.randint(0, end - 1)]
        elif what == 4:
            row["until"] = days[rng.randint(begin + 1, len(days) - 1)]
        elif what == 5 and len(rows) > 2:
            rows.remove(row)
        elif what == 6:  # a relative's post, and its days
            pair = rng.choice(instance.tables["kin"])
            theirs = [each for each in rows if each["person"] == pair["relative"]]
            if theirs:
                row.update({**rng.choice(theirs), "person": pair["person"]})
        else:
            other = rng.choice(rows)
            row["post"], other["post"] = other["post"], row["post"]
            row["kind"], other["kind"] = other["kind"], row["kind"]
    return plan


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_planted_plan_and_solved_plan_are_valid(embedded_store, seed):
    instance = make(seed, people=12, posts=20, periods=6, is_tight=bool(seed))
    fill(embedded_store, instance.tables)
    report = check(embedded_store, instance.programme, instance.settings, planted(instance))
    assert report.violations == ()
    outcome = solve(read(embedded_store, instance))
    plan = plan_of(read(embedded_store, instance), outcome, instance.scenario).as_dict()
    solved = check(embedded_store, instance.programme, instance.settings, plan)
    assert solved.violations == ()
    assert solved.cost == outcome.cost
    assert solved.cost <= report.cost


def judged_alike(store, seed: int, people: int, mutations: int) -> set[str]:
    """Mutate a planted plan, compare each judgement, and give the rules that were broken."""
    instance = make(seed, people, posts=20, periods=6)
    fill(store, instance.tables)
    good, rng, broken = planted(instance), random.Random(seed), set()
    duals = {each.name: each.penalty for each in instance.settings}
    for _ in range(mutations):
        plan = mutated(rng, instance, good)
        report = check(store, instance.programme, instance.settings, plan)
        expected = plain.judge(instance, plan)
        assert units(report) == expected, plan["assignments"]
        assert report.cost == sum(duals.get(rule, 0) * n for rule, n in expected.items())
        broken |= {each.rule for each in report.violations}
    return broken


@pytest.mark.slow
def test_a_thousand_mutations_are_judged_as_by_the_plain_rules(embedded_store):
    broken = judged_alike(embedded_store, seed=3, people=8, mutations=MUTATIONS // 2)
    embedded_store.write("MATCH (n) DETACH DELETE n")
    broken |= judged_alike(embedded_store, seed=0, people=12, mutations=MUTATIONS // 2)
    assert broken >= {
        "one_post", "capacity", "offers", "placed", "must_cover", "demands", "stage_first",
        "exercises", "tenure", "no_return", "mentors", "keeps_home_post", "kin_apart",
    }  # fmt: skip


def test_days_off_the_periods_and_unknown_people_are_violations(embedded_store):
    fill(embedded_store, district())
    rows = [
        {**assigned("t", "gb", 0, 2), "since": "2025-02-03"},
        assigned("nobody", "gb", 0, 2),
    ]
    report = check(embedded_store, PROGRAMME, only(), plan_file(rows))
    assert [each.rule for each in report.violations] == ["periods", "periods"]


def test_bare_list_of_assignments_is_judged_from_its_own_days(embedded_store):
    fill(embedded_store, district())
    rows = [assigned("t", "gb", 0, 2), assigned("t", "gc", 1, 3)]
    report = check(embedded_store, PROGRAMME, DEFAULTS, {"assignments": rows})
    (violation,) = [each for each in report.violations if each.rule == "one_post"]
    assert violation.as_dict()["person"] == "t"
    assert violation.since == "2025-07-01"
    assert violation.sentence.text() == "学员t holds two posts on 2025-07-01."


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"post": "gb", "since": "2025-01-01"}, 'has no "person"'),
        ({"person": "t", "post": "gb", "since": "January"}, '"January" in an assignment of t'),
    ],
)
def test_unreadable_assignment_is_an_input_error(embedded_store, row, message):
    with pytest.raises(InputError) as caught:
        check(embedded_store, PROGRAMME, DEFAULTS, {"assignments": [row]})
    assert message in str(caught.value)


def test_one_posting_in_two_pieces_is_a_violation(embedded_store):
    fill(embedded_store, district())
    pieces = [assigned("t", "gb", 0, 2), assigned("t", "gb", 2, 4)]
    report = check(embedded_store, PROGRAMME, only(), plan_file(pieces))
    assert [violation.rule for violation in report.violations] == ["periods"]
    whole = plan_file([assigned("t", "gb", 0, 4)])
    assert check(embedded_store, PROGRAMME, only(), whole).is_valid
