"""All search texts of a large embedded graph in one block of memory, so that a search is a scan.

The embedded engine has no index for "contains", and sorting the hits of a short text takes
seconds at a million people. Here the entries stand in the order of the answer, so a scan stops
as soon as it has enough. People who were written since lie over the block and are looked at one by
one, so that a search is never of older data; when they are many a new block is made in the
background. Only where there is none yet, or the store cannot tell what was written, does the
engine answer. What is found is the same either way.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise

from graph.cache import Followed
from graph.names import SEPARATOR
from graph.store import Store
from graph.touched import Touched
from queries.people_count import people_count

FEWEST = 5_000  # people; below, the engine itself is quick enough
_MARK = SEPARATOR.encode()
_CLASSIFIED = 1_000  # so many hits are looked at one by one
_SHORT = 4  # characters of an entry that is noted by itself
_ASCII, _DIGITS = re.compile(r"[\x00-\x7f]"), re.compile(r"[0-9]+")
_CHUNK = 20_000  # people read at once
_MANY = 500  # people written since the block was made: a new one is begun
_MOST = 5_000  # of more the engine knows better

Hit = tuple[int, str, str]  # 0 equal, 1 beginning alike, 2 containing; name; id: as it is sorted


class _NameBlock:
    """The entries of all people one after another, each between two marks."""

    def __init__(self) -> None:
        self.texts = bytearray()
        self.starts = array("Q")

    def add(self, entries: list[str]) -> None:
        self.starts.append(len(self.texts))
        if entries:
            self.texts += SEPARATOR.join(("", *entries, "")).encode()

    def rows(self, part: bytes) -> Iterator[int]:
        """Yield the rows that hold a part, in order."""
        at = self.texts.find(part)
        while at >= 0:
            row = bisect_right(self.starts, at) - 1
            yield row
            at = self.texts.find(part, self.end(row))

    def holds(self, row: int, part: bytes) -> bool:
        return self.texts.find(part, self.starts[row], self.end(row)) >= 0

    def end(self, row: int) -> int:
        return self.starts[row + 1] if row + 1 < len(self.starts) else len(self.texts)


class Directory:
    """The entries of people, by name and id, as they were when it was made.

    They stand in four blocks, and a search reads only the one where its text can be: a text with
    other than ASCII characters, with digits, with spaces, or with none of these. Very short
    entries, initials above all, are so many that those equal to a text are noted beforehand.
    """

    def __init__(self) -> None:
        self._other, self._digits, self._spaced, self._plain = (_NameBlock() for _ in range(4))
        self._rows_by_short: dict[str, array[int]] = {}
        self._ids = bytearray()
        self._id_starts = array("Q", [0])
        self._names = bytearray()
        self._name_starts = array("Q", [0])

    def add(self, id: str, name: str, search: str) -> None:
        """Add the next person; they come in order of name and id."""
        row = len(self._id_starts) - 1
        self._ids += id.encode()
        self._id_starts.append(len(self._ids))
        self._names += name.encode()
        self._name_starts.append(len(self._names))
        entries = search.strip(SEPARATOR).split(SEPARATOR)
        ascii_entries = [each for each in entries if _ASCII.search(each)]
        self._other.add([each for each in entries if not each.isascii()])
        self._digits.add([each for each in ascii_entries if _DIGITS.search(each)])
        self._spaced.add([each for each in ascii_entries if " " in each])
        # The pinyin apart has nothing that the pinyin together has not; of a number, such as most
        # ids are, it only matters here that it is one.
        self._plain.add(
            [
                _DIGITS.sub("0", each)
                for each in ascii_entries
                if " " not in each or each.replace(" ", "") not in entries
            ]
        )
        for entry in ascii_entries:
            if len(entry) <= _SHORT:
                self._rows_by_short.setdefault(entry, array("Q")).append(row)

    def find(self, text: str, limit: int) -> list[str]:
        """Return the ids of the people found: exact, then beginning alike, then containing."""
        return [self._text(self._ids, self._id_starts, row) for row in self._found(text, limit)]

    def hits(self, text: str, limit: int) -> list[Hit]:
        """Return the people found, with why and by what they are sorted."""
        return [
            (
                self._place(text, row),
                self._text(self._names, self._name_starts, row),
                self._text(self._ids, self._id_starts, row),
            )
            for row in self._found(text, limit)
        ]

    @staticmethod
    def _text(texts: bytearray, starts: array[int], row: int) -> str:
        return texts[starts[row] : starts[row + 1]].decode()

    def _place(self, text: str, row: int) -> int:
        block, beginning = self._block(text), _MARK + text.encode()
        if block.holds(row, beginning + _MARK):
            return 0
        return 1 if block.holds(row, beginning) else 2

    def _block(self, text: str) -> _NameBlock:
        if not text.isascii():
            return self._other
        if _DIGITS.search(text):
            return self._digits
        return self._spaced if " " in text else self._plain

    def _found(self, text: str, limit: int) -> list[int]:
        return self._rows(text, limit)[:limit]

    def _rows(self, text: str, limit: int) -> list[int]:
        block = self._block(text)
        part = text.encode()
        beginning, exact = _MARK + part, _MARK + part + _MARK
        most = max(limit, _CLASSIFIED)

        def place(row: int) -> int:
            return self._place(text, row)

        hits = list(islice(block.rows(part), most + 1))
        if len(hits) <= most:
            return sorted(hits, key=place)
        starting = list(islice(block.rows(beginning), most + 1))
        if len(starting) <= most:
            before = set(starting)
            others = (row for row in block.rows(part) if row not in before)
            return [*sorted(starting, key=place), *islice(others, limit)]
        if text.isascii() and len(text) <= _SHORT:
            same = list(self._rows_by_short.get(text, ())[:limit])
        else:
            same = list(islice(block.rows(exact), limit))
        before = set(same)
        return [*same, *(row for row in starting if row not in before)]


def _place_of(entries: list[str], text: str) -> int | None:
    if text in entries:
        return 0
    if any(each.startswith(text) for each in entries):
        return 1
    return 2 if any(text in each for each in entries) else None


@dataclass(frozen=True)
class Overlaid:
    """A directory with the people over it who were written since, as they are now."""

    directory: Directory
    # Of each id: name and entries; none of people who are gone.
    written: Mapping[str, tuple[str, list[str]] | None] = field(default_factory=dict)

    def find(self, text: str, limit: int) -> list[str]:
        """Return the ids of the people found: exact, then beginning alike, then containing."""
        if not self.written:
            return self.directory.find(text, limit)
        hits = self.directory.hits(text, limit + len(self.written))
        found = [hit for hit in hits if hit[2] not in self.written]
        for id_, person in self.written.items():
            place = _place_of(person[1], text) if person else None
            if person is not None and place is not None:
                found.append((place, person[0], id_))
        return [id_ for *_, id_ in sorted(found)[:limit]]


def of(store: Store) -> Overlaid | None:
    """Return what is searched of the data as they are now, or None: the engine must answer."""
    if store.engine != "embedded":
        return None
    now = _kept.now(store)
    if now is None and people_count(store) < FEWEST:
        return None
    if now is None or len(now.written) > _MANY:
        _kept.begin(store, lambda _: Overlaid(make(store)))
    return now


def wait(store: Store) -> None:
    """Let the directory that is being made be finished."""
    _kept.wait(store)


def _followed(store: Store, known: Overlaid, touched: Touched) -> Overlaid | None:
    """Lay the people over it who were written since; None where they are many."""
    people = touched.ids("Person")
    if not people:
        return known
    if len(known.written) + len(people) > _MOST:
        return None
    written = dict(known.written) | dict.fromkeys(people)
    for row in store.read(_SOME, ids=list(people)):
        if row["search"] is not None:
            written[row["id"]] = (row["name"], row["search"].strip(SEPARATOR).split(SEPARATOR))
    return Overlaid(known.directory, written)


_kept = Followed(_followed)


def make(store: Store) -> Directory:
    """Read the entries of everybody."""
    made = Directory()
    bounds = _bounds(store)
    for since, until in pairwise(bounds):
        for row in store.read(_PEOPLE, since=since, until=until):
            made.add(row["id"], row["name"], row["search"])
    return made


def _bounds(store: Store) -> list[str]:
    """Cut the names into stretches that the index on names gives one after another."""
    bounds, size = [""], 0
    for row in store.read(_HEADS):
        if size >= _CHUNK:
            bounds.append(row["head"])
            size = 0
        size += row["people"]
    return [*bounds, "\U0010ffff" * 8]  # after every name


_HEADS = """\
MATCH (p:Person)
RETURN left(p.name, 1) AS head, count(p) AS people
ORDER BY head"""
_PEOPLE = """\
MATCH (p:Person)
WHERE p.name >= $since AND p.name < $until AND p.search IS NOT NULL
RETURN p.id AS id, p.name AS name, p.search AS search
ORDER BY p.name, p.id"""
_SOME = """\
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p.id AS id, p.name AS name, p.search AS search"""
