"""Who could fill a vacant post: first the hard rules, then the programme's priorities, in words.

Whoever a hard rule keeps out is listed with the reason. The others stand in the order of the
priorities that are switched on, one after another; among equals those whose specialties the post
asks for, then those who wish for it, then those longest in their rank. Nothing is weighed and
nothing is hidden: each place has its reasons, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph import rules
from graph.dates import months_between
from graph.errors import N_
from graph.programme import Priority, Rule
from queries.programme.facts import Facts, Post, as_day, months_after, runs
from queries.programme.portrait import on_list
from queries.programme.stages import progress, served_months
from queries.sentences import Sentence, Term, say


@dataclass(frozen=True)
class Vacancy:
    """A post with room: how many places, how many are held."""

    post: str
    capacity: int
    held: int


@dataclass(frozen=True)
class Reason:
    """One priority (or comparison among equals) and whether it speaks for the person."""

    key: str
    holds: bool
    words: Sentence


@dataclass(frozen=True)
class Place:
    """One candidate on the short list; people with the same reasons share a number."""

    number: int
    person: str
    reasons: tuple[Reason, ...]
    notes: tuple[tuple[str, Sentence], ...]  # soft rules that would be broken: id, why


@dataclass(frozen=True)
class Excluded:
    """Somebody whom hard rules keep out: the rule's id (none: the post itself) and why."""

    person: str
    why: tuple[tuple[str | None, Sentence], ...]


@dataclass(frozen=True)
class Shortlist:
    """The answer for one post."""

    post: str
    priorities: tuple[tuple[str, bool], ...]  # every priority, and whether it is switched on
    places: tuple[Place, ...]
    excluded: tuple[Excluded, ...]


def vacancies(facts: Facts) -> list[Vacancy]:
    """List posts with room, highest rank first; a post without a capacity has one place."""
    held: dict[str, set[str]] = {}
    for person in facts.postings:
        for posting in facts.current(person):
            held.setdefault(posting.post, set()).add(person)
    found = [
        Vacancy(post.id, 1 if post.capacity is None else post.capacity, len(held.get(post.id, ())))
        for post in facts.posts.values()
    ]
    rank = facts.programme.rank_index
    return sorted(
        (each for each in found if each.held < each.capacity),
        key=lambda each: (-(rank(facts.posts[each.post].rank) or 0), each.held > 0, each.post),
    )


def shortlist(
    facts: Facts, post_id: str, appointment: Iterable[Rule] = (), off: Collection[str] = ()
) -> Shortlist:
    """Rank the trainees for a post; `off` names priorities that are switched off for once."""
    post = facts.posts[post_id]
    switched = tuple((p.key, p.enabled and p.key not in off) for p in facts.programme.priorities)
    on = [p for p, (_, is_on) in zip(facts.programme.priorities, switched, strict=True) if is_on]
    in_force = [rule for rule in appointment if rule.enabled]
    ranked, excluded = [], []
    for person in facts.trainees:
        why: list[tuple[str | None, Sentence]] = [(None, s) for s in _unfit(facts, person, post)]
        broken = [(rule, _breaks(facts, person, post, rule)) for rule in in_force]
        why += [(rule.id, said) for rule, said in broken if said and rule.kind == "hard"]
        if why:
            excluded.append(Excluded(person, tuple(why)))
            continue
        notes = tuple((rule.id, said) for rule, said in broken if said)
        ranked.append(_compare(facts, person, post, on, notes))
    ranked.sort(key=lambda each: each[0])
    places: list[Place] = []
    for at, (order, place) in enumerate(ranked):
        same = at > 0 and ranked[at - 1][0][:-1] == order[:-1]
        number = places[-1].number if same else at + 1
        places.append(Place(number, place.person, place.reasons, place.notes))
    excluded.sort(key=lambda each: (len(each.why), each.person))
    return Shortlist(post_id, switched, tuple(places), tuple(excluded))


