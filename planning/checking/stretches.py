"""The plan as it is judged: stretches of people in posts, and small questions about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from graph.programme import Programme
from graph.store import Reader
from planning.checking.facts import Facts, Posting, Stretch
from planning.defaults import Setting

# What a rule finds: units, person, post, period, and a sentence.
Found = tuple[int, str | None, str | None, int | None, str]


class Judge(Facts):
    """The facts, and the plan by stretches. A rule is a method of a class made from this one."""

    def __init__(
        self,
        store: Reader,
        programme: Programme,
        settings: tuple[Setting, ...],
        plan: Mapping[str, Any],
    ) -> None:
        super().__init__(store, programme, settings, plan)
        self.stretches: list[Stretch] = []

    def _mains(self, person: str | None = None) -> Iterator[Stretch]:
        for each in self.stretches:
            if not self._keeps(each.kind) and person in (None, each.person):
                yield each

    def _besides(self, person: str | None = None) -> Iterator[Stretch]:
        for each in self.stretches:
            if self._keeps(each.kind) and person in (None, each.person):
                yield each

    def _news(self) -> Iterator[Stretch]:
        return (each for each in self.stretches if each.going is None)

    def _ends(self) -> Iterator[tuple[str, Posting, int]]:
        """Yield how long each posting of the first day goes on; 0 when it is left at once."""
        for id_, who in self.people.items():
            for p in self._present(who):
                ends = [s.end for s in self.stretches if s.person == id_ and s.going is p]
                yield id_, p, max(ends, default=0)

    def _follow_on(self) -> Iterator[tuple[Stretch, Stretch]]:
        """Yield the pairs that go on in one post without a break: they should be one stretch."""
        beginning: dict[tuple[str, str, int], list[Stretch]] = defaultdict(list)
        for each in self.stretches:
            beginning[each.person, each.post, each.begin].append(each)
        for one in self.stretches:
            for other in beginning.get((one.person, one.post, one.end), ()):
                yield one, other

    def _lengths(self) -> Iterator[tuple[Stretch, int]]:
        """Yield every stretch with its whole length, postings left at once included."""
        for s in self.stretches:
            total = self._total(s)
            if total is not None:
                yield s, total
        for id_, p, end in self._ends():
            if end == 0:
                left = Stretch(id_, p.post, p.kind, 0, 0, p)
                total = self._total(left)
                if total is not None:
                    yield left, total

    def _holds(self, person: str, post: str, t: int) -> bool:
        return any(
            s.person == person and s.post == post and s.begin <= t < s.end for s in self.stretches
        )
