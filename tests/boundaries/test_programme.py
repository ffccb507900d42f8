"""Duties, requests, trainings, care, exercises, mentors, lists, files and the days looked ahead."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme import (
    audit,
    care,
    duties,
    exercises,
    focus,
    growth_file,
    mentoring,
    training,
)
from queries.programme.vacancies import vacancies
from tests.boundaries.given import (
    DAY,
    STAGES,
    around,
    facts,
    given,
    mentor,
    person,
    posting,
    record,
)

TALK = "duties: [{key: talk, zh: 谈话, en: talk, rule: {every: {record: talk, %s}}}]"
STATES = ("done", "due", "late")


def rules_of(store: Store, on: date | str) -> set[str]:
    return {each.rule for each in audit.audit(facts(store, on)).findings}


# --- duties -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "records", "due", "late"),
    [
        ("months: 3, late_after_days: 14", ["2024-03-25"], "2024-06-25", "2024-07-10"),
        ("months: 3, late_after_days: 0", ["2024-03-25"], "2024-06-25", "2024-06-26"),
        ("days: 90, late_after_days: 7", ["2024-03-01"], "2024-05-30", "2024-06-07"),
        ("months: 1, late_after_days: 3", ["2024-01-31"], "2024-02-29", "2024-03-04"),
        ("months: 12, late_after_days: 14", [], "2021-07-01", "2021-07-16"),  # from joining on
        ("months: 3, late_after_days: 14", ["2023", "2024-03-25"], "2024-06-25", "2024-07-10"),
    ],
)
def test_a_duty_is_due_on_its_day_and_late_after_the_last_day_of_grace(
    embedded_store, tmp_path, app, every, records, due, late
):
    rows = [record("talk", on) for on in records]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + TALK % every, records=rows)
    expected = zip(
        (*around(due), *around(late)), ("done", "due", "due", "due", "late", "late"), strict=True
    )
    for on, state in expected:
        if due == around(late)[0].isoformat() and on == around(due)[2]:
            state = "late"  # without grace the day after is the day of being late
        (found,) = duties.duties(facts(store, on))
        assert found.state == state, on
        assert (found.due.isoformat(), found.late_from.isoformat()) == (due, late)
        told = {"done": set(), "due": {"duty_due"}, "late": {"duty_late"}}[state]
        assert rules_of(store, on) & {"duty_due", "duty_late"} == told, on
        page = app.test_client().get(f"/api/programme/duties?on={on}").get_data(as_text=True)
        assert f'"state": "{state}"' in page or f'"state":"{state}"' in page, on


WITH_REQUEST = """
requests:
  - {key: ask, zh: 约谈, en: asked, rule: {answered: {record: ask, by: talk, within_days: 7}}}
