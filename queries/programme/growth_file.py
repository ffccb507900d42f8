"""How complete a growth file is: its parts as the programme names them, what each lacks by when.

A part is complete by its rule, never by one entry alone. What may still be written in time lowers
no figure: it is told with its last day, and is missing from the day after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from graph import file_rules
from graph.dates import add_days, last_day
from graph.errors import N_
from queries.programme.facts import Facts, months_after
from queries.programme.years import years_of, years_served
from queries.sentences import Sentence, Term, say


class Lacking(NamedTuple):
    """One thing that a file lacks, and the last day on which it is in time, where there is one."""

    words: Sentence
    due: date | None
    is_late: bool


class GrowthFilePart(NamedTuple):
    """One part of a file: how much of it is there, what is not, and its rule in words."""

    key: str
    have: int
    want: int
    missing: tuple[Sentence, ...]  # what is no longer in time
    lacks: tuple[Lacking, ...]  # that, and what may still be written in time
    rule: Sentence


class Score(NamedTuple):
    """A file's completeness: the mean of its parts, in whole percent, rounded down."""

    person: str
    percent: int
    parts: tuple[GrowthFilePart, ...]

    @property
    def is_complete(self) -> bool:
        """Return whether every part holds all that its rule asks for by the day."""
        return all(part.have >= part.want for part in self.parts)


def scores(facts: Facts) -> dict[str, Score]:
    """Return the completeness of every trainee's file."""
    return facts.once(_scores)


def rule_in_words(use: file_rules.FileRule) -> Sentence:
    """Return what the rule of a part asks for."""
    return _PARTS[use.name][1](use.parameters)


def _scores(facts: Facts) -> dict[str, Score]:
    return facts.of_each(_score)


def _asked(facts: Facts) -> tuple[tuple[str, Judge, Any, Sentence], ...]:
    return tuple(
        (part.key, _PARTS[part.rule.name][0], part.rule.parameters, rule_in_words(part.rule))
        for part in facts.programme.growth_file
    )


