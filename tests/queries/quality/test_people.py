"""What is doubtful about single people: each kind with a case that shows it, and its neighbour."""

from datetime import date
from typing import Any

import pytest

from graph.programme import parse_programme
from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.terms import ServiceKind
from queries.quality.finding import QualityFinding
from queries.quality.kept import JudgedBy, judged_people
from queries.quality.people import TimesAsked

TERMS = Terms(
    ranks=("科员", "副科", "正科"),
    grades={"二级科员": None, "一级科员": None, "四级主任科员": None},
    beside=frozenset({"secondment"}),
    service={
        "leave": ServiceKind(pauses_clocks=True),
        "retired": ServiceKind(in_service=False),
        "returned": ServiceKind(),
    },
    left=frozenset({"resigned"}),
)
TIMES = TimesAsked(trial=12, between_rises=12)
DAY = date(2024, 6, 30)


def posting(id_: str, post: str, since: str | None, until: str | None = None, **more: Any) -> Any:
    return KnownPosting(id_, "A", post, more.pop("kind", "appointment"), more.pop("rank", None),
                        since, until, **more)  # fmt: skip


def found(
    postings: list[KnownPosting], on: date = DAY, **known: Any
) -> set[tuple[str, str | None]]:
    return {(each.kind, each.row) for each in of(postings, on, **known)}


def of(postings: list[KnownPosting], on: date = DAY, **known: Any) -> tuple[QualityFinding, ...]:
    model = of_rows([Known("A", **known)], postings, TERMS)
    return judged_people(model, JudgedBy(on, TIMES, {}))


