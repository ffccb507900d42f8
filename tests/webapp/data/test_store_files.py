"""What lies beside a store: who may read it, whose it is, what is told when a part is missing."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from graph.errors import NotFound
from graph.settings import Settings
from tests.graph.test_commit_log import edit, ends, killed  # noqa: F401
from tests.jobs.works import Counting
from tests.webapp.conftest import SMALL
from webapp import create_app
from webapp.data import uploads
from webapp.shell.store import close_store, current_jobs, current_store, files_folder

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """What most systems give a process: others may read what it makes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def application(path: Path) -> Flask:
    app = create_app(Settings(store_url=f"embedded:{path}"))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def loaded(app: Flask) -> str:
    """Load the small data set as a program does; give the job."""
    files = [(BytesIO(text.encode()), name) for name, text in SMALL.items()]
    answer = app.test_client().post("/api/load", data={"files": files})
    assert answer.status_code == 202, answer.text
    with app.app_context():
        job = current_jobs().wait(answer.get_json()["job"], 60)
    assert job.state == "done", job.error
    return job.id


def open_to_others(folder: Path) -> dict[str, str]:
    """Everything under a folder to which others have a right, with its mode."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            found[path.name] = oct(mode)
    return found


def test_everything_of_a_store_is_its_owners_only(tmp_path: Path):
    app = application(tmp_path / "var" / "graph.kgl")
    client = app.test_client()
    loaded(app)
    client.get("/network?person=t1&layout=radial")
    with app.test_request_context():
        uploads.keep_json(b"{}")
        current_jobs().wait(current_jobs().start("plan", Counting(1)).id, 60)
        current_store().checkpoint()
        assert open_to_others(tmp_path / "var") == {}
        close_store()
    kinds = {path.name for path in (tmp_path / "var" / "graph.kgl.files").iterdir()}
    assert kinds == {"jobs", "layouts", "uploads"}
    assert open_to_others(tmp_path / "var") == {}


def test_what_lay_there_from_before_is_closed_to_others(tmp_path: Path):
    path = tmp_path / "graph.kgl"
    app = application(path)
    loaded(app)
    with app.app_context():
        close_store()
    for each in (path, *tmp_path.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    other = tmp_path / "mine.txt"
    other.touch()
    other.chmod(0o644)
    with app.app_context():
        current_store()
    assert open_to_others(tmp_path) == {"mine.txt": "0o644"}
    with app.app_context():
        close_store()


def test_a_command_leaves_files_of_its_owner_only(tmp_path: Path):
    folder = tmp_path / "set"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, encoding="utf-8")
    app = application(tmp_path / "var" / "graph.kgl")
    assert app.test_cli_runner().invoke(args=["load", str(folder)]).exit_code == 0
    assert open_to_others(tmp_path / "var") == {}


def test_two_stores_in_one_folder_do_not_see_what_belongs_to_the_other(tmp_path: Path):
    one, other = application(tmp_path / "one.kgl"), application(tmp_path / "other.kgl")
    job = loaded(one)
    loaded(other)
    assert one.test_client().get(f"/api/jobs/{job}").status_code == 200
    assert other.test_client().get(f"/api/jobs/{job}").status_code == 404
    with one.test_request_context():
        token = uploads.keep_json(b"{}")
        run = current_jobs().start("plan", Counting(1)).id
        assert uploads.kept(token).is_file()
    with other.test_request_context():
        with pytest.raises(NotFound):
            uploads.kept(token)
        with pytest.raises(NotFound):
            current_jobs().find(run)
        assert run not in {job.id for job in current_jobs().all()}
    with one.test_request_context():
        current_jobs().wait(run, 60)
        close_store()
    with other.test_request_context():
        close_store()


def test_every_graph_on_neo4j_has_a_folder_of_its_own():
    graphs = [
        ("bolt://127.0.0.1:7687", ""),
        ("bolt://127.0.0.1:7688", ""),
        ("bolt://127.0.0.1:7687", "other"),
        ("bolt://127.0.0.1:76", "87"),
    ]
    folders = {files_folder(Settings(store_url=url, neo4j_database=name)) for url, name in graphs}
    assert len(folders) == len(graphs)
    assert {folder.parent for folder in folders} == {ROOT / "var"}


# --- acknowledged writes that are missing


@pytest.fixture
def cut(killed: Path) -> Path:  # noqa: F811
    """A store of 50 acknowledged facts whose log holds nine."""
    edit(killed, lambda log: log[: ends(killed)[8]])
    return killed


def test_lost_writes_are_told_on_every_page_and_to_programs(cut: Path):
    app = application(cut)
    client = app.test_client()
    english, chinese = client.get("/?lang=en").text, client.get("/data?lang=zh_Hans").text
    health = client.get("/healthz").get_json()
    (log,) = health["lost"]["logs"]
    assert health["lost"]["writes"] == 41
    assert "Acknowledged writes that are missing: 41. The log of the store" in english
    assert f"kept as {log} beside the store" in english and "graph.kgl.lost" in english
    assert "41" in (notice := chinese.partition('class="message red"')[2].partition("</p>")[0])
    assert log in notice and "missing" not in notice
    cut.with_name("graph.kgl.lost").unlink()
    assert "writes that are missing" not in client.get("/?lang=en").text
    assert client.get("/healthz").get_json()["lost"] is None
    with app.app_context():
        close_store()


def test_lost_writes_are_told_by_every_command_beside_its_result(cut: Path):
    for _ in range(2):
        told = application(cut).test_cli_runner().invoke(args=["loads", "--json"])
        assert (told.exit_code, json.loads(told.stdout)) == (0, {"loads": []})
        assert "41" in told.stderr and "graph.kgl.lost" in told.stderr


# --- a store that may only be read

READS = """
import json, sys
from graph.settings import Settings
from webapp import create_app
app = create_app(Settings(store_url="embedded:" + sys.argv[1], language="en"))
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
pages = ("/", "/people/t1", "/network?person=t1", "/loads", "/data", "/healthz", "/plans")
said = {page: client.get(page).status_code for page in pages}
data = {"people": [{"id": "new", "name": "New"}]}
for name, answer in {
    "load": client.post("/api/load", json=data),
    "enter": client.post("/enter/units", data={"id": "n", "name": "N", "by": "x"}),
    "undo": client.post("/loads/1/undo", data={"by": "x", "confirmed": "yes"}),
}.items():
    said[name] = [answer.status_code, answer.text]
