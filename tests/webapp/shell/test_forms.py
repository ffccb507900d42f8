"""Forms: what is wrong stands at its field, what was typed stays, and only they read a request."""

import ast
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from webapp.shell.forms import PageForm, offered

ROOT = Path(__file__).resolve().parents[3]
READS = {"form", "values", "files"}
# Beside the forms, these read what was sent, and why.
DECLARED = {
    "webapp/shell/forms.py": "the forms themselves",
    "webapp/shell/way_back.py": "`next`, which is followed only where it is an address of ours",
    "webapp/api/general.py": "data sets and parameters that programs send; no form is shown",
    "webapp/shell/operations.py": "parameters beside the files that programs send",
}
TALK = {"person": "T001", "kind": "talk", "on": "2024-06-30", "by": "张三", "summary": "首谈"}
PLAN = {"from": "2024-07-01", "periods": "2", "seconds": "20", "who": "all"}

# address, what is sent, the field that is wrong, what is said there, what has to stay as typed
WRONG = [
    ("/enter/records", {**TALK, "on": "2024-02-30"}, "on", "不是日期", "not a date", "summary"),
    ("/enter/records", {**TALK, "person": "T999"}, "person", "T999", "T999", "person"),
    ("/enter/records", {**TALK, "kind": ""}, "kind", "类别", "Kind", "summary"),
    ("/enter/records", {**TALK, "by": ""}, "by", "姓名", "Your name is missing", "summary"),
    ("/enter/records", {**TALK, "by": "长" * 61}, "by", "最多 60 个字", "At most 60", "summary"),
    (
        "/enter/people",
        {"id": "T900", "name": "某人", "mentor_capacity": "-1", "by": "张三"},
        "mentor_capacity",
        "-1",
        "-1",
        "mentor_capacity",
    ),
    (
        "/enter/rotations",
        {"person": "T001", "post": "P01", "since": "2024-06-01", "until": "2024-05-01", "by": "甲"},
        "until",
        "2024-05-01",
        "2024-05-01",
        "until",
    ),
    ("/enter/name", {"by": " "}, "by", "姓名", "Your name is missing", "by"),
    ("/enter/attendance/of/A001", {"role.T001": "组长"}, "by", "姓名", "Your name", "role.T001"),
    ("/data/check", {}, "files", "没有选择文件", "No file was chosen", ""),
    ("/data/guess", {"source": ""}, "source", "不在可选项之中", "none of the choices", ""),
    ("/data/guess", {}, "files", "没有选择文件", "No file was chosen", ""),
    ("/data/guess", {"source": "none"}, "source", "不在可选项之中", "none of the choices", ""),
    ("/loads/1/undo", {"by": "张三"}, "confirmed", "未勾选", "the box was not ticked", "by"),
    ("/plans/new", {**PLAN, "from": "2024-02-30"}, "from", "2024-02-30", "2024-02-30", "from"),
    ("/plans/new", {**PLAN, "periods": "0"}, "periods", "0", "A horizon of 0", "periods"),
    ("/plans/new", {**PLAN, "periods": "x"}, "periods", "“x”", '"x" is not a whole', "periods"),
    ("/plans/new", {**PLAN, "seconds": "0"}, "seconds", "0.0", "0.0 seconds", "seconds"),
    (
        "/programme/units/U04",
        {"on": "2024-02-30", "person": "T015", "by": "甲", "summary": "平稳"},
        "on",
        "不是日期",
        "not a date",
        "summary",
    ),
    ("/programme/wording", {"focus.zh": "重点"}, "by", "姓名", "Your name", "focus.zh"),
    ("/programme/focus/T001", {"result": "confirmed"}, "by", "姓名", "Your name", ""),
    ("/network/views", {"name": " ", "address": "unit=U1"}, "name", "名称", "name of 1", "address"),
    ("/network/views", {"name": "视" * 81, "address": "unit=U1"}, "name", "80", "80", "name"),
]  # fmt: skip


def sent(client: FlaskClient, address: str, data: dict[str, str], lang: str) -> HtmlElement:
    """Send a form that cannot be taken; give the page that comes back."""
    answer = client.post(address, data=data, query_string={"lang": lang})
    assert answer.status_code == 400
    return fromstring(answer.text)


