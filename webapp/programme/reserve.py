"""The reserve list: who stands on it and why, who might be put on; putting on and taking off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from flask import Response, flash, redirect, request
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.dates import first_day
from graph.errors import N_, InputError, NotFound
from graph.programme import ReserveRules
from loaders import entry
from queries.programme import reserve as lists
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked, UnitAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.forms import ReserveForm
from webapp.programme.page import as_json, facts, facts_of, page
from webapp.serving.security import for_programs
from webapp.shell.form_links import kept_name
from webapp.shell.forms import offered
from webapp.shell.frame import term
from webapp.shell.language import either, language
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.store import current_store

DECISIONS = ("put_on", "taken_off")


@bp.get("/programme/reserve")
def reserve() -> str:
    """Show the reserve list with a form to put on and take off."""
    known = facts()
    given = {"person": request.args.get("person", ""), "on": known.day}
    return _reserve_page(known, _form(known, ReserveForm(data=given)))


def _form(known: Facts, form: ReserveForm) -> ReserveForm:
    form.person.choices = offered((person, known.name(person)) for person in known.trainees)
    return form


def _reserve_page(known: Facts, form: ReserveForm) -> str:
    cells, listed = Cells(known), known.programme.reserve
    choose = {"person": _("Name"), "stage": _("Stage"), "since": _("Since"), "next": _("Next step")}
    return page(
        "reserve.html",
        "people",
        "postings",
        "reserve",
        form=form,
        title=either(listed) if listed else "",
        listed=listed,
        columns=[
            column("person", _("Name")),
            column("unit", _("Unit")),
            column("since", _("From")),
            column("until", _("Until")),
            column("document", _("Document number"), grow=4),
            column("next", _("Next step")),
        ],
        rows=[
            {
                "person": cells.standing(each.person),
                "unit": cells.unit_of(each.person),
                "since": each.since,
                "until": each.until,
                "document": each.document,
                "next": _chosen(each.person, _("take off or renew")),
            }
            for each in lists.reserve_list(known)
        ],
        ready_columns=[column(key, title) for key, title in choose.items()],
        ready=[
            {
                "person": cells.standing(each.person),
                "stage": term("stages", each.stage),
                "since": each.since and each.since.isoformat(),
                "next": _chosen(each.person, _("put on")),
            }
            for each in lists.proposed(known)
        ],
        history_columns=[
            column("on", _("Day")),
            column("person", _("Name")),
            column("decision", _("Decision")),
            column("until", _("Until")),
            column("document", _("Document number"), grow=4),
        ],
        history=[
            {
                "on": each.on,
                "person": cells.standing(each.person),
                "decision": term("results", each.result),
                "until": each.until,
                "document": each.document,
            }
            for each in lists.decisions(known)
        ],
    )


def _chosen(person: str, word: str) -> dict[str, str]:
    return {"url": link("programme.reserve", person=person, _anchor="decide"), "text": word}


@dataclass(frozen=True)
class Decision:
    """What was decided on somebody's place on the reserve list, from which day, by whom."""

    person: str
    decision: str  # put_on or taken_off
    on: str
    until: str = ""
    document: str = ""
    by: str = ""


def decide(known: Facts, decided: Decision) -> entry.Stored:
    """Store a decision on the reserve list as a record; InputError for whoever has left by then."""
    listed = _list_of(known)
    if decided.decision not in DECISIONS:
        raise InputError(
            N_('"%(value)s" is no decision on the list.'),
            N_("Write put_on or taken_off."),
            value=decided.decision,
        )
    if decided.person not in known.people:
        raise NotFound(N_("There is no {trainee} %(id)s."), id=decided.person)
    row = {
        "person": decided.person,
        "kind": listed.record,
        "on": decided.on,
        "result": listed.put_on if decided.decision == "put_on" else listed.taken_off,
        "until": decided.until,
        "document": decided.document,
    }
    return entry.add(current_store(), "records", row, by=decided.by, language=language())


def _list_of(known: Facts) -> ReserveRules:
    listed = known.programme.reserve
    if listed is None:
        raise InputError(
            N_("The programme has no reserve list."), N_("Name one under reserve in its file.")
        )
    return listed


@bp.post("/programme/reserve")
def decided_on_reserve() -> Response | tuple[str, int]:
    """Keep a decision on the reserve list as a record of the person's file."""
    known = facts()
    form = _form(known, ReserveForm.sent())
    if not form.validate():
        return _reserve_page(known, form), 400
    names = ("person", "decision", "on", "until", "document")
    sent = {name: form[name].data or "" for name in names}
    decided = Decision(**sent, by=form.author)
    try:
        decide(known, decided)
    except InputError as error:
        if not error.problems or form.tell(error.problems):
            raise
        return _reserve_page(known, form), error.status
    listed = _list_of(known)
    result = listed.put_on if decided.decision == "put_on" else listed.taken_off
    what = term("results", result)
    flash(_("%(name)s: %(decision)s.", name=known.name(decided.person), decision=what))
    return redirect(link("programme.reserve"), 303)  # type: ignore[return-value]


class ReserveAnswer(TypedDict):
    """Who stands on the reserve list, who is proposed for it, and what was decided so far."""

    reserve: tuple[lists.ReserveMember, ...]
    proposed: tuple[lists.ProposedMember, ...]
    decisions: tuple[lists.ReserveDecision, ...]


@bp.get("/api/programme/reserve")
@operation(Annotated[Any, PlainOf(ReserveAnswer)], ProgrammeAsked)
def reserve_json() -> Response:
    """Return the reserve list as JSON, with who is proposed and what was decided."""
    return as_json(**reserve_answer(facts()))


def reserve_answer(known: Facts) -> ReserveAnswer:
    """Return what the page, the JSON interface and the command say of the reserve list."""
    return {
        "reserve": lists.reserve_list(known),
        "proposed": lists.proposed(known),
        "decisions": lists.decisions(known),
    }


class ReserveBody(Body):
    """A decision: put_on or taken_off, of whom, from which day, until when, by which document."""

    person: str
    decision: str
    on: str
    until: str = ""
    document: str = ""
    by: str = ""


class StoredDecision(TypedDict):
    """The record that a decision became, and whether the person stands on the list that day."""

    record: str
    is_listed: bool


@bp.post("/api/programme/reserve")
@for_programs(bp)
@operation(StoredDecision, UnitAsked, body=ReserveBody)
def decided_by_json() -> dict[str, Any]:
    """Keep a decision on the reserve list that a program sends."""
    sent = ReserveBody.read()
    given = sent.model_dump() | {"by": sent.by or kept_name()}
    return dict(stored_decision(facts(), Decision(**given)))


def stored_decision(known: Facts, decided: Decision) -> StoredDecision:
    """Store a decision and say what it became, for the JSON interface and the command."""
    row = decide(known, decided)
    day = facts_of(first_day(decided.on))
    listed = lists.reserve_member(day, decided.person) is not None
    return {"record": row.id, "is_listed": listed}
