"""Files of an unknown shape through the pages: recognised, corrected, checked, loaded."""

import html
import io
import re

from flask.testing import FlaskClient, FlaskCliRunner

from graph.store import Store
from webapp import jobs

ROSTER = """姓名,单位,职务,任职时间,导师
张　三,财政局,科员,2019.10,王芳
李四,河东镇,<b>镇长,2020年9月,
"""


def upload(client: FlaskClient, name: str, content: bytes, **fields: str) -> str:
    response = client.post("/data/guess", data={"files": (io.BytesIO(content), name), **fields})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


def text_of(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
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
        jobs.wait(done.headers["Location"].rpartition("/")[2], 60)
    job = client.get(done.headers["Location"]).text
    token = re.search(r'name="token" value="(\w+)"', job).group(1)
    load = client.post("/data/load", data={"token": token})
    with client.application.app_context():
        assert jobs.wait(load.headers["Location"].rpartition("/")[2], 60).state == jobs.DONE
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
