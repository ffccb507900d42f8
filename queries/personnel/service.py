"""Dated facts of service: when somebody is out, when clocks rest, what holds on a day.

A fact lasts to its own end where it has one, else to the next fact of the same person. A later fact
of a kind that neither ends service nor pauses clocks (joined, returned) ends what ran before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from queries.personnel.days import OPEN, DayNumbers
from queries.personnel.terms import ServiceFact, ServiceKind

Spans = tuple[tuple[int, int], ...]  # half-open, by begin, apart from each other

PLAIN = ServiceKind()


class ServiceSpan(NamedTuple):
    """A fact of service and the days from and to which it holds."""

    since: int
    until: int
    kind: str


def service_spans(
    facts: Sequence[ServiceFact], kinds: Mapping[str, ServiceKind]
) -> list[ServiceSpan]:
    """Return how long each fact of one person holds, by begin; OPEN while nothing ended it."""
    day = DayNumbers()
    begun = sorted(
        ((day.first(each.since, OPEN), each) for each in facts), key=lambda pair: pair[0]
    )
    found: list[ServiceSpan] = []
    for at, (since, fact) in enumerate(begun):
        later = begun[at + 1 :]
        ends = [when for when, each in later if kinds.get(each.kind, PLAIN) == PLAIN][:1]
        own = day.first(fact.until, OPEN)
        if own == OPEN and not _lasts(fact, kinds):
            ends += [when for when, _ in later[:1]]
        found.append(ServiceSpan(since, min([own, *ends]), fact.kind))
    return found


def times_out(facts: Sequence[ServiceFact], kinds: Mapping[str, ServiceKind]) -> Spans:
    """Return when one person is out of service, as days from and to."""
    return _together(facts, kinds, lambda kind: not kind.in_service)


def pauses(facts: Sequence[ServiceFact], kinds: Mapping[str, ServiceKind]) -> Spans:
    """Return when the clocks of one person rest, as days from and to."""
    return _together(facts, kinds, lambda kind: kind.pauses_clocks)


def _lasts(fact: ServiceFact, kinds: Mapping[str, ServiceKind]) -> bool:
    """Return whether only a fact of being back ends it: nobody who retired is back by a leave."""
    return not kinds.get(fact.kind, PLAIN).in_service


def _together(
    facts: Sequence[ServiceFact],
    kinds: Mapping[str, ServiceKind],
    wanted: Callable[[ServiceKind], bool],
) -> Spans:
    found: list[tuple[int, int]] = []
    for since, until, kind in service_spans(facts, kinds):
        if since >= until or not wanted(kinds.get(kind, PLAIN)):
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)
