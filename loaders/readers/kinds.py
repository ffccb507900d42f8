"""What a file is by its content: the ending of a name may be wrong, and often is for `.xls`."""

from __future__ import annotations

import codecs
import re
import zipfile

from loaders.readers.cells import Unreadable
from loaders.readers.encodings import Open

_HEAD = 4096  # bytes
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_EARLY_EXCEL = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # before workbooks were OLE
_FOREIGN = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3": "SQLite",
}
_HTML = re.compile(r"<(?:!doctype html|html|head|meta|body|table|style|div)\b")
_JSON = re.compile(r'(?:\[\s*)?\{\s*"')
_OLD_PARTS = {"EncryptedPackage": "", "WordDocument": "Word", "PowerPoint Document": "PowerPoint"}


def kind_of(open_: Open, named: str | None) -> str | None:
    """Return the format that the content tells, else the one that is named.

    Formats are those of `loaders.readers.sheets`, and `html` and `gzip`. Unreadable says what a
    file is that cannot be read at all.
    """
    with open_() as stream:
        head = stream.read(_HEAD)
    if head.startswith(_GZIP):
        return "gzip"
    if head.startswith((_ZIP, _OLE)):
        return "workbook"
    for mark, what in _FOREIGN.items():
        if head.startswith(mark):
            raise Unreadable("other-kind", what=what)
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if is_wide else "latin-1", "ignore").lower()
    text = text.removeprefix("ï»¿").lstrip()
    if text.startswith("<"):
        return _kind_of_markup(text, named)
    if named == "text" and _JSON.match(text):
        return "json"
    if named == "workbook" and text and not head.startswith(_EARLY_EXCEL):
        is_text = is_wide or not head.count(0)
        return "text" if is_text else named
    return named


def _kind_of_markup(text: str, named: str | None) -> str | None:
    for kind in ("graphml", "gexf"):
        if f"<{kind}" in text:
            return kind
    if named not in ("text", "workbook"):
        return named
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise Unreadable("other-kind", what="Excel 2003 XML")
    if _HTML.search(text):
        return "html"
    if text.startswith("<?xml"):
        raise Unreadable("other-kind", what="XML")
    return named


def refuse_other_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is no workbook, and say what it is."""
    names = archive.namelist()
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return
    folders = {"word/": "Word", "ppt/": "PowerPoint"}
    found = [what for each, what in folders.items() if any(n.startswith(each) for n in names)]
    raise Unreadable("other-kind", what=found[0] if found else "ZIP")


def refuse_other_old(content: bytes) -> None:
    """Refuse an old Office file that is no workbook, or one that needs a password."""
    for part, what in _OLD_PARTS.items():
        if part.encode("utf-16-le") in content:
            raise Unreadable("other-kind", what=what) if what else Unreadable("locked")
