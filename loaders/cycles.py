"""Cycles in relations that should have none: units above units, mentors of mentors.

Own code in front of NetworkX, because nearly all of a million ties lie on no cycle and are put
aside in two passes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import networkx as nx

Edge = tuple[str, str, int]  # from, to, row number


def cycles(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Give one short cycle of every knot of edges; none is walked recursively.

    >>> cycles([("a", "b", 2), ("b", "c", 3), ("c", "a", 4), ("c", "d", 5)])
    [[('a', 'b', 2), ('b', 'c', 3), ('c', 'a', 4)]]
    """
    live = _knotted(list(edges))
    graph = nx.DiGraph()
    graph.add_edges_from((source, target) for source, target, _ in live)
    row_by_pair = {(source, target): row for source, target, row in reversed(live)}
    found = []
    for knot in nx.strongly_connected_components(graph):
        first = min(knot)
        if len(knot) > 1 or graph.has_edge(first, first):
            path = _cycle_through(graph.subgraph(knot), first)
            pairs = zip(path, [*path[1:], first], strict=True)
            found.append([(*pair, row_by_pair[pair]) for pair in pairs])
    return sorted(found)


def _knotted(edges: list[Edge]) -> list[Edge]:
    """Leave the edges that lie between cycles: nothing else leads to them and on from them."""
    number_by_id: dict[str, int] = {}
    number = number_by_id.setdefault
    sources = [number(edge[0], len(number_by_id)) for edge in edges]
    targets = [number(edge[1], len(number_by_id)) for edge in edges]
    after = _after_cycles(sources, targets, len(number_by_id))
    if not any(after):
        return []
    before = _after_cycles(targets, sources, len(number_by_id))
    return [
        edge
        for edge, source, target in zip(edges, sources, targets, strict=True)
        if after[source] and before[target]
    ]


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
