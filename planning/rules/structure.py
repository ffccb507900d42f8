"""The rules that say what a plan is: one post at a time, the home post kept, pins and forbids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planning.problem.defaults import Setting
from planning.problem.instance import Pin, PlanningProblem
from planning.problem.postings import CandidatePostings, Ints, groups
from planning.rules.rows import Label, RowBlock, row_block


def one_post(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have each person in one main post or none in each period, and in one secondment at most."""
    for is_beside in (False, True):
        posting, period = postings.spread(np.flatnonzero(postings.is_beside == is_beside))
        number, first = groups(postings.person[posting], period)
        lower = np.full(len(first), 0.0 if is_beside else 1.0)
        labels = _people_at(problem, postings, posting[first], period[first])
        ones = np.ones(len(first))
        yield row_block(setting, number, posting, 1.0, lower, ones, 0, labels, True)
    # A posting of the first day goes on in one way; where all are forbidden, there is no plan.
    held = [
        (p, is_beside)
        for p, person in enumerate(problem.people)
        for is_beside, present in enumerate((person.main, person.beside))
        if present is not None
    ]
    row_of = np.full((len(problem.people), 2), -1)
    for at, key in enumerate(held):
        row_of[key] = at
    present = np.flatnonzero(~postings.is_new & ~postings.is_idle)
    number = row_of[postings.person[present], postings.is_beside[present].astype(np.int64)]
    ones = np.ones(len(held))
    labels = [(problem.people[p].id, 0) for p, _ in held]
    yield row_block(setting, number, present, 1.0, ones, ones, 0, labels, True)
    yield from _unbroken(problem, setting, postings)


def _unbroken(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have no two postings in one post follow on each other: they are one posting.

    Only for people who may return to a unit; the others cannot do so anyway.
    """
    rule, periods = problem.setting("no_return"), problem.horizon.periods
    may_return = np.array(
        [
            rule is None or not rule.is_hard or ("no_return", person.id) in problem.waived
            for person in problem.people
        ]
    )
    mine = may_return[postings.person] & ~postings.is_idle
    ending = np.flatnonzero(mine & (postings.end > 0) & (postings.end < periods))
    beginning = np.flatnonzero(mine & postings.is_new & (postings.begin > 0))
    place = (postings.person * len(problem.posts) + postings.post) * (periods + 1)
    before, after = (
        place[ending] + postings.end[ending],
        place[beginning] + postings.begin[beginning],
    )
    keys = np.intersect1d(before, after)
    if not len(keys):
        return
    columns = np.concatenate([ending, beginning])
    values = np.concatenate([before, after])
    here = np.isin(values, keys)
    rows = np.searchsorted(keys, values[here])
    people = keys // (periods + 1) // len(problem.posts)
    labels: list[Label] = [
        (problem.people[p].id, int(t)) for p, t in zip(people, keys % (periods + 1), strict=True)
    ]
    lower, upper = np.full(len(keys), -np.inf), np.ones(len(keys))
    yield row_block(setting, rows, columns[here], 1.0, lower, upper, 0, labels)


def _people_at(
    problem: PlanningProblem, postings: CandidatePostings, posting: Ints, period: Ints
) -> list[Label]:
    return [
        (problem.people[postings.person[s]].id, int(t))
        for s, t in zip(posting, period, strict=True)
    ]


def keeps_home_post(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Keep the home post while a secondment runs (R13): no change of it, no gap in it."""
    beside = np.flatnonzero(postings.is_beside)
    if not len(beside):
        return
    posting, period = postings.spread(beside)
    goes_on = period > np.where(postings.is_new[posting], postings.begin[posting], -1)
    changes = np.flatnonzero(postings.is_new & ~postings.is_beside & ~postings.is_idle)
    idle = np.flatnonzero(postings.is_idle)
    for others, mine in ((changes, goes_on), (idle, np.ones(len(posting), dtype=bool))):
        columns = np.concatenate([posting[mine], others])
        at = np.concatenate([period[mine], postings.begin[others]])
        number, first = groups(postings.person[columns], at)
        labels = _people_at(problem, postings, columns[first], at[first])
        upper = np.ones(len(first))
        yield row_block(setting, number, columns, 1.0, -upper * np.inf, upper, 0, labels)


def pinned(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have what was pinned."""
    yield from _pins(problem, setting, postings, problem.pins, 1.0, np.inf)


def forbidden(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have nothing that was forbidden."""
    yield from _pins(problem, setting, postings, problem.forbids, -np.inf, 0.0)


def _pins(
    problem: PlanningProblem,
    setting: Setting,
    postings: CandidatePostings,
    pins: tuple[Pin, ...],
    lower: float,
    upper: float,
) -> Iterator[RowBlock]:
    if not pins:
        return
    people = {person.id: at for at, person in enumerate(problem.people)}
    posts = {post.id: at for at, post in enumerate(problem.posts)}
    rows, columns = [], []
    for at, pin in enumerate(pins):
        chosen = np.flatnonzero(
            (postings.person == people[pin.person])
            & (postings.post == posts[pin.post])
            & (postings.begin <= pin.period)
            & (postings.end > pin.period)
        )
        rows.append(np.full(len(chosen), at))
        columns.append(chosen)
    count = len(pins)
    yield row_block(setting, np.concatenate(rows), np.concatenate(columns), 1.0,
        np.full(count, lower), np.full(count, upper), 0,
        [(pin.person, pin.post, pin.period) for pin in pins],
    )  # fmt: skip
