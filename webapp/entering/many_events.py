"""Many events in one table: a year's cohort arrives, a term ends; told, stored, undone as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.declared import nearest
from graph.errors import N_, AppError, Problem, UsageError
from loaders.events.happen import Unconfirmed, UnfitNotices
from loaders.events.many import TableOutcome, TableOutcomeDict, happen_rows, refuse_problems
from loaders.events.table import HEADINGS, NOTICES, by_heading, rows_of_texts
from loaders.naming import NamesUnconfirmed, SeveralFit
from loaders.problems import Findings
from loaders.written import TYPED, texts_of_file, texts_of_pasted
from webapp.entering.blueprint import bp
from webapp.entering.event_forms import ManyEventsForm
from webapp.entering.event_words import offered_kinds, total_lines, word_of
from webapp.entering.rows_field import BesideRows
from webapp.serving.security import for_programs
from webapp.shell import words
from webapp.shell.form_links import kept_name
from webapp.shell.language import joined, language
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.told import told


class EventsBody(Body):
    """Many events: each an object of the columns of `events.csv`; `shared` fills what is empty."""

    events: list[dict[str, str]]
    shared: dict[str, str] | None = None
    reason: str = ""
    by: str = ""
    dry_run: bool = False
    confirm: bool = False


class BesideEvents(BesideRows):
    """What stands beside the rows of events, and what follows from them."""

    outcome: TableOutcome | None = None

    @property
    def doubts(self) -> int:
        """Count the doubts that somebody must confirm."""
        return sum(len(each.doubts) for each in self.outcome.outcomes) if self.outcome else 0


@bp.get("/events/many")
def many_events() -> str:
    """Show an empty table of events."""
    return _page(ManyEventsForm(), BesideEvents(HEADINGS))


@bp.post("/events/many")
def many_events_sent() -> ResponseReturnValue:
    """Take rows into the table, tell what they would do together, or store all of them."""
    form = ManyEventsForm.sent()
    findings = Findings(language())
    form.rows.data += _brought(form, findings)
    if form.do.data == "take" or findings.error_count:
        shown = BesideEvents(HEADINGS, other=_said(findings.problems()))
        return _page(form, shown), 400 if findings.error_count else 200
    if not form.validate():
        return _page(form, BesideEvents(HEADINGS)), 400
    return _tell_or_store(form, stores=form.do.data == "store")


@bp.post("/api/events/many")
@for_programs(bp)
@operation(TableOutcomeDict, body=EventsBody)
def api_many_events() -> Response:
    """Store many events as one, or tell them only, as `flask event --file --json` does."""
    sent = EventsBody.read()
    shared = sent.shared or {}
    for row in (*sent.events, shared):
        _refuse_unknown(row)
    findings = Findings(language())
    rows = rows_of_texts(sent.events, words.programme(), findings, shared)
    refuse_problems(TYPED, findings)
    outcome = happen_rows(
        current_store(),
        rows,
        by=sent.by or kept_name(),
        reason=sent.reason,
        dry_run=sent.dry_run,
        confirmed=sent.confirm,
        language=language(),
    )
    return jsonify(outcome.as_dict(said))


def _refuse_unknown(row: Mapping[str, str]) -> None:
    for heading in row:
        if heading not in HEADINGS:
            raise UsageError(
                N_("An event has no column “%(column)s”."),
                N_("Known: %(known)s."),
                column=heading,
                known=nearest(heading, HEADINGS) or ", ".join(HEADINGS),
            )


def _brought(form: ManyEventsForm, findings: Findings) -> list[dict[str, str]]:
    """Return the rows that were pasted or sent as a file; the fields are empty then."""
    found = texts_of_pasted(NOTICES, form.pasted.data or "", findings)
    form.pasted.data = ""
    file = form.file.data
    if file:
        content = file.read()
        name = file.filename or "events.csv"
        found += texts_of_file(NOTICES, name, lambda: BytesIO(content), findings)
    return found


def _tell_or_store(form: ManyEventsForm, stores: bool) -> ResponseReturnValue:
    shown = BesideEvents(HEADINGS)
    findings = Findings(language())
    rows = rows_of_texts(form.rows.data, words.programme(), findings, form.shared)
    for problem in by_heading(findings.problems()):
        if problem.severity == "error":
            shown.fault((problem.row or 2) - 2, problem.column, _sentence(problem))
    if shown.faults or shown.other:
        return _page(form, shown), 400
    given: dict[str, Any] = {"by": form.author, "reason": form.reason.data or ""}
    given["language"] = language()
    status = 200
    try:
        if stores:
            stored = happen_rows(current_store(), rows, **given)
            flash(_("Stored: %(count)s events, undone as one.", count=len(stored.outcomes)))
            return redirect(url_for("entering.event_list"), 303)
    except (Unconfirmed, NamesUnconfirmed) as doubted:
        status = doubted.status
        shown.other.append(
            _("Say at each doubt why it is stored all the same.")
            if isinstance(doubted, Unconfirmed)
            else _("Look at who is meant, then store it.")
        )
    except AppError as error:
        return _page(form, _with_faults(shown, error)), error.status
    try:
        shown.outcome = happen_rows(current_store(), rows, dry_run=True, **given)
    except AppError as error:
        return _page(form, _with_faults(shown, error)), error.status
    for each in shown.outcome.read_as:
        form.rows.data[each.at][each.column] = each.id
    return _page(form, shown), status


def _with_faults(shown: BesideEvents, error: AppError) -> BesideEvents:
    if not isinstance(error, UnfitNotices):
        shown.other.append(told(error))
        return shown
    for fault in error.faults:
        fitting = fault.error.fitting if isinstance(fault.error, SeveralFit) else ()
        shown.fault(fault.at, fault.column, told(fault.error), fitting)
    return shown


def _said(problems: Iterable[Problem]) -> list[str]:
    return [_sentence(each) for each in problems]


def _sentence(problem: Problem) -> str:
    return joined(problem.message, problem.hint)


def _page(form: ManyEventsForm, shown: BesideEvents) -> str:
    outcome = shown.outcome
    shown.names = outcome.shown if outcome else {}
    marks = [
        (each.key, each.text(language())) for each in words.programme().values("posting_marks")
    ]
    return render_template(
        "entering/many_events.html",
        form=form,
        rows=form.with_blanks(),
        shown=shown,
        outcomes=outcome.outcomes if outcome else (),
        totals=total_lines(outcome.totals) if outcome else [],
        kinds=[("", ""), *offered_kinds()],
        marks=[("", ""), *dict(marks).items()],
        word_of=word_of,
        said=said,
    )
