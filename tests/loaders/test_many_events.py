"""Many notices at once: a file of them, judged one after the other, stored and undone as one."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.errors import AppError, Conflict, InputError
from graph.schema import PROGRAMME
from graph.store import Store
from graph.upsert import upsert_nodes
from loaders.entry import add, add_all
from loaders.events import Notice, events, happen, undo_event
from loaders.events.happen import Unconfirmed, UnfitNotices
from loaders.events.many import happen_file, happen_rows
from loaders.events.table import NOTICES, rows_of_texts
from loaders.load import check
from loaders.naming import NamesUnconfirmed
from loaders.problems import Findings
from loaders.written import texts_of_pasted
from queries.catalogue import ask
from queries.stored_programme import stored_programme
from tests.at_once import at_once
from tests.small_graph import PROGRAMME_TEXT, fill

KINDS = """
rotation_kinds:
  - {key: appointment, zh: 任职, en: appointment}
  - {key: grassroots, zh: 锻炼, en: exercise}
  - {key: key_post, zh: 关键岗位, en: key post}
  - {key: borrowed, zh: 借调, en: borrowing, keeps_home_post: true}
"""
RULES = """
rules:
- id: two_years
  title: {zh: 任职年限, en: Years in rank}
  rule: {rank_after: {rank: 副科, from: [科员], months: 24}}
  kind: hard
  source: test
- id: kin
  title: {zh: 亲属回避, en: Relatives apart}
  rule: {kin_apart: {relations: [姐弟], leading_post_kinds: [unit_head]}}
  kind: hard
  source: test
"""


def filled(store: Store) -> Store:
    """Store the small district, with 甲 (p) and 乙 (q), kin of one another, without a post."""
    fill(store)
    rules = {"rules": PROGRAMME_TEXT + KINDS, "appointment_rules": RULES}
    upsert_nodes(store, PROGRAMME, [{"id": "small", "props": {"name": "小计划", **rules}}])
    people = [("p", "甲"), ("q", "乙"), ("z", "李敏")]
    add_all(store, "people", [{"id": i, "name": n, "joined_on": "2024-01-01"} for i, n in people],
            by="王")  # fmt: skip
    add(store, "kin", {"person": "p", "relative": "q", "relation": "姐弟"}, by="王")
    add(store, "units", {"id": "w", "name": "发改局"}, by="王")
    posts = [{"id": "w1", "title": "局长", "kind": "unit_head"}, {"id": "w2", "title": "科员"}]
    add_all(store, "posts", [{**each, "unit": "w"} for each in posts], by="王")
    return store


@pytest.fixture
def small(store: Store) -> Store:
    return filled(store)


def rows(store, *texts, **shared):
    findings = Findings("en")
    found = rows_of_texts(texts, stored_programme(store), findings, shared)
    assert findings.problems() == []
    return found


def postings(store, person):
    return [
        (row["post"], row["kind"], row["since"], row["until"])
        for row in ask(store, "people.postings", person=person).rows
    ]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


TABLE: list[list[Any]] = [
    ["任免事项表"],
    ["事项", "姓名", "生效日期", "单位", "岗位", "任职类别", "文号"],
    ["任命", "甲", "2024年3月1日", "柳村", "村书记助理", "锻炼", "石组〔2024〕5号"],
    ["任命", "乙", "2024-3-1", None, "发改局 科员", None, "石组〔2024〕5号"],
    ["退休", "王芳", "2024/3/1", None, None, None, "石组〔2024〕6号"],
]


def as_csv(path: Path) -> Path:
    lines = [",".join(cell or "" for cell in row) for row in TABLE]
    return write(path / "任免表.csv", "\n".join(lines), "gb18030")


def as_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "任免"
    book.create_sheet("填表说明").append(["请逐行填写"])
    for row in TABLE:
        book.active.append(row)
    book.save(path / "many.xlsx")
    return path / "many.xlsx"


@pytest.mark.parametrize("made", [as_csv, as_xlsx])
def test_a_file_is_told_confirmed_stored_and_undone_as_one(small, tmp_path, made):
    file = made(tmp_path)
    told = happen_file(small, file, {}, by="", dry_run=True)
    assert [(each.row, each.value, each.id, each.shown) for each in told.read_as] == [
        (3, "甲", "p", "甲"), (3, "村书记助理", "v1", "柳村 村书记助理"),
        (4, "乙", "q", "乙"), (4, "发改局 科员", "w2", "发改局 科员"),
        (5, "王芳", "m", "王芳 区委办 副主任"),
    ]  # fmt: skip
    assert told.totals == {
        "service": 1, "posting_begins": 2, "posting_ends": 1, "post_free": 1,
        "pair_begins": 0, "pair_ends": 1, "without_mentor": 1,
    }  # fmt: skip
    assert postings(small, "p") == [] and events(small) == []
    with pytest.raises(NamesUnconfirmed, match="5 names"):
        happen_file(small, file, {}, by="王")
    stored = happen_file(small, file, {}, by="王", confirmed=True)
    assert postings(small, "p") == [("v1", "grassroots", "2024-03-01", None)]
    assert postings(small, "q") == [("w2", "appointment", "2024-03-01", None)]
    kept = events(small)
    assert [(each.kind, each.person, each.batch) for each in kept] == [
        ("retired", "m", stored.batch), ("appoint", "q", stored.batch),
        ("appoint", "p", stored.batch),
    ]  # fmt: skip
    assert len(undo_event(small, stored.batch, by="李")) == 3
    assert postings(small, "p") == postings(small, "q") == []
    assert ask(small, "people.service", person="m").rows == []
    assert {each.state for each in events(small)} == {"undone"}
    with pytest.raises(Conflict, match="undone already"):
        undo_event(small, stored.batch, by="李")


def test_a_wrong_file_names_file_row_column_value_and_stores_nothing(small, tmp_path):
    text = """kind,person,on,post
