"""Periods against each other: two posts of one person, too many holders of one post.

Dates may be a year or a month. Only what is certain is reported: a posting that began "in 2019" is
taken to begin on the year's last day, and one that ended "in 2019" on its first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import compress
from operator import attrgetter, gt
from typing import NamedTuple

from graph.dates import after, first_day

OPEN = "9999-12-31"
_LAST_DAY = {4: "-12-31", 7: "-31", 10: ""}  # compared as text only, so any month may have 31


class Posting(NamedTuple):
    """One actual rotation, in the order in which those of one person are compared."""

    person: str
    begins: str  # the last day on which it can have begun
    row: int
    until: str  # OPEN while it lasts
    post: str
    since: str
    keeps_home: bool = False  # a kind of exercise during which the post before is kept


def postings_of(
    people: Iterable[str],
    posts: Iterable[str],
    since: Iterable[str | None],
    until: Iterable[str | None],
    rows: Iterable[int],
    keeps_home: Iterable[bool],
) -> list[Posting]:
    """Make the postings of some rows, given by column; those without a beginning are left out."""
    since = list(since)
    begins = [each + _LAST_DAY[len(each)] if each else None for each in since]
    ends = [each or OPEN for each in until]
    made = zip(people, begins, rows, ends, posts, since, keeps_home, strict=True)
    # As `Posting._make`, without a call of Python's for each of millions.
    return list(map(partial(tuple.__new__, Posting), compress(made, since)))


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
    person, longest = "", None
    for posting in sorted(postings):
        of, begins, _, until, *_ = posting
        if of != person:
            person, longest = of, None
        if until <= begins:  # it may lie within one month: nothing is certain
            continue
        if longest is not None and begins < longest.until:
            yield posting, longest
        if longest is None or until > longest.until:
            longest = posting


def crowds(
    postings: list[Posting], capacity_by_post: Mapping[str, int | None]
) -> Iterator[tuple[Posting, int]]:
    """Give the posting by which a post first has most holders above its capacity, and how many."""
    spans: dict[str, list[Posting]] = defaultdict(list)
    for each in postings:
        spans[each.post].append(each)
    limited = [
        (post, capacity, sorted(group, key=attrgetter("begins", "row")))
        for post, group in spans.items()
        if (capacity := capacity_by_post.get(post)) is not None and _is_crowded(group, capacity)
    ]
    for _, capacity, group in sorted(limited):
        ends: list[str] = []
        most: tuple[Posting, int] | None = None
        for posting in group:
            while ends and ends[0] <= posting.begins:
                heapq.heappop(ends)
            if posting.until > posting.begins:
                heapq.heappush(ends, posting.until)
            if len(ends) > max(capacity, most[1] if most else 0):
                most = posting, len(ends)
        if most:
            yield most


def _is_crowded(postings: list[Posting], capacity: int) -> bool:
    """Tell whether more postings than the capacity ever last together, which is seldom so."""
    if len(postings) <= capacity:
        return False
    spans = [(each.begins, each.until) for each in postings if each.until > each.begins]
    begins, ends = sorted(begin for begin, _ in spans), sorted(end for _, end in spans)
    # When the nth begins, all but `capacity` of those before it must have ended.
    return any(map(gt, ends, begins[capacity:]))
