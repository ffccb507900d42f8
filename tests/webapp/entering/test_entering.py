"""The forms: entering, correcting, both sides of a clash, the history, the printed files."""

import io
import re
from html import unescape

import docx
import openpyxl
import pytest
from flask.testing import FlaskClient
from lxml import html

from graph.store import Store
from loaders import entry
from loaders.load import load
from webapp import create_app
from webapp.programme.documents import Document, Section, as_word, as_workbook

FILES = {
    "programme.yaml": """
id: small
name: {zh: 小计划, en: Small}
as_of: 2024-06-30
record_kinds: [{key: talk, zh: 谈话, en: talk}]
levels: [{key: district, zh: 区级, en: district}]
mentoring_kinds: [{key: village, zh: 村书记, en: village secretary}]
rotation_kinds: [{key: grassroots, zh: 基层, en: grassroots}]
mentoring_methods: [{key: visit, zh: 走访, en: visit}, {key: review, zh: 点评, en: review}]
mentoring_duties: [{key: work, zh: 工作上带, en: lead in work}]
growth_tasks: [{key: survey, zh: 调研报告, en: survey}, {key: dispute, zh: 调解, en: dispute}]
stages: [{key: trial, zh: 试用, en: trial, batch: train}]
mentor_needs: [{needs_mentor: {kind: village, count: 1, while: [trial]}}]
duties:
  - key: district_talk
    zh: 区级谈话
    en: District talk
    rule: {every: {record: talk, level: district, months: 6, late_after_days: 0}}
totals:
  - key: trainees
    zh: 学员
    en: Trainees
    sentence: {zh: 人数。, en: Trainees.}
    rule: {joined: {}}
growth_file: [{key: facts, zh: 基本信息, en: Facts, rule: {filled: {fields: [education]}}}]
""",
    "units.csv": "id,name\nv,某村\n",
    "posts.csv": "id,title,unit,capacity\np,村助理,v,1\n",
    "people.csv": (
        "id,name,roles,cohort,joined_on,mentor_capacity\n"
        "T1,王伟,trainee,2022,2022-07-01,\nT2,王伟,trainee,2022,2022-07-01,\n"
        "T3,李娜,trainee,2022,2022-07-01,\nM1,曾国安,mentor,,,3\n"
    ),
    "mentoring.csv": "id,mentor,trainee,kind,since,methods\nm1,M1,T1,village,2022-08,visit\n",
    "rotations.csv": "id,person,post,kind,since\nr1,T1,p,grassroots,2022-08\n",
    "activities.csv": "id,title,held_on\nc,培训班,2024-03-01\n",
    "attendance.csv": "person,activity\nT1,c\n",
    "records.csv": "id,person,kind,on,level,summary\nn1,T1,talk,2023-01-05,district,首次\n",
}
TALK = {"person": "T1", "kind": "talk", "level": "district", "on": "2024-06-30", "by": "张三"}


@pytest.fixture
def small(client: FlaskClient, embedded_store: Store, tmp_path) -> FlaskClient:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    load(embedded_store, folder)
    return client


def words(text: str) -> str:
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def form(page: str) -> dict[str, str]:
    """The values that a form would send if nothing were typed, but for its buttons."""
    (entry_form,) = html.fromstring(page).xpath("//form[contains(@class, 'entry')]")
    values = {}
    for name, value in entry_form.form_values():
        values[name] = value.removeprefix("\r\n")  # which browsers leave out of a textarea
    return values


@pytest.mark.parametrize(
    "address",
    ["/enter", "/enter/changes", "/enter/attendance/of/c", "/programme/files/T1"]
    + [f"/enter/{table}" for table in ("people", "units", "posts", "mentoring", "rotations")]
    + [f"/enter/{table}" for table in ("activities", "attendance", "records", "wishes", "kin")]
    + ["/enter/people/T1", "/enter/units/v", "/enter/posts/p", "/enter/mentoring/m1"]
    + ["/enter/rotations/r1", "/enter/activities/c", "/enter/records/n1"],
)
@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_page_opens_in_both_languages(small: FlaskClient, address: str, lang: str):
    answer = small.get(address, query_string={"lang": lang})
    assert answer.status_code == 200
    if lang == "en":
        assert not re.search("保存|录入|更正", words(answer.text))


