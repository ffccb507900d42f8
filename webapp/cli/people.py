"""People, units and posts on the command line: the values of their pages and their JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from flask_babel import gettext as _

from planning.person_plans import PersonView, person_view
from queries.people_list import people_list
from queries.post_file import post_file, post_list
from queries.unit_file import unit_file
from queries.unit_tree import unit_tree
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    planned_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.data.quality import kind_title
from webapp.people.places import MOST_ROWS
from webapp.people.timeline import period
from webapp.shell import scope
from webapp.shell.asked import read_year
from webapp.shell.day import planned
from webapp.shell.frame import term
from webapp.shell.sentences import said
from webapp.shell.states import KEPT_STATUSES
from webapp.shell.store import current_store
from webapp.shell.words import as_of

_text = click.option("--text", default="", help="Part of the name or title, or of the id.")
_unit = click.option("--unit", default="", metavar="ID", help="Of this unit and all below.")


@click.command()
@_text
@click.option("--cohort", default="", metavar="YEAR", help="Selected in this year.")
@click.option("--role", type=click.Choice(["trainee", "mentor"]), help="Trainees or mentors only.")
@_unit
@click.option("--after", metavar="ID", help="Go on after this person.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="How many to list.",
)
@day_option
@scope_option
@json_option
@translate_errors
def people(
    text: str,
    cohort: str,
    role: str | None,
    unit: str,
    after: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List people by id, with what they hold on the day."""
    year = read_year("--cohort", cohort) if cohort else None
    filters = {"text": text or None, "cohort": year, "role": role, "unit": unit or None}
    found = people_list(current_store(), as_of(), limit, after, **filters, **scope.kept())
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    names = ["id", "name", "cohort", "unit_name", "title", "rank", "mentors", "trainees"]
    echo_table(names, [vars(card) for card in found.people])
    shown = len(found.people)
    click.echo(_("%(shown)s of %(total)s shown", shown=shown, total=found.total), err=True)


@click.command()
@click.argument("id")
@day_option
@planned_option
@json_option
@translate_errors
def person(id: str, as_json: bool) -> None:
    """Show the file of the person ID: posts, ties, records, standing, plans."""
    view = person_view(current_store(), id, as_of(), planned())
    if as_json:
        click.echo(to_json(view.as_dict(said)))
        return
    echo_table(["what", "is", "when"], list(_person_rows(view)))


def _person_rows(view: PersonView) -> Iterator[dict[str, Any]]:
    file = view.file
    yield _row(_("Name"), file.facts["name"], file.facts["id"])
    yield _row(_("Service"), _service(file.state.in_service), file.state.since)
    yield _row(_("Rank"), term("ranks_and_grades", file.state.rank))
    how = {"main": _("Main post"), "also": _("Also holds"), "meanwhile": _("Meanwhile at")}
    for row in file.present:
        yield _row(how[row["how"]], _place(row), row["since"])
    for row in file.postings:
        kind = term("rotation_kinds", row["kind"]) or _("Posting")
        is_planned = row["status"] == "planned"
        yield _row(kind, _place(row), period(row["since"], row["until"], planned=is_planned))
    for row in file.service:
        yield _row(
            _("Service"), term("service_kinds", row["kind"]), period(row["since"], row["until"])
        )
    for row in file.grades:
        yield _row(_("Grade"), term("ranks_and_grades", row["grade"]), row["since"])
    for move in file.career:
        yield _row(_("Change of main post"), move["to_name"] or move["to_post"], move["day"])
    for title, rows in ((_("{Mentor}"), file.mentors), (_("{Trainee}"), file.trainees)):
        for row in rows:
            yield _row(title, row["name"], period(row["since"], row["until"]))
    for row in file.activities:
        yield _row(_("Activity"), row["title"], row["held_on"])
    for row in file.records:
        words = (term("record_kinds", row["kind"]), term("results", row["result"]), row["summary"])
        yield _row(_("Record"), " · ".join(filter(None, words)), row["on"])
    yield from _standing_rows(view)
    for plan in view.plans:
        state = str(KEPT_STATUSES[plan.status][1])
        for each in plan.moves:
            what = f"{_('Plan')} {plan.id} ({state})"
            yield _row(what, each.post_name, period(each.since, each.until))
    for doubt in file.doubts:
        accepted = _("accepted") if doubt.accepted else None
        yield _row(kind_title(doubt.finding.kind), said(doubt.message), accepted)
    if file.origin:
        place = file.origin.file or file.origin.name
        row_number = file.origin.row or "–"
        yield _row(_("Where from"), _("%(file)s, row %(row)s", file=place, row=row_number))


