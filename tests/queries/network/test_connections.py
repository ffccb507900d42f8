"""Ways between two people and whole lineages, on both engines."""

import csv
import gzip
import time
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.errors import NotFound
from graph.store import Store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from queries.network.connections import Connections, connect
from queries.network.lines import lineage
from tests.small_graph import put_mentoring, put_people, put_tree

DAY = date(2024, 6, 30)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "chinese-buddhism-lineage"


def ways(found: Connections) -> list[str]:
    """Each way as the ids passed."""
    return [" ".join([path[0].one, *(step.other for step in path)]) for path in found.paths]


def sentences(found: Connections, way: int = 0) -> list[str]:
    return [str(each) for step in found.paths[way] for each in step.sentences]


def ladder(rungs: int) -> list[tuple[str, str]]:
    """Diamonds on end: 2 ** rungs shortest ways from n0 to the last."""
    return [
        tie
        for i in range(rungs)
        for side in "ab"
        for tie in ((f"n{i}", f"n{i}{side}"), (f"n{i}{side}", f"n{i + 1}"))
    ]


def test_shortest_way_is_told_step_by_step(small_graph: Store):
    found = connect(small_graph, "c", "b")
    assert ways(found) == ["c a m b"]
    assert (found.steps, found.shortest) == (3, 1)
    assert sentences(found) == [
        "since 2020-08: 李明 mentored 𠮷田 (peer).",
        "2017-09 to 2019-09: 王芳 mentored 李明 in 柳村 (village).",  # not 区委办: a month only
        "since 2018-07: 王芳 mentored 李敏 in 柳村 (village).",
    ]


def test_k_shortest_pass_nobody_twice(small_graph: Store):
    found = connect(small_graph, "c", "b", k=10)
    assert ways(found) == ["c a m b", "c a k g m b"]
    assert found.searched is None  # there are no others


def test_all_shortest_are_only_those(small_graph: Store):
    found = connect(small_graph, "g", "a")
    assert ways(found) == ["g k a", "g m a"]
    assert found.shortest == 2


def test_no_connection_says_how_far_each_side_reaches(small_graph: Store):
    found = connect(small_graph, "x", "b")
    assert (found.steps, found.paths, found.bounded) == (None, (), False)
    assert [(side.people, side.steps, side.is_least) for side in found.sides] == [
        (0, 0, False),
        (5, 3, False),
    ]


def test_same_person_twice_is_no_way(small_graph: Store):
    found = connect(small_graph, "a", "a")
    assert (found.steps, found.paths) == (0, ())


@pytest.mark.parametrize(("a", "b"), [("NOPE", "a"), ("a", "NOPE"), ("NOPE", "NOPE")])
def test_unknown_id_is_named(small_graph: Store, a: str, b: str):
    with pytest.raises(NotFound, match="NOPE"):
        connect(small_graph, a, b)


def test_period_keeps_the_ties_that_lasted_in_it(small_graph: Store):
    assert connect(small_graph, "m", "a", until="2017-08-31").steps is None  # before it began
    assert connect(small_graph, "m", "a", since="2018-01-01", until="2018-12-31").steps == 1
    assert connect(small_graph, "m", "a", since="2019-09-01").steps is None  # it ended that day
    assert connect(small_graph, "m", "a", since="2019-08-31").steps == 1


def test_same_unit_counts_only_at_the_same_time(store: Store):
    upsert_nodes(store, "Unit", [{"id": "u", "props": {"name": "柳村"}}])
    upsert_nodes(store, "Post", [{"id": "p", "props": {"name": "主任"}}])
    upsert_edges(
        store,
        edge_type("IN"),
        [{"id": None, "source": "p", "target": "u", "props": {}}],
        identified=False,
    )
    put_people(store, [(id_, id_) for id_ in "defgh"])
    held: list[tuple[str, str | None, str | None, str]] = [
        ("d", "2017-09", "2019-09", "actual"),
        ("e", "2019", "2021", "actual"),
        ("f", "2019-09", None, "actual"),  # begins the day that d ends
        ("g", None, None, "actual"),  # nobody knows when
        ("h", "2018", None, "planned"),
    ]
    rows: list[dict[str, Any]] = [
        {
            "id": f"r{person}",
            "source": person,
            "target": "p",
            "props": {"since": since, "until": until, "status": status},
        }
        for person, since, until, status in held
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)
    found = connect(store, "d", "f", ties=["unit"])
    assert ways(found) == ["d e f"]
    assert sentences(found) == [
        "2019 to 2019-09: d and e were both in 柳村.",
        "2019-09 to 2021: e and f were both in 柳村.",
    ]
    assert connect(store, "d", "g", ties=["unit"]).steps is None
    assert connect(store, "d", "h", ties=["unit"]).steps is None
    assert connect(store, "d", "e").steps is None  # of mentoring alone


