"""What totals count of postings, by the personnel model: who was sent, held, was promoted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from graph import rules
from graph.dates import first_day
from queries.personnel import Personnel, Posting
from queries.personnel.days import UNKNOWN, Bools, Ints, day_number, first_of_each
from queries.personnel.ranks import RankChange, rank_changes

_NEVER = np.iinfo(np.int64).max


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
    periods = model.periods
    found = (
        model.posting(int(periods.posting[at]), int(periods.since[at]), int(periods.until[at]))
        for at in _firsts(model, rule, people, on)
    )
    return {posting.person: posting for posting in found}


def _firsts(
    model: Personnel, rule: rules.Sent | rules.Held, people: Sequence[str], on: date
) -> list[int]:
    """Return the place of the period that counts of each of some people."""
    columns, periods = model.columns, model.periods
    asked = _marked(model, people)
    first = rule.first_day(on)
    begins = np.full(len(columns), _NEVER)
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
    found: list[int] = places[firsts].tolist()
    return found


def _marked(model: Personnel, people: Sequence[str]) -> Bools:
    """Mark some people of a model."""
    at = model.columns.person_at
    asked: Bools = np.zeros(len(model.columns.person_ids), dtype=bool)
    asked[np.fromiter((at[id_] for id_ in people if id_ in at), dtype=np.int64)] = True
    return asked


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
    rose, may = _risen(model, rule, on)
    columns, periods, asked = model.columns, model.periods, _marked(model, people)
    found: dict[str, Promotion | None] = {}
    at = np.flatnonzero(_at_rank(model, rule) & (asked & rose)[periods.person])
    order = at[np.lexsort((periods.since[at], periods.person[at]))]
    for place in order[first_of_each(periods.person[order])].tolist():
        person, since = int(periods.person[place]), int(periods.since[place])
        post = columns.post_ids[int(columns.post[periods.posting[place]])]
        found[columns.person_ids[person]] = Promotion(model.as_given(person, since), post)
    for person in np.flatnonzero(asked & may).tolist():
        id_ = columns.person_ids[person]
        found[id_] = _first_promotion(model, rule, id_, on)
    told = ((id_, found.get(id_)) for id_ in people)
    return {id_: each for id_, each in told if each is not None}


def _risen(model: Personnel, rule: rules.Promoted, on: date) -> tuple[Bools, Bools]:
    """Mark who rose to the rank in the window, and the few of whom the columns cannot tell.

    Whoever held nothing higher by the first day in a home post of the rank is at the rank on that
    day, and never before.
    """
    periods, terms = model.periods, model.terms
    everybody: Bools = np.ones(len(model.columns.person_ids), dtype=bool)
    if terms.grades_count_as_ranks:
        return ~everybody, everybody
    aim = terms.rank_index(rule.to)
    if aim < 0:
        return ~everybody, ~everybody
    known = _has_begin(model) & (periods.since <= day_number(on))
    rank = model.rank[periods.posting]

    def first(wanted: Bools) -> Ints:
        days = np.full(len(everybody), _NEVER)
        np.minimum.at(days, periods.person[known & wanted], periods.since[known & wanted])
        return days

    reached, lower = first(rank == aim), first((rank >= 0) & (rank < aim))
    held_both = (reached != _NEVER) & (lower != _NEVER)
    unclear = held_both & (first(rank > aim) <= reached)
    begin = rule.first_day(on)
    since = day_number(first_day(begin)) if begin is not None else UNKNOWN
    rose = held_both & ~unclear & (lower < reached) & (reached >= since)
    return rose, unclear


def _has_begin(model: Personnel) -> Bools:
    """Mark the periods of home posts whose begin is known."""
    posting = model.periods.posting
    marked: Bools = model.home[posting] & (model.columns.since[posting] != UNKNOWN)
    return marked


def _at_rank(model: Personnel, rule: rules.Promoted) -> Bools:
    """Mark the periods of home posts of the rank whose begin is known."""
    rank = model.rank[model.periods.posting]
    marked: Bools = _has_begin(model) & (rank == model.terms.rank_index(rule.to))
    return marked


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
