"""What a plan is made from: the horizon, the scenario, and what the graph says or does not say."""

from datetime import date

import pytest

from bench.planning_data import fill
from graph.errors import InputError
from graph.programme import parse_rules
from planning.problem.defaults import adjust, setting_from, settle
from planning.problem.horizon import Horizon, horizon
from planning.problem.instance import BegunPosting, Pin, PlannedPerson
from planning.problem.reading import read_problem
from planning.problem.scenario import Scenario
from tests.planning import small
from tests.planning.small import DEFAULTS, HORIZON, PROGRAMME, district, post, rotation, trainee


@pytest.mark.parametrize(
    ("since", "periods", "period", "message"),
    [
        ("2025-01", 4, "half-year", 'The plan cannot begin on "2025-01".'),
        ("2025-01-01", 4, "month", 'A period cannot be "month".'),
        ("2025-01-01", 0, "quarter", "A horizon of 0 periods cannot be planned."),
        ("2025-01-01", 41, "quarter", "A horizon of 41 periods cannot be planned."),
        ("2024-01-01", 4, "quarter", "which is past: today is 2024-06-30."),
    ],
)
def test_impossible_horizon_is_an_input_error(since, periods, period, message):
    with pytest.raises(InputError) as caught:
        horizon(since, periods, period, today=date(2024, 6, 30))
    assert message in str(caught.value)


def test_facts_inside_a_period_count_from_the_next_boundary():
    quarters = Horizon(date(2025, 1, 1), 4, 3)
    assert quarters.days[1] == date(2025, 4, 1)
    assert quarters.until == date(2026, 1, 1)
    assert [quarters.boundary(date(2025, m, d)) for m, d in ((1, 1), (1, 2), (4, 1), (12, 1))] == [
        0, 1, 1, 4,
    ]  # fmt: skip
    assert quarters.period_of(date(2025, 6, 30)) == 1
    assert quarters.period_of(date(2026, 1, 1)) is None


def test_months_of_a_kind_stop_at_the_first_day():
    person = PlannedPerson(
        "t",
        "t",
        history=(
            BegunPosting("a", "A", "grassroots", date(2022, 7, 1), date(2023, 7, 1)),
            BegunPosting("b", "B", "grassroots", date(2024, 7, 1), None),
            BegunPosting("c", "C", "rotation", date(2023, 7, 1), date(2024, 7, 1)),
        ),
    )
    assert person.months_of("grassroots", date(2025, 1, 1)) == 12 + 6


def test_scenario_comes_back_from_its_json():
    scenario = Scenario(
        people=("t",),
        pins=(Pin("t", "gb", 1),),
        leaves=(("t", "2025-01-01", None),),
        waived=frozenset({("tenure", "t")}),
        capacities={"gb": 2},
    )
    assert Scenario.from_dict(scenario.as_dict()) == scenario


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"pin": []}, 'A scenario has no "pin".'),
        ({"pins": [["t", "gb"]]}, "The scenario cannot be read"),
        ({"capacities": {"gb": "many"}}, "The scenario cannot be read"),
    ],
)
def test_unreadable_scenario_is_an_input_error(value, message):
    with pytest.raises(InputError) as caught:
        Scenario.from_dict(value)
    assert message in str(caught.value)


def notes(problem) -> set[str]:
    return {note.rule for note in problem.notes}


