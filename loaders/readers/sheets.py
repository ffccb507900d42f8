"""Files of any kind that can be read, each as sheets of rows: headings, and numbered rows.

A text file is one sheet, a workbook one per sheet, a JSON file one per array, a network file one of
its vertices or nodes and one of its arcs or edges. Where the headings must be found among title
rows, the wanted ones tell them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from loaders.problems import Place
from loaders.readers import json_rows, markup, pajek
from loaders.readers.archives import is_of_a_system, members_of
from loaders.readers.blocks import Block, blocks_of
from loaders.readers.cells import Cells, Cleaning, Unreadable
from loaders.readers.encodings import Open, careful, scan, unzipped
from loaders.readers.headings import (
    SEARCHED,
    heading_end,
    heading_row,
    headings_at,
    implied,
    refuse_wide,
)
from loaders.readers.html import tables
from loaders.readers.kinds import kind_of
from loaders.readers.merged import Merged, filled
from loaders.readers.native import opener
from loaders.readers.text import text_blocks
from loaders.readers.workbook import WorkbookSheet
from loaders.readers.workbook import sheets as workbook_sheets

FORMATS = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".json": "json",
    ".jsonl": "json-lines",
    ".ndjson": "json-lines",
    ".net": "pajek",
    ".paj": "pajek",
    ".gexf": "gexf",
    ".graphml": "graphml",
}
FORMAT_NAMES = tuple(dict.fromkeys(FORMATS.values()))

Rows = Callable[[], Iterator[tuple[int, Cells]]]


@dataclass(frozen=True)
class File:
    """A file that may be part of a source: its name as shown, and how it is opened."""

    name: str
    open: Open = field(compare=False)

    @property
    def format(self) -> str | None:
        """Return the format that the name tells, a compressed file's by what is inside."""
        return FORMATS.get(PurePosixPath(plain_name(self.name)).suffix.lower())

    @property
    def opened(self) -> Open:
        """Return the way to its bytes, unpacked."""
        return unzipped(self.open) if self.name.lower().endswith(".gz") else self.open


@dataclass(frozen=True)
class Reading:
    """How a file is to be read where it does not say so itself."""

    wanted: Collection[str] = ()  # normal headings
    format: str | None = None
    encoding: str | None = None
    separator: str | None = None
    heading_row: int | None = None  # from 1; 0: the file has none
    positions: tuple[str, ...] = ()  # names of the columns of a file without headings


@dataclass(frozen=True)
class Sheet:
    """A table of a file. Row numbers are those a spreadsheet or an editor shows."""

    name: str
    place: Place
    headings: list[str]
    rows: Rows
    heading_row: int = 1
    is_nested: bool = False  # cells may be lists and objects
    # The rows in blocks, each with the number of its first, where they are not nested.
    blocks: Callable[[], Iterator[tuple[int, Block]]] | None = None
    cleaning: Cleaning | None = None  # what is to be done to the cells of the blocks


def plain_name(name: str) -> str:
    """Return a file's name without the ending of its compression."""
    return name[:-3] if name.lower().endswith(".gz") else name


def files_at(path: Path) -> list[File]:
    """List the files of a folder, a zip archive, or the one file; Unreadable for a bad archive."""
    if path.is_dir():
        inside = [
            each
            for each in sorted(path.iterdir())
            if each.is_file() and not is_of_a_system(each.name)
        ]
        zipped = [
            file for each in inside if each.suffix.lower() == ".zip" for file in files_at(each)
        ]
        plain = [each for each in inside if each.suffix.lower() != ".zip"]
        return [*(File(each.name, opener(each)) for each in plain), *zipped]
    if path.suffix.lower() != ".zip":
        return [File(path.name, opener(path))]
    try:
        with zipfile.ZipFile(path) as archive:
            members = members_of(archive)
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable("unreadable-file", reason=str(error).rstrip(".")) from None

    return [File(each.filename, careful(partial(_open_member, path, each))) for each in members]


def _open_member(path: Path, member: zipfile.ZipInfo) -> Any:
    archive = zipfile.ZipFile(path)
    try:
        return archive.open(member)
    finally:
        archive.close()  # the member keeps the file open until it is closed itself


