"""What a plan is measured by: posts filled, wishes granted, exercises closed, the cost by rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import first_day
from planning.plan import Plan
from planning.problem.defaults import Setting, SettingDict
from planning.problem.instance import PlanningProblem


@dataclass(frozen=True)
class ExerciseGap:
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

    def as_dict(self) -> RuleLineRow:
        """Return plain values for JSON."""
        return {**self.setting.as_dict(), "cost": self.cost}


RuleLineRow = Annotated[dict[str, Any], FieldsOf(SettingDict, "RuleLineDict", cost=int)]


class WishCountDict(TypedDict):
    """How many people get a wish, with its title."""

    wish: str
    title: str
    people: int
    share: float


def rule_lines(plan: Plan) -> list[RuleLine]:
    """Return the rules of a plan in order, each with the cost that the checker found."""
    return [RuleLine(each, plan.costs.get(each.name, 0)) for each in plan.settings]


def gaps(problem: PlanningProblem, plan: Plan) -> list[ExerciseGap]:
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
        found.append(ExerciseGap(person.id, person.name, tuple(before), tuple(after)))
    return found


def granted(problem: PlanningProblem, plan: Plan) -> dict[str, int]:
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


def coverage(problem: PlanningProblem, plan: Plan) -> list[dict[str, Any]]:
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
