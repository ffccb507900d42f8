"""Say why there is no plan.

A conflict is a smallest set of named things (a rule for a person, a post's places, a pin) that
cannot hold together. It is found from the duals of an elastic linear programme, which sees
shortages of places and mentors at once, and made small by leaving things out as long as the rest
is still impossible. Every claim is verified by solving again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from graph.errors import N_
from planning.explain.reasons import FEW, ConflictReason, describe, merged, title_of
from planning.problem.instance import PlanningProblem
from planning.problem.postings import Flags, Floats, Ints
from planning.rules import broken
from planning.solve.highs import FEASIBLE, INFEASIBLE, OPTIMAL, Solved, solve_lp, solve_mip
from planning.solve.model import Model, build
from queries.sentences import Sentence, say

EPSILON = 1e-6
SHRINKING = 2.0  # seconds for leaving out names singly

Key = tuple[object, ...]


@dataclass(frozen=True)
class RuleConflict:
    """Why there is no plan. `is_verified`: impossible together, possible without any one."""

    reasons: tuple[ConflictReason, ...]
    is_verified: bool
    seconds: float


def conflict(problem: PlanningProblem, seconds: float = 30.0) -> RuleConflict | None:
    """Find a smallest set of things that cannot hold together; None when a plan exists."""
    began = time.monotonic()
    search = ConflictSearch(problem, began + seconds)
    keys = search.find()
    if keys is None:
        return None
    keys, is_verified = search.shrink(keys)
    reasons = merged(problem, [search.reason(key) for key in sorted(keys, key=_order)])
    return RuleConflict(tuple(reasons), is_verified, time.monotonic() - began)


class ConflictSearch:
    """The model with everything that rules forbid still in it, and its parts by name."""

    def __init__(self, problem: PlanningProblem, until: float) -> None:
        self.problem, self.until = problem, until
        self.model: Model = build(problem, with_banned=True)
        model = self.model
        self.count = len(model.postings)
        self.key_of_row: list[Key] = []
        for row in range(model.row_count):
            setting, label = model.label(row)
            about = label[:1] if setting.name in ("one_post", "keeps_home_post") else label
            if setting.name == "mentors":
                about = label[:3]
            self.key_of_row.append((setting.name, *about))
        hard = [block.setting.is_hard for block in model.blocks]
        self.is_hard = np.array(hard)[model.block_of_row]
        bounded = np.isfinite(model.row_lower) | np.isfinite(model.row_upper)
        self.is_hard &= bounded
        self.rows_by_key: dict[Key, list[int]] = defaultdict(list)
        for hard_row in np.flatnonzero(self.is_hard).tolist():
            self.rows_by_key[self.key_of_row[hard_row]].append(hard_row)
        self.order = np.argsort(model.rows, kind="stable")
        self.first = np.searchsorted(model.rows[self.order], np.arange(model.row_count + 1))

    def _ban(self, posting: int) -> list[Key]:
        """Return the names of the bans that keep a posting out."""
        bits = int(self.model.broken[posting])
        person = self.problem.people[self.model.postings.person[posting]].id
        return [
            ("ban", rule, person) for at, rule in enumerate(self.model.ban_rules) if bits >> at & 1
        ]

    def find(self) -> set[Key] | None:
        """Find names that cannot hold together, not yet few; None when a plan exists."""
        model = self.model
        columns = np.ones(model.column_count, dtype=bool)
        columns[: self.count] = model.broken == 0
        rows = np.flatnonzero(self.is_hard)
        value, duals = self._elastic(columns, rows)
        if value <= EPSILON:
            if self._is_possible({*self.rows_by_key, *self._all_bans()}) is not False:
                return None
            return {*self.rows_by_key, *self._all_bans()}
        keys = {self.key_of_row[row] for row in rows if abs(duals[row]) > EPSILON}
        reduced = model.reduced(duals, np.zeros(model.column_count))
        for posting in np.flatnonzero((model.broken > 0) & (reduced[: self.count] < -EPSILON)):
            keys |= set(self._ban(int(posting)))
        return keys

    def _all_bans(self) -> set[Key]:
        return {
            key for posting in np.flatnonzero(self.model.broken) for key in self._ban(int(posting))
        }

    def _elastic(self, columns: Flags, rows: Ints) -> tuple[float, Floats]:
        """Break hard rows as little as possible: the units broken, and the rows' duals."""
        solved = self._break(columns, rows, np.ones(len(rows)))
        duals = np.zeros(self.model.row_count)
        if solved.status != OPTIMAL:
            return 0.0, duals
        duals[rows] = solved.duals
        return solved.objective, duals

    def _elastic_values(self, columns: Flags, rows: Ints, penalties: Floats) -> Floats:
        solved = self._break(columns, rows, penalties)
        here = len(rows)
        if solved.status != OPTIMAL:
            return np.zeros(here)
        return solved.values[-2 * here :].reshape(here, 2).sum(axis=1)

    def _break(self, columns: Flags, rows: Ints, penalties: Floats) -> Solved:
        """Solve the relaxation where each row may be broken for a penalty; infinite: it may not."""
        model = self.model
        chosen = np.flatnonzero(columns)
        number = np.cumsum(columns) - 1
        row_number = np.full(model.row_count, -1)
        row_number[rows] = np.arange(len(rows))
        kept = columns[model.columns] & (row_number[model.rows] >= 0)
        count, here = len(chosen), len(rows)
        numbers = np.arange(here)
        is_open = np.isfinite(penalties)
        return solve_lp(
            np.concatenate([np.zeros(count), np.where(is_open, penalties, 0.0).repeat(2)]),
            np.concatenate([model.upper[chosen], np.where(is_open, np.inf, 0.0).repeat(2)]),
            np.concatenate([row_number[model.rows[kept]], numbers, numbers]),
            np.concatenate(
                [number[model.columns[kept]], count + 2 * numbers, count + 2 * numbers + 1]
            ),
            np.concatenate([model.coefs[kept], np.ones(here), -np.ones(here)]),
            model.row_lower[rows],
            model.row_upper[rows],
            seconds=max(1.0, self.until - time.monotonic()),
        )

    def broken(self, columns: Flags, rows: Ints, penalties: Floats) -> dict[Key, int]:
        """Return what is broken, and how often, when breaking costs so much; nothing if in vain.

        A place that is short in several periods is one place.
        """
        values = self._elastic_values(columns, rows, penalties)
        found: dict[Key, int] = {}
        for row, units in zip(rows, values, strict=True):
            if units > EPSILON:
                key = self.key_of_row[row]
                is_whole = self.model.blocks[self.model.block_of_row[row]].counts_whole
                times = 1 if is_whole else int(np.ceil(units - EPSILON))
                same = next((k for k in found if k[:2] == key[:2] and len(k) > 2), key)
                if str(key[0]) == "mentors":
                    same = next((k for k in found if k[:3] == key[:3]), key)
                found[same] = max(found.get(same, 0), times)
        return found

    def shrink(self, keys: set[Key]) -> tuple[set[Key], bool]:
        """Leave out names while the rest stays impossible; tell whether the end is verified.

        Many at a time first, by the linear relaxation; then by whole numbers what is shown as one
        sentence, until each of those is needed.
        """
        if self._is_possible(keys) is not False:
            return keys, False
        kept = sorted(keys, key=_order)
        size, enough = max(1, len(kept) // 2), time.monotonic() + SHRINKING
        while True:
            at = 0
            while at < len(kept) and (size > 1 or time.monotonic() < enough):
                rest = kept[:at] + kept[at + size :]
                if rest and self._is_possible(set(rest), is_relaxed=True) is False:
                    kept = rest
                else:
                    at += size
            if size == 1:
                break
            size = max(1, min(size // 2, len(kept) // 2))
        is_verified = True
        for group in _shown_together(kept):
            rest = [key for key in kept if key not in group]
            possible = self._is_possible(set(rest)) if rest else True
            if possible is False:
                kept = rest
            is_verified = is_verified and possible is not None
        return set(kept), is_verified

    def _is_possible(self, keys: set[Key], is_relaxed: bool = False) -> bool | None:
        """Return whether the named things can hold together, nothing else asked; None: not known.

        Relaxed: in fractions, where False is certain and True is not.
        """
        if time.monotonic() > self.until:
            return None
        model = self.model
        rows = np.array(
            sorted(row for key in keys for row in self.rows_by_key.get(key, ())), dtype=np.int64
        )
        if not len(rows):
            return True
        columns = np.zeros(model.column_count, dtype=bool)
        entries = np.concatenate(
            [self.order[self.first[row] : self.first[row + 1]] for row in rows]
        )
        columns[model.columns[entries]] = True
        bans: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            if key[0] == "ban":
                bans[str(key[2])].add(str(key[1]))
        bits = np.zeros(len(self.problem.people), dtype=np.int64)
        for p, person in enumerate(self.problem.people):
            for at, rule in enumerate(model.ban_rules):
                if rule in bans[person.id]:
                    bits[p] |= 1 << at
        columns[: self.count] &= (model.broken & bits[model.postings.person]) == 0
        number = np.cumsum(columns) - 1
        row_number = np.full(model.row_count, -1)
        row_number[rows] = np.arange(len(rows))
        entries = entries[columns[model.columns[entries]]]
        chosen = np.flatnonzero(columns)
        if not len(chosen):
            zero = np.zeros(len(rows))
            return bool(((model.row_lower[rows] <= zero) & (model.row_upper[rows] >= zero)).all())
        solved = solve_mip(
            np.zeros(len(chosen)),
            model.upper[chosen],
            model.is_integer[chosen] & (not is_relaxed),
            row_number[model.rows[entries]],
            number[model.columns[entries]],
            model.coefs[entries],
            model.row_lower[rows],
            model.row_upper[rows],
            seconds=max(0.5, min(5.0, self.until - time.monotonic())),
        )
        if solved.status in (OPTIMAL, FEASIBLE):
            return True
        return False if solved.status == INFEASIBLE else None

    def reason(self, key: Key) -> ConflictReason:
        """Put one name into a sentence."""
        if key[0] == "ban":
            rule, person = str(key[1]), str(key[2])
            return ConflictReason(rule, (person,), self._ban_sentence(rule, person))
        name, about = str(key[0]), key[1:]
        return ConflictReason(name, tuple(map(str, about)), describe(self.problem, name, about))

    def _ban_sentence(self, rule: str, person: str) -> Sentence:
        """Return what a rule keeps a person from, naming the posts that pins are about."""
        pinned = [pin.post for pin in self.problem.pins if pin.person == person]
        post = pinned[0] if len(set(pinned)) == 1 else None
        kind = self.problem.post_by_id[post].exercise if post else None
        sentence = broken(self.problem, rule, person=person, post=post, kind=kind)
        if post is None and any(
            f"%({each})s" in sentence.template for each in ("post", "kind", "unit")
        ):
            return say(
                N_("%(rule)s: this holds for %(person)s."),
                rule=title_of(self.problem, rule),
                person=self.problem.person_name(person),
            )
        if post is not None and "%(unit)s" in sentence.template:
            unit = self.problem.post_by_id[post].unit
            return broken(self.problem, rule, person=person, post=post, unit=unit)
        return sentence


def _order(key: Key) -> tuple[int, str]:
    """Try to leave out bans and structure first, what a planner chose last."""
    last = {"pinned": 3, "forbidden": 3, "must_cover": 2, "capacity": 1, "mentors": 1}
    return last.get(str(key[0]), 0), str(key)


def _shown_together(keys: list[Key]) -> list[set[Key]]:
    """Group the names that one sentence will speak of."""
    by_rule: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        by_rule[str(key[1] if key[0] == "ban" else key[0])].append(key)
    groups: list[set[Key]] = []
    for rule, several in by_rule.items():
        if len(several) <= FEW or rule in ("pinned", "forbidden"):
            groups += [{key} for key in several]
        else:
            groups.append(set(several))
    return groups
