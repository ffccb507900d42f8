"""Files in through the page: checked first, loaded after; files out; the stored rows."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from graph.schema import TABLES
from tests.webapp.conftest import EVIL, SMALL
from webapp.data.uploads import plain_name
from webapp.shell.store import current_jobs

BAD_PEOPLE = "id,name,joined_on\np1,甲,2017.13.01\np1,乙,\n,丙,\n"


def upload(client, files: Mapping[str, str | bytes], lang: str = "en"):
    given = [
        (io.BytesIO(text if isinstance(text, bytes) else text.encode()), name)
        for name, text in files.items()
    ]
    begun = client.post(f"/data/check?lang={lang}", data={"files": given})
    return ended(client, begun)


def ended(client, begun):
    """Wait until the job that a request began has ended, and give its page."""
    if begun.status_code != 303:
        return begun
    with client.application.app_context():
        current_jobs().wait(begun.location.rpartition("/")[2], 60)
    return client.get(begun.location)


def load(client, data: Mapping[str, str]):
    """Press "Load" and wait until the job has ended."""
    return ended(client, client.post("/data/load", data=data))


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', page)
    assert found
    return found[1]


def people(store) -> int:
    return store.read("MATCH (p:Person) RETURN count(p) AS n")[0]["n"]


def test_check_stores_nothing_and_load_stores_what_was_checked(client, embedded_store):
    page = upload(client, SMALL)
    assert page.status_code == 200
    assert "Nothing is stored yet" in page.text
    assert people(embedded_store) == 0
    answer = load(client, {"token": token_of(page.text)})
    assert "Loaded: " in answer.text
    assert "People 4" in answer.text
    assert people(embedded_store) == 4


def test_every_problem_stands_in_the_table_with_its_place(client, embedded_store):
    page = upload(client, {"people.csv": BAD_PEOPLE}).text
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in row.split("<td")[1:]] for row in rows
    ]
    found = {(line[1].split(">")[-1], line[2].split(">")[-1]) for line in cells}
    assert found == {("people.csv", "2"), ("people.csv", "3"), ("people.csv", "4")}
    assert "2017.13.01" in page
    assert "3 errors" in page
    assert people(embedded_store) == 0


def test_wrong_rows_can_be_left_out(client, embedded_store):
    page = upload(client, {"people.csv": "id,name,cohort\np1,甲,2019\np2,乙,soon\n"}).text
    assert "Load without the wrong rows" in page
    data = {"token": token_of(page), "skip_bad": "yes"}
    answer = load(client, data)
    assert "1 row was left out" in answer.text
    assert people(embedded_store) == 1


def test_unknown_columns_are_left_out_in_one_click(client, embedded_store):
    files = {"people.csv": "id,name,政治面貌,身份证号\np1,甲,党员,1\n"}
    page = upload(client, files)
    assert "Load without the columns 政治面貌, 身份证号" in page.text
    assert people(embedded_store) == 0
    (form,) = re.findall(r"<form(?:(?!</form>).)*without the columns.*?</form>", page.text, re.S)
    data = {"token": token_of(form), "without": re.findall(r'name="without" value="(.*?)"', form)}
    answer = load(client, data)
    assert "Loaded: People 1" in answer.text
    assert people(embedded_store) == 1
    assert "不读取 政治面貌、身份证号 列并导入" in upload(client, files, lang="zh_Hans").text


def test_columns_left_out_stay_so_when_wrong_rows_are_left_out_too(client, embedded_store):
    files = {"people.csv": "id,name,政治面貌,joined_on\np1,甲,党员,2020\np2,乙,党员,x\n"}
    token = token_of(upload(client, files).text)
    answer = load(client, {"token": token, "without": "政治面貌"})
    assert people(embedded_store) == 0
    assert "Load without the column " not in answer.text
    form = answer.text[: answer.text.index("Load without the wrong rows")].rpartition("<form")[2]
    assert 'name="without" value="政治面貌"' in form and 'name="skip_bad" value="yes"' in form


def test_words_of_uploaded_files_are_judged_by_the_stored_programme(client, embedded_store):
    programme = "id: p\nstatuses: [{key: active, zh: 在职, en: active}]\n"
    files = {"programme.yaml": programme, "people.csv": "id,name,status\np1,甲,在职\n"}
    load(client, {"token": token_of(upload(client, files).text)})
    assert embedded_store.read("MATCH (p:Person) RETURN p.status AS status") == [
        {"status": "active"}
    ]
    page = upload(client, {"people.csv": "id,name,status\np2,乙,left\n"}, lang="zh_Hans").text
    assert "培养项目的 statuses 中没有“left”。" in page
    assert "可用：active（在职）" in page


def test_load_of_wrong_files_without_the_leave_to_skip_stores_nothing(client, embedded_store):
    page = upload(client, {"people.csv": BAD_PEOPLE}).text
    answer = load(client, {"token": token_of(page)})
    assert "nothing was stored" in answer.text
    assert "2017.13.01" in answer.text
    assert "Load without the wrong rows" in answer.text
    assert people(embedded_store) == 0


def test_problems_are_told_in_chinese_on_a_chinese_page(client):
    page = upload(client, {"people.csv": BAD_PEOPLE}, lang="zh_Hans").text
    assert "“2017.13.01”不是日期" in page


def test_problem_text_cannot_become_markup(client):
    page = upload(client, {"people.csv": f"id,name,joined_on\n{EVIL},x,{EVIL}\n"}).text
    assert EVIL not in page
    assert "&lt;script&gt;" in page


def test_zip_of_a_folder_is_one_data_set(client, embedded_store):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in SMALL.items():
            archive.writestr(f"set/{name}", text)
    page = upload(client, {"set.zip": packed.getvalue()})
    assert "No problem in set.zip" in page.text
    load(client, {"token": token_of(page.text)})
    assert people(embedded_store) == 4


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"notes.docx": "x"}, "notes.docx is not a file of a data set."),
        ({"a.xlsx": "x", "people.csv": "id,name\n"}, "a.xlsx cannot be uploaded together"),
        ({}, "No file was chosen."),
    ],
)
def test_files_that_are_no_data_set_are_refused(client, files: dict[str, str], sentence: str):
    page = upload(client, files)
    assert page.status_code == 400
    assert sentence in page.text


def test_the_same_file_twice_is_refused(client):
    files = [(io.BytesIO(b"id,name\n"), "people.csv"), (io.BytesIO(b"id,name\n"), "x/people.csv")]
    page = client.post("/data/check?lang=en", data={"files": files})
    assert page.status_code == 400
    assert "people.csv is there twice." in page.text


def test_too_large_an_upload_is_refused(client):
    client.application.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    announced = {"CONTENT_LENGTH": str(3 * 1024 * 1024)}
    page = client.post("/data/check?lang=en", data={}, environ_overrides=announced)
    assert page.status_code == 413
    assert "At most 2 MB can be uploaded." in page.text


@pytest.mark.parametrize("token", ["", "0" * 32, "../../../etc", "nothing"])
def test_upload_that_is_gone_is_told(client, token: str):
    page = client.post("/data/load?lang=en", data={"token": token})
    assert page.status_code == 404
    assert "Upload the files again." in page.text


def test_loaded_files_do_not_stay(client):
    page = upload(client, SMALL)
    folder = Path(client.application.config["UPLOAD_FOLDER"])
    assert len(list(folder.iterdir())) == 1
    load(client, {"token": token_of(page.text)})
    assert list(folder.iterdir()) == []


def test_form_of_another_site_is_refused(app, embedded_store):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    assert upload(client, SMALL).status_code == 400
    page = client.get("/data").text
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    files = [(io.BytesIO(text.encode()), name) for name, text in SMALL.items()]
    data = {"files": files, "csrf_token": token}
    assert client.post("/data/check", data=data).status_code == 303


@pytest.mark.parametrize(
    "ending",
    ["xlsx", "zip", "json", "graphml", "gexf", "node-link.json", "r.zip", "neo4j-admin.zip"],
)
def test_everything_can_be_taken_out(small_client, ending: str):
    response = small_client.get(f"/data/export.{ending}", buffered=True)
    assert response.status_code == 200
    assert f"network.{ending}" in response.headers["Content-Disposition"]
    assert len(response.data) > 100


def test_exported_zip_loads_back(small_client, embedded_store):
    packed = small_client.get("/data/export.zip", buffered=True).data
    embedded_store.write("MATCH (n) DETACH DELETE n")
    page = upload(small_client, {"network.zip": packed})
    load(small_client, {"token": token_of(page.text)})
    assert people(embedded_store) == 4


def test_unknown_export_names_the_known_ones(client):
    page = client.get("/data/export.pdf?lang=en")
    assert page.status_code == 404
    assert "xlsx, zip, json, graphml, gexf" in page.text


def test_stored_rows_are_shown_with_links(small_client):
    page = small_client.get("/data/rotations").text
    assert 'href="/people/t1"' in page
    assert 'href="/posts/p1"' in page
    page = small_client.get("/data/units").text
    assert ">某区</a>" in page


@pytest.mark.parametrize(
    "name",
    [table.name for table in TABLES],
)
def test_each_table_shows_as_many_rows_as_are_stored(district_client, embedded_store, name: str):
    counts = district_client.get("/api/queries/data.counts").json["rows"]
    count = next(row["value"] for row in counts if row["key"] == name)
    shown = 0
    for page in range(1, 6):
        text = district_client.get(f"/data/{name}?page={page}").text
        if "<tbody>" in text:
            shown += text.split("<tbody>")[1].split("</tbody>")[0].count("<tr>")
    assert shown == count > 0


def test_format_names_every_column(client):
    page = client.get("/data?lang=en").text
    for column in ("mentor_capacity", "带教上限", "rank_of_wish", "organiser"):
        assert column in page


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("C:\\data\\people.csv", "people.csv"),
        ("../../people.csv", "people.csv"),
        ("人员.csv", "人员.csv"),
        (".people.csv", "people.csv"),
    ],
)
def test_name_of_an_upload_keeps_its_last_part(name: str, plain: str):
    assert plain_name(name) == plain
