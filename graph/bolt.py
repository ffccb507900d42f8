"""Neo4j by its official driver. The driver's only home (besides the launcher's first password).

Reads are asked as one message, writes run in `execute_write`; a cluster routes both, and the driver
repeats what failed for a passing reason. Every error becomes one of ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import neo4j
from neo4j import exceptions

from graph import cache
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
from graph.touched import Mark, Touched, as_text, of_texts

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
# An answer as one list a column: a server packs a list of texts much faster than rows.
_IN_COLUMNS = """
CALL {
%(query)s
}
RETURN %(columns)s
"""
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
# Every write of ours ends with it: what it touched, and how many nodes and edges it made.
_END_WRITE = """
MATCH (v:DataVersion {id: 'data'})
SET v.nodes = coalesce(v.nodes, 0) + $nodes, v.edges = coalesce(v.edges, 0) + $edges
CREATE (:Touched {number: v.number, marks: $marks})
WITH v
MATCH (old:Touched)
WHERE old.number <= v.number - $kept
DELETE old
"""
_KEPT = 1_000  # writes of which it is known what they touched
_TOUCHED_INDEX = """
CREATE RANGE INDEX touched_number IF NOT EXISTS FOR (t:Touched) ON (t.number)
"""
# Nodes and edges that no write of ours made: their number changes when another program writes.
_VERSION = """
OPTIONAL MATCH (v:DataVersion {id: 'data'})
WITH coalesce(v.number, 0) AS number, coalesce(v.token, '') AS token,
  coalesce(v.nodes, 0) AS made, coalesce(v.edges, 0) AS tied
"""
_COUNTED = """
RETURN token, number,
  COUNT { MATCH (n) } - COUNT { MATCH (t:Touched) } - made AS nodes,
  COUNT { MATCH ()-[e]->() } - tied AS edges
