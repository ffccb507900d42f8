"""What all planning pages share: the ground, the runs, the words, and a plan by its reference.

A reference is the id of a kept plan (`plan-1`), the id of a run, or a run's id with the number of
one of its points (`0123456789abcdef.2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.dates import add_months
from graph.errors import N_, NotFound
from planning import kept_plans, planner
from planning.plan import Plan
from planning.planner import PlanningContext
from planning.problem.defaults import Setting
from planning.problem.horizon import MONTHS
from planning.problem.instance import PlanningProblem
from planning.replan import Point
from planning.run.runs import Run, Runs
from webapp.careers.ground import said
from webapp.programme.ground import appointment_rules
from webapp.shell import words
from webapp.shell.language import language
from webapp.shell.store import current_settings, current_store, files_folder

_REFERENCE = re.compile(r"([0-9a-f]{16})(?:\.(\d{1,2}))?")

STATUSES = {
    "optimal": ("green", _l("proved optimal")),
    "feasible": ("blue", _l("not proved optimal")),
    "infeasible": ("red", _l("impossible")),
    "unknown": ("yellow", _l("nothing found in time")),
}
KEPT_STATUSES = {
    kept_plans.KEPT: ("blue", _l("kept")),
    kept_plans.ACCEPTED: ("green", _l("accepted")),
    kept_plans.WITHDRAWN: ("yellow", _l("withdrawn")),
}
RUN_STATUSES = {
    "running": ("blue", _l("running")),
    "done": ("green", _l("done")),
    "stopped": ("yellow", _l("stopped")),
    "failed": ("red", _l("failed")),
    "lost": ("red", _l("cut off by a restart")),
}
STAGES = {
    "": _l("starting"),
    "built": _l("the rules are set up"),
    "relaxed": _l("a first bound is known"),
    "priced": _l("looking for cheaper careers"),
    "chosen": _l("a plan is found; looking for a cheaper one"),
    "closed": _l("the bound is raised"),
    "enumerated": _l("going through what is left"),
    "done": _l("finished"),
    "explaining": _l("no plan exists; looking for the reason"),
    "relaxing": _l("looking for the cheapest way out"),
}
PERIODS = {"half-year": _l("half-year"), "quarter": _l("quarter")}


def ground() -> PlanningContext:
    """Return what every question of planning stands on, of the application in use."""
    return PlanningContext(current_store(), words.programme(), appointment_rules())


def runs() -> Runs:
    """Return the runs of the store: in its folder, or where PLANNING_FOLDER says."""
    known = current_app.extensions.setdefault("planning_runs", {})
    folder = _folder()
    found: Runs = known.setdefault(folder, Runs(folder))
    return found


def _folder() -> Path:
    given = current_app.config.get("PLANNING_FOLDER")
    if given:
        return Path(given)
    return files_folder(current_settings()) / "planning"


def usual_since(period: str = "half-year") -> date:
    """Return the first day of the next quarter or half-year, the usual begin of a plan.

    A period that there is not is told where the horizon is read; until then it is a half-year.
    """
    today, months = words.as_of(), MONTHS.get(period, MONTHS["half-year"])
    begun = date(today.year, (today.month - 1) // months * months + 1, 1)
    return begun if begun == today else add_months(begun, months)


@dataclass(frozen=True)
class Found:
    """A plan by its reference: kept or of a run, with what is known about it."""

    reference: str
    plan: Plan
    kept: kept_plans.Kept | None = None
    run: Run | None = None
    point: Point | None = None

    @property
    def name(self) -> str:
        """Return the plan's name; a plan not kept has none."""
        return self.kept.name if self.kept else _("Plan not kept yet")

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return url_for("planning.plan", reference=self.reference)


def find(reference: str) -> Found:
    """Return the plan that a reference names; NotFound, also for a run without a plan so far."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        plan = kept_plans.show(current_store(), reference)
        kept = next(each for each in kept_plans.plans(current_store()) if each.id == reference)
        return Found(reference, plan, kept)
    run = planner.look(ground(), runs(), match[1])
    if run.what == "replan" and match[2] and int(match[2]) < len(run.value or ()):
        point = run.value[int(match[2])]
        return Found(reference, point.plan, run=run, point=point)
    if run.what == "plan" and not match[2] and isinstance(run.value, Plan):
        return Found(reference, run.value, run=run)
    raise NotFound(
        N_('There is no plan "%(reference)s".'),
        N_("The run may have found none: open the list of plans."),
        reference=reference,
    )


def changes_of(settings: Iterable[Setting]) -> dict[str, dict[str, Any]]:
    """Return what was changed of the rules on file to come to these settings."""
    given = {each.name: each for each in settings}
    changes: dict[str, dict[str, Any]] = {}
    for each in ground().settings():
        mine = given.get(each.name)
        if mine is None:
            changes[each.name] = {"enabled": False}
        elif (mine.kind, mine.weight) != (each.kind, each.weight) and each.number == mine.number:
            changes[each.name] = {"kind": mine.kind, "weight": mine.weight}
    return changes


def rule_title(setting: Setting) -> str:
    """Return a rule's title in the language of the page."""
    return setting.en if language() == "en" else setting.zh


def by_name(settings: Iterable[Setting]) -> dict[str, list[Setting]]:
    """Put the rules of one name together: they are switched and priced together."""
    found: dict[str, list[Setting]] = {}
    for each in settings:
        found.setdefault(each.name, []).append(each)
    return found


def gap_text(gap: float | None) -> str:
    """Say a gap; a plan without a bound has none yet."""
    return _("no bound yet") if gap is None else f"{gap:.1%}"


def gap_of(cost: float | None, bound: float | None) -> float | None:
    """Return how far a cost can be above the best one, as a share of it; None without a bound."""
    if cost is None or bound is None:
        return None
    return max(0.0, (cost - bound) / cost) if cost else 0.0


def money(value: float | None) -> str:
    """Say a cost or a bound, as the JSON has it but no longer than one digit after the point.

    >>> money(None), money(466.0), money(1130.7396)
    ('–', '466', '1130.7')
    """
    if value is None:
        return "–"
    return f"{round(value, 1):g}" if value < 100_000 else f"{value:.0f}"


def state(word: Mapping[str, tuple[str, Any]], key: str) -> dict[str, Any]:
    """Make the cell of a state: colour and word."""
    colour, text = word.get(key, ("", key))
    return {"state": colour, "text": str(text), "sort": str(text)}


def conflict_rows(plan: Plan) -> list[dict[str, str]]:
    """Return what cannot hold together, each with its rule."""
    numbers = {each.name: each for each in (*ground().settings(), *plan.settings)}
    return [
        {
            "rule": rule,
            "number": numbers[rule].number if rule in numbers else "",
            "title": rule_title(numbers[rule]) if rule in numbers else "",
            "message": said(sentence),
        }
        for rule, sentence in plan.conflict
    ]


def is_known(problem: PlanningProblem, plan: Plan) -> bool:
    """Return whether every person and post of a plan still is in the data."""
    people, posts = problem.person_by_id, problem.post_by_id
    return all(each.person in people and each.post in posts for each in plan.assignments)
