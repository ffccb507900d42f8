"""Who serves and holds what on the first day of a plan, as the personnel model says it.

What an accepted plan wrote counts as done: planned postings that begin before the first day, and
all of people who are not planned. Others that begin later are left to the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from graph.programme import Programme
from graph.store import Store
from planning.problem.instance import BegunPosting
from queries.personnel import Personnel, personnel
from queries.personnel.days import OPEN, UNKNOWN, day_number, day_of_number
from queries.personnel.ranks import rank_changes


@dataclass(frozen=True)
class HeldBeside:
    """A home posting that runs beside the main one and goes on by itself."""

    posting: BegunPosting
    is_acting: bool


@dataclass(frozen=True)
class Serving:
    """One person on the first day; `too_many` are posts that nobody can hold at once."""

    history: tuple[BegunPosting, ...]
    main: BegunPosting | None
    beside: BegunPosting | None
    also: tuple[HeldBeside, ...]
    rank: str | None
    rank_since: date | None
    too_many: tuple[tuple[BegunPosting, ...], ...]


def foreseen(
    store: Store, programme: Programme, beside: frozenset[str], ids: Sequence[str], day: date
) -> Personnel:
    """Return the model with what planning takes as done; `beside` are kinds that keep home.

    Planned postings of those who left are not done, whoever planned them.
    """
    model = personnel(store, programme)
    columns, left = model.columns, list(model.left_undated)
    mine = np.isin(columns.person, [columns.person_at[id_] for id_ in ids])
    before = (columns.since != UNKNOWN) & (columns.since < day_number(day))
    done = columns.planned & (~mine | before) & ~np.isin(columns.person, left)
    terms = replace(model.terms, beside=beside)
    if terms == model.terms and not done.any():
        return model
    seen = columns.taken_as_planned(columns.planned & ~done)
    return Personnel(seen, terms, model.last_dated)


def is_planned_for(model: Personnel, person: str, day: date) -> bool:
    """Return whether somebody serves on the first day, or joins later."""
    at = model.columns.person_at[person]
    joins = int(model.columns.joined[at]) > day_number(day) and at not in model.left_undated
    return joins or model.on(day).serves(person)


def serving(model: Personnel, person: str, day: date) -> Serving:
    """Return what a person served until the first day and holds on it."""
    at, number = model.columns.person_at[person], day_number(day)
    columns, periods = model.columns, model.periods
    found: dict[int, BegunPosting] = {}  # by posting, as far as it is held on the day
    history = []
    mine = periods.of(at)
    for posting, since, until in zip(
        periods.posting[mine].tolist(),
        periods.since[mine].tolist(),
        periods.until[mine].tolist(),
        strict=True,
    ):
        if since > number:
            continue
        begun = _begun(model, posting, since, until, number)
        history.append(begun)
        if until > number:
            found[posting] = begun
    main = int(model.on(day).main[at])
    homes = {each: begun for each, begun in found.items() if model.home[each]}
    besides = tuple(begun for each, begun in found.items() if not model.home[each])
    alone = [e for e in homes if not columns.concurrent[e] and not columns.acting[e]]
    too_many = [besides] if len(besides) > 1 else []
    if len({homes[each].post for each in alone}) > 1:
        too_many.insert(0, tuple(homes[each] for each in alone))
    rank, rank_since = _rank(model, person, day)
    return Serving(
        history=tuple(history),
        main=homes.get(main),
        beside=besides[0] if besides else None,
        also=tuple(
            HeldBeside(begun, bool(columns.acting[each]))
            for each, begun in homes.items()
            if begun.post != homes[main].post
        ),
        rank=rank,
        rank_since=rank_since,
        too_many=tuple(too_many),
    )


def _begun(model: Personnel, posting: int, since: int, until: int, number: int) -> BegunPosting:
    columns = model.columns
    unit = columns.unit_of(posting)
    # An end that nobody set and that has not come is none: what would set it has not begun either.
    is_open = until >= OPEN or (int(columns.until[posting]) == OPEN and until > number)
    return BegunPosting(
        columns.post_ids[int(columns.post[posting])],
        columns.unit_ids[unit] if unit >= 0 else None,
        columns.kinds[int(columns.kind[posting])],
        None if int(columns.since[posting]) == UNKNOWN else day_of_number(since),
        None if is_open else day_of_number(until),
    )


def _rank(model: Personnel, person: str, day: date) -> tuple[str | None, date | None]:
    """Return the rank on a day, and from when on it is held where a change of rank tells."""
    index = model.on(day).rank_index(person)
    if index is None:
        return None, None
    rank = model.terms.ranks[index]
    changes = rank_changes(model, person, day)
    is_told = bool(changes) and changes[-1].rank == rank
    return rank, date.fromisoformat(changes[-1].day) if is_told else None
