"""Doubts about the data on the command line: listed, accepted with a reason, opened again."""

from __future__ import annotations

from typing import Any

import click
from flask_babel import gettext as _

from queries.quality.accepted import withdraw_acceptances
from queries.quality.finding import QUALITY_LEVELS
from queries.quality.kinds import KIND_BY_NAME
from queries.quality.listed import STATES, Choice, quality
from webapp.cli.loads import user
from webapp.cli.printing import day_option, echo_table, json_option, to_json, translate_errors
from webapp.cli.progress import Progress
from webapp.data.quality import (
    accept_chosen,
    accepted_text,
    kind_title,
    level_title,
    reopened_text,
)
from webapp.shell import words
from webapp.shell.sentences import said
from webapp.shell.store import current_store

kind_option = click.option("--kind", default="", metavar="KIND", help="One kind of finding only.")
load_option = click.option("--load", default="", metavar="ID", help="Rows of this load only.")


@click.group("quality", invoke_without_command=True)
@day_option
@kind_option
@load_option
@click.option("--level", default="", type=click.Choice(["", *QUALITY_LEVELS]), help="Light.")
@click.option("--unit", default="", metavar="ID", help="This unit and those below it.")
@click.option("--person", default="", metavar="ID", help="About this person only.")
@click.option(
    "--state", default="open", show_default=True, type=click.Choice(list(STATES)),
    help="Open ones, accepted ones, or all.",
)  # fmt: skip
@click.option("--limit", default=None, type=click.IntRange(1), help="At most so many; all counted.")
@json_option
@click.pass_context
def group(context: click.Context, /, **asked: Any) -> None:
    """List what is doubtful in the data; see quality accept and quality reopen."""
    if context.invoked_subcommand is None:
        listed(**asked)


@translate_errors
def listed(limit: int | None, as_json: bool, **choice: str) -> None:
    """List the findings that are asked for."""
    with Progress(as_json) as bar:
        bar.say(_("judging everybody"))
        found = quality(current_store(), words.as_of(), Choice(**choice), limit=limit)
    if as_json:
        click.echo(to_json(found.as_dict(said)))
        return
    rows = [each.as_dict(said) for each in found.listed]
    columns = ["level", "kind", "person", "file", "row", "message", "id"]
    echo_table(
        columns,
        [
            {**row, "level": level_title(row["level"]), "kind": kind_title(row["kind"])}
            for row in rows
        ],
    )
    for kind, n in found.counts.items():
        title = _(KIND_BY_NAME[kind].title)
        click.echo(_("%(kind)s: %(n)s", kind=title, n=n), err=True)


@group.command("accept")
@click.argument("findings", nargs=-1, metavar="[FINDING]...")
@day_option
@kind_option
@load_option
@click.option("--reason", required=True, metavar="TEXT", help="Why it is right as it is.")
@click.option("--by", default=user, metavar="NAME", help="Who accepts it; you by default.")
@json_option
@translate_errors
def accept(
    findings: tuple[str, ...], kind: str, load: str, reason: str, by: str, as_json: bool
) -> None:
    """Accept the findings of some ids, or all open ones of a kind or load, with one reason."""
    choice = Choice(kind=kind, load=load)
    done = accept_chosen(current_store(), words.as_of(), choice, findings, by, reason)
    if as_json:
        click.echo(to_json(done))
    else:
        click.echo(accepted_text(done["findings"]))


@group.command("reopen")
@click.argument("finding", metavar="FINDING")
@click.option("--by", default=user, metavar="NAME", help="Who takes it back; you by default.")
@json_option
@translate_errors
def reopen(finding: str, by: str, as_json: bool) -> None:
    """Take the acceptance of a finding back: it is open again."""
    found = withdraw_acceptances(current_store(), by=by, id_=finding)
    if as_json:
        click.echo(to_json({"findings": len(found), "batch": None}))
    else:
        click.echo(reopened_text(len(found)))


COMMANDS = (group,)
