"""Hours, needs with their courses, payments and visits: counted again from the files alone, and
shown by page, JSON, file and command.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from loaders.load import load

SHIFENG = Path(__file__).parents[3] / "examples" / "shifeng"
RESIDENCY = SHIFENG.parent / "residency"
DAYS = ("2020-01-15", "2022-12-20", "2022-12-21", "2023-08-16", "2024-06-19", "2024-06-30",
        "2024-09-10")  # fmt: skip
LEFT = {"transferred_out", "resigned", "retired"}


def table(name: str, folder: Path = SHIFENG) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on_roll(day: str) -> set[str]:
    gone = {r["person"] for r in table("service") if r["kind"] in LEFT and r["since"] <= day}
    return {
        row["id"]
        for row in table("people")
        if "trainee" in row["roles"] and row["joined_on"] <= day and row["id"] not in gone
    }


@pytest.mark.parametrize("day", DAYS)
def test_hours_are_those_of_the_files(district_client: FlaskClient, day: str):
    roll = on_roll(day)
    activities = {row["id"]: row for row in table("activities")}
    wanted: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in table("attendance"):
        activity = activities[row["activity"]]
        same_year = activity["held_on"][:4] == day[:4]
        if row["person"] not in roll or not same_year or activity["held_on"] > day:
            continue
        key = row["person"], activity["kind"], activity["level"]
        first = 2 if row["role"] == "旁听" else 0
        wanted[key][first] += float(activity["hours"] or 0)
        wanted[key][first + 1] += 1
    answer = district_client.get(f"/api/programme/training?on={day}").json
    assert answer["as_of"] == day
    found = {
        (each["person"], each["kind"], each["level"] or ""): [
            each["hours"], each["times"], each["listened_hours"], each["listened_times"],
        ]
        for each in answer["hours"]
    }  # fmt: skip
    assert found == dict(wanted)
    assert {each["year"] for each in answer["hours"]} <= {int(day[:4])}


@pytest.mark.parametrize("day", DAYS)
def test_payments_and_visits_are_those_of_the_files(district_client: FlaskClient, day: str):
    roll = on_roll(day)
    cohort = {row["id"]: int(row["cohort"] or 0) for row in table("people")}
    records = [r for r in table("records") if r["person"] in roll and r["on"] <= day]
    paid = [row for row in records if row["amount"]]
    answer = district_client.get(f"/api/programme/care?on={day}").json
    lines: Counter[tuple[str, int, str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    for row in paid:
        lines[row["on"][:7], cohort[row["person"]], row["batch"], row["account"]] += int(
            row["amount"]
        )
        sums[row["account"], row["on"][:4]] += int(row["amount"])
    assert {each["record"] for each in answer["payments"]} == {row["id"] for row in paid}
    assert {
        (each["month"], each["cohort"], each["batch"] or "", each["account"]): each["amount"]
        for each in answer["months"]
    } == dict(lines)
    assert {(e["account"], e["year"]): e["amount"] for e in answer["accounts"]} == dict(sums)
    visits = {row["id"]: row["cause"] for row in records if row["kind"] == "visit"}
    assert {each["record"]: each["cause"] for each in answer["visits"]} == visits


def test_accounts_are_kept_apart_on_the_page(district_client: FlaskClient):
    page = district_client.get("/programme/care?on=2024-06-30").text
    # 2024: 5 people in January and 16 in June for work in villages; two visits of 800.
    assert re.search(r'<td [^>]*class="number">315000.00</td>', page)
    assert "316600.00" not in page
    assert "不同账户不相加" in page
    assert "本人住院" in page


def test_a_month_and_a_cohort_are_a_list_of_their_own(district_client: FlaskClient):
    asked = "/programme/care?on=2024-06-30&month=2024-06&cohort=2022"
    rows = list(csv.DictReader(io.StringIO(district_client.get(f"{asked}&format=csv").text)))
    assert {row["届"] for row in rows} == {"2022"}
    assert len(rows) == 5  # of 2022 six; one has received nothing so far
    assert {(row["金额"], row["列支账户"]) for row in rows} == {("15000.0", "到村任职工作补助")}
    book = openpyxl.load_workbook(io.BytesIO(district_client.get(f"{asked}&format=xlsx").data))
    assert [cell.value for cell in book.active[2]][-1] == 15000
    assert district_client.get("/programme/care?month=1999-01&format=csv").text.count("\n") == 1


# The rules of three who need the course: asked for on the day, the day after, and in post.
SMALL = {
    "programme.yaml": """
