"""Everybody's way as lines: main posts with their ranks, what ran beside, the next legal rise.

One line a person while they are few; above that one row a cohort, which says how many stood at
which rank after each year. All of it is of one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.cache import per_version
from graph.store import Row, Store
from queries.careers.eligibility import NextStep, StepState, earliest_dates
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.careers.rank_arrivals import RankTime, RankTimeDict, rank_times
from queries.personnel import Personnel, of_people, personnel
from queries.personnel.columns import SPAN
from queries.personnel.days import OPEN, UNKNOWN, Ints, day_number, day_of_number
from queries.personnel.state import NO, NOT_KNOWN
from queries.rules.appointments import stored_rules
from queries.stored_programme import stored_programme

MOST_LINES = 150  # more people than that stand as cohorts
MOST_YEARS = 60  # after the entry that a cohort's row tells

COHORTS = """
MATCH (p:Person)
WHERE p.cohort IS NOT NULL AND ($people IS NULL OR p.id IN $people)
RETURN p.id AS id, p.cohort AS cohort
ORDER BY id
"""


@dataclass(frozen=True)
class LinePost:
    """A main post, as far as it is known on the day; `until` is the day after the last one."""

    since: date
    until: date
    post: str
    title: str
    unit: str | None
    unit_name: str | None
    unit_kind: str | None
    rank: str | None  # of the posting; an acting one gives none


@dataclass(frozen=True)
class Beside:
    """A posting that ran beside the main post."""

    since: date
    until: date
    kind: str | None
    post: str
    title: str
    unit_name: str | None


@dataclass(frozen=True)
class NextRise:
    """The next rank and the first day that every hard rule allows; None: no day follows."""

    rank: str
    state: StepState
    day: date | None
    rules: tuple[str, ...]  # those that hold the person until then


@dataclass(frozen=True)
class CareerLine:
    """One person's way until the day, or until leaving."""

    person: str
    name: str
    cohort: int | None
    entry: date
    until: date
    serves: bool
    posts: tuple[LinePost, ...]
    beside: tuple[Beside, ...]
    next_rise: NextRise | None

    @property
    def years(self) -> float:
        """Return how long it is."""
        return (self.until - self.entry).days / 365.25

    def as_dict(self) -> CareerLineDict:
        """Return plain values for JSON."""
        return {
            "person": self.person,
            "name": self.name,
            "cohort": self.cohort,
            "entry": self.entry.isoformat(),
            "until": self.until.isoformat(),
            "serves": self.serves,
            "posts": [_plain(each) for each in self.posts],
            "beside": [_plain(each) for each in self.beside],
            "next_rise": _plain(self.next_rise) if self.next_rise else None,
        }


@dataclass(frozen=True)
class CohortRow:
    """Who entered in one year: of those seen so long, how many stood at which rank.

    A row of `ranks` is a year after the entry: people without a rank first, then by rank.
    """

    cohort: int | None
    people: int
    ranks: tuple[tuple[int, ...], ...]

    def as_dict(self) -> CohortRowDict:
        """Return plain values for JSON."""
        ranks = [list(each) for each in self.ranks]
        return {"cohort": self.cohort, "people": self.people, "ranks": ranks}


class CareerLineDict(TypedDict):
    """One person's way as plain values."""

    person: str
    name: str
    cohort: int | None
    entry: str
    until: str
    serves: bool
    posts: list[Annotated[Row, FieldsOf(LinePost)]]
    beside: list[Annotated[Row, FieldsOf(Beside)]]
    next_rise: Annotated[Row, FieldsOf(NextRise)] | None


class CohortRowDict(TypedDict):
    """One cohort as plain values."""

    cohort: int | None
    people: int
    ranks: list[list[int]]


class CareerLinesDict(TypedDict):
    """Everybody's ways as plain values; of cohorts nobody's next rise is worked out."""

    as_of: str
    limits: LimitsDict
    people: int
    gone: int
    may_rise: int | None
    ladder: list[str]
    at_rank: dict[str, int]
    lines: list[CareerLineDict]
    cohorts: list[CohortRowDict]
    times: list[RankTimeDict]