@pytest.mark.parametrize("address", ["/enter/horses", "/enter/people/T99", "/programme/files/T99"])
def test_unknown_table_or_row_is_not_found(small: FlaskClient, address: str):
    assert small.get(address).status_code == 404


def test_form_sent_without_its_token_is_refused(small: FlaskClient):
    small.application.config["WTF_CSRF_ENABLED"] = True
    assert small.post("/enter/records", data=TALK).status_code == 400
    page = small.get("/enter/records").text
    assert small.post("/enter/records", data={**form(page), **TALK}).status_code == 303


def test_talk_is_logged_from_the_red_light_in_two_clicks(small: FlaskClient, embedded_store: Store):
    page = small.get("/programme/audit").text
    row = next(
        tr for tr in re.findall(r"<tr>.*?</tr>", page, re.S) if "T1" in tr and "区级谈话" in tr
    )
    address = unescape(re.search(r'href="(/enter/records[^"]*)"', row)[1])  # the first click
    filled = form(small.get(address).text)
    assert {key: filled[key] for key in ("person", "kind", "level", "on")} == {
        key: TALK[key] for key in ("person", "kind", "level", "on")
    }
    answer = small.post("/enter/records", data={**filled, "by": "张三"})  # the second click
    assert answer.status_code == 303 and answer.location == "/programme/audit"
    page = small.get("/programme/audit").text
    rows = [tr for tr in re.findall(r"<tr>.*?</tr>", page, re.S) if "区级谈话" in tr]
    assert not any("/people/T1" in tr for tr in rows)
    assert any("/people/T3" in tr for tr in rows)


def test_missing_mentor_is_proposed_and_paired(small: FlaskClient, embedded_store: Store):
    page = small.get("/programme/mentors").text
    address = unescape(re.search(r'href="(/enter/mentoring\?[^"]*trainee=T3[^"]*)"', page)[1])
    page = small.get(address).text
    assert "曾国安" in words(page)
    filled = form(page)
    assert (filled["mentor"], filled["trainee"], filled["kind"]) == ("M1", "T3", "village")
    assert small.post("/enter/mentoring", data={**filled, "by": "张三"}).status_code == 303
    (tie,) = entry.rows_about(embedded_store, "mentoring", "trainee", "T3")
    assert (tie.values["mentor"], tie.values["since"]) == ("M1", "2024-06-30")
    assert "trainee=T3" not in small.get("/programme/mentors").text


def test_form_offers_mentors_with_reasons_when_none_is_chosen(small: FlaskClient):
    page = small.get("/enter/mentoring?trainee=T3&kind=village").text
    assert re.search(r'href="[^"]*mentor=M1[^"]*"', page)


def test_name_is_asked_once_and_kept_with_the_entry(small: FlaskClient):
    answer = small.post("/enter/records", data={**TALK, "by": ""})
    assert answer.status_code == 400
    assert small.post("/enter/records", data=TALK).status_code == 303
    assert form(small.get("/enter/people/T1").text)["by"] == "张三"
    (change,) = small.get("/api/changes?about=T1").json["changes"]
    assert (change["by"], change["action"], change["table"]) == ("张三", "added", "records")
    assert "张三" in words(small.get("/enter/changes").text)


def test_wrong_value_comes_back_with_its_problem_beside_the_field(
    small: FlaskClient, embedded_store: Store
):
    answer = small.post("/enter/records", data={**TALK, "on": "2024-02-30", "summary": "<b>"})
    assert answer.status_code == 400
    field = answer.text[answer.text.index('id="f-on"') :]
    assert "不是日期" in field[: field.index('class="field')]
    assert 'value="2024-02-30"' in answer.text and "&lt;b&gt;" in answer.text
    assert len(entry.rows_about(embedded_store, "records", "person", "T1")) == 1


def test_name_stands_for_an_id_when_only_one_has_it(small: FlaskClient, embedded_store: Store):
    assert small.post("/enter/records", data={**TALK, "person": "李娜"}).status_code == 303
    assert len(entry.rows_about(embedded_store, "records", "person", "T3")) == 1
    answer = small.post("/enter/records", data={**TALK, "person": "王伟"})
    assert answer.status_code == 400
    assert "T1, T2" in words(answer.text)


