"""For whom many rows are entered at once: those of a cohort or a unit, those a duty waits for."""

from __future__ import annotations

from typing import NamedTuple

from graph.declared import nearest
from graph.errors import N_, NotFound
from graph.programme import Duty, Entitlement, Programme
from queries.programme import care, duties
from queries.programme.facts import Facts


class Start(NamedTuple):
    """People of whom each gets a row, and what all of those rows share."""

    people: tuple[str, ...]
    cells: dict[str, str]


def awaited(programme: Programme) -> tuple[Duty | Entitlement, ...]:
    """Return what people may wait for: the duties and the measures of a programme."""
    return (*programme.duties, *programme.entitlements)


def start(facts: Facts, due: str = "", cohort: int | None = None) -> Start:
    """Return the trainees of a cohort (any, if none) and, where given, those who wait for a duty.

    NotFound for what is neither a duty nor a measure of the programme.
    """
    people = [p for p in facts.trainees if cohort is None or facts.people[p].cohort == cohort]
    if not due:
        return Start(tuple(people), {})
    waiting = _waiting(facts, due)
    return Start(tuple(p for p in people if p in waiting), cells(facts.programme, due))


def _waiting(facts: Facts, due: str) -> set[str]:
    _known(facts.programme, due)
    late = {d.person for d in duties.duties(facts) if d.duty == due and d.state != "done"}
    measures = care.entitlements(facts)
    return late | {m.person for m in measures if m.entitlement == due and not m.received}


def cells(programme: Programme, due: str) -> dict[str, str]:
    """Return the cells of the record that a duty or a measure asks for."""
    known = _known(programme, due)
    rule = known.rule.parameters
    more = {"level": rule.level} if isinstance(known, Duty) else {"result": rule.result}
    return {heading: text for heading, text in {"kind": rule.record, **more}.items() if text}


def _known(programme: Programme, due: str) -> Duty | Entitlement:
    keys = [each.key for each in awaited(programme)]
    for each in awaited(programme):
        if each.key == due:
            return each
    raise NotFound(
        N_("The programme has no duty or measure %(key)s."),
        N_("Known: %(known)s."),
        key=due,
        known=nearest(due, keys) or ", ".join(keys),
    )
