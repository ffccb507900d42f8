"""The wording that is the office's own: the three lists of a pair and the rule of the focus list.

Edited on a page, checked like `programme.yaml`, stored in the programme with its change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.changes import changes_of
from graph.declared import Names
from graph.errors import N_, InputError, NotFound
from graph.programme import Programme
from graph.rules import GateRule
from loaders import wording as stored
from queries.programme.stages import gate_title
from webapp.entering.history import PARTS, lines
from webapp.programme.answers import PlainOf, UnitAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import link
from webapp.programme.forms import SentGate, WordingForm, clean
from webapp.programme.page import as_json, facts
from webapp.shell import words
from webapp.shell.forms import offered
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

NEW_ROWS = 2  # empty lines for new items
_FIELDS = {
    "months": N_("months"),
    "at_least": N_("at least"),
    "kind": N_("kind"),
    "unit_kinds": N_("in units of the kind"),
    "or_post_kinds": N_("or in posts of the kind"),
    "rank": N_("rank"),
    "stage": N_("stage"),
    "record": N_("record"),
    "results": N_("results"),
}
# Fields whose words stand in a list that the rule itself does not name.
_LISTS = {"results": "results"}


@bp.get("/programme/wording")
def wording() -> str:
    """Show the three lists and the focus rule as a form."""
    now = stored.wording(current_store())
    return _page(_form_of(now.parts, now.marks), now, now.parts)


class WordingAnswer(TypedDict):
    """The programme's own wording, by part."""

    wording: dict[str, Any]


@bp.get("/api/programme/wording")
@operation(Annotated[Any, PlainOf(WordingAnswer)], UnitAsked)
def wording_json() -> Response:
    """Return the three lists and the focus rule as JSON."""
    facts()
    return as_json(wording=stored.wording(current_store()).parts)


@bp.get("/programme/programme.yaml")
def programme_file() -> Response:
    """Return the programme's rules as the file that they came as, with what was edited since."""
    text = words.programme_text()
    if not text:
        raise NotFound(N_("No programme is stored."), N_("Load a data set with a programme.yaml."))
    answer = Response(text, mimetype="text/yaml")
    answer.headers["Content-Disposition"] = "attachment; filename=programme.yaml"
    return answer


@bp.post("/programme/wording")
def reword() -> Response | str | tuple[str, int]:
    """Store the form; what somebody else changed meanwhile is shown beside it, not overwritten."""
    now = stored.wording(current_store())
    form = WordingForm.sent()
    parts = _given(form, now)
    if form.do.data == "add":
        return _page(form, now, parts)
    if not form.validate():
        return _page(form, now, parts), 400
    try:
        stored.reword(current_store(), parts, by=form.author, seen=form.seen.data)
    except stored.Reworded as error:
        # Who saves again has seen the other's words, and means it.
        form.seen.data |= {name: error.now.marks[name] for name in error.parts}
        return _page(form, error.now, parts, conflict=error), 409
    except InputError as error:
        return _page(form, now, parts, error=error), 400
    flash(_("Stored: %(what)s.", what=_("the programme's own wording")))
    return redirect(link("programme.wording"), 303)  # type: ignore[return-value]


def _form_of(parts: Mapping[str, Any], marks: Mapping[str, str]) -> WordingForm:
    focus = parts[stored.FOCUS] or {}
    texts = {f"focus_{part}": focus.get(part, "") for part in ("zh", "en", "record")}
    return WordingForm(data={"seen": dict(marks), **texts})