@dataclass(frozen=True)
class CareerLines:
    """Everybody's ways: lines of few, cohorts of many, and how long each rank took."""

    on: date
    limits: Limits
    people: int  # in service on the day
    gone: int  # who left before, or is not known since
    ladder: tuple[str, ...]
    at_rank: dict[str, int]  # of those in service, by rank held on the day, lowest first
    lines: tuple[CareerLine, ...]  # by cohort, then by entry; none where they are too many
    cohorts: tuple[CohortRow, ...]
    times: tuple[RankTime, ...]

    @property
    def may_rise(self) -> tuple[CareerLine, ...]:
        """Return those whom every hard rule allows the next rank today."""
        return tuple(
            line for line in self.lines if line.next_rise and line.next_rise.state == "open"
        )

    def as_dict(self) -> CareerLinesDict:
        """Return plain values for JSON."""
        return {
            "as_of": self.on.isoformat(),
            "limits": self.limits.as_dict(),
            "people": self.people,
            "gone": self.gone,
            "may_rise": len(self.may_rise) if self.lines or not self.cohorts else None,
            "ladder": list(self.ladder),
            "at_rank": self.at_rank,
            "lines": [line.as_dict() for line in self.lines],
            "cohorts": [row.as_dict() for row in self.cohorts],
            "times": [each.as_dict() for each in self.times],
        }


@per_version(4)
def career_lines(
    store: Store,
    on: date,
    limits: Limits = EVERYBODY,
    most: int = MOST_LINES,
    with_gone: bool = False,
) -> CareerLines:
    """Return everybody's ways on a day, of those who had begun by it.

    Who left is counted beside, and among the lines only `with_gone`. NotFound for a unit of the
    limits that is not stored.
    """
    model = personnel(store)
    day = model.on(on)
    rules = stored_rules(store, stored_programme(store))
    asked = limits.people(store, model, on)
    begun = first_begin(model) <= day.number
    if asked is not None:
        begun &= asked
    gone = begun & ((day.in_service == NO) | (day.in_service == NOT_KNOWN))
    serving = begun & ~gone
    shown = np.flatnonzero(begun if with_gone else serving)
    cohort = _cohorts(store, model)
    is_few = len(shown) <= most
    ladder = model.terms.ranks
    held = np.bincount(day.rank[serving] + 1, minlength=len(ladder) + 1).tolist()
    return CareerLines(
        on=on,
        limits=limits,
        people=int(serving.sum()),
        gone=int(gone.sum()),
        ladder=ladder,
        at_rank={rank: held[at + 1] for at, rank in enumerate(ladder) if held[at + 1]},
        lines=tuple(_lines(store, model, on, shown, cohort)) if is_few else (),
        cohorts=() if is_few else tuple(_cohort_rows(model, day.number, shown, cohort)),
        times=rank_times(model, day, rules, asked),
    )


def line_of(store: Store, person: str, on: date) -> CareerLine | None:
    """Return one person's way on a day; None for whoever had not begun or is not known."""
    return _of_some(store, [person], on, with_rise=True).get(person)


def lines_of(store: Store, people: Sequence[str], on: date) -> dict[str, CareerLine]:
    """Return the ways of some people on a day, by id; who had not begun is left out."""
    return _of_some(store, people, on, with_rise=False)


def _of_some(
    store: Store, people: Sequence[str], on: date, with_rise: bool
) -> dict[str, CareerLine]:
    model = of_people(store, people)
    at, begin = model.columns.person_at, first_begin(model)
    begun = [at[each] for each in people if each in at and int(begin[at[each]]) <= day_number(on)]
    cohort = _cohorts(store, model, people)
    found = _lines(store, model, on, np.array(begun, dtype=np.int64), cohort, with_rise)
    return {line.person: line for line in found}


def first_begin(model: Personnel) -> Ints:
    """Return the day from which each person's line runs: joining, or the first main post."""
    main = model.main_posts
    first = np.full(len(model.columns.person_ids), OPEN, dtype=np.int64)
    np.minimum.at(first, main.person, main.since)
    return np.where(model.start == OPEN, first, model.start)


def _cohorts(store: Store, model: Personnel, people: Sequence[str] | None = None) -> Ints:
    """Return each person's cohort, else the year of entry; UNKNOWN where neither is known.

    Cohorts are read of some people only where they are given.
    """
    begin = first_begin(model)
    years = [day_of_number(each).year if each < OPEN else UNKNOWN for each in begin.tolist()]
    found = np.array(years, dtype=np.int64)
    at = model.columns.person_at
    for row in store.read(COHORTS, people=list(people) if people is not None else None):
        if row["id"] in at:
            found[at[row["id"]]] = int(row["cohort"])
    return found


