"""What is to be done, by whom, in the next days: the audit's duties turned into a list per role.

A role is a level of the programme (district, township, ...), `mentor` or `trainee`. What is late
stands by its consequence (`WORK`), within a kind by its day: what is latest first.

Of many people there is very much to do and little of it is shown: it is counted, chosen and put in
order as a `ThingToDo` without words, and whoever shows some of it asks for the `Item` of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeVar

from graph.dates import add_days
from queries.programme import (
    care,
    duties,
    exercises,
    focus,
    holding,
    mentoring,
    problems,
    stages,
    training,
)
from queries.programme import todo_words as words
from queries.programme.audit import Level, levels
from queries.programme.facts import Facts, as_day, runs
from queries.sentences import Sentence

MENTOR, TRAINEE = "mentor", "trainee"

# Kinds of work by consequence, with the checks of the audit that find the same.
WORK: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mentor_missing": ("mentor_missing",),
        "mentor_left": ("mentor_left",),
        "request": ("request_late", "request_open"),
        "over_limit": ("exercise_too_long", "stage_late"),
        "late": ("duty_late", "problem_late"),
        "vacancy": ("secretary_vacant",),
        "next_period": ("exercise_ending",),
        "not_done": ("training_missing", "care_missing"),
        "stage": ("gate_coming", "stage_deadline"),
        "focus": ("focus_to_confirm",),
        "other": ("duty_due", "problem_open", ""),
    }
)
_WORK_OF = {check: work for work, checks in WORK.items() for check in checks}
_PLACES = {work: place for place, work in enumerate(WORK)}
_OPEN = ("request_open", "problem_open")  # somebody waits for it, whenever it falls due
When = Literal["late", "due", "undated"]
WHENS: tuple[When, ...] = ("late", "due", "undated")


class ThingToDo(NamedTuple):
    """One thing to do, without words: by whom, about whom, by when."""

    key: str  # stable over days: the same thing to do keeps it
    kind: str
    role: str
    person: str
    mentor: str | None
    due: date | None
    late: bool
    check: str  # of the audit, which finds the same
    light: Level  # the one that the audit gives it
    times: int  # how often it should have been done by now
    part: str | None  # the duty, kind, measure or record, as the finding has it
    when: When  # late, falling due in the days asked for, or without a day
    days_late: int
    say: Callable[[Facts, Any], Sentence]
    about: Any  # what was judged, for the words

    @property
    def work(self) -> str:
        """Return which kind of work it is, by its consequence."""
        return _WORK_OF.get(self.check, "other")


@dataclass(frozen=True)
class Item:
    """One thing to do, with the words that say it."""

    key: str
    kind: str
    role: str
    person: str
    mentor: str | None
    due: date | None
    late: bool
    words: Sentence
    check: str = ""
    light: Level = "blue"
    times: int = 1
    part: str | None = None
    when: When = "undated"
    days_late: int = 0

    @property
    def work(self) -> str:
        """Return which kind of work it is, by its consequence."""
        return _WORK_OF.get(self.check, "other")


Todo = TypeVar("Todo", ThingToDo, Item)


def roles(facts: Facts) -> tuple[str, ...]:
    """Return the roles that have a list: the programme's levels, mentors, trainees."""
    levels_ = (term.key for term in facts.programme.levels)
    return tuple(dict.fromkeys((*levels_, MENTOR, TRAINEE)))


def todo(
    facts: Facts, days: int = 30, role: str | None = None, person: str | None = None
) -> list[Item]:
    """List what is late and what falls due within so many days, most pressing first.

    `person` keeps what concerns one trainee, or those whom one mentor guides on the day.
    """
    return worded(facts, things(facts, days, role, person))


def things(
    facts: Facts, days: int = 30, role: str | None = None, person: str | None = None
) -> list[ThingToDo]:
    """List what `todo` lists, without words."""
    guided = {p.trainee for p in facts.mentees.get(person or "", ()) if runs(p.until, facts.day)}
    until = add_days(facts.on, days)
    return [
        thing
        for thing in facts.once(_all_things)
        if (thing.due is None or thing.due <= until or thing.check in _OPEN)
        and (role is None or thing.role == role)
        and (person is None or person in (thing.person, thing.mentor) or thing.person in guided)
    ]


