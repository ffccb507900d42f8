"""Each kind of gate the day before it opens, on the day, the day after; one less, one more."""

import pytest
from flask.testing import FlaskClient

from queries.programme.stages import progress
from tests.boundaries.given import STAGES, around, facts, given, person, posting, record

# The gate, what the person has, and the day on which it opens; worked out by hand.
GATES = [
    pytest.param("since_joining: {months: 12}", {}, "2021-07-01", id="a-year-after-joining"),
    pytest.param(
        "since_joining: {months: 1}",
        {"people": [person(joined_on="2024-01-31")]},
        "2024-02-29",
        id="a-month-after-the-31st-ends-on-the-last-of-February",
    ),
    pytest.param(
        "served_months: {kind: grassroots, at_least: 24}",
        {"rotations": [posting("village", "2021-03-15", kind="grassroots")]},
        "2023-03-15",
        id="24-months-served",
    ),
    pytest.param(
        "served_months: {kind: grassroots, at_least: 24}",
        {
            "rotations": [
                posting("village", "2020-07-01", "2021-01-01", kind="grassroots"),
                posting("clerk", "2021-01-01", "2022-01-01"),
                posting("village", "2022-01-01", kind="grassroots"),
            ]
        },
        "2023-07-01",
        id="6-months-and-18-more-after-a-break",
    ),
    pytest.param(
        "has_served: {kind: key_post}",
        {
            "rotations": [
                posting("clerk", "2020-07-01", "2022-05-02"),
                posting("deputy", "2022-05-02", kind="key_post"),
            ]
        },
        "2022-05-02",
        id="the-first-day-of-a-key-post",
    ),
    pytest.param(
        "has_served: {kind: key_post, or_post_kinds: [deputy]}",
        {"rotations": [posting("deputy", "2022-05-02")]},
        "2022-05-02",
        id="or-the-first-day-in-a-post-of-the-kind",
    ),
    pytest.param(
        "reached_rank: {rank: 副科}",
        {
            "rotations": [
                posting("clerk", "2020-07-01", "2022-05-02"),
                posting("deputy", "2022-05-02"),
            ]
        },
        "2022-05-02",
        id="the-rank-itself",
    ),
    pytest.param(
        "reached_rank: {rank: 副科}",
        {
            "rotations": [
                posting("clerk", "2020-07-01", "2022-05-02"),
                posting("head", "2022-05-02"),
            ]
        },
        "2022-05-02",
        id="a-rank-above",
    ),
    pytest.param(
        "reviewed: {record: appraisal, results: [优秀], at_least: 2, months: 24}",
        {
            "records": [
                record("appraisal", "2022-01-10", result="优秀"),
                record("appraisal", "2023-01-10", result="优秀"),
            ]
        },
        "2023-01-10",
        id="the-second-of-two-reviews",
    ),
]


@pytest.mark.parametrize(("gate", "has", "opens"), GATES)
def test_a_gate_opens_on_its_day(embedded_store, tmp_path, app, gate, has, opens):
    store = given(embedded_store, tmp_path / "data", STAGES % f"{{{gate}}}", **has)
    browser: FlaskClient = app.test_client()
    for on, stage in zip(around(opens), ("one", "two", "two"), strict=True):
        where = progress(facts(store, on))["t"]
        assert where.stage == stage, on
        assert [each.reached for each in where.gates] == ([False] if stage == "one" else [])
        told = browser.get(f"/api/people/t?on={on}")
        standing = told.json.get("standing") or told.json["programme"]
        assert standing["stage"] == stage, on
    assert progress(facts(store, around(opens)[2]))["t"].since.isoformat() == opens


