"""One person's career in full: postings in lanes, gaps, concurrent posts, ranks, mentors, records.

Nothing is invented: a date keeps the precision of its source, an end that is not known is said to
be unknown, and a gap is certain only when no reading of its dates closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.dates import add_days, end_day, first_day, is_date, last_day, months_between
from graph.errors import N_, NotFound
from graph.programme import Programme
from graph.store import Row, Store

PERSON = """
MATCH (p:Person {id: $person})
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on, p.cohort AS cohort,
       p.education AS education, p.born_on AS born_on, p.native_place AS native_place
"""
POSTINGS = """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(post:Post)
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN r.id AS id, post.id AS post, post.name AS title, u.id AS unit, u.name AS unit_name,
       u.kind AS unit_kind, post.kind AS post_kind, coalesce(r.rank, post.rank) AS rank,
       r.kind AS kind, r.since AS since, r.until AS until,
       coalesce(r.status, 'actual') AS status
ORDER BY since, until, id
"""
MENTORS = """
MATCH (m:Person)-[r:MENTORS]->(p:Person {id: $person})
RETURN m.id AS id, m.name AS name, r.kind AS kind, r.since AS since, r.until AS until
ORDER BY since, id
"""
ACTIVITIES = """
MATCH (p:Person {id: $person})-[r:TOOK_PART_IN]->(a:Activity)
RETURN a.id AS id, a.name AS title, a.kind AS kind, a.held_on AS since, a.until AS until
ORDER BY since, id
"""
RECORDS = """
MATCH (p:Person {id: $person})-[:HAS_RECORD]->(r:Record)
WHERE r.withdrawn_on IS NULL
RETURN r.id AS id, r.kind AS kind, r.`on` AS since, r.level AS level, r.result AS result,
       r.summary AS summary
ORDER BY since, id
"""
CYPHER = {
    "person": PERSON,
    "postings": POSTINGS,
    "mentors": MENTORS,
    "activities": ACTIVITIES,
    "records": RECORDS,
}


@dataclass(frozen=True)
class Posting:
    """One posting of the person, with its lane and its length."""

    row: Row
    lane: int  # concurrent postings stand in different lanes
    months: int | None  # whole months until its end, or until the day while it runs
    runs: bool  # begun and not ended by the day, as far as known
    reversed: bool  # its end stands before its begin: a mistake of the source


@dataclass(frozen=True)
class Gap:
    """A time in which no posting is known."""

    since: str
    until: str
    months: int
    certain: bool  # False: dates of reduced precision may close it
    before: str | None  # title of the posting before; None: since joining
    after: str


@dataclass(frozen=True)
class RankStep:
    """The day from which a higher rank than before is held."""

    rank: str
    since: str
    months_from_entry: int | None


@dataclass(frozen=True)
class Career:
    """Everything dated that is known of one person's career."""

    person: Row
    on: date
    postings: tuple[Posting, ...]
    gaps: tuple[Gap, ...]
    together: tuple[tuple[Row, Row, str, str | None], ...]  # two postings, and from when to when
    ranks: tuple[RankStep, ...]
    mentors: tuple[Row, ...]
    activities: tuple[Row, ...]
    records: tuple[Row, ...]

    @property
    def entry(self) -> str | None:
        """Give `joined_on`, or the begin of the first posting where that is unknown."""
        if self.person["joined_on"]:
            return str(self.person["joined_on"])
        begins = [p.row["since"] for p in self.actual if p.row["since"]]
        return min(begins) if begins else None

    @property
    def actual(self) -> tuple[Posting, ...]:
        """Give the postings that are not merely planned."""
        return tuple(p for p in self.postings if p.row["status"] != "planned")

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "person": self.person["id"],
            "name": self.person["name"],
            "as_of": self.on.isoformat(),
            "entry": self.entry,
            "postings": [
                {
                    **p.row,
                    "lane": p.lane,
                    "months": p.months,
                    "runs": p.runs,
                    "reversed": p.reversed,
                }
                for p in self.postings
            ],
            "gaps": [vars(gap) for gap in self.gaps],
            "together": [
                {"posts": [one["post"], other["post"]], "since": since, "until": until}
                for one, other, since, until in self.together
            ],
            "ranks": [vars(step) for step in self.ranks],
            "mentors": list(self.mentors),
            "activities": list(self.activities),
            "records": list(self.records),
        }


