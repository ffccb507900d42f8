"""What is to be done, by whom, in the next days: the audit's duties turned into a list per role.

A role is a level of the programme (district, township, ...), `mentor` or `trainee`. What is late
stands by its consequence (`WORK`), within a kind by its day: what is latest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from graph.dates import add_days
from graph.errors import N_
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
from queries.programme.audit import Level, levels
from queries.programme.facts import Facts, as_day, runs
from queries.sentences import Sentence, Term, say

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


@dataclass(frozen=True)
class Item:
    """One thing to do: by whom, about whom, by when."""

    key: str  # stable over days: the same thing to do keeps it
    kind: str
    role: str
    person: str
    mentor: str | None
    due: date | None
    late: bool
    words: Sentence
    check: str = ""  # of the audit, which finds the same
    light: Level = "blue"  # the one that the audit gives it
    times: int = 1  # how often it should have been done by now
    part: str | None = None  # the duty, kind, measure or record, as the finding has it
    when: When = "undated"  # late, falling due in the days asked for, or without a day
    days_late: int = 0

    @property
    def work(self) -> str:
        """Return which kind of work it is, by its consequence."""
        return _WORK_OF.get(self.check, "other")


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
    guided = {p.trainee for p in facts.mentees.get(person or "", ()) if runs(p.until, facts.day)}
    until = add_days(facts.on, days)
    items = [
        item
        for item in facts.once(_all_items)
        if (item.due is None or item.due <= until or item.check in _OPEN)
        and (role is None or item.role == role)
        and (person is None or person in (item.person, item.mentor) or item.person in guided)
    ]
    return sorted(items, key=_pressing)


def late_count(facts: Facts) -> int:
    """Count what is late, whoever is to do it."""
    return sum(item.when == "late" for item in facts.once(_all_items))


def only(
    items: Iterable[Item],
    work: str | None = None,
    when: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Item]:
    """Keep the items of one kind of work, of one `when`, or due on some days, the last included."""
    return [
        item
        for item in items
        if (work is None or item.work == work)
        and (when is None or item.when == when)
        and (since is None or (item.when == "due" and item.due and item.due >= since))
        and (until is None or (item.when == "due" and item.due and item.due <= until))
    ]


def _pressing(item: Item) -> tuple[int, bool, date, str]:
    return _PLACES[item.work], not item.late, item.due or date.max, item.key


def _all_items(facts: Facts) -> list[Item]:
    make = _Items(facts)
    return [item for maker in _MAKERS for item in maker(make)]


def first_level(facts: Facts) -> str:
    """Return the level that looks after the whole programme: the first one listed."""
    return facts.programme.levels[0].key if facts.programme.levels else MENTOR


class _Items:
    """Makes the items of a day; what nobody else has to do, the first level does."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.first_level = first_level(facts)
        self._levels = levels(facts.programme)

    def item(
        self, kind: str, key: str, person: str, due: date | None, words: Sentence, **rest: Any
    ) -> Item:
        """Make one item; its words may name the person."""
        given = {"role": self.first_level, "mentor": None, "late": False, "check": "", **rest}
        # What should have been done by an earlier day is late.
        past = (self.facts.on - due).days if due else 0
        is_late = given["late"] or past > 0
        return Item(
            key=key,
            kind=kind,
            person=person,
            due=due,
            words=Sentence(words.template, {"name": self.facts.name(person), **words.values}),
            light=self._levels.get(given["check"], "blue"),
            when="late" if is_late else "due" if due else "undated",
            days_late=max(past, 0) if is_late else 0,
            **given,
        )

    def owner(self, level: str | None) -> str:
        """Return the role of a level, the first where none is named."""
        return level or self.first_level


def _duties(make: _Items) -> Iterator[Item]:
    programme = make.facts.programme
    rules = {duty.key: duty.rule.parameters for duty in programme.duties}
    # What nobody's talk fulfils, the trainee writes; the level receives it.
    talks = {request.rule.parameters.by for request in programme.requests}
    for each in duties.duties(make.facts):
        rule = rules[each.duty]
        written = TRAINEE if rule.record not in talks else make.owner(rule.level)
        yield make.item(
            "duty",
            f"duty-{each.duty}-{each.person}",
            each.person,
            each.due,
            say(N_("%(duty)s: %(name)s"), duty=Term("duties", each.duty)),
            role=rule.owner or written,
            late=each.state == "late",
            check={"late": "duty_late", "due": "duty_due", "done": ""}[each.state],
            times=max(each.missed, 1),
            part=each.duty,
        )


def _requests(make: _Items) -> Iterator[Item]:
    asked = N_("Answer %(name)s: %(request)s, asked on %(day)s")
    for each in duties.requests(make.facts):
        if each.state == "done":
            continue
        yield make.item(
            "request",
            f"request-{each.request}-{each.person}-{each.on}",
            each.person,
            each.due,
            say(asked, request=Term("requests", each.request), day=each.on),
            role=make.owner(each.owner),
            late=each.state == "late",
            check="request_late" if each.state == "late" else "request_open",
            part=each.request,
        )


