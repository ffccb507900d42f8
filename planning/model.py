"""Turn a problem into one sparse integer programme: stints, their costs, and the rows of the rules.

A hard rule on single stints leaves them out; a soft one adds to their cost. Rules on several
stints become rows; where they are soft, each row has a column that counts what is broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.defaults import Setting
from planning.problem import Person, Post, Problem, Served
from planning.rules import RULE_BY_NAME, Pair, Rule, Span
from planning.rules.postings import NEVER, Breach
from planning.stints import IDLE, Block, Flags, Floats, Ints, Stints


@dataclass
class Model:
    """The integer programme. Columns: stints first, then the blocks' own, then the units broken."""

    problem: Problem
    stints: Stints
    blocks: list[Block]
    cost: Floats
    upper: Floats
    is_integer: Flags
    row_lower: Floats
    row_upper: Floats
    rows: Ints  # of the matrix's entries, which are sorted by column
    columns: Ints
    coefs: Floats
    block_of_row: Ints
    first_row: list[int]
    slack_of_row: Ints  # column that counts what is broken, -1 where there is none
    ban_rules: list[str]  # hard rules on single stints, by bit
    broken: Ints  # which of them each stint breaks, as bits; 0 for all when they were left out

    @property
    def column_count(self) -> int:
        """Count the columns."""
        return len(self.cost)

    @property
    def row_count(self) -> int:
        """Count the rows."""
        return len(self.row_lower)

    def label(self, row: int) -> tuple[Setting, tuple[Any, ...]]:
        """Return the rule that made a row, and what the row is about."""
        at = int(self.block_of_row[row])
        block = self.blocks[at]
        return block.setting, block.labels[row - self.first_row[at]]

    def reduced(self, duals: Floats, cost: Floats | None = None) -> Floats:
        """Return the reduced costs of all columns under row duals."""
        priced = np.bincount(
            self.columns, weights=self.coefs * duals[self.rows], minlength=self.column_count
        )
        return (self.cost if cost is None else cost) - priced


@dataclass
class _Part:
    """Stints of one person and kind while they are collected."""

    person: int
    post: Ints
    begin: Ints
    end: Ints
    cost: Ints
    broken: Ints
    is_new: bool
    is_beside: bool


