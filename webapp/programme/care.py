"""Care: who waits for which measure, what was paid by cohort and month, who was visited and why.

Each account is summed for itself; no figure of the page adds two of them up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.tables import number_text
from queries.programme import care as measures
from queries.programme import payments as paid
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.files import as_file, file_links
from webapp.programme.page import as_json, facts, page
from webapp.shell.asking import OneOf, Year
from webapp.shell.form_links import form_for, many_url
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.store import current_store

MOST_ROWS = 2000


class CareAsked(ProgrammeAsked):
    """Which payments are listed: of a month, of a cohort."""

    month: str = ""
    cohort: Year | None = None

    def takes(self, each: paid.Payment) -> bool:
        """Return whether a payment is asked for."""
        return (not self.month or each.on[:7] == self.month) and (
            self.cohort is None or each.cohort == self.cohort
        )


class CarePage(CareAsked):
    """The page, or the list of payments as a file."""

    format: Annotated[str | None, OneOf("csv", "xlsx")] = None


class CareAnswer(TypedDict):
    """Care measures by person and by cohort, payments, sums by account, visits."""

    people: list[measures.CareStanding]
    cohorts: list[measures.CohortCare]
    payments: list[paid.Payment]
    months: list[paid.CohortPayments]
    accounts: list[paid.AccountYear]
    visits: list[paid.Visit]


def care_answer(known: Facts, asked: CareAsked | None = None) -> CareAnswer:
    """Return what the page, the JSON interface and the command say of care."""
    found = paid.payments(current_store(), known)
    listed = [each for each in found if asked is None or asked.takes(each)]
    return {
        "people": measures.entitlements(known),
        "cohorts": measures.by_cohort(known),
        "payments": listed,
        "months": paid.by_month(listed),
        "accounts": paid.by_account(listed),
        "visits": paid.visits(current_store(), known),
    }


@bp.get("/api/programme/care")
@operation(Annotated[Any, PlainOf(CareAnswer)], CareAsked)
def care_json() -> Response:
    """Return care measures, payments by cohort and month, and visits as JSON."""
    return as_json(**care_answer(facts(), CareAsked.read()))


@bp.get("/programme/care")
def care() -> str | Response:
    """Show who waits for what, payments by cohort and month, sums by account, visits."""
    known, asked = facts(), CarePage.read()
    answer = care_answer(known, asked)
    columns, rows = payment_table(known, answer["payments"])
    if asked.format:
        return as_file("payments", _("Payments"), columns, rows, asked.format)
    return page(
        "care.html",
        "people",
        "records",
        "payments",
        "visits",
        standings=answer["people"],
        waiting=sum(not each.received for each in answer["people"]),
        rules=[
            (term("entitlements", each.key), measures.entitlement_words(each.rule.parameters))
            for each in known.programme.entitlements
        ],
        asked=asked,
        files=file_links("programme.care", month=asked.month, cohort=asked.cohort),
        months=_months(known, answer["months"]),
        accounts=_accounts(answer["accounts"]),
        payments=(columns, rows[:MOST_ROWS]),
        payments_total=len(rows),
        visits=_visits(known, answer["visits"]),
        **_measures(known, answer),
    )


def _measures(known: Facts, answer: CareAnswer) -> dict[str, Any]:
    cells = Cells(known)
    return {
        "columns": [
            column("measure", _("Measure")),
            column("cohort", _("Cohort"), True),
            column("received", _("Received"), True),
            column("waiting", _("Still waiting"), grow=6),
        ],
        "rows": [
            {
                "measure": term("entitlements", each.entitlement),
                "cohort": each.cohort,
                "received": len(each.received),
                "waiting": cells.people(each.waiting),
            }
            for each in answer["cohorts"]
        ],
        "person_columns": [
            column("state", _("State"), grow=2),
            column("person", _("Name"), grow=2),
            column("cohort", _("Cohort"), True),
            column("unit", _("Unit"), grow=3),
            column("measure", _("Measure"), grow=4),
            column("last", _("Last time"), grow=2),
            column("due", _("Since or by"), grow=2),
            column("next", _("Next step"), grow=1),
        ],
        "people": [_care_row(known, cells, each) for each in answer["people"]],
        "waiting_for": [
            (term("entitlements", each.key), many_url(each.key, ProgrammeAsked.read().unit))
            for each in known.programme.entitlements
            if any(not one.received and one.entitlement == each.key for one in answer["people"])
        ],
    }


def _care_row(known: Facts, cells: Cells, each: measures.CareStanding) -> dict[str, Any]:
    form = {
        "url": form_for(known, "care_missing", each.person, each.entitlement),
        "text": _("enter"),
    }
    return {
        "state": cells.state("green", _("received"), "1")
        if each.received
        else cells.state("yellow", _("waiting"), "0"),
        "person": cells.standing(each.person),
        "cohort": each.cohort,
        "unit": cells.unit_of(each.person),
        "measure": term("entitlements", each.entitlement),
        "last": each.last and each.last.isoformat(),
        "due": cells.days(each.due),
        "next": None if each.received else form,
    }


def account_word(account: str | None) -> str:
    """Return what an account is called; of some payments nobody has said it."""
    return term("accounts", account) if account else _("account not given")


def measure_word(each: paid.Payment | paid.CohortPayments) -> str:
    """Return what was paid: the result of the record, else its kind."""
    return term("results", each.result) if each.result else term("record_kinds", each.kind)


def money(amount: float) -> str:
    """Return an amount with its two decimals."""
    return f"{amount:.2f}"


def payment_table(
    known: Facts, found: Iterable[paid.Payment]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the columns and rows of a list of payments."""
    cells = Cells(known)
    columns = [
        column("on", _("Day"), grow=2),
        column("person", _("Name"), grow=2),
        column("cohort", _("Cohort"), True),
        column("measure", _("Measure"), grow=3),
        column("batch", _("Batch"), grow=3),
        column("account", _("Account"), grow=3),
        column("amount", _("Amount"), True, grow=2),
    ]
    rows = [
        {
            "on": each.on,
            "id": each.person,
            "person": cells.standing(each.person),
            "cohort": each.cohort,
            "measure": measure_word(each),
            "batch": each.batch,
            "account": account_word(each.account),
            "amount": money(each.amount),
        }
        for each in found
    ]
    return columns, rows


