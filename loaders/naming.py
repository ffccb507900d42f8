"""Whom, which post, unit or activity a written cell means: an id, or a name that fits only one.

What was read by its name is shown with unit and post for one confirmation. Where several fit,
they are named, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from graph.errors import N_, AppError, Conflict, NotFound, UsageError
from graph.programme import Programme
from graph.schema import table_of_label
from graph.store import Reader, Row
from loaders.checking.values import whole_number
from loaders.readers.cells import without_blanks
from loaders.words import bare, in_brackets
from loaders.written import WrittenRow
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
_OTHERS = """
MATCH (n:{label})
WHERE n.id IN $texts OR n.name IN $texts
RETURN n.id AS id, n.name AS title
ORDER BY id
"""
NAMED = 10  # of several that fit


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


class Naming:
    """Finds what written texts mean, in a handful of questions for all of them."""

    def __init__(
        self, reader: Reader, programme: Programme, texts: Mapping[str, set[str]], on: date
    ) -> None:
        """`texts` are those that may name something of a label; posts are said as on a day."""
        self._reader = reader
        people = reader.read(_PEOPLE, texts=sorted(_ways(texts.get("Person", ()))))
        self._known = {
            label: self._others(label, texts[label])
            for label in texts
            if label not in ("Person", "Post")
        }
        self._known["Person"] = _by_word(people, "id", "name")
        self._known["Post"] = self._read_posts(texts.get("Post", set()))
        self.places = self._read_places(programme, on)

    def fitting(self, label: str, text: str) -> list[Row]:
        """Return what a text may mean; a note in brackets after a name chooses among several."""
        rows = _fitting(self._known.get(label, {}), text)
        note = in_brackets(text)
        if len(rows) > 1 and note:
            rows = [r for r in rows if note == r["id"] or note in self.places[r["id"]]] or rows
        return rows

    def the_one(
        self, at: int, row: WrittenRow, column: str, rows: Sequence[Row], missing: str
    ) -> tuple[str, ReadAs | None]:
        """Return the id of the only one, and how it was read where that was not by the id."""
        text = row.text(column) or ""
        if not rows:
            raise NotFound(
                missing, N_("Write the id, or search for the name."), column=column, id=text
            )
        if len(rows) > 1:
            raise SeveralFit(column, text, [(r["id"], self.places[r["id"]]) for r in rows])
        id_: str = rows[0]["id"]
        if id_ == text:
            return id_, None
        heading = row.headings.get(column, column)
        return id_, ReadAs(at, row.place.row, heading, text, id_, self.places[id_])

    def refuse_other_name(self, row: WrittenRow, person: str) -> None:
        """Refuse a row whose id and name are of two people."""
        name = row.text("name")
        known = {each["name"] for each in self.fitting("Person", person) if each["id"] == person}
        if name and row.text("person") and without_blanks(name) not in known:
            raise UsageError(
                N_("%(id)s is %(known)s, not %(name)s."),
                N_("Correct the id or the name."),
                column="name",
                id=person,
                known=", ".join(sorted(known)),
                name=name,
            )

    def _others(self, label: str, texts: set[str]) -> dict[str, list[Row]]:
        statement = _OTHERS.format(label=table_of_label(label).label)
        return _by_word(self._reader.read(statement, texts=sorted(_ways(texts))), "id", "title")

    def _read_posts(self, texts: set[str]) -> dict[str, list[Row]]:
        rows = self._reader.read(_POSTS, texts=sorted(_ways(texts)))
        found = _by_word(rows, "id", "title")
        left = {_together(text): text for text in texts if not _fitting(found, text)}
        if left:
            for row in self._reader.read(_POSTS_WITH_UNIT, texts=sorted({*left, *left.values()})):
                joined = f"{row['unit_name']}{row['title']}"
                found.setdefault(left.get(joined, joined), []).append(row)
        return found

    def _read_places(self, programme: Programme, on: date) -> dict[str, str]:
        """Say of everybody who may be meant name, unit and post, of posts unit and title."""
        said: dict[str, str] = {}
        for label, by_word in self._known.items():
            for row in (row for rows in by_word.values() for row in rows if label != "Person"):
                said[row["id"]] = f"{row.get('unit_name') or ''} {row['title']}".strip()
        people = {r["id"]: r["name"] for rows in self._known["Person"].values() for r in rows}
        day = of_people(self._reader, sorted(people), programme).on(on)
        for id_, name in people.items():
            held = day.holds(id_)[:1]
            parts = [name, *(each[part] for each in held for part in ("unit_name", "title"))]
            said[id_] = " ".join(filter(None, parts))
        return said


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


class NamesUnconfirmed(Conflict):
    """Names were read as people and posts, and nobody said that those are meant."""

    def __init__(self, read_as: Sequence[ReadAs]) -> None:
        first = "; ".join(f"{each.value} = {each.id} ({each.shown})" for each in read_as[:3])
        super().__init__(
            N_("Nothing was stored, for %(count)s names were read as stored ones: %(names)s."),
            N_("Look at them with --dry-run, then confirm them (--confirm), or write the ids."),
            count=len(read_as),
            names=first + ("; …" if len(read_as) > 3 else ""),
        )
        self.read_as = tuple(read_as)


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
