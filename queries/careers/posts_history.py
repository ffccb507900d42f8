"""This post: who held it in which order and how long, the gaps, what came before and next.

Before and next go by main posts: a holder who is appointed again to the same post has not moved,
and who holds it beside another one, or meanwhile, neither came nor went.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, NotRequired

import numpy as np
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.dates import last_day
from graph.errors import N_, NotFound
from graph.store import Store
from queries.careers.at_level import PostingsAtLevel, months_of, postings_at_level, share, typical
from queries.careers.career_rows import HeldAs
from queries.careers.groups import (
    LEFT_BEFORE,
    FiveGroups,
    GroupsDict,
    five_groups,
    from_the_first_day,
    standing,
)
from queries.careers.incidence import (
    ARRIVED,
    CENSORED,
    LEFT,
    TimesToArrive,
    TimesToArriveDict,
    times_to_arrive,
)
from queries.careers.limits import EVERYBODY, Limits, LimitsDict
from queries.careers.path_rows import HeldTimes
from queries.personnel import Personnel, personnel
from queries.personnel.columns import PostingRow, Postings
from queries.personnel.days import OPEN, UNKNOWN, Bools, Ints, day_number, months_between
from queries.personnel.state import Day
from queries.row_types import PersonName
from queries.rules.appointments import BlockedDict
from queries.stored_programme import as_of

HOLDERS = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post {id: $post})
RETURN p.id AS person, p.name AS name, r.since AS since, r.until AS until, r.kind AS kind,
       coalesce(r.status, 'actual') AS status
ORDER BY since, person
"""


@dataclass(frozen=True)
class Holder:
    """One posting in the post."""

    person: str
    name: str
    row: PostingRow  # the posting, with the end that is known on the day
    months: int | None  # None: the begin is not known, the dates are reversed, or it is planned
    runs: bool
    held_as: HeldAs | None  # main: at any time; None: it does not count


@dataclass(frozen=True)
class VacantPeriod:
    """A time between holders in which nobody is known to have held the post."""

    since: str
    until: str | None  # None: it goes on
    months: int
    certain: bool


class NeighbourDict(TypedDict):
    """A post from which holders came or to which they went."""

    post: str
    title: str
    unit: str | None
    unit_name: str | None
    rank: str | None
    count: int
    share: float | None
    median_months: float | None
    people: list[PersonName]


class HolderDict(TypedDict):
    """Who held the post, and for how long."""

    person: str
    name: str
    since: str | None
    until: str | None
    kind: str | None
    status: str
    months: int | None
    runs: bool
    held_as: HeldAs | None


class PostHistoryDict(TimesToArriveDict):
    """Everything that postings tell of one post; with a person, what may follow for them."""

    post: str
    title: str
    unit: str | None
    unit_name: str | None
    rank: str | None
    as_of: str
    limits: LimitsDict
    groups: GroupsDict
    holders: list[HolderDict]
    vacancies: list[Annotated[dict[str, Any], FieldsOf(VacantPeriod)]]
    median_months: float | None
    ended: int
    before: list[NeighbourDict]
    after: list[NeighbourDict]
    entered: int
    stayed: int
    cypher: str
    person: NotRequired[str]
    next: NotRequired[list[BlockedDict]]


@dataclass(frozen=True)
class Neighbour:
    """A post from which holders came or to which they went."""

    post: str
    title: str
    unit: str | None
    unit_name: str | None
    rank: str | None
    people: tuple[tuple[str, str], ...]
    median_months: float | None  # from the begin here to the begin there (or the other way)
    share: float | None  # None for fewer than 10 cases

    def as_dict(self) -> NeighbourDict:
        """Return plain values for JSON."""
        return {
            "post": self.post,
            "title": self.title,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "rank": self.rank,
            "count": len(self.people),
            "share": self.share,
            "median_months": self.median_months,
            "people": [{"person": id_, "name": name} for id_, name in self.people],
        }


