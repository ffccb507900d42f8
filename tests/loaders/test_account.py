"""What must be confirmed before it is stored: doubts of descriptions, and very early dates."""

import json
from datetime import date
from pathlib import Path

import pytest

from graph.errors import InputError
from graph.store import Store
from loaders.account import take_stock
from loaders.guess import guess
from loaders.load import load
from loaders.problems import KINDS
from loaders.sources import parse_description
from queries.quality.listed import Choice, quality


def pairs(folder: Path, *years: str) -> Path:
    rows = "".join(f"m{at},t{at},advisor,{year}\n" for at, year in enumerate(years))
    (folder / "pairs.csv").write_text(f"mentor,trainee,kind,since\n{rows}", encoding="utf-8")
    return folder / "pairs.csv"


@pytest.mark.parametrize("year", ["1905-12-31", "1905", "1900-01-01", "1899-12-31", "0001-01-01"])
def test_a_date_before_1906_is_stored_only_when_confirmed(
    tmp_path: Path, embedded_store: Store, year: str
):
    path = pairs(tmp_path, "2001", year)
    account, problems = take_stock(path, source="edge-list", language="en")
    (doubt,) = account.doubts
    assert (doubt["code"], doubt["rows"], doubt["column"]) == ("early-date", [3], "since")
    assert {problem.severity for problem in problems} == {"warning"}
    told = ["early-date"] if year >= "1900" else ["early-date", "old-date"]
    assert sorted(problem.code for problem in problems) == told
    with pytest.raises(InputError) as caught:
        load(embedded_store, path, source="edge-list", language="en")
    assert next(each.code for each in caught.value.problems) == "early-date"
    assert embedded_store.read("MATCH (p:Person) RETURN p.id AS id") == []
    load(embedded_store, path, source="edge-list", confirmed=True)
    assert len(embedded_store.read("MATCH (p:Person) RETURN p.id AS id")) == 4


def test_a_date_of_1906_needs_no_confirmation(tmp_path: Path, embedded_store: Store):
    path = pairs(tmp_path, "1906-01-01")
    assert take_stock(path, source="edge-list")[0].doubts == []
    assert load(embedded_store, path, source="edge-list").loaded["mentoring"] == 1


HISTORIC = """name: old
title: old
historic: true
files: {f: {name: pairs.csv}}
tables:
  mentoring:
    - file: f
      columns: {mentor: mentor, trainee: trainee, since: since}
      missing: {mentor: create, trainee: create}
"""


def test_a_description_may_say_that_its_dates_are_historic(tmp_path: Path, embedded_store: Store):
    path = pairs(tmp_path, "0683")
    description = parse_description(HISTORIC, "old.yaml")
    assert load(embedded_store, path, source=description).loaded["mentoring"] == 1


@pytest.mark.parametrize(("answer", "is_open"), [('""', True), ("no", True), ("yes", False)])
def test_a_doubt_of_a_description_is_open_until_it_is_answered(
    tmp_path: Path, answer: str, is_open: bool
):
    text = f"{HISTORIC}doubts: [{{code: day-or-month, column: since, answer: {answer}}}]\n"
    account, _ = take_stock(pairs(tmp_path, "2001"), source=parse_description(text, "old.yaml"))
    assert bool(account.doubts) == is_open


def test_columns_and_rows_that_are_not_read_are_listed(tmp_path: Path):
    path = pairs(tmp_path, "2001")
    path.write_text(path.read_text("utf-8") + "合计,1,,\n", encoding="utf-8")
    text = HISTORIC.replace("pairs.csv}", "pairs.csv, without_notes: true}")
    account, _ = take_stock(path, source=parse_description(text, "old.yaml"))
    assert [each["column"] for each in account.unused_columns] == ["kind"]
    assert [(each["row"], each["value"]) for each in account.unused_rows] == [(3, "合计")]


def test_the_counts_tell_who_is_new_and_who_is_stored(tmp_path: Path, embedded_store: Store):
    path = pairs(tmp_path, "2001")
    load(embedded_store, path, source="edge-list")
    path = pairs(tmp_path, "2001", "2002")
    account, _ = take_stock(path, embedded_store, source="edge-list", counted=True)
    assert account.tables["people"] == {"new": 2, "matched": 2, "asked": 0}
    assert account.tables["mentoring"] == {"new": 1, "matched": 1, "asked": 0}


@pytest.mark.parametrize("word", ["N/A", "TBD", "unknown", "无", "待定", "—"])
def test_the_shipped_list_of_pairs_takes_no_word_for_a_person(
    tmp_path: Path, embedded_store: Store, word: str
):
    path = pairs(tmp_path, "2001")
    path.write_text(path.read_text("utf-8") + f"{word},t9,,\n", encoding="utf-8")
    load(embedded_store, path, source="edge-list")
    ids = embedded_store.read("MATCH (p:Person) RETURN p.id AS id ORDER BY id")
    assert [row["id"] for row in ids] == ["m0", "t0", "t9"]


