"""The native data set: a folder of CSV, one CSV, a workbook, a JSON object, a zipped folder.

A reader gives every spreadsheet row from row 1, the heading row, on, in blocks of columns. Rows are
streamed where the format allows it. What the columns mean and whether a value is right is not
judged here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from graph.errors import N_, InputError
from graph.schema import TABLES, Table
from loaders.problems import Findings, Place
from loaders.readers.archives import is_of_a_system, members_of
from loaders.readers.blocks import Block, blocks_of
from loaders.readers.cells import Cells, Cleaning, Unreadable, cell, composed, in_blocks, reason
from loaders.readers.encodings import Open, careful, scan
from loaders.readers.headings import SEARCHED, known_headings, under_titles
from loaders.readers.json_rows import array_headings, json_content
from loaders.readers.kinds import kind_of
from loaders.readers.text import text_blocks
from loaders.readers.workbook import WorkbookSheet, sheets

PROGRAMME_FILE, RULES_FILE = "programme.yaml", "rules.yaml"
SOURCE_FILE = "source.yaml"  # a folder that has it is read as it describes
ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".zip")

_LARGEST_TEXT = 1 << 20  # characters of a programme.yaml

Blocks = Callable[[], Iterator[Block]]


@dataclass(frozen=True)
class RawTable:
    """One table of a data set as its file holds it; `blocks` may be called again and again."""

    table: Table
    place: Place
    blocks: Blocks
    keeps_reversed: bool = False  # a period that ends before it begins is a doubt, not an error
    cleaning: Cleaning | None = None  # what is to be done to the cells below the headings, if any
    without: Collection[str] = ()  # headings of columns that are not known and not wanted


@dataclass
class DataSet:
    """The tables of a data set in the order they are stored, and the texts beside them."""

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # PROGRAMME_FILE, RULES_FILE -> text
    derive: tuple[Any, ...] = ()  # of a declared source: the questions that make more edges
    source: str = ""  # the name of the declared source
    doubts_early: bool = False  # dates before 1906 are doubtful, as of any foreign file
    asked: tuple[Any, ...] = ()  # doubts that the description of a source names
    unused: list[tuple[str, str, str]] = field(default_factory=list)  # file, sheet, column


@contextmanager
def open_data_set(path: Path, findings: Findings) -> Iterator[DataSet]:
    """Open a data set; what is wrong with its files as a whole goes into the findings."""
    refuse_missing(path)
    ending = path.suffix.lower()
    if not path.is_dir() and ending not in ENDINGS:
        raise InputError(
            N_("%(file)s is not a data set."),
            N_("Give a folder or a file %(endings)s."),
            file=path.name,
            endings=", ".join(ENDINGS),
        )
    data_set = DataSet(path.name)
    with ExitStack() as held:
        try:
            _take(data_set, findings, path, held)
        except Unreadable as error:
            findings.add(error.code, Place(path.name, row=error.row), **error.details)
        except (zipfile.BadZipFile, OSError) as error:
            findings.add("unreadable-file", Place(path.name), reason=reason(error))
        holds_something = data_set.tables or (path.is_dir() and data_set.texts)
        if not holds_something and not findings.error_count:
            findings.add("empty-data-set", Place(data_set.name), tables=known_tables())
        order = [table.name for table in TABLES if table.name in data_set.tables]
        data_set.tables = {name: data_set.tables[name] for name in order}
        yield data_set


def open_table(
    name: str, open_: Open, of: Table, titles: Collection[str], findings: Findings
) -> RawTable | None:
    """Open the one table that a file is, or its sheet or array of one of the titles.

    None where a finding says why there is none.
    """
    place = Place(name)
    try:
        ending = PurePosixPath(name).suffix.lower()
        if ending == ".json":
            return _array_of(place, open_, of, titles)
        kind = kind_of(open_, "workbook" if ending == ".xlsx" else "text")
        if kind == "workbook":
            return _sheet_of(place, open_, of, titles)
        if kind != "text":
            raise Unreadable("other-kind", what=str(kind).upper())
        blocks, cleaning = _csv_blocks(open_, of)
        return RawTable(of, place, blocks, cleaning=cleaning)
    except Unreadable as error:
        findings.add(error.code, Place(name, row=error.row), **error.details)
    except OSError as error:
        findings.add("unreadable-file", place, reason=reason(error))
    return None


def _array_of(place: Place, open_: Open, of: Table, titles: Collection[str]) -> RawTable:
    content = json_content(open_)
    found = content if isinstance(content, list) else None
    if isinstance(content, dict):
        found = next((rows for name, rows in content.items() if name in titles), None)
    if found is None:
        raise Unreadable("empty-data-set", tables=", ".join(titles))
    blocks, _ = _json_blocks(found, of)
    return RawTable(of, place, blocks)


def _sheet_of(place: Place, open_: Open, of: Table, titles: Collection[str]) -> RawTable:
    filled = [each for each in sheets(open_) if each.fault or each.sheet.height]
    named = [each for each in filled if composed(each.name).strip().casefold() in titles]
    if not named and len(filled) != 1:
        raise Unreadable("empty-data-set", tables=", ".join(titles))
    sheet = (named or filled)[0]
    if sheet.fault:
        raise Unreadable("unreadable-file", reason=sheet.fault)
    blocks, _ = _sheet_blocks(sheet, of)
    return RawTable(of, Place(place.file, sheet.name), blocks)


def leave_out(data_set: DataSet, headings: Collection[str]) -> None:
    """Read a data set without unknown columns of these headings."""
    if headings:
        for name, raw in data_set.tables.items():
            data_set.tables[name] = replace(raw, without=headings)


def refuse_missing(path: Path) -> None:
    """Raise InputError where nothing is."""
    if not path.exists():
        raise InputError(
            N_("%(file)s does not exist."),
            N_("Give a folder or a file of a data set."),
            file=str(path),
        )


def known_tables() -> str:
    """List the names of the tables, as problems show them."""
    return ", ".join(table.name for table in TABLES)


EVENT_TITLES = ("events", "任免", "任免事项", "事项")  # of a file of notices, which is no table


def table_named(name: str) -> Table | None:
    """Find a table by its name or by one of its titles."""
    wanted = composed(name).strip().casefold()
    return next((t for t in TABLES if wanted in (t.name, t.zh, t.en.casefold())), None)


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
        _take_table(data_set, findings, path.name, Place(path.name), opener(path))
    elif ending == ".json":
        _take_json(data_set, findings, path)
    else:
        _take_files(data_set, findings, {path.name: path})


def _add_table(
    data_set: DataSet,
    findings: Findings,
    name: str,
    place: Place,
    opened: Callable[[Table], tuple[Blocks, Cleaning | None]],
) -> None:
    table = table_named(name)
    if table is None and composed(name).strip().casefold() in EVENT_TITLES:
        findings.add("events-file", place, value=name, name=name, file=place.file)
        return
    if table is None:
        findings.add("unknown-table", place, value=name, name=name, tables=known_tables())
        return
    if table.name in data_set.tables:
        other = data_set.tables[table.name].place
        shown = other.sheet or other.file
        findings.add("duplicate-table", place, value=name, table=table.name, other=shown)
        return
    try:
        blocks, cleaning = opened(table)
        data_set.tables[table.name] = RawTable(table, place, blocks, cleaning=cleaning)
    except Unreadable as error:
        findings.add(error.code, Place(place.file, place.sheet, error.row), **error.details)


# --- folders and zipped folders ---------------------------------------------------------------


def _take_files(data_set: DataSet, findings: Findings, paths: dict[str, Path]) -> None:
    for name, path in paths.items():
        if path.is_file():
            _take_member(data_set, findings, name, opener(path))


def opener(path: Path) -> Open:
    """Return the function that opens a file anew."""
    return lambda: path.open("rb")


def _take_archive(data_set: DataSet, findings: Findings, archive: zipfile.ZipFile) -> None:
    for member in members_of(archive):
        path = PurePosixPath(member.filename)
        _take_member(
            data_set, findings, path.name, careful(partial(archive.open, member)), str(path)
        )


def _take_member(
    data_set: DataSet,
    findings: Findings,
    name: str,
    open_: Open,
    shown: str | None = None,
) -> None:
    place = Place(shown or name)
    if name in (PROGRAMME_FILE, RULES_FILE):
        try:
            data_set.texts[name] = _text(open_)
        except Unreadable as error:
            findings.add(error.code, place, **error.details)
    elif name.lower().endswith((".csv", ".tsv")) and not is_of_a_system(name):
        _take_table(data_set, findings, name, place, open_)


def _take_table(
    data_set: DataSet, findings: Findings, name: str, place: Place, open_: Open
) -> None:
    """Take a file that is one table, or a workbook whatever its name says."""
    path = PurePosixPath(name)
    try:
        kind = kind_of(open_, "workbook" if path.suffix.lower() == ".xlsx" else "text")
        if kind == "workbook":
            _take_workbook(data_set, findings, place, open_)
        elif kind == "text":
            _add_table(data_set, findings, path.stem, place, partial(_csv_blocks, open_))
        else:
            raise Unreadable("other-kind", what=str(kind).upper())
    except Unreadable as error:
        findings.add(error.code, Place(place.file, row=error.row), **error.details)


def _text(open_: Open) -> str:
    encoding = scan(open_).encoding
    with open_() as stream:
        text = stream.read(4 * _LARGEST_TEXT).decode(encoding, "ignore")
    if len(text) > _LARGEST_TEXT:
        raise Unreadable("too-large", what=f"{len(text)} > {_LARGEST_TEXT}")
    return _lines(text.replace("\r\n", "\n").split("\n"))


def _lines(lines: list[Any]) -> str:
    """Join the lines of a text, the same way whatever kind of file held them."""
    return "\n".join(map(str, lines)).rstrip() + "\n"


def _csv_blocks(open_: Open, table: Table) -> tuple[Blocks, Cleaning]:
    known = known_headings(table)
    blocks, cleaning = text_blocks(open_, known)

    def under() -> Iterator[Block]:
        further = blocks()
        for first in islice(further, 1):
            top = iter([first.rows(SEARCHED)])
            yield from blocks_of(under_titles(top, known, cleaning=cleaning))
            yield first.without_first(SEARCHED)
        yield from further

    return _looked_at(under), cleaning


# --- workbooks and JSON -----------------------------------------------------------------------


def _take_workbook(data_set: DataSet, findings: Findings, file: Place, open_: Open) -> None:
    found, stem = sheets(open_), PurePosixPath(file.file or "").stem
    for each in found:
        place = Place(file.file, each.name)
        if each.fault:
            findings.add("unreadable-file", place, reason=each.fault)
        elif each.name in (PROGRAMME_FILE, RULES_FILE):
            data_set.texts[each.name] = _lines([row[0] for row in each.sheet.iter_rows()])
        elif each.sheet.height:
            is_only = len(found) == 1 and table_named(each.name) is None
            _add_table(
                data_set,
                findings,
                stem if is_only and table_named(stem) else each.name,
                place,
                partial(_sheet_blocks, each),
            )


def _sheet_blocks(sheet: WorkbookSheet, table: Table) -> tuple[Blocks, None]:
    known = known_headings(table)
    return _looked_at(lambda: blocks_of(under_titles(sheet.blocks(), known, sheet.merged))), None


def _looked_at(blocks: Blocks) -> Blocks:
    """Return the blocks of a table whose headings can be read; Unreadable where they cannot."""
    next(blocks(), None)
    return blocks


def _take_json(data_set: DataSet, findings: Findings, path: Path) -> None:
    content = json_content(opener(path))
    if not isinstance(content, dict):
        raise Unreadable("not-json", reason=type(content).__name__)
    for name, rows in content.items():
        if name in (PROGRAMME_FILE, RULES_FILE):
            data_set.texts[name] = _lines(rows if isinstance(rows, list) else [rows])
        else:
            place = Place(path.name, name)
            _add_table(data_set, findings, name, place, partial(_json_blocks, rows))


def _json_blocks(rows: Any, _table: Table) -> tuple[Blocks, None]:
    if not isinstance(rows, list):
        raise Unreadable("not-json", reason=type(rows).__name__)
    headings = array_headings(rows)

    def records() -> Iterator[Cells]:
        yield list(headings)
        for row in rows:
            yield [cell(row.get(heading)) for heading in headings]

    return lambda: blocks_of(in_blocks(records())), None
