"""What is to be done, by whom, in the next days: the audit's duties turned into a list per role.

A role is a level of the programme (district, township, ...), `mentor` or `trainee`. What is late
stands by its consequence (`ORDER`), within a kind by its day: what is latest first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

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

# By consequence, as the checks of the audit are called; what is not listed comes last.
ORDER = (
    ("mentor_missing",),
    ("mentor_left",),
    ("request_late", "request_open"),
    ("exercise_too_long", "stage_late"),
    ("duty_late", "problem_late"),
    ("secretary_vacant",),
    ("mentor_overloaded",),
    ("duty_due", "problem_open"),
    ("exercise_ending", "gate_coming", "stage_deadline", ""),
    ("training_missing", "care_missing"),
    ("focus_to_confirm",),
)
_PLACES = {check: place for place, checks in enumerate(ORDER) for check in checks}
_OPEN = ("request_open", "problem_open")  # somebody waits for it, whenever it falls due
When = Literal["late", "due", "undated"]


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


def _pressing(item: Item) -> tuple[int, bool, date, str]:
    place = _PLACES.get(item.check, len(ORDER))
    return place, not item.late, item.due or date.max, item.key


def _timed(item: Item, on: date) -> Item:
    """Say when an item falls due, seen from a day."""
    has_passed = item.due is not None and item.due < on
    is_late = item.late or has_passed
    when: When = "late" if is_late else "due" if item.due else "undated"
    past = (on - item.due).days if item.due and is_late else 0
    return replace(item, when=when, days_late=max(past, 0))


def _all_items(facts: Facts) -> list[Item]:
    items = [*_duties(facts), *_requests(facts), *_mentors(facts), *_gates(facts)]
    items += [*_problems(facts), *_deadlines(facts), *_hand_overs(facts), *_vacant(facts)]
    items += [*_exercises(facts), *_trainings(facts), *_care(facts), *_focus(facts)]
    level_by_check = levels(facts.programme)
    lit = [replace(item, light=level_by_check.get(item.check, "blue")) for item in items]
    return [_timed(item, facts.on) for item in lit]


def _first_level(facts: Facts) -> str:
    """Return the level that looks after the whole programme: the first one listed."""
    return facts.programme.levels[0].key if facts.programme.levels else MENTOR


def _duties(facts: Facts) -> list[Item]:
    rules = {duty.key: duty.rule.parameters for duty in facts.programme.duties}
    # What nobody's talk fulfils, the trainee writes; the level receives it.
    talks = {request.rule.parameters.by for request in facts.programme.requests}
    items = []
    for each in duties.duties(facts):
        rule = rules[each.duty]
        written = TRAINEE if rule.record not in talks else (rule.level or _first_level(facts))
        role = rule.owner or written
        words = say(
            N_("%(duty)s: %(name)s"),
            duty=Term("duties", each.duty),
            name=facts.name(each.person),
        )
        key = f"duty-{each.duty}-{each.person}"
        late = each.state == "late"
        check = {"late": "duty_late", "due": "duty_due", "done": ""}[each.state]
        item = Item(key, "duty", role, each.person, None, each.due, late, words, check)
        items.append(replace(item, times=max(each.missed, 1), part=each.duty))
    return items


def _requests(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"request-{each.request}-{each.person}-{each.on}",
            kind="request",
            role=each.owner or _first_level(facts),
            person=each.person,
            mentor=None,
            due=each.due,
            late=each.state == "late",
            words=say(
                N_("Answer %(name)s: %(request)s, asked on %(day)s"),
                name=facts.name(each.person),
                request=Term("requests", each.request),
                day=each.on,
            ),
            check="request_late" if each.state == "late" else "request_open",
            part=each.request,
        )
        for each in duties.requests(facts)
        if each.state != "done"
    ]


def _problems(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"problem-{each.record}",
            kind="problem",
            role=each.level or _first_level(facts),
            person=each.person,
            mentor=each.solver if each.solver in facts.people else None,
            due=each.due,
            late=each.state == "late",
            words=say(
                N_("%(name)s: %(problem)s (%(settled)s)"),
                name=facts.name(each.person),
                problem=each.problem,
                settled=problems.who_settles(facts, each),
            ),
            check="problem_late" if each.state == "late" else "problem_open",
            part=each.record,
        )
        for each in problems.problems(facts)
        if each.state != "done"
    ]


def _mentors(facts: Facts) -> list[Item]:
    items = []
    for light in mentoring.incomplete(facts):
        words = say(
            N_("Find a {mentor} (%(kind)s) for %(name)s"),
            kind=Term("mentoring_kinds", light.kind),
            name=facts.name(light.person),
        )
        key = f"mentor-{light.kind}-{light.person}"
        role = _first_level(facts)
        items.append(
            Item(
                key, "mentor", role, light.person, None, light.missing_since, True, words,
                "mentor_missing", part=light.kind,
            )
        )  # fmt: skip
    for pair in mentoring.pairs(facts):
        tasks = [task for task in pair.tasks if task.state not in ("done", "open")]
        for task in tasks:
            pairing = pair.pairing
            words = say(
                N_("See %(name)s through: %(task)s"),
                name=facts.name(pairing.trainee),
                task=Term("growth_tasks", task.key),
            )
            key = f"task-{task.key}-{pairing.id}"
            items.append(
                Item(key, "mentor", MENTOR, pairing.trainee, pairing.mentor, None, False, words)
            )
    return items


def _hand_overs(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"hand-over-{each.pairing.id}",
            kind="mentor",
            role=_first_level(facts),
            person=each.pairing.trainee,
            mentor=each.pairing.mentor,
            due=each.since or (as_day(each.pairing.since) if each.pairing.since else None),
            late=True,
            words=holding.not_in_post_words(facts, each),
            check="mentor_left",
            part=each.pairing.id,
        )
        for each in mentoring.to_hand_over(facts)
    ]


def _vacant(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"vacant-{each.post}-{each.kind}",
            kind="vacancy",
            role=_first_level(facts),
            person="",
            mentor=None,
            due=each.since,
            late=True,
            words=holding.vacant_words(facts, each),
            check="secretary_vacant",
            part=each.post,
        )
        for each in mentoring.vacant_posts(facts)
    ]


def _gates(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"gate-{where.stage}-{person}",
            kind="gate",
            role=_first_level(facts),
            person=person,
            mentor=None,
            due=where.next_on,
            late=False,
            words=say(
                N_("%(name)s: from %(stage)s to %(next)s"),
                name=facts.name(person),
                stage=Term("stages", where.stage),
                next=Term("stages", where.next_stage),
            ),
            check="gate_coming",
        )
        for person, where in stages.progress(facts).items()
        if where.next_on and where.next_on > facts.on
    ]


def _deadlines(facts: Facts) -> list[Item]:
    """Return what must be passed by a day; at the end of that day it is late."""
    return [
        Item(
            key=f"stage-{where.stage}-{person}",
            kind="stage",
            role=_first_level(facts),
            person=person,
            mentor=None,
            due=where.deadline,
            late=where.deadline < facts.on,
            words=say(
                N_("%(name)s: the stage %(stage)s is to be passed"),
                name=facts.name(person),
                stage=Term("stages", where.stage),
            ),
            check="stage_late" if where.deadline < facts.on else "stage_deadline",
            part=where.stage,
        )
        for person, where in stages.progress(facts).items()
        if where.deadline
    ]


def _exercises(facts: Facts) -> list[Item]:
    items = []
    for person in facts.trainees:
        for posting in facts.current(person):
            rule = facts.programme.exercise(posting.kind or "")
            if rule is None or not posting.since or not runs(posting.until, facts.day):
                continue
            found = [
                each
                for each in exercises.running(facts, person, rule, posting, ahead_days=400)
                if each.trouble in ("ending", "too_long")
            ]
            for each in found:
                words = say(
                    N_("%(name)s: end of %(kind)s as %(post)s"),
                    name=facts.name(person),
                    kind=Term("rotation_kinds", each.kind),
                    post=facts.posts[posting.post].name,
                )
                key = f"exercise-{posting.id}"
                late = each.trouble == "too_long"
                role = _first_level(facts)
                check = f"exercise_{each.trouble}"
                item = Item(key, "exercise", role, person, None, each.on, late, words, check)
                items.append(replace(item, part=each.kind))
    return items


def _trainings(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"training-{each.training}-{each.person}",
            kind="training",
            role=_first_level(facts),
            person=each.person,
            mentor=None,
            due=each.due,
            late=each.state == "late",
            words=say(
                N_("%(training)s: %(name)s"),
                training=Term("trainings", each.training),
                name=facts.name(each.person),
            ),
            check="training_missing" if each.state == "late" else "",
            part=each.training,
        )
        for each in training.trainings(facts)
        if each.due and (each.state != "done" or each.due >= facts.on)
    ]


def _care(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"care-{each.entitlement}-{each.person}",
            kind="care",
            role=_first_level(facts),
            person=each.person,
            mentor=None,
            due=each.due,
            late=not each.received,
            words=say(
                N_("%(measure)s: %(name)s"),
                measure=Term("entitlements", each.entitlement),
                name=facts.name(each.person),
            ),
            check="" if each.received else "care_missing",
            part=each.entitlement,
        )
        for each in care.entitlements(facts)
        if each.due
    ]


def _focus(facts: Facts) -> list[Item]:
    return [
        Item(
            key=f"focus-{each.person}",
            kind="focus",
            role=_first_level(facts),
            person=each.person,
            mentor=None,
            due=None,
            late=False,
            words=say(N_("Decide on the key-focus list: %(name)s"), name=facts.name(each.person)),
            check="focus_to_confirm",
        )
        for each in focus.focus(facts)
        if each.state == "to confirm"
    ]


def calendar(items: list[Item], made_on: date, text: dict[str, str], name: str) -> str:
    """Write items with a day as an iCalendar file (RFC 5545): whole days, one event an item.

    `text` has the words of each item by its key.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//talent-network//programme//EN"]
    lines += ["CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_escaped(name)}"]
    for item in items:
        if item.due is None:
            continue
        day = max(item.due, made_on)  # what is late stands on the day it is looked at
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(item.key)}@programme",
            f"DTSTAMP:{_basic(made_on)}T000000Z",
            f"DTSTART;VALUE=DATE:{_basic(day)}",
            f"DTEND;VALUE=DATE:{_basic(add_days(day, 1))}",
            f"SUMMARY:{_escaped(text[item.key])}",
            f"CATEGORIES:{_escaped(item.role)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _basic(day: date) -> str:
    """Write a day as iCalendar does; strftime would cut the zeros of an early year."""
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """Escape what iCalendar gives a meaning to.

    >>> _escaped("a,b;c")
    'a\\\\,b\\\\;c'
    """
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Fold a line at 75 octets without cutting a character; what follows begins with a space."""
    parts, part = [], ""
    for character in line:
        if len((part + character).encode()) > 75:
            parts.append(part)
            part = " "
        part += character
    return [*parts, part]
