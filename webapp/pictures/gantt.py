"""A Gantt of the next moves: a row a person or post, drawn on one axis of quarters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.dates import add_months
from webapp.pictures.path_line import shortened
from webapp.pictures.signs import rank_step

WIDTH = 740
ROW = 18
MONTHS_BEFORE = 24
MONTHS_AFTER = 18

SpanKind = Literal["held", "over", "open", "planned", "vacant"]


@dataclass(frozen=True)
class GanttSpan:
    """One bar; `step` is that of the rank where something is held."""

    kind: SpanKind
    x: float
    width: float
    text: str
    short_text: str
    step: int = 0


@dataclass(frozen=True)
class GanttMark:
    """A tick on a row: the limit, or the earliest day."""

    kind: Literal["limit", "earliest"]
    x: float


@dataclass(frozen=True)
class GanttRow:
    """What one row shows."""

    spans: tuple[GanttSpan, ...]
    marks: tuple[GanttMark, ...]


@dataclass(frozen=True)
class GanttAxis:
    """The days that a Gantt shows, and the period that is planned next."""

    on: date
    first: date
    last: date
    period: tuple[date, date]  # half-open
    width: int = WIDTH

    @classmethod
    def around(cls, on: date, period: tuple[date, date], width: int = WIDTH) -> GanttAxis:
        """Return the usual axis: two years before a day, and what follows it."""
        return cls(on, add_months(on, -MONTHS_BEFORE), add_months(on, MONTHS_AFTER), period, width)

    def x(self, day: date) -> float:
        """Return where a day stands; days beyond the axis stand at its ends."""
        whole = (self.last - self.first).days
        at = min(max((day - self.first).days, 0), whole)
        return round(at / whole * self.width, 1)

    def short(self, day: date) -> str:
        """Return a day without its year where the planned period leaves no doubt of it."""
        is_near = self.on <= day < self.period[1] and day.year == self.on.year
        return f"{day:%m-%d}" if is_near else day.isoformat()

    @property
    def now(self) -> float:
        """Return where the day that is looked at stands."""
        return self.x(self.on)

    @property
    def next_period(self) -> tuple[float, float]:
        """Return where the planned period begins, and its width."""
        begin, end = map(self.x, self.period)
        return begin, round(end - begin, 1)

    @property
    def quarters(self) -> tuple[tuple[float, date], ...]:
        """Return the first days of the quarters with their places."""
        found = []
        day = date(self.first.year, 1 + 3 * ((self.first.month - 1) // 3), 1)
        while day <= self.last:
            if day >= self.first:
                found.append((self.x(day), day))
            after = add_months(day, 3)
            if after.day != 1:  # the last day of the last year: nothing follows
                break
            day = after
        return tuple(found)

    def span(
        self,
        kind: SpanKind,
        since: date,
        until: date,
        text: str = "",
        rank: str | None = None,
        brief: str = "",
    ) -> GanttSpan | None:
        """Return a bar between two days; None where nothing of it is on the axis.

        `brief` stands in it where the text does not fit.
        """
        begin, end = self.x(since), self.x(until)
        if end <= begin:
            return None
        width = round(end - begin, 1)
        room = (width - 6) / 1.23
        fits = not brief or shortened(text, room) == text
        return GanttSpan(
            kind, begin, width, text, shortened(text if fits else brief, room), rank_step(rank)
        )

    def row(
        self, spans: Iterable[GanttSpan | None], marks: Iterable[tuple[str, date | None]] = ()
    ) -> GanttRow:
        """Return a row of what is on the axis."""
        kept = []
        for kind, day in marks:
            if day is not None and self.first <= day <= self.last:
                kept.append(GanttMark("limit" if kind == "limit" else "earliest", self.x(day)))
        return GanttRow(tuple(span for span in spans if span), tuple(kept))
