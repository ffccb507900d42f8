"""`mentor-network`: the commands of `flask` under a name of their own, from any folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from flask import Flask
from flask.cli import FlaskGroup

from graph.errors import AppError
from graph.settings import DEFAULT_STORE, from_environment
from graph.version import VERSION
from webapp import ROOT, create_app
from webapp.cli.groups import Console
from webapp.cli.printing import stop

NAME = "mentor-network"
_NEEDS_PAGES = ("run", "shell", "routes")  # of Flask's own commands


def application() -> Flask:
    """Return the application for who asks: without its pages for a command, which need none.

    A wrong setting ends the process with a sentence.
    """
    try:
        settings = from_environment(beside_the_program(os.environ))
        return create_app(settings, with_pages=not _is_for_a_command())
    except AppError as error:
        stop(error, as_json="--json" in sys.argv)


def beside_the_program(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose default store is the one beside the program, wherever we are."""
    if environment.get("STORE_URL") or Path.cwd() == ROOT:
        return dict(environment)
    path = ROOT / DEFAULT_STORE.removeprefix("embedded:")
    return {**environment, "STORE_URL": f"embedded:{path}"}


def _is_for_a_command() -> bool:
    """Return whether the application is wanted by `flask` or our console for a command of ours."""
    context = click.get_current_context(silent=True)
    if context is None or not isinstance(context.find_root().command, FlaskGroup):
        return False
    return context.command.name not in _NEEDS_PAGES


console = Console(
    name=NAME,
    create_app=application,
    add_version_option=False,
    load_dotenv=False,
    help="Mentorship networks, careers and rotation plans: everything on the pages, as commands.",
)
click.version_option(VERSION, prog_name=NAME, message="%(prog)s %(version)s")(console)


def main() -> None:
    """Run the command that the command line names."""
    console.main(prog_name=NAME)
