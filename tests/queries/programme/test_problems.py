"""A problem of a talk: open, late, settled; the day before, on the day and after."""

from datetime import date

import pytest

from graph.store import Store
from queries.programme.audit import audit
from queries.programme.problems import problems
from queries.programme.reminders import reminders
from queries.programme.todo import todo
from tests.queries.programme.programme_cases import SIX, facts_of, loaded

# On which day the problems of K1 (due 2024-05-31, settled 2024-05-20), K2 (due 2024-05-31) and
# K6 (due 2024-07-31) stand how; K2 and K6 were raised on 2024-01-10, K1 on 2024-05-01.
STATES = [
    (date(2024, 1, 9), {}),
    (date(2024, 1, 10), {"K2": "due", "K6": "due"}),
    (date(2024, 5, 19), {"K1": "due", "K2": "due", "K6": "due"}),
    (date(2024, 5, 20), {"K1": "done", "K2": "due", "K6": "due"}),
    (date(2024, 5, 31), {"K1": "done", "K2": "due", "K6": "due"}),
    (date(2024, 6, 1), {"K1": "done", "K2": "late", "K6": "due"}),
    (date(2024, 8, 1), {"K1": "done", "K2": "late", "K6": "late"}),
]


@pytest.fixture
def six(embedded_store: Store) -> Store:
    return loaded(embedded_store, SIX)


def test_a_problem_is_open_until_it_is_settled_and_late_after_its_day(six: Store):
    for on, states in STATES:
        assert {p.record: p.state for p in problems(facts_of(six, on))} == states, on


def test_the_list_and_the_audit_say_the_same_of_problems(six: Store):
    for on, states in STATES:
        facts = facts_of(six, on)
        found = {f.part: f.rule for f in audit(facts).findings if f.rule.startswith("problem_")}
        listed = {i.part: i.check for i in todo(facts, 0) if i.kind == "problem"}
        words = {"due": "problem_open", "late": "problem_late"}
        assert found == listed == {r: words[s] for r, s in states.items() if s != "done"}


def test_a_problem_due_within_a_month_is_late_after_the_month(six: Store):
    six.write("MATCH (r:Record {id: 'K2'}) SET r.due = '2024-05'")
    states = {
        on: next(p.state for p in problems(facts_of(six, on)) if p.record == "K2")
        for on in (date(2024, 5, 2), date(2024, 5, 31), date(2024, 6, 1))
    }
    assert list(states.values()) == ["due", "due", "late"]


def test_whoever_settles_a_problem_is_reminded_of_it_until_it_is_settled(six: Store):
    def solvers(on: date) -> set[str]:
        return {r.talker for r in reminders(facts_of(six, on), 7) if r.talker}

    assert solvers(date(2024, 5, 23)) == set()  # K2 is due in eight days, K6 later
    assert solvers(date(2024, 5, 24)) == {facts_of(six).name("M1")}
    assert solvers(date(2024, 7, 24)) == {facts_of(six).name("M1"), "科长"}
