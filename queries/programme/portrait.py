"""The portrait of a trainee, axis by axis: what is known, by whom, when, and what is not.

An axis is a conclusion or a count that the programme names, set against what it calls full; the
records it stands on and its rule are always shown beside it. Where nothing is on file, or what is
there contradicts itself, the axis says so and has no figure. There is no sum of the axes and no
score of a person. Who judged beside the organisation (民主测评, 群众评价) stands beside the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from graph import file_rules, rules
from graph.dates import first_day, last_day
from graph.errors import N_
from queries.programme.facts import Facts
from queries.programme.own_records import OwnRecord
from queries.programme.stages import served_months
from queries.sentences import Sentence, Term, say

AxisState = Literal["known", "unknown", "doubtful"]


class AxisFact(NamedTuple):
    """One record, activity or posting that an axis stands on: when, what, how judged, by whom."""

    on: str | None
    what: Sentence
    level: str | None = None
    result: str | None = None
    given_by: str | None = None  # an id, a name, or any text
    document: str | None = None
    record: str | None = None  # its id, where it is a record


class BesideAxis(NamedTuple):
    """What others than the organisation said: the last conclusion of a kind, or that none is."""

    kind: str
    state: AxisState
    meaning: Sentence
    facts: tuple[AxisFact, ...]


@dataclass(frozen=True)
class Axis:
    """One axis of a portrait: the figure, what is full, the rule, and what it stands on."""

    key: str
    figure: int
    full: int
    rule: Sentence
    state: AxisState
    meaning: Sentence
    facts: tuple[AxisFact, ...]
    beside: tuple[BesideAxis, ...] = ()

    @property
    def percent(self) -> int:
        """Return the figure as a share of what is full, at most 100."""
        return min(100, 100 * self.figure // self.full)


class AxisReading(NamedTuple):
    """What an axis comes to: its figure, whether that is known, in words, and what it stands on."""

    figure: int
    state: AxisState
    meaning: Sentence
    facts: tuple[AxisFact, ...]


class Ground(NamedTuple):
    """What a portrait is drawn from: the facts of the day, and all records of one person."""

    facts: Facts
    person: str
    records: Sequence[OwnRecord]


def portrait(facts: Facts, person: str, records: Sequence[OwnRecord]) -> tuple[Axis, ...]:
    """Return the axes of one person's portrait; `records` are all of theirs by the day."""
    ground = Ground(facts, person, records)
    return tuple(_axis(ground, each.key, each.rule) for each in facts.programme.portrait)


def axis_words(use: file_rules.AxisRule) -> Sentence:
    """Return what the rule of an axis counts, and when it is full."""
    return _AXES[use.name][1](use.parameters)


def _axis(ground: Ground, key: str, use: file_rules.AxisRule) -> Axis:
    judge, rule = _AXES[use.name][0], use.parameters
    beside = rule.beside if isinstance(rule, file_rules.Assessed) else ()
    found = judge(ground, rule)
    others = tuple(_beside(ground, kind, rule.months) for kind in beside)
    return Axis(key, found.figure, rule.full, axis_words(use), *found[1:], others)


# --- conclusions -------------------------------------------------------------------------------


def _assessed(ground: Ground, rule: file_rules.Assessed) -> AxisReading:
    state, meaning, last = _last_conclusion(ground, rule.record, rule.months)
    shown = tuple(_of_record(each) for each in last)
    if state != "known":
        return AxisReading(0, state, meaning, shown)
    if last[0].result not in rule.scale:
        words = say(
            N_("The last one, of %(day)s, gives no conclusion on the scale: it is not counted."),
            day=last[0].on,
        )
        return AxisReading(0, "unknown", words, shown)
    return AxisReading(rule.scale.index(last[0].result) + 1, "known", meaning, shown)


def _beside(ground: Ground, kind: str, months: int) -> BesideAxis:
    state, meaning, last = _last_conclusion(ground, kind, months)
    return BesideAxis(kind, state, meaning, tuple(_of_record(each) for each in last))


def _last_conclusion(
    ground: Ground, kind: str, months: int
) -> tuple[AxisState, Sentence, tuple[OwnRecord, ...]]:
    """Return what the last record of a kind concludes, or why nothing can be told."""
    mine = [each for each in ground.records if each.kind == kind]
    if not mine:
        words = N_("No such record is on file: not judged yet, which says nothing against anybody.")
        return "unknown", say(words), ()
    first = rules.Window(months=months).first_text(ground.facts.on)
    last = max(mine, key=lambda each: (first_day(each.on), each.id))
    if last.on < first:
        words = N_("The last one is of %(day)s, more than %(months)s months ago: judge anew.")
        return "unknown", say(words, day=last.on, months=months), (last,)
    # What is dated to a year or a month may be later than what is dated to a day.
    begin = first_day(last.on)
    those = tuple(each for each in reversed(mine) if last_day(each.on) >= begin)
    if len({each.result for each in those}) > 1:
        words = N_("The last conclusions differ (%(results)s): ask which one holds.")
        results = tuple(Term("results", each.result) for each in those)
        return "doubtful", say(words, results=results), those
    result = Term("results", last.result)
    if last.given_by is None:
        words = N_("%(result)s on %(day)s; who judged is not on file.")
        return "known", say(words, result=result, day=last.on), those
    words = N_("%(result)s on %(day)s, judged by %(who)s.")
    who = ground.facts.name(last.given_by)
    return "known", say(words, result=result, day=last.on, who=who), those


