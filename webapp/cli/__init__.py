"""The command line: the same functions as pages and JSON."""

from __future__ import annotations

from flask import Flask

from graph.errors import ConfigError
from webapp.cli.groups import Commands
from webapp.cli.printing import stop
from webapp.serving.binding import check_run


def init_app(app: Flask) -> None:
    """Give `flask` our commands, and look at where its own one would serve."""
    try:
        check_run()
    except ConfigError as error:
        stop(error)
    app.cli = Commands(app.name)
