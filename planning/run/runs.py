"""Runs of the planner that any process of the server can look at, stop, and find again later.

A run's state is one file in a folder: the process that started it writes the file after every
message of the worker, others read it. A run whose process is gone (the server was restarted) is
`lost`; its best plan so far is still there.
"""

from __future__ import annotations

import pickle
import re
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.errors import N_, Conflict, NotFound
from graph.private import private_folder
from planning.run.worker import BEAT, Work, WorkerProcess
from planning.solve.state import SolverProgress

RUNNING, DONE, STOPPED, FAILED, LOST = "running", "done", "stopped", "failed", "lost"
SILENCE = 10 * BEAT  # without a sign of life for so long, a run's process is gone
AT_ONCE = 2
KEPT_DAYS = 7
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Run:
    """How a run stands. `value` is its result, or the best so far: a plan, points, alternatives."""

    id: str
    what: str  # plan, replan, why
    status: str
    began_at: str
    log: tuple[SolverProgress, ...] = ()
    value: Any = None
    about: Any = None  # what the caller wants to find again beside the result

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will come."""
        return self.status != RUNNING


class Runs:
    """The runs of one folder. Only this program writes there: states are pickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._jobs: dict[str, WorkerProcess] = {}
        self._lock = threading.Lock()

    def start(self, work: Work, what: str = "plan", about: Any = None) -> str:
        """Start a work and give the id of its run; raise Conflict when too many are going on."""
        with self._lock:
            private_folder(self.folder)
            self._tidy()
            began = Run(
                secrets.token_hex(8), what, RUNNING, datetime.now(UTC).isoformat(), about=about
            )
            self._write(began)  # before the others are counted, who may be of another process
            if sum(run.status == RUNNING for run in self.all()) > AT_ONCE:
                self._path(began.id).unlink()
                raise Conflict(
                    N_("%(most)s plans are being made already."),
                    N_("Wait for one of them, or stop it."),
                    most=AT_ONCE,
                )
            self._jobs[began.id] = WorkerProcess(work, on_change=lambda job: self._note(began, job))
        return began.id

    def state(self, id_: str) -> Run:
        """Return the state of a run; raise NotFound."""
        path = self._path(id_)
        if not _ID.fullmatch(id_) or not path.is_file():
            raise NotFound(N_('No run of the planner has the id "%(id)s".'), id=id_)
        try:
            run: Run = pickle.loads(path.read_bytes())
        except (ImportError, AttributeError):  # of a version that named its parts otherwise
            raise NotFound(
                N_("The run %(id)s was made by another version of the program."),
                N_("Plan again."),
                id=id_,
            ) from None
        if run.status == RUNNING and time.time() - path.stat().st_mtime > SILENCE:
            return replace(run, status=LOST)
        return run

    def stop(self, id_: str) -> None:
        """Have a run end soon with the best so far, whichever process runs it."""
        if not self.state(id_).is_over:
            self._path(id_).with_suffix(".stop").touch()
            job = self._jobs.get(id_)
            if job:
                job.ask_to_stop()

    def wait(self, id_: str, seconds: float) -> Run:
        """Return the state when the run is over, or after so many seconds."""
        until = time.monotonic() + seconds
        while not (run := self.state(id_)).is_over and time.monotonic() < until:
            time.sleep(0.05)
        return run

    def all(self) -> list[Run]:
        """Return the runs still known, newest first."""
        found = []
        for path in self.folder.glob("*.run"):
            with suppress(NotFound, FileNotFoundError):  # taken away since it was listed
                found.append(self.state(path.stem))
        return sorted(found, key=lambda run: run.began_at, reverse=True)

    def _note(self, began: Run, job: WorkerProcess) -> None:
        if self._path(began.id).with_suffix(".stop").exists() and not job.is_stopped:
            job.ask_to_stop()
        status = RUNNING
        if job.is_over:
            status = STOPPED if job.is_stopped else FAILED if job.has_failed else DONE
            self._jobs.pop(began.id, None)
        value = job.result if job.result is not None else job.best
        self._write(replace(began, status=status, log=tuple(job.log), value=value))

    def _write(self, run: Run) -> None:
        path = self._path(run.id)
        half = path.with_suffix(".half")
        half.write_bytes(pickle.dumps(run))
        half.replace(path)

    def _path(self, id_: str) -> Path:
        return self.folder / f"{id_}.run"

    def _tidy(self) -> None:
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # renamed or taken away since it was listed
                if time.time() - path.stat().st_mtime > KEPT_DAYS * 86_400:
                    path.unlink()
