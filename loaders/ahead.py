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
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

# How an item is written: `marshal` is several times faster, and knows plain values only.
_PLAIN, _ANY, _ERROR, _END = b"p", b"a", b"e", b"z"


def ahead(items: Iterator[T], first: int) -> Iterator[T]:
    """Make the first items now, begin with the further ones in the copy, and give all in order.

    An exception of the iterator is raised here in its place. What the iterator changes beside its
    items stays in the copy. Where no process can be copied, or a second core is missing, all is
    done here, as it is asked for.
    """
    begun: list[T] = []
    try:
        begun.extend(islice(items, first))
    except Exception as error:
        return _failing(begun, error)
    if len(begun) < first or not _can_copy():
        return chain(begun, items)
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    copy = context.Process(target=_send, args=(items, here, there), daemon=True)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        copy.start()  # a newer Python warns that threads are not copied along
    there.close()
    return chain(begun, _taken(copy, here))


def _failing(begun: list[T], error: Exception) -> Iterator[T]:
    yield from begun
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
