"""Everybody's way as lines, and the time to each rank, worked out by hand."""

from datetime import date

import pytest

from graph.store import Store
from queries.careers.limits import Limits
from queries.careers.lines import CareerLines, career_lines, line_of, lines_of

TRAINEES = Limits(trainees=True)
ON = date(2024, 6, 30)


@pytest.fixture(scope="module")
def everybody(district_store: Store) -> CareerLines:
    return career_lines(district_store, ON, TRAINEES)


def test_figures_are_those_of_the_mock_up(everybody):
    # 46 in the programme; three who left are beside them. Two are graded at entry, by R11.
    assert (everybody.people, everybody.gone, len(everybody.lines)) == (46, 3, 46)
    assert everybody.at_rank == {"科员": 29, "副科": 10, "正科": 5, "副处": 2}
    first, second, third, last = everybody.times
    assert (first.start, first.rank, first.median_months, first.legal_months) == (
        "科员",
        "副科",
        52,
        48,
    )
    assert first.legal_rules == ("R1", "R5")
    assert [each.name for each in first.early] == ["张志映", "文敏新"]
    # 17 of the 46, and one of those who left later.
    assert (first.groups.arrived, first.groups.on_the_way, first.groups.left_before) == (18, 29, 1)
    assert (second.groups.arrived, second.groups.on_the_way, second.legal_months) == (7, 10, 24)
    assert (third.groups.arrived, third.groups.on_the_way, third.legal_months) == (2, 5, 36)
    assert third.median_months is None, "of fewer than ten no median is given"
    assert (last.groups.arrived, last.rank) == (0, "正处")


def test_cohorts_stand_in_order_and_lines_by_entry(everybody):
    keys = [(line.cohort, line.entry) for line in everybody.lines]
    assert keys == sorted(keys)
    assert keys[0][0] == 2015


def test_line_is_of_main_posts_and_of_what_ran_beside(district_store):
    # T002: community, deputy, head, district leader; a secondment of a year beside the third post.
    line = line_of(district_store, "T002", ON)
    assert [(each.unit_kind, each.rank) for each in line.posts] == [
        ("community", "科员"),
        ("department", "副科"),
        ("department", "正科"),
        ("district", "副处"),
    ]
    assert [(each.kind, each.since, each.until) for each in line.beside] == [
        ("secondment", date(2021, 9, 23), date(2022, 9, 23))
    ]
    assert (line.entry, line.until, line.serves) == (date(2015, 7, 10), ON, True)
    assert (line.next_rise.rank, line.next_rise.day) == ("正处", date(2025, 3, 18))


@pytest.mark.parametrize(
    ("day", "posts"),
    [(date(2017, 9, 9), 1), (date(2017, 9, 10), 2), (date(2017, 9, 11), 2)],
)
def test_post_stands_from_its_own_day_on(district_store, day, posts):
    line = line_of(district_store, "T002", day)
    assert len(line.posts) == posts
    assert line.until == day and line.posts[-1].until == day


@pytest.mark.parametrize(
    ("day", "is_there"),
    [(date(2015, 7, 9), False), (date(2015, 7, 10), True), (date(2015, 7, 11), True)],
)
def test_nobody_has_a_line_before_joining(district_store, day, is_there):
    assert (line_of(district_store, "T002", day) is not None) is is_there
    assert ("T002" in lines_of(district_store, ["T002", "nobody"], day)) is is_there


def test_who_left_is_among_the_lines_when_asked_for(district_store, everybody):
    with_gone = career_lines(district_store, ON, TRAINEES, with_gone=True)
    assert len(with_gone.lines) == 49
    left = {line.person for line in with_gone.lines} - {line.person for line in everybody.lines}
    assert len(left) == 3
    assert all(
        not line.serves and line.next_rise is None
        for line in with_gone.lines
        if line.person in left
    )


@pytest.mark.parametrize(("most", "lines", "cohorts"), [(45, 0, 9), (46, 46, 0), (47, 46, 0)])
def test_more_people_than_lines_stand_as_cohorts(district_store, most, lines, cohorts):
    found = career_lines(district_store, ON, TRAINEES, most=most)
    assert (len(found.lines), len(found.cohorts)) == (lines, cohorts)


def test_cohort_says_who_stood_where_after_each_year(district_store):
    # Of 2015 three: staff for two years; after three two are deputies, after five two are heads.
    row = career_lines(district_store, ON, TRAINEES, most=10).cohorts[0]
    assert (row.cohort, row.people) == (2015, 3)
    assert row.ranks[2] == (0, 3, 0, 0, 0, 0)
    assert row.ranks[3] == (0, 1, 2, 0, 0, 0)
    assert row.ranks[5] == (0, 0, 1, 2, 0, 0)
    assert row.ranks[8] == (0, 0, 0, 1, 2, 0)
    assert len(row.ranks) == 9, "who entered nine years ago less a month has no ninth year"


def test_empty_store_has_no_lines(embedded_store):
    found = career_lines(embedded_store, ON)
    assert (found.people, found.lines, found.cohorts, found.times) == (0, (), (), ())