"""


@pytest.mark.parametrize(
    ("on", "state"), [("2024-06-07", "due"), ("2024-06-08", "due"), ("2024-06-09", "late")]
)
def test_a_request_due_today_is_not_late(embedded_store, tmp_path, on, state):
    rows = [record("ask", "2024-06-01")]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + WITH_REQUEST, records=rows)
    (found,) = duties.requests(facts(store, on))
    assert (found.state, found.due.isoformat()) == (state, "2024-06-08")
    expected = "request_open" if state == "due" else "request_late"
    assert rules_of(store, on) & {"request_open", "request_late"} == {expected}


@pytest.mark.parametrize(
    ("answer", "state"), [("2024-05-31", "late"), ("2024-06-01", "done"), ("2024-06-02", "done")]
)
def test_an_answer_of_the_day_itself_answers_and_one_of_the_day_before_does_not(
    embedded_store, tmp_path, answer, state
):
    rows = [record("ask", "2024-06-01"), record("talk", answer)]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + WITH_REQUEST, records=rows)
    (found,) = duties.requests(facts(store, DAY))
    assert found.state == state


def test_one_answer_too_few_leaves_one_request_open(embedded_store, tmp_path):
    asked = [record("ask", "2024-06-01"), record("ask", "2024-06-02")]
    rows = [*asked, record("talk", "2024-06-03")]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + WITH_REQUEST, records=rows)
    assert sorted(each.state for each in duties.requests(facts(store, DAY))) == ["done", "late"]


# --- trainings and care ---------------------------------------------------------------------------

LESSON = "trainings: [{key: lesson, zh: 课, en: lesson, rule: {attends: {kinds: [course], %s}}}]"


def attended(store, folder, rule: str, *days: str):
    return given(
        store,
        folder / "data",
        STAGES % "" + LESSON % rule,
        activities=[
            {"id": f"a{n}", "kind": "course", "title": "班", "held_on": on}
            for n, on in enumerate(days)
        ],
        attendance=[{"person": "t", "activity": f"a{n}"} for n in range(len(days))],
    )


@pytest.mark.parametrize(
    ("on", "state"), [("2020-12-31", "open"), ("2021-01-01", "open"), ("2021-01-02", "late")]
)
def test_a_training_within_six_months_is_late_on_the_day_after(embedded_store, tmp_path, on, state):
    store = attended(embedded_store, tmp_path, "within_months: 6")
    (found,) = training.trainings(facts(store, on))
    assert (found.state, found.due.isoformat()) == (state, "2021-01-01")
    assert ("training_missing" in rules_of(store, on)) == (state == "late")


@pytest.mark.parametrize(
    ("on", "state"),
    [("2024-02-29", "done"), ("2024-03-01", "open"), ("2024-03-02", "late")],
)
def test_a_yearly_training_is_owed_again_after_twelve_months(embedded_store, tmp_path, on, state):
    store = attended(embedded_store, tmp_path, "months: 12", "2023-03-01")
    (found,) = training.trainings(facts(store, on))
    assert (found.state, found.due.isoformat()) == (state, "2024-03-01")


@pytest.mark.parametrize(("times", "state"), [(1, "late"), (2, "done"), (3, "done")])
def test_one_training_less_equal_and_more_than_asked(embedded_store, tmp_path, times, state):
    days = [f"2024-0{month}-10" for month in range(1, times + 1)]
    store = attended(embedded_store, tmp_path, "at_least: 2, months: 12", *days)
    (found,) = training.trainings(facts(store, DAY))
    assert (found.times, found.state) == (times, state)


CARE = (
    "entitlements: [{key: visit, zh: 走访, en: visit,"
    " rule: {receives: {record: care, result: v%s}}}]"
)


@pytest.mark.parametrize(
    ("last", "on", "received"),
    [
        ("2023-03-01", "2024-02-29", True),
        ("2023-03-01", "2024-03-01", False),
        ("2023-03-01", "2024-03-02", False),
        ("2024-02-29", "2025-02-27", True),
        ("2024-02-29", "2025-02-28", False),  # twelve months later is the last of February
        ("2024-02-29", "2025-03-01", False),
        (None, "2021-06-30", True),  # who joined less than a year ago does not wait yet
        (None, "2021-07-01", False),
        (None, "2021-07-02", False),
    ],
)
def test_a_yearly_measure_is_owed_again_on_its_day(embedded_store, tmp_path, last, on, received):
    rows = [record("care", last, result="v")] if last else [record("talk", "2020-08-01")]
    programme = STAGES % "" + CARE % ", months: 12"
    store = given(embedded_store, tmp_path / "data", programme, records=rows)
    (found,) = care.entitlements(facts(store, on))
    assert found.received == received
    assert (found.due <= date.fromisoformat(on)) == (not received)
    assert ("care_missing" in rules_of(store, on)) == (not received)


@pytest.mark.parametrize(("cohort", "is_entitled"), [(2021, False), (2022, True), (2023, False)])
def test_a_measure_of_one_cohort(embedded_store, tmp_path, cohort, is_entitled):
    programme = STAGES % "" + CARE % ", cohorts: [2022]"
    people = [person(cohort=cohort)]
    store = given(embedded_store, tmp_path / "data", programme, people=people)
    assert bool(care.entitlements(facts(store))) == is_entitled


# --- exercises ------------------------------------------------------------------------------------

EXERCISES = """
exercises:
  - {key: grassroots, at_least: 12, at_most: 24}
  - {key: key_post, after: [grassroots], required: true}
