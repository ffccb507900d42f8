"""A row is judged the same whatever stands beside it, and every different cell once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders.checking.columns
from graph.schema import TABLES
from loaders.checking.rows import TableReader
from loaders.load import check
from loaders.problems import Findings, Place
from loaders.readers import RawTable
from loaders.readers.blocks import of_rows
from loaders.readers.cells import Cleaning
from loaders.readers.native import table_named

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "a", " b ", "'=1", "２０１７", "2017", "2017-09-16", "2017/9", "3", "-1"]
    ),
    st.sampled_from(
        ["trainee;mentor", "trainee", "x;y", "actual", "a\x07b", "a\tb", "\x1ca", "王芳"]
    ),
    st.text(max_size=4),
)
RAW = st.sampled_from(TABLES).flatmap(
    lambda table: st.tuples(
        st.just(table),
        st.lists(st.tuples(*(CELLS for _ in table.columns)).map(list), min_size=1, max_size=6),
    )
)
TYPED = st.one_of(
    CELLS, st.none(), st.integers(), st.just(["a", 1]), st.just({}), st.just("\ud800")
)
CLEANINGS = st.builds(Cleaning, st.booleans(), st.booleans())


def read(table: Any, blocks: list[list[list[Any]]], cleaning: Cleaning | None) -> Any:
    """The right rows, the ids of the wrong ones, and what is told of them."""
    findings = Findings("en")
    headings = [[column.heading for column in table.columns]]
    raw = RawTable(table, Place("f"), lambda: map(of_rows, [headings, *blocks]), cleaning=cleaning)
    batches = list(TableReader(raw, findings).batches())
    right = [each for b in batches for each in zip(b.numbers.tolist(), b.rows, strict=True)]
    failed = [each for batch in batches for each in batch.failed]
    return right, failed, [(p.row, p.column, p.code, p.value) for p in findings.problems()]


@settings(max_examples=50, deadline=None)
@given(RAW, CLEANINGS)
def test_few_rows_are_judged_as_many_are(raw: tuple[Any, Any], cleaning: Cleaning):
    table, rows = raw
    found = []
    for few in (len(rows) - 1, len(rows), len(rows) + 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loaders.checking.columns, "_FEW", few)
            found.append(read(table, [rows], cleaning))
    assert found[0] == found[1] == found[2]


@settings(max_examples=100, deadline=None)
@given(RAW, CLEANINGS)
def test_rows_of_text_are_judged_the_same_alone_and_together(
    raw: tuple[Any, Any], cleaning: Cleaning
):
    table, rows = raw
    assert read(table, [rows], cleaning) == read(table, [[row] for row in rows], cleaning)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TABLES), st.data())
def test_rows_of_any_cells_are_judged_the_same_alone_and_together(table: Any, data: st.DataObject):
    row = st.tuples(*(TYPED for _ in table.columns)).map(list)
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    assert read(table, [rows], None) == read(table, [[row] for row in rows], None)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=6), CLEANINGS)
def test_a_plain_text_comes_as_the_cleaning_of_its_cell_makes_it(text: str, cleaning: Cleaning):
    cell = cleaning.clean(text)
    assert of_rows([[text]]).cleaned(cleaning).rows() == [[cell]]
    right, _, problems = read(table_named("units"), [[["u", text, None, None]]], cleaning)
    is_plain = cell is not None and not any(ord(c) < 32 and c not in "\t\n\r" for c in cell)
    if is_plain and "\x7f" not in cell:
        assert (right, problems) == ([(2, ("u", cell, None, None))], [])
    else:
        code = "missing-value" if cell is None else "bad-value"
        assert (right, [each[2] for each in problems]) == ([], [code])


def large(rows: int) -> Iterator[str]:
    yield "id,name,roles,cohort,joined_on,specialties\n"
    for number in range(rows):
        yield f"p{number}, 王 {number},trainee;mentor,2017,2017/9/{number % 28 + 1},law;art\n"


def test_every_different_cell_of_a_large_file_is_judged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    judged: list[str] = []
    original = loaders.checking.columns.normal_date

    def noted(text: str) -> str:
        judged.append(text)
        return original(text)

    monkeypatch.setattr(loaders.checking.columns, "normal_date", noted)
    path = tmp_path / "people.csv"
    path.write_text("".join(large(12_000)), encoding="utf-8")
    assert check(path) == []
    assert sorted(judged) == sorted(f"2017/9/{day}" for day in range(1, 29))
    path.write_text("".join(large(12_000)) + "q,,,,soon,\n \n", encoding="utf-8")
    assert [(each.row, each.column, each.code) for each in check(path)] == [
        (12_002, "name", "missing-value"), (12_002, "joined_on", "bad-date"),
    ]  # fmt: skip
