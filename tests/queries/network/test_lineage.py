"""Lineages that would hurt: ladders, long chains, cycles, several mentors; against brute force."""

import random
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from graph.store import Store
from queries.catalogue import ask
from tests.small_graph import put_mentoring, put_people, put_tree


def ladder(rungs: int) -> list[tuple[str, str]]:
    """Diamonds on end: 2 ** rungs paths from n0 to the last."""
    return [
        tie
        for i in range(rungs)
        for side in "ab"
        for tie in ((f"n{i}", f"n{i}{side}"), (f"n{i}{side}", f"n{i + 1}"))
    ]


def found(store: Store, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in ask(store, name, **given).rows]


def test_ladder_of_40_diamonds_answers_at_once(store: Store):
    put_tree(store, ladder(40))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("lineage.down", {"person": "n0"}),
        ("lineage.up", {"person": "n40"}),
        ("lineage.around", {"person": "n0", "depth": 100}),
        ("lineage.common_ancestors", {"a": "n39a", "b": "n39b"}),
        ("lineage.reach", {"person": "n0"}),
        ("lineage.between", {"a": "n0", "b": "n40"}),
    ]
    for name, given in asked:
        ask(store, name, **given)  # Neo4j plans a statement once
        began = time.perf_counter()
        rows = ask(store, name, **given).rows
        assert time.perf_counter() - began < 10  # 2 ** 40 paths would take days
        assert rows
    assert len(found(store, "lineage.down", person="n0")) == 120
    assert found(store, "lineage.down", person="n0")[-1] == ("n40", "n40", 80)
    assert found(store, "lineage.up", person="n40")[-1] == ("n0", "n0", 80)
    assert found(store, "lineage.reach", person="n0") == [(2, 120, 80)]


def test_first_of_many_shortest_paths_goes_by_the_smallest_ids(store: Store):
    put_tree(store, ladder(12))
    steps = ask(store, "lineage.between", a="n0", b="n12").rows
    assert [steps[0]["from"], *(row["to"] for row in steps)] == [
        *(id_ for i in range(12) for id_ in (f"n{i}", f"n{i}a")),
        "n12",
    ]


def test_smallest_ids_are_chosen_from_the_other_end_too(store: Store):
    wide = [tie for n in range(1, 6) for tie in (("a", f"y{n}"), (f"y{n}", "z"))]
    put_tree(store, [*wide, *pairwise("zqrtb"), *pairwise("zprsb")])
    steps = ask(store, "lineage.between", a="a", b="b").rows
    assert [row["to"] for row in steps] == ["y1", "z", "p", "r", "s", "b"]


def test_chain_of_150_generations_is_walked_to_its_end(store: Store):
    put_tree(store, [(f"p{i:03}", f"p{i + 1:03}") for i in range(150)])
    down = found(store, "lineage.down", person="p000")
    assert down == [(f"p{i:03}", f"p{i:03}", i) for i in range(1, 151)]
    assert found(store, "lineage.up", person="p150")[-1] == ("p000", "p000", 150)
    assert len(found(store, "lineage.between", a="p000", b="p150")) == 150
    assert found(store, "lineage.down", person="p000", depth=120)[-1] == ("p120", "p120", 120)


def test_cycle_is_tolerated_and_nobody_is_their_own_descendant(store: Store):
    put_tree(store, [("a", "b"), ("b", "c"), ("c", "a"), ("c", "c2")])
    assert found(store, "lineage.down", person="a") == [
        ("b", "b", 1),
        ("c", "c", 2),
        ("c2", "c2", 3),
    ]
    assert found(store, "lineage.up", person="a") == [("c", "c", 1), ("b", "b", 2)]
    assert found(store, "lineage.around", person="a", depth=3) == [
        ("b", "b", 1), ("c", "c", 1), ("c2", "c2", 2),
    ]  # fmt: skip
    assert found(store, "lineage.common_ancestors", a="c2", b="a") == [
        ("c", "c", 1, 1),
        ("b", "b", 2, 2),
    ]


