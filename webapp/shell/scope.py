"""The scope that is looked at: read from the address in one place, and carried by every link.

The address names it as `in`: a unit with all below, a cohort, or whom a mentor guides
(`queries/scope.py` tells who that is); without one everybody is meant. Like the day, nothing else
remembers it. A command is given its scope in the same place (`asked_by_command`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import current_app, g, has_request_context, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from graph.errors import UsageError
from queries.scope_text import Scope, read_scope

IN = "in"

# Pages that show the people of the scope alone, by endpoint. What JSON follows it declares `in`.
FOLLOWING = frozenset(
    {
        "careers.branch_people",
        "careers.branches",
        "careers.flow",
        "careers.flow_people",
        "careers.from_to",
        "careers.index",
        "careers.paths",
        "careers.post_page",
        "documents.report_document",
        "home.index",
        "home.paper",
        "network.show",
        "people.index",
        "planning.index",
        "scopes.choose",  # where it is chosen
        *(
            f"programme.{each}"
            for each in (
                "audit", "calendar", "care", "duties", "exercises", "files", "focus", "index",
                "mechanism", "mentors", "places", "reminders", "report", "reserve", "shortlist",
                "stages", "todo", "total", "training", "vacancies",
            )
        ),
    }
)  # fmt: skip
_OF_ONE = _l("It is about one person, unit or post.")
_STORED = _l("It shows what is stored, of everybody.")
_ENTERED = _l("Facts are entered of anybody.")
_PLANS = _l("Whom a plan is about is said when it is made.")
_EVERYBODY = _l("It is about everybody.")
# Why the others do not, by endpoint or by the name of their blueprint.
_WHY: Mapping[str, LazyString] = MappingProxyType(
    {
        "careers.one": _OF_ONE,
        "careers.dates_of": _OF_ONE,
        "data": _STORED,
        "documents.file_page": _OF_ONE,
        "entering": _ENTERED,
        "guessing": _STORED,
        "lineage": _OF_ONE,
        "loads": _STORED,
        "people.show": _OF_ONE,
        "places.post": _OF_ONE,
        "places.unit": _OF_ONE,
        "planning": _PLANS,
        "programme.mentor": _OF_ONE,
        "programme.person": _OF_ONE,
        "programme.settle": _OF_ONE,
        "programme.unit": _OF_ONE,
        "quality": _STORED,
        "queries": _STORED,
    }
)


def asked() -> Scope | None:
    """Return the scope that the address or the command names, if any; UsageError when it is none.

    Whether what it names is stored is told by whoever asks for its people.
    """
    if has_request_context():
        text = request.args.get(IN, "").strip()
        return read_scope(text) if text else None
    named: Scope | None = g.get("scope")
    return named


def asked_by_command(text: str) -> None:
    """Take over for all that a command asks its scope, everybody if empty."""
    g.pop("scope", None)  # tests run several commands in one context
    if text.strip():
        g.scope = read_scope(text)


def followed() -> Scope | None:
    """Return the scope that is looked at where the page or the answer asked for follows it.

    What is sent is never limited by it: a fact can be entered of anybody.
    """
    if not has_request_context():
        return asked()
    is_read = request.method in ("GET", "HEAD")
    return asked() if is_read and follows(request.endpoint) else None


def follows(endpoint: str | None) -> bool:
    """Return whether a page, or an answer in JSON, is of the people of the scope."""
    declared = getattr(current_app.view_functions.get(endpoint or ""), "operation", None)
    return endpoint in FOLLOWING if declared is None else IN in declared.names()


def why_still(endpoint: str | None) -> LazyString | None:
    """Return why a page does not follow the scope; None for one that does."""
    if follows(endpoint):
        return None
    name = endpoint or ""
    return _WHY.get(name) or _WHY.get(name.partition(".")[0]) or _EVERYBODY


def kept() -> dict[str, str]:
    """Return what every address takes over of this one: none that cannot be."""
    try:
        scope = asked()
    except UsageError:  # the page that tells of it needs its links
        return {}
    return {} if scope is None else {IN: str(scope)}


def scope_query() -> str:
    """Return the scope as addresses keep it, for scripts; empty where the address names none."""
    return urlencode(kept())
