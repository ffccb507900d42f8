"""The sheets of an unknown file and their columns, as they are looked at; and what is odd."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from loaders.kinds import DoubtDict
from loaders.problems import KINDS, LANGUAGE, shown

ROWS_TOLD = 20  # of a doubt


@dataclass
class GuessedColumn:
    """One column of a sheet: its heading, its values with their rows, and what it seems to mean."""

    heading: str
    samples: list[str]
    values: list[str] = field(repr=False)
    rows: list[int] = field(default_factory=list, repr=False)  # of the values
    nested: str = ""  # an example, where cells hold lists or objects
    meaning: str = ""  # a key of MEANINGS; empty: it is not read
    why: str = ""  # "heading", "dates", "reference"
    about: str = ""  # why it is not read: a code of a doubt
    is_read: bool = False  # by some entry of the proposal
    forms: tuple[str, ...] = ()  # of its dates
    pivot: int | None = None
    is_period: bool = False
    is_through: bool = False  # its dates are the last days of periods, and belong to them
    steps: list[Any] = field(default_factory=list)  # of its names or ids
    between: tuple[str, ...] = ()  # what stands between several names in a cell
    is_list: bool = False  # its cells are lists
    ids: dict[str, str] = field(default_factory=dict)  # of those that it names
    kind: str = ""  # of the ties that it makes

    @property
    def pairs(self) -> list[tuple[int, str]]:
        """Return row and text of each cell that holds something."""
        return list(zip(self.rows, self.values, strict=True))


@dataclass
class GuessedSheet:
    """One sheet of a file and its columns."""

    key: str  # the name of the file in the description
    file: str
    sheet: str
    heading_row: int
    columns: list[GuessedColumn]
    is_workbook: bool = False
    row_count: int = 0
    has_more: bool = False  # rows than were looked at
    notes: list[tuple[int, str]] = field(default_factory=list)  # rows that are not read
    beside: list[str] = field(default_factory=list)  # what its file holds that is no table
    undirected: tuple[str, tuple[str, ...]] = ("", ())  # a column and its words for no direction

    def column(self, meaning: str) -> GuessedColumn | None:
        """Return the first column of a meaning."""
        return next((each for each in self.columns if each.meaning == meaning), None)

    def all(self, meaning: str) -> list[GuessedColumn]:
        """Return the columns of a meaning."""
        return [each for each in self.columns if each.meaning == meaning]

    def values(self, meaning: str) -> list[str]:
        """Return the values that were looked at in the column of a meaning."""
        column = self.column(meaning)
        return column.values if column else []

    @property
    def is_list(self) -> bool:
        """Return whether a row is a person, and not a posting or a tie."""
        has = self.has
        return "person" in has and not has & {"post", "post_id", "mentor", "mentor_id", "trainee"}

    @property
    def has(self) -> set[str]:
        """Return the meanings that its columns have."""
        return {column.meaning for column in self.columns if column.meaning}


@dataclass(frozen=True)
class Doubt:
    """Something odd that a person must have looked at before the files are stored."""

    code: str
    file: str
    sheet: str
    column: str
    rows: tuple[int, ...]
    message: str

    def as_dict(self) -> DoubtDict:
        """Return the JSON of it."""
        return {
            "code": self.code,
            "file": self.file,
            "sheet": self.sheet or None,
            "column": self.column or None,
            "rows": list(self.rows),
            "message": self.message,
        }


class Doubts:
    """The doubts met so far, worded in one language."""

    def __init__(self, language: str = LANGUAGE) -> None:
        self._language = language
        self.found: list[Doubt] = []

    def add(
        self,
        code: str,
        sheet: GuessedSheet,
        column: GuessedColumn | None = None,
        rows: Iterable[int] = (),
        value: str = "",
        **details: Any,
    ) -> None:
        """Word one doubt; the same one of the same place is told once."""
        kind = KINDS[code]
        parts = kind.en if self._language == "en" else kind.zh
        texts = [each.format(value=shown(value), **details) for each in parts]
        message = (" " if self._language == "en" else "").join(filter(None, texts))
        heading = column.heading if column else ""
        told = tuple(sorted(set(rows)))[:ROWS_TOLD]
        doubt = Doubt(code, sheet.file, sheet.sheet, heading, told, message)
        if doubt not in self.found:
            self.found.append(doubt)


def first_words(values: Sequence[str], most: int = 3) -> str:
    """Return some values as a person would list them."""
    some = list(dict.fromkeys(values))
    return ", ".join(some[:most]) + (" …" if len(some) > most else "")
