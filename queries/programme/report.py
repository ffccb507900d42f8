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


def _sent(facts: Facts, rule: rules.Sent) -> Iterator[Behind]:
    first = rule.first_day(facts.on) or ""
    for person in facts.trainees:
        for posting in facts.postings.get(person, ()):
            unit = facts.units.get(facts.posts[posting.post].unit or "")
            right = not rule.unit_kinds or (unit is not None and unit.kind in rule.unit_kinds)
            if posting.kind in rule.kinds and right and posting.since and posting.since >= first:
                yield Behind(person, posting.since, posting.post)
                break


def _took_part(facts: Facts, rule: rules.TookPart) -> Iterator[Behind]:
    first = rule.first_day(facts.on) or ""
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in rule.kinds and (activity.held_on or "") >= first:
                yield Behind(person, activity.held_on, activity=activity.id)
                break


def _attendances(facts: Facts, rule: rules.Attendances) -> Iterator[Behind]:
    first = rule.first_day(facts.on) or ""
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            if activity.kind in rule.kinds and (activity.held_on or "") >= first:
                yield Behind(person, activity.held_on, activity=activity.id)


def _promoted(facts: Facts, rule: rules.Promoted) -> Iterator[Behind]:
    first = rule.first_day(facts.on) or ""
    ladder = facts.programme.rank_index
    wanted = ladder(rule.to)
    for person in facts.trainees:
        lower = False
        for posting in facts.postings.get(person, ()):
            index = ladder(posting.rank) if posting.home else None
            if index is None or wanted is None:
                continue
            if index == wanted:
                if lower and (posting.since or "") >= first:
                    yield Behind(person, posting.since, posting.post)
                break
            lower = lower or index < wanted


def _held(facts: Facts, rule: rules.Held) -> Iterator[Behind]:
    first = rule.first_day(facts.on) or ""
    for person in facts.trainees:
        for posting in facts.postings.get(person, ()):
            kind = facts.posts[posting.post].kind
            if kind in rule.post_kinds and (posting.since or "") >= first:
                yield Behind(person, posting.since, posting.post)
                break


_RULES: dict[str, Callable[[Facts, Any], Iterator[Behind]]] = {
    "joined": _joined,
    "sent": _sent,
    "took_part": _took_part,
    "attendances": _attendances,
    "promoted": _promoted,
    "held": _held,
}
