"""The commands print what CONTRACT asks for, end with its codes, and tell errors in a sentence."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest

from graph.settings import Settings
from graph.store import open_store
from loaders.export import FORMATS
from loaders.load import load
from tests.webapp.conftest import EVIL
from webapp import create_app
from webapp.cli.data import export

ROOT = Path(__file__).resolve().parents[3]
BAD_PEOPLE = "id,name,joined_on\np1,甲,2017.13.01\n"
PROBLEM = {"severity", "file", "sheet", "row", "column", "value", "code", "message", "hint"}
DETAILS = {"type", "title", "status", "detail", "hint"}


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "people.csv").write_text(BAD_PEOPLE, encoding="utf-8")
    return folder


def people(store) -> int:
    return store.read("MATCH (p:Person) RETURN count(p) AS n")[0]["n"]


def test_check_lists_problems_and_ends_with_1(runner, bad_folder: Path):
    result = runner.invoke(args=["check", str(bad_folder), "--json"])
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert set(problem) == PROBLEM
    place = (problem["file"], problem["row"], problem["column"], problem["value"])
    assert place == ("people.csv", 2, "joined_on", "2017.13.01")
    result = runner.invoke(args=["check", str(bad_folder)])
    assert result.exit_code == 1
    assert "people.csv" in result.stdout
    assert "2017.13.01" in result.stdout


def test_check_of_a_tidy_set_ends_with_0(runner, small_folder: Path):
    result = runner.invoke(args=["check", str(small_folder), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"problems": []}


def test_check_does_not_open_the_store(tmp_path: Path, small_folder: Path):
    target = tmp_path / "untouched" / "graph.kgl"
    app = create_app(Settings(store_url=f"embedded:{target}"))
    result = app.test_cli_runner().invoke(args=["check", str(small_folder)])
    assert result.exit_code == 0
    assert not target.parent.exists()


def test_load_counts_every_table_and_twice_is_the_same(runner, embedded_store, small_folder: Path):
    first = runner.invoke(args=["load", str(small_folder), "--json"])
    second = runner.invoke(args=["load", str(small_folder), "--json"])
    assert (first.exit_code, second.exit_code) == (0, 0)
    report = json.loads(first.stdout)
    assert set(report) == {"loaded", "skipped", "problems"}
    assert report["loaded"]["people"] == 4
    assert report["loaded"]["kin"] == 0
    assert json.loads(second.stdout) == report
    assert people(embedded_store) == 4


def test_refused_load_stores_nothing_and_tells_on_both_outputs(
    runner, embedded_store, bad_folder: Path
):
    result = runner.invoke(args=["load", str(bad_folder), "--json"])
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert set(report["loaded"].values()) == {0}
    assert [problem["value"] for problem in report["problems"]] == ["2017.13.01"]
    assert set(json.loads(result.stderr)["error"]) >= DETAILS
    assert people(embedded_store) == 0


def test_load_can_leave_unknown_columns_out(runner, embedded_store, tmp_path: Path):
    (tmp_path / "people.csv").write_text("id,name,政治面貌\np,甲,党员\n", encoding="utf-8")
    path = str(tmp_path / "people.csv")
    refused = runner.invoke(args=["load", path, "--json"])
    assert refused.exit_code == 1 and people(embedded_store) == 0
    (problem,) = json.loads(refused.stdout)["problems"]
    assert (problem["code"], problem["value"]) == ("unknown-column", "政治面貌")
    assert "--without" in problem["hint"]
    assert runner.invoke(args=["check", path, "--without", "政治面貌"]).exit_code == 0
    assert runner.invoke(args=["load", path, "--without", "政治面貌"]).exit_code == 0
    assert people(embedded_store) == 1


def test_load_reads_titles_as_keys_of_the_stored_programme(runner, embedded_store, tmp_path: Path):
    programme = "id: p\nrecord_kinds: [{key: talk, zh: 谈心谈话, en: talk}]\n"
    (tmp_path / "programme.yaml").write_text(programme, encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,name\np,甲\n", encoding="utf-8")
    assert runner.invoke(args=["load", str(tmp_path)]).exit_code == 0
    lone = tmp_path / "lone"
    lone.mkdir()
    for word, code in (("谈心谈话", 0), ("nonsense", 1)):
        (lone / "records.csv").write_text(f"person,kind\np,{word}\n", encoding="utf-8")
        assert runner.invoke(args=["load", str(lone)]).exit_code == code
    rows = embedded_store.read("MATCH (r:Record) RETURN r.kind AS kind")
    assert rows == [{"kind": "talk"}]


def test_load_can_leave_wrong_rows_out(runner, embedded_store, bad_folder: Path):
    result = runner.invoke(args=["load", str(bad_folder), "--skip-bad", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["skipped"] == 1
    assert people(embedded_store) == 0


@pytest.mark.parametrize("command", ["check", "load"])
def test_missing_path_is_one_sentence(runner, command: str):
    result = runner.invoke(args=[command, "nowhere"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nowhere" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_unknown_source_is_a_usage_error(runner, small_folder: Path):
    result = runner.invoke(args=["load", str(small_folder), "--source", "nothing", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stderr)["error"]["status"] == 400


def test_sources_describe_the_native_set(runner):
    sources = json.loads(runner.invoke(args=["sources", "--json"]).stdout)
    assert set(sources[0]) == {"name", "title", "files", "description"}
    assert sources[0]["name"] == "native"


@pytest.mark.parametrize("ending", ["", ".xlsx", ".json", ".graphml", ".gexf"])
def test_export_writes_by_the_ending(runner, embedded_store, small_folder, tmp_path, ending: str):
    load(embedded_store, small_folder)
    target = tmp_path / f"out{ending}"
    result = runner.invoke(args=["export", str(target), "--json"])
    assert result.exit_code == 0
    assert target.exists()
    assert json.loads(result.stdout)["path"] == str(target)


def test_queries_describe_themselves(runner):
    listed = json.loads(runner.invoke(args=["queries", "--json"]).stdout)
    assert {"name", "title", "description", "parameters", "columns"} <= set(listed[0])
    assert "lineage.around" in runner.invoke(args=["queries"]).stdout


def test_query_gives_what_the_api_gives(runner, small_client, embedded_store):
    result = runner.invoke(args=["query", "lineage.down", "person=m1", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == small_client.get("/api/queries/lineage.down?person=m1").json


def test_query_prints_a_table_in_columns(runner, small_client):
    result = runner.invoke(args=["query", "people.search", "text=wangwei"])
    assert result.stdout.splitlines() == [
        "id  name  roles",
        "--  ----  -------",
        "t1  王伟  trainee",
        "t2  王伟  trainee",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["people.serch", "text=a"], 2, "people.search"),
        (["people.search"], 2, "text"),
        (["people.search", "text=a", "limit=none"], 2, "limit"),
        (["people.search", "text"], 2, "text"),
        (["people.search", "text=a", "text=b"], 2, "text"),
        (["people.search", "text=a", "language=en"], 2, "language"),
        (["lineage.up", "person=nobody"], 1, "nobody"),
    ],
)
def test_wrong_query_ends_with_its_code_and_a_sentence(runner, arguments, code: int, named: str):
    result = runner.invoke(args=["query", *arguments])
    assert result.exit_code == code
    assert named in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    result = runner.invoke(args=["query", *arguments, "--json"])
    assert result.exit_code == code
    assert set(json.loads(result.stderr)["error"]) == DETAILS
    assert result.stdout == ""


def test_settings_hide_secrets(tmp_path: Path):
    settings = Settings(store_url=f"embedded:{tmp_path / 'g.kgl'}", secret_key="very-secret")
    runner = create_app(settings).test_cli_runner()
    text = runner.invoke(args=["settings"]).stdout
    assert "UPLOAD_LIMIT_MB" in text
    assert "very-secret" not in text
    rows = json.loads(runner.invoke(args=["settings", "--json"]).stdout)
    assert {row["name"]: row["value"] for row in rows}["SECRET_KEY"] == "***"


def test_bug_in_a_command_is_a_sentence(app, runner, monkeypatch: pytest.MonkeyPatch, small_folder):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("broken")

    monkeypatch.setattr("loaders.account.take_stock", broken)
    result = runner.invoke(args=["check", str(small_folder)])
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" not in result.stderr


def flask(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `flask` as a person does: in the root, with no other setting."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_our_commands_and_opens_nothing(tmp_path: Path):
    store = tmp_path / "none" / "graph.kgl"
    result = flask("--help", STORE_URL=f"embedded:{store}")
    assert result.returncode == 0
    for command in ("check", "load", "export", "sources", "queries", "query", "serve", "settings"):
        assert re.search(rf"^  {command} ", result.stdout, re.MULTILINE)
    assert not store.parent.exists()


def test_wrong_setting_is_told_at_once():
    result = flask("queries", STORE_URL="mysql://here")
    assert result.returncode == 2
    assert "STORE_URL" in result.stderr
    assert "mysql://here" in result.stderr
    assert "Traceback" not in result.stderr
    result = flask("queries", "--json", STORE_URL="mysql://here")
    assert set(json.loads(result.stderr)["error"]) == DETAILS


def test_store_held_by_another_process_names_it(tmp_path: Path):
    url = f"embedded:{tmp_path / 'graph.kgl'}"
    with open_store(Settings(store_url=url)):
        result = flask("query", "people.search", "text=a", STORE_URL=url)
    assert result.returncode == 3
    assert str(os.getpid()) in result.stderr
    assert "Traceback" not in result.stderr


def test_serve_loads_an_empty_store_answers_and_ends_cleanly(tmp_path: Path, small_folder: Path):
    url = f"embedded:{tmp_path / 'served.kgl'}"
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--port", "0", "--load-if-empty", small_folder],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout and server.stderr
    try:
        address = ""
        while not address:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            address = line.strip() if line.startswith("http://127.0.0.1:") else ""
        with urllib.request.urlopen(f"{address}healthz", timeout=10) as answer:
            assert json.load(answer)["engine"] == "embedded"
        with urllib.request.urlopen(f"{address}people/t1", timeout=10) as answer:
            assert answer.status == 200
        strange = urllib.request.Request(address, headers={"Host": "rebound.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(strange, timeout=10)
        assert refused.value.code == 400
        refused.value.close()
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
        assert "Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.communicate()
    with open_store(Settings(store_url=url)) as store:  # it was closed: nobody holds it
        assert people(store) == 4
        names = store.read("MATCH (p:Person {id: 'x1'}) RETURN p.name AS name")
        assert names == [{"name": EVIL}]


def test_serve_says_when_the_port_is_taken(tmp_path: Path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        url = f"embedded:{tmp_path / 'graph.kgl'}"
        result = flask("serve", "--port", str(port), STORE_URL=url)
    assert result.returncode == 2
    assert str(port) in result.stderr
    assert "Traceback" not in result.stderr


def test_export_formats_are_those_that_are_written():
    (option,) = [each for each in export.params if each.name == "format"]
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == list(FORMATS)
