"""The facts of the stored programme on a day: read once, and mended after a write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.cache import Followed, KeptByVersion, per_version
from graph.errors import N_, AppError, NotFound
from graph.programme import Rule, parse_rules
from graph.schema import PROGRAMME
from graph.store import Store
from graph.touched import Touched
from queries.programme.facts import Facts
from queries.programme.following import followed
from queries.programme.reading import ends_shown, read_facts
from queries.scope import Scope, people_of
from queries.stored_programme import stored_programme

_DAYS = 3  # of so many days, the latest asked for


def facts_on(store: Store, on: date, unit: str = "", scope: Scope | None = None) -> Facts:
    """Return the facts of a day, of the trainees of a unit and below where one is given.

    Both a unit and a scope: of those who are of both. NotFound for a unit that is not stored.
    """
    if not unit and scope is None:
        return _facts(store, on)
    return _limited.get(store, (on, unit, scope), lambda: _within(store, on, unit, scope))


def known_facts(store: Store, on: date, scope: Scope | None = None) -> Facts | None:
    """Return the facts of a day, of a scope, where they are kept; None where nobody read them."""
    if scope is not None:
        return _limited.known(store, (on, "", scope))
    kept = _kept.now(store)
    return kept.on(on, ends_shown(stored_programme(store), on)) if kept else None


def _within(store: Store, on: date, unit: str, scope: Scope | None) -> Facts:
    found = _facts(store, on)
    if unit:
        if unit not in found.units:
            raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
        found = found.within(unit)
    if scope is None:
        return found
    found = found.only(people_of(store, scope, on))
    return found.with_posts_of(scope.key) if scope.kind == "unit" and not unit else found


_limited: KeptByVersion[Facts] = KeptByVersion(_DAYS)


@dataclass(frozen=True)
class KeptFacts:
    """The facts of the last days that were asked for."""

    days: tuple[tuple[str, Facts], ...]  # by which day ends are shown, and the facts

    def on(self, on: date, ends: str) -> Facts | None:
        """Return the facts of a day; what was kept when it was another one's today is not it."""
        return next((each for shown, each in self.days if each.on == on and shown == ends), None)


def _facts(store: Store, on: date) -> Facts:
    ends = ends_shown(stored_programme(store), on)
    kept = _kept.made(
        store,
        lambda before: _read(store, on, ends, before),
        lambda kept: kept.on(on, ends) is not None,
    )
    found = kept.on(on, ends)
    assert found is not None
    return found


def _read(store: Store, on: date, ends: str, before: KeptFacts | None) -> KeptFacts:
    made = read_facts(store, stored_programme(store), on)
    others = [each for each in (before.days if before else ()) if each[1].on != on]
    return KeptFacts(((ends, made), *others[: _DAYS - 1]))


def _followed(store: Store, kept: KeptFacts, touched: Touched) -> KeptFacts | None:
    """Return the facts as of a later version; a day that cannot be mended goes."""
    days = [(ends, followed(store, each, touched)) for ends, each in kept.days]
    mended = tuple((ends, each) for ends, each in days if each is not None)
    return KeptFacts(mended) if mended else None


_kept = Followed(_followed)


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