def _of_record(each: OwnRecord) -> AxisFact:
    return AxisFact(
        each.on,
        say("%(kind)s", kind=Term("record_kinds", each.kind)),
        each.level,
        each.result,
        each.given_by,
        each.document,
        each.id,
    )


# --- counts ------------------------------------------------------------------------------------


def _counted(figure: int, shown: Sequence[AxisFact]) -> AxisReading:
    """Say what was counted; nothing on file is not the same as nothing done."""
    if not shown:
        words = N_("None is on file: what is not entered is not counted.")
        return AxisReading(figure, "unknown", say(words), ())
    days = [each.on for each in shown if each.on]
    if not days:
        return AxisReading(figure, "known", say(N_("Counted, without a day.")), tuple(shown))
    words = N_("Counted: %(n)s, the last of %(day)s.")
    return AxisReading(figure, "known", say(words, n=figure, day=max(days)), tuple(shown))


def _records(ground: Ground, rule: file_rules.RecordsCounted) -> AxisReading:
    first = rule.first_text(ground.facts.on)
    shown = [
        _of_record(each)
        for each in ground.records
        if each.kind == rule.record
        and each.on >= first
        and (not rule.results or each.result in rule.results)
        and (not rule.levels or each.level in rule.levels)
    ]
    return _counted(len(shown), shown)


def _attendances(ground: Ground, rule: file_rules.AttendanceCounted) -> AxisReading:
    first = rule.first_text(ground.facts.on)
    kinds = ground.facts.programme.kinds_within(rule.kinds)
    shown = [
        AxisFact(activity.held_on, say("%(name)s", name=activity.name))
        for activity in ground.facts.attended.get(ground.person, ())
        if activity.kind in kinds and (activity.held_on or "") >= first
    ]
    return _counted(len(shown), shown)


def _kinds_served(ground: Ground, rule: file_rules.KindsServed) -> AxisReading:
    shown = _postings(ground, rule.kinds)
    had = {posting.kind for posting in ground.facts.postings.get(ground.person, ())}
    return _counted(sum(kind in had for kind in rule.kinds), shown)


def _months_served(ground: Ground, rule: file_rules.MonthsServed) -> AxisReading:
    months = served_months(ground.facts, ground.person, rule.kinds)
    return _counted(months, _postings(ground, rule.kinds))


def _postings(ground: Ground, kinds: Sequence[str]) -> list[AxisFact]:
    facts = ground.facts
    return [
        AxisFact(
            each.since,
            say(
                "%(kind)s %(post)s",
                kind=Term("rotation_kinds", each.kind),
                post=facts.posts[each.post].name,
            ),
        )
        for each in facts.postings.get(ground.person, ())
        if each.kind in kinds
    ]


def _file_complete(ground: Ground, rule: file_rules.FileComplete) -> AxisReading:
    last = {each.kind: each for each in ground.records if each.kind in rule.records}
    return _counted(len(last), [_of_record(last[kind]) for kind in rule.records if kind in last])


# --- rules in words ----------------------------------------------------------------------------


def _assessed_words(rule: file_rules.Assessed) -> Sentence:
    return say(
        N_("last conclusion of: %(record)s in the last %(months)s months; from worst: %(scale)s"),
        record=Term("record_kinds", rule.record),
        months=rule.months,
        scale=tuple(Term("results", each) for each in rule.scale),
    )


def _records_words(rule: file_rules.RecordsCounted) -> Sentence:
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


def _activities_words(rule: file_rules.AttendanceCounted) -> Sentence:
    asked = tuple(Term("activity_kinds_and_groups", kind) for kind in rule.kinds)
    kinds = say("%(kinds)s", kinds=asked)
    return _in_window(kinds, rule, rule.full)


def _kinds_words(rule: file_rules.KindsServed) -> Sentence:
    kinds = tuple(Term("rotation_kinds", kind) for kind in rule.kinds)
    return say(N_("kinds begun out of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full)


def _months_words(rule: file_rules.MonthsServed) -> Sentence:
    kinds = tuple(Term("rotation_kinds", kind) for kind in rule.kinds)
    return say(N_("months of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full)


def _file_words(rule: file_rules.FileComplete) -> Sentence:
    kinds = tuple(Term("record_kinds", kind) for kind in rule.records)
    return say(
        N_("kinds of record held out of: %(kinds)s; full at %(full)s"), kinds=kinds, full=rule.full
    )


Judge = Callable[[Ground, Any], AxisReading]
Words = Callable[[Any], Sentence]

_AXES: dict[str, tuple[Judge, Words]] = {
    "assessed": (_assessed, _assessed_words),
    "records": (_records, _records_words),
    "attendances": (_attendances, _activities_words),
    "kinds_served": (_kinds_served, _kinds_words),
    "months_served": (_months_served, _months_words),
    "file_complete": (_file_complete, _file_words),
}
