"""The programme on its pages, as JSON and as commands: one function behind all three."""

import json
import re
from collections.abc import Iterator

import docx
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from lxml.html import fromstring

from graph.settings import Settings
from graph.store import Store, open_store
from tests.queries.programme.programme_cases import DISTRICT, RESIDENCY, loaded
from webapp import create_app

PAGES = (
    "/programme",
    "/programme/mechanisms/T2",
    "/programme/audit",
    "/programme/todo",
    "/programme/reminders",
    "/programme/stages",
    "/programme/mentors",
    "/programme/mentors/M004",
    "/programme/training",
    "/programme/exercises",
    "/programme/files",
    "/programme/focus",
    "/programme/duties",
    "/programme/care",
    "/programme/vacancies",
    "/programme/vacancies/P22",
    "/programme/report",
    "/programme/people/T039",
    "/programme/units/U04",
    "/programme/wording",
)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("district") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, DISTRICT)


@pytest.fixture(scope="module")
def app(district: Store) -> Flask:
    made = create_app(Settings(language="en"), district)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


# Words of the reference programme that no page of another one may show.
LEAKED = re.compile(r"3425|Shifeng|石峰|township|village|grassroots|thought report|选调生|村|乡镇")


def answer(runner: FlaskCliRunner, *arguments: str) -> dict:
    result = runner.invoke(args=[*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_in_both_languages(client: FlaskClient, path: str, lang: str):
    page = client.get(f"{path}?lang={lang}")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "%(" not in text
    assert "<h1>" in text


@pytest.mark.parametrize("path", PAGES)
def test_chinese_pages_speak_chinese(client: FlaskClient, path: str):
    text = client.get(f"{path}?lang=zh_Hans").get_data(as_text=True)
    main = text[text.index("<main") : text.index("</main>")].partition('<details class="how"')[0]
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL)
    english = re.findall(r"\b[a-z]{3,}(?: [a-z]+)+", words)
    assert english == []


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_its_json(client: FlaskClient, path: str):
    given = client.get(f"/api{path}")
    assert given.status_code == 200
    assert given.json["as_of"] == "2024-06-30"


def test_the_audit_is_the_same_in_the_command_and_the_json(
    client: FlaskClient, runner: FlaskCliRunner
):
    told = answer(runner, "audit")
    assert client.get("/api/programme/audit").json == told
    assert set(told["counts"]) == {"red", "yellow", "blue"}
    for level, count in told["counts"].items():
        assert count == sum(finding["level"] == level for finding in told["findings"])


def test_the_counts_on_the_page_are_links_to_as_many_rows(client: FlaskClient):
    counts = client.get("/api/programme/audit").json["counts"]
    for level, count in counts.items():
        page = client.get(f"/programme/audit?level={level}").get_data(as_text=True)
        table = page[page.index('data-table="audit"') : page.index('data-table="rules"')]
        assert table.count("<tr>") - 1 == count


def test_the_audit_of_another_day_knows_that_day(client: FlaskClient, runner: FlaskCliRunner):
    told = answer(runner, "audit", "--as-of", "2022-12-31")
    assert told["as_of"] == "2022-12-31"
    assert client.get("/api/programme/audit?on=2022-12-31").json == told
    assert told["counts"] != answer(runner, "audit")["counts"]


def test_a_day_that_is_none_is_refused_with_a_sentence(client: FlaskClient, runner: FlaskCliRunner):
    refused = client.get("/programme/audit?on=2024-13-01")
    assert refused.status_code == 400
    assert "2024-13-01" in refused.get_data(as_text=True)
    result = runner.invoke(args=["audit", "--as-of", "soon"])
    assert result.exit_code == 2
    assert "soon" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "path",
    [
        "/programme/mechanisms/X9",
        "/programme/people/M001",
        "/programme/people/nobody",
        "/programme/mentors/nobody",
        "/programme/vacancies/nothing",
        "/programme/report/nothing",
        "/programme?unit=nowhere",
    ],
)
def test_what_is_not_there_is_said(client: FlaskClient, path: str):
    assert client.get(path).status_code == 404