@dataclass(frozen=True)
class PostHistory:
    """Everything that postings tell of one post."""

    post: str
    title: str
    unit: str | None
    unit_name: str | None
    rank: str | None
    on: date
    limits: Limits
    groups: FiveGroups  # of those whose main post it was: who moved on, who did not
    times: TimesToArrive  # of their stays in it, until they moved on
    holders: tuple[Holder, ...]
    vacancies: tuple[VacantPeriod, ...]
    median_months: float | None  # of the postings that have ended
    ended: int
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    entered: int  # holders whose first known posting it was
    stayed: int  # holders whose last known posting it is
    cypher: str

    def as_dict(self) -> PostHistoryDict:
        """Return plain values for JSON."""
        return {
            "post": self.post,
            "title": self.title,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "rank": self.rank,
            "as_of": self.on.isoformat(),
            "limits": self.limits.as_dict(),
            "groups": self.groups.as_dict(),
            "incidence_median_months": self.times.incidence_median_months,
            "incidence_interval_months": list(self.times.incidence_interval_months),
            "km_median_months": self.times.km_median_months,
            "km_interval_months": list(self.times.km_interval_months),
            "holders": [
                {
                    "person": each.person,
                    "name": each.name,
                    "since": each.row["since"],
                    "until": each.row["until"],
                    "kind": each.row["kind"],
                    "status": each.row["status"],
                    "months": each.months,
                    "runs": each.runs,
                    "held_as": each.held_as,
                }
                for each in self.holders
            ],
            "vacancies": [vars(each) for each in self.vacancies],
            "median_months": self.median_months,
            "ended": self.ended,
            "before": [each.as_dict() for each in self.before],
            "after": [each.as_dict() for each in self.after],
            "entered": self.entered,
            "stayed": self.stayed,
            "cypher": self.cypher,
        }


def history(
    store: Store, post: str, on: date, limits: Limits = EVERYBODY, planned: bool = False
) -> PostHistory:
    """Return the history of one post; NotFound when there is none of the id.

    `limits` are of those whose moves are counted, and of when their stays begin; holders and gaps
    are all shown, those who are planned where they are asked for.
    """
    model = personnel(store)
    columns = model.columns
    if post not in columns.post_at:
        raise NotFound(N_("There is no post %(id)s."), id=post)
    at = columns.post_at[post]
    unit = int(columns.post_unit[at])
    knows_ends_to_come = on >= as_of(store)
    begun = np.where(columns.planned, planned, columns.since <= day_number(on))
    places = np.flatnonzero((columns.post == at) & begun)
    ordered = sorted(
        places.tolist(),
        key=lambda i: (int(columns.since[i]), int(columns.until[i]), columns.ids[i]),
    )
    how = _held_as(model, at, places, day_number(on))
    holders = [_holder(model, i, on, knows_ends_to_come, how[i]) for i in ordered]
    ended = [
        holder.months
        for holder in holders
        if holder.months is not None and not holder.runs and holder.row["until"]
    ]
    every = postings_at_level(model.careers(on), "post")
    asked = limits.people(store, model, on)
    counted = limits.in_period(every.since)
    if asked is not None:
        counted &= asked[every.person]
    here = np.flatnonzero((every.code == at) & counted)
    before, entered = _neighbours(columns, every, here, -1)
    after, stayed = _neighbours(columns, every, here, 1)
    return PostHistory(
        post=post,
        title=columns.post_titles[at],
        unit=columns.unit_ids[unit] if unit >= 0 else None,
        unit_name=columns.unit_names[unit] if unit >= 0 else None,
        rank=columns.post_ranks[at],
        on=on,
        limits=limits,
        groups=_groups(model.on(on), every, here),
        times=_lengths(model, model.on(on), at, limits, asked),
        holders=tuple(holders),
        vacancies=tuple(vacant_periods(model, at, day_number(on))),
        median_months=typical(ended),
        ended=len(ended),
        before=before,
        after=after,
        entered=entered,
        stayed=stayed,
        cypher=HOLDERS.strip(),
    )


def _holder(model: Personnel, i: int, on: date, knows_ends_to_come: bool, how: HeldAs) -> Holder:
    """Return a posting in the post, its months those in which it counted by the day.

    On an earlier day nobody knew the ends to come.
    """
    columns, periods, day = model.columns, model.periods, day_number(on)
    person = int(columns.person[i])
    mine = periods.of(person)
    times = [
        (int(periods.since[at]), int(periods.until[at]))
        for at in range(mine.start, mine.stop)
        if periods.posting[at] == i and periods.since[at] <= day
    ]
    known = bool(times) and int(columns.since[i]) != UNKNOWN
    row = columns.as_row(i)
    if known and model.end_not_recorded[i]:
        row["until"] = model.posting(i, *times[-1]).until  # the day on which the next one began
    if known and times[-1][1] > day and not (knows_ends_to_come and columns.until[i] > day):
        row["until"] = None
    return Holder(
        columns.person_ids[person],
        columns.person_names[person],
        row,
        sum(months_of(since, min(until, day)) for since, until in times) if known else None,
        known and any(day < until for _, until in times),
        how if known else None,
    )


def _held_as(model: Personnel, post: int, places: Ints, day: int) -> dict[int, HeldAs]:
    """Return how postings in a post were held by a day: as the main one ever, also, or beside."""
    columns, main = model.columns, model.main_posts
    mine = np.flatnonzero((columns.post[main.posting] == post) & (main.since <= day))
    times = HeldTimes(main.person[mine], main.since[mine], main.until[mine])
    was = times.between(columns.person[places], columns.since[places], model.until[places])
    return {
        i: ("main" if is_main else "also_held") if model.home[i] else "meanwhile"
        for i, is_main in zip(places.tolist(), was.tolist(), strict=True)
    }


