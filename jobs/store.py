"""The jobs of one folder: begin, find, list, stop, wait for, and forget them.

Any process may look at a job and stop it. What is there after a restart is there for good: a job
whose process is gone is `cut off`, with the best that it had.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from graph.errors import N_, NotFound
from graph.private import private_folder
from jobs.files import JobFiles, held, now
from jobs.job import KINDS, Job, JobKind
from jobs.running import Work, run_in_process, run_in_thread

_ID = re.compile(r"[0-9a-f]{16}")
_LETTING_GO = 2.0  # seconds that a process may take to end after its job has
_LONGEST_DAYS = max(kind.kept_days for kind in KINDS.values())


class Jobs:
    """The jobs of one folder, of which each has a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(
        self,
        kind: str,
        work: Work,
        *,
        asked: Mapping[str, Any] | None = None,
        names: Iterable[str] = (),
        by: str = "",
    ) -> Job:
        """Begin a job; Conflict when as many of its kind are running as may."""
        self.forget_old(datetime.now(UTC))
        job = Job(
            secrets.token_hex(8), kind, now(), by=by, names=list(names), asked=dict(asked or {})
        )
        files = JobFiles(private_folder(private_folder(self.folder) / job.id))
        try:
            with ExitStack() as locks:
                self._take_place(KINDS[kind], locks)
                locks.enter_context(held(files.lock))
                files.begin(job)
                run = run_in_process if KINDS[kind].is_apart else run_in_thread
                run(files, job, work, locks)
        except BaseException:
            files.forget()
            raise
        return job

    def find(self, id_: str) -> Job:
        """Return all of a job as it is now; raise NotFound."""
        return self._files(id_).read_whole()

    def all(self) -> list[Job]:
        """Return how the jobs stand that are kept, newest first."""
        found = []
        for place in self.folder.glob("*/job.json"):
            with suppress(OSError, ValueError, TypeError):  # taken away since, or not ours to read
                found.append(JobFiles(place.parent).read())
        return sorted(found, key=lambda job: (job.started, job.id), reverse=True)

    def running(self, place: str) -> list[Job]:
        """Return the jobs that are running on one place, newest first."""
        return [
            job
            for job in self.all()
            if job.is_running and job.kind in KINDS and KINDS[job.kind].place == place
        ]

    def stop(self, id_: str) -> Job:
        """Ask a job to stop soon, whichever process runs it."""
        files = self._files(id_)
        if files.read().can_stop:
            files.ask_to_stop()
        return files.read_whole()

    def wait(self, id_: str, seconds: float) -> Job:
        """Return a job when it has ended, at the latest after so many seconds."""
        files, until = self._files(id_), time.monotonic() + seconds
        while files.read().is_running and time.monotonic() < until:
            time.sleep(0.02)
        return files.read_whole()

    def out(self, id_: str) -> Path:
        """Return the folder of the files that a job made."""
        return self._files(id_).out()

    def forget_old(self, today: datetime) -> None:
        """Delete the jobs that ended longer ago than their kind is kept."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process was quicker
                if _ID.fullmatch(path.name) and self._is_old(JobFiles(path), today):
                    JobFiles(path).forget()

    def _is_old(self, files: JobFiles, today: datetime) -> bool:
        try:
            job = files.read()
        except (OSError, ValueError, TypeError):  # begun this moment, or of another version
            ended = datetime.fromtimestamp(files.place.stat().st_mtime, UTC)
            return today - ended > timedelta(days=_LONGEST_DAYS)
        days = KINDS[job.kind].kept_days if job.kind in KINDS else _LONGEST_DAYS
        ended = datetime.fromisoformat(job.ended or job.started)
        return not job.is_running and today - ended > timedelta(days=days)

    def _take_place(self, kind: JobKind, locks: ExitStack) -> None:
        """Hold one of the places of a kind; Conflict when none is free."""
        if kind.at_once is None:
            return
        until = time.monotonic() + _LETTING_GO
        while True:
            for number in range(kind.at_once):
                if locks.enter_context(held(self.folder / f"{kind.place}-{number}.lock")):
                    return
            if len(self.running(kind.place)) >= kind.at_once or time.monotonic() > until:
                raise kind.refused()
            time.sleep(0.01)  # one has ended, and its process is about to let its place go

    def _files(self, id_: str) -> JobFiles:
        files = JobFiles(self.folder / id_)
        if _ID.fullmatch(id_) and files.place.is_dir():
            with suppress(OSError, ValueError, TypeError):
                files.read()
                return files
        raise NotFound(
            N_('There is no job "%(id)s".'), N_("Jobs are forgotten after some days."), id=id_
        )
