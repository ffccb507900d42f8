"""`flask network`, `lineage`, `connection` and `views`: what the pages show, as a table or JSON.

`flask network` also writes the files that the page offers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from graph.errors import N_, InputError, UsageError
from queries.network.beginnings import beginnings
from queries.network.connection_scene import connection_scene
from queries.network.lineage_scene import lineage_scene
from queries.network.saved_views import saved_view, saved_views
from queries.network.scene import Scene
from queries.network.scene import scene as scene_of
from queries.network.view import View
from queries.programme.board_shape import COLUMNS_BY, PAIRS
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.network import connection as connections
from webapp.network import files
from webapp.network import lineage as lineages
from webapp.network.address import read_address, read_view
from webapp.network.picture import paint
from webapp.network.texts import summary
from webapp.network.whole import BoardAsked, asked_board
from webapp.pictures.board import column_name
from webapp.shell import words
from webapp.shell.frame import term
from webapp.shell.language import COOKIE, language
from webapp.shell.store import current_store

# --- the network of a view


@click.command("network")
@click.argument("parameters", nargs=-1, metavar="[PERSON | KEY=VALUE]...")
@click.option("--view", "view_id", default="", metavar="ID", help="A saved view instead.")
@click.option("--begin", is_flag=True, help="Say where a network may begin instead.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Write a file by its ending: {', '.join(files.ENDINGS)}; or a folder, named for you.",
)
@day_option
@json_option
@translate_errors
def network(
    parameters: tuple[str, ...], view_id: str, begin: bool, to: Path | None, as_json: bool
) -> None:
    """Show the network around people: ids, and parameters as in the page's address."""
    store = current_store()
    if begin:
        found = beginnings(store, words.as_of()).as_dict()
        _echo_beginnings(found) if not as_json else click.echo(to_json(found))
        return
    view = read_address(saved_view(store, view_id).address) if view_id else read(parameters)
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Give ids, or unit=ID."))
    scene = scene_of(store, view, words.as_of())
    if to is not None:
        click.echo(_("Written: %(path)s", path=_write(scene, to)))
    elif as_json:
        click.echo(to_json(scene.as_dict()))
    else:
        _echo_scene(scene)


def _echo_beginnings(found: Mapping[str, Any]) -> None:
    echo_table(["person", "name", "place", "trainees"], found["most_trainees"])
    echo_table(["person", "name", "place", "trainees", "descendants"], found["most_descendants"])
    echo_table(["cohort", "people"], found["cohorts"])


def _echo_scene(scene: Scene) -> None:
    for line in (*summary(scene), *(connections.summary(scene.way) if scene.way else ())):
        click.echo(line)
    beyond = scene.beyond
    echo_table(
        ["person", "name", "steps", "mentors", "trainees", "not_shown"],
        [
            {
                "person": card.id,
                "name": card.name,
                "steps": scene.distance[card.id],
                "mentors": card.mentors,
                "trainees": card.trainees,
                "not_shown": beyond.get(card.id, 0),
            }
            for card in scene.people
        ],
    )


def read(parameters: tuple[str, ...]) -> View:
    """Read ids and `key=value` pairs as the page reads its address."""
    pairs = []
    for each in parameters:
        key, sign, value = each.partition("=")
        pairs.append((key, value) if sign else ("person", each))
    known = set(View.__dataclass_fields__)
    for key, _value in pairs:
        if key not in known:
            raise UsageError(
                N_('There is no parameter "%(name)s".'),
                N_("It is one of %(known)s."),
                name=key,
                known=", ".join(sorted(known)),
            )
    return read_view(MultiDict(pairs))


def _write(scene: Scene, to: Path) -> Path:
    from webapp import add_pages

    # The rows of a picture hold addresses, and those want the pages and a request.
    add_pages(current_app)
    cookie = f"{COOKIE}={language()}"
    with current_app.test_request_context("/network", headers={"Cookie": cookie}):
        picture = paint(scene)
        ending = to.suffix.lower().lstrip(".")
        if to.is_dir() or not ending:
            made, name = files.write(picture, "html")
            to = to / name
        else:
            made, _name = files.write(picture, ending)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(made)
    except OSError as error:
        raise InputError(
            N_("%(path)s cannot be written: %(reason)s."), path=to, reason=error.strerror
        ) from error
    return to


