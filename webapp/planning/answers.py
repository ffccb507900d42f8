"""A plan as plain values: what its page, its JSON, its workbook and its poster all show.

Every figure is the checker's or made from the plan's own assignments; nothing is solved here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from graph.store import Store
from planning import planner
from planning.check import Report, check
from planning.explain.empty_periods import without_post
from planning.explain.why import reasons
from planning.measures import coverage, gaps, granted
from planning.plan import Assignment, Plan, moves
from planning.planner import PlanningContext
from planning.problem.instance import PlanningProblem
from queries.sentences import Sentence
from webapp.careers.ground import said
from webapp.planning.ground import (
    Found,
    by_name,
    gap_of,
    ground,
    is_known,
    rule_title,
)
from webapp.shell.frame import term
from webapp.shell.language import language


@dataclass(frozen=True, eq=False)
class Judged:
    """A plan beside the problem it answers, read from the data of now, and the judgement of now."""

    plan: Plan
    problem: PlanningProblem
    report: Report
    reasons: dict[str, list[Sentence]]
    is_known: bool  # every person and post is still there

    def person(self, id_: str) -> str:
        """Return a person's name."""
        return self.problem.person_name(id_)

    def post(self, id_: str) -> str:
        """Return a post's name with its unit's."""
        return self.problem.post_name(id_)


def judged(found: Found) -> Judged:
    """Judge a plan by the data of now; once for each version of the data."""
    known = ground()
    return _judged(known.store, known.store.version(), found.reference, _Given(known, found.plan))


class _Given:
    """Carries what cannot be a key of the cache: the reference and the version stand for it."""

    def __init__(self, ground: PlanningContext, plan: Plan) -> None:
        self.ground, self.plan = ground, plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Given) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return (self.plan.cost, self.plan.assignments)


@lru_cache(maxsize=8)
def _judged(store: Store, version: str, reference: str, given: _Given) -> Judged:
    plan = given.plan
    problem = planner.problem_of(given.ground, plan)
    report = check(store, given.ground.programme, plan.settings, plan.as_dict())
    known = is_known(problem, plan)
    return Judged(plan, problem, report, reasons(problem, plan) if known else {}, known)


def head(found: Found) -> dict[str, Any]:
    """Return the figures at the head of a plan."""
    plan = found.plan
    gap = plan.gap if plan.gap is not None else gap_of(plan.cost, plan.bound)
    made = moves(plan)
    return {
        "reference": found.reference,
        "name": found.kept.name if found.kept else None,
        "kept": found.kept.status if found.kept else None,
        "status": plan.status,
        "cost": plan.cost,
        "bound": None if plan.bound is None else round(plan.bound, 3),
        "gap": None if gap is None else round(gap, 6),
        "moves": len(made),
        "people_moved": len({each.person for each in made}),
        "people": len(plan.cost_by_person) or len({each.person for each in plan.assignments}),
        "fairness": plan.fairness,
    }


def rules(plan: Plan) -> list[dict[str, Any]]:
    """Return the numbered rules in words with the checker's cost; those of one name are one line.

    The costs of the lines sum to the plan's.
    """
    lines = []
    for name, group in by_name(plan.settings).items():
        kinds = list(dict.fromkeys(each.kind for each in group))
        lines.append(
            {
                "rule": name,
                "numbers": [each.number for each in group],
                "title": ("; " if language() == "en" else "；").join(
                    dict.fromkeys(rule_title(each) for each in group)
                ),
                "kinds": kinds,
                "weight": max(each.penalty for each in group),
                "cost": plan.costs.get(name, 0),
                "sources": [each.source for each in group if each.source],
            }
        )
    return lines


def move_rows(seen: Judged) -> list[dict[str, Any]]:
    """Return the new postings, each with the reasons that speak for and against it."""
    rows = []
    for each in moves(seen.plan):
        rows.append(
            {
                **each.as_dict(),
                "person_name": seen.person(each.person),
                "post_name": seen.post(each.post),
                "kind_title": term("rotation_kinds", each.kind),
                "reasons": _reasons_of(seen, each),
            }
        )
    rows.sort(key=lambda row: (row["since"], row["person"]))
    return rows


def _reasons_of(seen: Judged, posting: Assignment) -> list[str]:
    """Return the sentences between this posting's own one and the next posting's."""
    return next((r for a, r in person_postings(seen, posting.person) if a == posting), [])


