"""What falls due for each trainee: talks and reports with their own periods, and requests.

A duty counts from its last record (or from joining, or from the stage that it belongs to): until
the next one falls due it is done, within the grace it is due, afterwards late. Days on which the
clocks of a person rest (leave, a suspension) are not counted; what was late before them stays late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

from graph.dates import add_days, months_between
from graph.errors import N_
from graph.programme import Duty, RequestTerm
from graph.rules import Answered, Every
from queries.personnel.spans import paused
from queries.programme.facts import Facts, as_day, months_after
from queries.programme.stages import in_stage, progress_of
from queries.sentences import Sentence, Term, say

State = Literal["done", "due", "late"]


class DutyStanding(NamedTuple):
    """How one duty stands for one person."""

    duty: str
    person: str
    last: date | None
    due: date
    late_from: date | None  # none: the clock rests within the days of grace
    state: State
    missed: int  # how many times it should have been done by the day


@dataclass(frozen=True)
class TraineeRequest:
    """A trainee's request: who owns it, by when, and when it was answered."""

    request: str
    person: str
    on: date
    owner: str | None
    due: date
    answered: date | None
    state: State


@dataclass(frozen=True)
class Receipts:
    """The yearly reports of one person: the days on which each level received one."""

    person: str
    year: int
    received: dict[str, tuple[date, ...]]  # by level
    missing: tuple[str, ...]


@dataclass(frozen=True)
class OwnReport:
    """How a unit keeps up with a report of its own: as its trainee reported on least lately."""

    duty: str
    last: date | None
    due: date
    state: State
    missing: tuple[str, ...]  # the trainees whose report is due or late


@dataclass(frozen=True)
class UnitStanding:
    """How the duties of a unit's trainees stand, and the reports that the unit itself owes."""

    unit: str | None
    done: int
    due: int
    late: int
    late_since: date | None  # the day on which the oldest late one was due
    late_duties: tuple[tuple[str, int], ...]  # how many of each, in the programme's order
    own: tuple[OwnReport, ...]  # of duties that the unit owns, in the programme's order


def duties(facts: Facts) -> list[DutyStanding]:
    """Judge every duty for every trainee it applies to, most urgent first."""
    return facts.once(_all_duties)


def by_unit(facts: Facts) -> list[UnitStanding]:
    """Return how each unit keeps up with the duties of its trainees, most late first."""
    groups: dict[str | None, list[DutyStanding]] = {}
    for each in duties(facts):
        groups.setdefault(facts.unit_of(each.person), []).append(each)
    found = [_unit_standing(facts, unit, group) for unit, group in groups.items()]
    return sorted(found, key=lambda each: (-each.late, -each.due, each.unit or ""))


def _unit_standing(facts: Facts, unit: str | None, group: list[DutyStanding]) -> UnitStanding:
    states = Counter(each.state for each in group)
    late = Counter(each.duty for each in group if each.state == "late")
    return UnitStanding(
        unit=unit,
        done=states["done"],
        due=states["due"],
        late=states["late"],
        late_since=min((each.due for each in group if each.state == "late"), default=None),
        late_duties=tuple(
            (duty.key, late[duty.key]) for duty in facts.programme.duties if late[duty.key]
        ),
        own=tuple(
            _own_report(duty, mine)
            for duty in facts.programme.duties
            if duty.rule.parameters.owner and (mine := [d for d in group if d.duty == duty.key])
        ),
    )


def _own_report(duty: Duty, mine: list[DutyStanding]) -> OwnReport:
    """Return how a unit's report stands: it is as late as the trainee whom it left out longest."""
    worst = min(mine, key=lambda each: (each.due, each.person))
    missing = tuple(sorted(each.person for each in mine if each.state != "done"))
    return OwnReport(duty.key, worst.last, worst.due, worst.state, missing)


def requests(facts: Facts) -> list[TraineeRequest]:
    """List what trainees have asked for, open ones first."""
    return facts.once(_all_requests)


def days_of(facts: Facts, record: str, level: str | None = None) -> dict[str, int]:
    """Count the records of a kind (and level) by day, for the calendar."""
    wanted = set(facts.trainees)
    return dict(
        Counter(
            entry.on
            for person, entries in facts.entries.items()
            if person in wanted
            for entry in entries
            if entry.kind == record and (level is None or entry.level == level)
        )
    )


