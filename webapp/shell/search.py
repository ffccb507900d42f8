"""Search over people, units and posts, and the few lines that tell namesakes apart.

The same lines stand in the completion, on the search page and on the small cards.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from graph.store import Row, Store
from queries.catalogue import ask
from webapp.shell.frame import person_url, post_url, term, unit_url
from webapp.shell.language import language
from webapp.shell.marks import role_of

_URLS = {"unit": unit_url, "post": post_url}
_POSTS_SHOWN = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is, its name, what tells it from its namesakes, its page."""

    kind: str  # "person", "unit" or "post"
    sign: str  # class of its sign in the style sheet
    id: str
    name: str
    detail: str
    url: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def search(store: Store, text: str, limit: int = 20) -> list[Hit]:
    """Find people first, then units, then posts, as `search.all` does; `limit` in all."""
    if not text.strip():
        return []
    rows = ask(store, "search.all", language=language(), text=text, limit=limit).rows
    people = _people(store, [row["id"] for row in rows if row["label"] == "Person"])
    return [people.get(row["id"]) or _place(row) for row in rows]


def nearest(store: Store, text: str) -> list[Hit]:
    """Return the few people whose names are most like a text that nobody has."""
    rows = ask(store, "people.nearest", language=language(), text=text).rows
    return list(_people(store, [row["id"] for row in rows]).values())


def card(store: Store, kind: str, id_: str) -> list[str]:
    """Return the lines of the small card of a person, unit or post; none for an unknown id."""
    if kind == "people":
        found = _people(store, [id_])
        return [found[id_].name, *found[id_].detail.split(" · ")] if found else []
    rows = ask(store, f"{kind}.profile", language=language(), **{kind.removesuffix("s"): id_}).rows
    if not rows:
        return []
    row = rows[0]
    if kind == "units":
        return [row["name"], term("unit_kinds", row["kind"])]
    return [row["title"], row["unit_name"] or "", term("ranks", row["rank"])]


def _people(store: Store, ids: list[str]) -> dict[str, Hit]:
    """Say of each person the cohort and what is held on the programme's day."""
    rows_by_id: dict[str, list[Row]] = {id_: [] for id_ in ids}
    for row in ask(store, "people.cards", language=language(), people=ids).rows if ids else []:
        rows_by_id[row["id"]].append(row)
    hits = {}
    for id_, rows in rows_by_id.items():
        if rows:
            cohort = _("cohort %(year)s", year=rows[0]["cohort"]) if rows[0]["cohort"] else ""
            held = dict.fromkeys(_held(row) for row in rows if row["title"])
            detail = " · ".join(filter(None, (cohort, *list(held)[:_POSTS_SHOWN])))
            sign = role_of(rows[0]["roles"])
            hits[id_] = Hit("person", sign, id_, rows[0]["name"], detail, person_url(id_))
    return hits


def _held(row: Row) -> str:
    return " ".join(filter(None, (row["unit_name"], row["title"])))


def _place(row: Row) -> Hit:
    kind = row["label"].lower()
    return Hit(kind, kind, row["id"], row["name"], row["detail"] or "", _URLS[kind](row["id"]))
