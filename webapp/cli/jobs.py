"""Long work on the command line: list the jobs of the store, show one, stop one."""

from __future__ import annotations

import json

import click
from flask_babel import gettext as _

from jobs.job import Job
from webapp.cli.printing import echo_table, json_option, to_json, translate_errors
from webapp.data.background import KIND_WORDS, STATE_WORDS, as_json, as_row, progress_of
from webapp.shell.language import joined
from webapp.shell.store import current_jobs

_COLUMNS = ["job", "kind", "by", "started", "state", "how_far"]


@click.group("jobs", invoke_without_command=True)
@json_option
@click.pass_context
def group(context: click.Context, as_json: bool) -> None:
    """List the checks, loads, exports and plans of the server; see jobs show and jobs stop."""
    if context.invoked_subcommand is None:
        listed(as_json=as_json)


@translate_errors
def listed(as_json: bool) -> None:
    """List the jobs."""
    found = current_jobs().all()
    if as_json:
        click.echo(to_json({"jobs": [as_row(job) for job in found]}))
    else:
        echo_table(_COLUMNS, [_line(job) for job in found])


@click.command("show")
@click.argument("id_", metavar="ID")
@json_option
@translate_errors
def show(id_: str, as_json: bool) -> None:
    """Show how far the job ID is, what happened, and what came of it."""
    _echo(current_jobs().find(id_), as_json)


@click.command("stop")
@click.argument("id_", metavar="ID")
@click.option(
    "--wait",
    "seconds",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0, 3600),
    help="How many seconds to wait for its end.",
)
@json_option
@translate_errors
def stop(id_: str, seconds: float, as_json: bool) -> None:
    """Stop the job ID: a load between two batches, a plan with the best so far."""
    current_jobs().stop(id_)
    _echo(current_jobs().wait(id_, seconds), as_json)


def _echo(job: Job, is_json: bool) -> None:
    if is_json:
        click.echo(to_json(as_json(job)))
        return
    echo_table(_COLUMNS, [_line(job)])
    for line in job.log:
        click.echo("  ".join(f"{key} {value}" for key, value in line.items() if value is not None))
    result = as_json(job)["result"]
    if result:
        click.echo(json.dumps(result, ensure_ascii=False))
    failure = job.failure()
    if failure is not None:
        click.echo(joined(*failure.translated(_)))


def _line(job: Job) -> dict[str, str]:
    return {
        "job": job.id,
        "kind": str(KIND_WORDS.get(job.kind, job.kind)),
        "by": job.by,
        "started": job.started[:19],
        "state": str(STATE_WORDS[job.state][1]),
        "how_far": progress_of(job),
    }


group.add_command(show)
group.add_command(stop)


COMMANDS = (group,)
