"""One rule for lights: what the audit finds and the to-do list paints have one colour each day."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import Store, open_store
from queries.programme.audit import audit
from queries.programme.lights import lights
from queries.programme.on_day import known_facts
from queries.programme.todo import todo
from tests.queries.programme.programme_cases import DISTRICT, facts_of, loaded

# What is to be done about a finding of these checks is on the list.
LISTED = {
    *("duty_late", "duty_due", "request_late", "request_open", "mentor_missing"),
    *("exercise_too_long", "training_missing", "care_missing", "focus_to_confirm"),
    *("problem_late", "problem_open", "stage_late", "mentor_left", "secretary_vacant"),
}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("lights") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, DISTRICT)


@pytest.mark.parametrize(
    "day",
    [date(2016, 1, 1), date(2019, 9, 10), date(2022, 3, 1), date(2024, 6, 30), date(2025, 1, 1)],
)
def test_todo_list_and_audit_agree_on_every_light_of_a_day(district: Store, day: date):
    facts = facts_of(district, day)
    found = Counter((f.level, f.rule, f.person) for f in audit(facts).findings if f.rule in LISTED)
    items = todo(facts, days=0)
    painted = Counter((i.light, i.check, i.person) for i in items if i.check in LISTED)
    assert painted == found
    assert {each.light for each in items if each.check not in LISTED} <= {"blue"}
    assert any(level == "red" for level, *_ in found) or day.year < 2017


def test_programme_that_changes_a_level_changes_the_light(tmp_path: Path, embedded_store: Store):
    folder = tmp_path / "district"
    shutil.copytree(DISTRICT, folder)
    rules = folder / "programme.yaml"
    text = rules.read_text(encoding="utf-8")
    changed = "\naudit:\n  checks:\n    - {check: duty_late, level: blue}\n"
    changed += "    - {check: training_missing, enabled: false}"
    assert "\naudit:" in text
    rules.write_text(re.sub(r"\naudit:[^\n]*", changed, text), encoding="utf-8")
    facts = facts_of(loaded(embedded_store, folder))
    lights = {item.check: item.light for item in todo(facts)}
    assert (lights["duty_late"], lights["training_missing"]) == ("blue", "blue")
    assert not [f for f in audit(facts).findings if f.rule == "training_missing"]


@pytest.mark.parametrize(
    "day", [date(2016, 1, 1), date(2019, 9, 10), date(2024, 6, 29), date(2024, 6, 30)]
)
def test_few_people_have_the_lights_that_everybodys_check_gives_them(
    tmp_path: Path, district: Store, day: date
):
    expected: dict[str, Counter[str]] = {}
    facts = facts_of(district, day)
    for finding in audit(facts).findings:
        expected.setdefault(finding.person, Counter())[finding.level] += 1
    assert any(person.startswith("M") for person in expected) or day.year < 2024
    everybody = sorted(facts.people)
    for at in range(0, len(everybody), 20):
        some = everybody[at : at + 20]
        found = lights(district, some, day)
        assert {person: Counter(n) for person, n in found.items() if any(n.values())} == {
            person: n for person, n in expected.items() if person in some
        }
        assert set(found) >= set(some) & set(facts.trainees)
    assert known_facts(district, day) is None  # everybody's were not read for them
