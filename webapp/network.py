"""The network page: the scene of a view drawn, said and listed, and where to begin without one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.errors import N_, UsageError
from graph.store import Row, Store
from queries.catalogue import ask
from queries.network.lineage import sentence
from webapp import drawing, marks, places, search, words
from webapp.language import language
from webapp.people import Card, cards
from webapp.queries import shown
from webapp.scene import DEPTHS, EXPANDED, LIMITS, Scene, View, look
from webapp.shell import person_url, term
from webapp.store import current_store

bp = Blueprint("network", __name__)

COLOUR_TITLES = {"unit": _l("unit"), "cohort": _l("cohort"), "rank": _l("rank")}
DIRECTION_TITLES = {
    "both": _l("mentors and trainees"),
    "up": _l("mentors only, upwards"),
    "down": _l("trainees only, downwards"),
}
HUBS = 12


# --- pages


@bp.get("/network")
def show() -> Response | str:
    """Draw the network around the people asked for; without any, offer where to begin."""
    view, store = View.of(request.args), current_store()
    text = request.args.get("add", "").strip()
    if text:
        return _added(store, view, text)
    if not view.persons:
        return _begin(store)
    scene = look(store, view, words.as_of())
    fills = _fills(store, scene)
    return render_template(
        "network/network.html",
        scene=scene,
        view=view,
        asked=[card for card in scene.people if card.id in view.persons],
        without={
            id_: replace(view, persons=tuple(each for each in view.persons if each != id_)).url
            for id_ in view.persons
        },
        data=_data(scene, fills),
        categories=fills[0],
        roles=_roles(scene),
        depths=DEPTHS,
        directions=DIRECTION_TITLES,
        limits=LIMITS,
        colours=COLOUR_TITLES,
        ended=any(_is_ended(tie, scene.as_of) for tie in scene.ties),
        columns=_columns(),
        rows=[_row(scene, card) for card in scene.people],
        answers=[shown(answer) for answer in scene.answers[-1:]],
        walked=shown(scene.answers[0]),
    )


@bp.get("/api/network")
def show_json() -> Response:
    """Give the people and ties of a view as JSON."""
    view = View.of(request.args)
    if not view.persons:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    return jsonify(look(current_store(), view, words.as_of()).as_dict())


def _begin(store: Store) -> str:
    hubs = ask(store, "lineage.hubs", limit=HUBS)
    people = cards(store, [row["person"] for row in hubs.rows], words.as_of())
    return render_template(
        "network/index.html",
        columns=[
            {"key": "name", "title": _("Mentor")},
            {"key": "place", "title": _("Post")},
            {"key": "trainees", "title": _("Trainees"), "number": True},
            {"key": "network", "title": _("Network")},
        ],
        rows=[
            {
                "name": {"kind": "person", "id": row["person"], "text": row["name"]},
                "place": people[row["person"]].place,
                "trainees": row["trainees"],
                "network": {"url": View((row["person"],)).url, "text": _("See the network")},
            }
            for row in hubs.rows
        ],
        answers=[shown(hubs)],
    )


def _added(store: Store, view: View, text: str) -> Response | str:
    """Add the person that a text means to the view; ask which one when several may be meant."""
    hits = [hit for hit in search.search(store, text, 20) if hit.kind == "person"]
    exact = [hit for hit in hits if text in (hit.id, hit.name)]
    found = exact if len(exact) == 1 else hits
    if len(found) == 1:
        return redirect(replace(view, persons=(*view.persons, found[0].id)).url)  # type: ignore[return-value]
    return render_template(
        "network/which.html",
        text=text,
        view=view,
        hits=[(hit, replace(view, persons=(*view.persons, hit.id)).url) for hit in found],
    )


# --- what the page draws


Fills = tuple[tuple[marks.Category, ...], dict[str, marks.Category]]


def _fills(store: Store, scene: Scene) -> Fills:
    """Give the categories that fill the marks, and that of each person."""
    nothing = _("no post on this day")
    values: dict[str, tuple[str, str]] = {}
    tree = places.tree(store) if scene.view.colour == "unit" else None
    for card in scene.people:
        if tree is not None:
            top = tree.branch(card.unit) if card.unit else None
            values[card.id] = (top.id, top.name) if top else ("", nothing)
        elif scene.view.colour == "cohort":
            values[card.id] = (
                (str(card.cohort), str(card.cohort)) if card.cohort else ("", _("no cohort"))
            )
        else:
            rank = term("ranks_and_grades", card.rank)
            values[card.id] = (card.rank, rank) if card.rank else ("", _("no rank"))
    named = marks.categories(value for value in values.values() if value[0])
    without = sum(1 for key, _title in values.values() if not key)
    if without:
        title = next(title for key, title in values.values() if not key)
        named = (*named, marks.Category("", title, marks.GREY, "–", without))
    by_key = {category.key: category for category in named}
    return named, {id_: by_key[key] for id_, (key, _title) in values.items()}


def _data(scene: Scene, fills: Fills) -> dict[str, Any]:
    """Give all that `static/network.js` needs: the drawing, the cards, the words."""
    _all, fill = fills
    programme = words.programme()
    name = {card.id: card.name for card in scene.people}
    drawn = drawing.draw(
        [
            drawing.Mark(
                card.id,
                card.name,
                card.role,
                fill[card.id].colour,
                fill[card.id].letter,
                fill[card.id].key,
                card.id in scene.view.persons,
                scene.cut.get(card.id, 0),
                scene.beyond.get(card.id, 0),
            )
            for card in scene.people
        ],
        [
            drawing.Line(
                tie["tie"] or f"{tie['mentor']} {tie['trainee']} {number}",
                tie["mentor"],
                tie["trainee"],
                tie["kind"] or "",
                _is_ended(tie, scene.as_of),
                sentence(tie, name, programme, language()),
            )
            for number, tie in enumerate(scene.ties)
        ],
    )
    titles = [_("Role"), _("Cohort"), _("Unit"), _("Post"), _("Rank"), _("Mentors"), _("Trainees")]
    return {
        "drawing": drawn,
        "asked": list(scene.view.persons),
        "factTitles": titles,
        "people": [
            {"id": card.id, "name": card.name, "url": person_url(card.id), "facts": _facts(card)}
            for card in scene.people
        ],
        "around": url_for("network.show"),
        "step": EXPANDED,
        "words": {
            "nobody": _("Select a mark or a row to see who it is."),
            "tie": _("Mentoring"),
            "open": _("Open"),
            "around": _("Network around"),
            "expand": _("Show %(n)s more", n="{n}"),
            "filtered": _("%(n)s hidden by the legend", n="{n}"),
        },
    }


def _facts(card: Card) -> list[str]:
    return [
        str(marks.ROLES[card.role]),
        str(card.cohort or ""),
        card.unit_name or "",
        card.title or "",
        term("ranks_and_grades", card.rank),
        str(card.mentors or ""),
        str(card.trainees or ""),
    ]


def _is_ended(tie: Row, on: date) -> bool:
    return bool(tie["until"]) and tie["until"] <= on.isoformat()


def _roles(scene: Scene) -> list[dict[str, Any]]:
    counts = Counter(card.role for card in scene.people)
    return [
        {"key": key, "title": title, "people": counts[key]}
        for key, title in marks.ROLES.items()
        if counts[key]
    ]


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "place", "title": _("Post")},
        {"key": "steps", "title": _("Steps away"), "number": True},
        {"key": "mentors", "title": _("Mentors"), "number": True},
        {"key": "trainees", "title": _("Trainees"), "number": True},
    ]


def _row(scene: Scene, card: Card) -> dict[str, Any]:
    return {
        "name": {"kind": "person", "id": card.id, "text": card.name},
        "role": str(marks.ROLES[card.role]),
        "cohort": card.cohort,
        "place": card.post and {"kind": "post", "id": card.post, "text": card.place},
        "steps": scene.distance[card.id],
        "mentors": card.mentors,
        "trainees": card.trainees,
    }
