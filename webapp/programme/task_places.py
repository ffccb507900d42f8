"""Where people are sent to: each place with who is there, its tasks and what is missing."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, url_for
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.programme import task_places as of_places
from queries.programme.facts import Facts
from queries.programme.task_places import PersonThere, PlaceTask, TaskPlaces
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column
from webapp.programme.page import as_json, facts_asked, page
from webapp.shell.frame import term
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

_NAMED = 5  # of more people on one task the number stands there


@bp.get("/programme/places")
def places() -> str:
    """Show each place with its people, tasks and gaps, by the unit above it."""
    known = facts_asked()
    found = of_places.task_places(current_store(), known, ProgrammeAsked.read().unit)
    cells = Cells(known)
    return page(
        "places.html",
        "units",
        "posts",
        "postings",
        "activities",
        "attendance",
        "held_in",
        figures=of_places.place_figures(found),
        columns=[
            column("above", _("Part of")),
            column("unit", _("Unit"), grow=3),
            column("hardship", _("Hardship"), True),
            column("people", _("{Trainees} there"), grow=5),
            column("tasks", _("Tasks"), grow=8),
            column("free", _("Places free"), True),
            column("gaps", _("Gaps"), grow=5),
        ],
        rows=[
            {
                "above": cells.unit(each.above),
                "unit": cells.unit(each.unit),
                "hardship": each.hardship,
                "people": {
                    "list": [_person(cells, who) for who in each.people],
                    "sort": f"{len(each.people):06d}",
                },
                "tasks": _tasks(known, each.tasks),
                "free": each.free,
                "gaps": {
                    "list": [cells.state("yellow", said(gap)) for gap in each.gaps],
                    "sort": f"{len(each.gaps):06d}",
                },
            }
            for each in found.places
        ],
        nowhere=_tasks(known, found.nowhere),
    )


def _person(cells: Cells, who: PersonThere) -> dict[str, Any]:
    kind = term("rotation_kinds", who.kind)
    name = cells.facts.name(who.person)
    return {**cells.person(who.person), "text": f"{name} ({kind})" if kind else name}


def _tasks(known: Facts, tasks: tuple[PlaceTask, ...]) -> dict[str, Any]:
    found = []
    for task in tasks:
        url = url_for("entering.sheet", id=task.activity)
        text = task_words(known, task)
        if task.is_running:
            found.append({"state": "blue", "text": _("%(what)s, now", what=text), "url": url})
        else:
            found.append({"url": url, "text": text})
    return {"list": found, "sort": f"{len(tasks):06d}"}


def task_words(known: Facts, task: PlaceTask) -> str:
    """Return what a task is, from when until when, and who is on it."""
    between = ", " if language() == "en" else "、"
    names = between.join(known.name(each) for each in task.people)
    if len(task.people) > _NAMED:
        names = _("%(people)s people", people=len(task.people))
    period = f"{task.since} – {task.until or ''}".strip() if task.until else task.since
    parts = (term("activity_kinds", task.kind), task.name, period, names)
    return " · ".join(dict.fromkeys(filter(None, parts)))  # a title may be the kind's own


class PlacesAnswer(TypedDict):
    """The places with their people, tasks and gaps, and tasks of which no unit is known."""

    figures: of_places.PlaceFigures
    places: tuple[of_places.TaskPlace, ...]
    nowhere: tuple[PlaceTask, ...]


@bp.get("/api/programme/places")
@operation(Annotated[Any, PlainOf(PlacesAnswer)], ProgrammeAsked)
def places_json() -> Response:
    """Return the places with their people, tasks and gaps as JSON."""
    return as_json(**places_answer(facts_asked(), ProgrammeAsked.read().unit))


def places_answer(known: Facts, unit: str = "") -> PlacesAnswer:
    """Return what the page, the JSON interface and the command say of the places."""
    found: TaskPlaces = of_places.task_places(current_store(), known, unit)
    figures = of_places.place_figures(found)
    return {"figures": figures, "places": found.places, "nowhere": found.nowhere}
