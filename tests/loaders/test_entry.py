"""One row at a time, on each engine: the checks of a file, both sides of a clash, the history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from graph.changes import changes
from graph.errors import Conflict, InputError, NotFound
from graph.schema import table
from graph.store import Store
from graph.tables import stored_rows
from loaders import entry
from loaders.entry import Changed
from loaders.load import load
from queries.catalogue import ask

PROGRAMME = """
id: small
name: {zh: 小, en: Small}
record_kinds: [{key: talk, zh: 谈话, en: talk}]
rotation_kinds: [{key: grassroots, zh: 基层, en: grassroots}, {key: secondment, zh: 挂职, en: x}]
exercises: [{key: secondment, keeps_home_post: true}]
"""
FILES = {
    "programme.yaml": PROGRAMME,
    "units.csv": "id,name,part_of\nd,某区,\nv,某村,d\n",
    "posts.csv": "id,title,unit,capacity\np,村助理,v,1\nq,副主任,d,\n",
    "people.csv": (
        "id,name,roles,cohort,specialties,mentor_capacity\n"
        "T1,王伟,trainee,2019,法学;农学,\nT2,李娜,trainee,2020,,\nM1,曾国安,mentor,,,1\n"
    ),
    "mentoring.csv": "id,mentor,trainee,since,methods\nm1,M1,T1,2019-09,talk\n",
    "rotations.csv": "id,person,post,kind,since,until\nr1,T1,p,grassroots,2019-09,\n",
    "activities.csv": "id,title,held_on\nc,培训,2024-03-01\n",
    "attendance.csv": "person,activity,role\nT1,c,学员\nT2,c,\n",
    "records.csv": "id,person,kind,on\nn1,T1,talk,2024-01-05\n",
    "wishes.csv": "person,post,unit,rank_of_wish\nT1,q,,1\nT1,,v,2\n",
    "kin.csv": "person,relative,relation\nT1,T2,spouse\n",
}


@pytest.fixture
def small(store: Store, tmp_path) -> Store:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    load(store, folder)
    return store


def codes(error: InputError) -> list[tuple[str | None, str]]:
    return [(problem.column, problem.code) for problem in error.problems]


def people_on(store: Store, record: str) -> list[str]:
    statement = "MATCH (p:Person)-[:HAS_RECORD]->(:Record {id: $id}) RETURN p.id AS id"
    return [row["id"] for row in store.read(statement, id=record)]


ROWS = [
    ("people", "T1"),
    ("units", "v"),
    ("posts", "p"),
    ("mentoring", "m1"),
    ("rotations", "r1"),
    ("activities", "c"),
    ("records", "n1"),
]


@pytest.mark.parametrize(("table", "id_"), ROWS)
def test_stored_row_saved_as_it_is_changes_nothing(small: Store, table: str, id_: str):
    row = entry.stored(small, table, id_)
    texts = entry.texts_of(table, row.values)
    assert entry.check(small, table, texts, id_=id_).problems == ()
    assert entry.correct(small, table, id_, texts, by="a", seen=row.mark) == row
    assert changes(small) == []


def test_rows_about_a_person_name_the_other_end(small: Store):
    wishes = entry.rows_about(small, "wishes", "person", "T1")
    assert {frozenset(row.names.items()) for row in wishes} == {
        frozenset({("person", "王伟"), ("post", "副主任")}),
        frozenset({("person", "王伟"), ("unit", "某村")}),
    }
    (tie,) = entry.rows_about(small, "mentoring", "mentor", "M1")
    assert (tie.id, tie.values["trainee"], tie.values["methods"]) == ("m1", "T1", ["talk"])
    assert [r.values["person"] for r in entry.rows_about(small, "kin", "relative", "T2")] == ["T1"]


def test_added_record_stands_in_the_file_with_its_history(small: Store):
    texts = {"person": "T2", "kind": "talk", "on": "2024年3月5日", "summary": "聊工作"}
    row = entry.add(small, "records", texts, by=" 张三 ")
    assert people_on(small, row.id) == ["T2"]
    assert row.values["on"] == "2024-03-05"
    (change,) = changes(small, about="T2")
    assert (change.by, change.action, change.before) == ("张三", "added", None)
    assert change.after == row.values


def test_entry_has_the_id_that_a_file_would_give_it(small: Store, tmp_path):
    row = entry.add(small, "mentoring", {"mentor": "M1", "trainee": "T2", "since": "2024"}, by="a")
    (tmp_path / "mentoring.csv").write_text("mentor,trainee,since\nM1,T2,2024\n", encoding="utf-8")
    load(small, tmp_path / "mentoring.csv")
    assert [tie.id for tie in entry.rows_about(small, "mentoring", "trainee", "T2")] == [row.id]


def test_wrong_cells_are_told_by_column_and_nothing_is_stored(small: Store):
    with pytest.raises(InputError) as caught:
        entry.add(small, "records", {"person": "T9", "kind": "tlak", "on": "2024-13"}, by="a")
    assert set(codes(caught.value)) == {("kind", "unknown-kind"), ("on", "bad-date")}
    with pytest.raises(InputError) as caught:
        entry.add(small, "records", {"person": "T9", "kind": "talk"}, by="a")
    assert codes(caught.value) == [("person", "unknown-reference")]
    with pytest.raises(InputError) as caught:
        entry.add(small, "records", {}, by="a")
    assert ("person", "missing-value") in codes(caught.value)
    assert changes(small) == []


def test_unit_above_itself_is_refused(small: Store):
    row = entry.stored(small, "units", "d")
    with pytest.raises(InputError) as caught:
        entry.correct(small, "units", "d", {"name": "某区", "part_of": "v"}, by="a", seen=row.mark)
    assert codes(caught.value) == [("part_of", "part-of-cycle")]


def test_entry_without_a_name_is_refused(small: Store):
    with pytest.raises(InputError, match="name"):
        entry.add(small, "records", {"person": "T1", "kind": "talk"}, by="  ")
    assert entry.rows_about(small, "records", "person", "T1")[0].id == "n1"


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        ("people", {"id": "T1", "name": "另一人"}),
        ("records", {"id": "n1", "person": "T2", "kind": "talk"}),
        ("attendance", {"person": "T1", "activity": "c", "role": "教员"}),
    ],
)
def test_adding_what_is_stored_is_a_conflict_and_overwrites_nothing(
    small: Store, table: str, texts: dict[str, str]
):
    with pytest.raises(Conflict):
        entry.add(small, table, texts, by="a")
    assert entry.stored(small, "people", "T1").values["name"] == "王伟"
    assert people_on(small, "n1") == ["T1"]
    roles = {r.values.get("role") for r in entry.rows_about(small, "attendance", "person", "T1")}
    assert roles == {"学员"}


def test_same_words_again_after_a_correction_make_a_second_row(small: Store):
    texts = {"person": "T2", "kind": "talk", "on": "2024-03-05"}
    first = entry.add(small, "records", texts, by="a")
    changed = {**texts, "summary": "补充"}
    entry.correct(small, "records", first.id, changed, by="a", seen=first.mark)
    second = entry.add(small, "records", texts, by="a")
    assert second.id != first.id
    assert len(entry.rows_about(small, "records", "person", "T2")) == 2


def test_second_person_is_told_and_given_both_and_what_both_had_seen(small: Store):
    seen = entry.stored(small, "people", "T1")
    texts = entry.texts_of("people", seen.values)
    theirs = entry.correct(
        small, "people", "T1", {**texts, "education": "博士"}, by="甲", seen=seen.mark
    )
    with pytest.raises(Changed) as caught:
        entry.correct(small, "people", "T1", {**texts, "status": "x"}, by="乙", seen=seen.mark)
    assert caught.value.status == 409
    assert caught.value.now == theirs
    assert caught.value.last is not None and caught.value.last.by == "甲"
    assert caught.value.base == seen.values
    mine = {**entry.texts_of("people", theirs.values), "status": "x"}
    merged = entry.correct(small, "people", "T1", mine, by="乙", seen=theirs.mark)
    assert (merged.values["education"], merged.values["status"]) == ("博士", "x")


def test_of_many_at_once_exactly_one_is_stored_and_the_others_are_told(small: Store):
    seen = entry.stored(small, "people", "T1")
    texts = entry.texts_of("people", seen.values)

    def write(number: int) -> bool:
        mine = {**texts, "status": f"s{number}"}
        try:
            entry.correct(small, "people", "T1", mine, by=f"p{number}", seen=seen.mark)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(write, range(6))) == [False] * 5 + [True]
    (change,) = changes(small)
    assert entry.stored(small, "people", "T1").values == change.after


def test_correction_moves_edges_and_labels(small: Store):
    row = entry.stored(small, "mentoring", "m1")
    texts = {"mentor": "T2", "trainee": "T1", "tasks": "survey=done;dispute"}
    after = entry.correct(small, "mentoring", "m1", texts, by="a", seen=row.mark)
    assert after.values["tasks"] == ["survey=done", "dispute"]
    assert entry.rows_about(small, "mentoring", "mentor", "M1") == []
    labels = small.read("MATCH (p:Person {id: 'T2'}) RETURN labels(p) AS found")[0]["found"]
    assert set(labels) == {"Person", "Trainee", "Mentor"}
    person = entry.stored(small, "people", "T2")
    texts = {"name": "欧阳娜"}
    entry.correct(small, "people", "T2", texts, by="a", seen=person.mark)
    found = small.read("MATCH (p:Person {id: 'T2'}) RETURN p.search AS text, labels(p) AS labels")
    assert "ouyangna" in found[0]["text"]
    assert set(found[0]["labels"]) == {"Person", "Mentor"}  # still a mentor, by the edge


def test_id_and_ends_without_an_id_stay_as_they_are(small: Store):
    row = entry.stored(small, "records", "n1")
    texts = {"id": "other", "person": "T1", "kind": "talk", "on": "2024-02-01"}
    assert entry.correct(small, "records", "n1", texts, by="a", seen=row.mark).id == "n1"
    (there,) = entry.rows_about(small, "attendance", "person", "T1")
    texts = {"person": "T2", "activity": "c", "role": "教员"}
    after = entry.correct(small, "attendance", there.id, texts, by="a", seen=there.mark)
    assert (after.values["person"], after.values["role"]) == ("T1", "教员")


def test_withdrawn_record_stays_with_its_reason_and_can_count_again(small: Store):
    row = entry.stored(small, "records", "n1")
    with pytest.raises(InputError, match="reason"):
        entry.withdraw(small, "n1", by="a", reason=" ", seen=row.mark, on=date(2024, 6, 30))
    gone = entry.withdraw(small, "n1", by="a", reason="记错人", seen=row.mark, on=date(2024, 6, 30))
    assert (gone.withdrawn_on, gone.withdrawn_why) == ("2024-06-30", "记错人")
    assert gone.values == row.values
    with pytest.raises(Changed):  # who had the old page open is told
        texts = entry.texts_of("records", row.values)
        entry.correct(small, "records", "n1", texts, by="b", seen=row.mark)
    back = entry.restore(small, "n1", by="b", seen=gone.mark)
    assert back == row
    assert [(c.action, c.by, c.reason) for c in changes(small)] == [
        ("restored", "b", None),
        ("withdrawn", "a", "记错人"),
    ]


def test_withdrawn_record_stays_withdrawn_when_its_file_is_loaded_again(small: Store, tmp_path):
    row = entry.stored(small, "records", "n1")
    entry.withdraw(small, "n1", by="a", reason="错", seen=row.mark, on=date(2024, 6, 30))
    load(small, tmp_path / "files")
    assert entry.stored(small, "records", "n1").withdrawn_on == "2024-06-30"


def test_withdrawn_record_is_in_no_export_and_in_no_answer(small: Store, tmp_path):
    row = entry.stored(small, "records", "n1")
    entry.withdraw(small, "n1", by="a", reason="错", seen=row.mark, on=date(2024, 6, 30))
    assert list(stored_rows(small, table("records"))) == []
    assert ask(small, "people.records", person="T1").rows == []


def test_pair_entered_by_mistake_is_taken_out_and_kept_in_the_history(small: Store):
    row = entry.stored(small, "mentoring", "m1")
    entry.remove(small, "mentoring", "m1", by="a", reason="重复", seen=row.mark)
    with pytest.raises(NotFound):
        entry.stored(small, "mentoring", "m1")
    (change,) = changes(small, about="T1")
    assert (change.action, change.reason, change.after) == ("removed", "重复", None)
    assert change.before == row.values


def test_person_that_others_refer_to_is_not_taken_out(small: Store):
    row = entry.stored(small, "people", "T1")
    with pytest.raises(Conflict):
        entry.remove(small, "people", "T1", by="a", reason="错", seen=row.mark)
    new = entry.add(small, "people", {"id": "T9", "name": "误"}, by="a")
    entry.remove(small, "people", "T9", by="a", reason="错", seen=new.mark)
    assert small.read("MATCH (p:Person {id: 'T9'}) RETURN p.id AS id") == []


def test_post_with_only_its_unit_can_be_taken_out(small: Store):
    new = entry.add(small, "posts", {"id": "z", "title": "新岗", "unit": "v"}, by="a")
    entry.remove(small, "posts", "z", by="a", reason="错", seen=new.mark)
    assert small.read("MATCH (:Post)-[:IN]->(u:Unit {id: 'v'}) RETURN u.id AS id") == [{"id": "v"}]


def test_attendance_sheet_adds_corrects_and_takes_out_at_once(small: Store):
    rows = entry.rows_about(small, "attendance", "activity", "c")
    seen = entry.attendance_mark(rows)
    present = {"T1": {"role": "组长"}, "M1": {}}
    assert entry.attend(small, "c", present, by="a", seen=seen) == (1, 1, 1)
    after = entry.rows_about(small, "attendance", "activity", "c")
    assert {(r.values["person"], r.values.get("role")) for r in after} == {
        ("T1", "组长"),
        ("M1", None),
    }
    assert sorted(change.action for change in changes(small)) == ["added", "corrected", "removed"]
    with pytest.raises(Conflict):
        entry.attend(small, "c", {}, by="b", seen=seen)
    assert len(entry.rows_about(small, "attendance", "activity", "c")) == 2


@pytest.mark.parametrize(
    ("table", "texts", "expected"),
    [
        ("rotations", {"person": "T1", "post": "q", "since": "2024"}, ["overlaps-stored"]),
        ("rotations", {"person": "T1", "post": "q", "since": "2024", "kind": "secondment"}, []),
        ("rotations", {"person": "T1", "post": "q", "since": "2024", "marks": "兼任"}, []),
        ("rotations", {"person": "T1", "post": "q", "since": "2024", "marks": "acting"}, []),
        ("rotations", {"person": "T1", "post": "q", "since": "2024", "status": "planned"}, []),
        ("rotations", {"person": "T1", "post": "q", "since": "2018", "until": "2019"}, []),
        ("rotations", {"person": "T2", "post": "p", "since": "2024"}, ["crowds-stored"]),
        ("mentoring", {"mentor": "M1", "trainee": "T2", "since": "2024"}, ["mentor-full"]),
        ("mentoring", {"mentor": "T2", "trainee": "T1", "since": "2024"}, []),
        ("mentoring", {"mentor": "T1", "trainee": "M1", "since": "2024"}, ["circle-stored"]),
    ],
)
def test_doubts_beside_what_is_stored(small: Store, table, texts, expected):
    found = entry.check(small, table, texts)
    assert [problem.code for problem in found.warnings] == expected
    assert found.errors == ()
    entry.add(small, table, texts, by="a")  # a person may accept them


def test_row_is_not_held_against_itself(small: Store):
    row = entry.stored(small, "rotations", "r1")
    texts = {**entry.texts_of("rotations", row.values), "since": "2019-10"}
    assert entry.check(small, "rotations", texts, id_="r1").problems == ()


def test_next_id_counts_on_with_the_same_width(small: Store):
    assert entry.next_id(small, "people") == "T3"
    entry.add(small, "activities", {"id": "A009", "title": "x"}, by="a")
    assert entry.next_id(small, "activities") == ""  # "c" is the last, and has no number
