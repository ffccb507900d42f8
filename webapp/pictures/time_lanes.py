"""A person's time line as lanes below each other, drawn by the server: seen at once, and printed.

What stands in the lanes is `webapp/people/timeline.py`'s; here it gets its places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.pictures.path_line import Tick, shortened

WIDTH = 880
LEFT = 96  # where lanes begin; their titles stand before
ROW = 18
HEAD = 18


@dataclass(frozen=True)
class LaneMark:
    """A period or a day in a lane: how it is drawn, what it says, where it leads."""

    id: str
    x: float
    width: float  # 0: a day
    text: str
    tip: str
    url: str | None
    signs: str  # names of classes: its lane, rank, planned, vague or open ends


@dataclass(frozen=True)
class LaneRow:
    """One line of marks; further lines of a lane have no title."""

    y: float
    title: str
    marks: tuple[LaneMark, ...]


@dataclass(frozen=True)
class TimeLanes:
    """All lanes on one axis."""

    width: int
    height: float
    left: int
    rows: tuple[LaneRow, ...]
    ticks: tuple[Tick, ...]
    now: float


def time_lanes(line: Mapping[str, Any] | None, width: int = WIDTH) -> TimeLanes | None:
    """Place what a time line holds; None where it holds nothing."""
    if line is None:
        return None
    first, last = date.fromisoformat(line["from"]), date.fromisoformat(line["to"])
    scale = (width - LEFT) / max((last - first).days, 1)

    def at(day: str | date) -> float:
        known = date.fromisoformat(day) if isinstance(day, str) else day
        return round(LEFT + (known - first).days * scale, 1)

    rows = []
    for number, group in enumerate(line["groups"]):
        marks = [
            _mark(item, at(item["start"]), at(item["end"]) if item.get("end") else None)
            for item in line["items"]
            if item["group"] == group["id"]
        ]
        marks.sort(key=lambda mark: (not mark.width, mark.x))  # days lie over periods
        rows.append(LaneRow(HEAD + number * ROW, shortened(group["text"], LEFT - 8), tuple(marks)))
    every = max(1, -(-(last.year - first.year) // 14))
    years = [
        date(year, 1, 1)
        for year in range(first.year + 1, last.year + 1)
        if (year - first.year - 1) % every == 0
    ]
    return TimeLanes(
        width=width,
        height=HEAD + len(rows) * ROW + 4,
        left=LEFT,
        rows=tuple(rows),
        ticks=tuple(Tick(at(day), str(day.year)) for day in years),
        now=at(line["today"]),
    )


def _mark(item: Mapping[str, Any], begin: float, end: float | None) -> LaneMark:
    wide = max(round(end - begin, 1), 2.0) if end is not None else 0.0
    text = shortened(item["text"], wide - 6) if wide > 24 else ""
    return LaneMark(item["id"], begin, wide, text, item["tip"], item["url"], item["className"])
