"""Postings as compact columns: of everybody, or of a part of the people.

Comparing dates of one person with each other, over everybody, takes minutes asked of the graph one
by one and milliseconds over these columns. A posting is one `ROTATED_TO` edge. Days are counted
from 1970-01-01; an unknown day or month counts as the first, the last day that a text can mean and
the text itself are kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from typing_extensions import TypedDict

from graph.errors import N_, UsageError
from graph.store import Row
from queries.personnel.days import (
    OPEN,
    UNKNOWN,
    Bools,
    DayNumbers,
    Ints,
    day_number,
    first_of_each,
)
from queries.personnel.places import PostsAndUnits, coded, compact
from queries.personnel.terms import ACTING, CONCURRENT, Known

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


class PostingRow(TypedDict):
    """One posting as plain values, dates as their source gave them."""

    id: str
    post: str
    title: str
    unit: str | None
    unit_name: str | None
    unit_kind: str | None
    post_kind: str | None
    rank: str | None
    kind: str | None
    since: str | None
    until: str | None
    status: Literal["planned", "actual"]


@dataclass(frozen=True, eq=False)
class Postings:
    """The columns, sorted by person, begin, end and id; codes are positions in the lists."""

    places: PostsAndUnits
    person_ids: list[str]
    person_names: list[str]
    joined: Ints
    born: Ints
    known: Mapping[int, Known]  # whose service, status or grades say something
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

    def __len__(self) -> int:
        return len(self.since)

    def taken_as_planned(self, planned: Bools) -> Postings:
        """Return the same columns with other postings planned."""
        kept = {each.name: getattr(self, each.name) for each in fields(Postings)}
        return Postings(**{**kept, "planned": planned})

    @cached_property
    def person_at(self) -> dict[str, int]:
        """Return the position of each person's id."""
        return {id_: at for at, id_ in enumerate(self.person_ids)}

    @property
    def post_at(self) -> dict[str, int]:
        """Return the position of each post's id."""
        return self.places.post_at

    @property
    def unit_at(self) -> dict[str, int]:
        """Return the position of each unit's id."""
        return self.places.unit_at

    @property
    def post_ids(self) -> list[str]:
        """Return the ids of all posts."""
        return self.places.post_ids

    @property
    def post_titles(self) -> list[str]:
        """Return the titles of all posts."""
        return self.places.post_titles

    @property
    def post_ranks(self) -> list[str | None]:
        """Return the ranks of all posts."""
        return self.places.post_ranks

    @property
    def post_kinds(self) -> list[str | None]:
        """Return the kinds of all posts."""
        return self.places.post_kinds

    @property
    def post_unit(self) -> Ints:
        """Return the units of all posts."""
        return self.places.post_unit

    @property
    def unit_ids(self) -> list[str]:
        """Return the ids of all units."""
        return self.places.unit_ids

    @property
    def unit_names(self) -> list[str]:
        """Return the names of all units."""
        return self.places.unit_names

    @property
    def unit_kinds(self) -> list[str | None]:
        """Return the kinds of all units."""
        return self.places.unit_kinds

    @property
    def unit_parent(self) -> Ints:
        """Return the units that all units are part of."""
        return self.places.unit_parent

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

    def nearest_unit_of_kind(self, kind: str) -> Ints:
        """Return for each unit the nearest of a kind at or above it; -1 for none."""
        found = np.full(len(self.unit_ids), -1, dtype=np.int64)
        is_kind = np.array([each == kind for each in self.unit_kinds], dtype=bool)
        at, above = np.arange(len(found)), np.arange(len(found))
        for _ in range(len(found)):  # a cycle ends where every unit was walked
            there = is_kind[above]
            found[at[there]] = above[there]
            at, above = at[~there], self.unit_parent[above[~there]]
            at, above = at[above >= 0], above[above >= 0]
            if not len(at):
                break
        return found

    def in_unit(self, unit: str) -> Bools:
        """Mark the postings in a unit or below it."""
        units = self.post_unit
        inside = self.units_below(unit)[units] & (units >= 0)
        return inside[self.post]

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
            codes, keys, texts = self._coded(self.ranks, self.rank)
            return np.where(self.acting, -1, codes), keys, texts  # an acting one gives none
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

    @cached_property
    def _hashes(self) -> Ints:
        return np.fromiter(map(hash, self.ids), dtype=np.int64, count=len(self.ids))

    def owners(self, ids: frozenset[str]) -> set[str]:
        """Return the people who have the postings of some ids."""
        alike = np.flatnonzero(np.isin(self._hashes, [hash(id_) for id_ in ids])).tolist()
        return {self.person_ids[self.person[at]] for at in alike if self.ids[at] in ids}

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

    def as_row(self, posting: int) -> PostingRow:
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
        self.key: Ints = self.person * SPAN - UNKNOWN + self.since
        self.entry: Ints = np.full(len(postings.person_ids), OPEN, dtype=np.int64)
        starts = first_of_each(self.person)
        self.entry[self.person[starts]] = self.since[starts]
        joined = postings.joined != UNKNOWN
        self.entry[joined] = postings.joined[joined]


