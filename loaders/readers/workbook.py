"""Workbooks: their sheets, with the cells that are merged and the texts that numbers show."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

import python_calamine

from loaders.readers.archives import refuse_bomb, refuse_wide_sheets
from loaders.readers.cells import Cells, Unreadable, cell, in_blocks, reason
from loaders.readers.encodings import Open
from loaders.readers.kinds import refuse_other_archive, refuse_other_old
from loaders.readers.merged import Merged
from loaders.readers.ods import OdsTable, ods_tables
from loaders.readers.shown import shown_months

_LARGEST_OLD = 256 << 20  # bytes of a workbook that is no archive (.xls)


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet; `fault` says why it cannot be read."""

    name: str
    sheet: Any = None
    fault: str = ""
    merged: tuple[Merged, ...] = ()
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)  # texts that values are not

    def blocks(self) -> Iterator[list[Cells]]:
        """Return its rows from row 1 on."""
        return in_blocks(self._rows())

    def _rows(self) -> Iterator[Cells]:
        told = {row for row, _ in self.shown}
        for number, values in enumerate(self.sheet.iter_rows()):
            cells = [cell(value) for value in values]
            if number in told:
                cells = [self.shown.get((number, at), text) for at, text in enumerate(cells)]
            yield cells


def sheets(open_: Open) -> list[WorkbookSheet]:
    """Open a workbook; Unreadable when it is damaged or made to fill the memory."""
    with open_() as stream:
        content = stream.read()
    of_ods: dict[str, OdsTable] = {}
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                refuse_other_archive(archive)
                refuse_bomb(archive.infolist())
                refuse_wide_sheets(archive)
                of_ods = ods_tables(archive)
        elif len(content) > _LARGEST_OLD:
            raise Unreadable("too-large", what=f"{len(content) >> 20} MB")
        else:
            refuse_other_old(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        return [_sheet(workbook, name, content, of_ods.get(name)) for name in names]
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        python_calamine.CalamineError,
        ParseError,
        OSError,
        EOFError,
    ) as error:
        raise Unreadable("unreadable-file", reason=reason(error)) from None
    except Exception as error:  # a damaged part of the archive: whatever its library raises
        if type(error).__module__.partition(".")[0] in ("zlib", "lzma", "builtins", "zipfile"):
            raise Unreadable("unreadable-file", reason=reason(error)) from None
        raise


def _sheet(workbook: Any, name: str, content: bytes, ods: OdsTable | None) -> WorkbookSheet:
    try:
        sheet = workbook.get_sheet_by_name(name)
        # Merged cells are told from 0, and not for .ods.
        merged = ods.merged if ods else sheet.merged_cell_ranges or ()
        shown = shown_months(content, name, sheet.iter_rows(), ods)
        return WorkbookSheet(name, sheet, merged=tuple(merged), shown=shown)
    except (python_calamine.CalamineError, OSError) as error:
        return WorkbookSheet(name, fault=reason(error))