def worded(facts: Facts, found: Iterable[ThingToDo]) -> list[Item]:
    """Say each of some things to do; its words may name the person."""
    items = []
    for thing in found:
        *said, say_it, about = thing
        told = say_it(facts, about)
        values = {"name": facts.name(thing.person), **told.values}
        given: dict[str, Any] = dict(zip(_SHARED, said, strict=True))
        items.append(Item(**given, words=Sentence(told.template, values)))
    return items


def late_count(facts: Facts) -> int:
    """Count what is late, whoever is to do it."""
    return sum(thing.when == "late" for thing in facts.once(_all_things))


def only(
    items: Iterable[Todo],
    work: str | None = None,
    when: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Todo]:
    """Keep the items of one kind of work, of one `when`, or due on some days, the last included."""
    return [
        item
        for item in items
        if (work is None or item.work == work)
        and (when is None or item.when == when)
        and (since is None or (item.when == "due" and item.due and item.due >= since))
        and (until is None or (item.when == "due" and item.due and item.due <= until))
    ]


_SHARED = ThingToDo._fields[:-2]


def _pressing(thing: ThingToDo) -> tuple[int, bool, date, str]:
    return _PLACES[thing.work], not thing.late, thing.due or date.max, thing.key


def _all_things(facts: Facts) -> list[ThingToDo]:
    """Return all there is to do, most pressing first."""
    make = _Things(facts)
    return sorted((thing for maker in _MAKERS for thing in maker(make)), key=_pressing)


def first_level(facts: Facts) -> str:
    """Return the level that looks after the whole programme: the first one listed."""
    return facts.programme.levels[0].key if facts.programme.levels else MENTOR


