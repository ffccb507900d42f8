"""Periods against each other: two posts of one person, too many holders of one post.

Dates may be a year or a month. Only what is certain is reported: a posting that began "in 2019" is
taken to begin on the year's last day, and one that ended "in 2019" on its first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from graph.dates import after, first_day

OPEN = "9999-12-31"
_LAST_DAY = {4: "-12-31", 7: "-31", 10: ""}  # compared as text only, so any month may have 31


class Posting(NamedTuple):
    """One actual rotation; `until` is OPEN while it lasts."""

    person: str
    post: str
    since: str
    until: str
    row: int
    keeps_home: bool = False  # a kind of exercise during which the post before is kept

    @property
    def begins(self) -> str:
        """Give the last day on which it can have begun."""
        return self.since + _LAST_DAY[len(self.since)]


def period_problem(since: str, until: str) -> str | None:
    """Give the code of what is wrong with a period, or None.

    >>> period_problem("2019-03", "2017"), period_problem("2019", "2019")
    ('reversed-period', 'empty-period')
    >>> period_problem("2019", "2019-03")
    """
    if len(since) == len(until):
        if until > since:
            return None
    elif after(until, since):
        return None
    return "empty-period" if first_day(until) == first_day(since) else "reversed-period"


def overlaps(postings: list[Posting]) -> Iterator[tuple[Posting, Posting]]:
    """Give each posting that begins while another of the same person lasts, with that other."""
    by_person = sorted((each.person, each.begins, each.row, each) for each in postings)
    for _, group in groupby(by_person, key=lambda item: item[0]):
        longest: Posting | None = None
        for _, begins, _, posting in group:
            if posting.until <= begins:  # it may lie within one month: nothing is certain
                continue
            if longest is not None and begins < longest.until:
                yield posting, longest
            if longest is None or posting.until > longest.until:
                longest = posting


def crowds(
    postings: list[Posting], capacity_by_post: dict[str, int]
) -> Iterator[tuple[Posting, int]]:
    """Give the posting by which a post first has most holders above its capacity, and how many."""
    limited = sorted(
        (each for each in postings if each.post in capacity_by_post),
        key=lambda each: (each.post, each.begins, each.row),
    )
    for post, group in groupby(limited, key=attrgetter("post")):
        ends: list[str] = []
        most: tuple[Posting, int] | None = None
        for posting in group:
            begins = posting.begins
            while ends and ends[0] <= begins:
                heapq.heappop(ends)
            if posting.until > begins:
                heapq.heappush(ends, posting.until)
            if len(ends) > max(capacity_by_post[post], most[1] if most else 0):
                most = posting, len(ends)
        if most:
            yield most
