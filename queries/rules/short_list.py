"""Who meets the conditions of a post: the hard rules first, then the programme's priorities.

Whoever a hard rule keeps out is listed with the reason, and so is whoever a hard rule cannot be
judged for because a fact lacks. The others stand in the order of the priorities that are switched
on, one after another; among equals those whose specialties the post asks for, then those who wish
for it, then those longest in their rank, and last of all the priority for equal conditions. Each of
these can be switched off. Nothing is weighed and nothing is hidden: each place has its reasons, and
a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from graph.errors import N_
from graph.programme import Priority, Rule
from queries.programme import audit as audits
from queries.programme.facts import Facts, Post
from queries.programme.stages import progress
from queries.programme.standing import MOST_PEOPLE
from queries.rules.appointments import Blocked, JudgedRule, blocked, prepared, usual_kind_of
from queries.rules.candidate import Candidate, CandidatePosting
from queries.rules.priorities import PriorityReason, free_places, is_last, reason
from queries.rules.reading import candidate, place
from queries.sentences import Sentence, say

DEMANDS, WISH, MONTHS = "demands", "wish", "months"  # what is compared among equals

Weight = Literal["against", "undecided", "advice"]


@dataclass(frozen=True)
class Considered:
    """What a rule that excludes nobody says of a candidate: until when, where it names a day."""

    rule: str
    weight: Weight
    until: date | None
    words: Sentence


@dataclass(frozen=True)
class ShortListPlace:
    """One candidate on the short list; people with the same reasons share a number."""

    number: int
    person: str
    reasons: tuple[PriorityReason, ...]
    notes: tuple[tuple[str, Sentence], ...]  # soft rules and parts of rules, facts that lack
    considered: tuple[Considered, ...]  # the same, by what each comes to
    months: int  # in the rank held
    stage: str | None
    light: audits.Level | None  # the worst of the findings; none, too, where people are very many


@dataclass(frozen=True)
class Excluded:
    """Somebody whom hard rules keep out: the rule's id (none: the post itself) and why."""

    person: str
    why: tuple[tuple[str | None, Sentence], ...]


@dataclass(frozen=True)
class ExcludedGroup:
    """Those of whom one reason is told first: its rule (none: the post itself), and its words."""

    rule: str | None
    words: Sentence
    people: tuple[str, ...]


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
    compared: tuple[tuple[str, bool], ...]  # what equals are compared by, and whether it is on
    free: int  # places that nobody holds
    places: tuple[ShortListPlace, ...]
    excluded: tuple[Excluded, ...]
    excluded_by: tuple[ExcludedGroup, ...]  # each person once, most people first
    undecided: tuple[NotDecided, ...]


def shortlist(
    facts: Facts, post_id: str, appointment: Iterable[Rule] = (), off: Collection[str] = ()
) -> Shortlist:
    """Rank the trainees for a post; `off` names what is not compared for once."""
    post = facts.posts[post_id]
    comparison = _Comparison.of(facts, post, off)
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
        ranked.append((*comparison.reasons(who), who, asked))
    ranked.sort(key=lambda each: each[0])
    worst = _worst(facts) if ranked else {}
    places: list[ShortListPlace] = []
    for at, (order, reasons, months, who, asked) in enumerate(ranked):
        same = at > 0 and ranked[at - 1][0][:-1] == order[:-1]
        number = places[-1].number if same else at + 1
        considered = _considered(asked)
        notes = tuple((each.rule, each.words) for each in considered)
        stage, light = progress(facts)[who.person].stage, worst.get(who.person)
        places.append(
            ShortListPlace(number, who.person, reasons, notes, considered, months, stage, light)
        )
    excluded.sort(key=lambda each: (len(each.why), each.person))
    undecided.sort(key=lambda each: (len(each.why), each.person))
    return Shortlist(
        post_id,
        comparison.priorities,
        comparison.compared,
        free_places(facts, post),
        tuple(places),
        tuple(excluded),
        tuple(_grouped(excluded)),
        tuple(undecided),
    )


