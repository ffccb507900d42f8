"""Everybody's postings as compact columns, read once per version of the data.

Comparing dates of one person with each other, over everybody, takes minutes asked of the graph one
by one and milliseconds over these columns. A posting is one `ROTATED_TO` edge. Days are counted
from 1970-01-01; an unknown day or month counts as the first, the last day that a text can mean and
the text itself are kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from graph.errors import N_, UsageError
from graph.store import Row
from queries.personnel.days import (
    OPEN,
    UNKNOWN,
    Bools,
    DayNumbers,
    Ints,
    add_months,
    day_number,
    runs,
)
from queries.personnel.terms import ACTING, CONCURRENT, Known, KnownPosting

SPAN = 1 << 24  # more days than any career has, to sort by person and day at once

# What a posting can be told apart by, and the list of the programme that has its title.
LEVELS = {
    "post": "",
    "title": "",
    "rank": "ranks",
    "kind": "rotation_kinds",
    "post_kind": "post_kinds",
    "unit": "",
    "unit_kind": "unit_kinds",
}


@dataclass(frozen=True, eq=False)
class Postings:
    """The columns, sorted by person, begin, end and id; codes are positions in the lists."""

    person_ids: list[str]
    person_names: list[str]
    joined: Ints
    born: Ints
    post_ids: list[str]
    post_titles: list[str]
    post_ranks: list[str | None]
    post_kinds: list[str | None]
    post_unit: Ints
    unit_ids: list[str]
    unit_names: list[str]
    unit_kinds: list[str | None]
    unit_parent: Ints
    ids: list[str]
    person: Ints
    post: Ints
    since: Ints
    until: Ints
    until_last: Ints  # the last day that the end can mean
    planned: Bools
    concurrent: Bools
    acting: Bools
    kind: Ints
    kinds: list[str | None]
    rank: Ints
    ranks: list[str | None]
    since_texts: list[str | None]
    until_texts: list[str | None]
    known: Mapping[int, Known] = field(default_factory=dict)  # whose service, status or grades say

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def person_at(self) -> dict[str, int]:
        """Return the position of each person's id."""
        return {id_: at for at, id_ in enumerate(self.person_ids)}

    @cached_property
    def post_at(self) -> dict[str, int]:
        """Return the position of each post's id."""
        return {id_: at for at, id_ in enumerate(self.post_ids)}

    @cached_property
    def unit_at(self) -> dict[str, int]:
        """Return the position of each unit's id."""
        return {id_: at for at, id_ in enumerate(self.unit_ids)}

    @cached_property
    def _views(self) -> dict[int, Begun]:
        return {}

    def begun(self, on: date) -> Begun:
        """Return the actual postings that had begun by a day; those with no begin are left out."""
        number = day_number(on)
        found = self._views.get(number)
        if found is None:
            if len(self._views) >= 4:
                self._views.clear()
            actual = ~self.planned & (self.since != UNKNOWN)
            at = np.flatnonzero(actual & (self.since <= number))
            left_out = int((~self.planned & (self.since == UNKNOWN)).sum())
            found = self._views[number] = Begun(self, number, at, self.since[at], left_out)
        return found

    def units_below(self, unit: str) -> Bools:
        """Mark a unit and all units below it; a cycle is walked once."""
        below = np.zeros(len(self.unit_ids), dtype=bool)
        below[self.unit_at[unit]] = True
        while True:
            inside = self.unit_parent >= 0
            more = below.copy()
            more[inside] |= below[self.unit_parent[inside]]
            if (more == below).all():
                return below
            below = more

    def labels(self, level: str) -> tuple[Ints, list[str], list[str]]:
        """Return each posting's code at a level (-1: unknown), with the codes' keys and texts."""
        if level == "post":
            texts = [self.post_text(at) for at in range(len(self.post_ids))]
            return self.post, self.post_ids, texts
        if level == "unit":
            return self.post_unit[self.post], self.unit_ids, self.unit_names
        if level == "kind":
            return self._coded(self.kinds, self.kind)
        if level == "rank":
            return self._coded(self.ranks, self.rank)
        if level == "title":
            return self._coded(self.post_titles, self.post)
        if level == "post_kind":
            return self._coded(self.post_kinds, self.post)
        if level == "unit_kind":
            return self._coded([*self.unit_kinds, None], self.post_unit[self.post])
        raise UsageError(
            N_("%(level)s is not a level of comparison."),
            N_("Use one of %(known)s."),
            level=level,
            known=", ".join(LEVELS),
        )

    @staticmethod
    def _coded(values: Sequence[str | None], at: Ints) -> tuple[Ints, list[str], list[str]]:
        """Code the values that postings take, given where each of them takes it (-1: the last)."""
        taken = np.unique(at).tolist()
        keys = sorted({value for i in taken if (value := values[i]) is not None})
        code_of = {key: code for code, key in enumerate(keys)}
        codes = np.array([code_of.get(value or "", -1) for value in values], dtype=np.int64)
        return codes[at], keys, keys

    def of_person(self, at: int) -> slice:
        """Return where the postings of one person stand: the columns are sorted by person."""
        low, high = np.searchsorted(self.person, [at, at + 1])
        return slice(int(low), int(high))

    def post_text(self, at: int) -> str:
        """Name a post with its unit."""
        unit = self.post_unit[at]
        title = self.post_titles[at]
        return f"{self.unit_names[unit]} {title}" if unit >= 0 else title

    def post_row(self, post: str) -> Row:
        """Return a post with its unit, by id: post, title, unit, unit_name."""
        at = self.post_at[post]
        unit = int(self.post_unit[at])
        return {
            "post": post,
            "title": self.post_titles[at],
            "unit": self.unit_ids[unit] if unit >= 0 else None,
            "unit_name": self.unit_names[unit] if unit >= 0 else None,
        }

    def unit_of(self, posting: int) -> int:
        """Return the position of a posting's unit, or -1."""
        return int(self.post_unit[self.post[posting]])

    def as_row(self, posting: int) -> Row:
        """Return one posting as plain values, dates as their source gave them."""
        post, unit = int(self.post[posting]), self.unit_of(posting)
        return {
            "id": self.ids[posting],
            "post": self.post_ids[post],
            "title": self.post_titles[post],
            "unit": self.unit_ids[unit] if unit >= 0 else None,
            "unit_name": self.unit_names[unit] if unit >= 0 else None,
            "unit_kind": self.unit_kinds[unit] if unit >= 0 else None,
            "post_kind": self.post_kinds[post],
            "rank": self.ranks[int(self.rank[posting])],
            "kind": self.kinds[int(self.kind[posting])],
            "since": self.since_texts[posting],
            "until": self.until_texts[posting],
            "status": "planned" if self.planned[posting] else "actual",
        }