def test_doubt_is_shown_and_stored_once_accepted(small: FlaskClient, embedded_store: Store):
    data = {"person": "T3", "post": "p", "kind": "grassroots", "since": "2024", "by": "张三"}
    answer = small.post("/enter/rotations", data=data)
    assert answer.status_code == 200
    assert entry.rows_about(embedded_store, "rotations", "person", "T3") == []
    accepted = {**form(answer.text), "do": "save"}
    assert small.post("/enter/rotations", data=accepted).status_code == 303
    assert len(entry.rows_about(embedded_store, "rotations", "person", "T3")) == 1


def test_second_person_sees_both_versions_and_merges(small: FlaskClient, embedded_store: Store):
    page = form(small.get("/enter/people/T1").text)
    mine = {**page, "education": "硕士", "by": "乙"}
    theirs = {**page, "native_place": "道县", "by": "甲"}
    assert small.post("/enter/people/T1", data=theirs).status_code == 303
    answer = small.post("/enter/people/T1", data=mine)
    assert answer.status_code == 409
    said = words(answer.text)
    for text in ("甲", "道县", "硕士"):
        assert text in said
    # What only one of the two changed is chosen already: nothing of either is lost.
    assert small.post("/enter/people/T1", data=form(answer.text)).status_code == 303
    values = entry.stored(embedded_store, "people", "T1").values
    assert (values["native_place"], values["education"]) == ("道县", "硕士")
    assert values["roles"] == ["trainee"]


def test_pair_keeps_methods_duties_and_the_state_of_each_task(
    small: FlaskClient, embedded_store: Store
):
    page = small.get("/enter/mentoring/m1").text
    assert form(page)["methods"] == "visit"
    data = {
        **form(page),
        "methods": ["visit", "review"],
        "duties": "work",
        "tasks.survey": "done",
        "tasks.dispute": "begun",
        "by": "张三",
    }
    assert small.post("/enter/mentoring/m1", data=data).status_code == 303
    values = entry.stored(embedded_store, "mentoring", "m1").values
    assert values["methods"] == ["visit", "review"]
    assert values["tasks"] == ["survey=done", "dispute=begun"]
    del data["methods"]  # every box is unticked
    data["seen"] = form(small.get("/enter/mentoring/m1").text)["seen"]
    assert small.post("/enter/mentoring/m1", data=data).status_code == 303
    assert "methods" not in entry.stored(embedded_store, "mentoring", "m1").values


def test_withdrawn_record_needs_a_reason_and_no_longer_counts(small: FlaskClient):
    page = form(small.get("/enter/records/n1").text)
    data = {**page, "by": "张三", "do": "withdraw"}
    assert small.post("/enter/records/n1", data=data).status_code == 400
    assert small.post("/enter/records/n1", data={**data, "reason": "记错人"}).status_code == 303
    sheet = small.get("/api/programme/files/T1").json["sections"]
    by_key = {section["key"]: section["rows"] for section in sheet}
    assert by_key["records-talk"] == []
    assert by_key["withdrawn"] == [
        ["2024-06-30", "记错人", "谈话", "2023-01-05", "区级", "", "首次"]
    ]


def test_pair_is_taken_out_with_a_reason(small: FlaskClient, embedded_store: Store):
    page = form(small.get("/enter/mentoring/m1").text)
    data = {**page, "by": "张三", "do": "remove", "reason": "重复"}
    assert small.post("/enter/mentoring/m1", data=data).status_code == 303
    assert entry.rows_about(embedded_store, "mentoring", "trainee", "T1") == []
    assert "重复" in words(small.get("/enter/changes?about=T1").text)


def test_attendance_sheet_stores_what_is_ticked(small: FlaskClient, embedded_store: Store):
    page = small.get("/enter/attendance/of/c").text
    data = {"seen": form(page)["seen"], "present": ["T2", "T3"], "role.T2": "组长", "by": "张三"}
    assert small.post("/enter/attendance/of/c", data=data).status_code == 303
    rows = entry.rows_about(embedded_store, "attendance", "activity", "c")
    assert {(r.values["person"], r.values.get("role")) for r in rows} == {
        ("T2", "组长"),
        ("T3", None),
    }