def test_the_days_of_the_totals_are_the_published_ones(client: FlaskClient, runner: FlaskCliRunner):
    totals = {t["key"]: t["value"] for t in answer(runner, "report")["totals"]}
    assert totals.pop("courses") >= 90
    assert totals == {
        "trainees": 46,
        "villages": 20,
        "key_posts": 12,
        "secondments": 32,
        "platform": 40,
        "grid_workers": 2,
        "onsite_teaching": 81,
        "seminars": 65,
        "to_deputy_county": 2,
        "to_section": 5,
        "to_deputy_section": 10,
        "unit_heads": 7,
    }
    rows = answer(runner, "query", "programme.totals")["rows"]
    told = {t["key"]: t["value"] for t in client.get("/api/programme").json["totals"]}
    assert {row["key"]: row["value"] for row in rows} == told


def test_each_number_of_the_report_links_to_as_many_rows(client: FlaskClient):
    for total in client.get("/api/programme/report").json["totals"]:
        page = client.get(f"/programme/report/{total['key']}").get_data(as_text=True)
        rows = page[page.index("data-table=") :].count("<tr>") - 1
        assert rows == total["value"] == len(total["rows"])


def test_a_unit_narrows_every_page_to_its_people(client: FlaskClient):
    whole = client.get("/api/programme/stages").json["people"]
    township = client.get("/api/programme/stages?unit=U08").json["people"]
    village = client.get("/api/programme/stages?unit=U14").json["people"]
    ids = [{row["person"] for row in rows} for rows in (village, township, whole)]
    assert ids[0] < ids[1] < ids[2]


def test_the_to_do_list_and_the_calendar_file_hold_the_same(
    client: FlaskClient, runner: FlaskCliRunner, tmp_path
):
    items = client.get("/api/programme/todo?days=90").json["items"]
    assert items == answer(runner, "todo", "--days", "90")["items"]
    calendar = client.get("/programme/todo.ics?days=90")
    assert calendar.mimetype == "text/calendar"
    text = calendar.get_data(as_text=True)
    assert text.count("BEGIN:VEVENT") == sum(item["due"] is not None for item in items)
    path = tmp_path / "programme.ics"
    assert runner.invoke(args=["calendar", str(path), "--days", "90"]).exit_code == 0
    assert path.read_bytes().decode() == text


def test_an_unknown_role_is_refused(client: FlaskClient):
    assert client.get("/programme/todo?role=king").status_code == 400
    assert client.get("/programme/todo?days=many").status_code == 400


def test_a_priority_that_is_switched_off_gives_no_reason(
    client: FlaskClient, runner: FlaskCliRunner
):
    told = answer(runner, "shortlist", "P22", "--off", "vacancy")["shortlist"]
    shown = client.get("/api/programme/vacancies/P22?off=vacancy").json["shortlist"]
    assert told["places"] == shown["places"]
    assert dict(told["priorities"])["vacancy"] is False
    reasons = {reason["key"] for place in told["places"] for reason in place["reasons"]}
    assert "vacancy" not in reasons
    assert "important_post" in reasons


def test_the_counts_of_the_overview_are_links(client: FlaskClient):
    counts = client.get("/api/programme/audit").json["counts"]
    page = client.get("/programme").get_data(as_text=True)
    for level, count in counts.items():
        assert re.search(rf'href="/programme/audit\?level={level}">.*?{count} ', page)


def test_a_persons_page_shows_the_standing(client: FlaskClient):
    page = client.get("/people/T039").get_data(as_text=True)
    assert "/programme/people/T039" in page
    assert "2/3" in page
    assert "/programme/people/M001" not in client.get("/people/M001").get_data(as_text=True)


def test_a_large_store_leaves_the_boxes_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("queries.programme.standing.MOST_PEOPLE", 10)
    assert "/programme/audit?level" not in client.get("/").get_data(as_text=True)
    assert "/programme/people/T039" not in client.get("/people/T039").get_data(as_text=True)


def test_without_a_programme_every_page_says_what_to_do(tmp_path):
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'empty.kgl'}")) as store:
        client = create_app(Settings(language="en"), store).test_client()
        assert "programme.yaml" in client.get("/programme").get_data(as_text=True)
        for path in PAGES:
            answer = client.get(path)
            missing = re.search("T2|P22|T039|M004|U04|wording", path)
            assert answer.status_code == (404 if missing else 200), path
            assert "Traceback" not in answer.get_data(as_text=True)


