"""Who could fill a vacant post: first the hard rules, then the programme's priorities, in words.

Whoever a hard rule keeps out is listed with the reason, and so is whoever a hard rule cannot be
judged for because a fact lacks. The others stand in the order of the priorities that are switched
on, one after another; among equals those whose specialties the post asks for, then those who wish
for it, then those longest in their rank, and last of all the priority for equal conditions. Nothing
is weighed and nothing is hidden: each place has its reasons, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from graph.errors import N_
from graph.programme import Priority, Rule
from queries.programme.facts import Facts, Post
from queries.rules.appointments import JudgedRule, blocked, prepared, usual_kind_of
from queries.rules.candidate import Candidate, CandidatePosting
from queries.rules.priorities import PriorityReason, is_last, reason
from queries.rules.reading import candidate, place
from queries.sentences import Sentence, say


@dataclass(frozen=True)
class ShortListPlace:
    """One candidate on the short list; people with the same reasons share a number."""

    number: int
    person: str
    reasons: tuple[PriorityReason, ...]
    notes: tuple[tuple[str, Sentence], ...]  # soft rules and parts of rules, facts that lack


@dataclass(frozen=True)
class Excluded:
    """Somebody whom hard rules keep out: the rule's id (none: the post itself) and why."""

    person: str
    why: tuple[tuple[str | None, Sentence], ...]


@dataclass(frozen=True)
class NotDecided:
    """Somebody for whom hard rules lack facts: each rule's id and what it lacks."""

    person: str
    why: tuple[tuple[str, Sentence], ...]


@dataclass(frozen=True)
class Shortlist:
    """The answer for one post."""

    post: str
    priorities: tuple[tuple[str, bool], ...]  # every priority, and whether it is switched on
    places: tuple[ShortListPlace, ...]
    excluded: tuple[Excluded, ...]
    undecided: tuple[NotDecided, ...]


def shortlist(
    facts: Facts, post_id: str, appointment: Iterable[Rule] = (), off: Collection[str] = ()
) -> Shortlist:
    """Rank the trainees for a post; `off` names priorities that are switched off for once."""
    post = facts.posts[post_id]
    switched = tuple((p.key, p.enabled and p.key not in off) for p in facts.programme.priorities)
    on = [p for p, (_, is_on) in zip(facts.programme.priorities, switched, strict=True) if is_on]
    in_force = [rule for rule in appointment if rule.enabled]
    kind, to = usual_kind_of(facts, post_id), place(facts, post_id)
    ranked, excluded, undecided = [], [], []
    for person in facts.trainees:
        who = prepared(in_force, candidate(facts, person, facts, bool(facts.kin)))
        asked = blocked(in_force, who, to, kind)
        why: list[tuple[str | None, Sentence]] = [(None, s) for s in _unfit(facts, person, post)]
        why += [_said(each) for each in asked.against if each.rule.kind == "hard"]
        if why:
            excluded.append(Excluded(person, tuple(why)))
            continue
        if asked.state == "undecided":
            lacks = (_said(each) for each in asked.undecided if each.rule.kind == "hard")
            undecided.append(NotDecided(person, tuple(lacks)))
            continue
        notes = tuple(_said(each) for each in (*asked.against, *asked.undecided))
        notes += tuple(
            (each.rule.id, said) for each in asked.advice for said in each.verdict.advice
        )
        ranked.append(_compare(facts, who, post, on, notes))
    ranked.sort(key=lambda each: each[0])
    places: list[ShortListPlace] = []
    for at, (order, listed) in enumerate(ranked):
        same = at > 0 and ranked[at - 1][0][:-1] == order[:-1]
        number = places[-1].number if same else at + 1
        places.append(ShortListPlace(number, listed.person, listed.reasons, listed.notes))
    excluded.sort(key=lambda each: (len(each.why), each.person))
    undecided.sort(key=lambda each: (len(each.why), each.person))
    return Shortlist(post_id, switched, tuple(places), tuple(excluded), tuple(undecided))


def _said(judged: JudgedRule) -> tuple[str, Sentence]:
    return judged.rule.id, judged.verdict.because


def _compare(
    facts: Facts,
    who: Candidate,
    post: Post,
    priorities: list[Priority],
    notes: tuple[tuple[str, Sentence], ...],
) -> tuple[tuple[Any, ...], ShortListPlace]:
    person = who.person
    first = [reason(facts, person, post, each) for each in priorities if not is_last(each)]
    last = [reason(facts, person, post, each) for each in priorities if is_last(each)]
    reasons = list(first)
    asked = tuple(sorted(set(post.demands) & set(facts.people[person].specialties)))
    if post.demands:
        brought = say(N_("brings %(specialties)s"), specialties=asked)
        said = brought if asked else say(N_("brings none of the specialties asked for"))
        reasons.append(PriorityReason("demands", bool(asked), said))
    wished = bool({post.id, post.unit} & facts.wishes.get(person, frozenset()))
    wish = N_("wishes for this post or its unit") if wished else N_("has no wish for it")
    reasons.append(PriorityReason("wish", wished, say(wish)))
    months = _months_in_rank(who.shortest() if who.is_time_rough else who)
    reasons.append(
        PriorityReason(
            "months", months > 0, say(N_("%(months)s months in the rank held"), months=months)
        )
    )
    order = (
        *(not each.holds for each in first),
        -len(asked),
        not wished,
        -months,
        *(not each.holds for each in last),
        person,
    )
    reasons += last
    return order, ShortListPlace(0, person, tuple(reasons), notes)


def _months_in_rank(who: Candidate) -> int:
    index, ladder = who.rank, who.programme.rank_index
    if index is None:
        return 0

    def counts(posting: CandidatePosting) -> bool:
        held = ladder(posting.rank)
        return who.is_home(posting) and held is not None and held >= index

    return who.done(who.time(counts))


# --- what keeps somebody out -------------------------------------------------------------------


def _unfit(facts: Facts, person: str, post: Post) -> list[Sentence]:
    found = []
    if any(p.post == post.id for p in facts.current(person)):
        found.append(say(N_("holds this post already")))
    held, wanted = facts.rank_index(person), facts.programme.rank_index(post.rank)
    if held is not None and wanted is not None and held > wanted:
        found.append(say(N_("holds a higher rank than the post's")))
    return found
