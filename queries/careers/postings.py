"""Every posting of the store as compact columns, read once per version of the data.

Questions about careers compare dates of one person with each other, over everybody. Asked of the
graph one by one they would take minutes; over these columns they take milliseconds. A posting is
one `ROTATED_TO` edge. Days are counted from 1970-01-01; an unknown day or month counts as the
first, and the text that the source gave is kept beside it. Numpy's home.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from graph.dates import end_day, first_day
from graph.errors import N_, AppError, UsageError
from graph.store import Row, Store

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
UNKNOWN = -1_000_000  # no begin is known: earlier than every day, and never compared
OPEN = 10_000_000  # no end yet, or none known: later than every day
_SPAN = 1 << 24  # more days than any career has, to sort by person and day at once

FETCH = {
    "postings": """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
RETURN p.id AS person, post.id AS post, r.id AS id, r.kind AS kind, r.rank AS rank,
       r.since AS since, r.until AS until, r.status AS status
""",
    "people": """
MATCH (p:Person)
WHERE EXISTS { (p)-[:ROTATED_TO]->(:Post) }
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on
ORDER BY id
""",
    "posts": """
MATCH (post:Post)
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS id, post.name AS title, post.rank AS rank, post.kind AS kind, u.id AS unit
ORDER BY id
""",
    "units": """
MATCH (u:Unit)
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS id, u.name AS name, u.kind AS kind, above.id AS part_of
ORDER BY id
""",
}

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


def day_number(day: date) -> int:
    """Count the days from 1970-01-01.

    >>> day_number(date(1970, 1, 3))
    2
    """
    return day.toordinal() - EPOCH


def day_of_number(number: int) -> date:
    """Give the day of a count, within the years 1 to 9999.

    >>> day_of_number(2)
    datetime.date(1970, 1, 3)
    """
    return date.fromordinal(min(max(int(number) + EPOCH, 1), date.max.toordinal()))


def add_months(days: Ints, months: int) -> Ints:
    """Move days by calendar months, to the last day of the month where it is too long.

    >>> [day_of_number(d).isoformat() for d in add_months(np.array([19753]), 1)]  # 2024-01-31
    ['2024-02-29']
    """
    given = days.astype("datetime64[D]")
    month = given.astype("datetime64[M]")
    within = given - month.astype("datetime64[D]")
    wanted = month + np.timedelta64(months, "M")
    first = wanted.astype("datetime64[D]")
    last = (wanted + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(first + within, last).astype(np.int64)


def months_between(since: Ints, until: Ints) -> Ints:
    """Count the whole calendar months from days to days that are not earlier."""
    one, other = since.astype("datetime64[D]"), until.astype("datetime64[D]")
    first, last = one.astype("datetime64[M]"), other.astype("datetime64[M]")
    months: Ints = (last - first).astype(np.int64)
    within = one - first.astype("datetime64[D]")
    end = (last + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    reached = np.minimum(last.astype("datetime64[D]") + within, end) <= other
    return np.where(reached, months, months - 1)


@dataclass(frozen=True, eq=False)
class Postings:
    """The columns, sorted by person, begin, end and id; codes are positions in the lists."""

    person_ids: list[str]
    person_names: list[str]
    joined: Ints
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
    planned: Bools
    kind: Ints
    kinds: list[str | None]
    rank: Ints
    ranks: list[str | None]
    since_texts: list[str | None]
    until_texts: list[str | None]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def person_at(self) -> dict[str, int]:
        """Give the position of each person's id."""
        return {id_: at for at, id_ in enumerate(self.person_ids)}

    @cached_property
    def post_at(self) -> dict[str, int]:
        """Give the position of each post's id."""
        return {id_: at for at, id_ in enumerate(self.post_ids)}

    @cached_property
    def unit_at(self) -> dict[str, int]:
        """Give the position of each unit's id."""
        return {id_: at for at, id_ in enumerate(self.unit_ids)}

    @cached_property
    def _views(self) -> dict[int, Begun]:
        return {}

    def begun(self, on: date) -> Begun:
        """Give the actual postings that had begun by a day; those with no begin are left out."""
        number = day_number(on)
        found = self._views.get(number)
        if found is None:
            if len(self._views) >= 4:
                self._views.clear()
            found = self._views[number] = Begun(self, number)
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
        """Give each posting's code at a level (-1: unknown), with the codes' keys and texts."""
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

    def post_text(self, at: int) -> str:
        """Name a post with its unit."""
        unit = self.post_unit[at]
        title = self.post_titles[at]
        return f"{self.unit_names[unit]} {title}" if unit >= 0 else title

    def unit_of(self, posting: int) -> int:
        """Give the position of a posting's unit, or -1."""
        return int(self.post_unit[self.post[posting]])

    def as_row(self, posting: int) -> Row:
        """Give one posting as plain values, dates as their source gave them."""
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
    """The actual postings begun by a day, in blocks of one person each, sorted by begin.

    `at` are positions in the `Postings`; every other column has one entry for each of them.
    """

    def __init__(self, postings: Postings, on: int) -> None:
        self.postings = postings
        self.on = on
        known = ~postings.planned & (postings.since != UNKNOWN) & (postings.since <= on)
        self.at: Ints = np.flatnonzero(known)
        self.left_out = int((~postings.planned & (postings.since == UNKNOWN)).sum())
        self.person: Ints = postings.person[self.at]
        self.since: Ints = postings.since[self.at]
        count = len(self.at)
        self.key: Ints = self.person * _SPAN - UNKNOWN + self.since
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
        """Give the different days on which postings begin, and which of them is each one's."""
        days, at = np.unique(self.since, return_inverse=True)
        return days, at

    def months_on(self, months: int) -> Ints:
        """Give, for each posting, the day so many calendar months after its begin."""
        days, at = self._days
        return add_months(days, months)[at]

    def first_from(self, days: Ints) -> Ints:
        """Give, for each posting, the first place from which its person's begin by those days."""
        keys = self.person * _SPAN - UNKNOWN + np.minimum(days, OPEN)
        return np.searchsorted(self.key, keys, side="left").astype(np.int64)

    def last_until(self, deadlines: Ints) -> Ints:
        """Give, for each posting, the last one of its person that begins by its deadline."""
        keys = self.person * _SPAN - UNKNOWN + np.minimum(deadlines, OPEN)
        return np.searchsorted(self.key, keys, side="right").astype(np.int64) - 1

    def moves(self) -> tuple[Ints, Ints]:
        """Give each pair of postings of one person where the second is the next to begin."""
        here = np.flatnonzero(self.person[1:] == self.person[:-1])
        return self.at[here], self.at[here + 1]


