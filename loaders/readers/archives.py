"""Zip archives and workbooks, looked at before they are unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from loaders.readers.cells import Unreadable, composed
from loaders.readers.encodings import BLOCK, scan

_LARGEST_ARCHIVE = 2 << 30  # bytes once unpacked
_EXPANDED_FREELY = 64 << 20  # bytes
_MOST_EXPANDED = 200  # times; XML of a real sheet packs to a tenth, seldom to a fiftieth
_LARGEST_SHEET = 40_000_000  # cells of the rectangle that a sheet spans
_IS_UTF8 = 0x800  # the mark of a name in UTF-8; older programs write their system's encoding
_OF_SYSTEMS = (".", "~$", "__MACOSX")  # hidden files, those of a document open in Office, macOS
_CELL_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


def is_of_a_system(name: str) -> bool:
    """Tell a file that nobody means to give: one that a system or an office program leaves.

    >>> is_of_a_system("~$people.xlsx"), is_of_a_system("__MACOSX/a.csv"), is_of_a_system("~a.csv")
    (True, True, False)
    """
    return any(part.startswith(_OF_SYSTEMS) for part in PurePosixPath(name).parts)


def members_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List the files of an archive by name, without what systems add; Unreadable for a bomb.

    Their names are as they were given, whatever the encoding of the system that packed them.
    """
    members = [member for member in archive.infolist() if not member.is_dir()]
    refuse_bomb(members)
    _name_anew([member for member in members if not member.flag_bits & _IS_UTF8])
    for member in members:
        member.filename = composed(member.filename.replace("\\", "/"))
    members = [member for member in members if not is_of_a_system(member.filename)]
    return sorted(members, key=lambda each: each.filename)


def _name_anew(members: list[zipfile.ZipInfo]) -> None:
    """Read names that Python took for those of DOS; together they tell their encoding best."""
    names = [member.orig_filename.encode("cp437") for member in members]
    try:
        encoding = scan(lambda: io.BytesIO(b"\n".join(names))).encoding
    except Unreadable:
        return
    for member, name in zip(members, names, strict=True):
        member.filename = name.decode(encoding)


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
