"""From chosen postings to a plan that readers see, and from a plan back to postings."""

from __future__ import annotations

import numpy as np

from planning.plan import Assignment, Plan
from planning.problem.horizon import Horizon
from planning.problem.instance import PlanningProblem
from planning.problem.postings import IDLE, CandidatePostings, Ints
from planning.problem.scenario import Scenario
from planning.solve.model import Model
from planning.solve.state import Outcome


def plan_of(problem: PlanningProblem, outcome: Outcome, scenario: Scenario | None = None) -> Plan:
    """Make the plan of an outcome; without conflict sentences where there is none."""
    postings = outcome.model.postings
    return Plan(
        status=outcome.status,
        horizon=problem.horizon,
        assignments=tuple(sorted(assignments(problem, postings, outcome.chosen))),
        cost=outcome.cost,
        bound=outcome.bound,
        gap=outcome.gap,
        seconds=outcome.seconds,
        settings=problem.settings,
        scenario=scenario or Scenario(),
        notes=problem.notes,
        cost_by_person=costs_by_person(problem, outcome) if len(outcome.chosen) else {},
        data_version=problem.data_version,
    )


def assignments(
    problem: PlanningProblem, postings: CandidatePostings, chosen: Ints
) -> list[Assignment]:
    """Turn chosen postings into assignments; periods without a post and posts left give none."""
    days, found = problem.horizon.days, []
    for j in chosen:
        if postings.post[j] < 0 or postings.begin[j] == postings.end[j]:
            continue
        person = problem.people[postings.person[j]]
        post = problem.posts[postings.post[j]]
        is_new = bool(postings.is_new[j])
        present = person.beside if postings.is_beside[j] else person.main
        kind = post.exercise if is_new or present is None else present.kind
        found.append(
            Assignment(
                person.id,
                days[postings.begin[j]].isoformat(),
                post.id,
                kind,
                days[postings.end[j]].isoformat(),
                not is_new,
            )
        )
    return found


def postings_of(model: Model, plan: Plan) -> list[Ints]:
    """Find each person's whole plan among the postings; nothing for a person whose plan is gone."""
    postings, problem = model.postings, model.problem
    place = {
        key: j
        for j, key in enumerate(
            zip(
                postings.person.tolist(),
                postings.post.tolist(),
                postings.begin.tolist(),
                postings.end.tolist(),
                postings.is_new.tolist(),
                strict=True,
            )
        )
    }
    posts = {post.id: at for at, post in enumerate(problem.posts)}
    found = []
    for p, person in enumerate(problem.people):
        mine = [each for each in plan.assignments if each.person == person.id]
        keys: list[tuple[int, int, int, int, bool] | None] = []
        idle = set(range(problem.horizon.periods))
        for each in mine:
            span = _span(problem.horizon, each)
            known = span is not None and each.post in posts
            keys.append((p, posts[each.post], *span, not each.stays) if known and span else None)
            if span and not problem.keeps_home(each.kind):
                idle -= set(range(*span))
        going = {each.post for each in mine if each.stays}
        for present in (person.main, person.beside):
            if present and present.post not in going:
                keys.append((p, posts[present.post], 0, 0, False))
        keys += [(p, IDLE, t, t + 1, True) for t in sorted(idle)]
        chosen = [place.get(key, -1) if key else -1 for key in keys]
        whole = [] if -1 in chosen else sorted(chosen)
        found.append(np.array(whole, dtype=np.int64))
    return found


def _span(horizon: Horizon, each: Assignment) -> tuple[int, int] | None:
    days = [day.isoformat() for day in horizon.days]
    if each.since not in days or each.until not in days:
        return None
    return days.index(each.since), days.index(each.until)


def costs_by_person(problem: PlanningProblem, outcome: Outcome) -> dict[str, int]:
    """Return what each person's own postings cost; what people share (mentors) is nobody's."""
    postings, cost = outcome.model.postings, outcome.model.cost
    sums = np.zeros(len(problem.people))
    np.add.at(sums, postings.person[outcome.chosen], cost[outcome.chosen])
    return {person.id: round(total) for person, total in zip(problem.people, sums, strict=True)}
