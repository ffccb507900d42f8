"""Notices as rows of a table: a file, a sheet, an array, or what was typed into a page.

`loaders/written.py` reads them as rows of any table are read; here is what their columns are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.errors import Problem
from graph.programme import Programme
from graph.schema import Property, Table
from loaders import written
from loaders.checking.rows import TableReader
from loaders.problems import Findings
from loaders.readers import EVENT_TITLES, RawTable
from loaders.readers.encodings import Open
from loaders.readers.native import open_table
from loaders.written import Written, WrittenRow, raw_of_texts

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
HEADINGS = tuple(column.heading for column in EVENTS.columns)


def _in_fields(texts: dict[str, str]) -> dict[str, str]:
    """Write a name where the id is missing, and a unit before its post."""
    if "name" in texts and "person" not in texts:
        texts["person"] = texts.pop("name")
    if "unit" in texts and "post" in texts:
        texts["post"] = f"{texts.pop('unit')} {texts['post']}"
    return texts


# What cells without headings are, in this order.
_ORDER = ("person", "post", "to", "on", "document", "kind", "reason")
NOTICES = Written(EVENTS, EVENT_TITLES, _ORDER, _in_fields)


def rows_of_file(
    name: str,
    open_: Open,
    programme: Programme,
    findings: Findings,
    shared: Mapping[str, str] | None = None,
) -> list[WrittenRow]:
    """Read the rows of a file; what is wrong with it goes into the findings.

    `shared` fills the empty cells of its columns.
    """
    raw = open_table(name, open_, EVENTS, EVENT_TITLES, findings)
    return _rows(raw, programme, findings, shared or {}) if raw else []


def rows_of_texts(
    rows: Sequence[Mapping[str, str]],
    programme: Programme,
    findings: Findings,
    shared: Mapping[str, str] | None = None,
) -> list[WrittenRow]:
    """Read rows that were typed; they count as in a spreadsheet, the first one is row 2."""
    raw = raw_of_texts(EVENTS, rows, findings.language)
    found = _rows(raw, programme, findings, shared or {})
    return [replace(row, headings={heading: heading for heading in HEADINGS}) for row in found]


def by_heading(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems of typed rows, with the headings of the columns in place of their titles."""
    return written.by_heading(EVENTS, problems)


def _rows(
    raw: RawTable, programme: Programme, findings: Findings, shared: Mapping[str, str]
) -> list[WrittenRow]:
    reader = TableReader(raw, findings, programme)
    headings = {heading: reader.heading(heading) for heading in HEADINGS}
    found: list[WrittenRow] = []
    for batch in reader.batches():
        for number, row in zip(batch.numbers.tolist(), batch.rows, strict=True):
            texts = {heading: _text(row[place]) for heading, place in reader.at.items()}
            filled = {**shared, **{heading: text for heading, text in texts.items() if text}}
            found.append(WrittenRow(filled, raw.place.at(number), headings))
    _refuse_incomplete(found, findings)
    return found


def _refuse_incomplete(rows: Iterable[WrittenRow], findings: Findings) -> None:
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
