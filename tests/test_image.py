"""The image without Docker: the files that the Dockerfile copies, read-only, and its own command,
environment and user without a home, on both engines.

What is installed from the registries is that of this folder. A container's user is played by the
same number where the tests run as root, with the one right to read what root may (the interpreter
may stand in root's home); elsewhere by the present user, who has no home then.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from tests.served import served
from tests.waiting import until
from tests.webapp.pages import EXAMPLES

ROOT = Path(__file__).resolve().parent.parent
IS_ROOT = os.geteuid() == 0
MAIN = [path for path in EXAMPLES if "?" not in path and path != "/nothing-here"]
FIVE = ["T036", "T037", "T038", "T039", "T040"]
PLAN = {
    "from": "2024-07-01",
    "periods": 2,
    "seconds": 60,
    "scenario": {"people": FIVE, "keep_planned": False},
}


@dataclass
class Image:
    """What a Dockerfile builds: a tree, how to run in it, and its command."""

    app: Path
    environment: dict[str, str]
    as_user: list[str]
    command: list[str]

    def run(self, *command: str, **more: str) -> str:
        """Run a command of the image to its end."""
        done = subprocess.run(
            [*self.as_user, *with_path(command)],
            cwd=self.app,
            env=self.environment | more,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def instructions() -> list[tuple[str, str]]:
    """The instructions of the last stage of the Dockerfile."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    steps = [line.partition(" ")[::2] for line in joined.splitlines() if line]
    last = max(at for at, (word, _) in enumerate(steps) if word == "FROM")
    return steps[last:]


def with_path(command) -> list[str]:
    """A command of a package, from the environment of the tests."""
    return [str(Path(sys.executable).with_name(command[0])), *command[1:]]


def ignored(folder: str, names: list[str]) -> set[str]:
    """What .dockerignore leaves out."""
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    found = set()
    for name in names:
        path = (Path(folder) / name).relative_to(ROOT).as_posix()
        for pattern in patterns:
            anywhere = pattern.removeprefix("**/")
            if fnmatch.fnmatch(name if anywhere != pattern else path, anywhere):
                found.add(name)
    return found


def ran(step: str, app: Path, owner: int | None) -> None:
    """Do what a RUN does to the tree; what it does to a system is not this machine's."""
    for command in step.split("&&"):
        words = shlex.split(command)
        if words[0] == "pybabel":
            subprocess.run(with_path(words), cwd=app, check=True, capture_output=True)
        elif words[0] == "install":
            (app / words[-1]).mkdir()
            if owner is not None:
                os.chown(app / words[-1], owner, owner)
        else:
            assert words[0] in ("grep", "pip", "rm", "useradd"), command


@pytest.fixture
def image(tmp_path):
    app, owner = tmp_path / "app", None
    environment: dict[str, str] = {}
    for word, rest in instructions():
        if word == "ENV":
            environment |= dict(each.split("=", 1) for each in shlex.split(rest))
        elif word == "WORKDIR":
            assert rest == "/app"
        elif word == "COPY" and rest == ". .":
            shutil.copytree(ROOT, app, ignore=ignored, dirs_exist_ok=True)
        elif word == "COPY" and rest.startswith("--from=javascript"):
            app.mkdir()
            (app / "node_modules").symlink_to(ROOT / "node_modules")
        elif word == "RUN":
            uid = re.search(r"useradd --uid (\d+) --no-create-home (\w+)", rest)
            owner = int(uid[1]) if uid and IS_ROOT else owner
            ran(rest, app, owner)
        elif word == "USER":
            assert rest == "app"
        elif word == "CMD":
            command = json.loads(rest)
    environment = {name: value.replace("/app", str(app)) for name, value in environment.items()}
    environment |= {"HOME": str(tmp_path / "no-home"), "PATH": os.environ["PATH"], "LANG": "C"}
    shut(app)
    yield Image(app, environment, as_user(owner), command)
    for folder in (app, *app.rglob("*")):  # so that the folder of the test can be deleted
        if folder.is_dir() and not folder.is_symlink():
            folder.chmod(0o755)


def shut(app: Path) -> None:
    """Take the right to write away from everything but var."""
    for path in (*app.rglob("*"), app):
        if not path.is_symlink() and path != app / "var":
            path.chmod(path.stat().st_mode & ~0o222)


def as_user(owner: int | None) -> list[str]:
    if owner is None:
        return []
    return shlex.split(
        f"setpriv --reuid={owner} --regid={owner} --clear-groups --no-new-privs "
        "--inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search "
        "--bounding-set=-all,+dac_read_search --"
    )


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.bolt)])
def settings(request) -> dict[str, str]:
    """The settings of the image by itself, and of docker-compose.yml with the run's Neo4j."""
    if request.param == "embedded":
        return {}
    request.getfixturevalue("neo4j_store")
    neo4j = request.getfixturevalue("neo4j_settings")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    given = compose["services"]["web"]["environment"]
    told = {name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for name, value in given.items()}
    return told | {
        "STORE_URL": neo4j.store_url,
        "NEO4J_PASSWORD": neo4j.neo4j_password,
        "SECRET_KEY": "a long random text",
    }


def status(address: str, body: object = None) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"} if body else {}
    data = json.dumps(body).encode() if body else None
    try:
        with urlopen(Request(address, data, headers), timeout=120) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_image_starts_shows_every_page_and_plans(image, settings):
    image.run("flask", "load", "examples/shifeng", **settings)
    command = [each.replace("0.0.0.0:5000", "127.0.0.1:0") for each in image.command]
    with served(
        [*image.as_user, *with_path(command)],
        cwd=image.app,
        env=image.environment | settings,
        inherits=False,
    ) as server:
        assert status(f"{server.address}/healthz")[0] == 200
        with ThreadPoolExecutor(4) as browsers:
            shown = dict(
                zip(MAIN, browsers.map(lambda at: status(server.address + at), MAIN), strict=True)
            )
        assert {path: page[:400] for path, (code, page) in shown.items() if code != 200} == {}
        code, begun = status(f"{server.address}/api/plans/runs", PLAN)
        assert code == 202, begun
        at = f"{server.address}/api/plans/runs/{json.loads(begun)['id']}"
        until(lambda: json.loads(status(at)[1])["is_over"])
        run = json.loads(status(at)[1])
        assert (run["status"], "plan" in run) == ("done", True), run
        assert json.loads(status(server.address + run["plan"])[1])["assignments"]
    workers = sum("Booting worker" in line for line in server.said)
    assert workers == int(settings.get("WEB_CONCURRENCY", 1))
    assert list((image.app / "var" / "compiled").rglob("*.nbi"))


@pytest.mark.slow
def test_loops_of_the_planner_run_where_nothing_can_be_kept(image):
    program = (
        "import wsgi, numpy\n"
        "from planning.solve.kernels import _rests\n"
        "none = numpy.zeros(0)\n"
        "whole, no = none.astype(int), none.astype(bool)\n"
        "print(_rests(2, 0, whole, whole, no, none)[1].tolist())"
    )
    image.environment.pop("NUMBA_CACHE_DIR")
    assert image.run("python", "-c", program).splitlines()[-1] == "[0.0, 0.0, 0.0]"


def test_start_needs_no_compiler_solver_graph_or_column_library():
    heavy = ["numba", "llvmlite", "ortools", "networkx", "polars", "IPython"]
    program = f"import sys, wsgi; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