class Begun:
    """Postings begun by a day, in blocks of one person each, sorted by begin.

    `at` are positions in the `Postings`; every other column has one entry for each of them.
    `since` may be later than the posting's own begin: the day from which it is the main post.
    """

    def __init__(
        self,
        postings: Postings,
        on: int,
        at: Ints,
        since: Ints,
        left_out: int,
        arrives: Bools | None = None,
    ) -> None:
        self.postings = postings
        self.on = on
        self.at = at
        self.since = since
        self.left_out = left_out
        # Going on in a post that was held beside another one is no arrival.
        self.arrives: Bools = np.ones(len(at), dtype=bool) if arrives is None else arrives
        self.person: Ints = postings.person[self.at]
        count = len(self.at)
        self.key: Ints = self.person * SPAN - UNKNOWN + self.since
        self.first, self.last = runs(self.person)
        self.same_day_first, self.same_day_last = runs(self.key)
        following = np.minimum(self.same_day_last + 1, max(count - 1, 0))
        has_next = self.same_day_last < self.last
        # The last posting that begins on the next day on which this person begins one.
        self.next_day_last: Ints = np.where(
            has_next, self.same_day_last[following] if count else following, self.same_day_last
        )
        people = len(postings.person_ids)
        self.entry: Ints = np.full(people, OPEN, dtype=np.int64)
        starts = np.flatnonzero(self.first == np.arange(count))
        self.entry[self.person[starts]] = self.since[starts]
        joined = postings.joined != UNKNOWN
        self.entry[joined] = postings.joined[joined]

    @cached_property
    def _days(self) -> tuple[Ints, Ints]:
        """Return the different days on which postings begin, and which of them is each one's."""
        days, at = np.unique(self.since, return_inverse=True)
        return days, at

    def months_on(self, months: int) -> Ints:
        """Return, for each posting, the day so many calendar months after its begin."""
        days, at = self._days
        return add_months(days, months)[at]

    def first_from(self, days: Ints) -> Ints:
        """Return, for each posting, the first place from which its person's begin by those days."""
        keys = self.person * SPAN - UNKNOWN + np.minimum(days, OPEN)
        return np.searchsorted(self.key, keys, side="left").astype(np.int64)

    def last_until(self, deadlines: Ints) -> Ints:
        """Return, for each posting, the last one of its person that begins by its deadline."""
        keys = self.person * SPAN - UNKNOWN + np.minimum(deadlines, OPEN)
        return np.searchsorted(self.key, keys, side="right").astype(np.int64) - 1


