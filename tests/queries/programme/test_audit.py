"""The audit against a programme of six people that breaks each of its rules once."""

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from graph.programme import parse_programme
from graph.store import Store
from queries.programme import reading
from queries.programme.audit import CHECKS, LEVELS, audit, of_person
from queries.programme.facts import Facts
from queries.programme.reading import read_facts
from tests.queries.programme.programme_cases import SIX, facts_of, loaded

EXPECTED = tomllib.loads((SIX / "expected.toml").read_text(encoding="utf-8"))["finding"]

# What makes each rule hold again, as one statement.
_TALK = """
MATCH (p:Person {{id: '{0}'}})
MERGE (r:Record {{id: 'new'}}) SET r += {{name: '{1}', kind: '{1}', on: '{2}', result: '{3}'}}
MERGE (p)-[:HAS_RECORD]->(r)
"""
_POSTING = """
MATCH (p:Person {{id: '{0}'}}) MATCH (post:Post {{id: '{1}'}})
MERGE (p)-[r:ROTATED_TO {{id: 'new'}}]->(post)
SET r += {{kind: '{2}', since: '{3}', status: 'actual'}}
"""
MENDED = {
    "mentor_missing": """
MATCH (m:Person {id: 'D'}) MATCH (t:Person {id: 'B'})
MERGE (m)-[e:MENTORS {id: 'new'}]->(t) SET e += {kind: 'peer', since: '2024-01-01'}
""",
    "mentor_left": "MATCH ()-[r:ROTATED_TO {id: 'R12'}]->() SET r.until = '2024-07-01'",
    "secretary_vacant": _POSTING.format("M1", "P5", "appointment", "2024-03-01"),
    "mentor_after_stage": "MATCH ()-[e:MENTORS {id: 'G3'}]->() SET e.until = '2023-09-01'",
    "mentor_overloaded": "MATCH (m:Person {id: 'M1'}) SET m.mentor_capacity = 3",
    "training_missing": """
MATCH (p:Person {id: 'B'}) MATCH (a:Activity {id: 'L23'}) MERGE (p)-[:TOOK_PART_IN]->(a)
""",
    "exercise_too_long": "MATCH ()-[r:ROTATED_TO {id: 'R3'}]->() SET r.until = '2023-12-01'",
    "stage_late": _POSTING.format("C", "P3", "key_post", "2024-04-30"),
    "stage_deadline": _POSTING.format("F", "P3", "key_post", "2022-01-01"),
    "exercise_out_of_order": """
MATCH ()-[r:ROTATED_TO {id: 'R9'}]->() SET r += {since: '2021-03-01', until: '2021-09-01'}
""",
    "home_post_lost": _POSTING.format("E", "P1", "appointment", "2021-03-01"),
    "exercise_too_short": "MATCH ()-[r:ROTATED_TO {id: 'R7'}]->() SET r.until = '2021-09-01'",
    "duty_late": _TALK.format("C", "talk", "2024-06-20", ""),
    "duty_due": _TALK.format("D", "talk", "2024-06-26", ""),
    "request_late": _TALK.format("C", "talk", "2024-06-10", "request"),
    "request_open": _TALK.format("B", "talk", "2024-06-25", "request"),
    "problem_late": "MATCH (r:Record {id: 'K2'}) SET r.closed_on = '2024-06-30'",
    "problem_open": "MATCH (r:Record {id: 'K6'}) SET r.closed_on = '2024-06-30'",
    "care_missing": _TALK.format("A", "care", "2024-01-01", "allowance"),
    "focus_no_longer_met": _TALK.format("D", "appraisal", "2024-02-01", "excellent"),
    "gate_coming": "MATCH (p:Person {id: 'A'}) SET p.joined_on = '2023-06-01'",
    "exercise_ending": "MATCH ()-[r:ROTATED_TO {id: 'R6'}]->() SET r.until = '2024-08-01'",
    "exercise_missing": _POSTING.format("F", "P3", "secondment", "2024-01-01"),
    "file_incomplete": "MATCH (p:Person {id: 'E'}) SET p.born_on = '1997'",
    "focus_to_confirm": _TALK.format("F", "focus", "2024-06-01", "confirmed"),
}


@pytest.fixture
def six(embedded_store: Store) -> Store:
    return loaded(embedded_store, SIX)


def found(facts: Facts) -> set[tuple[str, str, str, str, str]]:
    return {
        (f.rule, f.level, f.person, f.unit or "", f.due.isoformat() if f.due else "")
        for f in audit(facts).findings
    }


def test_each_rule_is_broken_once_as_worked_out_by_hand(store: Store):
    facts = facts_of(loaded(store, SIX))
    expected = {(f["rule"], f["level"], f["person"], f.get("unit", ""), f["due"]) for f in EXPECTED}
    assert found(facts) == expected
    assert len(audit(facts).findings) == len(EXPECTED)


def test_every_check_is_in_the_hand_worked_case_and_has_a_mend():
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
    assert {f["rule"] for f in EXPECTED} == set(names) == set(MENDED)


@pytest.mark.parametrize("rule", MENDED)
def test_a_rule_that_holds_again_is_no_longer_found(six: Store, rule: str):
    six.write(MENDED[rule])
    mended = [f for f in audit(facts_of(six)).findings if f.rule == rule]
    assert mended == []


