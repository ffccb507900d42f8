"""The cases of the personnel specification, by their numbers, with neighbours of each."""

from datetime import date, timedelta

import pytest

from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.terms import ServiceKind

TERMS = Terms(
    ranks=("科员", "副科", "正科", "副处", "正处"),
    grades={"二级主任科员": "正科", "一级科员": "科员"},
    beside=frozenset({"secondment", "task_force"}),
    service={
        "retired": ServiceKind(in_service=False),
        "leave": ServiceKind(pauses_clocks=True),
        "returned": ServiceKind(),
    },
    left=frozenset({"resigned"}),
)
LATER = date(2030, 1, 1)


def posting(post, since, until=None, rank=None, kind="appointment", marks=(), planned=False):
    return KnownPosting(f"{post}@{since}", "p", post, kind, rank, since, until, planned, marks)


def model(*postings, terms=TERMS, **known):
    return of_rows([Known("p", **known)], list(postings), terms)


def on(found, day):
    return found.on(date.fromisoformat(day))["p"]


def moves(found, day=LATER):
    return [
        (row["day"], row["from_post"], row["to_post"], row["gap_days"], row["how"])
        for row in found.moves(day)
    ]


def test_case_1_a_task_force_beside_a_post_is_no_step():
    found = model(
        posting("head", "2019-01-01", "2023-03-01", "正科"),
        posting("force", "2021-01-01", "2022-01-01", "副处", kind="task_force"),
        posting("vice", "2023-03-01", None, "副处"),
    )
    assert moves(found) == [
        ("2019-01-01", None, "head", None, "move"),
        ("2023-03-01", "head", "vice", 0, "move"),
    ]
    assert on(found, "2021-06-01").meanwhile_at == ("force",)
    assert on(found, "2021-06-01").main_post == "head"


def test_case_2_who_ended_in_1980_is_not_known_since():
    found = model(posting("judge", "1970", "1980-05-01"))
    assert (on(found, "2024-06-30").in_service, on(found, "2024-06-30").since) == (
        "not_known",
        "1980-05-01",
    )


@pytest.mark.parametrize(
    ("day", "in_service", "post"),
    [
        ("2023-12-31", "yes", "head"),
        ("2024-05-31", "yes", "head"),
        ("2024-06-01", "no", None),
        ("2024-06-02", "no", None),
    ],
)
def test_case_3_a_retirement_to_come_changes_no_earlier_day(day, in_service, post):
    found = model(
        posting("head", "2019-01-01", None, "正科"),
        joined_on="2010-07-01",
        service=(("retired", "2024-06-01"),),
    )
    state = on(found, day)
    assert (state.in_service, state.main_post) == (in_service, post)
    assert state.rank == ("正科" if post else None)
    assert state.since == ("2010-07-01" if post else "2024-06-01")


@pytest.mark.parametrize("day", ["2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"])
def test_case_4_a_secondment_gives_no_rank(day):
    found = model(
        posting("clerk", "2018-07-01", None, "科员"),
        posting("deputy", "2023-01-01", "2024-01-01", "副科", kind="secondment"),
    )
    assert on(found, day).rank == "科员"


@pytest.mark.parametrize(
    ("day", "rank"),
    [("2017-12-31", "副科"), ("2018-01-01", "科员"), ("2020-01-01", "科员")],
)
def test_case_5_after_a_fall_the_rank_is_the_lower_one(day, rank):
    found = model(
        posting("deputy", "2013-01-01", "2018-01-01", "副科"),
        posting("clerk", "2018-01-01", None, "科员"),
    )
    assert on(found, day).rank == rank


def test_case_12_a_grade_is_no_rank_unless_the_programme_says_so():
    clerk = posting("s", "2021-08-15", None, "科员")
    known = {"grades": (("二级主任科员", "2020-08-15"),)}
    assert on(model(clerk, **known), "2024-06-30").rank == "科员"
    assert on(model(clerk, **known), "2024-06-30").grade == "二级主任科员"
    counting = Terms(ranks=TERMS.ranks, grades=TERMS.grades, grades_count_as_ranks=True)
    assert on(model(clerk, terms=counting, **known), "2024-06-30").rank == "正科"


