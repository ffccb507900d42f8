"""The lights of some people: how many findings of each level the check of a day has about each.

As elsewhere they are left out where the data are so large that a page would wait for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph.store import Store
from queries.programme import audit as audits
from queries.programme.standing import facts_of_few

LightCounts = dict[audits.Level, int]


def lights(store: Store, people: Sequence[str], on: date) -> dict[str, LightCounts]:
    """Return the findings by level of each trainee among some people, and of whoever has any."""
    known = facts_of_few(store, on) if people else None
    if known is None:
        return {}
    wanted = set(people)
    counts: dict[str, LightCounts] = {
        person: dict.fromkeys(audits.LEVELS, 0) for person in wanted & set(known.trainees)
    }
    for finding in audits.audit(known).findings:
        if finding.person in wanted:
            mine = counts.setdefault(finding.person, dict.fromkeys(audits.LEVELS, 0))
            mine[finding.level] += 1
    return counts


def worst(counts: LightCounts) -> audits.Level | None:
    """Return the gravest level that is among findings; None where nothing was found.

    >>> worst({"red": 0, "yellow": 2, "blue": 1}), worst({"red": 0, "yellow": 0, "blue": 0})
    ('yellow', None)
    """
    return next((level for level in audits.LEVELS if counts.get(level)), None)