"""
# With what was touched, so that it is known by one question.
_TOUCHED = """
OPTIONAL MATCH (t:Touched)
WHERE t.number > $since AND t.number <= number AND number - $since < $kept
WITH number, token, made, tied, collect(t {.number, .marks}) AS notes
"""
_AGAIN = 20  # times: a commit is not seen by all parts of a question at once
_PAUSE_S = 0.005


class BoltStore(Store):
    """A graph on a Neo4j server."""

    engine = "neo4j"

    def __init__(self, settings: Settings) -> None:
        self.url = settings.store_url
        self._database = settings.neo4j_database or None
        self._indexes: list[str] = []
        self._foreign: tuple[str, int, int] | None = None
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
        """Answer in one message; a server refuses to write in it.

        What failed for a passing reason is asked again in a managed transaction, which repeats it.
        """
        with self._translate_errors():
            try:
                with self._session(neo4j.READ_ACCESS) as session:
                    return _rows(session.run(neo4j.Query(query, timeout=READ_SECONDS), parameters))
            except (exceptions.Neo4jError, exceptions.DriverError) as error:
                if not error.is_retryable():
                    raise
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(_run, query, parameters)

    def read_tuples(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Take many rows in one message: to receive one costs as much as a hundred values."""
        asked = _IN_PARTS % {"query": query, "columns": ", ".join(columns), "rows": _ROWS}
        parts = self.read(asked, **parameters)
        return [row for part in parts for row in part["rows"]]

    def read_columns(
        self, query: str, columns: Sequence[str], **parameters: Any
    ) -> list[Sequence[Any]]:
        """Take each column as one list, in one message."""
        lists = ", ".join(f"collect(coalesce({each}, '')) AS {each}" for each in columns)
        (row,) = self.read(_IN_COLUMNS % {"query": query, "columns": lists}, **parameters)
        return [row[each] for each in columns]

    def write(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        """Run one statement in a managed write transaction, repeated on passing faults."""
        marks = None if touched is None else list(touched)
        with self._translate_errors(), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(_run_alone, query, marks, parameters)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open an explicit transaction; it is not repeated, because the block is not ours."""
        with (
            self._translate_errors(),
            self._session(neo4j.WRITE_ACCESS) as session,
            session.begin_transaction() as transaction,
        ):
            written = _Written(transaction)
            yield _BoltTransaction(self, written)
            written.end()
            transaction.commit()

    def version(self) -> str:
        """Return the count of our writes with the counts of nodes and edges.

        A foreign writer that changes properties only is not seen; Community has no cheaper sign.
        """
        return _version(self._counted(_VERSION + _COUNTED))

    def _counted(self, query: str, **parameters: Any) -> Row:
        """Return the count of our writes, and how much others made.

        A commit between two parts of the question would look like a foreign one, so that what
        differs from the last time is asked again until it stays.
        """
        before = None
        for _ in range(_AGAIN):
            row = self.read(query, **parameters)[0]
            now, foreign = _version(row), (row["token"], row["nodes"], row["edges"])
            if foreign == self._foreign or now == before:
                break
            before = now
        self._foreign = foreign
        return row

    def touched_since(self, version: str) -> Touched | None:
        """Return what our own writes noted; None for too many, a large one, a foreign one.

        Any process may have written, and its note be seen a moment later than its number.
        """
        token, number, nodes, edges = version.rsplit(":", 3)
        since, foreign = int(number), (token, int(nodes), int(edges))
        asked = _VERSION + _TOUCHED + _COUNTED.replace("token,", "token, notes,", 1)
        for _ in range(_AGAIN):
            row = self._counted(asked, since=since, kept=_KEPT)
            written = row["number"] - since
            if (row["token"], row["nodes"], row["edges"]) != foreign or not 0 <= written < _KEPT:
                return None
            if len({note["number"] for note in row["notes"]}) == written:
                marks = of_texts(note.get("marks") for note in row["notes"])
                return None if marks is None else Touched(_version(row), marks)
            time.sleep(_PAUSE_S)
        return None

    def prepare(self, statements: list[str]) -> None:
        """Make constraints and indexes, and wait until the indexes can be used."""
        self._indexes = [each for each in statements if " INDEX " in each]
        if self._make([_ONE_VERSION, _TOUCHED_INDEX]) + self._make(statements):
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
        cache.forget(self)
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
    def __init__(self, store: BoltStore, written: _Written) -> None:
        self._store = store
        self._written = written

    def run(
        self, query: str, touched: Iterable[Mark] | None = None, **parameters: Any
    ) -> list[Row]:
        with self._store._translate_errors():
            return self._written.run(query, touched, parameters)


class _Written:
    """What one transaction writes: counted when it begins, noted when it ends."""

    def __init__(self, transaction: neo4j.ManagedTransaction | neo4j.Transaction) -> None:
        self._transaction = transaction
        self._marks: list[Mark] | None = []  # None: not known
        self._nodes = self._edges = 0
        self.run(_BEGIN_WRITE, (), {})

    def run(self, query: str, touched: Iterable[Mark] | None, parameters: Row) -> list[Row]:
        result = self._transaction.run(query, parameters)
        rows = _rows(result)
        counters = result.consume().counters
        self._nodes += counters.nodes_created - counters.nodes_deleted
        self._edges += counters.relationships_created - counters.relationships_deleted
        if counters.contains_updates and touched is None:
            self._marks = None
        elif self._marks is not None and touched is not None:
            self._marks += touched
        return rows

    def end(self) -> None:
        """Note what was touched, for `touched_since` of any process."""
        noted = {"marks": as_text(self._marks), "nodes": self._nodes, "edges": self._edges}
        self._transaction.run(_END_WRITE, {**noted, "kept": _KEPT}).consume()


@neo4j.unit_of_work(timeout=READ_SECONDS)
def _run(transaction: neo4j.ManagedTransaction, query: str, parameters: Row) -> list[Row]:
    return _rows(transaction.run(query, parameters))


@neo4j.unit_of_work(timeout=_WRITE_SECONDS)
def _run_alone(
    transaction: neo4j.ManagedTransaction, query: str, marks: list[Mark] | None, parameters: Row
) -> list[Row]:
    written = _Written(transaction)
    rows = written.run(query, marks, parameters)
    written.end()
    return rows


def _version(row: Row) -> str:
    return f"{row['token']}:{row['number']}:{row['nodes']}:{row['edges']}"


def _rows(result: neo4j.Result) -> list[Row]:
    keys = result.keys()
    return [
        {
            key: value if type(value) in _PLAIN else _plain(value)
            for key, value in zip(keys, record.values(), strict=True)
        }
        for record in result
    ]


_PLAIN = frozenset({str, int, float, bool, type(None)})  # told apart at once: nearly all values


def _plain(value: Any) -> Any:
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime | neo4j.time.Time):
        return value.to_native()
    if isinstance(value, list):
        return value if _PLAIN.issuperset(map(type, value)) else [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
