"""Events on the command line: what a notice says happens, told first, stored and undone as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from loaders.events import Notice, NoticeOutcome, events, happen, undo_event
from loaders.events.kept import undone_as_dict
from webapp.cli.loads import user
from webapp.cli.printing import echo_table, json_option, problems_told, to_json, translate_errors
from webapp.entering.event_words import event_title, total_lines, word_of
from webapp.shell.language import language
from webapp.shell.sentences import said
from webapp.shell.store import current_store

if TYPE_CHECKING:
    from loaders.events.many import TableOutcome


@click.command()
@click.argument("kind", metavar="[KIND]", required=False)
@click.option("--file", "path", type=click.Path(path_type=Path), help="Rows of events instead.")
@click.option("--person", metavar="ID", help="To whom it happens.")
@click.option("--on", "day", metavar="DAY", help="From which day, as 2024-06-30.")
@click.option("--post", metavar="ID", help="The post of an appointment, removal or secondment.")
@click.option(
    "--to", metavar="TEXT", help="Where to; the id of the new mentor, or the other of a pair."
)
@click.option("--until", metavar="DAY", help="The end of a leave or a posting, where known.")
@click.option("--posting", metavar="KIND", help="The kind of posting that begins.")
@click.option("--document", metavar="TEXT", help="The number of the notice.")
@click.option("--concurrent", is_flag=True, help="An appointment beside the post held.")
@click.option("--acting", is_flag=True, help="An appointment that gives no rank.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is stored in spite of doubts.")
@click.option("--by", default=user, metavar="NAME", help="Who enters it; you by default.")
@click.option("--dry-run", is_flag=True, help="Tell what it would do; nothing is stored.")
@click.option("--confirm", is_flag=True, help="The names in the file are read right.")
@json_option
@translate_errors
def event(
    kind: str | None,
    path: Path | None,
    person: str | None,
    day: str | None,
    post: str | None,
    to: str | None,
    until: str | None,
    posting: str | None,
    document: str | None,
    concurrent: bool,
    acting: bool,
    reason: str,
    by: str,
    dry_run: bool,
    confirm: bool,
    as_json: bool,
) -> None:
    """Store what a notice says happened to a person, with all that it brings.

    KIND is a kind of service of the programme (leave, retired, transferred_out and so on), appoint,
    renew, remove, second, return, hand_over or end_pair.

    With --file each row is an event, of a CSV file, a workbook or JSON: all are stored, or none,
    and undone as one. KIND, --on, --post, --to, --until, --posting and --document then fill empty
    cells.
    """
    if path is not None:
        shared = {
            "kind": kind,
            "on": day,
            "post": post,
            "to": to,
            "until": until,
            "posting": posting,
            "document": document,
            "marks": ";".join(["concurrent"] * concurrent + ["acting"] * acting),
        }
        given = {heading: text for heading, text in shared.items() if text}
        _of_file(path, given, by, reason, dry_run, confirm, as_json)
        return
    if not (kind and person and day):
        raise UsageError(
            N_("KIND, --person and --on are needed, or --file."), N_("See flask event --help.")
        )
    notice = Notice(kind, person, day, post, to, document, until, concurrent, acting, posting)
    (outcome,) = happen(
        current_store(), [notice], by=by, reason=reason, dry_run=dry_run, language=language()
    )
    if as_json:
        click.echo(to_json(outcome.as_dict(said)))
        return
    _echo(outcome)
    _echo_stored(outcome.id)


def _of_file(
    path: Path,
    shared: dict[str, str],
    by: str,
    reason: str,
    dry_run: bool,
    confirmed: bool,
    as_json: bool,
) -> None:
    from loaders.events.many import happen_file

    with problems_told(as_json):
        outcome = happen_file(
            current_store(),
            path,
            shared,
            by=by,
            reason=reason,
            dry_run=dry_run,
            confirmed=confirmed,
            language=language(),
        )
    if as_json:
        click.echo(to_json(outcome.as_dict(said)))
    else:
        _echo_table(outcome)


def _echo_table(outcome: TableOutcome) -> None:
    for each in outcome.read_as:
        click.echo(
            _(
                "Row %(row)s, %(column)s: “%(value)s” is %(id)s (%(shown)s).",
                row=each.row,
                column=each.column,
                value=each.value,
                id=each.id,
                shown=each.shown,
            )
        )
    for row, one in zip(outcome.rows, outcome.outcomes, strict=True):
        notice = one.notice
        shown = outcome.shown.get(notice.person, notice.person)
        parts = (row.place.row, notice.on, word_of(notice.kind), shown)
        click.echo("  ".join(map(str, parts)))
        _echo(one, indent="    ")
    for line in total_lines(outcome.totals):
        click.echo(line)
    _echo_stored(outcome.batch if outcome.is_stored else None)


def _echo(outcome: NoticeOutcome, indent: str = "") -> None:
    for consequence in outcome.consequences:
        click.echo(indent + said(consequence.message))
    for doubt in outcome.doubts:
        what = _("Doubt (%(rule)s): %(what)s", rule=doubt.rule, what=said(doubt.message))
        click.echo(indent + what)


def _echo_stored(id_: str | None) -> None:
    if id_ is None:
        click.echo(_("Nothing is stored."), err=True)
    else:
        click.echo(_("Stored as event %(id)s.", id=id_), err=True)


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
    found = events(current_store(), person=person, limit=limit)
    if as_json:
        click.echo(to_json({"events": [each.as_dict() for each in found]}))
    else:
        rows = [{**each.as_dict(), "kind": event_title(each)} for each in found]
        columns = ["id", "kind", "person", "on", "post", "document", "state", "by", "batch"]
        echo_table(columns, rows)


@group.command("undo")
@click.argument("id_", metavar="ID")
@click.option("--by", default=user, metavar="NAME", help="Who undoes it; you by default.")
@json_option
@translate_errors
def undo(id_: str, by: str, as_json: bool) -> None:
    """Undo the event or the batch ID with all that it brought, unless later facts stand on it."""
    done = undo_event(current_store(), id_, by=by)
    if as_json:
        click.echo(to_json(undone_as_dict(done)))
    else:
        click.echo(_("%(count)s events are undone.", count=len(done)))


COMMANDS = (event, group)
