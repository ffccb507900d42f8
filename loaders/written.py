"""Rows of one table as somebody wrote them: a file, a sheet, an array, or what was typed or pasted.

All are read by the one reader of files, so that headings in either language, dates as they are
written and words for kinds are read alike, and what is wrong is told with its row and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from graph.errors import Problem
from graph.schema import Table
from loaders.checking.rows import TableReader
from loaders.problems import Findings, Place
from loaders.readers import RawTable, known_headings, normal_heading
from loaders.readers.blocks import of_rows
from loaders.readers.cells import cell
from loaders.readers.encodings import Open
from loaders.readers.native import open_table

MOST = 5_000  # rows at once
TYPED = "typed"  # the name of rows that stand in no file


def as_they_are(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts of a row unchanged."""
    return texts


@dataclass(frozen=True)
class Written:
    """A table that people write rows of: what its sheet is called, and cells without headings."""

    table: Table
    titles: tuple[str, ...]
    order: tuple[str, ...]  # what cells without headings are
    in_fields: Callable[[dict[str, str]], dict[str, str]] = as_they_are

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of all columns."""
        return tuple(column.heading for column in self.table.columns)


@dataclass(frozen=True)
class WrittenRow:
    """One row as it was written: its texts by heading, and where it stands."""

    texts: Mapping[str, str]
    place: Place
    headings: Mapping[str, str]  # as the file calls its columns

    def text(self, heading: str) -> str | None:
        """Return the text of a column; None where it is empty."""
        return self.texts.get(heading) or None


def raw_of_texts(
    of: Table, rows: Sequence[Mapping[str, str]], language: str, place: Place | None = None
) -> RawTable:
    """Return typed rows as a file's; they count as in a spreadsheet, the first one is row 2."""
    titles = [[column.en if language == "en" else column.zh for column in of.columns]]
    cells = [[cell(row.get(column.heading) or "") for column in of.columns] for row in rows]
    return RawTable(of, place or Place(), lambda: iter([of_rows([*titles, *cells])]))


def by_heading(of: Table, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of typed rows, with the headings of the columns in place of their titles."""
    known = known_headings(of)
    return [
        replace(each, column=column.heading)
        if (column := known.get(normal_heading(each.column or "")))
        else each
        for each in problems
    ]


def texts_of_pasted(written: Written, text: str, findings: Findings) -> list[dict[str, str]]:
    """Return the rows of cells copied from a spreadsheet, as texts by heading.

    Without headings above them the cells are taken in the order of `written`.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    known = known_headings(written.table)
    first = [normal_heading(each) for each in lines[0].split("\t")] if lines else []
    if sum(each in known for each in first) < min(len(first), 2):
        lines.insert(0, "\t".join(written.order))
    content = "\n".join(lines).encode()
    return texts_of_file(written, "pasted.tsv", lambda: BytesIO(content), findings)


def texts_of_file(
    written: Written, name: str, open_: Open, findings: Findings
) -> list[dict[str, str]]:
    """Return the rows of a file as texts by heading, not yet judged, to be shown in a form."""
    return [dict(row.texts) for row in rows_of_file(written, name, open_, findings)]


def rows_of_file(
    written: Written,
    name: str,
    open_: Open,
    findings: Findings,
    shared: Mapping[str, str] | None = None,
) -> list[WrittenRow]:
    """Return the rows of a file, not yet judged; `shared` fills empty cells.

    What is wrong with the file or its headings goes into the findings.
    """
    raw = open_table(name, open_, written.table, written.titles, findings)
    if raw is None:
        return []
    found = []
    for row in _rows(raw, findings):
        texts = written.in_fields(dict(row.texts))
        headings = dict(row.headings)
        headings.setdefault("person", headings.get("name", "person"))  # where the name stands
        found.append(replace(row, texts={**(shared or {}), **texts}, headings=headings))
        if len(found) > MOST:
            break
    return found


def rows_of_texts(
    written: Written, rows: Sequence[Mapping[str, str]], shared: Mapping[str, str] | None = None
) -> list[WrittenRow]:
    """Return typed rows, not yet judged, with their places; `shared` fills empty cells."""
    headings = {heading: heading for heading in written.headings}
    return [
        WrittenRow({**(shared or {}), **_filled(texts)}, Place().at(number), headings)
        for number, texts in enumerate(rows, start=2)
    ]


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {heading: text.strip() for heading, text in texts.items() if text.strip()}


def _rows(raw: RawTable, findings: Findings) -> Iterator[WrittenRow]:
    known = known_headings(raw.table)
    reader = TableReader(raw, Findings(findings.language))
    headings = {heading: reader.heading(heading) for heading in reader.at}
    number, is_below = 0, False
    for block in raw.blocks():
        for cells in block.cleaned(raw.cleaning).rows():
            number += 1
            if not any(cells):
                continue
            if not is_below:
                is_below = True
                for name in filter(None, map(str, cells)):
                    if normal_heading(name) not in known:
                        hint = findings.nearest(normal_heading(name), known)
                        title = raw.table.en if findings.language == "en" else raw.table.zh
                        place = raw.place.at(number)
                        findings.add("unread-column", place, name, name, table=title, hint=hint)
                continue
            texts = {
                heading: str(cells[place])
                for heading, place in reader.at.items()
                if place < len(cells) and cells[place]
            }
            if texts:
                yield WrittenRow(texts, raw.place.at(number), headings)
