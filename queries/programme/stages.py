"""Where each trainee stands in the programme's stages, since when, and what opens the next gate.

A stage ends on the day on which the last of its gates holds; a stage whose gates held before it
began is passed on the same day. Every rule of a gate answers with one day: in the past when it is
reached, in the future when it will be if all goes on as it runs, or none when something that it
needs has not begun. Where a date is known to the month or the year only, a time is full on the last
day that it can mean, and the first one is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from graph import rules
from graph.dates import coarsest, first_day, last_day, months_between
from graph.errors import N_
from graph.programme import Stage
from queries.personnel import Posting
from queries.personnel.spans import Period, reached, served
from queries.programme.facts import Facts, as_day, months_after
from queries.sentences import Sentence, Term, say

BATCHES = ("train", "mature", "use")

Words = Callable[[Any], Sentence]


class Gate(NamedTuple):
    """One rule that must hold to leave a stage, and its day."""

    rule: Sentence
    on: date | None  # when it was or will be reached; none: something has to begin first
    reached: bool
    earliest: date | None = None  # another day, where dates are not known to the day
    note: Sentence | None = None  # between which days then, and why


class StagePeriod(NamedTuple):
    """A stage that a person went through."""

    stage: str
    since: date
    until: date | None


# The last argument: whether times are taken as short as their dates allow, else as long.
Judge = Callable[[Facts, str, Any, Sequence[StagePeriod], bool], date | None]


class StageProgress(NamedTuple):
    """Where one person stands."""

    person: str
    stage: str | None
    batch: str | None
    since: date | None
    months: int | None
    gates: tuple[Gate, ...]  # of the stage that the person is in
    next_stage: str | None
    next_on: date | None  # when all gates are open, as far as the facts tell
    next_earliest: date | None  # the same, where dates are not known to the day, at the earliest
    deadline: date | None  # the last day in the stage; none: it has none, or the clock rests
    history: tuple[StagePeriod, ...]


def progress(facts: Facts) -> dict[str, StageProgress]:
    """Find the stage of every trainee."""
    return facts.once(_all_progress)


def progress_of(facts: Facts, person: str) -> StageProgress:
    """Find the stage of one person."""
    return facts.of_one(_progress, person)


def passed(facts: Facts, person: str, stage: str) -> bool:
    """Return whether a person has left a stage behind."""
    return passed_on(facts, person, stage) is not None


def passed_on(facts: Facts, person: str, stage: str) -> date | None:
    """Return the day on which a person left a stage."""
    return _left(progress_of(facts, person).history, stage)


def _left(history: Sequence[StagePeriod], stage: str) -> date | None:
    return next((step.until for step in history if step.stage == stage), None)


def in_stage(facts: Facts, person: str, stages: tuple[str, ...]) -> bool:
    """Return whether a person is in one of these stages; no stages mean any."""
    return not stages or progress_of(facts, person).stage in stages


# --- gates -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GateJudge:
    """A gate made ready to be judged for many people."""

    judge: Judge
    parameters: Any
    words: Sentence

    def gate(self, facts: Facts, person: str, history: Sequence[StagePeriod]) -> Gate:
        """Judge it for one person; `history` are the stages gone through as far as is known."""
        on = self.judge(facts, person, self.parameters, history, True)
        reached_ = on is not None and on <= facts.on
        known_to = facts.of_one(_rough, person)
        if known_to is None:
            return Gate(self.words, on, reached_, on)
        first = self.judge(facts, person, self.parameters, history, False)
        if first is None or first == on:
            return Gate(self.words, on, reached_, on)
        between = N_("between %(first)s and %(last)s: %(about)s")
        perhaps = N_("%(first)s at the earliest, perhaps never: %(about)s")
        note = say(between if on else perhaps, first=first, last=on, about=known_to)
        return Gate(self.words, on, reached_, first, note)


def gate_judge(use: rules.GateRule) -> GateJudge:
    """Make a gate ready."""
    judge, words = _GATES[use.name]
    return GateJudge(judge, use.parameters, words(use.parameters))


def rule_words(use: rules.GateRule) -> Sentence:
    """Return what a gate asks for."""
    return _GATES[use.name][1](use.parameters)


def _rough(facts: Facts, person: str) -> tuple[Term, ...] | None:
    """Return how far a person's dates are known; None where all are known to the day."""
    postings = facts.postings.get(person, ())
    dates = {
        "joined_on": (facts.people[person].joined_on,),
        "posting_days": tuple(text for each in postings for text in (each.since, each.until)),
    }
    known_to = tuple(
        Term("rough_facts", f"{fact}/{coarsest(texts)}")
        for fact, texts in dates.items()
        if coarsest(texts)
    )
    return known_to or None


def served_months(
    facts: Facts, person: str, kinds: tuple[str, ...], unit_kinds: tuple[str, ...] = ()
) -> int:
    """Count the whole months served in actual rotations of some kinds, none of them twice."""
    spans = _spans(facts, person, kinds, unit_kinds, ())
    return served(spans, facts.on, facts.pauses(person))