def _months(known: Facts, found: list[paid.CohortPayments]) -> tuple[list[Any], list[Any]]:
    columns = [
        column("month", _("Month")),
        column("cohort", _("Cohort"), True),
        column("measure", _("Measure")),
        column("batch", _("Batch")),
        column("account", _("Account")),
        column("people", _("People"), True),
        column("amount", _("Amount"), True),
    ]
    rows = [
        {
            "month": {
                "url": link("programme.care", month=each.month, cohort=each.cohort),
                "text": each.month,
                "sort": each.month,
            },
            "cohort": each.cohort,
            "measure": measure_word(each),
            "batch": each.batch,
            "account": account_word(each.account),
            "people": len(each.people),
            "amount": money(each.amount),
        }
        for each in found
    ]
    return columns, rows


def _accounts(found: list[paid.AccountYear]) -> tuple[list[Any], list[Any]]:
    columns = [
        column("account", _("Account")),
        column("year", _("Year"), True),
        column("payments", _("Payments"), True),
        column("people", _("People"), True),
        column("amount", _("Amount"), True),
    ]
    rows = [
        each._asdict() | {"account": account_word(each.account), "amount": money(each.amount)}
        for each in found
    ]
    return columns, rows


def _visits(known: Facts, found: list[paid.Visit]) -> tuple[list[Any], list[Any]]:
    cells = Cells(known)
    columns = [
        column("on", _("Day")),
        column("person", _("Name")),
        column("unit", _("Unit")),
        column("level", _("Level")),
        column("cause", _("Cause"), grow=4),
        column("amount", _("Amount"), True),
    ]
    rows = [
        {
            "on": each.on,
            "person": cells.standing(each.person),
            "unit": cells.unit_of(each.person),
            "level": term("levels", each.level),
            "cause": each.cause,
            "amount": "" if each.amount is None else number_text(each.amount),
        }
        for each in found
    ]
    return columns, rows
