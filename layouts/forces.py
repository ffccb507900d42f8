"""A layout by closeness: what is tied stands near each other, by Graphviz' neato or sfdp."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from layouts import graphviz
from layouts.boxes import ASPECT, GAP, Box, Places, Point, Ties, apart, centred, shelves
from layouts.boxes import parts as connected

__all__ = ["force_layout"]

NEATO_BOXES = 150  # beyond, the quicker program is asked
_SEED = "7"


def force_layout(boxes: Sequence[Box], ties: Ties) -> Places:
    """Place what is tied near each other, each connected part by itself, the largest first.

    Weights do not count: several ties of a pair are one. No two boxes overlap.

    >>> import math
    >>> boxes = [Box("a", 40, 40), Box("b", 40, 40), Box("c", 40, 40)]
    >>> at = force_layout(boxes, [("a", "b"), ("b", "c")]).at
    >>> math.dist(at["a"], at["b"]) < math.dist(at["a"], at["c"])
    True
    """
    known = {box.id for box in boxes}
    clean = Counter((a, b) for a, b in ties if a != b and a in known and b in known)
    part_of = connected([box.id for box in boxes], clean)
    members: dict[str, list[Box]] = defaultdict(list)
    for box in boxes:
        members[part_of[box.id]].append(box)
    found = []
    for part in sorted(members.values(), key=len, reverse=True):
        at = {box.id: index for index, box in enumerate(part)}
        edges = {(at[a], at[b]): 1 for a, b in clean if a in at}
        if len(part) == 1:
            found.append((part, {part[0].id: (0.0, 0.0)}))
            continue
        program = "neato" if len(part) <= NEATO_BOXES else "sfdp"
        sizes = [(box.width + GAP, box.height + GAP) for box in part]
        given = graphviz.place(
            program,
            sizes,
            edges,
            directed=False,
            overlap="compress" if program == "sfdp" else "true",
            start=_SEED,
            maxiter="300",
        )
        places = dict(zip((box.id for box in part), given, strict=True))
        found.append((part, apart(part, places)))
    return Places(_packed(found))


def _packed(found: list[tuple[list[Box], dict[str, Point]]]) -> dict[str, Point]:
    sized = []
    for part, places in found:
        left = min(places[box.id][0] - box.width / 2 for box in part)
        right = max(places[box.id][0] + box.width / 2 for box in part)
        top = min(places[box.id][1] - box.height / 2 for box in part)
        bottom = max(places[box.id][1] + box.height / 2 for box in part)
        sized.append((places, left, top, right - left, bottom - top))
    corners = shelves([(width, height) for *_, width, height in sized], ASPECT)
    whole: dict[str, Point] = {}
    for (places, left, top, _width, _height), (x, y) in zip(sized, corners, strict=True):
        whole.update({id_: (a - left + x, b - top + y) for id_, (a, b) in places.items()})
    return centred(whole)
