"""Files in and out on the command line: check, load, export, and what kinds of files there are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from graph.errors import InputError, Problem, count_of
from graph.schema import TABLES, table
from webapp.cli.completion import source_names, table_names
from webapp.cli.loads import user
from webapp.cli.printing import (
    day_option,
    echo_rows,
    echo_table,
    json_option,
    to_json,
    translate_errors,
)
from webapp.cli.progress import Progress
from webapp.data.accounts import account_lines
from webapp.shell import day
from webapp.shell.language import language
from webapp.shell.store import current_store

if TYPE_CHECKING:
    from loaders.guess import Guess

_source = click.option(
    "--source",
    default="native",
    metavar="NAME|FILE",
    shell_complete=source_names,
    help="What kind of files these are: a name of flask sources, or a description in YAML.",
)

_without = click.option(
    "--without",
    multiple=True,
    metavar="COLUMN",
    help="Do not read a column that no table of ours has; can be given several times.",
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@_source
@_without
@json_option
@translate_errors
def check(path: Path, source: str, without: tuple[str, ...], as_json: bool) -> None:
    """Check a data set and list every problem; nothing is stored."""
    from loaders.account import checked, take_stock

    with Progress(as_json) as bar:
        account, problems = take_stock(
            path, without=without, language=language(), source=source, on_progress=bar.count
        )
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
@translate_errors
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
        load_files(path, skip_bad, as_json, source, without, confirm)


def _dry_run(
    path: Path, source: str, confirmed: bool, without: tuple[str, ...], as_json: bool
) -> None:
    from loaders.account import take_stock

    with Progress(as_json) as bar:
        account, problems = take_stock(
            path,
            current_store(),
            without=without,
            language=language(),
            source=source,
            counted=True,
            on_progress=bar.count,
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
@day_option
@json_option
@translate_errors
def export(path: Path, format: str | None, as_json: bool) -> None:
    """Write everything that is stored, by the ending: a folder, .xlsx, .json, .graphml, .gexf.

    With --on only what had begun by that day, to a folder, .xlsx or .json.
    """
    from loaders.export import export as write_out

    with Progress(as_json) as bar:
        count = partial(bar.count, _("rows read"))
        rows = write_out(current_store(), path, format, count, day.asked())
    if as_json:
        click.echo(to_json({"path": str(path), "rows": rows}))
    else:
        click.echo(_("Everything stored is now in %(path)s.", path=path))


@click.command()
@json_option
@translate_errors
def sources(as_json: bool) -> None:
    """List the kinds of files that can be loaded."""
    from loaders.sources import sources as shipped

    echo_rows(shipped(language()), as_json)


@click.command("guess")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
@translate_errors
def guess_(path: Path, as_json: bool) -> None:
    """Propose a description of files nobody has described; nothing is stored.

    It is printed as YAML with the first rows as comments: keep it, correct it, answer its
    doubts, and load with --source FILE. With a doubt the command ends with 1.
    """
    from loaders.guess import guess

    found = guess(path, language=language(), store=current_store())
    if as_json:
        click.echo(to_json(found.as_dict()))
    else:
        _echo_guess(found)
    if found.doubts:
        sys.exit(InputError.exit_code)


@click.command()
@click.option("--about", metavar="ID", help="Only what touches this person, unit, post or row.")
@click.option(
    "--table",
    metavar="NAME",
    shell_complete=table_names,
    help="Only one table of the data set.",
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="How many to list.",
)
@json_option
@translate_errors
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


COMMANDS = (check, load, export, sources, guess_, changes)


def load_files(
    path: Path,
    skip_bad: bool,
    as_json: bool,
    source: str = "native",
    without: tuple[str, ...] = (),
    confirmed: bool = False,
) -> None:
    """Load a data set and print what came of it."""
    from loaders.load import load as load_data
    from webapp.data.stored import title

    bar = Progress(as_json)
    try:
        report = load_data(
            current_store(),
            path,
            skip_bad=skip_bad,
            without=without,
            confirmed=confirmed,
            by=user(),
            on_progress=bar.share,
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


def _echo_guess(found: Guess) -> None:
    from loaders.problems import sentence

    click.echo(found.text, nl=False)
    doubts = [doubt.as_dict() for doubt in found.doubts]
    for line in account_lines(found.unused_columns, found.unused_rows, doubts):
        click.echo("# " + " ".join(line.split()))
    for each in found.tables:
        click.echo(f"# {each.name}: {', '.join(each.headings)}")
        for row in each.rows:
            click.echo("#   " + ", ".join("" if cell is None else str(cell) for cell in row))
    for problem in found.problems:
        click.echo(f"# {sentence(problem, language())}")


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
