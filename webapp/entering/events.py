"""Events: what a notice says happened, told before it is stored, stored and undone as one."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import AppError
from graph.store import Row
from loaders.events import KeptEvent, Notice, NoticeOutcome, events, happen, undo_event
from loaders.events.happen import NoticeOutcomeDict, Unconfirmed
from loaders.events.kept import DONE, undone_as_dict
from webapp.entering.blueprint import bp
from webapp.entering.event_forms import EventForm, UndoEventForm
from webapp.entering.event_words import event_title
from webapp.serving.security import for_programs
from webapp.shell.asking import Asked
from webapp.shell.form_links import kept_name
from webapp.shell.frame import person_url
from webapp.shell.language import joined, language
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.told import told

LISTED = 200
_OF_THE_PERSON = ("service", "posting_ends", "posting_begins")  # consequences


class EventsAsked(Asked):
    """Whose events; without a person everybody's."""

    person: str = ""


class NoticeAsked(EventsAsked):
    """What the form of a notice is filled in with, beside whose events are listed."""

    kind: str = ""
    on: str = ""
    post: str = ""
    to: str = ""


EventRow = Annotated[Row, FieldsOf(KeptEvent)]
UndoneEvents = Annotated[Row, FieldsOf(KeptEvent, events=list[EventRow])]


class EventsAnswer(TypedDict):
    """The events that are kept, newest first."""

    events: list[EventRow]


class EventBody(Body):
    """What a notice says; `dry_run` tells what it would do, `reason` confirms doubts."""

    kind: str
    person: str
    on: str
    post: str | None = None
    to: str | None = None
    until: str | None = None
    document: str | None = None
    concurrent: bool = False
    acting: bool = False
    posting: str | None = None
    reason: str = ""
    by: str = ""
    dry_run: bool = False


@bp.get("/events")
def event_list() -> str:
    """Show the form of a notice and the events that are kept."""
    asked = NoticeAsked.read()
    given = {name: text for name, text in asked.model_dump().items() if text}
    return _page(EventForm(data=given), asked.person)


@bp.post("/events")
def event_sent() -> ResponseReturnValue:
    """Tell what a notice would do, or store it with a name and, where doubted, a reason."""
    form = EventForm.sent()
    if not form.validate():
        return _page(form), 400
    stores = form.do.data == "store"
    try:
        (outcome,) = happen(
            current_store(),
            [form.notice],
            by=form.author,
            reason=form.reason.data or "",
            dry_run=not stores,
            language=language(),
        )
    except Unconfirmed as doubted:
        form.reason.errors = [_("Say why it is stored in spite of the doubts.")]
        return _page(form, outcome=doubted.outcomes[0]), 400
    except AppError as error:
        form.kind.errors = [*form.kind.errors, told(error)]
        return _page(form), error.status
    if not stores:
        return _page(form, outcome=outcome)
    own = [each for each in outcome.consequences if each.what in _OF_THE_PERSON]
    first = own or outcome.consequences[:1]
    flash(_("Stored: %(what)s", what=joined(*(said(each.message) for each in first))))
    return redirect(url_for("entering.event_list", person=form.person.data), 303)


@bp.post("/events/<id>/undo")
def event_undone(id: str) -> ResponseReturnValue:
    """Undo an event with all that it brought; refused where later facts stand on it."""
    form = UndoEventForm.sent()
    if not form.validate():
        shown = EventForm()
        shown.by.errors = form.by.errors
        return _page(shown), 400
    done = undo_event(current_store(), id, by=form.author)
    if len(done) > 1:
        flash(_("%(count)s events are undone.", count=len(done)))
        return redirect(url_for("entering.event_list"), 303)
    flash(_("Event %(id)s is undone.", id=event_title(done[0])))
    return redirect(url_for("entering.event_list", person=done[0].person or None), 303)


@bp.get("/api/events")
@operation(EventsAnswer, EventsAsked)
def api_events() -> Response:
    """List the events, newest first, as `flask events --json` does."""
    asked = EventsAsked.read()
    found = events(current_store(), person=asked.person or None, limit=LISTED)
    return jsonify({"events": [each.as_dict() for each in found]})


@bp.post("/api/events")
@for_programs(bp)
@operation(NoticeOutcomeDict, body=EventBody)
def api_event() -> Response:
    """Store what a notice says happened, or tell it only, as `flask event --json` does."""
    sent = EventBody.read()
    notice = Notice(
        sent.kind,
        sent.person,
        sent.on,
        sent.post,
        sent.to,
        sent.document,
        sent.until,
        sent.concurrent,
        sent.acting,
        sent.posting,
    )
    (outcome,) = happen(
        current_store(),
        [notice],
        by=sent.by or kept_name(),
        reason=sent.reason,
        dry_run=sent.dry_run,
        language=language(),
    )
    return jsonify(outcome.as_dict(said))


@bp.post("/api/events/<id>/undo")
@for_programs(bp)
@operation(UndoneEvents)
def api_event_undone(id: str) -> Response:
    """Undo an event or all of a batch, as `flask events undo ID` does."""
    return jsonify(undone_as_dict(undo_event(current_store(), id, by=kept_name() or "API")))


def _page(form: EventForm, person: str = "", outcome: NoticeOutcome | None = None) -> str:
    person = person or form.person.data or ""
    found = events(current_store(), person=person or None, limit=LISTED)
    batches = Counter(each.batch for each in found if each.batch and each.state == DONE)
    return render_template(
        "entering/events.html",
        form=form,
        outcome=outcome,
        said=said,
        person=person,
        undo_form=UndoEventForm(),
        rows=[
            {
                **each.as_dict(),
                "word": event_title(each),
                "url": person_url(each.person) if each.person else "",
                "together": batches.pop(each.batch or "", 0) if each.state == DONE else 0,
            }
            for each in found
        ],
    )
