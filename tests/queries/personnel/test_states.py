"""States at their edges, by hand: what is held, since when, out and back, the last fact."""

from dataclasses import replace
from datetime import date

import pytest

from queries.personnel import Known, Terms, of_rows
from queries.personnel.days import OPEN, UNKNOWN, day_number
from queries.personnel.terms import ServiceKind
from tests.queries.personnel.test_cases import LATER, TERMS, model, on, posting

CLERK = posting("clerk", "2020-01-01", None, "科员")


def number(text):
    return day_number(date.fromisoformat(text))


# --- what is held ---------------------------------------------------------------------------------


def held(found, day):
    return [
        (row["post"], row["how"], row["rank"])
        for row in found.on(date.fromisoformat(day)).holds("p")
    ]


def test_what_is_held_begins_with_the_main_post_and_ends_with_what_is_beside():
    found = model(
        posting("clerk", "2020-01-01", "2023-01-01", "科员"),
        posting("second", "2021-01-01", "2022-01-01", "科员", marks=("concurrent",)),
        posting("acting", "2021-01-01", "2022-01-01", "正科", marks=("acting",)),
        posting("force", "2021-01-01", "2022-01-01", "副处", kind="task_force"),
    )
    assert held(found, "2020-12-31") == [("clerk", "main", "科员")]
    assert held(found, "2021-01-01") == [
        ("clerk", "main", "科员"),
        ("second", "also", "科员"),
        ("acting", "also", None),  # it gives no rank
        ("force", "meanwhile", "副处"),
    ]
    assert held(found, "2022-01-01") == [("clerk", "main", "科员")]
    assert held(found, "2023-01-01") == []
    state = on(found, "2021-06-01")
    assert (state.main_post, state.main_posting) == ("clerk", "clerk@2020-01-01")
    assert set(state.also_holds) == {"second", "acting"}
    assert state.meanwhile_at == ("force",)
    day = found.on(date(2021, 6, 1))
    assert day.main_posting("p") == "clerk@2020-01-01"
    assert day.posting_ids == {
        "clerk@2020-01-01", "second@2021-01-01", "acting@2021-01-01", "force@2021-01-01",
    }  # fmt: skip
    assert (day.rank_index("p"), found.on(date(2019, 1, 1)).rank_index("p")) == (0, None)


def test_of_nobody_known_nothing_is_said():
    day = model(CLERK).on(LATER)
    assert (day.holds("x"), day.main_posting("x"), day.rank_index("x")) == ([], None, None)
    assert (day.serves("x"), day.has_left("x")) == (False, False)
    assert list(day) == ["p"]
    assert len(day) == 1


def test_only_a_beside_posting_is_no_main_post():
    found = model(posting("force", "2021-01-01", "2022-01-01", "副处", kind="task_force"))
    assert held(found, "2021-06-01") == [("force", "meanwhile", "副处")]
    assert found.on(date(2021, 6, 1)).main_posting("p") is None


def test_without_a_ladder_the_rank_is_what_stands_on_the_main_post():
    terms = Terms()
    found = model(posting("head", "2020-01-01", "2021-01-01", "Band 6"), terms=terms)
    assert on(found, "2020-01-01").rank == "Band 6"
    assert on(found, "2021-01-01").rank is None
    acting = model(posting("head", "2020-01-01", None, "Band 6", marks=("acting",)), terms=terms)
    assert on(acting, "2020-06-01").rank is None
    bare = model(posting("head", "2020-01-01"), terms=terms)
    assert on(bare, "2020-06-01").rank is None


def test_with_a_ladder_a_rank_that_is_not_on_it_is_none():
    assert on(model(posting("head", "2020-01-01", None, "Band 6")), "2020-06-01").rank is None


# --- in service -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_service", "since"),
    [
        ("2019-06-30", "no", None),  # not joined yet
        ("2019-07-01", "awaiting", "2019-07-01"),
        ("2019-09-30", "awaiting", "2019-07-01"),
        ("2019-10-01", "not_known", "2019-07-01"),
        ("2020-01-01", "yes", "2019-07-01"),
        ("2021-12-31", "yes", "2019-07-01"),
        ("2022-01-01", "awaiting", "2022-01-01"),
        ("2022-03-31", "awaiting", "2022-01-01"),
        ("2022-04-01", "not_known", "2022-01-01"),
    ],
)
def test_joining_a_post_and_what_follows_it(day, in_service, since):
    found = model(posting("clerk", "2020-01-01", "2022-01-01", "科员"), joined_on="2019-07-01")
    state = on(found, day)
    assert (state.in_service, state.since) == (in_service, since)
    assert found.on(date.fromisoformat(day)).serves("p") == (in_service in ("yes", "awaiting"))
    assert not found.on(date.fromisoformat(day)).has_left("p")


