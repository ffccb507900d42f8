"""Who served under whom: no record says it, so it is derived, and only a proxy for mentoring.

Either from ranks: two people held posts of one unit at the same time, one of a higher rank. Or from
records: a person's record of some kind names a unit (as its level) and the time they led it, and
whoever held a post of that unit then served under them. Times are those in which postings count
(`queries/personnel`), and a beside posting or an acting one gives no rank: who is seconded has that
of their home post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from graph.dates import add_days, first_day, last_day
from graph.errors import N_, UsageError
from graph.store import Row, Store
from queries.columns import columns
from queries.personnel import Personnel, personnel
from queries.personnel.days import UNKNOWN, day_number
from queries.personnel.reading import FETCH, text_of
from queries.query import Parameter, Query, bilingual
from queries.stored_programme import stored_programme

_RECORDS = """\
MATCH (p:Person)-[:HAS_RECORD]->(r:Record {kind: $record})
WHERE r.`on` IS NOT NULL AND r.level IS NOT NULL AND r.withdrawn_on IS NULL
RETURN r.id AS id, p.id AS person, r.level AS unit, r.`on` AS since
ORDER BY unit, since, id"""


class _Time(NamedTuple):
    """A time of leading a unit or holding a post of it; days are numbers, and texts as given."""

    id: str
    person: str
    unit: str
    rank: str | None
    begin: int
    end: int
    since: str
    until: str | None


def _served_under(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    model = personnel(store)
    if values["record"]:
        leaders = [_led(row) for row in store.read(_RECORDS, record=values["record"])]
        rows = _under(leaders, _times(model))
    elif not len(model.columns):
        return []
    else:
        above = {rank: place for place, rank in enumerate(values["ranks"] or _ranks(store))}
        ranked = [each for each in _times(model) if each.rank in above]
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


def _times(model: Personnel) -> list[_Time]:
    """Return the times in which everybody's postings count, but those of an unknown begin."""
    columns, periods = model.columns, model.periods
    unit = columns.post_unit[columns.post[periods.posting]]
    places = np.flatnonzero((columns.since[periods.posting] != UNKNOWN) & (unit >= 0))
    rows = zip(
        periods.posting[places].tolist(),
        periods.since[places].tolist(),
        periods.until[places].tolist(),
        periods.person[places].tolist(),
        unit[places].tolist(),
        model.home[periods.posting[places]].tolist(),
        strict=True,
    )
    found: list[_Time] = []
    seen: set[str] = set()
    for posting, since, until, person, at, is_home in rows:
        told = model.posting(posting, since, until)
        rank = told.rank if is_home else _home_rank(model, person, since)
        # Who was out meanwhile held it twice.
        id_ = f"{told.id}\x1f{since}" if told.id in seen else told.id
        seen.add(told.id)
        given = told.since or text_of(since)
        found.append(
            _Time(id_, told.person, columns.unit_ids[at], rank, since, until, given, told.until)
        )
    return found


def _home_rank(model: Personnel, person: int, day: int) -> str | None:
    """Return the rank of a person's home posting on the day on which a beside one begins."""
    periods, mine = model.periods, model.periods.of(person)
    held = [
        int(periods.posting[at])
        for at in range(mine.start, mine.stop)
        if periods.since[at] <= day < periods.until[at] and model.home[periods.posting[at]]
    ]
    main = max(held, key=lambda posting: int(model.precedence[posting]), default=None)
    if main is None or model.columns.acting[main]:
        return None
    return model.columns.ranks[int(model.columns.rank[main])]


def _led(row: Row) -> _Time:
    """Return the year, month or day of a record as the time that its person led the unit."""
    text = row["since"]
    begin, after = first_day(text), add_days(last_day(text), 1)
    until = after.isoformat()[: len(text)]
    days = day_number(begin), day_number(after)
    return _Time(row["id"], row["person"], row["unit"], None, *days, text, until)


def _under(
    leaders: Iterable[_Time], others: Iterable[_Time], above: dict[str, int] | None = None
) -> Iterator[Row]:
    led: dict[str, list[_Time]] = defaultdict(list)
    for leader in leaders:
        led[leader.unit].append(leader)
    for each in others:
        for leader in led.get(each.unit, ()):
            if leader.begin >= each.end or each.begin >= leader.end:
                continue
            if leader.person == each.person:
                continue
            if above is not None and above[leader.rank or ""] >= above[each.rank or ""]:
                continue
            key = blake2b(f"{leader.id}\x1f{each.id}".encode(), digest_size=8)
            yield {
                "id": f"under-{key.hexdigest()}",
                "mentor": leader.person,
                "trainee": each.person,
                "unit": each.unit,
                "since": max((one.begin, one.since) for one in (leader, each))[1],
                "until": min((one.end, one.until or "") for one in (leader, each))[1] or None,
            }


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
        f"{FETCH['postings'].strip()}\nORDER BY id;\n\n{_RECORDS}",
        runner=_served_under,
        computed=("people",),
    ),
)
