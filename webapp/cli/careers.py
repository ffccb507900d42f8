"""Careers on the command line: the same questions as the pages under /careers and their JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from graph.errors import N_, InputError
from queries.careers import compare as sides
from queries.careers import flows as moves
from queries.careers import lines, posts_history
from queries.careers import paths as searches
from queries.careers import routes as ways
from queries.careers import tree as trees
from queries.careers.eligibility import earliest_dates
from queries.careers.eligibility_words import advice, changes, sentence
from queries.careers.groups import FiveGroups
from queries.careers.history import career as whole_career
from queries.careers.incidence import TimesToArrive
from queries.careers.limits import Limits
from queries.careers.path_steps import parse_steps
from webapp.careers.dates import as_plain
from webapp.careers.routes import read_place, route_text
from webapp.careers.words import held_as, label, month_count, posting_note
from webapp.cli.printing import (
    echo_table,
    json_option,
    planned_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.shell import scope
from webapp.shell.asking import read_date
from webapp.shell.day import planned
from webapp.shell.frame import term
from webapp.shell.sent_json import parse_json
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.words import as_of as usual_day
from webapp.shell.words import programme

_as_of = click.option(
    "--on",
    "--as-of",
    "as_of",
    default="",
    metavar="DAY",
    help="The day to look from; else the programme's own, or today.",
)
_level = click.option(
    "--level",
    default="unit_kind",
    show_default=True,
    metavar="LEVEL",
    help="Compare by post, title, rank, kind, post_kind, unit or unit_kind.",
)


_LIMITS = (
    click.option(
        "--cohort-from", type=click.IntRange(1000, 9999), help="Cohorts from this one on."
    ),
    click.option("--cohort-to", type=click.IntRange(1000, 9999), help="Cohorts up to this one."),
    click.option("--trainees", is_flag=True, help="Trainees only."),
    click.option("--unit", metavar="ID", help="Who served in this unit or below."),
    click.option("--since", default="", metavar="DAY", help="What begins from this day on."),
    click.option("--until", default="", metavar="DAY", help="What begins before this day."),
    scope_option,
)


def _limited(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the limits of every question about careers, as one value."""

    @wraps(command)
    def run(
        cohort_from: int | None,
        cohort_to: int | None,
        trainees: bool,
        unit: str | None,
        since: str,
        until: str,
        **kwargs: Any,
    ) -> None:
        limits = Limits(
            cohort_from=cohort_from,
            cohort_to=cohort_to,
            trainees=trainees,
            unit=unit,
            since=read_date("--since", since) if since else None,
            until=read_date("--until", until) if until else None,
            scope=scope.asked(),
        )
        command(limits=limits, **kwargs)

    for option in reversed(_LIMITS):
        run = option(run)
    return run


def _echo_groups(groups: FiveGroups, times: TimesToArrive | None = None, missed: int = 0) -> None:
    """Print the five groups of a question, and when half of those who started had arrived."""
    click.echo(
        _(
            "%(arrived)s arrived, %(on_the_way)s on the way, %(left_before)s left before, "
            "%(not_known)s not known since, %(from_the_start)s there from the start.",
            **groups.as_dict(),
        )
    )
    if missed:
        click.echo(_("%(n)s can no longer arrive.", n=missed))
    if times is not None:
        click.echo(
            _(
                "Half of all who started: %(incidence)s; of those who stay: %(km)s.",
                incidence=month_count(times.incidence_median_months),
                km=month_count(times.km_median_months),
            )
        )


