"""The folder of one job: each part of it in a file of its own, which takes its place at once.

`job.json` says how it stands, `asked.json` what was asked, `log.jsonl` what happened, a line each;
`result.json` is the result or the best so far, `stop` asks it to stop, and `lock` is held as long
as it runs: the system lets it go when the process dies. `out/` holds files that it made.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from graph.private import private_folder
from jobs.job import CUT_OFF, STORED, Job, job_from


class JobFiles:
    """The files of one job. One thread or process writes them at a time, anybody reads."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.lock = place / "lock"
        self._job, self._stop = place / "job.json", place / "stop"
        self._asked, self._result = place / "asked.json", place / "result.json"
        self._log = place / "log.jsonl"

    def begin(self, job: Job) -> None:
        """Write what was asked and that it runs."""
        self._put(self._asked, job.asked)
        self.write(job)

    def write(self, job: Job) -> None:
        """Write how it stands."""
        self._put(self._job, {key: getattr(job, key) for key in STORED})

    def read(self) -> Job:
        """Return how it stands; where it says that it runs and nobody holds it, it was cut off."""
        job = self._read()
        if job.is_running and not self._is_held():
            job = self._read()  # it may have ended since
            if job.is_running:
                return replace(job, state=CUT_OFF)
        return job

    def read_whole(self) -> Job:
        """Return how it stands, what was asked, what happened and what came of it."""
        job = self.read()  # first: an end is told only when its result is there
        result = self._get(self._result)
        return replace(job, asked=self._get(self._asked) or {}, log=self._lines(), result=result)

    def note(self, line: dict[str, Any]) -> None:
        """Write one more line of what happened."""
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def put_result(self, value: Any) -> None:
        """Write what would be the result if it ended now."""
        self._put(self._result, value)

    def close(self, state: str, error: dict[str, Any] | None = None) -> None:
        """Write how it ended, unless it has."""
        with suppress(FileNotFoundError):  # forgotten since it ended
            job = self._read()
            if job.is_running:
                self.write(replace(job, state=state, error=error, ended=now()))

    def ask_to_stop(self) -> None:
        """Have it stop at its next step, whichever process runs it."""
        self._stop.touch(mode=0o600)

    def is_stop_asked(self) -> bool:
        """Return whether somebody wants it to stop."""
        return self._stop.exists()

    def out(self) -> Path:
        """Return the folder for files that it makes."""
        return private_folder(self.place / "out")

    def forget(self) -> None:
        """Delete all of it."""
        shutil.rmtree(self.place, ignore_errors=True)

    def _read(self) -> Job:
        return job_from(json.loads(self._job.read_text(encoding="utf-8")))

    def _is_held(self) -> bool:
        with held(self.lock) as is_ours:
            return not is_ours

    def _lines(self) -> tuple[dict[str, Any], ...]:
        if not self._log.exists():
            return ()
        lines = self._log.read_text(encoding="utf-8", errors="replace").split("\n")
        return tuple(json.loads(line) for line in lines[:-1])  # the last may be half written

    def _get(self, path: Path) -> Any:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def _put(self, path: Path, value: Any) -> None:
        draft = path.with_name(f".{path.name}.part")
        draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold a lock that the system lets go when the process dies; tell whether we have it."""
    # Taken by the thread that was asked, let go by the one that works.
    lock = FileLock(path, blocking=False, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def now() -> str:
    """Return this moment as jobs write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
