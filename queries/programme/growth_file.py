"""How complete a growth file is: its parts as the programme names them, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graph import rules
from graph.errors import N_
from queries.programme.facts import Facts
from queries.sentences import Sentence, Term, say


class GrowthFilePart(NamedTuple):
    """One part of a file: how much of it is there, and what is not, in words."""

    key: str
    have: int
    want: int
    missing: tuple[Sentence, ...]


class Score(NamedTuple):
    """A file's completeness: the mean of its parts, in whole percent, rounded down."""

    person: str
    percent: int
    parts: tuple[GrowthFilePart, ...]


def scores(facts: Facts) -> dict[str, Score]:
    """Return the completeness of every trainee's file."""
    return facts.once(_scores)


def _scores(facts: Facts) -> dict[str, Score]:
    rules = [
        (part.key, _PARTS[part.rule.name], part.rule.parameters)
        for part in facts.programme.growth_file
    ]
    return {person: _score(facts, person, rules) for person in facts.trainees}


def _score(facts: Facts, person: str, rules: list[tuple[str, Any, Any]]) -> Score:
    """Score one file, part by part; without parts it is complete."""
    parts = []
    for key, judge, rule in rules:
        there, missing = judge(facts, person, rule)
        parts.append(GrowthFilePart(key, there, there + len(missing), tuple(missing)))
    full = sum(100 * part.have // part.want if part.want else 100 for part in parts)
    return Score(person, full // len(parts) if parts else 100, tuple(parts))


Found = tuple[int, list[Sentence]]

_FIELDS = {
    "cohort": N_("cohort"),
    "joined_on": N_("day of joining"),
    "born_on": N_("date of birth"),
    "native_place": N_("native place"),
    "education": N_("education"),
    "specialties": N_("specialties"),
    "status": N_("status"),
}


def _filled(facts: Facts, person: str, rule: rules.Filled) -> Found:
    who = facts.people[person]
    missing = [say(_FIELDS[name]) for name in rule.fields if not getattr(who, name)]
    return len(rule.fields) - len(missing), missing


def _holds_records(facts: Facts, person: str, rule: rules.HoldsRecords) -> Found:
    if not rule.each_year:
        missing = [
            say("%(kind)s", kind=Term("record_kinds", kind))
            for kind in rule.records
            if not facts.entries_of(person, kind)
        ]
        return len(rule.records) - len(missing), missing
    # The record of a year is written by the end of it or in the year after.
    joined = facts.people[person].joined_on
    years = range(int(joined[:4]), facts.on.year) if joined else range(0)
    there, missing = 0, []
    for kind in rule.records:
        written = sorted({int(entry.on[:4]) for entry in facts.entries_of(person, kind)})
        late = bool(written) and joined is not None and written[0] > int(joined[:4])
        for year in years:
            if (year + 1 if late else year) in written:
                there += 1
            else:
                values = {"kind": Term("record_kinds", kind), "year": year}
                missing.append(say(N_("%(kind)s for %(year)s"), **values))
    return there, missing


def _holds_attendance(facts: Facts, person: str, rule: rules.HoldsAttendance) -> Found:
    kinds = facts.programme.kinds_within(rule.kinds)
    if any(activity.kind in kinds for activity in facts.attended.get(person, ())):
        return 1, []
    asked = tuple(Term("activity_kinds_and_groups", kind) for kind in rule.kinds)
    return 0, [say("%(kinds)s", kinds=asked)]


def _holds_postings(facts: Facts, person: str, _: rules.HoldsPostings) -> Found:
    postings = facts.postings.get(person, ())
    if not postings:
        return 0, [say(N_("no posting"))]
    undated = [p for p in postings if not p.since]
    missing = [say(N_("first day of %(post)s"), post=facts.posts[p.post].name) for p in undated]
    return len(postings) - len(undated), missing


def _holds_mentoring(facts: Facts, person: str, rule: rules.HoldsMentoring) -> Found:
    had = {pairing.kind for pairing in facts.pairings.get(person, ())}
    missing = [
        say("%(kind)s", kind=Term("mentoring_kinds", kind))
        for kind in rule.kinds
        if kind not in had
    ]
    return len(rule.kinds) - len(missing), missing


_PARTS: dict[str, Callable[[Facts, str, Any], Found]] = {
    "filled": _filled,
    "holds_records": _holds_records,
    "holds_attendance": _holds_attendance,
    "holds_postings": _holds_postings,
    "holds_mentoring": _holds_mentoring,
}
