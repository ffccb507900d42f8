"""Checks and loads of uploaded files in the background: how far they are, stop, what came of them.

A job is a thread of this process and a small file that every worker of the server can read, so
its address outlives a reload of the page, and of the server. One load runs at a time. A load
stops between two batches; what it stored by then stands, and a later load completes it.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from filelock import FileLock, Timeout
from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.answers import ShownAs
from graph.errors import N_, AppError, Conflict, NotFound, Problem, ProblemDetails
from graph.private import private_folder
from graph.store import read_only_store
from loaders.account import CheckDict, checked, take_stock
from loaders.load import LoadDict
from loaders.load import load as load_data
from webapp.data import uploads
from webapp.shell.language import language
from webapp.shell.store import current_settings, current_store

# The JSON of the command.
JobResult = Annotated[dict[str, Any], ShownAs(CheckDict | LoadDict)]
JobState = Literal["running", "done", "failed", "stopped", "cut off"]

CHECK: Final = "check"
LOAD: Final = "load"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
STOPPED: Final = "stopped"
CUT_OFF: Final = "cut off"
_ID = re.compile(r"[0-9a-f]{16}")
_KEPT_SECONDS = 30 * 24 * 3600


class JobTable(TypedDict):
    """How far one table is."""

    table: str
    done: int
    total: int


class JobDict(TypedDict):
    """A job as `/api/jobs/ID` tells of it."""

    job: str
    kind: Literal["check", "load"]
    state: JobState
    files: list[str]
    started: str
    ended: str | None
    tables: list[JobTable]
    result: JobResult | None
    error: ProblemDetails | None


@dataclass
class Job:
    """One check or load: what was asked, how far it is, and what came of it."""

    id: str
    kind: Literal["check", "load"]
    token: str  # of the upload
    names: list[str]  # of its files
    skip_bad: bool
    by: str = ""  # who loads, as far as that is known
    without: list[str] = field(default_factory=list)  # headings of columns that are not read
    confirmed: bool = False  # somebody has looked at what is doubtful
    state: JobState = RUNNING
    started: str = field(default_factory=lambda: _now())
    ended: str | None = None
    tables: dict[str, tuple[int, int]] = field(default_factory=dict)  # rows stored, rows in all
    result: JobResult | None = None  # the JSON of the command
    error: ProblemDetails | None = None  # RFC 9457, in the words of who started it

    @property
    def is_running(self) -> bool:
        """Return whether it still works."""
        return self.state == RUNNING

    @property
    def problems(self) -> list[Problem]:
        """Return the problems that were found."""
        found = (self.result or {}).get("problems") or []
        if not found and self.error:
            found = self.error.get("problems") or []
        return [Problem(**each) for each in found]

    def as_dict(self) -> JobDict:
        """Return the JSON of `/api/jobs/ID`."""
        return {
            "job": self.id,
            "kind": self.kind,
            "state": self.state,
            "files": self.names,
            "started": self.started,
            "ended": self.ended,
            "tables": [
                {"table": name, "done": done, "total": total}
                for name, (done, total) in self.tables.items()
            ],
            "result": self.result,
            "error": self.error,
        }


def start(
    kind: Literal["check", "load"],
    token: str,
    skip_bad: bool = False,
    by: str = "",
    without: Iterable[str] = (),
    confirmed: bool = False,
) -> Job:
    """Begin to check or load an upload; Conflict when another load is running."""
    path = uploads.kept(token)
    files = path.iterdir() if path.is_dir() else [path]
    names = sorted(file.name for file in files)
    job = Job(secrets.token_hex(8), kind, token, names, skip_bad, by, list(without), confirmed)
    private_folder(_folder())
    _forget_old()
    store = current_store()  # a store that cannot be opened is told to who asks
    if kind == LOAD and store.is_read_only:
        raise read_only_store(current_settings().store_url)
    locks = ExitStack()
    if kind == LOAD and not locks.enter_context(_held(_load_lock())):
        locks.close()
        raise Conflict(
            N_("Another load is running; one runs at a time."),
            N_("Wait for it or stop it: the data page shows it."),
        )
    locks.enter_context(_held(_lock(job.id)))
    _keep(job)
    if kind == LOAD:
        _newest_load().write_text(job.id, encoding="utf-8")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # A daemon: the server ends when it is told to, and a load that is cut off can be run again.
    threading.Thread(target=_run, args=(app, job, language(), locks), daemon=True).start()
    return job


def find(id_: str) -> Job:
    """Return a job as it is now."""
    job = _read(id_)
    if job.is_running and not _is_alive(id_):
        job = _read(id_)  # it may have ended since
        if job.is_running:
            job.state = CUT_OFF
    return job


def wait(id_: str, seconds: float) -> Job:
    """Return a job when it has ended, at the latest after so many seconds."""
    until = time.monotonic() + seconds
    while (job := find(id_)).is_running and time.monotonic() < until:
        time.sleep(0.02)
    return job


def stop(id_: str) -> Job:
    """Ask a job to stop at the end of its batch."""
    job = find(id_)
    if job.is_running:
        _stop_file(id_).touch()
    return job


def running_load() -> Job | None:
    """Return the load that is running on this store."""
    try:
        job = find(_newest_load().read_text(encoding="utf-8"))
    except (FileNotFoundError, NotFound):
        return None
    return job if job.is_running else None


class _Stopped(Exception):
    """A person pressed the button."""


def _run(app: Flask, job: Job, spoken: str, locks: ExitStack) -> None:
    def on_progress(table: str, done: int, total: int) -> None:
        job.tables[table] = (done, total)
        if _stop_file(job.id).exists():
            raise _Stopped
        _keep(job)

    with app.app_context(), locks:
        try:
            with force_locale(spoken):
                path = uploads.kept(job.token)
                if job.kind == CHECK:
                    account, found = take_stock(
                        path, current_store(), without=job.without, language=spoken
                    )
                    job.result = {**checked(account, found)}
                else:
                    stored = load_data(
                        current_store(),
                        path,
                        skip_bad=job.skip_bad,
                        without=job.without,
                        confirmed=job.confirmed,
                        by=job.by,
                        on_progress=on_progress,
                        language=spoken,
                    )
                    job.result = {**stored.as_dict()}
                    uploads.forget(job.token)
                job.state = DONE
        except _Stopped:
            job.state = STOPPED
        except AppError as error:
            job.state = FAILED
            with force_locale(spoken):
                job.error = error.as_problem_details(_)
        except Exception as error:  # an edge: nobody above this thread would hear of it
            job.state = FAILED
            reference = secrets.token_hex(4)
            app.logger.error("Reference %s", reference, exc_info=error)
            with force_locale(spoken):
                job.error = AppError(
                    N_("An unexpected error happened. Its reference in the log is %(ref)s."),
                    ref=reference,
                ).as_problem_details(_)
        job.ended = _now()
        _keep(job)
        _stop_file(job.id).unlink(missing_ok=True)


# --- the files of a job


def _folder() -> Path:
    return Path(current_app.config["UPLOAD_FOLDER"]).with_name("jobs")


def _keep(job: Job) -> None:
    draft = _folder() / f".{job.id}.part"
    draft.write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")
    draft.replace(_folder() / f"{job.id}.json")


def _read(id_: str) -> Job:
    path = _folder() / f"{id_}.json"
    if not _ID.fullmatch(id_) or not path.is_file():
        raise NotFound(N_('There is no job "%(id)s".'), N_("Its page is kept for 30 days."), id=id_)
    return Job(**json.loads(path.read_text(encoding="utf-8")))


def _lock(id_: str) -> Path:
    return _folder() / f"{id_}.lock"


def _stop_file(id_: str) -> Path:
    return _folder() / f"{id_}.stop"


def _load_lock() -> Path:
    return _folder() / "newest.lock"


def _newest_load() -> Path:
    return _folder() / "newest"


@contextmanager
def _held(path: Path) -> Iterator[bool]:
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


def _is_alive(id_: str) -> bool:
    with _held(_lock(id_)) as is_ours:
        return not is_ours


def _forget_old() -> None:
    for path in _folder().iterdir():
        if path not in (_load_lock(), _newest_load()):
            try:
                if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                    path.unlink()
            except FileNotFoundError:  # another worker was quicker
                continue


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
