"""Search by path: who held this, then that, then the other, and how long it took.

What a step may say stands in `queries/careers/path_steps.py` and `docs/careers.md`. The search
runs over the columns of `queries/personnel/columns.py`: rows of each step (`path_rows.py`), ways
through them (`path_ways.py`), what became of all who started (`path_outcomes.py`); the Cypher
beside it says the same for anybody's Neo4j. Postings that are only planned, begin after the day
asked for, or have no known begin are not searched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from typing_extensions import TypedDict

from graph.store import Store
from queries.careers.groups import FiveGroups, GroupsDict
from queries.careers.incidence import TimesToArrive, TimesToArriveDict
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.careers.path_cypher import path_cypher
from queries.careers.path_outcomes import path_months, path_outcome
from queries.careers.path_rows import PathRows, StepRows
from queries.careers.path_steps import PathStep, PathStepRow, in_keys
from queries.careers.path_ways import PathWays
from queries.dated import shown_end, shown_ends
from queries.personnel import personnel
from queries.personnel.columns import PostingRow, Postings
from queries.personnel.days import Bools, Ints, day_of_number
from queries.row_types import PersonName
from queries.stored_programme import stored_programme


class MatchDict(TypedDict):
    """One person's earliest way through all steps, with the posting of each."""

    person: str
    name: str
    dates: list[str]
    months: int
    steps: list[PostingRow | None]


class PathsDict(TimesToArriveDict):
    """What a search by path found, as `flask paths` prints it."""

    count: int
    waiting: int
    left_before: int
    not_known: int
    groups: GroupsDict
    missed: int
    median_months: float | None
    quartiles_months: list[float] | None
    people: list[MatchDict]
    as_of: str
    reached: list[int]
    waiting_people: list[PersonName]
    left_out: int
    truncated: bool
    limits: LimitsDict
    steps: list[PathStepRow]
    cypher: str


@dataclass(frozen=True)
class Match:
    """One person's earliest way through all steps; a day alone may have no posting."""

    person: str
    name: str
    days: tuple[date, ...]
    postings: tuple[PostingRow | None, ...]
    months: int

    def as_dict(self) -> MatchDict:
        """Return CONTRACT's person of a search, and the posting of each step beside it."""
        return {
            "person": self.person,
            "name": self.name,
            "dates": [day.isoformat() for day in self.days],
            "months": self.months,
            "steps": list(self.postings),
        }


@dataclass(frozen=True)
class PathAnswer:
    """What a search found; `people` may be cut, `count` never is."""

    steps: tuple[PathStep, ...]
    on: date
    limits: Limits
    count: int
    groups: FiveGroups  # of those who have all steps but the last
    missed: int  # of them, who can no longer match: the time is over, another posting came first
    times: TimesToArrive  # of all who started
    median_months: float | None  # of those who arrived
    quartiles_months: tuple[float, float] | None
    people: tuple[Match, ...]
    waiting_people: tuple[tuple[str, str], ...]  # id, name; cut like `people`
    reached: tuple[int, ...]  # how many people match the first step, the first two, ...
    left_out: int  # postings without a known begin
    cypher: str

    @property
    def waiting(self) -> int:
        """Return how many are in service on the day and may still match."""
        return self.groups.on_the_way

    def as_dict(self) -> PathsDict:
        """Return CONTRACT's JSON of `flask paths`, with what else is known."""
        return {
            "count": self.count,
            "waiting": self.waiting,
            "left_before": self.groups.left_before,
            "not_known": self.groups.not_known,
            "groups": self.groups.as_dict(),
            "missed": self.missed,
            **self.times.as_dict(),
            "median_months": self.median_months,
            "quartiles_months": list(self.quartiles_months) if self.quartiles_months else None,
            "people": [match.as_dict() for match in self.people],
            "as_of": self.on.isoformat(),
            "reached": list(self.reached),
            "waiting_people": [{"person": id_, "name": name} for id_, name in self.waiting_people],
            "left_out": self.left_out,
            "truncated": len(self.people) < self.count,
            "limits": self.limits.as_dict(),
            "steps": [step.as_dict() for step in self.steps],
            "cypher": self.cypher,
        }


