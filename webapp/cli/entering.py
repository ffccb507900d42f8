"""Many new rows of a table on the command line: told first, stored and undone as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from webapp.cli.loads import user
from webapp.cli.printing import json_option, problems_told, to_json, translate_errors
from webapp.shell import words
from webapp.shell.language import language
from webapp.shell.sentences import said
from webapp.shell.store import current_store

if TYPE_CHECKING:
    from loaders.many_rows import ManyRows
    from loaders.written import WrittenRow


@click.command()
@click.argument("table")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Rows: .csv, .xlsx, .json.")
@click.option(
    "--set", "shared", multiple=True, metavar="COLUMN=TEXT", help="What fills empty cells; again."
)
@click.option("--waiting-for", default="", metavar="KEY", help="A row for each who waits for this.")
@click.option("--cohort", type=int, metavar="YEAR", help="A row for each of this cohort.")
@click.option("--unit", default="", metavar="ID", help="A row for each of this unit and below.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is stored in spite of doubts.")
@click.option("--by", default=user, metavar="NAME", help="Who enters it; you by default.")
@click.option("--preview", is_flag=True, help="Tell what would be stored; nothing is.")
@click.option("--confirm", is_flag=True, help="The names in the file are read right.")
@json_option
@translate_errors
def enter(
    table: str,
    path: Path | None,
    shared: tuple[str, ...],
    waiting_for: str,
    cohort: int | None,
    unit: str,
    reason: str,
    by: str,
    preview: bool,
    confirm: bool,
    as_json: bool,
) -> None:
    """Store many new rows of TABLE as one: of a file, or a row for each who is asked for.

    TABLE is a table of the data set, or arrival: people with their posts and mentors. Rows are all
    stored, or none, and undone as one by events undo.
    """
    from loaders.many_rows import enter_rows

    rows = _rows(table, path, dict(_pair(each) for each in shared), waiting_for, cohort, unit)
    with problems_told(as_json):
        found = enter_rows(
            current_store(),
            table,
            rows,
            by=by,
            reason=reason,
            dry_run=preview,
            confirmed=confirm,
            language=language(),
        )
    if as_json:
        click.echo(to_json(found.as_dict(said)))
    else:
        _echo(found)


def _rows(
    table: str,
    path: Path | None,
    shared: dict[str, str],
    waiting_for: str,
    cohort: int | None,
    unit: str,
) -> list[WrittenRow]:
    from loaders.entry_tables import entry_table
    from loaders.many_rows import file_rows
    from loaders.written import rows_of_texts
    from webapp.entering.many_rows import refuse_unknown_column, rows_for

    of = entry_table(table, words.programme())
    for heading in shared:
        refuse_unknown_column(of, heading)
    if path is not None:
        return file_rows(of, path, shared, language())
    if not (waiting_for or unit or cohort is not None):
        raise UsageError(
            N_("--file is needed, or --waiting-for, --cohort or --unit."),
            N_("See flask enter --help."),
        )
    texts, common = rows_for(of, waiting_for, cohort, unit)
    return rows_of_texts(of.written, texts, {**common, **shared})


def _pair(text: str) -> tuple[str, str]:
    heading, sign, value = text.partition("=")
    if not sign:
        raise UsageError(
            N_("“%(text)s” is no COLUMN=TEXT."), N_("Write --set on=2024-06-30."), text=text
        )
    return heading.strip(), value.strip()


def _echo(found: ManyRows) -> None:
    for each in found.read_as:
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
    for doubt in found.doubts:
        click.echo(_("Row %(row)s: doubt: %(what)s", row=doubt.row, what=said(doubt.sentence)))
    if found.batch is None:
        click.echo(_("%(count)s rows are right; nothing is stored.", count=len(found.rows)))
    else:
        click.echo(
            _(
                "%(count)s rows are stored; undone as one: events undo %(id)s",
                count=len(found.rows),
                id=found.batch,
            )
        )


COMMANDS = (enter,)
