"""What one person's career is made of: postings with the times in which they count, gaps, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from graph.store import Row
from queries.careers.career_rows import CareerPostingRow, HeldAs


class Span(NamedTuple):
    """A time in which a posting counts, as far as known on the day asked for."""

    since: date
    until: date | None  # None: it goes on
    since_text: str  # as its source gave it
    until_text: str | None


@dataclass(frozen=True)
class CareerPosting:
    """One posting of the person: how it was held, its lane and its length."""

    row: Row
    lane: int  # concurrent postings stand in different lanes; -1: its begin is not known
    spans: tuple[Span, ...]  # in service; none for one that was never held or is planned
    held_as: HeldAs | None  # main: at any time; None: it does not count
    begin: date | None
    end: date | None  # the end that is read, recorded or not; None: it goes on, or is none
    ends: str | None  # the same as text, as its source gave it
    end_not_recorded: bool  # it is read as ended on the day on which the next one begins
    months: int | None  # whole months until its end, or until the day while it runs
    runs: bool  # held on the day
    reversed: bool  # its end stands before its begin: a mistake of the source

    def as_dict(self) -> CareerPostingRow:
        """Return plain values for JSON."""
        return {
            **self.row,
            "lane": self.lane,
            "held_as": self.held_as,
            "ends": self.ends,
            "end_not_recorded": self.end_not_recorded,
            "months": self.months,
            "runs": self.runs,
            "reversed": self.reversed,
        }


@dataclass(frozen=True)
class CareerGap:
    """A time in service in which no home posting is known."""

    since: str
    until: str
    months: int
    certain: bool  # False: dates of reduced precision may close it
    before: str | None  # title of the posting before; None: since joining
    after: str


@dataclass(frozen=True)
class RankStep:
    """The day from which another rank than before is held, by home postings alone."""

    rank: str
    since: str
    months_from_entry: int | None
    how: Literal["rise", "fall"]


def together(postings: tuple[CareerPosting, ...]) -> Iterator[tuple[Row, Row, str, str | None]]:
    """Yield the home postings held at once; beside postings have their own place."""
    homes = [p for p in postings if p.held_as in ("main", "also_held")]
    for at, one in enumerate(homes):
        for other in homes[at + 1 :]:
            both = common(one, other)
            if both is not None:
                yield one.row, other.row, *both


def common(one: CareerPosting, other: CareerPosting) -> tuple[str, str | None] | None:
    """Return the first time in which two postings were held both; None when there is none."""
    for a in one.spans:
        for b in other.spans:
            later = max(a, b, key=lambda span: span.since)
            sooner = min(a, b, key=lambda span: span.until or date.max)
            if sooner.until is None or later.since < sooner.until:
                return later.since_text, sooner.until_text
    return None
