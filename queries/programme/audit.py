"""The audit: every rule of the programme judged for everybody on a day, in red, yellow and blue.

Red is broken or late, yellow is due or asks for attention, blue is worth knowing ahead. All checks
stand in one list, `CHECKS`; a programme may give one another level or switch it off. Whatever the
audit counts can be listed, because the counts are made from the findings. Long because every check
stands beside the sentence that it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import add_days
from graph.errors import N_
from graph.programme import CheckSetting, Programme
from graph.store import Row
from queries.programme import (
    care,
    duties,
    exercises,
    focus,
    growth_file,
    holding,
    mentoring,
    problems,
    stages,
    training,
)
from queries.programme.facts import Facts, as_day
from queries.sentences import Sentence, Term, say

Level = Literal["red", "yellow", "blue"]
LEVELS: tuple[Level, ...] = ("red", "yellow", "blue")


class Finding(NamedTuple):
    """One thing found: which check, about whom, by when, and the sentence that says it."""

    rule: str
    level: Level
    mechanism: str | None
    person: str
    unit: str | None
    due: date | None
    message: Sentence
    part: str | None = None  # the duty, kind, training or measure of the programme it is about


@dataclass(frozen=True)
class Check:
    """One rule of the audit: its name, its level unless the programme says otherwise, its words."""

    name: str
    level: Level
    title: str
    meaning: str
    find: Callable[[Facts], Iterator[CheckResult]]


class CheckResult(NamedTuple):
    """What a check says before level and unit are put to it."""

    person: str
    due: date | None
    message: Sentence
    mechanism: str | None = None
    part: str | None = None
    unit: str | None = None  # of what is nobody's, as a vacant post


class AuditDict(TypedDict):
    """All findings of a day, as `flask audit` prints them."""

    as_of: str
    counts: dict[str, int]
    findings: list[Annotated[Row, FieldsOf(Finding, message=str)]]


@dataclass(frozen=True)
class Audit:
    """All findings of a day, most pressing first."""

    as_of: date
    findings: tuple[Finding, ...]
    checks: tuple[tuple[Check, Level], ...]  # those in force

    @property
    def counts(self) -> dict[str, int]:
        """Count the findings by level."""
        counted = Counter(finding.level for finding in self.findings)
        return {level: counted[level] for level in LEVELS}

    def as_dict(self, text: Callable[[Sentence], str] = str) -> AuditDict:
        """Return the JSON object of `flask audit`; `text` says the sentences."""
        return {
            "as_of": self.as_of.isoformat(),
            "counts": self.counts,
            "findings": [
                {
                    "rule": finding.rule,
                    "level": finding.level,
                    "person": finding.person,
                    "unit": finding.unit,
                    "due": finding.due.isoformat() if finding.due else None,
                    "message": text(finding.message),
                    "mechanism": finding.mechanism,
                    "part": finding.part,
                }
                for finding in self.findings
            ],
        }


def audit(facts: Facts) -> Audit:
    """Run every check that is in force."""
    return facts.once(_audit)


def of_person(facts: Facts, person: str) -> list[Finding]:
    """Return the findings about one person."""
    return [finding for finding in audit(facts).findings if finding.person == person]


def levels(programme: Programme) -> dict[str, Level]:
    """Return the level of each check that is in force: the one rule for the colour of a light."""
    settings = {setting.check: setting for setting in programme.audit.checks}
    found: dict[str, Level] = {}
    for check in CHECKS:
        setting = settings.get(check.name, CheckSetting(check=check.name))
        if setting.enabled:
            found[check.name] = setting.level or check.level
    return found


def _audit(facts: Facts) -> Audit:
    level_by_name = levels(facts.programme)
    in_force = [(each, level_by_name[each.name]) for each in CHECKS if each.name in level_by_name]
    found = chain.from_iterable(_findings(facts, check, level) for check, level in in_force)
    return Audit(facts.on, tuple(sorted(found, key=_pressing)), tuple(in_force))


def _findings(facts: Facts, check: Check, level: Level) -> list[Finding]:
    return [
        Finding(
            rule=check.name,
            level=level,
            mechanism=each.mechanism,
            person=each.person,
            unit=facts.unit_of(each.person) if each.person in facts.people else each.unit,
            due=each.due,
            message=each.message,
            part=each.part,
        )
        for each in check.find(facts)
    ]


def _pressing(finding: Finding) -> tuple[Any, ...]:
    return (
        LEVELS.index(finding.level),
        finding.due or date.max,
        finding.rule,
        finding.person,
        finding.part or "",
    )


# --- checks ------------------------------------------------------------------------------------


def _mentor_missing(facts: Facts) -> Iterator[CheckResult]:
    for light in mentoring.incomplete(facts):
        message = say(
            N_("%(name)s lacks a {mentor}: %(kind)s (%(have)s of %(wanted)s)."),
            name=facts.name(light.person),
            kind=Term("mentoring_kinds", light.kind),
            have=light.wanted - light.missing,
            wanted=light.wanted,
        )
        mechanism = _mechanism(facts, "mentoring_kinds", light.kind)
        yield CheckResult(light.person, light.missing_since, message, mechanism, light.kind)


def _mentor_left(facts: Facts) -> Iterator[CheckResult]:
    for each in mentoring.to_hand_over(facts):
        yield CheckResult(
            each.pairing.trainee,
            each.since or (as_day(each.pairing.since) if each.pairing.since else None),
            holding.not_in_post_words(facts, each),
            _mechanism(facts, "mentoring_kinds", each.kind),
            each.pairing.id,
        )


def _secretary_vacant(facts: Facts) -> Iterator[CheckResult]:
    for each in mentoring.vacant_posts(facts):
        message = holding.vacant_words(facts, each)
        mechanism = _mechanism(facts, "mentoring_kinds", each.kind)
        unit = facts.posts[each.post].unit
        yield CheckResult("", each.since, message, mechanism, each.post, unit)


def _mentor_after_stage(facts: Facts) -> Iterator[CheckResult]:
    for ending in mentoring.endings(facts):
        pairing = ending.pairing
        message = say(
            N_("%(name)s still has %(mentor)s as %(kind)s, though the stage has ended."),
            name=facts.name(pairing.trainee),
            mentor=facts.name(pairing.mentor),
            kind=Term("mentoring_kinds", pairing.kind),
        )
        mechanism = _mechanism(facts, "mentoring_kinds", pairing.kind)
        yield CheckResult(pairing.trainee, ending.since, message, mechanism, pairing.kind)


def _mentor_overloaded(facts: Facts) -> Iterator[CheckResult]:
    wanted = set(facts.trainees)
    for member in mentoring.pool(facts).values():
        mine = any(pairing.trainee in wanted for pairing in member.current)
        if mine and member.free is not None and member.free < 0:
            message = say(
                N_("%(name)s guides %(load)s {trainees}, at most %(capacity)s are foreseen."),
                name=facts.name(member.mentor),
                load=member.load,
                capacity=member.capacity,
            )
            kind = member.kinds[0] if member.kinds else None
            yield CheckResult(
                member.mentor, None, message, _mechanism(facts, "mentoring_kinds", kind)
            )


def _training_missing(facts: Facts) -> Iterator[CheckResult]:
    mechanisms = {each.key: each.mechanism for each in facts.programme.trainings}
    for each in training.trainings(facts):
        if each.state == "late":
            message = say(
                N_("%(name)s has not had: %(training)s."),
                name=facts.name(each.person),
                training=Term("trainings", each.training),
            )
            yield CheckResult(
                each.person, each.due, message, mechanisms[each.training], each.training
            )


def _exercise(
    trouble: exercises.Trouble, template: str
) -> Callable[[Facts], Iterator[CheckResult]]:
    def find(facts: Facts) -> Iterator[CheckResult]:
        for each in facts.once(_exercise_findings):
            if each.trouble == trouble:
                post = facts.posts[each.posting.post].name if each.posting else "-"
                message = say(
                    template,
                    name=facts.name(each.person),
                    kind=Term("rotation_kinds", each.kind),
                    post=post,
                    day=each.on or "-",
                )
                exercise = facts.programme.exercise(each.kind)
                mechanism = exercise.mechanism if exercise else None
                yield CheckResult(each.person, each.on, message, mechanism, each.kind)

    return find


def _exercise_findings(facts: Facts) -> list[exercises.ExerciseFinding]:
    return exercises.findings(facts, facts.programme.audit.ahead_days)


def _gate_coming(facts: Facts) -> Iterator[CheckResult]:
    ahead = add_days(facts.on, facts.programme.audit.ahead_days)
    for person, where in stages.progress(facts).items():
        if where.next_on and facts.on < where.next_on <= ahead:
            message = say(
                N_("%(name)s can pass from %(stage)s to %(next)s on %(day)s."),
                name=facts.name(person),
                stage=Term("stages", where.stage),
                next=Term("stages", where.next_stage),
                day=where.next_on,
            )
            yield CheckResult(
                person, where.next_on, message, _shown_on(facts, "stages"), where.stage
            )


def _stage_late(facts: Facts) -> Iterator[CheckResult]:
    for where in stages.progress(facts).values():
        if where.deadline and where.deadline < facts.on:
            yield _deadline(
                facts, where, N_("%(name)s should have passed the stage %(stage)s by %(day)s.")
            )


def _stage_deadline(facts: Facts) -> Iterator[CheckResult]:
    ahead = add_days(facts.on, facts.programme.audit.ahead_days)
    for where in stages.progress(facts).values():
        if where.deadline and facts.on <= where.deadline <= ahead:
            yield _deadline(facts, where, N_("%(name)s must pass the stage %(stage)s by %(day)s."))


def _deadline(facts: Facts, where: stages.StageProgress, template: str) -> CheckResult:
    message = say(
        template,
        name=facts.name(where.person),
        stage=Term("stages", where.stage),
        day=where.deadline or "-",
    )
    mechanism = _shown_on(facts, "stages")
    return CheckResult(where.person, where.deadline, message, mechanism, where.stage)


def _duty(state: duties.State, template: str) -> Callable[[Facts], Iterator[CheckResult]]:
    def find(facts: Facts) -> Iterator[CheckResult]:
        mechanisms = {duty.key: duty.mechanism for duty in facts.programme.duties}
        for each in duties.duties(facts):
            if each.state == state:
                message = say(
                    template,
                    name=facts.name(each.person),
                    duty=Term("duties", each.duty),
                    day=each.due,
                )
                yield CheckResult(each.person, each.due, message, mechanisms[each.duty], each.duty)

    return find


def _request(state: duties.State, template: str) -> Callable[[Facts], Iterator[CheckResult]]:
    def find(facts: Facts) -> Iterator[CheckResult]:
        mechanisms = {request.key: request.mechanism for request in facts.programme.requests}
        for each in duties.requests(facts):
            if each.state == state:
                message = say(
                    template,
                    name=facts.name(each.person),
                    request=Term("requests", each.request),
                    owner=Term("levels", each.owner),
                    day=each.due,
                )
                mechanism = mechanisms[each.request]
                yield CheckResult(each.person, each.due, message, mechanism, each.request)

    return find


def _problem(state: problems.ProblemState) -> Callable[[Facts], Iterator[CheckResult]]:
    def find(facts: Facts) -> Iterator[CheckResult]:
        for each in problems.problems(facts):
            if each.state == state:
                message = say(
                    N_("%(name)s, raised on %(day)s: %(problem)s; %(settled)s."),
                    name=facts.name(each.person),
                    day=each.on,
                    problem=each.problem,
                    settled=problems.who_settles(facts, each),
                )
                kind = facts.programme.talk_kind
                mechanism = _mechanism(facts, "record_kinds", kind)
                yield CheckResult(each.person, each.due, message, mechanism, each.record)

    return find


def _care_missing(facts: Facts) -> Iterator[CheckResult]:
    for each in care.entitlements(facts):
        if not each.received:
            message = say(
                N_("%(name)s has not received: %(measure)s."),
                name=facts.name(each.person),
                measure=Term("entitlements", each.entitlement),
            )
            rule = next(e for e in facts.programme.entitlements if e.key == each.entitlement).rule
            kind = rule.parameters.record
            mechanism = _mechanism(facts, "record_kinds", kind)
            yield CheckResult(each.person, each.due, message, mechanism, each.entitlement)


def _file_incomplete(facts: Facts) -> Iterator[CheckResult]:
    for each in growth_file.scores(facts).values():
        if each.percent < facts.programme.audit.file_at_least:
            lacking = tuple(Term("growth_file", p.key) for p in each.parts if p.have < p.want)
            message = say(
                N_(
                    "The growth file of %(name)s is complete to %(percent)s %%; missing: %(parts)s."
                ),
                name=facts.name(each.person),
                percent=each.percent,
                parts=lacking,
            )
            yield CheckResult(each.person, None, message, _shown_on(facts, "files"))


def _focus(state: str, template: str) -> Callable[[Facts], Iterator[CheckResult]]:
    def find(facts: Facts) -> Iterator[CheckResult]:
        listed = facts.programme.focus
        kind = listed.record if listed else None
        for each in focus.focus(facts):
            if each.state == state:
                message = say(template, name=facts.name(each.person))
                mechanism = _mechanism(facts, "record_kinds", kind)
                yield CheckResult(each.person, None, message, mechanism)

    return find


def _mechanism(facts: Facts, terms: str, key: str | None) -> str | None:
    return next((k.mechanism for k in getattr(facts.programme, terms) if k.key == key), None)


def _shown_on(facts: Facts, page: str) -> str | None:
    parts = facts.programme.parts
    return next((m.key for part in parts for m in part.mechanisms if m.page == page), None)


CHECKS: tuple[Check, ...] = (
    Check(
        "mentor_missing",
        "red",
        N_("{Mentor} missing"),
        N_(
            "In each stage a {trainee} has as many {mentors} of each kind as the programme "
            "asks for."
        ),
        _mentor_missing,
    ),
    Check(
        "mentor_left",
        "yellow",
        N_("{Mentor} to hand over"),
        N_(
            "A {mentor} who guides by a post holds it, on the line of units where the {trainee} is "
            "placed; else the {trainee} is handed over."
        ),
        _mentor_left,
    ),
    Check(
        "secretary_vacant",
        "yellow",
        N_("Post of a {mentor} vacant"),
        N_("A post by which somebody guides is held where a {trainee} needs such a {mentor}."),
        _secretary_vacant,
    ),
    Check(
        "mentor_after_stage",
        "yellow",
        N_("Mentoring past its stage"),
        N_("A {mentor} of a kind that only some stages ask for is released when they have ended."),
        _mentor_after_stage,
    ),
    Check(
        "mentor_overloaded",
        "yellow",
        N_("{Mentor} overloaded"),
        N_("No {mentor} guides more {trainees} at a time than the capacity set for that {mentor}."),
        _mentor_overloaded,
    ),
    Check(
        "training_missing",
        "yellow",
        N_("Training missing"),
        N_("Each {trainee} has had each training of the programme within its time."),
        _training_missing,
    ),
    Check(
        "exercise_too_long",
        "red",
        N_("Exercise too long"),
        N_("A running exercise lasts no longer than the programme allows for its kind."),
        _exercise("too_long", N_("%(name)s: %(kind)s as %(post)s should have ended by %(day)s.")),
    ),
    Check(
        "stage_late",
        "red",
        N_("Stage past its deadline"),
        N_("A stage ends by the day that the programme sets for it; pauses are not counted."),
        _stage_late,
    ),
    Check(
        "exercise_out_of_order",
        "red",
        N_("Exercise out of order"),
        N_("An exercise begins only after those that the programme puts before it."),
        _exercise(
            "out_of_order",
            N_("%(name)s: %(kind)s as %(post)s began on %(day)s, before what must come first."),
        ),
    ),
    Check(
        "home_post_lost",
        "red",
        N_("Home post lost"),
        N_("While somebody is seconded, the home post stays held."),
        _exercise("no_home_post", N_("%(name)s: %(kind)s as %(post)s without a home post.")),
    ),
    Check(
        "exercise_too_short",
        "yellow",
        N_("Exercise too short"),
        N_("An ended exercise of a kind reached the least number of months."),
        _exercise("too_short", N_("%(name)s: %(kind)s ended on %(day)s, too early.")),
    ),
    Check(
        "duty_late",
        "red",
        N_("Duty late"),
        N_("A talk or report is late when its time and its days of grace have passed."),
        _duty("late", N_("%(name)s: %(duty)s was due on %(day)s.")),
    ),
    Check(
        "duty_due",
        "yellow",
        N_("Duty due"),
        N_("A talk or report is due when its time has come and the days of grace still run."),
        _duty("due", N_("%(name)s: %(duty)s is due since %(day)s.")),
    ),
    Check(
        "request_late",
        "red",
        N_("Request unanswered"),
        N_(
            "A {trainee}'s request is answered by its owner within the days that the programme "
            "sets."
        ),
        _request("late", N_("%(name)s: %(request)s; %(owner)s should have answered by %(day)s.")),
    ),
    Check(
        "request_open",
        "yellow",
        N_("Request open"),
        N_("A {trainee}'s request waits for its owner, and its days still run."),
        _request("due", N_("%(name)s: %(request)s; %(owner)s answers by %(day)s.")),
    ),
    Check(
        "problem_late",
        "red",
        N_("Problem not settled in time"),
        N_("A problem that a talk brought up is settled by the day that was set for it."),
        _problem("late"),
    ),
    Check(
        "problem_open",
        "yellow",
        N_("Problem open"),
        N_("A problem that a talk brought up waits to be settled."),
        _problem("due"),
    ),
    Check(
        "care_missing",
        "yellow",
        N_("Care not received"),
        N_("Everybody of a cohort has received the care measures that it is entitled to."),
        _care_missing,
    ),
    Check(
        "focus_no_longer_met",
        "yellow",
        N_("On the focus list without meeting its rule"),
        N_("Whoever was confirmed for the key-focus list still meets its rule."),
        _focus(
            "no longer meets", N_("%(name)s is on the key-focus list and no longer meets its rule.")
        ),
    ),
    Check(
        "gate_coming",
        "blue",
        N_("Next stage within reach"),
        N_("All conditions of the present stage will be met within the days looked ahead."),
        _gate_coming,
    ),
    Check(
        "stage_deadline",
        "blue",
        N_("Deadline of a stage near"),
        N_("The deadline of the present stage falls within the days looked ahead."),
        _stage_deadline,
    ),
    Check(
        "exercise_ending",
        "blue",
        N_("Exercise ending soon"),
        N_("A running exercise ends, or reaches its longest, within the days looked ahead."),
        _exercise("ending", N_("%(name)s: %(kind)s as %(post)s ends on %(day)s.")),
    ),
    Check(
        "exercise_missing",
        "blue",
        N_("Exercise not begun"),
        N_("Who has finished what comes before goes on to each exercise that everybody does."),
        _exercise("missing", N_("%(name)s has not begun: %(kind)s.")),
    ),
    Check(
        "file_incomplete",
        "blue",
        N_("Growth file incomplete"),
        N_("A growth file is at least as complete as the programme asks for."),
        _file_incomplete,
    ),
    Check(
        "focus_to_confirm",
        "blue",
        N_("Focus list to be decided"),
        N_("Whoever meets the rule of the key-focus list is confirmed or taken off by a person."),
        _focus("to confirm", N_("%(name)s meets the rule of the key-focus list; decide.")),
    ),
)


def check(name: str) -> Check | None:
    """Return the check of a name."""
    return next((each for each in CHECKS if each.name == name), None)
