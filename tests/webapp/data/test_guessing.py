"""Files of an unknown shape through the pages: recognised, corrected, checked, loaded."""

import html
import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from jobs.job import Job
from webapp.data.accounts import place_of
from webapp.shell.store import current_jobs

ROSTER = """姓名,单位,职务,任职时间,导师
张　三,财政局,科员,2019.10,王芳
李四,河东镇,<b>镇长,2020年9月,
"""


def upload(client: FlaskClient, name: str, content: bytes, **fields: str) -> str:
    response = client.post("/data/guess", data={"files": (io.BytesIO(content), name), **fields})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def text_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\r\n(.*?)</textarea>", page, re.DOTALL)
    return html.unescape(found.group(1))


def test_a_roster_is_recognised_corrected_and_loaded(client: FlaskClient, embedded_store: Store):
    address = upload(client, "roster.csv", ROSTER.encode("gb18030"))
    page = client.get(address).text
    assert "Meaning" not in page and "各列的意思是这样吗" in page
    assert "张三" in page and "2019-10" in page and "<b>镇长" not in page
    assert embedded_store.read("MATCH (n:Person) RETURN n.id AS id") == []

    corrected = {"m.f1.0": "person", "m.f1.4": "mentor"}  # the posts are not wanted
    page = client.get(address, query_string=corrected).text
    assert "科员" not in text_of(page) and "王芳" in page
    kept = client.get(f"{address}/source.yaml", query_string=corrected)
    assert kept.text == text_of(page)

    done = client.post(address, data={"text": text_of(page), "action": "check"})
    with client.application.app_context():
        current_jobs().wait(done.headers["Location"].rpartition("/")[2], 60)
    job = client.get(done.headers["Location"]).text
    token = re.search(r'name="token" value="(\w+)"', job).group(1)
    load = client.post("/data/load", data={"token": token})
    with client.application.app_context():
        assert current_jobs().wait(load.headers["Location"].rpartition("/")[2], 60).state == "done"
    ties = "MATCH (m)-[:MENTORS]->(t) RETURN m.name AS mentor, t.name AS trainee"
    assert embedded_store.read(ties) == [{"mentor": "王芳", "trainee": "张三"}]
    assert embedded_store.read("MATCH (p:Post) RETURN p.id AS id") == []


def test_a_wrong_text_is_told_with_its_line_and_kept(client: FlaskClient):
    address = upload(client, "roster.csv", ROSTER.encode())
    wrong = (
        text_of(client.get(address).text).replace("- tidy", "- tydy").replace("[tidy]", "[tydy]")
    )
    page = client.post(address, data={"text": wrong, "action": "check"}).text
    assert "tydy" in page and "tidy" in page
    assert text_of(page).strip() == wrong.strip()


def test_a_shipped_source_can_be_chosen(client: FlaskClient):
    pairs = b"mentor,trainee\nAda,Bo\n"
    address = upload(client, "pairs.csv", pairs, source="edge-list")
    page = client.get(address).text
    assert "Ada" in page and "name: edge-list" in text_of(page)


def test_a_file_without_anything_known_says_so(client: FlaskClient):
    response = client.get(upload(client, "x.csv", b"aa,bb\n1,2\n"))
    assert response.status_code == 400


