"""Every mechanism of the reference programme, T1 to S5, on the reference district's own figures.

The expected figures are those that examples/shifeng/README.md and the published totals give.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from graph.programme import parse_rules
from graph.settings import Settings
from graph.store import Store, open_store
from queries.programme import (
    board,
    care,
    duties,
    exercises,
    focus,
    growth_file,
    mentoring,
    overview,
    portrait,
    report,
    stages,
    training,
)
from queries.programme.facts import Facts
from queries.programme.own_records import own_records
from queries.programme.reserve import reserve_list
from queries.rules import short_list as priorities
from tests.queries.programme.programme_cases import DISTRICT, facts_of, loaded


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("district") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, DISTRICT)


@pytest.fixture(scope="module")
def facts(district: Store) -> Facts:
    return facts_of(district)


def test_T1_who_lacks_the_first_lesson_is_found(facts: Facts):
    late = [(t.training, t.person) for t in training.trainings(facts) if t.state == "late"]
    assert [pair for pair in late if pair[0] == "first_lesson"] == [("first_lesson", "T045")]


def test_T1_the_two_lists_meet_in_the_courses(facts: Facts):
    lacking = {demand.ability: set(demand.lacking) for demand in training.demands(facts)}
    needed: dict[str, set[str]] = {}
    for need in training.needs(facts):
        needed.setdefault(need.ability, set()).add(need.person)
    assert needed == {ability: people for ability, people in lacking.items() if people}
    gaps = {demand.ability for demand in training.demands(facts) if demand.is_gap}
    assert "building" in gaps  # no course of the district is about building
    held = [a.name for d in training.demands(facts) if d.ability == "governance" for a in d.courses]
    assert held == ["基层治理专题班"]


def test_T2_the_three_missing_mentors_are_found(facts: Facts):
    missing = {(light.person, light.kind) for light in mentoring.incomplete(facts)}
    assert missing == {("T039", "village"), ("T041", "peer"), ("T044", "township")}


def test_T2_candidates_have_room_and_the_kind_and_say_why(facts: Facts):
    pool = mentoring.pool(facts)
    found = mentoring.candidates(facts, "T039", "village")
    assert found
    for candidate in found:
        member = pool[candidate.mentor]
        assert "village" in member.kinds
        assert member.capacity is None or member.load < member.capacity
        assert candidate.reasons
    assert "M011" not in {candidate.mentor for candidate in found}  # guides more than foreseen


def test_T2b_the_pool_counts_who_is_guided_now_and_before(facts: Facts):
    for member in mentoring.pool(facts).values():
        had = facts.mentees.get(member.mentor, ())
        assert len(member.current) + len(member.ended) == len(had)
        assert member.load == sum(p.until is None or p.until > facts.day for p in had)


def test_T2b_a_pair_shows_methods_duties_and_growth_tasks(district: Store):
    district.write(
        "MATCH ()-[e:MENTORS {id: 'MT0001'}]->() "
        "SET e += {methods: ['talk'], duties: ['work', 'life'], tasks: ['survey=done', 'project']}"
    )
    known = facts_of(district, date(2016, 6, 30))
    pair = next(p for p in mentoring.pairs(known) if p.pairing.id == "MT0001")
    assert pair.done == (1, 2, 1)
    assert {task.key: task.state for task in pair.tasks} == {
        "households": "open",
        "survey": "done",
        "dispute": "open",
        "project": "begun",
        "lecture": "open",
    }
    assert len(pair.methods) == len(pair.duties) == len(pair.tasks) == 5


def test_T3_attendances_are_counted_by_year_and_kind(facts: Facts):
    counted = {(p.year, p.kind): p.attendances for p in training.periods(facts)}
    three_years = [(2021, 2), (2022, 2), (2023, 2), (2024, 2)]
    assert sum(counted.get((year, "onsite_teaching"), 0) for year, _ in three_years) == 81
    assert counted[2024, "seminar"] == 8


def test_E1_twenty_went_to_villages(facts: Facts):
    assert report.total(facts, "villages").value == 20
    row = next(row for row in exercises.coverage(facts) if row.person == "T035")
    assert row.cells["E1"].running
    too_long = {f.person for f in exercises.findings(facts) if f.trouble == "too_long"}
    assert too_long == {"T035", "T016"}  # the one in the village, the one seconded for years


def test_E2_comes_after_the_grassroots(facts: Facts):
    assert report.total(facts, "key_posts").value == 12
    assert not [f for f in exercises.findings(facts) if f.trouble == "out_of_order"]


def test_E3_secondments_keep_the_home_post(facts: Facts):
    assert report.total(facts, "secondments").value == 32
    assert not [f for f in exercises.findings(facts) if f.trouble == "no_home_post"]
    for person in facts.trainees:
        home = facts.home(person)
        assert home is None or home.kind not in ("secondment", "platform")


def test_E4_each_month_names_who_came_to_the_grid_day_and_who_did_not(
    district: Store, facts: Facts
):
    months = exercises.monthly(facts, 36)
    assert [(each.month, each.training) for each in months[:2]] == [
        ("2024-06", "grid_day"), ("2024-05", "grid_day"),
    ]  # fmt: skip
    never = {"T001", "T007", "T012", "T017", "T023", "T046"}
    came = {person for month in months for person in month.people}
    assert set(facts.trainees) - came == never
    june, may = months[:2]
    assert (len(june.people), set(june.missed)) == (39, never)  # T031 is on leave since 2024-06-03
    assert (len(may.people), set(may.missed)) == (40, never)
    before = exercises.monthly(facts_of(district, date(2024, 6, 4)))[0]
    assert (before.month, before.activities, before.missed) == ("2024-06", (), ())
    on_day = exercises.monthly(facts_of(district, date(2024, 6, 5)))[0]
    assert (len(on_day.activities), len(on_day.people)) == (1, 39)


def test_E4_is_covered_by_grid_days_and_by_central_tasks(facts: Facts):
    lacking = {row.person for row in exercises.coverage(facts) if not row.cells["E4"].covered}
    assert lacking == {"T012", "T046"}  # T001 came to no grid day, and was on a task in 2019


def test_E4_the_clock_of_grid_days_rests_on_leave(district: Store):
    def stands(person: str, on: date) -> tuple[str, date | None]:
        found = training.trainings(facts_of(district, on))
        return next(
            (each.state, each.due)
            for each in found
            if (each.person, each.training) == (person, "grid_day")
        )

    assert stands("T002", date(2024, 7, 5)) == ("open", date(2024, 7, 5))
    assert stands("T002", date(2024, 7, 6)) == ("late", date(2024, 7, 5))
    # T031 came on 2024-05-05, and is on leave from 2024-06-03 to 2024-09-02: 91 days
    assert stands("T031", date(2024, 9, 4)) == ("open", date(2024, 9, 4))
    assert stands("T031", date(2024, 9, 5)) == ("late", date(2024, 9, 4))


def test_E_gaps_stand_first_in_the_matrix(facts: Facts):
    counts = [row.count for row in exercises.coverage(facts)]
    assert counts == sorted(counts)
    assert len(counts) == 46


def test_U1_a_short_list_gives_every_exclusion_its_reason(facts: Facts):
    rules = parse_rules(
        (DISTRICT / "rules.yaml").read_text(encoding="utf-8"), programme=facts.programme
    )
    found = priorities.shortlist(facts, "P22", rules)
    placed, out = {p.person for p in found.places}, {e.person for e in found.excluded}
    assert placed | out == set(facts.trainees)
    assert not placed & out
    assert all(each.why for each in found.excluded)
    trial = next(each for each in found.excluded if each.person == "T046")
    assert "R1" in {rule for rule, _ in trial.why}
    assert all(place.reasons for place in found.places)


def test_U1_a_priority_can_be_switched_off(facts: Facts):
    with_all = priorities.shortlist(facts, "P22")
    keys = [key for key, _ in with_all.priorities]
    without = priorities.shortlist(facts, "P22", off=set(keys))
    assert all(on for _, on in with_all.priorities)
    assert not any(on for _, on in without.priorities)
    assert not {reason.key for place in without.places for reason in place.reasons} & set(keys)
    listed = {each.person for each in reserve_list(facts)}
    first = [place.person in listed for place in with_all.places]
    assert any(first)
    assert first == sorted(first, reverse=True)


def test_U1_the_reserve_list_is_what_its_records_say(district: Store):
    with (DISTRICT / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "reserve"]
    for day in ("2022-03-14", "2022-03-15", "2024-02-29", "2024-03-01", "2024-04-09", "2024-04-10"):
        put_on = {
            row["person"]
            for row in rows
            if row["result"] == "put_on"
            and row["on"] <= day
            and (not row["until"] or day < row["until"])
        }
        off = {row["person"] for row in rows if row["result"] == "taken_off" and row["on"] <= day}
        found = {each.person for each in reserve_list(facts_of(district, date.fromisoformat(day)))}
        assert found == put_on - off


def test_U2_the_board_holds_everybody_once(facts: Facts):
    columns = board.board(facts)
    people = [each.person for column in columns for each in column.people]
    assert sorted(people) == sorted(facts.trainees)
    batches = Counter(column.batch for column in columns for _ in column.people)
    assert set(batches) == {"train", "mature", "use"}
    values = [
        report.total(facts, key).value
        for key in ("to_deputy_county", "to_section", "to_deputy_section", "unit_heads")
    ]
    assert values == [2, 5, 10, 7]


def test_S1_each_trainee_has_a_file_with_a_score_from_its_parts(facts: Facts):
    scores = growth_file.scores(facts)
    assert len(scores) == 46
    for score in scores.values():
        parts = [100 * part.have // part.want if part.want else 100 for part in score.parts]
        assert score.percent == sum(parts) // len(parts)
        assert all(bool(part.missing) == (part.have < part.want) for part in score.parts)


def test_S2_every_axis_shows_its_figure_and_its_rule(district: Store, facts: Facts):
    records = own_records(district, "T009", facts.day)
    axes = portrait.portrait(facts, "T009", records)
    assert len(axes) == 6
    for axis in axes:
        assert axis.percent == min(100, 100 * axis.figure // axis.full)
        assert str(axis.rule)
        assert str(axis.meaning)


def test_S2_only_people_past_the_grassroots_are_on_the_focus_list(facts: Facts):
    listed = focus.focus(facts)
    assert listed
    assert all(stages.passed(facts, each.person, "grassroots") for each in listed)
    assert all(each.state == "to confirm" for each in listed)


def test_S3_talks_are_late_at_their_own_level(facts: Facts):
    late = {(d.duty, d.person) for d in duties.duties(facts) if d.state == "late"}
    assert ("township_talk", "T020") in late
    assert ("village_talk", "T038") in late
    assert not {pair for pair in late if pair[0] == "district_talk"}


def test_S3_a_request_has_an_owner_and_a_day(facts: Facts):
    asked = duties.requests(facts)
    assert {each.person for each in asked} == {"T026", "T032", "T045"}
    for each in asked:
        assert each.owner == "district"
        assert (each.due - each.on).days == 14


def test_S4_two_receipts_a_year_and_who_lacks_one(facts: Facts):
    found = duties.receipts(facts, "thought_report", ("unit", "district"), 2023)
    missing = {each.person: each.missing for each in found if each.missing}
    assert missing == {"T015": ("district",), "T028": ("unit", "district")}
    assert len(found) == 46


def test_S5_who_has_not_yet_received_what(facts: Facts):
    waiting = {
        (each.person, each.entitlement) for each in care.entitlements(facts) if not each.received
    }
    assert waiting == {
        ("T009", "health_check"),
        ("T040", "village_allowance"),
        ("T043", "housing"),
    }


def test_every_mechanism_has_a_state_and_a_rule_in_words(facts: Facts):
    states = {m.key: m for part in overview.overview(facts) for m in part.mechanisms}
    assert list(states) == [
        *("T1", "T2", "T3", "E1", "E2", "E3", "E4", "U1", "U2", "S1", "S2", "S3", "S4", "S5"),
    ]
    for key, state in states.items():
        assert state.page
        assert str(state.now)
        assert overview.rules_in_words(facts, key), key
