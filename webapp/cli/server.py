"""Serving the pages, and the settings."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import click
from flask import current_app

from graph.errors import N_, ConfigError
from graph.settings import table as settings_table
from webapp.cli.printing import echo_rows, json_option, translate_errors
from webapp.serving.binding import check_port
from webapp.shell.store import current_settings, current_store


@click.command()
@click.option(
    "--port",
    default=5000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--load-if-empty",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Load this data set first when nothing is stored.",
)
@translate_errors
def serve(port: int, load_if_empty: Path | None) -> None:
    """Serve the pages on this machine only, until Ctrl-C."""
    import signal

    from graph import shared
    from queries import directory
    from queries.choices import has_people
    from queries.personnel import prepare
    from webapp import add_pages
    from webapp.cli.data import load_files
    from webapp.serving import server as serving

    check_port(port)
    store = current_store()
    if isinstance(store, shared.SharedStore):
        raise ConfigError(
            N_("%(path)s is served already."),
            N_("Open the address that the running server printed, or give another STORE_URL."),
            path=store.path,
        )
    if load_if_empty and not has_people(store):
        load_files(load_if_empty, skip_bad=False, as_json=False)
    directory.of(store)  # a large graph is made ready to be searched while nobody asks yet
    prepare(store)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    add_pages(app)
    try:
        server = serving.create(app, host="127.0.0.1", port=port)
    except OSError as error:
        raise ConfigError(
            N_("Port %(port)s cannot be used: %(reason)s."),
            N_("Choose another one, as in --port %(other)s."),
            port=port,
            reason=error.strerror,
            other=port + 1,
        ) from error
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # `flask load` and the others, typed meanwhile, go through this process.
    held = current_settings().embedded_path
    lends = store.engine == "embedded" and not store.is_read_only
    lent = shared.serve(store, held) if lends else nullcontext()
    with lent:
        click.echo(f"http://127.0.0.1:{server.effective_port}/")
        server.run()  # returns on Ctrl-C
        server.close()


@click.command()
@json_option
@translate_errors
def settings(as_json: bool) -> None:
    """List the settings (environment variables), their values and what they mean."""
    now = current_settings()
    rows = []
    for variable, default, help_line in settings_table():
        value = str(getattr(now, variable.lower()))
        secret = not type(now).model_fields[variable.lower()].repr
        shown = "***" if secret and value else value
        rows.append({"name": variable, "value": shown, "default": default, "help": help_line})
    echo_rows(rows, as_json)


COMMANDS = (serve, settings)
