"""Whom and which post the cells of notices mean: an id, or a name that fits only one.

What was read by its name is shown with unit and post for one confirmation. Where several fit,
they are named, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from graph.dates import first_day, is_date
from graph.errors import N_, AppError, NotFound, UsageError
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.checking.values import whole_number
from loaders.events.kinds import meant_kind
from loaders.events.notice import Notice
from loaders.events.table import NoticeRow
from loaders.readers.cells import without_blanks
from loaders.words import bare, in_brackets
from queries.personnel import of_people

_PEOPLE = """
MATCH (p:Person)
WHERE p.id IN $texts OR p.name IN $texts
RETURN p.id AS id, p.name AS name
ORDER BY id
"""
_POSTS = """
MATCH (post:Post)
WHERE post.id IN $texts OR post.name IN $texts
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS id, post.name AS title, u.id AS unit, u.name AS unit_name
ORDER BY id
"""
_POSTS_WITH_UNIT = """
MATCH (post:Post)-[:IN]->(u:Unit)
WHERE u.name + post.name IN $texts
RETURN post.id AS id, post.name AS title, u.id AS unit, u.name AS unit_name
ORDER BY id
"""
_HELD = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE p.id IN $people AND coalesce(r.status, 'actual') <> 'planned'
RETURN p.id AS person, post.id AS post
"""
NAMED = 10  # of several that fit
_TO_A_PERSON = ("hand_over", "end_pair")  # events whose `to` is somebody
_OF_HELD = ("remove", "renew", "return", "hand_over")  # events about a post that is held


class ReadAsDict(TypedDict):
    """A name that was read as one stored person or post."""

    row: int | None
    column: str
    value: str
    id: str
    shown: str


