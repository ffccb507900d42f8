"""Rows become nodes and edges, once, however often they are stored."""

from typing import Any

import pytest

from graph.errors import Conflict
from graph.store import Store
from graph.upsert import (
    add_label,
    edge_type,
    new_edge_statement,
    new_node_statement,
    node_statement,
    run_together,
    upsert_edges,
    upsert_nodes,
)


def node(id_: str, **props: Any) -> dict[str, Any]:
    return {"id": id_, "props": {"name": id_, **props}}


def edge(id_: str | None, source: str | None, target: str | None, **props: Any) -> dict[str, Any]:
    return {"id": id_, "source": source, "target": target, "props": props}


def edges(store: Store, type_: str) -> set[tuple[str, str, Any]]:
    rows = store.read(f"MATCH (a)-[e:{type_}]->(b) RETURN a.id AS a, b.id AS b, e.kind AS kind")
    assert len(rows) == len({tuple(row.values()) for row in rows})
    return {(row["a"], row["b"], row["kind"]) for row in rows}


@pytest.fixture
def people(store: Store) -> Store:
    upsert_nodes(store, "Person", [node("a"), node("b"), node("c")])
    return store


def test_nodes_stored_twice_are_there_once_with_the_newest_values(store: Store):
    upsert_nodes(store, "Person", [node("a", cohort=2017), node("b", cohort=2018)])
    upsert_nodes(store, "Person", [node("a", cohort=2019, specialties=["法律"])])
    rows = store.read(
        "MATCH (p:Person) RETURN p.id AS id, p.cohort AS cohort, p.specialties AS s ORDER BY id"
    )
    assert [tuple(row.values()) for row in rows] == [("a", 2019, ["法律"]), ("b", 2018, None)]


def test_property_given_as_null_is_taken_away_and_one_not_given_stays(store: Store):
    upsert_nodes(store, "Person", [node("a", cohort=2017, status="在岗")])
    upsert_nodes(store, "Person", [node("a", cohort=None)])
    (row,) = store.read("MATCH (p:Person) RETURN p.cohort AS cohort, p.status AS status")
    assert tuple(row.values()) == (None, "在岗")


def test_second_label_is_added_and_the_person_stays_one(people: Store):
    add_label(people, "Person", "Trainee", ["a", "b", "nobody"])
    add_label(people, "Person", "Mentor", ["a"])
    add_label(people, "Person", "Mentor", ["a"])

    def labelled(label: str) -> list[str]:
        return [
            row["id"] for row in people.read(f"MATCH (p:{label}) RETURN p.id AS id ORDER BY id")
        ]

    assert labelled("Trainee") == ["a", "b"]
    assert labelled("Mentor") == ["a"]
    assert labelled("Person") == ["a", "b", "c"]


def test_edges_with_an_id_stored_twice_are_there_once(people: Store):
    mentors = edge_type("MENTORS")
    for kind in ("x", "y"):
        upsert_edges(
            people, mentors, [edge("1", "a", "b", kind=kind), edge("2", "a", "b", kind="z")]
        )
    assert edges(people, "MENTORS") == {("a", "b", "y"), ("a", "b", "z")}


def test_edge_whose_ends_changed_is_moved(people: Store):
    mentors = edge_type("MENTORS")
    upsert_edges(people, mentors, [edge("1", "a", "b", kind="x"), edge("2", "b", "c", kind="y")])
    upsert_edges(people, mentors, [edge("1", "a", "c", kind="x")])
    assert edges(people, "MENTORS") == {("a", "c", "x"), ("b", "c", "y")}


def test_edge_to_a_node_that_is_not_there_is_left_out(people: Store):
    upsert_edges(people, edge_type("MENTORS"), [edge("1", "a", "nobody"), edge("2", "a", "b")])
    assert edges(people, "MENTORS") == {("a", "b", None)}


def test_unit_has_one_unit_above_also_after_a_change(store: Store):
    part_of = edge_type("PART_OF")
    upsert_nodes(store, "Unit", [node("d"), node("t"), node("v"), node("w")])
    upsert_edges(store, part_of, [edge(None, "v", "d"), edge(None, "w", "d")], identified=False)
    upsert_edges(store, part_of, [edge(None, "v", "t")], identified=False)
    assert edges(store, "PART_OF") == {("v", "t", None), ("w", "d", None)}
    upsert_edges(store, part_of, [edge(None, "v", None)], identified=False)
    assert edges(store, "PART_OF") == {("w", "d", None)}


def test_record_belongs_to_one_person_also_after_a_change(people: Store):
    has_record = edge_type("HAS_RECORD")
    upsert_nodes(people, "Record", [node("r", kind="talk"), node("s", kind="talk")])
    rows = [edge(None, "a", "r"), edge(None, "a", "s")]
    upsert_edges(people, has_record, rows, identified=False)
    upsert_edges(people, has_record, [edge(None, "b", "r")], identified=False)
    assert edges(people, "HAS_RECORD") == {("b", "r", None), ("a", "s", None)}


def test_wishes_for_posts_and_for_units_are_kept_apart(people: Store):
    upsert_nodes(people, "Post", [node("x")])
    upsert_nodes(people, "Unit", [node("x")])
    for target in ("Post", "Unit"):
        wish = edge_type("WISHES_FOR", target)
        upsert_edges(people, wish, [edge(f"to {target}", "a", "x")])
        upsert_edges(people, wish, [edge(f"to {target}", "a", "x")])
    rows = people.read("MATCH (:Person)-[e:WISHES_FOR]->(n) RETURN e.id AS id ORDER BY id")
    assert [row["id"] for row in rows] == ["to Post", "to Unit"]


def test_batches_can_be_part_of_a_transaction(people: Store):
    with pytest.raises(RuntimeError), people.transaction() as transaction:
        upsert_nodes(transaction, "Person", [node("d")])
        raise RuntimeError
    assert people.read("MATCH (p:Person {id: 'd'}) RETURN p.id AS id") == []


def test_statements_run_together_are_all_stored_or_none(people: Store):
    records = (
        new_node_statement("Record", (), ["id", "name"]),
        [{"id": "r", "name": "talk"}, {"id": "s", "name": "talk"}],
    )
    has = new_edge_statement(edge_type("HAS_RECORD"), ())
    ties = (has, [{"source": "a", "target": "r"}, {"source": "b", "target": "s"}])
    taken = (new_node_statement("Person", (), ["id", "name"]), [{"id": "a", "name": "a"}])
    with pytest.raises(Conflict):
        run_together(people, [records, ties, taken])
    assert people.read("MATCH (r:Record) RETURN r.id AS id") == []
    run_together(people, [records, (has, []), ties])  # nothing to do in between stops nothing
    assert edges(people, "HAS_RECORD") == {("a", "r", None), ("b", "s", None)}
    run_together(people, [])


@pytest.mark.parametrize("label", ["Person) DETACH DELETE n //", "Trainee", "person", ""])
def test_label_that_is_not_declared_never_gets_into_cypher(label: str):
    with pytest.raises(ValueError, match="not a declared label"):
        node_statement(label)
