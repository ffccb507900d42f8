"""The programme's priorities for a vacant post: each one a fact of its own, told with its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from graph import rules
from graph.errors import N_
from graph.programme import Priority
from queries.programme.facts import Facts, Post
from queries.programme.reserve import reserve_member
from queries.programme.stages import progress_of
from queries.sentences import Sentence, Term, say


@dataclass(frozen=True)
class PriorityReason:
    """One priority (or comparison among equals) and whether it speaks for the person."""

    key: str
    holds: bool
    words: Sentence


def is_last(priority: Priority) -> bool:
    """Return whether a priority decides only among those who are equal in all else."""
    rule = priority.rule.parameters
    return isinstance(rule, rules.Prefer) and rule.when == "equal_conditions"


def reason(facts: Facts, person: str, post: Post, priority: Priority) -> PriorityReason:
    """Return whether a priority speaks for somebody, and the fact that it stands on."""
    rule = priority.rule.parameters
    if isinstance(rule, rules.ShownBy):
        holds, words = _shown_by(facts, person, rule)
    elif isinstance(rule, rules.Reviewed):
        holds, words = _reviewed(facts, person, rule)
    elif rule.when == "reserve_list":
        holds, words = _listed(facts, person)
    elif rule.when == "important_post":
        holds, words = _important(facts, person, post, rule)
    elif rule.when == "vacancy":
        holds, words = _vacancy(facts, person, post, rule)
    else:
        holds, words = _ready(facts, person, rule)
    return PriorityReason(priority.key, holds, words)


Found = tuple[bool, Sentence]


def _listed(facts: Facts, person: str) -> Found:
    member = reserve_member(facts, person)
    if member is None:
        return False, say(N_("not on the list"))
    values = {"day": member.since, "document": member.document}
    if member.document:
        return True, say(N_("on the list since %(day)s, %(document)s"), **values)
    return True, say(N_("on the list since %(day)s"), day=member.since)


def _important(facts: Facts, person: str, post: Post, rule: rules.Prefer) -> Found:
    if rule.post_kinds and post.kind not in rule.post_kinds:
        return False, say(N_("not an important post"))
    for each in facts.postings.get(person, ()):
        if each.kind in rule.served or facts.posts[each.post].kind in rule.post_kinds:
            held = facts.posts[each.post].name
            if each.since:
                words = say(N_("served as %(post)s since %(day)s"), post=held, day=each.since)
            else:
                words = say(N_("served as %(post)s, first day not known"), post=held)
            if rule.batch is None:
                return True, words
            ready, stage = _ready(facts, person, rule)
            return ready, say(N_("%(served)s; %(stage)s"), served=words, stage=stage)
    return False, say(N_("has not served in an important post"))


def _vacancy(facts: Facts, person: str, post: Post, rule: rules.Prefer) -> Found:
    is_vacant, since = _vacant_since(facts, post)
    if not is_vacant:
        return False, say(N_("the post is not vacant"))
    ready, stage = _ready(facts, person, rule)
    if since is None:
        return ready, say(N_("the post is vacant, nobody held it before; %(stage)s"), stage=stage)
    return ready, say(N_("the post is vacant since %(day)s; %(stage)s"), day=since, stage=stage)


def free_places(facts: Facts, post: Post) -> int:
    """Return how many places of a post nobody holds, whatever people are looked at."""
    held, _ended = facts.once(_holders).get(post.id, (frozenset(), None))
    return max((1 if post.capacity is None else post.capacity) - len(held), 0)


def _vacant_since(facts: Facts, post: Post) -> tuple[bool, str | None]:
    """Return whether a post has room, and the day on which a holder last left it."""
    _held, ended = facts.once(_holders).get(post.id, (frozenset(), None))
    return free_places(facts, post) > 0, ended


def _holders(facts: Facts) -> dict[str, tuple[AbstractSet[str], str | None]]:
    """Return of each post who holds it, but for acting ones, and when a holder last left it."""
    held: dict[str, set[str]] = defaultdict(set)
    ended: dict[str, str] = {}
    for person, postings in facts.postings.items():
        for each in postings:
            if each.acting:
                continue
            if each.until is None or facts.day < each.until:
                held[each.post].add(person)
            else:
                ended[each.post] = max(each.until, ended.get(each.post, ""))
    return {post: (held.get(post, frozenset()), ended.get(post)) for post in {*held, *ended}}


def _ready(facts: Facts, person: str, rule: rules.Prefer) -> Found:
    where = progress_of(facts, person)
    stage = Term("stages", where.stage)
    if where.since is None:
        return where.batch == rule.batch, say(N_("stage: %(stage)s"), stage=stage)
    return where.batch == rule.batch, say(
        N_("stage: %(stage)s since %(day)s"), stage=stage, day=where.since.isoformat()
    )


def _shown_by(facts: Facts, person: str, rule: rules.ShownBy) -> Found:
    """Return whether enough kinds of record speak for somebody; those that do are told first."""
    found = [_testimony(facts, person, each) for each in rule.of]
    told = sorted(found, key=lambda each: not each[0])
    count = sum(holds for holds, _ in found)
    values = {f"of{at}": words for at, (_, words) in enumerate(told)}
    listed = say(" · ".join(f"%({name})s" for name in values), **values)
    if rule.at_least == 1:
        return count >= 1, listed
    return count >= rule.at_least, say(
        N_("%(count)s of at least %(n)s: %(listed)s"), count=count, n=rule.at_least, listed=listed
    )


def _testimony(facts: Facts, person: str, rule: rules.Testimony) -> Found:
    if not rule.last_only:
        return _reviewed(facts, person, rule)
    first = rules.Window(months=rule.months).first_text(facts.on)
    last = next((e for e in reversed(facts.entries_of(person, rule.record)) if e.on >= first), None)
    record = Term("record_kinds", rule.record)
    if last is None:
        words = N_("no %(record)s in the last %(months)s months")
        return False, say(words, record=record, months=rule.months)
    holds = not rule.results or last.result in rule.results
    result = Term("results", last.result or None)
    return holds, say(
        N_("last %(record)s of %(day)s: %(result)s"), record=record, day=last.on, result=result
    )


def _reviewed(facts: Facts, person: str, rule: rules.Reviewed) -> Found:
    first = rules.Window(months=rule.months).first_text(facts.on)
    found = [
        entry.on
        for entry in facts.entries_of(person, rule.record)
        if (not rule.results or entry.result in rule.results) and entry.on >= first
    ]
    record: Sentence | Term = Term("record_kinds", rule.record)
    if rule.results:
        results = tuple(Term("results", each) for each in rule.results)
        record = say(N_("%(record)s (%(which)s)"), record=record, which=results)
    if not found:
        words = N_("no %(record)s in the last %(months)s months")
        if rule.months is None:
            return False, say(N_("no %(record)s"), record=record)
        return False, say(words, record=record, months=rule.months)
    return len(found) >= rule.at_least, say(
        N_("%(record)s: %(count)s, last on %(day)s"),
        record=record,
        count=len(found),
        day=found[-1],
    )