def _since_joining(
    facts: Facts, person: str, rule: rules.SinceJoining, _: Sequence[StagePeriod], short: bool
) -> date | None:
    joined = _entry(facts, person, short)
    pauses = facts.pauses(person)
    if joined and pauses:
        return reached([(joined, None)], rule.months, pauses)
    return months_after(joined, rule.months) if joined else None


def _served_months(
    facts: Facts, person: str, rule: rules.ServedMonths, _: Sequence[StagePeriod], short: bool
) -> date | None:
    pauses, is_rough = facts.pauses(person), bool(facts.of_one(_rough, person))
    if pauses or is_rough:
        counted = _counted(facts, person, (rule.kind,), rule.unit_kinds, rule.or_post_kinds)
        return reached(_read(counted, short), rule.at_least, pauses)
    wanted = rule.at_least
    for since, until in _spans(facts, person, (rule.kind,), rule.unit_kinds, rule.or_post_kinds):
        full = months_after(since, wanted)
        if until is None or full <= until:
            return full
        wanted -= months_between(since, until)
    return None


def _has_served(
    facts: Facts, person: str, rule: rules.HasServed, _: Sequence[StagePeriod], _short: bool
) -> date | None:
    begun = [
        p.since
        for p in facts.postings.get(person, ())
        if p.since and (p.kind == rule.kind or facts.posts[p.post].kind in rule.or_post_kinds)
    ]
    return as_day(begun[0]) if begun else None


def _reached_rank(
    facts: Facts, person: str, rule: rules.ReachedRank, _: Sequence[StagePeriod], _short: bool
) -> date | None:
    wanted = facts.programme.rank_index(rule.rank)
    for posting in facts.postings.get(person, ()):
        index = facts.programme.rank_index(posting.rank)
        is_high_enough = wanted is not None and index is not None and index >= wanted
        if is_high_enough and posting.home and posting.since:
            return as_day(posting.since)
    return None


def _passed_stage(
    facts: Facts,
    person: str,
    rule: rules.PassedStage,
    history: Sequence[StagePeriod],
    _short: bool,
) -> date | None:
    return _left(history, rule.stage)


def _reviewed(
    facts: Facts, person: str, rule: rules.Reviewed, _: Sequence[StagePeriod], _short: bool
) -> date | None:
    first = rules.Window(months=rule.months).first_text(facts.on)
    found = [
        entry.on
        for entry in facts.entries_of(person, rule.record)
        if (not rule.results or entry.result in rule.results) and entry.on >= first
    ]
    return as_day(found[rule.at_least - 1]) if len(found) >= rule.at_least else None


_GATES: dict[str, tuple[Judge, Words]] = {
    "since_joining": (
        _since_joining,
        lambda r: say(N_("%(months)s months since joining"), months=r.months),
    ),
    "served_months": (
        _served_months,
        lambda r: say(
            N_("%(months)s months of %(kind)s"),
            months=r.at_least,
            kind=Term("rotation_kinds", r.kind),
        ),
    ),
    "has_served": (
        _has_served,
        lambda r: say(N_("%(kind)s begun"), kind=Term("rotation_kinds", r.kind)),
    ),
    "reached_rank": (
        _reached_rank,
        lambda r: say(N_("rank %(rank)s or higher"), rank=Term("ranks", r.rank)),
    ),
    "passed_stage": (
        _passed_stage,
        lambda r: say(N_("past the stage %(stage)s"), stage=Term("stages", r.stage)),
    ),
    "reviewed": (_reviewed, lambda r: _reviewed_words(r)),
}


def _reviewed_words(rule: rules.Reviewed) -> Sentence:
    within = N_("at least %(count)s × %(record)s %(results)s in %(months)s months")
    return say(
        within if rule.months else N_("at least %(count)s × %(record)s %(results)s"),
        count=rule.at_least,
        record=Term("record_kinds", rule.record),
        results=tuple(Term("results", result) for result in rule.results),
        months=rule.months or 0,
    )


_GATE_TITLES = {
    "since_joining": N_("Time since joining"),
    "served_months": N_("Months served"),
    "has_served": N_("Exercise begun"),
    "reached_rank": N_("Rank reached"),
    "passed_stage": N_("Stage passed"),
    "reviewed": N_("Results of reviews"),
}


def gate_title(name: str) -> Sentence:
    """Return what kind of gate a rule's name stands for."""
    return say(_GATE_TITLES[name])


def _spans(
    facts: Facts,
    person: str,
    kinds: tuple[str, ...],
    unit_kinds: tuple[str, ...],
    or_post_kinds: tuple[str, ...],
) -> Iterator[tuple[date, date | None]]:
    """Yield the periods in rotations of some kinds, overlapping ones made one, oldest first."""
    since: date | None = None
    until: date | None = None
    for posting in _counted(facts, person, kinds, unit_kinds, or_post_kinds):
        begins = as_day(posting.since or "")
        ends = as_day(posting.until) if posting.until else None
        if since is not None and (until is None or begins <= until):
            until = None if until is None or ends is None else max(until, ends)
            continue
        if since is not None:
            yield since, until
        since, until = begins, ends
    if since is not None:
        yield since, until


