"""What the model is told: a programme's terms as far as they say what is true, and plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.programme import Programme

CONCURRENT = "concurrent"  # 兼任: meant to run beside another home posting
ACTING = "acting"  # 主持工作: held, gives no rank, does not fill a vacant post


class ServiceKind(NamedTuple):
    """What a dated fact of service means from its day on."""

    in_service: bool = True
    pauses_clocks: bool = False


@dataclass(frozen=True)
class Terms:
    """What a programme says of kinds, ranks and service. Ranks are lowest first."""

    ranks: tuple[str, ...] = ()
    grades: Mapping[str, str | None] = field(default_factory=dict)  # and what each counts as
    beside: frozenset[str] = frozenset()  # kinds of posting that keep the home post
    service: Mapping[str, ServiceKind] = field(default_factory=dict)
    left: frozenset[str] = frozenset()  # statuses of people that mean: left, day not known
    unknown_after: int = 3  # months
    age_limit: int = 100  # years
    grades_count_as_ranks: bool = False

    def rank_index(self, rank: str | None) -> int:
        """Return the place on the ladder, from 0; -1 for none."""
        return self.ranks.index(rank) if rank in self.ranks else -1


def terms_of(programme: Programme) -> Terms:
    """Return what a programme says of kinds, ranks and service."""
    return Terms(
        ranks=tuple(each.key for each in programme.ranks),
        grades={each.key: each.counts_as for each in programme.grades},
        beside=programme.kinds_beside,
        service={
            each.key: ServiceKind(each.in_service, each.pauses_clocks)
            for each in programme.service_kinds
        },
        left=frozenset(each.key for each in programme.statuses if not each.counts),
        unknown_after=programme.unknown_after,
        age_limit=programme.age_limit,
        grades_count_as_ranks=programme.grades_count_as_ranks,
    )


class KnownPosting(NamedTuple):
    """One stored posting. Dates are text of any precision; `rank` is its own or its post's."""

    id: str
    person: str
    post: str
    kind: str | None = None
    rank: str | None = None
    since: str | None = None
    until: str | None = None
    planned: bool = False
    marks: tuple[str, ...] = ()


class Posting(NamedTuple):
    """One period of a person in a post in which it counts. Dates are text, as given where kept."""

    id: str
    person: str
    post: str
    kind: str | None
    since: str | None
    until: str | None  # None: it goes on
    status: str  # actual or planned
    rank: str | None  # its own or its post's; none while acting
    home: bool  # False: it runs beside the home post
    acting: bool = False  # held, but the post is still vacant


class ServiceFact(NamedTuple):
    """One dated fact of service: what it is, from when, and until when where that is known."""

    kind: str
    since: str
    until: str | None = None


class Known(NamedTuple):
    """What is stored of one person beside postings."""

    id: str
    joined_on: str | None = None
    born_on: str | None = None
    status: str | None = None
    status_since: str | None = None  # the day on which the status was loaded or entered
    service: tuple[ServiceFact, ...] = ()
    grades: tuple[tuple[str, str], ...] = ()  # grade and day, oldest first
    dated: tuple[str, ...] = ()  # days of records, attendance and pairs