def _problems(make: _Items) -> Iterator[Item]:
    facts, told = make.facts, N_("%(name)s: %(problem)s (%(settled)s)")
    for each in problems.problems(facts):
        if each.state == "done":
            continue
        yield make.item(
            "problem",
            f"problem-{each.record}",
            each.person,
            each.due,
            say(told, problem=each.problem, settled=problems.who_settles(facts, each)),
            role=make.owner(each.level),
            mentor=each.solver if each.solver in facts.people else None,
            late=each.state == "late",
            check="problem_late" if each.state == "late" else "problem_open",
            part=each.record,
        )


def _mentors(make: _Items) -> Iterator[Item]:
    facts = make.facts
    for light in mentoring.incomplete(facts):
        kind = Term("mentoring_kinds", light.kind)
        yield make.item(
            "mentor",
            f"mentor-{light.kind}-{light.person}",
            light.person,
            light.missing_since,
            say(N_("Find a {mentor} (%(kind)s) for %(name)s"), kind=kind),
            late=True,
            check="mentor_missing",
            part=light.kind,
        )
    for pair in mentoring.pairs(facts):
        pairing = pair.pairing
        for task in pair.tasks:
            if task.state not in ("done", "open"):
                yield make.item(
                    "mentor",
                    f"task-{task.key}-{pairing.id}",
                    pairing.trainee,
                    None,
                    say(N_("See %(name)s through: %(task)s"), task=Term("growth_tasks", task.key)),
                    role=MENTOR,
                    mentor=pairing.mentor,
                )


def _hand_overs(make: _Items) -> Iterator[Item]:
    for each in mentoring.to_hand_over(make.facts):
        pairing = each.pairing
        yield make.item(
            "mentor",
            f"hand-over-{pairing.id}",
            pairing.trainee,
            each.since or (as_day(pairing.since) if pairing.since else None),
            holding.not_in_post_words(make.facts, each),
            mentor=pairing.mentor,
            late=True,
            check="mentor_left",
            part=pairing.id,
        )


def _vacant(make: _Items) -> Iterator[Item]:
    for each in mentoring.vacant_posts(make.facts):
        yield make.item(
            "vacancy",
            f"vacant-{each.post}-{each.kind}",
            "",
            each.since,
            holding.vacant_words(make.facts, each),
            late=True,
            check="secretary_vacant",
            part=each.post,
        )


def _gates(make: _Items) -> Iterator[Item]:
    """Yield whose stage ends soon, and what must be passed by a day: late at the end of it."""
    moving = N_("%(name)s: from %(stage)s to %(next)s")
    for person, where in stages.progress(make.facts).items():
        stage, following = Term("stages", where.stage), Term("stages", where.next_stage)
        if where.next_on and where.next_on > make.facts.on:
            yield make.item(
                "gate",
                f"gate-{where.stage}-{person}",
                person,
                where.next_on,
                say(moving, stage=stage, next=following),
                check="gate_coming",
            )
        if where.deadline:
            is_late = where.deadline < make.facts.on
            yield make.item(
                "stage",
                f"stage-{where.stage}-{person}",
                person,
                where.deadline,
                say(N_("%(name)s: the stage %(stage)s is to be passed"), stage=stage),
                late=is_late,
                check="stage_late" if is_late else "stage_deadline",
                part=where.stage,
            )


def _exercises(make: _Items) -> Iterator[Item]:
    facts, ends = make.facts, N_("%(name)s: end of %(kind)s as %(post)s")
    for person in facts.trainees:
        for posting in facts.current(person):
            rule = facts.programme.exercise(posting.kind or "")
            if rule is None or not posting.since or not runs(posting.until, facts.day):
                continue
            for each in exercises.running(facts, person, rule, posting, ahead_days=400):
                if each.trouble in ("ending", "too_long"):
                    post = facts.posts[posting.post].name
                    yield make.item(
                        "exercise",
                        f"exercise-{posting.id}",
                        person,
                        each.on,
                        say(ends, kind=Term("rotation_kinds", each.kind), post=post),
                        late=each.trouble == "too_long",
                        check=f"exercise_{each.trouble}",
                        part=each.kind,
                    )


def _trainings(make: _Items) -> Iterator[Item]:
    for each in training.trainings(make.facts):
        if each.due and (each.state != "done" or each.due >= make.facts.on):
            yield make.item(
                "training",
                f"training-{each.training}-{each.person}",
                each.person,
                each.due,
                say(N_("%(training)s: %(name)s"), training=Term("trainings", each.training)),
                late=each.state == "late",
                check="training_missing" if each.state == "late" else "",
                part=each.training,
            )


def _care(make: _Items) -> Iterator[Item]:
    for each in care.entitlements(make.facts):
        if each.due:
            yield make.item(
                "care",
                f"care-{each.entitlement}-{each.person}",
                each.person,
                each.due,
                say(N_("%(measure)s: %(name)s"), measure=Term("entitlements", each.entitlement)),
                late=not each.received,
                check="" if each.received else "care_missing",
                part=each.entitlement,
            )


def _focus(make: _Items) -> Iterator[Item]:
    for each in focus.focus(make.facts):
        if each.state == "to confirm":
            words = say(N_("Decide on the key-focus list: %(name)s"))
            key = f"focus-{each.person}"
            yield make.item("focus", key, each.person, None, words, check="focus_to_confirm")


_MAKERS = (
    _duties, _requests, _mentors, _gates, _problems, _hand_overs, _vacant, _exercises,
    _trainings, _care, _focus,
)  # fmt: skip
