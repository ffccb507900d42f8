"""From A to B: the routes that people took, the fastest, and the shortest realised chain."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from queries.careers.compare import from_route
from queries.careers.history import career
from queries.careers.routes import PLACES, Route, RouteEnd, RoutesAnswer, RoutesDict, routes
from queries.personnel import postings
from queries.personnel.columns import LEVELS
from webapp.careers.asked import AtLevel, asked_day, asked_person, choices
from webapp.careers.blueprint import bp
from webapp.careers.files import CareerTable, file_links, tables_file, wants_file
from webapp.careers.limits import asked_limits, limited
from webapp.careers.words import LEVEL_TITLES, how, label, percent, person
from webapp.shell.asking import Whole
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.words import programme

MOST_ROUTES = 100


class RoutesAsked(AtLevel):
    """From where to where, as in `rank:副科`, and within how many months."""

    start: str = ""
    end: str = ""
    within_months: Annotated[int | None, Whole(0, 1200, 2)] = None


class RoutesJson(RoutesAsked):
    """The same; both ends are needed."""

    start: str
    end: str


class RoutesPage(RoutesAsked):
    """The route that the page opens, by its number."""

    route: Annotated[int | None, Whole(0, 1_000_000, 2)] = None


@bp.get("/careers/routes")
def from_to() -> ResponseReturnValue:
    """Show how people got from one post, rank or kind to another."""
    asked, limits = RoutesPage.read(), asked_limits()
    answer = _answer(asked) if asked.start and asked.end else None
    if answer and wants_file():
        return tables_file("routes", _("Routes"), limits, answer.on, _files(answer))
    opened = asked.route
    chosen = None
    if answer and opened is not None and opened < len(answer.routes):
        chosen = answer.routes[opened]
    return render_template(
        "careers/routes.html",
        result=answer,
        chosen=chosen,
        chosen_steps=route_text(answer, chosen) if answer and chosen else "",
        choices=choices(),
        levels=LEVEL_TITLES,
        who=asked_person(),
        differences=_differences(answer, chosen or answer.typical) if answer else [],
        start=asked.start,
        end=asked.end,
        level=asked.level,
        start_text=place_text(answer.start) if answer else "",
        end_text=place_text(answer.end) if answer else "",
        table=_table(answer) if answer else None,
        people=_people(chosen) if chosen else None,
        typical=route_text(answer, answer.typical) if answer and answer.typical else "",
        left_out=max(len(answer.routes) - MOST_ROUTES, 0) if answer else 0,
        files=file_links([("routes", _("Routes")), ("people", _("Who walked it"))]),
        **limited(limits),
        answers=[how(answer.cypher, _("The postings that are read"))] if answer else [],
    )


@bp.get("/api/careers/routes")
@operation(RoutesDict, RoutesJson)
def from_to_json() -> Response:
    """Answer the same as JSON; `start` and `end` are like `rank:副科`."""
    return jsonify(_answer(RoutesJson.read()).as_dict())


def _answer(asked: RoutesAsked) -> RoutesAnswer:
    return routes(
        current_store(),
        read_place("start", asked.start),
        read_place("end", asked.end),
        asked_day(),
        asked.level,
        asked.within_months,
        asked_limits(),
    )


def _differences(answer: RoutesAnswer, route: Route | None) -> list[str]:
    """Return what the career of the person of the address differs in from a route."""
    who = asked_person()
    if not who or route is None:
        return []
    each = career(current_store(), who, answer.on, programme())
    terms = LEVELS.get(answer.level, "")
    terms = "ranks_and_grades" if terms == "ranks" else terms
    return [said(sentence) for sentence in from_route(each, route, answer.level, terms)]


def read_place(name: str, text: str) -> RouteEnd:
    """Read "rank:副科" or "unit:U01"."""
    what, sign, value = text.partition(":")
    if not sign or not value or what not in PLACES:
        raise UsageError(
            N_('%(name)s "%(value)s" is not a place.'),
            N_("Write it like rank:RANK; before the colon stands one of %(known)s."),
            name=name,
            value=text,
            known=", ".join(PLACES),
        )
    return RouteEnd(what, value)


def place_text(place: RouteEnd) -> str:
    """Name a place."""
    columns = postings(current_store())
    if place.what == "unit" and place.value in columns.unit_at:
        return columns.unit_names[columns.unit_at[place.value]]
    if place.what == "post" and place.value in columns.post_at:
        return columns.post_text(columns.post_at[place.value])
    return label(place.what, place.value, place.value)


def route_text(answer: RoutesAnswer, route: Route) -> str:
    """Write a route as its steps with arrows."""
    steps = zip(route.keys, route.texts, strict=True)
    return " → ".join(label(answer.level, key, text) for key, text in steps)


def _table(answer: RoutesAnswer, most: int | None = MOST_ROUTES) -> dict[str, Any]:
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "route"}
    return {
        "columns": [
            {"key": "route", "title": _("Route")},
            {"key": "count", "title": _("People"), "number": True},
            {"key": "share", "title": _("Share"), "number": True},
            {"key": "months", "title": _("Median months"), "number": True},
            {"key": "fastest", "title": _("Fewest"), "number": True},
            {"key": "slowest", "title": _("Most"), "number": True},
        ],
        "rows": [
            {
                "route": route_text(answer, route),
                "count": {
                    "url": url_for("careers.from_to", **kept, route=at) + "#people",
                    "text": route.count,
                    "sort": route.count,
                },
                "share": percent(route.share),
                "months": f"{route.median_months:g}",
                "fastest": route.walks[0].months,
                "slowest": route.walks[-1].months,
            }
            for at, route in enumerate(answer.routes[:most])
        ],
    }


def _files(answer: RoutesAnswer) -> list[CareerTable]:
    """Return the routes, and everybody who walked one."""
    walked = [
        {"route": route_text(answer, route), **row}
        for route in answer.routes
        for row in _people(route)["rows"]
    ]
    columns = [{"key": "route", "title": _("Route")}, *_people_columns()]
    return [
        CareerTable("routes", _("Routes"), _table(answer, None)),
        CareerTable("people", _("Who walked it"), {"columns": columns, "rows": walked}),
    ]


def _people(route: Route) -> dict[str, Any]:
    return {
        "columns": _people_columns(),
        "rows": [
            {
                "person": person(walk.person, walk.name),
                "since": walk.since.isoformat(),
                "until": walk.until.isoformat(),
                "months": walk.months,
            }
            for walk in route.walks
        ],
    }


def _people_columns() -> list[dict[str, Any]]:
    return [
        {"key": "person", "title": _("Person")},
        {"key": "since", "title": _("From")},
        {"key": "until", "title": _("To")},
        {"key": "months", "title": _("Months"), "number": True},
    ]
