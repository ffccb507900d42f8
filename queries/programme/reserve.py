"""The reserve list on a day: who stands on it, and who is ready and might be put on.

A person puts on and takes off, each by a record; the list itself is never computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph import rules
from queries.programme.facts import Facts, ReserveEntry, runs
from queries.programme.stages import progress


@dataclass(frozen=True)
class ReserveMember:
    """Somebody on the reserve list: since and until when, and by which document."""

    person: str
    since: str
    until: str | None
    document: str | None


@dataclass(frozen=True)
class ProposedMember:
    """Somebody in the batch from which the list is filled, who is not on it: in which stage."""

    person: str
    stage: str | None
    since: date | None


@dataclass(frozen=True)
class ReserveDecision:
    """One decision on the list: who was put on or taken off, until when, by which document."""

    person: str
    on: str
    result: str
    until: str | None
    document: str | None


def reserve_list(facts: Facts) -> tuple[ReserveMember, ...]:
    """List who stands on the reserve list: put on, not taken off, not past its end, in service."""
    return tuple(facts.once(_members).values())


def reserve_member(facts: Facts, person: str) -> ReserveMember | None:
    """Return somebody's place on the reserve list; None for who is not on it."""
    return facts.once(_members).get(person)


def proposed(facts: Facts) -> tuple[ProposedMember, ...]:
    """List who is in the batch that the priority of the list names and is not on it."""
    uses = (each.rule.parameters for each in facts.programme.priorities)
    batches = {
        use.batch for use in uses if isinstance(use, rules.Prefer) and use.when == "reserve_list"
    }
    where = progress(facts)
    found = [
        ProposedMember(person, where[person].stage, where[person].since)
        for person in facts.trainees
        if where[person].batch in batches - {None} and reserve_member(facts, person) is None
    ]
    return tuple(sorted(found, key=lambda each: (each.since or date.max, each.person)))


def decisions(facts: Facts) -> tuple[ReserveDecision, ...]:
    """List the decisions on the list so far, the newest first."""
    found = [
        ReserveDecision(person, each.on, each.result, each.until, each.document)
        for person in facts.trainees
        for each in facts.reserve.get(person, ())
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.person), reverse=True))


def _members(facts: Facts) -> dict[str, ReserveMember]:
    found = {}
    for person in facts.trainees:
        last = _last(facts, person)
        if last is not None and runs(last.until, facts.day):
            found[person] = ReserveMember(person, last.on, last.until, last.document)
    return found


def _last(facts: Facts, person: str) -> ReserveEntry | None:
    """Return the record that put somebody on, unless a later one took them off."""
    listed = facts.programme.reserve
    if listed is None:
        return None
    decisions = (listed.put_on, listed.taken_off)
    # Of two records of a day the one that takes off holds.
    decided = sorted(
        (each for each in facts.reserve.get(person, ()) if each.result in decisions),
        key=lambda each: (each.on, each.result == listed.taken_off),
    )
    return decided[-1] if decided and decided[-1].result == listed.put_on else None
