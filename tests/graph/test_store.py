"""The promises of a store: the same on both engines, and those of each engine alone."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from graph.errors import AppError, ConfigError, Conflict, InputError, StoreError
from graph.settings import Settings
from graph.store import Store, open_store
from tests.at_once import MANY, at_once

ROOT = Path(__file__).resolve().parents[2]


def put(store: Store, id_: str, **props: object) -> None:
    store.write("MERGE (n:Unit {id: $id}) SET n += $props", id=id_, props={"name": id_, **props})


def ids(store: Store) -> list[str]:
    return [row["id"] for row in store.read("MATCH (n:Unit) RETURN n.id AS id ORDER BY id")]


# --- both engines


def test_what_is_written_is_read_as_plain_values(store: Store):
    put(store, "u1", kind="区直部门", capacity=3, demands=["法律", "𠮷"], part=None)
    rows = store.read(
        "MATCH (n:Unit {id: $id}) RETURN n.kind AS kind, n.capacity AS capacity, "
        "n.demands AS demands, n.part AS part, 1.5 AS half, true AS yes, {a: [1]} AS map",
        id="u1",
    )
    assert rows == [
        {
            "kind": "区直部门",
            "capacity": 3,
            "demands": ["法律", "𠮷"],
            "part": None,
            "half": 1.5,
            "yes": True,
            "map": {"a": [1]},
        }
    ]


def test_many_rows_come_as_the_values_of_the_named_columns(store: Store):
    asked = """UNWIND range(1, $count) AS number
