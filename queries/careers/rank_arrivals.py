"""When everybody first held each rank, and how long it took from the rank below.

A rank counts from the first day on which a main post gives it, or, where the programme says so, a
grade. Time to the first rank above the lowest runs from joining: nobody holds a rank before that.
Who was there on the first known day has no time, and stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from typing_extensions import TypedDict

from graph.programme import Rule
from queries.careers.at_level import FEW
from queries.careers.groups import (
    LEFT_BEFORE,
    NOT_YET,
    UNSEEN,
    FiveGroups,
    GroupsDict,
    five_groups,
    from_the_first_day,
    standing,
)
from queries.careers.incidence import ARRIVED, CENSORED, LEFT, times_to_arrive
from queries.personnel.days import OPEN, Bools, DayNumbers, Ints, months_between
from queries.personnel.model import Personnel
from queries.personnel.state import Day


class RankTimeDict(TypedDict):
    """How long it took from one rank to the next, as plain values."""

    start: str
    rank: str
    groups: GroupsDict
    median_months: float | None
    legal_months: int | None
    legal_rules: list[str]
    early: list[str]


@dataclass(frozen=True)
class Waited:
    """One person's time at the rank below: whole months, and whether it led to the rank."""

    person: str
    name: str
    months: int
    has_arrived: bool


@dataclass(frozen=True)
class RankTime:
    """How long it took from one rank to the next: each person, and the median with those waiting.

    `median_months` is that of the cumulative incidence, exits competing; None for fewer than
    `FEW` at risk, or where half have not arrived.
    """

    start: str
    rank: str
    groups: FiveGroups
    median_months: float | None
    legal_months: int | None  # the least that hard rules of time ask for; None: no rule does
    legal_rules: tuple[str, ...]
    waited: tuple[Waited, ...]  # who arrived or still waits, by months

    @property
    def early(self) -> tuple[Waited, ...]:
        """Return who arrived sooner than the rules of time allow."""
        least = self.legal_months or 0
        return tuple(each for each in self.waited if each.has_arrived and each.months < least)

    def as_dict(self) -> RankTimeDict:
        """Return plain values for JSON."""
        return {
            "start": self.start,
            "rank": self.rank,
            "groups": self.groups.as_dict(),
            "median_months": self.median_months,
            "legal_months": self.legal_months,
            "legal_rules": list(self.legal_rules),
            "early": [each.person for each in self.early],
        }


def first_days(model: Personnel, on: int) -> Ints:
    """Return for each person (rows) and rank (columns) the first day at it or above; OPEN for none.

    `on` is a number of a day: what begins later is not looked at.
    """
    ranks = len(model.terms.ranks)
    found: Ints = np.full((len(model.columns.person_ids), ranks), OPEN, dtype=np.int64)
    if not ranks:
        return found
    main = model.main_posts
    rank = model.rank[main.posting]
    known = np.flatnonzero((rank >= 0) & (main.since <= on))
    np.minimum.at(found, (main.person[known], rank[known]), main.since[known])
    if model.terms.grades_count_as_ranks:
        for person, index, day in _by_grades(model):
            if index >= 0 and day <= on:
                found[person, index] = min(found[person, index], day)
    # A higher rank is also "at or above" each lower one.
    at_or_above: Ints = np.minimum.accumulate(found[:, ::-1], axis=1)[:, ::-1]
    return at_or_above


def _by_grades(model: Personnel) -> list[tuple[int, int, int]]:
    """Return which rank a grade gives to whom from when, not before serving."""
    number, rows = DayNumbers(), []
    for at, known in model.columns.known.items():
        for grade, since in known.grades:
            day = max(number.first(since, OPEN), int(model.start[at]))
            rows.append((at, model.terms.rank_index(model.terms.grades.get(grade)), day))
    return rows


def rank_times(
    model: Personnel, day: Day, rules: tuple[Rule, ...], asked: Bools | None
) -> tuple[RankTime, ...]:
    """Return the time to each rank above the lowest that somebody holds or waits for, lowest first.

    `asked` marks whose times are meant; None: everybody's.
    """
    first = first_days(model, day.number)
    where = standing(day)
    found = []
    for rank in range(1, first.shape[1]):
        begin = np.where(first[:, rank - 1] <= day.number, first[:, rank - 1], OPEN)
        if rank == 1:  # from joining, where that is known
            begin = np.where(begin < OPEN, np.minimum(begin, model.start), begin)
        arrive = first[:, rank]
        people = np.flatnonzero((begin < OPEN) & (where != NOT_YET))
        if asked is not None:
            people = people[asked[people]]
        # Whoever came to both ranks on one day never stood on the lower one.
        people = people[begin[people] < arrive[people]]
        if len(people):
            found.append(_rank_time(model, day, rules, rank, (people, begin, arrive, where)))
    return tuple(found)


def _rank_time(
    model: Personnel,
    day: Day,
    rules: tuple[Rule, ...],
    rank: int,
    of: tuple[Ints, Ints, Ints, Ints],
) -> RankTime:
    people, begin, arrive, where = of
    at_start = from_the_first_day(day, people, begin[people]) & (rank > 1)
    beside = int(at_start.sum())
    people = people[~at_start]
    came = arrive[people] <= day.number
    stands = where[people]
    gone = ~came & (stands == LEFT_BEFORE)
    unseen = ~came & (stands == UNSEEN)
    until = np.where(came, arrive[people], day.seen_until[people])
    months = months_between(begin[people], np.maximum(until, begin[people]))
    how = np.select([came, gone], [ARRIVED, LEFT], CENSORED)
    columns = model.columns
    waited = [
        Waited(
            columns.person_ids[person], columns.person_names[person], int(took), bool(has_arrived)
        )
        for person, took, has_arrived, is_out in zip(
            people.tolist(), months.tolist(), came.tolist(), (gone | unseen).tolist(), strict=True
        )
        if not is_out
    ]
    legal, named = least_months(rules, model.terms.ranks, rank)
    times = times_to_arrive(np.zeros(len(people), dtype=np.int64), months, how)
    median = times.incidence_median_months if len(people) >= FEW else None
    return RankTime(
        start=model.terms.ranks[rank - 1],
        rank=model.terms.ranks[rank],
        groups=five_groups(day, int(came.sum()), people[~came], beside),
        median_months=median,
        legal_months=legal,
        legal_rules=named,
        waited=tuple(sorted(waited, key=lambda each: (each.months, each.person))),
    )


def least_months(
    rules: tuple[Rule, ...], ranks: tuple[str, ...], rank: int
) -> tuple[int | None, tuple[str, ...]]:
    """Return the least months that hard rules ask for before a rank, and which rules they are.

    To the first rank above the lowest the trial counts beside, where the rule leaves it out.
    """
    uses = [rule for rule in rules if rule.enabled and rule.kind == "hard"]
    trial = next((rule for rule in uses if rule.rule.trial_period), None)
    least: int | None = None
    named: tuple[str, ...] = ()
    for rule in uses:
        asked = rule.rule.rank_after
        if asked is None or asked.rank != ranks[rank]:
            continue
        months = asked.months
        those: tuple[str, ...] = (rule.id,)
        if rank == 1 and trial and trial.rule.trial_period and not asked.trial_counts:
            months, those = months + trial.rule.trial_period.months, (trial.id, rule.id)
        if least is None or months > least:
            least, named = months, those
    return least, named