def build(problem: Problem, with_banned: bool = False) -> Model:
    """Build the model; `with_banned` keeps the stints that hard rules forbid, and says which do."""
    bans = _Bans([], with_banned)
    parts = list(_parts(problem, bans))
    stints = Stints(
        problem,
        np.concatenate([np.full(len(part.post), part.person) for part in parts]),
        np.concatenate([part.post for part in parts]),
        np.concatenate([part.begin for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([np.full(len(part.post), part.is_new) for part in parts]),
        np.concatenate([np.full(len(part.post), part.is_beside) for part in parts]),
    )
    cost = np.concatenate([part.cost for part in parts]).astype(float)
    broken = np.concatenate([part.broken for part in parts])
    blocks = [
        block
        for setting in problem.settings
        if setting.kind != "warning"
        for rule in [RULE_BY_NAME.get(setting.name)]
        if rule and rule.rows
        for block in rule.rows(problem, setting, stints)
        if len(block.labels)
    ]
    return _assemble(problem, stints, cost, blocks, bans.rules, broken)


def extended(model: Model, block: Block) -> Model:
    """Return a model with one more block of rows."""
    cost = model.cost[: len(model.stints)]
    blocks = [*model.blocks, block]
    return _assemble(model.problem, model.stints, cost, blocks, model.ban_rules, model.broken)


# --- stints -----------------------------------------------------------------------------------


@dataclass
class _Bans:
    """The hard rules met so far, numbered; `is_kept` keeps the stints that break them."""

    rules: list[str]
    is_kept: bool

    def bit(self, rule: str) -> int:
        if rule not in self.rules:
            self.rules.append(rule)
        return 1 << self.rules.index(rule)


def _parts(problem: Problem, bans: _Bans) -> Iterator[_Part]:
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
            yield from _new(problem, judges, p, person, kind, posts, spans[kind], bans)
        for served in (person.main, person.beside):
            if served is not None:
                yield _present(problem, judges, p, person, served, bans)
        yield _idle(problem, p, person, bans)


@dataclass(frozen=True)
class _Judges:
    """The rules on single stints that are in force, with their functions."""

    pairs: list[tuple[Setting, Rule, Pair]]
    spans: list[tuple[Setting, Span]]


def _judges(problem: Problem) -> _Judges:
    known = [
        (setting, RULE_BY_NAME[setting.name])
        for setting in problem.settings
        if setting.name in RULE_BY_NAME and setting.kind != "warning"
    ]
    return _Judges(
        [(setting, rule, rule.pair) for setting, rule in known if rule.pair],
        [(setting, rule.span) for setting, rule in known if rule.span],
    )


@dataclass
class _Spans:
    begin: Ints
    end: Ints
    cost: Ints
    broken: list[tuple[str, Flags]]  # hard rules, and the spans that break them


def _spans(
    problem: Problem, judges: _Judges, post: int, bans: _Bans, waived: frozenset[str] = frozenset()
) -> _Spans:
    """List the stretches that a kind of posting may take, whoever holds it."""
    periods = problem.horizon.periods
    begin, end = (
        np.array(each)
        for each in zip(
            *((s, e) for s in range(periods) for e in range(s + 1, periods + 1)), strict=True
        )
    )
    spans = _Spans(begin, end, np.zeros(len(begin), dtype=np.int64), [])
    nobody = Person("", "")
    for setting, span in judges.spans:
        if setting.name not in PERSONAL and setting.name not in waived:
            _judge_spans(problem, setting, span, nobody, problem.posts[post], spans, bans)
    return spans


PERSONAL = {"leave", "stage_first", "hardship_service"}  # spans that depend on the person


def _judge_spans(
    problem: Problem,
    setting: Setting,
    span: Span,
    person: Person,
    post: Post,
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
        spans.cost = spans.cost + units * setting.price
    elif bans.is_kept:
        spans.broken = [*spans.broken, (setting.name, units > 0)]
    else:
        kept = units == 0
        spans.begin, spans.end, spans.cost = spans.begin[kept], spans.end[kept], spans.cost[kept]


def _new(
    problem: Problem,
    judges: _Judges,
    p: int,
    person: Person,
    kind: str,
    posts: list[int],
    common: _Spans,
    bans: _Bans,
) -> Iterator[_Part]:
    """Yield the new stints of a person in the posts of one kind."""
    waived = frozenset(rule for rule, id_ in problem.waived if id_ == person.id)
    if waived:
        common = _spans(problem, judges, posts[0], bans, waived)
    spans = _Spans(common.begin, common.end, common.cost, common.broken)
    for setting, span in judges.spans:
        if setting.name in PERSONAL and (setting.name, person.id) not in problem.waived:
            _judge_spans(problem, setting, span, person, problem.posts[posts[0]], spans, bans)
    if not len(spans.begin):
        return
    shape = (len(spans.begin), len(posts))
    cost = np.broadcast_to(spans.cost[:, None], shape).copy()
    allowed = np.ones(shape, dtype=bool)
    broken: list[tuple[str, Flags]] = [
        (name, np.broadcast_to(flags[:, None], shape)) for name, flags in spans.broken
    ]
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
                cost[:, at] += breach.units * setting.price * times * here
        if setting.is_hard and mask.any():
            allowed &= ~mask
            if bans.is_kept:
                broken.append((setting.name, mask))
            elif not allowed.any():
                return
    bits = np.zeros(shape, dtype=np.int64)
    for name, mask in broken:
        bits |= np.where(mask, bans.bit(name), 0)
    held = {
        served.post for served in (person.main, person.beside) if served and served.kind == kind
    }
    goes_on = np.array([problem.posts[q].id in held for q in posts])
    is_again = (spans.begin == 0)[:, None] & goes_on  # that is the posting held already
    at_span, at_post = np.nonzero((allowed | bans.is_kept) & ~is_again)
    yield _Part(
        p, np.array(posts)[at_post], spans.begin[at_span], spans.end[at_span],
        cost[at_span, at_post], bits[at_span, at_post], True, problem.keeps_home(kind),
    )  # fmt: skip


def _present(
    problem: Problem,
    judges: _Judges,
    p: int,
    person: Person,
    served: Served,
    bans: _Bans,
) -> _Part:
    """Return the ways in which the posting of the first day may go on."""
    periods = problem.horizon.periods
    ends = range(periods + 1) if served.until is None else [problem.horizon.boundary(served.until)]
    q = next(at for at, post in enumerate(problem.posts) if post.id == served.post)
    post = problem.posts[q]
    kept, costs, bits = [], [], []
    for end in ends:
        cost, broken = 0, []
        for setting, span in judges.spans:
            if (setting.name, person.id) in problem.waived:
                continue
            units = span(problem, setting, person, post, served, 0, end)
            if units and setting.is_hard:
                broken.append(setting.name)
            cost += units * setting.price
        for setting, rule, pair in judges.pairs:
            if rule.holds_for_present and not setting.is_hard:
                breach = pair(problem, setting, person, post)
                if breach and (setting.name, person.id) not in problem.waived:
                    cost += breach.units * setting.price * (end if rule.per_period else 1)
        if bans.is_kept or not broken:
            kept.append(end)
            costs.append(cost)
            bits.append(sum({bans.bit(name) for name in broken}))
    count = len(kept)
    return _Part(
        p, np.full(count, q), np.zeros(count, dtype=np.int64), np.array(kept, dtype=np.int64),
        np.array(costs, dtype=np.int64), np.array(bits, dtype=np.int64),
        False, person.beside is served,
    )  # fmt: skip


def _idle(problem: Problem, p: int, person: Person, bans: _Bans) -> _Part:
    """Return periods without a post; they cost nothing before joining, or on leave from none."""
    setting = problem.setting("placed")
    kept, costs, bits = [], [], []
    for t in range(problem.horizon.periods):
        is_away = t in person.absent or (t in person.leave and person.main is None)
        is_free = is_away or setting is None
        is_free = is_free or ("placed", person.id) in problem.waived
        is_banned = setting is not None and setting.is_hard and not is_free
        if is_banned and not bans.is_kept:
            continue
        kept.append(t)
        costs.append(0 if is_free or setting is None else setting.price)
        bits.append(bans.bit("placed") if is_banned else 0)
    begin = np.array(kept, dtype=np.int64)
    return _Part(
        p, np.full(len(kept), IDLE), begin, begin + 1, np.array(costs, dtype=np.int64),
        np.array(bits, dtype=np.int64), True, False,
    )  # fmt: skip


# --- the matrix -------------------------------------------------------------------------------


def _assemble(
    problem: Problem,
    stints: Stints,
    cost: Floats,
    blocks: list[Block],
    ban_rules: list[str],
    broken: Ints,
) -> Model:
    rows, columns, coefs = [], [], []
    lower, upper, block_of_row, first_row = [], [], [], []
    costs, uppers, integers = [cost], [np.ones(len(stints))], [np.ones(len(stints), dtype=bool)]
    slack_of_row = []
    row_at, column_at = 0, len(stints)
    for number, block in enumerate(blocks):
        count = len(block.labels)
        entry_columns = np.where(block.columns >= 0, block.columns, column_at - 1 - block.columns)
        rows.append(block.rows + row_at)
        columns.append(entry_columns)
        coefs.append(block.coefs)
        costs.append(np.full(block.own_columns, block.own_cost))
        uppers.append(np.full(block.own_columns, np.inf))
        integers.append(np.zeros(block.own_columns, dtype=bool))
        column_at += block.own_columns
        slacks = np.full(count, -1)
        waived = _waived(problem, block)
        if not block.setting.is_hard:
            has = np.flatnonzero(block.slack != 0)
            slacks[has] = column_at + np.arange(len(has))
            rows.append(has + row_at)
            columns.append(slacks[has])
            coefs.append(block.slack[has])
            price = np.where(waived[has], 0.0, float(block.setting.price))
            costs.append(price)
            uppers.append(np.full(len(has), 1.0 if block.counts_whole else np.inf))
            integers.append(np.full(len(has), block.counts_whole))
            column_at += len(has)
        free = waived & block.setting.is_hard
        lower.append(np.where(free, -np.inf, block.lower))
        upper.append(np.where(free, np.inf, block.upper))
        block_of_row.append(np.full(count, number))
        slack_of_row.append(slacks)
        first_row.append(row_at)
        row_at += count
    all_rows, all_columns = np.concatenate(rows), np.concatenate(columns)
    order = np.lexsort((all_rows, all_columns))
    return Model(
        problem, stints, blocks,
        np.concatenate(costs), np.concatenate(uppers), np.concatenate(integers),
        np.concatenate(lower), np.concatenate(upper),
        all_rows[order], all_columns[order], np.concatenate(coefs)[order],
        np.concatenate(block_of_row), first_row, np.concatenate(slack_of_row),
        ban_rules, broken,
    )  # fmt: skip


def _waived(problem: Problem, block: Block) -> Flags:
    if not problem.waived:
        return np.zeros(len(block.labels), dtype=bool)
    names = {what for rule, what in problem.waived if rule == block.setting.name}
    return np.array([bool(names & set(map(str, label))) for label in block.labels])
