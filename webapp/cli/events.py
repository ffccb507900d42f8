"""Events on the command line: what a notice says happens, told first, stored and undone as one."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from loaders.events import Notice, NoticeOutcome, events, happen, undo_event
from webapp.cli.loads import user
from webapp.cli.printing import echo_table, json_option, to_json, translate_errors
from webapp.shell.language import language
from webapp.shell.sentences import said
from webapp.shell.store import current_store


@click.command()
@click.argument("kind", metavar="KIND")
@click.option("--person", required=True, metavar="ID", help="To whom it happens.")
@click.option("--on", "day", required=True, metavar="DAY", help="From which day, as 2024-06-30.")
@click.option("--post", metavar="ID", help="The post of an appointment, removal or secondment.")
@click.option("--to", metavar="TEXT", help="Where to; of hand_over the id of the new mentor.")
@click.option("--until", metavar="DAY", help="The end of a leave or secondment, where known.")
@click.option("--document", metavar="TEXT", help="The number of the notice.")
@click.option("--concurrent", is_flag=True, help="An appointment beside the post held.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is stored in spite of doubts.")
@click.option("--by", default=user, metavar="NAME", help="Who enters it; you by default.")
@click.option("--dry-run", is_flag=True, help="Tell what it would do; nothing is stored.")
@json_option
@translate_errors
def event(
    kind: str,
    person: str,
    day: str,
    post: str | None,
    to: str | None,
    until: str | None,
    document: str | None,
    concurrent: bool,
    reason: str,
    by: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Store what a notice says happened to a person, with all that it brings.

    KIND is a kind of service of the programme (leave, retired, transferred_out and so on), appoint,
    remove, second, return or hand_over.
    """
    notice = Notice(kind, person, day, post, to, document, until, concurrent)
    (outcome,) = happen(
        current_store(), [notice], by=by, reason=reason, dry_run=dry_run, language=language()
    )
    if as_json:
        click.echo(to_json(outcome.as_dict(said)))
        return
    _echo(outcome)


def _echo(outcome: NoticeOutcome) -> None:
    for consequence in outcome.consequences:
        click.echo(said(consequence.message))
    for doubt in outcome.doubts:
        click.echo(_("Doubt (%(rule)s): %(what)s", rule=doubt.rule, what=said(doubt.message)))
    if outcome.id is None:
        click.echo(_("Nothing is stored."), err=True)
    else:
        click.echo(_("Stored as event %(id)s.", id=outcome.id), err=True)


@click.group("events", invoke_without_command=True)
@click.option("--person", metavar="ID", help="Of this person only.")
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 100_000), help="How many."
)
@json_option
@click.pass_context
def group(context: click.Context, person: str | None, limit: int, as_json: bool) -> None:
    """List what happened by notice, newest first; see events undo."""
    if context.invoked_subcommand is None:
        listed(person=person, limit=limit, as_json=as_json)


@translate_errors
def listed(person: str | None, limit: int, as_json: bool) -> None:
    """List the events that are kept."""
    found = [each.as_dict() for each in events(current_store(), person=person, limit=limit)]
    if as_json:
        click.echo(to_json({"events": found}))
    else:
        echo_table(["id", "kind", "person", "on", "post", "document", "state", "by"], found)


@group.command("undo")
@click.argument("id_", metavar="ID")
@click.option("--by", default=user, metavar="NAME", help="Who undoes it; you by default.")
@json_option
@translate_errors
def undo(id_: str, by: str, as_json: bool) -> None:
    """Undo the event ID with all that it brought, unless later facts stand on it."""
    done = undo_event(current_store(), id_, by=by)
    click.echo(to_json(done.as_dict()) if as_json else _("Event %(id)s is undone.", id=id_))


COMMANDS = (event, group)
