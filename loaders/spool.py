"""Checked rows between checking and storing: in memory while they are few, else in a temporary
file, so that a file of any size is parsed and checked once and memory stays bounded.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import IO, Any, TypeVar

from graph.upsert import BATCH

Item = TypeVar("Item")

_IN_MEMORY = 64 << 20  # bytes; about a million short rows


class Spool:
    """Rows with their row numbers, written once and read in the same order, in large batches."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._numbers: list[int] = []  # those of the batch that is being filled, and its rows
        self._rows: list[tuple[Any, ...]] = []

    def write(self, numbers: list[int], rows: list[tuple[Any, ...]]) -> None:
        """Add some rows."""
        if self._rows and len(self._rows) + len(rows) > BATCH:
            self._write_batch()
        self._numbers += numbers
        self._rows += rows

    def _write_batch(self) -> None:
        marshal.dump((self._numbers, self._rows), self._file)
        self._numbers, self._rows = [], []

    def batches(
        self, leave_out: set[int] | None = None
    ) -> Iterator[tuple[list[int], list[tuple[Any, ...]]]]:
        """Yield every batch, but for the rows of the given numbers."""
        if self._rows:
            self._write_batch()
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            numbers, rows = marshal.load(self._file)  # this process wrote it
            if leave_out and not leave_out.isdisjoint(numbers):
                kept = [at for at, number in enumerate(numbers) if number not in leave_out]
                numbers, rows = [numbers[at] for at in kept], [rows[at] for at in kept]
            if rows:
                yield numbers, rows

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def prefetch_in_thread(items: Iterator[Item], count: int = 2) -> Generator[Item, None, None]:
    """Yield the items of an iterator that runs in a thread of its own, `count` items ahead.

    An error of the iterator is raised where its item would have come.

    >>> list(prefetch_in_thread(iter("abc")))
    ['a', 'b', 'c']
    """
    queue: Queue[tuple[str, Any]] = Queue(count)
    stopped = Event()

    def put(what: str, value: Any) -> None:
        while not stopped.is_set():
            try:
                return queue.put((what, value), timeout=0.1)
            except Full:
                continue

    def run() -> None:
        try:
            for item in items:
                put("item", item)
                if stopped.is_set():
                    return
            put("end", None)
        except BaseException as error:  # raised again in the other thread
            put("error", error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        while True:
            what, value = queue.get()
            if what == "end":
                return
            if what == "error":
                raise value
            yield value
    finally:
        stopped.set()
        thread.join()
