"""The embedded engine: KGLite in this process, one file on disk. KGLite's only home.

It is safe with the precautions that this file takes and its callers need not know:

* one process holds the file; a second one is told who holds it;
* a file or a log that should be there and is not, or a damaged log, is refused, because the
  engine itself would open without the lost data and say nothing;
* commits are kept when the process dies (`durable="normal"`), and flushed to the disk before a
  write returns;
* a log that was cut is kept as it is, and the writes that were lost with it are counted and told
  (`graph.commit_log`);
* its files are their owner's only; what may not be written is read from a private copy;
* writes are serialised by a lock of ours; reads see a snapshot and never wait for them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from glob import escape
from pathlib import Path
from typing import Any

import kglite
import psutil

from graph import cache, commit_log
from graph.commit_log import Acknowledged, Lost, log_of, note_of
from graph.errors import N_, StoreError, StoreHeld
from graph.private import UMASK, protect
from graph.store import (
    READ_SECONDS,
    Row,
    Store,
    Transaction,
    failed_transaction,
    index_name,
    indexes_for,
    only_reading,
    read_only_store,
    refused_cypher,
    stored_already,
    took_too_long,
)
from graph.touched import Mark, Touched

kglite.set_query_warning_policy("silent")  # an empty graph knows no label yet: that is no warning

_EMPTY_LOG = 64  # bytes; a log that never held a commit is a header of 5

# The engine's own log of changes: a ring in memory, begun anew whenever the file is opened.
_BEGIN_CHANGES = "CALL db.cdc.enable({capacity: 20000, enrichment: 'off'})"
_PLACE = "CALL db.cdc.current() YIELD id RETURN id"
_CHANGES = """
CALL db.cdc.query({from: $place})
YIELD nodeType, nodeId, relationshipType, srcType, srcId, tgtType, tgtId
RETURN nodeType AS label, nodeId AS id, relationshipType AS type,
  srcType AS source_label, srcId AS source, tgtType AS target_label, tgtId AS target
