"""One post: who holds it on a day, who held it one after another, the gaps; lists of posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.dates import first_day, months_between
from graph.store import Row, Store
from queries.careers.posts_history import vacant_periods
from queries.catalogue import Answer, ask
from queries.personnel import of_people, personnel
from queries.personnel.days import day_number
from queries.row_types import RowOf
from queries.unit_file import NOT_OF_POST, PostHolder, filled, with_holders
from queries.units import posts_meeting

MOVES = 12  # posts before and after that are told of one


class PostGap(TypedDict):
    """A time without any holder."""

    since: str
    until: str | None
    months: int


HolderRow = Annotated[Row, RowOf("posts.holders", months=int | None)]


class PostFileDict(TypedDict):
    """One post as plain values."""

    as_of: str
    post: Annotated[Row, RowOf("posts.profile")]
    persons: int
    holders: list[HolderRow]
    now: list[HolderRow]
    held: int
    free: int
    gaps: list[PostGap]
    before: list[Annotated[Row, RowOf("posts.moves")]]
    after: list[Annotated[Row, RowOf("posts.moves")]]


class PostListDict(TypedDict):
    """Posts with their holders, as plain values."""

    as_of: str
    total: int
    empty: int
    not_full: int
    places: int
    truncated: bool
    posts: list[Annotated[Row, RowOf("posts.filled", NOT_OF_POST, holders=list[PostHolder])]]


@dataclass(frozen=True)
class PostFile:
    """All that is known of one post on a day."""

    as_of: date
    post: Row
    holders: tuple[Row, ...]  # in order, with the `months` served by the day
    now: tuple[Row, ...]  # of them, who hold it on the day
    acting: frozenset[str]  # of them, who only acts in it and takes no place
    gaps: tuple[PostGap, ...]  # times without any holder
    before: tuple[Row, ...]  # where holders came from
    after: tuple[Row, ...]
    answers: tuple[Answer, ...]

    @property
    def persons(self) -> int:
        """Count the people on file as holders."""
        return len({row["person"] for row in self.holders})

    @property
    def held(self) -> int:
        """Count the places that are held on the day."""
        return len({row["person"] for row in self.now} - self.acting)

    @property
    def free(self) -> int:
        """Count the places that are free; a post without a capacity has one."""
        capacity = self.post["capacity"]
        return max(0, (1 if capacity is None else capacity) - self.held)

    @property
    def vacant(self) -> PostGap | None:
        """Return the time without any holder that the day is in, if it is in one."""
        return next((gap for gap in self.gaps if gap["until"] is None), None)

    @property
    def past_gaps(self) -> int:
        """Count the times without any holder that are over."""
        return sum(gap["until"] is not None for gap in self.gaps)

    @property
    def last(self) -> Row | None:
        """Return who came last, if anybody did."""
        return self.holders[-1] if self.holders else None

    def as_dict(self) -> PostFileDict:
        """Return it as plain values for JSON."""
        return {
            "as_of": self.as_of.isoformat(),
            "post": self.post,
            "persons": self.persons,
            "holders": list(self.holders),
            "now": list(self.now),
            "held": self.held,
            "free": self.free,
            "gaps": list(self.gaps),
            "before": list(self.before),
            "after": list(self.after),
        }


def post_file(store: Store, id: str, on: date) -> PostFile:
    """Return one post on a day; NotFound when there is none of that id."""
    profile = ask(store, "posts.profile", post=id)
    holders = ask(store, "posts.holders", post=id, on=on)
    moves = ask(store, "posts.moves", post=id, on=on)
    rows = tuple({**row, "months": _months(row, on)} for row in holders.rows)
    before, after = (
        tuple(row for row in moves.rows if row["direction"] == direction)[:MOVES]
        for direction in ("before", "after")
    )
    return PostFile(
        on,
        profile.rows[0],
        rows,
        *_now(store, id, rows, on),
        tuple(_gaps(store, id, rows, on)),
        before,
        after,
        (profile, holders, moves),
    )


@dataclass(frozen=True)
class PostList:
    """Posts that meet filters, each with its `holders` on a day."""

    as_of: str
    posts: tuple[Row, ...]  # as many as were asked for
    total: int
    empty: int  # of all: those that nobody fills; who is acting does not
    not_full: int  # of all: those that are held, with places left
    places: int  # that are left, in both
    answer: Answer

    def as_dict(self, most: int) -> PostListDict:
        """Return it as plain values for JSON, at most so many posts."""
        return {
            "as_of": self.as_of,
            "total": self.total,
            "empty": self.empty,
            "not_full": self.not_full,
            "places": self.places,
            "truncated": self.total > most,
            "posts": list(self.posts[:most]),
        }


def post_list(store: Store, on: date, most: int | None = None, **filters: str) -> PostList:
    """Return the posts that meet filters (`text`, `unit`, `rank`, `kind`) with their holders.

    At most so many are returned; those with places left are counted among all of them. A post
    without a capacity has one place.
    """
    limit = {} if most is None else {"limit": str(most)}
    answer = ask(store, "posts.filled", on=on.isoformat(), **filters, **limit)
    posts = with_holders(answer.rows)
    places = [(filled(row), row["capacity"]) for row in posts]
    if most is not None and len(posts) >= most:
        every, held = posts_meeting(store, answer.parameters), personnel(store).on(on).filled_places
        places = [(held.get(post, 0), capacity) for post, capacity in every.items()]
    free = [max(0, (1 if capacity is None else capacity) - count) for count, capacity in places]
    return PostList(
        answer.parameters["on"],
        posts,
        total=len(places),
        empty=sum(not count for count, _ in places),
        not_full=sum(bool(count and left) for (count, _), left in zip(places, free, strict=True)),
        places=sum(free),
        answer=answer,
    )


def _gaps(store: Store, post: str, holders: Iterable[Row], on: date) -> list[PostGap]:
    """Return the times that surely passed without any holder, as the personnel model says."""
    people = sorted({row["person"] for row in holders})
    if not people:
        return []
    model = of_people(store, people)
    found = vacant_periods(model, model.columns.post_at[post], day_number(on))
    return [
        {"since": each.since, "until": each.until, "months": each.months}
        for each in found
        if each.certain
    ]


def _now(
    store: Store, post: str, holders: Iterable[Row], on: date
) -> tuple[tuple[Row, ...], frozenset[str]]:
    """Keep the holders of the day, as the personnel model says, and tell who only acts."""
    holders = tuple(holders)
    people = sorted({row["person"] for row in holders})
    if not people:
        return (), frozenset()
    model = of_people(store, people)
    day, columns = model.on(on), model.columns
    held = {
        (person, each["since"])
        for person in people
        for each in day.holds(person)
        if each["post"] == post
    }
    here = model.periods.posting[day.held]
    here = here[columns.post[here] == columns.post_at[post]]
    filling = set(columns.person[here[~columns.acting[here]]].tolist())
    acting = set(columns.person[here].tolist()) - filling
    return (
        tuple(row for row in holders if (row["person"], row["since"]) in held),
        frozenset(columns.person_ids[each] for each in acting),
    )


def _months(row: Row, on: date) -> int | None:
    """Count the whole months served up to the day."""
    if not row["since"] or first_day(row["since"]) > on:
        return None
    until = min(first_day(row["until"]), on) if row["until"] else on
    return months_between(first_day(row["since"]), until)
