"""The mentors' side of the programme: who needs whom, who could be asked, what a pair has done.

A candidate is never scored: the reasons for asking somebody are listed, and who asks decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from graph.errors import N_
from graph.rules import NeedsMentor
from queries.programme.facts import Facts, Pairing, as_day, runs
from queries.programme.holding import (
    NotInPost,
    VacantPost,
    held_by,
    near,
    not_in_post,
    post_words,
    posts_of,
    vacant_and_needed,
    vacant_on_line,
    vacant_post,
)
from queries.programme.stages import in_stage, passed_on, progress_of
from queries.sentences import Sentence, Term, say

_ANYWHERE = ""  # in place of a unit: all units


class Light(NamedTuple):
    """One need of a trainee: so many mentors of a kind, who they are, how many are missing.

    Whose mentor is not in the post by which they guide has one, and is to be handed over.
    """

    person: str
    kind: str
    wanted: int
    mentors: tuple[Pairing, ...]
    missing: int
    missing_since: date | None
    not_in_post: tuple[NotInPost, ...] = ()


@dataclass(frozen=True)
class HandOver:
    """A pair whose mentor is not in the post, and who could take over."""

    pair: NotInPost
    candidates: tuple[ProposedMentor, ...]
    vacant: tuple[str, ...]  # posts of the kind on the trainee's line that nobody holds
    is_spare: bool  # others of the kind are right, and as many as are needed: it ends


@dataclass(frozen=True)
class ProposedMentor:
    """Somebody who could be asked, with the reasons; free places count before all."""

    mentor: str
    kind: str
    free: int | None  # places left within the capacity; none: no capacity is set
    reasons: tuple[Sentence, ...]
    posts: tuple[str, ...] = ()  # held now, by which they would guide


@dataclass(frozen=True)
class PoolMember:
    """One mentor of the pool: what they guide, how many now and at most, and whom so far."""

    mentor: str
    kinds: tuple[str, ...]
    load: int
    capacity: int | None
    current: tuple[Pairing, ...]
    ended: tuple[Pairing, ...]
    posts: tuple[str, ...] = ()  # held now, by which they guide or could

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


def is_complete(needs: tuple[Light, ...]) -> bool:
    """Return whether nobody is missing and everybody who guides by a post is in it."""
    return not any(light.missing or light.not_in_post for light in needs)


def incomplete(facts: Facts) -> list[Light]:
    """List what is missing, longest missing first."""
    missing = [light for each in lights(facts).values() for light in each if light.missing]
    return sorted(missing, key=lambda light: (light.missing_since or date.min, light.person))


def endings(facts: Facts) -> list[Ending]:
    """List pairings that should have ended with what asked for them of their trainee."""
    return facts.once(_endings)


def _endings(facts: Facts) -> list[Ending]:
    return list(chain.from_iterable(facts.of_each(_endings_of).values()))


def _endings_of(facts: Facts, person: str) -> tuple[Ending, ...]:
    found = []
    for pairing in facts.mentors_now(person):
        mine = [rule for rule in facts.once(_needs) if rule.kind == pairing.kind]
        if mine and not any(_is_needed(facts, person, rule) for rule in mine):
            left = [day for rule in mine for day in _needed_until(facts, person, rule)]
            if left:  # a mentor who came before the stage is early, not late
                found.append(Ending(pairing, max(left)))
    return tuple(found)


def to_hand_over(facts: Facts) -> list[NotInPost]:
    """List pairs whose mentor is not in the post by which they guide, the oldest first.

    Those that end with their stage are no part of it.
    """
    return facts.once(_to_hand_over)


def _to_hand_over(facts: Facts) -> list[NotInPost]:
    if not posts_of(facts).kinds:
        return []
    ending = {each.pairing.id for each in endings(facts)}
    out = chain.from_iterable(facts.of_each(_out_of_post).values())
    found = [wrong for wrong in out if wrong.pairing.id not in ending]
    return sorted(found, key=lambda each: (each.since or date.min, each.pairing.trainee, each.kind))


def _out_of_post(facts: Facts, person: str) -> tuple[NotInPost, ...]:
    """Return a trainee's pairs whose mentor is not in the post by which they guide."""
    found = (not_in_post(facts, pairing) for pairing in facts.mentors_now(person))
    return tuple(wrong for wrong in found if wrong)


def hand_over(facts: Facts, pair: NotInPost, limit: int = 5) -> HandOver:
    """Return who could take a trainee over from a mentor who is not in the post."""
    trainee = pair.pairing.trainee
    lights_ = (each for each in lights(facts)[trainee] if each.kind == pair.kind)
    is_spare = any(len(x.mentors) - len(x.not_in_post) >= x.wanted for x in lights_)
    return HandOver(
        pair,
        tuple(candidates(facts, trainee, pair.kind, limit)),
        vacant_on_line(facts, trainee, pair.kind),
        is_spare,
    )


def vacant_posts(facts: Facts) -> list[VacantPost]:
    """List posts of mentors that nobody holds, on the line of whoever needs such a mentor."""
    return facts.once(_vacant_posts)