@pytest.mark.parametrize("on", [date(2024, 6, 30), date(2023, 6, 30), date(2021, 6, 30)])
@pytest.mark.bolt
def test_the_audit_is_the_same_on_both_engines(embedded_store: Store, neo4j_store: Store, on: date):
    one = audit(facts_of(loaded(embedded_store, SIX), on)).as_dict()
    other = audit(facts_of(loaded(neo4j_store, SIX), on)).as_dict()
    assert one == other
    assert one["as_of"] == on.isoformat()


def test_an_earlier_day_knows_nothing_of_later_facts(six: Store):
    facts = facts_of(six, date(2019, 9, 30))
    assert set(facts.trainees) == {"D", "E", "F"}
    assert all((f.due or date.min) <= date(2019, 10, 30) for f in audit(facts).findings)


def test_counts_equal_the_rows_behind(six: Store):
    whole = audit(facts_of(six))
    rows = whole.as_dict()["findings"]
    assert whole.counts == {level: sum(row["level"] == level for row in rows) for level in LEVELS}
    assert whole.counts == {"red": 8, "yellow": 11, "blue": 6}


def test_findings_have_the_fields_of_the_contract(six: Store):
    answer = audit(facts_of(six)).as_dict()
    assert list(answer) == ["as_of", "counts", "findings"]
    for row in answer["findings"]:
        assert {"rule", "level", "person", "unit", "due", "message"} <= set(row)
        assert "%(" not in row["message"]


def test_most_pressing_stands_first(six: Store):
    levels = [f.level for f in audit(facts_of(six)).findings]
    assert levels == sorted(levels, key=LEVELS.index)


def test_a_programme_gives_a_check_another_level_or_switches_it_off(six: Store):
    facts = facts_of(six)
    text = (SIX / "programme.yaml").read_text(encoding="utf-8")
    text += "  checks:\n    - {check: mentor_missing, level: yellow}\n"
    text += "    - {check: duty_late, enabled: false}\n"
    changed = read_facts(six, parse_programme(text), facts.on)
    levels = {f.rule: f.level for f in audit(changed).findings}
    assert levels["mentor_missing"] == "yellow"
    assert "duty_late" not in levels
    assert levels["duty_due"] == "yellow"


def test_findings_of_one_unit_are_those_of_its_people(six: Store):
    facts = facts_of(six)
    village = audit(facts.within("U3")).findings
    assert {f.person for f in village} == {"A", "B", "M1"}
    town = {f.person for f in audit(facts.within("U2")).findings}
    assert town == {"A", "B", "C", "E", "M1", ""}  # and the post that is vacant for E


def test_one_persons_facts_give_the_same_findings_but_for_the_pool(six: Store):
    whole, alone = facts_of(six), facts_of(six, people=["B"])
    assert alone.trainees == ("B",)
    assert of_person(alone, "B") == of_person(whole, "B")


def test_whoever_has_left_is_not_audited(six: Store):
    facts = facts_of(six)
    text = (SIX / "programme.yaml").read_text(encoding="utf-8")
    text += "\nstatuses:\n  - {key: gone, zh: 离开, en: gone, counts: false}\n"
    six.write("MATCH (p:Person {id: 'B'}) SET p.status = 'gone'")
    left = read_facts(six, parse_programme(text), facts.on)
    assert "B" not in left.trainees
    assert of_person(left, "B") == []


def test_withdrawn_records_do_not_count(six: Store):
    six.write("MATCH (r:Record {id: 'K3'}) SET r.withdrawn_on = '2024-06-01'")
    late = {(f.rule, f.person) for f in audit(facts_of(six)).findings}
    assert ("duty_late", "B") in late


def test_facts_are_read_with_a_handful_of_questions(six: Store, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    read = type(six).read

    def counting(self: Store, query: str, **parameters: object) -> object:
        asked.append(query)
        return read(self, query, **parameters)

    monkeypatch.setattr(type(six), "read", counting)
    audit(facts_of(six))
    # The programme for its terms and for who is on file, and nine reads for up to `_TOGETHER`
    # people; the model reads by column.
    assert len(asked) == 12


def test_facts_read_in_parts_are_those_read_at_once(six: Store, monkeypatch: pytest.MonkeyPatch):
    def without(facts: Facts) -> dict[str, object]:
        return {name: value for name, value in vars(facts).items() if name != "_made"}

    whole, some = facts_of(six), facts_of(six, people=["A", "B", "D"])
    monkeypatch.setattr(reading, "_TOGETHER", 1)
    assert without(facts_of(six)) == without(whole)
    assert without(facts_of(six, people=["A", "B", "D"])) == without(some)
    assert len(whole.mentees["M1"]) > 1


def test_without_a_programme_nothing_is_found(embedded_store: Store):
    facts = facts_of(loaded(embedded_store, SIX))
    bare = replace(facts, programme=parse_programme("id: bare"), _made={})
    whole = audit(bare)
    # The pool's capacities are set on the mentors themselves.
    assert {f.rule for f in whole.findings} == {"mentor_overloaded", "problem_late", "problem_open"}