print(json.dumps(said))
"""


def without_override(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command to which the modes of files mean something, as they do not to root."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        [*(drop if os.geteuid() == 0 else []), *command],
        cwd=ROOT,
        env={**os.environ, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def read_only(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A loaded store whose newest facts are in its log, without the right to write."""
    app = application(tmp_path / "first" / "graph.kgl")
    loaded(app)
    path = tmp_path / "store" / "graph.kgl"
    path.parent.mkdir()
    with app.app_context():
        write = "MATCH (p:Person {id: 't1'}) SET p.name = '后来', p.search = '后来 t1'"
        current_store().write(write)
        for file in (tmp_path / "first").glob("graph.kgl*"):
            if file.is_file():
                (path.parent / file.name).write_bytes(file.read_bytes())
        close_store()
    if request.param in ("file", "both"):
        path.chmod(0o400)
    if request.param == "log":
        path.with_name("graph.kgl-wal").chmod(0o400)
    if request.param in ("folder", "both"):
        path.parent.chmod(0o500)
    yield path
    path.parent.chmod(0o700)


@pytest.mark.parametrize("read_only", ["file", "folder", "both", "log"], indirect=True)
def test_read_only_store_is_read_and_says_so_when_written(read_only: Path):
    before = {file.name: file.read_bytes() for file in read_only.parent.iterdir()}
    result = without_override(sys.executable, "-c", READS, str(read_only))
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    written = {name: said.pop(name) for name in ("load", "enter", "undo")}
    assert set(said.values()) == {200}, said
    for status, text in written.values():
        assert status == 403, text
        assert "can only be read" in text or "cannot be written" in text
    after = {file.name: file.read_bytes() for file in read_only.parent.iterdir() if file.is_file()}
    assert after == before


@pytest.mark.parametrize("read_only", ["folder"], indirect=True)
def test_commands_read_a_read_only_store(read_only: Path, tmp_path: Path):
    flask = str(Path(sys.executable).with_name("flask"))
    os.environ["STORE_URL"] = f"embedded:{read_only}"
    try:
        asked = without_override(flask, "query", "people.search", "text=后来", "--json")
        loaded = without_override(flask, "load", "examples/shifeng")
    finally:
        del os.environ["STORE_URL"]
    assert [row["id"] for row in json.loads(asked.stdout)["rows"]] == ["t1"]
    assert loaded.returncode == 3
    (sentence,) = loaded.stderr.strip().splitlines()
    assert "graph.kgl can only be read: nothing was stored." in sentence