def search(
    store: Store,
    steps: tuple[PathStep, ...],
    on: date,
    limit: int | None = None,
    limits: Limits = EVERYBODY,
) -> PathAnswer:
    """Find everybody whose postings match all steps in order, each person once, earliest first.

    `limit` cuts the lists of people, never the figures; a period of `limits` is that of the first
    step. NotFound for a post or unit not stored.
    """
    programme = stored_programme(store)
    steps = tuple(in_keys(step, programme) for step in steps)
    model = personnel(store)
    begun = model.begun(on, [step.kind for step in steps])
    asked = limits.people(store, model, on)
    maker = PathRows(model, begun)
    ways = PathWays(begun, steps, _rows(maker, steps, limits, asked))
    begins = [ways.part(length).earliest() for length in range(1, len(steps))]
    people, days = ways.earliest()
    months = path_months(ways, people, days)
    order = np.lexsort((people, *(days[:, at] for at in reversed(range(days.shape[1])))))
    shown = order[:limit] if limit is not None else order
    outcome = path_outcome(maker, ways, (people, days), begins[-1] if begins else None, asked)
    waiting = _named(model.columns, outcome.waiting)
    ends = shown_ends(store, on.isoformat())
    return PathAnswer(
        steps=steps,
        on=on,
        limits=limits,
        count=len(people),
        groups=outcome.groups,
        missed=outcome.missed,
        times=outcome.times,
        median_months=_quantile(months, 0.5),
        quartiles_months=_quartiles(months),
        people=tuple(
            _match(ways, int(people[at]), days[at], int(months[at]), ends) for at in shown
        ),
        waiting_people=tuple(waiting[:limit] if limit is not None else waiting),
        reached=(*(len(who) for who, _ in begins), len(people)),
        left_out=begun.left_out,
        cypher=path_cypher(steps, on, model.terms, limits),
    )


def _rows(
    maker: PathRows, steps: tuple[PathStep, ...], limits: Limits, asked: Bools | None
) -> list[StepRows]:
    """Return the rows of the steps, of those who are asked about and have the steps before."""
    rows: list[StepRows] = []
    may: Bools = np.ones(len(maker.columns.person_ids), dtype=bool) if asked is None else asked
    for number, step in enumerate(steps, start=1):
        found = maker.rows(number, step, rows[-1] if rows else None)
        kept = may[found.person]
        if not rows:
            kept &= limits.in_period(found.day)
        rows.append(found if kept.all() else found.of(kept))
        may = np.zeros(len(may), dtype=bool)
        may[rows[-1].person] = True
    return rows


def _posting(columns: Postings, at: int, ends: str) -> PostingRow:
    row = columns.as_row(at)
    row["until"] = shown_end(row["until"], ends)
    return row


def _match(ways: PathWays, person: int, days: Ints, months: int, ends: str) -> Match:
    """Find the postings that begin on the days found, to show them with the `ends` known."""
    places = ways.slowly(person, days)
    assert places is not None, "the days were found on such rows"
    columns = ways.begun.postings
    held = [int(rows.posting[at]) for rows, at in zip(ways.rows, places, strict=True)]
    return Match(
        person=columns.person_ids[person],
        name=columns.person_names[person],
        days=tuple(day_of_number(day) for day in days.tolist()),
        postings=tuple(_posting(columns, each, ends) if each >= 0 else None for each in held),
        months=months,
    )


def _named(columns: Postings, people: Ints) -> list[tuple[str, str]]:
    return sorted((columns.person_ids[at], columns.person_names[at]) for at in people.tolist())


def _quantile(values: Ints, share: float) -> float | None:
    """Return a quantile, interpolated between neighbours as `percentileCont` does."""
    if not len(values):
        return None
    found = float(np.quantile(values, share))
    return int(found) if found.is_integer() else found


def _quartiles(values: Ints) -> tuple[float, float] | None:
    low, high = _quantile(values, 0.25), _quantile(values, 0.75)
    return (low, high) if low is not None and high is not None else None
