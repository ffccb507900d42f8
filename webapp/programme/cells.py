"""Cells of the programme's tables: people, units, posts, days and states, with their links.

`?on=DAY` asks for another day than the programme's own and `?unit=ID` for the people of one unit;
both are kept in the links from page to page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from queries.programme.facts import Facts

KEPT = ("on", "unit")  # what a link from page to page keeps of the address


def link(endpoint: str, **values: Any) -> str:
    """Return the address of a page of the programme that keeps the day and the unit."""
    kept = {key: request.args[key] for key in KEPT if request.args.get(key)}
    return url_for(endpoint, **{**kept, **values})


class Cells:
    """Cells of tables: people, units, posts, days and states, each with its link and its order."""

    def __init__(self, known: Facts) -> None:
        self.facts = known

    def person(self, id_: str | None) -> Any:
        """Link a person's page."""
        return id_ and {"kind": "person", "id": id_, "text": self.facts.name(id_)}

    def people(self, ids: Sequence[str]) -> Any:
        """Link several people."""
        return {"list": [self.person(id_) for id_ in ids], "sort": f"{len(ids):06d}"}

    def standing(self, id_: str) -> Any:
        """Link the page that says where somebody stands in the programme."""
        url = link("programme.person", id=id_)
        return {"url": url, "text": self.facts.name(id_), "sort": self.facts.name(id_)}

    def unit(self, id_: str | None) -> Any:
        """Link a unit's page."""
        if not id_ or id_ not in self.facts.units:
            return None
        return {"kind": "unit", "id": id_, "text": self.facts.units[id_].name}

    def unit_of(self, person: str) -> Any:
        """Link the unit that a person serves in."""
        return self.unit(self.facts.unit_of(person))

    def post(self, id_: str | None) -> Any:
        """Link a post's page."""
        if not id_ or id_ not in self.facts.posts:
            return None
        post = self.facts.posts[id_]
        unit = self.facts.units.get(post.unit or "")
        text = f"{unit.name} {post.name}" if unit else post.name
        return {"kind": "post", "id": id_, "text": text}

    def state(self, colour: str, word: str, sort: str | None = None) -> Any:
        """Show a state: colour, sign and word."""
        return {"state": colour, "text": word, "sort": sort or word}

    def days(self, day: date | None) -> Any:
        """Show a day with its distance from the day of the page."""
        if day is None:
            return None
        away = (day - self.facts.on).days
        title = _("in %(days)s days", days=away) if away > 0 else _("%(days)s days ago", days=-away)
        text = day.isoformat()
        return {"day": True, "text": text, "sort": text, "title": title if away else ""}


def column(key: str, title: str, number: bool = False, grow: int = 0) -> dict[str, Any]:
    """Describe a column of a table; `grow` is its share of the width, 0 the usual one."""
    return {"key": key, "title": title, "number": number, "grow": grow}
