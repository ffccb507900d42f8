"""Plans on the command line: make one, check a file, list, show, accept, withdraw.

`flask plan` and `flask plan-check` print CONTRACT's JSON; the numbers are those of the pages.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from graph.errors import N_, InputError
from planning import kept_plans, planner
from planning.plan import Plan, moves
from planning.planner import PlanRequest
from planning.problem.horizon import horizon
from planning.rule_costs import conflict_lines, rule_costs
from planning.solve.state import SolverProgress
from queries.programme.due_moves import due_moves
from queries.programme.on_day import facts_on
from webapp.cli.loads import user
from webapp.cli.printing import echo_table, json_option, scope_option, to_json, translate_errors
from webapp.planning.found import context, find, kept_rows, usual_since, view_of
from webapp.planning.scenario import checked_rules, read_pin, read_scenario
from webapp.planning.words import STAGES, STATUSES, gap_text, money
from webapp.shell import scope, words
from webapp.shell.asking import read_date
from webapp.shell.sent_json import parse_json
from webapp.shell.sentences import said, title
from webapp.shell.states import KEPT_STATUSES
from webapp.shell.store import current_store

_PIN = "PERSON:POST:DAY"


@click.command()
@click.option(
    "--from",
    "since",
    default="",
    metavar="DAY",
    help="First day of the plan; else the first day of the next period.",
)
@click.option("--periods", default=8, show_default=True, type=int, help="How many periods.")
@click.option(
    "--period",
    default="half-year",
    show_default=True,
    metavar="quarter|half-year",
    help="Length of a period.",
)
@click.option("--seconds", default=60.0, show_default=True, help="Time limit.")
@click.option("--seed", default=0, show_default=True, help="Seed of the solver.")
@click.option("--pin", "pins", multiple=True, metavar=_PIN, help="Must hold; may be repeated.")
@click.option(
    "--forbid", "forbids", multiple=True, metavar=_PIN, help="Must not hold; may be repeated."
)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON with the parts of a scenario (people, pins, leaves, ...) and rules.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the JSON here too."
)
@click.option("--keep", metavar="NAME", help="Keep the plan under this name.")
@json_option
@translate_errors
def plan(
    since: str,
    periods: int,
    period: str,
    seconds: float,
    seed: int,
    pins: tuple[str, ...],
    forbids: tuple[str, ...],
    scenario: Path | None,
    out: Path | None,
    keep: str | None,
    as_json: bool,
) -> None:
    """Plan rotations: the cheapest plan, or why there is none. Ctrl-C gives the best so far."""
    given = _read(scenario) if scenario else {}
    changes = checked_rules(given.pop("rules", {}))
    usual = usual_since(period) if period in ("quarter", "half-year") else words.today()
    since = since or usual.isoformat()
    asked = horizon(since, periods, period)
    given["pins"] = [*given.get("pins", ()), *pins]
    given["forbids"] = [*given.get("forbids", ()), *forbids]
    wanted = PlanRequest(
        since,
        periods,
        period,
        seconds,
        seed,
        scenario=read_scenario(given, asked),
        rules=changes,
    )
    for text in (*pins, *forbids):
        read_pin(text, asked)
    show = sys.stderr.isatty() and not as_json
    made = planner.make(context(), wanted, words.today(), _tell if show else lambda _p: None)
    value: dict[str, Any] = {**made.as_dict(said)}
    if out:
        _write(out, to_json(value))
    if keep and made.assignments:
        value["id"] = kept_plans.keep(current_store(), made, keep)
    if as_json:
        click.echo(to_json(value))
        return
    _echo_plan(made)
    if "id" in value:
        click.echo(_("The plan is kept as %(id)s.", id=value["id"]))


@click.command("plan-check")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@translate_errors
def plan_check(file: Path, as_json: bool) -> None:
    """Judge the plan in FILE by the rules and the data of now, without the solver."""
    report = planner.check_plan(context(), _read(file))
    if as_json:
        click.echo(to_json(report.as_dict(said)))
    else:
        for each in report.violations:
            click.echo(f"{each.number} {said(each.sentence)}")
        if report.is_valid:
            click.echo(_("Valid: no hard rule is broken. It costs %(cost)s.", cost=report.cost))
        else:
            click.echo(_("Not valid: %(n)s violations.", n=len(report.violations)))
    if not report.is_valid:
        sys.exit(1)


@click.command("due")
@click.option("--unit", default="", metavar="ID", help="The people of this unit or below alone.")
@click.option("--on", default="", metavar="DAY", help="The day to look from.")
@scope_option
@json_option
@translate_errors
def due(unit: str, on: str, as_json: bool) -> None:
    """Show who should move in the next half-year, and which leading posts have room."""
    day = read_date("--on", on) if on else words.as_of()
    known = facts_on(current_store(), day, unit, scope.asked())
    found = due_moves(known)
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    for move in found.moves:
        days = (str(each) for each in (move.planned_on, move.earliest, move.limit) if each)
        post = known.posts[move.post].name
        click.echo(f"{move.why}  {known.name(move.person)}  {post}  {' '.join(days)}")
    for each in found.vacant:
        post = known.posts[each.post].name
        click.echo(f"vacant  {each.post}  {post}  {each.held}/{each.capacity}  {each.since or ''}")


@click.command("list")
@json_option
@translate_errors
def list_(as_json: bool) -> None:
    """List the kept plans."""
    rows = kept_rows()
    if as_json:
        click.echo(to_json(rows))
        return
    shown = [
        {
            **row,
            "status": str(KEPT_STATUSES[row["status"]][1]),
            "gap": gap_text(row["gap"]),
        }
        for row in rows
    ]
    names = ["id", "name", "status", "since", "until", "moves", "cost", "gap", "made_on"]
    echo_table(names, shown)


@click.command()
@click.argument("id")
@json_option
@translate_errors
def show(id: str, as_json: bool) -> None:
    """Show the plan ID: status, cost by rule, moves."""
    found = find(id)
    if as_json:
        click.echo(to_json(view_of(found).as_dict(said, title)))
        return
    _echo_plan(found.plan)


@click.command()
@click.argument("id")
@click.option("--reason", default="", metavar="TEXT", help="Why it is accepted in spite of doubts.")
@click.option("--by", default=user, metavar="NAME", help="Who accepts it; you by default.")
@json_option
@translate_errors
def accept(id: str, reason: str, by: str, as_json: bool) -> None:
    """Accept the plan ID: its moves are written as planned rotations."""
    done = kept_plans.accept(current_store(), words.programme(), id, by=by, reason=reason)
    doubts = [said(each) for each in done.doubts]
    if as_json:
        click.echo(to_json({"id": id, "written": done.written, "doubts": doubts}))
        return
    click.echo(_("Accepted: %(count)s planned rotations are written.", count=done.written))
    for each in doubts:
        click.echo(_("Confirmed: %(what)s", what=each))


@click.command()
@click.argument("id")
@json_option
@translate_errors
def withdraw(id: str, as_json: bool) -> None:
    """Withdraw the plan ID: exactly the rotations that accepting wrote are removed."""
    count = kept_plans.withdraw(current_store(), id)
    if as_json:
        click.echo(to_json({"id": id, "removed": count}))
    else:
        click.echo(_("Withdrawn: %(count)s planned rotations are removed.", count=count))


COMMANDS = (plan, plan_check, due, list_, show, accept, withdraw)


def _echo_plan(plan: Plan) -> None:
    click.echo(
        _(
            "%(status)s: cost %(cost)s, bound %(bound)s, gap %(gap)s.",
            status=STATUSES[plan.status][1],
            cost=money(plan.cost),
            bound=money(plan.bound),
            gap=gap_text(plan.gap),
        )
    )
    for each in conflict_lines(context(), plan):
        click.echo(f"{each.number} {said(each.sentence)}")
    for sentence in plan.relaxations:
        click.echo(said(sentence))
    if plan.cost is None:
        return
    lines = [
        {
            "number": ", ".join(line.numbers),
            "rule": title("titles", line.title),
            "cost": line.cost,
        }
        for line in rule_costs(plan)
        if line.cost
    ]
    if lines:
        echo_table(["number", "rule", "cost"], lines)
    rows = [each.as_dict() for each in moves(plan)]
    if rows:
        echo_table(["person", "post", "kind", "since", "until"], rows)
    for note in plan.notes:
        click.echo(said(note.sentence))


def _tell(progress: SolverProgress) -> None:
    stage = STAGES.get(progress.stage, progress.stage)
    cost, bound = money(progress.cost), money(progress.bound)
    click.echo(f"{progress.seconds:7.1f} s  {cost:>8}  {bound:>10}  {stage}", err=True)


def _read(path: Path) -> dict[str, Any]:
    """Read a JSON object of a file; InputError says what is wrong with it."""
    try:
        value = parse_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(
            N_("%(path)s cannot be read: %(reason)s."), path=path, reason=error.strerror
        ) from error
    except ValueError as error:
        raise InputError(
            N_("%(path)s is not JSON (%(reason)s)."),
            N_("Give the file that `flask plan --out` wrote."),
            path=path,
            reason=error,
        ) from error
    if not isinstance(value, dict):
        raise InputError(
            N_("%(path)s holds no JSON object."),
            N_("Give the file that `flask plan --out` wrote."),
            path=path,
        )
    return value


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            N_("%(path)s cannot be written: %(reason)s."), path=path, reason=error.strerror
        ) from error
