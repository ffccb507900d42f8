"""The lights of mentors summed up unit by unit, where the people are too many to be listed."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from queries.programme.facts import Facts
from queries.programme.mentoring import is_complete, lights


class UnitLights(NamedTuple):
    """How many below a unit need mentors, how many have all of them, how many are missing."""

    unit: str
    needing: int
    complete: int
    missing: int


def by_unit(facts: Facts, below: str = "") -> list[UnitLights]:
    """Sum the lights up by the units right below one, or below the highest; most missing first.

    Whoever serves in no unit, or in the one that is asked for itself, stands in no row.
    """
    chains = {person: facts.chain(facts.unit_of(person)) for person in lights(facts)}
    tops = {chain[-1] for chain in chains.values() if chain}
    if not below and len(tops) == 1:
        below = tops.pop()
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for person, each in lights(facts).items():
        chain = chains[person]
        at = chain.index(below) if below in chain else len(chain) if not below else 0
        if not each or at == 0:
            continue
        missing = sum(light.missing for light in each)
        unit = sums[chain[at - 1]]
        unit[0] += 1
        unit[1] += is_complete(each)
        unit[2] += missing
    found = [UnitLights(unit, *counted) for unit, counted in sums.items()]
    return sorted(found, key=lambda row: (-row.missing, row.unit))
