"""Dates of reduced precision."""

from datetime import date

import pytest

from graph.dates import add_months, after, first_day, is_date, months_between, precision


@pytest.mark.parametrize("text", ["2017", "2017-09", "2017-09-16", "2024-02-29", "0001-01-01"])
def test_year_month_and_day_are_dates(text: str):
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "17", "2017-9", "2017-13", "2017-00", "2023-02-29", "2017.09.16", "2017/09", "20170916",
     "2017-09-16T00:00", " 2017", "2017\n", "0000", "二〇一七", "２０１７"],
)  # fmt: skip
def test_anything_else_is_none(text: str):
    assert not is_date(text)
    with pytest.raises(ValueError, match=r".+"):
        first_day(text)


def test_unknown_month_or_day_counts_as_the_first():
    assert [first_day(text) for text in ("2017", "2017-09", "2017-09-16")] == [
        date(2017, 1, 1), date(2017, 9, 1), date(2017, 9, 16),
    ]  # fmt: skip


def test_precision_is_told():
    assert [precision(text) for text in ("2017", "2017-09", "2017-09-16")] == [
        "year",
        "month",
        "day",
    ]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2017-09-16", "2017-09-17", True),
        ("2017-09-16", "2017-09-16", False),
        ("2017-09", "2017-09", True),  # lasts to the end of the month
        ("2017", "2017", True),
        ("2017-01-01", "2017", True),
        ("2017-12-31", "2017", False),
        ("2017", "2017-01-01", False),
        ("2018", "2017", False),
        ("2017", "2017-05", True),  # may be five months
        ("2017-05", "2017", True),  # the year may end it
        ("2017-12-31", "2018", True),
        ("2018", "2017-12-31", False),
    ],
)
def test_period_is_empty_only_when_that_is_certain(since: str, until: str, expected: bool):
    assert after(until, since) is expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 1, 1), -1, date(2023, 12, 1)),
        (date(2024, 12, 31), 0, date(2024, 12, 31)),
        (date(2021, 6, 30), 36, date(2024, 6, 30)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2017, 9, 16), date(2019, 3, 15), 17),
        (date(2017, 9, 16), date(2019, 3, 16), 18),
        (date(2024, 1, 31), date(2024, 2, 29), 1),  # the last day of the shorter month
        (date(2024, 1, 1), date(2024, 1, 1), 0),
        (date(2019, 3, 15), date(2017, 9, 16), -17),
    ],
)
def test_whole_months_between_two_days(since: date, until: date, expected: int):
    assert months_between(since, until) == expected
