"""What all pages of the programme share: the day, the facts, the words, plain values, cells.

`?on=DAY` asks for another day than the programme's own and `?unit=ID` for the people of one unit;
both are kept in the links from page to page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Response, g, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from graph.dates import first_day, is_date
from graph.errors import N_, AppError, NotFound, UsageError
from graph.programme import Rule, parse_rules
from graph.schema import PROGRAMME
from graph.store import Store
from queries.programme.facts import Facts
from queries.programme.reading import READS, read_facts
from queries.sentences import Sentence, Term
from webapp.careers.ground import title
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.store import current_store

KEPT = ("on", "unit")  # what a link from page to page keeps of the address


def asked_day() -> date:
    """Return the day of `?on=`, or the programme's own day, or today."""
    return read_day(request.args.get("on", "").strip())


def read_day(text: str) -> date:
    """Read a day; an empty text is the programme's own day, or today."""
    if not text:
        return words.as_of()
    if not is_date(text):
        raise UsageError(
            N_('on "%(value)s" is not a date.'), N_("Write it like 2024-06-30."), value=text
        )
    return first_day(text)


def facts() -> Facts:
    """Return the facts of the day (and the unit) that the address asks for."""
    if "programme_facts" not in g:
        g.programme_facts = facts_of(asked_day(), request.args.get("unit", "").strip())
    return g.programme_facts


def facts_of(on: date, unit: str = "") -> Facts:
    """Return the facts of a day, read once for each version of the data."""
    store = current_store()
    found = _facts(store, store.version(), on)
    if not unit:
        return found
    if unit not in found.units:
        raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
    return found.within(unit)


@lru_cache(maxsize=3)
def _facts(store: Store, version: str, on: date) -> Facts:
    return read_facts(store, words.programme(), on)


def appointment_rules() -> tuple[Rule, ...]:
    """Return the stored rules of appointment, none when there are none."""
    store = current_store()
    return _rules(store, store.version())


@lru_cache(maxsize=4)
def _rules(store: Store, version: str) -> tuple[Rule, ...]:
    rows = store.read(
        f"MATCH (p:{PROGRAMME}) RETURN p.appointment_rules AS rules ORDER BY p.id LIMIT 1"
    )
    if not rows or not rows[0]["rules"]:
        return ()
    try:
        return parse_rules(rows[0]["rules"], programme=words.programme())
    except AppError:  # stored by another version of this program
        return ()


def said(sentence: Sentence) -> str:
    """Return a sentence in the language of the page."""
    return sentence.text(_, title)


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
        if key in ("person", "mentor", "trainee") and isinstance(each, str):
            made[f"{key}_name"] = known.name(each)
    for name in ("percent", "count", "free", "value", "is_gap"):  # figures made from the others
        if isinstance(getattr(type(value), name, None), property):
            made[name] = getattr(value, name)
    return made


def as_json(**answers: Any) -> Response:
    """Return answers as JSON, with the day that they are of."""
    known = facts()
    return jsonify(
        {"as_of": known.day} | {key: plain(value, known) for key, value in answers.items()}
    )


def link(endpoint: str, **values: Any) -> str:
    """Return the address of a page of the programme that keeps the day and the unit."""
    kept = {key: request.args[key] for key in KEPT if request.args.get(key)}
    return url_for(endpoint, **{**kept, **values})


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
        unit=request.args.get("unit", ""),
        unit_choices=unit_choices(known),
        answers=[
            {"title": None, "cypher": READS[name].strip(), "parameters": None} for name in reads
        ],
        **values,
    )


def unit_choices(known: Facts) -> list[tuple[str, str]]:
    """Return the units that hold trainees, with the units above them, by name."""
    holding = {unit for t in known.trainees for unit in known.chain(known.unit_of(t))}
    chosen = request.args.get("unit", "")
    if chosen in known.units:
        holding.add(chosen)
    return sorted(((u, known.units[u].name) for u in holding), key=lambda pair: pair[0])[:300]


def texts(terms: Iterable[Any]) -> str:
    """Return the titles of terms of the programme, in a row."""
    return " · ".join(either(each) for each in terms)


class Cells:
    """Cells of tables: people, units, posts, days and states, each with its link and its order."""

    def __init__(self, known: Facts) -> None:
        self.facts = known

    def person(self, id_: str | None) -> Any:
        """Link a person's page."""
        return id_ and {"kind": "person", "id": id_, "text": self.facts.name(id_)}

    def people(self, ids: Sequence[str]) -> Any:
        """Link several people."""
        return {"list": [self.person(id_) for id_ in ids], "sort": f"{len(ids):06d}"}

    def standing(self, id_: str) -> Any:
        """Link the page that says where somebody stands in the programme."""
        url = link("programme.person", id=id_)
        return {"url": url, "text": self.facts.name(id_), "sort": self.facts.name(id_)}

    def unit(self, id_: str | None) -> Any:
        """Link a unit's page."""
        if not id_ or id_ not in self.facts.units:
            return None
        return {"kind": "unit", "id": id_, "text": self.facts.units[id_].name}

    def unit_of(self, person: str) -> Any:
        """Link the unit that a person serves in."""
        return self.unit(self.facts.unit_of(person))

    def post(self, id_: str | None) -> Any:
        """Link a post's page."""
        if not id_ or id_ not in self.facts.posts:
            return None
        post = self.facts.posts[id_]
        unit = self.facts.units.get(post.unit or "")
        text = f"{unit.name} {post.name}" if unit else post.name
        return {"kind": "post", "id": id_, "text": text}

    def state(self, colour: str, word: str, sort: str | None = None) -> Any:
        """Show a state: colour, sign and word."""
        return {"state": colour, "text": word, "sort": sort or word}

    def days(self, day: date | None) -> Any:
        """Show a day with its distance from the day of the page."""
        if day is None:
            return None
        away = (day - self.facts.on).days
        title = _("in %(days)s days", days=away) if away > 0 else _("%(days)s days ago", days=-away)
        text = day.isoformat()
        return {"day": True, "text": text, "sort": text, "title": title if away else ""}


def column(key: str, title: str, number: bool = False, grow: int = 0) -> dict[str, Any]:
    """Describe a column of a table; `grow` is its share of the width, 0 the usual one."""
    return {"key": key, "title": title, "number": number, "grow": grow}