def test_cohort_ties_are_counted_once_beside_mentoring(store: Store):
    put_tree(store, [("p", "q"), ("q", "r")])
    upsert_nodes(store, "Person", [{"id": id_, "props": {"cohort": 2019}} for id_ in "pq"])
    found = connect(store, "p", "r", ties=["mentoring", "cohort"], k=10)
    assert ways(found) == ["p q r"]
    assert found.shortest == 1
    assert sentences(found) == [
        "p mentored q.",
        "p and q were both selected in 2019.",
        "q mentored r.",
    ]


def test_large_cohort_answers_at_once(store: Store):
    put_people(store, [(f"p{n:04}", f"p{n}") for n in range(1000)])
    upsert_nodes(
        store, "Person", [{"id": f"p{n:04}", "props": {"cohort": 2019}} for n in range(1000)]
    )
    put_mentoring(store, [("m", "p0999", "p0000")])
    began = time.perf_counter()
    found = connect(store, "p0001", "p0500", ties=["mentoring", "cohort"], k=5)
    assert time.perf_counter() - began < 10
    assert (found.steps, found.shortest, found.bounded) == (1, 1, False)


def test_million_million_ways_are_counted_not_listed(store: Store):
    put_tree(store, ladder(40))
    began = time.perf_counter()
    found = connect(store, "n0", "n40", k=10)
    assert time.perf_counter() - began < 20
    assert (found.steps, found.shortest, len(found.paths)) == (80, 2**40, 10)
    assert len(set(ways(found))) == 10


def test_hub_of_a_thousand_answers_at_once(store: Store):
    put_tree(store, [("hub", f"t{n:04}") for n in range(1000)])
    began = time.perf_counter()
    found = connect(store, "t0001", "t0900", k=10)
    assert time.perf_counter() - began < 10
    assert ways(found) == ["t0001 hub t0900"]
    assert (found.shortest, found.searched, found.bounded) == (1, None, False)


def test_bound_ends_the_search_and_is_told(embedded_store: Store):
    put_tree(embedded_store, [(f"n{n}", f"n{n + 1}") for n in range(60)])
    found = connect(embedded_store, "n0", "n60", most_people=20)
    assert (found.steps, found.bounded) == (None, True)
    assert all(side.is_least for side in found.sides)
    assert connect(embedded_store, "n0", "n60", seconds=0).bounded


def test_k_shortest_agree_with_networkx(embedded_store: Store):
    graph = nx.gnm_random_graph(40, 70, seed=7)
    ties = [(f"n{a:02}", f"n{b:02}") for a, b in graph.edges]
    put_tree(embedded_store, ties)
    known = nx.Graph(ties)
    for a, b in [("n00", "n20"), ("n03", "n31"), ("n11", "n38"), ("n05", "n06")]:
        if a not in known or b not in known or not nx.has_path(known, a, b):
            continue
        found = connect(embedded_store, a, b, k=10)
        lengths = [len(path) for path in found.paths]
        expected: list[int] = []
        for path in nx.shortest_simple_paths(known, a, b):
            if len(expected) == 10 or len(path) - 1 > (found.searched or 99):
                break
            expected.append(len(path) - 1)
        assert lengths == expected
        assert found.shortest == sum(1 for _ in nx.all_shortest_paths(known, a, b))


# --- lineages


def test_generations_count_everybody_once(small_graph: Store):
    found = lineage(small_graph, ["a"], "both", DAY, 5)
    assert found.generations == [(-2, 1), (-1, 2), (0, 1), (1, 1)]
    down = lineage(small_graph, ["g"], "down", DAY, 5)
    assert down.generations == [(0, 1), (1, 2), (2, 2), (3, 1)]


def test_reach_of_a_mentor(small_graph: Store):
    (reach,) = lineage(small_graph, ["g"], "down", DAY, 5).reach
    assert (reach.trainees, reach.descendants, reach.generations, reach.longest) == (2, 5, 3, 3)
    assert reach.state == "living"


def test_common_ancestors_come_nearest_first(small_graph: Store):
    found = lineage(small_graph, ["c", "b"], "up", DAY, 5)
    assert [(each.person, each.generations) for each in found.common] == [
        ("m", (2, 1)),
        ("g", (3, 2)),
    ]
    assert lineage(small_graph, ["m", "a"], "up", DAY, 5).common[0].person == "g"  # not m itself


def test_common_ancestors_of_three(small_graph: Store):
    found = lineage(small_graph, ["c", "b", "k"], "up", DAY, 5)
    assert [(each.person, each.generations) for each in found.common] == [("g", (3, 2, 1))]