def columns_of(
    people: Sequence[Known],
    postings: Sequence[KnownPosting],
    posts: Sequence[Row],
    units: Sequence[Row] = (),
    names: Sequence[str] | None = None,
) -> Postings:
    """Put plain facts into columns; a posting without a rank of its own has that of its post."""
    person_at = {each.id: at for at, each in enumerate(people)}
    post_at = {row["id"]: at for at, row in enumerate(posts)}
    unit_at = {row["id"]: at for at, row in enumerate(units)}
    day = DayNumbers()
    person = _column(person_at[each.person] for each in postings)
    since = _column(day.first(each.since, UNKNOWN) for each in postings)
    until = _column(day.first(each.until, OPEN) for each in postings)
    ids = np.array([each.id for each in postings], dtype=object)
    by_id = np.argsort(ids.astype(str), kind="stable") if len(ids) else np.zeros(0, dtype=np.int64)
    order = by_id[np.lexsort((until[by_id], since[by_id], person[by_id]))]
    rows = [postings[at] for at in order.tolist()]
    kind, kinds = _codes([each.kind for each in rows])
    rank, ranks = _codes([each.rank or posts[post_at[each.post]]["rank"] for each in rows])
    return Postings(
        person_ids=[each.id for each in people],
        person_names=list(names) if names is not None else [each.id for each in people],
        joined=_column(day.first(each.joined_on, UNKNOWN) for each in people),
        born=_column(day.first(each.born_on, UNKNOWN) for each in people),
        post_ids=[row["id"] for row in posts],
        post_titles=[row["title"] for row in posts],
        post_ranks=[row["rank"] for row in posts],
        post_kinds=[row["kind"] for row in posts],
        post_unit=_column(unit_at.get(row["unit"], -1) for row in posts),
        unit_ids=[row["id"] for row in units],
        unit_names=[row["name"] for row in units],
        unit_kinds=[row["kind"] for row in units],
        unit_parent=_column(unit_at.get(row["part_of"], -1) for row in units),
        ids=[each.id for each in rows],
        person=person[order],
        post=_column(post_at[each.post] for each in rows),
        since=since[order],
        until=until[order],
        until_last=_column(day.last(each.until, OPEN) for each in rows),
        planned=np.array([each.planned for each in rows], dtype=bool),
        concurrent=np.array([CONCURRENT in each.marks for each in rows], dtype=bool),
        acting=np.array([ACTING in each.marks for each in rows], dtype=bool),
        kind=kind,
        kinds=kinds,
        rank=rank,
        ranks=ranks,
        since_texts=[each.since for each in rows],
        until_texts=[each.until for each in rows],
        known={
            at: each for at, each in enumerate(people) if each.status or each.service or each.grades
        },
    )


def _column(values: Iterable[Any]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _codes(values: list[str | None]) -> tuple[Ints, list[str | None]]:
    keys: list[str | None] = [None, *sorted({value for value in values if value})]
    code_of = {key: code for code, key in enumerate(keys)}
    return np.array([code_of[value or None] for value in values], dtype=np.int64), keys
