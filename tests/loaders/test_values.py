"""Words in data are read as keys of the programme, stored or given; others are told."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, Problem
from graph.schema import TABLES
from graph.store import Store
from loaders import entry
from loaders.export import export
from loaders.load import check, load
from loaders.sources import parse_description
from loaders.undo import Hindered, undo
from tests.loaders.test_load import content, written

ROOT = Path(__file__).parent.parent.parent
PROGRAMME = """
id: small
name: {zh: 小计划, en: Small}
ranks: [{key: staff, zh: 科员, en: staff}, {key: deputy, zh: 副科, en: deputy, also: [副科级]}]
grades: [{key: g1, zh: 一级科员, en: staff grade 1, counts_as: staff}]
unit_kinds: [{key: village, zh: 村, en: village}]
post_kinds: [{key: clerk, zh: 一般岗位, en: clerk}]
mentoring_kinds: [{key: peer, zh: 同伴导师, en: peer mentor}]
rotation_kinds: [{key: grassroots, zh: 基层一线锻炼, en: grassroots exercise, also: [基层锻炼]}]
activity_kinds:
  - {key: course, zh: 培训班, en: course}
  - {key: land, zh: 征地拆迁, en: land and demolition, group: central}
  - {key: petitions, zh: 信访化解, en: petitions, group: central}
activity_groups: [{key: central, zh: 中心工作, en: central tasks}]
record_kinds: [{key: talk, zh: 谈心谈话, en: talk, also: [谈话]}]
levels: [{key: district, zh: 区级, en: district}]
results: [{key: done, zh: 已完成, en: done}]
statuses: [{key: active, zh: 在职, en: active}, {key: out, zh: 调出, en: out, counts: false}]
relations: [{key: spouse, zh: 配偶, en: spouse}]
mentoring_methods: [{key: visit, zh: 走访, en: visit}]
growth_tasks: [{key: survey, zh: 调研报告, en: survey}]
"""
RULES = """
rules:
  - id: R1
    title: {zh: 一, en: one}
    rule: {lasts: {kinds: [grassroots], at_least: 12}}
    kind: hard
    source: here
