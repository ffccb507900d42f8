"""Cells that are merged over the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loaders.readers.cells import Cells

Merged = tuple[tuple[int, int], tuple[int, int]]  # first and last cell: (row, column) from 0


def filled(
    blocks: Iterable[list[Cells]], merged: Sequence[Merged], begin: int
) -> Iterator[list[Cells]]:
    """Fill the rows from `begin` (from 0) on with what the cells merged over them hold.

    A row that holds nothing else stays blank. What is merged from the first column to the right is
    a note or a sum below the table, and stands for itself.
    """
    by_top: dict[int, list[Merged]] = {}
    for each in merged:
        if each[0][0] >= begin:
            by_top.setdefault(each[0][0], []).append(each)
    active: list[tuple[Merged, object]] = []
    row = 0
    for block in blocks:
        if by_top or active:
            for cells in block:
                active = [each for each in active if each[0][1][0] >= row]
                for each in by_top.pop(row, ()):
                    left = each[0][1]
                    if left < len(cells) and cells[left] is not None:
                        active.append((each, cells[left]))
                if active and any(cells):
                    _fill(cells, active)
                row += 1
        yield block


def _fill(cells: Cells, active: Iterable[tuple[Merged, object]]) -> None:
    is_alone = sum(cell is not None for cell in cells) == 1
    for ((_, left), (_, right)), value in active:
        last = left if left == 0 or is_alone else right
        for column in range(left, min(last + 1, len(cells))):
            if cells[column] is None:
                cells[column] = value
