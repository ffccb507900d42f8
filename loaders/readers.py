"""Files in, raw rows out: a folder of CSV, one CSV, a workbook, a JSON object, a zipped folder.

A reader gives every spreadsheet row from row 1, the heading row, on, in blocks: each row a list of
stripped texts with None for an empty cell, empty for a blank line. Rows are streamed where the
format allows it. What the columns mean and whether a value is right is not judged here.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

import python_calamine

from graph.errors import InputError
from graph.schema import TABLES, Column, Table
from graph.upsert import BATCH
from loaders.problems import Findings, Place

Cells = list[Any]  # texts and None; something else only where JSON holds what no cell can

PROGRAMME_FILE, RULES_FILE = "programme.yaml", "rules.yaml"
ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".zip")

_BLOCK = 1 << 20
_SEPARATORS = ",;\t"
_LONGEST_CELL = 131_072
_LARGEST_ARCHIVE = 2 << 30  # bytes once unpacked
_LARGEST_SHEET = 40_000_000  # cells of the rectangle that a sheet spans
_LARGEST_TEXT = 1 << 20  # characters of a programme.yaml

# What a spreadsheet would take for a formula. Exports put an apostrophe before a text that begins
# so; it is taken away here, also where it only keeps a text that looks like an escaped one.
_FORMULA = "=+-@\t\r＝＋－＠"
_ESCAPED = re.compile(f"'['{re.escape(_FORMULA)}]")


def escape(text: str) -> str:
    """Make a text harmless in a CSV file that a spreadsheet opens.

    >>> escape("=1+1"), escape("'=1"), escape("O'Neill")
    ("'=1+1", "''=1", "O'Neill")
    """
    return f"'{text}" if text and (text[0] in _FORMULA or _ESCAPED.match(text)) else text


def unescape(text: str) -> str:
    """Give back the text that `escape` was given.

    >>> unescape("'=1+1"), unescape("''=1"), unescape("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if _ESCAPED.match(text) else text


class Unreadable(Exception):
    """A file, or the rest of it from a row on, cannot be read; `code` says why."""

    def __init__(self, code: str, row: int | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.details = details


@dataclass(frozen=True)
class RawTable:
    """One table of a data set as its file holds it; `blocks` may be called again and again."""

    table: Table
    place: Place
    blocks: Callable[[], Iterator[list[Cells]]]


@dataclass
class DataSet:
    """The tables of a data set in the order they are stored, and the texts beside them."""

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # PROGRAMME_FILE, RULES_FILE -> text


@contextmanager
def open_data_set(path: Path, findings: Findings) -> Iterator[DataSet]:
    """Open a data set; what is wrong with its files as a whole goes into the findings."""
    if not path.exists():
        raise InputError(f"{path} does not exist.", "Give a folder or a file of a data set.")
    ending = path.suffix.lower()
    if not path.is_dir() and ending not in ENDINGS:
        raise InputError(
            f"{path.name} is not a data set.", f"Give a folder or a file {', '.join(ENDINGS)}."
        )
    data_set = DataSet(path.name)
    with ExitStack() as held:
        try:
            _take(data_set, findings, path, held)
        except Unreadable as error:
            findings.add(error.code, Place(path.name, row=error.row), **error.details)
        except (zipfile.BadZipFile, python_calamine.CalamineError, OSError) as error:
            findings.add("unreadable-file", Place(path.name), reason=_reason(error))
        holds_something = data_set.tables or (path.is_dir() and data_set.texts)
        if not holds_something and not findings.error_count:
            findings.add("empty-data-set", Place(data_set.name), tables=_known_tables())
        order = [table.name for table in TABLES if table.name in data_set.tables]
        data_set.tables = {name: data_set.tables[name] for name in order}
        yield data_set


def _take(data_set: DataSet, findings: Findings, path: Path, held: ExitStack) -> None:
    if path.is_dir():
        _take_files(data_set, findings, {each.name: each for each in sorted(path.iterdir())})
        return
    ending = path.suffix.lower()
    if ending == ".zip":
        _take_archive(data_set, findings, held.enter_context(zipfile.ZipFile(path)))
        return
    beside = {name: path.parent / name for name in (PROGRAMME_FILE, RULES_FILE)}
    _take_files(data_set, findings, beside)
    if ending == ".xlsx":
        _take_workbook(data_set, findings, path)
    elif ending == ".json":
        _take_json(data_set, findings, path)
    else:
        _take_files(data_set, findings, {path.name: path})


def _known_tables() -> str:
    return ", ".join(table.name for table in TABLES)


def _table_named(name: str) -> Table | None:
    """Find a table by its name or by one of its titles."""
    wanted = name.strip().casefold()
    return next((t for t in TABLES if wanted in (t.name, t.zh, t.en.casefold())), None)


def _add_table(
    data_set: DataSet,
    findings: Findings,
    name: str,
    place: Place,
    blocks: Callable[[Table], Callable[[], Iterator[list[Cells]]]],
) -> None:
    table = _table_named(name)
    if table is None:
        findings.add("unknown-table", place, value=name, name=name, tables=_known_tables())
        return
    if table.name in data_set.tables:
        other = data_set.tables[table.name].place
        shown = other.sheet or other.file
        findings.add("duplicate-table", place, value=name, table=table.name, other=shown)
        return
    try:
        data_set.tables[table.name] = RawTable(table, place, blocks(table))
    except Unreadable as error:
        findings.add(error.code, Place(place.file, place.sheet, error.row), **error.details)


# --- folders and zipped folders ---------------------------------------------------------------


def _take_files(data_set: DataSet, findings: Findings, paths: dict[str, Path]) -> None:
    for name, path in paths.items():
        if path.is_file():
            _take_member(data_set, findings, name, _opener(path))


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _take_archive(data_set: DataSet, findings: Findings, archive: zipfile.ZipFile) -> None:
    members = [member for member in archive.infolist() if not member.is_dir()]
    _refuse_bomb(members)
    for member in sorted(members, key=lambda each: each.filename):
        path = PurePosixPath(member.filename)
        if not any(part.startswith((".", "__MACOSX")) for part in path.parts):
            _take_member(data_set, findings, path.name, partial(archive.open, member), str(path))


def _take_member(
    data_set: DataSet,
    findings: Findings,
    name: str,
    open_: Callable[[], IO[bytes]],
    shown: str | None = None,
) -> None:
    place = Place(shown or name)
    if name in (PROGRAMME_FILE, RULES_FILE):
        try:
            data_set.texts[name] = _text(open_)
        except Unreadable as error:
            findings.add(error.code, place, **error.details)
    elif name.lower().endswith((".csv", ".tsv")) and not name.startswith((".", "~")):
        _add_table(data_set, findings, name[:-4], place, partial(_csv_blocks, open_))


def _text(open_: Callable[[], IO[bytes]]) -> str:
    encoding = _scan(open_).encoding
    with open_() as stream:
        text = stream.read(4 * _LARGEST_TEXT).decode(encoding, "ignore")
    if len(text) > _LARGEST_TEXT:
        raise Unreadable("too-large", what=f"{len(text)} > {_LARGEST_TEXT}")
    return _lines(text.replace("\r\n", "\n").split("\n"))


def _lines(lines: list[Any]) -> str:
    """Join the lines of a text, the same way whatever kind of file held them."""
    return "\n".join(map(str, lines)).rstrip() + "\n"


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    if size > _LARGEST_ARCHIVE:
        raise Unreadable("too-large", what=f"{size >> 20} MB > {_LARGEST_ARCHIVE >> 20} MB")


# --- CSV --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scan:
    encoding: str
    has_apostrophe: bool  # else no cell needs to be looked at for an escape


def _scan(open_: Callable[[], IO[bytes]]) -> _Scan:
    """Read a file once as bytes to know its encoding for certain."""
    with open_() as stream:
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)()
        has_apostrophe = False
        try:
            with open_() as stream:
                while block := stream.read(_BLOCK):
                    decoder.decode(block)
                    has_apostrophe = has_apostrophe or b"'" in block
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return _Scan(encoding, has_apostrophe)
    raise Unreadable("unknown-encoding")


def _csv_blocks(
    open_: Callable[[], IO[bytes]], table: Table
) -> Callable[[], Iterator[list[Cells]]]:
    scan = _scan(open_)
    separator = _separator(table, open_, scan.encoding)

    def blocks() -> Iterator[list[Cells]]:
        with io.TextIOWrapper(open_(), scan.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=separator, strict=True)
            row, is_last = 1, False
            while not is_last:
                block: list[Cells] = []
                broken = False
                try:
                    for cells in islice(reader, BATCH):
                        block.append([cell.strip() or None for cell in cells])
                except csv.Error:
                    broken = True
                if scan.has_apostrophe:
                    block = [[cell and unescape(cell) for cell in cells] for cells in block]
                row += len(block)
                is_last = len(block) < BATCH
                yield block
                if broken:
                    raise Unreadable("bad-quotes", row, longest=_LONGEST_CELL)

    return blocks


def _blocks(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    while block := list(islice(rows, BATCH)):
        yield block


def _separator(table: Table, open_: Callable[[], IO[bytes]], encoding: str) -> str:
    """Choose the separator that makes the most known headings of the first line."""
    with io.TextIOWrapper(open_(), encoding, newline="") as text:
        lines = text.read(_BLOCK // 16).splitlines()
    line = next((line for line in lines if line.strip()), "")
    known = known_headings(table)

    def count(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=separator), [])
        return sum(normal_heading(cell) in known for cell in cells), line.count(separator)

    try:
        return max(_SEPARATORS, key=count)
    except csv.Error:
        return ","


def normal_heading(text: str) -> str:
    """Give a heading as it is compared: without case, outer blanks and the mark of required."""
    return text.strip().strip("*").strip().casefold().replace(" ", "_")


def known_headings(table: Table) -> dict[str, Column]:
    """Give a table's columns by every heading they may have: the name, or a title in a language."""
    known: dict[str, Column] = {}
    for title in ("heading", "zh", "en"):
        for column in table.columns:
            known.setdefault(normal_heading(getattr(column, title)), column)
    return known


# --- workbooks --------------------------------------------------------------------------------


def _take_workbook(data_set: DataSet, findings: Findings, path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        _refuse_bomb(archive.infolist())
        _refuse_wide_sheets(archive)
    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        place = Place(path.name, name)
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (python_calamine.CalamineError, OSError) as error:
            findings.add("unreadable-file", place, reason=_reason(error))
            continue
        if name in (PROGRAMME_FILE, RULES_FILE):
            data_set.texts[name] = _lines([row[0] for row in sheet.iter_rows()])
        elif sheet.height:
            is_only = len(workbook.sheet_names) == 1 and _table_named(name) is None
            _add_table(
                data_set,
                findings,
                path.stem if is_only and _table_named(path.stem) else name,
                place,
                partial(_sheet_blocks, sheet),
            )


def _sheet_blocks(
    sheet: python_calamine.CalamineSheet, _table: Table
) -> Callable[[], Iterator[list[Cells]]]:
    return lambda: _blocks([_cell(value) for value in row] for row in sheet.iter_rows())


def _cell(value: Any) -> Any:
    """Give a typed cell (of Excel or JSON) as text; dates as ISO dates, lists joined by `;`."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        texts = [_cell(item) for item in value]
        known = [text for text in texts if text is not None]
        return ";".join(known) or None if all(isinstance(text, str) for text in known) else value
    if value is None or isinstance(value, dict):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


_CELL_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


def _refuse_wide_sheets(archive: zipfile.ZipFile) -> None:
    """Refuse a sheet whose few cells span so large a rectangle that reading it fills memory."""
    for member in archive.infolist():
        if not (member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")):
            continue
        width, height, rest = 0, 0, b""
        with archive.open(member) as stream:
            while block := stream.read(_BLOCK):
                places = _CELL_PLACE.findall(rest + block)
                for letters in {letters.upper() for letters, _ in places}:
                    number = 0
                    for letter in letters:
                        number = number * 26 + letter - 64
                    width = max(width, number)
                height = max(height, max((int(row) for _, row in places), default=0))
                if width * height > _LARGEST_SHEET:
                    what = f"{width} x {height} cells"
                    raise Unreadable("too-large", what=what)
                rest = block[-64:]


# --- JSON -------------------------------------------------------------------------------------


def _take_json(data_set: DataSet, findings: Findings, path: Path) -> None:
    try:
        encoding = _scan(_opener(path)).encoding
        content = json.loads(path.read_text(encoding=encoding))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-json", reason=_reason(error)) from None
    if not isinstance(content, dict):
        raise Unreadable("not-json", reason=type(content).__name__)
    for name, rows in content.items():
        if name in (PROGRAMME_FILE, RULES_FILE):
            data_set.texts[name] = _lines(rows if isinstance(rows, list) else [rows])
        else:
            place = Place(path.name, name)
            _add_table(data_set, findings, name, place, partial(_json_blocks, rows))


def _json_blocks(rows: Any, _table: Table) -> Callable[[], Iterator[list[Cells]]]:
    if not isinstance(rows, list):
        raise Unreadable("not-json", reason=type(rows).__name__)
    for number, row in enumerate(rows, 2):
        if not isinstance(row, dict):
            raise Unreadable("not-a-row", number)
    headings = list(dict.fromkeys(heading for row in rows for heading in row))

    def records() -> Iterator[Cells]:
        yield list(headings)
        for row in rows:
            yield [_cell(row.get(heading)) for heading in headings]

    return lambda: _blocks(records())


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
