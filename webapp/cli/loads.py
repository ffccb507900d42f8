"""The loads on the command line: list them, show one, undo one."""

from __future__ import annotations

import getpass

import click
from flask_babel import gettext as _

from webapp.cli.printing import echo_table, json_option, to_json, translate_errors
from webapp.data.loads import load_answer, loads_answer, undo_load
from webapp.data.quality import kind_title
from webapp.shell.store import current_store


def user() -> str:
    """Return the name under which somebody works on this machine, empty where there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@click.group("loads", invoke_without_command=True)
@json_option
@click.pass_context
def group(context: click.Context, as_json: bool) -> None:
    """List what was loaded, when and by whom; see loads show and loads undo."""
    if context.invoked_subcommand is None:
        listed(as_json=as_json)


@translate_errors
def listed(as_json: bool) -> None:
    """List what was loaded."""
    found = loads_answer(current_store())
    if as_json:
        click.echo(to_json({"loads": found}))
    else:
        names = ["id", "name", "at", "by", "state", "completed_by"]
        names += ["new", "changed", "same", "skipped"]
        echo_table(names, [{name: each[name] for name in names} for each in found])


@click.command("show")
@click.argument("id_", metavar="ID")
@click.option(
    "--limit",
    default=200,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many rows of each table.",
)
@json_option
@translate_errors
def show(id_: str, limit: int, as_json: bool) -> None:
    """Show what the load ID brought, and what keeps it from being undone."""
    found = load_answer(current_store(), id_, limit)
    if as_json:
        click.echo(to_json(found))
        return
    rows = [{"table": name, **each} for name, each in found["tables"].items()]
    echo_table(["table", "file", "sheet", "new", "changed", "same"], rows)
    for kind, n in (found["doubts"] or {}).items():
        click.echo(_("%(kind)s: %(n)s", kind=kind_title(kind), n=n))
    for sentence in found["hindrances"]:
        click.echo(sentence)


@click.command("undo")
@click.argument("id_", metavar="ID")
@click.option("--by", default=user, metavar="NAME", help="Who undoes it; you by default.")
@json_option
@translate_errors
def undo(id_: str, by: str, as_json: bool) -> None:
    """Undo the load ID as a whole, unless something later changed its facts."""
    done = undo_load(current_store(), id_, by)
    if as_json:
        click.echo(to_json(done))
        return
    click.echo(
        _(
            "Load %(id)s is undone: %(removed)s rows taken out, %(restored)s as they were.",
            id=id_,
            removed=sum(done["removed"].values()),
            restored=sum(done["restored"].values()),
        )
    )


group.add_command(show)


group.add_command(undo)


COMMANDS = (group,)
