"""Text files of separated cells (CSV, TSV, plain lists), streamed, also when compressed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice

from graph.upsert import BATCH
from loaders.readers.cells import Cells, Cleaning, Unreadable, is_dense
from loaders.readers.encodings import BLOCK, Open, scan
from loaders.readers.headings import normal_heading

SEPARATORS = ",;\t|"
LONGEST_CELL = 131_072


def cleaned_block(block: list[Cells], cleaning: Cleaning) -> list[Cells]:
    """Return some rows as they are read."""
    if len(set(map(len, block))) != 1 or not block[0]:
        return [list(map(cleaning.clean, cells)) for cells in block]
    columns = [
        cleaning.cleaned(cells, whole := "".join(cells), is_dense(whole))
        for cells in zip(*block, strict=True)
    ]
    return list(map(list, zip(*columns, strict=True)))


def raw_blocks_of_text(
    open_: Open,
    wanted: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    rows: int = BATCH,
) -> tuple[Callable[[], Iterator[list[Cells]]], Cleaning]:
    """Return blocks of a text file with their cells as they are, and what is to be done to them.

    Whoever looks at whole columns need not touch each cell. `wanted` headings tell the separator,
    `rows` how many there are in a block.
    """
    scanned = scan(open_, encoding)
    separator = separator or find_separator(open_, scanned.encoding, wanted)

    def blocks() -> Iterator[list[Cells]]:
        with io.TextIOWrapper(open_(), scanned.encoding, newline="") as text:
            yield from _Blocks(text, separator, rows)

    return blocks, Cleaning(scanned.has_apostrophe, scanned.has_wide_digit)


class _Blocks:
    """The rows of a text in blocks. None is kept here, so that who has it can let it go."""

    def __init__(self, text: Iterable[str], separator: str, rows: int) -> None:
        self._reader = csv.reader(text, delimiter=separator, strict=True)
        self._rows = rows
        self._row = 1
        self._is_last = self._is_broken = False

    def __iter__(self) -> Iterator[list[Cells]]:
        return self

    def __next__(self) -> list[Cells]:
        if self._is_broken:
            raise Unreadable("bad-quotes", self._row, longest=LONGEST_CELL)
        if self._is_last:
            raise StopIteration
        block: list[Cells] = []
        try:
            block.extend(islice(self._reader, self._rows))  # keeps what came before an error
        except csv.Error:
            self._is_broken = True
        self._row += len(block)
        self._is_last = len(block) < self._rows
        return block


def find_separator(open_: Open, encoding: str, wanted: Collection[str]) -> str:
    """Choose the separator that makes the most wanted headings, else the most even columns."""
    with io.TextIOWrapper(open_(), encoding, newline="") as text:
        lines = [line for line in text.read(BLOCK // 16).splitlines() if line.strip()][:20]
    if not lines:
        return ","

    def score(separator: str) -> tuple[int, int, int]:
        try:
            rows = list(csv.reader(lines, delimiter=separator))
        except csv.Error:
            return 0, 0, 0
        named = max(sum(normal_heading(cell) in wanted for cell in cells) for cells in rows)
        widths = [len(cells) for cells in rows]
        usual = max(set(widths), key=widths.count)
        return named, widths.count(usual) if usual > 1 else 0, lines[0].count(separator)

    best = max(SEPARATORS, key=score)
    if score(best)[:2] == (0, 0) and all(len(line.split()) > 1 for line in lines):
        return " "  # a plain list: two names on a line
    return best
