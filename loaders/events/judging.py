"""The appointment rules over the appointments of notices, each after what came before it.

Everybody of a day is read at once; whom an earlier notice touched, and whose relatives, is read
anew. Within a transaction that is what the transaction wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from graph.programme import Programme
from graph.store import Reader
from loaders.events.notice import Appointed, NoticeDoubt
from queries.rules.appointments import Movers, movers


class AppointmentJudge:
    """Asks the appointment rules, reading the `people` of a day together."""

    def __init__(
        self, reader: Reader, programme: Programme, people: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Take who may be asked about on which day (ISO), as far as that is known."""
        self._reader = reader
        self._programme = programme
        self._together: dict[str, set[str]] = {}
        for day, person in people:
            self._together.setdefault(day, set()).add(person)
        self._read: dict[str, Movers] = {}
        self._stale: dict[str, set[str]] = {}  # by day: changed since it was read

    def doubts(self, appointed: Appointed, on: str) -> Iterator[NoticeDoubt]:
        """Yield what the rules have against somebody's taking a post on a day."""
        found = self._movers(appointed.person, on).may_take(
            appointed.person, [appointed.post], appointed.kind, appointed.gives_rank
        )
        for blocked in found.values():
            for each in (*blocked.against, *blocked.undecided):
                yield NoticeDoubt(each.rule.id, each.verdict.because)
            for each in blocked.advice:
                for words in each.verdict.advice:
                    yield NoticeDoubt(each.rule.id, words)

    def changed(self, people: Iterable[str]) -> None:
        """Note whose facts were written, so that they are read anew."""
        for stale in self._stale.values():
            stale.update(people)

    def _movers(self, person: str, on: str) -> Movers:
        if on not in self._read:
            together = self._together.get(on, set()) | {person}
            self._read[on] = self._ask(on, together)
            self._stale[on] = set()
        known = self._read[on]
        if person not in known.people or self._is_stale(known, person, self._stale[on]):
            return self._ask(on, [person])
        return known

    def _is_stale(self, known: Movers, person: str, stale: set[str]) -> bool:
        kin = {each.person for each in known.people[person].kin or ()}
        return not stale.isdisjoint({person, *kin})

    def _ask(self, on: str, people: Iterable[str]) -> Movers:
        return movers(self._reader, self._programme, date.fromisoformat(on), people)