@click.command()
@click.argument("steps", type=click.Path(path_type=Path), metavar="STEPS.json")
@click.option("--limit", type=click.IntRange(min=0), help="List at most so many people.")
@_as_of
@json_option
@translate_errors
@_limited
def paths(steps: Path, limit: int | None, as_of: str, as_json: bool, limits: Limits) -> None:
    """Search by path: who took these steps in this order, and who is on the way."""
    wanted = parse_steps(_read(steps))  # a mistake is told before the store is opened
    found = searches.search(current_store(), wanted, _day(as_of), limit, limits)
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    click.echo(
        _(
            "%(count)s people walked it; of those who arrived the median is %(months)s.",
            count=found.count,
            months=month_count(found.median_months),
        )
    )
    _echo_groups(found.groups, found.times, found.missed)
    rows = [each.as_dict() for each in found.people]
    echo_table(["person", "name", "dates", "months"], rows)


@click.command("career-routes")  # `flask routes` is Flask's own
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@_level
@_as_of
@json_option
@translate_errors
@_limited
def career_routes(
    start: str, end: str, level: str, as_of: str, as_json: bool, limits: Limits
) -> None:
    """Show the routes FROM one place TO another, as in rank:LOW rank:HIGH."""
    found = ways.routes(
        current_store(),
        read_place("FROM", start),
        read_place("TO", end),
        _day(as_of),
        level,
        limits=limits,
    )
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    rows = [
        {
            "route": route_text(found, each),
            "people": each.count,
            "median_months": each.median_months,
            "fewest": each.walks[0].months,
        }
        for each in found.routes
    ]
    _echo_groups(found.outcome.groups, found.outcome.times, found.outcome.missed)
    echo_table(["route", "people", "median_months", "fewest"], rows)


@click.command()
@_level
@_as_of
@json_option
@translate_errors
@_limited
def flows(level: str, as_of: str, as_json: bool, limits: Limits) -> None:
    """Count who moved from what to what, with net gains and losses."""
    found = moves.flows(current_store(), level, _day(as_of), limits)
    if as_json:
        click.echo(to_json(found.as_dict(people=True)))
        return
    rows = [
        {
            "from": label(level, each.source, each.source_text),
            "to": label(level, each.target, each.target_text),
            "moves": len(each),
            **each.groups.as_dict(),
        }
        for each in found.bands
    ]
    _echo_groups(found.groups)
    echo_table(["from", "to", "moves", *found.groups.as_dict()], rows)


@click.command("career-tree")
@_level
@click.option("--depth", default=4, show_default=True, help="So many steps from the first.")
@_as_of
@json_option
@translate_errors
@_limited
def career_tree(level: str, depth: int, as_of: str, as_json: bool, limits: Limits) -> None:
    """Show where careers part and where they meet again."""
    found = trees.tree(current_store(), level, _day(as_of), depth, limits)
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    rows: list[dict[str, Any]] = []

    def add(branch: trees.Branch) -> None:
        for each in branch.branches:
            text = "  " * (each.depth - 1) + label(level, each.key, each.text)
            figures = {"people": len(each.people), "no_further": each.ended}
            rows.append({"branch": text, **figures, **each.groups.as_dict()})
            add(each)

    add(found.root)
    echo_table(["branch", "people", "no_further", *found.root.groups.as_dict()], rows)


@click.command("post-history")
@click.argument("post")
@_as_of
@planned_option
@json_option
@translate_errors
@_limited
def post_history(post: str, as_of: str, as_json: bool, limits: Limits) -> None:
    """Show who held the post with the id POST, how long, and where they went next."""
    found = posts_history.history(current_store(), post, _day(as_of), limits, planned())
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    columns = ["person", "name", "since", "until", "months", "held_as"]
    echo_table(columns, found.as_dict()["holders"])
    click.echo("")
    _echo_groups(found.groups, found.times)
    echo_table(["post", "title", "unit_name", "count"], found.as_dict()["after"])


