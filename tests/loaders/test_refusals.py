"""A payment twice and a course before joining: one sentence each, and nothing is stored."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.errors import InputError
from graph.store import Store
from loaders import entry
from loaders.load import check, load

PROGRAMME = """
id: small
name: {zh: 小, en: Small}
record_kinds:
  - {key: allowance, zh: 补助, en: payment, needs: [amount, batch]}
  - {key: gift, zh: 慰问金, en: gift, needs: [amount]}
  - {key: visit, zh: 走访, en: visit, needs: [cause]}
results: [{key: living, zh: 生活补助, en: living}, {key: village, zh: 到村补助, en: village}]
accounts: [{key: care_funds, zh: 关爱经费, en: care funds}]
activity_levels: [{key: city, zh: 市级, en: city}]
attendance_roles:
  - {key: participant, zh: 参训, en: participant}
  - {key: listener, zh: 旁听, en: listener, counts_hours: false}
"""
PEOPLE = (
    "id,name,roles,joined_on\n"
    "T1,王伟,trainee,2024-07-01\nT2,李娜,trainee,2024-07\nT3,赵敏,trainee,\n"
)
RECORDS = "id,person,kind,on,result,amount,batch,account,cause\n"
PAID = "r1,T1,allowance,2024-03-05,living,1500,2024年第一批,care_funds,\n"
# Another row beside r1: what is wrong with it.
SECOND = [
    ("T1,allowance,2024-03-05,living,1500,2024年第一批,,", "paid-twice"),
    ("T1,allowance,2025-01-09,living,900.50,2024年第一批,,", "paid-twice"),  # the batch says it
    ("T1,allowance,2024-03-05,living,1500,2024年第二批,,", None),
    ("T1,allowance,2024-03-05,village,1500,2024年第一批,,", None),
    ("T2,allowance,2024-03-05,living,1500,2024年第一批,,", None),
    ("T1,allowance,2024-03-05,living,,2024年第二批,,", "needed-by-kind"),
    ("T1,allowance,2024-03-06,living,1500,,,", "needed-by-kind"),
    ("T1,allowance,2024-04-01,living,-1,2024年第二批,,", "bad-amount"),
    ("T1,allowance,2024-04-01,living,0,2024年第二批,,", None),
    ("T1,allowance,2024-04-01,living,0.005,2024年第二批,,", "bad-amount"),
    ("T1,allowance,2024-04-01,living,1500元,2024年第二批,,", "bad-amount"),
    ('T1,allowance,2024-04-01,living,"1,500.00",2024年第二批,,', None),
    ("T1,allowance,2024-04-01,living,1500,2024年第二批,other,", "unknown-kind"),
    ("T1,visit,2024-04-01,,,,,", "needed-by-kind"),
    ("T1,visit,2024-04-01,,,,,住院", None),
]
# Two gifts without a batch: the month decides. Two of a batch without a year: the year does.
PAIRS = [
    ("gift,2024-03-01,,500,,", "gift,2024-03-31,,500,,", True),
    ("gift,2024-03-31,,500,,", "gift,2024-04-01,,500,,", False),
    ("allowance,2024-01-01,,500,第一批,", "allowance,2024-12-31,,500,第一批,", True),
    ("allowance,2024-12-31,,500,第一批,", "allowance,2025-01-01,,500,第一批,", False),
]


def data_set(folder: Path, **tables: str) -> Path:
    (folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    for name, text in {"people": PEOPLE, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("row", "code"), SECOND)
def test_second_row_beside_a_payment(tmp_path, row, code):
    folder = data_set(tmp_path, records=f"{RECORDS}{PAID}r2,{row}\n")
    found = [(each.row, each.code) for each in check(folder)]
    assert found == ([(3, code)] if code else [])


@pytest.mark.parametrize(("one", "other", "twice"), PAIRS)
def test_month_decides_without_a_batch_and_the_year_of_a_batch_without_one(
    tmp_path, one, other, twice
):
    folder = data_set(tmp_path, records=f"{RECORDS}r1,T1,{one},\nr2,T1,{other},\n")
    assert [each.code for each in check(folder)] == (["paid-twice"] if twice else [])


def test_payment_twice_is_refused_beside_what_is_stored_and_a_load_again_is_not(
    store: Store, tmp_path
):
    folder = data_set(tmp_path, records=RECORDS + PAID)
    load(store, folder)
    load(store, folder)  # the same row is the same payment
    again = {"person": "T1", "kind": "补助", "on": "2024-03-05", "result": "生活补助",
             "amount": "1500", "batch": "2024年第一批"}  # fmt: skip
    with pytest.raises(InputError) as refused:
        entry.add(store, "records", again, by="张", language="zh_Hans")
    (problem,) = refused.value.problems
    assert problem.message == "T1 的这笔款已经发放：2024年第一批的生活补助，发放日期 2024-03-05。"
    (folder / "records.csv").write_text(
        f"{RECORDS}r9,T1,allowance,2024-05-01,living,1,2024年第一批,,\n"
    )
    with pytest.raises(InputError):
        load(store, folder)
    row = entry.stored(store, "records", "r1")
    assert row.values["amount"] == 1500.0
    corrected = entry.texts_of("records", row.values) | {"amount": "1500.5"}
    assert corrected["amount"] == "1500.5"
    entry.correct(store, "records", "r1", corrected, by="张", seen=row.mark)  # not against itself
    assert store.read("MATCH (r:Record) RETURN r.id AS id") == [{"id": "r1"}]


# Held on, until; who; whether it was surely over before that person joined.
COURSES = [
    ("2024-06-30,,T1", True),  # the day before
    ("2024-07-01,,T1", False),  # the day
    ("2024-07-02,,T1", False),
    ("2024-06-20,2024-07-01,T1", True),  # its last day is the one before the end
    ("2024-06-20,2024-07-02,T1", False),
    ("2024-06,,T1", True),
    ("2024,,T1", False),
    ("2023,,T1", True),
    ("2024-06-30,,T2", True),  # joined on some day of July
    ("2024-07-01,,T2", False),
    ("2024-07,,T2", False),
    (",,T1", False),
    ("1999-01-01,,T3", False),  # nobody knows when
]


@pytest.mark.parametrize(("course", "is_before"), COURSES)
def test_course_before_joining(tmp_path, course, is_before):
    held, until, person = course.split(",")
    folder = data_set(
        tmp_path,
        activities=f"id,title,held_on,until,hours,level\nA1,培训班,{held},{until},16,市级\n",
        attendance=f"person,activity,role\n{person},A1,旁听\n",
    )
    found = [(each.row, each.code, each.column) for each in check(folder)]
    assert found == ([(2, "before-joining", "person")] if is_before else [])


def test_course_before_joining_is_refused_beside_what_is_stored(store: Store, tmp_path):
    folder = data_set(
        tmp_path,
        activities="id,title,held_on,hours\nA1,培训班,2024-06-30,16\nA2,讲座,2024-07-01,2.5\n",
    )
    load(store, folder)
    early = {"person": "T1", "activity": "A1"}
    with pytest.raises(InputError) as refused:
        entry.add(store, "attendance", early, by="张", language="en")
    (problem,) = refused.value.problems
    assert (problem.column, problem.message) == (
        "person",
        "T1 joined on 2024-07-01; 培训班 of 2024-06-30 was over before that.",
    )
    with pytest.raises(InputError):  # the whole sheet
        entry.attend(store, "A1", {"T1": {}, "T3": {}}, by="张", seen=entry.attendance_mark([]))
    (folder / "attendance.csv").write_text("person,activity\nT1,A1\nT1,A2\n", encoding="utf-8")
    for name in ("people", "activities"):
        (folder / f"{name}.csv").unlink()
    assert [(each.row, each.code) for each in check(folder, store)] == [(2, "before-joining")]
    assert store.read("MATCH (:Person)-[e:TOOK_PART_IN]->() RETURN e.role AS role") == []
    entry.add(store, "attendance", {"person": "T1", "activity": "A2"}, by="张")
    assert store.read("MATCH (a:Activity) RETURN a.hours AS hours ORDER BY a.id") == [
        {"hours": 16.0},
        {"hours": 2.5},
    ]


def test_hours_are_above_nothing(tmp_path):
    rows = "".join(f"A{at},课,{hours}\n" for at, hours in enumerate(("0", "0.5", "-1", "1.234")))
    folder = data_set(tmp_path, activities=f"id,title,hours\n{rows}")
    assert [(e.row, e.code) for e in check(folder)] == [(n, "bad-amount") for n in (2, 4, 5)]


def test_form_and_json_refuse_both_in_one_sentence(
    client: FlaskClient, embedded_store: Store, tmp_path
):
    activities = "id,title,held_on\nA1,培训班,2024-06-30\n"
    load(embedded_store, data_set(tmp_path, records=RECORDS + PAID, activities=activities))
    again = {"person": "T1", "kind": "allowance", "on": "2024-03-05", "result": "living",
             "amount": "1500", "batch": "2024年第一批"}  # fmt: skip
    early = {"person": "T1", "activity": "A1"}
    told = {
        "records": (again, "这笔款已经发放：2024年第一批的生活补助"),
        "attendance": (early, "2024-06-30 的“培训班”在入职之前已经结束"),
    }
    for table, (row, sentence) in told.items():
        page = client.post(f"/enter/{table}", data=row | {"by": "张"})
        assert page.status_code == 400
        assert sentence in page.text
        answer = client.post("/api/check?lang=zh_Hans", json={table: [row]}).json
        assert [sentence in each["message"] for each in answer["problems"]] == [True]
    assert embedded_store.read("MATCH (r:Record) RETURN r.id AS id") == [{"id": "r1"}]
    assert embedded_store.read("MATCH ()-[e:TOOK_PART_IN]->() RETURN e.role AS role") == []
