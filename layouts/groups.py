"""A layout by groups: the members of each together in a frame with its title."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from layouts.boxes import ASPECT, GAP, HEADING, Box, Guide, Places, Point, shelves

__all__ = ["group_layout"]

FRAME = 18  # px between a group's frame and its marks


def group_layout(boxes: Sequence[Box], group_of: Mapping[str, tuple[str, str]]) -> Places:
    """Place the members of each group (key, title) together in a frame, larger groups first.

    Every box has its group; equally large ones stand in the order of their keys. Ties do not
    count.

    >>> boxes = [Box("a", 40, 40), Box("b", 40, 40), Box("c", 40, 40)]
    >>> group_of = {"a": ("u1", "Town"), "b": ("u2", "City"), "c": ("u2", "City")}
    >>> places = group_layout(boxes, group_of)
    >>> [(guide.kind, guide.label) for guide in places.guides]
    [('frame', 'City'), ('frame', 'Town')]
    """
    members: dict[tuple[str, str], list[Box]] = defaultdict(list)
    for box in boxes:
        members[group_of[box.id]].append(box)
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    sized = []
    for (_key, title), part in ordered:
        wide = max(box.width for box in part) + GAP
        high = max(box.height for box in part) + GAP
        across = max(1, round(math.sqrt(len(part) * 1.6 * high / wide)))
        down = math.ceil(len(part) / across)
        heading = 13 * sum(2 if sign > "\u2e80" else 1 for sign in title) * 0.6
        width = max(across * wide - GAP, heading) + 2 * FRAME
        sized.append((title, part, wide, high, across, width, down * high + 2 * FRAME + HEADING))
    corners = shelves([(width, height) for *_, width, height in sized], ASPECT)
    at: dict[str, Point] = {}
    frames = []
    for (title, part, wide, high, across, width, height), (x, y) in zip(
        sized, corners, strict=True
    ):
        frames.append(Guide("frame", title, x, y, width, height))
        for number, box in enumerate(part):
            row, column = divmod(number, across)
            at[box.id] = (
                x + FRAME + wide * column + (wide - GAP) / 2,
                y + FRAME + HEADING + high * row + (high - GAP) / 2,
            )
    if not at:
        return Places({})
    shift_x = max(frame.x + frame.width for frame in frames) / 2
    shift_y = max(frame.y + frame.height for frame in frames) / 2
    return Places(
        {id_: (round(a - shift_x), round(b - shift_y)) for id_, (a, b) in at.items()},
        tuple(
            Guide("frame", f.label, round(f.x - shift_x), round(f.y - shift_y), f.width, f.height)
            for f in frames
        ),
    )
