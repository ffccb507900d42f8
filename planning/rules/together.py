"""Rules on what people do together, or one person does over time: rows of linear sums.

Each gives blocks of rows over stints; `Block` says how a row is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graph.dates import add_months
from planning.defaults import Setting
from planning.problem import Problem
from planning.rules.spans import needed_first
from planning.stints import Block, Floats, Ints, Stints, block_of, groups

Label = tuple[Any, ...]


def capacity(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have no more people in a post than it has places left."""
    stint, period = stints.spread(np.flatnonzero(~stints.is_idle))
    number, first = groups(stints.post[stint], period)
    posts = problem.posts
    labels: list[Label] = []
    upper: list[float] = []
    for q, t in zip(stints.post[stint[first]], period[first], strict=True):
        places = problem.places(posts[q], int(t))
        labels.append((posts[q].id, int(t)))
        upper.append(np.inf if places is None else float(places))
    limits = np.array(upper)
    yield block_of(setting, number, stint, 1.0, -np.inf * np.ones(len(limits)), limits, -1, labels)


def must_cover(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have somebody in each post that must be covered, in every period."""
    places = {post.id: at for at, post in enumerate(problem.posts)}
    covered = [places[id_] for id_ in problem.covered]
    if not covered:
        return
    stint, period = stints.spread(np.flatnonzero(np.isin(stints.post, covered)))
    periods = problem.horizon.periods
    row_of = np.full(len(problem.posts) * periods, -1)
    labels: list[Label] = []
    lower: list[float] = []
    for q in covered:
        for t in range(periods):
            post = problem.posts[q]
            missing = setting["at_least"] - problem.held_by_others(post.id, t)
            if missing > 0:
                row_of[q * periods + t] = len(labels)
                labels.append((post.id, t))
                lower.append(float(missing))
    rows = row_of[stints.post[stint] * periods + period]
    kept = rows >= 0
    limits = np.array(lower)
    yield block_of(
        setting,
        rows[kept],
        stint[kept],
        1.0,
        limits,
        np.full(len(limits), np.inf),
        1,
        labels,
    )


def no_return(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have nobody posted twice to one unit within the plan."""
    unit = stints.unit()
    served = {(p, each.unit) for p, person in enumerate(problem.people) for each in person.history}
    known = np.zeros((len(problem.people), len(problem.units)), dtype=bool)
    place = {each.id: at for at, each in enumerate(problem.units)}
    for p, id_ in served:
        if id_ in place:
            known[p, place[id_]] = True
    chosen = np.flatnonzero(stints.is_new & ~stints.is_idle)
    chosen = chosen[~known[stints.person[chosen], unit[chosen]]]
    number, first = groups(stints.person[chosen], unit[chosen])
    labels = [
        (problem.people[stints.person[c]].id, problem.units[unit[c]].id) for c in chosen[first]
    ]
    upper = np.ones(len(first))
    yield block_of(setting, number, chosen, 1.0, -np.inf * upper, upper, -1, labels)


def stage_first(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have what must come first served by the day that a posting begins."""
    rows: list[Ints] = []
    columns: list[Ints] = []
    coefs: list[Floats] = []
    labels: list[Label] = []
    slack: list[float] = []
    kinds = [post.exercise for post in problem.posts] + [None]
    kind_of = np.array([kind or "" for kind in kinds], dtype=object)[stints.post]
    present = np.flatnonzero(~stints.is_new & ~stints.is_idle)
    for j in present:
        person = problem.people[stints.person[j]]
        served = person.beside if stints.is_beside[j] else person.main
        kind_of[j] = (served.kind if served else None) or ""
    restricted = {kind for kind in kinds if kind and problem.exercise_by_kind.get(kind)}
    order = np.argsort(stints.person, kind="stable")
    bounds = np.searchsorted(stints.person[order], np.arange(len(problem.people) + 1))
    for p, person in enumerate(problem.people):
        missing = {kind: needed_first(problem, person, kind) for kind in sorted(restricted)}
        if not any(missing.values()):
            continue
        mine = order[bounds[p] : bounds[p + 1]]
        for kind in sorted(restricted):
            starting = mine[(kind_of[mine] == kind) & stints.is_new[mine]]
            for before, months in missing[kind]:
                for t in np.unique(stints.begin[starting]):
                    here = starting[stints.begin[starting] == t]
                    giving = mine[(kind_of[mine] == before) & (stints.begin[mine] < t)]
                    gives = np.minimum(stints.end[giving], t) - stints.begin[giving]
                    at = len(labels)
                    labels.append((person.id, kind, int(t)))
                    slack.append(-float(months))
                    rows.append(np.full(len(here) + len(giving), at))
                    columns.append(np.concatenate([here, giving]))
                    coefs.append(
                        np.concatenate(
                            [
                                np.full(len(here), float(months)),
                                -np.minimum(gives * problem.horizon.months, months).astype(float),
                            ]
                        )
                    )
    if labels:
        upper = np.zeros(len(labels))
        yield Block(
            setting, labels, np.concatenate(rows), np.concatenate(columns), np.concatenate(coefs),
            -np.inf * np.ones(len(labels)), upper, np.array(slack), counts_whole=True,
        )  # fmt: skip


def exercises(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have the required exercises served by the end of the horizon."""
    offered = {post.exercise for post in problem.posts}
    for need in problem.exercises:
        if need.required and need.kind in offered:
            yield _served(problem, setting, stints, (need.kind,), need.at_least or 1)


def grassroots_wanted(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have everybody serve so long at the grassroots by the end of the horizon (R20)."""
    yield _served(problem, setting, stints, tuple(setting["kinds"]), setting["months"])


def _served(
    problem: Problem, setting: Setting, stints: Stints, kinds: tuple[str, ...], months: int
) -> Block:
    missing = np.zeros(len(problem.people))
    for p, person in enumerate(problem.people):
        has = sum(person.months_of(kind, problem.horizon.since) for kind in kinds)
        practised = any(kind in person.practised for kind in kinds)
        missing[p] = 0 if practised else max(0, months - has)
    gives = np.array([post.exercise in kinds for post in problem.posts] + [False])[stints.post]
    for j in np.flatnonzero(~stints.is_new & ~stints.is_idle):
        person = problem.people[stints.person[j]]
        served = person.beside if stints.is_beside[j] else person.main
        gives[j] = served is not None and served.kind in kinds
    chosen = np.flatnonzero(gives & (missing[stints.person] > 0) & (stints.end > stints.begin))
    people = np.flatnonzero(missing > 0)
    row_of = np.full(len(problem.people), -1)
    row_of[people] = np.arange(len(people))
    lengths = (stints.end - stints.begin)[chosen] * problem.horizon.months
    coefs = np.minimum(lengths, missing[stints.person[chosen]]).astype(float)
    lower = missing[people]
    labels = [(problem.people[p].id, kinds[0]) for p in people]
    return Block(
        setting, labels, row_of[stints.person[chosen]], chosen, coefs, lower,
        np.full(len(people), np.inf), lower.copy(), counts_whole=True,
    )  # fmt: skip


def mentors(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Have mentors of every kind needed, near and within their load, for people at the grassroots.

    A group of mentors serves the units above and below its own. Own columns are the people of a
    unit whom a group mentors in a period.
    """
    kinds = set(setting["kinds"])
    is_needed = np.array([post.exercise in kinds for post in problem.posts] + [False])
    stint, period = stints.spread(np.flatnonzero(is_needed[stints.post]))
    unit = stints.unit()
    periods = problem.horizon.periods
    for need, _ in problem.mentor_needs:
        near = [group for group in problem.mentor_groups if group.kind == need]
        number, first = groups(unit[stint], period)
        keys = [(int(unit[s]), int(t)) for s, t in zip(stint[first], period[first], strict=True)]
        rows, columns = [number], [stint]
        coefs = [np.ones(len(stint))]
        labels: list[Label] = [(need, problem.units[u].id, t) for u, t in keys]
        upper = [0.0] * len(keys)
        own = 0
        at = len(keys)
        for group in near:
            serves = {
                row: t
                for row, (u, t) in enumerate(keys)
                if group.unit is None or _is_near(problem, group.unit, u)
            }
            for t in range(periods):
                here = [row for row, at_t in serves.items() if at_t == t]
                if not here:
                    continue
                ids = -1 - np.arange(own, own + len(here))
                own += len(here)
                rows += [np.array(here), np.full(len(here), at)]
                columns += [ids, ids]
                coefs += [-np.ones(len(here)), np.ones(len(here))]
                labels.append((need, group.unit, t, "load"))
                upper.append(float(group.places[t]))
                at += 1
        slack = np.zeros(at)
        slack[: len(keys)] = -1
        yield Block(
            setting, labels, np.concatenate(rows), np.concatenate(columns), np.concatenate(coefs),
            -np.inf * np.ones(at), np.array(upper), slack, own_columns=own,
        )  # fmt: skip


def _is_near(problem: Problem, group: str, unit: int) -> bool:
    chain = problem.units[unit].chain
    above = problem.unit_by_id.get(group)
    return group in chain or (above is not None and problem.units[unit].id in above.chain)


def kin_apart(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Keep relatives out of the unit that one leads and those below it (R16).

    Without leading kinds of posts in the setting: out of the same unit. Two postings that both
    run at the first day are a fact and not counted.
    """
    leads = _leading(problem, setting)
    unit = stints.unit()
    place = {each.id: at for at, each in enumerate(problem.people)}
    rows: list[Ints] = []
    columns: list[Ints] = []
    labels: list[Label] = []
    upper: list[float] = []

    def add(label: Label, chosen: Ints, limit: float) -> None:
        rows.append(np.full(len(chosen), len(labels)))
        columns.append(chosen)
        labels.append(label)
        upper.append(limit)

    lines = _lines(problem, setting)
    for kin in problem.kin:
        for one, other in ((kin.one, kin.other), (kin.other, kin.one)):
            leading = _held(problem, stints, unit, place, one, leads)
            following = _held(problem, stints, unit, place, other, None)
            fixed_leading = _fixed_units(problem, one, leads)
            fixed_following = _fixed_units(problem, other, None)
            for u, t in sorted({*leading, *fixed_leading}):
                line = sorted(lines[u])
                label = (one, other, problem.units[u].id, t)
                a = np.array(leading.get((u, t), ()), dtype=np.int64)
                b = np.array([s for v in line for s in following.get((v, t), ())], dtype=np.int64)
                a_new, b_new = a[stints.is_new[a]], b[stints.is_new[b]]
                if (u, t) in fixed_leading:
                    for part in _by_track(stints, b_new):
                        add(label, part, 0.0)
                if any((v, t) in fixed_following for v in line):
                    for part in _by_track(stints, a_new):
                        add(label, part, 0.0)
                for mine, theirs in ((a_new, b), (a[~stints.is_new[a]], b_new)):
                    for part in _by_track(stints, mine):
                        for match in _by_track(stints, theirs):
                            add(label, np.concatenate([part, match]), 1.0)
    if labels:
        yield Block(
            setting, labels, np.concatenate(rows), np.concatenate(columns),
            np.ones(sum(map(len, rows))), -np.inf * np.ones(len(labels)), np.array(upper),
            -np.ones(len(labels)),
        )  # fmt: skip


def _by_track(stints: Stints, chosen: Ints) -> list[Ints]:
    parts = [chosen[~stints.is_beside[chosen]], chosen[stints.is_beside[chosen]]]
    return [part for part in parts if len(part)]


def _leading(problem: Problem, setting: Setting) -> set[str] | None:
    kinds = set(setting["leading_post_kinds"])
    return {post.id for post in problem.posts if post.kind in kinds} if kinds else None


def _lines(problem: Problem, setting: Setting) -> list[set[int]]:
    """Return each unit with the units below it (or alone, when no post is said to lead)."""
    place = {unit.id: at for at, unit in enumerate(problem.units)}
    lines: list[set[int]] = [{at} for at in range(len(problem.units))]
    if setting["leading_post_kinds"]:
        for at, unit in enumerate(problem.units):
            for above in unit.chain:
                if above in place:
                    lines[place[above]].add(at)
    return lines


def _held(
    problem: Problem,
    stints: Stints,
    unit: Ints,
    place: dict[str, int],
    id_: str,
    posts: set[str] | None,
) -> dict[tuple[int, int], list[int]]:
    """Return a planned person's stints in some posts by unit and period."""
    held: dict[tuple[int, int], list[int]] = {}
    if id_ not in place:
        return held
    chosen = (stints.person == place[id_]) & ~stints.is_idle
    if posts is not None:
        chosen &= np.array([*(post.id in posts for post in problem.posts), False])[stints.post]
    stint, period = stints.spread(np.flatnonzero(chosen))
    for s, u, t in zip(stint.tolist(), unit[stint].tolist(), period.tolist(), strict=True):
        held.setdefault((u, t), []).append(s)
    return held


def _fixed_units(problem: Problem, id_: str, posts: set[str] | None) -> set[tuple[int, int]]:
    place = {unit.id: at for at, unit in enumerate(problem.units)}
    return {
        (place[each.unit], t)
        for each in problem.holdings
        if each.person == id_ and (posts is None or each.post in posts)
        for t in each.periods
    }


def hardship_shared(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Count the points of hardship that a person bears beyond an even share."""
    points = stints.by_post([post.hardship or 0 for post in problem.posts])
    points = points * (stints.end - stints.begin)
    chosen = np.flatnonzero(points > 0)
    upper = np.array([float(problem.hardship_share(person)) for person in problem.people])
    labels = [(person.id,) for person in problem.people]
    yield Block(
        setting, labels, stints.person[chosen], chosen, points[chosen].astype(float),
        -np.inf * np.ones(len(upper)), upper, -np.ones(len(upper)),
    )  # fmt: skip


def changes_in_term(problem: Problem, setting: Setting, stints: Stints) -> Iterator[Block]:
    """Count the changes of main post beyond what one term allows (R19)."""
    since = add_months(problem.horizon.until, -setting["term_months"])
    chosen = np.flatnonzero(stints.is_new & ~stints.is_beside & ~stints.is_idle)
    upper = []
    for person in problem.people:
        begun = sum(
            each.since is not None and each.since >= since and not problem.keeps_home(each.kind)
            for each in person.history
        )
        upper.append(float(max(0, setting["at_most"] - begun)))
    labels = [(person.id,) for person in problem.people]
    limits = np.array(upper)
    yield block_of(
        setting,
        stints.person[chosen],
        chosen,
        1.0,
        -np.inf * np.ones(len(limits)),
        limits,
        -1,
        labels,
    )