def _score(facts: Facts, person: str) -> Score:
    """Score one file, part by part; without parts it is complete."""
    parts = []
    for key, judge, rule, words in facts.once(_asked):
        there, lacks = judge(facts, person, rule)
        missing = tuple(each.words for each in lacks if each.is_late)
        part = GrowthFilePart(key, there, there + len(missing), missing, tuple(lacks), words)
        parts.append(part)
    full = sum(100 * part.have // part.want if part.want else 100 for part in parts)
    return Score(person, full // len(parts) if parts else 100, tuple(parts))


Found = tuple[int, list[Lacking]]

_FIELDS = {
    "cohort": N_("cohort"),
    "joined_on": N_("day of joining"),
    "born_on": N_("date of birth"),
    "native_place": N_("native place"),
    "education": N_("education"),
    "specialties": N_("specialties"),
    "status": N_("status"),
}


def _now(words: Sentence) -> Lacking:
    """Return what should be there at any time."""
    return Lacking(words, None, is_late=True)


# Few different ones stand for very many: very many files lack the same.


@lru_cache(maxsize=1 << 10)
def _no_field(name: str) -> Lacking:
    return _now(say(_FIELDS[name]))


@lru_cache(maxsize=1 << 10)
def _none_of_kind(terms: str, kind: str) -> Lacking:
    return _now(say("%(kind)s", kind=Term(terms, kind)))


def _filled(facts: Facts, person: str, rule: file_rules.Filled) -> Found:
    who = facts.people[person]
    missing = [_no_field(name) for name in rule.fields if not getattr(who, name)]
    return len(rule.fields) - len(missing), missing


def _holds_records(facts: Facts, person: str, rule: file_rules.HoldsRecords) -> Found:
    if not rule.each_year:
        missing = [
            _none_of_kind("record_kinds", kind)
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
                words = say(N_("%(what)s for %(year)s"), what=Term("record_kinds", kind), year=year)
                missing.append(Lacking(words, date(year, 12, 31), is_late=True))
    return there, missing


def _each_year(facts: Facts, person: str, rule: file_rules.EachYear) -> Found:
    years = years_served(facts, person, rule)
    if years is None:
        return 0, [_now(say(N_("day of joining: without it no year can be asked for")))]
    there, lacks = 0, []
    for level in rule.levels or (None,):
        written = years_of(facts.entries_of(person, rule.record), level, rule.months_after)
        for year in years:
            have = written.sure.get(year, 0)
            if have >= rule.at_least:
                there += 1
                continue
            due = add_days(months_after(date(year, 1, 1), 12 + rule.months_after), -1)
            unsure = written.unsure.get(year)
            words = _of_year(rule.record, rule.at_least, level, year, have, unsure)
            lacks.append(Lacking(words, due, facts.on > due))
    return there, lacks


@lru_cache(maxsize=1 << 14)
def _of_year(
    record: str, at_least: int, level: str | None, year: int, have: int, unsure: str | None
) -> Sentence:
    """Say what of a year is not there, and which record may be it once its day is entered."""
    what: Sentence | Term = Term("record_kinds", record)
    if level:
        what = say(N_("%(record)s (%(which)s)"), record=what, which=Term("levels", level))
    if at_least == 1:
        words = say(N_("%(what)s for %(year)s"), what=what, year=year)
    else:
        template = N_("%(what)s for %(year)s: %(have)s of %(want)s")
        words = say(template, what=what, year=year, have=have, want=at_least)
    if unsure is None:
        return words
    return say(N_("%(missing)s (the one dated %(day)s may be it)"), missing=words, day=unsure)


def _kinds_within(facts: Facts) -> dict[tuple[str, ...], frozenset[str]]:
    """Return the kinds of activity that the parts of a file name, groups as what is in them."""
    named = (part.rule.parameters for part in facts.programme.growth_file)
    rules = (rule for rule in named if isinstance(rule, file_rules.HoldsAttendance))
    within = facts.programme.kinds_within
    return {rule.kinds: frozenset(within(rule.kinds)) for rule in rules}


def _holds_attendance(facts: Facts, person: str, rule: file_rules.HoldsAttendance) -> Found:
    kinds = facts.once(_kinds_within)[rule.kinds]
    if any(activity.kind in kinds for activity in facts.attended.get(person, ())):
        return 1, []
    asked = tuple(Term("activity_kinds_and_groups", kind) for kind in rule.kinds)
    joined = facts.people[person].joined_on
    words = say("%(kinds)s", kinds=asked)
    if rule.within_months is None or joined is None:
        return 0, [_now(words)]
    due = months_after(last_day(joined), rule.within_months)
    return 0, [Lacking(words, due, facts.on > due)]


def _holds_postings(facts: Facts, person: str, _: file_rules.HoldsPostings) -> Found:
    postings = facts.postings.get(person, ())
    if not postings:
        return 0, [_now(say(N_("no posting")))]
    undated = [p for p in postings if not p.since]
    missing = [
        _now(say(N_("first day of %(post)s"), post=facts.posts[p.post].name)) for p in undated
    ]
    return len(postings) - len(undated), missing


def _holds_mentoring(facts: Facts, person: str, rule: file_rules.HoldsMentoring) -> Found:
    had = {pairing.kind for pairing in facts.pairings.get(person, ())}
    missing = [_none_of_kind("mentoring_kinds", kind) for kind in rule.kinds if kind not in had]
    return len(rule.kinds) - len(missing), missing


# --- rules in words ----------------------------------------------------------------------------


def _filled_words(rule: file_rules.Filled) -> Sentence:
    parts = {f"field{at}": say(_FIELDS[name]) for at, name in enumerate(rule.fields)}
    listed = say(" · ".join(f"%({name})s" for name in parts), **parts)
    return say(N_("known of the person: %(fields)s"), fields=listed)


def _records_words(rule: file_rules.HoldsRecords) -> Sentence:
    kinds = tuple(Term("record_kinds", kind) for kind in rule.records)
    if rule.each_year:
        return say(N_("for each year since joining: %(kinds)s"), kinds=kinds)
    return say(N_("at least one of each: %(kinds)s"), kinds=kinds)


def _each_year_words(rule: file_rules.EachYear) -> Sentence:
    parts = list(_each_year_parts(rule))
    named = {f"part{at}": part for at, part in enumerate(parts)}
    return say(" · ".join(f"%({name})s" for name in named), **named)


def _each_year_parts(rule: file_rules.EachYear) -> Iterator[Sentence]:
    record = Term("record_kinds", rule.record)
    which = N_("%(record)s for each full year of service: at least %(n)s")
    if not rule.full_years:
        which = N_("%(record)s for each year of service: at least %(n)s")
    yield say(which, record=record, n=rule.at_least)
    if rule.levels:
        yield say(N_("of each level: %(levels)s"), levels=_terms("levels", rule.levels))
    if rule.since is not None:
        yield say(N_("from %(year)s on"), year=rule.since)
    if rule.while_:
        yield say(N_("in the stages: %(stages)s"), stages=_terms("stages", rule.while_))
    if rule.months_after:
        yield say(N_("written until %(months)s months after the year"), months=rule.months_after)


def _terms(terms: str, keys: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(Term(terms, key) for key in keys)


def _attendance_words(rule: file_rules.HoldsAttendance) -> Sentence:
    kinds = _terms("activity_kinds", rule.kinds)
    if rule.within_months is None:
        return say(N_("attended at least one of: %(kinds)s"), kinds=kinds)
    return say(
        N_("attended within %(months)s months of joining at least one of: %(kinds)s"),
        months=rule.within_months,
        kinds=kinds,
    )


def _postings_words(_: file_rules.HoldsPostings) -> Sentence:
    return say(N_("a posting, and the first day of each"))


def _mentoring_words(rule: file_rules.HoldsMentoring) -> Sentence:
    kinds = _terms("mentoring_kinds", rule.kinds)
    return say(N_("there was a {mentor} of each kind: %(kinds)s"), kinds=kinds)


Judge = Callable[[Facts, str, Any], Found]
Words = Callable[[Any], Sentence]

_PARTS: dict[str, tuple[Judge, Words]] = {
    "filled": (_filled, _filled_words),
    "holds_records": (_holds_records, _records_words),
    "each_year": (_each_year, _each_year_words),
    "holds_attendance": (_holds_attendance, _attendance_words),
    "holds_postings": (_holds_postings, _postings_words),
    "holds_mentoring": (_holds_mentoring, _mentoring_words),
}
