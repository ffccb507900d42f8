"""Pairs of a data set and what is expected of it: `tests/cases/NAME` and `tests/cases/NAME.toml`.

A pair is a test; adding one needs no code. `problems` lists what `check` finds (each with the
fields worth saying), `stored` the rows that a load, skipping bad rows, has stored. A workbook
is described by its cells in `[workbook]` and made by the test.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from graph.schema import table
from graph.store import Store
from graph.tables import stored_rows
from loaders.load import check, load

CASES = Path(__file__).parent.parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.toml"))


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    name = request.param
    expected = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    if "workbook" in expected:
        return written(tmp_path / f"{name}.xlsx", expected["workbook"]), expected
    inputs = [path for path in CASES.glob(f"{name}*") if path.name != f"{name}.toml"]
    return next(path for path in inputs if path.stem == name), expected


def written(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "year"):
                        sheet.write_datetime(at, column, value, day)
                    else:
                        sheet.write(at, column, value)
    return path


@pytest.mark.parametrize("case", NAMES, indirect=True)
def test_check_finds_exactly_the_expected_problems(case: tuple[Path, dict[str, Any]]):
    path, expected = case
    found = [problem.as_dict() for problem in check(path, language="en")]
    for problem, said in zip(found, expected["problems"], strict=False):
        assert {key: problem[key] for key in said} == said
    assert len(found) == len(expected["problems"]), found


@pytest.mark.parametrize(
    "case",
    [
        name
        for name in NAMES
        if "stored" in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    ],
    indirect=True,
)
def test_right_rows_are_stored(case: tuple[Path, dict[str, Any]], store: Store):
    path, expected = case
    report = load(store, path, skip_bad=True, language="en")
    for name, rows in expected["stored"].items():
        stored = [
            {key: value for key, value in row.items() if value not in (None, [])}
            for row in stored_rows(store, table(name))
        ]
        if rows and "id" not in rows[0]:
            stored = sorted(
                ({k: v for k, v in row.items() if k != "id"} for row in stored), key=str
            )
            rows = sorted(rows, key=str)
        assert stored == rows
        assert report.loaded[name] == len(rows)
    if "skipped" in expected:
        assert report.skipped == expected["skipped"]
