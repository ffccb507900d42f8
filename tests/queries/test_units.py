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


def test_a_roster_holds_who_is_there_on_the_day_and_an_acting_posting_has_no_rank(
    embedded_store: Store,
):
    store = embedded_store
    upsert_nodes(store, "Unit", [{"id": "u", "props": {"name": "u"}}])
    upsert_nodes(store, "Post", [{"id": "p", "props": {"name": "p", "rank": "正科"}}])
    put_edges(store, "IN", [("p", "u")])
    put_people(store, [("a", "甲"), ("b", "乙")])
    held = {"since": "2020-05-01", "until": "2021-05-01"}
    acting = {"since": "2021-05-01", "marks": ["acting"]}
    rows = [
        {"id": "r1", "source": "a", "target": "p", "props": held},
        {"id": "r2", "source": "b", "target": "p", "props": acting},
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)

    def roster(on: str) -> list[tuple[str, str | None]]:
        found = ask(store, "units.roster", unit="u", on=on).rows
        return [(row["person"], row["rank"]) for row in found]

    assert roster("2020-04-30") == []
    assert roster("2020-05-01") == [("a", "正科")]
    assert roster("2021-04-30") == [("a", "正科")]
    assert roster("2021-05-01") == [("b", None)]
    assert roster("2021-05-02") == [("b", None)]
