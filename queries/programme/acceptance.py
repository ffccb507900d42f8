"""Pairs that wait to be accepted by one of the two, and what both noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.store import Reader
from queries.programme.facts import Facts, Pairing

Side = Literal["mentor", "trainee"]

NOTES = """
MATCH (:Person)-[r:MENTORS]->(:Person)
WHERE r.id IN $pairs AND (r.mentor_note IS NOT NULL OR r.trainee_note IS NOT NULL)
RETURN r.id AS pair, r.mentor_note AS mentor_note, r.trainee_note AS trainee_note
ORDER BY pair
"""


@dataclass(frozen=True)
class WaitingPair:
    """A running pair that is not accepted yet, and by whom."""

    pairing: Pairing
    waits_for: tuple[Side, ...]


@dataclass(frozen=True)
class PairNotes:
    """What both sides of a pair noted."""

    pair: str
    mentor_note: str | None
    trainee_note: str | None


def waiting_pairs(facts: Facts) -> list[WaitingPair]:
    """List running pairs that one side has not accepted, the oldest first.

    Only those of kinds that the programme wants accepted by both.
    """
    kinds = {each.key for each in facts.programme.mentoring_kinds if each.both_accept}
    found = [
        WaitingPair(pairing, sides)
        for trainee in facts.trainees
        for pairing in facts.mentors_now(trainee)
        if pairing.kind in kinds and (sides := waits_for(pairing))
    ]
    return sorted(found, key=lambda each: (each.pairing.since or "", each.pairing.id))


def waits_for(pairing: Pairing) -> tuple[Side, ...]:
    """Return which side has not accepted a pair."""
    sides: tuple[tuple[Side, str | None], ...] = (
        ("mentor", pairing.mentor_accepted_on),
        ("trainee", pairing.trainee_accepted_on),
    )
    return tuple(side for side, day in sides if day is None)


def pair_notes(store: Reader, pairs: Sequence[str]) -> list[PairNotes]:
    """Read what was noted about some pairs; those without a note are left out."""
    rows = store.read(NOTES, pairs=list(pairs)) if pairs else []
    return [PairNotes(row["pair"], row["mentor_note"], row["trainee_note"]) for row in rows]