@pytest.mark.parametrize(
    ("period", "years", "state"),
    [
        (("2017", "2019-07"), 5, "living"),
        (("2017", "2019-06-30"), 5, "ended"),  # its last day was the 29th
        (("2017", "2024-07"), 0, "living"),
        (("2017", "2024-06-30"), 0, "ended"),
        (("2017", None), 0, "living"),
        (("2024-07-01", None), 0, "none"),  # it has not begun
        (("2024-06-30", None), 0, "living"),
        ((None, None), 5, "undated"),
        ((None, "2010"), 5, "ended"),
    ],
)
def test_line_lives_while_a_pair_was_active(
    embedded_store: Store, period: tuple[str | None, str | None], years: int, state: str
):
    put_people(embedded_store, [("p", "p"), ("q", "q")])
    put_mentoring(embedded_store, [("m", "p", "q", None, *period)])
    (reach,) = lineage(embedded_store, ["p"], "down", DAY, years).reach
    assert reach.state == state


def test_line_lives_through_a_late_descendant(embedded_store: Store):
    put_people(embedded_store, [(id_, id_) for id_ in "pqr"])
    put_mentoring(
        embedded_store,
        [("1", "p", "q", None, "1990", "1992"), ("2", "q", "r", None, "2023", None)],
    )
    (reach,) = lineage(embedded_store, ["p"], "down", DAY, 0).reach
    assert reach.state == "living"


def test_cycle_ends_the_walk(store: Store):
    put_tree(store, [("p", "q"), ("q", "r"), ("r", "p"), ("r", "r")])
    found = lineage(store, ["p"], "both", DAY, 5)
    assert found.generations == [(-2, 1), (-1, 1), (0, 1), (1, 1), (2, 1)]
    assert found.reach[0].longest is None


def test_longest_line_is_longer_than_the_nearest_generation(embedded_store: Store):
    put_tree(embedded_store, [("p", "q"), ("q", "r"), ("p", "r")])
    (reach,) = lineage(embedded_store, ["p"], "down", DAY, 5).reach
    assert (reach.generations, reach.longest) == (1, 2)


def buddhist_lineage(store: Store) -> None:
    """Store the published lineage: everybody with a teacher or a student."""
    if not SHARED.is_dir():
        pytest.skip(f"the published lineage is not there: {SHARED}")
    with gzip.open(SHARED / "ties.csv.gz", "rt", encoding="utf-8") as file:
        ties = [
            (row["tie_id"], row["teacher_id"], row["student_id"])
            for row in csv.DictReader(file)
            if row["teacher_id"]
        ]
    ids = {id_ for tie in ties for id_ in tie[1:]}
    with gzip.open(SHARED / "persons.csv.gz", "rt", encoding="utf-8") as file:
        people = [
            (row["person_id"], row["name"])
            for row in csv.DictReader(file)
            if row["person_id"] in ids
        ]
    put_people(store, people)
    put_mentoring(store, ties)


def test_published_lineage_of_56_generations(embedded_store: Store):
    buddhist_lineage(embedded_store)
    rows = embedded_store.read(
        "MATCH (a:Person)-[:MENTORS]->(b:Person) RETURN a.id AS a, b.id AS b ORDER BY a, b"
    )
    graph = nx.DiGraph([(row["a"], row["b"]) for row in rows])
    chain = nx.dag_longest_path(graph)
    assert len(chain) == 57
    found = lineage(embedded_store, [chain[0]], "down", DAY, 5)
    (reach,) = found.reach
    assert reach.longest == 56
    assert reach.descendants == len(nx.descendants(graph, chain[0]))
    near = nx.single_source_shortest_path_length(graph, chain[0])
    assert reach.generations == max(near.values())
    both = connect(embedded_store, chain[0], chain[-1], k=5)
    assert both.steps == nx.shortest_path_length(graph.to_undirected(), chain[0], chain[-1])


@pytest.mark.parametrize(
    ("since", "steps"), [("2021-06-30", 1), ("2021-07-01", None), ("2021-07-02", None)]
)
def test_who_went_on_to_another_post_is_no_longer_in_the_unit(
    embedded_store: Store, since: str, steps: int | None
):
    store = embedded_store
    for label, ids in (("Unit", "uw"), ("Post", "pq")):
        upsert_nodes(store, label, [{"id": id_, "props": {"name": id_}} for id_ in ids])
    upsert_edges(
        store,
        edge_type("IN"),
        [{"id": None, "source": one, "target": at, "props": {}} for one, at in ("pu", "qw")],
        identified=False,
    )
    put_people(store, [(id_, id_) for id_ in "de"])
    # d left p without an end on file as q began
    held = [("d", "p", "2019"), ("d", "q", "2021-07-01"), ("e", "p", since)]
    rows: list[dict[str, Any]] = [
        {"id": f"r{n}", "source": person, "target": post, "props": {"since": begin}}
        for n, (person, post, begin) in enumerate(held)
    ]
    upsert_edges(store, edge_type("ROTATED_TO"), rows)
    found = connect(store, "d", "e", ties=["unit"])
    assert found.steps == steps
    if steps:
        assert sentences(found) == ["2021-06-30 to 2021-07-01: d and e were both in u."]
