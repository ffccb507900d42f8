"""The items of a long iterator made ahead by a copy of this process, on the second core.

The copy goes on exactly where the iterator stands, its open files with it, and makes the next item
while the one before is worked on. It reads and computes; it must not touch the store.
"""

from __future__ import annotations

import marshal
import multiprocessing
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

# How an item is written: `marshal` is several times faster, and knows plain values only.
_PLAIN, _ANY, _ERROR, _END = b"p", b"a", b"e", b"z"
_PIPE = 1 << 20  # bytes that wait between the two; what Linux grants to everybody


def prefetch(
    items: Iterator[T], enough: int, size: Callable[[T], int] = lambda _: 1
) -> Generator[T, None, None]:
    """Make the first items now, begin with the further ones in the copy, and give all in order.

    The copy is made when the sizes of the first items are `enough` to be worth it. An exception of
    the iterator is raised here in its place. What the iterator changes beside its items stays in
    the copy. Where no process can be copied, or a second core is missing, all is done here, as it
    is asked for.
    """
    begun: list[T] = []
    had = 0
    try:
        while had < enough:
            begun.append(item := next(items))
            had += size(item)
    except StopIteration:
        return _all(begun, iter(()))
    except Exception as error:
        return _all(begun, _failing(error))
    if not _can_copy():
        return _all(begun, items)
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    _widen(there)
    copy = context.Process(target=_send, args=(items, here, there), daemon=True)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        copy.start()  # a newer Python warns that threads are not copied along
    there.close()
    return _all(begun, _taken(copy, here))


def _widen(pipe: Connection) -> None:
    """Let the copy get further ahead; what the system does not grant is done without."""
    import fcntl  # here: Linux has it, and only there the process is copied

    with suppress(OSError):
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def _all(begun: list[T], further: Iterator[T]) -> Generator[T, None, None]:
    yield from begun
    begun.clear()
    yield from further


def _failing(error: Exception) -> Iterator[Any]:
    yield from ()
    raise error


def _taken(copy: BaseProcess, here: Connection) -> Iterator[Any]:
    try:
        while (told := _received(here))[:1] != _END:
            if told[:1] == _ERROR:
                raise pickle.loads(told[1:])
            yield marshal.loads(told[1:]) if told[:1] == _PLAIN else pickle.loads(told[1:])
    finally:
        here.close()  # the copy ends at its next item
        copy.join()


def _can_copy() -> bool:
    return (
        sys.platform == "linux"
        and not multiprocessing.current_process().daemon
        and len(os.sched_getaffinity(0)) > 1
    )


def _received(here: Connection) -> bytes:
    try:
        return here.recv_bytes()
    except EOFError as error:
        raise ChildProcessError("the process that reads ahead was stopped") from error


def _send(items: Iterator[Any], here: Connection, there: Connection) -> None:
    """Make and send the items, in the copy, until nobody takes them."""
    here.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits for the items ends the copy
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(BrokenPipeError):
        try:
            for item in items:
                there.send_bytes(_written(item))
            there.send_bytes(_END)
        except BrokenPipeError:
            raise
        except Exception as error:
            there.send_bytes(_ERROR + pickle.dumps(error))


def _written(item: Any) -> bytes:
    try:
        return _PLAIN + marshal.dumps(item)
    except ValueError:
        return _ANY + pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
