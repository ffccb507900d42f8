"""When a talk or report is done, due, late; requests; things to do and their calendar."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme.duties import by_unit, days_of, duties, receipts, requests
from queries.programme.facts import Facts
from queries.programme.todo import MENTOR, TRAINEE, WORK, roles, todo
from queries.programme.todo_calendar import calendar
from tests.queries.programme.programme_cases import SIX, facts_of, loaded


@pytest.fixture
def facts(embedded_store: Store) -> Facts:
    return facts_of(loaded(embedded_store, SIX))


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2024, 6, 24), "done"),  # D's last talk: 2024-03-25, so due on 2024-06-25
        (date(2024, 6, 25), "due"),
        (date(2024, 7, 9), "due"),  # the 14th day of grace
        (date(2024, 7, 10), "late"),
    ],
)
def test_a_duty_is_done_then_due_then_late(embedded_store: Store, on: date, state: str):
    facts = facts_of(loaded(embedded_store, SIX), on)
    (talk,) = [d for d in duties(facts) if d.person == "D" and d.duty == "talk"]
    assert (talk.due, talk.late_from, talk.state) == (date(2024, 6, 25), date(2024, 7, 10), state)


def test_without_a_record_a_duty_counts_from_joining(facts: Facts):
    (yearly,) = [d for d in duties(facts) if d.person == "A" and d.duty == "report"]
    assert (yearly.last, yearly.due, yearly.state) == (None, date(2024, 7, 15), "done")


def test_units_are_counted_over_their_people(facts: Facts):
    assert {(u.unit, u.late, u.due, u.done) for u in by_unit(facts)} == {
        ("U1", 0, 1, 3),
        ("U2", 1, 0, 3),
        ("U3", 0, 0, 4),
    }


_TALK = """
MATCH (p:Person {id: 'C'})
MERGE (r:Record {id: 'n1'})
SET r += {name: 'talk', kind: 'talk', on: $on, level: $level, result: $result}
MERGE (p)-[:HAS_RECORD]->(r)
"""


@pytest.mark.parametrize(
    ("on", "level", "result", "state"),
    [
        ("2024-06-05", "office", None, "done"),  # its owner talked
        ("2024-06-05", "village", None, "late"),  # somebody else did
        ("2024-06-05", None, None, "late"),  # nobody knows who did
        ("2024-06-05", "village", "request", "done"),  # marked as the answer
        ("2024-05-31", "office", None, "late"),  # before it was asked
    ],
)
def test_a_request_is_answered_by_its_owner_or_by_a_marked_talk(
    embedded_store: Store, on: str, level: str | None, result: str | None, state: str
):
    loaded(embedded_store, SIX).write(_TALK, on=on, level=level, result=result)
    (asked,) = [r for r in requests(facts_of(embedded_store)) if r.person == "C"]
    assert (asked.owner, asked.state) == ("office", state)
    assert (asked.answered is not None) == (state == "done")


def test_the_level_of_a_request_is_its_owner_before_the_programmes(embedded_store: Store):
    loaded(embedded_store, SIX).write("MATCH (r:Record {id: 'K8'}) SET r.level = 'village'")
    embedded_store.write(_TALK, on="2024-06-05", level="village", result=None)
    (asked,) = [r for r in requests(facts_of(embedded_store)) if r.person == "C"]
    assert (asked.owner, asked.state) == ("village", "done")


def test_a_unit_is_as_late_with_its_report_as_the_trainee_it_left_out(embedded_store: Store):
    text = (SIX / "programme.yaml").read_text(encoding="utf-8")
    text = text.replace("late_after_days: 30}}}", "late_after_days: 30, owner: office}}}")
    loaded(embedded_store, SIX).write("MATCH (p:Programme) SET p.rules = $text", text=text)
    embedded_store.write("MATCH (r:Record {id: 'K9'}) SET r.on = '2022-12-01'")
    facts = facts_of(embedded_store)
    own = {unit.unit: unit.own for unit in by_unit(facts)}
    (late,) = own["U2"]  # C was reported on in 2022, E in 2023
    assert (late.duty, late.state, late.missing) == ("report", "late", ("C",))
    assert (late.last, late.due) == (date(2022, 12, 1), date(2023, 12, 1))
    assert {each.state for each in own["U1"]} == {"done"}
    assert {item.person for item in todo(facts, 0, "office") if "report" in item.key} == {"C"}


def test_requests_not_yet_answered_stand_with_their_day(facts: Facts):
    assert [(r.person, r.state, r.due.isoformat()) for r in requests(facts)] == [
        ("C", "late", "2024-06-15"),
        ("B", "due", "2024-07-09"),
    ]


def test_one_talk_answers_one_request(embedded_store: Store):
    loaded(embedded_store, SIX).write(
        "UNWIND [['n1', 'request', '2024-06-02'], ['n2', 'talk', '2024-06-05']] AS new "
        "MERGE (r:Record {id: new[0]}) "
        "SET r += {name: new[1], kind: new[1], on: new[2], level: 'office'} "
        "WITH r MATCH (p:Person {id: 'C'}) MERGE (p)-[:HAS_RECORD]->(r)"
    )
    asked = [(r.on.day, r.state) for r in requests(facts_of(embedded_store)) if r.person == "C"]
    assert sorted(asked) == [(1, "done"), (2, "late")]


def test_the_calendar_counts_records_by_day(facts: Facts):
    assert days_of(facts, "report") == {"2023-12-01": 4, "2024-01-05": 1}
    assert days_of(facts.only(["F"]), "report") == {"2024-01-05": 1}


def test_receipts_of_a_year_leave_out_who_joined_later(facts: Facts):
    assert {r.person for r in receipts(facts, "report", ("",), 2022)} == {*"BCDEF"}
    assert not any(r.person == "A" for r in receipts(facts, "report", ("",), 2022))


def test_what_is_to_do_grows_with_the_days_looked_ahead(facts: Facts):
    month, quarter = todo(facts, 30), todo(facts, 90)
    assert {item.key for item in month} < {item.key for item in quarter}
    # By consequence: a missing mentor, a request, what is late, what is due, then the rest.
    places = [list(WORK).index(item.work) for item in month]
    assert places == sorted(places)
    assert len(set(places)) > 4
    assert {item.when for item in month if item.late} == {"late"}
    coming = [item.due for item in month if item.when == "due" and item.kind == "gate"]
    assert coming == [date(2024, 7, 15)]
    gates = {item.person: item.due for item in quarter if item.kind == "gate"}
    assert gates == {"A": date(2024, 7, 15), "B": date(2024, 9, 1)}


def test_each_role_has_its_own_list(facts: Facts):
    assert roles(facts) == ("office", MENTOR, TRAINEE)
    reports = todo(facts, 30, TRAINEE)
    assert {item.person for item in reports} == {"A"}  # the report is the trainee's own
    talks = {item.person for item in todo(facts, 0, "office") if item.kind == "duty"}
    assert talks == {"C", "D"}


def test_a_mentor_sees_the_tasks_of_own_trainees(embedded_store: Store):
    loaded(embedded_store, SIX).write(
        "MATCH ()-[e:MENTORS {id: 'G2'}]->() SET e.tasks = ['survey', 'talk=done']"
    )
    facts = facts_of(embedded_store)
    (item,) = todo(facts, 30, MENTOR, "M1")
    assert (item.person, item.mentor) == ("B", "M1")


def test_the_calendar_file_is_well_formed(facts: Facts):
    items = todo(facts, 90)
    words = {item.key: "谈心谈话、" * 12 + "a,b;c\n" for item in items}
    text = calendar(items, facts.on, words, "项目")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    dated = [item for item in items if item.due]
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == len(dated) > 0
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("a\\,b\\;c\\n") == len(dated)
    # What is late stands on the day it is looked at, the rest on its own day.
    starts = sorted(line.split(":")[1] for line in lines if line.startswith("DTSTART"))
    assert starts == sorted(f"{max(item.due, facts.on):%Y%m%d}" for item in dated if item.due)