def _page(
    form: WordingForm,
    now: stored.Wording,
    parts: Mapping[str, Any],
    error: InputError | None = None,
    conflict: stored.Reworded | None = None,
) -> str:
    store = current_store()
    problems = [each.message for each in error.problems] if error else []
    if error and not problems:
        problems = [" ".join(filter(None, error.translated(_)))]
    focus = parts[stored.FOCUS]
    records = [(each.key, term("record_kinds", each.key)) for each in now.programme.record_kinds]
    form.focus_record.choices = offered([("", ""), *records])
    form.add.choices = offered((name, said(gate_title(name))) for name in GateRule.model_fields)
    return render_template(
        "programme/wording.html",
        form=form,
        lists=[(name, _(PARTS[name]), parts[name]) for name in stored.LISTS],
        new_rows=range(NEW_ROWS),
        focus_title=_(PARTS[stored.FOCUS]),
        rules=[_rule(now.programme, use) for use in focus["rules"]] if focus else [],
        problems=problems,
        conflict=conflict,
        theirs=[(_(PARTS[name]), stored.lines(conflict.now.parts[name])) for name in conflict.parts]
        if conflict
        else [],
        last=lines(store, [conflict.last])[0] if conflict and conflict.last else None,
        history_rows=lines(store, changes_of(store, stored.TABLE, now.id)[:20]),
        file_url=url_for("programme.programme_file"),
    )


# --- the rule's fields --------------------------------------------------------------------------


def _rule(programme: Programme, use: Mapping[str, Any]) -> dict[str, Any]:
    """Describe one rule for the form: its name in words, and a field for each parameter."""
    ((name, given),) = use.items()
    return {
        "name": name,
        "title": said(gate_title(name)),
        "fields": [
            {
                "name": field,
                "title": _(_FIELDS.get(field, field)),
                "many": many,
                "choices": _choices(programme, terms, given.get(field), many) if terms else None,
                "value": given.get(field),
            }
            for field, terms, many in _parameters(name)
        ],
    }


def _choices(
    programme: Programme, terms: str, value: Any, many: bool
) -> list[tuple[str, str, bool]]:
    chosen = list(value or ()) if many else [value] if value else []
    keys = dict.fromkeys([*chosen, *(term.key for term in programme.terms(terms))])
    return [(key, words.title(terms, key), key in chosen) for key in keys]


def _parameters(rule: str) -> list[tuple[str, str | None, bool]]:
    """List a rule's parameters: name, the programme's list of its words, whether it takes many."""
    (model, *_none) = get_args(GateRule.model_fields[rule].annotation)
    found = []
    for name, field in model.model_fields.items():
        marks = [*field.metadata, *_marks(field.annotation)]
        listed = next((mark.list for mark in marks if isinstance(mark, Names)), _LISTS.get(name))
        found.append((name, listed, str(field.annotation).startswith("tuple")))
    return found


def _marks(annotation: Any) -> list[Any]:
    found = list(getattr(annotation, "__metadata__", ()))
    for part in get_args(annotation):
        found += _marks(part)
    return found


# --- the form read ------------------------------------------------------------------------------


def _given(form: WordingForm, now: stored.Wording) -> dict[str, Any]:
    """Make the parts of the wording from what was sent."""
    parts: dict[str, Any] = {name: form[name].data for name in stored.LISTS}
    parts[stored.FOCUS] = _focus(form, now.parts[stored.FOCUS])
    return parts


def _focus(form: WordingForm, before: Any) -> Any:
    zh, en, record = (
        clean(each.data) for each in (form.focus_zh, form.focus_en, form.focus_record)
    )
    if not zh and not en:
        return before
    known = GateRule.model_fields
    rules = [{gate.name: _values(gate)} for gate in form.gates.data if gate.name in known]
    if form.do.data == "add" and form.add.data in known:
        rules.append({form.add.data: {}})
    return {
        "key": before["key"] if before else "focus",
        "zh": zh or en,
        "en": en or zh,
        **({"record": record} if record else {}),
        **{name: before[name] for name in ("confirmed", "removed") if before and name in before},
        "rules": rules,
    }


def _values(gate: SentGate) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, terms, many in _parameters(gate.name):
        texts = gate.texts.get(name, [])
        value: Any = texts if many else next(iter(texts), "")
        if not many and value.isascii() and value.isdigit() and not terms:
            value = int(value)
        if value:
            given[name] = value
    return given