def test_command_prints_a_description_that_loads(runner: FlaskCliRunner, tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    printed = runner.invoke(args=["guess", str(tmp_path / "roster.csv")])
    assert printed.exit_code == 0, printed.output
    (tmp_path / "source.yaml").write_text(printed.output, encoding="utf-8")
    loaded = runner.invoke(args=["load", str(tmp_path), "--json"])
    assert '"people": 3' in loaded.output, loaded.output
    as_json = runner.invoke(args=["guess", str(tmp_path / "roster.csv"), "--json"])
    assert '"meaning": "mentor"' in as_json.output


def test_an_address_names_only_descriptions_that_ship(client: FlaskClient, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("name: secret\n", encoding="utf-8")
    address = upload(client, "roster.csv", ROSTER.encode())
    for page in (address, f"{address}/source.yaml"):
        assert client.get(page, query_string={"source": str(own)}).status_code == 404


DOUBTFUL = "Mentor,Mentee,Start,Room\nMira Holt,Jonas Vane,9/1/2017,7\n"


def loaded(client: FlaskClient, **data: str) -> Job:
    """Load, as soon as the load before has let go of the store (its end is told first)."""
    while (response := client.post("/data/load", data=data)).status_code == 409:
        pass
    return ended(client, response)


def ended(client: FlaskClient, response) -> Job:
    id_ = response.headers["Location"].rpartition("/")[2]
    with client.application.app_context():
        return current_jobs().wait(id_, 60)


def test_what_looks_odd_stands_before_the_load_and_must_be_confirmed(
    client: FlaskClient, embedded_store: Store
):
    address = upload(client, "pairs.csv", DOUBTFUL.encode())
    page = client.get(address).text
    assert "存疑" in page and "9/1/2017" in page and "pairs.csv · Room" in page
    checked = client.post(address, data={"text": text_of(page), "action": "check"})
    ended(client, checked)
    page = client.get(checked.headers["Location"]).text
    assert re.search('<input [^>]*name="confirm" required type="checkbox" value="yes">', page)
    assert "9/1/2017" in page and "pairs.csv · Room" in page
    token = re.search(r'name="token" value="(\w+)"', page).group(1)

    job = loaded(client, token=token)
    assert job.state == "failed" and "存疑" in str(job.error)
    assert embedded_store.read("MATCH (n:Person) RETURN n.id AS id") == []
    job = loaded(client, token=token, confirm="yes")
    assert job.state == "done"
    assert len(embedded_store.read("MATCH (n:Person) RETURN n.id AS id")) == 2


def test_an_answer_in_the_description_closes_a_doubt(client: FlaskClient, embedded_store: Store):
    address = upload(client, "pairs.csv", DOUBTFUL.encode())
    text = text_of(client.get(address).text)
    text = text.replace("dmy", "mdy").replace('answer: ""', 'answer: "month first"')
    checked = client.post(address, data={"text": text, "action": "check"})
    ended(client, checked)
    page = client.get(checked.headers["Location"]).text
    assert 'name="confirm"' not in page
    token = re.search(r'name="token" value="(\w+)"', page).group(1)
    assert loaded(client, token=token).state == "done"
    ties = embedded_store.read("MATCH ()-[r:MENTORS]->() RETURN r.since AS since")
    assert ties == [{"since": "2017-09-01"}]


def test_programs_get_the_account_and_confirm_by_a_parameter(
    client: FlaskClient, embedded_store: Store
):
    def sent(address: str, **files: bytes):
        named = [(io.BytesIO(content), name.replace("_", ".")) for name, content in files.items()]
        return client.post(address, data={"files": named})

    found = sent("/api/guess", pairs_csv=DOUBTFUL.encode()).get_json()
    assert [each["code"] for each in found["doubts"]] == ["day-or-month"]
    assert [each["column"] for each in found["unused_columns"]] == ["Room"]
    files = {"pairs_csv": DOUBTFUL.encode(), "source_yaml": found["description"].encode()}
    account = sent("/api/check", **files).get_json()["account"]
    assert [(each["code"], each["rows"]) for each in account["doubts"]] == [("day-or-month", [2])]

    def load_by(address: str) -> Job:
        while (answer := sent(address, **files)).status_code == 409:
            pass
        id_ = answer.get_json()["job"]
        with client.application.app_context():
            return current_jobs().wait(id_, 60)

    assert load_by("/api/load").state == "failed"
    assert embedded_store.read("MATCH (n:Person) RETURN n.id AS id") == []
    assert load_by("/api/load?confirm=yes").state == "done"


def test_command_tells_what_a_load_would_bring(runner: FlaskCliRunner, tmp_path):
    (tmp_path / "pairs.csv").write_text(DOUBTFUL, encoding="utf-8")
    as_json = runner.invoke(args=["guess", str(tmp_path / "pairs.csv"), "--json"])
    assert as_json.exit_code == 1
    (doubt,) = json.loads(as_json.stdout)["doubts"]
    assert (doubt["code"], doubt["column"], doubt["rows"]) == ("day-or-month", "Start", [2])
    printed = runner.invoke(args=["guess", str(tmp_path / "pairs.csv")])
    assert printed.exit_code == 1 and "# " in printed.stdout
    (tmp_path / "s.yaml").write_text(printed.stdout, encoding="utf-8")
    load = ["load", str(tmp_path / "pairs.csv"), "--source", str(tmp_path / "s.yaml")]
    tried = runner.invoke(args=[*load, "--dry-run", "--json"])
    account = json.loads(tried.stdout)["account"]
    assert tried.exit_code == 1 and [each["code"] for each in account["doubts"]] == [doubt["code"]]
    assert account["people"] == {"new": 2, "matched": 0, "asked": 0}
    assert [each["column"] for each in account["unused_columns"]] == ["Room"]
    assert runner.invoke(args=load).exit_code == 1
    assert runner.invoke(args=[*load, "--confirm"]).exit_code == 0
    again = runner.invoke(args=[*load, "--dry-run", "--confirm", "--json"])
    account = json.loads(again.stdout)["account"]
    assert again.exit_code == 0 and account["people"] == {"new": 0, "matched": 2, "asked": 0}
    assert account["mentoring"] == {"new": 0, "matched": 1, "asked": 0}


def test_names_of_stored_people_are_taken_for_them_once_confirmed(
    client: FlaskClient, embedded_store: Store
):
    embedded_store.write("CREATE (:Person {id: 'T041', name: '孙浩'})")
    page = client.get(upload(client, "pairs.csv", "姓名,导师\n孙浩,程红\n".encode())).text
    assert "孙浩 T041" in page
    assert "孙浩: T041" in text_of(page)


@pytest.mark.parametrize(
    ("lang", "rows", "said"),
    [
        ("en", [3], "a.csv · row 3"), ("en", [3, 4], "a.csv · rows 3, 4"), ("en", [], "a.csv"),
        ("zh_Hans", [3], "a.csv · 第 3 行"),
    ],
)  # fmt: skip
def test_one_row_is_told_as_one(app: Flask, lang: str, rows: list[int], said: str):
    with app.test_request_context(f"/?lang={lang}"):
        assert place_of({"file": "a.csv", "rows": rows}) == said
