"""A plan to stay near, and the rows that say who leaves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.problem.defaults import Setting
from planning.problem.postings import Ints
from planning.rules.rows import RowBlock
from planning.solve.model import Model, extended


@dataclass(frozen=True)
class BasePlan:
    """A plan to stay near: each person's postings in it, and what leaving it costs a person.

    A person without postings has no plan to keep.
    """

    postings: list[Ints]
    weight: int


def with_base(model: Model, base: BasePlan) -> Model:
    """Add a column for each person who leaves the base: its postings are kept, or it is paid."""
    postings = model.postings
    rows, columns, coefs = [], [], []
    labels: list[tuple[object, ...]] = []
    lower, upper = [], []
    own = 0
    most = 2.0 * model.problem.horizon.periods
    for person, mine in enumerate(base.postings):
        if not len(mine):
            continue
        own += 1
        about = (model.problem.people[person].id,)
        for posting in mine:
            rows += [len(labels)] * 2
            columns += [int(posting), -own]
            coefs += [1.0, 1.0]
            labels.append(about)
            lower.append(1.0)
            upper.append(np.inf)
        others = np.flatnonzero((postings.person == person) & (postings.end > postings.begin))
        others = np.setdiff1d(others, mine)
        rows += [len(labels)] * (len(others) + 1)
        columns += [*others.tolist(), -own]
        coefs += [1.0] * len(others) + [-most]
        labels.append(about)
        lower.append(-np.inf)
        upper.append(0.0)
    setting = Setting("few_changes", "", "hard", base.weight, "变动人数", "People moved")
    block = RowBlock(
        setting, labels, np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64),
        np.array(coefs), np.array(lower), np.array(upper), np.zeros(len(labels)),
        own_columns=own, own_cost=float(base.weight),
    )  # fmt: skip
    return extended(model, block)
