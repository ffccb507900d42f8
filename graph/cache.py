"""What is derived from the data of a store and kept as long as it is true: one rule for all of it.

A value belongs to a version of the data (`Store.version`). `per_version` keeps it under that
version; `Followed` mends it by what was written since (`Store.touched_since`), for what is dear to
make. Whichever it is: two threads that ask at once wait for one computation, the oldest values go
when there are too many, an error is told to all who wait and not kept, and everything goes with its
store, at the latest when that is closed. So a value must not hold its store.

A function of plain values alone (text to pinyin, text to date) is no matter of the data: that may
be a `functools.lru_cache`. `tests/graph/test_cache.py` holds everybody to it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from graph.errors import AppError
from graph.store import Store
from graph.touched import Touched

V = TypeVar("V")
P = ParamSpec("P")

_by_store: WeakKeyDictionary[Store, dict[object, Any]] = WeakKeyDictionary()
_lock = threading.Lock()  # of `_by_store`


def forget(store: Store) -> None:
    """Let go of everything that is kept of a store: it is closed."""
    with _lock:
        _by_store.pop(store, None)


def _of(store: Store, owner: object, make: Callable[[], Any]) -> Any:
    """Return what an owner keeps of a store."""
    with _lock:
        mine = _by_store.setdefault(store, {})
        if owner not in mine:
            mine[owner] = make()
        return mine[owner]


# --- kept by version


class KeptByVersion(Generic[V]):
    """The newest values of each store, by version of the data and a key."""

    def __init__(self, size: int) -> None:
        self._size = size

    def get(self, store: Store, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of a key for the data as they are now, made where nobody has it yet."""
        shelf: _Shelf[V] = _of(store, self, lambda: _Shelf(self._size))
        return shelf.get((store.version(), key), make)

    def known(self, store: Store, key: Hashable) -> V | None:
        """Return the value of a key for the data as they are now; None where nobody made it yet."""
        shelf: _Shelf[V] = _of(store, self, lambda: _Shelf(self._size))
        return shelf.known((store.version(), key))


def per_version(
    size: int,
) -> Callable[[Callable[Concatenate[Store, P], V]], Callable[Concatenate[Store, P], V]]:
    """Keep the newest answers of a function of a store, by version of the data and arguments."""

    def decorate(make: Callable[Concatenate[Store, P], V]) -> Callable[Concatenate[Store, P], V]:
        kept: KeptByVersion[V] = KeptByVersion(size)

        def asked(store: Store, /, *args: P.args, **named: P.kwargs) -> V:
            key = (args, tuple(named.items()))
            return kept.get(store, key, lambda: make(store, *args, **named))

        update_wrapper(asked, make)
        return asked

    return decorate


class _Shelf(Generic[V]):
    """Values of one store by key, those that are being made among them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, Future[V]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        with self._lock:
            value = self._values.get(key)
            is_first = value is None
            if value is None:
                value = self._values[key] = Future()
                while len(self._values) > self._size:
                    self._values.popitem(last=False)
            else:
                self._values.move_to_end(key)
        if is_first:
            self._make(key, value, make)
        return value.result()

    def known(self, key: Hashable) -> V | None:
        with self._lock:
            value = self._values.get(key)
        is_there = value is not None and value.done() and value.exception() is None
        return value.result() if value is not None and is_there else None

    def _make(self, key: Hashable, value: Future[V], make: Callable[[], V]) -> None:
        try:
            value.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._values.get(key) is value:
                    del self._values[key]
            value.set_exception(error)


# --- kept, and mended after a write


class Followed(Generic[V]):
    """One value of each store that is mended after a write rather than made anew.

    `mend(store, value, touched)` returns the value as of `touched.version`, and None where it must
    be made anew. It changes nothing of the value that it is given, which others may be reading; and
    it may be told again of what the value knows already.
    """

    def __init__(self, mend: Callable[[Store, V, Touched], V | None]) -> None:
        self._mend = mend

    def now(self, store: Store) -> V | None:
        """Return the value as of now; None when it must be made anew."""
        return self._of(store).now(store)

    def made(self, store: Store, make: Callable[[V | None], V], suits: Callable[[V], bool]) -> V:
        """Return the value as of now, made anew where it is not there or does not suit.

        `make` is given the value that does not suit, and runs once for all who wait for it.
        """
        mine = self._of(store)
        value = mine.now(store)
        if value is not None and suits(value):
            return value
        with mine.making:
            value = mine.now(store)
            if value is not None and suits(value):  # another thread has just made it
                return value
            return mine.make(store, make)

    def begin(self, store: Store, make: Callable[[V | None], V]) -> None:
        """Begin to make the value anew in the background, unless that is under way."""
        mine = self._of(store)
        with mine.starting:
            if mine.thread is None or not mine.thread.is_alive():
                mine.thread = threading.Thread(
                    target=_make_quietly, args=(mine, store, make), daemon=True
                )
                mine.thread.start()

    def wait(self, store: Store) -> None:
        """Let what is being made in the background be finished."""
        thread = self._of(store).thread
        if thread:
            thread.join()

    def _of(self, store: Store) -> _Following[V]:
        mine: _Following[V] = _of(store, self, lambda: _Following(self._mend))
        return mine


class _Following(Generic[V]):
    """The value of one store. One thread at a time mends; who comes meanwhile shares the next turn.

    A turn that began before somebody asked may have missed what was written before that; so all
    who come during it wait for one turn more, and one of them takes it for all.
    """

    def __init__(self, mend: Callable[[Store, V, Touched], V | None]) -> None:
        self._mend = mend
        self.making = threading.Lock()  # one thread at a time makes everything
        self.starting = threading.Lock()
        self.thread: threading.Thread | None = None
        self._kept: tuple[str, V] | None = None  # of a version, or later
        self._turn = threading.Lock()  # what is kept changes under it
        self._next: Future[V | None] | None = None
        self._lock = threading.Lock()  # of `_next`

    def now(self, store: Store) -> V | None:
        with self._lock:
            coming = self._next
            is_first = coming is None
            if coming is None:
                coming = self._next = Future()
        if is_first:
            self._take_turn(store, coming)
        return coming.result()

    def _take_turn(self, store: Store, mine: Future[V | None]) -> None:
        try:
            with self._turn:
                self._begin(mine)
                mine.set_result(self._followed(store))
        except BaseException as error:
            self._begin(mine)
            mine.set_exception(error)

    def _begin(self, turn: Future[V | None]) -> None:
        """Let who comes from now on share the turn after this one."""
        with self._lock:
            if self._next is turn:
                self._next = None

    def _followed(self, store: Store) -> V | None:
        if self._kept is None:
            return None
        version, value = self._kept
        touched = store.touched_since(version)
        if touched is None:
            mended = None
        else:
            mended = self._mend(store, value, touched) if touched.marks else value
        self._kept = None if touched is None or mended is None else (touched.version, mended)
        return mended

    def make(self, store: Store, make: Callable[[V | None], V]) -> V:
        with self._turn:
            kept = self._kept
        version = kept[0] if kept else store.version()
        value = make(kept[1] if kept else None)
        with self._turn:  # what was written meanwhile is mended by the next who asks
            self._kept = version, value
        return value


def _make_quietly(mine: _Following[V], store: Store, make: Callable[[V | None], V]) -> None:
    with suppress(AppError):  # the store was closed meanwhile, or is busy: who asks begins it again
        mine.make(store, make)
