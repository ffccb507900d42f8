"""The one way to the graph: `open_store(settings)` gives a `Store`, whichever engine is behind it.

Rows are plain dicts of plain values (text, numbers, lists, maps, dates); no engine object leaves
the engine's own file. The same query text runs on both engines.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from graph.commit_log import Lost
from graph.errors import N_, Conflict, InputError, ReadOnlyStore, StoreError, StoreHeld
from graph.schema import schema_statements
from graph.settings import Settings
from graph.touched import Mark, Touched

Row = dict[str, Any]

READ_SECONDS = 60  # a question that takes longer is stopped


class Reader(ABC):
    """What answers questions: a store, or one transaction of it."""

    @abstractmethod
    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Answer a question."""

    def read_tuples(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Answer a question that has very many rows with the values of some columns, in any order.

        Cheaper than `read` where an engine sends each row as a message of its own.
        """
        rows = self.read(query, **parameters)
        return [[row[column] for column in columns] for row in rows]

    def read_columns(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Answer a question that has very many rows by column, in any order, all columns alike.

        The leanest form on either engine. What is null is None or "".
        """
        rows = self.read(query, **parameters)
        return [[row[column] for row in rows] for column in columns]


class Transaction(Reader):
    """Several statements that are committed together or not at all."""

    @abstractmethod
    def run(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement, reading or writing; later statements see what it wrote.

        `touched` names what it writes; without it `Store.touched_since` knows nothing.
        """

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Answer a question: the answer stays true until the transaction ends."""
        return self.run(query, **parameters)


class Store(Reader):
    """A graph that answers Cypher. Safe to share between threads.

    A question that `read` is given must not write: InputError.
    """

    engine: str  # "embedded" or "neo4j"
    is_read_only = False  # what would write is refused with ReadOnlyStore

    @abstractmethod
    def write(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement that may write; when it returns, the change is on disk.

        `touched` names what it writes; without it `touched_since` knows nothing.
        """

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction: committed when the block ends, rolled back on any error in it.

        No other write of any thread or process of ours begins before it ends. So whatever is
        written because of what was read is read in it: a free number, an open place, a state.
        """

    def alone(self) -> AbstractContextManager[Store | Transaction]:
        """Return what reads and writes while nobody else writes, as fast as very many rows need it.

        What was written before an error may stay, so only what can be completed is written in it.
        """
        return self.transaction()

    @abstractmethod
    def version(self) -> str:
        """Return a token that differs after every change of the data; a key for caches."""

    @abstractmethod
    def touched_since(self, version: str) -> Touched | None:
        """Return what was written since a version; None when that is not known.

        It is not after very many writes, after a large one, or when another program wrote.
        """

    @abstractmethod
    def prepare(self, statements: list[str]) -> None:
        """Make constraints and indexes; each statement says IF NOT EXISTS."""

    def filling(self, what: str) -> AbstractContextManager[None]:
        """Store many rows of a label or edge type of which nothing is stored yet in this block."""
        return nullcontext()

    @abstractmethod
    def checkpoint(self) -> None:
        """Bring the engine's files to a compact state after a large load."""

    def lost(self) -> Lost | None:
        """Return which acknowledged writes were missing when it was opened."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Let the engine go. Closing twice is allowed."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def only_reading() -> InputError:
    """Make the error of a statement that would write where only reading is allowed."""
    return InputError(
        N_("This statement would write, and only reading is allowed here."),
        N_("Use a statement of MATCH and RETURN."),
    )


def read_only_store(store: object) -> ReadOnlyStore:
    """Make the error of a write to a store that can only be read."""
    return ReadOnlyStore(
        N_("%(store)s can only be read: nothing was stored."),
        N_("Work as a user who may write to it, or with a copy of it."),
        store=store,
    )


def refused_cypher(reason: str) -> InputError:
    """Make the error of a statement that does not parse or lacks a parameter."""
    return InputError(
        N_("The Cypher was refused: %(reason)s."), reason=reason.splitlines()[0].rstrip(".")
    )


def stored_already(reason: str | None) -> Conflict:
    """Make the error of a key that another node has."""
    return Conflict(
        N_("The id is stored already: %(reason)s."), N_("Use another id."), reason=reason
    )


def took_too_long(seconds: int) -> StoreError:
    """Make the error of a question that ran into its time limit."""
    return StoreError(
        N_("The question took longer than %(seconds)s s and was stopped."),
        N_("Ask for less: a smaller depth or limit."),
        seconds=seconds,
    )


def failed_transaction() -> Conflict:
    """Make the error of a transaction that is to be committed though a statement in it failed."""
    return Conflict(
        N_("Nothing was stored: a statement of the transaction had failed."),
        N_("Let its error end the transaction."),
    )


def index_name(statement: str) -> str:
    """Return the name that a CREATE INDEX or CREATE CONSTRAINT statement gives.

    >>> index_name("CREATE CONSTRAINT person_id IF NOT EXISTS FOR (n:Person) ...")
    'person_id'
    """
    return statement.split(" IF NOT EXISTS")[0].rsplit(" ", 1)[-1]


def indexes_for(what: str, statements: list[str]) -> list[str]:
    """Return those of some CREATE INDEX statements that are for a label or an edge type."""
    return [each for each in statements if f":{what})" in each or f":{what}]" in each]


def open_store(settings: Settings) -> Store:
    """Open the graph that the settings name, with its constraints and indexes in place.

    An embedded file that a running server of ours holds is used through that server.
    """
    store: Store
    if settings.is_embedded:  # only the engine in use is imported: a command starts faster
        from graph.embedded import EmbeddedStore

        try:
            store = EmbeddedStore(settings.embedded_path)
        except StoreHeld:
            from graph import shared

            remote = shared.find(settings.embedded_path)
            if remote is None:
                raise
            return remote
    else:
        from graph.bolt import BoltStore

        store = BoltStore(settings)
    try:
        store.prepare(schema_statements())
    except BaseException:
        store.close()
        raise
    return store
