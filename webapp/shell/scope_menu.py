"""What the scope of a page is called, and which others its menu offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask_babel import gettext as _

from graph.errors import UsageError
from graph.store import Store
from queries.catalogue import ask
from queries.frame import is_large, people_told
from queries.scope import Scope, mentor_called, scope_name
from queries.unit_tree import unit_tree
from webapp.shell import scope
from webapp.shell.way_back import here

MOST_UNITS = 40  # that the menu offers; of more those at the top, and a search
MOST_COHORTS = 12
_DROPPED = (scope.IN, "after")  # a page of a list is one of another scope


@dataclass(frozen=True)
class ScopeChoice:
    """One scope that can be chosen, by its way from the top of the units."""

    title: str
    url: str
    is_on: bool = False
    level: int = 0


@dataclass(frozen=True)
class ScopeMenu:
    """The scope looked at with its people, and what else can be chosen."""

    title: str
    people: int | None  # None where a page would wait for it
    is_on: bool
    first: tuple[ScopeChoice, ...]  # everybody, whom the author guides
    cohorts: tuple[ScopeChoice, ...] = ()
    units: tuple[ScopeChoice, ...] = ()


def scoped(address: str, wanted: Scope | None) -> str:
    """Return an address of ours with another scope.

    >>> scoped("/people?role=mentor&in=unit:U1&after=T9#list", Scope("cohort", "2019"))
    '/people?role=mentor&in=cohort%3A2019#list'
    """
    parts = urlsplit(address)
    kept = [(name, text) for name, text in parse_qsl(parts.query, True) if name not in _DROPPED]
    if wanted is not None:
        kept.append((scope.IN, str(wanted)))
    return parts._replace(query=urlencode(kept)).geturl()


def scope_title(kind: str, name: str) -> str:
    """Say what a scope is called."""
    if kind == "cohort":
        return _("cohort %(year)s", year=name)
    return _("guided by %(name)s", name=name) if kind == "mentor" else name


def scope_menu(store: Store, on: date) -> ScopeMenu:
    """Return the menu of the page that is shown; NotFound for a scope that is not stored."""
    try:
        chosen = scope.asked()
    except UsageError:  # the page is about that
        chosen = None
    title = scope_title(chosen.kind, scope_name(store, chosen)) if chosen else _("all")
    menu = ScopeMenu(
        title, people_told(store, chosen, on), chosen is not None, _first(store, chosen)
    )
    if is_large(store):
        return menu
    return replace(menu, cohorts=_cohorts(store, chosen, on), units=_units(store, chosen))


def bare_menu() -> ScopeMenu:
    """Return the menu of a page that tells of an error."""
    return ScopeMenu(_("all"), None, False, (_choice(None, _("all"), None),))


def _choice(wanted: Scope | None, title: str, chosen: Scope | None, level: int = 0) -> ScopeChoice:
    return ScopeChoice(title, scoped(here(), wanted), wanted == chosen, level)


def _first(store: Store, chosen: Scope | None) -> tuple[ScopeChoice, ...]:
    from webapp.shell.form_links import kept_name  # which needs the frame itself

    found = [_choice(None, _("all"), chosen)]
    name = kept_name()
    mentor = mentor_called(store, name) if name else None
    if mentor:
        own = _("your own {trainees} (%(name)s)", name=name)
        found.append(_choice(Scope("mentor", mentor), own, chosen))
    return tuple(found)


def _cohorts(store: Store, chosen: Scope | None, on: date) -> tuple[ScopeChoice, ...]:
    years = [row["cohort"] for row in ask(store, "people.cohorts", on=on.isoformat()).rows]
    newest: Iterable[int] = reversed(years[-MOST_COHORTS:])
    return tuple(_choice(Scope("cohort", str(year)), str(year), chosen) for year in newest)


def _units(store: Store, chosen: Scope | None) -> tuple[ScopeChoice, ...]:
    outline = unit_tree(store).outline()
    if len(outline) > MOST_UNITS:
        outline = [(level, unit) for level, unit in outline if level < 2]
    if len(outline) > MOST_UNITS:
        outline = [(level, unit) for level, unit in outline if not level]
    return tuple(
        _choice(Scope("unit", unit.id), unit.name, chosen, level)
        for level, unit in outline[:MOST_UNITS]
    )
