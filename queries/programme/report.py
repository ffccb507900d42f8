"""The report's totals, recomputed from the facts, with the rows behind each one.

The figures are those of `programme.totals`; here each comes with its people, so that a number on a
page can be a link and a reader can count after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graph import rules
from graph.errors import N_, NotFound
from queries.programme.facts import Facts
from queries.programme.totals_of_postings import first_postings, first_promotions


@dataclass(frozen=True)
class Behind:
    """One row behind a total: who, when, in which post or at which activity."""

    person: str
    on: str | None
    post: str | None = None
    activity: str | None = None


@dataclass(frozen=True)
class Total:
    """One total with the rows that it counts."""

    key: str
    rows: tuple[Behind, ...]

    @property
    def value(self) -> int:
        """Return the figure: the number of rows."""
        return len(self.rows)


def totals(facts: Facts) -> tuple[Total, ...]:
    """Compute every total of the programme, in its order."""
    return facts.once(_totals)


def total(facts: Facts, key: str) -> Total:
    """Compute one total; an unknown key is NotFound."""
    for each in totals(facts):
        if each.key == key:
            return each
    raise NotFound(N_("The programme has no total %(key)s."), key=key)


def _totals(facts: Facts) -> tuple[Total, ...]:
    return tuple(
        Total(each.key, tuple(_RULES[each.rule.name](facts, each.rule.parameters)))
        for each in facts.programme.totals
    )


def _joined(facts: Facts, _: rules.Joined) -> Iterator[Behind]:
    for person in facts.trainees:
        yield Behind(person, facts.people[person].joined_on)


def _postings(facts: Facts, rule: rules.Sent | rules.Held) -> Iterator[Behind]:
    first = first_postings(facts.states.model, rule, facts.trainees, facts.on)
    for person in facts.trainees:
        if person in first:
            yield Behind(person, first[person].since, first[person].post)


def _took_part(facts: Facts, rule: rules.TookPart) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in rule.kinds and (activity.held_on or "") >= first:
                yield Behind(person, activity.held_on, activity=activity.id)
                break


def _attendances(facts: Facts, rule: rules.Attendances) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in rule.kinds and (activity.held_on or "") >= first:
                yield Behind(person, activity.held_on, activity=activity.id)


def _promoted(facts: Facts, rule: rules.Promoted) -> Iterator[Behind]:
    risen = first_promotions(facts.states.model, rule, list(facts.trainees), facts.on)
    for person, promotion in risen.items():
        yield Behind(person, promotion.since, promotion.post)


_RULES: dict[str, Callable[[Facts, Any], Iterator[Behind]]] = {
    "joined": _joined,
    "sent": _postings,
    "took_part": _took_part,
    "attendances": _attendances,
    "promoted": _promoted,
    "held": _postings,
}