def _compare(
    facts: Facts,
    person: str,
    post: Post,
    priorities: list[Priority],
    notes: tuple[tuple[str, Sentence], ...],
) -> tuple[tuple[Any, ...], Place]:
    reasons = [_priority(facts, person, post, each) for each in priorities]
    asked = tuple(sorted(set(post.demands) & set(facts.people[person].specialties)))
    if post.demands:
        brought = say(N_("brings %(specialties)s"), specialties=asked)
        said = brought if asked else say(N_("brings none of the specialties asked for"))
        reasons.append(Reason("demands", bool(asked), said))
    wished = bool({post.id, post.unit} & facts.wishes.get(person, frozenset()))
    wish = N_("wishes for this post or its unit") if wished else N_("has no wish for it")
    reasons.append(Reason("wish", wished, say(wish)))
    months = _months_in_rank(facts, person)
    reasons.append(
        Reason("months", months > 0, say(N_("%(months)s months in the rank held"), months=months))
    )
    order = (
        *(not reason.holds for reason in reasons[: len(priorities)]),
        -len(asked),
        not wished,
        -months,
        person,
    )
    return order, Place(0, person, tuple(reasons), notes)


def _priority(facts: Facts, person: str, post: Post, priority: Priority) -> Reason:
    rule: rules.Prefer = priority.rule.parameters
    where = progress(facts)[person]
    in_batch = where.batch == rule.batch
    stage = Term("stages", where.stage)
    if rule.when == "reserve_list":
        listed = on_list(facts, person)
        words = say(N_("on the reserve list")) if listed else say(N_("not on the reserve list"))
        return Reason(priority.key, listed and in_batch, words)
    if rule.when == "important_post" and rule.post_kinds and post.kind not in rule.post_kinds:
        return Reason(priority.key, False, say(N_("not an important post")))
    return Reason(priority.key, in_batch, say(N_("stage: %(stage)s"), stage=stage))


def _months_in_rank(facts: Facts, person: str) -> int:
    index = facts.rank_index(person)
    since = _reached(facts, person, index)
    return months_between(since, facts.on) if since else 0


def _reached(facts: Facts, person: str, index: int | None) -> date | None:
    """Give the day of the first posting at a place of the ladder."""
    ladder = facts.programme.rank_index
    for posting in facts.postings.get(person, ()):
        if index is not None and ladder(facts.rank_of(posting)) == index and posting.since:
            return as_day(posting.since)
    return None


# --- what keeps somebody out -------------------------------------------------------------------


def _unfit(facts: Facts, person: str, post: Post) -> list[Sentence]:
    found = []
    if any(p.post == post.id for p in facts.current(person)):
        found.append(say(N_("holds this post already")))
    held, wanted = facts.rank_index(person), facts.programme.rank_index(post.rank)
    if held is not None and wanted is not None and held > wanted:
        found.append(say(N_("holds a higher rank than the post's")))
    return found


def _breaks(facts: Facts, person: str, post: Post, rule: Rule) -> Sentence | None:
    judge = JUDGES.get(rule.rule.name)
    return judge(facts, person, post, rule.rule.parameters) if judge else None


def _trial_period(f: Facts, person: str, _: Post, rule: rules.TrialPeriod) -> Sentence | None:
    joined = f.people[person].joined_on
    ends = months_after(as_day(joined), rule.months) if joined else None
    return say(N_("on trial until %(day)s"), day=ends) if ends and f.on < ends else None


def _no_transfer(f: Facts, person: str, _: Post, rule: rules.NoTransfer) -> Sentence | None:
    joined = f.people[person].joined_on
    ends = months_after(as_day(joined), rule.months) if joined else None
    return say(N_("no transfer before %(day)s"), day=ends) if ends and f.on < ends else None


