"""The programme's own shape with the state of each mechanism on a day, and its rules in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph import rules
from graph.errors import N_
from graph.programme import MechanismTerm
from queries.programme import (
    audit,
    care,
    duties,
    exercises,
    focus,
    growth_file,
    mentoring,
    portrait,
    stages,
    training,
)
from queries.programme.facts import Facts
from queries.programme.reserve import reserve_list
from queries.programme.stages import BATCHES
from queries.programme.vacancies import room, vacancies
from queries.sentences import Sentence, Term, say


@dataclass(frozen=True)
class MechanismState:
    """One mechanism: its page, one sentence with its figures, and what the audit found."""

    key: str
    page: str | None
    now: Sentence
    counts: dict[str, int]  # findings by level


@dataclass(frozen=True)
class Part:
    """One part of the programme with its mechanisms."""

    key: str
    mechanisms: tuple[MechanismState, ...]


@dataclass(frozen=True)
class RuleInWords:
    """One rule of a mechanism: what it is called, and what it says."""

    name: Sentence
    words: Sentence


def overview(facts: Facts) -> tuple[Part, ...]:
    """Return the programme's parts with the state of each mechanism."""
    return facts.once(_overview)


def _overview(facts: Facts) -> tuple[Part, ...]:
    counted: dict[str | None, Counter[str]] = {}
    for finding in audit.audit(facts).findings:
        counted.setdefault(finding.mechanism, Counter())[finding.level] += 1
    return tuple(
        Part(
            part.key,
            tuple(
                MechanismState(
                    key=mechanism.key,
                    page=mechanism.page,
                    now=_now(facts, mechanism),
                    counts={
                        level: counted.get(mechanism.key, Counter())[level]
                        for level in audit.LEVELS
                    },
                )
                for mechanism in part.mechanisms
            ),
        )
        for part in facts.programme.parts
    )


def rules_in_words(facts: Facts, key: str) -> list[RuleInWords]:
    """Say every rule of one mechanism."""
    programme = facts.programme
    mechanism = next((m for part in programme.parts for m in part.mechanisms if m.key == key), None)
    page = mechanism.page if mechanism else None
    own = {
        terms: {kind.key for kind in getattr(programme, terms) if kind.mechanism == key}
        for terms in ("mentoring_kinds", "record_kinds")
    }
    found = [
        RuleInWords(
            say("%(kind)s", kind=Term("mentoring_kinds", use.parameters.kind)),
            mentoring.need_words(use.parameters),
        )
        for use in programme.mentor_needs
        if use.parameters.kind in own["mentoring_kinds"]
    ]
    for exercise in programme.exercises:
        if exercise.mechanism == key:
            name = say("%(kind)s", kind=Term("rotation_kinds", exercise.key))
            asked = exercises.exercise_words(programme, exercise)
            found += [RuleInWords(name, words) for words in asked]
    found += [
        RuleInWords(_titled("trainings", t.key), training.training_words(t.rule.parameters))
        for t in programme.trainings
        if t.mechanism == key
    ]
    found += [
        RuleInWords(_titled("duties", d.key), duties.duty_words(d.rule.parameters))
        for d in programme.duties
        if d.mechanism == key
    ]
    for request in programme.requests:
        if request.mechanism == key:
            words = say(
                N_("answered within %(days)s days"), days=request.rule.parameters.within_days
            )
            found.append(RuleInWords(_titled("requests", request.key), words))
    found += [
        RuleInWords(_titled("entitlements", e.key), care.entitlement_words(e.rule.parameters))
        for e in programme.entitlements
        if e.rule.parameters.record in own["record_kinds"]
    ]
    if page in _RULES_OF_PAGE:
        found += _RULES_OF_PAGE[page](facts)
    return found


def _titled(terms: str, key: str) -> Sentence:
    return say("%(title)s", title=Term(terms, key))


def _stage_rules(facts: Facts) -> Iterator[RuleInWords]:
    for stage in facts.programme.stages:
        for use in stage.gates:
            words = say(N_("ends with: %(rule)s"), rule=stages.rule_words(use))
            yield RuleInWords(_titled("stages", stage.key), words)


def _priority_rules(facts: Facts) -> Iterator[RuleInWords]:
    for priority in facts.programme.priorities:
        yield RuleInWords(_titled("priorities", priority.key), _who_is_first(facts, priority.rule))


def _who_is_first(facts: Facts, use: rules.PriorityRule) -> Sentence:
    rule = use.parameters
    if isinstance(rule, rules.ShownBy):
        kinds = dict.fromkeys(each.record for each in rule.of)
        return say(
            N_("who has at least %(n)s of: %(kinds)s"),
            n=rule.at_least,
            kinds=tuple(Term("record_kinds", kind) for kind in kinds),
        )
    if isinstance(rule, rules.Reviewed):
        return stages.rule_words(rules.GateRule(reviewed=rule))
    if rule.when == "reserve_list":
        return say(N_("who stands on the list"))
    if rule.when == "important_post":
        return say(N_("who has served in an important post"))
    keys = tuple(s.key for s in facts.programme.stages if s.batch == rule.batch)
    return say(N_("people in: %(stages)s"), stages=tuple(Term("stages", key) for key in keys))