def receipts(facts: Facts, record: str, levels: tuple[str, ...], year: int) -> list[Receipts]:
    """Return each trainee's receipts of a year's report, those with missing ones first."""
    found = []
    for person in facts.trainees:
        joined = facts.people[person].joined_on
        if joined and int(joined[:4]) > year:
            continue
        received: dict[str, list[date]] = {level: [] for level in levels}
        for entry in facts.entries_of(person, record):
            if entry.on[:4] == str(year) and entry.level in received:
                received[entry.level].append(as_day(entry.on))
        missing = tuple(level for level in levels if not received[level])
        days = {level: tuple(days) for level, days in received.items()}
        found.append(Receipts(person, year, days, missing))
    return sorted(found, key=lambda each: (-len(each.missing), each.person))


def duty_words(rule: Every) -> Sentence:
    """Return what a duty asks for."""
    length = (
        say(N_("%(months)s months"), months=rule.months)
        if rule.months
        else say(N_("%(days)s days"), days=rule.days)
    )
    record = Term("record_kinds", rule.record)
    if rule.level is None:
        sentence = say(N_("%(record)s every %(length)s"), record=record, length=length)
    else:
        sentence = say(
            N_("%(record)s (%(level)s) every %(length)s"),
            record=record,
            level=Term("levels", rule.level),
            length=length,
        )
    return say(
        N_("%(rule)s; late after %(days)s more days"), rule=sentence, days=rule.late_after_days
    )


def _all_duties(facts: Facts) -> list[DutyStanding]:
    found = chain.from_iterable(facts.of_each(_duties_of).values())
    order = {"late": 0, "due": 1, "done": 2}
    return sorted(found, key=lambda each: (order[each.state], each.due, each.person, each.duty))


def _duties_of(facts: Facts, person: str) -> tuple[DutyStanding, ...]:
    found = []
    for duty in facts.programme.duties:
        rule: Every = duty.rule.parameters
        if in_stage(facts, person, rule.while_):
            done = reversed(facts.entries_of(person, rule.record))  # the newest first
            last = next((e.on for e in done if rule.level in (None, e.level)), None)
            standing = _standing(facts, person, duty, rule, last)
            if standing:
                found.append(standing)
    return tuple(found)


def _standing(
    facts: Facts, person: str, duty: Duty, rule: Every, last_on: str | None
) -> DutyStanding | None:
    last = as_day(last_on) if last_on else None
    steps = progress_of(facts, person).history
    begins = [step.since for step in steps if not rule.while_ or step.stage in rule.while_][:1]
    bases = [day for day in (last, *begins) if day]
    if not bases:  # neither joined nor posted: nothing to count from
        return None
    base = max(bases)
    day = months_after(base, rule.months) if rule.months else add_days(base, rule.days or 0)
    due = facts.falls_on(person, base, day)
    if due is None:  # the clock rests, nobody knows until when
        return None
    late_from = facts.falls_on(person, due, add_days(due, rule.late_after_days + 1))
    is_late = late_from is not None and facts.on >= late_from
    state: State = "done" if facts.on < due else "late" if is_late else "due"
    missed = _missed(rule, due, add_days(facts.on, -paused(due, facts.on, facts.pauses(person))))
    return DutyStanding(duty.key, person, last, due, late_from, state, missed)


def _missed(rule: Every, due: date, on: date) -> int:
    if on < due:
        return 0
    if rule.months:
        return months_between(due, on) // rule.months + 1
    return (on - due).days // (rule.days or 1) + 1


def _all_requests(facts: Facts) -> list[TraineeRequest]:
    found = chain.from_iterable(facts.of_each(_requests_of).values())
    order = {"late": 0, "due": 1, "done": 2}
    return sorted(found, key=lambda each: (order[each.state], each.due, each.person))


def _requests_of(facts: Facts, person: str) -> tuple[TraineeRequest, ...]:
    return tuple(
        asked
        for request in facts.programme.requests
        for asked in _asked(facts, person, request, request.rule.parameters)
    )


def _asked(
    facts: Facts, person: str, request: RequestTerm, rule: Answered
) -> Iterator[TraineeRequest]:
    """Match each request with the first answer on or after its day, that answers no other one.

    An answer is one of the request's owner (any, where nobody owns it), or one marked as an answer:
    its result names the kind of the request.
    """
    asked = facts.entries_of(person, rule.record)
    answers = list(facts.entries_of(person, rule.by)) if asked else []
    for entry in asked:
        on = as_day(entry.on)
        owner = entry.level or rule.owner
        found = next(
            (
                each
                for each in answers
                if as_day(each.on) >= on
                and (owner is None or each.level == owner or each.result == rule.record)
            ),
            None,
        )
        if found:
            answers.remove(found)
        last_day = add_days(on, rule.within_days)
        due = facts.falls_on(person, on, last_day) or max(last_day, facts.on)
        state: State = "done" if found else "due" if facts.on <= due else "late"
        answered = as_day(found.on) if found else None
        yield TraineeRequest(request.key, person, on, owner, due, answered, state)
