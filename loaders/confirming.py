"""Doubts about what somebody enters: told before it is stored, confirmed with a reason.

What the rules of appointment doubt of postings, service and grades is found by the same functions
as the list of findings (`queries/quality`), in the transaction that stores the rows: what stands on
them is set against what stood before. With a reason it is accepted there, and listed so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from graph.errors import N_, Conflict, Problem
from graph.store import Transaction
from queries.quality.accepted import accept_in
from queries.quality.finding import QualityFinding
from queries.quality.one_person import doubts_in, sentences_in
from queries.sentences import Sentence
from queries.stored_programme import stored_programme

# What the rules of appointment say of a post that is taken, each in its own words.
ALSO_RULES = frozenset(("rank_jump", "rise_in_trial", "rise_too_soon"))
_JUDGED = ("rotations", "service", "grades")


def is_judged(table: str) -> bool:
    """Return whether rows of a table are facts that the rules of appointment judge."""
    return table in _JUDGED


class Doubtful(Conflict):
    """The row is right but doubtful, and nobody accepted that; nothing was stored."""

    def __init__(self, warnings: Sequence[Problem] = (), doubts: Sequence[Sentence] = ()) -> None:
        super().__init__(
            N_("Nothing was stored, for there is a doubt: %(doubts)s"),
            N_("Accept it, or correct the row."),
            problems=warnings,
            doubts=" ".join(
                [*(each.message for each in warnings), *(each.text() for each in doubts)]
            ),
        )
        self.doubts = tuple(doubts)


class Confirming:
    """What is doubted of some people before rows of theirs are written, and after."""

    def __init__(self, transaction: Transaction, people: Iterable[str]) -> None:
        self._transaction, self._people = transaction, sorted(people)
        self._before = self._found()

    def _found(self) -> dict[str, QualityFinding]:
        if not self._people:
            return {}
        programme = stored_programme(self._transaction)
        return doubts_in(self._transaction, programme, self._people)

    @cached_property
    def new(self) -> list[QualityFinding]:
        """Return what is doubted of the rows as they are written now, and was not before."""
        return [each for name, each in self._found().items() if name not in self._before]

    def sentences(self) -> list[Sentence]:
        """Return the new doubts in words."""
        return sentences_in(self._transaction, self.new)

    def confirm_new(
        self, by: str, reason: str, without: Collection[str] = ()
    ) -> list[tuple[str, Sentence]]:
        """Return kind and sentence of what was not doubted before on any facts.

        It is accepted where a reason is given. Ending what somebody holds asks for no reason again.
        Kinds in `without` are accepted too, and not told.
        """
        told = self.confirm_each(by, lambda _finding: reason, without)
        return [(finding.kind, sentence) for finding, sentence in told]

    def confirm_each(
        self, by: str, reason_of: Callable[[QualityFinding], str], without: Collection[str] = ()
    ) -> list[tuple[QualityFinding, Sentence]]:
        """Return what was not doubted before on any facts, each accepted with its own reason."""
        known = {each.id for each in self._before.values()}
        found = [each for each in self.new if each.id not in known]
        by_reason: dict[str, list[QualityFinding]] = {}
        for each in found if by else ():
            by_reason.setdefault(reason_of(each), []).append(each)
        for reason, some in by_reason.items():
            if reason:
                accept_in(self._transaction, some, by=by, reason=reason)
        told = [each for each in found if each.kind not in without]
        return list(zip(told, sentences_in(self._transaction, told), strict=True))

    def confirm(self, by: str, reason: str | None, accepts_doubts: bool = True) -> None:
        """Accept the new doubts with a reason; Doubtful where nobody accepts them."""
        found = self.new
        if not found:
            return
        if not accepts_doubts:
            raise Doubtful(doubts=sentences_in(self._transaction, found))
        if reason and reason.strip():
            accept_in(self._transaction, found, by=by, reason=reason)
