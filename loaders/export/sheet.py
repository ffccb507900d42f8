"""One table as a file for a spreadsheet: CSV or a workbook; nothing in it is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from loaders.readers import escape


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV, marked as UTF-8 so that Excel reads it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_text(value) for value in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def as_xlsx(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as a workbook of one sheet, the headings kept in view."""
    import xlsxwriter  # nobody else who lists findings needs it

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, ["" if value is None else value for value in row])
        sheet.autofit()
    return made.getvalue()


def _text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    return escape(value) if isinstance(value, str) else value
