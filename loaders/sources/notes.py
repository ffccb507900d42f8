"""A sheet without its totals, notes and repeated headings; each of them is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loaders.problems import Findings
from loaders.readers.blocks import Block, of_rows
from loaders.readers.cells import Cells
from loaders.readers.sheets import Sheet
from loaders.words import is_note


def without_notes(sheet: Sheet, findings: Findings | None = None) -> Sheet:
    """Return a sheet whose notes are empty rows, so that the others keep their numbers."""
    told: set[int] = set()

    def is_left_out(number: int, cells: Cells) -> bool:
        if not is_note(cells, sheet.headings):
            return False
        if findings and number not in told:
            told.add(number)
            first = next(cell for cell in cells if cell)
            findings.add("note-row", sheet.place.at(number), None, first)
        return True

    def rows() -> Iterator[tuple[int, Cells]]:
        return (each for each in sheet.rows() if not is_left_out(*each))

    def blocks() -> Iterator[tuple[int, Block]]:
        assert sheet.blocks
        for first, block in sheet.blocks():
            rows = [
                [] if is_left_out(number, cells) else cells
                for number, cells in enumerate(block.rows(), first)
            ]
            yield first, block if all(rows) else of_rows(rows)

    return replace(sheet, rows=rows, blocks=blocks if sheet.blocks else None)
