"""What all pages of the programme share: the day, the facts, plain values, the frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from flask import Response, g, jsonify, render_template, request, url_for

from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from queries.programme.reading import READS
from queries.sentences import Sentence, Term
from webapp.programme.answers import NAMED, ProgrammeAsked, figures_of
from webapp.programme.cells import Cells, link
from webapp.programme.tabs import programme_tabs
from webapp.shell import scope, words
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.sentences import said
from webapp.shell.store import current_store


def facts() -> Facts:
    """Return the facts of the day (and the unit and scope) that the address asks for."""
    if "programme_facts" not in g:
        g.programme_facts = facts_asked(ProgrammeAsked.read().unit)
    return g.programme_facts


def facts_asked(unit: str = "") -> Facts:
    """Return the facts of the day and scope looked at, of one unit where it is given."""
    return facts_on(current_store(), words.as_of(), unit, scope.followed())


def facts_of(on: date, unit: str = "") -> Facts:
    """Return the facts of a day, whatever is looked at, of one unit where it is given."""
    return facts_on(current_store(), on, unit)


def plain(value: Any, known: Facts) -> Any:
    """Turn an answer into plain values for JSON, with the name of each person beside the id."""
    if isinstance(value, Sentence):
        return said(value)
    if isinstance(value, Term):
        return term(value.terms, value.key)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _named({f.name: getattr(value, f.name) for f in fields(value)}, value, known)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _named(value._asdict(), value, known)
    if isinstance(value, Mapping):
        return {str(key): plain(each, known) for key, each in value.items()}
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return [plain(each, known) for each in value]
    return value


def _named(row: dict[str, Any], value: Any, known: Facts) -> dict[str, Any]:
    made = {}
    for key, each in row.items():
        made[key] = plain(each, known)
        if key in NAMED and isinstance(each, str):
            made[f"{key}_name"] = known.name(each)
    for name in figures_of(type(value)):
        made[name] = getattr(value, name)
    return made


def as_json(**answers: Any) -> Response:
    """Return answers as JSON, with the day that they are of."""
    known = facts()
    return jsonify(
        {"as_of": known.day} | {key: plain(value, known) for key, value in answers.items()}
    )


def page(template: str, *reads: str, **values: Any) -> str:
    """Render a page of the programme; `reads` name the reads that it was computed from."""
    known = facts()
    return render_template(
        f"programme/{template}",
        facts=known,
        as_of=known.on,
        link=link,
        said=said,
        texts=texts,
        cells=Cells(known),
        tabs=programme_tabs(known.programme),
        unit=ProgrammeAsked.read().unit,
        unit_off=_without_unit(),
        answers=[
            {"title": None, "cypher": READS[name].strip(), "parameters": None} for name in reads
        ],
        **values,
    )


def _without_unit() -> str:
    """Return the address of this page for the people of all units."""
    kept: dict[str, Any] = request.args.to_dict(flat=False)
    kept.pop("unit", None)
    return url_for(request.endpoint or "programme.index", **(request.view_args or {}), **kept)


def unit_choices(known: Facts) -> list[tuple[str, str]]:
    """Return the units that hold trainees, with the units above them, by name."""
    holding = set(known.once(_units_holding))
    chosen = ProgrammeAsked.read().unit
    if chosen in known.units:
        holding.add(chosen)
    return sorted(((u, known.units[u].name) for u in holding), key=lambda pair: pair[0])[:300]


def _units_holding(known: Facts) -> frozenset[str]:
    return frozenset(unit for t in known.trainees for unit in known.chain(known.unit_of(t)))


def texts(terms: Iterable[Any]) -> str:
    """Return the titles of terms of the programme, in a row."""
    return " · ".join(either(each) for each in terms)