"""
FACTS = {
    "units.csv": "id,name\nu,柳村\n",
    "posts.csv": "id,title,unit\np,村助理,u\n",
    "people.csv": "id,name\na,甲\nb,乙\n",
}
# A row of each table, as (heading, key, words that mean it): every column of kinds, once.
COLUMNS = [
    ("units", "kind", "village", "村", "village"),
    ("posts", "kind", "clerk", "一般岗位", "Clerk"),
    ("posts", "rank", "deputy", "副科级", "deputy"),
    ("people", "status", "out", "调出", "out"),
    ("mentoring", "kind", "peer", "同伴导师", "peer mentor"),
    ("rotations", "kind", "grassroots", "基层锻炼", "Grassroots Exercise"),
    ("rotations", "status", "actual", "实际", "actual"),
    ("rotations", "rank", "staff", "科员", "staff"),
    ("activities", "kind", "course", "培训班", "course"),
    ("records", "kind", "talk", "谈 话", "talk"),
    ("records", "level", "district", "区级", "District"),
    ("records", "result", "done", "已完成", "done"),
    ("kin", "relation", "spouse", "配偶", "spouse"),
]
ROWS: dict[str, dict[str, str]] = {
    "units": {"id": "u1", "name": "新村"},
    "posts": {"id": "p1", "title": "干事", "unit": "u"},
    "people": {"id": "c", "name": "丙"},
    "mentoring": {"mentor": "a", "trainee": "b"},
    "rotations": {"person": "a", "post": "p"},
    "activities": {"id": "c1", "title": "新班"},
    "records": {"person": "a", "kind": "talk"},
    "kin": {"person": "a", "relative": "b"},
}


@pytest.fixture
def small(store: Store, tmp_path: Path) -> Store:
    load(store, written(tmp_path / "small", {**FACTS, "programme.yaml": PROGRAMME}))
    return store


def one_row(path: Path, table: str, **values: str) -> Path:
    row = {**ROWS[table], **values}
    path.mkdir(parents=True, exist_ok=True)
    (path / f"{table}.csv").write_text(
        ",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8"
    )
    return path


def stored_words(store: Store, table: str, heading: str) -> set[Any]:
    return {row.get(heading) for row in content(store)[table]} - {None}


def told(store: Store | None, path: Path, **options: Any) -> list[Problem]:
    return check(path, store, language="en", **options)


@pytest.mark.parametrize(("table", "heading", "key", "zh", "en"), COLUMNS)
def test_words_in_a_lone_file_are_read_as_keys_of_the_stored_programme(
    embedded_store: Store, tmp_path: Path, table: str, heading: str, key: str, zh: str, en: str
):
    load(embedded_store, written(tmp_path / "small", {**FACTS, "programme.yaml": PROGRAMME}))
    for word in (zh, en, key):
        load(embedded_store, one_row(tmp_path / word, table, **{heading: word}))
        assert stored_words(embedded_store, table, heading) == {key}


@pytest.mark.parametrize(("table", "heading", "key", "zh", "en"), COLUMNS)
def test_unknown_word_is_an_error_with_its_place_and_what_is_known(
    embedded_store: Store, tmp_path: Path, table: str, heading: str, key: str, zh: str, en: str
):
    load(embedded_store, written(tmp_path / "small", {**FACTS, "programme.yaml": PROGRAMME}))
    before = content(embedded_store)
    for word in ("nonsense", key + "x"):
        path = one_row(tmp_path / word, table, **{heading: word})
        (problem,) = told(embedded_store, path)
        place = (problem.file, problem.row, problem.column, problem.value)
        assert place == (f"{table}.csv", 2, heading, word)
        assert problem.severity == "error"
        assert problem.hint and "Known: " in problem.hint and key in problem.hint
        with pytest.raises(InputError):
            load(embedded_store, path)
        load(embedded_store, path, skip_bad=True)
        assert content(embedded_store) == before
    assert problem.hint.startswith(f'Did you mean "{key}')


def test_a_lone_file_is_judged_alike_on_each_engine(small: Store, tmp_path: Path):
    load(small, one_row(tmp_path / "title", "records", kind="谈心谈话", level="区级"))
    assert stored_words(small, "records", "kind") == {"talk"}
    assert stored_words(small, "records", "level") == {"district"}
    with pytest.raises(InputError):
        load(small, one_row(tmp_path / "none", "records", kind="nonsense"))


def test_forms_read_the_same_words(small: Store):
    given = {"person": "a", "kind": "谈话", "level": "区级", "result": "已完成"}
    row = entry.add(small, "records", given, by="王芳")
    assert [row.values[each] for each in ("kind", "level", "result")] == [
        "talk", "district", "done",
    ]  # fmt: skip
    with pytest.raises(InputError):
        entry.add(small, "records", {"person": "a", "kind": "nonsense"}, by="王芳")
    (problem,) = entry.check(small, "people", {"id": "x", "name": "x", "status": "lost"}).problems
    assert (problem.column, problem.code) == ("status", "unknown-kind")
    posting = {"person": "a", "post": "p", "kind": "基层锻炼", "status": "实际", "until": "至今"}
    values = entry.add(small, "rotations", posting, by="王芳").values
    assert (values["kind"], values["status"], values.get("until")) == (
        "grassroots", "actual", None,
    )  # fmt: skip
    person = {"id": "T 1", "name": "张 伟", "roles": "选调生"}
    values = entry.add(small, "people", person, by="王芳").values
    assert (values["name"], values["roles"]) == ("张伟", ["trainee"])


def test_without_any_programme_kinds_are_free(embedded_store: Store, tmp_path: Path):
    load(embedded_store, written(tmp_path / "facts", FACTS))
    for table, heading, *_ in COLUMNS:
        if (table, heading) != ("rotations", "status"):
            load(embedded_store, one_row(tmp_path / f"{table}-{heading}", table, **{heading: "w"}))
    assert stored_words(embedded_store, "records", "kind") == {"talk", "w"}
    assert stored_words(embedded_store, "people", "status") == {"w"}


def test_a_list_that_the_programme_does_not_have_takes_any_word(store: Store, tmp_path: Path):
    files = {**FACTS, "programme.yaml": "id: few\nrecord_kinds: [{key: talk, zh: 谈, en: talk}]\n"}
    load(store, written(tmp_path / "few", files))
    load(store, one_row(tmp_path / "free", "records", level="somewhere", result="fine"))
    assert stored_words(store, "records", "level") == {"somewhere"}
    assert told(store, one_row(tmp_path / "bad", "records", kind="chat"))[0].code == "unknown-kind"


def test_programme_beside_the_files_counts_before_the_stored_one(small: Store, tmp_path: Path):
    path = one_row(tmp_path / "new", "records", kind="面谈")
    more = PROGRAMME.replace("record_kinds: [", "record_kinds: [{key: chat, zh: 面谈, en: chat}, ")
    (path / "programme.yaml").write_text(more, encoding="utf-8")
    load(small, path)
    assert stored_words(small, "records", "kind") == {"chat"}


# --- a programme beside what is stored -----------------------------------------------------------


def test_programme_must_have_what_stored_rows_hold(small: Store, tmp_path: Path):
    load(small, one_row(tmp_path / "row", "records", kind="talk", level="district"))
    before = content(small)
    less = PROGRAMME.replace("key: talk", "key: chat").replace("levels: [", "levels: [] #")
    alone = written(tmp_path / "alone", {"programme.yaml": less})
    (problem,) = told(small, alone)  # a list without terms takes any
    assert (problem.file, problem.code, problem.column, problem.value) == (
        "programme.yaml", "programme-lacks", "record_kinds", "talk",
    )  # fmt: skip
    assert "stored rows of records hold (1)" in problem.message
    for skip_bad in (False, True):
        if skip_bad:
            load(small, alone, skip_bad=True)
        else:
            with pytest.raises(InputError):
                load(small, alone)
        assert content(small) == before
    other = PROGRAMME.replace("小计划", "大计划")
    load(small, written(tmp_path / "same", {"programme.yaml": other}))
    assert "大计划" in content(small)["texts"]["programme.yaml"]


def test_programme_must_have_what_stored_rules_name(small: Store, tmp_path: Path):
    load(small, written(tmp_path / "rules", {"rules.yaml": RULES}))
    less = PROGRAMME.replace("key: grassroots", "key: village")
    (problem,) = told(small, written(tmp_path / "less", {"programme.yaml": less}))
    assert (problem.file, problem.code, problem.value) == (
        "rules.yaml",
        "unknown-name",
        "grassroots",
    )
    new = RULES.replace("grassroots", "village")
    load(small, written(tmp_path / "both", {"programme.yaml": less, "rules.yaml": new}))


def test_lone_rules_name_what_the_stored_programme_has(small: Store, tmp_path: Path):
    lone = written(tmp_path / "rules", {"rules.yaml": RULES.replace("grassroots", "nonsense")})
    (problem,) = told(small, lone)
    assert (problem.code, problem.value) == ("unknown-name", "nonsense")
    with pytest.raises(InputError):
        load(small, lone)


def test_a_store_holds_one_programme(small: Store, tmp_path: Path):
    other = written(tmp_path / "other", {"programme.yaml": PROGRAMME.replace("small", "large")})
    (problem,) = told(small, other)
    assert (problem.code, problem.value) == ("other-programme", "large")
    with pytest.raises(InputError):
        load(small, other)
    load(small, written(tmp_path / "again", {"programme.yaml": PROGRAMME}))


def test_undoing_a_programme_names_what_was_entered_with_it(small: Store, tmp_path: Path):
    more = PROGRAMME.replace("record_kinds: [", "record_kinds: [{key: chat, zh: 面谈, en: chat}, ")
    report = load(small, written(tmp_path / "more", {"programme.yaml": more}))
    row = entry.add(small, "records", {"person": "a", "kind": "面谈"}, by="王芳")
    with pytest.raises(Hindered) as error:
        undo(small, report.load, by="王芳")
    assert "chat" in str([each.text for each in error.value.reasons])
    entry.remove(small, "records", row.id, by="王芳", reason="x", seen=row.mark)
    undo(small, report.load, by="王芳")


def test_synonym_of_two_keys_is_a_mistake_of_the_programme(tmp_path: Path):
    twice = PROGRAMME.replace("also: [谈话]", "also: [谈话]}, {key: chat, zh: 谈话, en: chat")
    (problem,) = told(None, written(tmp_path / "twice", {"programme.yaml": twice}))
    assert (problem.code, problem.value) == ("two-meanings", "谈话")


# --- single columns ------------------------------------------------------------------------------


def test_a_group_is_no_kind_and_its_kinds_are_asked_for(small: Store, tmp_path: Path):
    (problem,) = told(small, one_row(tmp_path / "group", "activities", kind="中心工作"))
    assert (problem.code, problem.value) == ("group-as-kind", "中心工作")
    assert problem.hint == "Write one of land (land and demolition), petitions."
    with pytest.raises(InputError, match="一组类别，请写明是其中哪一类"):
        entry.add(small, "activities", {"id": "c9", "title": "x", "kind": "central"}, by="王芳")


def test_grade_as_a_rank_is_told_with_its_table(small: Store, tmp_path: Path):
    (problem,) = told(small, one_row(tmp_path / "grade", "rotations", rank="一级科员"))
    assert problem.code == "grade-as-rank"
    assert "grades" in problem.message
    assert "staff" in (problem.hint or "")


@pytest.mark.parametrize("heading", ["职务层次", "职级", "rank", "Rank"])
@pytest.mark.parametrize("table", ["posts", "rotations"])
def test_headings_of_rank(embedded_store: Store, tmp_path: Path, table: str, heading: str):
    load(embedded_store, written(tmp_path / "small", {**FACTS, "programme.yaml": PROGRAMME}))
    load(embedded_store, one_row(tmp_path / "rank", table, **{heading: "副科"}))
    assert stored_words(embedded_store, table, "rank") == {"deputy"}


@pytest.mark.parametrize(
    ("word", "roles"),
    [
        ("学员", ["trainee"]),
        ("选调生", ["trainee"]),
        ("导师", ["mentor"]),
        ("学员、导师", ["trainee", "mentor"]),
        ("Trainee;mentor", ["trainee", "mentor"]),
        ("trainee；学员", ["trainee"]),
        ("—", []),
    ],
)
def test_roles_are_read_in_either_language(
    embedded_store: Store, tmp_path: Path, word: str, roles: list[str]
):
    load(embedded_store, one_row(tmp_path / "roles", "people", roles=word))
    assert content(embedded_store)["people"][0]["roles"] == roles


def test_unknown_role_is_told_with_the_nearest(tmp_path: Path):
    (problem,) = told(None, one_row(tmp_path / "roles", "people", roles="学员;导帅"))
    assert (problem.code, problem.value) == ("bad-value", "学员;导帅")
    assert 'Did you mean "mentor' in (problem.hint or "")


def test_a_programme_may_have_more_words_for_roles(embedded_store: Store, tmp_path: Path):
    files = {"programme.yaml": "id: r\nroles: [{key: trainee, zh: 住院医师, en: resident}]\n"}
    load(embedded_store, written(one_row(tmp_path / "r", "people", roles="住院医师;导师"), files))
    assert content(embedded_store)["people"][0]["roles"] == ["trainee", "mentor"]


def test_words_of_lists_are_read_as_keys_and_others_kept(small: Store, tmp_path: Path):
    row = {"methods": "走访;散步", "tasks": "调研报告=done;survey2"}
    load(small, one_row(tmp_path / "pair", "mentoring", **row))
    (pair,) = content(small)["mentoring"]
    assert (pair["methods"], pair["tasks"]) == (["visit", "散步"], ["survey=done", "survey2"])


@pytest.mark.parametrize("word", ["至今", "今", "现在", "present", "Now", "—", "--", "-", "－"])
def test_open_ends(embedded_store: Store, tmp_path: Path, word: str):
    load(embedded_store, written(tmp_path / "facts", FACTS))
    load(embedded_store, one_row(tmp_path / "open", "rotations", since="2020", until=word))
    (posting,) = content(embedded_store)["rotations"]
    assert (posting["since"], posting["until"]) == ("2020", None)


def test_an_open_begin_is_no_date(tmp_path: Path):
    codes = [each.code for each in told(None, one_row(tmp_path / "x", "rotations", since="至今"))]
    assert "bad-date" in codes


def test_a_dash_where_a_date_must_stand_is_a_missing_date(tmp_path: Path):
    files = {"service.csv": "person,kind,since,until\na,resigned,—,2017\n"}
    found = [(each.code, each.column, each.row) for each in told(None, written(tmp_path, files))]
    assert ("missing-value", "since", 2) in found


@pytest.mark.parametrize(
    ("written_name", "name"),
    [
        ("张 伟", "张伟"),
        ("张\u3000伟", "张伟"),
        (" 欧阳 菲 ", "欧阳菲"),
        ("Wang Wei", "Wang Wei"),
        ("阿依·木合", "阿依·木合"),
    ],
)
def test_blanks_inside_chinese_names_are_no_part_of_them(
    embedded_store: Store, tmp_path: Path, written_name: str, name: str
):
    load(embedded_store, one_row(tmp_path / "name", "people", name=written_name))
    assert stored_words(embedded_store, "people", "name") == {name}


def test_large_tables_are_read_as_small_ones(embedded_store: Store, tmp_path: Path):
    rows = [f"{at}.0,张 {chr(0x4E00 + at)},学员,在职\n" for at in range(1, 900)]
    path = written(tmp_path / "many", {"people.csv": "id,name,roles,status\n" + "".join(rows)})
    (path / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    load(embedded_store, path)
    people = content(embedded_store)["people"]
    assert len(people) == 899
    assert {row["status"] for row in people} == {"active"}
    assert all(row["id"].isdigit() and " " not in row["name"] for row in people)
    assert all(row["roles"] == ["trainee"] for row in people)


def test_cohort_may_be_written_as_its_name(embedded_store: Store, tmp_path: Path):
    load(embedded_store, one_row(tmp_path / "x", "people", cohort="2022届"))
    assert stored_words(embedded_store, "people", "cohort") == {2022}


def test_ids_that_became_broken_numbers_are_whole(store: Store, tmp_path: Path):
    people = "id,name\n101,Jonas Vane\n201,Mira Holt\n"
    pairs = "mentor,trainee,since\n201.0,101,2001\n"
    load(store, written(tmp_path / "float", {"people.csv": people, "mentoring.csv": pairs}))
    (pair,) = content(store)["mentoring"]
    assert (pair["mentor"], pair["trainee"]) == ("201", "101")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_ids_names_and_references_have_one_form(store: Store, tmp_path: Path, ending: str):
    nfd = unicodedata.normalize("NFD", "José Luna")
    nfc = unicodedata.normalize("NFC", nfd)
    assert nfd != nfc
    if ending == "csv":
        people, pairs = f"id,name\n{nfd},{nfd}\nm,Mira\n", f"mentor,trainee\n{nfc},m\n"
        path = written(tmp_path / "nfd", {"people.csv": people, "mentoring.csv": pairs})
    else:
        path = tmp_path / "nfd.json"
        people_rows = [{"id": nfd, "name": nfd}, {"id": "m", "name": "Mira"}]
        pair = {"mentor": nfc, "trainee": "m"}
        path.write_text(json.dumps({"people": people_rows, "mentoring": [pair]}), encoding="utf-8")
    load(store, path)
    assert stored_words(store, "people", "id") == {nfc, "m"}
    assert stored_words(store, "people", "name") == {nfc, "Mira"}
    assert content(store)["mentoring"][0]["mentor"] == nfc


# --- columns that are not ours -------------------------------------------------------------------


def test_unknown_column_can_be_left_out(store: Store, tmp_path: Path):
    path = one_row(tmp_path / "more", "people", 政治面貌="中共党员", 身份证号="1")
    assert [(each.code, each.value) for each in told(store, path)] == [
        ("unknown-column", "政治面貌"), ("unknown-column", "身份证号"),
    ]  # fmt: skip
    assert "--without" in (told(store, path)[0].hint or "")
    with pytest.raises(InputError):
        load(store, path, without=["政治面貌"])
    load(store, path, without=["政治面貌", "身份证号"])
    assert [(row["id"], row["name"]) for row in content(store)["people"]] == [("c", "丙")]
    assert told(store, path, without=["政治面貌", "身份证号"]) == []


def test_known_columns_are_read_all_the_same(embedded_store: Store, tmp_path: Path):
    load(embedded_store, one_row(tmp_path / "x", "people", cohort="2020"), without=["cohort"])
    assert stored_words(embedded_store, "people", "cohort") == {2020}


# --- the reference programme ---------------------------------------------------------------------


@pytest.fixture
def district(embedded_store: Store, tmp_path: Path) -> Store:
    """The reference programme, and one post."""
    programme = (ROOT / "examples" / "shifeng" / "programme.yaml").read_text("utf-8")
    files = {"units.csv": "id,name\nu,柳村\n", "posts.csv": "id,title,unit\nP24,村助理,u\n"}
    load(embedded_store, written(tmp_path / "district", {**files, "programme.yaml": programme}))
    return embedded_store


def test_native_tables_filled_by_hand_are_read(district: Store, tmp_path: Path):
    people = (
        "编号,姓名,身份,届,入职日期,专长,状态,政治面貌,身份证号\n"
        "N1,张 伟,学员,2022,2022.07,法学,在职,中共党员,990302199803121234\n"
        "N2,李 娜,选调生,2022届,2022年7月,法学,在岗,,\n"
        "N4,陈静,trainee,2021,2021/7,法学；经济学,调出,,\n"
    )
    postings = (
        "人员,岗位,类别,开始,结束,状态,职级\n"
        "N1,P24,基层锻炼,2022.07,至今,实际,科员\n"
        "N2,P24,基层一线锻炼,2022.08,—,在任,科员级\n"
        "N4,P24,grassroots,2021年7月,2022-07,,科员\n"
    )
    path = written(tmp_path / "hand", {"人员.csv": people, "任职轮岗.csv": postings})
    errors = [each for each in told(district, path) if each.severity == "error"]
    assert [(each.code, each.value) for each in errors] == [
        ("unknown-column", "政治面貌"), ("unknown-column", "身份证号"),
    ]  # fmt: skip
    load(district, path, without=["政治面貌", "身份证号"])
    stored = content(district)
    assert [
        (row["id"], row["name"], row["roles"], row["cohort"], row["joined_on"], row["status"])
        for row in stored["people"]
    ] == [
        ("N1", "张伟", ["trainee"], 2022, "2022-07", "active"),
        ("N2", "李娜", ["trainee"], 2022, "2022-07", "active"),
        ("N4", "陈静", ["trainee"], 2021, "2021-07", "transferred_out"),
    ]
    assert {
        (row["person"], row["kind"], row["since"], row["until"], row["status"], row["rank"])
        for row in stored["rotations"]
    } == {
        ("N1", "grassroots", "2022-07", None, "actual", "科员"),
        ("N2", "grassroots", "2022-08", None, "actual", "科员"),
        ("N4", "grassroots", "2021-07", "2022-07", None, "科员"),
    }


def test_a_status_that_the_programme_does_not_know_is_not_stored(district: Store, tmp_path: Path):
    (problem,) = told(district, one_row(tmp_path / "left", "people", status="left"))
    assert (problem.severity, problem.row, problem.value) == ("error", 2, "left")
    assert "resigned" in (problem.hint or "")


def test_reference_grades_are_told_with_the_rank_to_write(district: Store, tmp_path: Path):
    load(district, written(tmp_path / "a", {"people.csv": "id,name\na,甲\n"}))
    row = {"person": "a", "post": "P24", "rank": "一级科员"}
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "rotations.csv").write_text(
        ",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8"
    )
    (problem,) = check(tmp_path / "g", district)
    assert "职级表（grades）" in problem.message
    assert "科员" in (problem.hint or "")


# --- described sources ---------------------------------------------------------------------------

PAIRS = """
name: pairs
title: Pairs
files: {pairs: {name: pairs.csv}}
tables:
  people: [{file: pairs, distinct: true, columns: {id: who, name: who}}]
  records:
    - file: pairs
      columns: {person: who, kind: {value: KIND}, level: level}
