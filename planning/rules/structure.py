"""The rules that say what a plan is: one post at a time, the home post kept, pins and forbids."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planning.defaults import Setting
from planning.problem import Pin, Problem
from planning.stints import Block, Ints, Label, Stints, block_of, groups


def one_post(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have each person in one main post or none in each period, and in one secondment at most."""
    for is_beside in (False, True):
        stint, period = stints.spread(np.flatnonzero(stints.is_beside == is_beside))
        number, first = groups(stints.person[stint], period)
        lower = np.full(len(first), 0.0 if is_beside else 1.0)
        labels = _people_at(problem, stints, stint[first], period[first])
        ones = np.ones(len(first))
        yield block_of(setting, number, stint, 1.0, lower, ones, 0, labels, True)
    # A posting of the first day goes on in one way; where all are forbidden, there is no plan.
    held = [
        (p, is_beside)
        for p, person in enumerate(problem.people)
        for is_beside, served in enumerate((person.main, person.beside))
        if served is not None
    ]
    row_of = np.full((len(problem.people), 2), -1)
    for at, key in enumerate(held):
        row_of[key] = at
    present = np.flatnonzero(~stints.is_new & ~stints.is_idle)
    number = row_of[stints.person[present], stints.is_beside[present].astype(np.int64)]
    ones = np.ones(len(held))
    labels = [(problem.people[p].id, 0) for p, _ in held]
    yield block_of(setting, number, present, 1.0, ones, ones, 0, labels, True)
    yield from _unbroken(problem, setting, stints)


def _unbroken(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have no two stints in one post follow on each other: they are one posting.

    Only for people who may return to a unit; the others cannot do so anyway.
    """
    rule, periods = problem.setting("no_return"), problem.horizon.periods
    may_return = np.array(
        [
            rule is None or not rule.is_hard or ("no_return", person.id) in problem.waived
            for person in problem.people
        ]
    )
    mine = may_return[stints.person] & ~stints.is_idle
    ending = np.flatnonzero(mine & (stints.end > 0) & (stints.end < periods))
    beginning = np.flatnonzero(mine & stints.is_new & (stints.begin > 0))
    place = (stints.person * len(problem.posts) + stints.post) * (periods + 1)
    before, after = place[ending] + stints.end[ending], place[beginning] + stints.begin[beginning]
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
    yield block_of(setting, rows, columns[here], 1.0, lower, upper, 0, labels)


def _people_at(problem: Problem, stints: Stints, stint: Ints, period: Ints) -> list[Label]:
    return [
        (problem.people[stints.person[s]].id, int(t)) for s, t in zip(stint, period, strict=True)
    ]


def keeps_home_post(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Keep the home post while a secondment runs (R13): no change of it, no gap in it."""
    beside = np.flatnonzero(stints.is_beside)
    if not len(beside):
        return
    stint, period = stints.spread(beside)
    goes_on = period > np.where(stints.is_new[stint], stints.begin[stint], -1)
    changes = np.flatnonzero(stints.is_new & ~stints.is_beside & ~stints.is_idle)
    idle = np.flatnonzero(stints.is_idle)
    for others, mine in ((changes, goes_on), (idle, np.ones(len(stint), dtype=bool))):
        columns = np.concatenate([stint[mine], others])
        at = np.concatenate([period[mine], stints.begin[others]])
        number, first = groups(stints.person[columns], at)
        labels = _people_at(problem, stints, columns[first], at[first])
        upper = np.ones(len(first))
        yield block_of(setting, number, columns, 1.0, -upper * np.inf, upper, 0, labels)


def pinned(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have what was pinned."""
    yield from _pins(problem, setting, stints, problem.pins, 1.0, np.inf)


def forbidden(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have nothing that was forbidden."""
    yield from _pins(problem, setting, stints, problem.forbids, -np.inf, 0.0)


def _pins(
    problem: Problem,
    setting: Setting,
    stints: Stints,
    pins: tuple[Pin, ...],
    lower: float,
    upper: float,
) -> Iterator[Block]:
    if not pins:
        return
    people = {person.id: at for at, person in enumerate(problem.people)}
    posts = {post.id: at for at, post in enumerate(problem.posts)}
    rows, columns = [], []
    for at, pin in enumerate(pins):
        chosen = np.flatnonzero(
            (stints.person == people[pin.person])
            & (stints.post == posts[pin.post])
            & (stints.begin <= pin.period)
            & (stints.end > pin.period)
        )
        rows.append(np.full(len(chosen), at))
        columns.append(chosen)
    count = len(pins)
    yield block_of(setting, np.concatenate(rows), np.concatenate(columns), 1.0,
        np.full(count, lower), np.full(count, upper), 0,
        [(pin.person, pin.post, pin.period) for pin in pins],
    )  # fmt: skip
