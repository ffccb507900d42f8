"""How a workbook shows its numbers, which the values alone do not tell: 2015.10 is kept as 2015.1.

Only cells are looked at of which this changes the month, so most workbooks are not opened again.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from loaders.readers.cells import LostZero
from loaders.readers.ods import OdsTable

Place = tuple[int, int]  # row and column from 0

_MONTH = re.compile(r"(?:19|20)?\d\d\.(?:0?[1-9]|1[0-2])")
_TWO_DECIMALS = re.compile(r"[0#]\.00(?![0#?])")
_OLE = b"\xd0\xcf\x11\xe0"


def shown_months(
    content: bytes, name: str, rows: Iterable[list[Any]], ods: OdsTable | None
) -> dict[Place, str]:
    """Return the texts of a sheet's cells that hold 2015.1 or the like.

    As they are shown where two decimals are, else as `LostZero`. Columns in which as many other
    fractions stand hold no months and are left alone.
    """
    places = _lost_zeros(rows)
    if not places:
        return {}
    if ods:
        texts = {place: ods.texts.get(place, "") for place in places}
        is_shown = {place for place, text in texts.items() if text.endswith(".10")}
    else:
        read = _formats_of_old if content.startswith(_OLE) else _formats
        try:
            formats = dict(read(content, name, places))
        except Exception:  # whatever a library says of damaged styles: nothing is known of them
            formats = {}
        is_shown = {at for at, form in formats.items() if _TWO_DECIMALS.search(form or "")}
    return {
        place: f"{value}0" if place in is_shown else LostZero(value)
        for place, value in places.items()
    }


def _lost_zeros(rows: Iterable[list[Any]]) -> dict[Place, str]:
    found: dict[Place, str] = {}
    months: Counter[int] = Counter()  # by column; other fractions count against them
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if type(value) is float and not value.is_integer():
                text = repr(value)
                months[column] += 1 if _MONTH.fullmatch(text) else -1
                if text.endswith(".1") and _MONTH.fullmatch(text):
                    found[row, column] = text
    return {place: text for place, text in found.items() if months[place[1]] > 0}


def _formats(content: bytes, name: str, places: dict[Place, str]) -> Iterator[tuple[Place, str]]:
    import openpyxl

    first, last = min(places)[0] + 1, max(places)[0] + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at parts of a workbook that nobody asks for
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            for row, cells in enumerate(book[name].iter_rows(min_row=first, max_row=last), first):
                for column, each in enumerate(cells):
                    if (row - 1, column) in places:
                        yield (row - 1, column), each.number_format
        finally:
            book.close()


def _formats_of_old(
    content: bytes, name: str, places: dict[Place, str]
) -> Iterator[tuple[Place, str]]:
    import xlrd

    book = xlrd.open_workbook(
        file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO()
    )
    sheet = book.sheet_by_name(name)
    for place in places:
        look = book.xf_list[sheet.cell_xf_index(*place)]
        yield place, book.format_map[look.format_key].format_str
