"""A worker of Gunicorn that serves as `flask serve` does.

Gunicorn's own threads wait for what a slow client sends: eight such clients stop a worker.
"""

from __future__ import annotations

import os
import select
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore

from graph.errors import AppError
from graph.settings import from_environment
from webapp.serving import server as serving


class WaitressWorker(Worker):  # type: ignore[misc]
    """Serves with waitress what Gunicorn listens to."""

    def run(self) -> None:
        """Serve until told to end, and say every second that the worker lives."""
        channels: dict[int, Any] = {}
        sockets = [each.sock for each in self.sockets]
        server = serving.create(self.wsgi, sockets=sockets, map=channels)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            wasyncore.loop(1.0, use_poll=hasattr(select, "poll"), map=channels, count=1)
        server.task_dispatcher.shutdown()


def keep_to_one(arbiter: Any, workers: int, _before: int | None) -> None:
    """Have one worker only where the store is a file: one process holds it."""
    try:
        is_embedded = from_environment().is_embedded
    except AppError:  # the worker tells it in a sentence
        return
    if is_embedded and workers > 1:
        arbiter.log.warning(
            "The embedded store is held by one process: 1 worker instead of %s. "
            "For several, set STORE_URL to a Neo4j server.",
            workers,
        )
        arbiter.num_workers = 1
