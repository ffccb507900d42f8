"""Days as numbers: what texts mean, months on, months between, runs."""

from datetime import date

import numpy as np
import pytest

from queries.personnel.days import (
    DayNumbers,
    add_months,
    day_number,
    day_of_number,
    first_of_each,
    months_between,
    runs,
)


def number(text):
    return day_number(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1970-01-01", 0, 0),
        ("1969-12-31", -1, -1),
        ("1970-02", 31, 58),
        ("1972", 730, 1095),
        ("", 7, 7),
        (None, 7, 7),
        ("some day", 7, 7),
        ("1970-02-30", 7, 7),
    ],
)
def test_a_text_means_days_and_what_is_none_is_not_known(text, first, last):
    days = DayNumbers()
    assert (days.first(text, 7), days.last(text, 7)) == (first, last)
    assert days.all_first([text, "1970-01-02", text], 7).tolist() == [first, 1, first]
    assert days.all_first([text], 7).dtype == np.int64
    assert days.all_last([text, "1970-01-02", text], 7).tolist() == [last, 1, last]


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (0, date(1970, 1, 1)),
        (-1, date(1969, 12, 31)),
        (-719162, date(1, 1, 1)),
        (-719163, date(1, 1, 1)),
        (-719161, date(1, 1, 2)),
        (10_000_000, date(9999, 12, 31)),
        (2932896, date(9999, 12, 31)),
        (2932895, date(9999, 12, 30)),
    ],
)
def test_a_number_is_a_day_of_the_years_1_to_9999(given, day):
    assert day_of_number(given) == day


@pytest.mark.parametrize(
    ("since", "months", "until"),
    [
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2024-01-28", 1, "2024-02-28"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("1969-10-31", 13, "1970-11-30"),
        ("2024-05-01", 0, "2024-05-01"),
    ],
)
def test_months_on(since, months, until):
    found = add_months(np.array([number(since)]), months)
    assert found.tolist() == [number(until)]
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2024-01-15", "2024-01-15", 0),
        ("2024-01-15", "2024-02-14", 0),
        ("2024-01-15", "2024-02-15", 1),
        ("2024-01-15", "2024-02-16", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2020-02-29", "2021-02-27", 11),
        ("2020-02-29", "2021-02-28", 12),
        ("2023-12-01", "2024-11-30", 11),
        ("1969-12-31", "1970-01-30", 0),
        ("1969-12-31", "1970-01-31", 1),
    ],
)
def test_months_between(since, until, months):
    found = months_between(np.array([number(since)] * 2), np.array([number(until)] * 2))
    assert found.tolist() == [months] * 2
    assert found.dtype == np.int64


def test_runs_of_equal_values():
    first, last = runs(np.array([4, 4, 7, 9, 9, 9]))
    assert (first.tolist(), last.tolist()) == ([0, 0, 2, 3, 3, 3], [1, 1, 2, 5, 5, 5])
    none = runs(np.array([], dtype=np.int64))
    assert [(each.tolist(), each.dtype.name) for each in none] == [([], "int64")] * 2
    assert [each.tolist() for each in runs(np.array([5]))] == [[0], [0]]
    assert first_of_each(np.array([4, 4, 7, 9, 9, 9])).tolist() == [0, 2, 3]
    assert first_of_each(np.array([], dtype=np.int64)).tolist() == []
    assert {each.dtype.name for each in (first, last, first_of_each(np.array([4])))} == {"int64"}
