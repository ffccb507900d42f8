"""Steps of a path that ask for a day, a state or what runs beside; who arrived and who did not.

All by hand. `low`, `mid`, `high` are ranks, a secondment runs beside the home post. Of each person:

  rises     joined 2010, village 2010 (low), office 2014 at mid, seconded there 2015 to 2016
  from-mid  first known on 2012 in the village at mid, no day of joining
  had-it    office at mid 2011, village 2013 at mid
  on-way    village 2020 (low), still there
  retired   village 2012 (low), retired on 2018-06-01
  unseen    village 2012 (low) until 2015, nothing since
  beside    village 2015 (low), seconded to a post at mid in 2016 for a year: stays low
  acting    village 2014 (low), acting head (mid) from 2019: gains no rank
"""

from datetime import date
from typing import Any

import pytest

from graph.errors import UsageError
from graph.store import Store
from queries.careers.limits import Limits
from queries.careers.path_steps import parse_steps
from queries.careers.paths import search
from tests.queries.careers.careers_rows import fill, posting

ON = date(2024, 6, 30)
PROGRAMME = """
as_of: 2024-06-30
ranks: [{key: low, zh: 低, en: low}, {key: mid, zh: 中, en: mid}, {key: high, zh: 高, en: high}]
grades:
  - {key: g1, zh: 一, en: g1, counts_as: low}
  - {key: g2, zh: 二, en: g2, counts_as: mid}
  - {key: g3, zh: 三, en: g3, counts_as: high}
rotation_kinds: [{key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}]
service_kinds:
  - {key: retired, zh: 退休, en: retired, in_service: false}
  - {key: returned, zh: 返岗, en: returned}
"""
VILLAGE, VILLAGE_MID, OFFICE = "v:aide:village:low", "v:head:village:mid", "o:chief:office:mid"
TOP = "t:guest:office:high"
CAREERS = [
    posting("rises", VILLAGE, "2010-03-01", "2014-05-01"),
    posting("rises", OFFICE, "2014-05-01"),
    posting("rises", TOP, "2015-01-01", "2016-01-01", kind="secondment"),
    posting("from-mid", VILLAGE_MID, "2012-01-01"),
    posting("had-it", OFFICE, "2011-01-01", "2013-01-01"),
    posting("had-it", VILLAGE_MID, "2013-01-01"),
    posting("on-way", VILLAGE, "2020-01-01"),
    posting("retired", VILLAGE, "2012-01-01"),
    posting("unseen", VILLAGE, "2012-01-01", "2015-01-01"),
    posting("beside", VILLAGE, "2015-01-01"),
    posting("beside", TOP, "2016-01-01", "2017-01-01", kind="secondment"),
    posting("acting", VILLAGE, "2014-01-01", "2019-01-01"),
    posting("acting", OFFICE, "2019-01-01"),
]
UNITS = {"v": ("village_unit", None), "o": ("office_unit", None), "t": ("office_unit", "o")}


def stored(store: Store, rows: list, **more) -> Store:
    """Store careers with the programme, the marks and the facts of service of the rows above."""
    fill(store, rows, units=UNITS, **more)
    store.write("MERGE (p:Programme {id: 'p'}) SET p.rules = $text, p.name = 'p'", text=PROGRAMME)
    store.write(
        "MATCH (:Person {id: 'acting'})-[r:ROTATED_TO]->(:Post {id: $post}) "
        "SET r.marks = ['acting']",
        post=OFFICE,
    )
    store.write(
        "MATCH (p:Person {id: 'retired'}) CREATE (p)-[:HAS_SERVICE {id: 's'}]->"
        "(:Service {id: 's', kind: 'retired', since: '2018-06-01'})"
    )
    return store


@pytest.fixture
def careers(embedded_store: Store) -> Store:
    return stored(embedded_store, CAREERS, people={"rises": "2010-01-01"})


def found(store, *steps, on=ON, **limits):
    return search(store, parse_steps(list(steps)), on, None, Limits(**limits))


def days(answer):
    return {m.person: tuple(day.isoformat() for day in m.days) for m in answer.people}


