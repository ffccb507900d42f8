"""Notices as rows of a table: a file, a sheet, an array, or what was typed into a page.

All are read by the one reader of files, so that headings in either language, dates as they are
written and words for marks are read alike, and what is wrong is told with its row and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from graph.errors import Problem
from graph.programme import Programme
from graph.schema import Property, Table
from loaders.checking.rows import TableReader
from loaders.problems import Findings, Place
from loaders.readers import RawTable, known_headings, normal_heading
from loaders.readers.blocks import of_rows
from loaders.readers.cells import cell
from loaders.readers.encodings import Open
from loaders.readers.native import open_table

EVENTS = Table(
    "events",
    "任免",
    "Events",
    columns=(
        Property("kind", "事项", "Event", formerly="类别", privacy=2),
        Property("person", "人员", "Person", names_person=True, privacy=2),
        Property("name", "姓名", "Name", names_person=True, privacy=2),
        Property("on", "生效日期", "From day", "date", formerly="日期", privacy=2),
        Property("post", "岗位", "Post", formerly="职务", privacy=2),
        Property("unit", "单位", "Unit", privacy=2),
        Property("to", "去向", "To", formerly="接任", names_person=True, privacy=2),
        Property("until", "结束", "Until", "date", privacy=2),
        Property("posting", "任职类别", "Kind of posting", kinds="rotation_kinds", privacy=2),
        Property("marks", "标记", "Marks", "list", kinds="posting_marks", privacy=2),
        Property("document", "文号", "Document number", privacy=2),
        Property("reason", "理由", "Reason", privacy=3),
    ),
)
TITLES = ("events", "任免", "任免事项", "事项")
HEADINGS = tuple(column.heading for column in EVENTS.columns)
MOST = 5_000  # rows at once
TYPED = "events"  # the name of rows that stand in no file


@dataclass(frozen=True)
class NoticeRow:
    """One row as it was written: its texts by heading, and where it stands."""

    texts: Mapping[str, str]
    place: Place
    headings: Mapping[str, str]  # as the file calls its columns

    def text(self, heading: str) -> str | None:
        """Return the text of a column; None where it is empty."""
        return self.texts.get(heading) or None

    @property
    def marks(self) -> list[str]:
        """Return the marks of a posting."""
        return (self.text("marks") or "").split(";")


def rows_of_file(
    name: str,
    open_: Open,
    programme: Programme,
    findings: Findings,
    shared: Mapping[str, str] | None = None,
) -> list[NoticeRow]:
    """Read the rows of a file; what is wrong with it goes into the findings.

    `shared` fills the empty cells of its columns.
    """
    raw = open_table(name, open_, EVENTS, TITLES, findings)
    return _rows(raw, programme, findings, shared or {}) if raw else []


def rows_of_texts(
    rows: Sequence[Mapping[str, str]],
    programme: Programme,
    findings: Findings,
    shared: Mapping[str, str] | None = None,
) -> list[NoticeRow]:
    """Read rows that were typed; they count as in a spreadsheet, the first one is row 2."""
    titles = [[column.en if findings.language == "en" else column.zh for column in EVENTS.columns]]
    cells = [[cell(row.get(heading) or "") for heading in HEADINGS] for row in rows]
    raw = RawTable(EVENTS, Place(), lambda: iter([of_rows([*titles, *cells])]))
    found = _rows(raw, programme, findings, shared or {})
    return [replace(row, headings={heading: heading for heading in HEADINGS}) for row in found]


def by_heading(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of typed rows, with the headings of the columns in place of their titles."""
    known = known_headings(EVENTS)
    return [
        replace(each, column=column.heading)
        if (column := known.get(normal_heading(each.column or "")))
        else each
        for each in problems
    ]


def texts_of_pasted(text: str, findings: Findings) -> list[dict[str, str]]:
    """Return the rows of cells copied from a spreadsheet, as texts by heading.

    Without headings above them the cells are taken in the order of the columns.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    known = known_headings(EVENTS)
    first = [normal_heading(each) for each in lines[0].split("\t")] if lines else []
    if sum(each in known for each in first) < min(len(first), 2):
        lines.insert(0, "\t".join(HEADINGS_OF_PASTED))
    raw = open_table(
        "events.tsv", lambda: BytesIO("\n".join(lines).encode()), EVENTS, TITLES, findings
    )
    return _texts(raw) if raw else []


def texts_of_file(name: str, open_: Open, findings: Findings) -> list[dict[str, str]]:
    """Return the rows of a file as texts by heading, not yet judged, to be shown in a form."""
    raw = open_table(name, open_, EVENTS, TITLES, findings)
    return _texts(raw) if raw else []


# What cells without headings are, in this order.
HEADINGS_OF_PASTED = ("person", "post", "to", "on", "document", "kind", "reason")


def _texts(raw: RawTable) -> list[dict[str, str]]:
    known = known_headings(EVENTS)
    found: list[dict[str, str]] = []
    headings: list[str] = []
    for block in raw.blocks():
        for cells in block.cleaned(raw.cleaning).rows():
            if not any(cells):
                continue
            if not headings:
                columns = [known.get(normal_heading(str(each or ""))) for each in cells]
                headings = [column.heading if column else "" for column in columns]
                continue
            pairs = zip(headings, cells, strict=False)
            found.append(_in_fields({head: str(text) for head, text in pairs if head and text}))
    return found[:MOST]


def _in_fields(texts: dict[str, str]) -> dict[str, str]:
    """Write a name where the id is missing, and a unit before its post."""
    if "name" in texts and "person" not in texts:
        texts["person"] = texts.pop("name")
    if "unit" in texts and "post" in texts:
        texts["post"] = f"{texts.pop('unit')} {texts['post']}"
    return texts


def _rows(
    raw: RawTable, programme: Programme, findings: Findings, shared: Mapping[str, str]
) -> list[NoticeRow]:
    reader = TableReader(raw, findings, programme)
    headings = {heading: reader.heading(heading) for heading in HEADINGS}
    found: list[NoticeRow] = []
    for batch in reader.batches():
        for number, row in zip(batch.numbers.tolist(), batch.rows, strict=True):
            texts = {heading: _text(row[place]) for heading, place in reader.at.items()}
            filled = {**shared, **{heading: text for heading, text in texts.items() if text}}
            found.append(NoticeRow(filled, raw.place.at(number), headings))
    _refuse_incomplete(found, findings)
    return found


def _refuse_incomplete(rows: Iterable[NoticeRow], findings: Findings) -> None:
    for row in rows:
        for heading in ("kind", "on"):
            if not row.text(heading):
                findings.add("missing-value", row.place, row.headings[heading], None)
        if not row.text("person") and not row.text("name"):
            findings.add("missing-value", row.place, row.headings["person"], None)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, tuple) else str(value)