def career(store: Store, person: str, on: date, programme: Programme) -> Career:
    """Give one person's career as it is known on a day; NotFound when nobody has the id."""
    found = store.read(PERSON, person=person)
    if not found:
        raise NotFound(N_("There is no person %(id)s."), id=person)
    rows = store.read(POSTINGS, person=person)
    postings = _in_lanes([row for row in rows if _is_day(row["since"])], on)
    undated = [Posting(row, -1, None, False, False) for row in rows if not _is_day(row["since"])]
    actual = [p for p in postings if p.row["status"] != "planned" and p.row["since"] <= str(on)]
    return Career(
        person=found[0],
        on=on,
        postings=(*postings, *undated),
        gaps=tuple(_gaps(found[0]["joined_on"], actual, on)),
        together=tuple(_together(actual)),
        ranks=tuple(_ranks(found[0]["joined_on"], actual, programme)),
        mentors=tuple(store.read(MENTORS, person=person)),
        activities=tuple(store.read(ACTIVITIES, person=person)),
        records=tuple(store.read(RECORDS, person=person)),
    )


def _is_day(text: str | None) -> bool:
    return bool(text) and is_date(str(text))


def _in_order(row: Row) -> tuple[date, date, str]:
    """Put postings in the order they begin; of equal begins the one that ends earlier is first."""
    until = end_day(row["since"], row["until"]) if _is_day(row["until"]) else date.max
    return first_day(row["since"]), until, row["id"] or ""


def _in_lanes(rows: list[Row], on: date) -> list[Posting]:
    """Give each posting the lowest lane that is free when it begins."""
    free_from: list[date] = []
    placed = []
    for row in sorted(rows, key=_in_order):
        since = first_day(row["since"])
        until = end_day(row["since"], row["until"]) if _is_day(row["until"]) else None
        backwards = until is not None and until < since
        lane = next((at for at, day in enumerate(free_from) if day <= since), len(free_from))
        if lane == len(free_from):
            free_from.append(date.min)
        free_from[lane] = add_days(since, 1) if backwards else until or date.max
        end = until or (on if on >= since else None)
        months = None if backwards or end is None else months_between(since, end)
        runs = since <= on and (until is None or on < until)
        placed.append(Posting(row, lane, months, runs, backwards))
    return placed


def _gaps(joined_on: str | None, postings: list[Posting], on: date) -> list[Gap]:
    found: list[Gap] = []
    ends: str | None = joined_on
    before: str | None = None
    if not postings:
        return found
    if ends is None:
        ends = str(postings[0].row["since"])
    for posting in postings:
        since = str(posting.row["since"])
        if ends is not None and first_day(since) > first_day(ends):
            months = months_between(first_day(ends), first_day(since))
            certain = first_day(since) > last_day(ends)
            found.append(Gap(ends, since, months, certain, before, posting.row["title"]))
        if posting.reversed:
            continue
        until = posting.row["until"]
        if not _is_day(until):
            return found  # it has no known end: nothing after it is surely a gap
        if ends is None or first_day(until) >= first_day(ends):
            ends, before = str(until), str(posting.row["title"])
    if ends is not None and first_day(ends) < on:
        months = months_between(first_day(ends), on)
        found.append(Gap(ends, on.isoformat(), months, last_day(ends) < on, before, ""))
    return found


def _together(postings: list[Posting]) -> list[tuple[Row, Row, str, str | None]]:
    found = []
    for at, one in enumerate(postings):
        for other in postings[at + 1 :]:
            if one.reversed or other.reversed:
                continue
            ends = [p.row["until"] for p in (one, other) if _is_day(p.row["until"])]
            until = min(ends, key=first_day) if ends else None
            since = str(other.row["since"])
            if until is None or first_day(since) < first_day(until):
                found.append((one.row, other.row, since, until))
    return found


def _ranks(joined_on: str | None, postings: list[Posting], programme: Programme) -> list[RankStep]:
    """Give each rise to a rank higher than all before it."""
    highest, steps = -1, []
    for posting in postings:
        at = programme.rank_index(posting.row["rank"])
        if at is None or at <= highest:
            continue
        highest = at
        since = str(posting.row["since"])
        known = joined_on if joined_on and is_date(joined_on) else postings[0].row["since"]
        entry = first_day(known)
        steps.append(RankStep(posting.row["rank"], since, months_between(entry, first_day(since))))
    return steps