def test_case_13_the_end_of_an_older_home_is_read_from_the_next_one():
    found = model(
        posting("deputy", "2013-01-01", None, "副科"),
        posting("clerk", "2018-01-01", None, "科员"),
    )
    assert on(found, "2017-12-31").rank == "副科"
    state = on(found, "2018-01-01")
    assert (state.main_post, state.also_holds, state.rank) == ("clerk", (), "科员")
    assert found.end_not_recorded.tolist() == [True, False]


@pytest.mark.parametrize("mark", ["concurrent", "acting"])
def test_a_posting_meant_to_run_beside_ends_nothing(mark):
    found = model(
        posting("deputy", "2013-01-01", None, "副科"),
        posting("other", "2018-01-01", None, "科员", marks=(mark,)),
    )
    assert on(found, "2018-01-01").main_post == "deputy"
    assert on(found, "2018-01-01").also_holds == ("other",)
    assert not found.end_not_recorded.any()


def test_going_on_in_the_same_post_ends_nothing():
    found = model(posting("a", "2013", None, "副科"), posting("a", "2018", None, "副科"))
    assert not found.end_not_recorded.any()
    assert moves(found) == [("2013-01-01", None, "a", None, "move")]


def test_case_14_two_postings_of_one_year_are_both_in_the_career_in_order():
    found = model(posting("one", "2019", "2019"), posting("other", "2019"))
    assert [row[2] for row in moves(found)] == ["one", "other"]
    short = model(posting("one", "2019-06", "2019"), posting("other", "2020"))
    assert on(short, "2019-12-30").main_post == "one"
    assert on(short, "2019-12-31").main_post is None


def test_a_posting_that_ends_on_its_first_day_was_never_held():
    found = model(posting("one", "2019-06-01", "2019-06-01"))
    assert on(found, "2019-06-01").main_post is None
    assert moves(found) == []


@pytest.mark.parametrize(
    ("day", "in_service"),
    [
        ("2020-01-09", "yes"),
        ("2020-01-10", "awaiting"),
        ("2020-04-09", "awaiting"),
        ("2020-04-10", "not_known"),
        ("2020-06-09", "not_known"),
        ("2020-06-10", "yes"),
    ],
)
def test_case_15_a_gap_seen_from_inside(day, in_service):
    found = model(
        posting("a", "2018-01-01", "2020-01-10", "副科"), posting("b", "2020-06-10", None, "科员")
    )
    state = on(found, day)
    assert state.in_service == in_service
    assert state.rank == {"yes": state.rank, "awaiting": "副科", "not_known": None}[in_service]
    if in_service in ("awaiting", "not_known"):
        assert (state.since, state.main_post) == ("2020-01-10", None)
    assert moves(found)[1] == ("2020-06-10", "a", "b", 152, "move")


@pytest.mark.parametrize(
    ("day", "in_service"),
    [
        ("2020-06-30", "no"),
        ("2020-07-01", "awaiting"),
        ("2020-09-30", "awaiting"),
        ("2020-10-01", "not_known"),
    ],
)
def test_who_joined_and_has_no_post_awaits_one_for_three_months(day, in_service):
    assert on(model(joined_on="2020-07-01"), day).in_service == in_service


@pytest.mark.parametrize(
    ("day", "in_service", "since"),
    [
        ("2021-03-01", "yes", "2015-01-01"),
        ("2021-03-02", "not_known", "2021-03-01"),
        ("2023-05-01", "not_known", "2021-03-01"),
        ("2024-05-31", "not_known", "2021-03-01"),
        ("2024-06-01", "no", "2024-06-01"),
    ],
)
def test_case_17_left_without_a_day(day, in_service, since):
    found = model(
        posting("a", "2015-01-01", None, "科员"),
        status="resigned",
        status_since="2024-06-01",
        dated=("2021-03-01",),
    )
    assert (on(found, day).in_service, on(found, day).since) == (in_service, since)


