"""Excel workbooks: their sheets, with the cells that are merged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import python_calamine

from loaders.readers.archives import refuse_bomb, refuse_wide_sheets
from loaders.readers.cells import Cells, Unreadable, cell, in_blocks, reason
from loaders.readers.encodings import Open
from loaders.readers.headings import Merged

_LARGEST_OLD = 256 << 20  # bytes of a workbook that is no archive (.xls)


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet; `fault` says why it cannot be read."""

    name: str
    sheet: Any = None
    fault: str = ""
    merged: tuple[Merged, ...] = field(default=())

    def blocks(self) -> Iterator[list[Cells]]:
        """Give its rows from row 1 on."""
        return in_blocks([cell(value) for value in row] for row in self.sheet.iter_rows())


def sheets(open_: Open) -> list[WorkbookSheet]:
    """Open a workbook; Unreadable when it is damaged or made to fill the memory."""
    with open_() as stream:
        content = stream.read()
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                refuse_bomb(archive.infolist())
                refuse_wide_sheets(archive)
        elif len(content) > _LARGEST_OLD:
            raise Unreadable("too-large", what=f"{len(content) >> 20} MB")
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(workbook, name) for name in workbook.sheet_names]
    except Unreadable:
        raise
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError, EOFError) as error:
        raise Unreadable("unreadable-file", reason=reason(error)) from None
    except Exception as error:  # a damaged part of the archive: whatever its library raises
        if type(error).__module__.partition(".")[0] in ("zlib", "lzma", "builtins", "zipfile"):
            raise Unreadable("unreadable-file", reason=reason(error)) from None
        raise


def _sheet(workbook: Any, name: str) -> WorkbookSheet:
    try:
        sheet = workbook.get_sheet_by_name(name)
        # Merged cells are told from 0, and only for the newer formats.
        return WorkbookSheet(name, sheet, merged=tuple(sheet.merged_cell_ranges or ()))
    except (python_calamine.CalamineError, OSError) as error:
        return WorkbookSheet(name, fault=reason(error))
