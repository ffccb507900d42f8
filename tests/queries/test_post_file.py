"""When a post stood empty: what its page says is what its history says."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from graph.store import Store
from queries.careers.posts_history import history
from queries.post_file import post_file
from tests.boundaries.given import given, person, posting

DAY = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        # Overlapping holders leave no gap.
        ([("2010", "2015"), ("2011", "2012"), ("2014", "")], []),
        ([("2019", "2020-03"), ("2020-05", "")], [("2020-03", "2020-05", 2)]),
        # At the precision given it may be one day.
        ([("2018", "2019-10"), ("2019-10-08", "")], []),
    ],
)
def test_gaps_are_the_times_surely_without_a_holder(
    embedded_store: Store,
    tmp_path: Path,
    held: list[tuple[str, str]],
    expected: list[tuple[str, str, int]],
):
    people = [person(str(n), joined_on="2009-07-01") for n in range(len(held))]
    rows = [posting("deputy", since, until, of=str(n)) for n, (since, until) in enumerate(held)]
    store = given(embedded_store, tmp_path / "data", people=people, rotations=rows)
    found = [tuple(each.values()) for each in post_file(store, "deputy", DAY).gaps]
    assert found == expected


def test_a_posting_that_another_home_posting_followed_has_ended(
    embedded_store: Store, tmp_path: Path
):
    rows = [posting("deputy", "2021-01-01"), posting("head", "2023-01-01")]
    store = given(embedded_store, tmp_path / "data", rotations=rows)
    assert post_file(store, "deputy", DAY).now == ()
    gap = {"since": "2023-01-01", "until": None, "months": 17}
    assert post_file(store, "deputy", DAY).gaps == (gap,)
    assert [asdict(each) for each in history(store, "deputy", DAY).vacancies] == [
        {**gap, "certain": True}
    ]
