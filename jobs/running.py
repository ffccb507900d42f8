"""Carrying a job out: in a thread, where the store is needed, or in a process that can be ended.

Either way whoever works writes the job's files, so nothing is lost when it dies. The process that
began the job holds its locks, and ends a worker that does not stop by itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from graph.errors import N_, AppError
from graph.private import UMASK
from jobs.files import JobFiles, now
from jobs.job import CUT_OFF, DONE, FAILED, STOPPED, Job, error_as_json

GRACE = 1.0  # seconds that a worker has to stop by itself
BEAT = 0.1  # seconds between two looks at a worker

_log = logging.getLogger(__name__)


class StopAsked(Exception):
    """Ends a work that was asked to stop and has nothing to show for it."""


class Reports:
    """What a work says and asks while it runs; each word is in the job's files at once."""

    def __init__(self, files: JobFiles, job: Job) -> None:
        self._files, self._job = files, job
        self.has_stopped = False

    def tell(self, **progress: Any) -> None:
        """Say how far it is."""
        self._job = replace(self._job, progress={**self._job.progress, **progress})
        self._files.write(self._job)

    def note(self, **line: Any) -> None:
        """Say what happened: one line of the log."""
        self._files.note({"at": now(), **line})

    def better(self, value: Any) -> None:
        """Give what would be the result if it ended now."""
        self._files.put_result(value)

    def is_stopped(self) -> bool:
        """Return whether it should end soon."""
        if not self.has_stopped:
            self.has_stopped = self._files.is_stop_asked()
        return self.has_stopped

    def end_if_stopped(self) -> None:
        """End the work here when it should stop."""
        if self.is_stopped():
            raise StopAsked

    def out(self) -> Path:
        """Return the folder for files that the work makes."""
        return self._files.out()


Work = Callable[[Reports], Any]  # gives JSON; a plain value where it goes to another process


def run_in_thread(files: JobFiles, job: Job, work: Work, locks: ExitStack) -> None:
    """Carry a job out in a thread of this process, which then lets the locks go."""
    taken = locks.pop_all()

    def run() -> None:
        with taken:
            _carry_out(files, job, work)

    # A daemon: the server ends when it is told to, and a load that is cut off can be run again.
    threading.Thread(target=run, daemon=True, name=f"job {job.id}").start()


def run_in_process(files: JobFiles, job: Job, work: Work, locks: ExitStack) -> None:
    """Carry a job out in a process of its own, and look after it in a thread."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(
        target=_work_apart, args=(files.place, work), daemon=True, name=f"job {job.id}"
    )
    process.start()
    taken = locks.pop_all()
    threading.Thread(target=_look_after, args=(process, files, taken), daemon=True).start()


def _carry_out(files: JobFiles, job: Job, work: Work) -> None:
    reports = Reports(files, job)
    try:
        value = work(reports)
        if value is not None:
            files.put_result(value)
        files.close(STOPPED if reports.has_stopped else DONE)
    except StopAsked:
        files.close(STOPPED)
    except AppError as error:
        files.close(FAILED, error_as_json(error))
    except Exception as error:  # an edge: nobody above would hear of it
        reference = secrets.token_hex(4)
        _log.error("Reference %s", reference, exc_info=error)
        message = N_("An unexpected error happened. Its reference in the log is %(ref)s.")
        files.close(FAILED, error_as_json(AppError(message, ref=reference)))


def _look_after(process: BaseProcess, files: JobFiles, locks: ExitStack) -> None:
    with locks:
        asked = 0.0
        while process.is_alive():
            process.join(BEAT)
            if files.is_stop_asked():
                asked = asked or time.monotonic()
                if time.monotonic() - asked >= GRACE:
                    process.kill()  # the best so far is in its files
        files.close(STOPPED if asked else CUT_OFF)


def _work_apart(place: Path, work: Work) -> None:
    """Work in this process until done, stopped, or the process that began it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who waits, and then says stop
    os.umask(UMASK)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    files = JobFiles(place)
    _carry_out(files, files.read(), work)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # its locks are let go: the job counts as cut off