"""


def described(folder: Path, kind: str, level: str) -> dict[str, Any]:
    path = written(folder, {"pairs.csv": f"who,level\nw,{level}\n"})
    return {"path": path, "source": parse_description(PAIRS.replace("KIND", kind), "x")}


def test_described_sources_read_the_same_words(small: Store, tmp_path: Path):
    load(small, **described(tmp_path / "right", "谈心谈话", "区级"))
    assert stored_words(small, "records", "kind") == {"talk"}
    assert stored_words(small, "records", "level") == {"district"}
    (problem,) = check(store=small, language="en", **described(tmp_path / "no", "talk", "nowhere"))
    assert (problem.file, problem.row, problem.column, problem.value) == (
        "pairs.csv", 2, "level", "nowhere",
    )  # fmt: skip
    with pytest.raises(InputError):
        load(small, **described(tmp_path / "no", "nonsense", ""))


def test_an_end_that_is_a_broken_number_is_not_created_anew(embedded_store: Store, tmp_path: Path):
    load(embedded_store, written(tmp_path / "people", {"people.csv": "id,name\n201,Mira\n"}))
    text = (
        "name: ties\ntitle: Ties\nfiles: {ties: {name: ties.csv}}\ntables:\n  mentoring:\n"
        "    - {file: ties, columns: {mentor: a, trainee: b}, missing: {mentor: create,"
        " trainee: create}}\n"
    )
    path = written(tmp_path / "ties", {"ties.csv": "a,b\n201.0,7.0\n"})
    load(embedded_store, path, source=parse_description(text, "x"))
    assert stored_words(embedded_store, "people", "id") == {"201", "7"}


def test_edges_that_a_question_derives_have_known_kinds(small: Store, tmp_path: Path):
    text = PAIRS.replace("KIND", "talk") + (
        "derive: [{query: careers.served_under, parameters: {ranks: [deputy, staff]}, kind: boss}]"
    )
    path = written(tmp_path / "derived", {"pairs.csv": "who,level\nw,\n"})
    (problem,) = told(small, path, source=parse_description(text, "x"))
    assert (problem.file, problem.code, problem.value) == ("pairs", "unknown-kind", "boss")
    right = parse_description(text.replace("kind: boss", "kind: 同伴导师"), "x")
    assert told(small, path, source=right) == []


@pytest.mark.parametrize("name", ["uk-ministers", "mathematics-genealogy", "pajek"])
def test_a_source_with_kinds_of_its_own_is_refused_by_a_programme_without_them(
    embedded_store: Store, tmp_path: Path, name: str
):
    path = ROOT / "tests" / "cases" / "sources" / name / "input"
    free = {each.code for each in told(embedded_store, path, source=name)}
    load(embedded_store, written(tmp_path / "small", {**FACTS, "programme.yaml": PROGRAMME}))
    judged = told(embedded_store, path, source=name)
    new = {each.code for each in judged} - free
    assert new <= {"unknown-kind", "unknown-rank"} and new
    with pytest.raises(InputError):
        load(embedded_store, path, source=name)


# --- out and in again ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["folder", "data.xlsx", "data.json"])
def test_export_loads_back(small: Store, tmp_path: Path, name: str):
    for number, (table, heading, _, zh, en) in enumerate(COLUMNS):
        for word in (zh, en):
            load(small, one_row(tmp_path / f"{number}{word}", table, **{heading: word}))
    before = content(small)
    export(small, tmp_path / name)
    small.write("MATCH (n) DETACH DELETE n")
    load(small, tmp_path / name)
    assert content(small) == before
    assert {table.name for table in TABLES if before[table.name]} >= set(ROWS)