IN_VILLAGE: dict[str, Any] = {"post_kind": "village"}
REACHES: dict[str, Any] = {"reaches": {"rank": "mid"}}
# Steps, and who walked them on which days.
WALKED: list[tuple[list[dict[str, Any]], dict[str, tuple[str, ...]]]] = [
    # The first day at the rank, by home postings: no secondment, no acting post gives one.
    ([IN_VILLAGE, REACHES], {"rises": ("2010-03-01", "2014-05-01")}),
    # It may be the day of the posting before it.
    (
        [{"post": OFFICE}, REACHES],
        {"rises": ("2014-05-01", "2014-05-01")},
    ),
    ([REACHES], {"rises": ("2014-05-01",)}),
    ([IN_VILLAGE, {**REACHES, "within_months": 50}], {"rises": ("2010-03-01", "2014-05-01")}),
    ([IN_VILLAGE, {**REACHES, "within_months": 49}], {}),
    (
        [IN_VILLAGE, {**REACHES, "within_months_of_entry": 52}],
        {"rises": ("2010-03-01", "2014-05-01")},
    ),
    ([IN_VILLAGE, {**REACHES, "within_months_of_entry": 51}], {}),
    # A state holds whenever it began: on the day of the step before, or the first day after it.
    (
        [{"post": OFFICE}, {"holds": {"post_kind": "village"}}],
        {"had-it": ("2011-01-01", "2013-01-01")},
    ),
    (
        [REACHES, {"holds": {"unit": "o"}}],
        {"rises": ("2014-05-01", "2014-05-01")},
    ),
    (
        [REACHES, {"holds": {"unit": "o"}, "not_before_months": 12}],
        {"rises": ("2014-05-01", "2015-05-01")},
    ),
    # With a posting it is asked on the day of its begin; what ended that day is no more.
    ([{"post": OFFICE, "holds": {"post_kind": "village"}}], {}),
    ([{"post": TOP, "kind": "secondment", "holds": {"post_kind": "village"}}],
     {"beside": ("2016-01-01",)}),
    # Meanwhile: a beside posting at some time while the posting runs; on the day, of a day.
    (
        [{"post_kind": "village", "while": {"kind": "secondment"}}],
        {"beside": ("2015-01-01",)},
    ),
    ([{"post_kind": "office", "while": {}}], {"rises": ("2014-05-01",)}),
    (
        [{"post": OFFICE}, {"holds": {}, "not_before_months": 12, "within_months": 24}],
        {
            "had-it": ("2011-01-01", "2012-01-01"),
            "rises": ("2014-05-01", "2015-05-01"),
            "acting": ("2019-01-01", "2020-01-01"),
        },
    ),
    ([{"rank": "mid", "while": {"post": TOP}}], {"rises": ("2014-05-01",)}),
    ([{**REACHES, "while": {"post": TOP}}], {}),
    # Titles in either language are read as keys.
    ([{"reaches": {"rank": "中"}, "holds": {"rank": "mid"}}], {"rises": ("2014-05-01",)}),
    # That rank or above, of home postings unless the kind runs beside; acting gives no rank.
    (
        [{"rank": "mid", "at_least": True}],
        {"rises": ("2014-05-01",), "from-mid": ("2012-01-01",), "had-it": ("2011-01-01",)},
    ),
    (
        [{"rank": "mid", "at_least": True, "kind": "secondment"}],
        {"rises": ("2015-01-01",), "beside": ("2016-01-01",)},
    ),
    ([{"unit_kind": "office_unit"}, {"unit_kind": "village_unit", "directly": True}],
     {"had-it": ("2011-01-01", "2013-01-01")}),
]  # fmt: skip


def test_steps_that_ask_for_days_and_states(careers):
    for steps, expected in WALKED:
        answer = found(careers, *steps)
        assert days(answer) == expected, steps
        rows = {row["person"]: tuple(row["dates"]) for row in careers.read(answer.cypher)}
        assert rows == expected, answer.cypher
        again = parse_steps([step.as_dict() for step in answer.steps])
        assert again == answer.steps


@pytest.mark.parametrize(
    ("left", "back", "expected"),
    [
        ("2013-12-31", "2014-02-01", "2014-02-01"),  # it began while its holder was away
        ("2014-01-01", "2014-02-01", "2014-02-01"),
        ("2014-01-02", "2014-02-01", "2014-01-01"),
        ("2013-12-01", "2014-01-01", "2014-01-01"),
        ("2013-12-01", "2014-01-02", "2014-01-02"),
        ("2013-12-01", "2019-01-01", None),  # it ended meanwhile
    ],
)
def test_a_posting_step_begins_when_the_posting_counts(
    embedded_store: Store, left: str, back: str, expected: str | None
):
    rows = [posting("x", VILLAGE, "2014-01-01", "2019-01-01")]
    stored(embedded_store, rows, people={"x": None})
    for kind, day in (("retired", left), ("returned", back)):
        embedded_store.write(
            "MATCH (p:Person {id: 'x'}) CREATE (p)-[:HAS_SERVICE {id: $kind}]->"
            "(:Service {id: $kind, kind: $kind, since: $day})",
            kind=kind,
            day=day,
        )
    assert days(found(embedded_store, IN_VILLAGE)) == ({"x": (expected,)} if expected else {})


@pytest.mark.bolt
def test_the_statement_says_the_same_on_neo4j(neo4j_store):
    stored(neo4j_store, CAREERS, people={"rises": "2010-01-01"})
    for steps, expected in WALKED:
        answer = found(neo4j_store, *steps)
        rows = {row["person"]: tuple(row["dates"]) for row in neo4j_store.read(answer.cypher)}
        assert (days(answer), rows) == (expected, expected), answer.cypher


def test_everybody_who_started_is_in_one_group(careers):
    answer = found(careers, IN_VILLAGE, REACHES)
    assert [id_ for id_, _ in answer.waiting_people] == ["acting", "beside", "on-way"]
    # from-mid was there from the first known day, had-it before the village: beside, not 0 months.
    assert answer.groups.as_dict() == {
        "arrived": 1, "on_the_way": 3, "left_before": 1, "not_known": 1, "from_the_start": 2,
    }  # fmt: skip
    assert (answer.median_months, answer.missed) == (50, 0)


