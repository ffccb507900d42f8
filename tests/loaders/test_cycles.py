"""Cycles found in arrays first are those that a plain walk finds."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders.checking.cycles
from loaders.checking.cycles import cycles, edges_on_cycles

NODES = st.integers(-4, 6)
PAIRS = st.lists(st.tuples(NODES, NODES), max_size=14)


def reached(start: int, pairs: list[tuple[int, int]]) -> set[int]:
    """Walk from a node along the pairs; the node itself only where a walk comes back to it."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        for one, other in pairs:
            if one == node and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def between(pairs: list[tuple[int, int]]) -> list[int]:
    """Return the places of the pairs that a cycle leads to, and that lead to a cycle."""
    nodes = {node for pair in pairs for node in pair}
    on_cycle = {node for node in nodes if node in reached(node, pairs)}
    after = on_cycle.union(*(reached(node, pairs) for node in on_cycle))
    before = {node for node in nodes if node in on_cycle or reached(node, pairs) & on_cycle}
    return [at for at, (one, other) in enumerate(pairs) if one in after and other in before]


def places(pairs: list[tuple[int, int]]) -> list[int]:
    edges = np.array(pairs, np.int64).reshape(-1, 2)
    return edges_on_cycles(edges[:, 0], edges[:, 1]).tolist()


@pytest.mark.parametrize("rounds", [0, 1, 2, 64])
@settings(max_examples=300, deadline=None)
@given(PAIRS)
def test_edges_on_cycles_are_those_between_cycles(rounds: int, pairs: list[tuple[int, int]]):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders.checking.cycles, "_ROUNDS", rounds)
        assert places(pairs) == between(pairs)


@settings(max_examples=300, deadline=None)
@given(PAIRS)
def test_one_cycle_of_every_component_is_given(pairs: list[tuple[int, int]]):
    edges = [(f"n{one}", f"n{other}", row) for row, (one, other) in enumerate(pairs, 2)]
    found = cycles(edges)
    first_row: dict[tuple[str, str], int] = {}
    for one, other, row in edges:
        first_row.setdefault((one, other), row)
    for cycle in found:
        assert [source for source, *_ in cycle[1:]] + [cycle[0][0]] == [to for _, to, _ in cycle]
        assert all(first_row[one, other] == row for one, other, row in cycle)
        assert cycle[0][0] == min(source for source, *_ in cycle)
    components = set()
    for node in {node for pair in pairs for node in pair}:
        if node in reached(node, pairs):
            with_it = {other for other in reached(node, pairs) if node in reached(other, pairs)}
            components.add(frozenset(f"n{each}" for each in with_it))
    assert sorted(map(min, components)) == [cycle[0][0] for cycle in found]
    for cycle in found:
        (component,) = [each for each in components if cycle[0][0] in each]
        assert component.issuperset(source for source, *_ in cycle)


@pytest.mark.parametrize("closed", [False, True])
def test_long_chain_is_no_cycle_unless_it_is_closed(closed: bool):
    count = 100_000
    order = random.Random(1).sample(range(count), count)
    edges = [(f"n{at}", f"n{at + 1}", at + 2) for at in order]
    assert cycles(edges) == []
    if closed:
        (found,) = cycles([*edges, (f"n{count}", "n0", count + 2)])
        assert len(found) == count + 1
