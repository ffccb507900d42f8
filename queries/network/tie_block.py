"""All mentoring ties of a large embedded graph as arrays, so that a shortest path takes a moment.

The embedded engine finds one shortest path quickly, but which one is its own affair, and going
round by round through it takes a read for each round. After a tie was written the next question
begins a new block in the background, and the engine answers until it is there. The path is the
same either way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.cache import Followed, per_version
from graph.store import Store
from graph.touched import Touched
from queries.query import LAST

FEWEST = 2_000  # ties; below, the engine itself is quick enough
_FEW = 40  # people of a frontier

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class TieBlock:
    """Who is tied to whom, in both directions; people are numbers in order of their ids."""

    ids: list[str]
    number_by_id: dict[str, int]
    starts: npt.NDArray[np.int64]  # where the ties of each person begin
    others: Numbers
    kinds: Numbers
    kind_names: list[str]  # the empty one: without a kind
    begins: Numbers  # of each tie the place of its begin among `days`
    days: list[str]  # all begins in order, the empty one first: long ago

    def first_path(
        self, a: str, b: str, kinds: Collection[str] | None, on: str = LAST
    ) -> list[str]:
        """Return the shortest path whose ids come first in order, of ties begun by a day."""
        if a not in self.number_by_id or b not in self.number_by_id:
            return []
        allowed = None
        if kinds is not None:
            fits = np.array([bool(name) and name in kinds for name in self.kind_names])
            allowed = fits[self.kinds]
        begun = bisect_right(self.days, on)
        if begun < len(self.days):
            by_day = self.begins < begun
            allowed = by_day if allowed is None else allowed & by_day
        search = _TieSearch(self, (self.number_by_id[a], self.number_by_id[b]), allowed)
        return [self.ids[number] for number in search.first_path()]


class _TieSearch:
    """A search from both ends, the smaller frontier first."""

    def __init__(
        self, block: TieBlock, ends: tuple[int, int], allowed: npt.NDArray[np.bool_] | None
    ) -> None:
        self._block = block
        self._ends = ends
        self._allowed = allowed
        # One more than the steps from each end; 0: not reached yet.
        self._reached = [np.zeros(len(block.ids), np.int32) for _ in ends]
        self._last = np.empty(len(block.ids), np.int32)
        # Few people are met one by one: arrays are only quicker for many.
        self._steps = [each.data for each in self._reached]
        self._starts, self._others = block.starts.data, block.others.data

    def first_path(self) -> list[int]:
        """Return the path, empty where the ends are not connected."""
        frontiers: list[list[int]] = [[end] for end in self._ends]
        for end, steps in zip(self._ends, self._steps, strict=True):
            steps[end] = 1
        rounds = [1, 1]
        while all(frontiers):
            side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
            rounds[side] += 1
            grow = self._grow_many if len(frontiers[side]) > _FEW else self._grow
            frontiers[side], meeting = grow(frontiers[side], side, rounds[side])
            if meeting:
                return self._smallest(meeting)
        return []

    def _grow(self, frontier: list[int], side: int, step: int) -> tuple[list[int], list[int]]:
        steps, far = self._steps[side], self._steps[1 - side]
        new = []
        for number in frontier:
            for other in self._near(number):
                if not steps[other]:
                    steps[other] = step
                    new.append(other)
        return new, [other for other in new if far[other]]

    def _grow_many(self, frontier: list[int], side: int, step: int) -> tuple[list[int], list[int]]:
        steps, far = self._reached[side], self._reached[1 - side]
        begins = self._block.starts[frontier]
        counts = self._block.starts[np.add(frontier, 1)] - begins
        shifts = np.repeat(begins - np.cumsum(counts) + counts, counts)
        places = np.arange(len(shifts)) + shifts
        if self._allowed is not None:
            places = places[self._allowed[places]]
        near = self._block.others[places]
        new = near[steps[near] == 0]
        steps[new] = step
        order = np.arange(len(new), dtype=np.int32)
        self._last[new] = order  # of somebody met several times the last place stays
        new = new[self._last[new] == order]
        return new.tolist(), new[far[new] > 0].tolist()

    def _near(self, number: int) -> Iterable[int]:
        begin, end = self._starts[number], self._starts[number + 1]
        if self._allowed is None:
            return self._others[begin:end]
        return [self._others[at] for at in range(begin, end) if self._allowed[at]]

    def _smallest(self, meeting: list[int]) -> list[int]:
        """Walk from the first end over shortest paths, by the smallest number each time."""
        from_a, from_b = self._steps
        layers = [set(meeting)]
        for step in range(from_a[meeting[0]] - 1, 1, -1):
            nearer = {
                other
                for number in layers[-1]
                for other in self._near(number)
                if from_a[other] == step
            }
            layers.append(nearer)
        path = [self._ends[0]]
        for layer in reversed(layers):
            if from_a[path[-1]] < from_a[meeting[0]]:
                path.append(min(other for other in self._near(path[-1]) if other in layer))
        while (step := from_b[path[-1]]) > 1:
            near = self._near(path[-1])
            path.append(min(other for other in near if from_b[other] == step - 1))
        return path


def of(store: Store) -> TieBlock | None:
    """Return the block of the data as they are now, or None while the engine must answer."""
    if store.engine != "embedded":
        return None
    block = _kept.now(store)
    if block is None and _ties(store) >= FEWEST:
        _kept.begin(store, lambda _: make(store))
    return block


def wait(store: Store) -> None:
    """Let the block that is being made be finished."""
    _kept.wait(store)


def _followed(store: Store, block: TieBlock, touched: Touched) -> TieBlock | None:
    """Return the block where no tie was written since; None: it is made anew."""
    ties = touched.ids("MENTORS") | touched.ids("MENTORS", end="Person")
    # Of somebody who was taken out, or came, the ties are not always named.
    return None if ties or touched.ids("Person") else block


_kept = Followed(_followed)


@per_version(1)
def _ties(store: Store) -> int:
    count: int = store.read("MATCH ()-[e:MENTORS]->() RETURN count(e) AS n")[0]["n"]
    return count


def make(store: Store) -> TieBlock:
    """Read all ties, by mentor, in one statement."""
    rows = store.read(_TIES)
    ids = sorted({row["mentor"] for row in rows}.union(*(row["trainees"] for row in rows)))
    number_by_id = {id_: number for number, id_ in enumerate(ids)}
    code_by_kind: dict[str, int] = {"": 0}
    lengths = np.array([len(row["trainees"]) for row in rows], np.int64)
    mentors = np.repeat(np.array([number_by_id[row["mentor"]] for row in rows], np.int32), lengths)
    trainees = np.array([number_by_id[id_] for row in rows for id_ in row["trainees"]], np.int32)
    kinds = np.array(
        [code_by_kind.setdefault(kind, len(code_by_kind)) for row in rows for kind in row["kinds"]],
        np.int32,
    )
    ones = np.concatenate((mentors, trainees))
    days = ["", *sorted({day for row in rows for day in row["begins"]} - {""})]
    place_by_day = {day: place for place, day in enumerate(days)}
    begins = np.array([place_by_day[day] for row in rows for day in row["begins"]], np.int32)
    order = np.argsort(ones, kind="stable")
    starts = np.zeros(len(ids) + 1, np.int64)
    np.cumsum(np.bincount(ones, minlength=len(ids)), out=starts[1:])
    return TieBlock(
        ids,
        number_by_id,
        starts,
        np.concatenate((trainees, mentors))[order],
        np.concatenate((kinds, kinds))[order],
        list(code_by_kind),
        np.concatenate((begins, begins))[order],
        days,
    )


_TIES = """\
MATCH (m:Person)-[e:MENTORS]->(t:Person)
RETURN m.id AS mentor, collect(t.id) AS trainees, collect(coalesce(e.kind, '')) AS kinds,
  collect(coalesce(e.since, '')) AS begins"""
