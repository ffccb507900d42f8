"""Rules on what people do together, or one person does over time: rows of linear sums.

Each gives blocks of rows over postings; `RowBlock` says how a row is read.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.dates import add_months
from planning.problem.defaults import Setting
from planning.problem.instance import PlanningProblem
from planning.problem.postings import CandidatePostings, Floats, Ints, groups
from planning.rules.rows import Label, RowBlock, row_block
from planning.rules.spans import needed_first


def capacity(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have no more people in a post than it has places left."""
    posting, period = postings.spread(np.flatnonzero(~postings.is_idle))
    number, first = groups(postings.post[posting], period)
    posts = problem.posts
    labels: list[Label] = []
    upper: list[float] = []
    for q, t in zip(postings.post[posting[first]], period[first], strict=True):
        places = problem.places(posts[q], int(t))
        labels.append((posts[q].id, int(t)))
        upper.append(np.inf if places is None else float(places))
    limits = np.array(upper)
    yield row_block(
        setting, number, posting, 1.0, -np.inf * np.ones(len(limits)), limits, -1, labels
    )


def must_cover(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have somebody in each post that must be covered, in every period."""
    places = {post.id: at for at, post in enumerate(problem.posts)}
    covered = [places[id_] for id_ in problem.covered]
    if not covered:
        return
    posting, period = postings.spread(np.flatnonzero(np.isin(postings.post, covered)))
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
    rows = row_of[postings.post[posting] * periods + period]
    kept = rows >= 0
    limits = np.array(lower)
    yield row_block(
        setting,
        rows[kept],
        posting[kept],
        1.0,
        limits,
        np.full(len(limits), np.inf),
        1,
        labels,
    )


def no_return(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have nobody posted twice to one unit within the plan."""
    unit = postings.unit()
    present = {(p, each.unit) for p, person in enumerate(problem.people) for each in person.history}
    known = np.zeros((len(problem.people), len(problem.units)), dtype=bool)
    place = {each.id: at for at, each in enumerate(problem.units)}
    for p, id_ in present:
        if id_ in place:
            known[p, place[id_]] = True
    chosen = np.flatnonzero(postings.is_new & ~postings.is_idle)
    chosen = chosen[~known[postings.person[chosen], unit[chosen]]]
    number, first = groups(postings.person[chosen], unit[chosen])
    labels = [
        (problem.people[postings.person[c]].id, problem.units[unit[c]].id) for c in chosen[first]
    ]
    upper = np.ones(len(first))
    yield row_block(setting, number, chosen, 1.0, -np.inf * upper, upper, -1, labels)


def stage_first(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have what must come first served by the day that a posting begins."""
    rows: list[Ints] = []
    columns: list[Ints] = []
    coefs: list[Floats] = []
    labels: list[Label] = []
    slack: list[float] = []
    kinds = [post.exercise for post in problem.posts] + [None]
    kind_of = np.array([kind or "" for kind in kinds], dtype=object)[postings.post]
    present = np.flatnonzero(~postings.is_new & ~postings.is_idle)
    for j in present:
        person = problem.people[postings.person[j]]
        present = person.beside if postings.is_beside[j] else person.main
        kind_of[j] = (present.kind if present else None) or ""
    restricted = {kind for kind in kinds if kind and problem.exercise_by_kind.get(kind)}
    order = np.argsort(postings.person, kind="stable")
    bounds = np.searchsorted(postings.person[order], np.arange(len(problem.people) + 1))
    for p, person in enumerate(problem.people):
        missing = {kind: needed_first(problem, person, kind) for kind in sorted(restricted)}
        if not any(missing.values()):
            continue
        mine = order[bounds[p] : bounds[p + 1]]
        for kind in sorted(restricted):
            starting = mine[(kind_of[mine] == kind) & postings.is_new[mine]]
            for before, months in missing[kind]:
                for t in np.unique(postings.begin[starting]):
                    here = starting[postings.begin[starting] == t]
                    giving = mine[(kind_of[mine] == before) & (postings.begin[mine] < t)]
                    gives = np.minimum(postings.end[giving], t) - postings.begin[giving]
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
        yield RowBlock(
            setting, labels, np.concatenate(rows), np.concatenate(columns), np.concatenate(coefs),
            -np.inf * np.ones(len(labels)), upper, np.array(slack), counts_whole=True,
        )  # fmt: skip


def exercises(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have the required exercises served by the end of the horizon."""
    offered = {post.exercise for post in problem.posts}
    for need in problem.exercises:
        if need.required and need.kind in offered:
            yield _months_served(problem, setting, postings, (need.kind,), need.at_least or 1)


def grassroots_wanted(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have everybody serve so long at the grassroots by the end of the horizon (R20)."""
    yield _months_served(problem, setting, postings, tuple(setting["kinds"]), setting["months"])


def _months_served(
    problem: PlanningProblem,
    setting: Setting,
    postings: CandidatePostings,
    kinds: tuple[str, ...],
    months: int,
) -> RowBlock:
    missing = np.zeros(len(problem.people))
    for p, person in enumerate(problem.people):
        has = sum(person.months_of(kind, problem.horizon.since) for kind in kinds)
        practised = any(kind in person.practised for kind in kinds)
        missing[p] = 0 if practised else max(0, months - has)
    gives = np.array([post.exercise in kinds for post in problem.posts] + [False])[postings.post]
    for j in np.flatnonzero(~postings.is_new & ~postings.is_idle):
        person = problem.people[postings.person[j]]
        present = person.beside if postings.is_beside[j] else person.main
        gives[j] = present is not None and present.kind in kinds
    chosen = np.flatnonzero(
        gives & (missing[postings.person] > 0) & (postings.end > postings.begin)
    )
    people = np.flatnonzero(missing > 0)
    row_of = np.full(len(problem.people), -1)
    row_of[people] = np.arange(len(people))
    lengths = (postings.end - postings.begin)[chosen] * problem.horizon.months
    coefs = np.minimum(lengths, missing[postings.person[chosen]]).astype(float)
    lower = missing[people]
    labels = [(problem.people[p].id, kinds[0]) for p in people]
    return RowBlock(
        setting, labels, row_of[postings.person[chosen]], chosen, coefs, lower,
        np.full(len(people), np.inf), lower.copy(), counts_whole=True,
    )  # fmt: skip


def mentors(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Have mentors of every kind needed, near and within their load, for people at the grassroots.

    A group of mentors serves the units above and below its own. Own columns are the people of a
    unit whom a group mentors in a period.
    """
    kinds = set(setting["kinds"])
    is_needed = np.array([post.exercise in kinds for post in problem.posts] + [False])
    posting, period = postings.spread(np.flatnonzero(is_needed[postings.post]))
    unit = postings.unit()
    periods = problem.horizon.periods
    for need, _ in problem.mentor_needs:
        near = [group for group in problem.mentor_groups if group.kind == need]
        number, first = groups(unit[posting], period)
        keys = [(int(unit[s]), int(t)) for s, t in zip(posting[first], period[first], strict=True)]
        rows, columns = [number], [posting]
        coefs = [np.ones(len(posting))]
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
        yield RowBlock(
            setting, labels, np.concatenate(rows), np.concatenate(columns), np.concatenate(coefs),
            -np.inf * np.ones(at), np.array(upper), slack, own_columns=own,
        )  # fmt: skip


def _is_near(problem: PlanningProblem, group: str, unit: int) -> bool:
    chain = problem.units[unit].chain
    above = problem.unit_by_id.get(group)
    return group in chain or (above is not None and problem.units[unit].id in above.chain)


def kin_apart(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Keep relatives out of the unit that one leads and those below it (R16).

    Without leading kinds of posts in the setting: out of the same unit. Two postings that both
    run at the first day are a fact and not counted.
    """
    leads = _leading(problem, setting)
    unit = postings.unit()
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
            leading = _held(problem, postings, unit, place, one, leads)
            following = _held(problem, postings, unit, place, other, None)
            fixed_leading = _fixed_units(problem, one, leads)
            fixed_following = _fixed_units(problem, other, None)
            for u, t in sorted({*leading, *fixed_leading}):
                line = sorted(lines[u])
                label = (one, other, problem.units[u].id, t)
                a = np.array(leading.get((u, t), ()), dtype=np.int64)
                b = np.array([s for v in line for s in following.get((v, t), ())], dtype=np.int64)
                a_new, b_new = a[postings.is_new[a]], b[postings.is_new[b]]
                if (u, t) in fixed_leading:
                    for part in _by_track(postings, b_new):
                        add(label, part, 0.0)
                if any((v, t) in fixed_following for v in line):
                    for part in _by_track(postings, a_new):
                        add(label, part, 0.0)
                for mine, theirs in ((a_new, b), (a[~postings.is_new[a]], b_new)):
                    for part in _by_track(postings, mine):
                        for match in _by_track(postings, theirs):
                            add(label, np.concatenate([part, match]), 1.0)
    if labels:
        yield RowBlock(
            setting, labels, np.concatenate(rows), np.concatenate(columns),
            np.ones(sum(map(len, rows))), -np.inf * np.ones(len(labels)), np.array(upper),
            -np.ones(len(labels)),
        )  # fmt: skip


def _by_track(postings: CandidatePostings, chosen: Ints) -> list[Ints]:
    parts = [chosen[~postings.is_beside[chosen]], chosen[postings.is_beside[chosen]]]
    return [part for part in parts if len(part)]


def _leading(problem: PlanningProblem, setting: Setting) -> set[str] | None:
    kinds = set(setting["leading_post_kinds"])
    return {post.id for post in problem.posts if post.kind in kinds} if kinds else None


def _lines(problem: PlanningProblem, setting: Setting) -> list[set[int]]:
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
    problem: PlanningProblem,
    postings: CandidatePostings,
    unit: Ints,
    place: dict[str, int],
    id_: str,
    posts: set[str] | None,
) -> dict[tuple[int, int], list[int]]:
    """Return a planned person's postings in some posts by unit and period."""
    held: dict[tuple[int, int], list[int]] = {}
    if id_ not in place:
        return held
    chosen = (postings.person == place[id_]) & ~postings.is_idle
    if posts is not None:
        chosen &= np.array([*(post.id in posts for post in problem.posts), False])[postings.post]
    posting, period = postings.spread(np.flatnonzero(chosen))
    for s, u, t in zip(posting.tolist(), unit[posting].tolist(), period.tolist(), strict=True):
        held.setdefault((u, t), []).append(s)
    return held


def _fixed_units(
    problem: PlanningProblem, id_: str, posts: set[str] | None
) -> set[tuple[int, int]]:
    place = {unit.id: at for at, unit in enumerate(problem.units)}
    return {
        (place[each.unit], t)
        for each in problem.fixed
        if each.person == id_ and (posts is None or each.post in posts)
        for t in each.periods
    }


def hardship_shared(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Count the points of hardship that a person bears beyond an even share."""
    points = postings.by_post([post.hardship or 0 for post in problem.posts])
    points = points * (postings.end - postings.begin)
    chosen = np.flatnonzero(points > 0)
    upper = np.array([float(problem.hardship_share(person)) for person in problem.people])
    labels = [(person.id,) for person in problem.people]
    yield RowBlock(
        setting, labels, postings.person[chosen], chosen, points[chosen].astype(float),
        -np.inf * np.ones(len(upper)), upper, -np.ones(len(upper)),
    )  # fmt: skip


def changes_in_term(
    problem: PlanningProblem, setting: Setting, postings: CandidatePostings
) -> Iterator[RowBlock]:
    """Count the changes of main post beyond what one term allows (R19)."""
    since = add_months(problem.horizon.until, -setting["term_months"])
    chosen = np.flatnonzero(postings.is_new & ~postings.is_beside & ~postings.is_idle)
    upper = []
    for person in problem.people:
        begun = sum(
            each.since is not None and each.since >= since and not problem.keeps_home(each.kind)
            for each in person.history
        )
        upper.append(float(max(0, setting["at_most"] - begun)))
    labels = [(person.id,) for person in problem.people]
    limits = np.array(upper)
    yield row_block(
        setting,
        postings.person[chosen],
        chosen,
        1.0,
        -np.inf * np.ones(len(limits)),
        limits,
        -1,
        labels,
    )