def named(page: HtmlElement, name: str) -> HtmlElement:
    """The one input of a name that a person fills in."""
    (found,) = page.xpath(f"//form[@method='post']//*[@name='{name}' and not(@type='hidden')]")
    return found


def said_of(page: HtmlElement, field: HtmlElement) -> str:
    """What is read out after a field's label: its hint and what is wrong with it."""
    ids = field.get("aria-describedby").split()
    said = [page.xpath(f"//*[@id='{id_}']") for id_ in ids]
    assert all(len(each) == 1 for each in said)
    return " ".join(each.text_content() for (each,) in said)


@pytest.fixture
def stranger(district_app: Flask) -> FlaskClient:
    """A browser that keeps no name yet."""
    return district_app.test_client()


@pytest.mark.parametrize(("address", "data", "name", "zh", "en", "kept"), WRONG)
@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    stranger: FlaskClient,
    address: str,
    data: dict[str, str],
    name: str,
    zh: str,
    en: str,
    kept: str,
    lang: str,
):
    page = sent(stranger, address, data, lang)
    field = named(page, name)
    assert field.get("aria-invalid") == "true"
    said = said_of(page, field)
    assert (zh if lang == "zh_Hans" else en) in said
    if lang == "zh_Hans":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]+", said)
    (label,) = page.xpath(f"//label[@for='{field.get('id')}']")
    assert label.text_content().strip()
    if kept:
        (typed,) = page.xpath(f"//form[@method='post']//*[@name='{kept}']")
        assert (typed.value or "").strip() == data[kept].strip()


def test_field_without_fault_is_called_neither_wrong_nor_described_by_one(stranger: FlaskClient):
    page = fromstring(stranger.get("/enter/records?lang=en").text)
    assert page.xpath("//*[@aria-invalid]") == []
    assert said_of(page, named(page, "on")) == "2024-06-30, or 2024-06, or 2024"
    assert named(page, "summary").get("aria-describedby") is None


def test_doubt_stands_at_its_field_and_is_no_fault(stranger: FlaskClient):
    data = {"mentor": "M001", "trainee": "T046", "since": "2024-06", "until": "9999", "by": "甲"}
    answer = stranger.post("/enter/mentoring", data=data, query_string={"lang": "en"})
    assert answer.status_code == 200
    page = fromstring(answer.text)
    field = named(page, "until")
    assert "9999" in said_of(page, field)
    assert field.get("aria-invalid") is None
    assert page.xpath("//input[@name='accept']/@value") == ["yes"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"leave_person": "T036", "leave_since": "2024-02-30", "leave_until": ""}, "not a date"),
        ({"places_post": "P01", "places": "many"}, 'places "many" is not a whole number'),
        ({"kind_of_post": "village", "counts_as": ""}, "belong together"),
        (
            {"what": "pin", "pin_person": "T036", "pin_post": "", "pin_day": "2024-07-01"},
            "names a person and a post",
        ),
    ],
)
def test_row_that_cannot_be_planned_is_told_at_its_table_and_stays(
    stranger: FlaskClient, changes: dict[str, str], sentence: str
):
    page = sent(stranger, "/plans/new", {**PLAN, **changes}, "en")
    first = next(iter(dict(list(changes.items())[-2:])))
    (table,) = page.xpath(f"//table[.//*[@name='{first}']]")
    assert sentence in said_of(page, table)
    typed = {e.get("name"): e.value for e in reversed(table.xpath(".//tr//*[@name]"))}
    assert {name: typed[name] for name in changes} == changes


def test_step_that_cannot_be_searched_is_told_at_its_field_and_stays(stranger: FlaskClient):
    asked = {"1.kind": "grassroots", "2.within_months": "soon", "lang": "en"}
    answer = stranger.get("/careers/paths", query_string=asked)
    assert answer.status_code == 400
    page = fromstring(answer.text)
    (wrong,) = page.xpath("//*[@aria-invalid='true']")
    assert (wrong.get("name"), wrong.value) == ("2.within_months", "soon")
    assert "within_months cannot be soon" in said_of(page, wrong)
    (kind,) = page.xpath("//select[@name='1.kind']")
    assert kind.value == "grassroots"


