"""The layouts by name, as an address says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layouts.boxes import Box, Places, Ties
from layouts.forces import force_layout
from layouts.generations import generation_layout
from layouts.groups import group_layout
from layouts.radial import radial_layout
from layouts.years import year_layout

__all__ = ["LAYOUTS", "Hints", "arrange"]

LAYOUTS = ("generations", "radial", "force", "time", "units")


@dataclass(frozen=True)
class Hints:
    """What a layout may know beside boxes and ties."""

    roots: tuple[str, ...] = ()
    years: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # key and title
    unknown: str = "?"  # title of what has no year


def arrange(layout: str, boxes: Sequence[Box], ties: Ties, hints: Hints) -> Places:
    """Return the places of a layout of LAYOUTS; ValueError names another.

    >>> arrange("radial", [Box("a", 40, 40)], [], Hints(("a",))).at
    {'a': (0, 0)}
    """
    if layout == "generations":
        return generation_layout(boxes, ties)
    if layout == "radial":
        return radial_layout(boxes, ties, hints.roots)
    if layout == "force":
        return force_layout(boxes, ties)
    if layout == "time":
        return year_layout(boxes, ties, hints.years, hints.unknown)
    if layout == "units":
        return group_layout(boxes, hints.groups)
    raise ValueError(f"{layout!r} is none of {', '.join(LAYOUTS)}")
