"""Text files of separated cells (CSV, TSV, plain lists), streamed, also when compressed.

Lines of plain cells are read as columns by polars. What else a text may hold (quotes, a line with
more cells than the first) is read by `csv`, which tells the row where a quoted cell has no end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice

from graph.upsert import BATCH
from loaders.readers.blocks import Block, of_rows, pl
from loaders.readers.cells import Cells, Cleaning, Unreadable
from loaders.readers.encodings import BLOCK, Open, scan
from loaders.readers.headings import normal_heading

SEPARATORS = ",;\t|"
LONGEST_CELL = 131_072
_FIRST, _CHARACTERS = 1 << 18, 1 << 21  # of the first block, which has the headings, and others
_MARK = "\ufeff"  # polars passes over it at the beginning


def text_blocks(
    open_: Open,
    wanted: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
) -> tuple[Callable[[], Iterator[Block]], Cleaning]:
    """Return blocks of a text file with their cells as they are, and what is to be done to them.

    `wanted` headings tell the separator.
    """
    scanned = scan(open_, encoding)
    separator = separator or find_separator(open_, scanned.encoding, wanted)

    def blocks() -> Iterator[Block]:
        with io.TextIOWrapper(open_(), scanned.encoding, newline="") as text:
            yield from _blocks(text, separator)

    return blocks, Cleaning(scanned.has_apostrophe, scanned.has_wide_digit)


def _blocks(text: io.TextIOWrapper, separator: str) -> Iterator[Block]:
    """Yield the rows of a text in blocks, the first of them soon."""
    row, size = 1, _FIRST
    while chunk := text.read(size) + text.readline():  # whole lines
        size = _CHARACTERS
        if '"' in chunk or chunk.count("\r") != chunk.count("\r\n"):
            # A quoted cell may go on in the lines that follow.
            yield from _by_rows(chain(io.StringIO(chunk, newline=""), text), separator, row)
            return
        block = _plain_block(chunk.replace("\r\n", "\n"), separator)
        for each in [block] if block else _by_rows(io.StringIO(chunk), separator, row):
            row += each.height
            yield each


def _plain_block(chunk: str, separator: str) -> Block | None:
    """Return lines of plain cells as a block; None where one has more cells than the first."""
    data = chunk.encode()
    height = data.count(b"\n") + (not chunk.endswith("\n"))
    width = 1 + chunk.partition("\n")[0].count(separator)
    if chunk.startswith(("\n", _MARK)):
        return None
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=separator,
            quote_char=None,
            schema=dict.fromkeys(map(str, range(width)), pl.String),
        )
    except pl.exceptions.PolarsError:  # a line has more cells than the first
        return None
    columns = frame.get_columns()
    has_long = len(data) > LONGEST_CELL and any(
        (column.str.len_bytes() > LONGEST_CELL).any() for column in columns
    )
    return Block(columns, height) if frame.height == height and not has_long else None


def _by_rows(lines: Iterable[str], separator: str, row: int) -> Iterator[Block]:
    """Yield rows of any kind; Unreadable where a quoted cell has no end."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        rows: list[Cells] = []
        error: csv.Error | None = None
        try:
            rows.extend(islice(reader, BATCH))  # keeps what came before an error
        except csv.Error as raised:
            error = raised
        if rows:
            yield of_rows(rows)
        row += len(rows)
        if error:
            raise Unreadable("bad-quotes", row, longest=LONGEST_CELL)
        if len(rows) < BATCH:
            return


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