# --- lineages and connections


@click.command("lineage")
@click.argument("person", nargs=-1, required=True)
@click.option("--direction", default="", help="both (usual), up or down.")
@click.option("--years", default="", help="A line lives when active in so many years; 5.")
@click.option("--open", "opened", multiple=True, help="A generation to list, as in -2 or 1.")
@click.option("--expand", multiple=True, metavar="ID", help="List all trainees or mentors of.")
@day_option
@json_option
@translate_errors
def lineage(
    person: tuple[str, ...],
    direction: str,
    years: str,
    opened: tuple[str, ...],
    expand: tuple[str, ...],
    as_json: bool,
) -> None:
    """Count the generations above and below people (ids), and say whether their line lives."""
    view = lineages.checked_view(person, direction, years, opened or None, expand)
    scene = lineage_scene(current_store(), view, words.as_of())
    plain = scene.as_dict()
    if as_json:
        click.echo(to_json(plain))
        return
    for line in lineages.summary(scene.lineage):
        click.echo(line)
    echo_table(["generation", "people"], plain["generations"])
    columns = ["person", "name", "trainees", "descendants", "generations", "state"]
    echo_table(columns, plain["reach"])
    if plain["common_ancestors"]:
        echo_table(["person", "name", "generations"], plain["common_ancestors"])


@click.command("connection")
@click.argument("a")
@click.argument("b")
@click.option("--ties", multiple=True, help="mentoring (usual), unit, cohort; may be repeated.")
@click.option("--k", default="", help="The so many shortest ways, up to 10; else all shortest.")
@click.option("--since", default="", metavar="DAY", help="Only ties that lasted after this.")
@click.option("--until", default="", metavar="DAY", help="Only ties that lasted before this.")
@day_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of sentences.")
@translate_errors
def connection(
    a: str, b: str, ties: tuple[str, ...], k: str, since: str, until: str, as_json: bool
) -> None:
    """Say how two people (ids A and B) are connected, a sentence a step."""
    view = connections.checked_view(a, b, ties, k, since, until)
    scene = connection_scene(current_store(), view, words.as_of())
    if as_json:
        click.echo(to_json(scene.as_dict(connections.said)))
        return
    for line in connections.summary(scene.found):
        click.echo(line)
    for number, path in enumerate(scene.found.paths, start=1):
        click.echo(f"\n{number}.")
        for step in path:
            click.echo("   " + " ".join(connections.said(each) for each in step.sentences))


# --- saved views


@click.command("views")
@json_option
@translate_errors
def views(as_json: bool) -> None:
    """List the saved views of the network."""
    rows = [
        {"id": each.id, "name": each.name, "made_at": each.made_at, "address": each.address}
        for each in saved_views(current_store())
    ]
    if as_json:
        click.echo(to_json({"views": rows}))
    else:
        echo_table(["id", "name", "made_at", "address"], rows)


@click.command("mentor-board")
@click.option("--unit", default="", metavar="ID", help="The people of this unit or below alone.")
@click.option("--pairs", type=click.Choice(PAIRS), help="Those that run, or all there ever were.")
@click.option("--by", type=click.Choice(COLUMNS_BY), help="What a column is.")
@click.option("--only", default="", metavar="KIND", help="gaps, or one kind of mentor.")
@day_option
@scope_option
@json_option
@translate_errors
def board(unit: str, pairs: str | None, by: str | None, only: str, as_json: bool) -> None:
    """Show who guides whom and where a mentor is missing, in columns."""
    asked = BoardAsked(unit=unit, pairs=pairs or "", by=by or "", only=only)
    found = asked_board(asked)
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    names = ["name", "trainees", "mentors", "missing", "out_of_post"]
    echo_table(names, [{**vars(each), "name": column_name(found, each)} for each in found.columns])
    for each in found.missing:
        kinds = ", ".join(term("mentoring_kinds", kind) for kind in each.missing)
        click.echo(_("%(name)s lacks %(kinds)s", name=each.name, kinds=kinds))


COMMANDS = (network, lineage, connection, views, board)
