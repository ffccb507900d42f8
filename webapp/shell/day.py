"""The day that is looked at: read from the address in one place, and carried by every link with
the scope (`scope.py`).

The address of a page names it as `on`; `as_of`, its older name, is read as the same. Nothing else
remembers it, so that an address without a day is always of today: the programme's own day, or that
of the clock. A command is given its day in the same place (`asked_by_command`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from graph.errors import N_, UsageError
from webapp.shell import scope
from webapp.shell.asking import AS_OF, read_date

ON, PLANNED = "on", "planned"

_ENTERED = _l("What is entered counts from the days that stand in it, not from this one.")
_STORED = _l("This page shows what is stored, of any day.")
_PLANS = _l("Plans begin from today on.")
# Pages that the day changes nothing of, by endpoint or by the name of their blueprint.
STILL: Mapping[str, LazyString] = MappingProxyType(
    {
        "entering": _ENTERED,
        "planning": _PLANS,
        "guessing": _STORED,
        "loads": _STORED,
        "data.table": _STORED,
        "data.jobs": _STORED,
        "data.job": _STORED,
        "home.about": _STORED,
        "style_guide": _STORED,
        "queries.index": _STORED,
        "network.views": _STORED,
        "programme.wording": _STORED,
    }
)
# Pages that show planned facts where the address asks for them; `offers_planned` adds questions.
WITH_PLANNED = frozenset({"people.show", "careers.one", "careers.post_page", "documents.file_page"})
_NEVER = frozenset({"static", "home.healthz"})  # no page and no answer about facts


def init_app(app: Flask) -> None:
    """Refuse a day or scope that is none before any page is made; put both into every address."""
    app.before_request(_check)
    app.url_defaults(_carry)
    app.jinja_env.globals.update(
        day_field=day_field, day_query=day_query, scope_query=scope.scope_query
    )


def asked() -> date | None:
    """Return the day that the address or the command names, if any; UsageError when it is none."""
    if has_request_context():
        text = _given()
        return read_date(ON, text) if text else None
    named: date | None = g.get("day")
    return named


def asked_by_command(text: str, with_planned: bool = False) -> None:
    """Take over for all that a command asks its day, none if empty, and if planned is asked for."""
    g.pop("day", None)  # tests run several commands in one context
    g.planned = with_planned
    if text.strip():
        g.day = read_date(ON, text.strip())


def planned() -> bool:
    """Return whether the address or the command asks for planned facts too."""
    if has_request_context():
        return request.args.get(PLANNED, "").strip() == "yes"
    return bool(g.get("planned"))


def offers_planned() -> bool:
    """Return whether the page that is asked for can show planned facts too."""
    if request.endpoint != "queries.query":
        return request.endpoint in WITH_PLANNED
    from queries.catalogue import QUERIES  # most commands ask no question

    known = QUERIES.get((request.view_args or {}).get("name", ""))
    return known is not None and known.parameter(PLANNED) is not None


def carried(address: str, with_planned: bool = False) -> str:
    """Return an address of our own, which names no day yet, with the day and scope looked at.

    A link to what is planned asks for planned facts by itself.
    """
    query = urlencode(_kept() | ({PLANNED: "yes"} if with_planned else {}))
    if not query:
        return address
    before, mark, anchor = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{query}{mark}{anchor}"


def day_field() -> Markup:
    """Return the hidden fields by which a form sent by its address keeps the day and scope."""
    fields = (
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in _kept().items()
    )
    return Markup("").join(fields)


def day_query() -> str:
    """Return the day as addresses keep it, for scripts too; empty where the address names none."""
    return urlencode(_kept_day())


def why_still(endpoint: str | None) -> LazyString | None:
    """Return why a page does not follow the day; None for one that does."""
    name = endpoint or ""
    return STILL.get(name) or STILL.get(name.partition(".")[0])


def _given() -> str:
    """Return the day as the address writes it; UsageError where its two names disagree."""
    if not has_request_context():
        return ""
    texts = [request.args.get(name, "").strip() for name in (ON, AS_OF)]
    given = list(dict.fromkeys(filter(None, texts)))
    if len(given) > 1:
        raise UsageError(
            N_("The address names two days: %(one)s and %(other)s."),
            N_("Leave as_of out; on is the day."),
            one=given[0],
            other=given[1],
        )
    return given[0] if given else ""


def _kept() -> dict[str, str]:
    """Return what every address takes over of this one: the day, and the scope."""
    return _kept_day() | scope.kept()


def _kept_day() -> dict[str, str]:
    """Return the day that every address takes over of this one: none that cannot be."""
    kept = {}
    try:
        if asked():
            kept[ON] = _given()
    except UsageError:  # the page that tells of it needs its links
        pass
    if planned():
        kept[PLANNED] = "yes"
    return kept


def _check() -> None:
    if request.endpoint and request.endpoint not in _NEVER:  # what no address leads to is told
        asked()
        scope.asked()


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in _NEVER or not has_request_context():
        return
    if ON in values and values[ON] is None:  # a script will put them in
        return
    kept = scope.kept() if ON in values else _kept()
    for name, text in kept.items():
        if name not in values and _takes(endpoint, name, values):
            values[name] = text


def _takes(endpoint: str, name: str, values: Mapping[str, Any]) -> bool:
    """Return whether an address may name a day or a scope: pages, and answers that follow it."""
    if endpoint == "api.query":
        from queries.catalogue import QUERIES  # most commands ask no question

        known = QUERIES.get(str(values.get("name")))
        return known is not None and known.parameter(name) is not None
    declared = getattr(current_app.view_functions.get(endpoint), "operation", None)
    return declared is None or name in declared.names()
