"""The whole network of a programme's mentors: what the place Network opens with, and its JSON."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, url_for
from flask_babel import gettext as _

from graph.store import Store
from queries.programme.facts import Facts
from queries.programme.mentor_board import (
    MOST_DRAWN,
    MentorBoard,
    MentorBoardDict,
    mentor_board,
)
from queries.programme.standing import facts_of_few
from webapp.network.blueprint import bp
from webapp.pictures.board import board_picture
from webapp.programme.answers import ProgrammeAsked
from webapp.programme.page import facts_asked
from webapp.shell import scope, words
from webapp.shell.frame import person_url, term, unit_url
from webapp.shell.operations import operation

MOST_LOADS = 8  # mentors whose load the panel shows


@bp.get("/api/network/board")
@operation(MentorBoardDict, ProgrammeAsked)
def board_json() -> Response:
    """Answer who guides whom and where a mentor is missing, in columns of units."""
    known = facts_asked(ProgrammeAsked.read().unit)
    return jsonify(mentor_board(known).as_dict())


def whole_network(store: Store) -> dict[str, Any] | None:
    """Return what the template of the board shows.

    None without a need of mentors, without anybody who has one, or with very many people.
    """
    known = facts_of_few(store, words.as_of(), scope.followed())
    if known is None or not known.programme.mentor_needs:
        return None
    board = mentor_board(known)
    if not board.trainees and not board.past:
        return None
    is_drawn = len(board.trainees) <= MOST_DRAWN and bool(board.columns)
    most = max(board.generations, default=1)
    return {
        "board": board,
        "picture": board_picture(known, board) if is_drawn else None,
        "missing": [
            {
                "name": known.name(each.person),
                "url": person_url(each.person),
                "kinds": [term("mentoring_kinds", kind) for kind in each.missing],
                "since": each.missing_since,
            }
            for each in board.missing
        ],
        "out": _out(known, board),
        "over": [
            {"name": known.name(each.person), "url": person_url(each.person), "of": each}
            for each in board.mentors
            if each.is_over
        ],
        "loads": _loads(known, board),
        "generations": [
            {"number": at, "people": count, "height": round(40 * count / most)}
            for at, count in enumerate(board.generations, start=1)
        ],
        "longest": [(known.name(each), person_url(each)) for each in board.longest],
        "columns": [(each, unit_url(each.unit)) for each in board.columns],
        "mend_url": url_for("programme.mentors"),
    }


def _out(known: Facts, board: MentorBoard) -> list[dict[str, Any]]:
    """Return each mentor who is not in the post, with those they still guide."""
    found: dict[str, list[str]] = {}
    for each in board.out_of_post:
        for mentor in each.out_of_post:
            found.setdefault(mentor, []).append(known.name(each.person))
    left = {each.person: each.left_on for each in board.mentors}
    return [
        {
            "name": known.name(mentor),
            "url": person_url(mentor),
            "people": _(", ").join(people),
            "left_on": left.get(mentor),
        }
        for mentor, people in found.items()
    ]


def _loads(known: Facts, board: MentorBoard) -> list[dict[str, Any]]:
    """Return the mentors of most trainees so far, with their load against the limit."""
    busiest = sorted(board.mentors, key=lambda each: (-each.ever, -each.load, each.person))
    return [
        {
            "name": known.name(each.person),
            "url": person_url(each.person),
            "load": each.load,
            "capacity": each.capacity,
            "ever": each.ever,
            "share": min(
                round(100 * each.load / max(each.capacity or each.load, each.load, 1)), 100
            ),
            "is_over": each.is_over,
        }
        for each in {each.person: each for each in busiest}.values()
    ][:MOST_LOADS]
