"""The card of one person beside the whole network: where they stand, and with whom."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from graph.store import Store
from queries.cards import cards
from queries.network.view import View
from queries.programme.board_shape import MentorBoard
from queries.programme.facts import Facts
from queries.programme.mentoring import lights
from queries.programme.stages import progress
from webapp.network.address import view_url
from webapp.pictures.board import short_kind
from webapp.pictures.signs import rank_step
from webapp.shell.frame import person_url, term

MOST_TIED = 8  # of each side; the person's network shows all


def board_card(
    store: Store, board: MentorBoard, known: Facts | None, person: str
) -> dict[str, Any] | None:
    """Return what the card says of a person; None for whoever is not stored."""
    found = cards(store, [person], board.on).get(person)
    if found is None:
        return None
    colour, word = _light(known, person)
    where = progress(known).get(person) if known else None
    guided = [tie for tie in board.ties if tie.mentor == person]
    return {
        "id": person,
        "name": found.name,
        "url": person_url(person),
        "cohort": found.cohort,
        "colour": colour,
        "word": word,
        "post": found.place,
        "rank": term("ranks", found.rank) if found.rank else "",
        "step": rank_step(found.rank),
        "stage": term("stages", where.stage) if where and where.stage else "",
        "mentors": [
            (
                short_kind(tie.kind) if tie.kind else _("{mentor}"),
                board.name_of.get(tie.mentor, tie.mentor),
                person_url(tie.mentor),
            )
            for tie in board.ties
            if tie.trainee == person
        ][:MOST_TIED],
        "trainees": [
            (board.name_of.get(tie.trainee, tie.trainee), person_url(tie.trainee))
            for tie in guided[:MOST_TIED]
        ],
        "more": max(len(guided) - MOST_TIED, 0),
        "network_url": view_url(View((person,))),
    }


def _light(known: Facts | None, person: str) -> tuple[str, str]:
    """Return the light of somebody's mentors; nothing for whoever needs none."""
    needs = lights(known).get(person, ()) if known else ()
    if not needs:
        return "", ""
    lacking = [short_kind(light.kind) for light in needs if light.missing]
    if lacking:
        return "red", _("lacks %(kinds)s", kinds=_(", ").join(lacking))
    if any(light.not_in_post for light in needs):
        return "yellow", _("the {mentor} left the post")
    return "green", _("all {mentors} in their posts")
