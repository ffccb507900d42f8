"""Training and exchange: who has had what, totals per period, and the two lists with their gap.

The two lists are the abilities that the posts of the district ask for and what each trainee lacks
for the post held. Between them stand the courses: an ability that people need and no course of the
last two years gave is the gap to plan for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

from graph.errors import N_
from graph.programme import Ability, Training
from graph.rules import Attends, Window
from queries.personnel.spans import reached
from queries.programme.facts import Activity, Facts, as_day, months_after
from queries.programme.stages import progress_of
from queries.sentences import Sentence, Term, say

State = Literal["done", "open", "late"]
COURSE_MONTHS = 24  # a course of the last two years counts as on offer


class TrainingStanding(NamedTuple):
    """How one training stands for one person."""

    training: str
    person: str
    times: int
    last: date | None
    due: date | None
    state: State


@dataclass(frozen=True)
class Period:
    """One kind of activity in one year: how many, how many came, how many different people."""

    year: int
    kind: str
    activities: int
    attendances: int
    people: int


@dataclass(frozen=True)
class Demand:
    """An ability that posts ask for, and how far those who hold them bring it."""

    ability: str
    posts: tuple[str, ...]
    vacant: tuple[str, ...]  # posts that ask for it and have no trainee in them
    having: tuple[str, ...]  # trainees in such a post who bring it
    lacking: tuple[str, ...]  # trainees in such a post who do not
    courses: tuple[Activity, ...]  # held in the last two years

    @property
    def is_gap(self) -> bool:
        """Return whether people need it and no course gave it."""
        return bool(self.lacking) and not self.courses


@dataclass(frozen=True)
class Need:
    """An ability that one trainee lacks for a post held now."""

    person: str
    ability: str
    post: str
    courses: tuple[Activity, ...]  # on offer, not yet attended


def trainings(facts: Facts) -> list[TrainingStanding]:
    """Judge every training for every trainee, late ones first."""
    return facts.once(_all_trainings)


def periods(facts: Facts) -> list[Period]:
    """Count activities and attendances by year and kind, newest first."""
    return facts.once(_periods)


def _periods(facts: Facts) -> list[Period]:
    held: dict[tuple[int, str], set[str]] = defaultdict(set)
    came: dict[tuple[int, str], list[str]] = defaultdict(list)
    for activity in facts.activities.values():
        if activity.held_on:
            held[int(activity.held_on[:4]), activity.kind or ""].add(activity.id)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.held_on:
                came[int(activity.held_on[:4]), activity.kind or ""].append(person)
    order = {kind.key: at for at, kind in enumerate(facts.programme.activity_kinds)}
    keys = sorted(held, key=lambda key: (-key[0], order.get(key[1], len(order)), key[1]))
    return [Period(*key, len(held[key]), len(came[key]), len(set(came[key]))) for key in keys]


def demands(facts: Facts) -> list[Demand]:
    """Return the abilities that posts ask for, those that most people lack first."""
    holders: dict[str, list[str]] = defaultdict(list)
    for person in facts.trainees:
        for posting in facts.current(person):
            holders[posting.post].append(person)
    found = []
    for ability in facts.programme.abilities:
        posts = [p for p in facts.posts.values() if set(p.demands) & set(ability.specialties)]
        in_post = {person for post in posts for person in holders[post.id]}
        having = {person for person in in_post if brings(facts, person, ability)}
        found.append(
            Demand(
                ability=ability.key,
                posts=tuple(post.id for post in posts),
                vacant=tuple(post.id for post in posts if not holders[post.id]),
                having=tuple(sorted(having)),
                lacking=tuple(sorted(in_post - having)),
                courses=_courses(facts, ability),
            )
        )
    return sorted(found, key=lambda each: (not each.is_gap, -len(each.lacking), each.ability))


def needs(facts: Facts) -> list[Need]:
    """Return what each trainee lacks for a post held now, and the courses that would give it."""
    found = []
    for person in facts.trainees:
        seen = {activity.id for activity in facts.attended.get(person, ())}
        for posting in facts.current(person):
            asked = set(facts.posts[posting.post].demands)
            for ability in facts.programme.abilities:
                if asked & set(ability.specialties) and not brings(facts, person, ability):
                    offered = tuple(a for a in _courses(facts, ability) if a.id not in seen)
                    found.append(Need(person, ability.key, posting.post, offered))
    return found


def brings(facts: Facts, person: str, ability: Ability) -> bool:
    """Return whether a person has an ability: by a specialty, or by a course attended."""
    if set(facts.people[person].specialties) & set(ability.specialties):
        return True
    return any(gives(activity.name, ability) for activity in facts.attended.get(person, ()))


def training_words(rule: Attends) -> Sentence:
    """Return what a training asks for."""
    kinds = tuple(Term("activity_kinds_and_groups", kind) for kind in rule.kinds)
    if rule.within_months:
        return say(
            N_("%(count)s × one of: %(kinds)s, within %(months)s months of joining"),
            count=rule.at_least,
            kinds=kinds,
            months=rule.within_months,
        )
    return say(
        N_("%(count)s × one of: %(kinds)s, in every %(months)s months"),
        count=rule.at_least,
        kinds=kinds,
        months=rule.months,
    )


def gives(title: str, ability: Ability) -> bool:
    """Return whether a course of a title gives an ability."""
    return any(word in title for word in ability.courses)


def is_on_offer(facts: Facts, activity: Activity) -> bool:
    """Return whether an activity was held in the last two years."""
    return (activity.held_on or "") >= Window(months=COURSE_MONTHS).first_text(facts.on)


def _courses(facts: Facts, ability: Ability) -> tuple[Activity, ...]:
    return tuple(
        activity
        for activity in facts.activities.values()
        if is_on_offer(facts, activity) and gives(activity.name, ability)
    )


def _all_trainings(facts: Facts) -> list[TrainingStanding]:
    found = chain.from_iterable(facts.of_each(_trainings_of).values())
    order = {"late": 0, "open": 1, "done": 2}
    return sorted(
        found,
        key=lambda each: (order[each.state], each.due or date.max, each.person, each.training),
    )


def _asked(facts: Facts) -> tuple[tuple[Training, Attends, frozenset[str]], ...]:
    """Return what the programme asks for, with all kinds that count for it."""
    within = facts.programme.kinds_within
    return tuple(
        (training, rule, frozenset(within(rule.kinds)))
        for training in facts.programme.trainings
        if (rule := training.rule.parameters)
    )


def _trainings_of(facts: Facts, person: str) -> tuple[TrainingStanding, ...]:
    days: dict[str | None, list[str]] = {}
    for activity in facts.attended.get(person, ()):
        if activity.held_on:
            days.setdefault(activity.kind, []).append(activity.held_on)
    found = []
    for training, rule, kinds in facts.once(_asked):
        here = [day for kind, mine in days.items() if kind in kinds for day in mine]
        found.append(_standing(facts, person, training, rule, sorted(here)))
    return tuple(found)


def _standing(
    facts: Facts, person: str, training: Training, rule: Attends, days: list[str]
) -> TrainingStanding:
    history = progress_of(facts, person).history
    entry = history[0].since if history else None
    last = as_day(days[-1]) if days else None
    if rule.within_months:
        done = len(days) >= rule.at_least
        due = _due(facts, person, entry, rule.within_months)
        due = None if done else due
    else:
        months = rule.months or 0
        first = rule.first_text(facts.on)
        done = sum(day >= first for day in days) >= rule.at_least
        base = as_day(days[-rule.at_least]) if len(days) >= rule.at_least else entry
        due = _due(facts, person, base, months)
        if facts.pauses(person) and len(days) >= rule.at_least:
            done = due is None or facts.on < due
    state: State = "done" if done else "late" if due and due < facts.on else "open"
    return TrainingStanding(training.key, person, len(days), last, due, state)


def _due(facts: Facts, person: str, base: date | None, months: int) -> date | None:
    """Return the day so many months on; the clock rests while the person is on leave."""
    if base is None:
        return None
    pauses = facts.pauses(person)
    return reached([(base, None)], months, pauses) if pauses else months_after(base, months)