@pytest.mark.parametrize(
    ("day", "in_service", "since", "has_left", "rank"),
    [
        ("2020-12-31", "yes", "2020-01-01", False, "科员"),
        ("2021-01-01", "no", "2021-01-01", True, None),
        ("2021-12-31", "no", "2021-01-01", True, None),
        ("2022-01-01", "yes", "2022-01-01", False, "科员"),  # back on the day
        ("2022-12-31", "yes", "2022-01-01", False, "科员"),
        ("2023-01-01", "no", "2023-01-01", True, None),
        ("2024-01-01", "no", "2023-01-01", True, None),
    ],
)
def test_out_and_back_and_out_again(day, in_service, since, has_left, rank):
    found = model(
        CLERK,
        service=(("retired", "2023-01-01"), ("returned", "2022-01-01"), ("retired", "2021-01-01"),
                 ("leave", "2020-06-01"), ("something", "2020-07-01")),
        grades=(("一级科员", "2020-02-01"),),
    )  # fmt: skip
    state = on(found, day)
    assert (state.in_service, state.since, state.rank) == (in_service, since, rank)
    assert found.on(date.fromisoformat(day)).has_left("p") == has_left
    assert state.grade == ("一级科员" if in_service == "yes" else None)


def test_when_somebody_was_out():
    twice = model(
        service=(("retired", "2021-01-01"), ("retired", "2021-06-01"), ("returned", "2022-01-01"),
                 ("returned", "2022-06-01"), ("retired", "2023-01-01")),
    )  # fmt: skip
    assert twice.outs == {
        0: ((number("2021-01-01"), number("2022-01-01")), (number("2023-01-01"), OPEN))
    }
    assert model(CLERK, service=(("returned", "2022-01-01"),)).outs == {}


@pytest.mark.parametrize(
    ("end", "out", "back", "periods"),
    [
        # out within a posting; from its first day; to its last; before it; after it
        ("2022", "2020-06-01", "2021-01-01", ["2020-01-01 2020-06-01", "2021-01-01 2022-01-01"]),
        ("2022", "2020-01-01", "2021-01-01", ["2021-01-01 2022-01-01"]),
        ("2022", "2020-01-02", "2021-01-01", ["2020-01-01 2020-01-02", "2021-01-01 2022-01-01"]),
        ("2022", "2021-01-01", "2022-01-01", ["2020-01-01 2021-01-01"]),
        ("2022", "2021-01-01", "2021-12-31", ["2020-01-01 2021-01-01", "2021-12-31 2022-01-01"]),
        ("2022", "2021-01-01", "2023-01-01", ["2020-01-01 2021-01-01"]),
        ("2022", "2019-01-01", "2020-01-01", ["2020-01-01 2022-01-01"]),
        ("2022", "2022-01-01", "2023-01-01", ["2020-01-01 2022-01-01"]),
        ("2022", "2019-01-01", "2023-01-01", []),
    ],
)  # fmt: skip
def test_the_part_of_a_posting_while_out_does_not_count(end, out, back, periods):
    found = model(
        posting("clerk", "2020-01-01", end, "科员"),
        joined_on="2018-01-01",
        service=(("retired", out), ("returned", back)),
    )
    spans = zip(found.periods.since.tolist(), found.periods.until.tolist(), strict=True)
    expected = [(number(text[:10]), number(text[11:])) for text in periods]
    assert list(spans) == expected
    assert found.periods.of(0) == slice(0, len(expected))


def test_others_are_not_touched_by_who_is_out():
    rows = [
        replace_person(posting("clerk", "2020-01-01", "2022-01-01", "科员"), who)
        for who in ("a", "b", "c")
    ]
    people = [Known("a"), Known("b", service=(("retired", "2021-01-01"),)), Known("c")]
    found = of_rows(people, rows, TERMS)
    assert found.periods.until.tolist() == [
        number("2022-01-01"), number("2021-01-01"), number("2022-01-01"),
    ]  # fmt: skip
    assert [found.periods.of(at) for at in range(3)] == [slice(0, 1), slice(1, 2), slice(2, 3)]
    assert [found.main_posts.of(at) for at in range(3)] == [slice(0, 1), slice(1, 2), slice(2, 3)]


