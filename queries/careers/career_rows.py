"""The rows of a career as plain values: what its JSON holds beside its postings."""

from __future__ import annotations

from typing import Annotated, Literal

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row
from queries.personnel.columns import PostingRow

HeldAs = Literal["main", "also_held", "meanwhile"]


class CareerMove(TypedDict):
    """A change of the main post, with the names of the posts."""

    day: str
    from_post: str | None
    to_post: str | None
    gap_days: int | None
    how: str
    since: str | None
    from_title: str | None
    from_unit_name: str | None
    to_title: str | None
    to_unit_name: str | None


class HeldTogether(TypedDict):
    """Two posts held at one time."""

    posts: list[str]
    since: str
    until: str | None


class CareerTie(TypedDict):
    """A mentor of a career."""

    id: str
    name: str
    kind: str | None
    since: str | None
    until: str | None


class CareerActivity(TypedDict):
    """An activity of a career."""

    id: str
    title: str
    kind: str | None
    since: str | None
    until: str | None


class CareerRecord(TypedDict):
    """A record of a career."""

    id: str
    kind: str
    since: str | None
    level: str | None
    result: str | None
    summary: str | None


CareerPostingRow = Annotated[
    Row,
    FieldsOf(
        PostingRow,
        "CareerPostingDict",
        concurrent=bool,
        acting=bool,
        lane=int,
        held_as=HeldAs | None,
        ends=str | None,
        end_not_recorded=bool,
        months=int | None,
        runs=bool,
        reversed=bool,
    ),
]
