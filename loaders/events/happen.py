"""Let notices happen: all of a table in one transaction, or told only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain

from typing_extensions import TypedDict

from graph.errors import N_, AppError, Conflict, InputError, NotFound, Problem
from graph.programme import Programme
from graph.store import Reader, Store, Transaction
from loaders.entry import write_rows
from loaders.events.effects import effect
from loaders.events.judging import AppointmentJudge
from loaders.events.kept import keep_event, new_id
from loaders.events.kinds import meant_kind
from loaders.events.notice import Consequence, Effect, Notice, NoticeDoubt
from loaders.naming import Fault
from loaders.problems import LANGUAGE, Place
from loaders.written import WrittenRow
from queries.quality.confirming import ALSO_RULES, Confirming, is_judged
from queries.sentences import SentenceText, say
from queries.stored_programme import stored_programme

TOTALS = (
    "service",
    "posting_begins",
    "posting_ends",
    "post_free",
    "pair_begins",
    "pair_ends",
    "without_mentor",
)


class ConsequenceDict(TypedDict):
    """One thing that an event does."""

    what: str
    id: str
    message: str


class NoticeDoubtDict(TypedDict):
    """Something to confirm with a reason."""

    rule: str
    message: str


class NoticeOutcomeDict(TypedDict):
    """What an event did, or would do."""

    id: str | None
    batch: str | None
    stored: bool
    kind: str
    person: str
    on: str
    consequences: list[ConsequenceDict]
    doubts: list[NoticeDoubtDict]


@dataclass(frozen=True)
class NoticeOutcome:
    """What a notice did, or would do: `id` is that of the event, None when nothing is stored."""

    notice: Notice
    id: str | None
    consequences: tuple[Consequence, ...]
    doubts: tuple[NoticeDoubt, ...]
    batch: str | None = None  # of several notices at once

    @property
    def is_confirmed(self) -> bool:
        """Return whether nothing is doubtful, or a reason was given."""
        return not self.doubts or bool(self.notice.reason)

    def as_dict(self, text: SentenceText = str) -> NoticeOutcomeDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {
            "id": self.id,
            "batch": self.batch,
            "stored": self.id is not None,
            "kind": self.notice.kind,
            "person": self.notice.person,
            "on": self.notice.on,
            "consequences": [
                {"what": each.what, "id": each.id, "message": text(each.message)}
                for each in self.consequences
            ],
            "doubts": [{"rule": each.rule, "message": text(each.message)} for each in self.doubts],
        }


def totals(outcomes: Sequence[NoticeOutcome]) -> dict[str, int]:
    """Count what several notices do together, by what it is."""
    done = [each.what for outcome in outcomes for each in outcome.consequences]
    return {what: done.count(what) for what in TOTALS}


class Unconfirmed(Conflict):
    """There are doubts, and nobody gave a reason; nothing was stored."""

    def __init__(self, outcomes: Sequence[NoticeOutcome]) -> None:
        super().__init__(
            N_("Nothing was stored, for there is a doubt: %(doubts)s"),
            N_("Confirm it with a reason, or correct the event."),
            doubts=" ".join(
                str(d.message) for each in outcomes if not each.is_confirmed for d in each.doubts
            ),
        )
        self.outcomes = tuple(outcomes)


class UnfitNotices(InputError):
    """Several notices of which some cannot be; nothing of any was stored. `faults` says why."""

    def __init__(self, faults: Sequence[Fault], rows: Sequence[WrittenRow] = ()) -> None:
        self.faults, self.rows = tuple(faults), tuple(rows)
        super().__init__(
            N_("Nothing was stored; errors: %(count)s. %(first)s"),
            N_("Correct the rows named, and try again."),
            count=len(faults),
            first="",
        )

    def translated(self, translate: Callable[[str], str]) -> tuple[str, str | None]:
        """Return message and hint in the language of `translate`; the problems follow it."""
        self.problems = tuple(self._problem(each, translate) for each in self.faults)
        self.values = {**self.values, "first": str(self.problems[0])}
        return super().translated(translate)

    def _problem(self, fault: Fault, translate: Callable[[str], str]) -> Problem:
        message, hint = fault.error.translated(translate)
        place, column, value = Place(row=fault.at + 1), fault.column, fault.value
        if self.rows:
            row = self.rows[fault.at]
            place = row.place
            value = row.text(column or "") or value
            column = row.headings.get(column or "", column)
        return Problem(
            "error", place.file, place.sheet, place.row, column, value, "bad-event", message, hint
        )


class _Told(Exception):
    """Ends a transaction whose rows were only to be told."""


def happen(
    store: Store,
    notices: Sequence[Notice],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    language: str = LANGUAGE,
) -> list[NoticeOutcome]:
    """Store notices with all that they bring, in order, all or none; `dry_run` only tells.

    Each is judged after those before it. Doubts are stored with a reason only, that of the notice
    or else `reason`: Unconfirmed without one. An AppError says why a notice cannot be, UnfitNotices
    of several; nothing of any of them is stored then.
    """
    return happen_as_read(
        store,
        lambda _reader, _programme: notices,
        by=by,
        reason=reason,
        dry_run=dry_run,
        language=language,
    )


def happen_as_read(
    store: Store,
    read: Callable[[Reader, Programme], Sequence[Notice]],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    language: str = LANGUAGE,
    rows: Sequence[WrittenRow] = (),
) -> list[NoticeOutcome]:
    """Let notices happen that are read in the same transaction; `rows` are where they stand."""
    if not by.strip() and not dry_run:
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    found: list[NoticeOutcome] = []
    with suppress(_Told), store.transaction() as transaction:
        programme = stored_programme(transaction)
        notices = [
            replace(each, reason=each.reason.strip() or reason.strip())
            for each in read(transaction, programme)
        ]
        happening = _Happening(transaction, programme, notices, by.strip(), language)
        found = happening.run(rows)
        if dry_run:
            found = [replace(each, id=None, batch=None) for each in found]
            raise _Told
        if not all(each.is_confirmed for each in found):
            raise Unconfirmed(found)
    return found


class _Happening:
    """Some notices on their way into a store, within one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        programme: Programme,
        notices: Sequence[Notice],
        by: str,
        language: str,
    ) -> None:
        self._transaction = transaction
        self._programme = programme
        self._notices = notices
        self._by = by
        self._language = language
        self._batch = new_id() if len(notices) > 1 else None
        people = [
            (each.on, who)
            for each in notices
            for who in (each.person, each.to)
            if who and each.post
        ]
        self._judge = AppointmentJudge(transaction, self._programme, people)

    def run(self, rows: Sequence[WrittenRow]) -> list[NoticeOutcome]:
        """Write all notices; of several, or of a table, every one that cannot be is told."""
        if self._batch is None and not rows:
            return [self._write(each) for each in self._notices]
        found: list[NoticeOutcome] = []
        faults: list[Fault] = []
        doubtful: set[str] = set()  # whose earlier notice cannot be: what follows is not judged
        for at, notice in enumerate(self._notices):
            if notice.person in doubtful:
                continue
            try:
                found.append(self._write(notice))
            except (InputError, NotFound, Conflict) as error:  # others are of the store itself
                faults.append(_fault(at, notice, error))
                doubtful.add(notice.person)
        if faults:
            raise UnfitNotices(faults, rows)
        return _netted(found)

    def _write(self, notice: Notice) -> NoticeOutcome:
        key, posting = meant_kind(self._programme, notice.kind)
        notice = replace(notice, kind=key, posting_kind=notice.posting_kind or posting)
        made = effect(self._transaction, self._programme, notice)
        made.doubts += self._judged(made, notice)
        id_ = keep_event(self._transaction, notice, self._by, self._batch)
        judged = any(map(is_judged, {step.table for step in made.steps}))
        whose = {notice.person, *(each.person for each in made.appointed)} if judged else ()
        found = Confirming(self._transaction, whose)
        problems = write_rows(
            self._transaction,
            made.steps,
            by=self._by,
            event=id_,
            reason=notice.reason or None,
            language=self._language,
        )
        self._judge.changed(filter(None, (notice.person, notice.to)))
        doubts = [
            *made.doubts,
            *(NoticeDoubt(p.code, say("%(text)s", text=p.message)) for p in problems),
            *(
                NoticeDoubt(*each)
                for each in found.confirm_new(
                    self._by, notice.reason, ALSO_RULES if made.doubts else ()
                )
            ),
        ]
        (outcome,) = _netted(
            [NoticeOutcome(notice, id_, tuple(made.consequences), tuple(doubts), self._batch)]
        )
        return outcome

    def _judged(self, made: Effect, notice: Notice) -> list[NoticeDoubt]:
        return list(
            chain.from_iterable(self._judge.doubts(each, notice.on) for each in made.appointed)
        )


def _fault(at: int, notice: Notice, error: AppError) -> Fault:
    column = str(error.values.get("column") or "") or None
    value = getattr(notice, {"posting": "posting_kind"}.get(column or "", column or ""), None)
    return Fault(at, column, value if isinstance(value, str) else None, error)


def _netted(outcomes: Sequence[NoticeOutcome]) -> list[NoticeOutcome]:
    """Leave out the gaps that a later notice, from the same day on or before, closes again."""
    closed: dict[tuple[str, ...], str] = {}
    found: list[NoticeOutcome] = []
    for outcome in reversed(outcomes):
        day = outcome.notice.on
        kept: list[Consequence] = []
        for each in reversed(outcome.consequences):
            if each.fills:
                closed[each.fills] = min(day, closed.get(each.fills, day))
            if not (each.gap and closed.get(each.gap, "9") <= day):
                kept.append(each)
        found.append(replace(outcome, consequences=tuple(reversed(kept))))
    return found[::-1]
