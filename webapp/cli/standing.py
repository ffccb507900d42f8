"""Where everybody stands, on the command line: mentors, exercises, files, posts.

With `--json` each gives what its page gives under `/api/programme`; as a table, its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
from flask_babel import gettext as _

from graph.errors import N_, InputError
from graph.tables import number_text
from queries.programme.facts import Facts
from queries.programme.learning import added
from webapp.cli.printing import (
    day_option,
    echo_table,
    json_option,
    scope_option,
    to_json,
    translate_errors,
)
from webapp.programme.care import account_word, measure_word, money
from webapp.programme.charts import figure_of
from webapp.programme.duties import state_word
from webapp.programme.exercises import exercises_answer
from webapp.programme.findings import level_word
from webapp.programme.home import index_answer, mechanism_answer
from webapp.programme.mentors import accepted_word, mentor_answer, mentors_answer, task_word
from webapp.programme.page import facts_asked, plain
from webapp.programme.people import files_answer, focus_answer, lack_text, person_answer
from webapp.programme.task_places import places_answer, task_words
from webapp.programme.use import vacancies_answer
from webapp.shell.frame import term
from webapp.shell.sentences import said
from webapp.shell.words import programme_text

Answer = Mapping[str, Any]
Rows = Iterable[Mapping[str, Any]]

unit_option = click.option(
    "--unit", default="", metavar="ID", help="Only people of this unit and below."
)


def show(known: Facts, answer: Answer, as_json: bool, rows_of: Callable[..., Rows]) -> None:
    """Print an answer as JSON with its day, or its rows as a table."""
    if as_json:
        click.echo(to_json({"as_of": known.day, **plain(answer, known)}))
        return
    rows = list(rows_of(known, answer))
    echo_table(list(rows[0]) if rows else [], rows)


def of_everybody(
    name: str, answer_of: Callable[[Facts], Answer], rows_of: Callable[..., Rows], text: str
) -> click.Command:
    """Make the command of a question about all trainees of a day."""

    @click.command(name, help=text)
    @day_option
    @unit_option
    @scope_option
    @json_option
    @translate_errors
    def command(unit: str, as_json: bool) -> None:
        known = facts_asked(unit)
        show(known, answer_of(known), as_json, rows_of)

    return command


def of_one(
    name: str,
    answer_of: Callable[[Facts, str], Answer],
    rows_of: Callable[..., Rows],
    text: str,
) -> click.Command:
    """Make the command of a question about one thing."""

    @click.command(name, help=text)
    @click.argument("id")
    @day_option
    @json_option
    @translate_errors
    def command(id: str, as_json: bool) -> None:
        known = facts_asked()
        show(known, answer_of(known, id), as_json, rows_of)

    return command


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@click.option("--rules", is_flag=True, help="Print the programme.yaml as it is stored.")
@translate_errors
def programme(unit: str, as_json: bool, rules: bool) -> None:
    """Say how each part of the programme stands, or print its rules."""
    if rules:
        text = programme_text()
        if not text:
            raise InputError(N_("No programme is stored."))
        click.echo(to_json({"programme": text}) if as_json else text, nl=as_json)
        return
    known = facts_asked(unit)
    show(known, index_answer(known), as_json, _parts)


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@translate_errors
def places(unit: str, as_json: bool) -> None:
    """List where people are sent to: who is there, the tasks, the gaps."""
    facts_asked(unit)  # refuses a unit that is not stored
    known = facts_asked()
    show(known, places_answer(known, unit), as_json, _places)


# --- the rows of each table --------------------------------------------------------------------


def _parts(known: Facts, answer: Answer) -> Rows:
    for part in answer["parts"]:
        for each in part.mechanisms:
            yield {
                "key": each.key,
                "title": term("mechanisms", each.key),
                "now": said(each.now),
                **{level: each.counts[level] for level in ("red", "yellow", "blue")},
            }


def _mechanism(known: Facts, answer: Answer) -> Rows:
    for each in answer["rules"]:
        yield {"rule": said(each.name), "words": said(each.words)}


def _mentors(known: Facts, answer: Answer) -> Rows:
    waiting = {each.pairing.id for each in answer["not_accepted"]}
    could = {(each["person"], each["kind"]): each["candidates"] for each in answer["missing"]}
    for each in answer["hand_overs"]:
        could[each.pair.pairing.trainee, each.pair.kind] = each.candidates
    for light in (each for lights in answer["lights"] for each in lights):
        yield {
            "person": light.person,
            "name": known.name(light.person),
            "kind": term("mentoring_kinds", light.kind),
            "have": light.wanted - light.missing,
            "wanted": light.wanted,
            "mentors": [known.name(pairing.mentor) for pairing in light.mentors],
            "missing_since": light.missing_since,
            "to_hand_over": [known.name(each.pairing.mentor) for each in light.not_in_post],
            "not_accepted": [
                known.name(pairing.mentor) for pairing in light.mentors if pairing.id in waiting
            ],
            "could_ask": [
                known.name(each.mentor) for each in could.get((light.person, light.kind), ())
            ],
        }


def _mentor(known: Facts, answer: Answer) -> Rows:
    for pair in answer["pairs"]:
        methods, duties, _tasks = pair.done
        yield {
            "trainee": pair.pairing.trainee,
            "name": known.name(pair.pairing.trainee),
            "kind": term("mentoring_kinds", pair.pairing.kind),
            "since": pair.pairing.since,
            "accepted": accepted_word(pair.pairing),
            "methods": methods,
            "duties": duties,
            "tasks": [
                f"{term('growth_tasks', task.key)}: {task_word(task.state)}"
                for task in pair.tasks
                if task.state != "open"
            ],
            "due": [
                f"{term('duties', each.duty)} {each.due}"
                for each in answer["duties"]
                if each.person == pair.pairing.trainee
            ],
        }


def _exercises(known: Facts, answer: Answer) -> Rows:
    for row in answer["coverage"]:
        cells = {
            f"{kind} {term('mechanisms', kind)}": " + ".join(
                filter(
                    None,
                    [
                        _("%(months)s months", months=cell.months) if cell.postings else "",
                        _("%(times)s times", times=cell.days) if cell.days else "",
                    ],
                )
            )
            for kind, cell in row.cells.items()
        }
        yield {"person": row.person, "name": known.name(row.person), "count": row.count, **cells}


def _files(known: Facts, answer: Answer) -> Rows:
    for score in answer["files"]:
        yield {
            "person": score.person,
            "name": known.name(score.person),
            "percent": score.percent,
            "missing": [
                f"{term('growth_file', part.key)}: {lack_text(each)}"
                for part in score.parts
                for each in part.lacks
            ],
        }


def _focus(known: Facts, answer: Answer) -> Rows:
    words = {
        "to confirm": _("to decide"),
        "confirmed": _("on the list"),
        "no longer meets": _("no longer meets the rule"),
        "removed": _("taken off"),
    }
    for each in answer["focus"]:
        yield {
            "state": words[each.state],
            "person": each.person,
            "name": known.name(each.person),
            "rules": [said(gate.rule) for gate in each.rules if gate.reached],
            "decided_on": each.decided_on,
        }


def _vacancies(known: Facts, answer: Answer) -> Rows:
    for each in answer["vacancies"]:
        post = known.posts[each.post]
        unit = known.units.get(post.unit or "")
        yield {
            "post": each.post,
            "title": f"{unit.name} {post.name}" if unit else post.name,
            "rank": term("ranks", post.rank),
            "room": each.capacity - each.held,
            "demands": list(post.demands),
        }


def _places(known: Facts, answer: Answer) -> Rows:
    for each in answer["places"]:
        above = known.units.get(each.above or "")
        yield {
            "above": above.name if above else None,
            "unit": known.units[each.unit].name,
            "people": [known.name(who.person) for who in each.people],
            "tasks": [task_words(known, task) for task in each.tasks],
            "free": each.free,
            "gaps": [said(gap) for gap in each.gaps],
        }


def _trainee(known: Facts, answer: Answer) -> Rows:
    where = answer["stage"]
    yield {"what": _("Stage"), "how": term("stages", where.stage), "when": where.since}
    for light in answer["mentors"]:
        how = (
            _("missing")
            if light.missing
            else ", ".join(known.name(p.mentor) for p in light.mentors)
        )
        if light.not_in_post:
            how = _("%(name)s, not in the post", name=how)
        what = term("mentoring_kinds", light.kind)
        yield {"what": what, "how": how, "when": light.missing_since}
    for each in answer["findings"]:
        yield {"what": level_word(each.level), "how": said(each.message), "when": each.due}
    for axis in answer["portrait"]:
        how = f"{figure_of(axis)}, {said(axis.meaning)}"
        when = max((fact.on for fact in axis.facts if fact.on), default=None)
        yield {"what": term("portrait", axis.key), "how": how, "when": when}
    for duty in answer["duties"]:
        yield {"what": term("duties", duty.duty), "how": state_word(duty.state), "when": duty.due}
    for year in dict.fromkeys(each.year for each in answer["hours"]):
        mine = [each.hours for each in answer["hours"] if each.year == year]
        yield {"what": _("Hours"), "how": number_text(added(mine)), "when": year}
    for each in answer["payments"]:
        how = f"{measure_word(each)} {money(each.amount)} {account_word(each.account)}"
        yield {"what": _("Payment"), "how": how, "when": each.on}
    yield {"what": _("Growth file"), "how": f"{answer['file'].percent} %", "when": None}


COMMANDS = (
    programme,
    of_everybody("mentors", mentors_answer, _mentors, "Say who lacks which mentor."),
    of_everybody(
        "exercises", exercises_answer, _exercises, "Say who has done which kind of exercise."
    ),
    of_everybody("files", files_answer, _files, "Say how complete each growth file is."),
    of_everybody("focus", focus_answer, _focus, "List who is on the key-focus list."),
    of_everybody("vacancies", vacancies_answer, _vacancies, "List the posts with room."),
    places,
    of_one("mechanism", mechanism_answer, _mechanism, "Say the rules of the mechanism ID."),
    of_one("mentor", mentor_answer, _mentor, "List the trainees of the mentor ID."),
    of_one("trainee", person_answer, _trainee, "Say where the trainee ID stands."),
)
