"""Which mentors have the most descendants, over the whole graph.

Everybody's descendants are gathered from the last generation upwards, as bits of whole numbers, a
part of the people at a time. People of a cycle are each other's descendants, not their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.cache import per_version
from graph.store import Row, Store
from queries.dated import begun

MOST_TIES = 150_000  # of a larger graph it is not computed
_PART = 16_384  # people whose bits are carried at once

EVERY_TIE = f"""\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE m.id <> t.id AND {begun("e")}
RETURN DISTINCT m.id AS mentor, t.id AS trainee
ORDER BY mentor, trainee
LIMIT $most"""
_NAMES = """\
MATCH (p:Person)
WHERE p.id IN $people
RETURN p.id AS person, p.name AS name
ORDER BY person"""


@dataclass(frozen=True)
class Widest:
    """One mentor with the number of trainees and of all descendants."""

    person: str
    name: str
    trainees: int
    descendants: int


def widest(store: Store, limit: int, on: date) -> list[Widest] | None:
    """Return mentors of most descendants by a day, most first; None of too large a graph."""
    counted = _counted(store, on.isoformat())
    if counted is None:
        return None
    first = sorted(counted.items(), key=lambda each: (-each[1][1], -each[1][0], each[0]))[:limit]
    rows = store.read(_NAMES, people=[person for person, _ in first])
    names = {row["person"]: row["name"] for row in rows}
    return [Widest(person, names[person], *counts) for person, counts in first]


@per_version(3)
def _counted(store: Store, on: str) -> dict[str, tuple[int, int]] | None:
    rows = store.read(EVERY_TIE, most=MOST_TIES + 1, on=on)
    return None if len(rows) > MOST_TIES else count(rows)


def count(rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Count trainees and descendants of every mentor.

    >>> ties = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")]
    >>> sorted(count([{"mentor": one, "trainee": other} for one, other in ties]).items())
    [('a', (2, 2)), ('b', (1, 1)), ('d', (1, 1))]
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph((row["mentor"], row["trainee"]) for row in rows)
    whole = nx.condensation(graph)  # a cycle counts as one
    order = list(reversed(list(nx.topological_sort(whole))))
    members: list[list[str]] = [sorted(whole.nodes[part]["members"]) for part in whole.nodes]
    place = {id_: at for at, id_ in enumerate(id_ for part in order for id_ in members[part])}
    total = dict.fromkeys(whole.nodes, 0)
    for begin in range(0, len(place), _PART):
        end = begin + _PART
        bits: dict[int, int] = {}
        for part in order:
            found = 0
            for below in whole.successors(part):
                found |= bits[below]
            for id_ in members[part]:
                if begin <= place[id_] < end:
                    found |= 1 << (place[id_] - begin)
            bits[part] = found
            total[part] += found.bit_count()
    return {
        id_: (graph.out_degree(id_), total[part] - 1)
        for part in whole.nodes
        for id_ in members[part]
        if graph.out_degree(id_)
    }