def runs(values: Ints) -> tuple[Ints, Ints]:
    """Give, for each place, the first and the last place of its run of equal values."""
    count = len(values)
    if not count:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], count] - 1
    run = np.cumsum(np.r_[True, values[1:] != values[:-1]]) - 1
    return starts[run].astype(np.int64), ends[run].astype(np.int64)


def first_of_each(values: Ints) -> Ints:
    """Give the place where each run of equal values begins.

    >>> first_of_each(np.array([4, 4, 7])).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.r_[True, values[1:] != values[:-1]][: len(values)]).astype(np.int64)


_cache: WeakKeyDictionary[Store, tuple[str, Postings]] = WeakKeyDictionary()
_lock = threading.Lock()


def postings(store: Store) -> Postings:
    """Give all postings of a store; they are read again only when the data changed."""
    version = store.version()
    with _lock:
        kept = _cache.get(store)
        if kept is None or kept[0] != version:
            kept = (version, _read(store))
            _cache[store] = kept
        return kept[1]


def prepare(store: Store) -> None:
    """Begin to read the postings in the background, so that the first question finds them read."""
    threading.Thread(target=_prepare, args=(store,), daemon=True).start()


def _prepare(store: Store) -> None:
    with suppress(AppError):  # whoever asks is told
        postings(store)


def _read(store: Store) -> Postings:
    people = store.read(FETCH["people"])
    posts = store.read(FETCH["posts"])
    units = store.read(FETCH["units"])
    edges = store.read(FETCH["postings"])
    person_at = {row["id"]: at for at, row in enumerate(people)}
    post_at = {row["id"]: at for at, row in enumerate(posts)}
    unit_at = {row["id"]: at for at, row in enumerate(units)}
    numbers: dict[str, int] = {}

    def number(text: str | None, otherwise: int) -> int:
        if not text:
            return otherwise
        if text not in numbers:
            numbers[text] = _number(text, otherwise)
        return numbers[text]

    def column(values: Any) -> Ints:
        return np.fromiter(values, dtype=np.int64)

    person = column(person_at[row["person"]] for row in edges)
    post = column(post_at[row["post"]] for row in edges)
    since = column(number(row["since"], UNKNOWN) for row in edges)
    until = column(number(row["until"], OPEN) for row in edges)
    for at in np.flatnonzero((until <= since) & (until > UNKNOWN)).tolist():
        until[at] = day_number(end_day(edges[at]["since"], edges[at]["until"]))
    ids = np.array([row["id"] or "" for row in edges], dtype=object)
    by_id = np.argsort(ids.astype(str), kind="stable") if len(ids) else np.zeros(0, dtype=np.int64)
    order = by_id[np.lexsort((until[by_id], since[by_id], person[by_id]))]
    rows = [edges[at] for at in order.tolist()]
    kind, kinds = _codes([row["kind"] for row in rows])
    rank, ranks = _codes([row["rank"] or posts[post_at[row["post"]]]["rank"] for row in rows])
    return Postings(
        person_ids=[row["id"] for row in people],
        person_names=[row["name"] for row in people],
        joined=column(number(row["joined_on"], UNKNOWN) for row in people),
        post_ids=[row["id"] for row in posts],
        post_titles=[row["title"] for row in posts],
        post_ranks=[row["rank"] for row in posts],
        post_kinds=[row["kind"] for row in posts],
        post_unit=column(unit_at.get(row["unit"], -1) for row in posts),
        unit_ids=[row["id"] for row in units],
        unit_names=[row["name"] for row in units],
        unit_kinds=[row["kind"] for row in units],
        unit_parent=column(unit_at.get(row["part_of"], -1) for row in units),
        ids=[row["id"] or "" for row in rows],
        person=person[order],
        post=post[order],
        since=since[order],
        until=until[order],
        planned=np.array([row["status"] == "planned" for row in rows], dtype=bool),
        kind=kind,
        kinds=kinds,
        rank=rank,
        ranks=ranks,
        since_texts=[row["since"] for row in rows],
        until_texts=[row["until"] for row in rows],
    )


def _number(text: str, otherwise: int) -> int:
    try:
        return day_number(first_day(text))
    except ValueError:  # written by another program: not a date of ours
        return otherwise


def _codes(values: list[str | None]) -> tuple[Ints, list[str | None]]:
    keys: list[str | None] = [None, *sorted({value for value in values if value})]
    code_of = {key: code for code, key in enumerate(keys)}
    return np.array([code_of[value or None] for value in values], dtype=np.int64), keys