class _Things:
    """Makes the things of a day; what nobody else has to do, the first level does."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.first_level = first_level(facts)
        self._levels = levels(facts.programme)

    def thing(
        self,
        kind: str,
        key: str,
        person: str,
        due: date | None,
        say_it: Callable[[Facts, Any], Sentence],
        about: Any,
        *,
        role: str | None = None,
        mentor: str | None = None,
        late: bool = False,
        check: str = "",
        times: int = 1,
        part: str | None = None,
    ) -> ThingToDo:
        """Make one thing; `say_it` makes its words of what it is about."""
        # What should have been done by an earlier day is late.
        past = (self.facts.on - due).days if due else 0
        is_late = late or past > 0
        when: When = "late" if is_late else "due" if due else "undated"
        return ThingToDo(
            key, kind, role or self.first_level, person, mentor, due, late, check,
            self._levels.get(check, "blue"), times, part, when, max(past, 0) if is_late else 0,
            say_it, about,
        )  # fmt: skip

    def owner(self, level: str | None) -> str:
        """Return the role of a level, the first where none is named."""
        return level or self.first_level


def _duties(make: _Things) -> Iterator[ThingToDo]:
    programme = make.facts.programme
    # What nobody's talk fulfils, the trainee writes; the level receives it.
    talks = {request.rule.parameters.by for request in programme.requests}
    owners = {
        duty.key: rule.owner or (TRAINEE if rule.record not in talks else make.owner(rule.level))
        for duty in programme.duties
        if (rule := duty.rule.parameters)
    }
    checks = {"late": "duty_late", "due": "duty_due", "done": ""}
    for each in duties.duties(make.facts):
        yield make.thing(
            "duty",
            f"duty-{each.duty}-{each.person}",
            each.person,
            each.due,
            words.duty,
            each,
            role=owners[each.duty],
            late=each.state == "late",
            check=checks[each.state],
            times=max(each.missed, 1),
            part=each.duty,
        )


def _requests(make: _Things) -> Iterator[ThingToDo]:
    for each in duties.requests(make.facts):
        if each.state == "done":
            continue
        yield make.thing(
            "request",
            f"request-{each.request}-{each.person}-{each.on}",
            each.person,
            each.due,
            words.request,
            each,
            role=make.owner(each.owner),
            late=each.state == "late",
            check="request_late" if each.state == "late" else "request_open",
            part=each.request,
        )


def _problems(make: _Things) -> Iterator[ThingToDo]:
    for each in problems.problems(make.facts):
        if each.state == "done":
            continue
        yield make.thing(
            "problem",
            f"problem-{each.record}",
            each.person,
            each.due,
            words.problem,
            each,
            role=make.owner(each.level),
            mentor=each.solver if each.solver in make.facts.people else None,
            late=each.state == "late",
            check="problem_late" if each.state == "late" else "problem_open",
            part=each.record,
        )


def _mentors(make: _Things) -> Iterator[ThingToDo]:
    facts = make.facts
    for light in mentoring.incomplete(facts):
        yield make.thing(
            "mentor",
            f"mentor-{light.kind}-{light.person}",
            light.person,
            light.missing_since,
            words.missing,
            light,
            late=True,
            check="mentor_missing",
            part=light.kind,
        )
    for pairing, task in mentoring.tasks_begun(facts):
        yield make.thing(
            "mentor",
            f"task-{task}-{pairing.id}",
            pairing.trainee,
            None,
            words.task,
            task,
            role=MENTOR,
            mentor=pairing.mentor,
        )


def _hand_overs(make: _Things) -> Iterator[ThingToDo]:
    for each in mentoring.to_hand_over(make.facts):
        pairing = each.pairing
        yield make.thing(
            "mentor",
            f"hand-over-{pairing.id}",
            pairing.trainee,
            each.since or (as_day(pairing.since) if pairing.since else None),
            holding.not_in_post_words,
            each,
            mentor=pairing.mentor,
            late=True,
            check="mentor_left",
            part=pairing.id,
        )


def _vacant(make: _Things) -> Iterator[ThingToDo]:
    for each in mentoring.vacant_posts(make.facts):
        yield make.thing(
            "vacancy",
            f"vacant-{each.post}-{each.kind}",
            "",
            each.since,
            holding.vacant_words,
            each,
            late=True,
            check="secretary_vacant",
            part=each.post,
        )


def _gates(make: _Things) -> Iterator[ThingToDo]:
    """Yield whose stage ends soon, and what must be passed by a day: late at the end of it."""
    for person, where in stages.progress(make.facts).items():
        if where.next_on and where.next_on > make.facts.on:
            yield make.thing(
                "gate",
                f"gate-{where.stage}-{person}",
                person,
                where.next_on,
                words.gate,
                where,
                check="gate_coming",
            )
        if where.deadline:
            is_late = where.deadline < make.facts.on
            yield make.thing(
                "stage",
                f"stage-{where.stage}-{person}",
                person,
                where.deadline,
                words.deadline,
                where,
                late=is_late,
                check="stage_late" if is_late else "stage_deadline",
                part=where.stage,
            )


def _exercises(make: _Things) -> Iterator[ThingToDo]:
    facts = make.facts
    rules = {each.key: each for each in facts.programme.exercises}
    for person in facts.trainees if rules else ():
        for posting in facts.current(person):
            rule = rules.get(posting.kind or "")
            if rule is None or not posting.since or not runs(posting.until, facts.day):
                continue
            for each in exercises.running(facts, person, rule, posting, ahead_days=400):
                if each.trouble in ("ending", "too_long"):
                    yield make.thing(
                        "exercise",
                        f"exercise-{posting.id}",
                        person,
                        each.on,
                        words.exercise,
                        each,
                        late=each.trouble == "too_long",
                        check=f"exercise_{each.trouble}",
                        part=each.kind,
                    )


def _trainings(make: _Things) -> Iterator[ThingToDo]:
    for each in training.trainings(make.facts):
        if each.due and (each.state != "done" or each.due >= make.facts.on):
            yield make.thing(
                "training",
                f"training-{each.training}-{each.person}",
                each.person,
                each.due,
                words.training,
                each,
                late=each.state == "late",
                check="training_missing" if each.state == "late" else "",
                part=each.training,
            )


def _care(make: _Things) -> Iterator[ThingToDo]:
    for each in care.entitlements(make.facts):
        if each.due:
            yield make.thing(
                "care",
                f"care-{each.entitlement}-{each.person}",
                each.person,
                each.due,
                words.care,
                each,
                late=not each.received,
                check="" if each.received else "care_missing",
                part=each.entitlement,
            )


def _focus(make: _Things) -> Iterator[ThingToDo]:
    for each in focus.focus(make.facts):
        if each.state == "to confirm":
            key = f"focus-{each.person}"
            yield make.thing(
                "focus", key, each.person, None, words.focus, each, check="focus_to_confirm"
            )


_MAKERS = (
    _duties, _requests, _mentors, _gates, _problems, _hand_overs, _vacant, _exercises,
    _trainings, _care, _focus,
)  # fmt: skip