def test_problem_is_the_same_on_both_engines(store):
    tables = district(
        [
            trainee("t", specialties=["农学"], native_place="河东镇"),
            trainee("u", joined_on="2025-09-01"),
            {"id": "m", "name": "导师", "roles": ["mentor"], "mentor_capacity": 3},
        ],
        [
            rotation("t", "gb", "grassroots", "2023-01-01", "2024-01-01", rank="科员"),
            rotation("t", "rc", "rotation", "2024-01"),
            rotation("t", "sd", "secondment", "2024-07-01", "2025-03-15"),
            rotation("m", "ka", "appointment", "2015", "2026-02"),
        ],
        mentoring=[{"id": "x", "mentor": "m", "trainee": "t", "kind": "township",
                    "since": "2023", "until": None}],
        wishes=[{"person": "t", "post": "kb", "rank_of_wish": 2},
                {"person": "t", "unit": "C", "avoid": "true"}],
        kin=[{"person": "u", "relative": "t", "relation": "spouse"}],
    )  # fmt: skip
    problem = small.read(store, tables, DEFAULTS)
    t, u = problem.people
    assert (t.main.post, t.beside.post, t.rank) == ("rc", "sd", "科员")
    assert {(w.rank, w.post, w.unit) for w in t.wishes} == {(2, "kb", None), (None, None, "C")}
    assert u.absent == {0, 1}
    assert [(kin.one, kin.other) for kin in problem.kin] == [("t", "u")]
    assert [(h.post, sorted(h.periods)) for h in problem.fixed] == [("ka", [0, 1, 2])]
    (group,) = problem.mentor_groups
    assert (group.unit, group.places) == ("A", (3, 3, 3, 0))
    assert problem.unit_by_id["V"].chain == ("V", "A", "D")


def test_what_the_data_do_not_say_is_reported(embedded_store):
    tables = district(
        [trainee("t", joined_on=None)],
        [rotation("t", "sd", "secondment", "2024-07-01")],
        posts=post("gb", capacity=None, demands=["农学"]),
    )
    problem = small.read(embedded_store, tables, DEFAULTS)
    assert {"capacity", "demands", "rank_kept"} <= notes(problem)
    assert problem.places(problem.post_by_id["gb"], 0) is None


def test_post_of_capacity_nothing_takes_nobody_and_is_said(embedded_store):
    problem = small.read(embedded_store, district(posts=post("gb", capacity=0)), DEFAULTS)
    (note,) = [note for note in problem.notes if note.rule == "capacity"]
    assert note.sentence.text() == "1 post has capacity 0, so nobody is placed there: 驻村队员."


def test_no_post_and_nobody_are_input_errors(embedded_store):
    with pytest.raises(InputError) as caught:
        read_problem(embedded_store, PROGRAMME, (), HORIZON)
    assert "There is no post to plan for." in str(caught.value)
    fill(embedded_store, {"units": small.UNITS, "posts": small.POSTS})
    with pytest.raises(InputError) as caught:
        read_problem(embedded_store, PROGRAMME, (), HORIZON)
    assert "There is nobody to plan for." in str(caught.value)


def test_two_current_posts_are_an_input_error_with_a_sentence_each(embedded_store):
    rotations = [
        rotation("t", "gb", "grassroots", "2024-07-01", "2025-07-01"),
        rotation("t", "rc", "rotation", "2024-08-01"),
    ]
    with pytest.raises(InputError) as caught:
        small.read(embedded_store, district(rotations=rotations), DEFAULTS)
    (problem,) = caught.value.problems
    assert problem.code == "two_current_posts"
    assert "学员t (t) holds 驻村队员 (2024-07-01)、科员 (2024-08-01)" in problem.message


@pytest.mark.parametrize(
    ("pin", "message"),
    [
        (Pin("nobody", "gb", 0), 'A pin names "nobody", who is not planned.'),
        (Pin("t", "nowhere", 0), 'A pin names the post "nowhere", which is not stored.'),
        (Pin("t", "gb", 4), "A pin of t names period 4, outside the horizon."),
    ],
)
def test_pin_of_what_is_not_there_is_an_input_error(embedded_store, pin, message):
    with pytest.raises(InputError) as caught:
        small.read(embedded_store, district(), DEFAULTS, Scenario(pins=(pin,)))
    assert message in str(caught.value)


def test_planned_rotations_of_the_data_are_pins_unless_switched_off(embedded_store):
    planned = rotation("t", "gb", "grassroots", "2025-03-01", status="planned")
    problem = small.read(embedded_store, district(rotations=[planned]), DEFAULTS)
    assert problem.pins == (Pin("t", "gb", 1),)
    free = read_problem(
        embedded_store, PROGRAMME, (), HORIZON, Scenario(keep_planned=False), DEFAULTS
    )
    assert free.pins == ()


