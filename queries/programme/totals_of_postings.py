"""What totals count of postings, by the personnel model: who was sent, held, was promoted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from graph import rules
from graph.dates import first_day
from queries.personnel import Personnel, Posting
from queries.personnel.days import UNKNOWN, Bools, day_number
from queries.personnel.ranks import RankChange, rank_changes


class Promotion(NamedTuple):
    """The first day at a rank, as its source gave it, and the post that gave it."""

    since: str
    post: str | None


def first_postings(
    model: Personnel, rule: rules.Sent | rules.Held, people: Sequence[str], on: date
) -> dict[str, Posting]:
    """Return of each of some people the first posting in the window that the rule counts.

    A posting begins on the first day on which it counts; one of an unknown begin is not counted.
    """
    columns, periods = model.columns, model.periods
    ids = (columns.person_at[id_] for id_ in people if id_ in columns.person_at)
    asked = np.zeros(len(columns.person_ids), dtype=bool)
    asked[np.fromiter(ids, dtype=np.int64)] = True
    first = rule.first_day(on)
    begins = np.full(len(columns), np.iinfo(np.int64).max)
    np.minimum.at(begins, periods.posting, periods.since)  # who came back did not begin again
    counted = (
        asked[periods.person]
        & _fits(model, rule)[periods.posting]
        & (columns.since[periods.posting] != UNKNOWN)
        & (periods.since == begins[periods.posting])
        & (periods.since <= day_number(on))
    )
    if first is not None:
        counted &= periods.since >= day_number(first_day(first))
    places = np.flatnonzero(counted)
    _, firsts = np.unique(periods.person[places], return_index=True)
    found = (
        model.posting(int(periods.posting[at]), int(periods.since[at]), int(periods.until[at]))
        for at in places[firsts].tolist()
    )
    return {posting.person: posting for posting in found}


def _fits(model: Personnel, rule: rules.Sent | rules.Held) -> Bools:
    """Mark the postings that a rule names, by their kind or by their post, and by the unit."""
    columns = model.columns
    if isinstance(rule, rules.Held):
        posts = zip(columns.post_kinds, columns.post_titles, strict=True)
        fit = [kind in rule.post_kinds or title in rule.titles for kind, title in posts]
        kinds = np.array(fit, dtype=bool)[columns.post]
    else:
        kinds = np.array([kind in rule.kinds for kind in columns.kinds], dtype=bool)[columns.kind]
    if not rule.unit_kinds:
        return kinds
    units = np.array([*(kind in rule.unit_kinds for kind in columns.unit_kinds), False])
    fits: Bools = kinds & units[columns.post_unit[columns.post]]  # no unit is the last one
    return fits


def first_promotions(
    model: Personnel, rule: rules.Promoted, people: Sequence[str], on: date
) -> dict[str, Promotion]:
    """Return of each of some people the first time at a rank, where it rose from a lower one.

    Not told: one after the day or before the window, or where nothing lower was known before.
    """
    may = _may_have_risen(model, rule, on)
    at = model.columns.person_at
    found = {
        id_: _first_promotion(model, rule, id_, on) for id_ in people if id_ in at and may[at[id_]]
    }
    return {id_: each for id_, each in found.items() if each is not None}


def _may_have_risen(model: Personnel, rule: rules.Promoted, on: date) -> Bools:
    """Mark who held a home post of the rank and one of a lower rank: of many people, a few."""
    columns, periods, terms = model.columns, model.periods, model.terms
    if terms.grades_count_as_ranks:
        return np.ones(len(columns.person_ids), dtype=bool)
    aim = terms.rank_index(rule.to)
    known = model.home[periods.posting] & (columns.since[periods.posting] != UNKNOWN)
    known &= periods.since <= day_number(on)
    rank = model.rank[periods.posting]
    may: Bools = np.ones(len(columns.person_ids), dtype=bool)
    for wanted in (rank == aim, (rank >= 0) & (rank < aim)):
        holds = np.zeros(len(may), dtype=bool)
        holds[periods.person[known & wanted]] = True
        may &= holds
    return may


def _first_promotion(
    model: Personnel, rule: rules.Promoted, person: str, on: date
) -> Promotion | None:
    """Return a person's first time at a rank, where it rose from a lower one.

    None: not by the day, before the window, or nothing lower was known before.
    """
    ladder = model.terms.ranks
    if rule.to not in ladder:
        return None
    first = rule.first_day(on)
    lower = False
    for change in rank_changes(model, person, on):
        if change.rank == rule.to:
            in_window = first is None or change.day >= first_day(first).isoformat()
            if not lower or not in_window:
                return None
            return Promotion(change.since, _post_of(model, person, change))
        lower = lower or ladder.index(change.rank) < ladder.index(rule.to)
    return None


def _post_of(model: Personnel, person: str, change: RankChange) -> str | None:
    """Return the post that gave a rank; None where a grade gave it."""
    day = day_number(first_day(change.day))
    mine = model.periods.of(model.columns.person_at[person])
    periods = model.periods
    for at in range(mine.start, mine.stop):
        posting = int(periods.posting[at])
        if not periods.since[at] <= day < periods.until[at] or not model.home[posting]:
            continue
        if model.rank[posting] == model.terms.rank_index(change.rank):
            return model.columns.post_ids[int(model.columns.post[posting])]
    return None
