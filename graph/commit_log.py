"""Which writes an embedded store acknowledged, so that lost ones are told with their number.

The engine numbers its commits. The head of its file says up to which number it holds them, and its
log holds one frame for each later one: length, CRC-32, and the commit, which begins with its
number (as version 0.21 writes them; tests would tell another form). When a write returns, a note
beside the file has the newest number; when file and log hold fewer commits at the next opening,
the log was cut or exchanged. The note is not flushed by itself: after a power failure it may tell
too few, never too many.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

_HEADER = 5  # bytes of a log before its first frame
_FRAME = 8  # bytes of a frame before its commit
_LONGEST_NUMBER = 10  # bytes
_CHECKPOINT = re.compile(rb'"checkpoint_lsn":\s*(\d+)')
_NOTED = re.compile(r"(\d+)\s*\Z")


@dataclass(frozen=True)
class Lost:
    """Acknowledged writes that were missing when a store was opened."""

    writes: int
    day: str  # the newest, of several openings
    logs: tuple[str, ...]  # the logs as they were found
    note: str  # tells it as long as it is there


def log_of(path: Path) -> Path:
    """Return the log of a store's file."""
    return path.with_name(path.name + "-wal")


def note_of(path: Path) -> Path:
    """Return the note that says what is there, and how many writes were acknowledged."""
    return path.with_name(path.name + ".created")


def noted(path: Path) -> int:
    """Return the number of the newest acknowledged write; 0 where no note tells it."""
    try:
        found = _NOTED.search(note_of(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return 0
    return int(found[1]) if found else 0


def held(path: Path) -> int:
    """Count the commits that file and log hold, up to the first damage of the log."""
    try:
        with path.open("rb") as file:
            found = _CHECKPOINT.search(file.read(4096))
    except FileNotFoundError:
        found = None
    checkpoint = int(found[1]) if found else 0
    try:
        with log_of(path).open("rb") as log:
            return checkpoint + sum(number > checkpoint for number in _frames(log))
    except FileNotFoundError:
        return checkpoint


def lost(path: Path) -> Lost | None:
    """Return what was lost, as long as the note about it lies beside the file."""
    note = _lost_note(path)
    entries = []
    with suppress(OSError):
        for line in note.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                entries.append((int(entry["writes"]), str(entry["day"]), str(entry["log"])))
    if not entries:
        return None
    return Lost(
        sum(writes for writes, *_ in entries),
        max(day for _, day, _ in entries),
        tuple(log for *_, log in entries),
        note.name,
    )


def keep_log(path: Path) -> Path:
    """Copy the log as it is to a name of the day that nothing has yet."""
    log = log_of(path)
    number, kept = 1, log.with_name(f"{log.name}.damaged-{date.today()}")
    while True:
        try:
            with kept.open("xb") as to, log.open("rb") as found:
                shutil.copyfileobj(found, to)
        except FileExistsError:
            number += 1
            kept = log.with_name(f"{log.name}.damaged-{date.today()}-{number}")
        else:
            return kept


def note_lost(path: Path, writes: int, log: Path) -> None:
    """Write beside the file how many writes were lost, and where the log is kept."""
    entry = {"day": str(date.today()), "writes": writes, "log": log.name}
    with _lost_note(path).open("a", encoding="utf-8") as note:
        note.write(json.dumps(entry) + "\n")
        note.flush()
        os.fsync(note.fileno())


class Acknowledged:
    """The note about the newest write, kept by the process that holds the store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = _HEADER  # of the log: what was read of it
        self._number = 0
        log = log_of(path).name
        self._words = f"{path.name} and {log} belong together: copy, move and restore both.\n"
        note_of(path).touch()
        self._note: IO[bytes] = note_of(path).open("r+b", buffering=0)
        self.restart()

    def restart(self) -> None:
        """Begin anew with what file and log hold: they were just opened or written whole."""
        self._at, self._number = _HEADER, held(self._path)
        self.follow()
        self._write()
        os.fsync(self._note.fileno())

    def follow(self) -> bool:
        """Note the commits that came into the log; tell whether the engine began another log."""
        log = log_of(self._path)
        size = log.stat().st_size
        if size == self._at:
            return False
        with log.open("rb") as file:
            heads = _heads(file, self._at) if size > self._at else []
            goes_on = bool(heads) and heads[0][0] == self._number + 1
            if not goes_on:
                heads = _heads(file, _HEADER)
        newest, self._at = heads[-1] if heads else (0, _HEADER)
        self._number = max(self._number, newest)
        self._write()
        return not goes_on

    def close(self) -> None:
        """Let the note go."""
        self._note.close()

    def _write(self) -> None:
        self._note.seek(0)
        self._note.write(f"{self._words}Acknowledged writes: {self._number:020}\n".encode())


def _lost_note(path: Path) -> Path:
    return path.with_name(path.name + ".lost")


def _frames(log: IO[bytes]) -> Iterator[int]:
    """Yield the number of every whole frame up to the first that is not."""
    log.seek(_HEADER)
    while len(head := log.read(_FRAME)) == _FRAME:
        length, check = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:], "little")
        commit = log.read(length)
        if not length or len(commit) < length or zlib.crc32(commit) != check:
            return
        yield _number(commit)


def _heads(log: IO[bytes], at: int) -> list[tuple[int, int]]:
    """List the number of every frame and where it ends, without looking into it."""
    found, size = [], os.fstat(log.fileno()).st_size
    while at + _FRAME < size:
        log.seek(at)
        head = log.read(_FRAME + _LONGEST_NUMBER)
        length = int.from_bytes(head[:4], "little")
        at += _FRAME + length
        if not length or at > size:
            break
        found.append((_number(head[_FRAME:]), at))
    return found


def _number(commit: bytes) -> int:
    number = 0
    for place, byte in enumerate(commit[:_LONGEST_NUMBER]):
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number
