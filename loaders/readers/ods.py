"""What an OpenDocument sheet says beside its values: merged cells, and texts as they are shown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from loaders.readers.merged import Merged

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_LARGEST = 1 << 20  # rows or columns that a repeated one may stand for


@dataclass
class OdsTable:
    """One sheet, its places counted from 0."""

    merged: list[Merged] = field(default_factory=list)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)  # of numbers


def ods_tables(archive: zipfile.ZipFile) -> dict[str, OdsTable]:
    """Read the sheets of a document by their names; nothing for another kind of archive."""
    if "content.xml" not in archive.namelist():
        return {}
    with archive.open("content.xml") as stream:
        return dict(_tables(ElementTree.iterparse(stream, ("start", "end"))))


def _tables(events: Any) -> Iterator[tuple[str, OdsTable]]:
    table, name, row, depth = OdsTable(), "", 0, 0
    for event, element in events:
        if element.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                table, name, row = OdsTable(), element.get(f"{_TABLE}name", ""), 0
            elif event == "end" and depth == 0:
                yield name, table
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row" and depth == 1:
            _row(element, row, table)
            row += _count(element, "number-rows-repeated")
            element.clear()


def _row(element: Any, row: int, table: OdsTable) -> None:
    column = 0
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or right > 1:
            table.merged.append(((row, column), (row + down - 1, column + right - 1)))
        if cell.get(f"{_OFFICE}value-type") == "float" and "." in cell.get(f"{_OFFICE}value", ""):
            text = "".join("".join(each.itertext()) for each in cell.iter(f"{_TEXT}p"))
            table.texts[row, column] = text.strip()
        column += _count(cell, "number-columns-repeated")


def _count(element: Any, name: str) -> int:
    given = element.get(f"{_TABLE}{name}", "1")
    return min(int(given), _LARGEST) if given.isdigit() else 1
