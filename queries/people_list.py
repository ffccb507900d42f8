"""One page of the list of people: a line each, with the way taken and the lights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.store import Row, Store
from queries.cards import Card, cards
from queries.careers.lines import CareerLine, lines_of
from queries.catalogue import Answer, ask
from queries.programme.lights import LightCounts, lights


class PeopleListDict(TypedDict):
    """One page of the list of people, as plain values."""

    as_of: str
    total: int
    all: int
    truncated: bool
    people: list[Annotated[Row, FieldsOf(Card, "PersonInList", light=dict[str, int] | None)]]


@dataclass(frozen=True)
class PeopleList:
    """One page of the list of people: how many fit in all, and the cards of some by id."""

    as_of: date
    total: int  # who meet the filters
    all: int  # who are on file by the day
    truncated: bool  # others come after the last one
    people: tuple[Card, ...]
    lights: dict[str, LightCounts]  # of trainees, and of whoever has a finding
    answers: tuple[Answer, ...]

    def as_dict(self) -> PeopleListDict:
        """Return it as plain values."""
        return {
            "as_of": self.as_of.isoformat(),
            "total": self.total,
            "all": self.all,
            "truncated": self.truncated,
            "people": [{**asdict(card), "light": self.lights.get(card.id)} for card in self.people],
        }


def people_list(
    store: Store, on: date, limit: int, after: str | None = None, **filters: Any
) -> PeopleList:
    """Return the people who meet filters (`text`, `cohort`, `role`, `unit`, `in`), by id.

    `after` is the last id of the page before. Nobody is read but those of the page.
    """
    counted = ask(store, "people.count", on=on.isoformat(), **filters)
    listed = ask(store, "people.list", on=on.isoformat(), after=after, limit=limit, **filters)
    ids = [row["id"] for row in listed.rows]
    found = cards(store, ids, on)
    total = counted.rows[0]["people"]
    is_filtered = any(value for value in filters.values())
    everybody = ask(store, "people.count", on=on.isoformat()) if is_filtered else counted
    return PeopleList(
        on,
        total,
        everybody.rows[0]["people"],
        listed.truncated,
        tuple(found.values()),
        lights(store, ids, on),
        (counted, listed),
    )


def ways(store: Store, found: PeopleList) -> dict[str, CareerLine]:
    """Return the ways of the people of a page, by id; who held no post yet is left out."""
    lines = lines_of(store, [card.id for card in found.people], found.as_of)
    return {id_: line for id_, line in lines.items() if line.posts}
