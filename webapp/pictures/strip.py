"""Strips of dots: how many months each person needed, who still waits, and what the law asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from queries.careers.rank_arrivals import RankTime

WIDTH = 300
ROOM = 40  # height of the dots
RADIUS = 2.5
MOST_DOTS = 150  # more than that are bars


@dataclass(frozen=True)
class Dot:
    """One person, or in a strip of very many a bar of people."""

    x: float
    y: float
    height: float
    kind: str  # arrived, early, waiting
    tip: str


@dataclass(frozen=True)
class Strip:
    """One rank's times on an axis of months."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    is_bars: bool
    ticks: tuple[tuple[float, int], ...]
    legal: float | None  # where the least legal time ends
    median: float | None


def rank_strip(time: RankTime) -> Strip:
    """Place everybody who arrived or waits at their months; equal ones stand on each other."""
    longest = max([each.months for each in time.waited] + [time.legal_months or 0, 24])
    most = 24 * (longest // 24 + 1)
    scale = (WIDTH - 16) / most
    bin_months = max(1, round(2 * RADIUS / scale))
    least = time.legal_months or 0
    found: list[tuple[int, str, str]] = []
    for each in time.waited:
        kind = "waiting"
        if each.has_arrived:
            kind = "early" if each.months < least else "arrived"
        found.append((each.months // bin_months, kind, f"{each.name} {each.months}"))
    found.sort(key=lambda row: (row[0], ("early", "arrived", "waiting").index(row[1])))
    is_bars = len(found) > MOST_DOTS
    dots = _bars(found, bin_months, scale) if is_bars else _dots(found, bin_months, scale)
    every = 24 if most <= 144 else 60 if most <= 360 else 120
    return Strip(
        width=WIDTH,
        height=ROOM + 20,
        dots=tuple(dots),
        is_bars=is_bars,
        ticks=tuple((round(8 + months * scale, 1), months) for months in range(0, most, every)),
        legal=round(8 + least * scale, 1) if time.legal_months else None,
        median=round(8 + time.median_months * scale, 1) if time.median_months is not None else None,
    )


def _dots(found: list[tuple[int, str, str]], bin_months: int, scale: float) -> list[Dot]:
    heights: Counter[int] = Counter()
    tallest = max(Counter(place for place, _, _ in found).values(), default=1)
    step = min(2 * RADIUS + 0.5, (ROOM - RADIUS) / tallest)
    dots = []
    for place, kind, tip in found:
        y = ROOM - RADIUS - heights[place] * step
        heights[place] += 1
        dots.append(
            Dot(round(8 + (place + 0.5) * bin_months * scale, 1), round(y, 1), 0, kind, tip)
        )
    return dots


def _bars(found: list[tuple[int, str, str]], bin_months: int, scale: float) -> list[Dot]:
    counts = Counter((place, kind) for place, kind, _ in found)
    totals: Counter[int] = Counter()
    for (place, _kind), count in counts.items():
        totals[place] += count
    unit = ROOM / max(totals.values(), default=1)
    stacked: Counter[int] = Counter()
    bars = []
    for (place, kind), count in sorted(counts.items()):
        height = count * unit
        y = ROOM - stacked[place] * unit - height
        stacked[place] += count
        x = round(8 + (place + 0.5) * bin_months * scale, 1)
        bars.append(Dot(x, round(y, 1), round(height, 1), kind, str(count)))
    return bars
