"""A plan as its readers see it: assignments, moves, fairness, wishes granted, exercises closed.

Made from the stints that were chosen; costs and violations are those of the checker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graph.errors import N_, InputError
from planning.checking import Report
from planning.defaults import Setting, setting_from
from planning.model import Model
from planning.problem import Horizon, Note, Problem, Scenario, horizon
from planning.solver import Outcome
from planning.stints import IDLE, Ints, Stints
from queries.sentences import Sentence

Say = Callable[[Sentence], str]


def in_english(sentence: Sentence) -> str:
    """Say a sentence in English; terms of the programme stay keys."""
    return sentence.text(title=_english)


def _english(terms: str, key: str | None) -> str:
    return (key or "-").rpartition("\n")[2]


@dataclass(frozen=True, order=True)
class Assignment:
    """A person in a post for some periods; `stays` goes on with the post of the first day."""

    person: str
    since: str
    post: str
    kind: str | None
    until: str
    stays: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return CONTRACT's object of an assignment; `stays` comes on top."""
        return {
            "person": self.person,
            "post": self.post,
            "kind": self.kind,
            "since": self.since,
            "until": self.until,
            "stays": self.stays,
        }


def plan_from(value: Mapping[str, Any]) -> Plan:
    """Read a plan back from the JSON that `as_dict` gave; sentences stay as they were said."""
    given = value.get("horizon")
    if not isinstance(given, Mapping):
        raise InputError(
            N_('The plan has no "horizon".'), N_("Give the file that `flask plan` wrote.")
        )
    return Plan(
        status=str(value.get("status", "feasible")),
        horizon=horizon(given["from"], int(given["periods"]), given["period"]),
        assignments=tuple(
            sorted(
                Assignment(
                    each["person"],
                    each["since"],
                    each["post"],
                    each.get("kind"),
                    each["until"],
                    bool(each.get("stays", False)),
                )
                for each in value.get("assignments", ())
            )
        ),
        cost=value.get("cost"),
        bound=value.get("bound"),
        gap=value.get("gap"),
        seconds=float(value.get("seconds") or 0.0),
        costs=dict(value.get("costs") or {}),
        conflict=tuple(
            (each["rule"], Sentence(each["message"])) for each in value.get("conflict", ())
        ),
        settings=tuple(setting_from(each) for each in value.get("rules", ())),
        scenario=Scenario.from_dict(value.get("scenario") or {}),
        cost_by_person=dict(value.get("cost_by_person") or {}),
        data_version=str(value.get("data_version") or ""),
    )


@dataclass(frozen=True)
class Remedy:
    """One change that makes a plan possible; `scenario` has it where a scenario can say it."""

    sentence: Sentence
    cost: int | None
    scenario: Scenario | None = None

    def as_dict(self, said: Say = in_english) -> dict[str, Any]:
        """Return plain values; a scenario can be planned again with."""
        return {
            "message": said(self.sentence),
            "cost": self.cost,
            "scenario": self.scenario.as_dict() if self.scenario else None,
        }


