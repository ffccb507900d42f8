"""The network page: the scene of a view drawn, said and listed, and where to begin without one."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from graph.errors import N_, UsageError
from graph.store import Store
from queries.cards import Card
from queries.network import around, reach
from queries.network.beginnings import BeginningsDict, beginnings, choices
from queries.network.saved_views import saved_views
from queries.network.scene import Scene, SceneDict
from queries.network.scene import scene as scene_of
from queries.network.view import COLOURS, DEPTHS, LAYOUTS, LIMITS, View
from webapp.data.questions import shown
from webapp.network import connection, files, rows
from webapp.network.address import NetworkAsked, read_view, view_url
from webapp.network.blueprint import bp
from webapp.network.forms import ViewForm
from webapp.network.picture import paint
from webapp.network.script import as_data
from webapp.network.texts import conditions, name_of, shown_of, summary
from webapp.network.whole import whole_network
from webapp.shell import words
from webapp.shell.asked_people import read_box
from webapp.shell.asking import OnDay
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store

COLOUR_TITLES = dict(zip(COLOURS, (_l("unit"), _l("cohort"), _l("rank"), _l("stage")), strict=True))
DIRECTION_TITLES = {
    "both": _l("{mentors} and {trainees}"),
    "up": _l("{mentors} only, upwards"),
    "down": _l("{trainees} only, downwards"),
}
LAYOUT_TITLES = dict(
    zip(
        LAYOUTS,
        (
            _l("generations"),
            _l("around one person"),
            _l("by closeness"),
            _l("by year"),
            _l("by unit"),
        ),
        strict=True,
    )
)
# Parameters that have a field of their own in the form; the others are kept as they are.
_FIELDS = {
    "person", "depth", "direction", "limit", "colour", "layout", "only_kind", "only_unit",
    "only_cohort", "only_rank", "only_stage", "since", "until", "pin",
}  # fmt: skip


@bp.get("/network")
def show() -> Response | str | tuple[str, int]:
    """Draw the network of a view; without anybody asked for, offer where to begin."""
    view, store = read_view(), current_store()
    box = read_box(store, "add")
    if box.text:
        return _added(view, box)
    if not view.begins:
        return _begin(store)
    scene = scene_of(store, view, words.as_of())
    picture = paint(scene)
    known = {card.id: card for card in scene.people}
    name = name_of(scene)
    return render_template(
        "network/network.html",
        scene=scene,
        view=view,
        name=name,
        view_form=ViewForm(
            data={
                "name": name if len(name) <= _NAME_SHOWN else f"{name[: _NAME_SHOWN - 1]}…",
                "address": request.query_string.decode("utf-8", "replace"),
            }
        ),
        asked=_asked(scene, known),
        single=known.get(view.person[0]) if len(view.person) == 1 and not view.unit else None,
        data=as_data(picture),
        picture=picture,
        first_rows=rows.FIRST,
        rest=rows.rest(picture.columns, picture.rows),
        said=summary(scene),
        shown_of=shown_of(scene),
        kept=_kept(view),
        depths=DEPTHS,
        directions=DIRECTION_TITLES,
        limits=LIMITS,
        colours=_colours(),
        layouts=LAYOUT_TITLES,
        filters=_filters(store),
        conditions=[
            {"title": title, "text": text, "url": view_url(view.changed(**without))}
            for title, text, without in conditions(scene)
        ],
        connected=connection.summary(scene.way) if scene.way else [],
        files=[
            {"title": title, "url": url_for("network.file", ending=ending, **view.address)}
            for ending, title in FILE_TITLES.items()
        ],
        paper_url=url_for("network.paper", **view.address),
        answers=[
            {"title": _("{Mentors}"), "cypher": around.ABOVE},
            {"title": _("{Trainees}"), "cypher": around.BELOW},
        ],
    )


_NAME_SHOWN = 60
FILE_TITLES = {
    "xlsx": _l("Excel (people and ties)"),
    "csv": _l("CSV (people)"),
    "svg": _l("SVG (picture)"),
    "html": _l("HTML (opens offline)"),
    "gexf": _l("GEXF (Gephi)"),
    "graphml": _l("GraphML"),
}


@bp.get("/api/network")
@operation(SceneDict, NetworkAsked)
def show_json() -> Response:
    """Return the people and ties of a view as JSON."""
    view = read_view()
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    return jsonify(scene_of(current_store(), view, words.as_of()).as_dict())


@bp.get("/api/network/beginnings")
@operation(BeginningsDict, OnDay)
def beginnings_json() -> Response:
    """Return where a network may begin as JSON."""
    return jsonify(beginnings(current_store(), words.as_of()).as_dict())


@bp.get("/network/paper")
def paper() -> str:
    """Show the view on paper: title, picture, legend, filters, day and rows."""
    view = read_view()
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    picture = paint(scene_of(current_store(), view, words.as_of()))
    return render_template(
        "network/paper.html",
        view=view,
        title=files.title(picture),
        notes=files.notes(picture),
        picture=picture,
        drawing=Markup(
            files.drawn_svg(picture, titled=False).partition("?>")[2]
        ),  # every text in it is escaped
        columns=[column for column in picture.columns if column["key"] != "more"],
    )


def _asked(scene: Scene, known: dict[str, Card]) -> list[dict[str, Any]]:
    """Return what was asked for, each with the address of the view without it."""
    view = scene.view
    asked = [
        {
            "field": "person",
            "value": id_,
            "sign": known[id_].role if id_ in known else "person",
            "text": known[id_].name if id_ in known else id_,
            "without": view_url(view.changed(person=tuple(e for e in view.person if e != id_))),
        }
        for id_ in view.person
    ]
    for id_ in view.unit:
        rest = tuple(each for each in view.unit if each != id_)
        asked.append(
            {"field": "unit", "value": id_, "sign": "unit", "text": scene.units[id_],
             "without": view_url(view.changed(unit=rest))}
        )  # fmt: skip
    for year in view.cohort:
        rest = tuple(each for each in view.cohort if each != year)
        text = _("cohort %(year)s", year=year)
        asked.append(
            {"field": "cohort", "value": year, "sign": "trainee", "text": text,
             "without": view_url(view.changed(cohort=rest))}
        )  # fmt: skip
    return asked


def _kept(view: View) -> list[tuple[str, str]]:
    """Return the parameters that the form does not show, as hidden fields."""
    kept = []
    for name, value in view.address.items():
        if name not in _FIELDS:
            values = value if isinstance(value, (list, tuple)) else [value]
            kept += [(name, str(each)) for each in values]
    return kept


def _colours() -> dict[str, Any]:
    if words.programme().stages:
        return dict(COLOUR_TITLES)
    return {key: title for key, title in COLOUR_TITLES.items() if key != "stage"}


def _filters(store: Store) -> dict[str, Any]:
    """Return what the filters offer."""
    programme, offered = words.programme(), choices(store, words.as_of())
    return {
        "kinds": [
            (each.key, term("mentoring_kinds", each.key))
            for each in programme.terms("mentoring_kinds")
        ],
        "units": offered.units,
        "cohorts": [str(row["cohort"]) for row in offered.cohorts],
        "ranks": [
            (each.key, term("ranks_and_grades", each.key))
            for each in programme.terms("ranks_and_grades")
        ],
        "stages": [(each.key, term("stages", each.key)) for each in programme.terms("stages")],
    }


def _begin(store: Store) -> str:
    found = beginnings(store, words.as_of())
    return render_template(
        "network/index.html",
        whole=whole_network(store),
        columns=[
            {"key": "name", "title": _("{Mentor}")},
            {"key": "place", "title": _("Post")},
            {"key": "trainees", "title": _("{Trainees}"), "number": True},
            {"key": "network", "title": _("Network")},
        ],
        rows=[
            {
                "name": {"kind": "person", "id": row["person"], "text": row["name"]},
                "place": found.people[row["person"]].place,
                "trainees": row["trainees"],
                "network": {"url": view_url(View((row["person"],))), "text": _("See the network")},
            }
            for row in found.hubs.rows
        ],
        widest_columns=[
            {"key": "name", "title": _("{Mentor}")},
            {"key": "place", "title": _("Post")},
            {"key": "trainees", "title": _("{Trainees}"), "number": True},
            {"key": "descendants", "title": _("Descendants"), "number": True},
            {"key": "network", "title": _("Network")},
        ],
        widest=[
            {
                "name": {"kind": "person", "id": each.person, "text": each.name},
                "place": found.people[each.person].place,
                "trainees": each.trainees,
                "descendants": {
                    "text": each.descendants,
                    "sort": each.descendants,
                    "url": url_for("lineage.show", person=each.person, direction="down"),
                },
                "network": {"url": view_url(View((each.person,))), "text": _("See the network")},
            }
            for each in found.widest
        ],
        units=found.choices.units,
        cohorts=found.choices.cohorts,
        views=saved_views(store),
        answers=[
            shown(found.hubs),
            {"title": _("{Mentors} of most descendants"), "cypher": reach.EVERY_TIE},
        ],
    )


def _added(view: View, box: Any) -> Response | str | tuple[str, int]:
    """Add the person that a text means to the view; ask which one when several may be meant."""
    if box.id:
        people = tuple(dict.fromkeys((*view.person, box.id)))
        depth = view.depth if view.begins else View.depth
        return redirect(view_url(view.changed(person=people, depth=depth)))  # type: ignore[return-value]
    page = render_template(
        "network/which.html",
        text=box.text,
        view=view,
        hits=[
            (
                hit,
                view_url(view.changed(person=(*view.person, hit.id), depth=max(view.depth, 1))),
            )
            for hit in box.hits
        ],
        found=box.found,
        more=box.more,
    )
    return page if box.hits and box.found else (page, 404)
