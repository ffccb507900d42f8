"""The earliest legal date: when each rule lets a person rise to each next rank, and who holds them.

Every rule of `rules.yaml` that is switched on is asked. Hard rules make the date; soft rules,
warnings and what a rule asks for generally only are shown beside it. A rank beyond the next is
asked for as if each rank before it came on its earliest day. Where a date is known to the month or
the year only, the answer is between two days. A hard rule that the stored facts do not decide
leaves the answer undecided, and says which fact is missing. The next grades go by the ladder of
grades in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.programme import Programme, Rule
from graph.store import Store
from queries.personnel.on_file import not_yet_among
from queries.programme.reading import READS
from queries.rules import judge
from queries.rules.appointments import (
    JudgedRule,
    JudgedRuleDict,
    decision,
    prepared,
    stored_rules,
)
from queries.rules.candidate import Candidate, ProposedMove
from queries.rules.grades import held_grade
from queries.rules.reading import candidates

TRAINEES = """
MATCH (p:Trainee)
RETURN p.id AS id
ORDER BY id
"""
CYPHER = (
    """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(post:Post)
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS post, post.name AS title, coalesce(r.rank, post.rank) AS rank, r.kind AS kind,
       u.name AS unit, r.since AS since, r.until AS until
ORDER BY since, post
""".strip()
    + ";\n"
    + READS["kin"].strip()
)


# What of `rules.yaml` speaks of grades; the rest is about ranks and posts.
GRADE_RULES = ("trial_period", "grade_steps")

# Facts without which nobody knows how high somebody stands.
_LEVELS = frozenset({"rank", "post_rank", "grade", "education"})

StepState = Literal["open", "waits", "blocked", "undecided", "uncovered"]


class AssumedRank(TypedDict):
    """A rank that is taken to come first, on its earliest day."""

    rank: str
    on: str


class AssumedGrade(TypedDict):
    """A grade that is taken to come first, on its earliest day."""

    grade: str
    on: str


class UndecidedRule(TypedDict):
    """A rule that lacks facts."""

    rule: str
    missing: list[str]


class NextStepDict(TypedDict):
    """One rank or grade above; where a language is known, in sentences too."""

    state: StepState
    earliest: str | None
    latest: str | None
    about: list[str]
    held_by: list[str]
    without: str | None
    undecided: list[UndecidedRule]
    rules: list[JudgedRuleDict]
    sentence: NotRequired[str]
    changes: NotRequired[list[str]]
    advice: NotRequired[list[str]]


class NextRankDict(NextStepDict):
    """One rank above."""

    rank: str
    assumes: list[AssumedRank]


class NextGradeDict(NextStepDict):
    """One grade above."""

    grade: str
    assumes: list[AssumedGrade]


class EligibilityDict(TypedDict):
    """All next ranks and grades of one person, as plain values."""

    person: str
    name: str
    as_of: str
    rank: str | None
    ranks: list[NextRankDict]
    grade: str | None
    grades: list[NextGradeDict]


@dataclass(frozen=True)
class NextStep:
    """One rank or grade above: its earliest day, what holds it, and every rule's word."""

    key: str
    terms: Literal["ranks", "grades"]
    state: StepState
    earliest: date | None  # before which hard rules do not allow it; None: no day follows
    latest: date | None  # from which they do, whatever the dates mean; None: nobody can say
    assumes: tuple[tuple[str, date], ...]  # steps taken to come first, on their earliest days
    judged: tuple[JudgedRule, ...]  # of the rules that are on and speak of it
    held_by: tuple[JudgedRule, ...]  # the hard rules with the latest day, or those that block
    without: date | None  # the day if those did not hold
    undecided: tuple[JudgedRule, ...]  # rules that lack a fact
    about: tuple[tuple[str, str], ...] = ()  # facts not known to the day that make two days

    def as_dict(self) -> NextStepDict:
        """Return plain values for JSON, but for the key and what is assumed."""
        return {
            "state": self.state,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "about": [fact for fact, _ in self.about],
            "held_by": [each.rule.id for each in self.held_by],
            "without": self.without.isoformat() if self.without else None,
            "undecided": [
                {"rule": each.rule.id, "missing": list(each.verdict.missing)}
                for each in self.undecided
            ],
            "rules": [each.as_dict() for each in self.judged],
        }

    def as_rank(self) -> NextRankDict:
        """Return plain values of a rank."""
        assumes: list[AssumedRank] = [
            {"rank": rank, "on": day.isoformat()} for rank, day in self.assumes
        ]
        return {"rank": self.key, "assumes": assumes, **self.as_dict()}

    def as_grade(self) -> NextGradeDict:
        """Return plain values of a grade."""
        assumes: list[AssumedGrade] = [
            {"grade": grade, "on": day.isoformat()} for grade, day in self.assumes
        ]
        return {"grade": self.key, "assumes": assumes, **self.as_dict()}


