"""The picture of chosen people and ties, for pages beside the network page: what
`static/network.js` draws, its legend and the table below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from queries.cards import Card
from webapp.network import drawing
from webapp.pictures.signs import year_colour
from webapp.shell import marks
from webapp.shell.frame import person_url, term


@dataclass(frozen=True)
class Group:
    """What fills a mark: a step or a generation, with its title."""

    key: str  # a whole number
    title: str


def small_picture(
    people: Sequence[Card],
    ties: Iterable[drawing.DrawnTie],
    groups: Mapping[str, Group],
    asked: Sequence[str],
    *,
    cut: Mapping[str, int] | None = None,
    step: int = 0,
) -> dict[str, Any]:
    """Return the template's `data`, `roles` and `categories`.

    `cut` says how many people "n more" stands for at whom.
    """
    counts_of = Counter(groups.values())
    ordered = sorted(counts_of.items(), key=lambda item: (-item[1], item[0].key))
    categories = tuple(
        marks.Category(each.key, each.title, year_colour(int(each.key)), each.key, people)
        for each, people in ordered
    )
    fill = {category.key: category for category in categories}
    marked = [
        _mark(card, fill[groups[card.id].key], card.id in asked, (cut or {}).get(card.id, 0))
        for card in people
    ]
    drawn = drawing.draw(marked, ties)
    plain = any(edge["style"] == "plain" and not edge.get("more") for edge in drawn["edges"])
    counts = Counter(card.role for card in people)
    return {
        "data": {
            "drawing": drawn,
            "asked": list(asked),
            "factTitles": [_("Role"), _("Cohort"), _("Unit"), _("Post"), _("Rank")],
            "people": [
                {
                    "id": card.id,
                    "kind": "person",
                    "of": card.id,
                    "name": card.name,
                    "url": person_url(card.id),
                    "facts": _facts(card),
                    "counts": [],
                }
                for card in people
            ],
            "around": url_for("network.show", on=None),
            "step": step,
            "open": False,
            "words": _words(),
        },
        "roles": [
            {"key": key, "title": title, "people": counts[key]}
            for key, title in marks.ROLES.items()
            if counts[key]
        ],
        "categories": categories,
        "undirected": plain,
    }


def _mark(card: Card, fill: marks.Category, asked: bool, cut: int) -> drawing.Mark:
    return drawing.Mark(
        card.id,
        card.name,
        card.role,
        fill.colour,
        fill.letter,
        fill.key,
        asked,
        (("", cut),) if cut else (),
        cut,
    )


def _words() -> dict[str, str]:
    return {
        "nobody": _("Select a mark or a row to see who it is."),
        "tie": _("Tie"),
        "open": _("Open"),
        "around": _("Network around"),
        "expand": _("Show %(n)s more", n="{n}"),
        "filtered": _("%(n)s hidden by the legend", n="{n}"),
    }


def _facts(card: Card) -> list[str]:
    return [
        str(marks.ROLES[card.role]),
        str(card.cohort or ""),
        card.unit_name or "",
        card.title or "",
        term("ranks_and_grades", card.rank),
    ]
