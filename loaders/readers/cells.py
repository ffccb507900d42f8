"""A cell as text, the mark of a text that looks like a formula, and why a file cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from graph.upsert import BATCH

Cells = list[Any]  # texts and None; something else only where JSON holds what no cell can

# What a spreadsheet would take for a formula. Exports put an apostrophe before a text that begins
# so; it is taken away here, also where it only keeps a text that looks like an escaped one.
_FORMULA = "=+-@\t\r＝＋－＠"
_ESCAPED = re.compile(f"'['{re.escape(_FORMULA)}]")

_WIDE = str.maketrans("０１２３４５６７８９／．－—", "0123456789/.--")
_WIDE_NUMBER = re.compile(r"(?=.*[０-９])[0-9０-９／．－—/.\-年月日 \u3000]+")


def escape(text: str) -> str:
    """Make a text harmless in a CSV file that a spreadsheet opens.

    >>> escape("=1+1"), escape("'=1"), escape("O'Neill")
    ("'=1+1", "''=1", "O'Neill")
    """
    return f"'{text}" if text and (text[0] in _FORMULA or _ESCAPED.match(text)) else text


def unescape(text: str) -> str:
    """Return back the text that `escape` was given.

    >>> unescape("'=1+1"), unescape("''=1"), unescape("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if _ESCAPED.match(text) else text


def narrow(text: str) -> str:
    """Write a number or a date of full-width digits in plain ones; leave other texts alone.

    >>> narrow("２０２３／９／１６"), narrow("１号楼")
    ('2023/9/16', '１号楼')
    """
    return text.translate(_WIDE) if _WIDE_NUMBER.fullmatch(text) else text


def composed(text: str) -> str:
    """Return a text in the one form (NFC) in which equal texts are equal, however they were typed.

    >>> composed("Jose\\u0301") == "Jos\\u00e9"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])[ \u3000\xa0]+(?=[{_HAN}])")


def without_blanks(name: str) -> str:
    """Return a name without the blanks that tables are made even with.

    >>> without_blanks("张 伟"), without_blanks("欧阳\u3000菲"), without_blanks("Wang Wei 王 伟")
    ('张伟', '欧阳菲', 'Wang Wei 王伟')
    """
    return _BETWEEN_HAN.sub("", name)


@dataclass(frozen=True)
class Cleaning:
    """What is still to be done to the cells of a text file: most of them need nothing."""

    has_apostrophe: bool
    has_wide_digit: bool

    def clean(self, text: str | None) -> str | None:
        """Return a cell as it is read: without outer blanks and marks, None when it is empty.

        >>> Cleaning(True, False).clean(" '=1 "), Cleaning(True, False).clean("  ")
        ('=1', None)
        """
        text = composed(text).strip() if text else text
        if not text:
            return None
        if self.has_apostrophe:
            text = unescape(text)
        return narrow(text) if self.has_wide_digit else text


class LostZero(str):
    """The text of a number cell like 2015.1, of which nothing says whether 2015.10 was meant.

    It equals no plain text, so that nothing remembered of one is taken for the other.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LostZero) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((LostZero, str(self)))


class Unreadable(Exception):
    """A file, or the rest of it from a row on, cannot be read; `code` says why."""

    def __init__(self, code: str, row: int | None = None, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.details = details


def cell(value: Any) -> Any:
    """Return a typed cell (of Excel or JSON) as text; dates as ISO dates, lists joined by `;`."""
    if isinstance(value, str):
        return narrow(composed(value).strip()) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        texts = [cell(item) for item in value]
        known = [text for text in texts if text is not None]
        return ";".join(known) or None if all(isinstance(text, str) for text in known) else value
    if value is None or isinstance(value, dict):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def in_blocks(rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    """Yield rows in the blocks in which they are checked and stored."""
    rows = iter(rows)
    while block := list(islice(rows, BATCH)):
        yield block


def reason(error: Exception) -> str:
    """Return the first line of an error as part of a sentence."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
