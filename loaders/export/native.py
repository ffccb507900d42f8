"""Files that load back to the same graph: a folder of CSV, a workbook, JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph.errors import N_, InputError
from graph.schema import TABLES, Table
from graph.store import Store
from graph.tables import has_withdrawn
from loaders.export.of_day import RowsOf, all_rows
from loaders.export.rows import complete, stored_texts, text
from loaders.readers import escape

_EXCEL_ROWS = 1_048_576
_EXCEL_CELL = 32_767


def write_folder(store: Store, folder: Path, rows_of: RowsOf = all_rows) -> dict[str, int]:
    """Write a CSV file for each table, and the programme's texts as they were loaded."""
    counts = {}
    for table in TABLES:
        names = _headings(store, table)
        with (
            complete(folder / f"{table.name}.csv") as draft,
            draft.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            count = 0
            for row in rows_of(store, table):
                writer.writerow([escape(text(row.get(each))) for each in names])
                count += 1
        counts[table.name] = count
    for name, content in stored_texts(store).items():
        with complete(folder / name) as draft:
            draft.write_text(content, encoding="utf-8")
    return counts


def write_workbook(store: Store, path: Path, rows_of: RowsOf = all_rows) -> dict[str, int]:
    """Write a sheet for each table; InputError where a sheet cannot hold it."""
    import xlsxwriter

    counts = {}
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with complete(path) as draft, xlsxwriter.Workbook(str(draft), options) as workbook:
        bold = workbook.add_format({"bold": True})
        for table in TABLES:
            names = _headings(store, table)
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, names, bold)
            number = 0
            for number, row in enumerate(rows_of(store, table), 1):
                if number >= _EXCEL_ROWS:
                    raise InputError(
                        N_("%(table)s has more rows than a sheet can hold."),
                        N_("Export to a folder instead."),
                        table=table.name,
                    )
                for at, heading in enumerate(names):
                    _write_cell(sheet, number, at, row.get(heading))
            counts[table.name] = number
        for name, content in stored_texts(store).items():
            sheet = workbook.add_worksheet(name)
            for number, line in enumerate(content.rstrip("\n").split("\n")):
                _write_cell(sheet, number, 0, line)
    return counts


def write_json(store: Store, path: Path, rows_of: RowsOf = all_rows) -> dict[str, int]:
    """Write one object with an array for each table; what is empty is left out of a row."""
    counts = {}
    with complete(path) as draft, draft.open("w", encoding="utf-8") as file:
        file.write("{\n")
        for name, content in stored_texts(store).items():
            write_array(file, name, content.rstrip("\n").split("\n"))
            file.write(",\n")
        for table in TABLES:
            names = _headings(store, table)
            rows = (
                {name: row[name] for name in names if row.get(name) not in (None, [])}
                for row in rows_of(store, table)
            )
            counts[table.name] = write_array(file, table.name, rows)
            file.write(",\n" if table is not TABLES[-1] else "\n")
        file.write("}\n")
    return counts


def write_array(file: Any, name: str, items: Iterable[Any]) -> int:
    """Write one member of a JSON object, an array with an item a line; count the items."""
    count = 0
    file.write(f"  {json.dumps(name)}: [")
    for count, item in enumerate(items, 1):
        file.write(",\n    " if count > 1 else "\n    ")
        file.write(json.dumps(item, ensure_ascii=False))
    file.write("\n  ]" if count else "]")
    return count


def _headings(store: Store, table: Table) -> list[str]:
    columns = table.file_columns if has_withdrawn(store, table) else table.columns
    return [column.heading for column in columns]


def _write_cell(sheet: Any, row: int, at: int, value: Any) -> None:
    if isinstance(value, float):
        sheet.write_number(row, at, value)
    elif isinstance(value, int):
        # A number of Excel is exact up to 15 digits.
        write = sheet.write_number if abs(value) < 10**15 else sheet.write_string
        write(row, at, value if abs(value) < 10**15 else str(value))
    elif content := text(value):
        if len(content) > _EXCEL_CELL:
            raise InputError(
                N_("A cell of %(table)s is longer than a sheet can hold."),
                N_("Export to a folder instead."),
                table=sheet.name,
            )
        sheet.write_string(row, at, content)