@pytest.mark.parametrize("word", ["Present", "Current", "ongoing", "至今", "9999-12-31"])
def test_the_shipped_list_of_appointments_knows_words_for_open(
    tmp_path: Path, embedded_store: Store, word: str
):
    (tmp_path / "a.csv").write_text(
        f"name,unit,post,from,to\nAnn Lee,Works,Clerk,07/2015,{word}\n", encoding="utf-8"
    )
    load(embedded_store, tmp_path / "a.csv", source="appointments")
    rows = embedded_store.read(
        "MATCH ()-[r:ROTATED_TO]->() RETURN r.since AS since, r.until AS until"
    )
    assert rows == [{"since": "2015-07", "until": None}]


def test_a_native_data_set_has_an_account_too(tmp_path: Path, store: Store):
    (tmp_path / "people.csv").write_text("id,name\np1,Ann Lee\np2,Bo Lind\n", encoding="utf-8")
    store.write("CREATE (:Person {id: 'p1', name: 'Ann Lee'})")
    account, problems = take_stock(tmp_path, store, counted=True)
    assert account.tables["people"] == {"new": 1, "matched": 1, "asked": 0}
    assert (account.doubts, account.unused_columns, problems) == ([], [], [])


def test_a_name_that_is_stored_is_asked_about(tmp_path: Path, store: Store):
    store.write("CREATE (:Person {id: 'T041', name: '孙浩'})")
    (tmp_path / "p.csv").write_text("姓名,导师\n孙浩,程红\n", encoding="utf-8")
    found = guess(tmp_path / "p.csv", language="en", store=store)
    assert [doubt.code for doubt in found.doubts] == ["stored-people"]
    load(store, tmp_path / "p.csv", source=found.description, confirmed=True)
    names = store.read("MATCH (p:Person) RETURN p.id AS id ORDER BY id")
    assert [row["id"] for row in names] == ["T041", "程红"]
    told = "MATCH (l:Load) WHERE l.problems IS NOT NULL RETURN l.problems AS told"
    (kept,) = json.loads(store.read(told)[0]["told"])
    assert (kept["code"], kept["severity"], kept["file"]) == ("stored-people", "warning", "p.csv")
    day = date(2024, 6, 30)
    (listed,) = quality(store, day, Choice(kind="load_warning")).listed
    assert found.doubts[0].message in listed.message.text()


@pytest.mark.parametrize(
    "code",
    ["left-out-rows", "undirected", "rows-without-names", "stored-people", "programme-lacks"],
)
def test_a_number_that_may_be_one_stands_beside_its_sentence(code: str):
    assert "({count})" in KINDS[code].en[0]


def test_a_column_left_out_by_name_is_told_as_unused(tmp_path: Path):
    path = tmp_path / "set"
    path.mkdir()
    (path / "people.csv").write_text("编号,姓名,政治面貌\nt,王芳,党员\n", encoding="utf-8")
    account, problems = take_stock(path, without=["政治面貌"])
    assert problems == []
    told = [(each["file"], each["column"]) for each in account.unused_columns]
    assert told == [("people.csv", "政治面貌")]


TASKS = """name: tasks
title: tasks
files: {f: {name: tasks.csv}}
tables:
  activities:
    - file: f
      columns: {id: no, title: what, kind: sort}
"""
GROUPS = """id: small
name: {zh: 小, en: small}
activity_groups: [{key: central, zh: 中心工作, en: central tasks}]
activity_kinds: [{key: land, zh: 征迁, en: land, group: central}]
"""


def test_an_activity_without_a_kind_is_stored_only_when_confirmed(
    tmp_path: Path, embedded_store: Store
):
    own = tmp_path / "own"
    own.mkdir()
    (own / "programme.yaml").write_text(GROUPS, encoding="utf-8")
    load(embedded_store, own)
    path = tmp_path / "tasks.csv"
    path.write_text("no,what,sort\na,驻村,\nb,征地,land\n", encoding="utf-8")
    source = parse_description(TASKS, "tasks.yaml")
    (doubt,) = take_stock(path, embedded_store, source=source)[0].doubts
    assert (doubt["code"], doubt["rows"]) == ("activity-without-kind", [2])
    with pytest.raises(InputError):
        load(embedded_store, path, source=source)
    assert embedded_store.read("MATCH (a:Activity) RETURN a.id AS id") == []
    assert load(embedded_store, path, source=source, confirmed=True).loaded["activities"] == 2
