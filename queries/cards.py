"""Cards: one person in a list or a picture, with what is held on a day and how many are tied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graph.store import Row, Store
from queries.catalogue import ask
from queries.personnel import of_people


@dataclass(frozen=True)
class Card:
    """One person in a list or a picture, with the post of highest rank held on the day."""

    id: str
    name: str
    roles: tuple[str, ...]
    cohort: int | None
    status: str | None
    post: str | None
    title: str | None
    unit: str | None
    unit_name: str | None
    rank: str | None
    mentors: int
    trainees: int

    @property
    def role(self) -> str:
        """Return the key of the sign: trainee, mentor, both or person."""
        return role_of(self.roles)

    @property
    def place(self) -> str:
        """Name the post with its unit before it."""
        return place_of(self.unit_name, self.title)


def cards(store: Store, ids: Sequence[str], on: date) -> dict[str, Card]:
    """Return the card of each stored id, in the order asked for."""
    if not ids:
        return {}
    rows_by_id: dict[str, list[Row]] = {}
    for row in ask(store, "people.cards", people=list(ids), on=on.isoformat()).rows:
        rows_by_id.setdefault(row["id"], []).append(row)
    day = of_people(store, list(ids)).on(on)
    return {id_: _card(rows_by_id[id_][0], day[id_].rank) for id_ in ids if id_ in rows_by_id}


def _card(first: Row, rank: str | None) -> Card:
    """Make a card of the first row of a person: the main post, or what is held beside none."""
    return Card(
        first["id"],
        first["name"],
        tuple(first["roles"] or ()),
        first["cohort"],
        first["status"],
        first["post"],
        first["title"],
        first["unit"],
        first["unit_name"],
        rank,
        first["mentors"],
        first["trainees"],
    )


def place_of(unit_name: str | None, title: str | None) -> str:
    """Name a post with its unit before it."""
    return " ".join(part for part in (unit_name, title) if part)


def role_of(roles: Iterable[str]) -> str:
    """Name what a person is from the roles that are stored.

    >>> role_of(["mentor", "trainee"]), role_of([])
    ('both', 'person')
    """
    stored = {role for role in roles if role in ("trainee", "mentor")}
    return "both" if len(stored) == 2 else next(iter(stored), "person")
