"""What is doubtful about ranks and grades: rises of two steps, rises on trial or too soon, falls.

Over columns the changes of rank are those of `queries/personnel/ranks.py`, which says them of one
person. Where a programme counts grades as ranks, that module is asked person by person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from graph.dates import add_months, first_day
from graph.errors import N_
from queries.personnel.columns import SPAN
from queries.personnel.days import OPEN, UNKNOWN, DayNumbers, Ints, day_number, day_of_number
from queries.personnel.model import Personnel
from queries.personnel.ranks import rank_changes
from queries.personnel.spans import reached
from queries.quality.finding import Doubted, QualityFinding, Who
from queries.quality.people import SeenPeople
from queries.sentences import Term


class RankSteps(NamedTuple):
    """Changes of rank one after another: whose, when, by which posting, from what to what."""

    person: Ints
    day: Ints
    posting: Ints
    before: Ints
    after: Ints
    rose_before: Ints  # the day of the rise before; UNKNOWN for none


def fall(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find falls in rank."""
    steps = _steps(seen)
    for at in np.flatnonzero(steps.after < steps.before).tolist():
        yield _step(
            seen, steps, at, "fall", N_("%(name)s falls from %(before)s to %(rank)s on %(day)s.")
        )


def rank_jump(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find rises of two ranks or more at once."""
    steps = _steps(seen)
    for at in np.flatnonzero(steps.after - steps.before >= 2).tolist():
        template = N_("%(name)s rises from %(before)s to %(rank)s on %(day)s, past %(between)s.")
        ranks = seen.model.terms.ranks[int(steps.before[at]) + 1 : int(steps.after[at])]
        between = tuple(Term("ranks", rank) for rank in ranks)
        yield _step(seen, steps, at, "rank_jump", template, between=between)


def rise_in_trial(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find rises in rank before the trial after joining is over."""
    months = seen.asked.trial
    if months is None:
        return
    steps, joined = _steps(seen), seen.columns.joined
    begun = joined[steps.person]
    # Nobody's trial lasts longer than that and their leave.
    near = (begun != UNKNOWN) & (steps.day < begun + 31 * months + _leave(seen)[steps.person])
    for at in np.flatnonzero(near & (steps.after > steps.before)).tolist():
        person = int(steps.person[at])
        start = day_of_number(int(joined[person]))
        rests = [
            (day_of_number(one), None if other >= OPEN else day_of_number(other))
            for one, other in seen.model.pauses.get(person, ())
        ]
        end = reached([(start, None)], months, rests)
        if end is None or day_number(end) > steps.day[at]:
            template = N_(
                "%(name)s rises from %(before)s to %(rank)s on %(day)s, in the trial of %(months)s "
                "months after joining on %(joined)s."
            )
            day = start.isoformat()
            yield _step(seen, steps, at, "rise_in_trial", template, day, months=months, joined=day)


def rise_too_soon(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find rises that come sooner after the rise before than the rules allow."""
    months = seen.asked.between_rises
    if months is None:
        return
    steps = _steps(seen)
    near = (steps.after > steps.before) & (steps.rose_before != UNKNOWN)
    near &= steps.day < steps.rose_before + 31 * months
    for at in np.flatnonzero(near).tolist():
        before = day_of_number(int(steps.rose_before[at]))
        if day_number(add_months(before, months)) > steps.day[at]:
            template = N_(
                "%(name)s rises to %(rank)s on %(day)s, less than %(months)s months after the rise "
                "of %(last)s."
            )
            day = before.isoformat()
            yield _step(seen, steps, at, "rise_too_soon", template, day, months=months, last=day)


def _leave(seen: SeenPeople) -> Ints:
    days = np.zeros(len(seen.columns.person_ids), dtype=np.int64)
    for person, spans in seen.model.pauses.items():
        days[person] = sum(min(until, OPEN) - since for since, until in spans)
    return days


def _step(
    seen: SeenPeople,
    steps: RankSteps,
    at: int,
    kind: str,
    template: str,
    *more: object,
    **values: object,
) -> QualityFinding:
    ranks, day = seen.model.terms.ranks, seen.text(int(steps.day[at]))
    before, after = ranks[int(steps.before[at])], ranks[int(steps.after[at])]
    posting = int(steps.posting[at])
    return seen.of_posting(
        kind,
        posting,
        template,
        before,
        after,
        day,
        *more,
        subject=f"{seen.columns.ids[posting]}@{day}",
        before=Term("ranks", before),
        rank=Term("ranks", after),
        day=day,
        **values,
    )


# --- changes of rank


def _steps(seen: SeenPeople) -> RankSteps:
    """Return every change of rank by the day; a person's first rank is none."""
    kept: RankSteps | None = vars(seen).get("_rank_steps")
    if kept is None:
        terms = seen.model.terms
        made = _from_grades if terms.grades_count_as_ranks else _from_postings
        kept = made(seen) if terms.ranks else _none()
        vars(seen)["_rank_steps"] = kept
    return kept


def _none() -> RankSteps:
    return RankSteps(*(np.zeros(0, dtype=np.int64) for _ in RankSteps._fields))


def _from_postings(seen: SeenPeople) -> RankSteps:
    """Return the changes that home postings make: the highest rank held counts."""
    model, periods, columns = seen.model, seen.model.periods, seen.columns
    of = periods.posting
    known = (columns.since[of] != UNKNOWN) & (model.rank[of] >= 0) & model.home[of]
    held = np.flatnonzero(known & (periods.since <= seen.number))
    posting, person = of[held], periods.person[held]
    base = person * SPAN - UNKNOWN
    since, until = base + periods.since[held], base + np.minimum(periods.until[held], OPEN)
    cut = np.unique(np.r_[since, until])
    low = np.searchsorted(cut, since)
    count = np.searchsorted(cut, until) - low
    # Pieces between cuts take the rank of what is painted last: the highest, then the latest.
    order = np.lexsort((periods.since[held], model.rank[posting]))
    painted = np.repeat(order, count[order])
    starts = np.cumsum(count[order]) - count[order]
    within = np.arange(len(painted)) - np.repeat(starts, count[order])
    best = np.full(len(cut), -1, dtype=np.int64)
    best[low[painted] + within] = painted
    piece = np.flatnonzero(best >= 0)
    own = posting[best[piece]]
    return _changes(person[best[piece]], cut[piece], own, model.rank[own], seen.number)


def _changes(person: Ints, cut: Ints, posting: Ints, rank: Ints, number: int) -> RankSteps:
    """Return where the rank differs from the one before of the same person."""
    day = cut - person * SPAN + UNKNOWN
    same = np.r_[False, person[1:] == person[:-1]][: len(person)]
    before = np.r_[-1, rank[:-1]][: len(rank)]
    at = np.flatnonzero(same & (before != rank) & (day <= number))
    rises = rank[at] > before[at]
    # The last rise before: the newest of the same person among the changes so far.
    newest = np.maximum.accumulate(np.where(rises, np.arange(len(at)), -1))
    last = np.r_[-1, newest[:-1]][: len(at)]
    mine = (last >= 0) & (person[at][last] == person[at]) if len(at) else np.zeros(0, dtype=bool)
    rose = np.where(mine, day[at][last], UNKNOWN) if len(at) else day[at]
    return RankSteps(person[at], day[at], posting[at], before[at], rank[at], rose)


def _from_grades(seen: SeenPeople) -> RankSteps:
    """Return the changes where grades count: those of one person after another."""
    ladder = seen.model.terms.ranks
    rows: list[tuple[int, ...]] = []
    for at, person in enumerate(seen.columns.person_ids):
        rose = UNKNOWN
        for each in rank_changes(seen.model, person, seen.on):
            day = day_number(first_day(each.day))
            if each.before is not None:
                posting = _begun_by(seen, at, day)
                before, after = ladder.index(each.before), ladder.index(each.rank)
                if posting is not None:
                    rows.append((at, day, posting, before, after, rose))
                rose = day if after > before else rose
    return RankSteps(*np.array(rows, dtype=np.int64).reshape(-1, 6).T) if rows else _none()


def _begun_by(seen: SeenPeople, person: int, day: int) -> int | None:
    """Return a person's last posting begun by a day."""
    mine = seen.columns.of_person(person)
    begun = np.flatnonzero(seen.actual[mine] & (seen.columns.since[mine] <= day))
    return mine.start + int(begun[-1]) if len(begun) else None


# --- grades


def grade_jump(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find grades that skip one or more of the ladder."""
    template = N_("%(name)s rises from %(before)s to %(grade)s on %(day)s, past %(between)s.")
    for person, since, before, after in _grade_steps(seen):
        if after - before >= 2:
            yield _grade(seen, "grade_jump", person, since, before, after, template)


def grade_fall(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find falls in grade."""
    template = N_("%(name)s falls from %(before)s to %(grade)s on %(day)s.")
    for person, since, before, after in _grade_steps(seen):
        if after < before:
            yield _grade(seen, "grade_fall", person, since, before, after, template)


def _grade_steps(seen: SeenPeople) -> Iterator[tuple[int, str, int, int]]:
    ladder = {grade: at for at, grade in enumerate(seen.model.terms.grades)}
    number = DayNumbers()
    for person, known in seen.columns.known.items():
        if len(known.grades) < 2:
            continue
        held = [
            (ladder[grade], since)
            for grade, since in known.grades
            if grade in ladder and number.first(since, OPEN) <= seen.number
        ]
        for (before, _), (after, since) in pairwise(held):
            yield person, since, before, after


def _grade(
    seen: SeenPeople, kind: str, person: int, since: str, before: int, after: int, template: str
) -> QualityFinding:
    ladder = list(seen.model.terms.grades)
    id_ = seen.columns.person_ids[person]
    values = {
        "name": Who(id_),
        "before": Term("ranks_and_grades", ladder[before]),
        "grade": Term("ranks_and_grades", ladder[after]),
        "day": since,
        "between": tuple(Term("ranks_and_grades", each) for each in ladder[before + 1 : after]),
    }
    facts = (ladder[before], ladder[after], since)
    post = seen.last_post(person)
    return QualityFinding(
        kind, f"{id_}@{since}", (id_,), "people", id_, template, values, facts, post
    )


# --- planned


def planned_rank(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find what the rules would doubt of planned postings, judged as if they had come."""
    columns = seen.columns
    at = np.flatnonzero(columns.planned)
    if not len(at):
        return
    plans = {columns.ids[each] for each in at.tolist()}
    others = ~np.isin(columns.person, np.unique(columns.person[at]))  # who has no plan is left out
    model = Personnel(columns.taken_as_planned(others), seen.model.terms, seen.model.last_dated)
    whole = SeenPeople(model, date.max, seen.asked)
    for find in (fall, rank_jump, rise_in_trial, rise_too_soon):
        for each in find(whole):
            if each.row in plans:
                yield each._replace(
                    kind="planned_rank",
                    subject=f"{each.kind}/{each.subject}",
                    template=N_("As planned: %(what)s"),
                    values={"what": Doubted(each.template, each.values)},
                    facts=(each.kind, *each.facts),
                )
