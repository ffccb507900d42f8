"""Talks and reports: due, late, done; the calendar; receipts; requests."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.dates import add_days, add_months
from queries.programme import duties as owed
from queries.programme import problems as raised
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.charts import heat
from webapp.programme.page import as_json, facts, page
from webapp.shell.asking import OneOf, Year
from webapp.shell.form_links import form_for
from webapp.shell.frame import term
from webapp.shell.operations import operation

MOST_ROWS = 2000

STATES: dict[owed.State, str] = {"late": "red", "due": "yellow", "done": "green"}


def state_word(state: str) -> str:
    """Return how a duty stands."""
    return {"late": _("late"), "due": _("due"), "done": _("done")}[state]


class DutiesAsked(ProgrammeAsked):
    """Which duties are listed; `at` a unit: those of its own trainees."""

    duty: str = ""
    state: Annotated[str, OneOf(*STATES)] = ""
    at: str = ""

    def takes(self, known: Facts, each: owed.DutyStanding) -> bool:
        """Return whether a duty is asked for."""
        return (
            (not self.duty or each.duty == self.duty)
            and (not self.state or each.state == self.state)
            and (not self.at or known.unit_of(each.person) == self.at)
        )


class DutiesPage(DutiesAsked):
    """The year whose receipts are shown."""

    year: Year | None = None


@bp.get("/programme/duties")
def duties() -> str:
    """Show what is due, late and done, by duty and unit, with the calendar and the receipts."""
    known = facts()
    every = owed.duties(known)
    asked = DutiesAsked.read()
    duty, state, at = asked.duty, asked.state, asked.at
    year = _year(known)
    return page(
        "duties.html",
        "people",
        "postings",
        "records",
        totals=Counter(each.state for each in every),
        late_people=len({each.person for each in every if each.state == "late"}),
        duty=duty,
        state=state,
        at=known.units[at].name if at in known.units else "",
        table=_by_duty(known, every),
        colours=STATES,
        at_unit=asked.unit,
        state_word=state_word,
        year=year,
        receipts=_receipts(known, Cells(known), year),
        **_listed(known, every, duty, state, at),
        **_calendar(known, duty),
        **_units(known),
        **_requests(known),
        **_problems(known),
    )


def _by_duty(known: Facts, every: list[owed.DutyStanding]) -> list[tuple[Any, ...]]:
    """Return each duty with its counts by state, each a link to its rows, and its rule."""
    counted = Counter((each.duty, each.state) for each in every)
    return [
        (
            each.key,
            [
                (
                    name,
                    counted[each.key, name],
                    link("programme.duties", duty=each.key, state=name),
                )
                for name in STATES
            ],
            owed.duty_words(each.rule.parameters),
        )
        for each in known.programme.duties
    ]


def _listed(
    known: Facts, every: list[owed.DutyStanding], duty: str, state: str, at: str
) -> dict[str, Any]:
    listed = [
        each
        for each in every
        if DutiesAsked.read().takes(known, each) and (state or each.state != "done")
    ]
    cells = Cells(known)
    return {
        "columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("duty", _("Duty")),
            column("last", _("Last time")),
            column("due", _("Due on")),
            column("next", _("Next step")),
        ],
        "total": len(listed),
        "rows": [_duty_row(known, cells, each) for each in listed[:MOST_ROWS]],
    }


def _duty_row(known: Facts, cells: Cells, each: owed.DutyStanding) -> dict[str, Any]:
    place = str(list(STATES).index(each.state))
    return {
        "state": cells.state(STATES[each.state], state_word(each.state), place),
        "person": cells.standing(each.person),
        "unit": cells.unit_of(each.person),
        "duty": term("duties", each.duty),
        "last": each.last and each.last.isoformat(),
        "due": cells.days(each.due),
        "next": {
            "url": form_for(known, "duty_due", each.person, each.duty),
            "text": _("enter"),
        },
    }


def _calendar(known: Facts, duty: str) -> dict[str, Any]:
    drawn = _drawn(known, duty)
    first = add_months(add_days(known.on, 1), -12).isoformat()
    days = owed.days_of(known, drawn[0], drawn[1]) if drawn else {}
    days = {day: n for day, n in days.items() if first <= day <= known.day}
    return {
        "calendar": heat(days, first, known.day, _("records")) if drawn else None,
        "calendar_total": sum(days.values()),
        "drawn": drawn,
    }


def _units(known: Facts) -> dict[str, Any]:
    return {
        "unit_columns": [
            column("unit", _("Unit")),
            *(column(name, state_word(name), True) for name in STATES),
            column("oldest", _("Late since")),
            column("duties", _("Late duties"), grow=4),
            *([column("own", _("Its own report"), grow=3)] if _owes(known) else ()),
        ],
        "units": [_unit_row(known, Cells(known), each) for each in owed.by_unit(known)],
    }


def _requests(known: Facts) -> dict[str, Any]:
    return {
        "request_columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("request", _("Request")),
            column("on", _("Asked on")),
            column("owner", _("Owner")),
            column("due", _("Answer by")),
            column("answered", _("Answered on")),
            column("next", _("Next step")),
        ],
        "requests": [_request_row(known, Cells(known), each) for each in owed.requests(known)],
    }


def _problems(known: Facts) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "problem_columns": [
            column("state", _("State")),
            column("person", _("Name")),
            column("problem", _("Problem"), grow=5),
            column("on", _("Raised on")),
            column("solver", _("Responsible")),
            column("due", _("Settle by")),
            column("outcome", _("Outcome"), grow=4),
            column("next", _("Next step")),
        ],
        "problems": [_problem_row(known, cells, each) for each in raised.problems(known)],
    }


def _problem_row(known: Facts, cells: Cells, each: raised.TalkProblem) -> dict[str, Any]:
    form = {"url": form_for(known, "problem_open", each.person, each.record), "text": _("settle")}
    words = {"late": _("late"), "due": _("open"), "done": _("settled")}
    return {
        "state": cells.state(STATES[each.state], words[each.state]),
        "person": cells.standing(each.person),
        "problem": each.problem,
        "on": each.on,
        "solver": each.solver and known.name(each.solver),
        "due": each.due and cells.days(each.due),
        "outcome": " · ".join(filter(None, (str(each.closed_on or ""), each.outcome))),
        "next": None if each.state == "done" else form,
    }


class DutiesAnswer(TypedDict):
    """Every duty, how each unit keeps up, and what trainees asked for."""

    duties: list[owed.DutyStanding]
    units: list[owed.UnitStanding]
    requests: list[owed.TraineeRequest]
    problems: list[raised.TalkProblem]


@bp.get("/api/programme/duties")
@operation(Annotated[Any, PlainOf(DutiesAnswer)], DutiesAsked)
def duties_json() -> Response:
    """Return every duty, request and unit's standing as JSON."""
    known, asked = facts(), DutiesAsked.read()
    answer = duties_answer(known)
    answer["duties"] = [each for each in answer["duties"] if asked.takes(known, each)]
    return as_json(**answer)