def _counted(
    facts: Facts,
    person: str,
    kinds: tuple[str, ...],
    unit_kinds: tuple[str, ...],
    or_post_kinds: tuple[str, ...],
) -> Iterator[Posting]:
    """Yield the dated postings of some kinds, oldest first."""
    for posting in facts.postings.get(person, ()):
        post = facts.posts[posting.post]
        unit = facts.units.get(post.unit or "")
        if not posting.since or (posting.kind not in kinds and post.kind not in or_post_kinds):
            continue
        if not unit_kinds or (unit is not None and unit.kind in unit_kinds):
            yield posting


def _read(counted: Iterable[Posting], short: bool) -> list[Period]:
    """Return the periods as short or as long as their dates allow.

    Where one ends and the next begins on one day that is not known, no time lies between.
    """
    begins: dict[str, date] = {}
    periods: list[tuple[Period, str]] = []
    for each in counted:
        since, until = each.since or "", each.until or ""
        begin = (last_day if short else first_day)(since)
        begins[since] = begin
        end = (first_day if short else last_day)(until) if until else None
        periods.append(((begin, end), until))
    found = [period for period, _ in periods]
    for (_, end), until in periods:
        if end is not None and until in begins and end < begins[until]:
            found.append((end, begins[until]))
    return found


# --- the machine -------------------------------------------------------------------------------


Plan = tuple[tuple[Stage, tuple[GateJudge, ...]], ...]


def _plan(facts: Facts) -> Plan:
    stages = facts.programme.stages
    return tuple((stage, tuple(gate_judge(use) for use in stage.gates)) for stage in stages)


def _all_progress(facts: Facts) -> dict[str, StageProgress]:
    return facts.of_each(_progress)


def _progress(facts: Facts, person: str) -> StageProgress:
    stages, plan = facts.programme.stages, facts.once(_plan)
    since = _entry(facts, person)
    if not stages or since is None:
        return StageProgress(person, None, None, None, None, (), None, None, None, None, ())
    steps: list[StagePeriod] = []
    for number, (stage, judges) in enumerate(plan):
        gates = tuple(judge.gate(facts, person, steps) for judge in judges)
        last = number == len(stages) - 1
        if last or not gates or not all(each.reached for each in gates):
            steps.append(StagePeriod(stage.key, since, None))
            return _standing(facts, person, stage, gates, steps, stages[number + 1 :])
        ended = max([since, *(each.on for each in gates if each.on)])
        steps.append(StagePeriod(stage.key, since, ended))
        since = ended
    raise AssertionError("the last stage has no way out")


def _standing(
    facts: Facts,
    person: str,
    stage: Stage,
    gates: tuple[Gate, ...],
    steps: list[StagePeriod],
    following: tuple[Stage, ...],
) -> StageProgress:
    since = steps[-1].since
    latest = [each.on for each in gates] if following else []
    first = [each.earliest for each in gates] if following else []
    return StageProgress(
        person=person,
        stage=stage.key,
        batch=stage.batch,
        since=since,
        months=stayed_months(facts, person, since, facts.on),
        gates=gates,
        next_stage=following[0].key if following else None,
        next_on=_when_all(latest, since),
        next_earliest=_when_all(first, since),
        deadline=_deadline(facts, person, stage, since) if following else None,
        history=tuple(steps),
    )


def _deadline(facts: Facts, person: str, stage: Stage, since: date) -> date | None:
    """Return the last day on which somebody may be in a stage, pauses taken out."""
    joined = _entry(facts, person)
    counted = ((since, stage.at_most), (joined, stage.within_months))
    days = [
        facts.falls_on(person, first, months_after(first, months))
        for first, months in counted
        if first and months
    ]
    return min((day for day in days if day), default=None)


def stayed_months(facts: Facts, person: str, since: date, until: date) -> int:
    """Count the whole months between two days, a person's pauses taken out."""
    pauses = facts.pauses(person)
    return served([(since, until)], until, pauses) if pauses else months_between(since, until)


def stage_words(stage: Stage) -> Sentence | None:
    """Return by when a stage must end; None where the programme sets no deadline."""
    if stage.at_most and stage.within_months:
        return say(
            N_("at most %(months)s months, and within %(all)s months of joining"),
            months=stage.at_most,
            all=stage.within_months,
        )
    if stage.at_most:
        return say(N_("at most %(months)s months"), months=stage.at_most)
    if stage.within_months:
        return say(N_("within %(months)s months of joining"), months=stage.within_months)
    return None


def _when_all(days: list[date | None], since: date) -> date | None:
    """Return the day on which all gates are open; None where there is none, or one has no day."""
    known = [day for day in days if day]
    return max([since, *known]) if days and len(known) == len(days) else None


def _entry(facts: Facts, person: str, short: bool = False) -> date | None:
    """Return the day of joining, or of the first posting when it is not known.

    It is the first day that the date can mean; where times are taken short, the last one.
    """
    joined = facts.people[person].joined_on
    begun = [posting.since for posting in facts.postings.get(person, ()) if posting.since]
    first = joined or (begun[0] if begun else None)
    if not first:
        return None
    return last_day(first) if short else as_day(first)
