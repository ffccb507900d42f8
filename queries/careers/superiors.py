"""Who served under whom: no record says it, so it is derived, and only a proxy for mentoring.

Either from ranks: two people held posts of one unit at the same time, one of a higher rank. Or from
records: a person's record of some kind names a unit (as its level) and the time they led it, and
whoever held a post of that unit then served under them. Judged in memory over two plain reads: as
one pattern the engines would try every pair of a unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b

from graph.errors import N_, UsageError
from graph.store import Row, Store
from queries.columns import columns
from queries.programme.stored import stored_programme
from queries.query import Parameter, Query, bilingual

# Asked for some units at a time: one answer of everybody would run into the time limit.
_POSTINGS = """\
UNWIND $units AS unit
MATCH (u:Unit {id: unit})<-[:IN]-(post:Post)<-[e:ROTATED_TO]-(p:Person)
WHERE e.since IS NOT NULL AND coalesce(e.status, 'actual') <> 'planned'
RETURN e.id AS id, p.id AS person, u.id AS unit, coalesce(e.rank, post.rank) AS rank,
  e.since AS since, e.until AS until
ORDER BY id"""
_RECORDS = """\
MATCH (p:Person)-[:HAS_RECORD]->(r:Record {kind: $record})
WHERE r.`on` IS NOT NULL AND r.level IS NOT NULL AND r.withdrawn_on IS NULL
RETURN r.id AS id, p.id AS person, r.level AS unit, r.`on` AS since
ORDER BY unit, since, id"""
_UNITS = "MATCH (u:Unit)\nRETURN u.id AS id\nORDER BY id"
_UNITS_AT_ONCE = 25
_NO_END = "9999-12-31"


def _served_under(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    units = [row["id"] for row in store.read(_UNITS)]
    postings = [
        row
        for begin in range(0, len(units), _UNITS_AT_ONCE)
        for row in store.read(_POSTINGS, units=units[begin : begin + _UNITS_AT_ONCE])
    ]
    for each in postings:
        each["until"] = each["until"] or _NO_END
    if values["record"]:
        leaders = store.read(_RECORDS, record=values["record"])
        for each in leaders:
            each["until"] = _after(each["since"])
        rows = _under(leaders, postings)
    elif not postings:
        return []
    else:
        above = {rank: place for place, rank in enumerate(values["ranks"] or _ranks(store))}
        ranked = [each for each in postings if each["rank"] in above]
        rows = _under(ranked, ranked, above)
    limit = values["limit"]
    found = sorted(rows, key=lambda row: (row["mentor"], row["trainee"], row["since"], row["id"]))
    return found[:limit]


def _ranks(store: Store) -> list[str]:
    """Return the programme's ranks, the highest first."""
    ranks = [term.key for term in stored_programme(store).ranks]
    if not ranks:
        raise UsageError(
            N_("No programme is stored that says which rank is higher."),
            N_("Give the ranks, the highest first: ranks=..., or a kind of record: record=..."),
        )
    return ranks[::-1]


def _under(
    leaders: list[Row], postings: list[Row], above: dict[str, int] | None = None
) -> Iterator[Row]:
    led: dict[str, list[Row]] = defaultdict(list)
    for leader in leaders:
        led[leader["unit"]].append(leader)
    for each in postings:
        for leader in led.get(each["unit"], ()):
            if leader["since"] >= each["until"] or each["since"] >= leader["until"]:
                continue
            if leader["person"] == each["person"]:
                continue
            if above is not None and above[leader["rank"]] >= above[each["rank"]]:
                continue
            until = min(leader["until"], each["until"])
            since = max(leader["since"], each["since"])
            if since >= until:  # one of the two ends before it begins: its true end is not known
                until = _NO_END
            key = blake2b(f"{leader['id']}\x1f{each['id']}".encode(), digest_size=8)
            yield {
                "id": f"under-{key.hexdigest()}",
                "mentor": leader["person"],
                "trainee": each["person"],
                "unit": each["unit"],
                "since": since,
                "until": None if until == _NO_END else until,
            }


def _after(date: str) -> str:
    """Return the first year, month or day after a date of that precision."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        return f"{parts[0] + 1:04d}"
    if len(parts) == 2:
        year, month = divmod(parts[0] * 12 + parts[1], 12)
        return f"{year:04d}-{month + 1:02d}"
    return date + "\x7f"  # later than the day, earlier than the next


QUERIES = (
    Query(
        "careers.served_under",
        bilingual("曾在谁手下任职", "Who served under whom"),
        bilingual(
            "推导而来，只可作为师徒关系的近似：同一单位、任职时间重叠、职级更高（ranks 由高到低），"
            "或由某类记录（record）表明其当时主管该单位。",
            "Derived, and only a proxy for mentoring: posts of one unit at the same time, one of "
            "a higher rank (`ranks`, the highest first), or a kind of `record` that says who led "
            "the unit then.",
        ),
        (
            Parameter("ranks", "职级，由高到低", "ranks, the highest first", type="list"),
            Parameter(
                "record", "表明主管单位的记录类别", "kind of record that says who led a unit"
            ),
            Parameter(
                "limit", "最多行数", "most rows", type="integer", default=1000, at_most=10_000_000
            ),
        ),
        columns("id mentor trainee unit since until"),
        _POSTINGS,
        runner=_served_under,
        computed=("units",),
    ),
)
