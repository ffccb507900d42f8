"""A sheet of texts, read in blocks, gives what its rows give when they come one by one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders.sources
from loaders.load import check
from loaders.problems import Findings
from loaders.readers.sheets import sheets_of
from loaders.sources import open_source, parse_description

DESCRIPTION = """
name: people
title: People
files: {list: {name: list.csv}, ties: {name: ties.csv}}
tables:
  people:
    - file: list
      distinct: true
      keep_if:
        - {column: kind, is_not: [out]}
        - {column: id, differs_from: name}
      columns:
        id: id
        name: {first_of: [name, other], steps: [tidy, numbered]}
        native_place: {parts: [kind, other], join: /}
        joined_on: {column: day, steps: [zero_means_missing, date]}
        education: {value: x}
        status: {column: kind, steps: [{map: {values: {a: b}, otherwise: error}}]}
        cohort: {column: "#row"}
  mentoring:
    - file: ties
      keep_if: [{column: a, empty: false}]
      missing: {trainee: skip}
      columns: {mentor: a, trainee: b}
"""
CELL = st.sampled_from(
    ["", " ", "a", "b ", "'=c", "out", "2017", "0", "２０１７/9", "王　芳", "soon"]
)
ROW = st.lists(CELL, max_size=6).map(",".join)


def found(folder: Path) -> Any:
    """All rows that the source gives, and the problems of checking it."""
    description = parse_description(DESCRIPTION, "x")
    with open_source(folder, Findings("en"), description) as data_set:
        tables = {
            name: [row for block in raw.blocks() for row in block.rows()]
            for name, raw in data_set.tables.items()
        }
    rows = {name: [list(map(str, row)) for row in table] for name, table in tables.items()}
    return rows, [each.as_dict() for each in check(folder, source=description, language="en")]


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, max_size=8), st.lists(ROW, max_size=4))
def test_blocks_of_texts_give_what_their_rows_give(
    tmp_path_factory: pytest.TempPathFactory, people: list[str], ties: list[str]
):
    folder = tmp_path_factory.mktemp("set")
    lines = ["id,name,kind,other,day", *people]
    (folder / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "ties.csv").write_text("\n".join(["a,b", *ties]), encoding="utf-8")
    in_blocks = found(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            loaders.sources,
            "sheets_of",
            lambda *given: [replace(sheet, blocks=None) for sheet in sheets_of(*given)],
        )
        assert found(folder) == in_blocks
