"""The growth file and the district report as documents: one content, on paper, in Excel, in Word.

A `Document` is made once from the facts and drawn three times, so all three say the same. The
only home of python-docx; XlsxWriter's second one, beside the exports of the loaders.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, send_file
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_, InputError

_FONT = "SimSun"  # 宋体: there on every office machine; others fall back to what they have
_WIDEST = 60  # characters of a column of a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Cell = str | int | None


@dataclass(frozen=True)
class Section:
    """One part of a document: a heading, a sentence, a table; a table without rows says so."""

    key: str
    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    note: str = ""
    behind: tuple[str, ...] = ()  # by row: key of the section that lists what the row counts
    annex: bool = False  # begins on a new page, after everything else


class SectionDict(TypedDict):
    """One part of a document, as plain values."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str


class DocumentDict(TypedDict):
    """A document, as plain values."""

    title: str
    subtitle: str
    summary: str
    facts: dict[str, str]
    sections: list[SectionDict]


@dataclass(frozen=True)
class Document:
    """A title, the facts at its head, and its sections."""

    name: str  # of the file, without ending
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    invented: bool = False
    summary: str = ""  # the document in a sentence or two

    @property
    def foot(self) -> str:
        """Return the line at the foot of every page."""
        return f"{self.title} · {self.subtitle}" + (
            f" · {_('All people here are invented.')}" if self.invented else ""
        )

    def as_dict(self) -> DocumentDict:
        """Return it as plain values."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "summary": self.summary,
            "facts": dict(self.facts),
            "sections": [
                {
                    "key": section.key,
                    "title": section.title,
                    "columns": list(section.columns),
                    "rows": [list(row) for row in section.rows],
                    "note": section.note,
                }
                for section in self.sections
            ],
        }


TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def sent(document: Document, ending: str) -> Response:
    """Return a document as a file to be downloaded, Word or Excel by its ending."""
    content = as_word(document) if ending == "docx" else as_workbook(document)
    return send_file(
        io.BytesIO(content),
        TYPES[ending],
        as_attachment=True,
        download_name=f"{document.name}.{ending}",
    )


def write_document(document: Document, path: Path) -> None:
    """Write a document to a file, by its ending."""
    make = {".docx": as_word, ".xlsx": as_workbook}.get(path.suffix.lower())
    if make is None:
        raise InputError(
            N_("%(path)s ends neither in .docx nor in .xlsx."), N_("Choose one of them."), path=path
        )
    try:
        path.write_bytes(make(document))
    except OSError as error:
        raise InputError(
            N_("%(path)s cannot be written: %(reason)s."), path=path, reason=error.strerror
        ) from error


# --- Word --------------------------------------------------------------------------------------


def as_word(document: Document) -> bytes:
    """Draw a document as a .docx on A4, with repeated table headings."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    made: Any = docx.Document()
    page = made.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = made.styles[name]
        style.font.name = _FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    made.styles["Normal"].font.size = Pt(10.5)
    made.core_properties.title = _clean(document.title)
    made.core_properties.author = ""
    page.footer.paragraphs[0].text = _clean(document.foot)
    made.add_heading(_clean(document.title), 0)
    made.add_paragraph(_clean(document.subtitle))
    if document.summary:
        made.add_paragraph(_clean(document.summary))
    if document.facts:
        _word_table(made, (), [(title, value) for title, value in document.facts])
    in_annex = False
    for section in document.sections:
        if section.annex and not in_annex:
            made.add_page_break()
            in_annex = True
        made.add_heading(_clean(section.title), 2 if section.annex else 1)
        if section.note:
            made.add_paragraph(_clean(section.note))
        if section.rows:
            _word_table(made, section.columns, section.rows)
        elif section.columns:
            made.add_paragraph(_("None."))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _word_table(made: Any, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    width = len(columns) or len(rows[0])
    table = made.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    if columns:
        heading = table.add_row()
        for at, text in enumerate(columns):
            heading.cells[at].paragraphs[0].add_run(_clean(text)).bold = True
        repeated = OxmlElement("w:tblHeader")
        repeated.set(qn("w:val"), "true")
        heading._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        cells = table.add_row().cells
        for at, value in enumerate(row):
            cells[at].text = _clean(value)


def _clean(value: Cell) -> str:
    """Take out what XML cannot hold."""
    return "" if value is None else _CONTROL.sub("", str(value))


# --- Excel -------------------------------------------------------------------------------------


def as_workbook(document: Document) -> bytes:
    """Draw a document as an .xlsx: a first sheet with the whole, and one for each annex."""
    import xlsxwriter

    stream = io.BytesIO()
    # Nothing is ever taken for a formula, a number or an address because of how it looks.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"font_color": "#0b5cad", "underline": 1, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1})
    large = book.add_format({"bold": True, "font_size": 14})
    names = dict(_sheet_names(document))
    first = book.add_worksheet(names[""])
    line = 0
    lines = ((document.title, large), (document.subtitle, wrap), (document.summary, None))
    for text, form in lines:
        if text:
            first.write_string(line, 0, _clean(text), form)
            line += 1
    for title, fact in document.facts:
        first.write_string(line, 0, _clean(title), bold)
        first.write_string(line, 1, _clean(fact))
        line += 1
    sheets = [first]
    widths: list[list[int]] = [[12, 12]]
    for section in document.sections:
        if section.annex:
            sheets.append(book.add_worksheet(names[section.key]))
            widths.append([])
            line = 0
        else:
            line += 1
        sheet, width = sheets[-1], widths[-1]
        sheet.write_string(line, 0, _clean(section.title), large)
        line += 1
        if section.note:
            sheet.write_string(line, 0, _clean(section.note))
            line += 1
        for at, text in enumerate(section.columns):
            sheet.write_string(line, at, _clean(text), head)
            _widen(width, at, text)
        if section.annex and section.columns:
            sheet.freeze_panes(line + 1, 0)
            sheet.repeat_rows(line)
        line += bool(section.columns)
        _write_rows(sheet, width, line, section, names, (link, wrap))
        line += len(section.rows)
    for sheet, width in zip(sheets, widths, strict=True):
        for at, characters in enumerate(width):
            sheet.set_column(at, at, min(characters + 2, _WIDEST))
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + document.foot.replace("&", "&&")[:200] + "&R&P / &N")
    book.close()
    return stream.getvalue()


