"""Postings judged in arrays give what comparing each with each other gives."""

from operator import attrgetter

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loaders.checking.numbered import begins, ends
from loaders.checking.periods import OPEN, FilePosting, begins_by, period_problem
from loaders.checking.postings import FilePostings

PEOPLE = {2: "甲", 3: "b", -1: "z", -2: "a"}  # as rows of a file, and below zero
POSTS = {2: "p2", 3: "p10", -1: "p1", -2: "p3"}
DATES = st.sampled_from(
    ["2017", "2017-12", "2017-12-31", "2018", "2018-01", "2018-01-01", "2018-01-02", "2018-02-28",
     "2018-03", "2018-03-01", "2019", "9999", "9999-12-31"]
)  # fmt: skip
FACTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from(sorted(POSTS)),
        DATES | st.none(),
        DATES | st.none(),
        st.booleans(),
    ),
    max_size=12,
)
CAPACITIES = st.dictionaries(st.sampled_from([2, 3]), st.sampled_from([None, 0, 1, 2, 2**63 - 1]))


def posting(row: int, fact: tuple) -> FilePosting:
    person, post, since, until, keeps_home = fact
    return FilePosting(
        PEOPLE[person], begins_by(since), row, until or OPEN, POSTS[post], since, keeps_home
    )


def kept(facts: list[tuple], acting: list[bool] | None = None) -> FilePostings:
    people, posts, since, until, keeps_home = zip(*facts, strict=True) if facts else ((),) * 5
    return FilePostings(
        np.arange(2, 2 + len(facts)),
        np.array(people, np.int64),
        np.array(posts, np.int64),
        pl.Series(since, dtype=pl.String),
        pl.Series(until, dtype=pl.String),
        np.array(keeps_home, bool),
        np.zeros(len(facts), bool) if acting is None else np.array(acting, bool),
    )


def limits(capacities: dict[int, int | None]):
    rows = np.array(list(capacities), np.int64)
    return rows, pl.Series(capacities.values(), dtype=pl.Int64)


def names(by_number: dict[int, str]):
    return lambda numbers: {number: by_number[number] for number in numbers}


def all_overlaps(facts: list[tuple]) -> list[tuple[FilePosting, FilePosting]]:
    """Compare each posting with all those before it."""
    made = sorted(posting(row, fact) for row, fact in enumerate(facts, 2) if fact[2])
    certain = [each for each in made if each.until > each.begins and not each.keeps_home]
    found = []
    for at, each in enumerate(certain):
        before = [other for other in certain[:at] if other.person == each.person]
        longest = max(before, key=attrgetter("until"), default=None)
        if longest and each.begins < longest.until:
            found.append((each, longest))
    return found


def all_crowds(
    facts: list[tuple], capacities: dict[int, int | None]
) -> list[tuple[FilePosting, int, int]]:
    """Count the holders of each post at each beginning."""
    found = []
    for post in sorted(capacities, key=POSTS.__getitem__):
        made = [posting(row, fact) for row, fact in enumerate(facts, 2) if fact[2]]
        held = [e for e in made if e.post == POSTS[post] and e.until > e.begins]
        held.sort(key=attrgetter("begins", "row"))
        counts = [
            sum(other.until > each.begins for other in held[: at + 1])
            for at, each in enumerate(held)
        ]
        capacity, most = capacities[post], max(counts, default=0)
        if capacity is not None and most > capacity:
            found.append((held[counts.index(most)], most, capacity))
    return found


@settings(max_examples=200, deadline=None)
@given(FACTS)
@example([(2, 2, "2018", None, False), (2, 3, "2018", "2019", False)])
@example([(2, 2, "2017", "2018", False), (2, 3, "2018-01-01", None, False)])
@example([(-1, 2, "2018-01-01", "2018-03-01", False)] * 2)
def test_overlaps_are_those_of_all_pairs(facts: list[tuple]):
    found = list(kept(facts).overlaps(names(PEOPLE), names(POSTS)))
    assert found == all_overlaps(facts)


@settings(max_examples=200, deadline=None)
@given(FACTS, CAPACITIES)
@example([(2, 2, "2018-01-01", None, False)], {2: 0})
@example([(p, 2, "2018-01-01", None, True) for p in (2, 3)], {2: 1, 3: None})
def test_crowds_are_those_of_all_holders(facts: list[tuple], capacities: dict[int, int | None]):
    found = list(kept(facts).crowds(limits(capacities), names(PEOPLE), names(POSTS)))
    assert found == all_crowds(facts, capacities)


def test_who_is_acting_does_not_fill_a_post():
    facts = [(person, 2, "2018-01-01", None, True) for person in (2, 3)]
    for acting, crowded in (([False, False], 1), ([False, True], 0), ([True, True], 0)):
        found = kept(facts, acting).crowds(limits({2: 1}), names(PEOPLE), names(POSTS))
        assert len(list(found)) == crowded, acting


@pytest.mark.parametrize("people", [1, 4, 100])
def test_many_postings_one_after_the_other_are_in_no_doubt(people: int):
    days = [f"{year}-{month:02d}-{day:02d}" for year in range(1990, 2020) for month in range(1, 13)
            for day in range(1, 29)]  # fmt: skip
    of = np.repeat(np.arange(people), len(days) - 1)
    since, until = pl.Series(days[:-1] * people), pl.Series(days[1:] * people)
    postings = FilePostings(of, of, of, since, until, *np.zeros((2, len(of)), bool))

    def none(numbers: set[int]) -> dict[int, str]:
        raise AssertionError(numbers)

    limited = limits(dict.fromkeys(range(people), 1))
    assert not [*postings.overlaps(none, none), *postings.crowds(limited, none, none)]


@settings(max_examples=300, deadline=None)
@given(DATES | st.dates().map(str), DATES | st.dates().map(str))
def test_period_that_surely_ends_after_it_begins_is_right(since: str, until: str):
    if ends(pl.Series([until])) > begins(pl.Series([since])):
        assert period_problem(since, until) is None


@given(st.lists(DATES | st.dates().map(str), min_size=2, max_size=2))
def test_dates_as_numbers_stand_as_their_texts(dates: list[str]):
    one, other = ends(pl.Series(dates))
    assert (one < other) == (dates[0] < dates[1])
    assert (begins(pl.Series(dates))[0] < other) == (begins_by(dates[0]) < dates[1])
