"""The tables of an HTML page, which many systems give out under the ending `.xls`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from loaders.readers.cells import Unreadable
from loaders.readers.encodings import Open, declared_encoding, scan
from loaders.readers.merged import Merged
from loaders.readers.workbook import WorkbookSheet

_LARGEST = 64 << 20  # bytes
_WIDEST = 10_000  # rows or columns over which a cell may reach
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True)
class _Grid:
    """A table as a sheet of a workbook."""

    rows: list[list[str]]

    @property
    def height(self) -> int:
        return len(self.rows)

    def iter_rows(self) -> Iterator[list[str]]:
        return iter(self.rows)


def tables(open_: Open) -> list[WorkbookSheet]:
    """Read the tables of a page that hold no other table."""
    import lxml.html

    with open_() as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Unreadable("too-large", what=f"HTML > {_LARGEST >> 20} MB")
    encoding = declared_encoding(open_, _CHARSET) or scan(open_).encoding
    text = content.decode(encoding, "replace").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    page = lxml.html.document_fromstring(text, parser=parser)
    found = [
        each for each in page.iter("table") if next(each.iterdescendants("table"), None) is None
    ]
    if not found:
        raise Unreadable("other-kind", what="HTML")
    return [
        _sheet(f"table {number}" if len(found) > 1 else "", table)
        for number, table in enumerate(found, 1)
    ]


def _sheet(name: str, table: Any) -> WorkbookSheet:
    rows: list[list[str]] = []
    merged: list[Merged] = []
    covered: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        cells: list[str] = []
        for each in line.iterchildren("td", "th"):
            while (row, len(cells)) in covered:
                cells.append("")
            column = len(cells)
            down, right = _span(each, "rowspan"), _span(each, "colspan")
            cells += [_text(each), *[""] * (right - 1)]
            if down > 1 or right > 1:
                merged.append(((row, column), (row + down - 1, column + right - 1)))
                covered |= {(row + at, column + to) for at in range(1, down) for to in range(right)}
        rows.append(cells)
    width = max(map(len, rows), default=0)
    return WorkbookSheet(
        name, _Grid([cells + [""] * (width - len(cells)) for cells in rows]), merged=tuple(merged)
    )


def _span(cell: Any, name: str) -> int:
    given = (cell.get(name) or "").strip()
    span = int(given) if given.isascii() and given.isdigit() else 1
    if span > _WIDEST:
        raise Unreadable("too-wide", columns=span, most=_WIDEST)
    return max(span, 1)


def _text(cell: Any) -> str:
    for each in cell.iter("br"):
        each.tail = "\n" + (each.tail or "")
    lines = (" ".join(line.split()) for line in cell.text_content().split("\n"))
    return "\n".join(filter(None, lines))
