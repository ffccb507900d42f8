"""The fields of a form, made from the columns of a table, the programme's lists and what is stored.

A form speaks the language of a file: each field is the text of one cell, by heading. Only here is
a text made of several inputs (ticked boxes, the states of growth tasks).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from graph.errors import Problem
from graph.schema import Column, Labels, Reference, Table
from graph.store import Store
from graph.terms import TitledTerm
from queries.choices import choices
from webapp.shell import words
from webapp.shell.language import either, language
from webapp.shell.marks import ROLES

_LONG_TEXTS = {"summary"}
_KINDS = {"Person": "people", "Unit": "units", "Post": "posts", "Activity": "activities"}
MOST_CHOICES = 300


@dataclass(frozen=True)
class Field:
    """One field as the template draws it."""

    heading: str
    title: str
    widget: str  # text, long, number, date, choice, boxes, tasks, reference, fixed
    text: str
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    shown: str = ""  # name of what a reference names
    search: str = ""  # what a reference is searched among: people, posts, ...
    hint: str = ""
    problems: tuple[Problem, ...] = ()
    ticked: Mapping[str, str] = field(default_factory=dict)


def fields(
    store: Store,
    table: Table,
    texts: Mapping[str, str],
    problems: Iterable[Problem] = (),
    fixed: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
) -> list[Field]:
    """Make the fields of a row with the texts that it holds now."""
    found = list(problems)
    locked = set(fixed)
    return [
        _field(
            store,
            table,
            column,
            texts.get(column.heading, ""),
            tuple(each for each in found if each.column == column.heading),
            column.heading in locked,
            (names or {}).get(column.heading, ""),
        )
        for column in table.columns
    ]


def title(column: Column) -> str:
    """Return a column's title in the language in use."""
    return either({"zh_Hans": column.zh, "en": column.en})


def texts_given(table: Table, form: MultiDict[str, str]) -> dict[str, str]:
    """Read the cells of a row from a form or an address; a cell that is not there is left out."""
    texts = {}
    for column in table.columns:
        heading = column.heading
        if heading == "tasks":
            states = {k[6:]: v for k, v in form.items() if k.startswith("tasks.") and v}
            if states or "tasks.shown" in form or heading in form:
                states.pop("shown", None)
                given = [f"{key}={state}" for key, state in states.items()]
                texts[heading] = ";".join([*given, *filter(None, form.getlist(heading))])
        elif heading in form or f"{heading}.shown" in form:
            texts[heading] = ";".join(filter(None, form.getlist(heading)))
    return texts


def cell(table: Table, heading: str, value: Any, names: Mapping[str, str]) -> str:
    """Say a stored value as a person reads it; `names` are of the ids that references hold."""
    column = next((each for each in table.columns if each.heading == heading), None)
    if value is None or column is None:
        return "" if value is None else str(value)
    if isinstance(column, Reference):
        return names.get(str(value), str(value))
    if isinstance(column, Labels):
        return _join(str(ROLES.get(each, each)) for each in value)
    if isinstance(value, list):
        return _join(str(words.value(column.heading, each, column.kinds)) for each in value)
    return str(words.value(column.heading, value, column.kinds))


def _field(
    store: Store,
    table: Table,
    column: Column,
    text: str,
    problems: tuple[Problem, ...],
    locked: bool,
    shown: str,
) -> Field:
    base: dict[str, Any] = {
        "heading": column.heading,
        "title": title(column),
        "text": text,
        "required": column.required,
        "problems": problems,
        "shown": shown,
    }
    if locked:
        said = shown or text
        return Field(widget="fixed", **{**base, "shown": said})
    if isinstance(column, Labels):
        choices = tuple((value, str(ROLES[value])) for value, _ in column.label_by_value)
        return Field(widget="boxes", choices=choices, ticked=_ticked(text), **base)
    if isinstance(column, Reference):
        choices = _references(store, column.label)
        if choices and column.label == "Unit":
            return Field(widget="choice", choices=_with(choices, text, shown), **base)
        return Field(widget="reference", choices=choices, search=_KINDS[column.label], **base)
    choices = _choices(column.kinds)
    if column.kinds == "growth_tasks":
        return _tasks(choices, base)
    if column.type == "list":
        if choices:
            ticked = _ticked(text)
            more = tuple((key, key) for key in ticked if key not in dict(choices))
            return Field(widget="boxes", choices=(*choices, *more), ticked=ticked, **base)
        return Field(widget="text", hint=_("Separate several with “;”."), **base)
    if choices:
        return Field(widget="choice", choices=_with(choices, text), **base)
    if column.type == "date":
        return Field(widget="date", hint=_("2024-06-30, or 2024-06, or 2024"), **base)
    if column.type == "integer":
        return Field(widget="number", **base)
    return Field(widget="long" if column.name in _LONG_TEXTS else "text", **base)


def _tasks(choices: tuple[tuple[str, str], ...], base: dict[str, Any]) -> Field:
    states = {}
    for each in filter(None, base["text"].split(";")):
        key, _sign, state = each.partition("=")
        states[key] = state or "begun"
    more = tuple((key, key) for key in states if key not in dict(choices))
    return Field(widget="tasks", choices=(*choices, *more), ticked=states, **base)


def task_states() -> list[tuple[str, str]]:
    """Return the states of a growth task with their titles."""
    return [(key, str(word)) for key, word in words.TASK_STATES.items()]


def _choices(kinds: str) -> tuple[tuple[str, str], ...]:
    """Return the keys of a list of the programme with their titles."""
    if kinds == "posting_statuses":
        terms = words.programme().values(kinds)
        return tuple({each.key: str(words.value("status", each.key)) for each in terms}.items())
    if kinds == "posting_marks":
        listed: tuple[TitledTerm, ...] = words.programme().values(kinds)
    else:
        listed = words.programme().terms(kinds) if kinds else ()
    return tuple((each.key, each.text(language())) for each in listed)


def _ticked(text: str) -> dict[str, str]:
    return {part.strip(): "yes" for part in text.split(";") if part.strip()}


def _references(store: Store, label: str) -> tuple[tuple[str, str], ...]:
    """Return all there are to choose from, or nothing where they are too many to list."""
    return tuple((row["id"], row["name"]) for row in choices(store, label, MOST_CHOICES))


def _with(
    choices: tuple[tuple[str, str], ...], text: str, shown: str = ""
) -> tuple[tuple[str, str], ...]:
    """Keep a value that stands in no list, so that saving does not lose it."""
    if text and text not in dict(choices):
        return (*choices, (text, shown or text))
    return choices


def _join(parts: Iterable[str]) -> str:
    return ("、" if language() == "zh_Hans" else ", ").join(parts)
