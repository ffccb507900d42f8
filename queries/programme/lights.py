"""The lights of some people: how many findings of each level the check of a day has about each.

Where nobody has read everybody's facts yet, only what judges these people is read: their own
facts, those of whom they guide, and the activities that all of these attended. As elsewhere lights
are left out where the data are so large that a page would wait for everybody's postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from graph.cache import KeptByVersion, per_version
from graph.store import Store
from queries.personnel import personnel
from queries.personnel.on_file import not_yet_among
from queries.programme import audit as audits
from queries.programme.facts import Facts
from queries.programme.on_day import known_facts
from queries.programme.reading import Tables, read_activities, read_facts, read_places
from queries.programme.standing import is_soon_judged
from queries.stored_programme import stored_programme

LightCounts = dict[audits.Level, int]
_PAGES = 8  # whose lights are kept, the latest asked for
_kept: KeptByVersion[dict[str, LightCounts]] = KeptByVersion(_PAGES)
_places = per_version(1)(read_places)

_GUIDED = """
MATCH (m:Person)-[:MENTORS]->(t:Person)
WHERE m.id IN $people
RETURN DISTINCT t.id AS id
"""


def lights(store: Store, people: Sequence[str], on: date) -> dict[str, LightCounts]:
    """Return the findings by level of each trainee among some people, and of whoever has any."""
    if not people or not stored_programme(store).stages or not is_soon_judged(store):
        return {}
    known = known_facts(store, on)
    if known is not None:
        return _counted(known, people)
    key = on, tuple(people)
    return _kept.get(store, key, lambda: _counted(_facts_of(store, people, on), people))


def _counted(known: Facts, people: Sequence[str]) -> dict[str, LightCounts]:
    wanted = set(people)
    counts: dict[str, LightCounts] = {
        person: dict.fromkeys(audits.LEVELS, 0) for person in wanted & set(known.trainees)
    }
    for finding in audits.audit(known).findings:
        if finding.person in wanted:
            mine = counts.setdefault(finding.person, dict.fromkeys(audits.LEVELS, 0))
            mine[finding.level] += 1
    return counts


def _facts_of(store: Store, people: Sequence[str], on: date) -> Facts:
    """Return the facts by which some people are judged; who guides is judged by all they guide.

    Who else holds a post is told by everybody's postings, which every page shares.
    """
    guided = {row["id"] for row in store.read(_GUIDED, people=list(people))}
    asked = {*people, *guided}
    asked -= not_yet_among(store, asked, on.isoformat())
    programme = stored_programme(store)
    tables = Tables(*_places(store), read_activities(store, on, sorted(asked)))
    found = read_facts(store, programme, on, asked, tables)
    return replace(found, states=personnel(store, programme).on(on))


def worst(counts: LightCounts) -> audits.Level | None:
    """Return the gravest level that is among findings; None where nothing was found.

    >>> worst({"red": 0, "yellow": 2, "blue": 1}), worst({"red": 0, "yellow": 0, "blue": 0})
    ('yellow', None)
    """
    return next((level for level in audits.LEVELS if counts.get(level)), None)
