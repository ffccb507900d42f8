"""Columns judged as a whole give what pydantic gives row by row, and refuse what it refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders.checking.rows
from graph.schema import TABLES
from loaders.checking.rows import TableReader
from loaders.load import check
from loaders.problems import Findings, Place
from loaders.readers import RawTable
from loaders.readers.cells import Cleaning

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


def read(table: Any, rows: list[list[Any]], cleaning: Cleaning | None, few: int) -> Any:
    findings = Findings("en")
    block = [[column.heading for column in table.columns], *rows]
    raw = RawTable(
        table, Place("f"), lambda: iter([[list(cells) for cells in block]]), cleaning=cleaning
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders.checking.rows, "_FEW", few)
        batches = list(TableReader(raw, findings).batches())
    found = [
        (batch.numbers, batch.rows, [tuple(each) for each in zip(*batch.columns, strict=True)])
        for batch in batches
        if batch.numbers
    ]
    return found, [(p.row, p.column, p.code, p.value) for p in findings.problems()]


@settings(max_examples=400, deadline=None)
@given(RAW, CLEANINGS)
def test_columns_of_text_are_judged_as_their_rows(raw: tuple[Any, Any], cleaning: Cleaning):
    assert read(*raw, cleaning, 1) == read(*raw, cleaning, 10_000)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TABLES), st.data())
def test_columns_of_any_cells_are_judged_as_their_rows(table: Any, data: st.DataObject):
    row = st.tuples(*(TYPED for _ in table.columns)).map(list)
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    assert read(table, rows, None, 1) == read(table, rows, None, 10_000)


def large(rows: int) -> Iterator[str]:
    yield "id,name,roles,cohort,joined_on,specialties\n"
    for number in range(rows):
        yield f"p{number}, 王 {number},trainee;mentor,2017,2017/9/{number % 28 + 1},law;art\n"


def test_large_file_is_judged_by_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    judged = []
    original = TableReader._checked

    def noted(*given):
        judged.append(given)
        return original(*given)

    monkeypatch.setattr(TableReader, "_checked", noted)
    path = tmp_path / "people.csv"
    path.write_text("".join(large(12_000)), encoding="utf-8")
    assert check(path) == []
    assert judged == []  # no row had to be looked at by itself
    path.write_text("".join(large(12_000)) + "q,,,,soon,\n \n", encoding="utf-8")
    assert [(each.row, each.column, each.code) for each in check(path)] == [
        (12_002, "name", "missing-value"), (12_002, "joined_on", "bad-date"),
    ]  # fmt: skip
