"""The programme on the command line: the same functions as its pages and JSON."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from queries.programme import audit as audits
from queries.programme import duties as owed
from queries.programme import stages as machine
from queries.programme import todo as todos
from queries.programme.on_day import appointment_rules
from queries.rules import short_list as priorities
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    planned_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.cli.progress import Progress
from webapp.cli.standing import unit_option
from webapp.programme import documents
from webapp.programme.audit import calendar_text, known_role, role_word
from webapp.programme.duties import duties_answer, state_word
from webapp.programme.findings import level_word
from webapp.programme.home import report_answer
from webapp.programme.page import facts_asked, plain
from webapp.programme.people import stages_answer
from webapp.programme.printed import report_document_of
from webapp.programme.reminders import reminders_answer
from webapp.shell.asking import read_date
from webapp.shell.frame import term
from webapp.shell.sentences import said
from webapp.shell.store import current_store


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@translate_errors
def audit(unit: str, as_json: bool) -> None:
    """Judge every rule of the programme: red, yellow, blue, with who and by when."""
    with Progress(as_json) as bar:
        bar.say(_("reading what is stored"))
        known = facts_asked(unit)
        bar.say(_("judging %(people)s {trainees}", people=len(known.trainees)))
        found = audits.audit(known)
    if as_json:
        click.echo(to_json(found.as_dict(said)))
        return
    echo_table(
        ["level", "rule", "person", "unit", "due", "message"],
        [{**row, "level": level_word(row["level"])} for row in found.as_dict(said)["findings"]],
    )
    click.echo(
        _(
            "%(day)s: %(red)s red, %(yellow)s yellow, %(blue)s blue.",
            day=known.day,
            **found.counts,
        )
    )


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@translate_errors
def stages(unit: str, as_json: bool) -> None:
    """Say in which stage each trainee is, since when, and when the next gate opens."""
    known = facts_asked(unit)
    if as_json:
        click.echo(to_json({"as_of": known.day, **plain(stages_answer(known), known)}))
        return
    rows = [
        {
            "person": each.person,
            "name": known.name(each.person),
            "stage": term("stages", each.stage),
            "since": each.since,
            "months": each.months,
            "next": term("stages", each.next_stage),
            "on": each.next_on,
            "deadline": each.deadline,
        }
        for each in machine.progress(known).values()
    ]
    echo_table(["person", "name", "stage", "since", "months", "next", "on", "deadline"], rows)


@click.command()
@day_option
@unit_option
@scope_option
@click.option("--state", type=click.Choice(["late", "due", "done"]), help="Only these.")
@click.option("--by-unit", is_flag=True, help="Count by unit instead: how each keeps up.")
@json_option
@translate_errors
def duties(unit: str, state: str | None, by_unit: bool, as_json: bool) -> None:
    """List talks and reports: late, due, done."""
    known = facts_asked(unit)
    found = [each for each in owed.duties(known) if not state or each.state == state]
    if as_json:
        answer = {**duties_answer(known), "duties": found}
        click.echo(to_json({"as_of": known.day, **plain(answer, known)}))
        return
    if by_unit:
        rows = [
            {
                **{name: getattr(each, name) for name in ("unit", "late", "due", "done")},
                "late_since": each.late_since,
                "own": [
                    f"{term('duties', own.duty)}: {state_word(own.state)}, {own.due}"
                    for own in each.own
                ],
            }
            for each in owed.by_unit(known)
        ]
        echo_table(["unit", "late", "due", "done", "late_since", "own"], rows)
        return
    rows = [
        {
            "state": each.state,
            "due": each.due,
            "person": each.person,
            "name": known.name(each.person),
            "duty": term("duties", each.duty),
            "last": each.last,
        }
        for each in found
    ]
    echo_table(["state", "due", "person", "name", "duty", "last"], rows)


@click.command()
@day_option
@unit_option
@scope_option
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(0, 3660),
    help="Look so far ahead.",
)
@click.option("--role", metavar="ROLE", help="A level of the programme, mentor or trainee.")
@click.option("--person", metavar="ID", help="Only what concerns this trainee or mentor.")
@click.option("--work", type=click.Choice(list(todos.WORK)), help="Only this kind of work.")
@click.option("--when", type=click.Choice(todos.WHENS), help="Only what is late, due, undated.")
@click.option("--since", metavar="DAY", help="Only what falls due on that day or later.")
@click.option("--until", metavar="DAY", help="Only what falls due by that day.")
@json_option
@translate_errors
def todo(
    unit: str,
    days: int,
    role: str | None,
    person: str | None,
    work: str | None,
    when: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """List what is late and what falls due in the next days, for each role."""
    known = facts_asked(unit)
    found = todos.things(known, days, known_role(known, role), person)
    first, last = since and read_date("since", since), until and read_date("until", until)
    items = todos.worded(known, todos.only(found, work, when, first or None, last or None))
    if as_json:
        click.echo(to_json({"as_of": known.day, "days": days, "items": plain(items, known)}))
        return
    rows = [
        {
            "late": _("late") if item.late else "",
            "due": item.due,
            "role": role_word(item.role),
            "person": item.person,
            "what": said(item.words),
        }
        for item in items
    ]
    echo_table(["late", "due", "role", "person", "what"], rows)


@click.command()
@day_option
@unit_option
@scope_option
@click.option(
    "--days",
    default=7,
    show_default=True,
    type=click.IntRange(0, 366),
    help="Look so far ahead.",
)
@json_option
@translate_errors
def reminders(unit: str, days: int, as_json: bool) -> None:
    """Write a message to each who holds talks, answers requests or settles problems."""
    answer = reminders_answer(facts_asked(unit), days)
    if as_json:
        click.echo(to_json(answer))
        return
    click.echo("\n\n".join(each["text"] for each in answer["reminders"]))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@day_option
@unit_option
@scope_option
@click.option(
    "--days",
    default=90,
    show_default=True,
    type=click.IntRange(0, 3660),
    help="Look so far ahead.",
)
@click.option("--role", metavar="ROLE", help="A level of the programme, mentor or trainee.")
@translate_errors
def calendar(path: Path, unit: str, days: int, role: str | None) -> None:
    """Write what is to be done as a calendar file (ICS) to PATH."""
    known = facts_asked(unit)
    items = todos.todo(known, days, known_role(known, role))
    path.write_text(calendar_text(known, items), encoding="utf-8", newline="")
    dated = sum(item.due is not None for item in items)
    click.echo(_("%(n)s entries are now in %(path)s.", n=dated, path=path))


@click.command()
@day_option
@unit_option
@scope_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it as Word or Excel instead, by the ending: .docx or .xlsx.",
)
@json_option
@translate_errors
def report(unit: str, out: Path | None, as_json: bool) -> None:
    """Recompute the programme's published totals, with the state of each mechanism."""
    known = facts_asked(unit)
    if out:
        documents.write_document(report_document_of(known, unit), out)
        if as_json:
            click.echo(to_json({"as_of": known.day, "path": str(out)}))
        else:
            click.echo(_("The report is now in %(path)s.", path=out))
        return
    answer = report_answer(known)
    if as_json:
        click.echo(to_json({"as_of": known.day, **plain(answer, known)}))
        return
    rows = [
        row
        for total in answer["totals"]
        for row in (
            total,
            *(
                {
                    "key": f"{total['key']}/{each.key}",
                    "value": each.value,
                    "title": term(each.title.terms, each.key),
                    "sentence": "",
                }
                for each in total["by_kind"]
            ),
        )
    ]
    echo_table(["key", "value", "title", "sentence"], rows)
    click.echo("")
    echo_table(["key", "title", "now"], answer["mechanisms"])


