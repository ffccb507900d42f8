"""The plan as it is judged: who is in which post when, and small questions about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from graph.programme import Programme
from graph.store import Reader
from planning.check.facts import AssignedPosting, PlanFacts
from planning.check.service import StoredPosting
from planning.problem.defaults import Setting

# What a rule finds: units, person, post, period, and a sentence.
Broken = tuple[int, str | None, str | None, int | None, str]


class Judge(PlanFacts):
    """The facts, and the plan by its postings. A rule is a method of a class made from this one."""

    def __init__(
        self,
        store: Reader,
        programme: Programme,
        settings: tuple[Setting, ...],
        plan: Mapping[str, Any],
    ) -> None:
        super().__init__(store, programme, settings, plan)
        self.assigned: list[AssignedPosting] = []

    def _mains(self, person: str | None = None) -> Iterator[AssignedPosting]:
        for each in self.assigned:
            if not self._keeps(each.kind) and person in (None, each.person):
                yield each

    def _besides(self, person: str | None = None) -> Iterator[AssignedPosting]:
        for each in self.assigned:
            if self._keeps(each.kind) and person in (None, each.person):
                yield each

    def _news(self) -> Iterator[AssignedPosting]:
        return (each for each in self.assigned if each.going is None)

    def _ends(self) -> Iterator[tuple[str, StoredPosting, int]]:
        """Yield how long each posting of the first day goes on; 0 when it is left at once."""
        for id_, who in self.people.items():
            for p in self._present(who):
                ends = [s.end for s in self.assigned if s.person == id_ and s.going is p]
                yield id_, p, max(ends, default=0)

    def _follow_on(self) -> Iterator[tuple[AssignedPosting, AssignedPosting]]:
        """Yield the pairs that go on in one post without a break: they should be one posting."""
        beginning: dict[tuple[str, str, int], list[AssignedPosting]] = defaultdict(list)
        for each in self.assigned:
            beginning[each.person, each.post, each.begin].append(each)
        for one in self.assigned:
            for other in beginning.get((one.person, one.post, one.end), ()):
                yield one, other

    def _lengths(self) -> Iterator[tuple[AssignedPosting, int]]:
        """Yield every posting with its whole length, postings left at once included."""
        for s in self.assigned:
            total = self._total(s)
            if total is not None:
                yield s, total
        for id_, p, end in self._ends():
            if end == 0:
                left = AssignedPosting(id_, p.post, p.kind, 0, 0, p)
                total = self._total(left)
                if total is not None:
                    yield left, total

    def _holds(self, person: str, post: str, t: int) -> bool:
        return any(
            s.person == person and s.post == post and s.begin <= t < s.end for s in self.assigned
        )