id: small
name: {zh: 小, en: Small}
activity_levels: [{key: city, zh: 市级, en: city}]
attendance_roles:
  - {key: participant, zh: 参训, en: participant}
  - {key: listener, zh: 旁听, en: listener, counts_hours: false}
activity_kinds: [{key: course, zh: 培训, en: course}]
record_kinds: [{key: need, zh: 需求, en: need, needs: [topic]}]
abilities: [{key: writing, zh: 公文写作, en: writing, specialties: [中文], courses: [写作]}]
training_needs: {key: needs, zh: 需求清单, en: Needs, record: need}
""",
    "units.csv": "id,name\nU,某镇\nV,某村\n",
    "posts.csv": "id,title,unit,demands\nP,文书,U,中文\n",
    "people.csv": "id,name,roles,joined_on,specialties\n"
    "T1,王,trainee,2020-07-01,\nT2,李,trainee,2020-07-01,\nT3,赵,trainee,2020-07-01,\n"
    "T4,孙,trainee,2020-07-01,中文\n",
    "rotations.csv": "person,post,since\nT3,P,2021-01-01\nT4,P,2021-01-01\n",
    "activities.csv": "id,kind,title,held_on,hours,level,unit\n"
    "A1,course,写作班,2024-03-10,7.5,city,U\nA2,course,写作提高班,2024-07-01,8,city,\n"
    "A3,course,速记课,2024-03-10,0.05,,\n",
    "attendance.csv": "person,activity,role\nT1,A1,\nT2,A1,旁听\nT3,A2,\nT1,A3,参训\n",
    "records.csv": "person,kind,on,topic\nT1,need,2024-03-10,写作\nT2,need,2024-03-11,公文写作\n"
    "T1,need,2024-03-01,速记\n",
}


@pytest.fixture
def small(embedded_store: Store, tmp_path: Path) -> Store:
    folder = tmp_path / "set"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    load(embedded_store, folder)
    return embedded_store


def needs(client: FlaskClient, day: str, planned: str = "") -> dict[str, tuple]:
    answer = client.get(f"/api/programme/training?on={day}{planned}").json
    return {
        need["subject"]: (
            need["in_post"],
            need["asked"],
            [course["activity"] for course in need["courses"]],
            need["met"],
            need["waiting"],
        )
        for need in answer["needed"]
    }


def test_from_a_need_to_a_course_to_who_attended(client: FlaskClient, small: Store):
    # A course of the day of the need answers it, one of the day before does not (T2).
    writing = (["T3"], ["T1", "T2"], ["A1"], ["T1"], ["T2", "T3"])
    shorthand: tuple[list[str], ...] = ([], ["T1"], ["A3"], ["T1"], [])
    assert needs(client, "2024-06-30") == {"writing": writing, "速记": shorthand}
    with_planned = (["T3"], ["T1", "T2"], ["A1", "A2"], ["T1"], ["T2", "T3"])
    assert needs(client, "2024-06-30", "&planned=yes")["writing"] == with_planned
    attended = (["T3"], ["T1", "T2"], ["A1", "A2"], ["T1", "T3"], ["T2"])
    assert needs(client, "2024-07-01")["writing"] == attended
    assert needs(client, "2024-03-10")["writing"][1] == ["T1"]  # T2 has not said it yet
    assert needs(client, "2024-03-09")["writing"][:3] == (["T3"], [], [])


def test_planned_courses_show_when_they_are_asked_for(client: FlaskClient, small: Store):
    address = "/api/programme/training?on=2024-06-30"
    assert client.get(address).json["planned"] == []
    (course,) = client.get(f"{address}&planned=yes").json["planned"]
    assert (course["activity"], course["people"], course["hours"]) == ("A2", ["T3"], 8.0)
    assert client.get("/api/programme/training?on=2024-07-01&planned=yes").json["planned"] == []
    page = client.get("/programme/training?on=2024-06-30&planned=yes").text
    assert "计划：写作提高班" in page
    assert "写作提高班" not in client.get("/programme/training?on=2024-06-30").text


def test_listener_takes_no_hours(client: FlaskClient, small: Store):
    hours = {
        (each["person"], each["kind"], each["level"]): (each["hours"], each["listened_hours"])
        for each in client.get("/api/programme/training?on=2024-06-30").json["hours"]
    }
    assert hours == {
        ("T1", "course", "city"): (7.5, 0),
        ("T1", "course", None): (0.05, 0),
        ("T2", "course", "city"): (0, 7.5),
    }
    row = next(
        csv.DictReader(io.StringIO(client.get("/programme/training?on=2024-06-30&format=csv").text))
    )
    assert (row["学时"], row["市级"], row["旁听学时"]) == ("7.55", "7.5", "0.0")
    assert client.get("/api/programme/training?on=2023-12-31").json["hours"] == []
    sheet = client.get("/enter/attendance/of/A1").text
    assert '<option value="listener" selected>旁听</option>' in sheet
    (told,) = [
        section["rows"]
        for section in client.get("/api/programme/files/T1?on=2024-06-30").json["sections"]
        if section["key"] == "hours"
    ]
    assert told == [["2024", "7.55", "市级 7.5 · 未填层级 0.05", "0"]]


COMMANDS = [
    (["training", "--table", "hours", "--on", "2024-06-30"], ["干部网络学院", "24.5"], 0),
    (["training", "--table", "needs", "--planned", "--on", "2024-06-30"], ["公文写作提升班"], 0),
    (["training", "--on", "2024-06-30"], ["教育培训"], 0),
    (["care", "--table", "accounts", "--on", "2024-06-30"], ["315000.00", "1600.00"], 0),
    (["care", "--table", "months", "--cohort", "2021", "--on", "2024-06-30"], ["90000.00"], 0),
    (["care", "--table", "visits", "--on", "2024-06-30"], ["本人住院"], 0),
    (["care", "--table", "payments", "--month", "2024-06"], ["2024年第二批"], 0),
    (["care", "--on", "2024-06-30"], ["到村任职工作补助"], 0),
    (["trainee", "T032", "--on", "2024-06-30"], ["15000.00", "学时"], 0),
    (["care", "--table", "nothing"], [], 2),
]


@pytest.mark.parametrize(("arguments", "said", "code"), COMMANDS)
def test_commands_say_the_same(district_app: Flask, arguments, said, code):
    runner: FlaskCliRunner = district_app.test_cli_runner()
    told = runner.invoke(args=arguments)
    assert told.exit_code == code
    wanted = ["网络学院" if word == "干部网络学院" else word for word in said]
    assert [word for word in wanted if word not in told.output] == []


def test_page_of_a_person_shows_hours_and_care(district_client: FlaskClient):
    page = district_client.get("/programme/people/T032?on=2024-06-30").text
    assert "历年学时" in page
    assert page.count("15000.00") == 2
    assert "本人住院" in page
    assert "15000.00" not in district_client.get("/programme/people/T032?on=2022-01-14").text
    sheet = district_client.get("/programme/files/T032?on=2024-06-30&annex=yes").text
    assert "2024年第二批" in sheet


def test_hospital_uses_the_same_pages_with_its_own_words(
    client: FlaskClient, embedded_store: Store
):
    load(embedded_store, RESIDENCY)
    care = client.get("/api/programme/care?on=2024-06-30").json
    assert {(e["account"], e["year"], e["amount"]) for e in care["accounts"]} == {
        ("training_fund", "2022", 12000.0),
        ("training_fund", "2023", 60000.0),
        ("union_fund", "2024", 500.0),
    }
    assert [each["cause"] for each in care["visits"]] == ["母亲住院"]
    answer = client.get("/api/programme/training?on=2024-06-30&planned=yes").json
    wishes = {need["subject"]: (need["met"], need["waiting"]) for need in answer["needed"]}
    assert wishes == {"心电图": (["R1"], []), "急诊超声": ([], ["R2"])}
    listened = [(e["person"], e["listened_hours"]) for e in answer["hours"] if e["listened_hours"]]
    assert listened == [("R3", 6.0), ("R6", 2.0)]
    assert "继续教育" in client.get("/programme/training?on=2024-06-30").text
