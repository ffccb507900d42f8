"""Many notices at once, as rows of a table: told together, stored as one, undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import TypedDict

from graph.errors import N_, InputError
from graph.programme import Programme
from graph.store import Reader, Store
from loaders.events.happen import (
    NoticeOutcome,
    NoticeOutcomeDict,
    UnfitNotices,
    happen_as_read,
    totals,
)
from loaders.events.names import MeantRows, NoticeNames
from loaders.events.notice import Notice
from loaders.events.table import by_heading, rows_of_file
from loaders.naming import NamesUnconfirmed, ReadAs, ReadAsDict
from loaders.problems import LANGUAGE, Findings, word
from loaders.readers.native import opener, refuse_missing
from loaders.written import MOST, TYPED, WrittenRow
from queries.sentences import SentenceText
from queries.stored_programme import stored_programme


class RowOutcomeDict(NoticeOutcomeDict):
    """What the event of one row did, or would do."""

    row: int | None


class TableOutcomeDict(TypedDict):
    """What a table of events did, or would do."""

    batch: str | None
    stored: bool
    totals: dict[str, int]
    read_as: list[ReadAsDict]
    events: list[RowOutcomeDict]


@dataclass(frozen=True)
class TableOutcome:
    """What the notices of a table did, or would do, and which names were read as whom."""

    rows: tuple[WrittenRow, ...]
    outcomes: tuple[NoticeOutcome, ...]
    read_as: tuple[ReadAs, ...]
    shown: Mapping[str, str]  # by id of people and posts: name, unit and post

    @property
    def is_stored(self) -> bool:
        """Return whether it was stored."""
        return any(each.id for each in self.outcomes)

    @property
    def totals(self) -> dict[str, int]:
        """Return how many of each thing it does."""
        return totals(self.outcomes)

    @property
    def batch(self) -> str | None:
        """Return the id by which all of it is undone."""
        return next((each.batch or each.id for each in self.outcomes), None)

    def as_dict(self, text: SentenceText = str) -> TableOutcomeDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {
            "batch": self.batch,
            "stored": self.is_stored,
            "totals": self.totals,
            "read_as": [each.as_dict() for each in self.read_as],
            "events": [
                {"row": row.place.row, **outcome.as_dict(text)}
                for row, outcome in zip(self.rows, self.outcomes, strict=True)
            ],
        }


def happen_rows(
    store: Store,
    rows: Sequence[WrittenRow],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    language: str = LANGUAGE,
) -> TableOutcome:
    """Store the notices of a table, all or none; `dry_run` only tells.

    UnfitNotices names every row that cannot be; NamesUnconfirmed what was read by its name while
    that is not `confirmed`.
    """
    if not rows:
        raise InputError(N_("There is no event in it."), N_("Write one in each row."))
    if len(rows) > MOST:
        raise InputError(
            N_("These are %(count)s events; at most %(most)s go together."),
            N_("Take them in several parts."),
            count=len(rows),
            most=MOST,
        )
    meant = MeantRows([], [], [], {})

    def read(reader: Reader, programme: Programme) -> list[Notice]:
        nonlocal meant
        meant = NoticeNames(reader, programme, rows).meant()
        if meant.faults:
            raise UnfitNotices(meant.faults, rows)
        if meant.read_as and not (confirmed or dry_run):
            raise NamesUnconfirmed(meant.read_as)
        return meant.notices

    outcomes = happen_as_read(
        store, read, by=by, reason=reason, dry_run=dry_run, language=language, rows=rows
    )
    return TableOutcome(tuple(rows), tuple(outcomes), tuple(meant.read_as), meant.shown)


def happen_file(
    store: Store,
    path: Path,
    shared: Mapping[str, str],
    *,
    by: str,
    reason: str = "",
    dry_run: bool = False,
    confirmed: bool = False,
    language: str = LANGUAGE,
) -> TableOutcome:
    """Store the notices of a file as `happen_rows` does; `shared` fills empty cells."""
    refuse_missing(path)
    findings = Findings(language)
    programme = stored_programme(store)
    rows = rows_of_file(path.name, opener(path), programme, findings, shared)
    refuse_problems(path.name, findings)
    return happen_rows(
        store,
        rows,
        by=by,
        reason=reason,
        dry_run=dry_run,
        confirmed=confirmed,
        language=language,
    )


def refuse_problems(name: str, findings: Findings) -> None:
    """Refuse a table of which some cells cannot be read, naming each."""
    if findings.error_count:
        language = findings.language
        raise InputError(
            word("refused", language, name=name, count=findings.error_count),
            N_("Correct the rows named, and try again."),
            by_heading(findings.problems()) if name == TYPED else findings.problems(),
        )