CASES: list[tuple[str, list[KnownPosting], dict[str, Any], set[tuple[str, str | None]]]] = [
    ("nobody and nothing", [], {}, set()),
    ("one open post", [posting("r", "P", "2020-01-01")], {}, set()),
    (
        "a fall",
        [
            posting("r", "P", "2018-01-01", "2020-01-01", rank="副科"),
            posting("s", "Q", "2020-01-01", rank="科员"),
        ],
        {},
        {("fall", "s")},
    ),
    (
        "a lower post beside is no fall",
        [
            posting("r", "P", "2018-01-01", rank="副科"),
            posting("s", "Q", "2020-01-01", rank="科员", kind="secondment"),
        ],
        {},
        set(),
    ),
    (
        "two ranks at once",
        [
            posting("r", "P", "2018-01-01", "2020-01-01", rank="科员"),
            posting("s", "Q", "2020-01-01", rank="正科"),
        ],
        {},
        {("rank_jump", "s")},
    ),
    (
        "a first post of a high rank is no jump",
        [posting("r", "P", "2018-01-01", rank="正科")],
        {},
        set(),
    ),
    (
        "the last day of the trial",
        [
            posting("r", "P", "2018-07-01", "2019-06-30", rank="科员"),
            posting("s", "Q", "2019-06-30", rank="副科"),
        ],
        {"joined_on": "2018-07-01"},
        {("rise_in_trial", "s")},
    ),
    (
        "the day after the trial",
        [
            posting("r", "P", "2018-07-01", "2019-07-01", rank="科员"),
            posting("s", "Q", "2019-07-01", rank="副科"),
        ],
        {"joined_on": "2018-07-01"},
        set(),
    ),
    (
        "a trial that rested for a month",
        [
            posting("r", "P", "2018-07-01", "2019-07-20", rank="科员"),
            posting("s", "Q", "2019-07-20", rank="副科"),
        ],
        {
            "joined_on": "2018-07-01",
            "service": (("leave", "2018-09-01", "2018-10-01"),),
        },
        {("rise_in_trial", "s")},
    ),
    (
        "eleven months after the rise before",
        [
            posting("r", "P", "2015-01-01", "2018-01-01", rank="科员"),
            posting("s", "Q", "2018-01-01", "2018-12-31", rank="副科"),
            posting("t", "R", "2018-12-31", rank="正科"),
        ],
        {},
        {("rise_too_soon", "t")},
    ),
    (
        "twelve months after it",
        [
            posting("r", "P", "2015-01-01", "2018-01-01", rank="科员"),
            posting("s", "Q", "2018-01-01", "2019-01-01", rank="副科"),
            posting("t", "R", "2019-01-01", rank="正科"),
        ],
        {},
        set(),
    ),
    (
        "two home posts at once",
        [posting("r", "P", "2018-01-01", "2021-01-01"), posting("s", "Q", "2020-12-31")],
        {},
        {("overlap", "s")},
    ),
    (
        "one ends as the next begins",
        [posting("r", "P", "2018-01-01", "2021-01-01"), posting("s", "Q", "2021-01-01")],
        {},
        set(),
    ),
    (
        "concurrent posts are meant",
        [
            posting("r", "P", "2018-01-01", "2021-01-01"),
            posting("s", "Q", "2020-01-01", marks=("concurrent",)),
        ],
        {},
        set(),
    ),
    (
        "a year that may not overlap",
        [posting("r", "P", "2018-01-01", "2020-06-01"), posting("s", "Q", "2020")],
        {},
        {("year_only", "s")},
    ),
    (
        "an end that nobody recorded",
        [posting("r", "P", "2018-01-01"), posting("s", "Q", "2021-01-01")],
        {},
        {("end_not_recorded", "r")},
    ),
    (
        "a gap of two months is waiting",
        [posting("r", "P", "2018-01-01", "2020-01-01"), posting("s", "Q", "2020-03-31")],
        {},
        set(),
    ),
    (
        "a gap of three",
        [posting("r", "P", "2018-01-01", "2020-01-01"), posting("s", "Q", "2020-04-01")],
        {},
        {("gap", "s")},
    ),
    (
        "a gap out of service",
        [posting("r", "P", "2018-01-01", "2020-01-01"), posting("s", "Q", "2023-01-01")],
        {"service": (("retired", "2020-01-01", None), ("returned", "2023-01-01", None))},
        set(),
    ),
    (
        "begun before joining",
        [posting("r", "P", "2018-06-30")],
        {"joined_on": "2018-07-01"},
        {("before_joining", "r")},
    ),
    (
        "begun in the month of joining, as far as is known",
        [posting("r", "P", "2018-07")],
        {"joined_on": "2018-07-10"},
        set(),
    ),
    (
        "begun after leaving",
        [posting("r", "P", "2018-01-01", "2020-01-01"), posting("s", "Q", "2021-01-01")],
        {"service": (("retired", "2020-01-01", None),)},
        {("while_out", "s")},
    ),
    (
        "an open post that leaving cuts is as it should be",
        [posting("r", "P", "2018-01-01")],
        {"service": (("retired", "2020-01-01", None),)},
        set(),
    ),
    (
        "recorded to end after leaving",
        [posting("r", "P", "2018-01-01", "2020-01-02")],
        {"service": (("retired", "2020-01-01", None),)},
        {("while_out", "r")},
    ),
    (
        "left, and nobody knows when",
        [posting("r", "P", "2018-01-01", "2020-01-01")],
        {"status": "resigned"},
        {("left_undated", "A")},
    ),
    (
        "nothing known for three months",
        [posting("r", "P", "2018-01-01", "2024-03-30")],
        {},
        {("not_known", "A")},
    ),
    (
        "a day less",
        [posting("r", "P", "2018-01-01", "2024-04-01")],
        {},
        set(),
    ),
    (
        "past the age limit",
        [posting("r", "P", "1940-01-01")],
        {"born_on": "1920-01-01"},
        {("past_age", "r"), ("not_known", "A")},
    ),
    (
        "only a post beside",
        [posting("r", "P", "2024-01-01", kind="secondment")],
        {},
        {("beside_only", "r")},
    ),
    ("no begin", [posting("r", "P", None)], {}, {("undated", "r")}),
    (
        "an end before the begin",
        [posting("r", "P", "2020-01-01", "2019-12-31"), posting("s", "Q", "2020-01-01")],
        {},
        {("empty_period", "r")},
    ),
    (
        "a year that ends in itself counts",
        [posting("r", "P", "2019", "2019"), posting("s", "Q", "2020-01-01")],
        {},
        {("year_only", "r")},
    ),
    (
        "before 1900",
        [posting("r", "P", "1899-12-31", "1900-02-01"), posting("s", "Q", "1900-02-01")],
        {},
        {("odd_date", "r")},
    ),
    (
        "on the first day of 1900",
        [posting("r", "P", "1900-01-01", "1900-02-01"), posting("s", "Q", "1900-02-01")],
        {},
        set(),
    ),
    ("a century ahead", [posting("r", "P", "2020-01-01", "2124-06-30")], {}, set()),
    (
        "a century and a day ahead",
        [posting("r", "P", "2020-01-01", "2124-07-01")],
        {},
        {("odd_date", "r")},
    ),
    (
        "a plan whose day has come",
        [posting("r", "P", "2020-01-01"), posting("s", "Q", "2024-06-30", planned=True)],
        {},
        {("planned_due", "s")},
    ),
    (
        "a plan to come that would be a fall",
        [
            posting("r", "P", "2020-01-01", rank="副科"),
            posting("s", "Q", "2024-07-01", rank="科员", planned=True),
        ],
        {},
        {("planned_rank", "s")},
    ),
    (
        "a grade skipped and a fall in grade",
        [posting("r", "P", "2020-01-01")],
        {
            "grades": (
                ("二级科员", "2020-01-01"),
                ("四级主任科员", "2021-01-01"),
                ("一级科员", "2022-01-01"),
            )
        },
        {("grade_jump", "A"), ("grade_fall", "A")},
    ),
]


