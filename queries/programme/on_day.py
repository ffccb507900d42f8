"""The facts of the stored programme on a day, read once for each version of the data."""

from __future__ import annotations

from datetime import date

from graph.cache import per_version
from graph.errors import N_, AppError, NotFound
from graph.programme import Rule, parse_rules
from graph.schema import PROGRAMME
from graph.store import Store
from queries.programme.facts import Facts
from queries.programme.reading import read_facts
from queries.scope import Scope, people_of
from queries.stored_programme import stored_programme


def facts_on(store: Store, on: date, unit: str = "", scope: Scope | None = None) -> Facts:
    """Return the facts of a day, of the trainees of a unit and below where one is given.

    Both a unit and a scope: of those who are of both. NotFound for a unit that is not stored.
    """
    if not unit and scope is None:
        return _facts(store, on)
    return _limited(store, on, unit, scope)


@per_version(3)
def _limited(store: Store, on: date, unit: str, scope: Scope | None) -> Facts:
    found = _facts(store, on)
    if unit:
        if unit not in found.units:
            raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
        found = found.within(unit)
    if scope is None:
        return found
    found = found.only(people_of(store, scope, on))
    return found.with_posts_of(scope.key) if scope.kind == "unit" and not unit else found


@per_version(3)
def _facts(store: Store, on: date) -> Facts:
    return read_facts(store, stored_programme(store), on)


@per_version(1)
def appointment_rules(store: Store) -> tuple[Rule, ...]:
    """Return the stored rules of appointment, none when there are none."""
    rows = store.read(
        f"MATCH (p:{PROGRAMME}) RETURN p.appointment_rules AS rules ORDER BY p.id LIMIT 1"
    )
    if not rows or not rows[0]["rules"]:
        return ()
    try:
        return parse_rules(rows[0]["rules"], programme=stored_programme(store))
    except AppError:  # stored by another version of this program
        return ()
