"""Training and care on the command line: who lacks what, hours, needs, courses, payments.

With `--json` each gives what its page gives under `/api/programme`; as a table, the rows chosen.
"""

from __future__ import annotations

from typing import Any

import click
from flask_babel import gettext as _

from graph.tables import number_text
from queries.programme.facts import Facts
from webapp.cli.printing import day_option, json_option, scope_option, translate_errors
from webapp.cli.standing import Answer, Rows, show, unit_option
from webapp.programme.care import CareAsked, account_word, care_answer, measure_word, money
from webapp.programme.learning import level_word, subject_word
from webapp.programme.page import facts_asked
from webapp.programme.training import TrainingAsked, training_answer
from webapp.shell.frame import term


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@click.option("--year", type=click.IntRange(1, 9999), help="Hours of this year (of the day's).")
@click.option("--planned", is_flag=True, help="Show planned courses too.")
@click.option(
    "--table",
    type=click.Choice(["trainings", "hours", "needs"]),
    default="trainings",
    help="Which rows are printed as a table.",
)
@translate_errors
def training(unit: str, as_json: bool, year: int | None, planned: bool, table: str) -> None:
    """Say who lacks which training, who has how many hours, which courses answer which needs."""
    known = facts_asked(unit)
    asked = TrainingAsked(year=year, planned="yes") if planned else TrainingAsked(year=year)
    rows_of = {"trainings": _trainings, "hours": _hours, "needs": _needs}[table]
    show(known, training_answer(known, asked), as_json, rows_of)


@click.command()
@day_option
@unit_option
@scope_option
@json_option
@click.option("--month", default="", metavar="YYYY-MM", help="Payments of this month only.")
@click.option("--cohort", type=click.IntRange(1, 9999), help="Payments of this cohort only.")
@click.option(
    "--table",
    type=click.Choice(["measures", "payments", "months", "accounts", "visits"]),
    default="measures",
    help="Which rows are printed as a table.",
)
@translate_errors
def care(unit: str, as_json: bool, month: str, cohort: int | None, table: str) -> None:
    """List the care measures by cohort, the payments by month and account, the visits."""
    known = facts_asked(unit)
    rows_of = {
        "measures": _measures,
        "payments": _payments,
        "months": _months,
        "accounts": _accounts,
        "visits": _visits,
    }[table]
    asked = CareAsked(month=month, cohort=cohort)
    show(known, care_answer(known, asked), as_json, rows_of)


# --- the rows of each table --------------------------------------------------------------------


def _trainings(known: Facts, answer: Answer) -> Rows:
    for each in answer["trainings"]:
        yield {
            "state": {"late": _("late"), "open": _("not yet"), "done": _("done")}[each.state],
            "person": each.person,
            "name": known.name(each.person),
            "training": term("trainings", each.training),
            "times": each.times,
            "last": each.last,
            "due": each.due,
        }


def _hours(known: Facts, answer: Answer) -> Rows:
    for each in answer["hours"]:
        yield {
            "person": each.person,
            "name": known.name(each.person),
            "year": each.year,
            "kind": term("activity_kinds", each.kind),
            "level": level_word(each.level),
            "hours": number_text(each.hours),
            "times": each.times,
            "listened": number_text(each.listened_hours),
        }


def _needs(known: Facts, answer: Answer) -> Rows:
    for need in answer["needed"]:
        whose = {*need.in_post, *need.asked}
        row: dict[str, Any] = {
            "need": subject_word(need),
            "people": len(whose),
            "waiting": [known.name(person) for person in need.waiting],
        }
        for course in need.courses or (None,):
            came = [p for p in course.people if p in whose] if course else []
            yield row | {
                "course": course.name if course else _("no course"),
                "held_on": course and course.held_on,
                "attended": [known.name(person) for person in came],
            }


def _measures(known: Facts, answer: Answer) -> Rows:
    for each in answer["cohorts"]:
        yield {
            "measure": term("entitlements", each.entitlement),
            "cohort": each.cohort,
            "received": len(each.received),
            "waiting": [known.name(person) for person in each.waiting],
        }


def _payments(known: Facts, answer: Answer) -> Rows:
    for each in answer["payments"]:
        yield {
            "on": each.on,
            "person": each.person,
            "name": known.name(each.person),
            "cohort": each.cohort,
            "measure": measure_word(each),
            "batch": each.batch,
            "account": account_word(each.account),
            "amount": money(each.amount),
        }


def _months(known: Facts, answer: Answer) -> Rows:
    for each in answer["months"]:
        yield {
            "month": each.month,
            "cohort": each.cohort,
            "measure": measure_word(each),
            "batch": each.batch,
            "account": account_word(each.account),
            "people": len(each.people),
            "amount": money(each.amount),
        }


def _accounts(known: Facts, answer: Answer) -> Rows:
    for each in answer["accounts"]:
        yield {
            "account": account_word(each.account),
            "year": each.year,
            "payments": each.payments,
            "people": each.people,
            "amount": money(each.amount),
        }


def _visits(known: Facts, answer: Answer) -> Rows:
    for each in answer["visits"]:
        yield {
            "on": each.on,
            "person": each.person,
            "name": known.name(each.person),
            "cause": each.cause,
        }


COMMANDS = (training, care)
