"""Long work tells a person at a terminal how far it is, and tells nobody else."""

import os
import subprocess
import sys
from io import FileIO
from pathlib import Path

import pytest

pty = pytest.importorskip("pty")

ROOT = Path(__file__).resolve().parents[3]


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


def test_long_work_is_told_at_a_terminal_only(tmp_path: Path):
    url = f"embedded:{tmp_path / 'graph.kgl'}"
    district = "examples/shifeng"
    for arguments, told in (
        (("check", district), "records     1,822"),
        (("load", district), "records"),
        (("load", district, "--dry-run"), "records     1,822"),
        (("export", str(tmp_path / "out.json")), "rows read"),
        (("audit",), "judging 46 trainees"),
        (("plan", "--periods", "1", "--seconds", "5"), " s  "),
    ):
        assert told in typed(url, *arguments), arguments
        assert typed(url, *arguments, terminal=False) == "", arguments
        assert typed(url, *arguments, "--json") == "", arguments
