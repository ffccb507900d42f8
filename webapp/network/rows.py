"""The table beside a picture: its columns, a row for each thing shown, and what a page holds of it.

A page holds the first rows as HTML, `static/table.js` makes the rest from data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _

from queries.network.scene import Scene
from queries.network.scene_ties import Thing
from queries.network.view import key_of
from webapp.network.address import view_url
from webapp.network.texts import THINGS, titles
from webapp.people.tables import rank_place
from webapp.shell import marks
from webapp.shell.frame import term

FIRST = 60  # rows that a page holds as HTML: all of the usual view


def table_of(scene: Scene) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and rows, people first; stages where the scene knows them."""
    rows = [*_rows(scene), *(_thing_row(scene, thing) for thing in scene.things)]
    return _columns(bool(scene.stages)), rows


def _columns(stages: bool) -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "unit", "title": _("Unit")},
        {"key": "post", "title": _("Post")},
        {"key": "rank", "title": _("Rank")},
        *([{"key": "stage", "title": _("Stage")}] if stages else []),
        {"key": "steps", "title": _("Steps away"), "number": True},
        {"key": "mentors", "title": _("{Mentors}"), "number": True},
        {"key": "trainees", "title": _("{Trainees}"), "number": True},
        {"key": "more", "title": _("Not shown"), "number": True},
    ]


def _rows(scene: Scene) -> list[dict[str, Any]]:
    roles = {key: str(title) for key, title in marks.ROLES.items()}
    here = view_url(scene.view.changed(selected=""))
    rank, stage, place = titles("ranks_and_grades"), titles("stages"), cache(rank_place)
    rows = []
    for card in scene.people:
        key = key_of("person", card.id)
        counts = scene.counts[key]
        missing = scene.missing(key)
        more = f"{here}&expand={quote(card.id, safe='')}&selected={quote(key, safe='')}"
        rows.append(
            {
                "name": {"kind": "person", "id": card.id, "text": card.name},
                "role": roles[card.role],
                "cohort": card.cohort,
                "unit": card.unit and {"kind": "unit", "id": card.unit, "text": card.unit_name},
                "post": card.post and {"kind": "post", "id": card.post, "text": card.title},
                "rank": card.rank and {"text": rank(card.rank), "sort": place(card.rank)},
                "stage": stage(scene.stages.get(card.id)) or None,
                "steps": scene.distance[card.id],
                "mentors": counts["mentors"].total,
                "trainees": counts["trainees"].total,
                "more": {"text": f"+{missing}", "url": more, "sort": missing} if missing else None,
            }
        )
    return rows


def _thing_row(scene: Scene, thing: Thing) -> dict[str, Any]:
    is_post = thing.kind == "post"
    missing = scene.missing(thing.key)
    unit = thing.unit if is_post else None
    return {
        "name": {"kind": thing.kind, "id": thing.id, "text": thing.name},
        "role": str(THINGS[thing.kind]),
        "cohort": None,
        "unit": unit and {"kind": "unit", "id": unit, "text": thing.unit_name},
        "post": None,
        "rank": term("ranks_and_grades", thing.detail) or None if is_post else None,
        "stage": None,
        "steps": None,
        "mentors": None,
        "trainees": None,
        "more": {"text": f"+{missing}", "sort": missing} if missing else None,
    }


def rest(
    columns: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the rows after the first as lists of cells in the order of the columns, if any."""
    keys = [column["key"] for column in columns]
    further = [[row[key] for key in keys] for row in rows[FIRST:]]
    return {"rows": further} if further else None
