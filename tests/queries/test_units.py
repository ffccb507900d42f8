"""Trees of units that are deeper than an engine's habits."""

from itertools import pairwise

from graph.store import Store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from queries.catalogue import ask
from tests.small_graph import put_edges, put_people


def test_all_levels_below_a_unit_are_found_and_all_above(store: Store):
    units = [f"u{level:02}" for level in range(20)]
    upsert_nodes(store, "Unit", [{"id": id_, "props": {"name": id_}} for id_ in units])
    put_edges(store, "PART_OF", [(below, above) for above, below in pairwise(units)])
    upsert_nodes(store, "Post", [{"id": "p", "props": {"name": "村书记"}}])
    put_edges(store, "IN", [("p", "u19")])
    put_people(store, [("a", "甲")])
    held = {"id": "r", "source": "a", "target": "p", "props": {"kind": "x", "since": "2020"}}
    upsert_edges(store, edge_type("ROTATED_TO"), [held])
    rows = ask(store, "units.people", unit="u00", on="2021-01-01").rows
    assert [row["person"] for row in rows] == ["a"]
    assert [row["post"] for row in ask(store, "posts.list", unit="u00").rows] == ["p"]
    assert ask(store, "people.count", unit="u00", on="2021-01-01").rows == [{"people": 1}]
    assert [row["unit"] for row in ask(store, "units.path", unit="u19").rows] == units