def vacant_periods(model: Personnel, post: int, on: int) -> list[VacantPeriod]:
    """Find the times between two holders; a time before the first is not called vacant.

    Who is only acting does not fill the post.
    """
    columns, periods = model.columns, model.periods
    of_post = (columns.post[periods.posting] == post) & ~columns.acting[periods.posting]
    dated = columns.since[periods.posting] != UNKNOWN
    places = np.flatnonzero(of_post & dated & (periods.since <= on))
    found: list[VacantPeriod] = []
    free, text = None, ""
    for at in places[np.lexsort((periods.until[places], periods.since[places]))].tolist():
        since, until = int(periods.since[at]), int(periods.until[at])
        told = model.posting(int(periods.posting[at]), since, until)
        if free is not None and since > free:
            certain = day_number(last_day(text)) < since
            found.append(VacantPeriod(text, told.since or "", months_of(free, since), certain))
        if free is None or until > free:
            free, text = until, told.until or ""
    if free is not None and free <= on and free != OPEN:
        certain = day_number(last_day(text)) <= on
        found.append(VacantPeriod(text, None, months_of(free, on), certain))
    return found


def _groups(day: Day, every: PostingsAtLevel, here: Ints) -> FiveGroups:
    """Return who moved on from a post, and what became of those who did not.

    Who remains in a post that was also held has arrived nowhere.
    """
    people = np.unique(every.person[here])
    leaves, _ = every.moves()
    moved = np.unique(every.person[np.intersect1d(here, leaves)])
    first = from_the_first_day(day, every.person[here], every.since[here])
    early = np.unique(every.person[here[first]])
    return five_groups(day, len(moved), np.setdiff1d(people, moved), len(early))


def _lengths(
    model: Personnel, day: Day, post: int, limits: Limits, asked: Bools | None
) -> TimesToArrive:
    """Return how long stays in a post as the main one last until the holder moves on."""
    main = model.main_posts
    begun = np.flatnonzero(main.since <= day.number)
    in_post = (model.columns.post[main.posting[begun]] == post) & limits.in_period(
        main.since[begun]
    )
    if asked is not None:
        in_post &= asked[main.person[begun]]
    at = begun[in_post]
    ended = main.until[at] <= day.number
    follows = np.minimum(at + 1, len(main.person) - 1)
    goes_on = (main.person[follows] == main.person[at]) & (follows > at)
    goes_on &= ended & (main.since[follows] <= day.number)
    goes_on &= ~main.remains[follows]  # who remains in a post that was also held arrives nowhere
    how = np.where(standing(day)[main.person[at]] == LEFT_BEFORE, LEFT, CENSORED)
    return times_to_arrive(
        np.zeros(len(at), dtype=np.int64),
        months_between(main.since[at], np.minimum(main.until[at], day.number)),
        np.where(goes_on, ARRIVED, np.where(ended, how, CENSORED)),
    )


def _neighbours(
    columns: Postings, every: PostingsAtLevel, here: Ints, step: int
) -> tuple[tuple[Neighbour, ...], int]:
    """Return the posts before or after, the most frequent first, and how many have none."""
    there = here + step
    inside = (there >= 0) & (there < len(every))
    inside[inside] = every.person[there[inside]] == every.person[here[inside]]
    alone = {int(person) for person in every.person[here[~inside]]}
    later = np.maximum(here, there)[inside]
    inside[inside] = every.begun.arrives[every.first[later]]
    people: dict[int, set[int]] = defaultdict(set)
    months: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(here[inside].tolist(), there[inside].tolist(), strict=True):
        code = int(every.code[other])
        people[code].add(int(every.person[one]))
        low, high = sorted((int(every.since[one]), int(every.since[other])))
        months[code].append(months_of(low, high))
    cases = sum(len(those) for those in months.values())
    found = [
        Neighbour(
            post=columns.post_ids[code],
            title=columns.post_titles[code],
            unit=columns.unit_ids[unit] if (unit := int(columns.post_unit[code])) >= 0 else None,
            unit_name=columns.unit_names[unit] if unit >= 0 else None,
            rank=columns.post_ranks[code],
            people=tuple(
                (columns.person_ids[who], columns.person_names[who]) for who in sorted(those)
            ),
            median_months=typical(months[code]),
            share=share(len(months[code]), cases),
        )
        for code, those in people.items()
    ]
    found.sort(key=lambda each: (-len(each.people), each.post))
    return tuple(found), len(alone)