@click.command()
@click.argument("post")
@day_option
@scope_option
@click.option(
    "--off",
    multiple=True,
    metavar="KEY",
    help="Leave out a priority, or demands, wish, months.",
)
@json_option
@translate_errors
def shortlist(post: str, off: tuple[str, ...], as_json: bool) -> None:
    """Rank the trainees for the post with the id POST, each place with its reasons."""
    known = facts_asked()
    if post not in known.posts:
        raise NotFound(N_("There is no post %(id)s."), N_("Search for its title."), id=post)
    found = priorities.shortlist(known, post, appointment_rules(current_store()), frozenset(off))
    if as_json:
        click.echo(to_json({"as_of": known.day, "shortlist": plain(found, known)}))
        return
    rows = [
        {
            "place": each.number,
            "person": each.person,
            "name": known.name(each.person),
            "reasons": [said(reason.words) for reason in each.reasons if reason.holds],
            "consider": [f"{rule}: {said(words)}" for rule, words in each.notes],
        }
        for each in found.places
    ]
    echo_table(["place", "person", "name", "reasons", "consider"], rows)
    for out in found.undecided:
        why = " ".join(f"{rule}: {said(words)}" for rule, words in out.why)
        click.echo(_("%(name)s: not decided. %(why)s", name=known.name(out.person), why=why))
    click.echo(_("%(n)s are excluded by a hard rule.", n=len(found.excluded)))


@click.command()
@click.argument("person")
@click.argument("path", type=click.Path(path_type=Path))
@day_option
@planned_option
@translate_errors
def growth_file(person: str, path: Path) -> None:
    """Write the growth file of PERSON to PATH: .docx or .xlsx."""
    from webapp.programme.documents import write_document
    from webapp.programme.growth_document import growth_document

    write_document(growth_document(current_store(), person), path)
    click.echo(_("The growth file is now in %(path)s.", path=path))


COMMANDS = (audit, stages, duties, todo, reminders, calendar, report, growth_file, shortlist)