def sheets_of(file: File, reading: Reading) -> list[Sheet]:
    """Return the sheets of a file; Unreadable when it cannot be read as its format."""
    open_, place = file.opened, Place(file.name)
    format_ = kind_of(open_, reading.format or file.format)
    if format_ == "gzip":
        open_ = unzipped(open_)
        format_ = kind_of(open_, reading.format or file.format)
    if format_ == "text":
        blocks, cleaning = text_blocks(open_, reading.wanted, reading.encoding, reading.separator)
        return [_headed("", place, lambda _: blocks(), reading, cleaning=cleaning)]
    if format_ in ("workbook", "html"):
        found = []
        for each in workbook_sheets(open_) if format_ == "workbook" else tables(open_):
            at = Place(file.name, each.name or None)
            if each.fault:
                raise Unreadable("unreadable-file", reason=f"{each.name}: {each.fault}")
            if each.sheet.height:
                found.append(_headed(each.name, at, partial(_filled, each), reading, each.merged))
        return found
    if format_ == "json":
        arrays = json_rows.arrays(json_rows.json_content(open_))
        return [_array(name, Place(file.name, name or None), each) for name, each in arrays.items()]
    if format_ == "json-lines":
        encoding = scan(open_, reading.encoding).encoding
        names = json_rows.line_headings(open_, encoding)
        rows: Rows = partial(json_rows.line_rows, open_, encoding, names)
        return [Sheet("", place, names, rows, is_nested=True)]
    if format_ == "pajek":
        return [
            Sheet("vertices", place, pajek.VERTICES, partial(pajek.rows, open_, "vertices")),
            Sheet("arcs", place, pajek.ARCS, partial(pajek.rows, open_, "arcs")),
        ]
    if format_ in ("gexf", "graphml"):
        nodes, edges = (_part(open_, place, part) for part in ("nodes", "edges"))
        markup.refuse_own_export(nodes.headings, edges.headings)
        return [nodes, edges]
    raise Unreadable("unknown-format", known=", ".join(FORMATS))


def _part(open_: Open, place: Place, part: str) -> Sheet:
    columns = markup.headings(open_, part)
    return Sheet(part, place, columns, partial(markup.rows, open_, part, columns))


def _array(name: str, place: Place, rows: list[Any]) -> Sheet:
    names = json_rows.array_headings(rows)

    def numbered() -> Iterator[tuple[int, Cells]]:
        for number, row in enumerate(rows, 2):
            yield number, [json_rows.nested(row.get(each)) for each in names]

    return Sheet(name, place, names, numbered, is_nested=True)


def _filled(sheet: WorkbookSheet, begin: int | None) -> Iterator[Block]:
    """Yield the rows of a sheet, from `begin` on with what merged cells hold; None: as they are."""
    blocks = sheet.blocks()
    return blocks_of(blocks if begin is None else filled(blocks, sheet.merged, begin))


def _headed(
    name: str,
    place: Place,
    blocks: Callable[[int | None], Iterator[Block]],
    reading: Reading,
    merged: tuple[Merged, ...] = (),
    cleaning: Cleaning | None = None,
) -> Sheet:
    """Find the headings among the first rows, as they are wanted or as they look."""
    block = next(blocks(None), Block([], 0))
    first = block.cleaned(cleaning).rows(max(SEARCHED, reading.heading_row or 0))
    heading = merged or implied(first, reading.wanted)
    at = reading.heading_row - 1 if reading.heading_row else None
    if reading.heading_row is None:
        at = heading_row(first, reading.wanted, heading)
        if at is None and not reading.positions:
            at = likely_heading_row(first)
            at = at if at is None else heading_end(at, heading)
    elif at is not None and at >= len(first):
        at = None
    if at is None:
        names, begin = list(reading.positions), 0
        width = len(block.columns)
        names += [f"column {number}" for number in range(len(names) + 1, width + 1)]
    else:
        names, begin = headings_at(first, at, heading), at + 1
    refuse_wide([each or None for each in names])

    def numbered() -> Iterator[tuple[int, Block]]:
        number = 1
        for block in blocks(begin):
            above = min(max(0, begin + 1 - number), block.height)
            if above < block.height:
                yield number + above, block.without_first(above)
            number += block.height

    def rows() -> Iterator[tuple[int, Cells]]:
        for first, block in numbered():
            yield from enumerate(block.cleaned(cleaning).rows(), first)

    return Sheet(name, place, names, rows, begin, blocks=numbered, cleaning=cleaning)


def likely_heading_row(rows: list[Cells]) -> int | None:
    """Return the row, from 0, that looks like headings: the first of those with the most texts.

    Title rows have one or two cells, and numbers and dates are no headings.
    """
    counts = [
        sum(isinstance(text, str) and not text[:1].isdigit() for text in cells) for cells in rows
    ]
    most = max(counts, default=0)
    if not most:
        return None
    return next(at for at, count in enumerate(counts) if count >= 0.8 * most)
