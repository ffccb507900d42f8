"""Jobs of every kind on their page, as JSON and by command; exports in the background."""

import io
import json
import threading
import zipfile

import pytest

from tests.jobs.works import Counting
from tests.webapp.data.test_jobs import Halting, begun, ended, many  # noqa: F401
from webapp.data.background import KIND_WORDS, STATE_WORDS
from webapp.shell.store import current_jobs


class Holding:
    """Let the reading of a store wait until the test lets it go on: an export that lasts."""

    def __init__(self, store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes_on, self.waits = threading.Event(), threading.Semaphore(0)
        usual = store.read

        def read(query, **parameters):
            if "$last" in query:
                self.waits.release()
                assert self.goes_on.wait(60)
            return usual(query, **parameters)

        monkeypatch.setattr(store, "read", read)


def exported(client, ending: str) -> dict:
    answer = client.post(f"/api/export?ending={ending}&by=王")
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == f"/api/jobs/{answer.json['job']}"
    return ended(client, answer.json["job"])


@pytest.mark.parametrize("ending", ["json", "graphml", "r.zip", "zip"])
def test_file_of_a_job_is_that_of_the_request(small_client, ending: str):
    found = exported(small_client, ending)
    assert (found["state"], found["kind"], found["by"]) == ("done", "export", "王")
    result = found["result"]
    assert result["file"] == f"/data/jobs/{found['job']}/file"
    assert (result["name"], found["files"]) == (f"network.{ending}", [f"network.{ending}"])
    with small_client.get(result["file"]) as answer:
        made, name = answer.data, answer.headers["Content-Disposition"]
    assert (len(made), name) == (result["bytes"], f"attachment; filename=network.{ending}")
    with small_client.get(f"/data/export.{ending}") as answer:
        direct = answer.data
    if ending.endswith("zip"):
        assert contents(made) == contents(direct)
    else:
        assert made == direct
    assert found["progress"]["rows"] > 0


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_rows_of_an_export_are_told(small_client):
    found = exported(small_client, "json")
    assert found["result"]["rows"]["people"] == 4
    page = small_client.get(f"/data/jobs/{found['job']}?lang=en").text
    assert f'href="{found["result"]["file"]}"' in page
    assert "network.json is ready" in page
    assert 'href="/data/jobs"' in page


def test_form_of_the_data_page_begins_an_export(small_client):
    page = small_client.get("/data?lang=en").text
    assert 'action="/data/export"' in page and '<option value="neo4j-admin.zip">' in page
    answer = small_client.post("/data/export", data={"ending": "json"})
    assert answer.status_code == 303
    id_ = answer.headers["Location"].rpartition("/")[2]
    assert ended(small_client, id_)["state"] == "done"


@pytest.mark.parametrize("ending", ["", "exe", "../json"])
def test_unknown_ending_is_told_before_anything_begins(small_client, ending: str):
    assert small_client.post(f"/api/export?ending={ending}").status_code == 400
    assert small_client.post("/data/export", data={"ending": ending}).status_code == 404
    assert small_client.get("/api/jobs").json == {"jobs": []}


def test_running_export_is_stopped_and_leaves_no_file(small_client, embedded_store, monkeypatch):
    holding = Holding(embedded_store, monkeypatch)
    ids = [small_client.post("/api/export?ending=zip").json["job"] for _ in range(2)]
    for _ in ids:
        assert holding.waits.acquire(timeout=60)
    third = small_client.post("/api/export?ending=zip&lang=en")
    assert third.status_code == 409
    assert "2 exports are being made already" in third.json["detail"]
    running = small_client.get(f"/data/jobs/{ids[0]}?lang=en").text
    assert f'action="/data/jobs/{ids[0]}/stop"' in running
    assert small_client.get(f"/data/jobs/{ids[0]}/file").status_code == 409
    small_client.post(f"/api/jobs/{ids[0]}/stop")
    holding.goes_on.set()
    stopped, done = (ended(small_client, id_) for id_ in ids)
    assert [stopped["state"], stopped["result"], done["state"]] == ["stopped", None, "done"]
    with small_client.application.app_context():
        assert not (current_jobs().folder / ids[0] / "out").exists()
    assert small_client.get(f"/data/jobs/{ids[0]}/file").status_code == 409
    assert "There is no file" in small_client.get(f"/data/jobs/{ids[0]}?lang=en").text


def test_a_check_has_no_file(client):
    with client.application.app_context():
        job = current_jobs().start("check", lambda reports: {}, asked={"token": ""})
        current_jobs().wait(job.id, 60)
    assert client.get(f"/data/jobs/{job.id}/file").status_code == 404


# --- all kinds in one list


def test_every_kind_and_state_has_its_words():
    from jobs import job

    assert set(KIND_WORDS) == set(job.KINDS)
    states = {job.RUNNING, job.DONE, job.FAILED, job.STOPPED, job.CUT_OFF}
    assert set(STATE_WORDS) == states


def test_a_load_an_export_and_a_plan_are_listed_alike_everywhere(
    client,
    runner,
    embedded_store,
    many,  # noqa: F811
    monkeypatch,
):
    exported(client, "json")
    with client.application.app_context():
        plan = current_jobs().start("plan", Counting(1), by="李").id
        current_jobs().wait(plan, 60)
    halting = Halting(embedded_store, monkeypatch)
    load = begun(client, many)
    try:
        assert halting.waits.wait(60)
        rows = client.get("/api/jobs").json["jobs"]
        kinds = [(row["kind"], row["state"], row["can_stop"]) for row in rows]
        assert kinds == [
            ("load", "running", True),
            ("plan", "done", False),
            ("export", "done", False),
        ]
        listed = runner.invoke(args=["jobs", "--json"])
        assert json.loads(listed.stdout) == client.get("/api/jobs").json
        page = client.get("/data/jobs?lang=en").text
        assert [f'href="{each}"' in page for each in addresses(rows)] == [True] * 3
        assert page.count("/stop") == 1 and f"/data/jobs/{load}/stop" in page
        assert "/ 25000" in rows[0]["how_far"] and "/ 25000" in page
        assert "后台任务" in client.get("/data/jobs?lang=zh_Hans").text
        stopped = runner.invoke(args=["jobs", "stop", load, "--wait", "0", "--json"])
        assert json.loads(stopped.stdout)["state"] == "running"
    finally:
        halting.goes_on.set()
    assert ended(client, load)["state"] == "stopped"
    answer = client.get(f"/data/jobs/{plan}")
    assert (answer.status_code, answer.location) == (302, f"/plans/runs/{plan}")
    assert client.get(f"/api/jobs/{plan}").json["by"] == "李"


def addresses(rows: list[dict]) -> list[str]:
    return [
        f"/plans/runs/{row['job']}" if row["kind"] == "plan" else f"/data/jobs/{row['job']}"
        for row in rows
    ]


def test_command_shows_a_job_with_its_log_and_its_error(client, runner):
    id_ = exported(client, "json")["job"]
    shown = runner.invoke(args=["jobs", "show", id_, "--json"])
    assert json.loads(shown.stdout) == client.get(f"/api/jobs/{id_}").json
    wrong = {"people": [{"id": "p1", "name": "甲", "joined_on": "2017.13.01"}]}
    load = ended(client, client.post("/api/load", json=wrong).json["job"])
    told = runner.invoke(args=["jobs", "show", load["job"]])
    assert told.exit_code == 0
    assert load["error"]["detail"] in told.stdout and load["job"] in told.stdout
    listed = runner.invoke(args=["jobs"])
    assert [line.split()[0] for line in listed.stdout.splitlines()[2:]] == [load["job"], id_]
    unknown = runner.invoke(args=["jobs", "show", "f" * 16])
    assert (unknown.exit_code, "ffffffffffffffff" in unknown.stderr) == (1, True)


def test_an_error_is_told_in_the_language_of_who_looks(client):
    wrong = {"people": [{"id": "p1", "name": "甲", "joined_on": "2017.13.01"}]}
    id_ = client.post("/api/load?lang=zh_Hans", json=wrong).json["job"]
    chinese = ended(client, id_)["error"]
    english = client.get(f"/api/jobs/{id_}?lang=en").json["error"]
    assert chinese["title"] not in ("", english["title"])
    assert english["title"] == "The input has a problem"
