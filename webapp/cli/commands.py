"""The command line: `flask load`, `flask query` and the others, each the same function as its page.

Results go to standard output, as a table or with `--json` as CONTRACT's object; an error is one
sentence on standard error with its exit code, never a traceback. Long because every command that
reads or writes data stands here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from graph.errors import N_, ConfigError, InputError, Problem, UsageError, count_of
from graph.schema import TABLES, table
from graph.settings import table as settings_table
from queries.choices import has_people
from webapp.cli import careers, jobs, loads, people, planning, programme, standing
from webapp.cli import network as network_commands
from webapp.cli.printing import echo_rows, echo_table, json_option, stop, to_json, told
from webapp.data import guessing
from webapp.data.accounts import account_lines
from webapp.data.stored import title
from webapp.serving.binding import check_port, check_run
from webapp.shell.language import language
from webapp.shell.store import current_settings, current_store

_source = click.option(
    "--source",
    default="native",
    metavar="NAME|FILE",
    help="What kind of files these are: a name of flask sources, or a description in YAML.",
)

_without = click.option(
    "--without",
    multiple=True,
    metavar="COLUMN",
    help="Do not read a column that no table of ours has; can be given several times.",
)


def init_app(app: Flask) -> None:
    """Give `flask` our commands, and look at where its own one would serve."""
    try:
        check_run()
    except ConfigError as error:
        stop(error)
    for command in (
        *COMMANDS,
        *people.COMMANDS,
        *careers.COMMANDS,
        *programme.COMMANDS,
        *standing.COMMANDS,
        *planning.COMMANDS,
        *loads.COMMANDS,
        *jobs.COMMANDS,
    ):
        app.cli.add_command(command)
    guessing.init_commands(app, told, to_json)
    network_commands.init_commands(app, told, to_json, echo_table)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_source
@_without
@json_option
@told
def check(path: Path, source: str, without: tuple[str, ...], as_json: bool) -> None:
    """Check a data set and list every problem; nothing is stored."""
    from loaders.account import checked, take_stock

    account, problems = take_stock(path, without=without, language=language(), source=source)
    if as_json:
        click.echo(to_json(checked(account, problems)))
    else:
        for line in account_lines(account.unused_columns, (), account.doubts):
            click.echo(line)
        _echo_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(InputError.exit_code)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_source
@click.option("--skip-bad", is_flag=True, help="Leave out rows with an error and load the rest.")
@click.option("--confirm", is_flag=True, help="Somebody has looked at what is doubtful: load it.")
@click.option("--dry-run", is_flag=True, help="Tell what a load would bring; nothing is stored.")
@_without
@json_option
@told
def load(
    path: Path,
    source: str,
    skip_bad: bool,
    confirm: bool,
    dry_run: bool,
    without: tuple[str, ...],
    as_json: bool,
) -> None:
    """Load a data set; nothing is stored when it has an error, unless --skip-bad.

    Files of another shape in which something looks odd are loaded with --confirm only.
    """
    if dry_run:
        _dry_run(path, source, confirm, without, as_json)
    else:
        _load(path, skip_bad, as_json, source, without, confirm)


def _dry_run(
    path: Path, source: str, confirmed: bool, without: tuple[str, ...], as_json: bool
) -> None:
    from loaders.account import take_stock

    account, problems = take_stock(
        path, current_store(), without=without, language=language(), source=source, counted=True
    )
    if as_json:
        told = [problem.as_dict() for problem in problems]
        click.echo(to_json({"account": account.as_dict(), "problems": told}))
    else:
        rows = [{"table": name, **each} for name, each in account.tables.items()]
        rows = [row for row in rows if any(row[key] for key in ("new", "matched", "asked"))]
        echo_table(["table", "new", "matched", "asked"], rows)
        for line in account_lines(account.unused_columns, (), account.doubts):
            click.echo(line)
        _echo_problems(problems)
    has_errors = any(problem.severity == "error" for problem in problems)
    if has_errors or (account.doubts and not confirmed):
        sys.exit(InputError.exit_code)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    type=click.Choice(
        ["folder", "xlsx", "json", "graphml", "gexf", "node-link", "r", "neo4j-admin"]
    ),
    help="What to write where the ending does not tell: node-link JSON for NetworkX, a folder of "
    "tables for R or of files for neo4j-admin.",
)
@json_option
@told
def export(path: Path, format: str | None, as_json: bool) -> None:
    """Write everything that is stored, by the ending: a folder, .xlsx, .json, .graphml, .gexf."""
    from loaders.export import export as write_out

    rows = write_out(current_store(), path, format)
    if as_json:
        click.echo(to_json({"path": str(path), "rows": rows}))
    else:
        click.echo(_("Everything stored is now in %(path)s.", path=path))


@click.command()
@json_option
@told
def sources(as_json: bool) -> None:
    """List the kinds of files that can be loaded."""
    from loaders.sources import sources as shipped

    echo_rows(shipped(language()), as_json)


@click.command()
@json_option
@told
def queries(as_json: bool) -> None:
    """List the questions that `flask query` answers."""
    from queries.catalogue import QUERIES
    from webapp.data.questions import described

    rows = [described(query) for query in QUERIES.values()]
    if as_json:
        click.echo(to_json(rows))
        return
    for row in rows:
        given = " ".join(
            f"{each['name']}=" if each["required"] else f"[{each['name']}=]"
            for each in row["parameters"]
        )
        click.echo(f"{row['name']} {given}".rstrip())
        click.echo(f"    {row['title']}. {row['description']}")


@click.command()
@click.argument("name")
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...")
@json_option
@told
def query(name: str, parameters: tuple[str, ...], as_json: bool) -> None:
    """Answer the question NAME of the catalogue (see `flask queries`)."""
    from queries.catalogue import find
    from webapp.data.questions import answered

    find(name)  # an unknown name is told before the store is opened
    answer = answered(name, _pairs(parameters))
    if as_json:
        click.echo(to_json(answer.as_dict()))
        return
    echo_table(answer.columns, answer.rows)
    if answer.truncated:
        click.echo(_("There are more rows: raise limit=."), err=True)


@click.command()
@click.option("--about", metavar="ID", help="Only what touches this person, unit, post or row.")
@click.option("--table", metavar="NAME", help="Only one table of the data set.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="How many to list.",
)
@json_option
@told
def changes(about: str | None, table: str | None, limit: int, as_json: bool) -> None:
    """List what was entered by hand: when, by whom, what; newest first."""
    from webapp.entering.history import changes_answer

    found = changes_answer(current_store(), limit, about=about, table=table)
    if as_json:
        click.echo(to_json(found))
        return
    names = ["at", "by", "action", "table", "row", "fields", "reason"]
    echo_table(names, [{name: change[name] for name in names} for change in found["changes"]])
    if found["truncated"]:
        click.echo(_("%(shown)s of %(total)s shown", shown=limit, total=found["total"]), err=True)


@click.command()
@click.argument("person")
@click.argument("path", type=click.Path(path_type=Path))
@told
def growth_file(person: str, path: Path) -> None:
    """Write the growth file of PERSON to PATH: .docx or .xlsx."""
    from webapp.programme.documents import write_document
    from webapp.programme.printed import growth_document

    write_document(growth_document(current_store(), person), path)
    click.echo(_("The growth file is now in %(path)s.", path=path))


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
@told
def serve(port: int, load_if_empty: Path | None) -> None:
    """Serve the pages on this machine only, until Ctrl-C."""
    import signal

    from graph import shared
    from queries import directory
    from queries.personnel import prepare
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
        _load(load_if_empty, skip_bad=False, as_json=False)
    directory.of(store)  # a large graph is made ready to be searched while nobody asks yet
    prepare(store)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
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
@told
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


def _load(
    path: Path,
    skip_bad: bool,
    as_json: bool,
    source: str = "native",
    without: tuple[str, ...] = (),
    confirmed: bool = False,
) -> None:
    from loaders.load import LoadReport
    from loaders.load import load as load_data

    # A progress bar for a person at a terminal, on standard error so that results stay clean.
    bar = _Progress(shown=sys.stderr.isatty() and not as_json)
    try:
        report: LoadReport = load_data(
            current_store(),
            path,
            skip_bad=skip_bad,
            without=without,
            confirmed=confirmed,
            by=loads.user(),
            on_progress=bar.show,
            language=language(),
            source=source,
        )
    except InputError as error:
        bar.end()
        if not error.problems:
            raise
        if as_json:
            nothing = dict.fromkeys((table.name for table in TABLES), 0)
            problems = [problem.as_dict() for problem in error.problems]
            click.echo(to_json({"loaded": nothing, "skipped": 0, "problems": problems}))
        else:
            _echo_problems(error.problems)
        raise
    bar.end()
    if as_json:
        click.echo(to_json(report.as_dict()))
        return
    _echo_problems(report.problems, quiet=True)
    figures = ", ".join(f"{title(table(name))} {n}" for name, n in report.loaded.items() if n)
    click.echo(_("Loaded: %(figures)s.", figures=figures or "0"))
    if report.skipped:
        click.echo(_("%(n)s rows were left out.", n=report.skipped))


class _Progress:
    """A line for each table that fills up; nothing at all where nobody looks."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._table = ""
        self._bar: Any = None

    def show(self, table: str, done: int, total: int) -> None:
        if not self._shown:
            return
        if table != self._table:
            self.end()
            self._table = table
            self._bar = click.progressbar(length=total, label=f"{table:10}", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


def _pairs(parameters: Iterable[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for text in parameters:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise UsageError(
                N_('"%(text)s" is not a parameter.'), N_("Write key=value."), text=text
            )
        if key in given:
            raise UsageError(
                N_("The parameter %(name)s is given twice."), N_("Keep one of them."), name=key
            )
        given[key] = value
    return given


COMMANDS = (check, load, export, sources, queries, query, changes, growth_file, serve, settings)


def _echo_problems(problems: Sequence[Problem], quiet: bool = False) -> None:
    """Write one line a problem, then how many; with `quiet` nothing where there is none."""
    from loaders.problems import sentence

    names = {"error": _("error"), "warning": _("warning")}
    for problem in problems:
        click.echo(f"{names[problem.severity]}: {sentence(problem, language())}")
    if problems or not quiet:
        click.echo(
            _(
                "%(errors)s errors, %(warnings)s warnings.",
                errors=count_of(problems, "error"),
                warnings=count_of(problems, "warning"),
            )
        )
