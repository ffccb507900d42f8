"""The lights of some people: how many findings of each level the check of a day has about each.

Where people are few the check of everybody is kept and asked. Of very many only those are judged
whose lights are asked for, with the people whom they guide: a page reads only its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from graph.cache import KeptByVersion
from graph.store import Store
from queries.programme import audit as audits
from queries.programme.facts import Facts
from queries.programme.on_day import facts_on
from queries.programme.reading import read_facts
from queries.programme.standing import is_soon_judged
from queries.stored_programme import stored_programme

LightCounts = dict[audits.Level, int]

_GUIDED = """
MATCH (m:Person)-[:MENTORS]->(t:Person)
WHERE m.id IN $people
RETURN DISTINCT t.id AS id
"""

_judged_parts: KeptByVersion[dict[str, LightCounts]] = KeptByVersion(8)


def lights(store: Store, people: Sequence[str], on: date) -> dict[str, LightCounts]:
    """Return the findings by level of each trainee among some people, and of whoever has any."""
    if not people or not stored_programme(store).stages:
        return {}
    if is_soon_judged(store):
        return _counted(facts_on(store, on), people)
    return lights_of_part(store, people, on)


def lights_of_part(store: Store, people: Sequence[str], on: date) -> dict[str, LightCounts]:
    """Return the same of a reading of these people and those whom they guide alone."""
    key = (on, *people)
    return _judged_parts.get(store, key, lambda: _judged(store, people, on))


def worst(counts: LightCounts) -> audits.Level | None:
    """Return the gravest level that is among findings; None where nothing was found.

    >>> worst({"red": 0, "yellow": 2, "blue": 1}), worst({"red": 0, "yellow": 0, "blue": 0})
    ('yellow', None)
    """
    return next((level for level in audits.LEVELS if counts.get(level)), None)


def _judged(store: Store, people: Sequence[str], on: date) -> dict[str, LightCounts]:
    guided = [row["id"] for row in store.read(_GUIDED, people=list(people))]
    return _counted(read_facts(store, stored_programme(store), on, {*people, *guided}), people)


def _counted(known: Facts, people: Sequence[str]) -> dict[str, LightCounts]:
    counts: dict[str, LightCounts] = {
        person: dict.fromkeys(audits.LEVELS, 0) for person in set(people) & set(known.trainees)
    }
    wanted = set(people)
    for finding in audits.audit(known).findings:
        if finding.person in wanted:
            mine = counts.setdefault(finding.person, dict.fromkeys(audits.LEVELS, 0))
            mine[finding.level] += 1
    return counts
