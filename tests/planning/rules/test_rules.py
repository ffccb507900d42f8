"""Each rule, once broken and once held: in the checker, and in what the solver allows.

The solver's side pins the assignments of the case: broken ones must be impossible because of the
rule, held ones must be possible.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bench.planning_data import fill
from graph.programme import parse_rules
from planning.check import check
from planning.explain.conflict import conflict
from planning.problem.defaults import PLANNED, settle
from planning.problem.instance import Pin
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.rules import RULES
from planning.solve.solver import solve
from tests.planning import small
from tests.planning.small import (
    DEFAULTS,
    HORIZON,
    PROGRAMME,
    assigned,
    district,
    only,
    plan_file,
    post,
    rotation,
    trainee,
)

SERVED = rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")  # two years, then no post


NOTHING = Scenario()


@dataclass(frozen=True)
class Case:
    """A rule with two plans for one district."""

    rule: str
    breaks: tuple[dict[str, Any], ...]
    holds: tuple[dict[str, Any], ...]
    tables: dict[str, Any] = field(default_factory=district)
    settings: tuple = ()
    rules: str = ""  # of rules.yaml
    scenario: Scenario = NOTHING
    is_solved: bool = True  # False: it can only be broken in a file


def case(rule, breaks, holds, tables=None, rules="", scenario=None, is_solved=True, **changes):
    settings = (
        only(rule, **changes) if rule in {each.name for each in DEFAULTS} else only(**changes)
    )
    return Case(
        rule, tuple(breaks), tuple(holds), tables or district(), settings, rules,
        scenario or Scenario(), is_solved,
    )  # fmt: skip


def hard(name: str, parameters: str) -> str:
    return f"rules:\n  - id: X\n    title: {{zh: x, en: x}}\n    kind: hard\n    source: x\n    rule: {{{name}: {parameters}}}"  # noqa: E501


CASES = [
    case(
        "one_post",
        [assigned("t", "gb", 0, 2), assigned("t", "gc", 1, 3)],
        [assigned("t", "gb", 0, 2), assigned("t", "gc", 2, 4)],
    ),
    case(
        "capacity",
        [assigned("t", "gb", 0, 2), assigned("u", "gb", 1, 3)],
        [assigned("t", "gb", 0, 2), assigned("u", "gb", 2, 4)],
        district([trainee("t"), trainee("u")]),
    ),
    case(
        "offers",
        [assigned("t", "gb", 0, 2, kind="key_post")],
        [assigned("t", "gb", 0, 2)],
        is_solved=False,
    ),
    case("placed", [assigned("t", "gb", 0, 3)], [assigned("t", "gb", 0, 4)], is_solved=False),
    case(
        "must_cover",
        [assigned("t", "gb", 0, 4)],
        [assigned("t", "gv", 0, 4)],
        scenario=Scenario(must_cover=("gv",)),
    ),
    case(
        "rank_kept",
        [assigned("t", "rb", 0, 2)],
        [assigned("t", "kb", 0, 2)],
        district(rotations=[rotation("t", "ka", "key_post", "2020-07-01", "2022-07-01")]),
    ),
    case(
        "demands",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gc", 0, 2)],
        district([trainee("t", specialties=["农学"])], posts=post("gb", demands=["法学"])),
    ),
    case(
        "stage_first",
        [assigned("t", "gb", 0, 1), assigned("t", "ka", 1, 4)],
        [assigned("t", "gb", 0, 2), assigned("t", "ka", 2, 4)],
    ),
    case(
        "exercises",
        [assigned("t", "gb", 0, 4), assigned("t", "sd", 1, 2)],
        [assigned("t", "gb", 0, 2), assigned("t", "ka", 2, 4)],
    ),
    case(
        "tenure",
        [assigned("t", "gb", 0, 1), assigned("t", "gc", 1, 3)],
        [assigned("t", "gb", 0, 2)],
    ),
    case(
        "no_return",
        [assigned("t", "rc", 0, 1)],
        [assigned("t", "rb", 0, 1)],
        district(rotations=[SERVED]),
    ),
    case(
        "mentors",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gv", 0, 2)],
        district(
            [trainee("t"), {"id": "m", "name": "导师", "roles": ["mentor"], "mentor_capacity": 1}],
            [rotation("m", "ka", "appointment", "2015")],
            mentoring=[{"id": "x", "mentor": "m", "trainee": "t", "kind": "township",
                        "since": "2020", "until": "2021"}],
        ),
    ),
    case(
        "leave",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gb", 1, 3)],
        scenario=Scenario(leaves=(("t", "2025-02-01", "2025-03-01"),)),
    ),
    case(
        "wishes",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gc", 0, 2)],
        district(wishes=[{"person": "t", "post": "gc", "rank_of_wish": 1}]),
    ),
    case(
        "avoided",
        [assigned("t", "gv", 0, 2)],
        [assigned("t", "gb", 0, 2)],
        district(wishes=[{"person": "t", "unit": "A", "avoid": "true"}]),
    ),
    # The mean of the nine posts is 17 / 9; four periods of it are 8 points, rounded up.
    case("hardship_shared", [assigned("t", "gv", 0, 2)], [assigned("t", "gb", 0, 4)]),
    case(
        "few_moves",
        [assigned("t", "gc", 0, 2)],
        [assigned("t", "gb", 0, 2, stays=True)],
        district(rotations=[rotation("t", "gb", "grassroots", "2024-07-01")]),
    ),
    case(
        "pinned",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gc", 0, 2)],
        scenario=Scenario(pins=(Pin("t", "gc", 0),)),
    ),
    case(
        "forbidden",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gb", 1, 3)],
        scenario=Scenario(forbids=(Pin("t", "gb", 0),)),
    ),
    case(
        "agreed_end",
        [assigned("t", "gb", 0, 3, stays=True)],
        [assigned("t", "gb", 0, 2, stays=True)],
        district(rotations=[rotation("t", "gb", "grassroots", "2024-07-01", "2025-09-01")]),
        is_solved=False,
    ),
    case(
        "keeps_home_post",
        [assigned("t", "rb", 0, 1), assigned("t", "gc", 1, 3), assigned("t", "sd", 0, 2)],
        [assigned("t", "rb", 0, 2), assigned("t", "gc", 2, 4), assigned("t", "sd", 0, 2)],
        no_return={"kind": "hard"},  # else two secondments could stand for one
    ),
    case(
        "kin_apart",
        [assigned("t", "ka", 0, 2), assigned("u", "gv", 0, 2)],
        [assigned("t", "kb", 0, 2), assigned("u", "gv", 0, 2)],
        district(
            [trainee("t"), trainee("u")],
            kin=[{"person": "t", "relative": "u", "relation": "spouse"}],
        ),
        kin_apart={"parameters": {"leading_post_kinds": ("key_post",)}},
    ),
    case(
        "trial_period",
        [assigned("t", "gc", 0, 2)],
        [assigned("t", "gb", 0, 2, stays=True), assigned("t", "gc", 2, 4)],
        district(
            [trainee("t", joined_on="2024-12-01")],
            [rotation("t", "gb", "grassroots", "2024-12-01")],
        ),
        hard("trial_period", "{months: 12}"),
    ),
    case(
        "no_transfer",
        [assigned("t", "rb", 1, 2)],
        [assigned("t", "rb", 2, 3)],
        district([trainee("t", joined_on="2023-09-01")]),
        hard("no_transfer", "{months: 24, kinds: [rotation]}"),
    ),
    case(
        "hardship_service",
        [assigned("t", "gb", 0, 2)],
        [assigned("t", "gv", 0, 2, stays=True), assigned("t", "sd", 0, 1)],
        district(
            [trainee("t", joined_on="2023-01-01")],
            [rotation("t", "gv", "grassroots", "2024-07-01")],
        ),
        hard(
            "hardship_service",
            "{months: 60, hardship: 5, allowed_kinds: [secondment], allowed_months: 6}",
        ),
    ),
    case(
        "rank_after",
        [assigned("t", "ka", 0, 2)],
        [assigned("t", "ka", 1, 3)],
        district(rotations=[rotation("t", "gc", "grassroots", "2022-07-01", "2024-07-01")]),
        hard("rank_after", "{rank: 副科, from: [科员], months: 36}"),
    ),
    case(
        "level_by_level",
        [assigned("t", "ka", 0, 2)],
        [assigned("t", "kb", 0, 2)],
        district(rotations=[SERVED], posts=post("ka", rank="正科")),
        hard("level_by_level", "{months: 12}"),
    ),
    case(
        "lasts",
        [assigned("t", "rb", 0, 4), assigned("t", "sd", 0, 1)],
        [assigned("t", "rb", 0, 4), assigned("t", "sd", 0, 2)],
        rules=hard("lasts", "{kinds: [secondment], at_least: 12}"),
        is_solved=False,
    ),
    case(
        "age_at_most",
        [assigned("t", "sc", 2, 3), assigned("t", "rb", 0, 4)],
        [assigned("t", "sc", 0, 1), assigned("t", "rb", 0, 4)],
        district([trainee("t", born_on="1984-03-01")]),  # 41 from March 2025 on
        hard("age_at_most", "{kinds: [secondment], unit_kinds: [township], years: 40}"),
        tenure={"kind": "hard"},  # else it could have begun in time
    ),
    case(
        "opposite_way",
        [assigned("t", "rb", 0, 4), assigned("t", "sc", 0, 1)],
        [assigned("t", "rb", 0, 4), assigned("t", "sd", 0, 1)],
        district(rotations=[rotation("t", "gv", "grassroots", "2020-07-01", "2024-07-01")]),
        hard(
            "opposite_way",
            "{kinds: [secondment], months: 36, above: [district], below: [township, village]}",
        ),
    ),
    case(
        "home_place",
        [assigned("t", "ka", 0, 2)],
        [assigned("t", "kb", 0, 2)],
        district([trainee("t", native_place="石峰区河东镇")]),
        hard("home_place", "{post_kinds: [key_post], unit_kinds: [township]}"),
    ),
    case(
        "longest_in_post",
        [assigned("t", "rb", 0, 2, stays=True)],
        [assigned("t", "rb", 0, 1, stays=True)],
        district(
            [trainee("t", joined_on="2015-06-01")],
            rotations=[rotation("t", "rb", "rotation", "2015-06-01")],
        ),
        hard("longest_in_post", "{months: 121}"),
        no_return={"kind": "hard"},
    ),
    case(
        "changes_in_term",
        [assigned("t", "gb", 0, 2), assigned("t", "rc", 2, 4)],
        [assigned("t", "gb", 0, 4)],
        rules=hard("changes_in_term", "{term_months: 60, at_most: 1}"),
    ),
    case(
        "grassroots_wanted",
        [assigned("t", "rb", 0, 4)],
        [assigned("t", "gb", 0, 4)],
        rules=hard("grassroots_wanted", "{months: 24, kinds: [grassroots]}"),
    ),
    case(
        "settled",
        [assigned("t", "rb", 0, 1), assigned("t", "gc", 1, 4)],
        [assigned("t", "rb", 0, 2), assigned("t", "gc", 2, 4)],
        rules=hard("settled", "{months: 12}"),
    ),
    case(
        "last_reviews",
        [assigned("t", "ka", 0, 2)],
        [assigned("t", "rb", 0, 2)],
        district(
            rotations=[SERVED],
            records=[{"id": "q", "person": "t", "kind": "appraisal", "on": "2024-01-10",
                      "result": "不称职", "name": "appraisal"}],
        ),
        hard("last_reviews", "{record: appraisal, last: 3, none_of: [不称职]}"),
    ),
]  # fmt: skip


def settled_case(each: Case):
    if not each.rules:
        return each.settings
    settings, _ = settle(parse_rules(each.rules), PROGRAMME)
    return (*each.settings, *(s for s in settings if s.name == each.rule))


def broken(store, each: Case, assignments) -> set[str]:
    report = check(store, PROGRAMME, settled_case(each), plan_file(assignments, each.scenario))
    return {violation.rule for violation in report.violations}


def pinned(each: Case, assignments) -> tuple[Pin, ...]:
    days = small.DAYS
    return tuple(
        Pin(a["person"], a["post"], t)
        for a in assignments
        for t in range(days.index(a["since"]), days.index(a["until"]))
    )


def problem(store, each: Case, assignments):
    found = read_problem(store, PROGRAMME, (), HORIZON, each.scenario, settled_case(each))
    return replace(found, pins=(*found.pins, *pinned(each, assignments)))


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.rule)
def test_checker_finds_the_broken_rule_and_only_then(embedded_store, each: Case):
    fill(embedded_store, each.tables)
    assert each.rule in broken(embedded_store, each, each.breaks)
    assert broken(embedded_store, each, each.holds) == set()


@pytest.mark.parametrize("each", [c for c in CASES if c.is_solved], ids=lambda each: each.rule)
def test_solver_refuses_what_breaks_the_rule_and_allows_what_holds(embedded_store, each: Case):
    fill(embedded_store, each.tables)
    found = conflict(problem(embedded_store, each, each.breaks))
    assert found is not None
    assert found.is_verified
    assert each.rule in {reason.rule for reason in found.reasons}
    assert solve(problem(embedded_store, each, each.holds)).status == "optimal"


def test_every_rule_has_a_case_and_a_function():
    named = {each.rule for each in CASES}
    assert named == set(PLANNED) - {"served_months"}  # R2's months count in stage_first
    assert {rule.name for rule in RULES} == named


def test_rule_that_is_switched_off_binds_nobody(embedded_store):
    each = next(c for c in CASES if c.rule == "no_return")
    fill(embedded_store, each.tables)
    without = replace(each, settings=only())
    assert broken(embedded_store, without, each.breaks) == set()
    assert solve(problem(embedded_store, without, each.breaks)).status == "optimal"


def test_warning_is_said_and_forbids_nothing(embedded_store):
    each = next(c for c in CASES if c.rule == "no_return")
    fill(embedded_store, each.tables)
    settings = only(no_return={"kind": "warning"})
    report = check(embedded_store, PROGRAMME, settings, plan_file(each.breaks))
    assert report.is_valid
    assert [warning.rule for warning in report.warnings] == ["no_return"]


def test_exception_for_one_person_lifts_the_rule(embedded_store):
    each = next(c for c in CASES if c.rule == "no_return")
    fill(embedded_store, each.tables)
    waived = replace(each, scenario=Scenario(waived=frozenset({("no_return", "t")})))
    assert broken(embedded_store, waived, each.breaks) == set()
    assert solve(problem(embedded_store, waived, each.breaks)).status == "optimal"
