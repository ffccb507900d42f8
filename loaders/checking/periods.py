"""Periods against each other: two posts of one person, too many holders of one post.

Dates may be a year or a month. Only what is certain is reported: a posting that began "in 2019" is
taken to begin on the year's last day, and one that ended "in 2019" on its first.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from graph.dates import after, first_day, last_day

OPEN = "9999-12-31"
BESIDE_MARKS = ("concurrent", "acting")  # of a posting that is meant to run beside another
_LAST_DAY = {4: "-12-31", 7: "-31", 10: ""}  # compared as text only, so any month may have 31


class FilePosting(NamedTuple):
    """One actual rotation, in the order in which those of one person are compared."""

    person: str
    begins: str  # the last day on which it can have begun
    row: int
    until: str  # OPEN while it lasts
    post: str
    since: str
    keeps_home: bool = False  # it is meant to run beside another one


def begins_by(since: str) -> str:
    """Return the last day on which a posting can have begun.

    >>> begins_by("2019"), begins_by("2019-02"), begins_by("2019-02-03")
    ('2019-12-31', '2019-02-31', '2019-02-03')
    """
    return since + _LAST_DAY[len(since)]


def period_problem(since: str, until: str) -> str | None:
    """Return the code of what is wrong with a period, or None.

    >>> period_problem("2019-03", "2017"), period_problem("2019-03-01", "2019-03-01")
    ('reversed-period', 'empty-period')
    >>> period_problem("2019", "2019")
    """
    if after(until, since):
        return None
    return "reversed-period" if last_day(until) < first_day(since) else "empty-period"


def overlaps(postings: list[FilePosting]) -> Iterator[tuple[FilePosting, FilePosting]]:
    """Yield each posting that begins while another of the same person lasts, with that other."""
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
    postings: list[FilePosting], capacity_by_post: Mapping[str, int | None]
) -> Iterator[tuple[FilePosting, int]]:
    """Yield the posting by which a post first has most holders above its capacity, and how many."""
    spans: dict[str, list[FilePosting]] = defaultdict(list)
    for each in postings:
        spans[each.post].append(each)
    limited = [
        (post, capacity, sorted(group, key=attrgetter("begins", "row")))
        for post, group in spans.items()
        if (capacity := capacity_by_post.get(post)) is not None
    ]
    for _, capacity, group in sorted(limited):
        ends: list[str] = []
        most: tuple[FilePosting, int] | None = None
        for posting in group:
            while ends and ends[0] <= posting.begins:
                heapq.heappop(ends)
            if posting.until > posting.begins:
                heapq.heappush(ends, posting.until)
            if len(ends) > max(capacity, most[1] if most else 0):
                most = posting, len(ends)
        if most:
            yield most
