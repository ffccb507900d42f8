"""Where the rows of a mapped table come from, so that problems name the file that a person has."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loaders.problems import Place


class Origins:
    """For each row that is given: its file and its row there, kept as runs of following rows."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._rows = array("q")  # the first row of each run, as it is given
        self._place = array("l")
        self._source = array("q")  # the row it has in its own file
        self._last = 0

    def note(self, row: int, place: int, source: int) -> None:
        """Remember one row; rows come in order, and again each time the table is read."""
        if row <= self._last:
            return
        self._last = row
        is_next = self._rows and source - self._source[-1] == row - self._rows[-1]
        if is_next and self._place[-1] == place:
            return
        self._rows.append(row)
        self._place.append(place)
        self._source.append(source)

    def note_all(self, row: int, place: int, sources: Sequence[int]) -> None:
        """Remember rows that follow one another as they are given."""
        if sources and row > self._last and sources[-1] - sources[0] == len(sources) - 1:
            self.note(row, place, sources[0])
            self._last = row + len(sources) - 1
            return
        for number, source in enumerate(sources, row):
            self.note(number, place, source)

    def find(self, row: int) -> tuple[Place, int | None]:
        """Return the file of a row and its row there."""
        at = bisect_right(self._rows, row) - 1
        if at < 0:
            return (self.places[0] if self.places else Place()), None
        return self.places[self._place[at]], self._source[at] + row - self._rows[at]


@dataclass(frozen=True)
class SourcePlace(Place):
    """A row of a mapped table: its file is shown as it is, its columns by their own headings."""

    origins: Origins = field(default_factory=Origins, compare=False, repr=False)
    headings: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def at(self, row: int | None) -> Place:
        """Return the place in its own file of a row that was given."""
        if row is None:
            return self
        place, number = self.origins.find(row)
        return SourcePlace(place.file, place.sheet, number, self.origins, self.headings)

    def heading(self, column: str) -> str:
        """Return the heading that a column has in its file."""
        return self.headings.get(column, column)

    def row_shown(self, row: object) -> object:
        """Return another row of the same table as its own file counts it."""
        if not isinstance(row, int):
            return row
        place, number = self.origins.find(row)
        return number if place.file == self.file else f"{number} ({place.file})"
