"""Changes of rank: each rise and each fall, as home postings make them."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from queries.personnel import reading
from queries.personnel.days import OPEN, UNKNOWN, DayNumbers, day_number, day_of_number
from queries.personnel.model import Personnel


class RankChange(NamedTuple):
    """The day from which another rank is held than before."""

    day: str
    since: str  # the same day, as precisely as its source gave it
    rank: str
    before: str | None  # None: the first one
    how: Literal["rise", "fall"]


def rank_changes(model: Personnel, person: str, on: date) -> list[RankChange]:
    """Return a person's changes of rank by a day; none where the programme has no ladder.

    A time without a rank (between posts, out of service, in a post of unknown rank) is no change:
    the rank after it is compared with the one before it.
    """
    at = model.columns.person_at.get(person)
    if at is None or not model.terms.ranks:
        return []
    periods, ladder = model.periods, model.terms.ranks
    mine = periods.of(at)
    rows = [
        row
        for row in zip(
            periods.since[mine].tolist(),
            periods.until[mine].tolist(),
            periods.posting[mine].tolist(),
            strict=True,
        )
        if model.home[row[2]] and model.columns.since[row[2]] != UNKNOWN
    ]
    days = {day for since, until, _posting in rows for day in (since, until)}
    if model.terms.grades_count_as_ranks:
        days |= _days_of_grades(model, at)
    found: list[RankChange] = []
    by_posting = before = -1
    for day in sorted(day for day in days if UNKNOWN < day <= day_number(on)):
        ranks = [int(model.rank[posting]) for since, until, posting in rows if since <= day < until]
        highest = max(ranks, default=-1)
        by_posting = highest if highest >= 0 else by_posting
        rank = by_posting
        if model.terms.grades_count_as_ranks:
            state = model.on(day_of_number(day))[person]
            if state.in_service not in ("yes", "awaiting"):
                continue
            grade = model.terms.grades.get(state.grade) if state.grade else None
            rank = max(rank, model.terms.rank_index(grade))
        if rank != before:
            found.append(
                RankChange(
                    reading.text_of(day),
                    model.as_given(at, day),
                    ladder[rank],
                    ladder[before] if before >= 0 else None,
                    "rise" if rank > before else "fall",
                )
            )
            before = rank
    return found


def _days_of_grades(model: Personnel, at: int) -> set[int]:
    """Return the days on which a grade may begin to count: of grades, of serving (again)."""
    known = model.columns.known.get(at)
    number = DayNumbers()
    days = {number.first(since, OPEN) for _grade, since in (known.grades if known else ())}
    return days | {int(model.start[at])} | {back for _out, back in model.outs.get(at, ())}
