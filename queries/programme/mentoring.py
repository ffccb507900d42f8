"""The mentors' side of the programme: who needs whom, who could be asked, what a pair has done.

A candidate is never scored: the reasons for asking somebody are listed, and who asks decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from graph.errors import N_
from graph.rules import NeedsMentor
from queries.programme.facts import Facts, Pairing, as_day, runs
from queries.programme.stages import in_stage, passed_on, progress
from queries.sentences import Sentence, Term, say

_ANYWHERE = ""  # in place of a unit: all units


class Light(NamedTuple):
    """One need of a trainee: so many mentors of a kind, who they are, how many are missing."""

    person: str
    kind: str
    wanted: int
    mentors: tuple[Pairing, ...]
    missing: int
    missing_since: date | None


@dataclass(frozen=True)
class ProposedMentor:
    """Somebody who could be asked, with the reasons; free places count before all."""

    mentor: str
    kind: str
    free: int | None  # places left within the capacity; none: no capacity is set
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True)
class PoolMember:
    """One mentor of the pool: what they guide, how many now and at most, and whom so far."""

    mentor: str
    kinds: tuple[str, ...]
    load: int
    capacity: int | None
    current: tuple[Pairing, ...]
    ended: tuple[Pairing, ...]

    @property
    def free(self) -> int | None:
        """Return the places left; none when no capacity is set."""
        return None if self.capacity is None else self.capacity - self.load


@dataclass(frozen=True)
class Task:
    """One growth task of a pair; a task that was never begun is `open`."""

    key: str
    state: str


@dataclass(frozen=True)
class PairProgress:
    """What a pair has done, against the programme's three lists."""

    pairing: Pairing
    methods: tuple[tuple[str, bool], ...]
    duties: tuple[tuple[str, bool], ...]
    tasks: tuple[Task, ...]

    @property
    def done(self) -> tuple[int, int, int]:
        """Count the methods used, duties done and tasks done."""
        return (
            sum(used for _, used in self.methods),
            sum(done for _, done in self.duties),
            sum(task.state == "done" for task in self.tasks),
        )


@dataclass(frozen=True)
class Ending:
    """A pairing that still runs though no stage of the trainee asks for its kind any more."""

    pairing: Pairing
    since: date  # the day from which it is not needed


def lights(facts: Facts) -> dict[str, tuple[Light, ...]]:
    """Return every trainee's needs of mentors, with what is missing."""
    return facts.once(_all_lights)


def incomplete(facts: Facts) -> list[Light]:
    """List what is missing, longest missing first."""
    missing = [light for each in lights(facts).values() for light in each if light.missing]
    return sorted(missing, key=lambda light: (light.missing_since or date.min, light.person))


def endings(facts: Facts) -> list[Ending]:
    """List pairings that should have ended with a stage of their trainee."""
    return facts.once(_endings)


def _endings(facts: Facts) -> list[Ending]:
    wanted = {rule.kind: rule.while_ for rule in _needs(facts)}
    found = []
    for person in facts.trainees:
        for pairing in facts.mentors_now(person):
            stages = wanted.get(pairing.kind or "")
            if stages and not in_stage(facts, person, stages):
                left = [passed_on(facts, person, stage) for stage in stages]
                if any(left):  # a mentor who came before the stage is early, not late
                    found.append(Ending(pairing, max(day for day in left if day)))
    return found


def pool(facts: Facts) -> dict[str, PoolMember]:
    """Return everybody who is a mentor, busiest first."""
    return facts.once(_pool)


def candidates(facts: Facts, trainee: str, kind: str, limit: int = 5) -> list[ProposedMentor]:
    """List who could be asked: same kind, free places, nearest unit, shared specialty, load."""
    chain = facts.chain(facts.unit_of(trainee))
    own = set(facts.people[trainee].specialties)
    left_out = {trainee, *(pairing.mentor for pairing in facts.mentors_now(trainee))}
    found: list[tuple[int, int, int, str]] = []
    for near, unit in enumerate((*chain, _ANYWHERE)):
        for member in _with_room(facts).get((kind, unit), ()):
            if member.mentor not in left_out:
                left_out.add(member.mentor)
                shared = len(own & set(facts.people[member.mentor].specialties))
                found.append((near, -shared, member.load, member.mentor))
        if len(found) >= limit:  # whoever is further away comes after them
            break
    members = pool(facts)
    proposed = []
    for near, _, _, mentor in sorted(found)[:limit]:
        shares = tuple(sorted(own & set(facts.people[mentor].specialties)))
        reasons = tuple(_reasons(facts, chain, near, shares, members[mentor]))
        proposed.append(ProposedMentor(mentor, kind, members[mentor].free, reasons))
    return proposed


def _with_room(facts: Facts) -> dict[tuple[str, str], list[PoolMember]]:
    """Return who has a free place, by kind and each unit from their own up."""
    return facts.once(_room_by_unit)


def _room_by_unit(facts: Facts) -> dict[tuple[str, str], list[PoolMember]]:
    found: dict[tuple[str, str], list[PoolMember]] = defaultdict(list)
    for member in pool(facts).values():
        if member.free is None or member.free > 0:
            units = (*facts.chain(facts.unit_of(member.mentor)), _ANYWHERE)
            for key in product(member.kinds, units):
                found[key].append(member)
    return found


