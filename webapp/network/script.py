"""What the script of the network page is given: the drawing, a card for each mark, the words."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from queries.network.gathering import EXPANDED
from queries.network.scene import Scene
from queries.network.scene_ties import Thing
from queries.network.view import key_of
from webapp.network.picture import NetworkPicture
from webapp.network.texts import THINGS, page_words, titles
from webapp.shell import marks
from webapp.shell.frame import person_url, post_url, term, unit_url


def as_data(picture: NetworkPicture) -> dict[str, Any]:
    """Return all that `static/network.js` needs: the drawing, the cards, the words."""
    scene = picture.scene
    asked = [key_of("person", id_) for id_ in scene.view.person]
    return {
        "drawing": picture.drawn,
        "asked": asked or [key_of("person", id_) for id_ in scene.roots[:1]],
        "factTitles": _fact_titles(),
        "people": [*_people(scene), *(_thing(scene, thing) for thing in scene.things)],
        "around": url_for("network.show", on=None),
        "connection": url_for("connection.show", on=None),
        "lineage": url_for("lineage.show", on=None),
        "enter": url_for("entering.index", on=None),
        "step": EXPANDED,
        "open": True,  # a scene that can be opened, closed and moved, not a picture of an answer
        "ways": [[key_of("person", id_) for id_ in way] for way in scene.ways],
        "words": page_words(),
    }


def _fact_titles() -> list[str]:
    return [
        _("Role"), _("Cohort"), _("Unit"), _("Post"), _("Rank"), _("Stage"), _("{Mentors}"),
        _("{Trainees}"),
    ]  # fmt: skip


def _people(scene: Scene) -> list[dict[str, Any]]:
    roles = {key: str(title) for key, title in marks.ROLES.items()}
    rank, stage = titles("ranks_and_grades"), titles("stages")
    people = []
    for card in scene.people:
        key = key_of("person", card.id)
        people.append(
            {
                "id": key,
                "kind": "person",
                "of": card.id,
                "name": card.name,
                "url": person_url(card.id),
                "facts": [
                    roles[card.role],
                    str(card.cohort or ""),
                    card.unit_name or "",
                    card.title or "",
                    rank(card.rank),
                    stage(scene.stages.get(card.id)),
                    _of(scene, key, "mentors"),
                    _of(scene, key, "trainees"),
                ],
                "counts": _counts(scene, key),
            }
        )
    return people


def _thing(scene: Scene, thing: Thing) -> dict[str, Any]:
    is_post = thing.kind == "post"
    return {
        "id": thing.key,
        "kind": thing.kind,
        "of": thing.id,
        "name": thing.name,
        "url": post_url(thing.id) if is_post else unit_url(thing.id),
        "facts": [
            str(THINGS[thing.kind]) if is_post else term("unit_kinds", thing.detail),
            "",
            thing.unit_name or "",
            "",
            term("ranks_and_grades", thing.detail) if is_post else "",
            "",
            "",
            "",
        ],
        "counts": _counts(scene, thing.key),
    }


def _of(scene: Scene, key: str, kind: str) -> str:
    count = scene.counts[key][kind]
    if not count.total:
        return ""
    if count.shown == count.total:
        return str(count.total)
    return _("%(shown)s of %(total)s shown", shown=count.shown, total=count.total)


def _counts(scene: Scene, key: str) -> list[list[Any]]:
    return [[kind, count.total, count.shown] for kind, count in scene.counts[key].items()]
