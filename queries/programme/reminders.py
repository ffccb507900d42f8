"""Whom to remind of what: one message for each who holds talks, answers requests, settles problems.

Nothing is sent from here. Who holds a talk is the trainee's mentor of the kind that the duty names
(`held_by`), else the level that it belongs to, at the trainee's unit where it is not the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.dates import add_days
from queries.programme.facts import Facts
from queries.programme.todo import Item, ThingToDo, things, worded
from queries.sentences import Sentence

KINDS = ("duty", "request", "problem")


@dataclass(frozen=True)
class Reminded:
    """One thing that somebody is reminded of."""

    person: str
    what: Sentence
    due: date | None
    days_late: int
    times: int


@dataclass(frozen=True)
class Reminder:
    """What one talker is reminded of: a person, or a level (of a unit)."""

    talker: str  # a name, empty for a level
    mentor: str | None  # the id of the talker, where it is a person on file
    unit: str | None
    level: str | None
    things: tuple[Reminded, ...]  # the most pressing first


def reminders(facts: Facts, days: int = 7) -> list[Reminder]:
    """List whom to remind, those with the latest thing first."""
    talks = {r.rule.parameters.by for r in facts.programme.requests}
    rules = {d.key: d.rule.parameters for d in facts.programme.duties}
    if not talks:  # without requests a talk is a record that a level other than the unit holds
        talks = {rule.record for rule in rules.values() if rule.level and not rule.owner}
    until = add_days(facts.on, days)
    found: dict[tuple[str, str | None, str | None, str | None], list[ThingToDo]] = {}
    for item in things(facts, days):
        if item.kind not in KINDS or (item.kind == "duty" and rules[item.part or ""].owner):
            continue
        if item.kind == "duty" and rules[item.part or ""].record not in talks:
            continue
        if item.when == "undated" or (item.due and item.due <= until):
            found.setdefault(_talker(facts, item), []).append(item)
    made = [
        Reminder(*who, tuple(map(_reminded, worded(facts, mine)))) for who, mine in found.items()
    ]
    return sorted(made, key=lambda r: (-max(t.days_late for t in r.things), r.talker, r.unit or ""))


def _reminded(item: Item) -> Reminded:
    return Reminded(item.person, item.words, item.due, item.days_late, item.times)


def _talker(facts: Facts, item: ThingToDo) -> tuple[str, str | None, str | None, str | None]:
    if item.kind == "problem":
        found = next(p for p in facts.problems[item.person] if p.record == item.part)
        if found.solver:
            return facts.name(found.solver), item.mentor, None, None
    if item.kind == "duty":
        held_by = next(d for d in facts.programme.duties if d.key == item.part).rule.parameters
        for pair in facts.mentors_now(item.person) if held_by.held_by else ():
            if pair.kind == held_by.held_by:
                return facts.name(pair.mentor), pair.mentor, None, None
    first = facts.programme.levels[0].key if facts.programme.levels else ""
    unit = None if item.role == first else facts.unit_of(item.person)
    return "", None, unit, item.role