def _vacant_posts(facts: Facts) -> list[VacantPost]:
    waiting: dict[str, list[str]] = defaultdict(list)  # who needs a mentor of a kind
    for person, each in lights(facts).items():
        for light in each:
            waiting[light.kind].append(person)
    found = [
        vacant_post(facts, post, kind, trainees)
        for kind, people in waiting.items()
        for post, trainees in vacant_and_needed(facts, kind, people)
    ]
    return sorted(found, key=lambda each: (each.since or date.min, each.post, each.kind))


def pool(facts: Facts) -> dict[str, PoolMember]:
    """Return everybody who is a mentor, busiest first."""
    return facts.once(_pool)


def candidates(facts: Facts, trainee: str, kind: str, limit: int = 5) -> list[ProposedMentor]:
    """List who could be asked: who holds a post of the kind on the line of units, else the pool.

    Nobody needs to have guided before, nor to be called a mentor. Of those with room the nearest
    come first, then shared specialties, then who guides few.
    """
    chain = facts.chain(facts.unit_of(trainee))
    own = set(facts.people[trainee].specialties)
    left_out = {trainee, *(pairing.mentor for pairing in facts.mentors_now(trainee))}
    found: list[tuple[tuple[int, int, int, str], PoolMember, tuple[str, ...]]] = []
    for near_, members in _by_nearness(facts, trainee, kind, chain):
        for member, posts in members:
            if member.mentor not in left_out:
                left_out.add(member.mentor)
                shared = len(own & set(facts.people[member.mentor].specialties))
                found.append(((near_, -shared, member.load, member.mentor), member, posts))
        if len(found) >= limit:  # whoever is further away comes after them
            break
    proposed = []
    for (near_, *_), member, posts in sorted(found, key=lambda each: each[0])[:limit]:
        shares = tuple(sorted(own & set(facts.people[member.mentor].specialties)))
        reasons = tuple(_reasons(facts, chain, near_, shares, member, posts))
        proposed.append(ProposedMentor(member.mentor, kind, member.free, reasons, posts))
    return proposed


_Guides = list[tuple[PoolMember, tuple[str, ...]]]  # each with the posts by which they would


def _by_nearness(
    facts: Facts, trainee: str, kind: str, chain: tuple[str, ...]
) -> Iterator[tuple[int, _Guides]]:
    """Yield who has room and could guide a trainee, by the steps up to a unit that holds both."""
    if kind not in posts_of(facts).kinds:
        for near_, unit in enumerate((*chain, _ANYWHERE)):
            yield near_, [(each, ()) for each in facts.once(_room_by_unit).get((kind, unit), ())]
        return
    members, steps = pool(facts), defaultdict[int, _Guides](list)
    for mentor, posts in near(facts, trainee, kind).items():
        if mentor in members and _has_room(members[mentor]):
            steps[_nearness(facts, chain, mentor)].append((members[mentor], posts))
    yield from sorted(steps.items(), key=lambda each: each[0])


def _has_room(member: PoolMember) -> bool:
    return member.free is None or member.free > 0


def _room_by_unit(facts: Facts) -> dict[tuple[str, str], list[PoolMember]]:
    """Return who has room and guides without a post, by kind and each unit from their own up."""
    found: dict[tuple[str, str], list[PoolMember]] = defaultdict(list)
    declared = {each.key for each in facts.programme.mentoring_kinds}
    kinds = declared.union(*(member.kinds for member in pool(facts).values()))
    for kind in sorted(kinds.difference(posts_of(facts).kinds)):
        for member in _of_kind(facts, kind):
            if _has_room(member):
                for unit in (*facts.chain(facts.unit_of(member.mentor)), _ANYWHERE):
                    found[kind, unit].append(member)
    return found


def _of_kind(facts: Facts, kind: str) -> Iterator[PoolMember]:
    """Yield who guides as a kind of mentor, and who may begin to by the stage they are in."""
    members = pool(facts)
    term = next((each for each in facts.programme.mentoring_kinds if each.key == kind), None)
    yield from (member for member in members.values() if kind in member.kinds)
    stages = term.from_stages if term else ()
    for person in facts.trainees if stages else ():
        if in_stage(facts, person, stages) and kind not in _kinds_of(members, person):
            yield members.get(person) or _member(facts, person)


def _kinds_of(members: dict[str, PoolMember], person: str) -> tuple[str, ...]:
    member = members.get(person)
    return member.kinds if member else ()


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


def tasks_begun(facts: Facts) -> Iterator[tuple[Pairing, str]]:
    """Yield the tasks that a pair of the day is at: begun, and not done yet."""
    for trainee in facts.trainees:
        for pairing in facts.mentors_now(trainee):
            for key, state in dict(map(_task, pairing.tasks)).items():
                if state not in ("done", "open"):
                    yield pairing, key


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


def _needs(facts: Facts) -> tuple[NeedsMentor, ...]:
    return tuple(use.parameters for use in facts.programme.mentor_needs)


