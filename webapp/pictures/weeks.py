"""What falls due week by week, as bars in which kinds are stacked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from queries.programme.today import STACK, WeekDue

ROOM = 64  # height of the tallest bar
WIDTH = 36
LEAST = 1.5  # so that one of many is seen

TITLES = {
    "talks": _l("talks, reports"),
    "training": _l("training, care"),
    "stages": _l("changes of stage"),
    "postings": _l("postings that end"),
}


@dataclass(frozen=True)
class WeekPart:
    """One kind in a bar."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class WeekBar:
    """One week: its bar from the bottom up, its figure, its day, and where it leads."""

    parts: tuple[WeekPart, ...]
    top: float
    count: int
    day: str
    url: str
    tip: str


@dataclass(frozen=True)
class WeeksPicture:
    """All of them, and which kinds there are."""

    bars: tuple[WeekBar, ...]
    kinds: tuple[tuple[str, str], ...]
    count: int


def weeks_picture(weeks: Sequence[WeekDue], url_of: Callable[[WeekDue], str]) -> WeeksPicture:
    """Draw weeks; the tallest fills the room."""
    most = max((week.count for week in weeks), default=0)
    unit = (ROOM - LEAST * len(STACK)) / most if most else 0
    kinds = tuple((key, str(TITLES[key])) for key in STACK if any(w.counts[key] for w in weeks))
    bars = tuple(_bar(week, unit, url_of(week)) for week in weeks)
    return WeeksPicture(bars, kinds, sum(week.count for week in weeks))


def _bar(week: WeekDue, unit: float, url: str) -> WeekBar:
    parts, y = [], float(ROOM)
    for kind in STACK:
        if week.counts[kind]:
            height = week.counts[kind] * unit + LEAST
            y -= height
            parts.append(WeekPart(kind, round(y, 1), round(height, 1)))
    told = [f"{TITLES[kind]} {week.counts[kind]}" for kind in STACK if week.counts[kind]]
    days = _("%(since)s to %(until)s", since=week.since, until=week.until)
    day = f"{week.since.month}-{week.since.day:02d}"
    tip = f"{days}{_(':')} {_(', ').join(told) or _('nothing')}"
    return WeekBar(tuple(parts), round(y, 1), week.count, day, url, tip)