def test_command_lists_the_changes(small: FlaskClient, runner):
    small.post("/enter/records", data=TALK)
    answer = runner.invoke(args=["changes", "--about", "T1", "--json"])
    assert answer.exit_code == 0
    assert '"by": "张三"' in answer.output


@pytest.mark.parametrize("roles", [["皇帝"], ["trainee", "皇帝"], [""], ["trainee;皇帝", "\x00"]])
def test_foreign_role_with_a_stale_mark_is_shown_or_refused(small: FlaskClient, roles):
    data = {"id": "T1", "roles": roles, "seen": "stale", "by": "张三", "reason": "重复"}
    assert small.post("/enter/people/T1", data=data).status_code == (409 if roles == [""] else 400)
    answer = small.post("/enter/people/T1", data={**data, "do": "remove"})
    assert answer.status_code == 409
    assert "王伟" in answer.text


# --- documents


def test_growth_file_says_the_same_on_paper_in_word_and_in_excel(small: FlaskClient, tmp_path):
    small.post("/enter/records", data={**TALK, "summary": "谈规划"})
    page = words(small.get("/programme/files/T1?annex=yes").text)
    word = docx.Document(io.BytesIO(small.get("/programme/files/T1/file.docx").data))
    sheet = openpyxl.load_workbook(io.BytesIO(small.get("/programme/files/T1/file.xlsx").data))
    in_word = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    in_excel = [str(v) for row in sheet.worksheets[0].values for v in row if v is not None]
    for text in ("村助理", "曾国安", "培训班", "谈规划", "首次", "走访"):
        assert text in page
        assert any(text in each for each in in_word)
        assert any(text in each for each in in_excel)
    assert any(each.startswith("张三") for each in in_word)  # by whom
    assert round(word.sections[0].page_width.cm, 1) == 21.0  # A4
    assert round(word.sections[0].page_height.cm, 1) == 29.7


def test_report_in_excel_leads_from_each_figure_to_its_rows(small: FlaskClient):
    data = small.get("/programme/report.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    first = book.worksheets[0]
    (figure,) = [cell for row in first.iter_rows() for cell in row if cell.value == 3]
    name = figure.hyperlink.location.split("!")[0].strip("'")
    names = [row[0] for row in book[name].values]
    assert names[-3:] == ["王伟", "王伟", "李娜"]


@pytest.mark.parametrize("address", ["/programme/files/T1/file.docx", "/programme/report.xlsx"])
def test_document_has_a_name_that_every_server_can_send(small: FlaskClient, address: str):
    for value in small.get(address).headers.values():
        value.encode("latin-1")


def test_report_in_word_holds_the_totals(small: FlaskClient):
    word = docx.Document(io.BytesIO(small.get("/programme/report.docx").data))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert ["学员", "3", "人数。"] in rows


def test_growth_file_command_writes_a_document(small: FlaskClient, runner, tmp_path):
    answer = runner.invoke(args=["growth-file", "T1", str(tmp_path / "file.docx")])
    assert answer.exit_code == 0, answer.output
    assert docx.Document(str(tmp_path / "file.docx")).tables
    answer = runner.invoke(args=["growth-file", "T1", str(tmp_path / "file.pdf")])
    assert answer.exit_code == 1


def test_text_that_looks_like_a_formula_or_control_stays_text(app):
    nasty = "=1+1\x07<w:p>"
    section = Section("s", "[a]:*?/\\" * 9, ("x",), ((nasty,), ("=cmd()",)), annex=True)
    twin = Section("t", "[a]:*?/\\" * 9, ("x",), ((1,),), annex=True)
    document = Document("n", nasty, "", ((nasty, nasty),), (section, twin))
    with app.app_context():
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(document)))
        word = docx.Document(io.BytesIO(as_word(document)))
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in values if str(cell.value).startswith("=")} == {"s"}
    assert "=1+1<w:p>" in [
        cell.text for table in word.tables for r in table.rows for cell in r.cells
    ]


def test_application_without_a_programme_still_takes_entries(embedded_store: Store):
    app = create_app(store=embedded_store)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    data = {"id": "a", "name": "某人", "roles": "trainee", "by": "张三"}
    assert client.post("/enter/people", data=data).status_code == 303
    assert client.get("/programme/files/a").status_code == 200