def pair_progress(facts: Facts, pairing: Pairing) -> PairProgress:
    """Set what a pair has done against the programme's lists; unknown keys are kept."""
    programme = facts.programme
    states = dict(_task(text) for text in pairing.tasks)
    listed = [term.key for term in programme.growth_tasks]
    keys = [*listed, *(key for key in states if key not in listed)]
    return PairProgress(
        pairing=pairing,
        methods=_ticked(programme.mentoring_methods, pairing.methods),
        duties=_ticked(programme.mentoring_duties, pairing.duties),
        tasks=tuple(Task(key, states.get(key, "open")) for key in keys),
    )


def pairs(facts: Facts) -> list[PairProgress]:
    """Return the progress of every pair that runs on the day, least done first."""
    return [pair_progress(facts, pairing) for pairing in by_progress(facts)]


def by_progress(facts: Facts) -> list[Pairing]:
    """List every pair that runs on the day, least done first."""
    return facts.once(_by_progress)


def _by_progress(facts: Facts) -> list[Pairing]:
    found = (pairing for trainee in facts.trainees for pairing in facts.mentors_now(trainee))
    return sorted(found, key=lambda pairing: (_done(pairing), pairing.id or ""))


def _done(pairing: Pairing) -> int:
    states = dict(_task(text) for text in pairing.tasks)
    tasks = sum(state == "done" for state in states.values())
    return len(set(pairing.methods)) + len(set(pairing.duties)) + tasks


class UnitLights(NamedTuple):
    """How many below a unit need mentors, how many have all of them, how many are missing."""

    unit: str
    needing: int
    complete: int
    missing: int


def by_unit(facts: Facts, below: str = "") -> list[UnitLights]:
    """Sum the lights up by the units right below one, or below the highest; most missing first.

    Whoever serves in no unit, or in the one that is asked for itself, stands in no row.
    """
    chains = {person: facts.chain(facts.unit_of(person)) for person in lights(facts)}
    tops = {chain[-1] for chain in chains.values() if chain}
    if not below and len(tops) == 1:
        below = tops.pop()
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for person, each in lights(facts).items():
        chain = chains[person]
        at = chain.index(below) if below in chain else len(chain) if not below else 0
        if not each or at == 0:
            continue
        missing = sum(light.missing for light in each)
        unit = sums[chain[at - 1]]
        unit[0] += 1
        unit[1] += not missing
        unit[2] += missing
    found = [UnitLights(unit, *counted) for unit, counted in sums.items()]
    return sorted(found, key=lambda row: (-row.missing, row.unit))


def _needs(facts: Facts) -> list[NeedsMentor]:
    return [use.parameters for use in facts.programme.mentor_needs]


def _all_lights(facts: Facts) -> dict[str, tuple[Light, ...]]:
    needs = _needs(facts)
    return {
        person: tuple(
            _light(facts, person, rule) for rule in needs if in_stage(facts, person, rule.while_)
        )
        for person in facts.trainees
    }


def _light(facts: Facts, person: str, rule: NeedsMentor) -> Light:
    ever = [p for p in facts.pairings.get(person, ()) if p.kind == rule.kind]
    now = tuple(p for p in ever if runs(p.until, facts.day))
    missing = max(0, rule.count - len(now))
    since = None
    if missing:
        ended = [as_day(p.until) for p in ever if p.until and not runs(p.until, facts.day)]
        needed = [s.since for s in progress(facts)[person].history if s.stage in rule.while_]
        since = max([*ended, *needed[:1]], default=None)
    return Light(person, rule.kind, rule.count, now, missing, since)


def _pool(facts: Facts) -> dict[str, PoolMember]:
    members = []
    for person in facts.people.values():
        had = facts.mentees.get(person.id, ())
        if not person.is_mentor and not had:
            continue
        current = tuple(p for p in had if runs(p.until, facts.day))
        members.append(
            PoolMember(
                mentor=person.id,
                kinds=tuple(sorted({p.kind for p in had if p.kind})),
                load=len(current),
                capacity=person.capacity,
                current=current,
                ended=tuple(p for p in had if not runs(p.until, facts.day)),
            )
        )
    return {m.mentor: m for m in sorted(members, key=lambda m: (-m.load, m.mentor))}


def _reasons(
    facts: Facts, chain: tuple[str, ...], near: int, shared: tuple[str, ...], member: PoolMember
) -> Iterator[Sentence]:
    if near < len(chain):
        yield say(N_("serves in %(unit)s"), unit=facts.units[chain[near]].name)
    if shared:
        yield say(N_("shares %(specialties)s"), specialties=shared)
    if member.capacity is None:
        yield say(N_("guides %(load)s now; no limit is set"), load=member.load)
    else:
        yield say(
            N_("guides %(load)s of at most %(capacity)s"),
            load=member.load,
            capacity=member.capacity,
        )
    if member.ended:
        yield say(N_("has guided %(count)s before"), count=len(member.ended))


def _ticked(terms: tuple[Any, ...], used: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    counted = Counter(used)
    listed = [term.key for term in terms]
    return tuple((key, counted[key] > 0) for key in [*listed, *sorted(set(used) - set(listed))])


def _task(text: str) -> tuple[str, str]:
    key, _, state = text.partition("=")
    return key, state or "begun"


def need_words(rule: NeedsMentor) -> Sentence:
    """Return which mentors a stage needs."""
    return say(
        N_("%(count)s × %(kind)s while in: %(stages)s"),
        count=rule.count,
        kind=Term("mentoring_kinds", rule.kind),
        stages=tuple(Term("stages", stage) for stage in rule.while_),
    )
