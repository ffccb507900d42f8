from datetime import date

import pytest

from queries.timeline import LineEntry
from webapp.people.timeline import known_to, period, timeline

DAY = date(2024, 6, 30)


@pytest.fixture(autouse=True)
def english(app):
    with app.test_request_context("/?lang=en"):
        yield


def drawn(*entries: LineEntry):
    line = timeline(entries, DAY)
    assert line is not None
    return {item["id"]: item for item in line["items"]}, [group["id"] for group in line["groups"]]


def test_nothing_dated_is_no_time_line():
    assert timeline([], DAY) is None
    assert timeline([LineEntry("a", "posts", "A", None)], DAY) is None


def test_open_period_ends_on_the_day_with_its_own_mark():
    items, _ = drawn(LineEntry("a", "posts", "A", "2020-01-15"))
    assert (items["a"]["start"], items["a"]["end"]) == ("2020-01-15", "2024-06-30")
    assert "open-end" in items["a"]["className"]


def test_year_alone_is_drawn_from_its_first_day_and_says_so():
    items, _ = drawn(LineEntry("a", "posts", "A", "2020", "2021-03"))
    assert items["a"]["start"] == "2020-01-01"
    assert {"vague-begin", "vague-end"} <= set(items["a"]["className"].split())
    assert items["a"]["tip"].splitlines() == [
        "A",
        "2020 to 2021-03",
        "only the year is known",
        "the day is not known",
    ]


def test_full_day_is_not_vague():
    items, _ = drawn(LineEntry("a", "posts", "A", "2020-01-15", "2021-01-15"))
    assert items["a"]["className"] == "posts"
    assert known_to("2020-01-15") == ""


def test_posts_at_the_same_time_stand_in_lines_of_their_own():
    items, groups = drawn(
        LineEntry("a", "posts", "A", "2019", "2021"),
        LineEntry("b", "posts", "B", "2020", "2022"),
        LineEntry("c", "posts", "C", "2021", "2023"),  # begins the day A ends: the same line
    )
    assert groups == ["posts-0", "posts-1"]
    assert [items[key]["group"] for key in "abc"] == ["posts-0", "posts-1", "posts-0"]


def test_lanes_keep_their_order_and_points_stand_in_one_line():
    items, groups = drawn(
        LineEntry("r", "records", "talk", "2021-05-01", is_point=True),
        LineEntry("a1", "activities", "course", "2021-05-01", is_point=True),
        LineEntry("a2", "activities", "course", "2021-05-01", is_point=True),
        LineEntry("p", "posts", "A", "2020"),
    )
    assert groups == ["posts-0", "activities-0", "records-0"]
    assert items["a1"]["group"] == items["a2"]["group"] == "activities-0"
    assert "end" not in items["a1"]


def test_planned_period_is_hatched_and_says_so():
    items, _ = drawn(LineEntry("a", "posts", "A", "2024-09", None, planned=True))
    assert "planned" in items["a"]["className"].split()
    assert "planned: since 2024-09" in items["a"]["tip"]
    assert items["a"]["start"] < items["a"]["end"]


def test_unknown_begin_is_drawn_from_the_earliest_known_day():
    items, _ = drawn(
        LineEntry("a", "posts", "A", None, "2021"), LineEntry("b", "posts", "B", "2015")
    )
    assert items["a"]["start"] == "2015-01-01"
    assert "vague-begin" in items["a"]["className"]


def test_a_mentor_of_forty_at_once_does_not_flood_the_picture():
    line = timeline([LineEntry(f"t{n}", "trainees", "T", "2020") for n in range(40)], DAY)
    assert line is not None
    assert (len(line["groups"]), len(line["items"]), line["left_out"]) == (10, 10, 30)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2017-09", "2019", "2017-09 to 2019"),
        ("2017", None, "since 2017"),
        (None, "2019", "until 2019, begin unknown"),
        (None, None, "time unknown"),
    ],
)
def test_period_is_said_with_the_precision_of_its_source(since, until, said):
    assert period(since, until) == said
