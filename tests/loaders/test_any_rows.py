"""Whatever stands in a data set, checking it gives problems and never an error of ours."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.schema import TABLES
from loaders.load import check
from loaders.problems import KINDS

IDS = st.sampled_from(["a", "b", "c", "A", " a "])
DATES = st.sampled_from(["2017", "2017-09", "2017-09-16", "2018/1/1", "2017.13.01", "x"])
CELLS = st.one_of(
    st.none(),
    IDS,
    DATES,
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)
HEADINGS = st.sampled_from(
    sorted(
        {heading for t in TABLES for c in t.columns for heading in (c.heading, c.zh)} | {"?", ""}
    )
)
NAMES = st.sampled_from([*(table.name for table in TABLES), "人员", "unknown"])


def likely_rows(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows that are nearly right, so that the checks across rows are reached."""
    table = next((table for table in TABLES if table.name == name), TABLES[0])
    cells = {
        "text": IDS,
        "date": DATES,
        "integer": st.integers(-1, 3),
        "number": st.floats(),
        "list": st.text(max_size=4),
    }
    return st.lists(
        st.fixed_dictionaries(
            {column.heading: st.one_of(cells[column.type], CELLS) for column in table.columns}
        ),
        max_size=6,
    )


ANY_ROWS = st.lists(st.dictionaries(HEADINGS, CELLS, max_size=6), max_size=4)
TABLE = NAMES.flatmap(lambda name: st.tuples(st.just(name), likely_rows(name) | ANY_ROWS))


@settings(max_examples=300, deadline=None)
@given(st.lists(TABLE, max_size=5).map(dict))
def test_any_rows_give_problems_only(tables: dict[str, list[dict[str, Any]]]):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.json"
        path.write_text(json.dumps(tables), encoding="utf-8")
        for problem in check(path):
            assert problem.code in KINDS
            json.dumps(problem.as_dict()).encode()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_problems_only(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(b"id,name,joined_on\n" + content)
        for problem in check(path):
            assert problem.code in KINDS
