"""Search over people, units and posts, with what tells namesakes apart; small cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graph.store import Row, Store
from queries.cards import place_of
from queries.catalogue import ask
from queries.sentences import Term

_POSTS_SHOWN = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, its name, and what tells it from its namesakes."""

    kind: str  # "person", "unit" or "post"
    id: str
    name: str
    roles: tuple[str, ...] = ()
    cohort: int | None = None
    places: tuple[str, ...] = ()  # of a person: posts held; of a unit or post: the unit above
    term: Term | None = None  # on the small card: kind of a unit, rank of a post


def search(store: Store, text: str, on: date, limit: int = 20) -> list[Hit]:
    """Find people on file by a day first, then units, then posts, as `search.all` does."""
    if not text.strip():
        return []
    rows = ask(store, "search.all", text=text, on=on, limit=limit).rows
    people = _people(store, [row["id"] for row in rows if row["label"] == "Person"], on)
    return [people.get(row["id"]) or _place(row) for row in rows]


def nearest(store: Store, text: str, on: date) -> list[Hit]:
    """Return the few people whose names are most like a text that nobody has."""
    rows = ask(store, "people.nearest", text=text, on=on).rows
    return list(_people(store, [row["id"] for row in rows], on).values())


def small_card(store: Store, kind: str, id_: str, on: date) -> Hit | None:
    """Return what the small card of a person, unit or post tells; None for an unknown person.

    `kind` is people, units or posts. NotFound for a unit or post that is not stored.
    """
    if kind == "people":
        return _people(store, [id_], on).get(id_)
    rows = ask(store, f"{kind}.profile", **{kind.removesuffix("s"): id_}).rows
    if not rows:
        return None
    row = rows[0]
    if kind == "units":
        return Hit("unit", id_, row["name"], term=Term("unit_kinds", row["kind"]))
    return Hit(
        "post", id_, row["title"], places=(row["unit_name"] or "",), term=Term("ranks", row["rank"])
    )


def _people(store: Store, ids: list[str], on: date) -> dict[str, Hit]:
    """Say of each person the cohort and what is held on the day."""
    rows_by_id: dict[str, list[Row]] = {id_: [] for id_ in ids}
    for row in ask(store, "people.cards", people=ids, on=on).rows if ids else []:
        rows_by_id[row["id"]].append(row)
    return {
        id_: Hit(
            "person",
            id_,
            rows[0]["name"],
            tuple(rows[0]["roles"] or ()),
            rows[0]["cohort"],
            tuple(
                dict.fromkeys(
                    place_of(row["unit_name"], row["title"]) for row in rows if row["title"]
                )
            )[:_POSTS_SHOWN],
        )
        for id_, rows in rows_by_id.items()
        if rows
    }


def _place(row: Row) -> Hit:
    detail = (row["detail"],) if row["detail"] else ()
    return Hit(row["label"].lower(), row["id"], row["name"], places=detail)