def _lines(
    store: Store,
    model: Personnel,
    on: date,
    people: Ints,
    cohort: Ints,
    with_rise: bool = True,
) -> list[CareerLine]:
    columns, day, begin = model.columns, model.on(on), first_begin(model)
    ids = [columns.person_ids[at] for at in people.tolist()]
    rises = _next_rises(store, on, [id_ for id_ in ids if day.serves(id_)]) if with_rise else {}
    found = []
    for at, id_ in zip(people.tolist(), ids, strict=True):
        posts = tuple(_posts(model, at, day.number))
        until = min(int(day.seen_until[at]), day.number)
        entry = int(begin[at])
        found.append(
            CareerLine(
                person=id_,
                name=columns.person_names[at],
                cohort=int(cohort[at]) if cohort[at] != UNKNOWN else None,
                entry=day_of_number(entry),
                until=day_of_number(max(until, entry)),
                serves=day.serves(id_),
                posts=posts,
                beside=tuple(_beside(model, at, day.number)),
                next_rise=rises.get(id_),
            )
        )
    found.sort(key=lambda line: (line.cohort or 0, line.entry, line.person))
    return found


def _posts(model: Personnel, at: int, number: int) -> list[LinePost]:
    columns, main = model.columns, model.main_posts
    found = []
    for place in range(*main.of(at).indices(len(main.person))):
        since, until = int(main.since[place]), min(int(main.until[place]), number)
        posting = int(main.posting[place])
        if since > number:
            break
        row = columns.as_row(posting)
        index = int(model.rank[posting])
        found.append(
            LinePost(
                since=day_of_number(since),
                until=day_of_number(until),
                post=row["post"],
                title=row["title"],
                unit=row["unit"],
                unit_name=row["unit_name"],
                unit_kind=row["unit_kind"],
                rank=model.terms.ranks[index] if index >= 0 else None,
            )
        )
    return found


def _beside(model: Personnel, at: int, number: int) -> list[Beside]:
    columns, periods = model.columns, model.periods
    found = []
    for place in range(*periods.of(at).indices(len(periods.person))):
        posting, since = int(periods.posting[place]), int(periods.since[place])
        if model.home[posting] or since == UNKNOWN or since > number:
            continue
        row = columns.as_row(posting)
        found.append(
            Beside(
                since=day_of_number(since),
                until=day_of_number(min(int(periods.until[place]), number)),
                kind=row["kind"],
                post=row["post"],
                title=row["title"],
                unit_name=row["unit_name"],
            )
        )
    return found


def _next_rises(store: Store, on: date, people: Sequence[str]) -> dict[str, NextRise]:
    """Return the next rank of each, with its day; none where no rule speaks of ranks."""
    programme = stored_programme(store)
    if not people or not programme.ranks or not stored_rules(store, programme):
        return {}
    found = earliest_dates(store, programme, on, people)
    return {each.person: _rise(each.ranks[0]) for each in found if each.ranks}


def _rise(step: NextStep) -> NextRise:
    day = step.latest if step.state != "undecided" else None
    return NextRise(step.key, step.state, day, tuple(each.rule.id for each in step.held_by))


def _cohort_rows(model: Personnel, number: int, people: Ints, cohort: Ints) -> list[CohortRow]:
    """Count, for each cohort, who stood at which rank after each year since the entry."""
    begin = first_begin(model)[people]
    years = min(int((number - int(begin.min())) // 365.25) + 1, MOST_YEARS)
    key = model.main_posts.person * SPAN - UNKNOWN + model.main_posts.since
    by_year = []
    for year in range(years):
        day = begin + np.int64(round(365.25 * year))
        rank = _rank_by(model, key, people, day)
        by_year.append(np.where(day <= number, rank + 1, -1))
    ranks = len(model.terms.ranks) + 1
    found = []
    for each in np.unique(cohort[people]).tolist():
        mine = cohort[people] == each
        rows = [column[mine] for column in by_year]
        counts = [np.bincount(row[row >= 0], minlength=ranks).tolist() for row in rows]
        found.append(
            CohortRow(
                each if each != UNKNOWN else None,
                int(mine.sum()),
                tuple(tuple(row) for row in counts if sum(row)),
            )
        )
    return found


def _rank_by(model: Personnel, key: Ints, people: Ints, day: Ints) -> Ints:
    """Return the rank of the main post that each person held last by a day; -1 for none."""
    main = model.main_posts
    place = np.searchsorted(key, people * SPAN - UNKNOWN + day, side="right") - 1
    is_theirs = (place >= 0) & (main.person[np.maximum(place, 0)] == people)
    rank: Ints = np.where(is_theirs, model.rank[main.posting[np.maximum(place, 0)]], -1)
    return rank


def _plain(value: LinePost | Beside | NextRise) -> Row:
    return {
        key: each.isoformat() if isinstance(each, date) else each
        for key, each in vars(value).items()
    }
