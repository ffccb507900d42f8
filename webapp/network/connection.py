"""The page of how two people are connected, and its JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from graph.dates import first_day, last_day
from graph.errors import N_, UsageError
from graph.store import Store
from queries.cards import Card, cards
from queries.network.connection_scene import (
    ConnectionDict,
    ConnectionScene,
    ConnectionView,
    connection_scene,
)
from queries.network.connection_ties import MENTORING, MOST_PEOPLE, MOST_TIES, TIES
from queries.network.connections import MOST_PATHS, SECONDS, Connections, Named
from queries.network.times_in_units import POSTINGS
from queries.sentences import Sentence, Term
from webapp.network.drawing import DrawnTie
from webapp.network.small_picture import Group, small_picture
from webapp.shell import words
from webapp.shell.asked_people import PersonBox, read_box
from webapp.shell.asking import DATE_TEXT, OnDay, OneOf, Whole
from webapp.shell.frame import person_url, term, unit_url
from webapp.shell.language import own_words, translated
from webapp.shell.marks import ROLES
from webapp.shell.operations import operation
from webapp.shell.store import current_store

bp = Blueprint("connection", __name__)

TIE_TITLES = {
    "mentoring": _l("mentoring"),
    "unit": _l("same unit at the same time"),
    "cohort": _l("same cohort"),
}


# --- the address


class ConnectionAsked(OnDay):
    """By which ties two people may be connected, how many ways are shown, and of which period."""

    ties: tuple[Annotated[str, OneOf(*TIES)], ...] = ()
    k: Annotated[int | None, Whole(1, MOST_PATHS, 3)] = None
    since: Annotated[str, DATE_TEXT] = ""
    until: Annotated[str, DATE_TEXT] = ""

    def view(self, a: str, b: str) -> ConnectionView:
        """Return the view of two people; UsageError where the period ends before it begins."""
        chosen = tuple(each for each in TIES if each in self.ties) or ConnectionView.ties
        # Of a year or month the first day, and the last one of an end.
        first = first_day(self.since).isoformat() if self.since else None
        last = last_day(self.until).isoformat() if self.until else None
        if first and last and first > last:
            raise UsageError(
                N_("The period ends on %(until)s, before it begins on %(since)s."),
                N_("Swap the two dates."),
                since=first,
                until=last,
            )
        return ConnectionView(a, b, chosen, self.k, first, last)


class ConnectionJson(ConnectionAsked):
    """The same of two people, who are named by their ids."""

    a: str
    b: str


def checked_view(
    a: str, b: str, ties: Sequence[str], k: str, since: str, until: str
) -> ConnectionView:
    """Return a view of values that arrive as text."""
    given = [*(("ties", each) for each in ties), ("k", k), ("since", since), ("until", until)]
    return ConnectionAsked.read(MultiDict(given)).view(a, b)


# --- pages


@bp.get("/connection")
def show() -> Response | str | tuple[str, int]:
    """Show how two people are connected, or ask who they are."""
    store = current_store()
    asked = ConnectionAsked.read()
    asked.view("", "")  # what cannot be is told before anybody is looked for
    boxes = {name: read_box(store, name) for name in "ab"}
    if any(box.text and box.text != box.id and box.id for box in boxes.values()):
        return _redirect(boxes)
    view = asked.view(boxes["a"].id, boxes["b"].id)
    scene = connection_scene(store, view, words.as_of()) if view.a and view.b else None
    found = scene.found if scene else None
    lost = any(box.text and not box.id and not box.hits for box in boxes.values())
    page = render_template(
        "lineage/connection.html",
        boxes=boxes,
        names=_names(store, boxes, found),
        choices={name: _choices(name, box) for name, box in boxes.items()},
        wanted=view,
        given=request.args,
        tie_titles=TIE_TITLES,
        most=MOST_PATHS,
        found=found,
        answered=summary(found) if found else [],
        paths=[_path(found, number) for number in range(len(found.paths))] if found else [],
        drawn=_picture(scene) if scene and scene.people else None,
        answers=[
            {"title": _("Ties of mentoring"), "cypher": MENTORING},
            {"title": _("Postings and their units"), "cypher": POSTINGS},
        ],
    )
    return (page, 404) if lost else page


@bp.get("/api/connection")
@operation(ConnectionDict, ConnectionJson)
def show_json() -> Response:
    """Return the ways between two people as JSON."""
    asked = ConnectionJson.read()
    view = asked.view(asked.a, asked.b)
    return jsonify(connection_scene(current_store(), view, words.as_of()).as_dict(said))


def said(sentence: Sentence) -> str:
    """Say a sentence in the language in use."""
    return sentence.text(translated, term, own_words)


def _names(store: Store, boxes: dict[str, PersonBox], found: Connections | None) -> dict[str, str]:
    """Name whom each box means; where it is not clear yet, give what was typed."""
    if found:
        return {"a": found.names[found.a], "b": found.names[found.b]}
    known = cards(store, [box.id for box in boxes.values() if box.id], words.as_of())
    return {name: known[box.id].name if box.id else box.text for name, box in boxes.items()}


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


def _picture(scene: ConnectionScene) -> dict[str, Any]:
    """Draw everybody on the ways that are listed; the fills say how many steps from the first."""
    ties = [
        DrawnTie(
            f"{tie.one} {tie.other}",
            tie.one,
            tie.other,
            tie.kind or "",
            False,
            " ".join(said(each) for each in sentences),
            "mentoring" if tie.by == "mentoring" else "plain",
        )
        for tie, sentences in scene.ties
    ]
    groups = {id_: Group(str(at), _("step %(n)s", n=at)) for id_, at in scene.steps.items()}
    asked = list(dict.fromkeys((scene.view.a, scene.view.b)))
    return {
        **small_picture(scene.people, ties, groups, asked),
        "columns": _columns(),
        "rows": [_row(card, scene.steps[card.id]) for card in scene.people],
    }


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
