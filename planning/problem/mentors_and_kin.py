"""Read what binds people together: kin, posts held by people not planned, and mentors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date

import numpy as np

from graph.errors import N_
from graph.programme import Programme
from graph.store import Row, Store
from planning.problem.defaults import Setting
from planning.problem.horizon import Horizon
from planning.problem.instance import FixedPosting, KinPair, MentorGroup, Note, undecided
from queries.dated import EVERYTHING
from queries.personnel import Personnel, of_people
from queries.personnel.days import day_number
from queries.personnel.pairs import cut
from queries.planning import KIN, MENTORS
from queries.sentences import Sentence, say

Needs = tuple[tuple[str, int], ...]  # kind of mentoring, mentors needed


def kin_of(store: Store, settings: tuple[Setting, ...], ids: list[str]) -> tuple[KinPair, ...]:
    """Read the relatives whom the rule of avoidance keeps apart; someone planned comes first."""
    setting = next((each for each in settings if each.name == "kin_apart"), None)
    if not setting:
        return ()
    relations, planned = set(setting["relations"]), set(ids)
    pairs: dict[tuple[str, str], KinPair] = {}
    for row in store.read(KIN, ids=ids):
        if relations and row["relation"] not in relations:
            continue
        one, other = sorted((row["one"], row["other"]), key=lambda id_: (id_ not in planned, id_))
        pairs[one, other] = KinPair(one, other, row["relation"])
    return tuple(pairs[key] for key in sorted(pairs))


def postings_of_others(
    model: Personnel, horizon: Horizon, ids: Collection[str]
) -> tuple[FixedPosting, ...]:
    """Return who of those not planned holds which post in which periods."""
    columns, periods, days = model.columns, model.periods, horizon.days[:-1]
    planned = [columns.person_at[id_] for id_ in ids]
    near = (periods.until > day_number(days[0])) & (periods.since <= day_number(days[-1]))
    near &= (columns.post_unit[columns.post[periods.posting]] >= 0) & ~np.isin(
        periods.person, planned
    )
    held: dict[tuple[str, str, bool], set[int]] = defaultdict(set)
    for at in np.flatnonzero(near).tolist():
        posting, since, until = periods.posting[at], periods.since[at], periods.until[at]
        person = columns.person_ids[int(periods.person[at])]
        key = person, columns.post_ids[int(columns.post[posting])], bool(columns.acting[posting])
        held[key] |= {t for t, day in enumerate(days) if since <= day_number(day) < until}
    return tuple(
        FixedPosting(
            person,
            columns.person_names[columns.person_at[person]],
            post,
            columns.unit_ids[int(columns.post_unit[columns.post_at[post]])],
            frozenset(held[person, post, is_acting]),
            is_acting,
        )
        for person, post, is_acting in sorted(held)
        if held[person, post, is_acting]
    )


def mentors_for(
    store: Store,
    programme: Programme,
    settings: tuple[Setting, ...],
    horizon: Horizon,
    ids: list[str],
    notes: list[Note],
) -> tuple[Needs, tuple[MentorGroup, ...]]:
    """Read the mentors that people at the grassroots need, and how many each place can give.

    What the data cannot decide is added to `notes`.
    """
    setting = next((each for each in settings if each.name == "mentors"), None)
    needs = _needs(programme, setting) if setting else ()
    if not needs or not setting:
        return needs, ()
    mentoring, busy = _mentoring(store, settings, horizon.since, needs, ids)
    names = {id_: row["name"] for group in mentoring.values() for id_, row in group.items()}
    capacity = {id_: row["capacity"] for group in mentoring.values() for id_, row in group.items()}
    unlimited = sorted(names[id_] for id_ in names if capacity[id_] is None)
    if unlimited:
        notes.append(undecided("mentors", Sentence(N_("The {mentor} capacity")), unlimited))
    sits, planned, groups = (
        _seats(of_people(store, sorted(names), programme), horizon, sorted(names)),
        set(ids),
        [],
    )
    for kind, count in needs:
        by_unit: dict[str | None, list[tuple[str, list[int]]]] = defaultdict(list)
        for id_ in sorted(mentoring[kind]):
            load = len(ids) if capacity[id_] is None else capacity[id_]
            free = max(0, load - busy[id_])
            if kind in setting["anywhere"]:
                by_unit[None].append((names[id_], [free] * horizon.periods))
            elif id_ in planned:
                template = N_("%(name)s is planned too, so is not counted on as a {mentor}.")
                notes.append(Note("mentors", say(template, name=names[id_])))
            else:
                for unit, held in sorted(sits[id_].items()):
                    loads = [free * (t in held) for t in range(horizon.periods)]
                    by_unit[unit].append((names[id_], loads))
        for place, members in sorted(by_unit.items(), key=lambda item: item[0] or ""):
            places = tuple(
                places_for([loads[t] for _, loads in members], count)
                for t in range(horizon.periods)
            )
            groups.append(MentorGroup(kind, place, tuple(name for name, _ in members), places))
    return needs, tuple(groups)


def places_for(loads: list[int], count: int) -> int:
    """Count the trainees that can each get `count` different mentors from these loads.

    The most n with sum(min(load, n)) >= count * n (Gale and Ryser).

    >>> places_for([3, 1], 2), places_for([3, 1], 1)
    (1, 4)
    """
    n = sum(loads) // count
    while n and sum(min(load, n) for load in loads) < count * n:
        n -= 1
    return n


def _needs(programme: Programme, setting: Setting) -> Needs:
    """Find the kinds of mentor that people in a posting of the grassroots stage need."""
    kinds = set(setting["kinds"])
    stages = {
        stage.key
        for stage in programme.stages
        for gate in stage.gates
        if gate.served_months and gate.served_months.kind in kinds
    }
    found = []
    for rule in programme.mentor_needs:
        need = rule.needs_mentor
        if need and (set(need.while_) & (stages or kinds) or set(need.during) & kinds):
            found.append((need.kind, need.count))
    return tuple(found)


def _mentoring(
    store: Store, settings: tuple[Setting, ...], since: date, needs: Needs, ids: Collection[str]
) -> tuple[dict[str, dict[str, Row]], Counter[str]]:
    """Read who mentors in each kind, and how many trainees outside the plan each has now."""
    away = {status for s in settings if s.name == "leave" for status in s["gone"]}
    planned, day = set(ids), since.isoformat()
    mentoring: dict[str, dict[str, Row]] = defaultdict(dict)
    busy: Counter[str] = Counter()
    pairs = store.read(MENTORS, kinds=[kind for kind, _ in needs])
    for row in cut(store, pairs, EVERYTHING):
        if row["status"] in away:
            continue
        mentoring[row["kind"]][row["mentor"]] = row
        is_open = row["until"] is None or row["until"] > day
        if is_open and row["trainee"] not in planned:
            busy[row["mentor"]] += 1
    return mentoring, busy


def _seats(
    model: Personnel, horizon: Horizon, mentors: list[str]
) -> dict[str, dict[str, set[int]]]:
    """Find the units that mentors sit in by period: of the main post, else of one held beside."""
    seats: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for t, day in enumerate(horizon.days[:-1]):
        state = model.on(day)
        for id_ in mentors:
            unit = next((held["unit"] for held in state.holds(id_) if held["unit"]), None)
            if unit is not None:
                seats[id_][unit].add(t)
    return seats
