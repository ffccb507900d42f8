"""Who had left the service when a record puts them on a list: nobody who has left is put on one.

The lists are the programme's: the reserve list and the key-focus list. Somebody has left when every
reading of the dates says so; what is only possible is left to the list, which is read by the day.
Whoever is stored with a status of having left, no day known, had left after the last dated fact
that is stored; a data set that brings the person too brings the order of both. A decision that is
entered cannot take somebody off the reserve list who is not on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from graph.dates import first_day, last_day
from graph.programme import Programme
from graph.store import Reader
from loaders.checking.numbered import CheckedRows
from loaders.checking.record_kinds import WrongRecord
from loaders.problems import Findings
from loaders.readers.blocks import pl
from queries.personnel import of_people
from queries.personnel.days import OPEN, day_number, day_of_number
from queries.personnel.service import PLAIN, times_out
from queries.personnel.terms import ServiceFact, Terms, terms_of

_SERVICE = """
MATCH (p:Person)-[:HAS_SERVICE]->(s:Service)
WHERE p.id IN $people
RETURN p.id AS person, s.id AS id, s.kind AS kind, s.since AS since, s.until AS until
"""
_STATUS = """
MATCH (p:Person)
WHERE p.id IN $people AND p.status IN $left
RETURN p.id AS person
ORDER BY person
"""
_RECORDS = "MATCH (r:Record)\nWHERE r.id IN $ids\nRETURN r.id AS id"
_LISTED = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind = $kind AND r.result = $result AND r.withdrawn_on IS NULL
RETURN r.id AS id, p.id AS person, r.`on` AS day
ORDER BY person, day, id
"""
_DECIDED = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind = $kind AND r.result IN $results AND r.withdrawn_on IS NULL
RETURN p.id AS person, r.`on` AS day, r.result AS result, r.until AS until
ORDER BY person, day
"""
_COLUMNS = ("person", "kind", "since", "until")
_Facts = dict[str, dict[str, ServiceFact]]  # of each person, by the id of the row


class LateEntry(NamedTuple):
    """A stored record that put somebody on a list after they had left, and since when."""

    id: str
    person: str
    kind: str  # of the record
    day: str
    left: str


def late_entries(
    store: Reader, facts: Mapping[str, Mapping[str, ServiceFact]], programme: Programme
) -> Iterator[LateEntry]:
    """Yield the stored entries of lists that lie after a leaving, by facts of service."""
    people = sorted(person for person, own in facts.items() if own)
    for record, result in _lists(programme) if people else ():
        for row in store.read(_LISTED, people=people, kind=record, result=result):
            own = facts[row["person"]].values()
            left = _left(own, programme, row["day"]) if row["day"] else None
            if left is not None:
                yield LateEntry(row["id"], row["person"], record, row["day"], left)


def stored_late_entries(
    store: Reader, people: Collection[str], programme: Programme
) -> list[LateEntry]:
    """Return the stored entries of lists that lie after a stored leaving of some people."""
    return list(late_entries(store, _stored_facts(store, people), programme))


def _stored_facts(store: Reader, people: Collection[str]) -> _Facts:
    found: _Facts = defaultdict(dict)
    for row in store.read(_SERVICE, people=sorted(people)):
        fact = ServiceFact(row["kind"], row["since"], row["until"])
        found[row["person"]][row["id"]] = fact
    return found


class Leavers:
    """Keeps the service of a data set, and tells which records put somebody on who had left."""

    def __init__(self, findings: Findings, store: Reader | None, is_new: bool = False) -> None:
        self._findings, self._store, self._is_new = findings, store, is_new
        self._given: pl.DataFrame | None = None
        self._statuses: pl.DataFrame | None = None
        self._judged: set[str] = set()  # ids of records that stand in the data set

    def take(self, rows: CheckedRows, chosen: pl.Series) -> None:
        """Keep the right rows of the table of service, and the statuses of people."""
        if rows.reader.table.name == "people" and "status" in rows.reader.at:
            frame = pl.DataFrame([rows.ids.alias("id"), rows.column("status").alias("status")])
            self._statuses = frame.filter(chosen)
        if rows.reader.table.name != "service":
            return
        columns = [rows.column(name).alias(name) for name in _COLUMNS]
        ids, numbers = pl.Series("id", rows.derived_ids()), pl.Series("row", rows.numbers)
        self._given = pl.DataFrame([ids, numbers, *columns]).filter(chosen)

    @property
    def people(self) -> set[str]:
        """Return the people of whom facts of service are kept."""
        return set() if self._given is None else set(self._given["person"].to_list())

    def told(self, rows: CheckedRows, programme: Programme) -> Iterator[WrongRecord]:
        """Yield the records that put somebody on a list who had left the service by their day."""
        for record, result in _lists(programme):
            mine = (rows.column("kind") == record).fill_null(False)
            if self._store is not None:
                self._judged.update(rows.derived_ids(mine))
            put_on = mine & (rows.column("result") == result)
            put_on &= rows.column("on").is_not_null() & rows.column("person").is_not_null()
            put_on &= rows.column("withdrawn_on").is_null()
            put_on = put_on.fill_null(False)
            if not put_on.any():
                continue
            people, days = rows.column("person"), rows.column("on")
            ids = rows.derived_ids(put_on)
            facts = self.facts_of(set(people.filter(put_on).to_list()))
            chosen = (rows.those(put_on, each) for each in (people, days))
            listed = [
                (number, person, day, id_)
                for (number, person), (_, day), id_ in zip(*chosen, ids, strict=True)
            ]
            said = {"kind": programme.title("record_kinds", record, self._findings.language)}
            undated = self._left_undated(listed, facts, programme)
            for number, person, day, id_ in listed:
                left = _left(facts.get(person, {}).values(), programme, day)
                if left is not None:
                    yield number, "leaver-on-list", "person", person, {**said, "left": left}
                elif id_ in undated:
                    yield number, "left-undated", "person", person, said
        yield from self._not_on_list(rows, programme)

    def late(self, programme: Programme) -> Iterator[tuple[str, WrongRecord]]:
        """Yield what is doubtful of a leaving before a stored entry of a list, which ends it."""
        if self._store is None or self._given is None:
            return
        rows = self._given.select("person", "row").rows()
        row_of = dict(reversed(rows))
        title = partial(programme.title, "record_kinds", language=self._findings.language)
        for entry in late_entries(self._store, self.facts_of(row_of.keys()), programme):
            if entry.id not in self._judged:
                said = {"kind": title(entry.kind), "day": entry.day, "left": entry.left}
                number = row_of[entry.person]
                yield "service", (number, "entry-after-leaving", "person", entry.person, said)

    def _left_undated(
        self,
        listed: list[tuple[int, str, str, str]],
        facts: Mapping[str, dict[str, ServiceFact]],
        programme: Programme,
    ) -> set[str]:
        """Return the new records of people who are stored as having left before, no day known."""
        terms = terms_of(programme)
        people = sorted({person for _, person, *_ in listed} - self._with_other_status(terms.left))
        if self._store is None or not terms.left:
            return set()
        found = self._store.read(_STATUS, people=people, left=sorted(terms.left))
        gone = [row["person"] for row in found if not _has_ending(facts, row["person"], terms)]
        if not gone:
            return set()
        mine = [each for each in listed if each[1] in set(gone)]
        ids = [id_ for *_, id_ in mine]
        stored = self._store.read(_RECORDS, ids=ids) if not self._is_new else ()
        model = of_people(self._store, gone, programme)
        last = {who: model.left_undated.get(model.columns.person_at[who], OPEN) for who in gone}
        return {
            id_ for _, person, day, id_ in mine if last[person] < day_number(first_day(day))
        } - {row["id"] for row in stored}

    def _with_other_status(self, left: Collection[str]) -> set[str]:
        """Return the people of whom the data set says that they have not left."""
        if self._statuses is None:
            return set()
        is_here = ~self._statuses["status"].is_in(list(left)).fill_null(False)
        return set(self._statuses.filter(is_here)["id"].to_list())

    def _not_on_list(self, rows: CheckedRows, programme: Programme) -> Iterator[WrongRecord]:
        """Yield the entered records that take somebody off who is not on the reserve list."""
        listed = programme.reserve
        if listed is None or not self._is_new or self._store is None:
            return
        off = (rows.column("kind") == listed.record) & (rows.column("result") == listed.taken_off)
        off = (off & rows.column("on").is_not_null()).fill_null(False)
        people, days = rows.column("person"), rows.column("on")
        given = {"kind": listed.record, "results": [listed.put_on, listed.taken_off]}
        title = programme.title("record_kinds", listed.record, self._findings.language)
        taken = zip(rows.those(off, people), rows.those(off, days), strict=True)
        for (number, person), (_, day) in taken:
            first, last = first_day(day), last_day(day)
            decided = [
                (each["day"], each["result"] == listed.taken_off, each["until"])
                for each in self._store.read(_DECIDED, people=[person], **given)
                if each["day"] and first_day(each["day"]) <= last
            ]
            _, is_off, until = max(decided, default=("", True, None), key=lambda each: each[:2])
            if is_off or (until and last_day(until) <= first):
                yield number, "not-on-list", "person", person, {"kind": title, "day": day}

    def facts_of(self, people: Collection[str]) -> Mapping[str, dict[str, ServiceFact]]:
        """Return the facts of service of people, by person and row, stored and given."""
        found: _Facts = defaultdict(dict)
        if self._store is not None:
            found = _stored_facts(self._store, people)
        if self._given is not None:  # what a file says of a row that is stored holds
            mine = self._given.filter(self._given["person"].is_in(sorted(people)))
            for id_, person, kind, since, until in mine.drop("row").rows():
                found[person][id_] = ServiceFact(kind, since, until)
        return found


def _has_ending(facts: Mapping[str, Mapping[str, ServiceFact]], person: str, terms: Terms) -> bool:
    """Return whether a dated fact says that somebody left, which then holds."""
    own = facts.get(person, {}).values()
    return any(not terms.service.get(each.kind, PLAIN).in_service for each in own)


def _lists(programme: Programme) -> Iterator[tuple[str, str]]:
    if programme.reserve is not None:
        yield programme.reserve.record, programme.reserve.put_on
    if programme.focus is not None and programme.focus.record is not None:
        yield programme.focus.record, programme.focus.decisions[0]


def _left(facts: Iterable[ServiceFact], programme: Programme, day: str) -> str | None:
    """Return the day by which somebody had surely left, if that is not after a day."""
    kinds = terms_of(programme).service
    late = [
        fact
        if fact.kind not in kinds or kinds[fact.kind].in_service
        else fact._replace(since=last_day(fact.since).isoformat())
        for fact in facts
    ]
    begin, end = day_number(first_day(day)), day_number(last_day(day))
    for out, back in times_out(late, kinds):
        if out <= begin and (back == OPEN or end < back):
            return day_of_number(out).isoformat()
    return None
