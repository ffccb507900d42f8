"""Who served under whom, on the days at which times touch, and by whose rank."""

from typing import Any

import pytest

from graph.schema import PROGRAMME
from graph.store import Store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from queries.catalogue import ask
from tests.small_graph import put_edges, put_people

PROGRAMME_TEXT = """
id: p
name: {zh: 计划, en: Programme}
ranks: [{key: low, zh: 低, en: low}, {key: high, zh: 高, en: high}]
rotation_kinds: [{key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}]
posting_marks: [{key: acting, zh: 主持, en: acting}, {key: concurrent, zh: 兼任, en: concurrent}]
"""


def node(id_: str, **props: Any) -> dict[str, Any]:
    return {"id": id_, "props": {"name": id_, **props}}


@pytest.fixture
def office(embedded_store: Store) -> Store:
    """A chief `a` and others; a unit `u` with a high post and low ones, a unit `w` elsewhere."""
    put_people(embedded_store, [(id_, id_) for id_ in "abc"])
    upsert_nodes(embedded_store, "Unit", [node("u"), node("w")])
    posts = [node("head", rank="high"), node("clerk", rank="low"), node("far", rank="high")]
    upsert_nodes(embedded_store, "Post", posts)
    put_edges(embedded_store, "IN", [("head", "u"), ("clerk", "u"), ("far", "w")])
    upsert_nodes(embedded_store, PROGRAMME, [node("p", rules=PROGRAMME_TEXT)])
    return embedded_store


def under(store: Store, *postings: tuple[str, str, dict[str, Any]]) -> list[tuple[Any, ...]]:
    rows = [
        {"id": f"r{n}", "source": person, "target": post, "props": props}
        for n, (person, post, props) in enumerate(postings)
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)
    answer = ask(store, "careers.served_under").rows
    return [(row["mentor"], row["trainee"], row["since"], row["until"]) for row in answer]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2019-12-31", [("a", "b", "2019-12-31", "2020")]),
        ("2020-01-01", []),  # the day of the end is no longer part of it
        ("2020-01-02", []),
    ],
)
def test_who_comes_as_the_other_leaves_served_under_nobody(
    office: Store, since: str, expected: list[Any]
):
    head = ("a", "head", {"since": "2018-05", "until": "2020"})
    assert under(office, head, ("b", "clerk", {"since": since})) == expected


def test_an_open_posting_ends_as_the_next_one_begins(office: Store):
    postings = [
        ("a", "head", {"since": "2018"}),
        ("b", "clerk", {"since": "2017"}),
        ("a", "far", {"since": "2021-03-01"}),
    ]
    assert under(office, *postings) == [("a", "b", "2018", "2021-03-01")]


def test_who_is_acting_has_no_rank_over_anybody(office: Store):
    acting = ("a", "head", {"since": "2018", "marks": ["acting"]})
    assert under(office, acting, ("b", "clerk", {"since": "2017"})) == []


def test_who_is_seconded_has_the_rank_of_their_home_post(office: Store):
    postings = [
        ("a", "far", {"since": "2015"}),
        ("a", "clerk", {"since": "2018", "until": "2019", "kind": "secondment"}),
        ("b", "clerk", {"since": "2017"}),
        ("c", "head", {"since": "2017", "until": "2018-07", "kind": "secondment"}),  # no home post
    ]
    assert under(office, *postings) == [("a", "b", "2018", "2019")]


def test_the_age_limit_is_no_end_while_it_has_not_come(office: Store):
    upsert_nodes(office, "Person", [node("a", born_on="1990"), node("c", born_on="1890")])
    postings = [
        ("a", "head", {"since": "2018"}),
        ("b", "clerk", {"since": "2017"}),
        ("c", "head", {"since": "1950"}),
        ("c", "clerk", {"since": "1950", "until": "1951"}),
    ]
    assert under(office, *postings) == [("a", "b", "2018", None)]
