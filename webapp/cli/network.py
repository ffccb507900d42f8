"""`flask network` and `flask views`: the same scene as the page, as a table, JSON or a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from graph.errors import N_, InputError, UsageError
from webapp.network import connection, files, saved
from webapp.network.picture import paint, summary
from webapp.network.scene import look
from webapp.network.view import View
from webapp.shell import words
from webapp.shell.language import COOKIE, language
from webapp.shell.store import current_store


def init_commands(
    app: Flask,
    told: Callable[[Any], Any],
    to_json: Callable[[Any], str],
    echo_table: Callable[[list[str], list[dict[str, Any]]], None],
) -> None:
    """Give `flask` the commands, printing as the other commands do."""

    @click.command("network")
    @click.argument("parameters", nargs=-1, metavar="[PERSON | KEY=VALUE]...")
    @click.option("--view", "view_id", default="", metavar="ID", help="A saved view instead.")
    @click.option(
        "--to",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Write a file by its ending: {', '.join(files.ENDINGS)}; or a folder, named for you.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
    @told
    def network(parameters: tuple[str, ...], view_id: str, to: Path | None, as_json: bool) -> None:
        """Show the network around people: ids, and parameters as in the page's address."""
        store = current_store()
        view = saved.find(store, view_id).view if view_id else read(parameters)
        if not view.begins:
            raise UsageError(N_("No person was asked for."), N_("Give ids, or unit=ID."))
        scene = look(store, view, words.as_of())
        if to is not None:
            click.echo(_("Written: %(path)s", path=_write(scene, to)))
        elif as_json:
            click.echo(to_json(scene.as_dict()))
        else:
            for line in (*summary(scene), *(connection.summary(scene.way) if scene.way else ())):
                click.echo(line)
            columns = ["person", "name", "steps", "mentors", "trainees", "not_shown"]
            beyond = scene.beyond
            echo_table(
                columns,
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

    @click.command("views")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
    @told
    def views(as_json: bool) -> None:
        """List the saved views of the network."""
        rows = [
            {"id": each.id, "name": each.name, "made_at": each.made_at, "address": each.address}
            for each in saved.listed(current_store())
        ]
        if as_json:
            click.echo(to_json({"views": rows}))
        else:
            echo_table(["id", "name", "made_at", "address"], rows)

    app.cli.add_command(network)
    app.cli.add_command(views)


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
    return View.of(MultiDict(pairs))


def _write(scene: Any, to: Path) -> Path:
    # The rows of a picture hold addresses, and those want a request.
    cookie = f"{COOKIE}={language()}"
    with current_app.test_request_context("/network", headers={"Cookie": cookie}):
        picture = paint(current_store(), scene)
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