"""


def troubles(store: Store, on: date | str) -> set[str]:
    return {str(each.trouble) for each in exercises.findings(facts(store, on), 30)} - {"missing"}


@pytest.mark.parametrize(
    ("on", "trouble"),
    [
        ("2024-01-30", set()),  # the longest time ends 31 days ahead
        ("2024-01-31", {"ending"}),
        ("2024-02-01", {"ending"}),
        ("2024-02-29", {"ending"}),
        ("2024-03-01", {"too_long"}),  # it should have ended by this day
        ("2024-03-02", {"too_long"}),
    ],
)
def test_an_exercise_reaches_its_longest_on_a_day(embedded_store, tmp_path, on, trouble):
    rows = [posting("village", "2022-03-01", kind="grassroots")]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + EXERCISES, rotations=rows)
    assert troubles(store, on) == trouble


@pytest.mark.parametrize(
    ("until", "trouble"),
    [("2023-02-28", {"too_short"}), ("2023-03-01", set()), ("2023-03-02", set())],
)
def test_an_exercise_that_ends_a_day_early_is_too_short(embedded_store, tmp_path, until, trouble):
    rows = [
        posting("village", "2022-03-01", until, kind="grassroots"),
        posting("clerk", until),
    ]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + EXERCISES, rotations=rows)
    assert troubles(store, DAY) == trouble


@pytest.mark.parametrize(
    ("on", "trouble"), [("2023-04-30", set()), ("2023-05-01", {"ending"}), ("2023-05-31", set())]
)
def test_an_end_that_is_known_is_told_thirty_days_ahead(embedded_store, tmp_path, on, trouble):
    rows = [posting("village", "2022-03-01", "2023-05-31", kind="grassroots")]
    words = STAGES % "" + EXERCISES
    store = given(embedded_store, tmp_path / "data", words, today=on, rotations=rows)
    assert troubles(store, on) == trouble


@pytest.mark.parametrize(
    ("first", "trouble"),
    [("2022-02-28", set()), ("2022-03-01", set()), ("2022-03-02", {"out_of_order"})],
)
def test_what_comes_first_may_begin_on_the_same_day(embedded_store, tmp_path, first, trouble):
    rows = [
        posting("village", first, "2023-09-01", kind="grassroots"),
        posting("deputy", "2022-03-01", kind="key_post", marks="concurrent"),
    ]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + EXERCISES, rotations=rows)
    assert troubles(store, DAY) == trouble


@pytest.mark.parametrize(
    ("until", "trouble"),
    [("2024-06-30", {"no_home_post"}), ("2024-07-01", set()), ("2024-07-02", set())],
)
def test_a_home_post_that_ends_today_is_lost(embedded_store, tmp_path, until, trouble):
    programme = STAGES % "" + "exercises: [{key: secondment, at_least: 1}]"
    rows = [
        posting("clerk", "2022-03-01", until),
        posting("staff", "2024-01-01", kind="secondment"),
    ]
    store = given(embedded_store, tmp_path / "data", programme, rotations=rows)
    assert troubles(store, DAY) == trouble


# --- mentors --------------------------------------------------------------------------------------

NEED = """
mentoring_kinds: [{key: town, zh: 乡镇导师, en: town}]
mentor_needs: [{needs_mentor: {kind: town, count: %s, while: [one]}}]
"""


def pair(id_: str, mentor_: str = "m", trainee: str = "t", since="2021-01-01", until=""):
    return {
        "id": id_,
        "mentor": mentor_,
        "trainee": trainee,
        "kind": "town",
        "since": since,
        "until": until,
    }


def with_pairs(store, folder, pairs, capacity=2, count=1, gates="", trainees=("t", "u", "v")):
    return given(
        store,
        folder / "data",
        STAGES % gates + NEED % count,
        people=[*(person(id_) for id_ in trainees), mentor("m", mentor_capacity=capacity),
                mentor("n", mentor_capacity=9)],
        rotations=[posting("staff", "2020-07-01", of=id_) for id_ in (*trainees, "m")],
        mentoring=pairs,
    )  # fmt: skip


@pytest.mark.parametrize(("load", "is_proposed"), [(1, True), (2, False), (3, False)])
def test_a_mentor_whose_places_are_exactly_full_is_not_proposed(
    embedded_store, tmp_path, load, is_proposed
):
    trainees = ("t", "u", "v", "w")
    pairs = [pair(f"g{n}", trainee=trainees[n + 1]) for n in range(load)]
    store = with_pairs(embedded_store, tmp_path, pairs, trainees=trainees)
    found = {each.mentor for each in mentoring.candidates(facts(store), "t", "town")}
    assert ("m" in found) == is_proposed
    assert mentoring.pool(facts(store))["m"].free == 2 - load
    assert ("mentor_overloaded" in rules_of(store, DAY)) == (load == 3)


@pytest.mark.parametrize(("have", "missing"), [(1, 1), (2, 0), (3, 0)])
def test_one_mentor_less_equal_and_more_than_needed(embedded_store, tmp_path, have, missing):
    pairs = [pair(f"g{n}", mentor_=("m", "n", "u")[n]) for n in range(have)]
    store = with_pairs(
        embedded_store, tmp_path, pairs, count=2, gates="{has_served: {kind: key_post}}"
    )
    (light,) = mentoring.lights(facts(store))["t"]
    assert light.missing == missing
    found = {
        each.person for each in audit.audit(facts(store)).findings if each.rule == "mentor_missing"
    }
    assert ("t" in found) == bool(missing)


@pytest.mark.parametrize(
    ("on", "missing"), [("2024-05-31", 0), ("2024-06-01", 1), ("2024-06-02", 1)]
)
def test_a_pair_is_over_on_the_day_of_its_end(embedded_store, tmp_path, on, missing):
    pairs = [pair("g", until="2024-06-01")]
    store = with_pairs(embedded_store, tmp_path, pairs, gates="{has_served: {kind: key_post}}")
    found = facts(store, on)
    (light,) = mentoring.lights(found)["t"]
    assert light.missing == missing
    assert mentoring.pool(found)["m"].load == 1 - missing
    if missing:
        assert light.missing_since.isoformat() == "2024-06-01"


@pytest.mark.parametrize(
    ("on", "missing"), [("2020-12-31", 1), ("2021-01-01", 0), ("2021-01-02", 0)]
)
def test_a_pair_counts_from_its_first_day(embedded_store, tmp_path, on, missing):
    gates = "{has_served: {kind: key_post}}"
    store = with_pairs(embedded_store, tmp_path, [pair("g")], gates=gates)
    (light,) = mentoring.lights(facts(store, on))["t"]
    assert light.missing == missing


@pytest.mark.parametrize(
    ("on", "lights", "endings"), [("2021-06-30", 1, 0), ("2021-07-01", 0, 1), ("2021-07-02", 0, 1)]
)
def test_a_mentor_is_needed_to_the_day_before_the_stage_ends(
    embedded_store, tmp_path, on, lights, endings
):
    gates = "{since_joining: {months: 12}}"
    store = with_pairs(embedded_store, tmp_path, [pair("g")], gates=gates, trainees=("t",))
    found = facts(store, on)
    assert len(mentoring.lights(found)["t"]) == lights
    assert len(mentoring.endings(found)) == endings


# --- lists, files, days ahead ---------------------------------------------------------------------

FOCUS = """
focus:
  key: focus
  zh: 名单
  en: list
  record: focus
  rules: [{since_joining: {months: 48}},
          {reviewed: {record: appraisal, results: [优秀], at_least: 1, months: 36}}]
