"""Changes of rank: cases by hand, and agreement with the literal reading of everybody."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.ranks import rank_changes
from queries.personnel.terms import ServiceKind
from tests.queries.personnel import literal
from tests.queries.personnel.histories import TERMS, dated_only, histories, model_of

COUNT = int(os.environ.get("HISTORIES", "120"))
LATER = date(2030, 1, 1)


def posting(post, since, until=None, rank=None, kind="appointment", marks=(), planned=False):
    return KnownPosting(f"{post}@{since}", "p", post, kind, rank, since, until, planned, marks)


def changes(*postings, on=LATER, terms=TERMS, **known):
    model = of_rows([Known("p", **known)], list(postings), terms)
    return [(each.since, each.rank, each.how) for each in rank_changes(model, "p", on)]


@pytest.mark.parametrize("seed", range(20, 24))
def test_changes_of_generated_people(seed):
    people = dated_only(histories(seed, COUNT // 4))
    model = model_of(people)
    for on in (date(2012, 7, 1), LATER):
        for person in people:
            found = rank_changes(model, person.id, on)
            expected = literal.rank_changes_by(person, on)
            assert [(each.day, each.rank, each.how) for each in found] == expected, person


@pytest.mark.parametrize("counting", [False, True])
@pytest.mark.parametrize("seed", range(30, 32))
def test_the_last_change_gives_the_rank_of_each_day_with_a_post(seed, counting):
    people = dated_only(histories(seed, COUNT // 4))
    model = model_of(people, replace(TERMS, grades_count_as_ranks=counting))
    for person in people:
        found = rank_changes(model, person.id, LATER)
        days = {date.fromisoformat(each.day) for each in found}
        days |= {literal.first(p.since) for p in literal.actual(person)}
        for day in sorted({day + timedelta(days=n) for day in days for n in (-1, 0, 1)}):
            homes = [p for p in literal.held_on(person, day) if literal.is_home(p)]
            if not any(literal.rank_of(p) >= 0 for p in homes):
                continue  # the rank of the post before is still the last one known
            by_now = [each for each in found if each.day <= day.isoformat()]
            assert by_now[-1].rank == model.on(day)[person.id].rank, (person, day)


def test_a_fall_is_told_and_a_rise_after_it_again():
    rows = [
        posting("deputy", "2013-02", "2018", "副科"),
        posting("clerk", "2018", "2020-05-01", "科员"),
        posting("again", "2020-05-01", None, "副科"),
    ]
    expected = [
        ("2013-02", "副科", "rise"),
        ("2018", "科员", "fall"),
        ("2020-05-01", "副科", "rise"),
    ]
    assert changes(*rows) == expected
    assert changes(*rows, on=date(2017, 12, 31)) == expected[:1]
    assert changes(*rows, on=date(2018, 1, 1)) == expected[:2]


def test_the_end_of_the_higher_of_two_posts_is_a_fall_on_the_day_of_that_end():
    rows = [
        posting("head", "2013", "2018-06", "正科"),
        posting("other", "2014", None, "副科", marks=("concurrent",)),
    ]
    assert changes(*rows) == [("2013", "正科", "rise"), ("2018-06", "副科", "fall")]


@pytest.mark.parametrize(
    "more",
    [{"kind": "secondment"}, {"marks": ("acting",)}, {"planned": True}],
)
def test_only_a_home_posting_that_is_held_gives_a_rank(more):
    rows = [
        posting("clerk", "2013", None, "科员"),
        posting("other", "2015", "2016", "正科", **more),
    ]
    assert changes(*rows) == [("2013", "科员", "rise")]


def test_a_gap_or_a_post_of_unknown_rank_is_no_change():
    rows = [
        posting("a", "2010", "2012", "副科"),
        posting("b", "2014", "2016"),
        posting("c", "2016", "2018", "副科"),
        posting("d", "2019", None, "科员"),
    ]
    assert changes(*rows) == [("2010", "副科", "rise"), ("2019", "科员", "fall")]


def test_without_a_ladder_nothing_is_claimed():
    assert changes(posting("a", "2010", None, "副科"), terms=Terms()) == []


def test_grades_count_where_the_programme_says_so_and_only_in_service():
    counting = Terms(
        ranks=TERMS.ranks,
        grades={"二级主任科员": "正科"},
        service={"resigned": ServiceKind(in_service=False), "returned": ServiceKind()},
        grades_count_as_ranks=True,
    )
    clerk = posting("clerk", "2013", None, "科员")
    known = {"grades": (("二级主任科员", "2015-03-01"),)}
    first = ("2013", "科员", "rise")
    assert changes(clerk, **known) == [first]
    assert changes(clerk, terms=counting, **known) == [first, ("2015-03-01", "正科", "rise")]
    away = (("resigned", "2015-01-01"), ("returned", "2016-01-01"))
    assert changes(clerk, terms=counting, service=away, **known) == [
        first,
        ("2016-01-01", "正科", "rise"),
    ]