def test_another_programme_needs_no_code(tmp_path):
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'hospital.kgl'}")) as store:
        client = create_app(Settings(language="en"), loaded(store, RESIDENCY)).test_client()
        for path in PAGES:
            path = (
                path.replace("T2", "M1")
                .replace("P22", "Q7")
                .replace("T039", "R5")
                .replace("M004", "P2")
                .replace("U04", "W1")
            )
            page = client.get(path)
            assert page.status_code == 200, path
            leaked = LEAKED.findall(page.get_data(as_text=True))
            assert leaked == [], path
        assert "bedside teacher" in client.get("/programme/mentors").get_data(as_text=True)


JSON_OF_COMMAND = [
    (["programme"], "/api/programme"),
    (["mechanism", "T2"], "/api/programme/mechanisms/T2"),
    (["audit"], "/api/programme/audit"),
    (["stages"], "/api/programme/stages"),
    (["mentors"], "/api/programme/mentors"),
    (["mentor", "M004"], "/api/programme/mentors/M004"),
    (["training"], "/api/programme/training"),
    (["exercises"], "/api/programme/exercises"),
    (["files"], "/api/programme/files"),
    (["focus"], "/api/programme/focus"),
    (["duties"], "/api/programme/duties"),
    (["care"], "/api/programme/care"),
    (["vacancies"], "/api/programme/vacancies"),
    (["shortlist", "P22"], "/api/programme/vacancies/P22"),
    (["report"], "/api/programme/report"),
    (["todo"], "/api/programme/todo"),
    (["reminders"], "/api/programme/reminders"),
    (["trainee", "T039"], "/api/programme/people/T039"),
]


@pytest.mark.parametrize(("command", "address"), JSON_OF_COMMAND)
def test_a_command_gives_the_json_of_its_page(
    client: FlaskClient, runner: FlaskCliRunner, command: list[str], address: str
):
    assert answer(runner, *command) == client.get(address).json
    table = runner.invoke(args=command)
    assert table.exit_code == 0, table.output
    assert table.output.strip()
    assert "%(" not in table.output


def test_a_command_asked_for_what_is_not_there_says_so(runner: FlaskCliRunner):
    for command in (["trainee", "M001"], ["mentor", "nobody"], ["mechanism", "X9"]):
        refused = runner.invoke(args=command)
        assert refused.exit_code == 1
        assert command[1] in refused.output
        assert "Traceback" not in refused.output