@dataclass(frozen=True)
class Plan:
    """One plan, or the reason why there is none."""

    status: str
    horizon: Horizon
    assignments: tuple[Assignment, ...] = ()
    cost: int | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float = 0.0
    costs: Mapping[str, int] = field(default_factory=dict)
    conflict: tuple[tuple[str, Sentence], ...] = ()
    is_conflict_minimal: bool = False  # verified: drop any one and a plan exists
    relaxations: tuple[Sentence, ...] = ()
    remedies: tuple[Remedy, ...] = ()  # the relaxations again, each as a scenario
    settings: tuple[Setting, ...] = ()
    scenario: Scenario = field(default_factory=Scenario)
    notes: tuple[Note, ...] = ()
    cost_by_person: Mapping[str, int] = field(default_factory=dict)
    data_version: str = ""

    @property
    def fairness(self) -> dict[str, float] | None:
        """Return the best, worst and mean cost of a person, and the standard deviation."""
        values = sorted(self.cost_by_person.values())
        if not values:
            return None
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
        return {
            "best": values[0],
            "worst": values[-1],
            "mean": round(mean, 2),
            "spread": round(spread, 2),
        }

    def as_dict(self, said: Say = in_english) -> dict[str, Any]:
        """Return CONTRACT's JSON of `flask plan`, which `flask plan-check` reads again."""
        return {
            "status": self.status,
            "cost": self.cost,
            "bound": None if self.bound is None else round(self.bound, 3),
            "gap": None if self.gap is None else round(self.gap, 6),
            "seconds": round(self.seconds, 3),
            "costs": dict(self.costs),
            "assignments": [each.as_dict() for each in self.assignments],
            "conflict": [
                {"rule": rule, "message": said(sentence)} for rule, sentence in self.conflict
            ],
            "conflict_is_minimal": self.is_conflict_minimal,
            "relaxations": [said(sentence) for sentence in self.relaxations],
            "remedies": [remedy.as_dict(said) for remedy in self.remedies],
            "horizon": self.horizon.as_dict(),
            "scenario": self.scenario.as_dict(),
            "rules": [setting.as_dict() for setting in self.settings],
            "fairness": self.fairness,
            "cost_by_person": dict(self.cost_by_person),
            "notes": [{"rule": note.rule, "message": said(note.sentence)} for note in self.notes],
            "data_version": self.data_version,
        }

    def judged(self, report: Report) -> Plan:
        """Take the checker's costs for the plan's own."""
        return replace(self, costs=dict(report.costs))


def plan_of(problem: Problem, outcome: Outcome, scenario: Scenario | None = None) -> Plan:
    """Make the plan of an outcome; without conflict sentences where there is none."""
    stints = outcome.model.stints
    return Plan(
        status=outcome.status,
        horizon=problem.horizon,
        assignments=tuple(sorted(assignments(problem, stints, outcome.chosen))),
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


def assignments(problem: Problem, stints: Stints, chosen: Ints) -> list[Assignment]:
    """Turn chosen stints into assignments; periods without a post and posts left give none."""
    days, found = problem.horizon.days, []
    for j in chosen:
        if stints.post[j] < 0 or stints.begin[j] == stints.end[j]:
            continue
        person = problem.people[stints.person[j]]
        post = problem.posts[stints.post[j]]
        is_new = bool(stints.is_new[j])
        served = person.beside if stints.is_beside[j] else person.main
        kind = post.exercise if is_new or served is None else served.kind
        found.append(
            Assignment(
                person.id,
                days[stints.begin[j]].isoformat(),
                post.id,
                kind,
                days[stints.end[j]].isoformat(),
                not is_new,
            )
        )
    return found


def stints_of(model: Model, plan: Plan) -> list[Ints]:
    """Find each person's whole plan among the stints; nothing for a person whose plan is gone."""
    stints, problem = model.stints, model.problem
    place = {
        key: j
        for j, key in enumerate(
            zip(
                stints.person.tolist(),
                stints.post.tolist(),
                stints.begin.tolist(),
                stints.end.tolist(),
                stints.is_new.tolist(),
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
        for served in (person.main, person.beside):
            if served and served.post not in going:
                keys.append((p, posts[served.post], 0, 0, False))
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


def costs_by_person(problem: Problem, outcome: Outcome) -> dict[str, int]:
    """Return what each person's own stints cost; what people share (mentors) is nobody's."""
    stints, cost = outcome.model.stints, outcome.model.cost
    sums = np.zeros(len(problem.people))
    np.add.at(sums, stints.person[outcome.chosen], cost[outcome.chosen])
    return {person.id: round(total) for person, total in zip(problem.people, sums, strict=True)}


def moves(plan: Plan) -> list[Assignment]:
    """Return the new postings of a plan."""
    return [each for each in plan.assignments if not each.stays]