def _rank_after(f: Facts, person: str, post: Post, rule: rules.RankAfter) -> Sentence | None:
    wanted, held = f.programme.rank_index(rule.rank), f.rank_index(person)
    if wanted is None or f.programme.rank_index(post.rank) != wanted:
        return None
    if held is not None and held >= wanted:
        return None  # no rise in rank
    below = {f.programme.rank_index(rank) for rank in rule.from_}
    since = _reached(f, person, held) if held in below else None
    if since is None:
        ranks = tuple(Term("ranks_and_grades", rank) for rank in rule.from_)
        return say(N_("has not been: %(ranks)s"), ranks=ranks)
    joined = f.people[person].joined_on
    if not rule.trial_counts and joined:
        since = max(since, months_after(as_day(joined), 12))
    served = max(0, months_between(since, f.on))
    if served < rule.months:
        return say(
            N_("%(have)s of %(want)s months in the rank below"), have=served, want=rule.months
        )
    if rule.work_months and joined and months_between(as_day(joined), f.on) < rule.work_months:
        return say(N_("less than %(months)s months of work"), months=rule.work_months)
    grassroots = served_months(f, person, ("grassroots",))
    if rule.grassroots_months and grassroots < rule.grassroots_months:
        return say(
            N_("%(have)s of %(want)s months at the grassroots"),
            have=grassroots,
            want=rule.grassroots_months,
        )
    posts = {
        p.post for p in f.postings.get(person, ()) if f.programme.rank_index(f.rank_of(p)) in below
    }
    if rule.posts_below and len(posts) < rule.posts_below:
        return say(
            N_("%(have)s of %(want)s posts in the rank below"),
            have=len(posts),
            want=rule.posts_below,
        )
    return None


def _level_by_level(f: Facts, person: str, post: Post, rule: rules.LevelByLevel) -> Sentence | None:
    wanted, held = f.programme.rank_index(post.rank), f.rank_index(person)
    if wanted is None or held is None or wanted <= held:
        return None
    if wanted > held + 1:
        return say(N_("would skip a rank"))
    risen = _reached(f, person, held) if held > 0 else None
    if risen and f.on < months_after(risen, rule.months):
        return say(N_("rose in rank on %(day)s"), day=risen)
    return None


def _settled(f: Facts, person: str, _: Post, rule: rules.Settled) -> Sentence | None:
    home = f.home(person)
    if home and home.since and f.on < months_after(as_day(home.since), rule.months):
        return say(N_("in the present post only since %(day)s"), day=home.since)
    return None


def _home_place(f: Facts, person: str, post: Post, rule: rules.HomePlace) -> Sentence | None:
    native = f.people[person].native_place
    units = [f.units[unit] for unit in f.chain(post.unit)]
    if native and post.kind in rule.post_kinds and units and units[0].kind in rule.unit_kinds:
        at_home = next((unit for unit in units if native in unit.name), None)
        return say(N_("grew up in %(place)s"), place=at_home.name) if at_home else None
    return None


def _kin_apart(f: Facts, person: str, post: Post, rule: rules.KinApart) -> Sentence | None:
    leads = post.kind in rule.leading_post_kinds
    for kin in f.kin.get(person, ()):
        for posting in f.current(kin.relative) if kin.relation in rule.relations else ():
            theirs = f.posts[posting.post]
            if theirs.unit == post.unit and (leads or theirs.kind in rule.leading_post_kinds):
                return say(N_("a relative, %(name)s, serves there"), name=f.name(kin.relative))
    return None


def _last_reviews(f: Facts, person: str, _: Post, rule: rules.LastReviews) -> Sentence | None:
    reviews = [entry for entry in f.entries.get(person, ()) if entry.kind == rule.record]
    poor = next((e for e in reviews[-rule.last :] if e.result in rule.none_of), None)
    if poor is None:
        return None
    return say(
        N_("%(result)s in the review of %(day)s"), result=Term("results", poor.result), day=poor.on
    )


def _post_trial(f: Facts, person: str, post: Post, rule: rules.PostTrial) -> Sentence | None:
    for posting in f.current(person):
        if f.posts[posting.post].kind in rule.post_kinds and posting.since:
            ends = months_after(as_day(posting.since), rule.months)
            if f.on < ends and runs(posting.until, f.day):
                return say(N_("on trial in the present post until %(day)s"), day=ends)
    return None


# The rules of rules.yaml that speak of one person and one post; the planner judges the others.
JUDGES: dict[str, Callable[[Facts, str, Post, Any], Sentence | None]] = {
    "trial_period": _trial_period,
    "no_transfer": _no_transfer,
    "rank_after": _rank_after,
    "level_by_level": _level_by_level,
    "settled": _settled,
    "home_place": _home_place,
    "kin_apart": _kin_apart,
    "last_reviews": _last_reviews,
    "post_trial": _post_trial,
}
