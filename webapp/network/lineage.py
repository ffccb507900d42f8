"""A lineage: its generations as bands, a mentor's reach, common ancestors; page, JSON, command."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import click
from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from graph.errors import N_, UsageError
from graph.store import Store
from queries.cards import Card, cards
from queries.catalogue import ask
from queries.network import lines
from queries.network.lineage import sentence
from queries.network.lines import DIRECTIONS, Line, Lineage, Reach, lineage
from webapp.network import drawing
from webapp.network.small_picture import Group, picture
from webapp.shell import words
from webapp.shell.asked import read_whole
from webapp.shell.asked_people import read_box
from webapp.shell.language import language
from webapp.shell.marks import ROLES
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
    "none": _l("no trainees"),
}
MOST_ASKED = 10
YEARS, MOST_YEARS = 5, 100
OPEN_AT_FIRST = 60  # generations nearest to the people asked for are open up to so many people
CAP = 60  # people drawn of one generation
MOST_DRAWN = 300


@dataclass(frozen=True)
class View:
    """What an address asks for."""

    persons: tuple[str, ...]
    direction: str = "both"
    years: int = YEARS
    open: tuple[int, ...] | None = None  # generations; None: the nearest ones that fit
    expand: tuple[str, ...] = ()

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> View:
        """Read an address; UsageError names the parameter that cannot be."""
        opened = None
        if "open" in args:
            texts = [text for text in args.getlist("open") if text]
            opened = tuple(
                dict.fromkeys(read_whole("open", text, -(10**6), 10**6, 1) for text in texts)
            )
        return cls.read(
            args.getlist("person"),
            args.get("direction", ""),
            args.get("years", ""),
            opened,
            tuple(id_ for id_ in args.getlist("expand") if id_),
        )

    @classmethod
    def read(
        cls,
        persons: list[str],
        direction: str,
        years: str,
        opened: tuple[int, ...] | None = None,
        expand: tuple[str, ...] = (),
    ) -> View:
        """Check values that arrive as text."""
        ids = tuple(dict.fromkeys(id_.strip() for id_ in persons if id_.strip()))
        if len(ids) > MOST_ASKED:
            raise UsageError(
                N_("A view begins with at most %(most)s people."),
                N_("Ask for fewer."),
                most=MOST_ASKED,
            )
        direction = direction.strip() or cls.direction
        if direction not in DIRECTIONS:
            raise UsageError(
                N_('%(name)s "%(value)s" is not known.'),
                N_("It is one of %(known)s."),
                name="direction",
                value=direction,
                known=", ".join(DIRECTIONS),
            )
        number = read_whole("years", years, 0, MOST_YEARS, YEARS) if years.strip() else cls.years
        return cls(ids, direction, number, opened, expand)

    def url(self, **changed: Any) -> str:
        """Return the address of this view, with some of it changed."""
        given: dict[str, Any] = {
            "person": list(self.persons),
            "direction": self.direction if self.direction != "both" else None,
            "years": self.years if self.years != YEARS else None,
            "open": None if self.open is None else list(self.open) or "",
            "expand": list(self.expand) or None,
            **changed,
        }
        return url_for("lineage.show", **given)


# --- pages


@bp.get("/lineage")
def show() -> Response | str | tuple[str, int]:
    """Show the lineage of people, or ask whose."""
    view, store = View.of(request.args), current_store()
    box = read_box(store, "add")
    if box.id:
        persons = list(dict.fromkeys((*view.persons, box.id)))
        return redirect(view.url(person=persons, open=None, expand=None))  # type: ignore[return-value]
    found = (
        lineage(store, view.persons, view.direction, words.as_of(), view.years)
        if view.persons
        else None
    )
    choices = [
        {"hit": hit, "url": view.url(person=[*view.persons, hit.id], open=None)} for hit in box.hits
    ]
    page = render_template(
        "lineage/lineage.html",
        view=view,
        box=box,
        choices=choices,
        found=found,
        directions=DIRECTION_TITLES,
        most=MOST_ASKED,
        hubs=_hubs(store) if not found else [],
        **(_shown(store, view, found) if found else {}),
        answers=[
            {"title": _("One generation further down"), "cypher": lines.BELOW},
            {"title": _("One generation further up"), "cypher": lines.ABOVE},
        ],
    )
    return (page, 404) if box.text and not box.hits else page


@bp.get("/api/lineage")
def show_json() -> Response:
    """Return the lineage of people as JSON."""
    view = View.of(request.args)
    if not view.persons:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    return jsonify(
        lineage(current_store(), view.persons, view.direction, words.as_of(), view.years).as_dict()
    )


def _hubs(store: Store) -> list[dict[str, Any]]:
    return [
        {"name": row["name"], "trainees": row["trainees"], "url": View((row["person"],)).url()}
        for row in ask(store, "lineage.hubs", limit=10).rows
    ]


def _shown(store: Store, view: View, found: Lineage) -> dict[str, Any]:
    drawn = _draw(found, view)
    people = list(cards(store, list(drawn.generation), words.as_of()).values())
    tied = ask(store, "lineage.ties", people=list(drawn.generation))
    name = {card.id: card.name for card in people}
    programme, day = words.programme(), found.as_of.isoformat()
    groups = {
        id_: Group(f"{generation:+d}", generation_title(generation))
        for id_, generation in drawn.generation.items()
    }
    parts = picture(
        people,
        [
            drawing.Line(
                tie["tie"] or f"{tie['mentor']} {tie['trainee']} {number}",
                tie["mentor"],
                tie["trainee"],
                tie["kind"] or "",
                bool(tie["until"]) and tie["until"] <= day,
                sentence(tie, name, programme, language()),
            )
            for number, tie in enumerate(tied.rows)
        ],
        groups,
        found.roots,
        cut=drawn.cut,
        step=MOST_DRAWN,
    )
    return {
        "drawn": {
            **parts,
            "columns": _columns(),
            "rows": [_row(card, drawn.generation[card.id]) for card in people],
        },
        "bands": _bands(found, view, drawn),
        "reach": _reach_table(found.reach),
        "common": _common_table(found),
        "answered": summary(found),
    }


# --- who is drawn


@dataclass
class _Drawn:
    """The people in the picture with their generation, ancestors below zero."""

    generation: dict[str, int] = field(default_factory=dict)
    opened: tuple[int, ...] = ()
    listed: Counter[int] = field(default_factory=Counter)
    cut: dict[str, int] = field(default_factory=dict)  # person -> people left out of open bands


def _draw(found: Lineage, view: View) -> _Drawn:
    """Choose the people of the open generations, each with the line that leads to them.

    The places of a generation are dealt out in turn among those they were met through, so that
    nobody's 141 students take them all.
    """
    drawn = _Drawn(dict.fromkeys(found.roots, 0), _opened(found, view))
    for line, sign in ((found.up, -1), (found.down, 1)):
        if line is None:
            continue
        families: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for id_, nearer in line.nearer.items():
            families[line.generation[id_]][nearer].append(id_)
        for generation in sorted(abs(each) for each in drawn.opened if each * sign > 0):
            family = families[generation]
            for number, id_ in enumerate(_in_turn(list(family.values()))):
                wanted = number < CAP or line.nearer[id_] in view.expand
                if wanted and len(drawn.generation) < MOST_DRAWN:
                    _add(drawn, line, id_, sign)
            for nearer, people in family.items():
                left = sum(id_ not in drawn.generation for id_ in people)
                if left and nearer in drawn.generation:
                    drawn.cut[nearer] = drawn.cut.get(nearer, 0) + left
    drawn.listed = Counter(drawn.generation.values())
    return drawn


def _add(drawn: _Drawn, line: Line, id_: str, sign: int) -> None:
    """Add a person with everybody on the way there; a person stays where met first."""
    while id_ not in drawn.generation:
        drawn.generation[id_] = sign * line.generation[id_]
        id_ = line.nearer[id_]


def _opened(found: Lineage, view: View) -> tuple[int, ...]:
    if view.open is not None:
        return view.open
    opened, people = [], len(found.roots)
    closed: set[bool] = set()  # directions in which a generation did not fit any more
    for generation, count in sorted(found.generations, key=lambda each: (abs(each[0]), each[0])):
        if not generation or (generation < 0) in closed:
            continue
        people += min(count, CAP)
        # the nearest generation is always open: its cap keeps it small
        if people > OPEN_AT_FIRST + len(found.roots) and abs(generation) > 1:
            closed.add(generation < 0)
            people -= min(count, CAP)
            continue
        opened.append(generation)
    return tuple(sorted(opened))


def _in_turn(groups: list[list[str]]) -> Iterator[str]:
    """Take the first of each group, then the second of each, and so on.

    >>> list(_in_turn([["a", "b"], ["c"]]))
    ['a', 'c', 'b']
    """
    return (id_ for turn in zip_longest(*groups) for id_ in turn if id_ is not None)


# --- what the page says


def generation_title(generation: int) -> str:
    """Name a generation, seen from the people asked for."""
    if generation < 0:
        return _("%(n)s up", n=-generation)
    return _("%(n)s down", n=generation) if generation else _("asked for")


def _bands(found: Lineage, view: View, drawn: _Drawn) -> list[dict[str, Any]]:
    most = max(people for _generation, people in found.generations)
    opened = set(drawn.opened)
    bands = []
    for generation, people in found.generations:
        if generation == 0:
            url, is_open = "", True
        else:
            is_open = generation in opened
            after = opened - {generation} if is_open else opened | {generation}
            url = view.url(open=sorted(after) or "") + "#bands"
        bands.append(
            {
                "generation": generation,
                "title": generation_title(generation),
                "people": people,
                "width": round(100 * people / most, 1),
                "drawn": drawn.listed[generation],
                "open": is_open,
                "url": url,
            }
        )
    return bands


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
        {"key": "mentors", "title": _("Mentors"), "number": True},
        {"key": "trainees", "title": _("Trainees"), "number": True},
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
            {"key": "name", "title": _("Mentor")},
            {"key": "trainees", "title": _("Trainees"), "number": True},
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


# --- the command


def init_commands(
    app: Flask,
    told: Callable[[Any], Any],
    to_json: Callable[[Any], str],
    echo_table: Callable[[list[str], list[dict[str, Any]]], None],
) -> None:
    """Give `flask` the command, printing as the other commands do."""

    @click.command("lineage")
    @click.argument("person", nargs=-1, required=True)
    @click.option("--direction", default="", help="both (usual), up or down.")
    @click.option("--years", default="", help="A line lives when active in so many years; 5.")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
    @told
    def show_lineage(person: tuple[str, ...], direction: str, years: str, as_json: bool) -> None:
        """Count the generations above and below people (ids), and say whether their line lives."""
        view = View.read(list(person), direction, years)
        found = lineage(current_store(), view.persons, view.direction, words.as_of(), view.years)
        plain = found.as_dict()
        if as_json:
            click.echo(to_json(plain))
            return
        for line in summary(found):
            click.echo(line)
        echo_table(["generation", "people"], plain["generations"])
        columns = ["person", "name", "trainees", "descendants", "generations", "state"]
        echo_table(columns, plain["reach"])
        if plain["common_ancestors"]:
            echo_table(["person", "name", "generations"], plain["common_ancestors"])

    app.cli.add_command(show_lineage)