RETURN number, 'u' + toString(number) AS id, CASE WHEN number % 2 = 0 THEN ['𠮷', 'x'] END AS list
ORDER BY number DESC"""
    rows = store.read_tuples(asked, ("id", "list", "number"), count=2_500)
    rows.sort(key=lambda row: row[2])
    assert list(rows[0]) == ["u1", None, 1]
    assert list(rows[1]) == ["u2", ["𠮷", "x"], 2]
    assert [row[2] for row in rows] == list(range(1, 2_501))
    assert store.read_tuples("MATCH (n:Unit) RETURN n.id AS id", ("id",)) == []
    with pytest.raises(InputError):
        store.read_tuples("CREATE (n:Unit {id: 'u9'}) RETURN n.id AS id", ("id",))


def test_statement_without_rows_gives_an_empty_list(store: Store):
    assert store.read("MATCH (n:Unit) RETURN n.id AS id") == []
    assert store.write("MATCH (n:Unit) SET n.name = 'x'") == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Unit {id: 'u2', name: 'u2'})",
        "MERGE (n:Unit {id: 'u2'}) RETURN n.id AS id",
        "MATCH (n:Unit) SET n.name = 'other'",
        "MATCH (n:Unit) DETACH DELETE n",
        "UNWIND ['u3'] AS id MERGE (n:Unit {id: id})",
    ],
)
def test_writing_statement_given_to_read_is_refused(store: Store, statement: str):
    put(store, "u1")
    with pytest.raises(InputError) as caught:
        store.read(statement)
    assert caught.value.message == "This statement would write, and only reading is allowed here."
    assert caught.value.status == 400
    assert store.read("MATCH (n:Unit) RETURN n.name AS name") == [{"name": "u1"}]


@pytest.mark.parametrize(
    "statement",
    ["MATCH (n RETURN n", "RETURN $missing AS x", "MATCH (n:Unit) RETURN m.id AS id", ""],
)
def test_wrong_cypher_is_refused_in_one_line(store: Store, statement: str):
    with pytest.raises(InputError) as caught:
        store.read(statement)
    assert caught.value.message.startswith("The Cypher was refused: ")
    assert "\n" not in caught.value.message


def test_second_node_with_an_id_is_a_conflict(store: Store):
    put(store, "u1")
    with pytest.raises(Conflict) as caught:
        store.write("CREATE (n:Unit {id: 'u1'}) SET n.name = 'again'")
    assert caught.value.status == 409
    assert "u1" in caught.value.message
    assert ids(store) == ["u1"]


def test_statement_that_fails_half_way_stores_nothing(store: Store):
    with pytest.raises(AppError):
        store.write("UNWIND ['u1', 'u2', 'u1'] AS id CREATE (n:Unit {id: id}) SET n.name = id")
    assert ids(store) == []


def test_transaction_is_stored_as_a_whole(store: Store):
    with store.transaction() as transaction:
        transaction.run("MERGE (n:Unit {id: 'u1'}) SET n.name = 'u1'")
        seen = transaction.run("MATCH (n:Unit) RETURN n.id AS id")
        assert ids(store) == []  # nobody else sees it yet
        transaction.run("MERGE (n:Unit {id: 'u2'}) SET n.name = $name", name="u2")
    assert seen == [{"id": "u1"}]
    assert ids(store) == ["u1", "u2"]


def test_transaction_that_ends_in_an_error_stores_nothing(store: Store):
    put(store, "u1")
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        transaction.run("MERGE (n:Unit {id: 'u2'}) SET n.name = 'u2'")
        transaction.run("MATCH (n:Unit {id: 'u1'}) DETACH DELETE n")
        _ = 1 / 0
    assert ids(store) == ["u1"]
    put(store, "u3")  # the store goes on
    assert ids(store) == ["u1", "u3"]


def test_transaction_with_a_failed_statement_stores_nothing_though_the_error_was_caught(
    store: Store,
):
    with pytest.raises(AppError), store.transaction() as transaction:
        transaction.run("MERGE (n:Unit {id: 'u1'}) SET n.name = 'u1'")
        with pytest.raises(InputError):
            transaction.run("MATCH (n RETURN n")
    assert ids(store) == []


def test_version_differs_after_every_change_and_not_after_a_read(store: Store):
    versions = [store.version()]
    put(store, "u1")
    versions.append(store.version())
    put(store, "u1", kind="other")
    versions.append(store.version())
    with store.transaction() as transaction:
        transaction.run("MATCH (n:Unit) SET n.kind = 'third'")
    versions.append(store.version())
    ids(store)
    assert len(set(versions)) == 4
    assert store.version() == versions[-1]


def test_threads_read_and_write_at_once_and_nothing_is_lost(store: Store):
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for n in range(5):
                put(store, f"{number}-{n}")
                ids(store)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(ids(store)) == 20


def count_on(store: Store) -> int:
    """Read a number and write the next one, as whoever gives numbers does."""
    with store.transaction() as transaction:
        (row,) = transaction.read("MATCH (n:Unit {id: 'u'}) RETURN n.capacity AS last")
        transaction.run("MATCH (n:Unit {id: 'u'}) SET n.capacity = $next", next=row["last"] + 1)
        return int(row["last"]) + 1


def test_what_a_transaction_has_read_is_true_until_it_ends(store: Store):
    put(store, "u", capacity=0)
    given = at_once(lambda _: [count_on(store) for _ in range(5)])
    assert sorted(chain.from_iterable(given)) == list(range(1, 5 * MANY + 1))
    assert store.read("MATCH (n:Unit) RETURN n.capacity AS last") == [{"last": 5 * MANY}]


def test_single_write_waits_for_a_transaction_that_has_only_read(store: Store):
    put(store, "u", capacity=0)
    went = threading.Event()

    def write() -> None:
        went.set()
        store.write("MATCH (n:Unit {id: 'u'}) SET n.capacity = 10")

    thread = threading.Thread(target=write)
    with store.transaction() as transaction:
        asked = "MATCH (n:Unit {id: 'u'}) RETURN n.capacity AS last"
        assert transaction.read(asked) == [{"last": 0}]
        thread.start()
        went.wait()
        assert [transaction.read(asked) for _ in range(50)] == [[{"last": 0}]] * 50
        transaction.run("MATCH (n:Unit {id: 'u'}) SET n.capacity = 1")
    thread.join()
    assert store.read("MATCH (n:Unit) RETURN n.capacity AS last") == [{"last": 10}]


# --- the embedded engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.kgl"


def opened(path: Path) -> Store:
    return open_store(Settings(store_url=f"embedded:{path}"))


def test_file_keeps_what_was_stored(path: Path):
    with opened(path) as store:
        put(store, "u1")
        store.checkpoint()
        put(store, "u2")
    with opened(path) as store:
        assert ids(store) == ["u1", "u2"]
        with pytest.raises(Conflict):  # the constraint is there again
            store.write("CREATE (n:Unit {id: 'u1'}) SET n.name = 'again'")


def test_store_can_be_closed_twice(path: Path):
    store = opened(path)
    store.close()
    store.close()


def test_folder_of_the_file_is_made(tmp_path: Path):
    with opened(tmp_path / "not" / "yet" / "graph.kgl") as store:
        assert ids(store) == []


HOLD = """
import sys
from graph.settings import Settings
from graph.store import open_store
store = open_store(Settings(store_url=f"embedded:{sys.argv[1]}"))
store.write("MERGE (n:Unit {id: 'u1'}) SET n.name = 'u1'")
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has stored u1 and holds the file until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_file_held_by_another_process_names_it_and_what_to_do(path: Path):
    with holder(path) as process, pytest.raises(StoreError) as caught:
        opened(path)
    assert str(path) in caught.value.message
    assert f"process {process.pid}" in caught.value.message
    assert "STORE_URL" in (caught.value.hint or "")
    assert (caught.value.status, caught.value.exit_code) == (503, 3)


def test_killed_process_leaves_what_it_had_stored(path: Path):
    with holder(path):
        pass
    with opened(path) as store:
        assert ids(store) == ["u1"]


def test_missing_file_beside_its_log_is_refused(path: Path):
    with opened(path) as store:
        put(store, "u1")
    path.unlink()
    with pytest.raises(StoreError, match=r"graph\.kgl is missing, though .* says it was there"):
        opened(path)
    assert not path.exists()  # nothing was begun in its place


