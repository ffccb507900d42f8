"""How two people are connected: the page, its JSON and the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click
from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from graph.dates import first_day, is_date, last_day
from graph.errors import N_, UsageError
from graph.store import Store
from queries.cards import Card, cards
from queries.network.connection_ties import MENTORING, MOST_PEOPLE, MOST_TIES, POSTINGS, TIES
from queries.network.connections import MOST_PATHS, SECONDS, Connections, Named, connect
from queries.sentences import Sentence, Term
from webapp.network import drawing
from webapp.network.small_picture import Group, picture
from webapp.shell import words
from webapp.shell.asked import read_whole
from webapp.shell.asked_people import PersonBox, read_box
from webapp.shell.frame import person_url, term, unit_url
from webapp.shell.marks import ROLES
from webapp.shell.store import current_store

bp = Blueprint("connection", __name__)

TIE_TITLES = {
    "mentoring": _l("mentoring"),
    "unit": _l("same unit at the same time"),
    "cohort": _l("same cohort"),
}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for beside the two people."""

    ties: tuple[str, ...] = TIES[:1]
    k: int | None = None
    since: str | None = None
    until: str | None = None

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> Wanted:
        """Read an address; UsageError names the parameter that cannot be."""
        return cls.read(
            args.getlist("ties"), args.get("k", ""), args.get("since", ""), args.get("until", "")
        )

    @classmethod
    def read(cls, ties: list[str], k: str, since: str, until: str) -> Wanted:
        """Check values that arrive as text."""
        for each in ties:
            if each not in TIES:
                raise UsageError(
                    N_('%(name)s "%(value)s" is not known.'),
                    N_("It is one of %(known)s."),
                    name="ties",
                    value=each,
                    known=", ".join(TIES),
                )
        k = k.strip()
        if k:
            read_whole("k", k, 1, MOST_PATHS, 3)
        chosen = tuple(each for each in TIES if each in ties) or cls.ties
        first, last = _day("since", since), _day("until", until, is_end=True)
        if first and last and first > last:
            raise UsageError(
                N_("The period ends on %(until)s, before it begins on %(since)s."),
                N_("Exchange the two days."),
                since=first,
                until=last,
            )
        return cls(chosen, int(k) if k else None, first, last)

    def find(self, store: Store, a: str, b: str) -> Connections:
        """Ask the question."""
        return connect(store, a, b, ties=self.ties, k=self.k, since=self.since, until=self.until)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"ties": list(self.ties), "k": self.k, "since": self.since, "until": self.until}


def _day(name: str, text: str, *, is_end: bool = False) -> str | None:
    """Read a day; of a year or month the first one, or the last one of an end."""
    text = text.strip()
    if not text:
        return None
    if not is_date(text):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name=name,
            value=text,
        )
    return (last_day if is_end else first_day)(text).isoformat()


# --- pages


@bp.get("/connection")
def show() -> Response | str | tuple[str, int]:
    """Show how two people are connected, or ask who they are."""
    store = current_store()
    wanted = Wanted.of(request.args)
    boxes = {name: read_box(store, name) for name in "ab"}
    if any(box.text and box.text != box.id and box.id for box in boxes.values()):
        return _redirect(boxes)
    a, b = boxes["a"], boxes["b"]
    found = wanted.find(store, a.id, b.id) if a.id and b.id else None
    known = cards(store, [box.id for box in boxes.values() if box.id], words.as_of())
    lost = any(box.text and not box.id and not box.hits for box in boxes.values())
    page = render_template(
        "lineage/connection.html",
        boxes=boxes,
        names={name: known[box.id].name if box.id else box.text for name, box in boxes.items()},
        choices={name: _choices(name, box) for name, box in boxes.items()},
        wanted=wanted,
        given=request.args,
        tie_titles=TIE_TITLES,
        most=MOST_PATHS,
        found=found,
        answered=summary(found) if found else [],
        paths=[_path(found, number) for number in range(len(found.paths))] if found else [],
        drawn=_picture(store, found) if found and found.paths else None,
        answers=[
            {"title": _("Ties of mentoring"), "cypher": MENTORING},
            {"title": _("Postings and their units"), "cypher": POSTINGS},
        ],
    )
    return (page, 404) if lost else page


@bp.get("/api/connection")
def show_json() -> Response:
    """Return the ways between two people as JSON."""
    wanted = Wanted.of(request.args)
    a, b = (request.args.get(name, "").strip() for name in "ab")
    if not a or not b:
        raise UsageError(N_("Two people are needed."), N_("Add a=ID&b=ID to the address."))
    return jsonify(_plain(wanted, wanted.find(current_store(), a, b)))


def _plain(wanted: Wanted, found: Connections) -> dict[str, Any]:
    return {**wanted.as_dict(), **found.as_dict(_said)}


def _said(sentence: Sentence) -> str:
    return sentence.text(_, term)


def _redirect(boxes: dict[str, PersonBox]) -> Response:
    """Lead to the address that names the people by their ids."""
    kept = {
        key: request.args.getlist(key)
        for key in ("ties", "k", "since", "until")
        if any(request.args.getlist(key))
    }
    ids = {name: box.id or box.text or None for name, box in boxes.items()}
    return redirect(url_for("connection.show", **ids, **kept))  # type: ignore[return-value,arg-type]


def _choices(name: str, box: PersonBox) -> list[dict[str, Any]]:
    """Return whom a text may mean, each with the address that says so."""
    rest = {
        key: request.args.getlist(key) for key in request.args if key not in (name, f"{name}_id")
    }
    return [
        {"hit": hit, "url": url_for("connection.show", **{**rest, name: hit.id})}  # type: ignore[arg-type]
        for hit in box.hits
    ]