def person_postings(seen: Judged, person: str) -> list[tuple[Assignment, list[str]]]:
    """Return a person's postings in order, each with its reasons in words; the first says its cost.

    Reasons come posting by posting, each begun by the sentence with dates and cost.
    """
    mine = sorted(
        (each for each in seen.plan.assignments if each.person == person),
        key=lambda each: (each.since, each.post),
    )
    groups: list[tuple[tuple[str, str, str], list[str]]] = []
    for sentence in seen.reasons.get(person, ()):
        values = sentence.values
        if {"post", "since", "until", "cost"} <= set(values):
            key = (str(values["post"]), str(values["since"]), str(values["until"]))
            groups.append((key, [said(sentence)]))
        elif groups:
            groups[-1][1].append(said(sentence))
    by_key = dict(groups)
    return [(each, by_key.get((seen.post(each.post), each.since, each.until), [])) for each in mine]


def exercise_rows(seen: Judged) -> list[dict[str, Any]]:
    """Return, for each person, what the plan does for each required exercise.

    `had` before the plan, `closed` by it, `lacking` still.
    """
    kinds = [need.kind for need in seen.problem.exercises if need.required]
    rows = []
    for gap in gaps(seen.problem, seen.plan):
        states = {
            kind: "lacking" if kind in gap.after else "closed" if kind in gap.before else "had"
            for kind in kinds
        }
        rows.append({"person": gap.person, "name": gap.name, "exercises": states})
    return rows


def exercise_counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Count how many required exercises are lacking before and after, and how many are closed."""
    counts = Counter(state for row in rows for state in row["exercises"].values())
    return {
        "before": counts["lacking"] + counts["closed"],
        "closed": counts["closed"],
        "after": counts["lacking"],
    }


def post_rows(seen: Judged) -> list[dict[str, Any]]:
    """Return each post with how full it is in each period; posts that nobody holds come last."""
    posts: dict[str, dict[str, Any]] = {}
    for each in coverage(seen.problem, seen.plan):
        post = seen.problem.post_by_id[each["post"]]
        row = posts.setdefault(
            post.id,
            {
                "post": post.id,
                "post_name": seen.post(post.id),
                "capacity": post.capacity,
                "must_cover": post.id in seen.problem.covered,
                "periods": [],
            },
        )
        held = len(each["people"]) + each["others"]
        row["periods"].append(
            {
                "since": each["since"],
                "people": each["people"],
                "others": each["others"],
                "held": held,
                "level": fullness(held, post.capacity),
            }
        )
    rows = list(posts.values())
    rows.sort(key=lambda row: (not any(p["held"] for p in row["periods"]), row["post"]))
    return rows


def fullness(held: int, capacity: int | None) -> str:
    """Name how full a post is: closed, empty, part, full, over; `held` where no limit is known.

    >>> [fullness(0, 0), fullness(0, 2), fullness(1, 2), fullness(2, 2), fullness(3, 2)]
    ['closed', 'empty', 'part', 'full', 'over']
    """
    if capacity is None:
        return "part" if held else "empty"
    if held > capacity:
        return "over"
    if capacity == 0:
        return "closed"
    return "full" if held == capacity else "part" if held else "empty"


def wish_rows(seen: Judged) -> list[dict[str, Any]]:
    """Return how many people get which wish, the best first."""
    counts = granted(seen.problem, seen.plan)
    most = max(counts.values(), default=0)
    names = {"none": _("none of their wishes"), "unstated": _("no wish stated")}
    keys = sorted((k for k in counts if k.isdigit()), key=int) + [k for k in names if k in counts]
    return [
        {
            "wish": key,
            "title": names[key] if key in names else _("wish number %(n)s", n=key),
            "people": counts[key],
            "share": counts[key] / most if most else 0,
        }
        for key in keys
    ]


def idle_rows(seen: Judged) -> list[dict[str, Any]]:
    """Return every period without a post with its reason."""
    return [
        {"person": person, "name": seen.person(person), "since": since, "reason": said(reason)}
        for person, since, reason in without_post(seen.problem, seen.plan)
    ]


def person_costs(seen: Judged) -> list[dict[str, Any]]:
    """Return what the plan costs each person, the dearest first."""
    costs = seen.plan.cost_by_person
    return [
        {"person": person, "name": seen.person(person), "cost": costs[person]}
        for person in sorted(costs, key=lambda p: (-costs[p], p))
    ]


def whole(found: Found) -> dict[str, Any]:
    """Return a plan with everything that its page shows, as the JSON has it."""
    value = {**head(found), **found.plan.as_dict(said)}
    value["gap"] = head(found)["gap"]
    if found.plan.cost is None:
        return value
    seen = judged(found)
    value["rule_lines"] = rules(found.plan)
    value["check"] = seen.report.as_dict(said)
    if not seen.is_known:
        return value
    rows = exercise_rows(seen)
    return value | {
        "moves_with_reasons": move_rows(seen),
        "coverage": post_rows(seen),
        "wishes": wish_rows(seen),
        "exercises": {**exercise_counts(rows), "people": rows},
        "without_post": idle_rows(seen),
    }
