"""The schema as data holds together, and the engines honour what is made from it."""

import re

import pytest

from graph.errors import Conflict
from graph.schema import (
    EDGE_TABLES,
    EDGE_TYPES,
    LABELS,
    NODE_TABLES,
    PRIVACY,
    TABLES,
    Property,
    Reference,
    schema_statements,
    table,
    table_of_label,
)
from graph.store import Store, index_name

# What outsiders rely on: the headings of the native data set, required ones with a star.
DATA_SET = {
    "people": "id* name* roles cohort joined_on born_on native_place education specialties status "
    "mentor_capacity",
    "units": "id* name* kind part_of",
    "posts": "id* title* unit* rank kind capacity demands hardship",
    "mentoring": "id mentor* trainee* kind since until",
    "rotations": "id person* post* kind since until status rank",
    "activities": "id* kind title* held_on until place organiser",
    "attendance": "person* activity* role result",
    "records": "id person* kind* on level result summary",
    "wishes": "person* post unit rank_of_wish avoid",
    "kin": "person* relative* relation",
}


@pytest.mark.parametrize("name", DATA_SET)
def test_headings_of_the_native_data_set_stand(name: str):
    told = [f"{each.heading}{'*' if each.required else ''}" for each in table(name).columns]
    wanted = DATA_SET[name].split()
    assert set(wanted) <= set(told)
    assert [heading for heading in told if heading.endswith("*")] == [
        heading for heading in wanted if heading.endswith("*")
    ]


def test_every_title_is_given_in_chinese_and_english():
    for each in (*TABLES, *(column for one in TABLES for column in one.columns)):
        assert re.search(r"[\u4e00-\u9fff]", each.zh)
        assert each.en.isascii()
        assert each.en


def test_every_column_has_a_privacy_class():
    for each in TABLES:
        for column in (*each.columns, *each.derived, *each.kept):
            assert column.privacy in PRIVACY, (each.name, column)
            if isinstance(column, Property):
                assert {kind for _, kind in column.privacy_by_kind} <= set(PRIVACY)


def test_what_has_no_privacy_class_is_no_column():
    with pytest.raises(TypeError, match="privacy"):
        Property("phone", "电话", "Phone")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="privacy"):
        Reference("chief", "领导", "Chief", "Person")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "heading", "privacy"),
    [
        ("people", "born_on", 2),
        ("people", "joined_on", 1),
        ("rotations", "rank", 1),
        ("activities", "held_on", 2),
        ("records", "summary", 4),
        ("kin", "relation", 4),
    ],
)
def test_a_column_has_the_class_of_its_data_item(name: str, heading: str, privacy: int):
    assert table(name).column(heading).privacy == privacy


def test_a_record_is_as_private_as_its_kind():
    result = table("records").column("result")
    assert isinstance(result, Property)
    by_kind = dict(result.privacy_by_kind)
    assert (by_kind["appraisal"], by_kind["talk"], result.privacy) == (3, 4, 2)
    assert "award" not in by_kind


def test_every_node_stores_id_and_name_and_none_of_the_engines_own_words():
    for each in NODE_TABLES:
        stored = {column.name for column in (*each.properties, *each.derived)}
        assert {"id", "name"} <= stored
        assert not stored & {"title", "type", "label", "node_type", "end"}
        assert table_of_label(each.label) is each


def test_edge_types_join_declared_labels_and_come_from_declared_tables():
    names = {each.name for each in TABLES}
    for edge in EDGE_TYPES:
        assert {edge.source, edge.target} <= set(LABELS)
        assert edge.table in names
    assert {each.edge for each in EDGE_TABLES} <= {edge.type for edge in EDGE_TYPES}


def test_reference_columns_make_declared_edges():
    for each in NODE_TABLES:
        for reference in each.references:
            ends = (each.label, reference.label)
            ends = ends[::-1] if reference.incoming else ends
            assert any(
                (edge.type, edge.source, edge.target) == (reference.edge, *ends)
                for edge in EDGE_TYPES
            )


def test_dates_and_numbers_have_their_type():
    by_name = {
        column.name: column.type
        for each in TABLES
        for column in each.columns
        if isinstance(column, Property)
    }
    for name, kind in {
        "since": "date",
        "until": "date",
        "held_on": "date",
        "cohort": "integer",
    }.items():
        assert by_name[name] == kind


def test_statements_have_names_of_their_own_and_can_be_run_again(store: Store):
    names = [index_name(statement) for statement in schema_statements()]
    assert len(names) == len(set(names))
    store.prepare(schema_statements())
    store.prepare(schema_statements())


def test_every_label_has_a_unique_id(store: Store):
    for label in LABELS:
        store.write(f"MERGE (n:{label} {{id: 'same'}}) SET n.name = 'x'")
    for label in LABELS:
        with pytest.raises(Conflict):
            store.write(f"CREATE (n:{label} {{id: 'same'}}) SET n.name = 'y'")


@pytest.mark.bolt
def test_neo4j_has_every_index(neo4j_store: Store):
    there = {row["name"] for row in neo4j_store.read("SHOW INDEXES YIELD name RETURN name")}
    assert {index_name(statement) for statement in schema_statements()} <= there
