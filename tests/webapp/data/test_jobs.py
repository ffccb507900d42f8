"""Checks and loads in the background: progress, stop, one at a time, results at their address."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from graph.store import Store
from tests.waiting import until
from tests.webapp.conftest import EVIL, SMALL
from webapp.shell.store import current_jobs

ROOT = Path(__file__).resolve().parents[3]
DATA_SET = {"people": [{"id": "p1", "name": "甲"}, {"id": "p2", "name": "乙"}]}
WRONG = {"people": [{"id": "p1", "name": "甲", "joined_on": "2017.13.01"}]}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More people than one batch holds."""
    rows = "".join(f"p{number:05},某\n" for number in range(25_000))
    path = tmp_path / "people.csv"
    path.write_text(f"id,name\n{rows}", encoding="utf-8")
    return path


def people(store: Store) -> int:
    return store.read("MATCH (p:Person) RETURN count(p) AS n")[0]["n"]


def ended(client, id_: str) -> dict:
    with client.application.app_context():
        assert not current_jobs().wait(id_, 120).is_running
    return client.get(f"/api/jobs/{id_}").json


def begun(client, path: Path) -> str:
    with path.open("rb") as file:
        answer = client.post("/api/load", data={"files": (file, path.name)})
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == f"/api/jobs/{answer.json['job']}"
    return answer.json["job"]


class Halting:
    """Hold a store's writing back until the test lets it go on: a load that lasts."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes_on, self.waits = threading.Event(), threading.Event()
        self._store = store
        writing = {name: getattr(store, name) for name in ("write", "transaction")}
        for name, usual in writing.items():
            monkeypatch.setattr(store, name, self._held(usual))

    def _held(self, usual):
        def run(*args, **kwargs):
            if people(self._store):  # the first batch is stored
                self.waits.set()
                assert self.goes_on.wait(60)
            return usual(*args, **kwargs)

        return run


def test_json_data_set_is_checked_as_by_the_command(client, embedded_store):
    answer = client.post("/api/check?lang=en", json=WRONG)
    assert answer.status_code == 200
    (problem,) = answer.json["problems"]
    assert (problem["severity"], problem["value"]) == ("error", "2017.13.01")
    assert client.post("/api/check", json=DATA_SET).json == {"problems": []}
    assert people(embedded_store) == 0
    assert list(Path(client.application.config["UPLOAD_FOLDER"]).iterdir()) == []


def test_load_gives_a_job_whose_result_is_that_of_the_command(client, embedded_store):
    job = client.post("/api/load", json=DATA_SET).json["job"]
    found = ended(client, job)
    assert found["state"] == "done"
    assert found["result"]["loaded"]["people"] == 2
    assert (found["result"]["skipped"], found["result"]["problems"]) == (0, [])
    assert found["tables"] == [{"table": "people", "done": 2, "total": 2}]
    assert people(embedded_store) == 2


def test_load_of_files_leaves_wrong_rows_out_when_asked(client, embedded_store):
    text = b"id,name,joined_on\np1,a,2017.13.01\np2,b,2017\n"
    data = {"files": (io.BytesIO(text), "people.csv"), "skip_bad": "yes"}
    found = ended(client, client.post("/api/load", data=data).json["job"])
    assert (found["result"]["skipped"], found["result"]["loaded"]["people"]) == (1, 1)
    assert people(embedded_store) == 1


def test_words_of_a_json_data_set_are_judged_by_the_stored_programme(client, embedded_store):
    programme = ["id: p", "record_kinds: [{key: talk, zh: 谈心谈话, en: talk}]"]
    ended(
        client, client.post("/api/load", json={**DATA_SET, "programme.yaml": programme}).json["job"]
    )
    person = embedded_store.read("MATCH (p:Person) RETURN p.id AS id ORDER BY id")[0]["id"]
    right = {"records": [{"person": person, "kind": "谈心谈话", "more": "x"}]}
    (problem,) = client.post("/api/check?lang=en", json=right).json["problems"]
    assert problem["code"] == "unknown-column"
    assert client.post("/api/check?without=more", json=right).json["problems"] == []
    found = ended(client, client.post("/api/load?without=more", json=right).json["job"])
    assert found["state"] == "done"
    wrong = {"records": [{"person": person, "kind": "nonsense"}]}
    found = ended(client, client.post("/api/load?lang=en", json=wrong).json["job"])
    (problem,) = found["error"]["problems"]
    assert (problem["column"], problem["value"]) == ("kind", "nonsense")
    assert "Known: talk." in problem["hint"]
    assert embedded_store.read("MATCH (r:Record) RETURN r.kind AS kind") == [{"kind": "talk"}]


def test_load_with_errors_stores_nothing_and_tells_them(client, embedded_store):
    found = ended(client, client.post("/api/load?lang=en", json=WRONG).json["job"])
    assert (found["state"], found["result"]) == ("failed", None)
    assert found["error"]["status"] == 400
    assert [each["value"] for each in found["error"]["problems"]] == ["2017.13.01"]
    page = client.get(f"/data/jobs/{found['job']}?lang=en").text
    assert "2017.13.01" in page and "not loaded" in page
    assert people(embedded_store) == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://other.example"}]
)
@pytest.mark.parametrize("path", ["/api/check", "/api/load", "/api/export", "/api/jobs/x/stop"])
def test_page_of_another_site_is_refused(app, embedded_store, headers, path: str):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    answer = client.post(path, json=DATA_SET, headers=headers)
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert people(embedded_store) == 0


def test_program_and_own_page_need_no_form_token(app):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    assert client.post("/api/check", json=DATA_SET).status_code == 200
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/api/check", json=DATA_SET, headers=own).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null"])
def test_what_is_no_data_set_is_told(client, body: bytes):
    answer = client.post("/api/check", data=body, content_type="application/json")
    assert answer.status_code == 200
    assert [each["severity"] for each in answer.json["problems"]] == ["error"]
    assert client.post("/api/check").status_code == 400


@pytest.mark.parametrize("id_", ["nothing", "..", "load-x", "%2e%2e%2fx"])
def test_unknown_job_is_not_found(client, id_: str):
    assert client.get(f"/data/jobs/{id_}").status_code == 404


def test_running_load_shows_how_far_it_is_and_can_be_stopped(
    client, embedded_store, many, monkeypatch
):
    halting = Halting(embedded_store, monkeypatch)
    job = begun(client, many)
    assert halting.waits.wait(60)
    running = client.get(f"/api/jobs/{job}").json
    assert running["state"] == "running"
    page = client.get(f"/data/jobs/{job}?lang=en").text
    assert f'action="/data/jobs/{job}/stop"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'href="/data/jobs/{job}"' in client.get("/data?lang=en").text
    # one load at a time
    second = client.post("/api/load?lang=en", json=DATA_SET)
    assert second.status_code == 409
    assert "Another load is running" in second.json["detail"]
    client.post(f"/api/jobs/{job}/stop")
    halting.goes_on.set()
    found = ended(client, job)
    assert found["state"] == "stopped"
    stands = people(embedded_store)
    assert 0 < stands < 25_000
    (progress,) = found["tables"]
    assert (progress["done"], progress["total"]) == (stands, 25_000)
    page = client.get(f"/data/jobs/{job}?lang=en").text
    assert f"{stands} / 25000" in page
    assert "loading the same files again completes them" in page
    assert ended(client, begun(client, many))["state"] == "done"
    assert people(embedded_store) == 25_000


def test_page_of_a_job_outlives_the_server(app, client, embedded_store):
    job = client.post("/api/load", json=DATA_SET).json["job"]
    ended(client, job)
    from graph.settings import Settings
    from webapp import create_app

    later = create_app(Settings(), embedded_store)
    later.config["UPLOAD_FOLDER"] = app.config["UPLOAD_FOLDER"]
    assert "2" in later.test_client().get(f"/data/jobs/{job}").text


def test_load_that_died_with_its_server_is_told_as_cut_off(client, embedded_store):
    job = client.post("/api/load", json=DATA_SET).json["job"]
    ended(client, job)
    folder = Path(client.application.config["UPLOAD_FOLDER"]).with_name("jobs")
    record = folder / job / "job.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**said, "state": "running", "ended": None}), encoding="utf-8")
    (folder / job / "result.json").unlink()
    assert client.get(f"/api/jobs/{job}").json["state"] == "cut off"
    page = client.get(f"/data/jobs/{job}?lang=en").text
    assert "cut off" in page and "completes them" in page
    assert ended(client, client.post("/api/load", json=DATA_SET).json["job"])["state"] == "done"


def test_names_of_files_cannot_become_markup(client):
    files = [(io.BytesIO(b"id,name\n"), f"{EVIL}.csv".replace("/", "⁄"))]
    page = client.post("/data/check", data={"files": files}, follow_redirects=True).text
    assert "<script>alert" not in page


# --- the command line beside a running server


@pytest.fixture
def served(tmp_path: Path):
    """A real `flask serve` with the small data set; its STORE_URL and address."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    url = f"embedded:{tmp_path / 'served.kgl'}"
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", "0", "--load-if-empty", folder],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = ""
        while not address:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            address = line.strip() if line.startswith("http://127.0.0.1:") else ""
        until(Path(f"{url.removeprefix('embedded:')}.server").exists)
        yield url
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
        server.communicate()