def test_nobody_ticked_is_told_at_the_group(stranger: FlaskClient):
    page = sent(stranger, "/programme/units/U04", {"on": "2024-06-29", "by": "甲"}, "en")
    (group,) = page.xpath("//*[@role='group' and @id='person']")
    assert "Nobody is ticked" in said_of(page, group)
    (label,) = page.xpath(f"//*[@id='{group.get('aria-labelledby')}']")
    assert label.text_content() == "About"


POSTED = [
    *dict.fromkeys(address for address, *_rest in WRONG),
    "/enter/people/T001",
    "/data/load",
    "/network/views/x/forget",
    "/plans/runs/x/stop",
    "/plans/plan-1/accept",
    "/plans/plan-1/keep",
]


@pytest.mark.parametrize("address", POSTED)
def test_form_without_its_token_is_refused(
    stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setitem(stranger.application.config, "WTF_CSRF_ENABLED", True)
    answer = stranger.post(address, data={"by": "甲"}, query_string={"lang": "en"})
    assert answer.status_code == 400
    assert "The form is too old or came from another site." in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/enter",
        "/enter/people/T001",
        "/enter/attendance/of/A001",
        "/data",
        "/data/guess",
        "/loads/1",
        "/plans/new",
        "/programme/units/U04",
        "/programme/focus",
        "/programme/wording",
        "/network?person=T001",
    ],
)
def test_every_form_that_is_sent_carries_a_token_and_ids_stand_once(
    stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setitem(stranger.application.config, "WTF_CSRF_ENABLED", True)
    page = fromstring(stranger.get(address).text)
    forms = page.xpath("//form[@method='post']")
    assert forms
    for form in forms:
        (token,) = form.xpath(".//input[@name='csrf_token']/@value")
        assert token
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_token_of_a_page_lets_its_form_through(
    stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(stranger.application.config, "WTF_CSRF_ENABLED", True)
    page = fromstring(stranger.get("/data").text)
    token, *_ = page.xpath("//form[@method='post']//input[@name='csrf_token']/@value")
    data = {"csrf_token": token, "files": (io.BytesIO(b""), "")}
    answer = stranger.post("/data/check", data=data, query_string={"lang": "en"})
    assert "No file was chosen" in answer.text


class _Everything(PageForm):
    """A field for each rule of the library that our forms use."""

    needed = StringField(validators=[InputRequired()])
    short = StringField(validators=[Length(max=2)])
    one = SelectField(choices=offered([("a", "a")]))
    several = SelectMultipleField(choices=offered([("a", "a")]))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh_Hans", ["此项必填。", "最多 2 个字。", "不在可选项之中。", "不在可选项之中。"]),
        (
            "en",
            ["This is missing.", "At most 2 characters fit here."]
            + ["This is none of the choices."] * 2,
        ),
    ],
)
def test_rules_of_the_library_speak_in_our_words(app: Flask, lang: str, said: list[str]):
    data = {"short": "abc", "one": "b", "several": "b"}
    with app.test_request_context(f"/?lang={lang}", method="POST", data=data):
        form = _Everything.sent()
        assert not form.validate()
        assert [text for field in form for text in field.errors] == said


# --- one reader of requests, one drawer of forms


def reads(text: str) -> list[int]:
    """The lines on which a source reads what a form sent."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and node.attr in READS
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    ]


def test_what_a_form_sent_is_read_by_forms_and_where_it_is_declared():
    found = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "webapp").rglob("*.py")
        if reads(file.read_text(encoding="utf-8"))
    }
    assert found == set(DECLARED)


def test_a_read_is_found_wherever_it_stands():
    assert reads("def f():\n    return request.form.get('x') or request.values['y']") == [2, 2]
    assert reads("request.args.get('form')") == []


def test_forms_that_are_sent_are_drawn_in_one_place():
    folder = ROOT / "webapp" / "templates"
    drawn = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.html")
        if re.search(r"method=.post|csrf_token\(", file.read_text(encoding="utf-8"))
    }
    assert drawn == {"forms.html"}