def _said(judged: JudgedRule) -> tuple[str, Sentence]:
    return judged.rule.id, judged.verdict.because


def _considered(asked: Blocked) -> tuple[Considered, ...]:
    """Return what rules say of somebody whom none of them keeps out."""
    found = [
        Considered(each.rule.id, "against", each.verdict.surely, each.verdict.because)
        for each in asked.against
    ]
    found += [
        Considered(each.rule.id, "undecided", None, each.verdict.because)
        for each in asked.undecided
    ]
    found += [
        Considered(each.rule.id, "advice", None, said)
        for each in asked.advice
        for said in each.verdict.advice
    ]
    return tuple(found)


def _worst(facts: Facts) -> dict[str, audits.Level]:
    """Return the worst level of each person's findings; of nobody where people are very many."""
    found: dict[str, audits.Level] = {}
    if len(facts.trainees) <= MOST_PEOPLE:
        for finding in audits.audit(facts).findings:  # the most pressing stand first
            found.setdefault(finding.person, finding.level)
    return found


def _grouped(excluded: Iterable[Excluded]) -> list[ExcludedGroup]:
    """Count each person once, under the reason that is told first."""
    groups: dict[tuple[str | None, str], list[Excluded]] = {}
    for each in excluded:
        rule, words = each.why[0]
        groups.setdefault((rule, "" if rule else words.template), []).append(each)
    found = [
        ExcludedGroup(rule, those[0].why[0][1], tuple(each.person for each in those))
        for (rule, _template), those in groups.items()
    ]
    return sorted(found, key=lambda group: (-len(group.people), group.rule or ""))


@dataclass(frozen=True)
class _Comparison:
    """By what candidates for one post are put in order."""

    facts: Facts
    post: Post
    priorities: tuple[tuple[str, bool], ...]
    compared: tuple[tuple[str, bool], ...]
    on: tuple[Priority, ...]

    @classmethod
    def of(cls, facts: Facts, post: Post, off: Collection[str]) -> _Comparison:
        """Switch on all that is enabled but what is named."""
        all_of_them = facts.programme.priorities
        priorities = tuple((p.key, p.enabled and p.key not in off) for p in all_of_them)
        on = tuple(p for p in all_of_them if p.enabled and p.key not in off)
        among_equals = (*((DEMANDS,) if post.demands else ()), WISH, MONTHS)
        compared = tuple((key, key not in off) for key in among_equals)
        return cls(facts, post, priorities, compared, on)

    def reasons(self, who: Candidate) -> tuple[tuple[Any, ...], tuple[PriorityReason, ...], int]:
        """Return where somebody stands in the order, why, and how long in the rank held."""
        facts, person, post = self.facts, who.person, self.post
        first = [reason(facts, person, post, each) for each in self.on if not is_last(each)]
        last = [reason(facts, person, post, each) for each in self.on if is_last(each)]
        asked = tuple(sorted(set(post.demands) & set(facts.people[person].specialties)))
        wished = bool({post.id, post.unit} & facts.wishes.get(person, frozenset()))
        months = _months_in_rank(who.shortest() if who.is_time_rough else who)
        brought = say(N_("brings %(specialties)s"), specialties=asked)
        without = say(N_("brings none of the specialties asked for"))
        wish = N_("wishes for this post or its unit") if wished else N_("has no wish for it")
        held = say(N_("%(months)s months in the rank held"), months=months)
        told = {
            DEMANDS: PriorityReason(DEMANDS, bool(asked), brought if asked else without),
            WISH: PriorityReason(WISH, wished, say(wish)),
            MONTHS: PriorityReason(MONTHS, months > 0, held),
        }
        place = {DEMANDS: -len(asked), WISH: not wished, MONTHS: -months}
        on = [key for key, is_on in self.compared if is_on]
        order = (
            *(not each.holds for each in first),
            *(place[key] for key in on),
            *(not each.holds for each in last),
            person,
        )
        return order, (*first, *(told[key] for key in on), *last), months


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
