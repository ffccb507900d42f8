"""Why a person is where a plan puts them, and what the next best posts would cost."""

from dataclasses import replace

from planning.explain.why import _alternative, alternatives, reasons
from planning.problem.instance import Pin
from planning.solve.plans import plan_of
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import district, only, trainee


def wishing(store):
    tables = district(
        [trainee("t", specialties=["农学"])],
        posts=small.post("gb", demands=["农学"]),
        wishes=[
            {"person": "t", "post": "gb", "rank_of_wish": 1},
            {"person": "t", "post": "gc", "rank_of_wish": 3},
        ],
    )
    settings = only("tenure", wishes={}, few_moves={}, placed={})
    return small.read(store, tables, settings)


def test_a_posting_has_its_reasons(embedded_store):
    problem = wishing(embedded_store)
    plan = plan_of(problem, solve(problem))
    said = [sentence.text() for sentence in reasons(problem, plan)["t"]]
    assert said == [
        "河西镇驻村队员, 2025-01-01 to 2027-01-01, costs 3.",
        "It is wish number 1.",
        "The post asks for 农学.",
        "It fills a gap: grassroots (12 months still lacking).",
        "Against it: 学员t is moved. (+3)",
    ]


def test_next_best_posts_have_the_cost_of_the_whole_plan_with_them(embedded_store):
    problem = wishing(embedded_store)
    plan = plan_of(problem, solve(problem))
    found = alternatives(problem, plan, "t", "gb", most=2)
    # A year in gc costs 2 x 2, then the first wish: one more move of 3.
    assert (found[0].post, found[0].extra) == ("gc", 7)
    for each in found:
        assert each.is_exact
        pinned = replace(problem, pins=(Pin("t", each.post, 0),))
        assert each.extra == (solve(pinned).cost or 0) - (plan.cost or 0)


def test_what_is_not_proved_in_time_is_told_as_such(embedded_store):
    problem = wishing(embedded_store)
    solved = solve(problem)
    cost = solved.cost or 0

    def said(**changes):
        tried = replace(solved, status="feasible", **changes)
        found = _alternative(problem, "gc", tried, cost)
        return found.extra, found.is_exact, found.sentence.text().partition(" would cost ")[2]

    assert said(cost=cost + 7, bound=cost + 2.5) == (7, False, "at most 7 more, and at least 3.")
    assert said(cost=cost + 7, bound=cost + 6.5) == (7, True, "7 more.")
    assert said(cost=None, bound=cost + 2.5) == (None, False, "at least 3 more.")
    unknown = _alternative(problem, "gc", replace(solved, status="unknown", cost=None), cost)
    assert (unknown.extra, unknown.is_exact) == (None, False)
    assert "not found in time" in unknown.sentence.text()
