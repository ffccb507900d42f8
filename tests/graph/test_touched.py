"""What was touched since a version: the same on both engines, also by several workers at once."""

import threading

import pytest
from neo4j import GraphDatabase

from graph.schema import LABELS
from graph.settings import Settings
from graph.store import Store, open_store
from graph.touched import MOST, NOTHING, as_text, nodes, of_texts
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from loaders.entry import add, remove
from loaders.export import export
from queries.catalogue import ask
from tests.graph.test_shared import lock_owner
from tests.small_graph import fill


def node(store, label, id_):
    upsert_nodes(store, label, [{"id": id_, "props": {"name": id_}}])


def test_nodes_and_edges_of_every_write_are_named(store: Store):
    node(store, "Unit", "u")
    before = store.version()
    node(store, "Person", "a")
    with store.transaction() as transaction:
        node(transaction, "Post", "q")
        edge = {"id": "r", "source": "a", "target": "q", "props": {"since": "2020"}}
        upsert_edges(transaction, edge_type("ROTATED_TO"), [edge])
    touched = store.touched_since(before)
    assert touched is not None
    assert touched.version == store.version()
    assert touched.ids("Person") == {"a"}
    assert touched.ids("Post") == {"q"}
    assert touched.ids("ROTATED_TO", end="Person") == {"a"}
    assert touched.ids("ROTATED_TO", end="Post") == {"q"}


def test_nothing_is_touched_by_a_transaction_that_only_asks(store: Store):
    node(store, "Person", "a")
    before = store.version()
    with store.transaction() as transaction:
        transaction.read("MATCH (p:Person) RETURN p.id AS id")
    touched = store.touched_since(before)
    assert touched is not None
    assert touched.marks == frozenset()


def test_an_edge_that_moves_or_goes_is_named_by_its_id_or_its_ends(store: Store):
    fill(store)
    row = add(store, "rotations", {"person": "a", "post": "o2", "since": "2022"}, by="me")
    before = store.version()
    remove(store, "rotations", row.id, by="me", reason="wrong", seen=row.mark)
    touched = store.touched_since(before)
    assert touched is not None
    assert "a" in touched.ids("ROTATED_TO", end="Person")
    assert "o2" in touched.ids("ROTATED_TO", end="Post")


def test_a_rolled_back_transaction_touches_nothing(store: Store):
    node(store, "Person", "a")
    before = store.version()
    with pytest.raises(ZeroDivisionError), store.transaction() as transaction:
        node(transaction, "Person", "b")
        raise ZeroDivisionError
    touched = store.touched_since(before)
    assert touched is not None
    assert touched.marks == frozenset()


def test_a_version_of_another_graph_is_not_known(store: Store):
    node(store, "Person", "a")
    other = "7@cdc:00000000000000ff:0000000000000001"
    assert store.touched_since(other if store.engine == "embedded" else "other:1:0:0") is None


def test_the_log_of_the_embedded_engine_does_not_grow_for_ever(embedded_store: Store):
    before = embedded_store.version()
    embedded_store.write("UNWIND range(1, 20001) AS id CREATE (:Unit {id: id, name: 'u'})")
    assert embedded_store.touched_since(before) is None
    node(embedded_store, "Person", "a")
    assert embedded_store.touched_since(before) is None


def test_a_bulk_load_is_not_named_row_by_row():
    assert of_texts([as_text(nodes("Person", map(str, range(MOST + 1))))]) is None
    assert of_texts([as_text(NOTHING), as_text(nodes("Person", ["a"]))]) == frozenset(
        {("Person", "", "a")}
    )


def test_another_process_asks_the_one_that_lends_the_graph(tmp_path):
    path = tmp_path / "graph.kgl"
    with lock_owner(path), open_store(Settings(store_url=f"embedded:{path}")) as shared:
        before = shared.version()
        node(shared, "Person", "a")
        touched = shared.touched_since(before)
        assert touched is not None
        assert touched.version == shared.version()
        assert touched.ids("Person") == {"a"}
        assert shared.touched_since("0@nothing") is None


@pytest.mark.bolt
def test_a_write_that_does_not_tell_makes_it_unknown(neo4j_store: Store):
    node(neo4j_store, "Person", "a")
    before = neo4j_store.version()
    neo4j_store.write("MATCH (p:Person) SET p.name = 'b'")
    node(neo4j_store, "Person", "b")
    assert neo4j_store.touched_since(before) is None


@pytest.mark.bolt
def test_a_foreign_writer_makes_it_unknown(neo4j_store: Store, neo4j_settings: Settings):
    node(neo4j_store, "Person", "a")
    before = neo4j_store.version()
    with GraphDatabase.driver(
        neo4j_settings.store_url,
        auth=(neo4j_settings.neo4j_username, neo4j_settings.neo4j_password),
    ) as driver:
        driver.execute_query("CREATE (:Person {id: 'foreign'})")
    node(neo4j_store, "Person", "b")
    assert neo4j_store.touched_since(before) is None
    assert neo4j_store.touched_since(neo4j_store.version()) is not None


@pytest.mark.bolt
def test_notes_are_taken_away_after_a_thousand_writes(neo4j_store: Store):
    node(neo4j_store, "Person", "a")
    before = neo4j_store.version()
    neo4j_store.write("MATCH (v:DataVersion) SET v.number = v.number + 1200")
    assert neo4j_store.touched_since(before) is None
    node(neo4j_store, "Person", "a")
    count = neo4j_store.read("MATCH (t:Touched) RETURN count(t) AS n")
    assert count == [{"n": 2}]  # the first one is older than a thousand


@pytest.mark.bolt
def test_notes_are_no_data(neo4j_store: Store, tmp_path):
    fill(neo4j_store)
    assert "Touched" not in LABELS
    assert all("Touched" not in str(row) for row in ask(neo4j_store, "data.counts").rows)
    export(neo4j_store, tmp_path / "graph.json")
    assert "Touched" not in (tmp_path / "graph.json").read_text(encoding="utf-8")


@pytest.mark.bolt
def test_workers_see_every_write_of_each_other_once(neo4j_store: Store, neo4j_settings: Settings):
    node(neo4j_store, "Person", "first")
    seen: list[set[str]] = [set(), set()]
    unknown: list[str] = []
    ended = threading.Event()

    def follow(at: int, store: Store, version: str) -> None:
        while True:
            last = ended.is_set()
            touched = store.touched_since(version)
            if touched is None:
                unknown.append(version)
                return
            seen[at] |= touched.ids("Person")
            version = touched.version
            if last:
                return

    with open_store(neo4j_settings) as other:
        stores = [neo4j_store, other]
        begin = neo4j_store.version()
        readers = [
            threading.Thread(target=follow, args=(at, each, begin))
            for at, each in enumerate(stores)
        ]
        writers = [
            threading.Thread(
                target=lambda at=at: [
                    node(stores[at % 2], "Person", f"p{at}-{n}") for n in range(25)
                ]
            )
            for at in range(4)
        ]
        for each in (*readers, *writers):
            each.start()
        for each in writers:
            each.join()
        ended.set()
        for each in readers:
            each.join()
    assert not unknown
    every = {f"p{at}-{n}" for at in range(4) for n in range(25)}
    assert seen == [every, every]