class RawPostings(NamedTuple):
    """Stored postings by column, all columns alike; dates are text, what is not known is empty.

    `marks` are lists; a rank is the posting's own.
    """

    person: Sequence[str]
    post: Sequence[str]
    id: Sequence[str]
    kind: Sequence[str | None]
    rank: Sequence[str | None]
    since: Sequence[str | None]
    until: Sequence[str | None]
    status: Sequence[str | None]
    marks: Sequence[Sequence[str]]


def columns_of(
    people: Sequence[Known],
    written: RawPostings,
    places: PostsAndUnits,
    names: Sequence[str] | None = None,
    number: DayNumbers | None = None,
) -> Postings:
    """Put facts into columns; a posting without a rank of its own has that of its post.

    Postings of people or posts that are not among them are left out: they came or went meanwhile.
    """
    number = number or DayNumbers()
    at_person = {each.id: at for at, each in enumerate(people)}
    person = _coded(at_person, written.person)
    post = _coded(places.post_at, written.post)
    since = number.all_first(written.since, UNKNOWN)
    until = number.all_first(written.until, OPEN)
    until_last = number.all_last(written.until, OPEN)
    planned = {status: status == "planned" for status in set(written.status)}
    there = np.flatnonzero((person >= 0) & (post >= 0))
    order = there[_order(person[there], since[there], until[there], written.id, there)]
    person, post = person[order], post[order]
    kind, kinds = coded(written.kind, order)
    own, own_ranks = coded(written.rank, order)
    of_post, post_ranks = places.rank_codes
    rank, ranks = compact(
        np.where(own > 0, own, of_post[post] + len(own_ranks)), own_ranks + post_ranks
    )
    marked = [(at, marks) for at, marks in enumerate(written.marks) if marks]
    return Postings(
        places=places,
        person_ids=[each.id for each in people],
        person_names=list(names) if names is not None else [each.id for each in people],
        joined=number.all_first([each.joined_on for each in people], UNKNOWN),
        born=number.all_first([each.born_on for each in people], UNKNOWN),
        known={
            at: each for at, each in enumerate(people) if each.status or each.service or each.grades
        },
        ids=[written.id[at] or "" for at in order.tolist()],
        person=person,
        post=post,
        since=since[order],
        until=until[order],
        until_last=until_last[order],
        planned=np.fromiter(map(planned.__getitem__, written.status), dtype=bool)[order],
        concurrent=_marked(marked, CONCURRENT, len(written.id))[order],
        acting=_marked(marked, ACTING, len(written.id))[order],
        kind=kind,
        kinds=kinds,
        rank=rank,
        ranks=ranks,
        since_texts=_texts(written.since, order),
        until_texts=_texts(written.until, order),
    )


def _coded(at: Mapping[str, int], ids: Sequence[str]) -> Ints:
    try:
        return np.fromiter(map(at.__getitem__, ids), dtype=np.int64, count=len(ids))
    except KeyError:
        return np.fromiter((at.get(id_, -1) for id_ in ids), dtype=np.int64, count=len(ids))


def _marked(marks: list[tuple[int, Sequence[str]]], mark: str, count: int) -> Bools:
    found = np.zeros(count, dtype=bool)
    found[[at for at, each in marks if mark in each]] = True
    return found


def _order(person: Ints, since: Ints, until: Ints, ids: Sequence[str], there: Ints) -> Ints:
    """Sort by person, begin, end and id; ids are only looked at where all else is equal."""
    order = np.lexsort((until, since, person))
    keys = [each[order] for each in (person, since, until)]
    if np.logical_and.reduce([each[1:] == each[:-1] for each in keys]).any():
        texts = np.array([ids[at] or "" for at in there.tolist()], dtype=str)
        order = np.lexsort((texts, until, since, person))
    return order


def _texts(texts: Sequence[str | None], order: Ints) -> list[str | None]:
    """Return texts in an order, equal ones as one object: very many stand for few days."""
    one: dict[str | None, str | None] = {text: text or None for text in set(texts)}
    return [one[texts[at]] for at in order.tolist()]
