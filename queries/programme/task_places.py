"""Where people are sent to, each place with who is there, what is done there, and what is missing.

Which units are such places, by which postings somebody is there, and which activities are the
tasks of a place, the programme says under `places`. A task is announced with its end: on a day
before that end it runs, and its end is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from typing_extensions import TypedDict

from graph.errors import N_
from graph.programme import TaskPlaceRules
from graph.rules import Window
from graph.store import Store
from queries.programme.facts import Activity, Facts, Post, runs
from queries.programme.vacancies import vacancies
from queries.sentences import Sentence, say

HELD_IN = """
MATCH (a:Activity)-[:HELD_IN]->(u:Unit)
WHERE a.kind IN $kinds AND a.held_on <= $day
RETURN a.id AS activity, u.id AS unit
ORDER BY activity
"""


class PersonThere(NamedTuple):
    """Who is at a place: in which post, by which kind of posting, since when."""

    person: str
    post: str
    kind: str | None
    since: str | None


class PlaceTask(NamedTuple):
    """One task at a place: what, from when until when, whether it runs, who is on it."""

    activity: str
    name: str
    kind: str | None
    since: str | None
    until: str | None
    is_running: bool
    people: tuple[str, ...]


@dataclass(frozen=True)
class TaskPlace:
    """One place: the unit and the one above it, its people, tasks, free posts and gaps."""

    unit: str
    above: str | None
    hardship: int | None
    people: tuple[PersonThere, ...]
    tasks: tuple[PlaceTask, ...]
    free: int
    gaps: tuple[Sentence, ...]


class PlaceFigures(TypedDict):
    """How many places there are, have somebody, have a gap; how many tasks run."""

    places: int
    settled: int
    running: int
    gaps: int


@dataclass(frozen=True)
class TaskPlaces:
    """All places in the order of the units above them, and tasks of which no unit is known."""

    places: tuple[TaskPlace, ...] = ()
    nowhere: tuple[PlaceTask, ...] = ()


def task_places(store: Store, facts: Facts, unit: str = "") -> TaskPlaces:
    """Return the places of the programme, of a unit and below where one is given."""
    rules = facts.programme.places
    if rules is None:
        return TaskPlaces()
    kinds = facts.programme.kinds_within(rules.activities)
    rows = store.read(HELD_IN, kinds=list(kinds), day=facts.day)
    at = {row["activity"]: row["unit"] for row in rows}
    tasks: dict[str | None, list[PlaceTask]] = defaultdict(list)
    for task in _tasks(facts, rules, kinds):
        tasks[at.get(task.activity)].append(task)
    there = _people(facts)
    posts: dict[str | None, list[Post]] = defaultdict(list)
    for post in facts.posts.values():
        posts[post.unit].append(post)
    free = {each.post: each.capacity - each.held for each in vacancies(facts)}
    found = [
        _place(facts, rules, id_, posts[id_], there[id_], tasks[id_], free)
        for id_, each in facts.units.items()
        if each.kind in rules.unit_kinds and (not unit or unit in facts.chain(id_))
    ]
    found.sort(key=lambda each: (each.above or "", each.unit))
    return TaskPlaces(tuple(found), () if unit else tuple(tasks[None]))


def _tasks(facts: Facts, rules: TaskPlaceRules, kinds: tuple[str, ...]) -> Iterator[PlaceTask]:
    """Yield what runs on the day or was held in the last months, the newest first."""
    first = Window(months=rules.months).first_text(facts.on)
    people: dict[str, list[str]] = defaultdict(list)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in kinds:
                people[activity.id].append(person)
    wanted = [each for each in facts.activities.values() if each.kind in kinds and each.held_on]
    wanted.sort(key=lambda each: (each.held_on or "", each.id), reverse=True)
    for each in wanted:
        is_running = each.until is not None and runs(each.until, facts.day)
        if is_running or _last(each) >= first:
            who = tuple(people[each.id])
            yield PlaceTask(
                each.id, each.name, each.kind, each.held_on, each.until, is_running, who
            )


def _last(activity: Activity) -> str:
    return activity.until or activity.held_on or ""


def _people(facts: Facts) -> dict[str | None, list[PersonThere]]:
    there: dict[str | None, list[PersonThere]] = defaultdict(list)
    for person in facts.trainees:
        for posting in facts.current(person):
            at = facts.posts[posting.post].unit
            there[at].append(PersonThere(person, posting.post, posting.kind, posting.since))
    return there


def _place(
    facts: Facts,
    rules: TaskPlaceRules,
    unit: str,
    posts: list[Post],
    there: list[PersonThere],
    tasks: list[PlaceTask],
    free: dict[str, int],
) -> TaskPlace:
    sent = [each for each in there if each.kind in rules.rotation_kinds]
    own = [each for each in posts if each.kind in rules.post_kinds]
    return TaskPlace(
        unit,
        facts.units[unit].part_of,
        max((each.hardship for each in posts if each.hardship is not None), default=None),
        tuple(there),
        tuple(tasks),
        sum(free.get(each.id, 0) for each in own),
        tuple(_gaps(facts, rules, sent, tasks, {each for post in own for each in post.demands})),
    )


def _gaps(
    facts: Facts,
    rules: TaskPlaceRules,
    sent: list[PersonThere],
    tasks: list[PlaceTask],
    demands: set[str],
) -> Iterator[Sentence]:
    if not sent:
        yield say(N_("no {trainee} is there"))
    brought = {each for one in sent for each in facts.people[one.person].specialties}
    if sent and demands and not demands & brought:
        yield say(N_("nobody there brings: %(what)s"), what=tuple(sorted(demands)))
    if not tasks:
        yield say(N_("no task on file in %(months)s months"), months=rules.months)
    for task in tasks:
        if task.is_running and not task.people:
            yield say(N_("no {trainee} is on: %(task)s"), task=task.name)


def place_figures(found: TaskPlaces) -> PlaceFigures:
    """Count the places, those with somebody, the tasks that run, the places with a gap."""
    return {
        "places": len(found.places),
        "settled": sum(bool(each.people) for each in found.places),
        "running": sum(task.is_running for each in found.places for task in each.tasks),
        "gaps": sum(bool(each.gaps) for each in found.places),
    }
