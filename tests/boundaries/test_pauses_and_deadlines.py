"""Clocks that rest and stages with a deadline: the day before, on the day, the day after."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from graph.store import Store
from queries.programme.audit import audit
from queries.programme.board import moves
from queries.programme.care import entitlements
from queries.programme.duties import duties, requests
from queries.programme.exercises import findings
from queries.programme.facts import Facts
from queries.programme.stages import progress
from queries.programme.todo import todo
from queries.programme.training import trainings
from tests.boundaries.given import around, facts, given, posting, record

# Sixty days without a clock: 2023-01-10 is the first, 2023-03-10 the last.
LEAVE = {"id": "s1", "person": "t", "kind": "leave", "since": "2023-01-10", "until": "2023-03-11"}
OPEN = {**LEAVE, "until": ""}
RULES = """
levels: [{key: dean, zh: 院, en: dean}]
record_kinds:
  - {key: review, zh: 谈话, en: review}
  - {key: asking, zh: 申请, en: asking}
  - {key: exam, zh: 考试, en: exam}
  - {key: grant, zh: 补助, en: grant}
results: [{key: pass, zh: 通过, en: pass}, {key: paid, zh: 已发, en: paid}]
activity_kinds: [{key: course, zh: 课程, en: course}]
stages:
  - key: first
    zh: 第一
    en: first
    batch: train
    at_most: 36
    within_months: 40
    gates: [{reviewed: {record: exam, results: [pass]}}]
  - {key: second, zh: 第二, en: second, batch: use}
exercises: [{key: grassroots, at_least: 3, at_most: 6}]
trainings:
  - {key: course, zh: 课程, en: course, rule: {attends: {kinds: [course], within_months: 33}}}
duties:
  - key: review
    zh: 谈话
    en: review
    rule: {every: {record: review, months: 3, late_after_days: 14}}
requests:
  - key: asking
    zh: 申请
    en: asking
    rule: {answered: {record: asking, by: review, within_days: 10, owner: dean}}
entitlements:
  - key: grant
    zh: 补助
    en: grant
    rule: {receives: {record: grant, result: paid, months: 12}}
