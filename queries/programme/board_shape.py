"""What a board of mentors holds, and what is asked of it: columns, people and ties as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row

MOST_DRAWN = 150  # people in the columns; more are counts of each column

Pairs = Literal["now", "ever"]
ColumnBy = Literal["unit", "generation", "cohort"]
PAIRS: tuple[Pairs, ...] = ("now", "ever")
COLUMNS_BY: tuple[ColumnBy, ...] = ("unit", "generation", "cohort")
GAPS = "gaps"


@dataclass(frozen=True)
class BoardView:
    """Which pairs a board shows, what its columns are, and of whom.

    `only` is `gaps`, one kind of mentor, or nothing for everybody.
    """

    pairs: Pairs = "now"
    by: ColumnBy = "unit"
    only: str = ""


EVERYBODY_NOW = BoardView()


@dataclass(frozen=True)
class BoardMentor:
    """A mentor in a column: how many now and at most, how many ever, when they left."""

    person: str
    name: str
    kind: str
    column: str
    load: int
    capacity: int | None
    ever: int
    left_on: date | None  # the post; None while they hold it
    is_out: bool
    is_former: bool = False  # guides nobody of this kind any more

    @property
    def is_over(self) -> bool:
        """Return whether they guide more than their limit."""
        return self.capacity is not None and self.load > self.capacity


@dataclass(frozen=True)
class BoardTrainee:
    """Somebody in a column: the kinds that are missing, and whose mentor is out of post."""

    person: str
    name: str
    column: str
    cohort: int | None
    stage: str | None
    missing: tuple[str, ...]
    missing_since: date | None
    out_of_post: tuple[str, ...]  # mentors
    needs: bool = True  # mentors; who is past that does not


@dataclass(frozen=True)
class BoardTie:
    """A pair: by a post, or between people; it runs, or has ended."""

    mentor: str
    trainee: str
    kind: str
    by_post: bool
    is_right: bool
    runs: bool = True


@dataclass(frozen=True)
class BoardColumn:
    """A unit, a generation or a cohort with what stands in it."""

    key: str
    unit: str
    name: str
    trainees: int
    mentors: int
    missing: int
    out_of_post: int
    first: tuple[str, ...] = ()  # where all ties are shown: those of most trainees


class MentorBoardDict(TypedDict):
    """The board as plain values."""

    on: str
    pairs: str
    by: str
    only: str
    needing: int
    complete: int
    missing: int
    out_of_post: int
    pairs_now: int
    pairs_ever: int
    columns: list[Annotated[Row, FieldsOf(BoardColumn)]]
    mentors: list[Annotated[Row, FieldsOf(BoardMentor)]]
    trainees: list[Annotated[Row, FieldsOf(BoardTrainee)]]
    past: list[str]
    ties: list[Annotated[Row, FieldsOf(BoardTie)]]
    generations: list[int]
    longest: list[str]
    names: dict[str, str]


@dataclass(frozen=True)
class MentorBoard:
    """Everybody who needs mentors or guides, as they stand on a day."""

    on: date
    view: BoardView
    complete: int
    pairs_now: int
    pairs_ever: int
    columns: tuple[BoardColumn, ...]
    mentors: tuple[BoardMentor, ...]  # by column, then in the order of the kinds
    trainees: tuple[BoardTrainee, ...]  # by column and cohort
    past: tuple[str, ...]  # who needs none any more and stands in no column, by cohort
    ties: tuple[BoardTie, ...]
    generations: tuple[int, ...]  # people of each generation, the first mentors first
    longest: tuple[str, ...]  # one longest line of mentors, from the top
    cohorts: dict[str, int | None] = field(default_factory=dict)  # of those past
    names: dict[str, str] = field(default_factory=dict)  # of whoever else is named

    @cached_property
    def name_of(self) -> dict[str, str]:
        """Return the name of everybody on it."""
        trainees = {each.person: each.name for each in self.trainees}
        return trainees | {each.person: each.name for each in self.mentors} | self.names

    @property
    def needing(self) -> tuple[BoardTrainee, ...]:
        """Return who needs mentors."""
        return tuple(each for each in self.trainees if each.needs)

    @property
    def missing(self) -> tuple[BoardTrainee, ...]:
        """Return who lacks a mentor, longest first."""
        lacking = [each for each in self.trainees if each.missing]
        return tuple(
            sorted(lacking, key=lambda each: (each.missing_since or date.min, each.person))
        )

    @property
    def out_of_post(self) -> tuple[BoardTrainee, ...]:
        """Return whose mentor is not in the post."""
        return tuple(each for each in self.trainees if each.out_of_post)

    @property
    def is_drawn(self) -> bool:
        """Return whether the people are so few that each has a mark."""
        shown = len(self.trainees) + (self.view.by != "unit" and len(self.mentors))
        return 0 < shown <= MOST_DRAWN and bool(self.columns)

    def as_dict(self) -> MentorBoardDict:
        """Return plain values for JSON."""
        return {
            "on": self.on.isoformat(),
            "pairs": self.view.pairs,
            "by": self.view.by,
            "only": self.view.only,
            "needing": len(self.needing),
            "complete": self.complete,
            "missing": len(self.missing),
            "out_of_post": len(self.out_of_post),
            "pairs_now": self.pairs_now,
            "pairs_ever": self.pairs_ever,
            "columns": [_plain(each) for each in self.columns],
            "mentors": [_plain(each) for each in self.mentors],
            "trainees": [_plain(each) for each in self.trainees],
            "past": list(self.past),
            "ties": [_plain(each) for each in self.ties],
            "generations": list(self.generations),
            "longest": list(self.longest),
            "names": dict(self.names),
        }


def _plain(value: BoardColumn | BoardMentor | BoardTrainee | BoardTie) -> Row:
    return {
        key: each.isoformat()
        if isinstance(each, date)
        else list(each)
        if isinstance(each, tuple)
        else each
        for key, each in vars(value).items()
    }
