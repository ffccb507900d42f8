"""A stored row is the same whichever way it is found: by id, by what it names, page by page."""

import pytest

from graph import tables
from graph.schema import TABLES, Table, table
from graph.store import Store
from tests.small_graph import fill

EVERYTHING = {"skip": 0, "limit": 100}


def rows_by_id(store: Store, of: Table, by: str, **values: object) -> dict[str, dict[str, object]]:
    text = tables.statement(of, by, of.file_columns, withdrawn=True)
    return {row["id"]: tables.filled(of.file_columns, row) for row in store.read(text, **values)}


@pytest.mark.parametrize("of", TABLES, ids=[each.name for each in TABLES])
def test_every_way_gives_the_same_row(store: Store, of: Table):
    fill(store)
    store.write("MATCH (p)-[e:TOOK_PART_IN]->(a) SET e.id = p.id + a.id")  # as a load does
    shown = rows_by_id(store, of, tables.PLACE, **EVERYTHING)
    assert shown
    assert rows_by_id(store, of, tables.IDS, ids=[*shown, "nobody"]) == shown
    for id_, row in shown.items():
        assert rows_by_id(store, of, tables.ID, id=id_) == {id_: row}
    for each in of.references:
        named = {str(row[each.heading]) for row in shown.values() if each.heading in row}
        for other in named:
            expected = {id_: row for id_, row in shown.items() if row.get(each.heading) == other}
            assert rows_by_id(store, of, each.heading, id=other) == expected


def test_a_row_has_its_values_by_heading_and_the_names_that_it_refers_to(store: Store):
    fill(store)
    of = table("rotations")
    (row,) = store.read(tables.statement(of, tables.ID, names=True), id="r5")
    assert tables.filled(of.columns, row) == {
        "id": "r5",
        "person": "b",
        "post": "v1",
        "kind": "grassroots",
        "since": "2019-10-08",
        "until": "2021-10-08",
        "status": "actual",
        "rank": "副科",
    }
    assert (row["person_name"], row["post_name"]) == ("李敏", "村书记助理")


def test_a_wish_names_a_post_or_a_unit(store: Store):
    fill(store)
    of = table("wishes")
    found = rows_by_id(store, of, "person", id="a").values()
    assert sorted(map(str, found)) == [
        "{'person': 'a', 'post': 'o1', 'rank_of_wish': 1}",
        "{'person': 'a', 'unit': 't', 'rank_of_wish': 2, 'avoid': 'yes'}",
    ]


def test_withdrawn_rows_are_left_out_unless_asked_for(store: Store):
    fill(store)
    of = table("records")
    assert [row["id"] for row in tables.stored_rows(store, of)] == ["n1", "n2"]
    assert [row["id"] for row in tables.stored_rows(store, of, withdrawn=True)] == [
        "n1",
        "n2",
        "n3",
    ]
    shown = store.read(tables.statement(of, tables.PLACE), **EVERYTHING)
    assert [row["id"] for row in shown] == ["n1", "n2"]
    assert [row["id"] for row in store.read(tables.statement(of, "person"), id="a")] == ["n1", "n2"]
    assert tables.has_withdrawn(store, of)


def test_roles_are_those_of_the_labels_and_say_which_an_edge_gives(store: Store):
    fill(store)
    of = table("people")
    text = tables.statement(of, tables.IDS, origin=True)
    rows = store.read(text, ids=["a", "g", "x"])
    assert [tables.filled(of.columns, row).get("roles") for row in rows] == [
        ["trainee", "mentor"],
        ["mentor"],
        None,
    ]
    given = [(row["given_Trainee"], row["given_Mentor"]) for row in rows]
    assert given == [(True, True), (False, True), (False, False)]


def test_the_last_id_and_the_count_are_of_the_table(store: Store):
    fill(store)
    assert (tables.last_id(store, table("posts")), tables.count_rows(store, table("posts"))) == (
        "v1",
        4,
    )
    assert tables.count_rows(store, table("kin")) == 1
    assert tables.has_rows(store, table("units"))
    store.write("MATCH (n) DETACH DELETE n")
    assert tables.last_id(store, table("posts")) == ""
    assert not tables.has_rows(store, table("kin"))
