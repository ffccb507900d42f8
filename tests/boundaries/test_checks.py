"""What the loader says of rows that touch, are exactly full, or stand at the edge of a limit."""

import pytest

from tests.boundaries.given import found_codes, mentor, person, posting


def codes(tmp_path, *wanted: str, **tables) -> set[str]:
    return found_codes(tmp_path / "data", **tables) & set(wanted)


@pytest.mark.parametrize(
    ("begins", "found"),
    [
        ("2022-02-28", {"overlapping-posts"}),
        ("2022-03-01", set()),  # it touches: the day of the end belongs to the next
        ("2022-03-02", set()),
        ("2022-02", {"overlapping-posts"}),  # it began in February at the latest
        ("2022-03", set()),  # it may have begun on the 31st: nothing is certain
        ("2022", set()),
    ],
)
def test_an_overlap_that_touches_is_none(tmp_path, begins, found):
    rows = [posting("clerk", "2020-07-01", "2022-03-01"), posting("deputy", begins, "2023-01-01")]
    assert codes(tmp_path, "overlapping-posts", rotations=rows) == found


@pytest.mark.parametrize(
    ("capacity", "holders", "found"),
    [
        (1, 1, set()),
        (1, 2, {"over-capacity"}),
        (2, 1, set()),
        (2, 2, set()),  # exactly full
        (2, 3, {"over-capacity"}),
    ],
)
def test_a_capacity_exactly_met_is_kept(tmp_path, capacity, holders, found):
    posts = [{"id": "p", "title": "岗位", "unit": "T", "capacity": capacity}]
    people = [person(f"t{n}") for n in range(holders)]
    rows = [posting("p", "2022-01-01", of=f"t{n}") for n in range(holders)]
    assert codes(tmp_path, "over-capacity", people=people, rotations=rows, posts=posts) == found


@pytest.mark.parametrize(
    ("begins", "found"),
    [("2022-02-28", {"over-capacity"}), ("2022-03-01", set()), ("2022-03-02", set())],
)
def test_a_successor_on_the_day_of_the_end_fits(tmp_path, begins, found):
    posts = [{"id": "p", "title": "岗位", "unit": "T", "capacity": 1}]
    rows = [posting("p", "2020-07-01", "2022-03-01"), posting("p", begins, of="u")]
    people = [person(), person("u")]
    assert codes(tmp_path, "over-capacity", people=people, rotations=rows, posts=posts) == found


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2022-02-28", {"reversed-period"}),
        ("2022-03-01", {"empty-period"}),
        ("2022-03-02", set()),
        ("2022-02", {"reversed-period"}),
        ("2022-03", set()),
        ("2022", set()),
    ],
)
def test_a_period_has_at_least_one_day(tmp_path, until, found):
    rows = [posting("clerk", "2022-03-01", until)]
    assert codes(tmp_path, "reversed-period", "empty-period", rotations=rows) == found


@pytest.mark.parametrize(
    ("born", "is_odd"), [("1899-12-31", True), ("1900-01-01", False), ("1900-01-02", False)]
)
def test_a_date_before_1900_is_odd(tmp_path, born, is_odd):
    found = found_codes(tmp_path / "data", people=[person(born_on=born, joined_on="")])
    plain = found_codes(tmp_path / "plain", people=[person(born_on="1950-01-01", joined_on="")])
    assert bool(found - plain) == is_odd


@pytest.mark.parametrize(
    ("on", "is_date"),
    [("2023-02-28", True), ("2023-02-29", False), ("2024-02-29", True), ("2024-02-30", False)],
)
def test_the_last_day_of_february(tmp_path, on, is_date):
    found = found_codes(tmp_path / "data", people=[person(joined_on=on)])
    plain = found_codes(tmp_path / "plain", people=[person(joined_on="2024-02-01")])
    assert bool(found - plain) == (not is_date)


@pytest.mark.parametrize(("capacity", "is_taken"), [("-1", False), ("0", True), ("1", True)])
def test_a_mentor_takes_none_or_more_and_never_less(tmp_path, capacity, is_taken):
    found = found_codes(tmp_path / "data", people=[mentor(mentor_capacity=capacity)])
    plain = found_codes(tmp_path / "plain", people=[mentor(mentor_capacity="5")])
    assert bool(found - plain) == (not is_taken)
