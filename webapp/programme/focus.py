"""The key-focus list: who meets its rule, and what a person decides."""

from __future__ import annotations

from flask import Response, flash, redirect
from flask_babel import gettext as _

from graph.errors import N_, InputError, NotFound
from loaders import entry
from queries.programme import focus as lists
from queries.programme import stages as machine
from webapp.programme.blueprint import bp
from webapp.programme.cells import link
from webapp.programme.forms import DecisionForm
from webapp.programme.page import facts, page
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.store import current_store


@bp.get("/programme/focus")
def focus() -> str:
    """Show who meets the rule of the key-focus list, and let a person decide."""
    return _focus_page(DecisionForm())


def _focus_page(form: DecisionForm) -> str:
    known = facts()
    listed = known.programme.focus
    return page(
        "focus.html",
        "people",
        "postings",
        "records",
        form=form,
        title=either(listed) if listed else "",
        record=listed.record if listed else None,
        rules=[machine.rule_words(use) for use in listed.rules] if listed else [],
        entries=lists.focus(known),
    )


@bp.post("/programme/focus/<path:id>")
def decide_focus(id: str) -> Response | tuple[str, int]:
    """Keep a person's decision on the key-focus list as a record of the growth file."""
    known = facts()
    listed = known.programme.focus
    form = DecisionForm.sent()
    result = form.result.data
    if listed is None or listed.record is None:
        raise InputError(N_("The programme has no key-focus list that a record could decide."))
    if result not in listed.decisions:
        raise InputError(N_('result "%(value)s" is not a decision.'), value=result)
    if id not in known.trainees:
        raise NotFound(N_("There is no {trainee} %(id)s."), id=id)
    texts = {"person": id, "kind": listed.record, "on": known.day, "result": result}
    if not form.validate():
        return _focus_page(form), 400
    row = {**texts, "summary": form.summary.data}
    entry.add(current_store(), "records", row, by=form.author)
    message = _("%(name)s: %(decision)s.", name=known.name(id), decision=term("results", result))
    flash(message)
    return redirect(link("programme.focus"), 303)  # type: ignore[return-value]
