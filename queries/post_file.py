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
    gaps: list[PostGap]
    before: list[Annotated[Row, RowOf("posts.moves")]]
    after: list[Annotated[Row, RowOf("posts.moves")]]


class PostListDict(TypedDict):
    """Posts with their holders, as plain values."""

    as_of: str
    total: int
    empty: int
    truncated: bool
    posts: list[Annotated[Row, RowOf("posts.filled", NOT_OF_POST, holders=list[PostHolder])]]


@dataclass(frozen=True)
class PostFile:
    """All that is known of one post on a day."""

    as_of: date
    post: Row
    holders: tuple[Row, ...]  # in order, with the `months` served by the day
    now: tuple[Row, ...]  # of them, who hold it on the day
    gaps: tuple[PostGap, ...]  # times without any holder
    before: tuple[Row, ...]  # where holders came from
    after: tuple[Row, ...]
    answers: tuple[Answer, ...]

    @property
    def persons(self) -> int:
        """Count the people on file as holders."""
        return len({row["person"] for row in self.holders})

    def as_dict(self) -> PostFileDict:
        """Return it as plain values for JSON."""
        return {
            "as_of": self.as_of.isoformat(),
            "post": self.post,
            "persons": self.persons,
            "holders": list(self.holders),
            "now": list(self.now),
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
        _now(store, id, rows, on),
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
    answer: Answer

    def as_dict(self, most: int) -> PostListDict:
        """Return it as plain values for JSON, at most so many posts."""
        return {
            "as_of": self.as_of,
            "total": self.total,
            "empty": self.empty,
            "truncated": self.total > most,
            "posts": list(self.posts[:most]),
        }


def post_list(store: Store, on: date, most: int | None = None, **filters: str) -> PostList:
    """Return the posts that meet filters (`text`, `unit`, `rank`, `kind`) with their holders.

    At most so many are returned; those that are empty are counted among all of them.
    """
    limit = {} if most is None else {"limit": str(most)}
    answer = ask(store, "posts.filled", on=on.isoformat(), **filters, **limit)
    posts = with_holders(answer.rows)
    total, empty = len(posts), sum(not filled(row) for row in posts)
    if most is not None and total >= most:
        every, held = posts_meeting(store, answer.parameters), personnel(store).on(on).filled_posts
        total, empty = len(every), sum(post not in held for post in every)
    return PostList(answer.parameters["on"], posts, total, empty, answer)


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


def _now(store: Store, post: str, holders: Iterable[Row], on: date) -> tuple[Row, ...]:
    """Keep the holders of the day, as the personnel model says."""
    holders = tuple(holders)
    people = sorted({row["person"] for row in holders})
    day = of_people(store, people).on(on) if people else None
    held = {
        (person, each["since"])
        for person in people
        for each in (day.holds(person) if day else ())
        if each["post"] == post
    }
    return tuple(row for row in holders if (row["person"], row["since"]) in held)


def _months(row: Row, on: date) -> int | None:
    """Count the whole months served up to the day."""
    if not row["since"] or first_day(row["since"]) > on:
        return None
    until = min(first_day(row["until"]), on) if row["until"] else on
    return months_between(first_day(row["since"]), until)