@dataclass(frozen=True)
class Eligibility:
    """All next ranks and grades of one person on a day."""

    person: str
    name: str
    on: date
    rank: str | None  # held on the day, grades counted
    ranks: tuple[NextStep, ...]
    grade: str | None  # held on the day, by the rule of the first grade where none is stored
    grades: tuple[NextStep, ...]  # by the rule of the ladder of grades

    def as_dict(self) -> EligibilityDict:
        """Return plain values for JSON."""
        return {
            "person": self.person,
            "name": self.name,
            "as_of": self.on.isoformat(),
            "rank": self.rank,
            "ranks": [each.as_rank() for each in self.ranks],
            "grade": self.grade,
            "grades": [each.as_grade() for each in self.grades],
        }


def earliest_dates(
    store: Store, programme: Programme, on: date, people: Iterable[str] | None = None
) -> list[Eligibility]:
    """Work out the earliest legal dates of some people, or of every trainee, by id.

    NotFound names an id that is not stored.
    """
    rules = stored_rules(store, programme)
    asked = people if people is not None else (row["id"] for row in store.read(TRAINEES))
    wanted = list(dict.fromkeys(asked))
    later = not_yet_among(store, wanted, on.isoformat())
    wanted = [person for person in wanted if person not in later]
    found = candidates(store, programme, on, wanted)
    for person in wanted:
        if person not in found:
            raise NotFound(N_("There is no person %(id)s."), id=person)
    return [eligibility(rules, found[person]) for person in wanted]


def eligibility(rules: Iterable[Rule], who: Candidate) -> Eligibility:
    """Work out the earliest legal date of every rank and grade above those a person holds."""
    switched_on = [rule for rule in rules if rule.enabled]
    who = prepared(switched_on, who)
    held = who.rank_index()
    keys = [term.key for term in who.programme.ranks]
    above = keys[(held if held is not None else -1) + 1 :] if who.serves else []
    ranks = _walk(switched_on, who, above, "ranks")
    grade, grades = _grades(switched_on, who)
    rank = keys[held] if held is not None else None
    return Eligibility(who.person, who.name, who.on, rank, ranks, grade, grades)


def _grades(rules: list[Rule], who: Candidate) -> tuple[str | None, tuple[NextStep, ...]]:
    """Return the grade that a person holds and those above it, as the ladder of grades has them."""
    spoken = [rule for rule in rules if rule.rule.name in GRADE_RULES]
    ladder = next((rule.rule.grade_steps for rule in spoken if rule.rule.grade_steps), None)
    if ladder is None or not who.serves:
        return None, ()
    now = replace(who, grades=tuple(each for each in who.grades if each[1] <= who.on))
    held = held_grade(ladder, now)
    above = ladder.steps[(held if held is not None else -1) + 1 :]
    if held is None and who.grades:
        above = ladder.steps[held_grade(ladder, who) or 0 :]
    grade = ladder.steps[held] if held is not None else None
    return grade, _walk(spoken, who, above, "grades")


def _walk(
    rules: list[Rule], who: Candidate, keys: Iterable[str], terms: Literal["ranks", "grades"]
) -> tuple[NextStep, ...]:
    """Ask for one step after another, each as if those before had come on their earliest day."""
    found: list[NextStep] = []
    assumes: tuple[_Assumed, ...] = ()
    now: Candidate | None = who
    for key in keys:
        if now is None:
            found.append(_after(found[-1], key, assumes))
            continue
        asked = _next_step(rules, now, key, terms, assumes, who.on)
        found.append(asked)
        now = None
        if asked.earliest is not None and not _is_level_unknown(asked):
            assumes = (*assumes, _assumed(who, asked))
            now = _as_if(who, assumes, terms)
    return tuple(found)


def _after(before: NextStep, key: str, assumes: tuple[_Assumed, ...]) -> NextStep:
    """Return a step of which nothing can be said, for the same reasons as of the one before it."""
    return NextStep(
        key=key,
        terms=before.terms,
        state="undecided" if before.state == "undecided" else "blocked",
        earliest=None,
        latest=None,
        assumes=tuple((each.key, each.first) for each in assumes),
        judged=(),
        held_by=(),
        without=None,
        undecided=before.undecided,
    )


def _is_level_unknown(asked: NextStep) -> bool:
    """Return whether nobody knows how high the person stands, so that no day follows from it."""
    missing = {fact for each in asked.undecided for fact in each.verdict.missing}
    return asked.state == "undecided" and bool(missing & _LEVELS)