@pytest.mark.parametrize(("postings", "known", "expected"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_found_of_one_person(
    postings: list[KnownPosting], known: dict[str, Any], expected: set[tuple[str, str | None]]
):
    assert found(postings, **known) == expected


def test_what_begins_later_does_not_exist_and_no_end_is_known_before_it_came():
    held = [
        posting("r", "P", "2018-01-01", rank="副科"),
        posting("s", "Q", "2021-01-01", rank="科员"),
    ]
    assert found(held, date(2020, 12, 31)) == set()
    assert found(held, date(2021, 1, 1)) == {("fall", "s"), ("end_not_recorded", "r")}


def test_everybody_is_judged_as_each_alone():
    people, postings = [], []
    for number, (_, held, known, _) in enumerate(CASES):
        people.append(Known(f"P{number:02}", **known))
        postings += [
            each._replace(person=f"P{number:02}", id=f"{number}-{each.id}") for each in held
        ]
    model = of_rows(people, postings, TERMS)
    together = judged_people(model, JudgedBy(DAY, TIMES, {}))
    alone = {(f"P{number:02}", kind) for number, case in enumerate(CASES) for kind, _ in case[3]}
    assert {(each.people[0], each.kind) for each in together} == alone


def test_the_mark_differs_when_the_facts_do_and_the_id_stays():
    held = [
        posting("r", "P", "2018-01-01", "2021-01-01"),
        posting("s", "Q", "2020-12-31"),
    ]
    (one,) = of(held)
    (other,) = of([held[0]._replace(until="2021-02-01"), held[1]])
    assert one.id == other.id
    assert one.mark != other.mark


def test_grades_fall_in_rank_where_they_count_as_ranks():
    text = """
id: x
name: {zh: 甲, en: x}
ranks: [{key: 科员, zh: 科员, en: a}, {key: 副科, zh: 副科, en: b}, {key: 正科, zh: 正科, en: c}]
grades: [{key: 二级主任科员, zh: 二级主任科员, en: g, counts_as: 正科}]
grades_count_as_ranks: true
"""
    from queries.personnel import terms_of

    model = of_rows(
        [Known("A", grades=(("二级主任科员", "2020-01-01"),))],
        [posting("r", "P", "2018-01-01", rank="科员")],
        terms_of(parse_programme(text)),
    )
    kinds = {each.kind for each in judged_people(model, JudgedBy(DAY, TIMES, {}))}
    assert kinds == {"rank_jump"}


def test_a_fall_stays_the_same_when_its_posting_ends():
    held = [
        posting("r", "P", "2018-01-01", "2021-01-01", rank="副科"),
        posting("s", "Q", "2021-01-01", rank="科员"),
    ]
    (one,) = of(held)
    other = {each.kind: each for each in of([held[0], held[1]._replace(until="2024-06-01")])}
    assert one.mark == other["fall"].mark
