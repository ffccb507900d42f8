"""The report's totals, computed from the facts, with the rows that each one counts.

This is the one computation: the question `programme.totals`, the report, its papers and its command
show what it gives. A figure is the number of its rows, so that a reader can count after it. What
a rule counts of several kinds is also told by kind: the same rule, asked for one kind alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph import rules
from graph.declared import Frozen
from graph.errors import N_, NotFound
from graph.programme import Programme
from queries.programme.facts import Activity, Facts, GrowthEntry
from queries.programme.totals_of_postings import first_postings, first_promotions
from queries.sentences import Term


class Behind(NamedTuple):
    """One row behind a total: who, when, in which post, at which activity, by which record."""

    person: str
    on: str | None
    post: str | None = None
    activity: str | None = None
    record: str | None = None  # its kind
    result: str | None = None


@dataclass(frozen=True)
class OfKind:
    """What of a total is of one kind; who is in two kinds counts in both."""

    key: str
    title: Term
    rows: tuple[Behind, ...]

    @property
    def value(self) -> int:
        """Return the figure: the number of rows."""
        return len(self.rows)


@dataclass(frozen=True)
class Total:
    """One total with the rows that it counts."""

    key: str
    rows: tuple[Behind, ...]
    by_kind: tuple[OfKind, ...] = ()

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
    raise NotFound(
        N_('The programme has no total "%(key)s".'),
        N_("It has %(known)s."),
        key=key,
        known=", ".join(each.key for each in facts.programme.totals) or "-",
    )


def of_kind(found: Total, kind: str) -> OfKind:
    """Return what of a total is of one kind; a kind that it does not count is NotFound."""
    for each in found.by_kind:
        if each.key == kind:
            return each
    raise NotFound(
        N_('The total "%(key)s" is not told by "%(kind)s".'),
        N_("It has %(known)s."),
        key=found.key,
        kind=kind,
        known=", ".join(each.key for each in found.by_kind) or "-",
    )


def _totals(facts: Facts) -> tuple[Total, ...]:
    found = []
    for each in facts.programme.totals:
        rule = _with_kinds(facts.programme, each.rule.parameters)
        count = _RULES[each.rule.name]
        found.append(Total(each.key, _rows(count, facts, rule), _by_kind(count, facts, rule)))
    return tuple(found)


def _rows(count: _Count, facts: Facts, rule: Any) -> tuple[Behind, ...]:
    return tuple(sorted(count(facts, rule), key=_by_day))


def _by_day(row: Behind) -> tuple[Any, ...]:
    return (row.on is None, row.on or "", row.person, row.activity or "", row.record or "")


# What a rule has several of, and the list of the programme that has their titles.
_KINDS: tuple[tuple[type[Frozen], str, str], ...] = (
    (rules.Sent, "kinds", "rotation_kinds"),
    (rules.TookPart, "kinds", "activity_kinds"),
    (rules.Attendances, "kinds", "activity_kinds"),
    (rules.Held, "post_kinds", "post_kinds"),
    (rules.Recorded, "records", "record_kinds"),
    (rules.Recorded, "results", "results"),
)


def _with_kinds(programme: Programme, rule: Any) -> Any:
    """Return a rule that counts activities with the kinds of each group that it names."""
    if not isinstance(rule, rules.TookPart | rules.Attendances):
        return rule
    return rule.model_copy(update={"kinds": programme.kinds_within(rule.kinds)})


def _by_kind(count: _Count, facts: Facts, rule: Any) -> tuple[OfKind, ...]:
    """Count a rule again for each of its kinds, where it has several."""
    for of, name, terms in _KINDS:
        if isinstance(rule, of) and len(kinds := getattr(rule, name)) > 1:
            return tuple(
                OfKind(kind, Term(terms, kind), _rows(count, facts, _of_one(rule, name, kind)))
                for kind in kinds
            )
    return ()


def _of_one(rule: Any, name: str, kind: str) -> Any:
    """Return a rule that counts one kind only; a title that a post may have instead is no kind."""
    titles = {"titles": ()} if isinstance(rule, rules.Held) else {}
    return rule.model_copy(update={name: (kind,), **titles})


# --- what each rule counts


def _joined(facts: Facts, _: rules.Joined) -> Iterator[Behind]:
    for person in facts.trainees:
        yield Behind(person, facts.people[person].joined_on)


def _postings(facts: Facts, rule: rules.Sent | rules.Held) -> Iterator[Behind]:
    first = first_postings(facts.states.model, rule, facts.trainees, facts.on)
    for person in facts.trainees:
        if person in first:
            yield Behind(person, first[person].since, first[person].post)


def _attended(
    facts: Facts, person: str, rule: rules.TookPart | rules.Attendances, first: str
) -> Iterator[Activity]:
    for activity in facts.attended.get(person, ()):
        if activity.kind in rule.kinds and activity.held_on and activity.held_on >= first:
            yield activity


def _took_part(facts: Facts, rule: rules.TookPart) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
    for person in facts.trainees:
        for activity in _attended(facts, person, rule, first):
            yield Behind(person, activity.held_on, activity=activity.id)
            break


def _attendances(facts: Facts, rule: rules.Attendances) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
    for person in facts.trainees:
        for activity in _attended(facts, person, rule, first):
            yield Behind(person, activity.held_on, activity=activity.id)


def _promoted(facts: Facts, rule: rules.Promoted) -> Iterator[Behind]:
    risen = first_promotions(facts.states.model, rule, list(facts.trainees), facts.on)
    for person, promotion in risen.items():
        yield Behind(person, promotion.since, promotion.post)


def _recorded(facts: Facts, rule: rules.Recorded) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
    for person in facts.trainees:
        found = [
            entry
            for kind in rule.records
            for entry in facts.entries_of(person, kind)
            if entry.on >= first and _fits(entry, rule)
        ]
        for entry in sorted(found)[:1] if rule.people else found:
            yield Behind(person, entry.on, record=entry.kind, result=entry.result or None)


def _fits(entry: GrowthEntry, rule: rules.Recorded) -> bool:
    return (not rule.results or entry.result in rule.results) and (
        not rule.levels or entry.level in rule.levels
    )


_Count = Callable[[Facts, Any], Iterator[Behind]]
_RULES: dict[str, _Count] = {
    "joined": _joined,
    "sent": _postings,
    "took_part": _took_part,
    "attendances": _attendances,
    "promoted": _promoted,
    "held": _postings,
    "recorded": _recorded,
}
