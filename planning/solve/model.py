"""Turn a problem into one sparse integer programme: postings, their costs, the rows of the rules.

Rules on single postings are in the list of candidates and its costs. Rules on several postings
become rows; where they are soft, each row has a column that counts what is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.problem.defaults import Setting
from planning.problem.instance import PlanningProblem
from planning.problem.postings import CandidatePostings, Flags, Floats, Ints
from planning.rules import RULE_BY_NAME
from planning.rules.rows import RowBlock
from planning.solve.candidates import Candidates, candidates


@dataclass
class Model:
    """The integer programme.

    Its columns are the postings first, then for each block its own ones and its units broken.
    """

    problem: PlanningProblem
    postings: CandidatePostings
    blocks: list[RowBlock]
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
    ban_rules: list[str]  # hard rules on single postings, by bit
    broken: Ints  # which of them each posting breaks, as bits; 0 for all when they were left out

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


def build(problem: PlanningProblem, with_banned: bool = False) -> Model:
    """Build the model; `with_banned` keeps postings that hard rules forbid, and says which do."""
    listed = candidates(problem, with_banned)
    blocks = [
        block
        for setting in problem.settings
        if setting.kind != "warning"
        for rule in [RULE_BY_NAME.get(setting.name)]
        if rule and rule.rows
        for block in rule.rows(problem, setting, listed.postings)
        if len(block.labels)
    ]
    return _assemble(listed, blocks)


def extended(model: Model, block: RowBlock) -> Model:
    """Return a model with one more block of rows."""
    cost = model.cost[: len(model.postings)]
    listed = Candidates(model.postings, cost, model.ban_rules, model.broken)
    return _assemble(listed, [*model.blocks, block])


def _assemble(listed: Candidates, blocks: list[RowBlock]) -> Model:
    """Put the blocks of rows under each other, their own columns and slacks after the postings."""
    problem, count = listed.postings.problem, len(listed.postings)
    rows, columns, coefs = [], [], []
    lower, upper, block_of_row, first_row = [], [], [], []
    costs, uppers, integers = [listed.cost], [np.ones(count)], [np.ones(count, dtype=bool)]
    slack_of_row = []
    row_at, column_at = 0, count
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
            costs.append(np.where(waived[has], 0.0, float(block.setting.penalty)))
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
        problem, listed.postings, blocks,
        np.concatenate(costs), np.concatenate(uppers), np.concatenate(integers),
        np.concatenate(lower), np.concatenate(upper),
        all_rows[order], all_columns[order], np.concatenate(coefs)[order],
        np.concatenate(block_of_row), first_row, np.concatenate(slack_of_row),
        listed.ban_rules, listed.broken,
    )  # fmt: skip


def _waived(problem: PlanningProblem, block: RowBlock) -> Flags:
    if not problem.waived:
        return np.zeros(len(block.labels), dtype=bool)
    names = {what for rule, what in problem.waived if rule == block.setting.name}
    return np.array([bool(names & set(map(str, label))) for label in block.labels])
