"""The key-focus list: who meets its rules, and what was decided.

The list proposes whoever meets its rules; a person decides, and the decision is a record of the
file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from queries.programme.facts import Facts
from queries.programme.stages import Gate, GateJudge, gate_judge, progress_of


@dataclass(frozen=True)
class Focus:
    """One person and the key-focus list: which rules hold, and what was decided."""

    person: str
    rules: tuple[Gate, ...]
    meets: bool
    state: Literal["to confirm", "confirmed", "no longer meets", "removed"]
    decided_on: str | None


def focus(facts: Facts) -> list[Focus]:
    """List who meets the rules of the key-focus list, and who stands on it by decision."""
    return facts.once(_focus)


def _focus(facts: Facts) -> list[Focus]:
    listed = facts.programme.focus
    if listed is None:
        return []
    found = [each for each in facts.of_each(_focus_of).values() if each]
    order = {"to confirm": 0, "no longer meets": 1, "confirmed": 2, "removed": 3}
    return sorted(found, key=lambda each: (order[each.state], each.person))


def _judges(facts: Facts) -> tuple[GateJudge, ...]:
    listed = facts.programme.focus
    return tuple(gate_judge(use) for use in listed.rules) if listed else ()


def _focus_of(facts: Facts, person: str) -> Focus | None:
    """Return how a person stands to the list; None for who neither meets its rules nor is on it."""
    listed = facts.programme.focus
    if listed is None:
        return None
    history = progress_of(facts, person).history
    gates = tuple(judge.gate(facts, person, history) for judge in facts.once(_judges))
    meets = bool(gates) and all(each.reached for each in gates)
    decisions = [
        entry
        for entry in facts.entries_of(person, listed.record)
        if entry.result in listed.decisions
    ]
    last = decisions[-1] if decisions else None
    confirmed = last is not None and last.result == listed.decisions[0]
    if not meets and not confirmed:
        return None
    if confirmed:
        state: Any = "confirmed" if meets else "no longer meets"
    else:
        state = "removed" if last else "to confirm"
    return Focus(person, gates, meets, state, last.on if last else None)