def _path(found: Connections, number: int) -> dict[str, Any]:
    path = found.paths[number]
    return {
        "steps": [[linked(sentence) for sentence in step.sentences] for step in path],
        "people": [path[0].one, *(step.other for step in path)],
        "names": [found.names[path[0].one], *(found.names[step.other] for step in path)],
    }


def linked(sentence: Sentence) -> Markup:
    """Say a sentence with links to the people and units in it; every value is escaped."""
    values: dict[str, Any] = {}
    for key, value in sentence.values.items():
        if isinstance(value, Sentence):
            values[key] = linked(value)
        elif isinstance(value, Named):
            url = person_url(value.id) if value.kind == "person" else unit_url(value.id)
            card = f"{'people' if value.kind == 'person' else 'units'}/{value.id}"
            values[key] = Markup('<a href="{}" data-card="{}">{}</a>').format(url, card, value.name)
        elif isinstance(value, Term):
            values[key] = term(value.terms, value.key)
        else:
            values[key] = value
    return Markup(_(sentence.template)) % values


# --- what the page draws


def _picture(store: Store, found: Connections) -> dict[str, Any]:
    """Draw everybody on the ways that are listed; the fills say how many steps from the first."""
    far: dict[str, int] = {}
    for path in found.paths:
        for at, id_ in enumerate([path[0].one, *(step.other for step in path)]):
            far[id_] = min(at, far.get(id_, at))
    people = list(cards(store, list(far), words.as_of()).values())
    lines: dict[str, drawing.Line] = {}
    for step in (step for path in found.paths for step in path):
        tie = step.ties[0]
        sentence = " ".join(_said(each) for each in step.sentences)
        id_ = f"{tie.one} {tie.other}"
        style = "mentoring" if tie.by == "mentoring" else "plain"
        lines[id_] = drawing.Line(id_, tie.one, tie.other, tie.kind or "", False, sentence, style)
    groups = {id_: Group(str(at), _("step %(n)s", n=at)) for id_, at in far.items()}
    drawn = picture(
        people,
        lines.values(),
        groups,
        list(dict.fromkeys((found.a, found.b))),
    )
    return {**drawn, "columns": _columns(), "rows": [_row(card, far[card.id]) for card in people]}


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "place", "title": _("Post")},
        {"key": "steps", "title": _("Steps away"), "number": True},
    ]


def _row(card: Card, steps: int) -> dict[str, Any]:
    return {
        "name": {"kind": "person", "id": card.id, "text": card.name},
        "role": str(ROLES[card.role]),
        "cohort": card.cohort,
        "place": card.post and {"kind": "post", "id": card.post, "text": card.place},
        "steps": steps,
    }


# --- the command


def init_commands(app: Flask, told: Callable[[Any], Any], to_json: Callable[[Any], str]) -> None:
    """Give `flask` the command, printing as the other commands do."""

    @click.command("connection")
    @click.argument("a")
    @click.argument("b")
    @click.option("--ties", multiple=True, help="mentoring (usual), unit, cohort; may be repeated.")
    @click.option("--k", default="", help="The so many shortest ways, up to 10; else all shortest.")
    @click.option("--since", default="", metavar="DAY", help="Only ties that lasted after this.")
    @click.option("--until", default="", metavar="DAY", help="Only ties that lasted before this.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON instead of sentences.")
    @told
    def connection(
        a: str, b: str, ties: tuple[str, ...], k: str, since: str, until: str, as_json: bool
    ) -> None:
        """Say how two people (ids A and B) are connected, a sentence a step."""
        wanted = Wanted.read(list(ties), k, since, until)
        found = wanted.find(current_store(), a, b)
        if as_json:
            click.echo(to_json(_plain(wanted, found)))
            return
        for line in summary(found):
            click.echo(line)
        for number, path in enumerate(found.paths, start=1):
            click.echo(f"\n{number}.")
            for step in path:
                click.echo("   " + " ".join(_said(each) for each in step.sentences))

    app.cli.add_command(connection)


def summary(found: Connections) -> list[str]:
    """Return in sentences what was found, and what bounded the search."""
    a, b = found.names[found.a], found.names[found.b]
    if found.a == found.b:
        return [_("Both are the same person: %(name)s.", name=a)]
    said = []
    if found.steps is None:
        said.append(_("No connection between %(a)s and %(b)s was found.", a=a, b=b))
        for name, side in ((a, found.sides[0]), (b, found.sides[1])):
            said.append(
                _(
                    "From %(name)s one reaches %(least)s%(people)s, up to %(steps)s away.",
                    name=name,
                    least=_("at least ") if side.is_least else "",
                    people=ngettext("%(num)s person", "%(num)s people", side.people),
                    steps=ngettext("%(num)s step", "%(num)s steps", side.steps),
                )
            )
    else:
        said.append(
            _(
                "%(a)s and %(b)s are %(steps)s apart; shortest ways: %(least)s%(ways)s, "
                "%(listed)s listed.",
                a=a,
                b=b,
                steps=ngettext("%(num)s step", "%(num)s steps", found.steps),
                least=_("at least ") if found.bounded else "",
                ways=found.shortest,
                listed=len(found.paths),
            )
        )
    return said + limits(found)


def limits(found: Connections) -> list[str]:
    """Return how far was looked."""
    if found.bounded:
        return [
            _(
                "The search ended at its bound: "
                "%(people)s people, %(ties)s ties or %(seconds)s seconds.",
                people=MOST_PEOPLE,
                ties=MOST_TIES,
                seconds=round(SECONDS),
            )
        ]
    if found.steps and found.searched and found.searched > found.steps:
        return [_("Ways of more than %(n)s steps were not looked for.", n=found.searched)]
    return []
