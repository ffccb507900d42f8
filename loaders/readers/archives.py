"""Zip archives and workbooks, looked at before they are unpacked."""

from __future__ import annotations

import re
import zipfile

from loaders.readers.cells import Unreadable
from loaders.readers.encodings import BLOCK

_LARGEST_ARCHIVE = 2 << 30  # bytes once unpacked
_EXPANDED_FREELY = 64 << 20  # bytes
_MOST_EXPANDED = 200  # times; XML of a real sheet packs to a tenth, seldom to a fiftieth
_LARGEST_SHEET = 40_000_000  # cells of the rectangle that a sheet spans
_CELL_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


def refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to more than a real one does."""
    size = sum(member.file_size for member in members)
    if size > _LARGEST_ARCHIVE:
        raise Unreadable("too-large", what=f"{size >> 20} MB > {_LARGEST_ARCHIVE >> 20} MB")
    for member in members:
        if member.file_size > max(_EXPANDED_FREELY, _MOST_EXPANDED * member.compress_size):
            raise Unreadable("swells", times=_MOST_EXPANDED)


def refuse_wide_sheets(archive: zipfile.ZipFile) -> None:
    """Refuse a sheet whose few cells span so large a rectangle that reading it fills memory."""
    for member in archive.infolist():
        if not (member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")):
            continue
        width, height, rest = 0, 0, b""
        with archive.open(member) as stream:
            while block := stream.read(BLOCK):
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
