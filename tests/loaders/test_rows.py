import doctest
from typing import Any

import pytest

import loaders.checking.columns
import loaders.checking.cycles
import loaders.checking.numbered
import loaders.checking.periods
import loaders.checking.values
import loaders.readers.cells
from graph.programme import EMPTY_PROGRAMME
from graph.schema import TABLES, Reference
from loaders.checking.columns import normal_date
from loaders.checking.rows import TableReader
from loaders.problems import Findings, Place
from loaders.readers import RawTable
from loaders.readers.blocks import of_rows


@pytest.mark.parametrize(
    "module",
    [
        loaders.checking.cycles,
        loaders.checking.periods,
        loaders.readers.cells,
        loaders.checking.columns,
        loaders.checking.numbered,
        loaders.checking.values,
    ],
    ids=str,
)
def test_examples_in_docstrings_are_right(module):
    failed, tried = doctest.testmod(module)
    assert tried and not failed


def read(
    table_name: str, *records: list[Any]
) -> tuple[list[dict[str, Any]], list[tuple[Any, ...]]]:
    """Read rows of a table; give them by heading, and the problems as (row, column, code)."""
    table = next(table for table in TABLES if table.name == table_name)
    findings = Findings("en")
    raw = RawTable(table, Place("f"), lambda: iter([of_rows(records)]))
    reader = TableReader(raw, findings)
    rows = [
        {heading: row[place] for heading, place in reader.at.items()}
        for batch in reader.batches()
        for row in batch.rows
    ]
    return rows, [(problem.row, problem.column, problem.code) for problem in findings.problems()]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017", "2017"),
        ("2017-09", "2017-09"),
        ("2017-9-1", "2017-09-01"),
        ("2017/9/16", "2017-09-16"),
        ("2017.09", "2017-09"),
        ("2017年", "2017"),
        ("2017年9月", "2017-09"),
        ("2017年9月16日", "2017-09-16"),
        ("2017-09-16 00:00:00", "2017-09-16"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_date_keeps_its_precision(text: str, date: str):
    assert normal_date(text) == date


@pytest.mark.parametrize(
    "text", ["2017.13.01", "2023-02-29", "0000", "17", "2017-", "20170916", "16/9/2017", "soon", ""]
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(ValueError):
        normal_date(text)


def test_every_column_of_the_schema_can_be_read():
    filled = {"text": "x", "integer": "2017", "number": "1.5", "date": "2017", "list": "x;y"}
    for table in TABLES:
        cells = []
        for column in table.columns:
            kinds = "" if isinstance(column, Reference) else column.kinds
            terms = EMPTY_PROGRAMME.values(kinds) if kinds else ()
            cells.append(terms[0].key if terms else filled[column.type])
        rows, problems = read(table.name, [column.heading for column in table.columns], cells)
        assert problems == []
        assert len(rows) == 1 and None not in rows[0].values()


def test_empty_cells_are_none_and_lists_lose_empty_items():
    rows, problems = read(
        "people", ["id", "name", "specialties", "cohort"], ["a", "b", ";；", None]
    )
    assert problems == []
    assert rows == [{"id": "a", "name": "b", "specialties": None, "cohort": None}]


def test_integers_beyond_the_engines_are_refused():
    _, problems = read("people", ["id", "name", "cohort"], ["a", "b", str(2**63)])
    assert problems == [(2, "cohort", "bad-number")]


def test_control_characters_are_refused():
    _, problems = read("people", ["id", "name"], ["a", "b\x00c"])
    assert problems == [(2, "name", "bad-value")]


def test_right_rows_of_a_batch_are_kept_beside_wrong_ones():
    rows, problems = read("people", ["id", "name"], ["a", "b"], ["c", None], ["e", "f"])
    assert [row["id"] for row in rows] == ["a", "e"]
    assert problems == [(3, "name", "missing-value")]


def test_derived_id_comes_from_the_key_columns_alone():
    def ids(headings: list[str], *records: list[Any]) -> list[str]:
        table = next(table for table in TABLES if table.name == "mentoring")
        block = of_rows([headings, *records])
        reader = TableReader(RawTable(table, Place(), lambda: iter([block])), Findings())
        return [reader.id(row) for batch in reader.batches() for row in batch.rows]

    one = ids(["mentor", "trainee", "since"], ["a", "b", "2017"])
    assert one == ids(["since", "until", "trainee", "mentor"], ["2017", "2018", "b", "a"])
    assert one == ids(["id", "mentor", "trainee", "kind", "since"], [None, "a", "b", None, "2017"])
    assert one != ids(["mentor", "trainee", "since"], ["b", "a", "2017"])
    assert ids(["id", "mentor", "trainee"], ["m1", "a", "b"]) == ["m1"]
    assert one[0].startswith("mentoring-") and len(one[0]) == len("mentoring-") + 16


@pytest.mark.parametrize(
    ("text", "right"),
    [("999", False), ("1000", True), ("24", False), ("2024届", True), ("24届", False)],
)
def test_a_cohort_is_a_year_of_four_digits(text: str, right: bool):
    rows, problems = read("people", ["id", "name", "cohort"], ["t", "王芳", text])
    assert [each[2] for each in problems] == ([] if right else ["bad-number"])
    assert len(rows) == right


@pytest.mark.parametrize("word", ["至今", "在任", "ongoing", "Present", "—"])
def test_a_word_for_an_end_to_come_is_no_end(word: str):
    rows, problems = read("mentoring", ["mentor", "trainee", "until"], ["m", "t", word])
    assert problems == [] and rows[0]["until"] is None


@pytest.mark.parametrize("text", ["?", "/", "9999年底"])
def test_what_is_no_such_word_is_no_end_either(text: str):
    _, problems = read("mentoring", ["mentor", "trainee", "until"], ["m", "t", text])
    assert [each[2] for each in problems] == ["bad-date"]
