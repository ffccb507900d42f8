"""List the postings that may be chosen, each with what it costs and which hard rules it breaks.

A hard rule on single postings leaves them out; a soft one adds to their cost. Postings are judged
by the span of time, which is the same for all posts of a kind, and by the pair of person and post.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planning.problem.defaults import Setting
from planning.problem.instance import BegunPosting, OfferedPost, PlannedPerson, PlanningProblem
from planning.problem.postings import IDLE, CandidatePostings, Flags, Floats, Ints
from planning.rules import RULE_BY_NAME, Pair, PlanningRule, Span
from planning.rules.pairs import NEVER, Breach

PERSONAL = {"leave", "stage_first", "hardship_service"}  # spans that depend on the person


@dataclass(frozen=True)
class Candidates:
    """The postings with their costs, and the hard rules each breaks as bits of `ban_rules`."""

    postings: CandidatePostings
    cost: Floats
    ban_rules: list[str]
    broken: Ints


def candidates(problem: PlanningProblem, with_banned: bool = False) -> Candidates:
    """List the postings; `with_banned` keeps those that hard rules forbid, and says which do."""
    bans = _Bans([], with_banned)
    parts = list(_parts(problem, bans))
    postings = CandidatePostings(
        problem,
        np.concatenate([np.full(len(part.post), part.person) for part in parts]),
        np.concatenate([part.post for part in parts]),
        np.concatenate([part.begin for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([np.full(len(part.post), part.is_new) for part in parts]),
        np.concatenate([np.full(len(part.post), part.is_beside) for part in parts]),
    )
    cost = np.concatenate([part.cost for part in parts]).astype(float)
    return Candidates(postings, cost, bans.rules, np.concatenate([part.broken for part in parts]))


@dataclass
class _Part:
    """Postings of one person and kind while they are collected."""

    person: int
    post: Ints
    begin: Ints
    end: Ints
    cost: Ints
    broken: Ints
    is_new: bool
    is_beside: bool


@dataclass
class _Bans:
    """The hard rules met so far, numbered; `is_kept` keeps the postings that break them."""

    rules: list[str]
    is_kept: bool

    def bit(self, rule: str) -> int:
        if rule not in self.rules:
            self.rules.append(rule)
        return 1 << self.rules.index(rule)


@dataclass(frozen=True)
class _Judges:
    """The rules on single postings that are in force, with their functions."""

    pairs: list[tuple[Setting, PlanningRule, Pair]]
    spans: list[tuple[Setting, Span]]


@dataclass
class _Spans:
    """The spans of time that a kind of posting may take, with what they cost and break."""

    begin: Ints
    end: Ints
    cost: Ints
    broken: list[tuple[str, Flags]]  # hard rules, and the spans that break them


@dataclass
class _PairGrid:
    """Spans by posts: what a posting costs there, whether it may be, what it breaks."""

    cost: Ints
    allowed: Flags
    broken: list[tuple[str, Flags]]


def _parts(problem: PlanningProblem, bans: _Bans) -> Iterator[_Part]:
    by_kind: dict[str, list[int]] = {}
    limit = problem.setting("capacity")
    is_closed = limit is not None and limit.is_hard and not bans.is_kept
    for q, post in enumerate(problem.posts):
        if post.exercise is not None and not (is_closed and post.capacity == 0):
            by_kind.setdefault(post.exercise, []).append(q)
    judges = _judges(problem)
    spans = {kind: _spans(problem, judges, posts[0], bans) for kind, posts in by_kind.items()}
    for p, person in enumerate(problem.people):
        for kind, posts in sorted(by_kind.items()):
            yield from _new(problem, judges, p, kind, posts, spans[kind], bans)
        for present in (person.main, person.beside):
            if present is not None:
                yield _present(problem, judges, p, present, bans)
        yield _idle(problem, p, bans)


def _judges(problem: PlanningProblem) -> _Judges:
    known = [
        (setting, RULE_BY_NAME[setting.name])
        for setting in problem.settings
        if setting.name in RULE_BY_NAME and setting.kind != "warning"
    ]
    return _Judges(
        [(setting, rule, rule.pair) for setting, rule in known if rule.pair],
        [(setting, rule.span) for setting, rule in known if rule.span],
    )


# --- new postings: spans of time by posts


def _spans(
    problem: PlanningProblem,
    judges: _Judges,
    post: int,
    bans: _Bans,
    waived: frozenset[str] = frozenset(),
) -> _Spans:
    """List the spans that a kind of posting may take, whoever holds it."""
    periods = problem.horizon.periods
    begin, end = (
        np.array(each)
        for each in zip(
            *((s, e) for s in range(periods) for e in range(s + 1, periods + 1)), strict=True
        )
    )
    spans = _Spans(begin, end, np.zeros(len(begin), dtype=np.int64), [])
    nobody = PlannedPerson("", "")
    for setting, span in judges.spans:
        if setting.name not in PERSONAL and setting.name not in waived:
            _judge_spans(problem, setting, span, nobody, problem.posts[post], spans, bans)
    return spans


def _judge_spans(
    problem: PlanningProblem,
    setting: Setting,
    span: Span,
    person: PlannedPerson,
    post: OfferedPost,
    spans: _Spans,
    bans: _Bans,
) -> None:
    units = np.array(
        [
            span(problem, setting, person, post, None, int(s), int(e))
            for s, e in zip(spans.begin, spans.end, strict=True)
        ],
        dtype=np.int64,
    )
    if not units.any():
        return
    if not setting.is_hard:
        spans.cost = spans.cost + units * setting.penalty
    elif bans.is_kept:
        spans.broken = [*spans.broken, (setting.name, units > 0)]
    else:
        kept = units == 0
        spans.begin, spans.end, spans.cost = spans.begin[kept], spans.end[kept], spans.cost[kept]


def _new(
    problem: PlanningProblem,
    judges: _Judges,
    p: int,
    kind: str,
    posts: list[int],
    common: _Spans,
    bans: _Bans,
) -> Iterator[_Part]:
    """Yield the new postings of a person in the posts of one kind."""
    person = problem.people[p]
    waived = frozenset(rule for rule, id_ in problem.waived if id_ == person.id)
    if waived:
        common = _spans(problem, judges, posts[0], bans, waived)
    spans = _Spans(common.begin, common.end, common.cost, common.broken)
    for setting, span in judges.spans:
        if setting.name in PERSONAL and setting.name not in waived:
            _judge_spans(problem, setting, span, person, problem.posts[posts[0]], spans, bans)
    if not len(spans.begin):
        return
    grid = _judged_pairs(problem, judges, person, posts, spans, bans)
    if grid is None:
        return
    bits = np.zeros(grid.cost.shape, dtype=np.int64)
    for name, mask in grid.broken:
        bits |= np.where(mask, bans.bit(name), 0)
    held = {
        present.post for present in (person.main, person.beside) if present and present.kind == kind
    }
    goes_on = np.array([problem.posts[q].id in held for q in posts])
    is_again = (spans.begin == 0)[:, None] & goes_on  # that is the posting held already
    at_span, at_post = np.nonzero((grid.allowed | bans.is_kept) & ~is_again)
    yield _Part(
        p, np.array(posts)[at_post], spans.begin[at_span], spans.end[at_span],
        grid.cost[at_span, at_post], bits[at_span, at_post], True, problem.keeps_home(kind),
    )  # fmt: skip


def _judged_pairs(
    problem: PlanningProblem,
    judges: _Judges,
    person: PlannedPerson,
    posts: list[int],
    spans: _Spans,
    bans: _Bans,
) -> _PairGrid | None:
    """Judge a person in each post over the spans; None when hard rules leave nothing."""
    shape = (len(spans.begin), len(posts))
    broken: list[tuple[str, Flags]] = [
        (name, np.broadcast_to(flags[:, None], shape)) for name, flags in spans.broken
    ]
    cost = np.broadcast_to(spans.cost[:, None], shape).copy()
    grid = _PairGrid(cost, np.ones(shape, dtype=bool), broken)
    lengths = spans.end - spans.begin
    for setting, rule, pair in judges.pairs:
        if (setting.name, person.id) in problem.waived:
            continue
        mask = np.zeros(shape, dtype=bool)
        for at, q in enumerate(posts):
            breach: Breach | None = pair(problem, setting, person, problem.posts[q])
            if breach is None or breach.until <= 0:
                continue
            is_always = breach.since <= 0 and breach.until >= NEVER
            here: Flags | bool = (
                True if is_always else (spans.begin >= breach.since) & (spans.begin < breach.until)
            )
            if setting.is_hard:
                mask[:, at] |= here
            else:
                times = lengths if rule.per_period else 1
                cost[:, at] += breach.units * setting.penalty * times * here
        if setting.is_hard and mask.any():
            grid.allowed &= ~mask
            if bans.is_kept:
                broken.append((setting.name, mask))
            elif not grid.allowed.any():
                return None
    return grid


# --- what goes on from the first day, and periods without a post


def _present(
    problem: PlanningProblem, judges: _Judges, p: int, present: BegunPosting, bans: _Bans
) -> _Part:
    """Return the ways in which the posting of the first day may go on."""
    periods, person = problem.horizon.periods, problem.people[p]
    until = present.until
    ends = range(periods + 1) if until is None else [problem.horizon.boundary(until)]
    q = next(at for at, post in enumerate(problem.posts) if post.id == present.post)
    post = problem.posts[q]
    kept, costs, bits = [], [], []
    for end in ends:
        cost, broken = 0, []
        for setting, span in judges.spans:
            if (setting.name, person.id) in problem.waived:
                continue
            units = span(problem, setting, person, post, present, 0, end)
            if units and setting.is_hard:
                broken.append(setting.name)
            cost += units * setting.penalty
        for setting, rule, pair in judges.pairs:
            if rule.holds_for_present and not setting.is_hard:
                breach = pair(problem, setting, person, post)
                if breach and (setting.name, person.id) not in problem.waived:
                    cost += breach.units * setting.penalty * (end if rule.per_period else 1)
        if bans.is_kept or not broken:
            kept.append(end)
            costs.append(cost)
            bits.append(sum({bans.bit(name) for name in broken}))
    count = len(kept)
    return _Part(
        p, np.full(count, q), np.zeros(count, dtype=np.int64), np.array(kept, dtype=np.int64),
        np.array(costs, dtype=np.int64), np.array(bits, dtype=np.int64),
        False, person.beside is present,
    )  # fmt: skip


def _idle(problem: PlanningProblem, p: int, bans: _Bans) -> _Part:
    """Return periods without a post; they cost nothing before joining, or on leave from none."""
    setting, person = problem.setting("placed"), problem.people[p]
    kept, costs, bits = [], [], []
    for t in range(problem.horizon.periods):
        is_away = t in person.absent or (t in person.leave and person.main is None)
        is_free = is_away or setting is None
        is_free = is_free or ("placed", person.id) in problem.waived
        is_banned = setting is not None and setting.is_hard and not is_free
        if is_banned and not bans.is_kept:
            continue
        kept.append(t)
        costs.append(0 if is_free or setting is None else setting.penalty)
        bits.append(bans.bit("placed") if is_banned else 0)
    begin = np.array(kept, dtype=np.int64)
    return _Part(
        p, np.full(len(kept), IDLE), begin, begin + 1, np.array(costs, dtype=np.int64),
        np.array(bits, dtype=np.int64), True, False,
    )  # fmt: skip