def test_mentoring_oneself_is_tolerated(store: Store):
    put_tree(store, [("a", "a"), ("a", "b")])
    assert found(store, "lineage.down", person="a") == [("b", "b", 1)]


def test_single_person_has_no_lineage(store: Store):
    put_people(store, [("a", "甲")])
    for name in ("lineage.down", "lineage.up", "lineage.around"):
        assert found(store, name, person="a") == []
    assert found(store, "lineage.between", a="a", b="a") == []


def test_kinds_are_kept_to_on_the_whole_way(store: Store):
    # the short way a-b is of another kind; the long way a-c-b must be found
    put_people(store, [(id_, id_) for id_ in "abc"])
    put_mentoring(store, [("1", "a", "b", "x"), ("2", "a", "c", "y"), ("3", "c", "b", "y")])
    assert found(store, "lineage.down", person="a", kinds="y") == [("c", "c", 1), ("b", "b", 2)]
    assert [row["to"] for row in ask(store, "lineage.between", a="a", b="b", kinds="y").rows] == [
        "c",
        "b",
    ]


def test_of_two_ties_between_the_same_people_the_older_one_is_told(store: Store):
    put_people(store, [("a", "甲"), ("b", "乙")])
    put_mentoring(
        store,
        [("1", "a", "b", "x", None), ("2", "a", "b", "y", "2020"), ("3", "b", "a", "z", "2018")],
    )
    (row,) = ask(store, "lineage.between", a="a", b="b", kinds="x;y").rows
    assert row["kind"] == "y"
    (row,) = ask(store, "lineage.between", a="a", b="b").rows
    assert (row["kind"], row["since"], row["sentence"]) == (
        "z",
        "2018",
        "乙自2018年起是甲的导师（z）。",
    )


def steps_by_hand(ties: Iterable[tuple[str, str]], start: str) -> dict[str, int]:
    """Breadth-first over a dict: the smallest number of steps from the start."""
    onward = defaultdict(set)
    for one, other in ties:
        onward[one].add(other)
    steps, frontier = {start: 0}, [start]
    while frontier:
        frontier = sorted({b for a in frontier for b in onward[a]} - steps.keys())
        steps.update(dict.fromkeys(frontier, max(steps.values()) + 1))
    return steps


@pytest.mark.parametrize("seed", range(3))
def test_random_network_agrees_with_brute_force(store: Store, seed: int):
    chance = random.Random(seed)
    people = [f"p{i:02}" for i in range(30)]
    ties = sorted({(chance.choice(people), chance.choice(people)) for _ in range(45)})
    ties = [(one, other) for one, other in ties if one != other]
    put_people(store, [(id_, id_) for id_ in people])
    put_mentoring(store, [(f"{one}>{other}", one, other) for one, other in ties])
    both = [*ties, *((other, one) for one, other in ties)]

    def expected(ties: list[tuple[str, str]], start: str) -> list[tuple[Any, ...]]:
        steps = steps_by_hand(ties, start)
        return sorted(
            ((id_, id_, n) for id_, n in steps.items() if n), key=lambda row: (row[2], row)
        )

    for start in people[:6]:
        assert found(store, "lineage.down", person=start) == expected(ties, start)
        assert found(store, "lineage.up", person=start) == expected([t[::-1] for t in ties], start)
        around = found(store, "lineage.around", person=start, depth=3, limit=1000)
        assert around == [row for row in expected(both, start) if row[2] <= 3]
    for a, b in pairwise(people[:12]):
        path = [row["from"] for row in ask(store, "lineage.between", a=a, b=b).rows] + [b]
        assert path == (first_shortest(both, a, b) or [b])


def first_shortest(ties: list[tuple[str, str]], a: str, b: str) -> list[str]:
    """All shortest paths by brute force; the first in order of ids."""
    if b not in steps_by_hand(ties, a):
        return []
    paths = [[a]]
    while all(path[-1] != b for path in paths):
        paths = [[*path, other] for path in paths for one, other in ties if one == path[-1]]
        nearest: dict[str, list[str]] = {}
        for path in sorted(paths):
            nearest.setdefault(path[-1], path)
        paths = list(nearest.values())
    return min(path for path in paths if path[-1] == b)
