"""Of whom and of when a question about careers is: cohorts, trainees or all, a unit, a period."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from graph.cache import per_version
from graph.errors import N_, NotFound, UsageError
from graph.store import Store
from queries.personnel.days import Bools, Ints, day_number
from queries.personnel.model import Personnel
from queries.scope import Scope, people_of

OF_COHORTS = """
MATCH (p:Person)
WHERE ($from IS NULL OR p.cohort >= $from) AND ($to IS NULL OR p.cohort <= $to)
RETURN p.id AS id
"""
TRAINEES_OF_COHORTS = OF_COHORTS.replace("(p:Person)", "(p:Trainee)")


class LimitsDict(TypedDict):
    """The limits of a question, as plain values."""

    cohort_from: int | None
    cohort_to: int | None
    trainees: bool
    unit: str | None
    since: str | None
    until: str | None
    scope: str | None


@dataclass(frozen=True)
class Limits:
    """Who is asked about, and when what is counted begins (`since <= day < until`).

    Of a unit are those who have served in it or below it in a home posting by the day asked for;
    a scope are those who are in it on that day.
    """

    cohort_from: int | None = None
    cohort_to: int | None = None
    trainees: bool = False
    unit: str | None = None
    since: date | None = None
    until: date | None = None
    scope: Scope | None = None

    def __post_init__(self) -> None:
        low, high = self.cohort_from, self.cohort_to
        if low is not None and high is not None and low > high:
            raise UsageError(
                N_("Cohorts from %(low)s to %(high)s are none."),
                N_("Give the earlier one first."),
                low=low,
                high=high,
            )
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise UsageError(
                N_("From %(since)s until before %(until)s is no time."),
                N_("Give the earlier day first."),
                since=self.since,
                until=self.until,
            )

    @property
    def is_of_everybody(self) -> bool:
        """Return whether nobody is left out."""
        return self == Limits(since=self.since, until=self.until)

    def as_dict(self) -> LimitsDict:
        """Return plain values for JSON."""
        values: Any = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in ("since", "until"):
            values[name] = values[name].isoformat() if values[name] else None
        values["scope"] = str(self.scope) if self.scope else None
        found: LimitsDict = values
        return found

    def people(self, store: Store, model: Personnel, on: date) -> Bools | None:
        """Mark who is asked about; None: everybody. NotFound for a unit that is not stored."""
        if self.is_of_everybody:
            return None
        columns = model.columns
        mask: Bools = np.ones(len(columns.person_ids), dtype=bool)
        if self.trainees or self.cohort_from is not None or self.cohort_to is not None:
            mask = np.zeros(len(columns.person_ids), dtype=bool)
            at = columns.person_at
            ids = _of_cohorts(store, self.trainees, self.cohort_from, self.cohort_to)
            mask[[at[id_] for id_ in ids if id_ in at]] = True
        if self.unit is not None:
            mask &= _served_in(model, self.unit, day_number(on))
        if self.scope is not None:
            inside: Bools = np.zeros(len(mask), dtype=bool)
            people = people_of(store, self.scope, on)
            inside[[columns.person_at[id_] for id_ in people if id_ in columns.person_at]] = True
            mask &= inside
        return mask

    def in_period(self, days: Ints) -> Bools:
        """Mark the days of the period."""
        mask: Bools = np.ones(len(days), dtype=bool)
        if self.since is not None:
            mask &= days >= day_number(self.since)
        if self.until is not None:
            mask &= days < day_number(self.until)
        return mask


EVERYBODY = Limits()


@per_version(8)
def _of_cohorts(store: Store, trainees: bool, low: int | None, high: int | None) -> tuple[str, ...]:
    query = TRAINEES_OF_COHORTS if trainees else OF_COHORTS
    return tuple(row["id"] for row in store.read(query, **{"from": low, "to": high}))


def _served_in(model: Personnel, unit: str, on: int) -> Bools:
    columns, periods = model.columns, model.periods
    if unit not in columns.unit_at:
        raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
    inside = (columns.in_unit(unit) & model.home)[periods.posting] & (periods.since <= on)
    mask: Bools = np.zeros(len(columns.person_ids), dtype=bool)
    mask[periods.person[inside]] = True
    return mask
