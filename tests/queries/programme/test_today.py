"""What comes first on a day: the mock-up's figures, and those of other programmes."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme import today as todays
from queries.programme.due_moves import due_moves
from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from queries.programme.today import EVERYBODY, ProgrammeToday, programme_today
from queries.programme.todo import WORK, only, todo
from tests.queries.programme.programme_cases import RESIDENCY, SIX, facts_of, loaded

ON = date(2024, 6, 30)


@pytest.fixture(scope="module")
def facts(district_store: Store) -> Facts:
    return facts_on(district_store, ON)


@pytest.fixture(scope="module")
def found(facts: Facts) -> ProgrammeToday:
    return programme_today(facts)


def first(found: ProgrammeToday, kind: str) -> list[str]:
    work = found.of(kind)
    return [entry.name for entry in work.first] if work else []


def test_work_is_that_of_the_mock_up(found: ProgrammeToday):
    things = {work.kind: (work.light, work.things) for work in found.work()}
    assert things == {
        "mentor_missing": ("red", 3),
        "mentor_left": ("yellow", 2),
        "request": ("red", 3),
        "over_limit": ("red", 2),
        "late": ("red", 8),  # six talks and reports, and two problems past their day
        "vacancy": ("yellow", 9),  # five, and four of the people whose career has a turn
        "next_period": ("yellow", 11),  # ten, and a platform post that ends
        "not_done": ("yellow", 12),  # eleven, and one who missed the grid days
        "stage": ("blue", 4),
        "focus": ("blue", 15),
        "other": ("yellow", 105),
    }
    assert list(things) == list(WORK)
    assert first(found, "mentor_missing") == ["孙浩", "夏超承", "孔睿"]
    assert first(found, "mentor_left") == ["姜雨", "孟承远"]
    assert {entry.mentor_name for entry in found.of("mentor_left").first} == {"周景欣"}
    assert first(found, "request") == ["马可华", "王艳晓", "苏英"]
    assert first(found, "over_limit") == ["苏佳新", "姜雨"]
    assert first(found, "late")[:4] == ["毛浩梅", "张涛平", "郭雨沐", "孟承远"]
    assert first(found, "stage") == ["孔睿", "朱伟云", "曹昕", "孙浩"]
    # 25 of the mock-up, two problems, two pairs to hand over, a vacant post, the grid days.
    assert (found.late, found.due, found.things) == (31, 55, 155)


def test_a_role_has_the_things_that_its_list_has(facts: Facts, found: ProgrammeToday):
    assert {each.role: each.things for each in found.roles} == {
        "district": 87, "township": 1, "village": 11, "unit": 1, "mentor": 52, "trainee": 3,
    }  # fmt: skip
    for each in found.roles:
        listed = todo(facts, 30, each.role)
        assert len(listed) == each.things
        for work in found.work(each.role):
            if work.kind not in ("vacancy", "next_period"):
                assert work.things == len(only(listed, work.kind)), (each.role, work.kind)
    moves = due_moves(facts)
    assert found.of("vacancy").things == len(moves.vacant)
    assert found.of("next_period").things == len(moves.of("due"))
    assert [work.kind for work in found.work("trainee")] == ["late"]
    assert sum(work.late for work in found.work(EVERYBODY)) == found.late


def test_everybody_stands_in_a_stage_under_a_light(found: ProgrammeToday):
    assert [(each.stage, each.people) for each in found.stages] == [
        ("trial", 5), ("grassroots", 6), ("after_grassroots", 13), ("key_post", 8), ("in_use", 14),
    ]  # fmt: skip
    after = found.stages[2]
    longest = [(each.name, each.months, each.light) for each in after.here[:4]]
    assert longest == [
        ("苏佳新", 46, "red"), ("苏英", 23, "red"), ("毛浩梅", 23, "red"), ("姜雨", 11, "red"),
    ]  # fmt: skip
    assert found.stages[4].ranks == {"副科": 7, "正科": 5, "副处": 2}
    assert sum(found.stages[4].lights.values()) == 14
    assert (found.stages[4].here[-1].name, found.stages[4].here[-1].light) == ("侯玉子", None)


def test_thirteen_weeks_begin_with_the_day(found: ProgrammeToday):
    assert found.weeks[0].since == ON
    assert found.weeks[-1].until == date(2024, 9, 28)
    # The mock-up's 10 2 1 1 0 15 34 3 3 1 1 2 1, with 39 grid days on the day itself, four
    # problems of talks, and a report and a training one week further on.
    assert [each.count for each in found.weeks] == [50, 3, 1, 1, 2, 14, 34, 3, 2, 2, 1, 2, 1]
    assert found.weeks[0].counts == {"talks": 11, "training": 39, "stages": 0, "postings": 0}


@pytest.mark.parametrize("days", [0, 6, 7])
def test_a_bar_leads_to_as_many_things(facts: Facts, found: ProgrammeToday, days: int):
    week = found.weeks[days // 7]
    listed = only(todo(facts, 7 * 13), since=week.since, until=week.until)
    assert len(listed) == week.count


def test_totals_are_those_of_the_report(found: ProgrammeToday):
    values = {each.key: each.value for each in found.totals}
    shown = "villages key_posts secondments platform courses onsite_teaching seminars"
    assert [values[key] for key in shown.split()] == [20, 12, 32, 40, 94, 81, 65]
    raised = "to_deputy_section to_section to_deputy_county unit_heads"
    assert [values[key] for key in raised.split()] == [10, 5, 2, 7]


def test_many_people_are_counts_of_each_stage(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, found: ProgrammeToday
):
    monkeypatch.setattr(todays, "MOST_DRAWN", 45)
    many = programme_today(facts.only(facts.trainees))
    assert [each.here for each in many.stages] == [()] * 5
    assert [each.ranks for each in many.stages] == [each.ranks for each in found.stages]
    assert [each.lights for each in many.stages] == [each.lights for each in found.stages]


def test_some_people_have_their_own_day(facts: Facts):
    one = programme_today(facts.only(["T044"]))  # 孔睿 lacks a mentor and ends the trial on 07-08
    assert one.people == 1
    assert [each.people for each in one.stages] == [1, 0, 0, 0, 0]
    assert next(work.kind for work in one.work()) == "mentor_missing"
    assert {e.name for work in one.work() if work.kind != "vacancy" for e in work.first} == {"孔睿"}


@pytest.mark.parametrize(
    ("on", "due", "late"),
    [
        (date(2024, 6, 14), 1, 0),  # C asked on 06-01 and is answered within 14 days
        (date(2024, 6, 15), 1, 0),
        (date(2024, 6, 16), 0, 1),
    ],
)
def test_a_request_is_late_on_the_day_after_its_last(
    embedded_store: Store, on: date, due: int, late: int
):
    work = programme_today(facts_of(loaded(embedded_store, SIX), on)).of("request")
    assert work is not None
    assert work.first[0].person == "C"
    assert (work.due, work.late) == (due, late)


def test_another_programme_has_its_own_kinds_of_work(embedded_store: Store):
    found = programme_today(facts_of(loaded(embedded_store, RESIDENCY)))
    assert [(work.kind, work.things) for work in found.work()] == [
        ("mentor_missing", 1), ("late", 1), ("vacancy", 1), ("next_period", 3),
        ("not_done", 2), ("stage", 2), ("focus", 2), ("other", 5),
    ]  # fmt: skip
    assert [each.role for each in found.roles if each.things] == ["ward", "mentor", "trainee"]


def test_nobody_has_nothing_to_do(facts: Facts):
    nobody = programme_today(facts.only([]))
    assert (nobody.late, nobody.due, nobody.things, nobody.people) == (0, 0, 0, 0)
    assert {work.kind for work in nobody.work()} <= {"vacancy"}
    assert [each.people for each in nobody.stages] == [0] * 5
