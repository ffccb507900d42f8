"""Say why a person is where a plan puts them, and what the next best posts would cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from graph.errors import N_
from planning.engine import INFEASIBLE, OPTIMAL
from planning.model import Model, build
from planning.outcome import Plan, stints_of
from planning.problem import Person, Pin, Post, Problem
from planning.rules import RULE_BY_NAME, broken
from planning.solver import Outcome, solve
from queries.sentences import Sentence, Term, say

WEIGHING = 6.0  # seconds for all other posts together


@dataclass(frozen=True)
class Alternative:
    """Another post for a person: what the best plan with it costs more."""

    post: str
    extra: int | None  # None: impossible, or not found in time
    is_exact: bool
    sentence: Sentence


def why_here(problem: Problem, plan: Plan, person: str) -> list[Sentence]:
    """Return the reasons of each posting of a person in a plan: what each rule says of it."""
    return reasons(problem, plan, (person,))[person]


def reasons(
    problem: Problem, plan: Plan, people: Iterable[str] | None = None
) -> dict[str, list[Sentence]]:
    """Return the reasons of the postings of some people, or of all, by person."""
    model = build(problem)
    stints, chosen = model.stints, stints_of(model, plan)
    wanted = None if people is None else set(people)
    found: dict[str, list[Sentence]] = {}
    for who, mine in zip(problem.people, chosen, strict=True):
        if wanted is None or who.id in wanted:
            found[who.id] = [
                sentence
                for j in sorted(mine.tolist(), key=lambda j: int(stints.begin[j]))
                if stints.post[j] >= 0 and stints.begin[j] < stints.end[j]
                for sentence in _of_stint(problem, model, who, j)
            ]
    return found


def _of_stint(problem: Problem, model: Model, who: Person, j: int) -> Iterator[Sentence]:
    stints = model.stints
    post = problem.posts[stints.post[j]]
    yield say(
        N_("%(post)s, %(since)s to %(until)s, costs %(cost)s."),
        post=problem.post_name(post.id),
        since=problem.horizon.name(int(stints.begin[j])),
        until=problem.horizon.name(int(stints.end[j])),
        cost=round(model.cost[j]),
    )
    yield from _good_reasons(problem, who, post)
    for setting in problem.settings:
        rule = RULE_BY_NAME.get(setting.name)
        if not rule or not rule.pair or setting.kind != "soft":
            continue
        if not stints.is_new[j] and not rule.holds_for_present:
            continue
        breach = rule.pair(problem, setting, who, post)
        if breach and breach.since <= stints.begin[j] < breach.until:
            times = int(stints.end[j] - stints.begin[j]) if rule.per_period else 1
            price = breach.units * setting.price * times
            what = broken(problem, setting.name, person=who.id, post=post.id)
            yield say(N_("%(what)s (+%(cost)s)"), what=what, cost=price)


def _good_reasons(problem: Problem, who: Person, post: Post) -> Iterator[Sentence]:
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
            template = N_("It is an exercise still lacking: %(kind)s (%(months)s months so far).")
            yield say(template, kind=Term("rotation_kinds", need.kind), months=served)


def alternatives(
    problem: Problem,
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
    stints = model.stints
    p = next((at for at, each in enumerate(problem.people) if each.id == person), None)
    mine = [] if p is None else stints_of(model, plan)[p].tolist()
    mine = [j for j in mine if stints.post[j] >= 0 and problem.posts[stints.post[j]].id == post]
    if not mine or plan.cost is None:
        return []
    until = time.monotonic() + seconds
    period, found = int(stints.begin[mine[0]]), []
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


def _alternative(problem: Problem, post: str, tried: Outcome, cost: int) -> Alternative:
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
    """Order the other posts that a person may hold in a period by what their stints cost."""
    stints = model.stints
    here = (
        (stints.person == stints.person[j])
        & (stints.is_beside == stints.is_beside[j])
        & (stints.post >= 0)
        & (stints.begin <= period)
        & (stints.end > period)
        & (stints.post != stints.post[j])
    )
    guess: dict[int, float] = {}
    for k in np.flatnonzero(here):
        rate = model.cost[k] / (stints.end[k] - stints.begin[k])
        guess[int(stints.post[k])] = min(guess.get(int(stints.post[k]), np.inf), float(rate))
    posts = model.problem.posts
    return sorted(guess, key=lambda q: (guess[q], posts[q].id))
