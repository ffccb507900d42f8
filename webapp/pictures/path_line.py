"""Path lines: a person's way as a bar by rank, with the signs of units, what ran beside, and the
next legal rise. Positions are in the picture's own units, which are pixels where there is room.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from flask_babel import gettext as _

from queries.careers.lines import CareerLine, LinePost
from webapp.pictures.signs import rank_step, unit_sign
from webapp.shell.frame import person_url, term

ROW = 11.5
GAP = 4  # between cohorts
HEAD = 18
NAME_END = 118  # where names end; cohorts stand before them
YEAR = 365.25
SIGN_WIDTH = 11
Alignment = Literal["entry", "calendar"]


@dataclass(frozen=True)
class LineBar:
    """One main post: where, of which step of rank, with which sign, and what it says."""

    x: float
    width: float
    step: int
    sign: str
    tip: str


@dataclass(frozen=True)
class Rise:
    """The next rank: from where the dots run to where the triangle stands."""

    x: float
    until: float
    state: str
    tip: str


@dataclass(frozen=True)
class DrawnLine:
    """One person's line."""

    id: str
    name: str
    short_name: str
    person_url: str
    y: float
    bars: tuple[LineBar, ...]
    beside: tuple[LineBar, ...]
    rise: Rise | None
    serves: bool


@dataclass(frozen=True)
class Tick:
    """One line of the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Heading:
    """What a cohort is called, and how many stand below it."""

    y: float
    label: str
    count: int


@dataclass(frozen=True)
class LinesPicture:
    """Lines below each other, with their axis."""

    width: int
    height: float
    left: float
    ticks: tuple[Tick, ...]
    headings: tuple[Heading, ...]
    lines: tuple[DrawnLine, ...]
    least: Tick | None  # the least time to the first rank above the lowest


@dataclass(frozen=True)
class _Axis:
    """What a day is in the picture, of a line that began on another day."""

    left: float
    scale: float  # picture units a day
    origin: date | None  # None: each line begins at its own entry

    def at(self, day: date, entry: date) -> float:
        return round(self.left + (day - (self.origin or entry)).days * self.scale, 1)


def lines_picture(
    lines: Sequence[CareerLine],
    width: int,
    align: Alignment = "entry",
    least_months: int | None = None,
    least_text: str = "",
) -> LinesPicture:
    """Draw people's ways below each other, cohort by cohort, on one axis."""
    axis, ticks = _axis(lines, width, align)
    headings, drawn = [], []
    y = float(HEAD)
    for cohort, those in groupby(lines, key=lambda line: line.cohort):
        members = list(those)
        headings.append(Heading(y, str(cohort or "?"), len(members)))
        for line in members:
            drawn.append(_drawn(line, axis, y, width))
            y += ROW
        y += GAP
    least = None
    if least_months and align == "entry":
        x = round(axis.left + least_months / 12 * YEAR * axis.scale, 1)
        least = Tick(x, least_text) if x < width else None
    return LinesPicture(
        width=width,
        height=y + (ROW if least else 0),
        left=axis.left,
        ticks=ticks,
        headings=tuple(headings),
        lines=tuple(drawn),
        least=least,
    )


def one_line(
    line: CareerLine, width: int, years: float | None = None, with_axis: bool = False
) -> LinesPicture:
    """Draw one person's way alone, without names; `years` make several such lines comparable.

    An axis tells the calendar years above it.
    """
    span = max(years or line.years, 0.5)
    axis = _Axis(0, (width - 12) / (span * YEAR), None)
    drawn = _drawn(line, axis, HEAD if with_axis else 0, width)
    ticks = tuple(_calendar(line, axis)) if with_axis else ()
    return LinesPicture(width, 14 + (HEAD if with_axis else 0), 0, ticks, (), (drawn,), None)


def _calendar(line: CareerLine, axis: _Axis) -> Iterator[Tick]:
    """Return the years of one line, as many as have room for their figures."""
    first, last = line.entry.year + 1, _last_day(line).year
    room = 40 / (axis.scale * YEAR)
    for year in range(first, last + 1, max(1, math.ceil(room))):
        x = axis.at(date(year, 1, 1), line.entry)
        if x >= 16:
            yield Tick(x, str(year))


