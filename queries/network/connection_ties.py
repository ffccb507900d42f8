"""The ties around people, read as a search asks for them: mentoring, same unit at the same time,
same cohort.

What has been read is kept and counted, so that a search ends at a bound and can say so.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.store import Row, Store
from queries.dated import Dated, begun, ended
from queries.network.times_in_units import times_in, times_of
from queries.personnel.on_file import not_yet_by
from queries.personnel.pairs import cut

if TYPE_CHECKING:
    import networkx as nx

TIES = ("mentoring", "unit", "cohort")
MOST_PEOPLE = 20_000  # met from both ends together
MOST_TIES = 200_000
_CHUNK = 500  # people whose ties are read at once


@dataclass(frozen=True)
class Tie:
    """One tie between two people; of mentoring, `one` is the mentor."""

    by: str  # one of TIES
    one: str
    other: str
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    unit: str | None = None
    # Of mentoring: its `origin`, the load and row it is from.
    source: str | None = field(default=None, compare=False)


def _no_ties() -> nx.Graph:
    import networkx as nx

    return nx.Graph()


@dataclass
class KnownTies:
    """The ties read so far: people tied to people (weight 2), and to their cohorts (weight 1)."""

    store: Store
    day: Dated
    kinds: Sequence[str]
    since: str | None
    until: str | None
    deadline: float
    most_people: int
    graph: nx.Graph = field(default_factory=_no_ties)
    ties: dict[frozenset[str], list[Tie]] = field(default_factory=lambda: defaultdict(list))
    read: set[str] = field(default_factory=set)
    in_unit: dict[str, list[Row]] = field(default_factory=dict)
    hubs: set[int] = field(default_factory=set)
    count: int = 0
    is_full: bool = False

    def expand(self, people: Sequence[str]) -> None:
        """Read the ties of people, unless a bound is reached first."""
        new = [id_ for id_ in people if id_ not in self.read]
        for at in range(0, len(new), _CHUNK):
            if (
                self.count > MOST_TIES
                or len(self.graph) > self.most_people
                or time.monotonic() > self.deadline
            ):
                self.is_full = True
                return
            part = new[at : at + _CHUNK]
            if "mentoring" in self.kinds:
                self._mentoring(part)
            if "unit" in self.kinds:
                self._units(part)
            if "cohort" in self.kinds:
                self._cohorts(part)
            self.read.update(part)

    def _mentoring(self, part: list[str]) -> None:
        asked = {"on": self.day.on, "ends": self.day.ends, "most": MOST_TIES + 1}
        rows = self.store.read(MENTORING, frontier=part, **asked)
        self.count += len(rows)
        for row in cut(self.store, rows, self.day):
            if row["mentor"] != row["trainee"] and self._lasted(row["since"], row["until"]):
                self._add(
                    Tie(
                        "mentoring",
                        row["mentor"],
                        row["trainee"],
                        row["kind"],
                        row["since"],
                        row["until"],
                        source=row["source"],
                    )
                )

    def _units(self, part: list[str]) -> None:
        own = times_of(self.store, part, self.day)
        missing = sorted({row["unit"] for row in own} - set(self.in_unit))
        self.in_unit.update({unit: [] for unit in missing})
        if missing:
            for row in times_in(self.store, set(missing), MOST_TIES, self.day):
                self.in_unit[row["unit"]].append(row)
        for mine in own:
            for theirs in self.in_unit[mine["unit"]]:
                self.count += 1
                if self.count > MOST_TIES:
                    return
                both = shared(mine, theirs)
                if theirs["person"] == mine["person"] or not both or not self._lasted(*both):
                    continue
                one, other = sorted((mine["person"], theirs["person"]))
                self._add(Tie("unit", one, other, None, *both, mine["unit"]))

    def _cohorts(self, part: list[str]) -> None:
        years = {row["cohort"] for row in self.store.read(_COHORTS, people=part)} - self.hubs
        years = {
            year for year in years if str(year) <= self.day.on and self._lasted(str(year), None)
        }
        if not years:
            return
        hidden = not_yet_by(self.store, self.day.on)
        members = self.store.read(_MEMBERS, cohorts=sorted(years), most=MOST_TIES)
        rows = [row for row in members if row["person"] not in hidden]
        self.count += len(rows)
        self.hubs |= years
        for row in rows:
            self.graph.add_edge(row["cohort"], row["person"], weight=1)

    def _add(self, tie: Tie) -> None:
        known = self.ties[frozenset((tie.one, tie.other))]
        if tie not in known:
            known.append(tie)
            self.graph.add_edge(tie.one, tie.other, weight=2)

    def _lasted(self, since: str | None, until: str | None) -> bool:
        """Return whether a period touches the one asked for; an unknown begin was long ago."""
        return not (
            (self.until and since and full(since) > self.until)
            or (self.since and until and full(until) <= self.since)
        )

    def direct(self, id_: str) -> list[str]:
        """Return those tied to a person otherwise than by the cohort."""
        if id_ not in self.graph:
            return []
        return [each for each in self.graph.adj[id_] if isinstance(each, str)]

    def cohort(self, id_: str) -> int | None:
        """Return the cohort of a person that is known."""
        if id_ not in self.graph:
            return None
        return next((each for each in self.graph.adj[id_] if isinstance(each, int)), None)

    def between(self, one: str, other: str) -> tuple[Tie, ...]:
        """Return every tie between two people: mentoring first, then by time."""
        found = sorted(
            self.ties.get(frozenset((one, other)), ()),
            key=lambda tie: (TIES.index(tie.by), tie.since or "", tie.one, tie.kind or ""),
        )
        cohort = self.cohort(one)
        if cohort is not None and cohort == self.cohort(other):
            found.append(Tie("cohort", one, other, None, str(cohort)))
        return tuple(found)


def full(day: str) -> str:
    """Return the first day of a partial date.

    >>> full("2019"), full("2019-09")
    ('2019-01-01', '2019-09-01')
    """
    return f"{day}-01-01"[:10]


def shared(one: Row, other: Row) -> tuple[str, str | None] | None:
    """Return the period that two known begins have in common, if any."""
    if not one["since"] or not other["since"]:
        return None
    since = max(one["since"], other["since"], key=full)
    ends = [row["until"] for row in (one, other) if row["until"]]
    until = min(ends, key=full) if ends else None
    return (since, until) if until is None or full(since) < full(until) else None


_TIE = f"""\
  RETURN m.id AS mentor, t.id AS trainee, e.kind AS kind, e.since AS since,
    {ended("e")} AS until, e.origin AS source"""
MENTORING = f"""\
CALL {{
  MATCH (m:Person)-[e:MENTORS]->(t:Person)
  WHERE m.id IN $frontier AND {begun("e")}
{_TIE}
  UNION
  MATCH (m:Person)-[e:MENTORS]->(t:Person)
  WHERE t.id IN $frontier AND {begun("e")}
{_TIE}
}}
RETURN mentor AS mentor, trainee AS trainee, kind AS kind, since AS since, until AS until,
  source AS source
ORDER BY mentor, trainee, since, kind, until
LIMIT $most"""
_COHORTS = """\
MATCH (p:Person)
WHERE p.id IN $people AND p.cohort IS NOT NULL
RETURN DISTINCT p.cohort AS cohort
ORDER BY cohort"""
_MEMBERS = """\
MATCH (p:Person)
WHERE p.cohort IN $cohorts
RETURN p.cohort AS cohort, p.id AS person
ORDER BY cohort, person
LIMIT $most"""
