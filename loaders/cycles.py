"""Cycles in relations that should have none: units above units, mentors of mentors.

Own code in front of NetworkX, because nearly all of a million ties lie on no cycle and are put
aside in a few passes.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable

import networkx as nx

Edge = tuple[str, str, int]  # from, to, row number

_QUICK_ROUNDS = 3


def cycles(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Give one short cycle of every knot of edges; none is walked recursively.

    >>> cycles([("a", "b", 2), ("b", "c", 3), ("c", "a", 4), ("c", "d", 5)])
    [[('a', 'b', 2), ('b', 'c', 3), ('c', 'a', 4)]]
    """
    live = list(edges)
    for _ in range(_QUICK_ROUNDS):  # an edge of a cycle begins and ends where others end and begin
        begins, ends = {edge[0] for edge in live}, {edge[1] for edge in live}
        live = [edge for edge in live if edge[0] in ends and edge[1] in begins]
    live = _without_beginnings(live)
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


def _without_beginnings(edges: list[Edge]) -> list[Edge]:
    """Take away, again and again, the nodes that no edge leads to."""
    targets = defaultdict(list)
    for source, target, _ in edges:
        targets[source].append(target)
    incoming = Counter(target for _, target, _ in edges)
    free = deque(source for source in targets if not incoming[source])
    gone = set(free)
    while free:
        for target in targets[free.popleft()]:
            incoming[target] -= 1
            if not incoming[target]:
                gone.add(target)
                free.append(target)
    return [edge for edge in edges if edge[0] not in gone]


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