def flask(url: str, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *arguments],
        cwd=cwd,
        env={**os.environ, "STORE_URL": url, "LANGUAGE": "en", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_commands_go_through_the_running_server(served: str, tmp_path: Path):
    (tmp_path / "more.json").write_text(json.dumps(DATA_SET), encoding="utf-8")
    (tmp_path / "wrong.json").write_text(json.dumps(WRONG), encoding="utf-8")
    loaded = flask(served, tmp_path, "load", "more.json", "--json")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert json.loads(loaded.stdout)["loaded"]["people"] == 2
    refused = flask(served, tmp_path, "load", "wrong.json", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["problems"][0]["value"] == "2017.13.01"
    found = flask(served, tmp_path, "query", "people.search", "text=甲", "--json")
    assert [row["id"] for row in json.loads(found.stdout)["rows"]] == ["p1"]
    missing = flask(served, tmp_path, "query", "lineage.up", "person=nobody")
    assert missing.returncode == 1
    assert 'There is no person "nobody".' in missing.stderr
    assert "Traceback" not in missing.stderr
    assert flask(served, tmp_path, "check", "more.json").returncode == 0
    exported = flask(served, tmp_path, "export", "out")
    assert exported.returncode == 0
    assert "p1,甲" in (tmp_path / "out" / "people.csv").read_text(encoding="utf-8")


def test_second_server_on_the_same_store_is_refused(served: str, tmp_path: Path):
    second = flask(served, tmp_path, "serve", "--port", "0")
    assert second.returncode == 2
    assert "is served already" in second.stderr


@pytest.mark.parametrize("id_", ["9" * 300, "a" * 15, "a" * 17, "..", "newest", "甲" * 16])
def test_an_id_that_no_job_can_have_is_not_found(client, id_: str):
    assert client.get(f"/api/jobs/{id_}").status_code == 404
    assert client.get(f"/data/jobs/{id_}").status_code == 404
    assert client.post(f"/data/jobs/{id_}/stop").status_code == 404
