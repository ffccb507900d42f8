"""A growth file is complete by its rules: which years are asked for, until when, what may count."""

from datetime import date

import pytest

from queries.programme import growth_file
from tests.boundaries.given import STAGES, facts, given, person, record

PROGRAMME = STAGES % "since_joining: {months: 24}" + (
    "levels: [{key: high, zh: 上, en: high}, {key: low, zh: 下, en: low}]\n"
    "growth_file: [{key: f, zh: 份, en: part, rule: {each_year: {record: talk, %s}}}]"
)
# The rule; joined on; records (day, level); on which day; have, want, what is lacking with its day.
CASES = [
    # one talk is not enough: each full year asks for one
    ("full_years: true", "2020-07-01", [("2021-05-01", "")], "2023-12-31", 1, 2,
     [("talk for 2022", "2022-12-31", True), ("talk for 2023", "2023-12-31", False)]),
    ("full_years: true", "2020-07-01", [("2021-05-01", "")], "2024-01-01", 1, 3,
     [("talk for 2022", "2022-12-31", True), ("talk for 2023", "2023-12-31", True),
      ("talk for 2024", "2024-12-31", False)]),
    # joined on the first of January: that year is a full one; a day later it is none
    ("full_years: true", "2023-01-01", [], "2024-01-01", 0, 1,
     [("talk for 2023", "2023-12-31", True), ("talk for 2024", "2024-12-31", False)]),
    ("full_years: true", "2023-01-02", [], "2024-01-01", 0, 0,
     [("talk for 2024", "2024-12-31", False)]),
    # joined in 2022, the day not known: only 2023 is surely a full year
    ("full_years: true", "2022", [], "2024-01-01", 0, 1,
     [("talk for 2023", "2023-12-31", True), ("talk for 2024", "2024-12-31", False)]),
    # written until three months after the year
    ("full_years: true, months_after: 3", "2022-07-01", [("2024-03-31", "")], "2024-03-31", 1, 1,
     [("talk for 2024", "2025-03-31", False)]),
    ("full_years: true, months_after: 3", "2022-07-01", [("2024-04-01", "")], "2024-04-01", 1, 2,
     [("talk for 2023", "2024-03-31", True)]),
    ("full_years: true, months_after: 3", "2022-07-01", [], "2024-03-31", 0, 0,
     [("talk for 2023", "2024-03-31", False), ("talk for 2024", "2025-03-31", False)]),
    # dated to the year alone it may be of either year: none is taken for sure, both are told
    ("full_years: true, months_after: 3", "2022-07-01", [("2024", "")], "2024-06-30", 0, 1,
     [("talk for 2023 (the one dated 2024 may be it)", "2024-03-31", True),
      ("talk for 2024 (the one dated 2024 may be it)", "2025-03-31", False)]),
    ("full_years: true, months_after: 3", "2022-07-01", [("2024-02", "")], "2024-06-30", 1, 1,
     [("talk for 2024", "2025-03-31", False)]),
    # each level of its own, from a year on
    ("levels: [high, low], since: 2023, full_years: true", "2020-07-01",
     [("2023-02-01", "high"), ("2023-03-01", "high"), ("2022-03-01", "low")], "2024-01-01", 1, 2,
     [("talk (high) for 2024", "2024-12-31", False), ("talk (low) for 2023", "2023-12-31", True),
      ("talk (low) for 2024", "2024-12-31", False)]),
    # so many a year
    ("at_least: 2, since: 2023, full_years: true", "2020-07-01", [("2023-02-01", "")],
     "2024-01-01", 0, 1,
     [("talk for 2023: 1 of 2", "2023-12-31", True),
      ("talk for 2024: 0 of 2", "2024-12-31", False)]),
    # years of service, not full ones; only those of the first stage (until 2022-07-01)
    ("while: [one]", "2020-07-01", [("2020-08-01", "")], "2024-06-30", 1, 3,
     [("talk for 2021", "2021-12-31", True), ("talk for 2022", "2022-12-31", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "joined", "records", "on", "have", "want", "lacks"), CASES)
def test_years_that_are_asked_for(
    embedded_store, tmp_path, rule, joined, records, on, have, want, lacks
):
    store = given(
        embedded_store, tmp_path / "data", PROGRAMME % rule,
        people=[person(joined_on=joined)],
        records=[
            record("talk", day, level=level) | {"id": f"r{at}"}
            for at, (day, level) in enumerate(records)
        ],
    )  # fmt: skip
    score = growth_file.scores(facts(store, on))["t"]
    (part,) = score.parts
    assert (part.have, part.want) == (have, want)
    told = [(each.words.text(), each.due.isoformat(), each.is_late) for each in part.lacks]
    assert told == lacks
    assert score.is_complete == (have == want)
    assert len(part.missing) == sum(late for *_, late in lacks)


def test_a_year_of_leave_asks_for_nothing_and_a_year_partly_worked_does(embedded_store, tmp_path):
    store = given(
        embedded_store, tmp_path / "data", PROGRAMME % "full_years: true",
        service=[
            {"person": "t", "kind": "leave", "since": "2021-12-31", "until": "2023-01-02"},
        ],
    )  # fmt: skip
    (part,) = growth_file.scores(facts(store, "2024-01-01"))["t"].parts
    assert [each.words.text() for each in part.lacks if each.is_late] == [
        "talk for 2021", "talk for 2023",
    ]  # fmt: skip


def test_without_a_day_of_joining_the_part_is_not_taken_for_complete(embedded_store, tmp_path):
    people = [person(joined_on="")]
    store = given(embedded_store, tmp_path / "data", PROGRAMME % "full_years: true", people=people)
    known = facts(store)
    if "t" not in known.trainees:
        pytest.skip("who has neither joined nor served is on no roll")
    score = growth_file.scores(known)["t"]
    assert not score.is_complete
    assert score.parts[0].have == 0


@pytest.mark.parametrize(
    ("on", "want", "late"),
    [("2020-12-31", 0, False), ("2021-01-01", 0, False), ("2021-01-02", 1, True)],
)
def test_a_lesson_is_missing_from_the_day_after_its_months(
    embedded_store, tmp_path, on, want, late
):
    programme = STAGES % "" + (
        "activity_kinds: [{key: lesson, zh: 课, en: lesson}]\n"
        "growth_file: [{key: f, zh: 份, en: part,"
        " rule: {holds_attendance: {kinds: [lesson], within_months: 6}}}]"
    )
    store = given(embedded_store, tmp_path / "data", programme)  # joined on 2020-07-01
    (part,) = growth_file.scores(facts(store, on))["t"].parts
    (lack,) = part.lacks
    assert (part.want, lack.due, lack.is_late) == (want, date(2021, 1, 1), late)


def test_the_rule_of_a_part_is_said_in_words(embedded_store, tmp_path):
    rule = "levels: [high, low], at_least: 2, since: 2023, full_years: true, months_after: 3"
    rule += ", while: [one]"
    store = given(embedded_store, tmp_path / "data", PROGRAMME % rule)
    (part,) = facts(store).programme.growth_file
    assert growth_file.rule_in_words(part.rule).text() == (
        "talk for each full year of service: at least 2 · of each level: high, low · "
        "from 2023 on · in the stages: one · written until 3 months after the year"
    )