def _axis(
    lines: Sequence[CareerLine], width: int, align: Alignment
) -> tuple[_Axis, tuple[Tick, ...]]:
    room = width - NAME_END - 16
    if align == "calendar":
        first = min((line.entry for line in lines), default=date.today())
        last = max((_last_day(line) for line in lines), default=first)
        origin = date(first.year, 1, 1)
        axis = _Axis(NAME_END, room / max((last - origin).days, 365), origin)
        every = max(1, round((last.year - first.year) / 14))
        years = range(first.year, last.year + 1, every)
        return axis, tuple(Tick(axis.at(date(year, 1, 1), origin), str(year)) for year in years)
    longest = max(((_last_day(line) - line.entry).days / YEAR for line in lines), default=1.0)
    longest = max(longest, 1.0)
    axis = _Axis(NAME_END, room / (longest * YEAR), None)
    every = max(1, round(longest / 12))
    ticks = [Tick(NAME_END, _("entry"))]
    ticks += [
        Tick(round(NAME_END + year * YEAR * axis.scale, 1), _("%(n)s y", n=year))
        for year in range(every, int(longest) + 1, every)
    ]
    return axis, tuple(ticks)


def _last_day(line: CareerLine) -> date:
    """Return the last day that a line shows: the next rise, if it is within three years."""
    rise = line.next_rise.day if line.next_rise else None
    if rise and (rise - line.until).days <= 3 * YEAR:
        return max(line.until, rise)
    return line.until


def _drawn(line: CareerLine, axis: _Axis, y: float, width: int) -> DrawnLine:
    def at(day: date) -> float:
        return axis.at(day, line.entry)

    return DrawnLine(
        id=line.person,
        name=line.name,
        short_name=shortened(line.name, 68),
        person_url=person_url(line.person),
        y=y,
        bars=tuple(_bars(line.posts, at)),
        beside=tuple(
            LineBar(
                at(each.since),
                max(at(each.until) - at(each.since), 1.5),
                0,
                "",
                _said(each.since, each.until, term("rotation_kinds", each.kind), each.unit_name),
            )
            for each in line.beside
        ),
        rise=_rise(line, at, width),
        serves=line.serves,
    )


def _bars(posts: Iterable[LinePost], at: Callable[[date], float]) -> list[LineBar]:
    found: list[LineBar] = []
    before: str | None = None
    for each in posts:
        x = at(each.since)
        wide = max(at(each.until) - x, 1.0)
        sign = unit_sign(each.unit_kind) if wide >= SIGN_WIDTH and each.unit != before else ""
        words = _said(each.since, each.until, term("ranks", each.rank), each.unit_name, each.title)
        found.append(LineBar(x, round(wide, 1), rank_step(each.rank), sign, words))
        before = each.unit
    return found


def _rise(line: CareerLine, at: Callable[[date], float], width: int) -> Rise | None:
    rise = line.next_rise
    if rise is None or not line.serves:
        return None
    now, rank = at(line.until), term("ranks", rise.rank)
    if rise.state == "open":
        words = _("May rise to %(rank)s now", rank=rank)
        return Rise(now, now + 4, "open", words)
    if rise.day is None:
        words = _("Whether %(rank)s is open is not decided: facts are missing", rank=rank)
        return Rise(now, now + 4, "undecided", words) if rise.state == "undecided" else None
    words = _(
        "%(rank)s at the earliest on %(day)s (%(rules)s)",
        rank=rank,
        day=rise.day,
        rules=", ".join(rise.rules),
    )
    return Rise(now, min(at(rise.day), width - 8), "waits", words)


def _said(since: date, until: date, *words: str | None) -> str:
    said = " ".join(word for word in words if word)
    return _("%(since)s to %(until)s %(what)s", since=since, until=until, what=said)


def shortened(text: str, room: float) -> str:
    """Return a text that fits a room in picture units, cut with an ellipsis where it is longer.

    >>> shortened("欧阳文博", 68), shortened("Maximilian Featherstone", 68)
    ('欧阳文博', 'Maximilian…')
    """
    wide = [11.0 if ord(sign) > 0x2E7F else 6.0 for sign in text]
    if sum(wide) <= room:
        return text
    kept, taken = "", 8.0
    for sign, each in zip(text, wide, strict=True):
        if taken + each > room:
            break
        kept, taken = kept + sign, taken + each
    return f"{kept}…"