"""


@pytest.mark.parametrize(
    ("on", "state"),
    [("2024-06-30", set()), ("2024-07-01", {"to confirm"}), ("2024-07-02", {"to confirm"})],
)
def test_the_focus_list_proposes_from_the_day_on(embedded_store, tmp_path, on, state):
    rows = [record("appraisal", "2023-01-10", result="优秀")]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + FOCUS, records=rows)
    assert {each.state for each in focus.focus(facts(store, on))} == state


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2026-01-09", "confirmed"),
        ("2026-01-10", "no longer meets"),
        ("2026-01-11", "no longer meets"),
    ],
)
def test_a_review_leaves_the_window_of_three_years_on_its_day(embedded_store, tmp_path, on, state):
    rows = [
        record("appraisal", "2023-01-10", result="优秀"),
        record("focus", "2024-08-01", result="confirmed"),
    ]
    store = given(embedded_store, tmp_path / "data", STAGES % "" + FOCUS, records=rows)
    (found,) = focus.focus(facts(store, on))
    assert found.state == state


@pytest.mark.parametrize(("least", "is_found"), [(49, False), (50, False), (51, True)])
def test_a_file_of_exactly_the_least_share_is_complete_enough(
    embedded_store, tmp_path, least, is_found
):
    programme = STAGES % "" + (
        "growth_file: [{key: f, zh: 信息, en: facts,"
        " rule: {filled: {fields: [joined_on, born_on]}}}]\n"
        f"audit: {{file_at_least: {least}}}"
    )
    store = given(embedded_store, tmp_path / "data", programme)
    assert growth_file.scores(facts(store))["t"].percent == 50
    assert ("file_incomplete" in rules_of(store, DAY)) == is_found


@pytest.mark.parametrize(("year_of", "missing"), [("2023-12-31", 0), ("2024-01-01", 1)])
def test_a_record_of_each_year_is_asked_for_when_the_year_is_over(
    embedded_store, tmp_path, year_of, missing
):
    programme = STAGES % "" + (
        "growth_file: [{key: f, zh: 考核, en: appraisals,"
        " rule: {holds_records: {records: [appraisal], each_year: true}}}]"
    )
    people = [person(joined_on="2022-07-01")]
    rows = [record("appraisal", "2022-12-31")]
    store = given(embedded_store, tmp_path / "data", programme, people=people, records=rows)
    (part,) = growth_file.scores(facts(store, year_of))["t"].parts
    assert len(part.missing) == missing


@pytest.mark.parametrize("ahead", [29, 30, 31])
def test_a_gate_is_told_as_many_days_ahead_as_asked(embedded_store, tmp_path, ahead):
    programme = STAGES % "{since_joining: {months: 12}}" + f"audit: {{ahead_days: {ahead}}}"
    store = given(embedded_store, tmp_path / "data", programme)
    told = {
        on: "gate_coming" in rules_of(store, on)
        for on in ("2021-05-31", "2021-06-01", "2021-06-02", "2021-06-30", "2021-07-01")
    }
    assert told == {
        "2021-05-31": ahead >= 31,  # 31 days before 2021-07-01
        "2021-06-01": ahead >= 30,
        "2021-06-02": ahead >= 29,
        "2021-06-30": True,
        "2021-07-01": False,  # it is open
    }


# --- posts with room ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "is_vacant"), [("2024-05-31", False), ("2024-06-01", True), ("2024-06-02", True)]
)
def test_a_post_is_vacant_on_the_day_its_posting_ended(embedded_store, tmp_path, on, is_vacant):
    rows = [posting("deputy", "2021-01-01", "2024-06-01"), posting("clerk", "2024-06-01")]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert ("deputy" in {each.post for each in vacancies(facts(store, on))}) == is_vacant


@pytest.mark.parametrize(
    ("on", "is_vacant"), [("2020-12-31", True), ("2021-01-01", False), ("2021-01-02", False)]
)
def test_a_post_is_filled_from_the_first_day(embedded_store, tmp_path, on, is_vacant):
    store = given(embedded_store, tmp_path / "data", rotations=[posting("deputy", "2021-01-01")])
    assert ("deputy" in {each.post for each in vacancies(facts(store, on))}) == is_vacant


@pytest.mark.parametrize(("holders", "room"), [(1, 1), (2, 0), (3, 0)])
def test_a_post_of_two_places(embedded_store, tmp_path, holders, room):
    people = [person(f"t{n}") for n in range(3)]
    rows = [posting("deputy", "2021-01-01", of=f"t{n}") for n in range(holders)]
    store = given(embedded_store, tmp_path / "data", people=people, rotations=rows)
    store.write("MATCH (p:Post {id: 'deputy'}) SET p.capacity = 2")
    found = {each.post: each.capacity - each.held for each in vacancies(facts(store))}
    assert found.get("deputy") == (room or None)  # none at all where it is full


def test_who_is_acting_does_not_fill_the_post(embedded_store, tmp_path):
    rows = [posting("deputy", "2021-01-01"), posting("head", "2024-01-01", marks="acting")]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert "head" in {each.post for each in vacancies(facts(store))}