@dataclass(frozen=True)
class _Assumed:
    """A step that is taken to have come between two days, and why they are two."""

    key: str
    first: date
    last: date
    about: tuple[tuple[str, str], ...]
    is_given: bool  # a grade gives it, nobody has to rise
    undecided: tuple[JudgedRule, ...]  # hard rules that lacked facts for it


def _assumed(who: Candidate, asked: NextStep) -> _Assumed:
    first = asked.earliest or who.on
    last = max(asked.latest or first, first)
    is_given = asked.terms == "ranks" and _is_given(who, asked.key, first)
    if not is_given:  # what was open in the past and did not come can come today at the earliest
        first, last = max(first, who.on), max(last, who.on)
    about = asked.about if first < last else ()
    lacking = tuple(each for each in asked.undecided if each.rule.kind == "hard")
    lacking = lacking if asked.state == "undecided" else ()
    return _Assumed(asked.key, first, last, about, is_given, lacking)


def _as_if(
    who: Candidate,
    assumes: tuple[_Assumed, ...],
    terms: Literal["ranks", "grades"],
) -> Candidate:
    """Return the person as if the steps before had come; a grade that gave one is not a rise."""

    def change(reading: Candidate, is_short: bool) -> Candidate:
        for each in assumes:
            day = each.last if is_short else each.first
            if each.is_given:
                reading = replace(reading, on=max(reading.on, day))
            elif terms == "grades":
                graded = (*(own for own in reading.grades if own[1] < day), (each.key, day))
                reading = replace(reading, grades=graded, on=max(reading.on, day))
            else:
                reading = reading.assuming(each.key, day)
        return reading

    return replace(who, hangs_on=assumes[-1].about).in_each_reading(change)


def _is_given(who: Candidate, rank: str, day: date) -> bool:
    """Return whether a rank comes with a grade on that day, not by a rise."""
    index = who.programme.rank_index
    return any(index(grade) == index(rank) and since == day for grade, since in who.grades)


def _next_step(
    rules: list[Rule],
    who: Candidate,
    key: str,
    terms: Literal["ranks", "grades"],
    assumes: tuple[_Assumed, ...],
    on: date,
) -> NextStep:
    move = ProposedMove(rank=key)
    asked = [JudgedRule(rule, judge(rule, who, move)) for rule in rules]
    spoken = [each for each in asked if each.verdict.state != "silent"]
    hard = [each for each in spoken if each.rule.kind == "hard"]
    given = [each for each in hard if each.rule.rule.first_grade]
    if given and all(each.verdict.since for each in given):
        # The grade comes by education with the end of the trial; nothing else is asked.
        hard = given
    step = NextStep(
        key=key,
        terms=terms,
        state="uncovered",
        earliest=None,
        latest=None,
        assumes=tuple((each.key, each.first) for each in assumes),
        judged=tuple(spoken),
        held_by=(),
        without=None,
        undecided=tuple(each for each in spoken if each.verdict.state == "unknown"),
    )
    if not spoken:
        return step
    return _dated(step, hard, assumes[-1] if assumes else None, on)


def _dated(step: NextStep, hard: list[JudgedRule], before: _Assumed | None, on: date) -> NextStep:
    """Return a step with the day that its hard rules make, not before that of the step before."""
    state = decision(hard)
    if before and before.undecided and state != "blocked":
        state = "undecided"
        lacking = {each.rule.id: each for each in (*before.undecided, *step.undecided)}
        step = replace(step, undecided=tuple(lacking.values()))
    first = [each.verdict.since for each in hard if each.verdict.since]
    last = [(each.verdict.surely, each) for each in hard if each.verdict.surely]
    if state == "blocked":
        blocking = tuple(each for each in hard if each.verdict.state == "blocks")
        return replace(step, state=state, held_by=blocking, without=max(first, default=None))
    earliest = max([*first, before.first if before else date.min]) if first else on
    latest = max([*(day for day, _ in last if day), before.last if before else date.min])
    if not last:
        earliest = latest = max(on, latest)
        if state == "undecided":
            return replace(step, state=state)
    holders = tuple(each for day, each in last if day == latest)
    others = [day for day, _ in last if day and day < latest]
    floor = before.last if before else date.min
    about = {each: None for judged in holders for each in judged.verdict.about}
    if before and before.last == latest:
        about |= dict.fromkeys(before.about)
    return replace(
        step,
        state=state if state == "undecided" else "open" if latest <= on else "waits",
        earliest=earliest,
        latest=None if state == "undecided" else latest,
        held_by=holders,
        without=max([*others, floor]) if others else None,
        about=tuple(about) if earliest < latest else (),
    )
