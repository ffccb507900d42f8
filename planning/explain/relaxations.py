"""Say what would make a plan possible: the cheapest changes, each verified by a plan."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from graph.errors import N_
from planning.explain.conflict import ConflictSearch, RuleConflict
from planning.explain.reasons import FEW, ConflictReason
from planning.problem.instance import MentorGroup, OfferedPost, PlanningProblem
from planning.solve.solver import solve
from queries.sentences import Sentence, Term, say

PENALTIES = {
    "pinned": 3.0, "forbidden": 3.0, "capacity": 2.0, "mentors": 2.0, "must_cover": 2.0,
    "exercises": 4.0, "no_return": 4.0, "kin_apart": 9.0, "stage_first": 9.0,
}  # fmt: skip
FACTS = ("one_post", "agreed_end", "offers", "keeps_home_post")  # what cannot be relaxed


@dataclass(frozen=True)
class Relaxation:
    """A change that makes a plan possible, with the cost of the plan found."""

    sentence: Sentence
    cost: int | None
    problem: PlanningProblem


def relaxations(
    problem: PlanningProblem, found: RuleConflict, most: int = 3, seconds: float = 30.0
) -> list[Relaxation]:
    """Return the cheapest changes that make a plan possible, each verified by a plan.

    Single changes where one is enough; else one chain of changes, a conflict after the other.
    """
    until = time.monotonic() + seconds
    ways = []
    for reason in found.reasons:
        for sentence, changed in _ways(problem, reason):
            cost = _first_cost(changed, until)
            if cost is not None:
                ways.append(Relaxation(sentence, cost, changed))
    if not ways:
        ways = _repair(problem, until)
    ways.sort(key=lambda way: (way.cost, str(way.sentence)))
    return ways[:most]


def _first_cost(problem: PlanningProblem, until: float) -> int | None:
    """Return the cost of some plan, None when there is none or the time is over."""
    left = until - time.monotonic()
    if left <= 0:
        return None
    costs: list[int] = []
    outcome = solve(
        problem,
        seconds=min(left, 15.0),
        on_better=lambda better: costs.append(better.cost or 0),
        is_stopped=lambda: bool(costs),
    )
    return outcome.cost


def _repair(problem: PlanningProblem, until: float) -> list[Relaxation]:
    """Change several things at once: those that the elastic linear programme breaks."""
    search = ConflictSearch(problem, until)
    model = search.model
    columns = np.ones(model.column_count, dtype=bool)
    columns[: search.count] = model.broken == 0
    rows = np.flatnonzero(search.is_hard)
    penalties = np.array([PENALTIES.get(str(search.key_of_row[row][0]), np.inf) for row in rows])
    broken = search.broken(columns, rows, penalties)
    said: list[Sentence] = []
    for key, units in sorted(broken.items(), key=lambda item: str(item[0])):
        for sentence, changed in _ways(problem, search.reason(key), units):
            problem = changed
            said.append(sentence)
    if not said:
        return []
    cost = _first_cost(problem, until)
    if cost is None:
        return []
    template = " ".join(f"%({number})s" for number in range(len(said)))
    joined = Sentence(template, {str(n): each for n, each in enumerate(said)})
    return [Relaxation(joined, cost, problem)]


def _ways(
    problem: PlanningProblem, reason: ConflictReason, units: int = 1
) -> list[tuple[Sentence, PlanningProblem]]:
    """Return the changes that take one reason of a conflict away."""
    if reason.rule in FACTS:
        return []
    name = reason.about[0] if reason.about else ""
    if reason.rule == "capacity":
        return [_more_places(problem, problem.post_by_id[name], units)]
    if reason.rule == "mentors":
        return _more_mentors(problem, reason, units)
    if reason.rule in ("pinned", "forbidden"):
        field = "pins" if reason.rule == "pinned" else "forbids"
        kept = tuple(
            pin
            for pin in getattr(problem, field)
            if (pin.person, pin.post, str(pin.period)) != reason.about
        )
        dropped = problem.pins if field == "pins" else problem.forbids
        if len(kept) == len(dropped):
            return []
        changed = replace(problem, pins=kept) if field == "pins" else replace(problem, forbids=kept)
        return [(say(N_("Give this up: %(what)s"), what=reason.sentence), changed)]
    waived = problem.waived | {(reason.rule, each) for each in reason.about[:1]}
    if len(reason.about) > FEW and all(each in problem.person_by_id for each in reason.about):
        waived = problem.waived | {(reason.rule, each) for each in reason.about}
    sentence = say(N_("Make an exception: %(what)s"), what=reason.sentence)
    return [(sentence, replace(problem, waived=waived))]


def _more_places(
    problem: PlanningProblem, post: OfferedPost, units: int
) -> tuple[Sentence, PlanningProblem]:
    posts = tuple(
        replace(each, capacity=(each.capacity or 0) + units) if each.id == post.id else each
        for each in problem.posts
    )
    template = N_("Raise the capacity of %(post)s by %(count)s.")
    sentence = say(template, post=problem.post_name(post.id), count=units)
    return sentence, replace(problem, posts=posts)


def _more_mentors(
    problem: PlanningProblem, reason: ConflictReason, units: int
) -> list[tuple[Sentence, PlanningProblem]]:
    kind, place = reason.about[0], reason.about[1] if len(reason.about) > 1 else None
    changed = []
    groups = list(problem.mentor_groups)
    for at, group in enumerate(groups):
        if group.kind == kind and str(group.unit) == str(place):
            groups[at] = replace(group, places=tuple(n + units for n in group.places))
            changed.append(group)
    if not changed and place in problem.unit_by_id:
        groups.append(MentorGroup(kind, place, (), (units,) * problem.horizon.periods))
    unit = problem.unit_by_id.get(place or "")
    sentence = say(
        N_("Find {mentors} (%(kind)s) for %(count)s more people in %(unit)s."),
        unit=unit.name if unit else place or "",
        kind=Term("mentoring_kinds", kind),
        count=units,
    )
    return [(sentence, replace(problem, mentor_groups=tuple(groups)))]
