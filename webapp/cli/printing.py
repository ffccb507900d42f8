"""How every command runs and prints: errors in one sentence, JSON, tables of a terminal."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast
from unicodedata import east_asian_width

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from graph.errors import N_, AppError
from webapp.shell import day, scope
from webapp.shell.language import joined, language
from webapp.shell.store import close_store

_Function = TypeVar("_Function", bound=Callable[..., Any])


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")

# The day is taken over by `translate_errors`: `words.as_of` says it to all that a command asks.
day_option = click.option(
    "--on",
    "--as-of",
    "day_asked",
    default="",
    metavar="DAY",
    help="As of that day; else the programme's own, or today.",
)

# Taken over in the same way, by `webapp/shell/scope.py`.
scope_option = click.option(
    "--in",
    "scope_asked",
    default="",
    metavar="SCOPE",
    help="Only who is in unit:ID and below, in cohort:YEAR, or guided by mentor:ID.",
)

planned_option = click.option(
    "--planned", "planned_asked", is_flag=True, help="Show planned facts too."
)


def stop(error: AppError, as_json: bool = False) -> NoReturn:
    """End the process with an error's one sentence and exit code."""
    if as_json:
        click.echo(to_json({"error": error.as_problem_details(_)}), err=True)
    else:
        click.echo(joined(*error.translated(_)), err=True)
    sys.exit(error.exit_code)


def translate_errors(function: _Function) -> _Function:
    """Run a command with the application, tell its errors in a sentence, close the store."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        as_json = bool(kwargs.get("as_json"))
        try:
            with_planned = bool(kwargs.pop("planned_asked", False))
            scope.asked_by_command(kwargs.pop("scope_asked", ""))
            day.asked_by_command(kwargs.pop("day_asked", ""), with_planned)
            function(*args, **kwargs)
        except AppError as error:
            stop(error, as_json)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # the edge: a bug is told in a sentence too
            if current_app.debug:
                traceback.print_exc()
            bug = AppError(
                N_("An unexpected error happened (%(what)s)."),
                N_("Run it again as flask --debug and tell the maintainer what it prints."),
                what=f"{type(error).__name__}: {error}",
            )
            stop(bug, as_json)
        finally:
            close_store()

    return cast(_Function, with_appcontext(run))


def to_json(value: Any) -> str:
    """Write a value as JSON; days and the like as text."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def echo_rows(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print rows as JSON, or as a table with their own keys as headings."""
    if as_json:
        click.echo(to_json(rows))
    else:
        echo_table(list(rows[0]) if rows else [], rows)


def echo_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table whose columns stand below each other, Chinese ones too."""
    lines = [list(columns), *([_text(row[column]) for column in columns] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for number, line in enumerate(lines):
        cells = zip(line, widths, strict=True)
        click.echo("  ".join(text + " " * (width - _width(text)) for text, width in cells).rstrip())
        if number == 0:
            click.echo("  ".join("-" * width for width in widths))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value).replace("\n", " ")


def _width(text: str) -> int:
    """Count the columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@contextmanager
def problems_told(as_json: bool) -> Iterator[None]:
    """Print the problems of an error that ends a command, a sentence each; JSON has them itself."""
    try:
        yield
    except AppError as error:
        error.translated(_)
        if not as_json:
            _echo_problems(error)
        raise


def _echo_problems(error: AppError) -> None:
    from loaders.problems import sentence

    for problem in error.problems:
        click.echo(sentence(problem, language()))
