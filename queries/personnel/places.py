"""All posts and units by position: the list of places beside which postings stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from graph.store import Row
from queries.personnel.days import Ints


@dataclass(frozen=True, eq=False)
class PostsAndUnits:
    """All posts and units, each by id; codes are positions in the lists, -1 for none."""

    post_ids: list[str]
    post_titles: list[str]
    post_ranks: list[str | None]
    post_kinds: list[str | None]
    post_unit: Ints
    unit_ids: list[str]
    unit_names: list[str]
    unit_kinds: list[str | None]
    unit_parent: Ints

    @cached_property
    def post_at(self) -> dict[str, int]:
        """Return the position of each post's id."""
        return {id_: at for at, id_ in enumerate(self.post_ids)}

    @cached_property
    def unit_at(self) -> dict[str, int]:
        """Return the position of each unit's id."""
        return {id_: at for at, id_ in enumerate(self.unit_ids)}

    @cached_property
    def rank_codes(self) -> tuple[Ints, list[str | None]]:
        """Return a code for each post's rank, and the ranks: None first."""
        return coded(self.post_ranks, np.arange(len(self.post_ranks)))

    def with_units(self, touched: Collection[str], rows: Sequence[Row]) -> PostsAndUnits:
        """Return them with some units as they are now; those that have no row are gone."""
        ids, names, kinds = list(self.unit_ids), list(self.unit_names), list(self.unit_kinds)
        parents = [self.unit_ids[at] if at >= 0 else "" for at in self.unit_parent.tolist()]
        now = {row["id"]: (row["name"], row["kind"], row["part_of"] or "") for row in rows}
        _edit(ids, (names, kinds, parents), touched, now)
        unit_at = {id_: at for at, id_ in enumerate(ids)}
        moved = np.array([*(unit_at.get(id_, -1) for id_ in self.unit_ids), -1], dtype=np.int64)
        return PostsAndUnits(
            self.post_ids,
            self.post_titles,
            self.post_ranks,
            self.post_kinds,
            moved[self.post_unit],
            ids,
            names,
            kinds,
            _codes(unit_at.get(each, -1) for each in parents),
        )

    def with_posts(self, touched: Collection[str], rows: Sequence[Row]) -> PostsAndUnits:
        """Return them with some posts as they are now; those that have no row are gone."""
        ids, titles = list(self.post_ids), list(self.post_titles)
        ranks, kinds = list(self.post_ranks), list(self.post_kinds)
        units = self.post_unit.tolist()
        now = {
            row["id"]: (row["title"], row["rank"], row["kind"], self.unit_at.get(row["unit"], -1))
            for row in rows
        }
        _edit(ids, (titles, ranks, kinds, units), touched, now)
        return PostsAndUnits(
            ids,
            titles,
            ranks,
            kinds,
            _codes(units),
            self.unit_ids,
            self.unit_names,
            self.unit_kinds,
            self.unit_parent,
        )


def places_of(posts: Sequence[Row], units: Sequence[Row] = ()) -> PostsAndUnits:
    """Put posts and units, sorted by id, into columns."""
    unit_at = {row["id"]: at for at, row in enumerate(units)}
    return PostsAndUnits(
        post_ids=[row["id"] for row in posts],
        post_titles=[row["title"] for row in posts],
        post_ranks=[row["rank"] for row in posts],
        post_kinds=[row["kind"] for row in posts],
        post_unit=_codes(unit_at.get(row["unit"], -1) for row in posts),
        unit_ids=[row["id"] for row in units],
        unit_names=[row["name"] for row in units],
        unit_kinds=[row["kind"] for row in units],
        unit_parent=_codes(unit_at.get(row["part_of"], -1) for row in units),
    )


def _codes(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _edit(
    ids: list[str],
    columns: Sequence[list[Any]],
    touched: Collection[str],
    now: Mapping[str, Sequence[Any]],
) -> None:
    """Put the values of now into sorted columns: changed ones, new ones; others are taken out."""
    for id_ in touched:
        at = bisect_left(ids, id_)
        is_there = at < len(ids) and ids[at] == id_
        if id_ in now and not is_there:
            for column, value in zip((ids, *columns), (id_, *now[id_]), strict=True):
                column.insert(at, value)
        elif id_ in now:
            for column, value in zip(columns, now[id_], strict=True):
                column[at] = value
        elif is_there:
            for column in (ids, *columns):
                del column[at]


def coded(values: Sequence[str | None], at: Ints) -> tuple[Ints, list[str | None]]:
    """Return codes of the values at some places, and the values: None first, then in order."""
    one = {value: number for number, value in enumerate(dict.fromkeys(values))}
    codes = np.fromiter(map(one.__getitem__, values), dtype=np.int64, count=len(values))
    return compact(codes[at], list(one))


def compact(codes: Ints, values: Sequence[str | None]) -> tuple[Ints, list[str | None]]:
    """Return codes anew, for the values that are taken: None first, then in order.

    >>> compact(np.array([2, 0, 2]), ["b", "c", "a", ""])
    (array([1, 2, 1]), [None, 'a', 'b'])
    """
    taken = np.flatnonzero(np.bincount(codes, minlength=len(values))).tolist()
    keys: list[str | None] = [None, *sorted({value for at in taken if (value := values[at])})]
    code_of = {key: code for code, key in enumerate(keys)}
    table = np.array([code_of.get(value or None, 0) for value in values], dtype=np.int64)
    return table[codes] if len(codes) else codes, keys