def _all_lights(facts: Facts) -> dict[str, tuple[Light, ...]]:
    return facts.of_each(_lights_of)


def _lights_of(facts: Facts, person: str) -> tuple[Light, ...]:
    needs = facts.once(_needs)
    return tuple(_light(facts, person, rule) for rule in needs if _is_needed(facts, person, rule))


def _is_needed(facts: Facts, person: str, rule: NeedsMentor) -> bool:
    """Return whether a stage, or a posting that is held, asks for a mentor."""
    in_one = bool(rule.while_) and in_stage(facts, person, rule.while_)
    return in_one or bool(rule.during and _exercise_since(facts, person, rule.during))


def _exercise_since(facts: Facts, person: str, kinds: tuple[str, ...]) -> date | None:
    """Return since when a person is in postings of some kinds without a break; None if not."""
    since: str | None = None
    until: str | None = ""  # of what has been walked so far, newest last
    for each in facts.postings.get(person, ()):
        if each.kind not in kinds or not each.since:
            continue
        if since is None or (until is not None and until < each.since):
            since, until = each.since, each.until
        elif until is not None:
            until = None if each.until is None else max(until, each.until)
    return as_day(since) if since and runs(until, facts.day) else None


def _needed_until(facts: Facts, person: str, rule: NeedsMentor) -> Iterator[date]:
    """Yield the days on which what asked for a mentor ended."""
    for stage in rule.while_:
        day = passed_on(facts, person, stage)
        if day:
            yield day
    for each in facts.postings.get(person, ()):
        if each.kind in rule.during and each.until:
            yield as_day(each.until)


def _light(facts: Facts, person: str, rule: NeedsMentor) -> Light:
    ever = [p for p in facts.pairings.get(person, ()) if p.kind == rule.kind]
    now = tuple(p for p in ever if runs(p.until, facts.day))
    missing = max(0, rule.count - len(now))
    since = None
    if missing:
        ended = [as_day(p.until) for p in ever if p.until and not runs(p.until, facts.day)]
        since = max([*ended, *_needed_since(facts, person, rule)], default=None)
    wrong = tuple(
        each for each in facts.of_one(_out_of_post, person) if each.pairing.kind == rule.kind
    )
    return Light(person, rule.kind, rule.count, now, missing, since, wrong)


def _needed_since(facts: Facts, person: str, rule: NeedsMentor) -> list[date]:
    """Return the first day on which a mentor was needed, of the stages or the running exercise."""
    history = progress_of(facts, person).history if rule.while_ else ()
    begun = [step.since for step in history if step.stage in rule.while_][:1]
    exercise = _exercise_since(facts, person, rule.during) if rule.during else None
    return [min([*begun, *([exercise] if exercise else ())])] if begun or exercise else []


def _pool(facts: Facts) -> dict[str, PoolMember]:
    in_post = held_by(facts)
    members = [
        _member(facts, person.id)
        for person in facts.people.values()
        if person.is_mentor or person.id in in_post or facts.mentees.get(person.id)
    ]
    return {m.mentor: m for m in sorted(members, key=lambda m: (-m.load, m.mentor))}


def _member(facts: Facts, person: str) -> PoolMember:
    had = facts.mentees.get(person, ())
    by_post = held_by(facts).get(person, ())
    current = tuple(p for p in had if runs(p.until, facts.day))
    return PoolMember(
        mentor=person,
        kinds=tuple(sorted({*(p.kind for p in had if p.kind), *(kind for kind, _ in by_post)})),
        load=len(current),
        capacity=facts.people[person].capacity,
        current=current,
        ended=tuple(p for p in had if not runs(p.until, facts.day)),
        posts=tuple(dict.fromkeys(post for _, post in by_post)),
    )


def _nearness(facts: Facts, chain: tuple[str, ...], mentor: str) -> int:
    """Count the steps up from the trainee's unit to one that holds the mentor's."""
    theirs = facts.chain(facts.unit_of(mentor))
    return next((step for step, unit in enumerate(chain) if unit in theirs), len(chain))


def _reasons(
    facts: Facts,
    chain: tuple[str, ...],
    near_: int,
    shared: tuple[str, ...],
    member: PoolMember,
    posts: tuple[str, ...],
) -> Iterator[Sentence]:
    for post in posts:
        yield say(N_("holds %(post)s"), post=post_words(facts, post))
    if not posts and near_ < len(chain):
        yield say(N_("serves in %(unit)s"), unit=facts.units[chain[near_]].name)
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
    """Return when mentors of a kind are needed."""
    kind = Term("mentoring_kinds", rule.kind)
    stages = tuple(Term("stages", stage) for stage in rule.while_)
    during = tuple(Term("rotation_kinds", each) for each in rule.during)
    if not during:
        template = N_("%(count)s × %(kind)s while in: %(stages)s")
    elif not stages:
        template = N_("%(count)s × %(kind)s from the first to the last day of: %(during)s")
    else:
        template = N_("%(count)s × %(kind)s while in: %(stages)s, and during: %(during)s")
    return say(template, count=rule.count, kind=kind, stages=stages, during=during)
