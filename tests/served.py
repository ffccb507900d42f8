"""Servers as people start them: a process of its own on a free port of this machine."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLASK_SERVE = (sys.executable, "-m", "flask", "serve", "--port", "0")
GUNICORN = (sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "wsgi:app")


@dataclass
class Served:
    """A running server: its port on the loopback, and the lines it has written."""

    port: int
    said: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(
    command: Sequence[str],
    *,
    cwd: Path = ROOT,
    env: dict[str, str],
    inherits: bool = True,
    **options,
) -> Iterator[Served]:
    """Run a server until the block ends; it must then end by itself, without an error.

    Its environment is that of the tests with `env` on top, or `env` alone.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=(dict(os.environ) if inherits else {}) | {"PYTHONUNBUFFERED": "1"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    said: list[str] = []
    try:
        found = None
        while not found:
            line = process.stdout.readline()
            assert line, "".join(said)
            said.append(line)
            found = re.search(r"http://[\d.]+:(\d+)", line)
        rest = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
        rest.start()
        yield Served(int(found[1]), said)
        process.terminate()
        assert process.wait(timeout=30) == 0, "".join(said)
        rest.join(timeout=10)
        assert not [line for line in said if "Traceback" in line], "".join(said)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