@click.command()
@click.argument("person")
@_as_of
@planned_option
@json_option
@translate_errors
def career(person: str, as_of: str, as_json: bool) -> None:
    """Show the whole career of the person with the id PERSON, its gaps and its ranks."""
    found = whole_career(current_store(), person, _day(as_of), programme(), planned())
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    columns = ["since", "until", "unit_name", "title", "rank", "kind", "months"]
    rows = [
        {
            **each.row,
            "until": each.ends,
            "months": each.months,
            "held_as": held_as(each),
            "note": posting_note(each, found.on),
        }
        for each in found.postings
    ]
    echo_table([*columns, "held_as", "note"], rows)
    click.echo("")
    echo_table(["since", "from_title", "to_title", "gap_days", "how"], [*found.moves])
    for step in found.ranks:
        fall = _(" (%(note)s)", note=_("fall")) if step.how == "fall" else ""
        click.echo(f"{step.since} {term('ranks_and_grades', step.rank)}{fall}")
    for gap in found.gaps:
        words = _("no posting known") if gap.certain else _("perhaps a gap")
        click.echo(f"{words}: {_('%(since)s to %(until)s', since=gap.since, until=gap.until)}")


@click.command()
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@_as_of
@json_option
@translate_errors
def compare(people: tuple[str, ...], as_of: str, as_json: bool) -> None:
    """Say what the careers of 2 to 6 people share and where they differ."""
    found = sides.compare(current_store(), people, _day(as_of), programme(), "entry")
    if as_json:
        answer = found.as_dict()
        for row, (_a, _b, words) in zip(answer["differences"], found.differences, strict=True):
            row["sentences"] = [said(each) for each in words]
        click.echo(to_json(answer))
        return
    for a, b, words in found.differences:
        click.echo(f"{a} – {b}")
        for each in words:
            click.echo(f"  {said(each)}")


@click.command("career-lines")
@click.option("--gone", is_flag=True, help="Those who left, too.")
@_as_of
@json_option
@translate_errors
@_limited
def career_lines(gone: bool, as_of: str, as_json: bool, limits: Limits) -> None:
    """Show everybody's way, a line a person, and how long each rank took."""
    found = lines.career_lines(current_store(), _day(as_of), limits, with_gone=gone)
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    for line in found.lines:
        posts = " → ".join(f"{each.unit_name or ''} {each.title}".strip() for each in line.posts)
        click.echo(f"{line.person} {line.name}  {line.entry}  {posts}")
    for row in found.cohorts:
        click.echo(f"{row.cohort or '?'}: {row.people}")
    for time in found.times:
        ends = f"{term('ranks', time.start)} → {term('ranks', time.rank)}"
        click.echo(f"{ends}  {month_count(time.median_months)}")
        _echo_groups(time.groups)


@click.command("legal-dates")
@click.argument("people", nargs=-1, metavar="[PERSON]...")
@_as_of
@json_option
@translate_errors
def legal_dates(people: tuple[str, ...], as_of: str, as_json: bool) -> None:
    """Give the earliest day of each next rank and grade, of every trainee or of some people."""
    found = earliest_dates(current_store(), programme(), _day(as_of), people or None)
    if as_json:
        click.echo(to_json([as_plain(each) for each in found]))
        return
    for each in found:
        click.echo(f"{each.person} {each.name}")
        for step in (*each.ranks, *each.grades):
            click.echo(f"  {said(sentence(step, each.on))}")
            for words in (*advice(step), *changes(step, each.on)):
                click.echo(f"    {said(words)}")


COMMANDS = (
    paths,
    career_routes,
    flows,
    career_tree,
    post_history,
    career,
    compare,
    career_lines,
    legal_dates,
)


def _day(text: str) -> date:
    text = text.strip()
    return read_date("--as-of", text) if text else usual_day()


def _read(path: Path) -> Any:
    """Read STEPS.json; `-` is standard input."""
    try:
        return parse_json(sys.stdin.read() if str(path) == "-" else _text(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            N_("%(path)s cannot be read: %(reason)s."), path=path, reason=_reason(error)
        ) from None
    except ValueError as error:
        raise InputError(
            N_("%(path)s is not JSON: %(reason)s."),
            N_('Write [{"kind": "KIND"}, {"rank": "RANK", "within_months": 24}].'),
            path=path,
            reason=error,
        ) from None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
