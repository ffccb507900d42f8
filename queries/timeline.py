"""A person's time line: lanes by kind, and what stands in each with its dates.

Dates keep the precision of their source. Nothing here knows a language or a place on the screen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from typing_extensions import TypedDict

from graph.store import Row
from queries.cards import place_of
from queries.careers.history import Career
from queries.sentences import Term

LaneKey = Literal[
    "posts",
    "exercises",
    "ranks",
    "grades",
    "gaps",
    "service",
    "mentors",
    "trainees",
    "activities",
    "records",
]
Remark = Literal["fall", "certain", "perhaps"]


class LineEntryDict(TypedDict):
    """One thing of a time line as plain values; terms by their keys."""

    id: str
    lane: LaneKey
    name: str
    since: str | None
    until: str | None
    is_point: bool
    planned: bool
    terms: list[str | None]
    remark: Remark | None
    post: str | None
    person: str | None


@dataclass(frozen=True)
class LineEntry:
    """One thing in one lane: a period, or a point in time where `until` does not apply."""

    id: str
    lane: LaneKey
    name: str  # as the data call it: a place, a person, a title, a summary
    since: str | None
    until: str | None = None
    is_point: bool = False
    planned: bool = False
    terms: tuple[Term, ...] = ()  # of the programme, said beside the name
    remark: Remark | None = None  # of a rank: a fall; of a gap: whether it is certain
    post: str | None = None  # whose page it leads to
    person: str | None = None

    def as_dict(self) -> LineEntryDict:
        """Return it as plain values; terms by their keys."""
        return {
            "id": self.id,
            "lane": self.lane,
            "name": self.name,
            "since": self.since,
            "until": self.until,
            "is_point": self.is_point,
            "planned": self.planned,
            "terms": [each.key for each in self.terms],
            "remark": self.remark,
            "post": self.post,
            "person": self.person,
        }


def of_file(
    postings: Iterable[Row],
    mentors: Iterable[Row],
    trainees: Iterable[Row],
    activities: Iterable[Row],
    records: Iterable[Row],
    service: Iterable[Row],
    grades: Iterable[Row],
    plain: Collection[str],
) -> tuple[LineEntry, ...]:
    """Return what a person's file puts on the time line; `plain` kinds are no exercise."""
    return (
        *(_posting(number, row, row["until"], plain) for number, row in enumerate(postings)),
        *_ties("mentors", mentors, "mentor"),
        *_ties("trainees", trainees, "trainee"),
        *(
            LineEntry(
                f"activity {number}",
                "activities",
                row["title"],
                row["held_on"],
                row["until"],
                is_point=True,
                terms=_terms(activity_kinds=row["kind"]),
            )
            for number, row in enumerate(activities)
        ),
        *(
            LineEntry(
                f"record {number}",
                "records",
                row["summary"] or "",
                row["on"],
                is_point=True,
                terms=_terms(record_kinds=row["kind"], levels=row["level"], results=row["result"]),
            )
            for number, row in enumerate(records)
        ),
        *_service(service, grades),
    )


def of_career(career: Career, plain: Collection[str]) -> tuple[LineEntry, ...]:
    """Return what a career puts on the time line: its ranks and gaps too, with the ends read."""
    return (
        *(
            _posting(number, posting.row, posting.ends, plain)
            for number, posting in enumerate(career.postings)
        ),
        *_ranks(career),
        *(
            LineEntry(
                f"gap {number}",
                "gaps",
                "",
                gap.since,
                gap.until,
                remark="certain" if gap.certain else "perhaps",
            )
            for number, gap in enumerate(career.gaps)
        ),
        *_ties("mentors", career.mentors, "id"),
        *(
            LineEntry(f"activity {number}", "activities", row["title"], row["since"], is_point=True)
            for number, row in enumerate(career.activities)
        ),
        *(
            LineEntry(
                f"record {number}",
                "records",
                "",
                row["since"],
                is_point=True,
                terms=_terms(record_kinds=row["kind"], results=row["result"]),
            )
            for number, row in enumerate(career.records)
        ),
    )


def _service(service: Iterable[Row], grades: Iterable[Row]) -> Iterator[LineEntry]:
    for number, row in enumerate(service):
        yield LineEntry(
            f"service {number}",
            "service",
            row["destination"] or "",
            row["since"],
            row["until"],
            is_point=row["until"] is None,
            terms=_terms(service_kinds=row["kind"]),
        )
    for number, row in enumerate(grades):
        yield LineEntry(
            f"grade {number}",
            "grades",
            "",
            row["since"],
            is_point=True,
            terms=_terms(grades=row["grade"]),
        )


def _posting(number: int, row: Row, until: str | None, plain: Collection[str]) -> LineEntry:
    is_exercise = row["kind"] is not None and row["kind"] not in plain
    return LineEntry(
        f"posting {number}",
        "exercises" if is_exercise else "posts",
        place_of(row["unit_name"], row["title"]),
        row["since"],
        until,
        planned=row["status"] == "planned",
        terms=_terms(rotation_kinds=row["kind"]) if is_exercise else (),
        post=row["post"],
    )


def _ties(
    lane: Literal["mentors", "trainees"], rows: Iterable[Row], of: str
) -> Iterator[LineEntry]:
    for number, row in enumerate(rows):
        yield LineEntry(
            f"{lane.removesuffix('s')} {number}",
            lane,
            row["name"],
            row["since"],
            row["until"],
            terms=_terms(mentoring_kinds=row["kind"]),
            person=row[of],
        )


def _ranks(career: Career) -> Iterator[LineEntry]:
    ends: list[str | None] = [step.since for step in career.ranks[1:]]
    for number, (step, until) in enumerate(zip_longest(career.ranks, ends)):
        yield LineEntry(
            f"rank {number}",
            "ranks",
            "",
            step.since,
            until,
            terms=_terms(ranks_and_grades=step.rank),
            remark="fall" if step.how == "fall" else None,
        )


def _terms(**keys: str | None) -> tuple[Term, ...]:
    return tuple(Term(terms, key) for terms, key in keys.items() if key)
