"""What somebody decides, on the command line: the reserve list, and problems that are settled."""

from __future__ import annotations

from typing import Any

import click
from flask_babel import gettext as _

from webapp.cli.loads import user
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.programme.page import facts_asked, plain
from webapp.programme.problems import settle_problem, settled_answer
from webapp.programme.reserve import Decision, reserve_answer, stored_decision
from webapp.shell.store import current_store

by_option = click.option(
    "--by", default=user, metavar="NAME", help="Who enters it; you by default."
)


@click.group("reserve", invoke_without_command=True)
@day_option
@scope_option
@json_option
@click.pass_context
def group(context: click.Context, /, **asked: Any) -> None:
    """List who stands on the reserve list; see reserve put-on and reserve take-off."""
    if context.invoked_subcommand is None:
        listed(**asked)


@translate_errors
def listed(as_json: bool) -> None:
    """List who stands on the reserve list on the day."""
    known = facts_asked()
    answer = reserve_answer(known)
    if as_json:
        click.echo(to_json({"as_of": known.day, **plain(answer, known)}))
        return
    rows = [
        {
            "person": each.person,
            "name": known.name(each.person),
            "since": each.since,
            "until": each.until,
            "document": each.document,
        }
        for each in answer["reserve"]
    ]
    echo_table(["person", "name", "since", "until", "document"], rows)


def _decide(decided: Decision, as_json: bool) -> None:
    answer = stored_decision(facts_asked(), decided)
    if as_json:
        click.echo(to_json(answer))
    elif answer["is_listed"]:
        click.echo(_("%(person)s is on the list on that day.", person=decided.person))
    else:
        click.echo(_("%(person)s is not on the list on that day.", person=decided.person))


@group.command("put-on")
@click.argument("person", metavar="PERSON")
@click.option("--from", "since", required=True, metavar="DAY", help="From which day.")
@click.option("--until", default="", metavar="DAY", help="The end of the term, where there is one.")
@click.option("--document", default="", metavar="TEXT", help="The number of the document.")
@by_option
@json_option
@translate_errors
def put_on(person: str, since: str, until: str, document: str, by: str, as_json: bool) -> None:
    """Put PERSON on the reserve list; whoever has left by then is refused."""
    _decide(Decision(person, "put_on", since, until, document, by), as_json)


@group.command("take-off")
@click.argument("person", metavar="PERSON")
@click.option("--from", "since", required=True, metavar="DAY", help="From which day.")
@click.option("--document", default="", metavar="TEXT", help="The number of the document.")
@by_option
@json_option
@translate_errors
def take_off(person: str, since: str, document: str, by: str, as_json: bool) -> None:
    """Take PERSON off the reserve list."""
    _decide(Decision(person, "taken_off", since, "", document, by), as_json)


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--closed-on", required=True, metavar="DAY", help="On which day it was settled.")
@click.option("--outcome", required=True, metavar="TEXT", help="How it was settled.")
@by_option
@json_option
@translate_errors
def settle(id_: str, closed_on: str, outcome: str, by: str, as_json: bool) -> None:
    """Settle the problem in the record ID of a talk: on which day, and how."""
    row = settle_problem(current_store(), id_, closed_on, outcome, by=by)
    if as_json:
        click.echo(to_json(settled_answer(row)))
    else:
        click.echo(_("Stored: %(what)s.", what=row.values["problem"]))


COMMANDS = (group, settle)
