"""The facts of a day follow what is written: as a fresh reading has them, after any write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import upsert_nodes
from loaders.entry import add, correct, remove, stored, withdraw
from loaders.load import load
from loaders.undo import undo
from queries.programme import audit, care, duties, exercises, growth_file, mentoring, report, stages
from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from queries.programme.reading import read_facts
from queries.stored_programme import stored_programme
from tests.queries.programme.programme_cases import DISTRICT

DAYS = (date(2019, 6, 30), date(2024, 6, 30))  # of the earlier one later ends are not shown
READ = [each.name for each in fields(Facts) if not each.name.startswith("_")]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The reference district; every test of this file writes to it, each after the other."""
    folder = tmp_path_factory.mktemp("followed")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, DISTRICT)
        for day in DAYS:
            judged(facts_on(store, day))
        yield store


def judged(facts: Facts) -> list[object]:
    """All that is judged of everybody, by the person's own facts and of all together."""
    return [
        stages.progress(facts),
        mentoring.lights(facts),
        mentoring.endings(facts),
        mentoring.to_hand_over(facts),
        mentoring.vacant_posts(facts),
        mentoring.pool(facts),
        duties.duties(facts),
        duties.requests(facts),
        care.entitlements(facts),
        growth_file.scores(facts),
        exercises.coverage(facts),
        report.totals(facts),
        audit.audit(facts).findings,
    ]


def agrees(store: Store, day: date) -> Facts:
    """Compare what is kept with a fresh reading, fact by fact and judgement by judgement."""
    facts = facts_on(store, day)
    fresh = read_facts(store, stored_programme(store), day)
    for name in READ:
        if name != "states":
            assert getattr(facts, name) == getattr(fresh, name), name
    assert list(facts.people) == list(fresh.people)
    assert judged(facts) == judged(fresh)
    return facts


def written(store: Store, table: str, /, **texts: str) -> str:
    return add(store, table, texts, by="me", reason="so it is").id


def moved_record(store: Store) -> None:
    row = stored(store, "records", "RC0001")
    texts = {key: str(value) for key, value in row.values.items() if value is not None}
    correct(store, "records", "RC0001", {**texts, "person": "T005"}, by="me", seen=row.mark)


def taken_out(store: Store, name: str, id_: str) -> None:
    row = stored(store, name, id_)
    remove(store, name, id_, by="me", reason="wrong", seen=row.mark)


def withdrawn(store: Store) -> None:
    row = stored(store, "records", "RC0002")
    withdraw(store, "RC0002", by="me", reason="wrong", seen=row.mark, on=date(2024, 1, 1))


def renamed(store: Store, label: str, id_: str) -> None:
    upsert_nodes(store, label, [{"id": id_, "props": {"name": "改名"}}])


WRITES: dict[str, Callable[[Store], object]] = {
    "record": lambda s: written(
        s, "records", person="T003", kind="talk", on="2019-05-05", level="township", summary="谈话"
    ),
    "record of somebody else now": moved_record,
    "record withdrawn": withdrawn,
    "record taken out": lambda s: taken_out(s, "records", "RC0003"),
    "posting": lambda s: written(
        s, "rotations", person="T006", post="P18", kind="platform", since="2019-01-01",
        until="2019-12-01",
    ),
    "planned posting": lambda s: written(
        s, "rotations", person="T006", post="P18", kind="platform", since="2027-01-01",
        until="2027-06-01", status="planned",
    ),
    "mentor leaves": lambda s: written(
        s, "service", person="M004", kind="resigned", since="2019-03-01", document="文〔2019〕1号"
    ),
    "somebody on leave": lambda s: written(
        s, "service", person="T007", kind="leave", since="2019-03-01", until="2019-08-01",
        document="文〔2019〕2号",
    ),
    "activity": lambda s: written(
        s, "activities", id="A999", kind="first_lesson", title="第一课", held_on="2019-04-01"
    ),
    "attendance": lambda s: written(s, "attendance", person="T003", activity="A002", role="学员"),
    "activity of another name": lambda s: renamed(s, "Activity", "A001"),
    "pair": lambda s: written(
        s, "mentoring", mentor="T001", trainee="T009", kind="peer", since="2019-02-01"
    ),
    "pair taken out": lambda s: taken_out(s, "mentoring", "MT0001"),
    "wish": lambda s: written(s, "wishes", person="T003", post="P18"),
    "kin": lambda s: written(s, "kin", person="T003", relative="T010", relation="spouse"),
    "kin taken out": lambda s: [
        taken_out(s, "kin", row["id"])
        for row in s.read(
            "MATCH (a:Person {id: 'T019'})-[k:KIN_OF]->(b:Person {id: 'T021'}) RETURN k.id AS id"
        )
    ],
    "person": lambda s: written(
        s, "people", id="T999", name="新人", roles="trainee", cohort="2019", joined_on="2019-07-01"
    ),
    "name": lambda s: renamed(s, "Person", "T002"),
    "unit of another name": lambda s: renamed(s, "Unit", "U04"),
    "new post": lambda s: written(s, "posts", id="P999", title="科员", unit="U04", kind="staff"),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
def test_after_a_write_facts_and_judgements_are_as_read_anew(kept: Store, write: str):
    before = {day: facts_on(kept, day) for day in DAYS}
    WRITES[write](kept)
    for day in DAYS:
        after = agrees(kept, day)
        assert after is not before[day]


def test_whom_a_write_did_not_touch_nobody_judges_again(kept: Store, monkeypatch):
    (day,) = DAYS[1:]
    before = stages.progress(facts_on(kept, day))
    written(kept, "records", person="T003", kind="talk", on="2020-05-05", level="township")
    read: list[list[str]] = []

    def noted(store, programme, on, people=None, tables=None):
        read.append(sorted(people))
        return read_facts(store, programme, on, people, tables)

    monkeypatch.setattr("queries.programme.following.read_facts", noted)
    after = stages.progress(facts_on(kept, day))
    assert all("T003" in people and len(people) <= 4 for people in read)  # and whom they guide
    assert read
    again = {person for person in after if after[person] is not before[person]}
    assert again == {person for person in read[0] if person in after}


def test_a_load_and_its_undoing_are_followed(kept: Store, tmp_path: Path):
    (tmp_path / "records.csv").write_text(
        "id,person,kind,on,level\nRX1,T004,thought_report,2019-03-03,unit\n", encoding="utf-8"
    )
    before = facts_on(kept, DAYS[0])
    made = load(kept, tmp_path)
    after = agrees(kept, DAYS[0])
    assert len(after.entries["T004"]) == len(before.entries["T004"]) + 1
    undo(kept, made.load, by="me")
    assert agrees(kept, DAYS[0]).entries["T004"] == before.entries["T004"]
