"""Long work tells a person at a terminal how far it is, and tells nobody else."""

import os
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import open_store
from loaders.load import load

pty = pytest.importorskip("pty")

ROOT = Path(__file__).resolve().parents[3]
DISTRICT = "examples/shifeng"


def typed(url: str, *arguments: str, terminal: bool = True) -> str:
    """Return what a command writes on standard error, at a terminal or into a pipe."""
    reading, writing = pty.openpty() if terminal else os.pipe()
    running = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "STORE_URL": url, "LANGUAGE": "en"},
        stdout=subprocess.DEVNULL,
        stderr=writing,
    )
    os.close(writing)
    told = b""
    with FileIO(reading) as stream:
        while part := _read(stream):
            told += part
    assert running.wait() == 0, told
    return told.decode()


def _read(stream: FileIO) -> bytes:
    try:
        return stream.read(65536) or b""
    except OSError:  # the end of a terminal, on Linux
        return b""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the reference district, which nobody holds."""
    url = f"embedded:{tmp_path_factory.mktemp('district') / 'graph.kgl'}"
    with open_store(Settings(store_url=url)) as store:
        load(store, ROOT / DISTRICT)
    return url


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"check {DISTRICT}", "records     2,077"),
        (f"load {DISTRICT}", "records"),
        ("export OUT.json", "rows read"),
        ("audit", "judging 46 trainees"),
        ("plan --periods 1 --seconds 5", " s  "),
    ],
)
def test_long_work_is_told_at_a_terminal(command: str, told: str, url: str, tmp_path: Path):
    words = command.replace("OUT", str(tmp_path / "out")).split()
    assert told in typed(url, *words)


@pytest.mark.parametrize("command", [f"check {DISTRICT}", "audit"])
def test_nothing_is_told_into_a_pipe_or_beside_json(command: str, url: str):
    assert typed(url, *command.split(), terminal=False) == ""
    assert typed(url, *command.split(), "--json") == ""
