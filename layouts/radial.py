"""A layout around a few: those asked for in the middle, everybody else on rings by distance."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

from layouts.boxes import GAP, Box, Places, Point, Ties, apart, centred

__all__ = ["radial_layout"]


def radial_layout(boxes: Sequence[Box], ties: Ties, roots: Sequence[str]) -> Places:
    """Place the roots in the middle and everybody else on rings by distance.

    A ring too full for one circle is several. What no tie connects to a root stands on a ring of
    its own; without a known root the first box is one. No two boxes overlap.

    >>> boxes = [Box("hub", 40, 40), Box("a", 40, 40), Box("b", 40, 40)]
    >>> at = radial_layout(boxes, [("hub", "a"), ("hub", "b")], ["hub"]).at
    >>> math.dist(at["hub"], at["a"]) == math.dist(at["hub"], at["b"])
    True
    """
    if not boxes:
        return Places({})
    ids = [box.id for box in boxes]
    depth, children = _tree(ids, ties, roots)
    leaves = dict.fromkeys(ids, 1.0)
    for id_ in reversed(list(depth)):
        leaves[id_] = max(1.0, sum(leaves[each] for each in children[id_]))
    size = {box.id: math.hypot(box.width, box.height) * 0.86 + GAP for box in boxes}
    tops = [id_ for id_ in depth if depth[id_] == 0]
    alone = len(tops) == 1
    angle: dict[str, float] = {}
    waiting = [(tops, 0.0, 2 * math.pi)]
    while waiting:
        family, begin, span = waiting.pop()
        whole = sum(leaves[each] for each in family)
        for each in family:
            part = span * leaves[each] / whole
            angle[each] = begin + part / 2
            if children[each]:
                waiting.append((children[each], begin, part))
            begin += part
    rings: dict[int, list[str]] = defaultdict(list)
    for id_ in depth:
        rings[depth[id_]].append(id_)
    places: dict[str, Point] = {}
    edge = 0.0  # how far the rings so far reach
    for ring in sorted(rings):
        members = sorted(rings[ring], key=lambda id_: angle[id_])
        if ring == 0 and alone:
            places[members[0]] = (0.0, 0.0)
            edge = size[members[0]] / 2
            continue
        edge = _ring(members, angle, size, edge, places)
    return Places(centred(apart(boxes, places)))


def _ring(
    members: list[str],
    angle: Mapping[str, float],
    size: Mapping[str, float],
    inner: float,
    places: dict[str, Point],
) -> float:
    """Place one ring, as several circles in turn where one would be too wide; give its reach."""
    step = max(size[id_] for id_ in members)
    best: tuple[float, int, float] | None = None
    for circles in range(1, 41):
        first = inner + step / 2 + GAP
        for start in range(circles):
            first = max(first, _radius([angle[id_] for id_ in members[start::circles]], step))
        reach = first + (circles - 1) * step + step / 2
        if best is None or reach < best[0]:
            best = (reach, circles, first)
    assert best is not None
    reach, circles, first = best
    for at, id_ in enumerate(members):
        radius = first + (at % circles) * step
        places[id_] = (radius * math.sin(angle[id_]), -radius * math.cos(angle[id_]))
    return reach


def _radius(angles: list[float], step: float) -> float:
    """Return the radius at which marks at these angles stand a step apart, or nearly so."""
    if len(angles) < 2:
        return 0.0
    gaps = [(b - a) % (2 * math.pi) for a, b in zip(angles, angles[1:] + angles[:1], strict=True)]
    gap = max(min(gaps), 2 * math.pi / len(angles) / 3)  # what is nearer still is pushed apart
    return step / (2 * math.sin(min(gap, math.pi) / 2))


def _tree(
    ids: list[str], ties: Ties, roots: Sequence[str]
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Walk outwards in breadth: the distance of everybody, and who was met through whom."""
    order = {id_: at for at, id_ in enumerate(ids)}
    beside: dict[str, set[str]] = defaultdict(set)
    for a, b in ties:
        if a in order and b in order and a != b:
            beside[a].add(b)
            beside[b].add(a)
    depth: dict[str, int] = {}
    children: dict[str, list[str]] = defaultdict(list)

    def walk(queue: deque[str]) -> None:
        while queue:
            id_ = queue.popleft()
            for other in sorted(beside[id_] - depth.keys(), key=order.__getitem__):
                depth[other] = depth[id_] + 1
                children[id_].append(other)
                queue.append(other)

    begin = [id_ for id_ in dict.fromkeys(roots) if id_ in order] or ids[:1]
    depth.update(dict.fromkeys(begin, 0))
    walk(deque(begin))
    for id_ in ids:  # what no tie connects stands on a ring of its own
        if id_ not in depth:
            depth[id_] = max(depth.values()) + 1 if beside[id_] else 1
            children[begin[0]].append(id_)
            walk(deque([id_]))
    return dict(sorted(depth.items(), key=lambda item: item[1])), children
