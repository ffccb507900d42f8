"""The portrait of a trainee, axis by axis, and the key-focus list.

An axis is a count that the programme names, set against what it calls full; the count and its rule
are always shown beside it. There is no sum of the axes and no score of a person. The focus list
proposes whoever meets its rules; a person decides, and the decision is a record of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from graph import rules
from graph.errors import N_
from queries.programme.facts import Facts
from queries.programme.stages import Gate, gate_judge, progress, served_months
from queries.sentences import Sentence, Term, say

CONFIRMED, REMOVED = "confirmed", "removed"  # results of the record that decides


@dataclass(frozen=True)
class Axis:
    """One axis of a portrait: the figure, what is full, and the rule in words."""

    key: str
    figure: int
    full: int
    rule: Sentence

    @property
    def percent(self) -> int:
        """Return the figure as a share of what is full, at most 100."""
        return min(100, 100 * self.figure // self.full)


@dataclass(frozen=True)
class Focus:
    """One person and the key-focus list: which rules hold, and what was decided."""

    person: str
    rules: tuple[Gate, ...]
    meets: bool
    state: Literal["to confirm", "confirmed", "no longer meets", "removed"]
    decided_on: str | None


def portrait(facts: Facts, person: str) -> tuple[Axis, ...]:
    """Return the axes of one person's portrait."""
    axes = []
    for axis in facts.programme.portrait:
        count, words = _AXES[axis.rule.name]
        rule = axis.rule.parameters
        axes.append(Axis(axis.key, count(facts, person, rule), rule.full, words(rule)))
    return tuple(axes)


def focus(facts: Facts) -> list[Focus]:
    """List who meets the rules of the key-focus list, and who stands on it by decision."""
    return facts.once(_focus)


def _focus(facts: Facts) -> list[Focus]:
    listed = facts.programme.focus
    if listed is None:
        return []
    found = []
    judges = [gate_judge(use) for use in listed.rules]
    for person in facts.trainees:
        history = progress(facts)[person].history
        gates = tuple(judge.gate(facts, person, history) for judge in judges)
        meets = bool(gates) and all(each.reached for each in gates)
        decisions = [
            entry
            for entry in facts.entries_of(person, listed.record)
            if entry.result in (CONFIRMED, REMOVED)
        ]
        last = decisions[-1] if decisions else None
        confirmed = last is not None and last.result == CONFIRMED
        if not meets and not confirmed:
            continue
        if confirmed:
            state: Any = "confirmed" if meets else "no longer meets"
        else:
            state = "removed" if last else "to confirm"
        found.append(Focus(person, gates, meets, state, last.on if last else None))
    order = {"to confirm": 0, "no longer meets": 1, "confirmed": 2, "removed": 3}
    return sorted(found, key=lambda each: (order[each.state], each.person))


# --- axes --------------------------------------------------------------------------------------


def _records(facts: Facts, person: str, rule: rules.RecordsCounted) -> int:
    first = rule.first_text(facts.on)
    return sum(
        entry.on >= first
        and (not rule.results or entry.result in rule.results)
        and (not rule.levels or entry.level in rule.levels)
        for entry in facts.entries_of(person, rule.record)
    )


def _attendances(facts: Facts, person: str, rule: rules.AttendanceCounted) -> int:
    first, kinds = rule.first_text(facts.on), facts.programme.kinds_within(rule.kinds)
    return sum(
        activity.kind in kinds and (activity.held_on or "") >= first
        for activity in facts.attended.get(person, ())
    )


def _kinds_served(facts: Facts, person: str, rule: rules.KindsServed) -> int:
    had = {posting.kind for posting in facts.postings.get(person, ())}
    return sum(kind in had for kind in rule.kinds)


def _months_served(facts: Facts, person: str, rule: rules.MonthsServed) -> int:
    return served_months(facts, person, rule.kinds)


def _file_complete(facts: Facts, person: str, rule: rules.FileComplete) -> int:
    return sum(bool(facts.entries_of(person, kind)) for kind in rule.records)


def _records_words(rule: rules.RecordsCounted) -> Sentence:
    results = tuple(Term("results", each) for each in rule.results)
    levels = tuple(Term("levels", each) for each in rule.levels)
    what: Sentence | Term = Term("record_kinds", rule.record)
    if results or levels:
        what = say(N_("%(record)s (%(which)s)"), record=what, which=results + levels)
    return _in_window(what, rule, rule.full)


def _in_window(what: object, rule: rules.Window, full: int) -> Sentence:
    if rule.months:
        return say(
            N_("%(what)s in the last %(months)s months; full at %(full)s"),
            what=what,
            months=rule.months,
            full=full,
        )
    if rule.since:
        return say(
            N_("%(what)s since %(day)s; full at %(full)s"), what=what, day=rule.since, full=full
        )
    return say(N_("%(what)s so far; full at %(full)s"), what=what, full=full)


def _activities_words(rule: rules.AttendanceCounted) -> Sentence:
    asked = tuple(Term("activity_kinds_and_groups", kind) for kind in rule.kinds)
    kinds = say("%(kinds)s", kinds=asked)
    return _in_window(kinds, rule, rule.full)


def _kinds_words(rule: rules.KindsServed) -> Sentence:
    kinds = tuple(Term("rotation_kinds", kind) for kind in rule.kinds)
    return say(N_("kinds begun out of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full)


def _months_words(rule: rules.MonthsServed) -> Sentence:
    kinds = tuple(Term("rotation_kinds", kind) for kind in rule.kinds)
    return say(N_("months of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full)


def _file_words(rule: rules.FileComplete) -> Sentence:
    kinds = tuple(Term("record_kinds", kind) for kind in rule.records)
    return say(
        N_("kinds of record held out of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full
    )


Count = Callable[[Facts, str, Any], int]
Words = Callable[[Any], Sentence]

_AXES: dict[str, tuple[Count, Words]] = {
    "records": (_records, _records_words),
    "attendances": (_attendances, _activities_words),
    "kinds_served": (_kinds_served, _kinds_words),
    "months_served": (_months_served, _months_words),
    "file_complete": (_file_complete, _file_words),
}