def duties_answer(known: Facts) -> DutiesAnswer:
    """Return what the page, the JSON interface and the command say of talks and reports."""
    return {
        "duties": owed.duties(known),
        "units": owed.by_unit(known),
        "requests": owed.requests(known),
        "problems": raised.problems(known),
    }


def _unit_row(known: Facts, cells: Cells, each: owed.UnitStanding) -> dict[str, Any]:
    """Return a unit's row; each number leads to as many duties of that unit's own trainees."""
    counts = {"late": each.late, "due": each.due, "done": each.done}
    return {
        "unit": cells.unit(each.unit),
        **{
            name: {
                "url": link("programme.duties", at=each.unit, state=name)
                if n and each.unit
                else "",
                "text": n,
                "sort": n,
            }
            for name, n in counts.items()
        },
        "oldest": cells.days(each.late_since),
        "duties": [f"{term('duties', key)} {n}" for key, n in each.late_duties],
        "own": _own(cells, each),
    }


def _owes(known: Facts) -> bool:
    """Return whether the programme asks units for reports of their own."""
    return any(duty.rule.parameters.owner for duty in known.programme.duties)


def _own(cells: Cells, each: owed.UnitStanding) -> Any:
    """Return how the unit's own report stands that is the most late; a way to the unit's page."""
    if not each.own or each.unit is None:
        return None
    worst = min(each.own, key=lambda own: (list(STATES).index(own.state), own.due))
    cell = cells.state(
        STATES[worst.state],
        f"{state_word(worst.state)} · {worst.due}",
        f"{list(STATES).index(worst.state)}{worst.due}",
    )
    return {**cell, "url": link("programme.unit", id=each.unit)}


def _request_row(known: Facts, cells: Cells, asked: owed.TraineeRequest) -> dict[str, Any]:
    return {
        "state": cells.state(STATES[asked.state], state_word(asked.state)),
        "person": cells.standing(asked.person),
        "request": term("requests", asked.request),
        "on": asked.on.isoformat(),
        "owner": term("levels", asked.owner),
        "due": cells.days(asked.due),
        "answered": asked.answered and asked.answered.isoformat(),
        "next": None
        if asked.answered
        else {
            "url": form_for(known, "request_open", asked.person, asked.request),
            "text": _("enter"),
        },
    }


def _drawn(known: Facts, duty: str) -> tuple[str, str | None] | None:
    """Return the record and level of the calendar: those of the duty chosen, or all first talks."""
    for each in known.programme.duties:
        if not duty or each.key == duty:
            rule = each.rule.parameters
            return rule.record, rule.level if duty else None
    return None


def _year(known: Facts) -> int:
    return DutiesPage.read().year or known.on.year - 1


def _receipts(known: Facts, cells: Cells, year: int) -> list[dict[str, Any]]:
    """Return one table for each yearly report that several levels receive."""
    levels: dict[str, list[str]] = {}
    for duty in known.programme.duties:
        rule = duty.rule.parameters
        if rule.months == 12 and rule.level:
            levels.setdefault(rule.record, []).append(rule.level)
    tables = []
    for record, wanted in levels.items():
        found = owed.receipts(known, record, tuple(wanted), year)
        tables.append(
            {
                "record": record,
                "missing": sum(bool(each.missing) for each in found),
                "people": len(found),
                "columns": [
                    column("person", _("Name")),
                    column("unit", _("Unit")),
                    # A level may be called "unit" as well: its column is told apart.
                    *(column(f"from-{level}", term("levels", level)) for level in wanted),
                ],
                "rows": [
                    {
                        "person": cells.standing(each.person),
                        "unit": cells.unit_of(each.person),
                        **{
                            f"from-{level}": [day.isoformat() for day in each.received[level]]
                            or cells.state("red", _("missing"), "0")
                            for level in wanted
                        },
                    }
                    for each in found
                ],
            }
        )
    return tables
