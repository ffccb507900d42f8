"""Let notices happen: all of a table in one transaction, or told only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from graph.errors import N_, Conflict, InputError
from graph.programme import Programme
from graph.store import Reader, Store, Transaction
from loaders.entry import write_rows
from loaders.events.effects import effect
from loaders.events.kept import keep_event
from loaders.events.notice import Consequence, Effect, Notice, NoticeDoubt
from loaders.problems import LANGUAGE
from queries.rules.appointments import may_take
from queries.sentences import SentenceText, say
from queries.stored_programme import stored_programme


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

    def as_dict(self, text: SentenceText = str) -> NoticeOutcomeDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {
            "id": self.id,
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


class Unconfirmed(Conflict):
    """There are doubts, and nobody gave a reason; nothing was stored."""

    def __init__(self, outcomes: Sequence[NoticeOutcome]) -> None:
        super().__init__(
            N_("Nothing was stored, for there is a doubt: %(doubts)s"),
            N_("Confirm it with a reason, or correct the event."),
            doubts=" ".join(str(d.message) for each in outcomes for d in each.doubts),
        )
        self.outcomes = tuple(outcomes)


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

    Doubts are stored with a reason only: Unconfirmed without one. InputError, Conflict, NotFound
    and UsageError say why a notice cannot be; nothing of any of them is stored then.
    """
    if not by.strip() and not dry_run:
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    programme = stored_programme(store)
    judged = [tuple(_judged(store, programme, each)) for each in notices]
    found: list[NoticeOutcome] = []
    with suppress(_Told), store.transaction() as transaction:
        for notice, by_rules in zip(notices, judged, strict=True):
            made = effect(transaction, programme, notice)
            made.doubts += by_rules
            found.append(_write(transaction, notice, made, by.strip(), reason.strip(), language))
        if dry_run:
            found = [NoticeOutcome(e.notice, None, e.consequences, e.doubts) for e in found]
            raise _Told
        if any(each.doubts for each in found) and not reason.strip():
            raise Unconfirmed(found)
    return found


def _write(
    transaction: Transaction, notice: Notice, made: Effect, by: str, reason: str, language: str
) -> NoticeOutcome:
    id_ = keep_event(transaction, notice, by, reason)
    problems = write_rows(
        transaction, made.steps, by=by, event=id_, reason=reason or None, language=language
    )
    doubts = [
        *made.doubts,
        *(NoticeDoubt(p.code, say("%(text)s", text=p.message)) for p in problems),
    ]
    return NoticeOutcome(notice, id_, tuple(made.consequences), tuple(doubts))


def _judged(store: Store, programme: Programme, notice: Notice) -> Iterator[NoticeDoubt]:
    """Yield what the appointment rules have against an appointment."""
    if notice.kind != "appoint" or not notice.post or not _is_known(store, notice):
        return
    on = date.fromisoformat(notice.on)
    found = may_take(store, programme, on, notice.person, [notice.post])
    for blocked in found.values():
        for each in blocked.against:
            yield NoticeDoubt(each.rule.id, each.verdict.because)
        for each in blocked.advice:
            for words in each.verdict.advice:
                yield NoticeDoubt(each.rule.id, words)


def _is_known(store: Reader, notice: Notice) -> bool:
    try:
        date.fromisoformat(notice.on)
    except ValueError:
        return False
    return bool(store.read("MATCH (p:Person {id: $id})\nRETURN p.id AS id", id=notice.person))