def replace_person(row, who):
    return row._replace(person=who, id=f"{who}-{row.post}")


@pytest.mark.parametrize(
    ("joined_on", "service", "start"),
    [
        ("2019-07-01", (("joined", "2018-01-01"),), "2019-07-01"),  # the column before the fact
        (None, (("joined", "2018-01-01"),), "2018-01-01"),
        (None, (("joined", "2018-06-01"), ("joined", "2018-01-01")), "2018-01-01"),
        (None, (("retired", "2023-01-01"),), "2020-01-01"),  # the first posting
        ("2019-07-01", (), "2019-07-01"),
        (None, (), "2020-01-01"),
    ],
)
def test_service_begins_by_joining_or_by_the_first_posting(joined_on, service, start):
    terms = replace(TERMS, service={**TERMS.service, "joined": ServiceKind()})
    rows = [CLERK, posting("plan", "2015-01-01", planned=True), posting("unknown", None)]
    found = model(*rows, terms=terms, joined_on=joined_on, service=service)
    assert found.start.tolist() == [number(start)]


def test_nobody_begins_without_joining_and_postings():
    assert model().start.tolist() == [OPEN]
    assert model(posting("x", "2020", planned=True)).start.tolist() == [OPEN]
    assert on(model(), "2020-01-01").in_service == "not_known"
    assert on(model(posting("x", None)), "2020-01-01").in_service == "yes"  # held from long ago


# --- left, day not known --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_service", "since"),
    [
        ("2021-05-06", "yes", "2020-01-01"),  # the last dated fact
        ("2021-05-07", "not_known", "2021-05-06"),
        ("2023-04-30", "not_known", "2021-05-06"),
        ("2023-05-01", "no", "2023-05-01"),  # the day of the load
        ("2024-01-01", "no", "2023-05-01"),
    ],
)
def test_left_without_a_day_serves_to_the_last_fact(day, in_service, since):
    found = model(
        CLERK, status="resigned", status_since="2023-05-01", dated=("2021-05-06", "2020-12-01")
    )
    state = on(found, day)
    assert (state.in_service, state.since) == (in_service, since)
    assert found.left_undated == {0: number("2021-05-06")}
    assert found.on(date.fromisoformat(day)).has_left("p") == (day > "2021-05-06")


@pytest.mark.parametrize(
    ("rows", "known", "last"),
    [
        ([CLERK], {}, "2020-01-01"),
        ([posting("x", "2020-01-01", "2021-03")], {}, "2021-03-31"),  # the last day it may mean
        ([CLERK], {"joined_on": "2020-05-01"}, "2020-05-01"),
        ([CLERK, posting("y", "2024-01-01", planned=True)], {}, "2020-01-01"),
        ([CLERK], {"dated": ("2022",)}, "2022-12-31"),
    ],
)
def test_the_last_dated_fact_of_who_left(rows, known, last):
    found = model(*rows, status="resigned", **known)
    assert found.left_undated == {0: number(last)}


def test_a_dated_ending_is_no_undated_one():
    ended = model(CLERK, status="resigned", service=(("retired", "2022-01-01"),))
    assert ended.left_undated == {}
    assert on(ended, "2022-01-01").since == "2022-01-01"
    back = model(CLERK, status="resigned", service=(("returned", "2022-01-01"),))
    assert set(back.left_undated) == {0}
    assert model(CLERK, status="active", grades=(("一级科员", "2020"),)).left_undated == {}


@pytest.mark.parametrize(
    ("known", "since"),
    [
        ({}, "2021-01-01"),
        ({"joined_on": "2019-01-01"}, "2021-01-01"),
        ({"grades": (("一级科员", "2021-05-01"),)}, "2021-05-01"),
        ({"grades": (("一级科员", "2023-06-02"),)}, "2021-01-01"),  # the day after
        ({"grades": (("一级科员", "2023-06-01"),)}, "2023-06-01"),  # the day
        ({"dated": ("2022-02-02",)}, "2022-02-02"),
        ({"dated": ("2023-06-02",)}, "2021-01-01"),
    ],
)
def test_not_known_since_the_last_fact_by_the_day(known, since):
    rows = [
        posting("clerk", "2020-01-01", "2021-01-01"),
        posting("plan", "2022-01-01", planned=True),
    ]
    state = on(model(*rows, **known), "2023-06-01")
    assert (state.in_service, state.since) == ("not_known", since)


