"""What a plan is judged by: posts filled, wishes granted, exercises closed, empty periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from graph.dates import first_day
from graph.errors import N_
from planning.defaults import Setting
from planning.model import Model, build
from planning.outcome import Plan
from planning.problem import Person, Problem
from queries.sentences import Sentence, say


@dataclass(frozen=True)
class Gap:
    """The exercises that a person lacks before and after a plan."""

    person: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class RuleLine:
    """One numbered rule beside a plan: how it is switched, and what breaking it costs there."""

    setting: Setting
    cost: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**self.setting.as_dict(), "cost": self.cost}


def rule_lines(plan: Plan) -> list[RuleLine]:
    """Return the rules of a plan in order, each with the cost that the checker found."""
    return [RuleLine(each, plan.costs.get(each.name, 0)) for each in plan.settings]


def gaps(problem: Problem, plan: Plan) -> list[Gap]:
    """Return the required exercises that each person lacks before and after a plan."""
    months = problem.horizon.months
    found = []
    for person in problem.people:
        mine = [each for each in plan.assignments if each.person == person.id]
        before, after = [], []
        for need in problem.exercises:
            if not need.required or need.kind in person.practised:
                continue
            missing = (need.at_least or 1) - person.months_of(need.kind, problem.horizon.since)
            if missing <= 0:
                continue
            before.append(need.kind)
            served = sum(
                (
                    problem.horizon.days.index(first_day(e.until))
                    - problem.horizon.days.index(first_day(e.since))
                )
                * months
                for e in mine
                if e.kind == need.kind
            )
            if served < missing:
                after.append(need.kind)
        found.append(Gap(person.id, person.name, tuple(before), tuple(after)))
    return found


def granted(problem: Problem, plan: Plan) -> dict[str, int]:
    """Count the people by the best wish that the plan grants: `1`, `2`, ..., `none`, `unstated`."""
    counts: Counter[str] = Counter()
    for person in problem.people:
        ranked = [wish for wish in person.wishes if wish.rank]
        if not ranked:
            counts["unstated"] += 1
            continue
        best = None
        for each in plan.assignments:
            if each.person == person.id:
                chain = problem.unit_by_id[problem.post_by_id[each.post].unit].chain
                for wish in ranked:
                    if wish.post == each.post or wish.unit in chain:
                        best = min(best or wish.rank or 0, wish.rank or 0)
        counts[str(best) if best else "none"] += 1
    return dict(sorted(counts.items()))


def coverage(problem: Problem, plan: Plan) -> list[dict[str, Any]]:
    """Return by post and period who holds it (others included) and how many places it has."""
    days, rows = problem.horizon.days, []
    for post in problem.posts:
        for t in range(problem.horizon.periods):
            held = [
                each.person
                for each in plan.assignments
                if each.post == post.id and first_day(each.since) <= days[t] < first_day(each.until)
            ]
            others = problem.held_by_others(post.id, t)
            rows.append(
                {
                    "post": post.id,
                    "period": t,
                    "since": days[t].isoformat(),
                    "people": held,
                    "others": others,
                    "capacity": post.capacity,
                }
            )
    return rows


def without_post(problem: Problem, plan: Plan) -> list[tuple[str, str, Sentence]]:
    """Return every period in which somebody has no post: person, first day, and the reason."""
    empty = [
        (person, t)
        for person in problem.people
        for t, day in enumerate(problem.horizon.days[:-1])
        if not any(
            each.person == person.id
            and not problem.keeps_home(each.kind)
            and first_day(each.since) <= day < first_day(each.until)
            for each in plan.assignments
        )
    ]
    is_known = all(t in person.absent or t in person.leave for person, t in empty)
    model = None if is_known else build(problem)
    return [
        (person.id, problem.horizon.name(t), _why_empty(problem, model, person, t))
        for person, t in empty
    ]


def _why_empty(problem: Problem, model: Model | None, person: Person, period: int) -> Sentence:
    if period in person.absent:
        return say(N_("%(person)s has not joined yet."), person=person.name)
    if period in person.leave:
        return say(N_("%(person)s is on leave."), person=person.name)
    open_posts = set()
    if model:
        stints, own = model.stints, problem.people.index(person)
        here = (stints.person == own) & (stints.begin <= period) & (stints.end > period)
        here &= ~stints.is_beside & ~stints.is_idle
        open_posts = set(stints.post[here].tolist())
    if not open_posts:
        template = N_("Every post breaks a hard rule for %(person)s in that period.")
        return say(template, person=person.name)
    template = N_("The %(count)s posts open to %(person)s are taken, or cost more than the gap.")
    return say(template, person=person.name, count=len(open_posts))