@pytest.mark.parametrize(
    ("gate", "has", "opens"), [each for each in GATES if "served" in each.id or "after" in each.id]
)
def test_the_day_on_which_it_will_open_is_told_before(embedded_store, tmp_path, gate, has, opens):
    store = given(embedded_store, tmp_path / "data", STAGES % f"{{{gate}}}", **has)
    where = progress(facts(store, around(opens)[0]))["t"]
    assert where.next_on is not None
    assert where.next_on.isoformat() == opens
    assert [each.on.isoformat() for each in where.gates] == [opens]


TWO_STAGES = """
stages:
  - {key: one, zh: 一, en: one, batch: train, gates: [{since_joining: {months: 12}}]}
  - {key: two, zh: 二, en: two, batch: mature, gates: [{passed_stage: {stage: one}}]}
  - {key: three, zh: 三, en: three, batch: use}
"""


def test_a_stage_passed_opens_the_next_on_the_same_day(embedded_store, tmp_path):
    store = given(embedded_store, tmp_path / "data", TWO_STAGES)
    found = [progress(facts(store, on))["t"].stage for on in around("2021-07-01")]
    assert found == ["one", "three", "three"]


SERVED = STAGES % "{served_months: {kind: grassroots, at_least: 24}}"


@pytest.mark.parametrize(
    ("until", "stage"),
    [("2023-02-28", "one"), ("2023-03-01", "two"), ("2023-03-02", "two")],
)
def test_a_posting_that_ends_a_day_short_of_24_months_is_not_enough(
    embedded_store, tmp_path, until, stage
):
    rows = [posting("village", "2021-03-01", until, kind="grassroots")]
    store = given(embedded_store, tmp_path / "data", SERVED, rotations=rows)
    assert progress(facts(store))["t"].stage == stage


@pytest.mark.parametrize(("months", "stage"), [(23, "one"), (24, "two"), (25, "two")])
def test_one_month_less_equal_and_more_than_asked(embedded_store, tmp_path, months, stage):
    until = {23: "2023-02-01", 24: "2023-03-01", 25: "2023-04-01"}[months]
    rows = [posting("village", "2021-03-01", until, kind="grassroots")]
    store = given(embedded_store, tmp_path / "data", SERVED, rotations=rows)
    assert progress(facts(store))["t"].stage == stage


@pytest.mark.parametrize(
    ("rank_of", "stage"), [("staff", "one"), ("deputy", "two"), ("head", "two")]
)
def test_a_rank_below_the_rank_and_above_it(embedded_store, tmp_path, rank_of, stage):
    programme = STAGES % "{reached_rank: {rank: 副科}}"
    rows = [posting(rank_of, "2021-03-01")]
    store = given(embedded_store, tmp_path / "data", programme, rotations=rows)
    assert progress(facts(store))["t"].stage == stage


TWICE = STAGES % "{reviewed: {record: appraisal, results: [优秀], at_least: 2, months: 24}}"


@pytest.mark.parametrize(("times", "stage"), [(1, "one"), (2, "two"), (3, "two")])
def test_one_review_less_equal_and_more_than_asked(embedded_store, tmp_path, times, stage):
    rows = [
        record("appraisal", f"2024-0{month}-10", result="优秀") for month in range(1, times + 1)
    ]
    store = given(embedded_store, tmp_path / "data", TWICE, records=rows)
    assert progress(facts(store))["t"].stage == stage


@pytest.mark.parametrize(
    ("first", "stage"),
    [
        ("2022-06-30", "one"),  # 24 months back from 2024-06-30 begin on 2022-07-01
        ("2022-07-01", "two"),
        ("2022-07-02", "two"),
        ("2022-06", "one"),
        ("2022-07", "two"),  # a month counts from its first day
    ],
)
def test_the_window_of_reviews_begins_on_its_first_day(embedded_store, tmp_path, first, stage):
    rows = [
        record("appraisal", first, result="优秀"),
        record("appraisal", "2024-01-10", result="优秀"),
    ]
    store = given(embedded_store, tmp_path / "data", TWICE, records=rows)
    assert progress(facts(store))["t"].stage == stage