@pytest.mark.parametrize(
    ("day", "groups"),
    [
        (date(2014, 4, 30), (0, 4, 0, 0)),  # rises, retired, unseen, acting are on the way
        (date(2014, 5, 1), (1, 3, 0, 0)),
        (date(2015, 3, 31), (1, 4, 0, 0)),  # beside has begun; unseen awaits a post
        (date(2015, 4, 1), (1, 3, 0, 1)),
        (date(2018, 5, 31), (1, 3, 0, 1)),
        (date(2018, 6, 1), (1, 2, 1, 1)),
    ],
)
def test_groups_are_those_of_the_day(careers, day, groups):
    found_then = found(careers, IN_VILLAGE, REACHES, on=day).groups
    assert (
        found_then.arrived, found_then.on_the_way, found_then.left_before, found_then.not_known,
    ) == groups  # fmt: skip


def test_whose_time_is_over_is_in_no_group_and_told(careers):
    answer = found(careers, IN_VILLAGE, {**REACHES, "within_months": 60})
    # By 2024: on-way has until 2025. retired left in 2018, a year after the time was over;
    # unseen was seen until 2015, within it.
    assert (answer.waiting, answer.groups.left_before, answer.groups.not_known) == (1, 0, 1)
    assert answer.missed == 3  # retired, beside, acting
    assert answer.groups.started + answer.missed + answer.groups.from_the_start == 8


def test_a_single_step_is_counted_from_entry(careers):
    answer = found(careers, REACHES)
    assert (answer.people[0].months, answer.median_months) == (52, 52)
    assert answer.groups.from_the_start == 2


def test_a_grade_is_reached_by_grades(careers):
    careers.write(
        "MATCH (p:Person {id: 'on-way'}) CREATE (p)-[:HAS_GRADE {id: 'g'}]->"
        "(:Grade {id: 'g', grade: 'g3', since: '2022-05'})"
    )
    answer = found(careers, IN_VILLAGE, {"reaches": {"grade": "g2"}})
    assert days(answer) == {"on-way": ("2020-01-01", "2022-05-01")}
    assert [row["dates"] for row in careers.read(answer.cypher)] == [["2020-01-01", "2022-05-01"]]
    assert found(careers, IN_VILLAGE, REACHES).count == 1  # a grade is no rank
    counted = PROGRAMME + "grades_count_as_ranks: true\n"
    careers.write("MATCH (p:Programme) SET p.rules = $text", text=counted)
    assert sorted(days(found(careers, IN_VILLAGE, REACHES))) == ["on-way", "rises"]


def test_limits_are_of_people_and_of_the_first_step(careers):
    careers.write("MATCH (p:Person) WHERE p.id IN ['rises', 'on-way'] SET p:Trainee")
    careers.write("MATCH (p:Person {id: 'rises'}) SET p.cohort = 2010")
    careers.write("MATCH (p:Person {id: 'on-way'}) SET p.cohort = 2020")
    for limits, walked, waiting in (
        ({}, ["rises"], ["acting", "beside", "on-way"]),
        ({"trainees": True}, ["rises"], ["on-way"]),
        ({"cohort_from": 2010, "cohort_to": 2010}, ["rises"], []),
        ({"cohort_from": 2011}, [], ["on-way"]),
        ({"unit": "o"}, ["rises"], ["acting"]),  # who has served there or below, not beside
        ({"since": date(2010, 3, 1), "until": date(2014, 1, 1)}, ["rises"], []),
        ({"until": date(2010, 3, 1)}, [], []),
        ({"since": date(2015, 1, 1)}, [], ["beside", "on-way"]),
    ):
        answer = found(careers, IN_VILLAGE, REACHES, **limits)
        assert sorted(days(answer)) == walked, limits
        assert [id_ for id_, _ in answer.waiting_people] == waiting, limits
        assert [row["person"] for row in careers.read(answer.cypher)] == walked, answer.cypher


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"rank": "mid", "at_least": "yes"}, "at_least cannot be yes"),
        ({"at_least": True}, '"at_least" stands beside a rank'),
        ({"holds": {"at_least": True}}, "holds.at_least"),
        ({"reaches": {"rank": "mid", "grade": "g1"}}, "names a rank or a grade"),
        ({"reaches": {"rank": "mid"}, "post": "x"}, "asks for a day"),
        ({"reaches": "mid"}, "reaches cannot be mid"),
        ({"holds": {"directly": True}}, 'holds.directly" is not known'),
        ({"while": {"rank": 3}}, "while.rank cannot be 3"),
    ],
)
def test_wrong_words_within_a_step_are_named(step, said):
    with pytest.raises(UsageError) as error:
        parse_steps([step])
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"cohort_from": 2020, "cohort_to": 2019}, "Cohorts from 2020 to 2019 are none"),
        ({"since": date(2020, 1, 1), "until": date(2020, 1, 1)}, "is no time"),
    ],
)
def test_limits_that_leave_nobody_are_refused(limits, said):
    with pytest.raises(UsageError) as error:
        Limits(**limits)
    assert said in str(error.value)
