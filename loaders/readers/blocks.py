"""Rows of a table by column: `Block`, made of rows or of columns, and texts cleaned as a whole.

polars holds the columns; it is imported with the first block, as most commands read no file.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.upsert import BATCH
from loaders.readers.cells import Cells, Cleaning

if TYPE_CHECKING:
    import polars as pl
else:

    class _Polars:
        """Stands for the library, which takes longer to import than many a command to run."""

        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("polars"), name)

    pl = _Polars()

__all__ = [
    "MAY_NEED_CLEANING", "Block", "blocks_of", "cleaned", "in_batches", "meant", "of_columns",
    "of_rows", "pl", "replaced",
]  # fmt: skip

# A text of these characters only, without outer blanks and apostrophe, is as it should be: each is
# plain, its own NFC form whatever stands beside it, and no digit of double width.
_SAFE = (
    "!-~\u00a1-\u02ff\u2010-\u2027\u2030-\u205e\u3001-\u3029\u3030-\u3098\u309b-\u9fff"
    "\uff01-\uff0f\uff1a-\uff5e"
)
MAY_NEED_CLEANING = f"[^{_SAFE} ]|^[ ']| $"

_TEXT_TYPES = {str, type(None)}


@dataclass(frozen=True)
class Block:
    """Some rows by column: texts, null where a cell is empty.

    What no column of texts can hold (of JSON, of a step that failed) stands in `others`, by the
    places of its row and column.
    """

    columns: list[pl.Series]
    height: int
    others: Mapping[tuple[int, int], Any] = field(default_factory=dict)

    def rows(self, most: int | None = None) -> list[Cells]:
        """Return the first rows, as lists of cells."""
        height = self.height if most is None else min(most, self.height)
        if not self.columns:
            return [[] for _ in range(height)]
        columns = [column.head(height).to_list() for column in self.columns]
        for (row, at), value in self.others.items():
            if row < height:
                columns[at][row] = value
        return list(map(list, zip(*columns, strict=True)))

    def cells(self, at: int) -> list[Any]:
        """Return the cells of one column; of one that is absent as if it were empty."""
        if at >= len(self.columns):
            return [None] * self.height
        cells = self.columns[at].to_list()
        for (row, column), value in self.others.items():
            if column == at:
                cells[row] = value
        return cells

    def cleaned(self, cleaning: Cleaning | None, only: Collection[int] | None = None) -> Block:
        """Return the rows as they are read; `only` some columns where others do not matter."""
        columns = [
            cleaned(column, cleaning) if only is None or at in only else column
            for at, column in enumerate(self.columns)
        ]
        return Block(columns, self.height, self.others)

    def without_first(self, count: int) -> Block:
        """Return the rows after the first ones."""
        if not count:
            return self
        others = {
            (row - count, at): value for (row, at), value in self.others.items() if row >= count
        }
        columns = [column.slice(count) for column in self.columns]
        return Block(columns, max(0, self.height - count), others)


def of_rows(rows: Sequence[Cells]) -> Block:
    """Return rows of cells as a block; short ones are filled up."""
    width = max(map(len, rows), default=0)
    if any(len(cells) != width for cells in rows):
        rows = [[*cells, *[None] * (width - len(cells))] for cells in rows]
    return of_columns(list(zip(*rows, strict=True)), len(rows))


def of_columns(columns: Sequence[Sequence[Any]], height: int) -> Block:
    """Return columns of cells as a block."""
    made: list[pl.Series] = []
    others: dict[tuple[int, int], Any] = {}
    for at, cells in enumerate(columns):
        try:
            if not _TEXT_TYPES.issuperset(map(type, cells)):
                raise TypeError
            made.append(pl.Series(_without_empty(cells), dtype=pl.String))
        except (TypeError, UnicodeEncodeError):  # or half a character, which is no text
            is_text = [type(cell) is str and _is_whole(cell) for cell in cells]
            both = list(zip(cells, is_text, strict=True))
            texts = [cell if known else None for cell, known in both]
            made.append(pl.Series(_without_empty(texts), dtype=pl.String))
            for row, (cell, known) in enumerate(both):
                if not known and cell is not None:
                    others[row, at] = cell
    return Block(made, height, others)


def _without_empty(texts: Sequence[str | None]) -> Sequence[str | None]:
    return [text or None for text in texts] if "" in texts else texts


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def blocks_of(rows: Iterable[list[Cells]]) -> Iterator[Block]:
    """Return lists of rows as blocks."""
    return map(of_rows, rows)


def cleaned(column: pl.Series, cleaning: Cleaning | None) -> pl.Series:
    """Return a column of texts as they are read; few cells need it, and are looked at."""
    if cleaning is None:
        return column
    asked = column.filter(column.str.contains(MAY_NEED_CLEANING)).unique().to_list()
    changed = {text: done for text in asked if (done := cleaning.clean(text)) != text}
    return replaced(column, changed)


def replaced(column: pl.Series, changed: Mapping[Any, Any]) -> pl.Series:
    """Return a column with other values where it has some texts."""
    if not changed:
        return column
    new = pl.Series(list(changed.values()), dtype=pl.String)
    return column.replace(list(changed), new)


def meant(column: pl.Series, meanings: Mapping[Any, Any], dtype: Any) -> pl.Series:
    """Return what the texts of a column mean; null where nothing is told of one."""
    table = pl.DataFrame(
        {"text": list(meanings), "value": list(meanings.values())},
        schema={"text": pl.String, "value": dtype},
    )
    return column.to_frame("text").join(table, "text", "left", maintain_order="left")["value"]


def in_batches(numbers: np.ndarray, rows: list[Any]) -> Iterator[tuple[list[int], list[Any]]]:
    """Yield numbered rows in the batches in which they are stored."""
    for begin in range(0, len(rows), BATCH):
        yield numbers[begin : begin + BATCH].tolist(), rows[begin : begin + BATCH]
