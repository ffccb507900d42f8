"""Read what stands whoever is planned: units, exercises, and what holding a post is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from graph.errors import N_, InputError
from graph.programme import Programme
from graph.store import Store
from planning.problem.defaults import Setting
from planning.problem.instance import ExerciseNeed, UnitLine
from planning.problem.scenario import Scenario
from queries.planning import KINDS_BY_POST_KIND, UNITS


def units_of(store: Store) -> tuple[UnitLine, ...]:
    """Read the units, each with those above it."""
    rows = store.read(UNITS)
    above = {row["id"]: row["above"] for row in rows}
    units = []
    for row in rows:
        chain: list[str] = []
        at = row["id"]
        while at is not None and at not in chain:  # a cycle in the data must not hang
            chain.append(at)
            at = above.get(at)
        units.append(UnitLine(row["id"], row["name"], row["kind"], tuple(chain)))
    return tuple(units)


def exercises_of(programme: Programme, settings: tuple[Setting, ...]) -> tuple[ExerciseNeed, ...]:
    """Put the programme's exercises, and the rules that speak of them, together by kind."""
    rule = next((each for each in settings if each.name == "keeps_home_post"), None)
    keeps = set(rule["kinds"]) | programme.kinds_beside if rule else set()
    needs = {
        each.key: ExerciseNeed(
            each.key,
            each.at_least,
            each.at_most,
            each.after,
            each.key in keeps,
            each.required,
        )
        for each in programme.exercises
    }
    for kind in keeps - set(needs):
        needs[kind] = ExerciseNeed(kind, keeps_home=True)
    for setting in settings:
        if setting.name == "served_months" and setting.is_hard:
            kind = setting["kind"]
            need = needs.get(kind, ExerciseNeed(kind))
            months = max(need.at_least or 0, setting["at_least"])
            needs[kind] = replace(need, at_least=months)
            for term in programme.rotation_kinds:  # kinds that the programme asks nothing of
                if term.key not in needs:
                    needs[term.key] = ExerciseNeed(term.key, after=(kind,))
    return tuple(needs[kind] for kind in sorted(needs))


def offered_by(
    store: Store,
    programme: Programme,
    exercises: tuple[ExerciseNeed, ...],
    scenario: Scenario,
) -> dict[str | None, str]:
    """Give each kind of post the kind of rotation that holding it is.

    A post of a rotation kind is that. Else it is what people who held such posts did there:
    an exercise of the programme before anything else, the most frequent first.
    """
    seen: dict[str | None, Counter[str]] = defaultdict(Counter)
    for row in store.read(KINDS_BY_POST_KIND):
        seen[row["post_kind"]][row["kind"]] = row["times"]
    asked = {need.kind for need in exercises}
    known = asked | {term.key for term in programme.rotation_kinds}
    kinds = set(seen) | {term.key for term in programme.post_kinds} | known
    for given in sorted(set(scenario.kinds_by_post_kind.values()) - known):
        raise InputError(
            N_('There is no kind of exercise "%(kind)s" for a kind of post to count as.'),
            N_("It may be %(known)s."),
            kind=given,
            known=", ".join(sorted(known)),
        )
    offered: dict[str | None, str] = {}
    for kind in kinds:
        if kind is not None and kind in scenario.kinds_by_post_kind:
            offered[kind] = scenario.kinds_by_post_kind[kind]
        elif kind in known and kind is not None:
            offered[kind] = kind
        elif seen[kind]:
            offered[kind] = min(seen[kind], key=lambda k: (k not in asked, -seen[kind][k], k))
    return offered
