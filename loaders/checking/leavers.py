"""Who had left the service when a record puts them on a list: nobody who has left is put on one.

The lists are the programme's: the reserve list and the key-focus list. Somebody has left when every
reading of the dates says so; what is only possible is left to the list, which is read by the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from graph.dates import first_day, last_day
from graph.programme import Programme
from graph.store import Reader
from loaders.checking.numbered import CheckedRows
from loaders.checking.record_kinds import WrongRecord
from loaders.problems import Findings
from loaders.readers.blocks import pl
from queries.personnel.days import OPEN, day_number, day_of_number
from queries.personnel.service import times_out
from queries.personnel.terms import ServiceFact, terms_of

_SERVICE = """
MATCH (p:Person)-[:HAS_SERVICE]->(s:Service)
WHERE p.id IN $people
RETURN p.id AS person, s.id AS id, s.kind AS kind, s.since AS since, s.until AS until
"""
_COLUMNS = ("person", "kind", "since", "until")
_Facts = dict[str, dict[str, ServiceFact]]  # of each person, by the id of the row


class Leavers:
    """Keeps the service of a data set, and tells which records put somebody on who had left."""

    def __init__(self, findings: Findings, store: Reader | None) -> None:
        self._findings = findings
        self._store = store
        self._given: pl.DataFrame | None = None

    def take(self, rows: CheckedRows, chosen: pl.Series) -> None:
        """Keep the right rows of the table of service."""
        columns = [rows.column(name).alias(name) for name in _COLUMNS]
        self._given = pl.DataFrame([rows.ids.alias("id"), *columns]).filter(chosen)

    def told(self, rows: CheckedRows, programme: Programme) -> Iterator[WrongRecord]:
        """Yield the records that put somebody on a list who had left the service by their day."""
        for record, result in _lists(programme):
            put_on = (rows.column("kind") == record) & (rows.column("result") == result)
            put_on &= rows.column("on").is_not_null() & rows.column("person").is_not_null()
            if not put_on.any():
                continue
            people, days = rows.column("person"), rows.column("on")
            facts = self._facts(set(people.filter(put_on.fill_null(False)).to_list()))
            kind = programme.title("record_kinds", record, self._findings.language)
            listed = zip(rows.those(put_on, people), rows.those(put_on, days), strict=True)
            for (number, person), (_, day) in listed:
                left = _left(facts.get(person, {}).values(), programme, day)
                if left is not None:
                    yield number, "leaver-on-list", "person", person, {"kind": kind, "left": left}

    def _facts(self, people: Collection[str]) -> Mapping[str, dict[str, ServiceFact]]:
        found: _Facts = defaultdict(dict)
        if self._store is not None:
            for row in self._store.read(_SERVICE, people=sorted(people)):
                fact = ServiceFact(row["kind"], row["since"], row["until"])
                found[row["person"]][row["id"]] = fact
        if self._given is not None:  # what a file says of a row that is stored holds
            mine = self._given.filter(self._given["person"].is_in(sorted(people)))
            for id_, person, kind, since, until in mine.rows():
                found[person][id_] = ServiceFact(kind, since, until)
        return found


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
