"""Columns in parts: a few thousand people each, so that a small write makes a small part anew.

Everybody's columns are the parts one after another. They are put together column by column, when
somebody asks for one; whoever asks about a person looks into one part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np

from queries.personnel.columns import Postings
from queries.personnel.days import Bools, Ints
from queries.personnel.places import PostsAndUnits, compact

SIZE = 1_024  # people of a part when it is read
LARGEST = 8 * SIZE  # a part that grew larger is no small one any more

Piece = tuple[int, int, int]  # which of two, from where, to where

_LISTS = ("person_ids", "person_names", "ids", "since_texts", "until_texts")
_CODED = {"kind": "kinds", "rank": "ranks"}


def offsets(counts: Sequence[int]) -> list[int]:
    """Return where each of some runs begins when they stand one after another.

    >>> offsets([3, 2, 4])
    [0, 3, 5]
    """
    return [0, *accumulate(counts)][: len(counts)]


def chained(arrays: Sequence[Any], begins: Sequence[int] | None = None) -> Any:
    """Return arrays one after another, the numbers of each counted from where it begins."""
    if begins is None:
        return np.concatenate(arrays)
    return np.concatenate([each + begin for each, begin in zip(arrays, begins, strict=True)])


class JoinedPostings(Postings):
    """The columns of parts one after another; each is made when it is asked for."""

    def __init__(self, parts: Sequence[Postings]) -> None:
        object.__setattr__(self, "parts", tuple(parts))

    parts: tuple[Postings, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._joined(name)
        for key, value in found.items():
            object.__setattr__(self, key, value)
        return found[name]

    def _joined(self, name: str) -> dict[str, Any]:
        columns = [getattr(part, name) for part in self.parts]
        if name == "places":
            return {name: columns[0]}
        if name in _LISTS:
            return {name: list(chain.from_iterable(columns))}
        if name == "known":
            return {name: shifted(columns, self.people_before)}
        if name == "person":
            return {name: chained(columns, self.people_before)}
        for codes, keys in _CODED.items():
            if name in (codes, keys):
                return dict(zip((codes, keys), self._recoded(codes, keys), strict=True))
        return {name: chained(columns)}

    def _recoded(self, codes: str, keys: str) -> tuple[Ints, list[str | None]]:
        values = [getattr(part, keys) for part in self.parts]
        one = {key: at for at, key in enumerate(dict.fromkeys(chain.from_iterable(values)))}
        tables = [np.array([one[key] for key in each], dtype=np.int64) for each in values]
        pairs = zip(tables, self.parts, strict=True)
        return compact(chained([table[getattr(part, codes)] for table, part in pairs]), list(one))

    @cached_property
    def people_before(self) -> list[int]:
        """Return how many people stand before each part."""
        return offsets([len(part.person_ids) for part in self.parts])

    @cached_property
    def postings_before(self) -> list[int]:
        """Return how many postings stand before each part."""
        return offsets([len(part) for part in self.parts])


def shifted(maps: Sequence[Mapping[int, Any]], begins: Sequence[int]) -> dict[int, Any]:
    """Return maps by position as one, the positions of each counted from where it begins."""
    pairs = zip(maps, begins, strict=True)
    return {at + begin: value for each, begin in pairs for at, value in each.items()}


def in_parts(columns: Postings) -> list[Postings]:
    """Cut columns into parts."""
    people = len(columns.person_ids)
    bounds = [*range(0, people, SIZE), people] if people else [0, 0]
    return [_spliced(columns, columns, [(0, low, high)]) for low, high in pairwise(bounds)]


def mended(part: Postings, fresh: Postings, people: Collection[str]) -> Postings:
    """Return a part with the facts of some people exchanged: `fresh` has those that are stored."""
    pieces: list[Piece] = []
    done, ids, at_fresh = 0, part.person_ids, fresh.person_at
    for id_ in sorted(people):
        at = bisect_left(ids, id_)
        pieces.append((0, done, at))
        if id_ in at_fresh:
            pieces.append((1, at_fresh[id_], at_fresh[id_] + 1))
        done = at + (at < len(ids) and ids[at] == id_)
    return _spliced(part, fresh, [*pieces, (0, done, len(ids))])


def _spliced(one: Postings, other: Postings, people: Sequence[Piece]) -> Postings:
    """Put columns together from runs of the people of one and of another."""
    sources = (one, other)
    rows: list[Piece] = []
    for which, low, high in people:
        begin, end = np.searchsorted(sources[which].person, [low, high]).tolist()
        rows.append((which, begin, end))
    before = offsets([high - low for _, low, high in people])
    persons = [
        sources[which].person[low:high] + (begin - start)
        for (which, low, high), (_, start, _), begin in zip(rows, people, before, strict=True)
    ]
    found: dict[str, Any] = {"places": one.places, "person": np.concatenate(persons)}
    found["known"] = {
        at - low + begin: known
        for (which, low, high), begin in zip(people, before, strict=True)
        for at, known in sources[which].known.items()
        if low <= at < high
    }
    for name in ("person_ids", "person_names", "joined", "born"):
        found[name] = _run(getattr(one, name), getattr(other, name), people)
    for codes, keys in _CODED.items():
        values, table = _together(getattr(one, keys), getattr(other, keys))
        found[keys], found[codes] = (
            values,
            _run(getattr(one, codes), table[getattr(other, codes)], rows),
        )
    for each in fields(Postings):
        if each.name not in found:
            found[each.name] = _run(getattr(one, each.name), getattr(other, each.name), rows)
    return Postings(**found)


def _run(one: Any, other: Any, pieces: Sequence[Piece]) -> Any:
    cut = [(one, other)[which][low:high] for which, low, high in pieces]
    return list(chain.from_iterable(cut)) if isinstance(one, list) else np.concatenate(cut)


def _together(one: list[str | None], other: list[str | None]) -> tuple[list[str | None], Ints]:
    """Return the values of both, and the place there of each of the other's."""
    values = list(dict.fromkeys((*one, *other)))
    return values, np.array([values.index(each) for each in other], dtype=np.int64)


def placed(part: Postings, places: PostsAndUnits, posts: Ints | None) -> Postings:
    """Return a part beside other places; `posts` gives their new positions where they moved."""
    post = part.post if posts is None else posts[part.post]
    return replace(part, places=places, post=post)


def holders(part: Postings, posts: Bools) -> list[str]:
    """Return the people who have a posting in one of some posts."""
    return [part.person_ids[at] for at in np.unique(part.person[posts[part.post]]).tolist()]