def test_people_who_left_are_not_planned_and_those_on_leave_get_no_post(embedded_store):
    people = [trainee("t", status="on_leave"), trainee("u", status="retired")]
    problem = small.read(embedded_store, district(people), DEFAULTS)
    assert [person.id for person in problem.people] == ["t"]
    assert problem.people[0].leave == {0, 1, 2, 3}


def test_rules_file_changes_the_defaults_and_adds_appointment_rules():
    text = """
rules:
  - id: R13
    title: {zh: 挂职, en: Secondments}
    kind: hard
    source: x
    rule: {keeps_home_post: {kinds: [platform]}}
  - id: R18
    title: {zh: 十年, en: Ten years}
    kind: hard
    source: x
    rule: {longest_in_post: {months: 120}}
  - id: R12
    title: {zh: 试用, en: Trial}
    kind: hard
    source: x
    rule: {post_trial: {months: 12, post_kinds: []}}
  - id: R21
    title: {zh: 一年, en: One year}
    kind: soft
    enabled: false
    source: x
    rule: {settled: {months: 12}}
"""
    settings, passed = settle(parse_rules(text), PROGRAMME)
    by_name = {each.name: each for each in settings}
    assert by_name["keeps_home_post"].number == "R13"
    assert by_name["keeps_home_post"]["kinds"] == ("platform",)
    assert by_name["longest_in_post"]["months"] == 120
    assert "settled" not in by_name
    assert passed == ["R12"]


def test_rule_that_says_what_a_plan_is_cannot_be_soft():
    text = """
rules:
  - id: R16
    title: {zh: 亲属, en: Relatives}
    kind: soft
    source: x
    rule: {kin_apart: {relations: [], leading_post_kinds: []}}
"""
    with pytest.raises(InputError) as caught:
        settle(parse_rules(text), PROGRAMME)
    assert 'The rule "kin_apart" (R16) cannot be soft.' in str(caught.value)


def test_settings_are_changed_by_name_and_come_back_from_json():
    settings = adjust(DEFAULTS, {"demands": {"kind": "hard"}, "wishes": {"enabled": False}})
    names = [each.name for each in settings]
    assert "wishes" not in names
    assert next(each for each in settings if each.name == "demands").is_hard
    assert tuple(setting_from(each.as_dict()) for each in settings) == settings
    with pytest.raises(InputError):
        adjust(DEFAULTS, {"no_such_rule": {}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"demands": {"kind": "strict"}}, 'The rule "demands" (P7) cannot be strict.'),
        ({"demands": {"weight": "two"}}, 'The rule "demands" cannot weigh "two".'),
        ({"demands": {"weight": -1}}, 'The rule "demands" cannot weigh "-1".'),
        ({"demands": 3}, "The rules cannot be read."),
        ({"demands": {"parameters": 3}}, "The rules cannot be read."),
        ({"demands": {"wait": 1}}, 'The rule "demands" has no "wait".'),
        ({"wishes": {"parameters": {"listed": 1}}}, 'The rule "wishes" has no "listed".'),
        ({"one_post": {"enabled": False}}, 'The rule "one_post" (P1) cannot be off.'),
        ({"offers": {"kind": "soft"}}, 'The rule "offers" (P3) cannot be soft.'),
        ({"kin_apart": {"kind": "soft"}}, 'The rule "kin_apart" (R16) cannot be soft.'),
    ],
)
def test_change_of_a_rule_that_makes_no_sense_is_an_input_error(change, message):
    with pytest.raises(InputError) as caught:
        adjust(DEFAULTS, change)
    assert message in str(caught.value)


def test_kind_of_post_counts_as_a_known_exercise_or_is_an_input_error(embedded_store):
    with pytest.raises(InputError, match="kind of exercise"):
        small.read(
            embedded_store,
            district([trainee("t")]),
            small.only("tenure"),
            Scenario(kinds_by_post_kind={"village": "gardening"}),
        )
