"""The embedded graph of one process, served to other processes of the same person.

One process holds the file, the lock owner. While `serve` runs in it, `open_store` of any other
process gives a `SharedStore`: the same promises, each statement answered by the lock owner. The
address is a port of this machine's loopback and, with the token that both sides prove to know,
stands in a file beside the store that only its owner can read. What is sent is JSON. A client that
dies in a transaction has it rolled back.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge
from multiprocessing.connection import deliver_challenge as challenge
from pathlib import Path
from typing import Any

from graph import cache, commit_log, errors
from graph.commit_log import Lost
from graph.errors import N_, AppError, StoreError
from graph.store import Row, Store, Transaction
from graph.touched import Mark, Touched

_LOOPBACK = "127.0.0.1"
_PATIENCE_S = 10


class SharedStore(Store):
    """A graph that another process of this machine holds and serves."""

    engine = "embedded"

    def __init__(self, path: Path, connection: Connection) -> None:
        self.path = path
        self._connection: Connection | None = connection
        self._lock = threading.RLock()

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Let the lock owner answer."""
        rows: list[Row] = self._ask("read", query, parameters)
        return rows

    def write(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        """Let the lock owner write; when it returns, the change is on disk."""
        rows: list[Row] = self._ask("write", query, parameters)
        return rows

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction in the lock owner, which lets no other write begin until it ends."""
        with self._lock:
            self._ask("begin")
            try:
                yield _SharedTransaction(self)
            except BaseException:
                with suppress(StoreError):  # a connection that is gone has rolled it back
                    self._ask("roll_back")
                raise
            self._ask("commit")

    def version(self) -> str:
        """Return the lock owner's version of the data."""
        return str(self._ask("version"))

    def touched_since(self, version: str) -> Touched | None:
        """Let the lock owner tell what was written since a version."""
        found = self._ask("touched_since", parameters={"version": version})
        if found is None:
            return None
        return Touched(found[0], frozenset((kind, end, id_) for kind, end, id_ in found[1]))

    def prepare(self, statements: list[str]) -> None:
        """Do nothing: the lock owner made constraints and indexes when it opened the file."""

    def lost(self) -> Lost | None:
        """Return what was lost, from the note beside the file."""
        return commit_log.lost(self.path)

    def checkpoint(self) -> None:
        """Let the lock owner write its file."""
        self._ask("checkpoint")

    def close(self) -> None:
        """Leave the lock owner alone."""
        cache.forget(self)
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _ask(self, verb: str, query: str = "", parameters: Row | None = None) -> Any:
        with self._lock:
            try:
                if self._connection is None:
                    raise EOFError
                _send(self._connection, [verb, query, parameters or {}])
                answer = json.loads(self._connection.recv_bytes())
            except (EOFError, OSError) as error:
                raise StoreError(
                    N_("The server that holds %(path)s has ended."),
                    N_("Run the command again; a load is completed by the next one."),
                    path=self.path,
                ) from error
            except BaseException:  # Ctrl-C between question and answer: no later one would fit
                self.close()
                raise
        if "error" in answer:
            raise _error_from(answer["error"])
        return answer["value"]


class _SharedTransaction(Transaction):
    def __init__(self, store: SharedStore) -> None:
        self._store = store

    def run(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        rows: list[Row] = self._store._ask("run", query, parameters)
        return rows


def find(path: str | Path) -> SharedStore | None:
    """Reach the process that serves the graph of a file; None when nobody does, or not to us."""
    try:
        said = json.loads(_note(Path(path)).read_text(encoding="utf-8"))
        connection = Client((_LOOPBACK, said["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        token = str(said["token"]).encode()
        if not connection.poll(_PATIENCE_S):  # another program has the port of a killed server
            raise EOFError
        answer_challenge(connection, token)
        challenge(connection, token)
    except (AuthenticationError, EOFError, OSError, KeyError):
        connection.close()
        return None
    return SharedStore(Path(path), connection)


@contextmanager
def serve(store: Store, path: str | Path) -> Iterator[None]:
    """Let other processes of the owner use the graph of this process while the block runs."""
    note = _note(Path(path))
    server = _StoreServer(store)
    try:
        _write_note(note, {"port": server.port, "token": server.token, "pid": os.getpid()})
        yield
    finally:
        note.unlink(missing_ok=True)
        server.close()


class _StoreServer:
    """The lock owner's side: a thread that waits for others, and one for each of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.token = secrets.token_hex(32)
        self._listener = Listener((_LOOPBACK, 0))
        self.port: int = self._listener.address[1]
        self._threads: dict[threading.Thread, Connection] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        threading.Thread(target=self._listen, daemon=True, name="store-server").start()

    def close(self) -> None:
        """Turn everybody away; what they began in a transaction is rolled back."""
        self._closing.set()
        with suppress(OSError):  # wakes the thread that waits
            Client((_LOOPBACK, self.port)).close()
        self._listener.close()
        with self._lock:
            threads = dict(self._threads)
        for connection in threads.values():
            _hang_up(connection)
        for thread in threads:
            thread.join(timeout=10)

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                connection = self._listener.accept()
            except OSError:
                continue
            thread = threading.Thread(target=self._meet, args=(connection,), daemon=True)
            with self._lock:
                if self._closing.is_set():
                    connection.close()
                    return
                self._threads[thread] = connection
            thread.start()

    def _meet(self, connection: Connection) -> None:
        try:
            with suppress(AuthenticationError, EOFError, OSError), connection:
                # Here and not while listening: who says nothing keeps nobody else waiting.
                challenge(connection, self.token.encode())
                answer_challenge(connection, self.token.encode())
                while True:
                    self._answer(connection, *json.loads(connection.recv_bytes()))
        finally:
            with self._lock:
                self._threads.pop(threading.current_thread(), None)

    def _answer(self, connection: Connection, verb: str, query: str, parameters: Row) -> None:
        try:
            value: Any = None
            if verb == "begin":
                self._transact(connection)
            elif verb in ("read", "write"):
                value = getattr(self._store, verb)(query, **parameters)
            elif verb in ("version", "checkpoint"):
                value = getattr(self._store, verb)()
            elif verb == "touched_since":
                touched = self._store.touched_since(**parameters)
                value = None if touched is None else [touched.version, list(touched.marks)]
        except AppError as error:
            _send_error(connection, error)
        else:
            _send(connection, {"value": value})

    def _transact(self, connection: Connection) -> None:
        """Run a transaction until the client ends it; the answer to that is the caller's."""
        with suppress(_RolledBack), self._store.transaction() as transaction:
            _send(connection, {"value": None})
            while True:
                verb, query, parameters = json.loads(connection.recv_bytes())
                if verb == "commit":
                    return
                if verb == "roll_back":
                    raise _RolledBack
                if verb != "run":  # what is asked beside the transaction does not see it
                    self._answer(connection, verb, query, parameters)
                    continue
                try:
                    rows = transaction.run(query, **parameters)
                except AppError as error:
                    _send_error(connection, error)
                else:
                    _send(connection, {"value": rows})


class _RolledBack(Exception):
    """The client gave its transaction up."""


def _hang_up(connection: Connection) -> None:
    """End a connection under the thread that reads from it."""
    import socket

    # `fromfd` makes a second handle of a socket on every system, `os.dup` not on Windows.
    with (
        suppress(OSError, ValueError),
        socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as end,
    ):
        end.shutdown(socket.SHUT_RDWR)


def _send(connection: Connection, value: Any) -> None:
    connection.send_bytes(json.dumps(value, default=str).encode())


def _send_error(connection: Connection, error: AppError) -> None:
    values = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in error.values.items()
    }
    _send(connection, {"error": [type(error).__name__, *error.templates, values]})


def _error_from(said: list[Any]) -> AppError:
    name, message, hint, values = said
    kind = getattr(errors, name)
    assert issubclass(kind, AppError)
    return kind(message, hint, **values)


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".server")


def _write_note(path: Path, said: dict[str, Any]) -> None:
    path.unlink(missing_ok=True)  # of a server that was killed
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(said, file)
