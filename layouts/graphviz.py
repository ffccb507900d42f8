"""Graphviz' programs, asked for places only. pygraphviz' only home."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

_running = threading.Lock()  # its library keeps state of its own


def place(
    program: str,
    sizes: Sequence[tuple[float, float]],
    edges: Mapping[tuple[int, int], int],
    *,
    directed: bool = True,
    **attributes: str,
) -> list[tuple[float, float]]:
    """Return the middle of each box in px, y downwards; an edge's value is its weight.

    `sizes` (width, height in px) and `edges` know boxes by their number; `attributes` are those
    of Graphviz.

    >>> (x, y), (_, below) = place("dot", [(40, 40), (40, 40)], {(0, 1): 1})
    >>> y < below
    True
    """
    import pygraphviz

    graph = pygraphviz.AGraph(directed=directed, strict=True)
    graph.graph_attr.update(splines="false", **attributes)
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    for index, (width, height) in enumerate(sizes):
        graph.add_node(index, width=f"{width / 72:.3f}", height=f"{height / 72:.3f}")
    for (one, other), weight in edges.items():
        graph.add_edge(one, other, weight=weight)
    with _running:
        graph.layout(prog=program)
    places = []
    for index in range(len(sizes)):
        x, y = graph.get_node(index).attr["pos"].split(",")
        places.append((float(x), -float(y)))
    return places
