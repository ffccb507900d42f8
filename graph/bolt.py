"""Neo4j by its official driver. The driver's only home (besides the launcher's first password).

Reads run in `execute_read` and writes in `execute_write`, so a cluster routes them and the driver
repeats what failed for a passing reason. Every error becomes one of ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import neo4j
from neo4j import exceptions

from graph.errors import N_, ConfigError, StoreError
from graph.settings import Settings
from graph.store import (
    READ_SECONDS,
    Row,
    Store,
    Transaction,
    failed_transaction,
    index_name,
    indexes_for,
    only_reading,
    refused_cypher,
    stored_already,
    took_too_long,
)

_CONNECT_SECONDS = 10
_RETRY_SECONDS = 15
_WRITE_SECONDS = 600

_POPULATING = "SHOW INDEXES YIELD name, state WHERE state = 'POPULATING' RETURN name"
# An answer as few long lists of rows.
_IN_PARTS = """
CALL {
%(query)s
}
WITH collect([%(columns)s]) AS rows
UNWIND range(0, size(rows) - 1, %(rows)s) AS at
RETURN rows[at..at + %(rows)s] AS rows
"""
_ROWS = 1_000
# Every write of ours begins with it. It counts the write, and the lock that it takes on the one
# node is held until the end: Neo4j itself lets others write what a transaction has only read.
_BEGIN_WRITE = """
MERGE (v:DataVersion {id: 'data'})
ON CREATE SET v.token = randomUUID() // an emptied graph that is filled alike is another one
SET v.name = 'data' // waits here, and only then reads the number
WITH v
SET v.number = coalesce(v.number, 0) + 1
"""
_ONE_VERSION = """
CREATE CONSTRAINT dataversion_id IF NOT EXISTS FOR (v:DataVersion) REQUIRE v.id IS UNIQUE
"""
# Without the constraint two first writes could make two nodes.
_REPEATED_VERSIONS = """
MATCH (v:DataVersion)
WITH v
ORDER BY v.number DESC
SKIP 1
DETACH DELETE v
"""
_VERSION = """
OPTIONAL MATCH (v:DataVersion {id: 'data'})
WITH coalesce(v.number, 0) AS number, coalesce(v.token, '') AS token
RETURN token, number, COUNT { MATCH (n) } AS nodes, COUNT { MATCH ()-[e]->() } AS edges
"""


class BoltStore(Store):
    """A graph on a Neo4j server."""

    engine = "neo4j"

    def __init__(self, settings: Settings) -> None:
        self.url = settings.store_url
        self._database = settings.neo4j_database or None
        self._indexes: list[str] = []
        with self._translate_errors(), self._translate_address():
            self._driver = neo4j.GraphDatabase.driver(
                self.url,
                auth=(settings.neo4j_username, settings.neo4j_password),
                connection_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=_RETRY_SECONDS,
                notifications_min_severity="OFF",  # an empty graph has no labels yet
            )
            try:
                self._driver.verify_connectivity()
            except BaseException:
                self._driver.close()
                raise

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Answer in a managed read transaction; a server refuses to write in it."""
        with self._translate_errors(), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(_run, query, parameters)

    def read_tuples(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Take many rows in one message: to receive one costs as much as a hundred values."""
        asked = _IN_PARTS % {"query": query, "columns": ", ".join(columns), "rows": _ROWS}
        parts = self.read(asked, **parameters)
        return [row for part in parts for row in part["rows"]]

    def write(self, query: str, **parameters: Any) -> list[Row]:
        """Run one statement in a managed write transaction, repeated on passing faults."""
        with self._translate_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(_run_alone, query, parameters)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open an explicit transaction; it is not repeated, because the block is not ours."""
        with (
            self._translate_errors(),
            self._session(neo4j.WRITE_ACCESS) as session,
            session.begin_transaction() as transaction,
        ):
            _run(transaction, _BEGIN_WRITE, {})
            yield _BoltTransaction(self, transaction)
            transaction.commit()

    def version(self) -> str:
        """Return the count of our writes with the counts of nodes and edges.

        A foreign writer that changes properties only is not seen; Community has no cheaper sign.
        """
        row = self.read(_VERSION)[0]
        return f"{row['token']}-{row['number']}-{row['nodes']}-{row['edges']}"

    def prepare(self, statements: list[str]) -> None:
        """Make constraints and indexes, and wait until the indexes can be used."""
        self._indexes = [each for each in statements if " INDEX " in each]
        if self._make([_ONE_VERSION]) + self._make(statements):
            self.checkpoint()

    def _make(self, statements: list[str]) -> int:
        there = {row["name"] for row in self.read("SHOW INDEXES YIELD name RETURN name")}
        missing = [text for text in statements if index_name(text) not in there]
        for statement in missing:
            with self._translate_errors(), self._session(neo4j.WRITE_ACCESS) as session:
                if statement is _ONE_VERSION:
                    session.execute_write(_run, _REPEATED_VERSIONS, {})
                session.execute_write(_run, statement, {})
        return len(missing)

    @contextmanager
    def filling(self, what: str) -> Iterator[None]:
        """Make the indexes of a label or edge type after its rows: it is a third of the work.

        They fill while the load goes on; `checkpoint` waits for them.
        """
        statements = indexes_for(what, self._indexes)
        for statement in statements:
            with self._translate_errors(), self._session(neo4j.WRITE_ACCESS) as session:
                drop = f"DROP INDEX {index_name(statement)} IF EXISTS"
                session.execute_write(_run, drop, {})
        try:
            yield
        finally:
            self._make(statements)

    def checkpoint(self) -> None:
        """Wait until the indexes can be used; the server keeps its own files."""
        while self.read(_POPULATING):
            time.sleep(0.2)

    def close(self) -> None:
        """Close the driver's connections."""
        self._driver.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            fetch_size=-1,  # an answer is taken whole, so pauses between parts of it gain nothing
        )

    @contextmanager
    def _translate_address(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:  # the driver's word for a host or port that is none
            raise ConfigError(
                N_("STORE_URL %(url)s cannot be used: %(error)s."), url=self.url, error=error
            ) from error

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except exceptions.AuthError as error:
            raise StoreError(
                N_("%(url)s refused the user name or password."),
                N_("See NEO4J_USERNAME and NEO4J_PASSWORD."),
                url=self.url,
            ) from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
            raise StoreError(
                N_("No Neo4j server answers at %(url)s."),
                N_("Start it (make neo4j) or mend STORE_URL."),
                url=self.url,
            ) from error
        except exceptions.ConstraintError as error:
            raise stored_already(error.message) from error
        except exceptions.ConfigurationError as error:
            raise ConfigError(
                N_("STORE_URL %(url)s cannot be used: %(error)s."), url=self.url, error=error
            ) from error
        except exceptions.ClientError as error:
            raise self._client_error(error) from error
        except exceptions.TransactionError as error:
            raise failed_transaction() from error
        except (exceptions.Neo4jError, exceptions.DriverError) as error:
            raise StoreError(
                N_("The Neo4j server at %(url)s failed: %(error)s."), url=self.url, error=error
            ) from error

    def _client_error(self, error: exceptions.ClientError) -> Exception:
        code = error.code or ""
        if "AccessMode" in code or "ForbiddenOnReadOnly" in code or "ReadOnly" in code:
            return only_reading()
        if "TransactionTimedOut" in code:
            return took_too_long(READ_SECONDS)
        if "DatabaseNotFound" in code:
            return StoreError(
                N_("%(url)s has no database %(database)s."),
                N_("See NEO4J_DATABASE."),
                url=self.url,
                database=self._database,
            )
        return refused_cypher(error.message or str(error))


class _BoltTransaction(Transaction):
    def __init__(self, store: BoltStore, transaction: neo4j.Transaction) -> None:
        self._store = store
        self._transaction = transaction

    def run(self, query: str, **parameters: Any) -> list[Row]:
        with self._store._translate_errors():
            return _run(self._transaction, query, parameters)


@neo4j.unit_of_work(timeout=READ_SECONDS)
def _run(
    transaction: neo4j.ManagedTransaction | neo4j.Transaction, query: str, parameters: Row
) -> list[Row]:
    result = transaction.run(query, parameters)
    keys = result.keys()
    return [
        {
            key: value if type(value) in _PLAIN else _plain(value)
            for key, value in zip(keys, record.values(), strict=True)
        }
        for record in result
    ]


@neo4j.unit_of_work(timeout=_WRITE_SECONDS)
def _run_alone(transaction: neo4j.ManagedTransaction, query: str, parameters: Row) -> list[Row]:
    _run(transaction, _BEGIN_WRITE, {})
    return _run(transaction, query, parameters)


_PLAIN = frozenset({str, int, float, bool, type(None)})  # told apart at once: nearly all values


def _plain(value: Any) -> Any:
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime | neo4j.time.Time):
        return value.to_native()
    if isinstance(value, list):
        return value if _PLAIN.issuperset(map(type, value)) else [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
