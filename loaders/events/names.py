"""Whom and which post the cells of notices mean, as `loaders/naming.py` reads written cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.dates import first_day, is_date
from graph.errors import N_, AppError
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.events.kinds import meant_kind
from loaders.events.notice import Notice
from loaders.naming import Fault, Naming, ReadAs
from loaders.written import WrittenRow

_HELD = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE p.id IN $people AND coalesce(r.status, 'actual') <> 'planned'
RETURN p.id AS person, post.id AS post
"""
_TO_A_PERSON = ("hand_over", "end_pair")  # events whose `to` is somebody
_OF_HELD = ("remove", "renew", "return", "hand_over")  # events about a post that is held


@dataclass
class MeantRows:
    """The notices that rows mean, as far as they can be, and what was read by its name."""

    notices: list[Notice]
    read_as: list[ReadAs]
    faults: list[Fault]
    shown: dict[str, str]  # by id of people and posts


class NoticeNames:
    """Resolves the names in rows of notices, in a handful of questions for all of them."""

    def __init__(self, reader: Reader, programme: Programme, rows: Sequence[WrittenRow]) -> None:
        self._reader = reader
        self._programme = programme
        self._rows = rows
        days = [day for row in rows if is_date(day := row.text("on") or "")]
        texts = {
            "Person": {text for row in rows for text in _people_of(row)},
            "Post": {text for row in rows if (text := row.text("post"))},
        }
        on = first_day(max(days)) if days else date.today()
        self._naming = Naming(reader, programme, texts, on)

    def meant(self) -> MeantRows:
        """Return the notices; a fault for each cell that means nothing, or several."""
        found = MeantRows([], [], [], dict(self._naming.places))
        for at, row in enumerate(self._rows):
            try:
                found.notices.append(self._notice(at, row, found))
            except AppError as error:
                column = str(error.values.get("column") or "")
                found.faults.append(Fault(at, column, row.text(column), error))
        return found

    def _notice(self, at: int, row: WrittenRow, found: MeantRows) -> Notice:
        kind, posting = meant_kind(self._programme, row.text("kind") or "")
        person = self._person(at, row, "person" if row.text("person") else "name", found)
        self._naming.refuse_other_name(row, person)
        to = row.text("to")
        if to and kind in _TO_A_PERSON:
            to = self._person(at, row, "to", found)
        marks = (row.text("marks") or "").split(";")
        return Notice(
            kind,
            person,
            row.text("on") or "",
            post=self._post(at, row, person, kind, found) if row.text("post") else None,
            to=to,
            document=row.text("document"),
            until=row.text("until"),
            concurrent="concurrent" in marks,
            acting="acting" in marks,
            posting_kind=row.text("posting") or posting,
            reason=row.text("reason") or "",
        )

    def _person(self, at: int, row: WrittenRow, column: str, found: MeantRows) -> str:
        rows = self._naming.fitting("Person", row.text(column) or "")
        return self._one(at, row, column, rows, found, N_("There is no person %(id)s."))

    def _post(self, at: int, row: WrittenRow, person: str, kind: str, found: MeantRows) -> str:
        text = row.text("post") or ""
        rows = self._naming.fitting("Post", text)
        unit = row.text("unit")
        if unit and not any(each["id"] == text for each in rows):
            rows = [each for each in rows if unit in (each["unit"], each["unit_name"])]
        if len(rows) > 1 and kind in _OF_HELD:
            held = {each["post"] for each in self._reader.read(_HELD, people=[person])}
            rows = [each for each in rows if each["id"] in held] or rows
        return self._one(at, row, "post", rows, found, N_("There is no post %(id)s."))

    def _one(
        self,
        at: int,
        row: WrittenRow,
        column: str,
        rows: Sequence[Row],
        found: MeantRows,
        missing: str,
    ) -> str:
        id_, read_as = self._naming.the_one(at, row, column, rows, missing)
        if read_as:
            found.read_as.append(read_as)
        return id_


def _people_of(row: WrittenRow) -> Iterator[str]:
    for heading in ("person", "name", "to"):
        if text := row.text(heading):
            yield text