def _write_rows(
    sheet: Any,
    width: list[int],
    line: int,
    section: Section,
    names: dict[str, str],
    forms: tuple[Any, Any],
) -> None:
    """Write the rows of a section from a line on; a number leads to the rows that it counts."""
    link, wrap = forms
    for number, row in enumerate(section.rows):
        target = section.behind[number] if number < len(section.behind) else ""
        for at, value in enumerate(row):
            _widen(width, at, value)
            if isinstance(value, int) and target in names and target:
                where = f"internal:'{names[target]}'!A1"
                sheet.write_url(line + number, at, where, link, str(value))
                sheet.write_number(line + number, at, value, link)
            elif isinstance(value, int):
                sheet.write_number(line + number, at, value)
            elif value is not None:
                sheet.write_string(line + number, at, _clean(value), wrap)


def _sheet_names(document: Document) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    parts = [("", document.title), *((s.key, s.title) for s in document.sections if s.annex)]
    for key, title in parts:
        plain = _NOT_IN_NAMES.sub(" ", _clean(title)).strip()[:28] or "-"
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain[:25]} {number}", number + 1
        taken.add(name.casefold())
        yield key, name


def _widen(widths: list[int], at: int, value: Cell) -> None:
    while len(widths) <= at:
        widths.append(6)
    text = _clean(value)
    widths[at] = max(widths[at], sum(2 if ord(c) > 0x2E7F else 1 for c in text[:_WIDEST]))
