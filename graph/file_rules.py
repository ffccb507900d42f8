"""The rules of `programme.yaml` for the growth file and the portrait, and what each one takes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from graph.declared import Count, Frozen, Months
from graph.rules import (
    ActivityKind,
    Level,
    MentoringKind,
    RecordKind,
    Result,
    RotationKind,
    RuleUse,
    Stage,
    Window,
)

PersonField = Literal[
    "cohort", "joined_on", "born_on", "native_place", "education", "specialties", "status"
]


# --- the growth file: each part is there or not -----------------------------------------------


class Filled(Frozen):
    """Each of these facts of the person is known."""

    fields: tuple[PersonField, ...]


class HoldsRecords(Frozen):
    """There is a record of each of these kinds; with `each_year`, for each year since joining."""

    records: tuple[RecordKind, ...]
    each_year: bool = False


class EachYear(Frozen):
    """So many records of a kind for each year of service, of each of these levels if given.

    Years count `since` one; with `full_years` only those served from the first day to the last,
    with `while` only those spent in one of these stages at some time. What is written in the first
    `months_after` months of a year is of the year before, and asked for when these are over.
    """

    record: RecordKind
    levels: tuple[Level, ...] = ()
    at_least: Count = 1
    since: Annotated[int, Field(ge=1900, le=2200)] | None = None
    full_years: bool = False
    months_after: Annotated[int, Field(ge=0, le=11)] = 0
    while_: tuple[Stage, ...] = Field(default=(), alias="while")


class HoldsAttendance(Frozen):
    """At least one activity of these kinds was attended, within so long after joining if given."""

    kinds: tuple[ActivityKind, ...]
    within_months: Months | None = None


class HoldsPostings(Frozen):
    """There is a posting, and each one has its first day."""


class HoldsMentoring(Frozen):
    """There has been a mentor of each of these kinds."""

    kinds: tuple[MentoringKind, ...]


# --- the portrait: each axis is a figure, and the figure that fills it ------------------------


class Assessed(Frozen):
    """The last conclusion of records of a kind in so many months, on a scale from the worst up.

    `beside` are kinds whose last conclusion is shown beside it, as 群众评价; they change no figure.
    """

    record: RecordKind
    scale: Annotated[tuple[Result, ...], Field(min_length=2)]
    months: Months
    beside: tuple[RecordKind, ...] = ()

    @property
    def full(self) -> int:
        """Return the place of the best conclusion."""
        return len(self.scale)


class RecordsCounted(Window):
    """Records of a kind in the window (with one of these results or levels, if given)."""

    record: RecordKind
    results: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    full: Count


class AttendanceCounted(Window):
    """Activities of these kinds attended in the window."""

    kinds: tuple[ActivityKind, ...]
    full: Count


class KindsServed(Frozen):
    """Different rotation kinds, out of these, that the person has begun."""

    kinds: tuple[RotationKind, ...]
    full: Count


class MonthsServed(Frozen):
    """Months in rotations of these kinds."""

    kinds: tuple[RotationKind, ...]
    full: Count


class FileComplete(Frozen):
    """Kinds of record, out of these, of which the growth file holds at least one."""

    records: tuple[RecordKind, ...]
    full: Count


class FileRule(RuleUse):
    """What one part of the growth file asks."""

    filled: Filled | None = None
    holds_records: HoldsRecords | None = None
    each_year: EachYear | None = None
    holds_attendance: HoldsAttendance | None = None
    holds_postings: HoldsPostings | None = None
    holds_mentoring: HoldsMentoring | None = None


class AxisRule(RuleUse):
    """What fills an axis of the portrait."""

    assessed: Assessed | None = None
    records: RecordsCounted | None = None
    attendances: AttendanceCounted | None = None
    kinds_served: KindsServed | None = None
    months_served: MonthsServed | None = None
    file_complete: FileComplete | None = None
