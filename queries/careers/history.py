"""One person's career in full: main posts, postings in lanes, gaps, ranks, mentors, records.

What is true on a day is asked of the personnel model; here it is put in words of one person. A
date keeps the precision of its source, and a gap is certain only when no reading of its dates
closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import first_day, last_day, months_between
from graph.errors import N_, NotFound
from graph.programme import Programme, day_of
from graph.store import Row, Store
from queries.careers.career_parts import CareerGap, CareerPosting, RankStep, Span, together
from queries.careers.career_rows import (
    CareerActivity,
    CareerMove,
    CareerPostingRow,
    CareerRecord,
    CareerTie,
    HeldAs,
    HeldTogether,
)
from queries.dated import EVERYTHING
from queries.personnel import Personnel, of_people, reading
from queries.personnel.days import OPEN, UNKNOWN, day_number, day_of_number
from queries.personnel.pairs import cut
from queries.personnel.ranks import rank_changes
from queries.personnel.spans import served

PERSON = """
MATCH (p:Person {id: $person})
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on, p.cohort AS cohort,
       p.education AS education, p.born_on AS born_on, p.native_place AS native_place
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
    "postings": reading.FETCH["postings"].replace(
        "$people IS NULL OR p.id IN $people", "p.id = $person"
    ),
    "mentors": MENTORS,
    "activities": ACTIVITIES,
    "records": RECORDS,
}


class CareerDict(TypedDict):
    """One career as plain values."""

    person: str
    name: str
    as_of: str
    entry: str | None
    postings: list[CareerPostingRow]
    moves: list[Annotated[Row, FieldsOf(CareerMove)]]
    gaps: list[Annotated[Row, FieldsOf(CareerGap)]]
    together: list[HeldTogether]
    ranks: list[Annotated[Row, FieldsOf(RankStep)]]
    mentors: list[Annotated[Row, FieldsOf(CareerTie)]]
    activities: list[Annotated[Row, FieldsOf(CareerActivity)]]
    records: list[Annotated[Row, FieldsOf(CareerRecord)]]


