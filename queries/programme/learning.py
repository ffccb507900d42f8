"""Hours of training: who has how many in which year, of which kind and level; what is planned.

Hours are those of the activity, and count for who took part. Who was there in a role whose hours
do not count (旁听) has them apart; the programme says which roles those are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from graph.cache import per_version
from graph.store import Store
from queries.programme.facts import Activity, Facts

LISTENERS = """
MATCH (p:Person)-[e:TOOK_PART_IN]->(a:Activity)
WHERE e.role IN $roles
RETURN p.id AS person, a.id AS activity
ORDER BY person, activity
"""
PLANNED = """
MATCH (a:Activity)
WHERE a.held_on > $day
RETURN a.id AS id, a.name AS name, a.kind AS kind, a.held_on AS held_on, a.until AS until,
  a.place AS place, a.hours AS hours, a.level AS level
ORDER BY held_on, id
"""
_ON_THE_LIST = """
MATCH (p:Person)-[:TOOK_PART_IN]->(a:Activity)
WHERE a.held_on > $day
RETURN a.id AS activity, p.id AS person
ORDER BY activity, person
"""


class LearningHours(NamedTuple):
    """What one person has from activities of one kind and level in one year."""

    person: str
    year: int
    kind: str | None
    level: str | None
    hours: float  # as one who took part
    times: int
    listened_hours: float  # as a listener, in no sum with the others
    listened_times: int
    without_hours: int  # activities whose hours nobody has said, of both


@dataclass(frozen=True)
class CourseList:
    """An activity, held or planned, and the trainees who were there or are on its list."""

    activity: str
    name: str
    kind: str | None
    level: str | None
    held_on: str | None
    hours: float | None
    is_planned: bool
    people: tuple[str, ...]


def learning_hours(
    store: Store, facts: Facts, year: int | None = None, person: str = ""
) -> list[LearningHours]:
    """Return the hours of a year, or of all, of everybody or of one, by person and newest year."""
    listening = listeners(store, facts)
    found: dict[tuple[str, int, str | None, str | None], list[tuple[Activity, bool]]]
    found = defaultdict(list)
    for each in [person] if person else facts.trainees:
        for activity in facts.attended.get(each, ()):
            at = int(activity.held_on[:4]) if activity.held_on else None
            if at is not None and year in (None, at):
                listens = (each, activity.id) in listening
                found[each, at, activity.kind, activity.level].append((activity, listens))
    made = [_hours_of(key, rows) for key, rows in found.items()]
    return sorted(made, key=lambda h: (h.person, -h.year, h.kind or "", h.level or ""))


def _hours_of(
    key: tuple[str, int, str | None, str | None], rows: list[tuple[Activity, bool]]
) -> LearningHours:
    taken = [activity.hours for activity, listens in rows if not listens]
    heard = [activity.hours for activity, listens in rows if listens]
    unknown = sum(hours is None for hours in (*taken, *heard))
    return LearningHours(*key, added(taken), len(taken), added(heard), len(heard), unknown)


def added(numbers: list[float | None]) -> float:
    """Sum numbers of two decimals, without what floating point leaves behind."""
    return sum(round((number or 0) * 100) for number in numbers) / 100


def listeners(store: Store, facts: Facts) -> frozenset[tuple[str, str]]:
    """Return person and activity of each attendance whose hours do not count."""
    roles = tuple(r.key for r in facts.programme.attendance_roles if not r.counts_hours)
    return _listeners(store, roles) if roles else frozenset()


@per_version(1)
def _listeners(store: Store, roles: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    rows = store.read(LISTENERS, roles=list(roles))
    return frozenset((row["person"], row["activity"]) for row in rows)


def planned(store: Store, facts: Facts) -> list[CourseList]:
    """Return the activities after the day, the next one first, with who is on their lists."""
    listed: dict[str, list[str]] = defaultdict(list)
    for row in store.read(_ON_THE_LIST, day=facts.day):
        listed[row["activity"]].append(row["person"])
    ours = set(facts.trainees)
    rows = store.read_tuples(PLANNED, Activity._fields, day=facts.day)
    return [
        course_list(activity, True, [p for p in listed[activity.id] if p in ours])
        for activity in sorted((Activity(*row) for row in rows), key=lambda a: (a.held_on, a.id))
    ]


def course_list(activity: Activity, is_planned: bool, people: list[str]) -> CourseList:
    """Return an activity with its people."""
    return CourseList(
        activity.id,
        activity.name,
        activity.kind,
        activity.level,
        activity.held_on,
        activity.hours,
        is_planned,
        tuple(people),
    )
