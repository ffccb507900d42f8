"""The pages of a lineage: its generations as bands, a mentor's reach, common ancestors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from graph.errors import N_, UsageError
from graph.store import Store
from queries.cards import Card
from queries.catalogue import ask
from queries.network import lines
from queries.network.lineage import sentence
from queries.network.lineage_scene import (
    MOST_ASKED,
    MOST_DRAWN,
    MOST_YEARS,
    YEARS,
    LineageScene,
    LineageSceneDict,
    LineageView,
    lineage_scene,
)
from queries.network.lines import DIRECTIONS, Lineage, Reach
from webapp.network.drawing import DrawnTie
from webapp.network.small_picture import Group, small_picture
from webapp.shell import words
from webapp.shell.asked_people import read_box
from webapp.shell.asking import OnDay, OneOf, Several, Whole
from webapp.shell.language import language
from webapp.shell.marks import ROLES
from webapp.shell.operations import operation
from webapp.shell.store import current_store

bp = Blueprint("lineage", __name__)

DIRECTION_TITLES = {
    "both": _l("ancestors and descendants"),
    "up": _l("ancestors only"),
    "down": _l("descendants only"),
}
STATE_TITLES = {
    "living": _l("living"),
    "ended": _l("died out"),
    "undated": _l("no dates on file"),
    "none": _l("no {trainees}"),
}


# --- the address


class LineageAsked(OnDay):
    """Whose lineage, which way, and which generations are open; none named: the nearest ones."""

    keeps_empty: ClassVar[frozenset[str]] = frozenset({"open"})

    person: Several = ()
    direction: Annotated[str, OneOf(*DIRECTIONS)] = LineageView.direction
    years: Annotated[int, Whole(0, MOST_YEARS, YEARS)] = YEARS
    open: tuple[Annotated[int, Whole(-(10**6), 10**6, 1)], ...] | None = None
    expand: Several = ()

    def view(self) -> LineageView:
        """Return the view; UsageError for too many people."""
        if len(self.person) > MOST_ASKED:
            raise UsageError(
                N_("A view begins with at most %(most)s people."),
                N_("Ask for fewer."),
                most=MOST_ASKED,
            )
        return LineageView(self.person, self.direction, self.years, self.open, self.expand)


class LineageJson(LineageAsked):
    """The same; somebody must be named."""

    person: Several


def checked_view(
    persons: Sequence[str],
    direction: str,
    years: str,
    opened: Sequence[str] | None = None,
    expand: Sequence[str] = (),
) -> LineageView:
    """Return a view of values that arrive as text; `opened` holds generations, None the nearest."""
    lists = {"person": persons, "open": opened or (), "expand": expand}
    given = [(name, each) for name, texts in lists.items() for each in texts]
    return LineageAsked.read(MultiDict([*given, ("direction", direction), ("years", years)])).view()


@bp.app_template_global()
def lineage_url(view: LineageView, **changed: Any) -> str:
    """Return the address of a view's page, with some of the view changed."""
    view = replace(view, **changed)
    return url_for(
        "lineage.show",
        person=list(view.persons),
        direction=view.direction if view.direction != "both" else None,
        years=view.years if view.years != YEARS else None,
        open=None if view.open is None else list(view.open) or "",
        expand=list(view.expand) or None,
    )


# --- pages


@bp.get("/lineage")
def show() -> Response | str | tuple[str, int]:
    """Show the lineage of people, or ask whose."""
    view, store = LineageAsked.read().view(), current_store()
    box = read_box(store, "add")
    if box.id:
        persons = tuple(dict.fromkeys((*view.persons, box.id)))
        return redirect(lineage_url(view, persons=persons, open=None, expand=()))  # type: ignore[return-value]
    scene = lineage_scene(store, view, words.as_of()) if view.persons else None
    choices = [
        {"hit": hit, "url": lineage_url(view, persons=(*view.persons, hit.id), open=None)}
        for hit in box.hits
    ]
    page = render_template(
        "lineage/lineage.html",
        view=view,
        box=box,
        choices=choices,
        found=scene.lineage if scene else None,
        directions=DIRECTION_TITLES,
        most=MOST_ASKED,
        hubs=[] if scene else _hubs(store),
        **(_shown(scene) if scene else {}),
        answers=[
            {"title": _("One generation further down"), "cypher": lines.BELOW},
            {"title": _("One generation further up"), "cypher": lines.ABOVE},
        ],
    )
    return (page, 404) if box.text and not box.hits else page


@bp.get("/api/lineage")
@operation(LineageSceneDict, LineageJson)
def show_json() -> Response:
    """Return the lineage of people as JSON."""
    view = LineageJson.read().view()
    return jsonify(lineage_scene(current_store(), view, words.as_of()).as_dict())


def _hubs(store: Store) -> list[dict[str, Any]]:
    return [
        {
            "name": row["name"],
            "trainees": row["trainees"],
            "url": lineage_url(LineageView((row["person"],))),
        }
        for row in ask(store, "lineage.hubs", on=words.as_of(), limit=10).rows
    ]


# --- what the page draws and says


def _shown(scene: LineageScene) -> dict[str, Any]:
    groups = {
        id_: Group(f"{generation:+d}", generation_title(generation))
        for id_, generation in scene.generation.items()
    }
    parts = small_picture(
        scene.people,
        _drawn_ties(scene),
        groups,
        scene.lineage.roots,
        cut=scene.left,
        step=MOST_DRAWN,
    )
    return {
        "drawn": {
            **parts,
            "columns": _columns(),
            "rows": [_row(card, scene.generation[card.id]) for card in scene.people],
        },
        "bands": _bands(scene),
        "reach": _reach_table(scene.lineage.reach),
        "common": _common_table(scene.lineage),
        "answered": summary(scene.lineage),
    }


