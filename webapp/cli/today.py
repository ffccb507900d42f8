"""What comes first today, on the command line: the same value as the first page and its JSON."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from queries.programme.today import DAYS
from queries.today import LATEST, today
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.programme.audit import role_among
from webapp.shell import scope
from webapp.shell.store import current_store
from webapp.shell.words import as_of
from webapp.today.work import LIGHT_WORDS, title_of


@click.command(name="today")
@day_option
@scope_option
@click.option("--role", default="", metavar="ROLE", help="A level of the programme or a role.")
@json_option
@translate_errors
def today_command(role: str, as_json: bool) -> None:
    """Say what comes first today: work by its weight, for each role."""
    found = today(current_store(), as_of(), scope.asked(), LATEST, waits=True)
    names = [each.role for each in found.programme.roles] if found.programme else []
    chosen = role_among(names, role) or ""
    if as_json:
        click.echo(to_json(found.as_dict(chosen)))
        return
    if found.programme:
        rows = [
            {
                "light": LIGHT_WORDS[work.light],
                "things": work.things,
                "work": title_of(work.kind, work.checks, found.on),
                "first": [each.name for each in work.first],
            }
            for work in found.programme.work(chosen)
        ]
        echo_table(["light", "things", "work", "first"], rows)
        click.echo(
            _(
                "%(day)s: %(late)s late, %(due)s due in %(days)s days.",
                day=found.on,
                late=found.programme.late,
                due=found.programme.due,
                days=DAYS,
            )
        )
    else:
        changes = found.changes.changes
        columns = ["on", "change", "name", "unit_name", "title"]
        echo_table(columns, [{key: getattr(each, key) for key in columns} for each in changes])


COMMANDS = (today_command,)
