"""The embedded engine: KGLite in this process, one file on disk. KGLite's only home.

It is safe with the precautions that this file takes and its callers need not know:

* one process holds the file; a second one is told who holds it;
* a file or a log that should be there and is not, or a damaged log, is refused, because the
  engine itself would open without the lost data and say nothing;
* commits are kept when the process dies (`durable="normal"`), and flushed to the disk before a
  write returns;
* writes are serialised by a lock of ours; reads see a snapshot and never wait for them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

import kglite
import psutil

from graph.errors import N_, StoreError, StoreHeld
from graph.store import (
    READ_SECONDS,
    Row,
    Store,
    Transaction,
    failed_transaction,
    index_name,
    indexes_of,
    only_reading,
    refused_cypher,
    stored_already,
    took_too_long,
)

kglite.set_query_warning_policy("silent")  # an empty graph knows no label yet: that is no warning

_EMPTY_LOG = 64  # bytes; a log that never held a commit is a header of 5


class EmbeddedStore(Store):
    """A graph in one file, owned by this process."""

    engine = "embedded"

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._writer = threading.RLock()
        self._indexes: list[str] = []
        self._session = _open(self.path)

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Answer from a snapshot; many threads read at once."""
        with _told():
            result = self._session.cypher(query, params=parameters, timeout_ms=READ_SECONDS * 1000)
            return _rows(result)

    def write(self, query: str, **parameters: Any) -> list[Row]:
        """Run one statement as a whole and flush it to the disk."""
        with self._writer, _told():
            rows = _rows(self._session.execute(query, params=parameters))
            self._session.sync()
            return rows

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Hold the writer's lock until the block ends, so that no other commit can conflict."""
        with self._writer:
            with _told():
                transaction = _EmbeddedTransaction(self._session.begin())
            try:
                yield transaction
            except BaseException:
                transaction.roll_back()
                raise
            transaction.commit()
            with _told():
                self._session.sync()

    @contextmanager
    def alone(self) -> Iterator[Store | Transaction]:
        """Hold the writer's lock; of very many rows a transaction takes twice as long."""
        with self._writer:
            yield self

    def version(self) -> str:
        """Give the engine's own count of commits; it begins anew when the file is opened."""
        return str(self._session.version())

    def prepare(self, statements: list[str]) -> None:
        """Make constraints and indexes; text indexes do not exist here and are left out."""
        self._indexes = [each for each in statements if " INDEX " in each]
        self._make(statements)

    def _make(self, statements: list[str]) -> None:
        there = {row["name"] for row in self.read("SHOW INDEXES")}
        for statement in statements:
            if index_name(statement) not in there and "TEXT INDEX" not in statement:
                self.write(statement)

    @contextmanager
    def filling(self, what: str) -> Iterator[None]:
        """Make the indexes of a label or edge type after its rows: a third of the time is saved.

        When the process dies in between, `prepare` makes them at the next opening.
        """
        statements = indexes_of(what, self._indexes)
        for statement in statements:
            self.write(f"DROP INDEX {index_name(statement)} IF EXISTS")
        try:
            yield
        finally:
            self._make(statements)

    def checkpoint(self) -> None:
        """Write the whole graph to its file and begin a new log."""
        with self._writer, _told():
            self._session.save()

    def close(self) -> None:
        """Write the graph to its file and give up the lock on it."""
        with self._writer, _told():
            if not self._session.closed:
                self._session.close()


class _EmbeddedTransaction(Transaction):
    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction
        self._failed = False

    def run(self, query: str, **parameters: Any) -> list[Row]:
        try:
            with _told():
                return _rows(self._transaction.cypher(query, params=parameters))
        except BaseException:
            self._failed = True  # the engine would let the rest be committed
            raise

    def commit(self) -> None:
        if self._failed:
            self.roll_back()
            raise failed_transaction()
        with _told():
            self._transaction.commit()

    def roll_back(self) -> None:
        if self._transaction.active:
            self._transaction.rollback()


def _rows(result: Any) -> list[Row]:
    return [] if result is None else list(result.to_list())


@contextmanager
def _told() -> Iterator[None]:
    """Turn the engine's errors into ours."""
    try:
        yield
    except kglite.ReadOnlyError:
        raise only_reading() from None
    except kglite.ConstraintError as error:
        raise stored_already(str(error).split(" — ")[0]) from error
    except kglite.CypherTimeoutError as error:
        raise took_too_long(READ_SECONDS) from error
    except (kglite.FileError, OSError) as error:
        raise StoreError(
            N_("The graph file cannot be read or written: %(error)s."), error=error
        ) from error
    except (kglite.CypherError, kglite.SchemaError) as error:
        raise refused_cypher(str(error)) from error
    except kglite.KgError as error:
        raise StoreError(N_("The embedded engine failed: %(error)s."), error=error) from error


def _open(path: Path) -> Any:
    log, note = path.with_name(path.name + "-wal"), path.with_name(path.name + ".created")
    _refuse_damage(path, log, note)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        session = kglite.open_session(str(path), durable="normal")
    except kglite.WriterLeaseHeldError as error:
        raise StoreHeld(
            N_("%(path)s is held by %(holder)s."),
            N_(
                "Stop that process, or give this one another STORE_URL; "
                "one process at a time can hold an embedded graph."
            ),
            path=path,
            holder=_holder(path),
        ) from error
    except (kglite.KgError, OSError) as error:
        raise StoreError(
            N_("%(path)s cannot be opened: %(error)s."),
            N_("See STORE_URL; if the file is damaged, restore it from a backup."),
            path=path,
            error=error,
        ) from error
    _refuse_quarantine(path)
    if not note.exists():
        session.save()  # the main file stands from the first moment, so its absence means loss
        note.write_text(
            f"{path.name} and {log.name} belong together: copy, move and restore both.\n",
            encoding="utf-8",
        )
    return session


def _refuse_damage(path: Path, log: Path, note: Path) -> None:
    _refuse_quarantine(path)
    has_log = log.exists()
    if path.exists() and not has_log and note.exists():
        raise StoreError(
            N_("%(log)s is missing beside %(path)s: the newest changes were in it."),
            N_("Restore it from a backup, or delete %(note)s to go on without them."),
            log=log,
            path=path,
            note=note.name,
        )
    if not path.exists() and (note.exists() or (has_log and log.stat().st_size > _EMPTY_LOG)):
        raise StoreError(
            N_("%(path)s is missing, though %(witness)s says it was there."),
            N_("Restore %(name)s from a backup, or delete %(name)s* to begin anew."),
            path=path,
            witness=note if note.exists() else log,
            name=path.name,
        )


def _refuse_quarantine(path: Path) -> None:
    damaged = sorted(path.parent.glob(escape(path.name) + "*quarantine-*"))
    if damaged:
        raise StoreError(
            N_("The log of %(path)s was found damaged and put aside as %(name)s."),
            N_(
                "Restore %(path)s and %(path)s-wal from a backup, or move that file away to "
                "go on without the changes in it."
            ),
            path=path,
            name=damaged[0].name,
        )


def _holder(path: Path) -> str:
    """Name the process that holds the file, as far as the machine tells."""
    owner = path.with_name(path.name + ".lock-owner")
    try:
        lines = owner.read_text(encoding="utf-8").splitlines()
        pid = int(dict(line.split("=", 1) for line in lines if "=" in line)["pid"])
        process = psutil.Process(pid)
        return f"process {pid} ({' '.join(process.cmdline())[:120] or process.name()})"
    except (OSError, KeyError, ValueError, psutil.Error):
        return "another process"
