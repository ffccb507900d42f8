"""Of whom and when a page about careers is: read from the address, kept in links, said in words."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from flask import request
from flask_babel import gettext as _

from queries.careers.at_level import FEW
from queries.careers.limits import Limits
from queries.personnel import postings
from webapp.careers.words import month_count
from webapp.shell.asking import Day, InScope, OneOf, Whole
from webapp.shell.language import joined, language
from webapp.shell.store import current_store

_COHORT = Whole(1000, 9999, 2019)


class LimitsAsked(InScope):
    """Scope, cohorts, trainees or all, a unit with all below, and when what is counted begins."""

    cohort_from: Annotated[int | None, _COHORT] = None
    cohort_to: Annotated[int | None, _COHORT] = None
    who: Annotated[str, OneOf("all", "trainees")] = "all"
    unit: str | None = None
    since: Day | None = None
    until: Day | None = None


KEPT = tuple(name for name in LimitsAsked.model_fields if name not in InScope.model_fields)


def asked_limits() -> Limits:
    """Return the limits of the address."""
    asked = LimitsAsked.read()
    return Limits(
        cohort_from=asked.cohort_from,
        cohort_to=asked.cohort_to,
        trainees=asked.who == "trainees",
        unit=asked.unit,
        since=asked.since,
        until=asked.until,
        scope=asked.within,
    )


def kept_limits() -> dict[str, Any]:
    """Return what links to other questions keep of the address beside its day: the limits."""
    return {key: request.args[key] for key in KEPT if request.args.get(key)}


def limited(limits: Limits) -> dict[str, Any]:
    """Return what `careers/groups.html` says of every figure: its limits, and of how few."""
    return {"limited": said_limits(limits), "few": FEW, "month_count": month_count}


def said_limits(limits: Limits) -> str:
    """Say in a sentence whom a question is limited to, and when; nothing where it is of all."""
    parts = []
    low, high = limits.cohort_from, limits.cohort_to
    if low is not None and low == high:
        parts.append(_("cohort %(cohort)s", cohort=low))
    elif low is not None and high is not None:
        parts.append(_("cohorts %(low)s to %(high)s", low=low, high=high))
    elif low is not None:
        parts.append(_("cohorts from %(cohort)s on", cohort=low))
    elif high is not None:
        parts.append(_("cohorts up to %(cohort)s", cohort=high))
    if limits.trainees:
        parts.append(_("{trainees}"))
    if limits.scope is not None:
        parts.append(_("who is in the scope on the day"))
    if limits.unit is not None:
        parts.append(_("who served in %(unit)s or below", unit=_unit_name(limits.unit)))
    parts.extend(_said_period(limits.since, limits.until))
    joint = ", " if language() == "en" else "，"
    return _("Only: %(limits)s.", limits=joint.join(parts)) if parts else ""


def _said_period(since: date | None, until: date | None) -> list[str]:
    if since is not None and until is not None:
        return [_("begun from %(since)s until before %(until)s", since=since, until=until)]
    if since is not None:
        return [_("begun from %(since)s on", since=since)]
    return [_("begun before %(until)s", until=until)] if until is not None else []


def _unit_name(unit: str) -> str:
    columns = postings(current_store())
    return columns.unit_names[columns.unit_at[unit]] if unit in columns.unit_at else unit


def said_all(limits: Limits, on: date) -> str:
    """Say the limits and the day of a question, for the head of a file."""
    return joined(said_limits(limits), _("As of %(day)s.", day=on))
