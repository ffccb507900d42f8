"""Say why a person is where a plan puts them, and what the next best posts would cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from graph.errors import N_
from planning.plan import Plan
from planning.problem.instance import OfferedPost, Pin, PlannedPerson, PlanningProblem
from planning.rules import RULE_BY_NAME, broken
from planning.solve.highs import INFEASIBLE, OPTIMAL
from planning.solve.model import Model, build
from planning.solve.plans import postings_of
from planning.solve.solver import solve
from planning.solve.state import Outcome
from queries.sentences import Sentence, Term, say

WEIGHING = 6.0  # seconds for all other posts together
AGAINST = N_("Against it: %(what)s (+%(cost)s)")


@dataclass(frozen=True)
class Alternative:
    """Another post for a person: what the best plan with it costs more."""

    post: str
    extra: int | None  # None: impossible, or not found in time
    is_exact: bool
    sentence: Sentence


def reasons(problem: PlanningProblem, plan: Plan) -> dict[str, list[Sentence]]:
    """Return the reasons of everybody's postings by person: what each rule says of them."""
    model = build(problem)
    postings, chosen = model.postings, postings_of(model, plan)
    return {
        who.id: [
            sentence
            for j in sorted(mine.tolist(), key=lambda j: int(postings.begin[j]))
            if postings.post[j] >= 0 and postings.begin[j] < postings.end[j]
            for sentence in _of_posting(problem, model, who, j)
        ]
        for who, mine in zip(problem.people, chosen, strict=True)
    }


def _of_posting(
    problem: PlanningProblem, model: Model, who: PlannedPerson, j: int
) -> Iterator[Sentence]:
    postings = model.postings
    post = problem.posts[postings.post[j]]
    yield say(
        N_("%(post)s, %(since)s to %(until)s, costs %(cost)s."),
        post=problem.post_name(post.id),
        since=problem.horizon.name(int(postings.begin[j])),
        until=problem.horizon.name(int(postings.end[j])),
        cost=round(model.cost[j]),
    )
    yield from _good_reasons(problem, who, post)
    for setting in problem.settings:
        rule = RULE_BY_NAME.get(setting.name)
        if not rule or not rule.pair or setting.kind != "soft":
            continue
        if not postings.is_new[j] and not rule.holds_for_present:
            continue
        breach = rule.pair(problem, setting, who, post)
        if breach and breach.since <= postings.begin[j] < breach.until:
            times = int(postings.end[j] - postings.begin[j]) if rule.per_period else 1
            cost = breach.units * setting.penalty * times
            what = broken(problem, setting.name, person=who.id, post=post.id)
            yield say(AGAINST, what=what, cost=cost, rule=setting.name)


def _good_reasons(
    problem: PlanningProblem, who: PlannedPerson, post: OfferedPost
) -> Iterator[Sentence]:
    chain = problem.unit_by_id[post.unit].chain
    for wish in who.wishes:
        if wish.rank and (wish.post == post.id or (wish.unit and wish.unit in chain)):
            yield say(N_("It is wish number %(rank)s."), rank=wish.rank)
    shared = sorted(set(who.specialties) & set(post.demands))
    if shared:
        yield say(N_("The post asks for %(specialties)s."), specialties=tuple(shared))
    need = problem.exercise_by_kind.get(post.exercise or "")
    if need and need.required:
        served = who.months_of(need.kind, problem.horizon.since)
        if served < (need.at_least or 1):
            template = N_("It fills a gap: %(kind)s (%(months)s months still lacking).")
            lacking = (need.at_least or 1) - served
            yield say(template, kind=Term("rotation_kinds", need.kind), months=lacking)


def alternatives(
    problem: PlanningProblem,
    plan: Plan,
    person: str,
    post: str,
    most: int = 3,
    seconds: float = WEIGHING,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Alternative]:
    """Return what the next best posts would cost a person instead of one in the plan, best first.

    Each is the cost of the best whole plan with the person in that post at the time, less the
    present cost; exact when that plan is proved optimal in its share of the time.
    """
    model = build(problem)
    postings = model.postings
    p = next((at for at, each in enumerate(problem.people) if each.id == person), None)
    mine = [] if p is None else postings_of(model, plan)[p].tolist()
    mine = [j for j in mine if postings.post[j] >= 0 and problem.posts[postings.post[j]].id == post]
    if not mine or plan.cost is None:
        return []
    until = time.monotonic() + seconds
    period, found = int(postings.begin[mine[0]]), []
    likely = _likely_posts(model, mine[0], period)[:most]
    for number, q in enumerate(likely):
        left = until - time.monotonic()
        if left <= 0 or is_stopped():
            break
        other = problem.posts[q].id
        pins = tuple(sorted({*problem.pins, Pin(person, other, period)}))
        share = left / (len(likely) - number)
        tried = solve(replace(problem, pins=pins), seconds=share, is_stopped=is_stopped)
        found.append(_alternative(problem, other, tried, plan.cost))
    found.sort(key=lambda each: (each.extra is None, each.extra or 0, each.post))
    return found


def _alternative(problem: PlanningProblem, post: str, tried: Outcome, cost: int) -> Alternative:
    """Return what a plan with another post costs more; what is not proved is told as such."""
    extra = None if tried.cost is None else tried.cost - cost
    least = None if tried.bound is None else max(0, math.ceil(tried.bound - 1e-6) - cost)
    is_exact = tried.status in (OPTIMAL, INFEASIBLE) or (extra is not None and extra == least)
    if tried.status == INFEASIBLE:
        template = N_("%(post)s is not possible then.")
    elif extra is None:
        template = N_("What %(post)s would cost was not found in time.")
        if least:
            template = N_("%(post)s would cost at least %(least)s more.")
    elif is_exact:
        template = N_("%(post)s would cost %(extra)s more.")
    else:
        template = N_("%(post)s would cost at most %(extra)s more, and at least %(least)s.")
    name = problem.post_name(post)
    sentence = say(template, post=name, extra=extra, least=least or 0)
    return Alternative(post, extra, is_exact, sentence)


def _likely_posts(model: Model, j: int, period: int) -> list[int]:
    """Order the other posts that a person may hold in a period by what their postings cost."""
    postings = model.postings
    here = (
        (postings.person == postings.person[j])
        & (postings.is_beside == postings.is_beside[j])
        & (postings.post >= 0)
        & (postings.begin <= period)
        & (postings.end > period)
        & (postings.post != postings.post[j])
    )
    guess: dict[int, float] = {}
    for k in np.flatnonzero(here):
        rate = model.cost[k] / (postings.end[k] - postings.begin[k])
        guess[int(postings.post[k])] = min(guess.get(int(postings.post[k]), np.inf), float(rate))
    posts = model.problem.posts
    return sorted(guess, key=lambda q: (guess[q], posts[q].id))
