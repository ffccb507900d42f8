"""Work in a process of its own, so that no request waits and any solve can be stopped.

The worker gets plain values and sends progress, each better plan, and the end. The store stays
with the process that owns it, so plans are checked there, not here.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any, Protocol

from graph.errors import N_, AppError
from planning.solve.state import SolverProgress

GRACE = 5.0  # seconds that a stopped worker has to end by itself
BEAT = 1.0  # seconds between two signs of life


class Reports(Protocol):
    """What a work may say and ask while it runs."""

    def tell(self, progress: SolverProgress) -> None:
        """Say how far it is."""

    def better(self, value: Any) -> None:
        """Give what would be the result if it ended now."""

    def is_stopped(self) -> bool:
        """Return whether it should end soon."""


Work = Callable[[Reports], Any]  # plain values with `__call__`: it goes to another process


class WorkerProcess:
    """One work in its own process: ask for its progress, wait for its result, or stop it.

    `on_change` is called in a thread after each message and at least every `BEAT` seconds.
    """

    def __init__(
        self,
        work: Work,
        *,
        on_progress: Callable[[SolverProgress], None] = lambda progress: None,
        on_change: Callable[[WorkerProcess], None] = lambda job: None,
    ) -> None:
        self.log: list[SolverProgress] = []
        self.best: Any = None
        self.result: Any = None
        self.is_stopped = False
        self._on_progress, self._on_change = on_progress, on_change
        self._ended = threading.Event()
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_work, args=(theirs, self._stop, work), daemon=True, name="planning"
        )
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(ours,), daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Return whether the work has ended."""
        return self._ended.is_set()

    @property
    def has_failed(self) -> bool:
        """Return whether it ended with nothing to show though nobody stopped it."""
        return self.is_over and self.result is None and not self.is_stopped

    def wait(self, seconds: float | None = None) -> Any:
        """Return the result when the work has ended in time, else None; raise when it died."""
        if not self._ended.wait(seconds):
            return None
        if self.has_failed:
            raise AppError(
                N_("The planning process ended without a result."),
                N_("Try again; if it happens again, look at the server's log."),
            )
        return self.result

    def stop(self) -> Any:
        """End the work and give the best so far; None when there was none."""
        self.ask_to_stop()
        self._ended.wait()
        return self.result

    def ask_to_stop(self) -> None:
        """Have the work end within `GRACE` seconds, without waiting for it."""
        self.is_stopped = True
        self._stop.set()

    def _listen(self, connection: Connection) -> None:
        asked = 0
        try:
            while True:
                if connection.poll(BEAT):
                    self._take(*connection.recv())
                elif self.is_stopped:
                    asked += 1
                    if asked * BEAT >= GRACE:
                        self._process.terminate()
                self._on_change(self)
        except (EOFError, OSError):
            pass
        self._process.join()
        if self.result is None:
            self.result = self.best
        connection.close()
        self._ended.set()
        self._on_change(self)

    def _take(self, what: str, value: Any) -> None:
        if what == "progress":
            self.log.append(value)
            self._on_progress(value)
        elif what == "better":
            self.best = value
        else:
            self.result = value


class _Sender:
    """The worker's end of the pipe."""

    def __init__(self, connection: Connection, stop: Event) -> None:
        self._connection, self._stop = connection, stop

    def tell(self, progress: SolverProgress) -> None:
        self._connection.send(("progress", progress))

    def better(self, value: Any) -> None:
        self._connection.send(("better", value))

    def is_stopped(self) -> bool:
        return self._stop.is_set()


def _work(connection: Connection, stop: Event, work: Work) -> None:
    try:
        connection.send(("result", work(_Sender(connection, stop))))
    except BrokenPipeError:
        pass  # the process that asked is gone, and nobody waits for the result
    finally:
        connection.close()


def run(work: Work, on_progress: Callable[[SolverProgress], None] = lambda progress: None) -> Any:
    """Work in a process and wait; an interrupt from the keyboard gives the best so far."""
    job = WorkerProcess(work, on_progress=on_progress)
    try:
        while not job.is_over:
            time.sleep(0.02)
    except KeyboardInterrupt:
        best = job.stop()
        if best is None:
            raise
        return best
    return job.wait()