leave,m,2024-03-01,
跳舞,m,2024-03-01,
任命,李敏,2024-03-01,o2
免职,k,2024-03-01,v1
任命,p,2024-03-01,火箭
"""
    with pytest.raises(UnfitNotices) as refused:
        happen_file(small, write(tmp_path / "e.csv", text), {}, by="王", reason="x")
    refused.value.translated(str)
    assert [(p.file, p.row, p.column, p.value) for p in refused.value.problems] == [
        ("e.csv", 3, "kind", "跳舞"), ("e.csv", 4, "person", "李敏"), ("e.csv", 6, "post", "火箭"),
    ]  # fmt: skip
    assert "b 李敏; z 李敏" in refused.value.problems[1].message
    right = text.replace("跳舞,m", "retired,k").replace("李敏", "z").replace("火箭", "o1")
    with pytest.raises(UnfitNotices) as refused:
        happen_file(small, write(tmp_path / "e.csv", right), {}, by="王", reason="x")
    refused.value.translated(str)
    # 王方 retires in row 3, so that row 5 finds no such post; his own row is right.
    assert [(p.row, p.column, p.value) for p in refused.value.problems] == [(5, "post", "v1")]
    text = "kind,person,on\n退休,m,2024-02-30\n退休,,2024\n"
    with pytest.raises(InputError) as unread:
        happen_file(small, write(tmp_path / "e.csv", text), {}, by="王", language="en")
    assert [(p.row, p.column, p.value, p.code) for p in unread.value.problems] == [
        (2, "on", "2024-02-30", "bad-date"), (3, "person", None, "missing-value"),
    ]  # fmt: skip
    assert events(small) == []


def test_shared_cells_fill_what_is_empty_and_json_is_read(small, tmp_path):
    file = write(
        tmp_path / "any.json", '{"events": [{"person": "p"}, {"person": "q", "on": "2024-03-02"}]}'
    )
    shared = {"kind": "leave", "on": "2024-03-01", "document": "5号"}
    happen_file(small, file, shared, by="王")
    assert [(each.person, each.on, each.document) for each in events(small)] == [
        ("q", "2024-03-02", "5号"), ("p", "2024-03-01", "5号"),
    ]  # fmt: skip


def test_names_that_several_have_are_narrowed_by_unit_bracket_and_what_is_held(small):
    happen(small, [Notice("appoint", "b", "2024-02-01", post="o2")], by="王", reason="x")
    table = rows(
        small,
        {"person": "李敏（区委办）", "kind": "免职", "post": "科员"},
        {"person": "甲", "kind": "任命", "unit": "发改局", "post": "科员"},
        {"person": "q", "name": "乙", "kind": "任命", "post": "柳村村书记助理"},
        on="2024-03-01",
    )
    told = happen_rows(small, table, by="", dry_run=True)
    assert [(each.column, each.id) for each in told.read_as] == [
        ("person", "b"), ("post", "o2"), ("person", "p"), ("post", "w2"), ("post", "v1"),
    ]  # fmt: skip
    other_name = {"person": "q", "name": "甲", "kind": "leave"}
    with pytest.raises(UnfitNotices, match="q is 乙, not 甲"):
        happen_rows(small, rows(small, other_name, on="2024-03-01"), by="王")
    two_posts = {"person": "p", "kind": "appoint", "post": "科员"}
    with pytest.raises(UnfitNotices, match="“科员” may be 2: o2 区委办 科员; w2 发改局 科员"):
        happen_rows(small, rows(small, two_posts, on="2024-03-01"), by="王")


def test_a_notice_is_judged_after_those_before_it(small):
    first = Notice("appoint", "p", "2024-03-01", post="w1")
    second = Notice("appoint", "q", "2024-03-01", post="w2")
    for alone in (first, second):
        (outcome,) = happen(small, [alone], by="", dry_run=True)
        assert outcome.doubts == ()
    one, other = happen(small, [first, second], by="", dry_run=True)
    assert one.doubts == ()
    assert [str(each.message) for each in other.doubts] == ["甲 (姐弟) serves in 发改局."]
    with pytest.raises(Unconfirmed, match="serves in 发改局"):
        happen(small, [first, second], by="王")
    assert postings(small, "p") == []
    # Once 甲 is removed again on the same table, nothing stands in the way of the other.
    later = Notice("appoint", "q", "2024-05-01", post="w2")
    gone = Notice("remove", "p", "2024-05-01")
    assert [each.doubts for each in happen(small, [first, gone, later], by="", dry_run=True)] == [
        (), (), (),
    ]  # fmt: skip


def test_the_reason_of_a_row_confirms_its_own_doubts_only(small):
    falls = Notice("appoint", "m", "2024-03-01", post="o2", reason="机构改革")
    also = Notice("appoint", "a", "2024-03-01", post="o2")
    with pytest.raises(Unconfirmed) as refused:
        happen(small, [falls, also], by="王")
    assert "李明 falls" in str(refused.value) and "王芳" not in str(refused.value)
    happen(small, [falls, Notice("appoint", "a", "2024-03-01", post="o2", reason="降职")], by="王")
    assert [(each.person, each.reason) for each in events(small)] == [
        ("a", "降职"), ("m", "机构改革"),
    ]  # fmt: skip


def test_a_term_ends_the_post_and_the_guided_go_to_the_successor(small):
    happen(small, [Notice("appoint", "k", "2024-01-01", post="w2")], by="王", reason="x")
    change = Notice("hand_over", "m", "2024-03-01", post="o1", to="k")
    (outcome,) = happen(small, [change], by="", dry_run=True)
    assert [each.what for each in outcome.consequences] == [
        "posting_ends", "posting_ends", "post_free", "posting_begins",
        "pair_ends", "pair_begins", "mentor_load",
    ]  # fmt: skip
    assert [each.id for each in outcome.consequences if each.what == "post_free"] == ["w2"]
    (stored,) = happen(small, [change], by="王", reason="换届")
    assert postings(small, "m") == [("o1", "appointment", "2015", "2024-03-01")]
    assert ("o1", "appointment", "2024-03-01", None) in postings(small, "k")
    add(small, "rotations", {"person": "k", "post": "w2", "since": "2024-06-01"}, by="赵")
    with pytest.raises(Conflict, match=r"later facts stand on it: rotations .*赵"):
        undo_event(small, stored.id, by="王")


def test_one_pair_ends_by_either_of_its_people(small):
    (outcome,) = happen(small, [Notice("end_pair", "b", "2024-03-01")], by="", dry_run=True)
    assert [(each.what, each.id) for each in outcome.consequences] == [
        ("pair_ends", "m5"), ("without_mentor", "b"),
    ]  # fmt: skip
    # 李明 has 王方 since 2017 and guides 𠮷田 since 2020-08: whose pair is meant must be said.
    with pytest.raises(InputError, match="several pairs"):
        happen(small, [Notice("end_pair", "a", "2024-03-01")], by="王")
    happen(small, [Notice("end_pair", "a", "2024-03-01", to="c")], by="王")
    assert [(r["trainee"], r["until"]) for r in ask(small, "people.trainees", person="a").rows] == [
        ("c", "2024-03-01")
    ]
    with pytest.raises(Conflict, match="no pair on 2024-03-01"):
        happen(small, [Notice("end_pair", "a", "2024-03-01", to="c")], by="王")


def test_the_load_of_a_new_mentor_stands_beside_the_limit(small):
    add(small, "people", {"id": "n", "name": "新人", "mentor_capacity": "0"}, by="王")
    notice = Notice("hand_over", "m", "2024-03-01", to="n")
    (outcome,) = happen(small, [notice], by="", dry_run=True)
    assert str(outcome.consequences[-1].message) == "新人 then guides 1 of at most 0."
    assert [each.rule for each in outcome.doubts] == ["mentor-full"]


def test_a_post_held_in_acting_stays_vacant_and_a_renewed_one_is_held_on(small):
    acting = Notice("appoint", "p", "2024-03-01", post="o1", acting=True)
    outcomes = happen(small, [Notice("remove", "m", "2024-03-01"), acting], by="", dry_run=True)
    assert [each.what for each in outcomes[0].consequences] == ["posting_ends", "post_free"]
    filled = [Notice("remove", "m", "2024-03-01"), Notice("appoint", "p", "2024-03-01", post="o1")]
    outcomes = happen(small, filled, by="", reason="x", dry_run=True)
    assert [each.what for each in outcomes[0].consequences] == ["posting_ends"]
    happen(small, [Notice("连任", "m", "2024-03-01")], by="王")
    assert postings(small, "m") == [
        ("o1", "appointment", "2015", "2024-03-01"), ("o1", "appointment", "2024-03-01", None),
    ]  # fmt: skip


def test_acting_and_a_secondment_are_no_rise(small):
    """甲 is 科员 for a month; t1 is of 副科, which asks for 24 of them."""
    happen(small, [Notice("appoint", "p", "2024-02-01", post="o2")], by="王")
    ways: list[dict[str, Any]] = [
        {"kind": "appoint"}, {"kind": "appoint", "acting": True}, {"kind": "second"},
    ]  # fmt: skip
    doubts = [
        [each.rule for each in outcome.doubts]
        for way in ways
        for outcome in happen(
            small, [Notice(person="p", on="2024-03-01", post="t1", **way)], by="", dry_run=True
        )
    ]
    assert ["two_years" in each for each in doubts] == [True, False, False]


def test_a_kind_of_posting_is_an_event_too(small):
    happen(small, [Notice("借调", "m", "2024-03-01", post="w2")], by="王")
    assert postings(small, "m")[1] == ("w2", "borrowed", "2024-03-01", None)
    assert events(small)[0].kind == "second"


DAYS = ("2024-02-29", "2024-03-01", "2024-03-02")
RETIRED = Notice("retired", "m", "2024-03-01")
BEGUN = Notice("appoint", "p", "2024-03-01", post="w1")
CANNOT_BE = [
    # What happened before, what is asked for on a day, and whether it is (w)rong or (r)ight.
    # 新人 joins on 2024-03-01, so nothing happens to them before.
    (None, lambda day: Notice("appoint", "n", day, post="w2"), "wrr"),
    (None, lambda day: Notice("hand_over", "m", day, to="n"), "wrr"),
    (None, lambda day: Notice("retired", "n", day), "wrr"),
    # 王芳 retires on 2024-03-01: in service the day before, gone on it; who retired may die.
    (RETIRED, lambda day: Notice("leave", "m", day), "rww"),
    (RETIRED, lambda day: Notice("hand_over", "k", day, to="m"), "rww"),
    (RETIRED, lambda day: Notice("died", "m", day), "rwr"),
    # Two events on one day; an end is after its begin.
    (BEGUN, lambda day: Notice("remove", "p", day), "wwr"),
    (BEGUN, lambda day: Notice("resigned", "p", day), "rwr"),
    (
        Notice("hand_over", "m", "2024-03-01", to="p"),
        lambda day: Notice("end_pair", "b", day, to="p"),
        "wwr",
    ),
    (None, lambda day: Notice("second", "m", "2024-03-01", post="w2", until=day), "wwr"),
    # 𠮷田 is planned for o2 from 2024-01 on: no event before that is confirmed.
    (None, lambda day: Notice("remove", "c", day, post="o2"), "www"),
    (None, lambda day: Notice("appoint", "c", day, post="o2"), "www"),
]


def test_what_cannot_be_is_wrong_from_its_day_to_its_day(embedded_store):
    store = filled(embedded_store)
    add(store, "people", {"id": "n", "name": "新人", "joined_on": "2024-03-01"}, by="王")
    for before, make, expected in CANNOT_BE:
        stored = happen(store, [before], by="王", reason="x") if before else []
        found = ""
        for day in DAYS:
            try:
                happen(store, [make(day)], by="", reason="x", dry_run=True)
                found += "r"
            except AppError as error:
                assert error.status < 500 and error.values["column"]
                found += "w"
        assert found == expected, make("DAY")
        for each in stored:
            undo_event(store, each.id, by="王")


def test_eight_that_retire_one_person_at_once_store_it_once(small):
    def retire(_number: int) -> str:
        try:
            happen(small, [Notice("retired", "m", "2024-03-01")], by="王")
            return "stored"
        except Conflict:
            return "refused"

    assert sorted(at_once(retire)) == ["refused"] * 7 + ["stored"]
    assert len(ask(small, "people.service", person="m").rows) == len(events(small)) == 1


def test_eight_at_once_leave_no_doubt_untold(small):
    """Each alone is right; whoever comes second finds a relative in the unit, or holds the post."""

    def appoint(number: int) -> str:
        who, post = (("p", "w1"), ("q", "w2"))[number % 2]
        try:
            happen(small, [Notice("appoint", who, "2024-03-01", post=post)], by="王")
            return "stored"
        except Conflict as refused:
            return "doubted" if isinstance(refused, Unconfirmed) else "refused"

    assert sorted(at_once(appoint)) == ["doubted"] * 4 + ["refused"] * 3 + ["stored"]
    assert len(postings(small, "p") + postings(small, "q")) == len(events(small)) == 1


def test_pasted_cells_are_read_with_or_without_headings():
    findings = Findings()
    plain = texts_of_pasted(NOTICES, "甲\t发改局 科员\t\t2024-03-01\n乙\t局长\n", findings)
    assert plain == [{"person": "甲", "post": "发改局 科员", "on": "2024-03-01"},
                     {"person": "乙", "post": "局长"}]  # fmt: skip
    headed = texts_of_pasted(NOTICES, "姓名\t单位\t职务\n甲\t发改局\t科员\n", findings)
    assert headed == [{"person": "甲", "post": "发改局 科员"}]
    assert texts_of_pasted(NOTICES, "", findings) == [] and findings.problems() == []


def test_a_pasted_column_that_nobody_knows_is_told(small):
    findings = Findings("en")
    rows = texts_of_pasted(NOTICES, "姓名\t岗位\t天气\n甲\t科员\t晴\n", findings)
    assert rows == [{"person": "甲", "post": "科员"}]
    assert [(each.value, each.code, each.row) for each in findings.problems()] == [
        ("天气", "unread-column", 1)
    ]


def test_a_rule_that_lacks_a_fact_is_told_among_the_doubts(small):
    rules = (
        "rules:\n- id: age\n  title: {zh: 年龄, en: Age}\n  kind: hard\n  source: test\n"
        "  rule: {age_at_most: {kinds: [grassroots], unit_kinds: [village], years: 45}}\n"
    )
    upsert_nodes(small, PROGRAMME, [{"id": "small", "props": {"appointment_rules": rules}}])
    notice = Notice("appoint", "p", "2024-03-01", post="v1", posting_kind="grassroots")
    (outcome,) = happen(small, [notice], by="王", dry_run=True)
    assert "age" in [each.rule for each in outcome.doubts]  # nobody knows the day of birth


@pytest.mark.parametrize("name", ["events", "任免"])
def test_a_file_of_events_among_tables_is_told_its_command(tmp_path: Path, name: str):
    (tmp_path / "people.csv").write_text("id,name\nA,王芳\n", encoding="utf-8")
    (tmp_path / f"{name}.csv").write_text("事项,人员\nretired,A\n", encoding="utf-8")
    (problem,) = check(tmp_path, language="en")
    assert (problem.code, problem.severity) == ("events-file", "warning")
    assert problem.hint == f"Store them with flask event --file {name}.csv."
