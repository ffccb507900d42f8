"""The reports that a unit itself owes on its trainees: how they stand, and entering one for all."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, flash, redirect
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_, InputError, NotFound
from graph.programme import Duty
from loaders import entry
from queries.programme import duties as owed
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, UnitAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.duties import STATES, state_word
from webapp.programme.forms import ReportForm
from webapp.programme.page import as_json, facts, page
from webapp.shell.forms import offered
from webapp.shell.frame import term
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.store import current_store


@bp.get("/programme/units/<path:id>")
def unit(id: str) -> str:
    """Show how a unit keeps up with its reports, and a form that enters one for its trainees."""
    known = facts()
    form = _report_form(known, id)
    form.on.data, form.person.data = known.day, [each.value for each in form.person.choices]
    return _unit_page(known, id, form)


def _unit_page(known: Facts, id: str, form: ReportForm) -> str:
    standing = _standing(known, id)
    cells = Cells(known)
    return page(
        "unit.html",
        "people",
        "postings",
        "records",
        id=id,
        standing=standing,
        form=form,
        columns=[
            column("state", _("State")),
            column("person", _("Name")),
            column("duty", _("Duty"), grow=4),
            column("last", _("Last time")),
            column("due", _("Due on")),
        ],
        rows=[
            {
                "state": cells.state(
                    STATES[each.state], state_word(each.state), str(list(STATES).index(each.state))
                ),
                "person": cells.standing(each.person),
                "duty": term("duties", each.duty),
                "last": each.last and each.last.isoformat(),
                "due": cells.days(each.due),
            }
            for each in owed.duties(known)
            if known.unit_of(each.person) == id
        ],
    )


class UnitAnswer(TypedDict):
    """How a unit keeps up with its reports."""

    unit: owed.UnitStanding
    duties: list[owed.DutyStanding]


@bp.get("/api/programme/units/<path:id>")
@operation(Annotated[Any, PlainOf(UnitAnswer)], UnitAsked)
def unit_json(id: str) -> Response:
    """Return how a unit keeps up as JSON."""
    known = facts()
    return as_json(
        unit=_standing(known, id),
        duties=[each for each in owed.duties(known) if known.unit_of(each.person) == id],
    )


@bp.post("/programme/units/<path:id>")
def report_of_unit(id: str) -> Response | tuple[str, int]:
    """Enter a unit's report: one record for each of its trainees that were ticked."""
    known = facts()
    if not _choices(known):
        raise InputError(N_("The programme has no report that a unit owes."))
    form = _report_form(known, id, is_sent=True)
    if not form.validate():
        return _unit_page(known, id, form), 400
    duty = next(each for each in _choices(known) if each.key == form.duty.data)
    rule = duty.rule.parameters
    texts = {
        "kind": rule.record,
        "level": rule.level or rule.owner or "",
        "on": form.on.data,
        "summary": form.summary.data.strip(),
    }
    rows = [{**texts, "person": person} for person in form.person.data]
    try:
        entry.add_all(current_store(), "records", rows, by=form.author, language=language())
    except InputError as error:
        if form.tell(error.problems):
            raise
        return _unit_page(known, id, form), error.status
    flash(_("Stored: %(n)s records.", n=len(rows)))
    return redirect(link("programme.unit", id=id), 303)  # type: ignore[return-value]


def _report_form(known: Facts, id: str, is_sent: bool = False) -> ReportForm:
    form = ReportForm.sent() if is_sent else ReportForm()
    form.duty.choices = offered((d.key, term("duties", d.key)) for d in _choices(known))
    about = [person for person in known.trainees if known.unit_of(person) == id]
    form.person.choices = offered((person, known.name(person)) for person in about)
    return form


def _choices(known: Facts) -> list[Duty]:
    return [duty for duty in known.programme.duties if duty.rule.parameters.owner]


def _standing(known: Facts, id: str) -> owed.UnitStanding:
    if id not in known.units:
        raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=id)
    found = next((each for each in owed.by_unit(known) if each.unit == id), None)
    return found or owed.UnitStanding(id, 0, 0, 0, None, (), ())