"""
LAST_REVIEW = record("review", "2022-12-01", level="dean")


def judged(store: Store, folder: Path, on: date, **tables: list[dict[str, str]]) -> Facts:
    tables.setdefault("service", [LEAVE])
    return facts(given(store, folder, RULES, today="2025-12-31", **tables), on)


def review_state(found: Facts) -> str | None:
    return next((each.state for each in duties(found) if each.duty == "review"), None)


@pytest.mark.parametrize(
    ("last", "service", "day", "states"),
    [
        # Due on 2023-03-01, sixty days later for the leave; late after 14 more.
        ("2022-12-01", LEAVE, "2023-04-30", ("done", "due", "due")),
        ("2022-12-01", LEAVE, "2023-05-15", ("due", "late", "late")),
        # Due on the first day of the leave, so due it stays; its grace rests.
        ("2022-10-10", LEAVE, "2023-01-10", ("done", "due", "due")),
        ("2022-10-10", LEAVE, "2023-03-26", ("due", "late", "late")),
        ("2022-10-10", OPEN, "2023-06-01", ("due", "due", "due")),
        # Late before the leave: late it stays.
        ("2022-08-01", LEAVE, "2023-01-20", ("late", "late", "late")),
        # Nobody knows how long the leave lasts: nothing falls due.
        ("2022-12-01", OPEN, "2023-09-01", (None, None, None)),
        # A leave that began on the day of the record, one that ended on it.
        ("2023-01-10", LEAVE, "2023-06-09", ("done", "due", "due")),
        ("2023-03-11", LEAVE, "2023-06-11", ("done", "due", "due")),
    ],
)
def test_duty_rests_while_the_clock_rests(
    embedded_store: Store,
    tmp_path: Path,
    last: str,
    service: dict[str, str],
    day: str,
    states: tuple[str | None, ...],
):
    tables = {"records": [record("review", last, level="dean")], "service": [service]}
    store = given(embedded_store, tmp_path / "set", RULES, today="2025-12-31", **tables)
    assert tuple(review_state(facts(store, on)) for on in around(day)) == states


def test_times_missed_leave_out_the_days_of_a_pause(embedded_store: Store, tmp_path: Path):
    tables = {"records": [record("review", "2022-07-10")], "service": [LEAVE]}
    store = given(embedded_store, tmp_path / "set", RULES, today="2025-12-31", **tables)
    # Due on 2022-10-10; three months on, 2023-01-10, the leave begins and lasts sixty days.
    missed = [duties(facts(store, on))[0].missed for on in around("2023-03-11")]
    assert missed == [2, 2, 2]
    assert [duties(facts(store, on))[0].missed for on in around("2023-01-10")] == [1, 2, 2]
    assert [duties(facts(store, on))[0].missed for on in around("2023-06-09")] == [2, 3, 3]


@pytest.mark.parametrize(
    ("service", "day"),
    [
        ([], "2023-07-01"),  # 36 months after joining on 2020-07-01
        ([LEAVE], "2023-08-30"),  # sixty days more; 40 months of joining end later
    ],
)
def test_stage_is_late_the_day_after_its_deadline(
    embedded_store: Store, tmp_path: Path, service: list[dict[str, str]], day: str
):
    store = given(embedded_store, tmp_path / "set", RULES, today="2025-12-31", service=service)
    found: list[tuple[set[str], tuple[str, str, str] | None]] = []
    for on in around(day):
        known = facts(store, on)
        items = [each for each in todo(known, days=0) if each.kind == "stage"]
        rules = {f.rule for f in audit(known).findings if f.rule.startswith("stage_")}
        told = [(each.check, each.when, each.light) for each in items]
        found.append((rules, told[0] if told else None))
        assert progress(known)["t"].deadline == date.fromisoformat(day)
    before, at, after = found
    assert before == ({"stage_deadline"}, None)  # no later than today is asked for
    assert at == ({"stage_deadline"}, ("stage_deadline", "due", "blue"))
    assert after == ({"stage_late"}, ("stage_late", "late", "red"))


def test_of_two_deadlines_the_earlier_holds_and_an_open_pause_stops_both(
    embedded_store: Store, tmp_path: Path
):
    rules = RULES.replace("within_months: 40", "within_months: 35")
    store = given(embedded_store, tmp_path / "one", rules, today="2025-12-31")
    assert progress(facts(store, "2023-01-01"))["t"].deadline == date(2023, 6, 1)
    store.write("MATCH (n) DETACH DELETE n")
    known = judged(embedded_store, tmp_path / "two", date(2025, 1, 1), service=[OPEN])
    assert progress(known)["t"].deadline is None
    assert progress(known)["t"].months == 30  # to the first day of the leave
    assert not [f for f in audit(known).findings if f.rule == "stage_late"]


def test_exam_passed_late_ends_the_lateness_and_is_never_forgotten(
    embedded_store: Store, tmp_path: Path
):
    passed = [record("exam", "2023-09-15", result="pass")]
    store = given(embedded_store, tmp_path / "set", RULES, today="2033-12-31", records=passed)
    stood = [progress(facts(store, on))["t"] for on in around("2023-09-15")]
    assert [each.stage for each in stood] == ["first", "second", "second"]
    assert [each.deadline for each in stood] == [date(2023, 7, 1), None, None]
    assert progress(facts(store, "2033-06-30"))["t"].stage == "second"
    assert [(m.on, m.months) for m in moves(facts(store, "2024-06-30"))] == [
        (date(2023, 9, 15), 38)
    ]


def test_time_in_a_stage_leaves_out_the_pause(embedded_store: Store, tmp_path: Path):
    tables = {"records": [record("exam", "2023-09-15", result="pass")], "service": [LEAVE]}
    store = given(embedded_store, tmp_path / "set", RULES, today="2025-12-31", **tables)
    (move,) = moves(facts(store, "2024-06-30"))
    assert move.months == 36  # 38 and a half months less sixty days
    during = [progress(facts(store, on))["t"].months for on in ("2023-01-10", "2023-03-10")]
    assert during == [30, 30]


def test_what_else_has_a_day_rests_too(embedded_store: Store, tmp_path: Path):
    tables = {
        "service": [LEAVE],
        "rotations": [posting("village", "2022-11-01", kind="grassroots")],
        "records": [record("asking", "2023-01-05"), record("grant", "2022-03-01", result="paid")],
    }
    store = given(embedded_store, tmp_path / "set", RULES, today="2025-12-31", **tables)
    days = {
        # Six months of exercise from 2022-11-01, 33 months of joining from 2020-07-01, ten days of
        # a request of 2023-01-05 (five of them after the leave), a year after the grant.
        "too_long": date(2023, 6, 30),
        "training": date(2023, 5, 31),
        "request": date(2023, 3, 16),
        "care": date(2023, 4, 30),
    }
    after = facts(store, "2024-06-30")
    found = {
        "too_long": next(each.on for each in findings(after) if each.trouble == "too_long"),
        "training": trainings(after)[0].due,
        "request": requests(after)[0].due,
        "care": entitlements(after)[0].due,
    }
    assert found == days
    one = timedelta(days=1)
    assert not [
        each
        for each in findings(facts(store, days["too_long"] - one))
        if each.trouble == "too_long"
    ]
    known = facts(store, days["request"])
    assert (requests(known)[0].state, requests(facts(store, days["request"] + one))[0].state) == (
        "due",
        "late",
    )
    received = [entitlements(facts(store, on))[0].received for on in around("2023-04-30")]
    assert received == [True, False, False]
