"""Training: who lacks which, what was held, what posts ask for and nobody brings."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.programme import learning
from queries.programme import training as trainings
from queries.programme.facts import Facts
from queries.programme.training_plan import TrainingNeed, training_needs
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.files import as_file, file_links
from webapp.programme.learning import hours_table, kinds_table, needs_table, planned_table
from webapp.programme.page import as_json, facts, page
from webapp.shell.asking import OneOf, Year
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store


class TrainingAsked(ProgrammeAsked):
    """The year whose hours are shown (that of the day), and whether planned courses are."""

    year: Year | None = None
    planned: Annotated[str, OneOf("yes")] = ""


class TrainingPage(TrainingAsked):
    """The page, or one of its tables as a file."""

    format: Annotated[str | None, OneOf("csv", "xlsx")] = None
    table: Annotated[str, OneOf("hours", "needs", "planned")] = "hours"


@bp.get("/programme/training")
def training() -> str | Response:
    """Show who lacks which training, hours, and the two lists with their courses."""
    known, asked = facts(), TrainingPage.read()
    answer = training_answer(known, asked)
    if asked.format:
        columns, rows = {
            "hours": lambda: hours_table(known, answer["hours"]),
            "needs": lambda: needs_table(known, answer["needed"]),
            "planned": lambda: planned_table(known, answer["planned"]),
        }[asked.table]()
        return as_file(asked.table, _("Training"), columns, rows, asked.format)
    year = asked.year or known.on.year
    kept = {"year": year, "planned": asked.planned or None}
    standings = trainings.trainings(known)
    demands = trainings.demands(known)
    return page(
        "training.html",
        "people",
        "posts",
        "postings",
        "activities",
        "attendance",
        "listeners",
        "needs",
        "planned",
        year=year,
        years=[link("programme.training", **{**kept, "year": y}) for y in (year - 1, year + 1)],
        is_planned=bool(asked.planned),
        planned_url=link("programme.training", year=year, planned=None if asked.planned else "yes"),
        hours=hours_table(known, answer["hours"]),
        kinds=kinds_table(answer["hours"]),
        needed=needs_table(known, answer["needed"]),
        coming=planned_table(known, answer["planned"]),
        files={t: file_links("programme.training", table=t, **kept) for t in ("hours", "needs")},
        standings=standings,
        late=sum(each.state == "late" for each in standings),
        gaps=[term("abilities", demand.ability) for demand in demands if demand.is_gap],
        rules=[
            (term("trainings", each.key), trainings.training_words(each.rule.parameters))
            for each in known.programme.trainings
        ],
        **_lacking(known),
        **_periods(known),
        **_demands(known),
        **_needs(known),
    )


def _lacking(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("training", _("Training")),
            column("last", _("Last time")),
            column("due", _("By")),
        ],
        "rows": [
            {
                "state": cells.state("yellow", _("late"), "0")
                if each.state == "late"
                else cells.state("blue", _("not yet"), "1"),
                "person": cells.standing(each.person),
                "unit": cells.unit_of(each.person),
                "training": term("trainings", each.training),
                "last": each.last and each.last.isoformat(),
                "due": cells.days(each.due),
            }
            for each in trainings.trainings(known)
            if each.state != "done"
        ],
    }


def _periods(known: Facts) -> dict[str, Any]:
    return {
        "period_columns": [
            column("year", _("Year"), True),
            column("kind", _("Kind")),
            column("activities", _("Activities"), True),
            column("attendances", _("Attendances"), True),
            column("people", _("People"), True),
        ],
        "periods": [
            {
                "year": period.year,
                "kind": term("activity_kinds", period.kind),
                "activities": period.activities,
                "attendances": period.attendances,
                "people": period.people,
            }
            for period in trainings.periods(known)
        ],
    }


def _demands(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "demand_columns": [
            column("ability", _("Ability")),
            column("posts", _("Posts that ask for it"), True),
            column("vacant", _("Nobody in post"), True),
            column("having", _("Bring it"), True),
            column("lacking", _("Lack it"), grow=6),
            column("courses", _("Courses of two years"), grow=4),
        ],
        "demands": [
            {
                "ability": term("abilities", demand.ability),
                "posts": len(demand.posts),
                "vacant": len(demand.vacant),
                "having": len(demand.having),
                "lacking": cells.people(demand.lacking),
                "courses": [f"{a.name} {a.held_on}" for a in demand.courses]
                or cells.state("yellow", _("none"), "0"),
            }
            for demand in trainings.demands(known)
        ],
    }


def _needs(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "need_columns": [
            column("person", _("Name")),
            column("post", _("Post")),
            column("ability", _("Ability lacking")),
            column("courses", _("Courses that would give it")),
        ],
        "needs": [
            {
                "person": cells.standing(need.person),
                "post": cells.post(need.post),
                "ability": term("abilities", need.ability),
                "courses": [course.name for course in need.courses],
            }
            for need in trainings.needs(known)
        ],
    }


class TrainingAnswer(TypedDict):
    """Trainings, totals per year, the two lists, hours of a year, needs with their courses."""

    trainings: list[trainings.TrainingStanding]
    periods: list[trainings.Period]
    demands: list[trainings.Demand]
    needs: list[trainings.Need]
    hours: list[learning.LearningHours]
    needed: list[TrainingNeed]
    planned: list[learning.CourseList]


@bp.get("/api/programme/training")
@operation(Annotated[Any, PlainOf(TrainingAnswer)], TrainingAsked)
def training_json() -> Response:
    """Return trainings, totals per year, the two lists, hours and needs with courses as JSON."""
    return as_json(**training_answer(facts(), TrainingAsked.read()))


def training_answer(known: Facts, asked: TrainingAsked | None = None) -> TrainingAnswer:
    """Return what the page, the JSON interface and the command say of training."""
    store, asked = current_store(), asked or TrainingAsked()
    coming = learning.planned(store, known) if asked.planned else []
    return {
        "trainings": trainings.trainings(known),
        "periods": trainings.periods(known),
        "demands": trainings.demands(known),
        "needs": trainings.needs(known),
        "hours": learning.learning_hours(store, known, asked.year or known.on.year),
        "needed": training_needs(store, known, coming),
        "planned": coming,
    }
