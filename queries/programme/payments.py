"""What was paid to whom in which batch and from which account, and who was visited and why.

A payment is a record of a kind that needs an amount, or of a visit that has one. Each account is
summed for itself: what is paid for work in villages (到村任职工作补助) is no care fund (关心关爱).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.store import Store
from queries.programme.facts import Facts
from queries.programme.learning import added

PAYMENTS = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind IN $kinds AND r.on <= $day AND r.withdrawn_on IS NULL
  AND r.amount IS NOT NULL
RETURN r.id AS record, p.id AS person, p.cohort AS cohort, r.on AS `on`, r.kind AS kind,
  r.result AS result, r.amount AS amount, r.batch AS batch, r.account AS account,
  r.document AS document
ORDER BY `on`, person, record
"""
VISITS = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind IN $kinds AND r.on <= $day AND r.withdrawn_on IS NULL
RETURN r.id AS record, p.id AS person, p.cohort AS cohort, r.on AS `on`, r.kind AS kind,
  r.level AS level, r.cause AS cause, r.summary AS summary, r.amount AS amount
ORDER BY `on`, person, record
"""


class Payment(NamedTuple):
    """One payment to one person."""

    record: str
    person: str
    cohort: int | None
    on: str
    kind: str
    result: str | None
    amount: float
    batch: str | None
    account: str | None
    document: str | None


class Visit(NamedTuple):
    """One visit to one person."""

    record: str
    person: str
    cohort: int | None
    on: str
    kind: str
    level: str | None
    cause: str | None
    summary: str | None
    amount: float | None


@dataclass(frozen=True)
class CohortPayments:
    """What one cohort had in one month of one measure, batch and account."""

    month: str
    cohort: int | None
    kind: str
    result: str | None
    batch: str | None
    account: str | None
    people: tuple[str, ...]
    amount: float


# Month, cohort, kind, result, batch, account.
_Group = tuple[str, int | None, str, str | None, str | None, str | None]


class AccountYear(NamedTuple):
    """What one account paid in one year."""

    account: str | None
    year: str
    payments: int
    people: int
    amount: float


def payments(store: Store, facts: Facts, person: str = "") -> list[Payment]:
    """Return the payments by the day, the newest first; of one person where one is given."""
    kinds = {k.key for k in facts.programme.record_kinds if k.is_payment or k.is_visit}
    return [Payment(*row) for row in _read(store, facts, PAYMENTS, Payment._fields, kinds, person)]


def visits(store: Store, facts: Facts, person: str = "") -> list[Visit]:
    """Return the visits by the day, the newest first; of one person where one is given."""
    kinds = {k.key for k in facts.programme.record_kinds if k.is_visit}
    return [Visit(*row) for row in _read(store, facts, VISITS, Visit._fields, kinds, person)]


def by_month(paid: Iterable[Payment]) -> list[CohortPayments]:
    """Put payments together by month, cohort, measure, batch and account, the newest first."""
    groups: dict[_Group, list[Payment]] = defaultdict(list)
    for each in paid:
        key = each.on[:7], each.cohort, each.kind, each.result, each.batch, each.account
        groups[key].append(each)
    made = [
        CohortPayments(
            *key, tuple(sorted({p.person for p in mine})), added([p.amount for p in mine])
        )
        for key, mine in groups.items()
    ]
    made.sort(key=lambda g: (g.cohort or 0, g.result or "", g.batch or "", g.account or ""))
    return sorted(made, key=lambda group: group.month, reverse=True)


def by_account(paid: Iterable[Payment]) -> list[AccountYear]:
    """Sum payments by account and year, the newest year first; never over two accounts."""
    groups: dict[tuple[str | None, str], list[Payment]] = defaultdict(list)
    for each in paid:
        groups[each.account, each.on[:4]].append(each)
    made = [
        AccountYear(*key, len(mine), len({p.person for p in mine}), added([p.amount for p in mine]))
        for key, mine in groups.items()
    ]
    return sorted(sorted(made, key=lambda y: y.account or ""), key=lambda y: y.year, reverse=True)


def _read(
    store: Store, facts: Facts, text: str, names: tuple[str, ...], kinds: set[str], person: str
) -> list[tuple[Any, ...]]:
    """Read what the few people have who have any record of some kinds."""
    named = [
        each
        for each in ([person] if person else facts.trainees)
        if any(entry.kind in kinds for entry in facts.entries.get(each, ()))
    ]
    if not named:
        return []
    given = {"people": named, "kinds": sorted(kinds), "day": facts.day}
    rows = sorted(store.read_tuples(text, names, **given), key=lambda row: (row[1], row[0]))
    return [tuple(row) for row in sorted(rows, key=lambda row: str(row[3]), reverse=True)]
