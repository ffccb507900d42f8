"""Each rule of a plan at its boundary, in the checker and in what the solver allows.

A table is a rule, what is stored, a plan, and for each value of what varies whether the plan breaks
the rule. Periods are half-years: a move "at 1" is one on 2025-07-01. Long because every rule has
its table here, over the same people.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bench.planning_data import fill
from graph.programme import parse_rules
from planning.check import check
from planning.problem.defaults import settle
from planning.problem.instance import Pin
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from planning.solve.solver import solve
from tests.planning.small import (
    DAYS,
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

NOTHING = Scenario()


@dataclass(frozen=True)
class Given:
    """A rule, as `rules.yaml` writes it or as a change of a default, and a plan for a district."""

    rule: str
    plan: list[dict[str, Any]]
    tables: dict[str, Any]
    parameters: str = ""
    changes: tuple[tuple[str, Any], ...] = ()
    scenario: Scenario = NOTHING
    besides: str = ""  # another rule that it needs

    def settings(self):
        defaults = {each.name for each in DEFAULTS}
        chosen = only(
            *([self.rule] if self.rule in defaults else []),
            **dict(self.changes),
            no_return={"kind": "hard"},  # one posting is not cut in two to pass
        )
        texts = [f"{self.rule}: {self.parameters}"] if self.parameters else []
        texts += [self.besides] if self.besides else []
        found, _ = settle(parse_rules(rules(texts)), PROGRAMME) if texts else ((), [])
        named = {text.partition(":")[0] for text in texts}
        return (
            *(each for each in chosen if each.name not in named),
            *(each for each in found if each.name in named),
        )


def rules(texts) -> str:
    return "rules:\n" + "".join(
        f"- {{id: X{n}, title: {{zh: x, en: x}}, kind: hard, source: x, rule: {{{text}}}}}\n"
        for n, text in enumerate(texts)
    )


def around_pins(plan) -> tuple[tuple[Pin, ...], tuple[Pin, ...]]:
    """Return what pins a plan: where everybody is, and that a posting is no longer than it is."""
    held = {
        (row["person"], row["post"], t)
        for row in plan
        for t in range(DAYS.index(row["since"]), DAYS.index(row["until"]))
    }
    beside = {(who, post_, t + n) for who, post_, t in held for n in (-1, 1)} - held
    return (
        tuple(Pin(*each) for each in sorted(held)),
        tuple(Pin(*each) for each in sorted(beside) if 0 <= each[2] < 4),
    )


def holds(store, given: Given) -> tuple[bool, bool]:
    """Return whether the checker lets a plan pass, and whether the solver can make it."""
    fill(store, given.tables)
    settings = given.settings()
    report = check(store, PROGRAMME, settings, plan_file(given.plan, given.scenario))
    broken = {each.rule for each in report.violations}
    assert broken <= {given.rule}, broken
    problem = read_problem(store, PROGRAMME, (), HORIZON, given.scenario, settings)
    pins, forbids = around_pins(given.plan)
    pinned = replace(problem, pins=(*problem.pins, *pins), forbids=(*problem.forbids, *forbids))
    return not broken, solve(pinned).cost is not None


def on_trial(joined):
    return Given(
        "trial_period",
        [assigned("t", "gb", 0, 1, stays=True), assigned("t", "gc", 1, 3)],
        district([trainee("t", joined_on=joined)], [rotation("t", "gb", "grassroots", joined)]),
        "{months: 12}",
    )


def transferred(joined):
    return Given(
        "no_transfer",
        [assigned("t", "rb", 1, 2)],
        district([trainee("t", joined_on=joined)]),
        "{months: 24, kinds: [rotation]}",
    )


HARDSHIP = "{months: 60, hardship: %s, allowed_kinds: [secondment], allowed_months: %s}"


def bound_by_hardship(joined, hardship=5, worst=5, post_="gb"):
    return Given(
        "hardship_service",
        [assigned("t", "gv", 0, 1, stays=True), assigned("t", post_, 1, 3)],
        district(
            [trainee("t", joined_on=joined)],
            [rotation("t", "gv", "grassroots", "2024-07-01")],
            posts=post("gv", hardship=hardship),
        ),
        HARDSHIP % (worst, 6),
    )


def short_move(allowed):
    return Given(
        "hardship_service",
        [assigned("t", "gv", 0, 4, stays=True), assigned("t", "sd", 1, 2)],
        district(
            [trainee("t", joined_on="2023-01-01")],
            [rotation("t", "gv", "grassroots", "2024-07-01")],
        ),
        HARDSHIP % (5, allowed),
    )


def risen_after(since, more="months: 36", joined="2020-07-01", besides="", ended="2024-07-01"):
    """A clerk since a day, made a deputy on 2025-07-01."""
    return Given(
        "rank_after",
        [assigned("t", "ka", 1, 3)],
        district(
            [trainee("t", joined_on=joined)], [rotation("t", "gc", "grassroots", since, ended)]
        ),
        f"{{rank: 副科, from: [科员], {more}}}",
        besides=besides,
    )


def posts_held(count):
    held = [("gc", "2021-07-01", "2022-07-01"), ("gb", "2022-07-01", "2023-07-01"),
            ("rc", "2023-07-01", "2024-07-01")][:count]  # fmt: skip
    given = risen_after("2021-07-01", "months: 1, posts_below: 2")
    rows = [rotation("t", id_, "grassroots", since, until) for id_, since, until in held]
    return replace(given, tables=district(rotations=rows))


def risen_again(since):
    """A deputy since a day, made head on 2025-07-01."""
    return Given(
        "level_by_level",
        [assigned("t", "ka", 0, 1, stays=True), assigned("t", "kb", 1, 3)],
        district(
            rotations=[
                rotation("t", "gc", "grassroots", "2020-07-01", since),
                rotation("t", "ka", "key_post", since),
            ],
            posts=post("kb", rank="正科"),
        ),
        "{months: 12}",
    )


def risen_by(rank):
    return Given(
        "level_by_level",
        [assigned("t", "ka", 1, 3)],
        district(
            rotations=[rotation("t", "gc", "grassroots", "2020-07-01", "2024-07-01")],
            posts=post("ka", rank=rank),
        ),
        "{months: 12}",
    )


def seconded(case):
    limits, periods = case
    return Given(
        "lasts",
        [assigned("t", "rb", 0, 4), assigned("t", "sd", 0, periods)],
        district(),
        f"{{kinds: [secondment], {limits}}}",
    )


def aged(born):
    return Given(
        "age_at_most",
        [assigned("t", "rb", 0, 4), assigned("t", "sc", 1, 2)],
        district([trainee("t", born_on=born)]),
        "{kinds: [secondment], unit_kinds: [township], years: 40}",
    )


def long_below(since):
    """At the grassroots since a day; a secondment to a township from 2025 on is the same side."""
    return Given(
        "opposite_way",
        [assigned("t", "gv", 0, 4, stays=True), assigned("t", "sc", 0, 1)],
        district(rotations=[rotation("t", "gv", "grassroots", since)]),
        "{kinds: [secondment], months: 36, above: [district], below: [township, village]}",
    )


def native_of(place):
    return Given(
        "home_place",
        [assigned("t", "ka", 0, 2)],
        district([trainee("t", native_place=place)]),
        "{post_kinds: [key_post], unit_kinds: [township]}",
    )


def native_elsewhere(case):
    """Of the township 河东镇, whose village is 柳村; the rule speaks of posts in townships."""
    post_, kinds = case
    return Given(
        "home_place",
        [assigned("t", post_, 0, 2)],
        district([trainee("t", native_place="石峰区河东镇")]),
        f"{{post_kinds: [{kinds}], unit_kinds: [township]}}",
    )


def long_in_post(since):
    """Held until 2025-07-01."""
    return Given(
        "longest_in_post",
        [assigned("t", "rb", 0, 1, stays=True)],
        district([trainee("t", joined_on="2014-01-01")], [rotation("t", "rb", "rotation", since)]),
        "{months: 120}",
    )


def changed(at_most):
    """Two new posts within the five years that end with the plan."""
    return Given(
        "changes_in_term",
        [assigned("t", "gb", 0, 2), assigned("t", "rc", 2, 4)],
        district(),
        f"{{term_months: 60, at_most: {at_most}}}",
    )


def changed_before(since):
    """One new post, and one begun on a day; the term of the plan begins on 2022-01-01."""
    return Given(
        "changes_in_term",
        [assigned("t", "rb", 0, 4)],
        district(rotations=[rotation("t", "gc", "grassroots", since, "2024-07-01")]),
        "{term_months: 60, at_most: 1}",
    )


def settled_in(months):
    """A year in a post, then another one."""
    return Given(
        "settled",
        [assigned("t", "rb", 0, 2), assigned("t", "gc", 2, 4)],
        district(),
        f"{{months: {months}}}",
    )


def settled_since(since):
    """The present post is left on 2025-07-01."""
    return Given(
        "settled",
        [assigned("t", "rb", 0, 1, stays=True), assigned("t", "gc", 1, 4)],
        district(rotations=[rotation("t", "rb", "rotation", since)]),
        "{months: 12}",
    )


def reviewed(results):
    """Yearly reviews, the oldest first, the last one in 2024."""
    rows = [
        {"id": f"q{n}", "person": "t", "kind": "appraisal", "name": "appraisal",
         "on": f"{2025 - len(results) + n}-01-10", "result": result}
        for n, result in enumerate(results)
    ]  # fmt: skip
    return Given(
        "last_reviews",
        [assigned("t", "ka", 0, 2)],
        district(
            rotations=[rotation("t", "gc", "grassroots", "2020-07-01", "2022-07-01")],
            records=rows,
        ),
        "{record: appraisal, last: 3, none_of: [不称职]}",
    )


def reviewed_on(day):
    given = reviewed(["不称职"])
    return replace(
        given,
        tables={**given.tables, "records": [{**given.tables["records"][0], "on": day}]},
    )


def below_wanted(months):
    """A year at the grassroots in the plan, and one before."""
    return Given(
        "grassroots_wanted",
        [assigned("t", "gb", 0, 2), assigned("t", "ka", 2, 4)],
        district(rotations=[rotation("t", "gc", "grassroots", "2020-07-01", "2021-07-01")]),
        f"{{months: {months}, kinds: [grassroots]}}",
    )


def first_served(until):
    """Half a year in the plan and a time before it must make the year before a key post."""
    return Given(
        "stage_first",
        [assigned("t", "gb", 0, 1), assigned("t", "ka", 1, 4)],
        district(
            [trainee("t", joined_on="2019-07-01")],
            [rotation("t", "gc", "grassroots", "2020-01-01", until)],
        ),
    )


def exercised(until):
    """No key post in the plan; one year of it is asked for, the grassroots are served."""
    return Given(
        "exercises",
        [assigned("t", "gv", 0, 4)],
        district(
            [trainee("t", joined_on="2018-01-01")],
            [
                rotation("t", "gc", "grassroots", "2018-01-01", "2020-01-01"),
                rotation("t", "kb", "key_post", "2023-01-01", until),
            ],
        ),
    )


def on_leave(case):
    since, until = case
    return Given(
        "leave",
        [assigned("t", "gb", 1, 3)],  # from 2025-07-01 to 2026-07-01
        district(),
        scenario=Scenario(leaves=(("t", since, until),)),
    )


def joined_on(day):
    return Given("leave", [assigned("t", "gb", 1, 3)], district([trainee("t", joined_on=day)]))


def covered(at_least):
    """One person is in a post of which so many are asked for."""
    return Given(
        "must_cover",
        [assigned("t", "gv", 0, 4)],
        district(posts=post("gv", capacity=3)),
        changes=(("must_cover", {"kind": "hard", "parameters": {"at_least": at_least}}),),
        scenario=Scenario(must_cover=("gv",)),
    )


def hardened(points):
    """A village of so many points for two periods; the mean of the posts is (12 + points) / 9.

    Four periods of it are 8 points at 6 (rounded up) and at 5; three of 5 are too many for it.
    """
    return Given("hardship_shared", [assigned("t", "gv", 0, points)], district())


def of_rank(rank):
    """A deputy is sent to a post of a rank."""
    return Given(
        "rank_kept",
        [assigned("t", "rb", 0, 2)],
        district(
            rotations=[rotation("t", "ka", "key_post", "2020-07-01", "2022-07-01")],
            posts=post("rb", rank=rank),
        ),
    )


def agreed(case):
    """A posting with an agreed end, planned to end on 2025-07-01 or on another day."""
    until, end = case
    return Given(
        "agreed_end",
        [assigned("t", "gb", 0, end, stays=True)],
        district(rotations=[rotation("t", "gb", "grassroots", "2024-07-01", until)]),
    )


TABLES: dict[Callable[[Any], Given], dict[Any, bool]] = {
    # what is given: {its value: whether the plan holds}
    # of a month or a year the last day counts
    on_trial: {
        "2024-06-30": True,
        "2024-07-01": True,
        "2024-07-02": False,
        "2024-06": True,
        "2024-07": False,
    },
    transferred: {
        "2023-06-30": True,
        "2023-07-01": True,
        "2023-07-02": False,
        "2023-06": True,
        "2023-07": False,
        "2022": True,
        "2023": False,
    },
    bound_by_hardship: {
        "2020-06-30": True,
        "2020-07-01": True,
        "2020-07-02": False,
        "2020-06": True,
        "2020-07": False,
    },
    short_move: {5: False, 6: True, 7: True},
    risen_after: {"2022-06-30": True, "2022-07-01": True, "2022-07-02": False},
    posts_held: {1: False, 2: True, 3: True},
    risen_again: {"2024-06-30": True, "2024-07-01": True, "2024-07-02": False},
    risen_by: {"科员": True, "副科": True, "正科": False},
    seconded: {
        ("at_least: 12", 1): False,
        ("at_least: 12", 2): True,
        ("at_least: 12", 3): True,
        ("at_most: 12", 1): True,
        ("at_most: 12", 2): True,
        ("at_most: 12", 3): False,
        ("at_most: 18, never_over: 12", 2): True,
        ("at_most: 18, never_over: 12", 3): False,
    },
    aged: {"1984-07-02": True, "1984-07-01": False, "1984-06-30": False},
    long_below: {"2022-01-02": True, "2022-01-01": False, "2021-12-31": False},
    native_of: {
        "石峰区河东镇": False,
        "石峰区河东镇柳村": False,
        "河东": False,  # a part of the name
        "石峰区": False,  # of which township nobody wrote
        "石峰区河西镇": True,
        "天元区": True,
        "": True,  # a plan has no answer "not known": it is counted among the gaps
    },
    native_elsewhere: {
        ("ka", "key_post"): False,
        ("ka", "grassroots"): True,  # another kind of post
        ("kb", "key_post"): True,  # another township
        ("gv", "grassroots"): True,  # a post in a village is none of a township
    },
    long_in_post: {"2015-06-01": False, "2015-07-01": True, "2015-08-01": True},
    changed: {1: False, 2: True, 3: True},
    changed_before: {"2021-12-31": True, "2022-01-01": False, "2022-01-02": False},
    settled_in: {11: True, 12: True, 13: False},
    settled_since: {"2024-06-30": True, "2024-07-01": True, "2024-07-02": False},
    below_wanted: {23: True, 24: True, 25: False},
    first_served: {"2020-06-30": False, "2020-07-01": True, "2020-07-02": True},
    exercised: {"2023-12-31": False, "2024-01-01": True, "2024-01-02": True},
    on_leave: {
        ("2025-01-01", "2025-06-30"): True,
        ("2025-01-01", "2025-07-01"): True,  # back on the day
        ("2025-01-01", "2025-07-02"): False,
        ("2026-06-30", "2026-12-01"): False,
        ("2026-07-01", "2026-12-01"): True,
        ("2026-07-02", "2026-12-01"): True,
    },
    joined_on: {"2025-06-30": True, "2025-07-01": True, "2025-07-02": False},
    covered: {1: True, 2: False},
    hardened: {1: True, 2: False, 3: False},
    of_rank: {"科员": False, "副科": True, "正科": True},
    reviewed_on: {"2024-12-31": False, "2025-01-01": True, "2025-01-02": True},
}
REVIEWS: dict[Any, bool] = {
    ("称职", "称职", "称职"): True,
    ("不称职", "称职", "称职"): False,
    ("不称职", "称职", "称职", "称职"): True,  # the fourth from the end is past
    ("称职", "称职", "不称职"): False,
}


@pytest.mark.parametrize(
    ("given", "value", "is_kept"),
    [
        pytest.param(given, value, kept, id=f"{given.__name__}-{value}")
        for given, values in (*TABLES.items(), (reviewed, REVIEWS))
        for value, kept in values.items()
    ],
)
def test_checker_and_solver_draw_the_line_of_a_rule_alike(embedded_store, given, value, is_kept):
    assert holds(embedded_store, given(value)) == (is_kept, is_kept)


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        (bound_by_hardship("2023-01-01", hardship=4), True),  # a degree less
        (bound_by_hardship("2023-01-01", hardship=5), False),
        (bound_by_hardship("2023-01-01", hardship=5, worst=4), False),
        # years of work: 60 months from joining
        (risen_after("2022-07-01", "months: 1, work_months: 60", "2020-06-30"), True),
        (risen_after("2022-07-01", "months: 1, work_months: 60", "2020-07-01"), True),
        (risen_after("2022-07-01", "months: 1, work_months: 60", "2020-06"), True),
        (risen_after("2022-07-01", "months: 1, work_months: 60", "2020-07"), False),
        (risen_after("2022-07-01", "months: 1, work_months: 60", "2020-07-02"), False),
        # two years beside the year of trial, which ends on the day three years before or later
        *(
            (
                risen_after(
                    day, "months: 24, trial_counts: false", day, "trial_period: {months: 12}"
                ),
                kept,
            )
            for day, kept in (("2022-06-30", True), ("2022-07-01", True), ("2022-07-02", False))
        ),
    ],
    ids=str,
)
def test_what_else_a_rule_asks_for_is_drawn_alike(embedded_store, given, is_kept):
    assert holds(embedded_store, given) == (is_kept, is_kept)


@pytest.mark.parametrize(
    ("until", "end", "is_kept"),
    [
        ("2025-06-30", 1, True),  # the first boundary from the day on
        ("2025-07-01", 1, True),
        ("2025-07-02", 1, False),
        ("2025-07-02", 2, True),
        ("2025-07-01", 2, False),
    ],
)
def test_an_agreed_end_is_the_first_boundary_from_its_day_on(embedded_store, until, end, is_kept):
    assert holds(embedded_store, agreed((until, end))) == (is_kept, is_kept)


MENTOR = {"id": "m", "name": "导师", "roles": ["mentor"]}


@pytest.mark.parametrize(("places", "is_kept"), [(0, False), (1, True), (2, True)])
def test_the_places_of_a_mentor_are_used_to_the_last(embedded_store, places, is_kept):
    """The mentor sits in the township of the village where the trainee is sent."""
    given = Given(
        "mentors",
        [assigned("t", "gv", 0, 2)],
        district(
            [trainee("t"), {**MENTOR, "mentor_capacity": places}],
            [rotation("m", "ka", "appointment", "2015")],
            mentoring=[{"id": "x", "mentor": "m", "trainee": "t", "kind": "township",
                        "since": "2020", "until": "2021"}],
        ),
    )  # fmt: skip
    assert holds(embedded_store, given) == (is_kept, is_kept)


@pytest.mark.parametrize(
    ("leading", "post_", "begin", "is_kept"),
    [
        ("key_post", "gv", 0, False),  # a village below the township that the relative leads
        ("key_post", "gv", 1, False),
        ("key_post", "gv", 2, True),  # from the day on which the relative has left
        ("key_post", "gb", 0, True),  # another township
        ("deputy", "gv", 0, True),  # the relative's post leads nobody
    ],
)
def test_relatives_are_apart_until_the_day_on_which_one_leaves(
    embedded_store, leading, post_, begin, is_kept
):
    given = Given(
        "kin_apart",
        [assigned("t", "ka", 0, 2), assigned("u", post_, begin, begin + 2)],
        district(
            [trainee("t"), trainee("u")],
            kin=[{"person": "t", "relative": "u", "relation": "spouse"}],
        ),
        changes=(("kin_apart", {"parameters": {"leading_post_kinds": (leading,)}}),),
    )
    assert holds(embedded_store, given) == (is_kept, is_kept)


def test_every_planning_rule_with_a_measure_has_a_table():
    """Left out: what has no more or less, and what `test_planning.py` holds."""
    named = {given(next(iter(values))).rule for given, values in TABLES.items()} | {
        "agreed_end", "mentors", "kin_apart", "last_reviews",
    }  # fmt: skip
    without = {"one_post", "offers", "placed", "demands", "no_return", "wishes", "avoided",
               "few_moves", "pinned", "forbidden", "keeps_home_post"}  # fmt: skip
    elsewhere = {"capacity", "tenure"}
    from planning.rules import RULES

    assert named == {rule.name for rule in RULES} - without - elsewhere