def test_case_18_a_planned_posting_whose_day_has_come_counts_nowhere():
    found = model(
        posting("a", "2018-01-01", None, "科员"),
        posting("b", "2024-01-01", None, "副科", planned=True),
    )
    assert (on(found, "2024-06-30").main_post, on(found, "2024-06-30").rank) == ("a", "科员")


def test_case_19_remaining_in_the_other_post_is_no_arrival():
    found = model(
        posting("secretary", "2018-01-01", "2022-01-01", "正科"),
        posting("director", "2018-03-01", "2024-01-01", "副科", marks=("concurrent",)),
    )
    assert moves(found) == [
        ("2018-01-01", None, "secretary", None, "move"),
        ("2022-01-01", "secretary", "director", 0, "remains_in"),
    ]
    assert found.careers(LATER).arrives.tolist() == [True, False]


def test_case_21_an_acting_head_is_still_a_deputy():
    found = model(
        posting("deputy", "2018-01-01", None, "副科"),
        posting("head", "2022-01-01", None, "正科", marks=("acting",)),
    )
    state = on(found, "2022-01-01")
    assert (state.main_post, state.also_holds, state.rank) == ("deputy", ("head",), "副科")
    assert moves(found) == [("2018-01-01", None, "deputy", None, "move")]


def test_case_22_a_posting_counts_from_joining():
    found = model(posting("a", "2020-07-01", None, "科员"), joined_on="2020-07-02")
    assert on(found, "2020-07-01").in_service == "no"
    assert on(found, "2020-07-01").main_post is None
    assert on(found, "2020-07-02").main_post == "a"
    assert moves(found) == [("2020-07-02", None, "a", None, "move")]


def test_only_a_beside_posting_is_service_without_a_main_post():
    found = model(posting("force", "2020-01-01", None, "正科", kind="secondment"))
    state = on(found, "2020-06-01")
    assert (state.in_service, state.main_post, state.meanwhile_at, state.rank) == (
        "yes",
        None,
        ("force",),
        None,
    )


def test_of_two_homes_the_higher_rank_then_the_later_begin_is_the_main_post():
    low, high = posting("low", "2020", "2025", "科员"), posting("high", "2019", "2025", "副科")
    assert on(model(low, high), "2021-01-01").main_post == "high"
    none = posting("none", "2021", "2025")
    assert on(model(low, none), "2022-01-01").main_post == "low"  # no rank stands below every rank
    late = posting("late", "2020-02", "2025", "科员")
    assert on(model(low, late), "2021-01-01").main_post == "late"
    beside = posting("beside", "2020-03", "2025", "科员", marks=("concurrent",))
    assert on(model(low, late, beside), "2021-01-01").main_post == "late"


def test_who_came_back_serves_again_and_leave_is_service():
    found = model(
        posting("a", "2010-01-01", None, "科员"),
        service=(("leave", "2012-01-01"), ("retired", "2015-01-01"), ("returned", "2016-01-01")),
    )
    asked = ["2012-01-01", "2014-12-31", "2015-01-01", "2015-12-31", "2016-01-01"]
    assert [on(found, day).in_service for day in asked] == ["yes", "yes", "no", "no", "yes"]
    assert on(found, "2016-01-01").since == "2016-01-01"
    assert moves(found) == [("2010-01-01", None, "a", None, "move")]


def test_an_open_posting_does_not_serve_past_the_age_limit():
    found = model(posting("a", "1920-01-01", None, "科员"), born_on="1900-05-01")
    assert on(found, "2000-04-30").in_service == "yes"
    assert on(found, "2000-05-01").in_service == "awaiting"
    assert on(found, "2024-06-30").in_service == "not_known"


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9998-01-01", "9999", "9999-12-31"])
def test_no_extreme_date_fails(text):
    found = model(
        posting("a", text, None, "科员"),
        posting("b", "2000", text, "科员"),
        joined_on=text,
        born_on=text,
    )
    for day in (date.min, date(2024, 6, 30), date.max - timedelta(days=1)):
        found.on(day)["p"]
        found.moves(day)