# --- ranks and grades -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "grade", "rank"),
    [
        ("2020-12-31", None, "科员"),
        ("2021-01-01", "一级科员", "科员"),
        ("2021-12-31", "一级科员", "科员"),
        ("2022-01-01", "二级主任科员", "正科"),
        ("2022-06-01", "二级主任科员", "正科"),
    ],
)
def test_the_grade_of_a_day_is_the_last_begun(day, grade, rank):
    grades = (("二级主任科员", "2022-01-01"), ("一级科员", "2021-01-01"))
    found = model(CLERK, grades=grades)
    assert (on(found, day).grade, on(found, day).rank) == (grade, "科员")
    counting = replace(TERMS, grades_count_as_ranks=True)
    assert on(model(CLERK, grades=grades, terms=counting), day).rank == rank


def test_of_two_grades_of_one_day_the_later_written_counts():
    found = model(CLERK, grades=(("二级主任科员", "2021-01-01"), ("一级科员", "2021-01-01")))
    assert on(found, "2021-01-01").grade == "一级科员"
    unread = model(CLERK, grades=(("二级主任科员", "some day"),))
    assert on(unread, "2021-01-01").grade is None


@pytest.mark.parametrize(
    ("day", "rank"),
    [("2021-12-31", "副科"), ("2022-01-01", "副科"), ("2022-03-31", "副科"), ("2022-04-01", None)],
)
def test_who_awaits_a_post_has_the_last_rank_of_home_postings(day, rank):
    found = model(
        posting("clerk", "2020-01-01", "2021-01-01", "科员"),
        posting("deputy", "2021-01-01", "2022-01-01", "副科"),
        posting("force", "2021-06-01", "2022-01-01", "副处", kind="task_force"),
    )
    assert on(found, day).rank == rank


# --- careers --------------------------------------------------------------------------------------


def test_a_posting_as_it_counts():
    found = model(
        posting("clerk", "2020", "2021-06-01", "科员"),
        posting("acting", "2021-06-01", None, "副科", marks=("acting",)),
        joined_on="2020-03-01",
        born_on="1990",
    )
    at = found.columns.ids.index("clerk@2020")
    since, until = number("2020-03-01"), number("2021-06-01")
    told = found.posting(at, since, until)
    assert (told.since, told.until, told.rank, told.home) == (
        "2020-03-01",
        "2021-06-01",
        "科员",
        True,
    )
    as_given = found.posting(at, number("2020-01-01"), until)
    assert (as_given.since, as_given.until) == ("2020", "2021-06-01")
    cut = found.posting(at, since, number("2021-01-01"))
    assert (cut.until, cut.status, cut.acting) == ("2021-01-01", "actual", False)
    acting = found.posting(1 - at, number("2021-06-01"), OPEN)
    assert (acting.until, acting.rank, acting.acting) == (None, None, True)
    # an end that is only the age limit, a hundred years on, is none that anybody set
    limit = number("2090-01-01")
    assert found.posting(1 - at, number("2021-06-01"), limit).until is None
    assert found.posting(1 - at, number("2021-06-01"), limit - 1).until == "2089-12-31"


def test_a_day_is_told_as_its_source_gave_it():
    found = model(
        posting("clerk", "2020-03", "2021", "科员"),
        posting("force", "2021", "2022-05", kind="task_force"),
        posting("plan", "2023-07", planned=True),
    )
    assert found.as_given(0, number("2020-03-01")) == "2020-03"
    assert found.as_given(0, number("2021-01-01")) == "2021"
    assert found.as_given(0, number("2022-05-01")) == "2022-05"
    assert found.as_given(0, number("2022-05-02")) == "2022-05-02"
    assert found.as_given(0, number("2023-07-01")) == "2023-07-01"  # no fact until confirmed


