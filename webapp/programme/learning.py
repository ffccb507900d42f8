"""Tables of what people learn: hours by year, needs with their courses, what is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from graph.tables import number_text
from queries.programme.facts import Facts
from queries.programme.learning import CourseList, LearningHours, added
from queries.programme.training_plan import TrainingNeed
from webapp.programme.cells import Cells, column
from webapp.shell.frame import term

Table = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def level_word(level: str | None) -> str:
    """Return what a level of activities is called; of some nobody has said it."""
    return term("activity_levels", level) if level else _("level not given")


def hours_table(known: Facts, found: Iterable[LearningHours], with_person: bool = True) -> Table:
    """Return one row for each person and year: hours, by level and by kind, and what was heard."""
    groups: dict[tuple[str, int], list[LearningHours]] = defaultdict(list)
    for each in found:
        groups[each.person, each.year].append(each)
    levels = [level.key for level in known.programme.activity_levels]
    columns = [
        *([column("person", _("Name"), grow=2), column("unit", _("Unit"), grow=3)]
          if with_person else []),
        column("year", _("Year"), True),
        column("hours", _("Hours"), True),
        column("times", _("Took part"), True),
        *(column(f"of-{level}", level_word(level), True) for level in levels),
        column("kinds", _("By kind"), grow=6),
        column("listened", _("Hours as a listener"), True),
        column("unknown", _("Without hours"), True),
    ]  # fmt: skip
    cells = Cells(known)
    rows = [
        {
            "id": person,
            "person": cells.standing(person),
            "unit": cells.unit_of(person),
            "year": year,
            "hours": number_text(added([each.hours for each in mine])),
            "times": sum(each.times for each in mine),
            **{f"of-{level}": _level_hours(mine, level) for level in levels},
            "kinds": _kinds(mine),
            "listened": number_text(added([each.listened_hours for each in mine])),
            "unknown": sum(each.without_hours for each in mine),
        }
        for (person, year), mine in groups.items()
    ]
    return columns, rows


def _level_hours(mine: list[LearningHours], level: str) -> str:
    return number_text(added([each.hours for each in mine if each.level == level]))


def _kinds(mine: list[LearningHours]) -> list[str]:
    by_kind: dict[str | None, list[float | None]] = defaultdict(list)
    for each in mine:
        if each.hours:
            by_kind[each.kind].append(each.hours)
    return [
        f"{term('activity_kinds', kind)} {number_text(added(hours))}"
        for kind, hours in by_kind.items()
    ]


def kinds_table(found: Iterable[LearningHours]) -> Table:
    """Return one row for each kind and level: person-times and hours, listeners apart."""
    groups: dict[tuple[str, str], list[LearningHours]] = defaultdict(list)
    for each in found:
        groups[each.kind or "", each.level or ""].append(each)
    columns = [
        column("kind", _("Kind")),
        column("level", _("Level")),
        column("people", _("People"), True),
        column("times", _("Took part"), True),
        column("hours", _("Hours"), True),
        column("listened_times", _("Listened"), True),
        column("listened", _("Hours as a listener"), True),
    ]
    rows = [
        {
            "kind": term("activity_kinds", kind),
            "level": level_word(level),
            "people": len({each.person for each in mine}),
            "times": sum(each.times for each in mine),
            "hours": number_text(added([each.hours for each in mine])),
            "listened_times": sum(each.listened_times for each in mine),
            "listened": number_text(added([each.listened_hours for each in mine])),
        }
        for (kind, level), mine in sorted(groups.items())
    ]
    return columns, rows


def subject_word(need: TrainingNeed) -> str:
    """Return what is needed: the title of an ability, or the words that people used."""
    return term("abilities", need.ability) if need.ability else need.subject


def needs_table(known: Facts, found: Iterable[TrainingNeed]) -> Table:
    """Return one row for each need and course: whose it is, what answers it, who was there."""
    cells = Cells(known)
    columns = [
        column("need", _("Need")),
        column("in_post", _("List one: lack it in post"), True),
        column("asked", _("List two: asked for it"), True),
        column("course", _("Course"), grow=5),
        column("held", _("Day"), grow=2),
        column("hours", _("Hours"), True),
        column("attended", _("Attended, of those who need it"), grow=5),
        column("waiting", _("Still need it"), grow=5),
    ]
    rows = []
    for need in found:
        whose = {*need.in_post, *need.asked}
        for course in need.courses or (None,):
            rows.append(
                {
                    "need": subject_word(need),
                    "in_post": len(need.in_post),
                    "asked": len(need.asked),
                    "course": _course(cells, course),
                    "held": course and course.held_on,
                    "hours": course and course.hours and number_text(course.hours),
                    "attended": cells.people(
                        [person for person in course.people if person in whose] if course else []
                    ),
                    "waiting": cells.people(need.waiting),
                }
            )
    return columns, rows


def _course(cells: Cells, course: CourseList | None) -> Any:
    if course is None:
        return cells.state("yellow", _("no course"), "0")
    return (
        cells.state("blue", _("planned: %(course)s", course=course.name), "1")
        if (course.is_planned)
        else course.name
    )


def planned_table(known: Facts, found: Iterable[CourseList]) -> Table:
    """Return one row for each planned activity."""
    cells = Cells(known)
    columns = [
        column("held", _("Day")),
        column("course", _("Course"), grow=4),
        column("kind", _("Kind")),
        column("level", _("Level")),
        column("hours", _("Hours"), True),
        column("people", _("On the list"), grow=6),
    ]
    rows = [
        {
            "held": each.held_on,
            "course": each.name,
            "kind": term("activity_kinds", each.kind),
            "level": level_word(each.level),
            "hours": each.hours and number_text(each.hours),
            "people": cells.people(each.people),
        }
        for each in found
    ]
    return columns, rows
