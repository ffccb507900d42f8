"""Read what binds people together: kin, posts held by people not planned, and mentors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from graph.errors import N_
from graph.kinds import MentorKindTerm
from graph.programme import Programme
from graph.store import Store
from planning.problem.defaults import Setting
from planning.problem.horizon import Horizon
from planning.problem.instance import FixedPosting, KinPair, MentorGroup, Note, undecided
from queries.dated import EVERYTHING
from queries.personnel import Personnel, of_people, personnel
from queries.personnel.days import day_number
from queries.personnel.mentor_posts import MentorPosts
from queries.personnel.pairs import cut
from queries.planning import CAPACITIES, KIN, MENTORS
from queries.sentences import Sentence, say

Needs = tuple[tuple[str, int], ...]  # kind of mentoring, mentors needed
# The periods in which a mentor sits in a unit; None for who guides anywhere.
Seats = dict[str | None, set[int]]


class Offer(NamedTuple):
    """A mentor of a kind: how many they take (None: no limit), and where by period.

    Who guides by a post, or near it, is bound to it: a plan may move them away.
    """

    id: str
    name: str
    load: int | None
    seats: Seats
    is_bound: bool


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
    offers, busy = _mentoring(store, programme, settings, horizon, needs, ids)
    unlimited = {each.name for group in offers.values() for each in group if each.load is None}
    if unlimited:
        what = Sentence(N_("The {mentor} capacity"))
        notes.append(undecided("mentors", what, sorted(unlimited)))
    planned, groups = set(ids), []
    for kind, count in needs:
        by_unit: dict[str | None, list[tuple[str, list[int]]]] = defaultdict(list)
        for each in offers[kind]:
            free = max(0, (len(ids) if each.load is None else each.load) - busy[each.id])
            if each.id in planned and each.is_bound:
                template = N_("%(name)s is planned too, so is not counted on as a {mentor}.")
                notes.append(Note("mentors", say(template, name=each.name)))
            else:
                for unit, held in each.seats.items():
                    loads = [free * (t in held) for t in range(horizon.periods)]
                    by_unit[unit].append((each.name, loads))
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
    store: Store,
    programme: Programme,
    settings: tuple[Setting, ...],
    horizon: Horizon,
    needs: Needs,
    ids: Collection[str],
) -> tuple[dict[str, list[Offer]], Counter[str]]:
    """Read who guides in each kind, and how many trainees outside the plan each has now.

    Where a kind guides by a post, those are its holders, whether they have guided or not.
    """
    away = {status for s in settings if s.name == "leave" for status in s["gone"]}
    planned, day = set(ids), horizon.since.isoformat()
    pairs = store.read(MENTORS, kinds=[kind for kind, _ in needs])
    guided: dict[str, set[str]] = defaultdict(set)
    busy: Counter[str] = Counter()
    for row in cut(store, pairs, EVERYTHING):
        guided[row["kind"]].add(row["mentor"])
        is_open = row["until"] is None or row["until"] > day
        if is_open and row["trainee"] not in planned:
            busy[row["mentor"]] += 1
    setting = next(each for each in settings if each.name == "mentors")
    terms = {term.key: term for term in programme.mentoring_kinds if term.by_post}
    seats: dict[str, dict[str, Seats]] = {}
    for kind, _ in needs:
        if kind in terms:
            seats[kind] = _seats_by_post(store, programme, setting, horizon, terms[kind])
        elif kind in setting["anywhere"]:
            seats[kind] = {id_: {None: set(range(horizon.periods))} for id_ in guided[kind]}
        else:
            seats[kind] = _seats(store, programme, horizon, sorted(guided[kind]))
    bound = {kind: kind in terms or kind not in setting["anywhere"] for kind in seats}
    people = {
        row["id"]: row
        for row in store.read(
            CAPACITIES, ids=sorted({id_ for each in seats.values() for id_ in each})
        )
        if row["status"] not in away
    }
    offers = {
        kind: [
            Offer(id_, people[id_]["name"], people[id_]["capacity"], seats[kind][id_], bound[kind])
            for id_ in sorted(seats[kind])
            if id_ in people
        ]
        for kind, _ in needs
    }
    return offers, busy


def _seats(
    store: Store, programme: Programme, horizon: Horizon, mentors: list[str]
) -> dict[str, Seats]:
    """Find the units that mentors sit in by period: of the main post, else of one held beside."""
    model = of_people(store, mentors, programme)
    seats: dict[str, Seats] = {id_: {} for id_ in mentors}
    for t, day in enumerate(horizon.days[:-1]):
        state = model.on(day)
        for id_ in mentors:
            unit = next((held["unit"] for held in state.holds(id_) if held["unit"]), None)
            if unit is not None:
                seats[id_].setdefault(unit, set()).add(t)
    return seats


def _seats_by_post(
    store: Store, programme: Programme, setting: Setting, horizon: Horizon, term: MentorKindTerm
) -> dict[str, Seats]:
    """Find in which units people hold a post of a kind, by period.

    Whoever holds several has one load, and gives it where the first of them is, the main post
    before others. A kind that no posting of the rule places guides anywhere.
    """
    model = personnel(store, programme)
    columns = model.columns
    is_anywhere = term.key in setting["anywhere"]
    is_anywhere |= not set(term.placed_by) & set(setting["kinds"])
    seats: dict[str, Seats] = defaultdict(lambda: defaultdict(set))
    for t, day in enumerate(horizon.days[:-1]):
        posts: dict[int, list[int]] = defaultdict(list)
        for held in MentorPosts(model, day_number(day), (term,)).holders(term.key):
            if not held.acting and columns.post_unit[held.post] >= 0:
                posts[held.person].append(held.post)
        for person, mine in posts.items():
            id_, post = columns.person_ids[person], mine[0]
            if len(mine) > 1:
                listed = {columns.post_ids[each]: each for each in mine}
                rows = model.on(day).holds(id_)
                post = next(listed[row["post"]] for row in rows if row["post"] in listed)
            unit = None if is_anywhere else columns.unit_ids[int(columns.post_unit[post])]
            seats[id_][unit].add(t)
    return seats