def _drawn_ties(scene: LineageScene) -> list[DrawnTie]:
    name = {card.id: card.name for card in scene.people}
    programme, day = words.programme(), scene.lineage.as_of.isoformat()
    return [
        DrawnTie(
            tie["tie"] or f"{tie['mentor']} {tie['trainee']} {number}",
            tie["mentor"],
            tie["trainee"],
            tie["kind"] or "",
            bool(tie["until"]) and tie["until"] <= day,
            sentence(tie, name, programme, language()),
        )
        for number, tie in enumerate(scene.ties)
    ]


def generation_title(generation: int) -> str:
    """Name a generation, seen from the people asked for."""
    if generation < 0:
        return _("%(n)s up", n=-generation)
    return _("%(n)s down", n=generation) if generation else _("asked for")


def _bands(scene: LineageScene) -> list[dict[str, Any]]:
    most = max(band.people for band in scene.bands)
    opened = set(scene.opened)
    return [
        {
            "generation": band.generation,
            "title": generation_title(band.generation),
            "people": band.people,
            "width": round(100 * band.people / most, 1),
            "drawn": band.drawn,
            "open": band.is_open,
            "url": _band_url(scene.view, opened ^ {band.generation}) if band.generation else "",
        }
        for band in scene.bands
    ]


def _band_url(view: LineageView, opened: set[int]) -> str:
    return lineage_url(view, open=tuple(sorted(opened))) + "#bands"


def summary(found: Lineage) -> list[str]:
    """Return the figures in sentences."""
    names = _(", ").join(found.names[id_] for id_ in found.roots)
    said = []
    above = N_("Above %(names)s stand %(people)s in %(generations)s.")
    below = N_("Below %(names)s stand %(people)s in %(generations)s.")
    for line, template in ((found.up, above), (found.down, below)):
        if line:
            people = len(line.generation) - len(found.roots)
            depth = max(line.generation.values())
            said.append(
                _(
                    template,
                    names=names,
                    people=ngettext("%(num)s person", "%(num)s people", people),
                    generations=ngettext("%(num)s generation", "%(num)s generations", depth),
                )
            )
    if len(found.roots) == 1 and found.reach[0].trainees:
        said.append(state_text(found.reach[0], found))
    if len(found.roots) > 1:
        if found.common:
            nearest = found.common[0]
            said.append(
                _("%(n)s common ancestors, the nearest %(name)s.",
                  n=found.common_total, name=nearest.name)
            )  # fmt: skip
        else:
            said.append(_("No common ancestor is on file."))
    return said


def state_text(reach: Reach, found: Lineage) -> str:
    """Return whether a line lives."""
    if reach.state == "living":
        return _("The line is living: a pair of it was active on %(day)s.", day=reach.last_active)
    if reach.state == "ended":
        return _(
            "The line has died out: no pair was active in the %(years)s years before %(day)s, "
            "the last one on %(last)s.",
            years=found.years,
            day=found.as_of,
            last=reach.last_active,
        )
    return _("Whether the line lives cannot be said: no pair of it has a date.")


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "generation", "title": _("Generation")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "place", "title": _("Post")},
        {"key": "mentors", "title": _("{Mentors}"), "number": True},
        {"key": "trainees", "title": _("{Trainees}"), "number": True},
    ]


def _row(card: Card, generation: int) -> dict[str, Any]:
    return {
        "name": {"kind": "person", "id": card.id, "text": card.name},
        "generation": {"text": generation_title(generation), "sort": generation},
        "role": str(ROLES[card.role]),
        "cohort": card.cohort,
        "place": card.post and {"kind": "post", "id": card.post, "text": card.place},
        "mentors": card.mentors,
        "trainees": card.trainees,
    }


def _reach_table(reach: tuple[Reach, ...]) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "name", "title": _("{Mentor}")},
            {"key": "trainees", "title": _("{Trainees}"), "number": True},
            {"key": "descendants", "title": _("Descendants"), "number": True},
            {"key": "generations", "title": _("Generations"), "number": True},
            {"key": "longest", "title": _("Longest line"), "number": True},
            {"key": "state", "title": _("Line")},
            {"key": "last_active", "title": _("Last active")},
        ],
        "rows": [
            {
                "name": {"kind": "person", "id": each.person, "text": each.name},
                "trainees": each.trainees,
                "descendants": each.descendants,
                "generations": each.generations,
                "longest": _("a cycle") if each.longest is None else each.longest,
                "state": str(STATE_TITLES[each.state]),
                "last_active": each.last_active,
            }
            for each in reach
        ],
    }


def _common_table(found: Lineage) -> dict[str, Any]:
    return {
        "columns": [
            {"key": "name", "title": _("Ancestor")},
            *(
                {
                    "key": id_,
                    "title": _("Generations above %(name)s", name=found.names[id_]),
                    "number": True,
                }
                for id_ in found.roots
            ),
        ],
        "rows": [
            {
                "name": {"kind": "person", "id": each.person, "text": each.name},
                **dict(zip(found.roots, each.generations, strict=True)),
            }
            for each in found.common
        ],
    }  # fmt: skip
