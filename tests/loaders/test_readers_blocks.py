"""Text files come in blocks of columns with the very rows that Python's `csv` reads of them."""

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import loaders.readers.text
from loaders.readers.blocks import Block, of_rows
from loaders.readers.cells import Unreadable
from loaders.readers.text import LONGEST_CELL, text_blocks

BROKEN = ["the rest cannot be read"]


def of_csv(text: str) -> list[list[Any]]:
    rows = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(without_end(cells))
    except csv.Error:
        rows.append(BROKEN)
    return rows


def of_blocks(text: str) -> list[list[Any]]:
    blocks, _ = text_blocks(lambda: io.BytesIO(text.encode()), separator=",", encoding="utf-8")
    rows: list[list[Any]] = []
    try:
        for block in blocks():
            rows += map(without_end, block.rows())
    except Unreadable as error:
        assert (error.code, error.row) == ("bad-quotes", len(rows) + 1)
        rows.append(BROKEN)
    return rows


def without_end(cells: list[Any]) -> list[Any]:
    """A row with None for empty cells and without those at its end."""
    cells = [cell or None for cell in cells]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet=st.sampled_from('a王,,,;\n\n\r" \x00\ufeff#\u2028'), max_size=30),
    st.sampled_from([1, 5, 1000]),
)
@example("a,b\n\nc,d\n", 1000)  # a blank line
@example("a,b\nc\nd,e,f\n", 1000)  # as many separators as even lines have
@example("a,b\r\nc,d", 1000)
@example('a,b\nc,"d\ne"\nf,g\n', 5)  # a quoted cell goes on where the next block would begin
@example('a,b\nc,d\n"e,f\n', 1000)  # one without an end
def test_blocks_hold_the_rows_of_csv(text: str, size: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders.readers.text, "_FIRST", size)
        patch.setattr(loaders.readers.text, "_CHARACTERS", size)
        assert of_blocks(text) == of_csv(text)


@pytest.mark.parametrize("more", [0, 1])
def test_longest_cell_is_read_and_a_longer_one_is_not(more: int):
    text = f"a,b\nc,{'x' * (LONGEST_CELL + more)}\n"
    rows = of_blocks(text)
    assert rows[0] == ["a", "b"]
    assert rows[1] == (BROKEN if more else ["c", "x" * LONGEST_CELL])


def test_a_block_keeps_cells_that_are_no_texts():
    rows = [["a", None, {"b": 1}], ["", ["c"]], ["\ud800"]]
    block = of_rows(rows)
    assert block.rows() == [["a", None, {"b": 1}], [None, ["c"], None], ["\ud800", None, None]]
    assert block.cells(1) == [None, ["c"], None]
    assert block.cells(7) == [None, None, None]
    assert block.without_first(1).rows() == [[None, ["c"], None], ["\ud800", None, None]]
    assert block.without_first(9).rows() == []
    assert Block([], 2).rows() == [[], []]
