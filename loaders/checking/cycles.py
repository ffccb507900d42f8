"""Cycles in relations that should have none: units above units, mentors of mentors.

Own code in front of NetworkX, because nearly all of a million ties lie on no cycle: whole arrays of
them are put aside at once, and what is left of long chains in two passes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from loaders.checking.columns import Marks
from loaders.checking.rows import Numbers

if TYPE_CHECKING:
    import networkx as nx

Edge = tuple[str, str, int]  # from, to, row number

_LONGEST_PATH = 12  # members of a cycle that its message names
_ROUNDS = 64  # each costs a look at all that is left, and may take away the end of a chain only


def cycles(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Return one short cycle of every strongly connected component; none is walked recursively.

    >>> cycles([("a", "b", 2), ("b", "c", 3), ("c", "a", 4), ("c", "d", 5)])
    [[('a', 'b', 2), ('b', 'c', 3), ('c', 'a', 4)]]
    """
    import networkx as nx

    edges = list(edges)
    sources, targets = [edge[0] for edge in edges], [edge[1] for edge in edges]
    number = dict(zip(dict.fromkeys([*sources, *targets]), count(), strict=False)).__getitem__
    places = edges_on_cycles(
        np.fromiter(map(number, sources), np.int64, len(edges)),
        np.fromiter(map(number, targets), np.int64, len(edges)),
    )
    live = [edges[at] for at in places.tolist()]
    graph = nx.DiGraph()
    graph.add_edges_from((source, target) for source, target, _ in live)
    row_by_pair = {(source, target): row for source, target, row in reversed(live)}
    found = []
    for component in nx.strongly_connected_components(graph):
        first = min(component)
        if len(component) > 1 or graph.has_edge(first, first):
            path = _cycle_through(graph.subgraph(component), first)
            pairs = zip(path, [*path[1:], first], strict=True)
            found.append([(*pair, row_by_pair[pair]) for pair in pairs])
    return sorted(found)


def path(cycle: list[Edge]) -> str:
    """Write a cycle as `a → b → a`, shortened where it is long."""
    ids = [source for source, _, _ in cycle]
    shown = ids if len(ids) <= _LONGEST_PATH else [*ids[:_LONGEST_PATH], "…"]
    return " → ".join([*shown, ids[0]])


def edges_on_cycles(sources: Numbers, targets: Numbers) -> Numbers:
    """Return places of edges that lie between cycles: cycles lead to them, and they to some.

    Nodes are numbers, also negative ones.

    >>> edges = np.array([[1, 2], [2, 3], [3, 2], [3, 4]])
    >>> edges_on_cycles(edges[:, 0], edges[:, 1])
    array([1, 2])
    """
    live = np.arange(len(sources))
    if not len(live):
        return live
    least = min(sources.min(), targets.min())
    sources, targets = sources - least, targets - least
    nodes = 1 + max(sources.max(), targets.max())
    for _ in range(_ROUNDS):
        is_target, is_source = np.zeros(nodes, bool), np.zeros(nodes, bool)
        is_target[targets] = is_source[sources] = True
        on_path = is_target[sources] & is_source[targets]
        if on_path.all():
            return live
        live, sources, targets = live[on_path], sources[on_path], targets[on_path]
    return live[_between_cycles(sources, targets)]


def _between_cycles(sources: Numbers, targets: Numbers) -> Marks:
    """Return which edges lie between cycles; a long chain takes no longer than a short one."""
    known, places = np.unique(np.concatenate([sources, targets]), return_inverse=True)
    begins, ends = places[: len(sources)], places[len(sources) :]
    one, other = begins.tolist(), ends.tolist()
    after = np.array(_after_cycles(one, other, len(known)), bool)
    before = np.array(_after_cycles(other, one, len(known)), bool)
    return after[begins] & before[ends]


def _after_cycles(sources: list[int], targets: list[int], count: int) -> list[int]:
    """Tell of each node whether a cycle leads to it, by taking away beginnings again and again."""
    incoming = [0] * count
    onward: list[list[int]] = [[] for _ in range(count)]
    for source, target in zip(sources, targets, strict=True):
        incoming[target] += 1
        onward[source].append(target)
    free = [node for node in range(count) if not incoming[node]]
    while free:
        for target in onward[free.pop()]:
            incoming[target] -= 1
            if not incoming[target]:
                free.append(target)
    return incoming


def _cycle_through(graph: nx.DiGraph, first: str) -> list[str]:
    """Find a shortest cycle through a node of a strongly connected graph, breadth first."""
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while True:
        node = waiting.popleft()
        for target in sorted(graph[node]):
            if target == first:
                path = [node]
                while path[-1] != first:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
