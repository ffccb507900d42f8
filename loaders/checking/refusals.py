"""What rows are refused for because of others, stored or beside them: a payment twice, a course
before joining.

Only what is certain is refused: of dates known to the month or the year, what every reading says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from graph.programme import Programme
from graph.store import Reader, Row
from graph.upsert import BATCH
from loaders.checking.columns import Marks
from loaders.checking.numbered import CheckedRows, begins, ends, marks
from loaders.checking.record_kinds import WrongRecord
from loaders.problems import Findings
from loaders.readers.blocks import pl

_PAID = """
UNWIND $ids AS id
MATCH (p:Person {id: id})-[:HAS_RECORD]->(r:Record)
WHERE r.kind IN $kinds AND r.withdrawn_on IS NULL
RETURN r.id AS id, p.id AS person, r.kind AS kind, r.result AS result, r.batch AS batch,
  r.on AS day
ORDER BY day, id
"""
_JOINED = (
    "UNWIND $ids AS id\nMATCH (n:Person {id: id})\nRETURN n.id AS id, n.joined_on AS joined_on"
)
_HELD = """
UNWIND $ids AS id
MATCH (n:Activity {id: id})
RETURN n.id AS id, n.name AS title, n.held_on AS held_on, n.until AS until
"""
_PERSON = "id", "joined_on"
_ACTIVITY = "id", "title", "held_on", "until"
_YEAR = re.compile(r"\d{4}")


class Refusals:
    """Tells of the rows of attendance and records what others do not allow.

    Of people and activities, which are read before, it keeps the days. With `is_new` a row that is
    stored already under the same derived id is another one, not the one that is stored anew.
    """

    def __init__(self, store: Reader | None, findings: Findings, is_new: bool = False) -> None:
        self._store, self._findings, self._is_new = store, findings, is_new
        self._people = _texts({name: [] for name in _PERSON})
        self._activities = _texts({name: [] for name in _ACTIVITY})

    def keep(self, rows: CheckedRows) -> None:
        """Keep what attendance is held against; what a file lacks is read from the store."""
        name, at = rows.reader.table.name, rows.reader.at
        if name == "people" and "joined_on" in at:
            self._people = _frame(rows, _PERSON)
        elif name == "activities" and "held_on" in at:
            self._activities = _frame(rows, _ACTIVITY)

    def wrong(self, rows: CheckedRows, programme: Programme) -> Iterator[WrongRecord]:
        """Yield what is wrong with rows of a table beside others."""
        name = rows.reader.table.name
        if name == "attendance":
            yield from self._before_joining(rows)
        elif name == "records":
            yield from self._paid_twice(rows, programme)

    # --- a course before joining --------------------------------------------------------------

    def _before_joining(self, rows: CheckedRows) -> Iterator[WrongRecord]:
        people, activities = rows.column("person"), rows.column("activity")
        joined = self._days(people, self._people, _JOINED)
        held = self._days(activities, self._activities, _HELD)
        for at in np.flatnonzero(is_before(joined, held)).tolist():
            yield (
                int(rows.numbers[at]),
                "before-joining",
                "person",
                people[at],
                {
                    "joined": joined["joined_on"][at],
                    "title": held["title"][at],
                    "held": held["held_on"][at] or held["until"][at],
                },
            )

    def _days(self, named: pl.Series, known: pl.DataFrame, text: str) -> pl.DataFrame:
        """Return what is known of the things that a column names, row by row."""
        unique = named.drop_nulls().unique()
        absent = unique.filter(~unique.is_in(known["id"].implode())).to_list()
        found = pl.DataFrame(list(self._stored(text, absent)), schema=known.schema)
        both = pl.concat([known.filter(known["id"].is_in(unique.implode())), found])
        both = both.unique("id", keep="first")
        return named.to_frame("id").join(both, on="id", how="left", maintain_order="left")

    def _stored(self, text: str, ids: list[str], **given: Any) -> Iterator[Row]:
        for first in range(0, len(ids) if self._store is not None else 0, BATCH):
            assert self._store is not None
            yield from self._store.read(text, ids=ids[first : first + BATCH], **given)

    # --- a payment twice ----------------------------------------------------------------------

    def _paid_twice(self, rows: CheckedRows, programme: Programme) -> Iterator[WrongRecord]:
        kinds = {each.key: each for each in programme.record_kinds if each.is_payment}
        if not kinds:
            return
        chosen = pl.Series(rows.are("kind", kinds)) & rows.column("withdrawn_on").is_null()
        if not chosen.any():
            return
        names = ("person", "kind", "result", "batch", "on")
        columns = [rows.column(name).filter(chosen).to_list() for name in names]
        ids = rows.ids.filter(chosen).to_list()
        own = set() if self._is_new else set(ids)
        people = sorted({person for person in columns[0] if person})
        paid: dict[tuple[Any, ...], str | None] = {}
        for row in self._stored(_PAID, people, kinds=list(kinds)):
            if row["id"] not in own:
                key = _payment(row["person"], row["kind"], row["result"], row["batch"], row["day"])
                paid.setdefault(key, row["day"])
        numbers = rows.numbers[marks(chosen)].tolist()
        seen: dict[tuple[Any, ...], str] = {}
        for id_, number, *values in zip(ids, numbers, *columns, strict=True):
            person, kind, result, batch, day = values
            key = _payment(person, kind, result, batch, day)
            if key in paid and seen.get(key) != id_:
                title = programme.title("results", result, self._findings.language)
                said = {
                    "what": title or kinds[kind].text(self._findings.language),
                    "batch": batch or self._findings.word("no-batch"),
                    "day": paid[key] or "?",
                }
                yield number, "paid-twice", "person", person, said
            else:  # the same row given twice is told as such
                paid.setdefault(key, day)
                seen.setdefault(key, id_)


def _payment(
    person: str, kind: str, result: str | None, batch: str | None, day: str | None
) -> tuple[Any, ...]:
    """Return what one payment is: of a batch, and where there is none, of a month.

    A batch that names no year is that of its own year: "第一批" comes every year.

    >>> _payment("T1", "pay", None, "2024年第一批", "2024-03-05")[3:]
    ('2024年第一批', '')
    >>> _payment("T1", "pay", None, "第一批", "2024-03-05")[3:]
    ('第一批', '2024')
    >>> _payment("T1", "pay", None, None, "2024-03-05")[3:]
    ('', '2024-03')
    """
    if not batch:
        return person, kind, result, "", day and day[:7]
    return person, kind, result, batch, "" if _YEAR.search(batch) else (day or "")[:4]


def _frame(rows: CheckedRows, names: Sequence[str]) -> pl.DataFrame:
    return _texts({name: rows.column(name) for name in names})


def _texts(columns: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def is_before(joined: pl.DataFrame, held: pl.DataFrame) -> Marks:
    """Mark where an activity was surely over before somebody joined."""
    first = ends(joined["joined_on"])  # the first day that may be meant
    no_end = marks(held["until"].is_null())
    over = np.where(
        no_end,
        begins(held["held_on"]) < first,
        begins(held["until"]) <= first,  # the day of the end is no day of the activity
    )
    known = marks(joined["joined_on"].is_not_null())
    known &= marks(held["held_on"].is_not_null() | held["until"].is_not_null())
    return np.asarray(over & known, bool)
