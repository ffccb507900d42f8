"""In which encoding a file is written, told from its bytes; and compressed files opened safely.

A detector that guesses by language models takes seconds per megabyte and calls short Chinese files
Cyrillic, so the few encodings that offices here use are told apart by how their bytes are made:
the whole file must decode, and among those that decode the one wins whose usual characters occur.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from loaders.readers.cells import Unreadable, reason

Open = Callable[[], IO[bytes]]

BLOCK = 1 << 20
# The share below which a text is none of an encoding. Rare characters lower the first two; what
# is no text at all does not decode as them, but anything decodes as the last.
_LEAST = {"gb18030": 0.1, "big5hkscs": 0.1, "cp1252": 0.5}
_MOST_EXPANDED = 200  # times; real tables compress to a tenth, seldom to a fiftieth
_EXPANDED_FREELY = 64 << 20  # bytes
_HIGH = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class Scan:
    """What one look through the whole of a file has told."""

    encoding: str
    has_apostrophe: bool  # else no cell needs to be looked at for an escape
    has_wide_digit: bool  # else none needs to be looked at for full-width digits


def scan(open_: Open, encoding: str | None = None) -> Scan:
    """Read a file once as bytes to know its encoding for certain; Unreadable when it has none."""
    with open_() as stream:
        sample = stream.read(BLOCK)
    for candidate in (encoding,) if encoding else _candidates(sample):
        found = _decodes(open_, candidate)
        if found:
            return found
    raise Unreadable("unknown-encoding")


def declared_encoding(open_: Open, declaration: re.Pattern[bytes]) -> str | None:
    """Return the encoding that the head of a file declares, if the whole file decodes as it."""
    with open_() as stream:
        found = declaration.search(stream.read(2048))
    name = found.group(1).decode("ascii").lower() if found else ""
    name = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)
    if not name or name.startswith(("utf-16", "utf-32", "ucs")):  # then it could not be read here
        return None
    try:
        "".encode(name)
        return name if _decodes(open_, name) else None
    except (LookupError, UnicodeError):  # a name that nobody knows, or of no text
        return None


def _decodes(open_: Open, encoding: str) -> Scan | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    has_apostrophe = has_wide_digit = False
    try:
        with open_() as stream:
            while block := stream.read(BLOCK):
                text = decoder.decode(block)
                has_apostrophe = has_apostrophe or "'" in text
                if not has_wide_digit and not text.isascii():
                    has_wide_digit = any(digit in text for digit in "０１２３４５６７８９")
            decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return Scan(encoding, has_apostrophe, has_wide_digit)


def _candidates(sample: bytes) -> Iterator[str]:
    """Yield the encodings that a file may have, the likeliest first, as they are asked for."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"
        return
    if zeros := sample.count(0):  # ASCII signs of UTF-16; no other text has a zero
        for encoding, parity in (("utf-16-be", 0), ("utf-16-le", 1)):
            if sample[parity::2].count(0) > 0.9 * zeros:
                yield encoding
                return
    yield "utf-8-sig"
    scores = {
        "gb18030": _share_of_gb(sample),
        "big5hkscs": _share_of_big5(sample),
        "cp1252": _share_of_latin(sample),
    }
    # A sample without a single such byte says nothing: then the whole file has to.
    yield from sorted(
        (name for name, score in scores.items() if score is None or score >= _LEAST[name]),
        key=lambda name: -(scores[name] or 0),
    )


def _pairs(sample: bytes) -> list[tuple[int, int]]:
    """Take a text of two-byte characters apart, as its decoder would."""
    found: list[tuple[int, int]] = []
    at, last = 0, len(sample) - 1
    while at < last and len(found) < 20_000:
        first = sample[at]
        if first < 0x80:
            next_high = _HIGH.search(sample, at)
            if next_high is None:
                break
            at = next_high.start()
            continue
        if 0x30 <= sample[at + 1] <= 0x39:  # four bytes of GB18030
            at += 4
            continue
        found.append((first, sample[at + 1]))
        at += 2
    return found


def _share_of_gb(sample: bytes) -> float | None:
    """Return how much of a text would be the usual characters of GB2312."""
    pairs = _pairs(sample)
    usual = sum(
        1.0 if 0xB0 <= a <= 0xD7 or a in (0xA1, 0xA3) else 0.5 if 0xD8 <= a <= 0xF7 else 0.0
        for a, b in pairs
        if b >= 0xA1
    )
    return usual / len(pairs) + 0.01 if pairs else None


def _share_of_big5(sample: bytes) -> float | None:
    """Return how much of a text would be the usual characters of Big5."""
    pairs = _pairs(sample)
    usual = sum(
        1.0 if 0xA4 <= a <= 0xC6 or a in (0xA1, 0xA2) else 0.4 if 0xC9 <= a <= 0xF9 else 0.0
        for a, b in pairs
        if 0x40 <= b <= 0x7E or b >= 0xA1
    )
    return usual / len(pairs) if pairs else None


def _share_of_latin(sample: bytes) -> float | None:
    """Return how much of what is not ASCII would be single accented letters."""
    runs = [match.group() for match in _HIGH.finditer(sample)]
    if not runs:
        return None
    letters = sum(
        len(run) for run in runs if len(run) == 1 and (run[0] >= 0xC0 or run[0] in b"\x91\x92")
    )
    return letters / sum(map(len, runs))


def unzipped(open_: Open) -> Open:
    """Open what a gzip file holds; Unreadable where it is damaged or swells as only a trap does."""

    def open_unzipped() -> IO[bytes]:
        packed = open_()
        return _buffered(_Careful(cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), packed))

    return open_unzipped


def careful(open_: Open) -> Open:
    """Open a member of an archive; Unreadable where it is damaged or needs a password."""

    def open_carefully() -> IO[bytes]:
        try:
            return _buffered(_Careful(open_()))
        except _DAMAGE as error:
            raise Unreadable("unreadable-file", reason=reason(error)) from None

    return open_carefully


# What the libraries raise at damaged, encrypted or unknown compressed data.
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def _buffered(raw: io.RawIOBase) -> IO[bytes]:
    return cast("IO[bytes]", io.BufferedReader(raw, BLOCK))


class _Careful(io.RawIOBase):
    """Reads a stream that may be damaged, and keeps an eye on how much comes out of how little."""

    def __init__(self, stream: IO[bytes], packed: IO[bytes] | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._given = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next."""
        try:
            data = self._stream.read(len(buffer))
        except _DAMAGE as error:
            raise Unreadable("unreadable-file", reason=reason(error)) from None
        buffer[: len(data)] = data
        self._given += len(data)
        if self._packed is not None:
            most = max(_EXPANDED_FREELY, _MOST_EXPANDED * self._packed.tell())
            if self._given > most:
                raise Unreadable("swells", times=_MOST_EXPANDED)
        return len(data)

    def close(self) -> None:
        """Close the streams below as well."""
        if not self.closed:
            self._stream.close()
            if self._packed is not None:
                self._packed.close()
        super().close()