"""


class EmbeddedStore(Store):
    """A graph in one file, owned by this process."""

    engine = "embedded"

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._writer = threading.RLock()
        self._indexes: list[str] = []
        self.is_read_only = _is_read_only(self.path)
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._acknowledged: Acknowledged | None = None
        self._missing = 0  # writes, of a store beside which nothing can be noted
        try:
            if self.is_read_only:
                self._copy, self._session = _open_copy(self.path)
                self._missing = commit_log.noted(self.path) - commit_log.held(self.path)
            else:
                self._session, self._acknowledged = _open(self.path)
            self._session.execute(_BEGIN_CHANGES)
        except (kglite.KgError, OSError) as error:
            raise StoreError(
                N_("%(path)s cannot be opened: %(error)s."),
                N_("See STORE_URL; if the file is damaged, restore it from a backup."),
                path=self.path,
                error=error,
            ) from error

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Answer from a snapshot; many threads read at once."""
        with _translate_errors():
            result = self._session.cypher(query, params=parameters, timeout_ms=READ_SECONDS * 1000)
            return _rows(result)

    def read_columns(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Take each column as the engine has it: no row is made."""
        with _translate_errors():
            result = self._session.cypher(query, params=parameters, timeout_ms=READ_SECONDS * 1000)
            return [result.column(each) for each in columns]

    def write(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement as a whole and flush it to the disk.

        The engine itself notes what is touched.
        """
        self._refuse_read_only()
        return self._write(query, parameters)

    def _write(self, query: str, parameters: Row) -> list[Row]:
        with self._writer, _translate_errors():
            rows = _rows(self._session.execute(query, params=parameters))
            self._acknowledge()
            return rows

    def _refuse_read_only(self) -> None:
        if self.is_read_only:
            raise read_only_store(self.path)

    def _acknowledge(self) -> None:
        """Flush what was committed, and note its number."""
        self._session.sync()
        # A log that grew large is written into the file, and begun anew, by the engine itself.
        if self._acknowledged and self._acknowledged.follow():
            protect(_files(self.path))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Hold the writer's lock until the block ends, so that no other commit can conflict.

        The engine copies the graph at the first write: for many rows use `write` with UNWIND.
        """
        self._refuse_read_only()
        with self._writer:
            with _translate_errors():
                transaction = _EmbeddedTransaction(self._session.begin())
            try:
                yield transaction
            except BaseException:
                transaction.roll_back()
                raise
            transaction.commit()
            with _translate_errors():
                self._acknowledge()

    @contextmanager
    def alone(self) -> Iterator[Store | Transaction]:
        """Hold the writer's lock; of very many rows a transaction takes twice as long."""
        self._refuse_read_only()
        with self._writer:
            yield self

    def version(self) -> str:
        """Return the engine's count of commits and the place in its log of changes.

        The count begins anew when the file is opened, the log has another name then.
        """
        with _translate_errors():
            while True:
                place, commits = self._place(), self._session.version()
                if place == self._place():  # else a commit came in between
                    return f"{commits}@{place}"

    def _place(self) -> str:
        return str(_rows(self._session.cypher(_PLACE))[0]["id"])

    def touched_since(self, version: str) -> Touched | None:
        """Return what the engine's log of changes has; None where it no longer goes so far back."""
        now = self.version()
        place = version.partition("@")[2]
        try:
            rows = _rows(self._session.cypher(_CHANGES, params={"place": place}))
        except kglite.CypherExecutionError:  # too old, or of another opening
            return None
        return Touched(now, frozenset(mark for row in rows for mark in _marks(row)))

    def prepare(self, statements: list[str]) -> None:
        """Make constraints and indexes; text indexes do not exist here and are left out."""
        self._indexes = [each for each in statements if " INDEX " in each]
        self._make(statements)

    def _make(self, statements: list[str]) -> None:
        there = {row["name"] for row in self.read("SHOW INDEXES")}
        for statement in statements:
            if index_name(statement) not in there and "TEXT INDEX" not in statement:
                self._write(statement, {})

    @contextmanager
    def filling(self, what: str) -> Iterator[None]:
        """Make the indexes of a label or edge type after its rows: a third of the time is saved.

        When the process dies in between, `prepare` makes them at the next opening.
        """
        statements = indexes_for(what, self._indexes)
        for statement in statements:
            self.write(f"DROP INDEX {index_name(statement)} IF EXISTS")
        try:
            yield
        finally:
            self._make(statements)

    def checkpoint(self) -> None:
        """Write the whole graph to its file and begin a new log."""
        self._refuse_read_only()
        with self._writer, _translate_errors(), _private(self.path):
            self._session.save()
            if self._acknowledged:
                self._acknowledged.restart()

    def lost(self) -> Lost | None:
        """Return what was lost, from the note beside the file; of a read-only store what is now."""
        if self._missing > 0:
            return Lost(self._missing, str(date.today()), (log_of(self.path).name,), "")
        return commit_log.lost(self.path)

    def close(self) -> None:
        """Write the graph to its file and give up the lock on it."""
        cache.forget(self)
        with self._writer, _translate_errors():
            if self._session.closed:
                return
            if self._copy:
                self._session.close()
                self._copy.cleanup()
                return
            with _private(self.path):
                self._session.close()
                if self._acknowledged:
                    self._acknowledged.close()


class _EmbeddedTransaction(Transaction):
    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction
        self._failed = False

    def run(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        try:
            with _translate_errors():
                return _rows(self._transaction.cypher(query, params=parameters))
        except BaseException:
            self._failed = True  # the engine would let the rest be committed
            raise

    def commit(self) -> None:
        if self._failed:
            self.roll_back()
            raise failed_transaction()
        with _translate_errors():
            self._transaction.commit()

    def roll_back(self) -> None:
        if self._transaction.active:
            self._transaction.rollback()


def _rows(result: Any) -> list[Row]:
    return [] if result is None else list(result.to_list())


def _marks(row: Row) -> Iterator[Mark]:
    if row["label"]:
        yield row["label"], "", row["id"]
    else:
        yield row["type"], row["source_label"], row["source"]
        yield row["type"], row["target_label"], row["target"]


@contextmanager
def _translate_errors() -> Iterator[None]:
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


def _files(path: Path) -> list[Path]:
    """List the file, its log, its lock, its notes."""
    return [path, *path.parent.glob(escape(path.name) + "[-.]*")]


@contextmanager
def _private(path: Path) -> Iterator[None]:
    """Let the engine make files that only their owner may read."""
    usual = os.umask(UMASK)
    try:
        yield
    finally:
        os.umask(usual)
        protect(each for each in _files(path) if each.is_file())


def _is_read_only(path: Path) -> bool:
    """Return whether a file is there that this user may read, but not write as the engine does."""
    own = [path.with_name(path.name + ending) for ending in ("-wal", ".lock", ".lock-owner")]
    needed = [path, path.parent, note_of(path), *own]
    return os.access(path, os.R_OK) and not all(
        os.access(each, os.W_OK) for each in needed if each.exists()
    )


def _open_copy(path: Path) -> tuple[tempfile.TemporaryDirectory[str], Any]:
    """Open a private copy: beside the file itself the engine could make no lock and no log."""
    _refuse_damage(path)
    folder = tempfile.TemporaryDirectory(prefix="read-only-", ignore_cleanup_errors=True)
    copy = Path(folder.name) / path.name
    try:
        # The log first: what another process moves into the file meanwhile is in both copies.
        if log_of(path).exists():
            shutil.copyfile(log_of(path), log_of(copy))
        shutil.copyfile(path, copy)
        return folder, _session(copy)
    except BaseException:
        folder.cleanup()
        raise


def _open(path: Path) -> tuple[Any, Acknowledged]:
    _refuse_damage(path)
    is_new = not note_of(path).exists()
    with _private(path):
        kept = None
        if commit_log.noted(path) > commit_log.held(path):
            kept = commit_log.keep_log(path)  # the engine cuts off what it cannot read
        try:
            session = _session(path)
            _refuse_quarantine(path)
            lost = commit_log.noted(path) - commit_log.held(path)
        except BaseException:
            if kept:  # held by another process, or put aside by the engine
                kept.unlink()
            raise
        if lost > 0:
            commit_log.note_lost(path, lost, kept or commit_log.keep_log(path))
        elif kept:  # another process was just closing it
            kept.unlink()
        if is_new or lost > 0:
            session.save()  # the main file stands from the first moment, so its absence means loss
        return session, Acknowledged(path)


def _session(path: Path) -> Any:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # we tell it ourselves
            return kglite.open_session(str(path), durable="normal")
    except kglite.WriterLeaseHeldError as error:
        raise StoreHeld(
            N_("%(path)s is held by %(holder)s."),
            N_(
                "Stop that process, or give this one another STORE_URL; "
                "one process at a time can hold an embedded graph."
            ),
            path=path,
            holder=_lock_owner(path),
        ) from error


def _refuse_damage(path: Path) -> None:
    log, note = log_of(path), note_of(path)
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


def _lock_owner(path: Path) -> str:
    """Name the process that holds the file, as far as the machine tells."""
    owner = path.with_name(path.name + ".lock-owner")
    try:
        lines = owner.read_text(encoding="utf-8").splitlines()
        pid = int(dict(line.split("=", 1) for line in lines if "=" in line)["pid"])
        process = psutil.Process(pid)
        return f"process {pid} ({' '.join(process.cmdline())[:120] or process.name()})"
    except (OSError, KeyError, ValueError, psutil.Error):
        return "another process"
