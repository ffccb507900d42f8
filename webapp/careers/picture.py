"""The picture of several careers: bars on one axis, drawn by the server, so it prints as it is.

Positions are in the picture's own units. What two of the people share is lit: postings at the same
post or in the same unit at the same time, and the time with the same mentor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from graph.dates import first_day
from queries.careers.career_parts import CareerPosting
from queries.careers.compare import Comparison
from queries.careers.history import Career
from webapp.careers.words import held_as
from webapp.people.timeline import known_to, period
from webapp.pictures.signs import rank_step
from webapp.shell.frame import person_url, post_url, term


@dataclass(frozen=True)
class Bar:
    """One posting in the picture; numbers are in the picture's own units."""

    x: float
    y: float
    width: float
    text: str
    tip: str
    url: str
    step: int  # of the rank
    lit: bool
    planned: bool
    open_end: bool
    vague: bool


@dataclass(frozen=True)
class Row:
    """One person's lanes."""

    id: str
    name: str
    y: float
    height: float
    bars: tuple[Bar, ...]
    note: str


@dataclass(frozen=True)
class ComparisonPicture:
    """All rows with the marks of the axis."""

    width: int
    height: float
    left: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None
    ranks: tuple[tuple[int, str], ...]


WIDTH, LEFT, LANE, AXIS = 1080, 120, 24, 28


def picture(found: Comparison) -> ComparisonPicture:
    """Lay the careers out: by day when aligned by date, else in months from the common day 0."""
    spans = list(_spans(found))
    if not spans:
        return ComparisonPicture(WIDTH, AXIS, LEFT, (), (), None, ())
    low = min(begin for *_rest, begin, _end in spans)
    high = max(max(end for *_rest, end in spans), low + 12)
    scale = (WIDTH - LEFT - 8) / (high - low)
    lit = {id_ for shared in found.shared for id_ in shared.postings}
    ranks = {p.row["rank"] for each in found.careers for p in each.postings}
    rows, y = [], float(AXIS)
    for each, origin in zip(found.careers, found.origins, strict=True):
        mine = [(p, begin, end) for who, p, begin, end in spans if who is each]
        lanes = max((p.lane for p, *_rest in mine), default=0) + 1
        bars = [
            _bar(p, LEFT + (begin - low) * scale, y, (end - begin) * scale, lit)
            for p, begin, end in mine
        ]
        for row, begin, end in _shared_mentors(found, each, origin):
            begin, end = max(begin, low), min(end, high)
            if begin < end:
                x, width = LEFT + (begin - low) * scale, (end - begin) * scale
                bars.append(_mentor_bar(row, x, y + lanes * LANE, width))
                lanes += 1
        note = ""
        if found.align != "date" and origin is None:
            note = _("has no such day")
        height = lanes * LANE + 8
        rows.append(Row(each.person["id"], each.person["name"], y, height, tuple(bars), note))
        y += height
    today = None
    if found.align == "date":
        today = LEFT + (_months(found.careers[0].on) - low) * scale
    return ComparisonPicture(
        WIDTH,
        y,
        LEFT,
        tuple(rows),
        tuple((LEFT + (at - low) * scale, text) for at, text in _ticks(found, low, high)),
        today,
        tuple(sorted((rank_step(rank), term("ranks_and_grades", rank)) for rank in ranks if rank)),
    )


def _spans(found: Comparison) -> Iterator[tuple[Career, CareerPosting, float, float]]:
    for each, origin in zip(found.careers, found.origins, strict=True):
        if found.align != "date" and origin is None:
            continue
        zero = _months(origin) if origin else 0.0
        for p in each.postings:
            if p.begin is None:
                continue
            begin = _months(p.begin)
            end = _months(p.end) if p.end else max(_months(each.on), begin + 1)
            yield each, p, begin - zero, max(end, begin + 0.3) - zero


def _shared_mentors(
    found: Comparison, each: Career, origin: date | None
) -> Iterator[tuple[dict[str, Any], float, float]]:
    """Yield the times with mentors whom another of the people had too, in months of the axis."""
    if found.align != "date" and origin is None:
        return
    zero = _months(origin) if origin else 0.0
    mine = each.person["id"]
    shared = {s.key for s in found.shared if s.what == "mentor" and mine in s.people}
    for row in each.mentors:
        if row["id"] in shared and row["since"]:
            until = first_day(row["until"]) if row["until"] else each.on
            yield row, _months(first_day(row["since"])) - zero, _months(until) - zero


def _mentor_bar(row: dict[str, Any], x: float, y: float, width: float) -> Bar:
    text = _("{mentor} %(name)s", name=row["name"])
    said_period = period(row["since"], row["until"])
    return Bar(
        x=round(x, 1),
        y=round(y + 4, 1),
        width=round(width, 1),
        text=_fitting(text, width),
        tip=f"{text}\n{said_period}",
        url=person_url(row["id"]),
        step=0,
        lit=True,
        planned=False,
        open_end=not row["until"],
        vague=bool(known_to(row["since"]) or known_to(row["until"])),
    )


def _fitting(text: str, width: float) -> str:
    """Cut a text to what a bar has room for."""
    room = max(int(width / 13) - 1, 0)
    if len(text) <= room:
        return text
    return f"{text[: room - 1]}…" if room > 1 else ""


def _months(day: date) -> float:
    return day.year * 12 + day.month - 1 + (day.day - 1) / 31


def _bar(p: CareerPosting, x: float, y: float, width: float, lit: set[str]) -> Bar:
    row = p.row
    place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
    said_period = period(row["since"], p.ends, planned=row["status"] == "planned")
    parts = [
        place,
        held_as(p),
        term("rotation_kinds", row["kind"]),
        term("ranks_and_grades", row["rank"]),
    ]
    return Bar(
        x=round(x, 1),
        y=round(y + 4 + max(p.lane, 0) * LANE, 1),
        width=round(width, 1),
        text=_fitting(row["title"], width),
        tip="\n".join([*(part for part in parts if part), said_period]),
        url=post_url(row["post"]),
        step=rank_step(row["rank"]),
        lit=row["id"] in lit,
        planned=row["status"] == "planned",
        open_end=not p.ends and not p.reversed,
        vague=bool(known_to(row["since"]) or known_to(p.ends)),
    )


def _ticks(found: Comparison, low: float, high: float) -> Iterator[tuple[float, str]]:
    years = (high - low) / 12
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)  # all dates span 20,000 years at most
    step = next(each for each in steps if years / each <= 14)
    first = int(low // 12)
    for year in range(first, int(high // 12) + 1):
        if year * 12 < low or year % step:
            continue
        text = str(year) if found.align == "date" else _("year %(n)s", n=year)
        yield year * 12, text
