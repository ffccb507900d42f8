"""The application starts where Linux has modules that another system lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What no Windows has. (`resource` is one more: psutil for Linux needs it, ours may not.)
WITHOUT = """
import builtins, sys, warnings
for name in ("fcntl", "grp", "pwd", "termios", "tty", "pty", "syslog"):
    sys.modules[name] = None  # an import of it fails
warnings.filterwarnings("ignore", "only soft file lock")  # Windows has locks of its own
usual = builtins.__import__
def importing(name, globals=None, *rest, **named):
    if name == "resource" and not (globals or {}).get("__name__", "").startswith("psutil"):
        raise ImportError(name)
    return usual(name, globals, *rest, **named)
builtins.__import__ = importing
"""


def python(code: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh Python from the root, over an empty store in a folder."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + code, *arguments],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": f"embedded:{folder / 'graph.kgl'}", "LANGUAGE": "en"},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("module", ["fcntl", "resource"])
def test_modules_are_lacking_in_this_test(module: str, tmp_path: Path):
    result = python(f"import {module}", tmp_path)
    assert (result.returncode, module in result.stderr) == (1, True)


def test_every_part_is_imported_without_modules_of_unix(tmp_path: Path):
    result = python("import graph.bolt, loaders.load, planning.planner, wsgi", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


def test_command_line_works_without_modules_of_unix(tmp_path: Path):
    command = "from flask.cli import main\nmain()"
    listed = python(command, tmp_path, "--help")
    assert (listed.returncode, "growth-file" in listed.stdout) == (0, True), listed.stderr
    loaded = python(command, tmp_path, "load", "examples/shifeng")
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout.splitlines()[-1].startswith("Loaded: ")


UPLOADED = """
import io
from webapp import create_app
app = create_app()
app.config["WTF_CSRF_ENABLED"] = False
client = app.test_client()
assert client.get("/").status_code == 200
people = (io.BytesIO(b"id,name\\nt1,Wang\\n"), "people.csv")
answer = client.post("/api/load", data={"files": people})
assert answer.status_code == 202, answer.text
with app.app_context():
    from webapp.shell.store import current_jobs
    job = current_jobs().wait(answer.get_json()["job"], 60)
assert job.state == "done", job
print(client.get("/people/t1").status_code)
"""


def test_pages_and_a_load_in_the_background_work_without_modules_of_unix(tmp_path: Path):
    result = python(UPLOADED, tmp_path)
    assert result.stdout == "200\n", result.stderr
