"""What planning stands on, and a plan by its reference.

A reference is the id of a kept plan (`plan-1`), the id of a run, or a run's id with the number of
one of its points (`0123456789abcdef.2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.dates import add_months
from graph.errors import N_, Conflict, NotFound
from planning import kept_plans, planner
from planning.plan import Plan
from planning.planner import PlanningContext
from planning.problem.defaults import Setting
from planning.problem.horizon import MONTHS
from planning.replan import Point
from planning.rule_costs import gap_of
from planning.run.written import Run
from planning.view import PlanDetails, PlanView, plan_view
from queries.programme.on_day import appointment_rules
from webapp.shell import words
from webapp.shell.store import current_jobs, current_store

_REFERENCE = re.compile(r"([0-9a-f]{16})(?:\.(\d{1,2}))?")


def context() -> PlanningContext:
    """Return what every question of planning stands on, of the application in use."""
    return PlanningContext(current_store(), words.programme(), appointment_rules(current_store()))


def usual_since(period: str = "half-year") -> date:
    """Return the first day of the next quarter or half-year, the usual begin of a plan.

    A period that there is not is told where the horizon is read; until then it is a half-year.
    """
    today, months = words.today(), MONTHS.get(period, MONTHS["half-year"])
    begun = date(today.year, (today.month - 1) // months * months + 1, 1)
    return begun if begun == today else add_months(begun, months)


@dataclass(frozen=True)
class PlanFound:
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
    def is_accepted(self) -> bool:
        """Return whether its moves are written as planned rotations."""
        return self.kept is not None and self.kept.status == kept_plans.ACCEPTED

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return url_for("planning.plan", reference=self.reference)


def find(reference: str) -> PlanFound:
    """Return the plan that a reference names; NotFound, also for a run without a plan so far."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        plan = kept_plans.show(current_store(), reference)
        kept = next(each for each in kept_plans.plans(current_store()) if each.id == reference)
        return PlanFound(reference, plan, kept)
    run = planner.look(context(), current_jobs(), match[1])
    if run.what == "replan" and match[2] and int(match[2]) < len(run.value or ()):
        point = run.value[int(match[2])]
        return PlanFound(reference, point.plan, run=run, point=point)
    if run.what == "plan" and not match[2] and isinstance(run.value, Plan):
        return PlanFound(reference, run.value, run=run)
    raise NotFound(
        N_('There is no plan "%(reference)s".'),
        N_("The run may have found none: open the list of plans."),
        reference=reference,
    )


def view_of(found: PlanFound) -> PlanView:
    """Return a plan as it is shown, judged by the data of now."""
    kept = found.kept
    name, status = (kept.name, kept.status) if kept else (None, None)
    return plan_view(context(), found.reference, found.plan, name, status)


def whole_view_of(found: PlanFound) -> tuple[PlanView, PlanDetails]:
    """Return a plan whose people and posts are all still there; Conflict when they are not."""
    view = view_of(found)
    if view.details is None:
        raise Conflict(
            N_("The data have changed: somebody or some post of this plan is gone."),
            N_("Plan again."),
        )
    return view, view.details


def changes_of(settings: Iterable[Setting]) -> dict[str, dict[str, Any]]:
    """Return what was changed of the rules on file to come to these settings."""
    given = {each.name: each for each in settings}
    changes: dict[str, dict[str, Any]] = {}
    for each in context().settings():
        mine = given.get(each.name)
        if mine is None:
            changes[each.name] = {"enabled": False}
        elif (mine.kind, mine.weight) != (each.kind, each.weight) and each.number == mine.number:
            changes[each.name] = {"kind": mine.kind, "weight": mine.weight}
    return changes


class KeptRow(TypedDict):
    """A kept plan in the list of them."""

    id: str
    name: str
    status: str
    made_on: str
    since: str
    until: str
    cost: int | None
    bound: float | None
    gap: float | None
    moves: int


def kept_rows() -> list[KeptRow]:
    """Return the kept plans, newest first."""
    return [
        {
            "id": each.id,
            "name": each.name,
            "status": each.status,
            "made_on": each.made_on,
            "since": each.since,
            "until": each.until,
            "cost": each.cost,
            "bound": each.bound,
            "gap": gap_of(each.cost, each.bound),
            "moves": each.moves,
        }
        for each in reversed(kept_plans.plans(current_store()))
    ]