def test_careers_count_what_has_no_begin_and_know_what_arrives():
    found = model(
        posting("clerk", "2020-01-01", "2022-01-01", "科员"),
        posting("deputy", "2021-01-01", "2021-06-01", "副科", marks=("concurrent",)),
        posting("unknown", None, "2019-01-01"),
        posting("plan", None, planned=True),
    )
    begun = found.careers(date(2021, 5, 31))
    assert (begun.left_out, begun.since.tolist()) == (
        1,
        [number("2020-01-01"), number("2021-01-01")],
    )
    assert begun.arrives.tolist() == [True, True]
    later = found.careers(date(2021, 6, 1))
    assert later.since.tolist()[2:] == [number("2021-06-01")]
    assert later.arrives.tolist() == [True, True, False]  # goes on in the post held before
    assert found.moves(date(2021, 6, 1))[-1] == {
        "person": "p", "day": "2021-06-01", "from_post": "deputy", "to_post": "clerk",
        "gap_days": 0, "how": "remains_in",
    }  # fmt: skip
    assert found.moves(date(2021, 6, 1), "x") == []
    assert found.columns.since.min() == UNKNOWN


def test_searches_look_at_home_postings_but_for_kinds_beside():
    found = model(CLERK, posting("force", "2021-01-01", kind="task_force"))

    def ids(begun):
        return [found.columns.ids[at] for at in begun.at]

    assert ids(found.begun(LATER)) == ["clerk@2020-01-01"]
    assert ids(found.begun(LATER, ["appointment", None])) == ["clerk@2020-01-01"]
    assert ids(found.begun(LATER, ["task_force"])) == ["clerk@2020-01-01", "force@2021-01-01"]


@pytest.mark.parametrize(
    ("since", "until", "end"),
    [
        ("2020-06-01", "2020", "2020-12-31"),  # not after its begin: to the last day it allows
        ("2020-06-01", "2020-06-01", "2020-06-01"),
        ("2020-06-01", "2020-06-02", "2020-06-02"),
        ("2020-06-01", "2019", "2020-06-01"),
        ("2020", "2020", "2020-12-31"),
        ("2020", "2021", "2021-01-01"),
        ("2020-06", "2020-06", "2020-06-30"),
    ],
)
def test_an_end_not_after_its_begin_lasts_to_the_last_day_of_its_text(since, until, end):
    assert model(posting("x", since, until)).until.tolist() == [number(end)]


@pytest.mark.parametrize(
    ("rows", "ends", "read"),
    [
        # another home post ends one without an end; the same post, a concurrent, an acting do not
        ([CLERK, posting("head", "2021-01-01")], ["2021-01-01", None], [True, False]),
        ([CLERK, posting("clerk", "2021-01-01")], [None, None], [False, False]),
        ([CLERK, posting("clerk", "2021-01-01"), posting("head", "2022-01-01")],
         ["2022-01-01", "2022-01-01", None], [True, True, False]),
        ([CLERK, posting("b", "2021-01-01", marks=("concurrent",))], [None, None], [False, False]),
        ([CLERK, posting("head", "2021-01-01", marks=("acting",))], [None, None], [False, False]),
        ([CLERK, posting("head", "2021-01-01", kind="task_force")], [None, None], [False, False]),
        ([CLERK, posting("b", "2021-01-01", planned=True)], [None, "2021-01-01"], [False, False]),
        ([CLERK, posting("head", "2020-01-01")], [None, None], [False, False]),  # begun together
        ([CLERK, posting("head", "2020-01-02")], ["2020-01-02", None], [True, False]),
        ([posting("a", "2020-01-01", "2023-01-01"), posting("b", "2021-01-01")],
         ["2023-01-01", None], [False, False]),  # it has an end
        ([posting("x", None), posting("b", "2021-01-01")], ["2021-01-01", None], [True, False]),
    ],
)  # fmt: skip
def test_the_end_that_nobody_wrote_is_read_from_the_next_home_post(rows, ends, read):
    found = model(*rows)
    assert found.until.tolist() == [number(end) if end else OPEN for end in ends]
    assert found.end_not_recorded.tolist() == read


@pytest.mark.parametrize(("limit", "end"), [(60, "2050-05-01"), (100, "2090-05-01")])
def test_an_open_posting_ends_by_the_age_limit(limit, end):
    terms = replace(TERMS, age_limit=limit)
    rows = [CLERK, posting("force", "2021-01-01", "2095-01-01", kind="task_force")]
    found = model(*rows, terms=terms, born_on="1990-05")
    assert found.until.tolist() == [number(end), number("2095-01-01")]
    assert model(*rows, terms=terms).until.tolist()[0] == OPEN