def own_client(path) -> tuple[Store, FlaskClient]:
    store = open_store(Settings(store_url=f"embedded:{path}"))
    app = create_app(Settings(language="en"), loaded(store, DISTRICT))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return store, app.test_client()


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of a form that nobody touched, one value a field."""
    (form,) = fromstring(page).xpath("//form[contains(@class, 'entry')]")
    return dict(form.form_values())


def test_the_offices_own_words_are_edited_on_a_page_and_taken_out(tmp_path):
    store, client = own_client(tmp_path / "words.kgl")
    with store:
        form = fields(client.get("/programme/wording").get_data(as_text=True))
        assert form["growth_tasks.1.zh"] == "〔示例〕走遍全村农户"
        untouched = client.post("/programme/wording", data=form | {"by": "甲"})
        assert untouched.status_code == 303
        assert client.get("/api/changes?table=programme").json["changes"] == []
        changed = {
            "growth_tasks.1.zh": "走遍全镇",
            "growth_tasks.6.zh": "办一件实事",
            "rule.2.months": "12",
            "by": "甲",
        }
        assert client.post("/programme/wording", data=form | changed).status_code == 303
        told = client.get("/api/programme/wording").json["wording"]
        assert [term["zh"] for term in told["growth_tasks"]][::5] == ["走遍全镇", "办一件实事"]
        assert told["focus"]["rules"][1]["reviewed"]["months"] == 12
        assert "走遍全镇" in client.get("/programme/mentors?lang=zh_Hans").get_data(as_text=True)
        taken = client.get("/programme/programme.yaml").get_data(as_text=True)
        assert "走遍全镇" in taken
        assert taken.startswith("# An invented programme")
        (change,) = client.get("/api/changes?table=programme").json["changes"]
        assert (change["by"], change["fields"]) == ("甲", ["growth_tasks", "focus"])
        assert "走遍全镇" in client.get("/enter/changes").get_data(as_text=True)


def test_two_people_at_the_same_words_lose_nothing(tmp_path):
    store, client = own_client(tmp_path / "two.kgl")
    with store:
        form = fields(client.get("/programme/wording").get_data(as_text=True))
        first = form | {"growth_tasks.1.zh": "甲的话", "by": "甲"}
        assert client.post("/programme/wording", data=first).status_code == 303
        second = form | {"growth_tasks.1.zh": "乙的话", "by": "乙"}
        told = client.post("/programme/wording", data=second)
        assert told.status_code == 409
        page = told.get_data(as_text=True)
        assert "甲的话" in page and "乙的话" in page
        again = client.post("/programme/wording", data=fields(page) | {"by": "乙"})
        assert again.status_code == 303
        tasks = client.get("/api/programme/wording").json["wording"]["growth_tasks"]
        assert tasks[0]["zh"] == "乙的话"


def test_a_wrong_rule_is_told_and_nothing_is_stored(tmp_path):
    store, client = own_client(tmp_path / "wrong.kgl")
    with store:
        form = fields(client.get("/programme/wording").get_data(as_text=True))
        before = client.get("/api/programme/wording").json
        nameless = client.post("/programme/wording", data=form | {"growth_tasks.1.zh": "x"})
        assert nameless.status_code == 400
        refused = client.post(
            "/programme/wording", data=form | {"rule.2.months": "soon", "by": "a"}
        )
        assert refused.status_code == 400
        assert "soon" in refused.get_data(as_text=True)
        added = client.post("/programme/wording", data=form | {"do": "add", "add": "reached_rank"})
        assert 'name="rule.3.rank"' in added.get_data(as_text=True)
        assert client.get("/api/programme/wording").json == before


def test_a_units_report_is_entered_once_for_all_its_trainees(tmp_path):
    store, client = own_client(tmp_path / "unit.kgl")
    with store:
        people = client.get("/api/programme/units/U05").json["duties"]
        mine = sorted({duty["person"] for duty in people})
        form = {"duty": "management_report", "on": "2024-06-29", "by": "甲", "person": mine}
        assert client.post("/programme/units/U05", data=form).status_code == 303
        (own,) = client.get("/api/programme/units/U05").json["unit"]["own"]
        assert (own["last"], own["state"]) == ("2024-06-29", "done")
        nobody = client.post("/programme/units/U05", data=form | {"person": ["T015"]})
        assert nobody.status_code == 400


def test_a_decision_on_the_focus_list_is_a_record_of_the_file(tmp_path):
    with open_store(Settings(store_url=f"embedded:{tmp_path / 'own.kgl'}")) as store:
        app = create_app(Settings(language="en"), loaded(store, DISTRICT))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        client = app.test_client()
        form = {"result": "confirmed", "by": "组织科"}
        assert client.post("/programme/focus/T001", data=form).status_code == 303
        rows = store.read(
            "MATCH (:Person {id: 'T001'})-[:HAS_RECORD]->(r:Record {kind: 'focus'}) "
            "RETURN r.result AS result, r.on AS on"
        )
        assert rows == [{"result": "confirmed", "on": "2024-06-30"}]
        states = {e["person"]: e["state"] for e in client.get("/api/programme/focus").json["focus"]}
        assert states["T001"] == "confirmed"
        assert states["T003"] == "to confirm"
        assert client.post("/programme/focus/T001", data={"result": "maybe"}).status_code == 400
        assert client.post("/programme/focus/nobody", data=form).status_code == 404


def test_a_decision_needs_the_form_of_this_site(app: Flask, district: Store):
    guarded = create_app(Settings(language="en"), district)
    sent = guarded.test_client().post("/programme/focus/T001", data={"result": "confirmed"})
    assert sent.status_code == 400


def test_a_unit_is_as_late_as_its_own_trainees(client: FlaskClient, runner: FlaskCliRunner):
    units = client.get("/api/programme/duties").json["units"]
    assert units == answer(runner, "duties", "--by-unit")["units"]
    by_id = {unit["unit"]: unit for unit in units}
    worst = by_id["U06"]
    assert units[0]["late"] == worst["late"] == 2
    assert worst["late_since"] == "2023-12-05"
    (own,) = by_id["U04"]["own"]  # its report on its one trainee is the unit's own
    assert (own["state"], own["due"], own["missing"]) == ("late", "2023-12-11", ["T015"])
    page = client.get(f"/programme/duties?at={worst['unit']}&state=late").get_data(as_text=True)
    table = page[page.index('data-table="duties"') : page.index('data-table="requests"')]
    assert table.count("<tr>") - 1 == worst["late"]


def test_receipts_name_the_unit_and_the_levels(client: FlaskClient):
    page = client.get("/programme/duties?year=2023").get_data(as_text=True)
    table = page[page.index('data-table="receipts"') :]
    row = next(row for row in table.split("<tr>") if "T028" in row)
    assert "U06" in row
    assert row.count("missing") == 2


def test_a_mentor_sees_the_own_trainees_and_what_is_due(
    client: FlaskClient, runner: FlaskCliRunner
):
    told = client.get("/api/programme/mentors/M004").json
    mine = {pair["pairing"]["trainee"] for pair in told["pairs"]}
    assert mine == {pairing["trainee"] for pairing in told["mentor"]["current"]} == {"T028", "T042"}
    assert {duty["person"] for duty in told["duties"]} == {"T028"}
    items = answer(runner, "todo", "--person", "M004")["items"]
    assert {item["person"] for item in items} == mine


def test_each_red_light_has_an_action_beside_it(client: FlaskClient):
    page = client.get("/programme/audit?level=red").get_data(as_text=True)
    table = page[page.index('data-table="audit"') : page.index('data-table="rules"')]
    rows = table.split("<tr>")[2:]
    assert rows
    forms = ("/enter/", "/programme/problems/")
    assert [row for row in rows if not any(form in row for form in forms)] == []
    missing = next(row for row in rows if "lacks a mentor" in row)
    assert "propose" in missing


def test_the_report_comes_as_word_and_excel_on_the_command_line(runner: FlaskCliRunner, tmp_path):
    for ending, sheet in (("docx", docx_text), ("xlsx", xlsx_text)):
        path = tmp_path / f"report.{ending}"
        result = runner.invoke(args=["report", "--out", str(path)])
        assert result.exit_code == 0, result.output
        assert "81" in sheet(path)
    refused = runner.invoke(args=["report", "--out", str(tmp_path / "report.txt")])
    assert refused.exit_code == 1
    assert "report.txt" in refused.output


def docx_text(path) -> set[str]:
    tables = docx.Document(str(path)).tables
    return {cell.text for table in tables for row in table.rows for cell in row.cells}


def xlsx_text(path) -> set[str]:
    values = openpyxl.load_workbook(path).worksheets[0].values
    return {str(value) for row in values for value in row}


def test_reserve_list_stands_on_the_page_of_vacant_posts_and_in_its_json(client: FlaskClient):
    def listed(day: str) -> dict[str, tuple[str, str]]:
        answer = client.get(f"/api/programme/vacancies?on={day}").json
        return {each["person"]: (each["since"], each["document"]) for each in answer["reserve"]}

    assert listed("2022-03-14") == {}
    assert listed("2024-04-09")["T016"] == ("2022-03-15", "石组干〔2022〕15号")
    assert "T016" not in listed("2024-04-10")  # taken off that day
    assert "T017" in listed("2024-02-29")
    assert "T017" not in listed("2024-03-01")  # its term is over

    def ends(day: str) -> set[str | None]:
        answer = client.get(f"/api/programme/vacancies?on={day}").json
        return {each["until"] for each in answer["reserve"]}

    assert ends("2023-09-16") == {None}  # they came later
    assert "2026-03-01" in ends("2024-06-30")  # today the end to come is known
    page = client.get("/programme/vacancies?on=2024-04-09&lang=zh_Hans").text
    assert "后备干部名单" in page
    assert "石组干〔2022〕15号" in page
