"""The linear rows that a rule makes over postings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.problem.defaults import Setting
from planning.problem.postings import Floats, Ints

Label = tuple[Any, ...]  # what a row is about, by id


@dataclass
class RowBlock:
    """The rows that one rule makes: `lower <= sum(coefs * columns) <= upper`.

    A column from 0 up is a posting; -1, -2, ... are the block's own columns 0, 1, ... (continuous,
    from 0). `slack` is the coefficient of the row's units broken: it is a column when the rule is
    soft, absent when it is hard. A label names what the row is about, by id.
    """

    setting: Setting
    labels: list[Label]
    rows: Ints
    columns: Ints
    coefs: Floats
    lower: Floats
    upper: Floats
    slack: Floats
    counts_whole: bool = False  # broken units are counted whole (a slack of 0 or 1)
    own_columns: int = 0
    own_cost: float = 0.0  # of each own column
    is_structure: bool = False  # what a plan of one person is: every chain of postings keeps it


def row_block(
    setting: Setting,
    rows: Ints,
    columns: Ints,
    coef: float,
    lower: Floats,
    upper: Floats,
    slack: float,
    labels: list[Label],
    is_structure: bool = False,
) -> RowBlock:
    """Make the rows of one coefficient that a rule asks for."""
    return RowBlock(
        setting, labels, rows, columns, np.full(len(columns), coef), lower, upper,
        np.full(len(labels), float(slack)), is_structure=is_structure,
    )  # fmt: skip
