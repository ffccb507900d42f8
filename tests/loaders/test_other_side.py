"""What is refused beside others is refused from the other side too; the export then loads back."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from graph.errors import InputError
from graph.settings import Settings
from graph.store import Store, open_store
from loaders import entry
from loaders.export import export
from loaders.load import check, load
from loaders.undo import hindrances, undo

PROGRAMME = """
id: small
name: {zh: 小, en: Small}
as_of: 2024-06-30
record_kinds:
  - {key: allowance, zh: 补助, en: payment, needs: [amount, batch]}
  - {key: reserve, zh: 后备名单, en: reserve list, results: [put_on, taken_off], needs: [result]}
  - {key: talk, zh: 谈话, en: talk}
results: [{key: put_on, zh: 纳入, en: put on}, {key: taken_off, zh: 调出, en: taken off}]
levels: [{key: city, zh: 市级, en: city}]
statuses:
  - {key: active, zh: 在职, en: in service}
  - {key: gone, zh: 已离开, en: left, counts: false}
reserve: {key: r, zh: 后备名单, en: Reserve list, record: reserve, put_on: put_on,
  taken_off: taken_off}
activity_groups: [{key: central, zh: 中心工作, en: central tasks}]
activity_kinds: [{key: land, zh: 征迁, en: land, group: central}, {key: c, zh: 培训, en: course}]
"""
PEOPLE = "id,name,roles,joined_on,status\nT1,王伟,trainee,2024-03-01,\nT2,李娜,trainee,,gone\n"
ACTIVITIES = "id,title,kind,held_on\nA1,培训班,c,2024-03-10\n"
ATTENDANCE = "person,activity\nT1,A1\n"


def folder_of(path: Path, **texts: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in texts.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def stored(embedded_store: Store, tmp_path: Path) -> Store:
    folder = folder_of(
        tmp_path / "data", people=PEOPLE, activities=ACTIVITIES, attendance=ATTENDANCE
    )
    (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    load(embedded_store, folder)
    return embedded_store


def loads_back(store: Store, tmp_path: Path) -> None:
    export(store, tmp_path / "out")
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'other.kgl'}")) as other:
        load(other, tmp_path / "out")


def corrected(store: Store, table: str, id_: str, **cells: str) -> entry.Stored:
    row = entry.stored(store, table, id_)
    texts = entry.texts_of(table, row.values) | cells
    return entry.correct(store, table, id_, texts, by="我", seen=row.mark, language="en")


# What is corrected, in people or activities: whether the course was then surely over before.
DAYS = [
    ("people", "joined_on", "2024-03-09", False),
    ("people", "joined_on", "2024-03-10", False),
    ("people", "joined_on", "2024-03-11", True),
    ("people", "joined_on", "2024", False),
    ("people", "joined_on", "2025", True),
    ("people", "joined_on", "", False),
    ("activities", "held_on", "2024-02-29", True),
    ("activities", "held_on", "2024-03-01", False),
    ("activities", "held_on", "2024-03-02", False),
    ("activities", "held_on", "2024", False),
    ("activities", "held_on", "2023", True),
]
CODES = {"people": "joined-after-attending", "activities": "held-before-joining"}


@pytest.mark.parametrize(("table", "column", "value", "is_refused"), DAYS)
def test_a_day_is_not_corrected_against_stored_attendance(
    stored: Store, tmp_path: Path, table: str, column: str, value: str, is_refused: bool
):
    id_ = {"people": "T1", "activities": "A1"}[table]
    folder = folder_of(tmp_path / "later", **{table: f"id,{column}\n{id_},{value}\n"})
    if table == "people":
        (folder / "people.csv").write_text(f"id,name,{column}\n{id_},王伟,{value}\n")
    else:
        (folder / "activities.csv").write_text(f"id,title,kind,{column}\n{id_},培训班,c,{value}\n")
    expected = [(2, CODES[table], column, value)] if is_refused else []
    assert [(e.row, e.code, e.column, e.value) for e in check(folder, stored)] == expected
    before = entry.stored(stored, table, id_)
    if not is_refused:
        corrected(stored, table, id_, **{column: value})
        return
    with pytest.raises(InputError) as refused:
        corrected(stored, table, id_, **{column: value})
    (problem,) = refused.value.problems
    assert (problem.code, problem.column) == (CODES[table], column)
    assert "took part in 培训班" in problem.message
    with pytest.raises(InputError):
        load(stored, folder)
    assert entry.stored(stored, table, id_) == before


def test_attendance_that_the_file_brings_is_told_there_alone(stored: Store, tmp_path: Path):
    people = PEOPLE.replace("2024-03-01", "2024-03-11")
    folder = folder_of(tmp_path / "later", people=people, attendance=ATTENDANCE)
    told = check(folder, stored)
    assert [(e.file, e.row, e.code) for e in told] == [("attendance.csv", 2, "before-joining")]


PAYMENT = {
    "person": "T1",
    "kind": "allowance",
    "on": "2024-03-05",
    "amount": "9",
    "batch": "2024一",
}


def test_a_withdrawn_payment_is_not_restored_beside_the_one_that_took_its_place(
    stored: Store, tmp_path: Path, client: FlaskClient
):
    first = entry.add(stored, "records", {**PAYMENT, "id": "r1"}, by="我")
    gone = withdrawn(stored, first)
    second = entry.add(stored, "records", {**PAYMENT, "id": "r2"}, by="我")
    with pytest.raises(InputError) as refused:
        entry.restore(stored, "r1", by="我", seen=gone.mark, language="en")
    assert [each.code for each in refused.value.problems] == ["paid-twice"]
    form = {"do": "restore", "seen": gone.mark, "by": "我", "reason": ""}
    page = client.post("/enter/records/r1", data=form)
    assert page.status_code == 400
    assert "这笔款已经发放" in page.text
    assert entry.stored(stored, "records", "r1") == gone
    loads_back(stored, tmp_path)
    withdrawn(stored, second)
    assert entry.restore(stored, "r1", by="我", seen=gone.mark).withdrawn_on is None


def withdrawn(store: Store, row: entry.Stored) -> entry.Stored:
    on = date(2024, 6, 1)
    return entry.withdraw(store, row.id, by="我", reason="错", seen=row.mark, on=on)


def test_what_a_programme_asks_of_stored_records_is_there_before_it_holds(
    stored: Store, tmp_path: Path
):
    entry.add(stored, "records", {"id": "r1", "person": "T1", "kind": "talk", "on": "2024-05-01"},
              by="我")  # fmt: skip
    asking = PROGRAMME.replace("en: talk}", "en: talk, needs: [level]}")
    folder = tmp_path / "asking"
    folder.mkdir()
    (folder / "programme.yaml").write_text(asking, encoding="utf-8")
    told = check(folder, stored, language="en")
    assert [(e.code, e.column, e.value) for e in told] == [
        ("programme-needs", "record_kinds", "talk")
    ]
    assert told[0].message == (
        "It asks for Level in talk, which stored records of that kind lack (1)."
    )
    with pytest.raises(InputError):
        load(stored, folder)
    folder_of(folder, records="id,person,kind,on,level\nr1,T1,talk,2024-05-01,city\n")
    assert check(folder, stored) == []  # it brings them
    assert load(stored, folder).problems == ()


def test_a_load_of_a_programme_is_not_undone_where_the_one_before_asked_for_more(
    stored: Store, tmp_path: Path
):
    folder = tmp_path / "less"
    folder.mkdir()
    less = PROGRAMME.replace("needs: [amount, batch]", "needs: [amount]")
    (folder / "programme.yaml").write_text(less, encoding="utf-8")
    loaded = load(stored, folder).load
    row = entry.add(stored, "records", {**PAYMENT, "batch": ""}, by="我")
    told = [str(each) for each in hindrances(stored, loaded)]
    assert told == ["What it asked of allowance is missing in 1 record."]
    entry.remove(stored, "records", row.id, by="我", reason="错", seen=row.mark)
    undo(stored, loaded, by="我")


def test_a_programme_is_not_taken_without_its_rules_where_the_stored_ones_do_not_fit(
    stored: Store, tmp_path: Path
):
    """Its own rules are wrong, and left out; the stored ones name a kind that it has not."""
    rules = (
        "rules:\n  - {id: R1, title: {zh: 一, en: one}, kind: hard, source: here,\n"
        "     rule: {lasts: {kinds: [%s], at_least: 12}}}\n"
    )
    for name, kind, named in (("one", "old", "old"), ("two", "new", "old")):
        folder = tmp_path / name
        folder.mkdir()
        kinds = f"rotation_kinds: [{{key: {kind}, zh: 锻炼, en: exercise}}]\n"
        (folder / "programme.yaml").write_text(PROGRAMME + kinds, encoding="utf-8")
        (folder / "rules.yaml").write_text(rules % named, encoding="utf-8")
        load(stored, folder, skip_bad=True)
    (row,) = stored.read("MATCH (p:Programme) RETURN p.rules AS rules")
    assert "key: old" in row["rules"]
    loads_back(stored, tmp_path)


# The day of leaving, and whether the stored entry of 2024-03-05 then lies after it.
LEAVINGS = [("2024-03-04", True), ("2024-03-05", True), ("2024-03-06", False), ("2024", False)]
ENTRY = {"id": "e1", "person": "T1", "kind": "reserve", "on": "2024-03-05", "result": "put_on"}


@pytest.mark.parametrize("by_file", [False, True])
@pytest.mark.parametrize(("since", "is_late"), LEAVINGS)
def test_a_leaving_before_an_entry_of_a_list_ends_it(
    stored: Store, tmp_path: Path, since: str, is_late: bool, by_file: bool
):
    entry.add(stored, "records", ENTRY, by="我")
    leaving = {"person": "T1", "kind": "resigned", "since": since}
    folder = folder_of(tmp_path / "s", service=f"person,kind,since\nT1,resigned,{since}\n")
    told = check(folder, stored)
    codes = [(each.severity, each.row, each.code, each.value) for each in told]
    assert codes == ([("warning", 2, "entry-after-leaving", "T1")] if is_late else [])
    if is_late:
        with pytest.raises(entry.Doubtful):
            entry.add(stored, "service", leaving, by="我", accepts_doubts=False)
        assert entry.stored(stored, "records", "e1").withdrawn_on is None
    if by_file:
        loaded = load(stored, folder).load
    else:
        entry.add(stored, "service", leaving, by="我")
    row = entry.stored(stored, "records", "e1")
    assert (row.withdrawn_on is not None) == is_late
    if is_late:
        assert row.withdrawn_why == f"此前已于{since}离开。"
    loads_back(stored, tmp_path)
    if by_file and is_late:
        undo(stored, loaded, by="我")
        assert entry.stored(stored, "records", "e1").withdrawn_on is None


def test_who_is_stored_as_having_left_is_not_put_on_after_what_is_known_last(
    stored: Store, tmp_path: Path
):
    """T2 left on a day that is not known, after the talk of 2024-05-01."""
    talk = {"person": "T2", "kind": "talk", "on": "2024-05-01"}
    put_on = {"person": "T2", "kind": "reserve", "result": "put_on"}
    with pytest.raises(InputError):
        entry.add(stored, "records", {**put_on, "on": "2020-01-01"}, by="我")
    entry.add(stored, "records", talk, by="我")
    for on, is_refused in (("2024-05-02", True), ("2024-05-01", False), ("2024-04-30", False)):
        folder = folder_of(
            tmp_path / "r", records=f"person,kind,on,result\nT2,reserve,{on},put_on\n"
        )
        told = [(each.row, each.code, each.column, each.value) for each in check(folder, stored)]
        assert told == ([(2, "left-undated", "person", "T2")] if is_refused else [])
        if is_refused:
            with pytest.raises(InputError) as refused:
                entry.add(stored, "records", {**put_on, "on": on}, by="我", language="en")
            (problem,) = refused.value.problems
            assert problem.message.startswith('"T2" has left, on a day that is not known;')
        else:
            entry.add(stored, "records", {**put_on, "on": on}, by="我")
    back = folder_of(
        tmp_path / "b",
        people="id,name,roles,status\nT2,李娜,trainee,active\n",
        records="person,kind,on,result\nT2,reserve,2024-05-02,put_on\n",
    )
    assert check(back, stored) == []  # the file says that they are here
    loads_back(stored, tmp_path)


def test_nobody_is_taken_off_who_is_not_on_the_list(
    stored: Store, client: FlaskClient, runner: FlaskCliRunner, tmp_path: Path
):
    def told(on: str) -> list[int]:
        body = {"person": "T1", "decision": "taken_off", "on": on, "by": "我"}
        answers = [
            client.post("/api/programme/reserve?lang=en", json=body),
            client.post(f"/programme/reserve?on={on}&lang=en", data=body),
            client.post("/enter/records?lang=en", data={**ENTRY, "id": "x", "on": on,
                        "result": "taken_off", "by": "我"}),
        ]  # fmt: skip
        for each in answers:
            assert f"is not on the list on {on} and cannot be taken off" in each.text
        command = runner.invoke(args=["reserve", "take-off", "T1", "--from", on, "--by", "我"])
        assert command.exit_code == 1
        assert "不在" in command.output or "is not on the list" in command.output
        return [each.status_code for each in answers]

    def records() -> int:
        return stored.read("MATCH (r:Record) RETURN count(r) AS n")[0]["n"]

    assert told("2024-03-05") == [400, 400, 400]
    entry.add(stored, "records", {**ENTRY, "until": "2024-04-05"}, by="我")
    assert told("2024-03-04") == [400, 400, 400]  # the day before
    assert told("2024-04-05") == [400, 400, 400]  # the term is over
    assert records() == 1
    off = {**ENTRY, "id": "e2", "on": "2024-03-05", "result": "taken_off"}
    entry.add(stored, "records", off, by="我")  # on the day
    assert told("2024-03-06") == [400, 400, 400]
    assert records() == 2
    loads_back(stored, tmp_path)


def test_an_activity_without_kind_is_asked_for_where_groups_of_kinds_count(
    stored: Store, tmp_path: Path, client: FlaskClient
):
    folder = folder_of(
        tmp_path / "more", activities="id,title,kind\nA2,驻村,\nA3,征地,land\nA4,会,c\n"
    )
    (told,) = check(folder, stored, language="en")
    assert (told.severity, told.row, told.code) == ("warning", 2, "activity-without-kind")
    assert told.message == "The activity has no kind, so it counts in none of: central tasks."
    row = {"id": "A5", "title": "驻村", "by": "我"}
    page = client.post("/enter/activities", data=row)
    assert page.status_code == 200
    assert "该活动没有类别，不计入中心工作。" in page.text
    assert stored.read("MATCH (a:Activity {id: 'A5'}) RETURN a.id AS id") == []
    names = folder_of(tmp_path / "titles", activities="id,title\nA1,培训班\n")
    assert check(names, stored) == []  # A1 keeps its kind
    other = PROGRAMME.replace(", group: central", "")
    (folder / "programme.yaml").write_text(other, encoding="utf-8")
    assert check(folder, stored) == []
