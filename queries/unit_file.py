"""One unit on a day: where it stands, who is there with all units below, its own posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.catalogue import Answer, ask
from queries.personnel.terms import ACTING
from queries.row_types import RowOf
from queries.unit_tree import TreeUnit, unit_tree

NOT_OF_POST = ("person", "name", "since", "marks")  # of a row of posts: its holder
_OF_POST = ("post", "title", "unit", "unit_name", "kind", "rank", "capacity")


class PostHolder(TypedDict):
    """Who holds a post on a day."""

    person: str
    name: str | None
    since: str | None
    acting: bool


class UnitName(TypedDict):
    """A unit on the way down to another one."""

    id: str
    name: str


class UnitFileDict(TypedDict):
    """One unit as plain values."""

    as_of: str
    unit: Annotated[Row, FieldsOf(TreeUnit)]
    path: list[UnitName]
    children: list[Annotated[Row, FieldsOf(TreeUnit)]]
    persons: int
    people: list[Annotated[Row, RowOf("units.roster")]]
    posts: list[Annotated[Row, RowOf("units.posts", NOT_OF_POST, holders=list[PostHolder])]]


@dataclass(frozen=True)
class UnitFile:
    """All that is known of one unit on a day."""

    as_of: date
    unit: TreeUnit
    way: tuple[TreeUnit, ...]  # from the top down to it
    children: tuple[TreeUnit, ...]
    people: tuple[Row, ...]  # a row a posting, with all units below
    posts: tuple[Row, ...]  # its own, each with its `holders`
    answers: tuple[Answer, ...]

    @property
    def persons(self) -> int:
        """Count those who hold posts here or below."""
        return len({row["person"] for row in self.people})

    def as_dict(self) -> UnitFileDict:
        """Return it as plain values for JSON."""
        return {
            "as_of": self.as_of.isoformat(),
            "unit": asdict(self.unit),
            "path": [{"id": each.id, "name": each.name} for each in self.way],
            "children": [asdict(each) for each in self.children],
            "persons": self.persons,
            "people": list(self.people),
            "posts": list(self.posts),
        }


def unit_file(store: Store, id: str, on: date) -> UnitFile:
    """Return one unit on a day; NotFound when there is none of that id."""
    known = unit_tree(store)
    if id not in known.units:
        raise NotFound(N_('There is no unit "%(id)s".'), N_("Search for the name."), id=id)
    people = ask(store, "units.roster", unit=id, on=on.isoformat())
    posts = ask(store, "units.posts", unit=id, on=on.isoformat())
    return UnitFile(
        on,
        known.units[id],
        tuple(known.way(id)),
        tuple(known.children[id]),
        tuple(people.rows),
        with_holders(posts.rows),
        (people, posts),
    )


def with_holders(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Gather the rows of one post, one for each holder, into one with its `holders`."""
    posts: dict[str, Row] = {}
    for row in rows:
        post = posts.setdefault(
            row["post"],
            {key: row[key] for key in _OF_POST if key in row} | {"holders": []},
        )
        if row["person"]:
            holder = {key: row[key] for key in ("person", "name", "since")}
            post["holders"].append({**holder, "acting": ACTING in (row["marks"] or ())})
    return tuple(posts.values())


def filled(post: Row) -> int:
    """Count the places of a post that are filled; who is acting fills none.

    >>> filled({"holders": [{"acting": True}, {"acting": False}]})
    1
    """
    return sum(not holder["acting"] for holder in post["holders"])