def test_missing_log_beside_its_file_is_refused(path: Path):
    with holder(path):
        pass
    path.with_name("graph.kgl-wal").unlink()
    with pytest.raises(StoreError, match=r"graph\.kgl-wal is missing beside .*"):
        opened(path)


def test_all_files_gone_but_the_note_is_refused(path: Path):
    with opened(path) as store:
        put(store, "u1")
    for file in path.parent.iterdir():
        if not file.name.endswith(".created"):
            file.unlink()
    with pytest.raises(StoreError, match="is missing"):
        opened(path)


def test_damaged_log_is_refused_and_stays_refused(path: Path):
    with holder(path):
        pass
    log = path.with_name("graph.kgl-wal")
    text = bytearray(log.read_bytes())
    # From within the first frames on: a cut between two of them would look like a torn end.
    text[64:] = os.urandom(len(text) - 64)
    log.write_bytes(bytes(text))
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            opened(path)
        assert "backup" in (caught.value.hint or "")


def test_log_put_aside_as_damaged_is_refused(path: Path):
    with opened(path) as store:
        put(store, "u1")
    path.with_name("graph.kgl-wal.quarantine-1").write_bytes(b"?")
    with pytest.raises(StoreError, match=r"damaged and put aside as graph\.kgl-wal\.quarantine-1"):
        opened(path)


def test_file_that_is_no_graph_is_refused(path: Path):
    path.write_bytes(b"this is not a graph")
    with pytest.raises(StoreError, match=r"cannot be opened|cannot be read"):
        opened(path)
    assert path.read_bytes() == b"this is not a graph"


# --- Neo4j

AWAY = "bolt://127.0.0.1:1"


def test_server_that_is_away_is_told_with_its_address_and_setting():
    with pytest.raises(StoreError) as caught:
        open_store(Settings(store_url=AWAY, neo4j_password="secret-word"))
    assert caught.value.message == f"No Neo4j server answers at {AWAY}."
    assert "STORE_URL" in (caught.value.hint or "")
    assert "secret-word" not in str(caught.value)


@pytest.mark.bolt
def test_wrong_password_is_told_with_its_settings(neo4j_settings: Settings):
    wrong = neo4j_settings.model_copy(update={"neo4j_password": "not-this-one"})
    with pytest.raises(StoreError) as caught:
        open_store(wrong)
    assert caught.value.message == f"{wrong.store_url} refused the user name or password."
    assert caught.value.hint == "See NEO4J_USERNAME and NEO4J_PASSWORD."


@pytest.mark.bolt
def test_unknown_database_is_told_with_its_setting(neo4j_settings: Settings):
    with pytest.raises(StoreError) as caught:
        open_store(neo4j_settings.model_copy(update={"neo4j_database": "elsewhere"}))
    assert "elsewhere" in caught.value.message
    assert caught.value.hint == "See NEO4J_DATABASE."


@pytest.mark.bolt
def test_named_database_is_used(neo4j_store: Store, neo4j_settings: Settings):
    put(neo4j_store, "u1")
    with open_store(neo4j_settings.model_copy(update={"neo4j_database": "neo4j"})) as named:
        assert ids(named) == ["u1"]


@pytest.mark.bolt
def test_opening_twice_makes_nothing_twice(neo4j_store: Store, neo4j_settings: Settings):
    def made() -> list[dict[str, object]]:
        return neo4j_store.read("SHOW INDEXES YIELD name RETURN name ORDER BY name")

    before = made()
    with open_store(neo4j_settings):
        assert made() == before


@pytest.mark.bolt
def test_first_writes_of_many_are_counted_on_one_node(neo4j_store: Store):
    at_once(lambda number: put(neo4j_store, f"u{number}"))
    asked = "MATCH (v:DataVersion) RETURN v.number AS number"
    assert neo4j_store.read(asked) == [{"number": MANY}]


@pytest.mark.bolt
def test_opening_leaves_one_of_several_nodes_that_count(
    neo4j_store: Store, neo4j_settings: Settings
):
    drop = "DROP CONSTRAINT dataversion_id IF EXISTS"
    with GraphDatabase.driver(
        neo4j_settings.store_url,
        auth=(neo4j_settings.neo4j_username, neo4j_settings.neo4j_password),
    ) as driver:
        driver.execute_query(drop)
        driver.execute_query(
            "UNWIND [3, 7, 5] AS number CREATE (:DataVersion {id: 'data', number: number})"
        )
    with open_store(neo4j_settings) as store:
        put(store, "u1")
        asked = "MATCH (v:DataVersion) RETURN v.number AS number"
        assert store.read(asked) == [{"number": 8}]


def test_address_that_no_engine_knows_is_a_wrong_setting():
    with pytest.raises(ConfigError):
        open_store(Settings(store_url="bolt://127.0.0.1:notaport"))
