"""The stage machine and the dates it turns on, over the programme of six."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme.board import board, moves
from queries.programme.facts import Facts
from queries.programme.stages import passed_on, progress, served_months
from tests.queries.programme.programme_cases import SIX, facts_of, loaded


@pytest.fixture
def facts(embedded_store: Store) -> Facts:
    return facts_of(loaded(embedded_store, SIX))


def test_each_person_stands_where_the_gates_say(facts: Facts):
    stand = {p.person: (p.stage, p.since and p.since.isoformat()) for p in progress(facts).values()}
    assert stand == {
        "A": ("trial", "2023-07-15"),
        "B": ("grassroots", "2023-09-01"),
        "C": ("after", "2023-09-01"),
        "D": ("in_use", "2022-09-01"),
        "E": ("grassroots", "2020-09-01"),
        "F": ("key_post", "2021-03-01"),
    }


def test_the_next_gate_has_its_day_or_none_when_something_has_to_begin(facts: Facts):
    opens = {p.person: p.next_on and p.next_on.isoformat() for p in progress(facts).values()}
    assert opens == {
        "A": "2024-07-15",
        "B": "2024-09-01",  # 24 months of grassroots since 2022-09-01
        "C": None,  # no key post yet
        "D": None,  # the last stage
        "E": None,  # 18 months served, none running
        "F": None,  # 6 of 12 months in a key post, none running
    }


def test_a_stage_whose_gates_held_before_is_passed_on_the_same_day(facts: Facts):
    steps = [(s.stage, s.since, s.until) for s in progress(facts)["D"].history]
    assert steps == [
        ("trial", date(2019, 9, 1), date(2020, 9, 1)),
        ("grassroots", date(2020, 9, 1), date(2021, 9, 1)),
        ("after", date(2021, 9, 1), date(2021, 9, 1)),
        ("key_post", date(2021, 9, 1), date(2022, 9, 1)),
        ("in_use", date(2022, 9, 1), None),
    ]


def test_on_an_earlier_day_the_machine_has_not_gone_so_far(embedded_store: Store):
    facts = facts_of(loaded(embedded_store, SIX), date(2021, 6, 30))
    where = progress(facts)["D"]
    assert (where.stage, where.next_on) == ("grassroots", date(2021, 9, 1))
    assert where.months == 9


def test_moves_are_listed_newest_first_with_the_months_before_them(facts: Facts):
    first = moves(facts)[0]
    assert (first.person, first.came_from, first.stage) in {
        ("B", "trial", "grassroots"),
        ("C", "grassroots", "after"),
    }
    assert first.on == date(2023, 9, 1)
    assert first.months == 12
    assert [m.on for m in moves(facts)] == sorted((m.on for m in moves(facts)), reverse=True)


def test_the_board_says_how_long_people_stayed(facts: Facts):
    columns = {column.stage: column for column in board(facts)}
    assert [each.person for each in columns["grassroots"].people] == ["E", "B"]
    assert columns["trial"].left == 5
    assert columns["trial"].median_months == 12
    # C 12 months, D 12, F 18 (2019-09-01 to 2021-03-01)
    assert (columns["grassroots"].left, columns["grassroots"].median_months) == (3, 12)


def test_overlapping_periods_of_a_kind_are_counted_once(embedded_store: Store):
    loaded(embedded_store, SIX).write(
        "MATCH (p:Person {id: 'E'}) MATCH (post:Post {id: 'P3'}) "
        "MERGE (p)-[r:ROTATED_TO {id: 'again'}]->(post) "
        "SET r += {kind: 'grassroots', since: '2020-09', until: '2021-06-01', status: 'actual'}"
    )
    assert served_months(facts_of(embedded_store), "E", ("grassroots",)) == 21


def test_planned_postings_open_no_gate(embedded_store: Store):
    loaded(embedded_store, SIX).write(
        "MATCH (p:Person {id: 'C'}) MATCH (post:Post {id: 'P2'}) "
        "MERGE (p)-[r:ROTATED_TO {id: 'plan'}]->(post) "
        "SET r += {kind: 'key_post', since: '2024-01-01', status: 'planned'}"
    )
    facts = facts_of(embedded_store)
    assert progress(facts)["C"].stage == "after"
    assert [p.id for p in facts.planned["C"]] == ["plan"]


def test_without_a_day_of_joining_the_first_posting_counts(embedded_store: Store):
    loaded(embedded_store, SIX).write("MATCH (p:Person {id: 'C'}) REMOVE p.joined_on")
    facts = facts_of(embedded_store)
    assert progress(facts)["C"].history[0].since == date(2021, 9, 1)
    assert passed_on(facts, "C", "grassroots") == date(2023, 9, 1)


def test_somebody_without_any_date_stands_in_no_stage(embedded_store: Store):
    loaded(embedded_store, SIX).write(
        "MERGE (p:Person {id: 'Z'}) SET p += {name: '周'} SET p:Trainee"
    )
    assert progress(facts_of(embedded_store))["Z"].stage is None