@dataclass(frozen=True)
class ReadAs:
    """A name that was read as one stored person or post, to be confirmed."""

    at: int  # the place of the notice, from 0
    row: int | None
    column: str
    value: str
    id: str
    shown: str

    def as_dict(self) -> ReadAsDict:
        """Return it as plain values for JSON."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "id": self.id,
            "shown": self.shown,
        }


@dataclass(frozen=True)
class Fault:
    """Why one of several notices cannot be: its place among them, the cell, the error."""

    at: int
    column: str | None
    value: str | None
    error: AppError


@dataclass
class MeantRows:
    """The notices that rows mean, as far as they can be, and what was read by its name."""

    notices: list[Notice]
    read_as: list[ReadAs]
    faults: list[Fault]
    shown: dict[str, str]  # by id of people and posts


class NoticeNames:
    """Resolves the names in rows of notices, in a handful of questions for all of them."""

    def __init__(self, reader: Reader, programme: Programme, rows: Sequence[NoticeRow]) -> None:
        self._reader = reader
        self._programme = programme
        self._rows = rows
        self._kinds = [self._kind(row) for row in rows]
        texts = {text for row in rows for text in _people_of(row)}
        self._people = _by_word(reader.read(_PEOPLE, texts=sorted(_ways(texts))), "id", "name")
        self._posts = self._read_posts()
        self._places = self._read_places()

    def meant(self) -> MeantRows:
        """Return the notices; a fault for each cell that means nothing, or several."""
        found = MeantRows([], [], [], dict(self._places))
        for at, row in enumerate(self._rows):
            try:
                found.notices.append(self._notice(at, row, found))
            except AppError as error:
                column = str(error.values.get("column") or "")
                found.faults.append(Fault(at, column, row.text(column), error))
        return found

    def _kind(self, row: NoticeRow) -> str:
        try:
            return meant_kind(self._programme, row.text("kind") or "").key
        except UsageError:  # told when the notice is made
            return ""

    def _read_posts(self) -> Mapping[str, list[Row]]:
        texts = {text for row in self._rows if (text := row.text("post"))}
        rows = self._reader.read(_POSTS, texts=sorted(_ways(texts)))
        found = _by_word(rows, "id", "title")
        left = {_together(text): text for text in texts if not _fitting(found, text)}
        if left:
            for row in self._reader.read(_POSTS_WITH_UNIT, texts=sorted({*left, *left.values()})):
                joined = f"{row['unit_name']}{row['title']}"
                found.setdefault(left.get(joined, joined), []).append(row)
        return found

    def _read_places(self) -> dict[str, str]:
        """Say of everybody who may be meant name, unit and post, of posts unit and title."""
        people = {row["id"]: row["name"] for rows in self._people.values() for row in rows}
        posts = {row["id"]: row for rows in self._posts.values() for row in rows}
        days = [text for row in self._rows if is_date(text := row.text("on") or "")]
        on = first_day(max(days)) if days else date.today()
        day = of_people(self._reader, sorted(people), self._programme).on(on)
        said = {
            id_: f"{row['unit_name'] or ''} {row['title']}".strip() for id_, row in posts.items()
        }
        for id_, name in people.items():
            held = day.holds(id_)[:1]
            parts = [name, *(each[part] for each in held for part in ("unit_name", "title"))]
            said[id_] = " ".join(filter(None, parts))
        return said

    def _notice(self, at: int, row: NoticeRow, found: MeantRows) -> Notice:
        kind, posting = meant_kind(self._programme, row.text("kind") or "")
        person = self._person(at, row, "person" if row.text("person") else "name", found)
        self._refuse_other_name(row, person)
        to = row.text("to")
        if to and kind in _TO_A_PERSON:
            to = self._person(at, row, "to", found)
        marks = row.marks
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

    def _person(self, at: int, row: NoticeRow, column: str, found: MeantRows) -> str:
        text = row.text(column) or ""
        rows = _fitting(self._people, text)
        note = in_brackets(text)
        if len(rows) > 1 and note:
            rows = [r for r in rows if note == r["id"] or note in self._places[r["id"]]] or rows
        return self._one(at, row, column, rows, found, N_("There is no person %(id)s."))

    def _post(self, at: int, row: NoticeRow, person: str, kind: str, found: MeantRows) -> str:
        text = row.text("post") or ""
        rows = _fitting(self._posts, text)
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
        row: NoticeRow,
        column: str,
        rows: Sequence[Row],
        found: MeantRows,
        missing: str,
    ) -> str:
        text = row.text(column) or ""
        if not rows:
            raise NotFound(
                missing, N_("Write the id, or search for the name."), column=column, id=text
            )
        if len(rows) > 1:
            raise SeveralFit(column, text, [(r["id"], self._places[r["id"]]) for r in rows])
        id_: str = rows[0]["id"]
        if id_ != text:
            found.read_as.append(
                ReadAs(at, row.place.row, row.headings[column], text, id_, self._places[id_])
            )
        return id_

    def _refuse_other_name(self, row: NoticeRow, person: str) -> None:
        name = row.text("name")
        known = {each["name"] for each in _fitting(self._people, person) if each["id"] == person}
        if name and row.text("person") and without_blanks(name) not in known:
            raise UsageError(
                N_("%(id)s is %(known)s, not %(name)s."),
                N_("Correct the id or the name."),
                column="name",
                id=person,
                known=", ".join(sorted(known)),
                name=name,
            )


class SeveralFit(UsageError):
    """A name that fits several; `fitting` has id and place of each."""

    def __init__(self, column: str, text: str, fitting: Sequence[tuple[str, str]]) -> None:
        named = "; ".join(f"{id_} {shown}" for id_, shown in fitting[:NAMED])
        super().__init__(
            N_("“%(name)s” may be %(count)s: %(fitting)s."),
            N_("Write the id of the one that is meant."),
            column=column,
            name=text,
            count=len(fitting),
            fitting=named + ("; …" if len(fitting) > NAMED else ""),
        )
        self.fitting = tuple(fitting[:NAMED])


def _people_of(row: NoticeRow) -> Iterator[str]:
    for heading in ("person", "name", "to"):
        if text := row.text(heading):
            yield text


def _ways(texts: Iterable[str]) -> set[str]:
    """Return the texts with what else may be meant by them."""
    found: set[str] = set()
    for text in texts:
        found |= {text, whole_number(text), without_blanks(text)}
        found |= set(filter(None, (bare(text), without_blanks(bare(text) or ""))))
        found |= {part for part in text.split()[-1:] if part}
    return found


def _by_word(rows: Sequence[Row], *words: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        for word in dict.fromkeys(row[each] for each in words):
            found.setdefault(word, []).append(row)
    return found


def _fitting(known: Mapping[str, list[Row]], text: str) -> list[Row]:
    """Return what a text means: an id before a name, the whole text before a part of it."""
    whole = whole_number(text)
    for id_ in (text, whole):
        if exact := [row for row in known.get(id_, ()) if row["id"] == id_]:
            return exact
    for name in filter(None, (text, without_blanks(text), bare(text))):
        if rows := known.get(name):
            return rows
    *units, title = text.split() or [""]
    if units:
        rows = [
            r for r in known.get(title, ()) if "".join(units) == _together(r.get("unit_name") or "")
        ]
        if rows:
            return rows
    return []


def _together(text: str) -> str:
    return "".join(text.split())