def _focus_rules(facts: Facts) -> Iterator[RuleInWords]:
    listed = facts.programme.focus
    for use in listed.rules if listed else ():
        yield RuleInWords(say(N_("Key-focus list")), stages.rule_words(use))
    for axis in facts.programme.portrait:
        yield RuleInWords(_titled("portrait", axis.key), portrait.axis_words(axis.rule))


def _file_rules(facts: Facts) -> Iterator[RuleInWords]:
    percent = facts.programme.audit.file_at_least
    for part in facts.programme.growth_file:
        words = growth_file.rule_in_words(part.rule)
        yield RuleInWords(_titled("growth_file", part.key), words)
    if facts.programme.growth_file:
        words = say(N_("the mean of its parts is at least %(percent)s %%"), percent=percent)
        yield RuleInWords(say(N_("Growth file")), words)


_RULES_OF_PAGE: dict[str | None, Callable[[Facts], Iterator[RuleInWords]]] = {
    "stages": _stage_rules,
    "vacancies": _priority_rules,
    "focus": _focus_rules,
    "files": _file_rules,
}


# --- the state of a mechanism in one sentence --------------------------------------------------


def _now(facts: Facts, mechanism: MechanismTerm) -> Sentence:
    if mechanism.page is None:
        return say(N_("described by its rules only"))
    return _NOW[mechanism.page](facts, mechanism.key)


def _training_now(facts: Facts, key: str) -> Sentence:
    kinds = {kind.key for kind in facts.programme.activity_kinds if kind.mechanism == key}
    here = [p for p in training.periods(facts) if p.year == facts.on.year and p.kind in kinds]
    return say(
        N_("%(attendances)s attendances at %(activities)s activities this year"),
        attendances=sum(period.attendances for period in here),
        activities=sum(period.activities for period in here),
    )


def _mentors_now(facts: Facts, _: str) -> Sentence:
    lights = mentoring.lights(facts)
    needing = [each for each in lights.values() if each]
    complete = sum(mentoring.is_complete(each) for each in needing)
    return say(
        N_(
            "%(complete)s of %(needing)s {trainees} have all {mentors}, each in the post; "
            "%(lacking)s lack one, the {mentors} of %(left)s have left the post"
        ),
        complete=complete,
        needing=len(needing),
        lacking=len({light.person for light in mentoring.incomplete(facts)}),
        left=len({each.pairing.trainee for each in mentoring.to_hand_over(facts)}),
    )


def _exercises_now(facts: Facts, key: str) -> Sentence:
    cells = [row.cells[key] for row in exercises.coverage(facts) if key in row.cells]
    return say(
        N_("%(done)s of %(all)s have done it, %(running)s are in it now"),
        done=sum(cell.covered and not cell.running for cell in cells),
        all=len(facts.trainees),
        running=sum(cell.running for cell in cells),
    )


def _vacancies_now(facts: Facts, _: str) -> Sentence:
    mature = sum(each.batch == "mature" for each in stages.progress(facts).values())
    return say(
        N_(
            "%(nobody)s posts have nobody, %(not_full)s are not full: %(places)s places; "
            "%(mature)s people are mature"
        ),
        **vars(room(vacancies(facts))),
        mature=mature,
    )


def _reserve_now(facts: Facts, _: str) -> Sentence:
    return say(N_("%(people)s people stand on it"), people=len(reserve_list(facts)))


def _stages_now(facts: Facts, _: str) -> Sentence:
    counted = Counter(each.batch for each in stages.progress(facts).values())
    return say(
        N_("train %(train)s · mature %(mature)s · use %(use)s"),
        **{batch: counted[batch] for batch in BATCHES},
    )


def _files_now(facts: Facts, _: str) -> Sentence:
    percents = [each.percent for each in growth_file.scores(facts).values()]
    full = facts.programme.audit.file_at_least
    return say(
        N_("%(files)s files; %(enough)s are complete to %(percent)s %% or more"),
        files=len(percents),
        enough=sum(percent >= full for percent in percents),
        percent=full,
    )


def _focus_now(facts: Facts, _: str) -> Sentence:
    states = Counter(each.state for each in focus.focus(facts))
    return say(
        N_("%(confirmed)s on the key-focus list, %(waiting)s to decide"),
        confirmed=states["confirmed"] + states["no longer meets"],
        waiting=states["to confirm"],
    )


def _duties_now(facts: Facts, key: str) -> Sentence:
    own = {duty.key for duty in facts.programme.duties if duty.mechanism == key}
    states = Counter(each.state for each in duties.duties(facts) if each.duty in own)
    return say(
        N_("%(done)s done, %(due)s due, %(late)s late"),
        done=states["done"],
        due=states["due"],
        late=states["late"],
    )


def _care_now(facts: Facts, _: str) -> Sentence:
    standings = care.entitlements(facts)
    return say(
        N_("%(received)s of %(owed)s measures received"),
        received=sum(each.received for each in standings),
        owed=len(standings),
    )


_NOW: dict[str, Callable[[Facts, str], Sentence]] = {
    "training": _training_now,
    "mentors": _mentors_now,
    "exercises": _exercises_now,
    "vacancies": _vacancies_now,
    "reserve": _reserve_now,
    "stages": _stages_now,
    "files": _files_now,
    "focus": _focus_now,
    "duties": _duties_now,
    "care": _care_now,
}
