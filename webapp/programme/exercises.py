"""Exercises: who has done which kind, what is too long or missing, who came in which month."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_
from queries.programme import exercises as exercise_rules
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column
from webapp.programme.charts import bars, summary
from webapp.programme.page import as_json, facts, page
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.sentences import said

TROUBLES = {
    "too_long": ("red", N_("too long")),
    "out_of_order": ("red", N_("out of order")),
    "no_home_post": ("red", N_("no home post")),
    "too_short": ("yellow", N_("too short")),
    "ending": ("blue", N_("ending soon")),
    "missing": ("blue", N_("not begun")),
}


@bp.get("/programme/exercises")
def exercises() -> str:
    """Show the matrix of people and kinds of exercise, gaps first, and who came month by month."""
    known = facts()
    coverage = exercise_rules.coverage(known)
    counts = Counter(row.count for row in coverage)
    return page(
        "exercises.html",
        "people",
        "posts",
        "postings",
        "activities",
        "attendance",
        kinds=exercise_rules.mechanisms(known),
        counts=dict(sorted(counts.items())),
        all=len(coverage),
        rules=[
            (
                term("rotation_kinds", each.key),
                [said(w) for w in exercise_rules.exercise_words(known.programme, each)],
            )
            for each in known.programme.exercises
        ],
        **_matrix(known, coverage),
        **_found(known),
        **_monthly(known),
    )


def _matrix(known: Facts, coverage: list[exercise_rules.Coverage]) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "columns": [
            column("person", _("Name"), grow=3),
            column("cohort", _("Cohort"), True, grow=2),
            column("unit", _("Unit"), grow=4),
            column("count", _("Kinds"), True, grow=2),
            *(column(kind, kind, grow=4) for kind in exercise_rules.mechanisms(known)),
        ],
        "rows": [
            {
                "person": cells.standing(row.person),
                "cohort": known.people[row.person].cohort,
                "unit": cells.unit_of(row.person),
                "count": row.count,
                **{kind: _coverage_cell(cells, cell) for kind, cell in row.cells.items()},
            }
            for row in coverage
        ],
    }


def _found(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "finding_columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("kind", _("Kind")),
            column("post", _("Post")),
            column("on", _("Day")),
        ],
        "findings": [
            {
                "state": cells.state(TROUBLES[each.trouble][0], _(TROUBLES[each.trouble][1])),
                "person": cells.standing(each.person),
                "kind": term("rotation_kinds", each.kind),
                "post": cells.post(each.posting.post) if each.posting else None,
                "on": cells.days(each.on),
            }
            for each in exercise_rules.findings(known, known.programme.audit.ahead_days)
        ],
    }


def _monthly(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    months = exercise_rules.monthly(known)
    drawn = [month for month in reversed(months) if month.training == months[0].training]
    names = [month.month for month in drawn]
    values = [len(month.people) for month in drawn]
    return {
        "months": bars(names, values, _("people")),
        "months_words": summary(names, values),
        "month_titles": [
            term("trainings", key) for key in dict.fromkeys(month.training for month in months)
        ],
        "month_columns": [
            column("month", _("Month")),
            column("training", _("Training")),
            column("activities", _("Activities"), True),
            column("came", _("Came"), True),
            column("missed", _("Did not come"), True),
            column("people", _("Who came"), grow=8),
            column("absent", _("Who did not come"), grow=8),
        ],
        "month_rows": [
            {
                "month": month.month,
                "training": term("trainings", month.training),
                "activities": len(month.activities) or cells.state("yellow", _("none held"), "0"),
                "came": len(month.people),
                "missed": len(month.missed),
                "people": cells.people(month.people),
                "absent": cells.people(month.missed),
            }
            for month in months
        ],
    }


class ExercisesAnswer(TypedDict):
    """The matrix of exercises, the findings, and who came month by month."""

    coverage: list[exercise_rules.Coverage]
    findings: list[exercise_rules.ExerciseFinding]
    months: list[exercise_rules.ExerciseMonth]


@bp.get("/api/programme/exercises")
@operation(Annotated[Any, PlainOf(ExercisesAnswer)], ProgrammeAsked)
def exercises_json() -> Response:
    """Return the matrix, the findings and who came month by month as JSON."""
    return as_json(**exercises_answer(facts()))


def exercises_answer(known: Facts) -> ExercisesAnswer:
    """Return what the page, the JSON interface and the command say of exercises."""
    return {
        "coverage": exercise_rules.coverage(known),
        "findings": exercise_rules.findings(known, known.programme.audit.ahead_days),
        "months": exercise_rules.monthly(known),
    }


def _coverage_cell(cells: Cells, cell: exercise_rules.Cell) -> Any:
    if not cell.covered:
        return cells.state("yellow", _("none"), "0")
    words = []
    if cell.postings:
        words.append(_("%(months)s months", months=cell.months))
    if cell.days:
        words.append(_("%(times)s times", times=cell.days))
    text = " + ".join(words)
    sort = f"{cell.months * 31 + cell.days:06d}"
    if cell.running:
        return cells.state("blue", _("%(what)s, now", what=text), sort)
    return {"text": text, "sort": sort}
