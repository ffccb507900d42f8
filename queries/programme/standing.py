"""Where one trainee stands in the programme on a day.

It is left out where the data are so large that a page would wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.people_count import people_count
from queries.programme import audit as audits
from queries.programme import duties, mentoring
from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from queries.programme.stages import progress
from queries.scope import Scope
from queries.sentences import Sentence, SentenceText
from queries.stored_programme import stored_programme

MOST_PEOPLE = 20_000


@dataclass(frozen=True)
class OpenGate:
    """A rule that must hold before the next stage, and its day where it is known."""

    rule: Sentence
    on: date | None
    reached: bool
    earliest: date | None
    note: Sentence | None  # between which days, where dates are not known to the day


@dataclass(frozen=True)
class MentorNeed:
    """Mentors of one kind: how many are asked for, who they are, since when some are missing."""

    kind: str
    wanted: int
    missing: int
    missing_since: date | None
    mentors: tuple[str, ...]  # ids
    not_in_post: tuple[str, ...] = ()  # ids of those who are to hand over


@dataclass(frozen=True)
class OpenDuty:
    """A talk or report that is due or late."""

    duty: str
    state: duties.State
    due: date
    last: date | None


class GateDict(TypedDict):
    """A rule that must hold before the next stage, in words."""

    rule: str
    on: str | None
    reached: bool
    earliest: str | None
    note: str | None


class StandingDict(TypedDict):
    """Where one trainee stands, as plain values."""

    stage: str | None
    since: str | None
    months: int | None
    next_stage: str | None
    next_on: str | None
    next_earliest: str | None
    deadline: str | None
    gates: list[GateDict]
    mentors: list[Annotated[Row, FieldsOf(MentorNeed)]]
    duties: list[Annotated[Row, FieldsOf(OpenDuty)]]
    counts: dict[str, int]


@dataclass(frozen=True)
class TraineeStanding:
    """Where one trainee stands: stage and gates, mentors, open duties, findings by level."""

    stage: str | None
    since: date | None
    months: int | None
    next_stage: str | None
    next_on: date | None
    next_earliest: date | None
    deadline: date | None  # the last day in the stage
    gates: tuple[OpenGate, ...]
    mentors: tuple[MentorNeed, ...]
    duties: tuple[OpenDuty, ...]
    counts: dict[str, int]  # of findings by level

    @property
    def mentors_light(self) -> audits.Level | None:
        """Return the light of the mentors; None where all are there and in their posts."""
        if any(need.missing for need in self.mentors):
            return "red"
        return "yellow" if any(need.not_in_post for need in self.mentors) else None

    @property
    def wanted(self) -> int:
        """Return how many mentors the stage asks for."""
        return sum(need.wanted for need in self.mentors)

    @property
    def have(self) -> int:
        """Return how many of them there are."""
        return sum(need.wanted - need.missing for need in self.mentors)

    def as_dict(self, text: SentenceText = str) -> StandingDict:
        """Return it as plain values; `text` says the rules of the gates."""
        return {
            "stage": self.stage,
            "since": _day(self.since),
            "months": self.months,
            "next_stage": self.next_stage,
            "next_on": _day(self.next_on),
            "next_earliest": _day(self.next_earliest),
            "deadline": _day(self.deadline),
            "gates": [
                {
                    "rule": text(gate.rule),
                    "on": _day(gate.on),
                    "reached": gate.reached,
                    "earliest": _day(gate.earliest),
                    "note": text(gate.note) if gate.note else None,
                }
                for gate in self.gates
            ],
            "mentors": [
                {
                    "kind": need.kind,
                    "wanted": need.wanted,
                    "missing": need.missing,
                    "missing_since": _day(need.missing_since),
                    "mentors": list(need.mentors),
                    "not_in_post": list(need.not_in_post),
                }
                for need in self.mentors
            ],
            "duties": [
                {
                    "duty": each.duty,
                    "state": each.state,
                    "due": _day(each.due),
                    "last": _day(each.last),
                }
                for each in self.duties
            ],
            "counts": dict(self.counts),
        }


def standing(store: Store, person: str, on: date) -> TraineeStanding | None:
    """Return where somebody stands; None for whoever is no trainee of the programme."""
    known = facts_of_few(store, on)
    if known is None or person not in known.trainees:
        return None
    where = progress(known)[person]
    found = audits.of_person(known, person)
    return TraineeStanding(
        where.stage,
        where.since,
        where.months,
        where.next_stage,
        where.next_on,
        where.next_earliest,
        where.deadline,
        tuple(OpenGate(*gate) for gate in where.gates),
        tuple(
            MentorNeed(
                light.kind,
                light.wanted,
                light.missing,
                light.missing_since,
                tuple(pairing.mentor for pairing in light.mentors),
                tuple(each.pairing.mentor for each in light.not_in_post),
            )
            for light in mentoring.lights(known)[person]
        ),
        tuple(
            OpenDuty(each.duty, each.state, each.due, each.last)
            for each in duties.duties(known)
            if each.person == person and each.state != "done"
        ),
        {level: sum(each.level == level for each in found) for level in audits.LEVELS},
    )


def facts_of_few(store: Store, on: date, scope: Scope | None = None) -> Facts | None:
    """Return the facts of a day, of a scope; None without stages, or where a page would wait."""
    if not stored_programme(store).stages:
        return None
    return facts_on(store, on, scope=scope) if is_soon_judged(store) else None


def is_soon_judged(store: Store) -> bool:
    """Return whether the people are so few that a first page may wait for all their facts."""
    return people_count(store) <= MOST_PEOPLE


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
