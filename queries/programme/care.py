"""Care measures by cohort: who is entitled to what, who has received it, who still waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from graph.errors import N_
from graph.rules import Receives, Window
from queries.programme.facts import Facts, as_day, months_after
from queries.programme.stages import progress_of
from queries.sentences import Sentence, Term, say


class CareStanding(NamedTuple):
    """How one measure stands for one person who is entitled to it."""

    entitlement: str
    person: str
    cohort: int | None
    last: date | None
    received: bool
    due: date | None  # since when it is owed, or when it is owed again


@dataclass(frozen=True)
class CohortCare:
    """One measure for one cohort: who has received it and who has not."""

    entitlement: str
    cohort: int | None
    received: tuple[str, ...]
    waiting: tuple[str, ...]


def entitlements(facts: Facts) -> list[CareStanding]:
    """Judge every measure for everybody entitled to it, those who wait first."""
    return facts.once(_all_entitlements)


def by_cohort(facts: Facts) -> list[CohortCare]:
    """Return each measure by cohort, in the programme's order."""
    groups: dict[tuple[str, int | None], list[CareStanding]] = {}
    for each in entitlements(facts):
        groups.setdefault((each.entitlement, each.cohort), []).append(each)
    order = {term.key: at for at, term in enumerate(facts.programme.entitlements)}
    return [
        CohortCare(
            *key,
            received=tuple(sorted(s.person for s in groups[key] if s.received)),
            waiting=tuple(sorted(s.person for s in groups[key] if not s.received)),
        )
        for key in sorted(groups, key=lambda key: (order[key[0]], key[1] or 0))
    ]


def entitlement_words(rule: Receives) -> Sentence:
    """Return who is entitled to what."""
    result = Term("results", rule.result)
    who = (
        say(N_("cohorts %(cohorts)s"), cohorts=tuple(str(cohort) for cohort in rule.cohorts))
        if rule.cohorts
        else say(N_("everybody"))
    )
    if rule.months:
        return say(
            N_("%(result)s every %(months)s months: %(who)s"),
            result=result,
            months=rule.months,
            who=who,
        )
    return say(N_("%(result)s once: %(who)s"), result=result, who=who)


def _all_entitlements(facts: Facts) -> list[CareStanding]:
    found = chain.from_iterable(facts.of_each(_care_of).values())
    return sorted(found, key=lambda each: (each.received, each.due or date.max, each.person))


def _care_of(facts: Facts, person: str) -> tuple[CareStanding, ...]:
    cohort = facts.people[person].cohort
    asked = ((each.key, each.rule.parameters) for each in facts.programme.entitlements)
    return tuple(
        _standing(facts, key, person, cohort, rule)
        for key, rule in asked
        if not rule.cohorts or cohort in rule.cohorts
    )


def _standing(
    facts: Facts, entitlement: str, person: str, cohort: int | None, rule: Receives
) -> CareStanding:
    days = [
        entry.on for entry in facts.entries_of(person, rule.record) if entry.result == rule.result
    ]
    last = as_day(days[-1]) if days else None
    history = progress_of(facts, person).history
    entry = history[0].since if history else None
    if rule.months:
        first = Window(months=rule.months).first_text(facts.on)
        base = last or entry
        due = facts.falls_on(person, base, months_after(base, rule.months)) if base else None
        fresh = bool(days) and days[-1] >= first
        # Who joined less than one period ago does not wait yet, nor does who is away meanwhile.
        is_resting = base is not None and due is None
        received = fresh or is_resting or (due is not None and due > facts.on)
        return CareStanding(entitlement, person, cohort, last, received, due)
    return CareStanding(entitlement, person, cohort, last, bool(days), None if days else entry)