def _standing_rows(view: PersonView) -> Iterator[dict[str, Any]]:
    standing = view.file.standing
    if standing is None:
        return
    yield _row(_("Stage"), term("stages", standing.stage), standing.since)
    for gate in standing.gates:
        when = said(gate.note) if gate.note else gate.on
        yield _row(_("Condition"), f"{'✓' if gate.reached else '–'} {said(gate.rule)}", when)
    if standing.next_stage:
        yield _row(_("Next condition"), term("stages", standing.next_stage), standing.next_on)
    if standing.deadline:
        yield _row(_("Deadline"), term("stages", standing.stage), standing.deadline)
    for need in standing.mentors:
        have = f"{need.wanted - need.missing}/{need.wanted}"
        if need.not_in_post:
            have = _("%(have)s, not in the post", have=have)
        yield _row(term("mentoring_kinds", need.kind), have, need.missing_since)
    for duty in standing.duties:
        state = {"late": _("late"), "due": _("due"), "done": _("done")}[duty.state]
        yield _row(term("duties", duty.duty), state, duty.due)
    levels = {"red": _("red"), "yellow": _("yellow"), "blue": _("blue")}
    told_counts = [f"{n} {levels[level]}" for level, n in standing.counts.items() if n]
    yield _row(_("Compliance"), ", ".join(told_counts) or _("nothing found"))


def _service(key: str) -> str:
    return {
        "yes": _("in service"),
        "awaiting": _("awaits a post"),
        "no": _("out of service"),
        "not_known": _("not known"),
    }[key]


def _row(what: str, says: Any, when: Any = None) -> dict[str, Any]:
    return {"what": what, "is": says, "when": when}


def _place(row: dict[str, Any]) -> str:
    return " ".join(part for part in (row["unit_name"], row["title"]) if part)


@click.command()
@json_option
@translate_errors
def units(as_json: bool) -> None:
    """List the tree of units, children below their unit."""
    known = unit_tree(current_store())
    if as_json:
        click.echo(to_json(known.as_dict(MOST_ROWS)))
        return
    rows = [
        {
            "unit": "  " * level + each.name,
            "id": each.id,
            "kind": term("unit_kinds", each.kind),
            "posts": each.posts,
        }
        for level, each in known.outline()
    ]
    echo_table(["unit", "id", "kind", "posts"], rows)


@click.command()
@click.argument("id")
@day_option
@json_option
@translate_errors
def unit(id: str, as_json: bool) -> None:
    """Show who is in the unit ID and below on a day, and its own posts."""
    found = unit_file(current_store(), id, as_of())
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    click.echo(" > ".join(each.name for each in found.way))
    echo_table(["person", "name", "unit_name", "title", "since"], found.people)
    click.echo("")
    echo_table(["post", "title", "capacity", "holders"], [_post_row(row) for row in found.posts])


@click.command()
@_text
@_unit
@click.option("--rank", default="", metavar="RANK", help="Posts of this rank.")
@click.option("--kind", default="", metavar="KIND", help="Posts of this kind.")
@day_option
@json_option
@translate_errors
def posts(text: str, unit: str, rank: str, kind: str, as_json: bool) -> None:
    """List posts with who holds them on a day."""
    given = {"text": text, "unit": unit, "rank": rank, "kind": kind}
    filters = {name: value for name, value in given.items() if value}
    found = post_list(current_store(), as_of(), MOST_ROWS if as_json else None, **filters)
    if as_json:
        click.echo(to_json(found.as_dict(MOST_ROWS)))
        return
    names = ["post", "title", "unit_name", "rank", "capacity", "holders"]
    echo_table(names, [_post_row(row) for row in found.posts])


@click.command()
@click.argument("id")
@day_option
@json_option
@translate_errors
def post(id: str, as_json: bool) -> None:
    """Show who held the post ID one after another, and the gaps between them."""
    found = post_file(current_store(), id, as_of())
    if as_json:
        click.echo(to_json(found.as_dict()))
        return
    click.echo(_place(found.post))
    now = {(row["person"], row["since"]) for row in found.now}
    rows = [
        {**row, "now": "✓" if (row["person"], row["since"]) in now else ""} for row in found.holders
    ]
    rows += [{**gap, "person": "", "name": _("nobody"), "now": ""} for gap in found.gaps]
    rows.sort(key=lambda row: row["since"] or "")
    echo_table(["person", "name", "since", "until", "months", "now"], rows)


def _post_row(row: dict[str, Any]) -> dict[str, Any]:
    names = [
        holder["name"] + (_(" (%(note)s)", note=_("acting")) if holder["acting"] else "")
        for holder in row["holders"]
    ]
    return {**row, "holders": names}


COMMANDS = (people, person, units, unit, posts, post)