@dataclass(frozen=True)
class Career:
    """Everything dated that is known of one person's career by a day."""

    person: Row
    on: date
    entry: str | None  # joining, or the first posting where that is not known
    postings: tuple[CareerPosting, ...]
    main_posts: tuple[tuple[Row, Span], ...]  # in order, renewals made one
    moves: tuple[Row, ...]
    gaps: tuple[CareerGap, ...]
    together: tuple[tuple[Row, Row, str, str | None], ...]  # two postings, and from when to when
    ranks: tuple[RankStep, ...]
    mentors: tuple[Row, ...]
    activities: tuple[Row, ...]
    records: tuple[Row, ...]

    @property
    def actual(self) -> tuple[CareerPosting, ...]:
        """Return the postings that are not merely planned."""
        return tuple(p for p in self.postings if p.row["status"] != "planned")

    def reached(self, rank: str, programme: Programme) -> RankStep | None:
        """Return the first day at a rank or above; None when it is on no ladder or not reached."""
        wanted = programme.rank_index(rank)
        if wanted is None:
            return None
        return next((s for s in self.ranks if (programme.rank_index(s.rank) or 0) >= wanted), None)

    def as_dict(self) -> CareerDict:
        """Return plain values for JSON."""
        return {
            "person": self.person["id"],
            "name": self.person["name"],
            "as_of": self.on.isoformat(),
            "entry": self.entry,
            "postings": [each.as_dict() for each in self.postings],
            "moves": list(self.moves),
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


def career(
    store: Store, person: str, on: date, programme: Programme, planned: bool = False
) -> Career:
    """Return one person's career as it is known on a day; NotFound when nobody has the id.

    Planned postings are in it where they are asked for.
    """
    found = store.read(PERSON, person=person)
    if not found:
        raise NotFound(N_("There is no person %(id)s."), id=person)
    read = CareerReading(of_people(store, [person], programme), found[0], on, programme, planned)
    postings = read.postings()
    return Career(
        person=found[0],
        on=on,
        entry=read.entry(),
        postings=postings,
        main_posts=tuple(read.main_posts()),
        moves=tuple(read.moves()),
        gaps=tuple(read.gaps()),
        together=tuple(together(postings)),
        ranks=tuple(read.ranks()),
        mentors=tuple(read.by_the_day(_mentors(store, person))),
        activities=tuple(read.by_the_day(store.read(ACTIVITIES, person=person))),
        records=tuple(read.by_the_day(store.read(RECORDS, person=person))),
    )


def _mentors(store: Store, person: str) -> list[Row]:
    """Return the mentors of a person, the ends of the pairs as read."""
    found = store.read(MENTORS, person=person)
    rows = [{**row, "mentor": row["id"], "trainee": person} for row in found]
    return [
        {key: each for key, each in row.items() if key not in ("mentor", "trainee")}
        for row in cut(store, rows, EVERYTHING)
    ]


class CareerReading:
    """What the model says of one person by a day."""

    def __init__(
        self,
        model: Personnel,
        person: Row,
        on: date,
        programme: Programme,
        planned: bool = False,
    ) -> None:
        self.model = model
        self.with_planned = planned
        self.person = str(person["id"])
        self.joined_on: str | None = person["joined_on"]
        self.on = on
        self.number = day_number(on)
        self.at = model.columns.person_at[self.person]
        self.start = int(model.start[self.at])
        # On an earlier day nobody knew the ends to come.
        self.knows_ends_to_come = on >= day_of(programme, date.today())
        periods = model.periods
        self.periods = [
            (posting, since, until)
            for posting, since, until in zip(
                *(
                    each[periods.of(self.at)].tolist()
                    for each in (periods.posting, periods.since, periods.until)
                ),
                strict=True,
            )
            # What began on an unknown day is no step that could be put in order.
            if since <= self.number and model.columns.since[posting] != UNKNOWN
        ]

    # --- days as texts

    def begin_text(self, posting: int, since: int) -> str:
        """Return a day from which a posting counts as its source gave it."""
        columns = self.model.columns
        text = columns.since_texts[posting]
        return text if text and since == int(columns.since[posting]) else self.text(since)

    def end_text(self, posting: int, until: int) -> str:
        """Return the day of an end as its source gave it, or the begin that it is read from."""
        columns = self.model.columns
        text = columns.until_texts[posting]
        given = (int(columns.until[posting]), int(columns.until_last[posting]))
        return text if text and until in given else self.text(until)

    def text(self, day: int) -> str:
        """Return a day of the career as its source gave it."""
        joined = int(self.model.columns.joined[self.at])
        if self.joined_on and day == joined:
            return self.joined_on
        return self.model.as_given(self.at, day)

    def span(self, posting: int, since: int, until: int) -> Span:
        """Return a period as far as known on the day."""
        until = self.known(posting, until)
        return Span(
            day_of_number(since),
            None if until == OPEN else day_of_number(until),
            self.begin_text(posting, since),
            None if until == OPEN else self.end_text(posting, until),
        )

    def known(self, posting: int, until: int) -> int:
        """Return an end that is known on the day, else OPEN: one to come is known when recorded."""
        columns = self.model.columns
        recorded = until in (int(columns.until[posting]), int(columns.until_last[posting]))
        to_come = until > self.number and not (recorded and self.knows_ends_to_come)
        return OPEN if to_come else until

    def entry(self) -> str | None:
        """Return the day from which the person serves, as its source gave it."""
        return self.text(self.start) if self.start <= self.number else None

    def by_the_day(self, rows: list[Row]) -> Iterator[Row]:
        """Yield the facts that had begun by the day, without ends that nobody knew then."""
        for row in rows:
            if row["since"] and row["since"] > self.on.isoformat():
                continue
            until = row.get("until")
            hidden = until and until > self.on.isoformat() and not self.knows_ends_to_come
            yield {**row, "until": None} if hidden else row

    # --- postings

    def _mine(self) -> list[int]:
        """Return the postings begun by the day, planned ones where asked for, undated ones last."""
        columns = self.model.columns
        low, high = np.searchsorted(columns.person, [self.at, self.at + 1]).tolist()
        mine = [
            p
            for p in range(low, high)
            if (self.with_planned if columns.planned[p] else columns.since[p] <= self.number)
        ]
        return sorted(
            mine,
            key=lambda p: (
                columns.since[p] == UNKNOWN,
                columns.since[p],
                self._end(p),
                columns.ids[p],
            ),
        )

    def _end(self, p: int) -> int:
        """Return the day on which a posting is read as ended, as far as known on the day."""
        columns = self.model.columns
        if columns.planned[p]:
            begin, end, last = columns.since[p], columns.until[p], columns.until_last[p]
            return int(end if end > begin else last)
        ends = [until for posting, _since, until in self.periods if posting == p]
        return self.known(p, max(ends, default=int(self.model.until[p])))

    def postings(self) -> tuple[CareerPosting, ...]:
        """Return all postings, each in the lowest lane that is free when it begins."""
        columns = self.model.columns
        free_from: list[int] = []
        found = []
        for p in self._mine():
            since, lane = int(columns.since[p]), -1
            backwards = int(columns.until_last[p]) < since
            if since != UNKNOWN:
                lane = next((n for n, day in enumerate(free_from) if day <= since), len(free_from))
                free_from[lane : lane + 1] = [since + 1 if backwards else self._end(p)]
            found.append(self._posting(p, lane, backwards))
        return tuple(found)

    def _posting(self, p: int, lane: int, backwards: bool) -> CareerPosting:
        columns = self.model.columns
        begin, end = day_of_number(int(columns.since[p])), self._end(p)
        undated = columns.since[p] == UNKNOWN
        row: Row = {
            **columns.as_row(p),
            "concurrent": bool(columns.concurrent[p]),
            "acting": bool(columns.acting[p]),
        }
        if end == OPEN != int(columns.until[p]):
            row["until"] = None  # it was not known on the day
        no_end = undated or backwards or end == OPEN
        until = None if no_end else day_of_number(end)
        spans = tuple(self.span(*each) for each in self.periods if each[0] == p)
        months: int | None = served([span[:2] for span in spans], self.on)
        if undated or backwards or (columns.planned[p] and end == OPEN):
            months = None
        elif columns.planned[p] and until:
            months = months_between(begin, until)
        return CareerPosting(
            row,
            lane,
            spans,
            self._held_as(p) if spans else None,
            None if undated else begin,
            until,
            row["until"] if undated else self.end_text(p, end) if until else None,
            end_not_recorded=not undated
            and bool(self.model.end_not_recorded[p] and end == self.model.until[p]),
            months=months,
            runs=any(span.until is None or span.until > self.on for span in spans),
            reversed=backwards,
        )

    def _held_as(self, p: int) -> HeldAs:
        if not self.model.home[p]:
            return "meanwhile"
        mine = [each for each in self.periods if each[0] == p]
        for posting, since, until in self._main():
            same = self.model.columns.post[posting] == self.model.columns.post[p]
            if same and any(begin < until and since < end for _p, begin, end in mine):
                return "main"
        return "also_held"

    # --- main posts, moves, gaps, ranks

    def _main(self) -> Iterator[tuple[int, int, int]]:
        main = self.model.main_posts
        mine = main.of(self.at)
        for posting, since, until in zip(
            main.posting[mine].tolist(),
            main.since[mine].tolist(),
            main.until[mine].tolist(),
            strict=True,
        ):
            if since <= self.number:
                yield posting, since, until

    def main_posts(self) -> Iterator[tuple[Row, Span]]:
        """Yield the main posts in order."""
        for posting, since, until in self._main():
            until = until if until <= self.number else OPEN
            yield {**self.model.columns.as_row(posting)}, self.span(posting, since, until)

    def moves(self) -> Iterator[Row]:
        """Yield the model's moves, with names of posts and days as their source gave them."""
        columns = self.model.columns
        became = {reading.text_of(since): (p, since) for p, since, _until in self._main()}
        for move in self.model.moves(self.on, self.person):
            posting, since = became[move["day"]]
            row = {key: value for key, value in move.items() if key != "person"}
            row["since"] = self.begin_text(posting, since)
            for side in ("from", "to"):
                post = move[f"{side}_post"]
                at = columns.post_at[post] if post is not None else None
                unit = int(columns.post_unit[at]) if at is not None else -1
                row[f"{side}_title"] = columns.post_titles[at] if at is not None else None
                row[f"{side}_unit_name"] = columns.unit_names[unit] if unit >= 0 else None
            yield row

    def gaps(self) -> Iterator[CareerGap]:
        """Yield the times in service without a home posting; none where no posting is known."""
        if not self.periods:
            return
        columns = self.model.columns
        filled: list[tuple[int | None, int, int]] = [
            each for each in self.periods if self.model.home[each[0]]
        ]
        outs = self.model.outs.get(self.at, ())
        filled += [(None, *out) for out in outs if out[0] <= self.number]
        last = self.model.left_undated.get(self.at, OPEN)  # after it nothing is known
        filled.append((None, min(self.number, last), OPEN))
        ends, text = self.start, self.entry() or ""
        latest, before = last_day(text), None
        titles, posts = columns.post_titles, columns.post
        for posting, since, until in sorted(filled, key=lambda each: each[1:]):
            if since > ends:
                begin = (
                    reading.text_of(since) if posting is None else self.begin_text(posting, since)
                )
                yield CareerGap(
                    text,
                    begin,
                    months_between(day_of_number(ends), day_of_number(since)),
                    first_day(begin) > latest,
                    before,
                    "" if posting is None else titles[posts[posting]],
                )
            if until >= OPEN or until > self.number:
                return
            text_of_end = (
                reading.text_of(until) if posting is None else self.end_text(posting, until)
            )
            latest = max(latest, last_day(text_of_end))
            if until >= ends:
                ends, text = until, text_of_end
                before = None if posting is None else titles[posts[posting]]

    def ranks(self) -> Iterator[RankStep]:
        """Yield each change of rank with the months since entry."""
        begin = day_of_number(self.start) if self.start != OPEN else None
        for each in rank_changes(self.model, self.person, self.on):
            months = months_between(begin, first_day(each.day)) if begin else None
            yield RankStep(each.rank, each.since, months, each.how)
