"""The questions of the catalogue on the command line."""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from webapp.cli.completion import query_names, query_parameters
from webapp.cli.printing import echo_table, json_option, to_json, translate_errors


@click.command()
@json_option
@translate_errors
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
@click.argument("name", shell_complete=query_names)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=query_parameters)
@click.option("--on", "on", default="", metavar="DAY", help="The same as on=DAY.")
@json_option
@translate_errors
def query(name: str, parameters: tuple[str, ...], on: str, as_json: bool) -> None:
    """Answer the question NAME of the catalogue (see `flask queries`)."""
    from queries.catalogue import find
    from webapp.data.questions import answered

    find(name)  # an unknown name is told before the store is opened
    answer = answered(name, {**_pairs(parameters), **({"on": on} if on else {})})
    if as_json:
        click.echo(to_json(answer.as_dict()))
        return
    echo_table(answer.columns, answer.rows)
    if answer.truncated:
        click.echo(_("There are more rows: raise limit=."), err=True)


COMMANDS = (queries, query)


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
