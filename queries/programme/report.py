"""The report's totals, computed from the facts, with the rows that each one counts.

This is the one computation: the question `programme.totals`, the report, its papers and its command
show what it gives. A figure is the number of its rows, so that a reader can count after it. What
a rule counts of several kinds is also told by kind: the same rule, asked for one kind alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
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
    asked = facts.once(_asked)
    rows: list[list[Behind]] = [list(_of_all(facts, each.rule)) for each in asked]
    for mine in facts.of_each(_counted).values():
        for at, row in mine:
            rows[at].append(row)
    found: dict[str, Total] = {}
    for each, counted in zip(asked, map(_sorted, rows), strict=True):
        total = found.get(each.total, Total(each.total, counted))
        if each.kind is not None:
            of_kind = OfKind(each.kind, Term(each.terms, each.kind), counted)
            total = replace(total, by_kind=(*total.by_kind, of_kind))
        found[each.total] = total
    return tuple(found.values())


def _sorted(rows: list[Behind]) -> tuple[Behind, ...]:
    return tuple(sorted(rows, key=_by_day))


class _Asked(NamedTuple):
    """What is counted: a total, or what of it is of one kind."""

    total: str
    kind: str | None
    terms: str
    rule: Any


def _asked(facts: Facts) -> tuple[_Asked, ...]:
    """Return what is counted, each total before its kinds."""
    found = []
    for each in facts.programme.totals:
        rule = _with_kinds(facts.programme, each.rule.parameters)
        found += [_Asked(each.key, None, "", rule), *_of_kinds(each.key, rule)]
    return tuple(found)


def _own_rules(facts: Facts) -> tuple[tuple[int, _Count, Any], ...]:
    """Return what is counted of one person's own facts: its place, how, and by which rule."""
    return tuple(
        (at, _OF_PERSON[type(each.rule)], each.rule)
        for at, each in enumerate(facts.once(_asked))
        if type(each.rule) in _OF_PERSON
    )


def _counted(facts: Facts, person: str) -> tuple[tuple[int, Behind], ...]:
    """Return the rows of one person, each with the place of what it is counted for."""
    return tuple(
        (at, row)
        for at, count, rule in facts.once(_own_rules)
        for row in count(facts, person, rule)
    )


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


def _of_kinds(total: str, rule: Any) -> tuple[_Asked, ...]:
    """Ask a rule again for each of its kinds, where it has several."""
    for of, name, terms in _KINDS:
        if isinstance(rule, of) and len(kinds := getattr(rule, name)) > 1:
            return tuple(_Asked(total, kind, terms, _of_one(rule, name, kind)) for kind in kinds)
    return ()


def _of_one(rule: Any, name: str, kind: str) -> Any:
    """Return a rule that counts one kind only; a title that a post may have instead is no kind."""
    titles = {"titles": ()} if isinstance(rule, rules.Held) else {}
    return rule.model_copy(update={name: (kind,), **titles})


# --- what each rule counts


def _of_all(facts: Facts, rule: Any) -> Iterator[Behind]:
    """Yield what a rule counts of everybody's postings, by column."""
    model, people = facts.states.model, facts.trainees
    if isinstance(rule, rules.Sent | rules.Held):
        for person, posting in first_postings(model, rule, people, facts.on).items():
            yield Behind(person, posting.since, posting.post)
    elif isinstance(rule, rules.Promoted):
        for person, promotion in first_promotions(model, rule, people, facts.on).items():
            yield Behind(person, promotion.since, promotion.post)


def _joined(facts: Facts, person: str, _: rules.Joined) -> Iterator[Behind]:
    yield Behind(person, facts.people[person].joined_on)


def _by_kind(facts: Facts, person: str) -> dict[str | None, list[tuple[int, Activity]]]:
    """Return what a person attended by kind, with the place among all of theirs."""
    found: dict[str | None, list[tuple[int, Activity]]] = {}
    for at, activity in enumerate(facts.attended.get(person, ())):
        if activity.held_on:
            found.setdefault(activity.kind, []).append((at, activity))
    return found


def _attended(
    facts: Facts, person: str, rule: rules.TookPart | rules.Attendances
) -> Iterator[Activity]:
    """Yield the activities of a rule's kinds that a person attended, oldest first."""
    mine = facts.of_one(_by_kind, person)
    found = [each for kind in dict.fromkeys(rule.kinds) for each in mine.get(kind, ())]
    if not found:
        return
    first = rule.first_text(facts.on)
    for _, activity in sorted(found, key=itemgetter(0)):
        if (activity.held_on or "") >= first:
            yield activity


def _took_part(facts: Facts, person: str, rule: rules.TookPart) -> Iterator[Behind]:
    for activity in _attended(facts, person, rule):
        yield Behind(person, activity.held_on, activity=activity.id)
        break


def _attendances(facts: Facts, person: str, rule: rules.Attendances) -> Iterator[Behind]:
    for activity in _attended(facts, person, rule):
        yield Behind(person, activity.held_on, activity=activity.id)


def _recorded(facts: Facts, person: str, rule: rules.Recorded) -> Iterator[Behind]:
    first = rule.first_text(facts.on)
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


_Count = Callable[[Facts, str, Any], Iterator[Behind]]
_OF_PERSON: dict[type[Frozen], _Count] = {
    rules.Joined: _joined,
    rules.TookPart: _took_part,
    rules.Attendances: _attendances,
    rules.Recorded: _recorded,
}
