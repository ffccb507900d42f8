"""The whole network: what the place Network opens with, and its JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _

from graph.dates import months_between
from graph.errors import N_, UsageError
from graph.store import Store
from queries.network.tie_board import whole_board
from queries.programme.board_shape import (
    COLUMNS_BY,
    GAPS,
    PAIRS,
    BoardView,
    MentorBoard,
    MentorBoardDict,
)
from queries.programme.facts import Facts
from queries.programme.holding import NotInPost
from queries.programme.mentoring import endings, pool, to_hand_over
from queries.programme.standing import facts_of_few
from webapp.network.blueprint import bp
from webapp.network.card import board_card
from webapp.pictures.board import board_picture, column_name, short_kind
from webapp.pictures.load_bars import load_bars
from webapp.programme.answers import ProgrammeAsked
from webapp.programme.hand_over import mend_url
from webapp.shell import scope, words
from webapp.shell.asking import OneOf
from webapp.shell.form_links import enter_url
from webapp.shell.frame import person_url, term, unit_url
from webapp.shell.operations import operation
from webapp.shell.store import current_store

MOST_LOADS = 7  # mentors whose load the panel shows
MOST_GAPS = 8  # rows of each kind of gap
MOST_IDLE = 3  # mentors who are named because they guide nobody
MOST_NAMED = 3  # of most trainees in the sentence


class BoardAsked(ProgrammeAsked):
    """Which pairs, by what the columns are, and of whom."""

    pairs: Annotated[str, OneOf("", *PAIRS)] = ""
    by: Annotated[str, OneOf("", *COLUMNS_BY)] = ""
    only: str = ""


class WholeAsked(BoardAsked):
    """Whose card is open beside the picture, or the table in its place."""

    card: str = ""
    show: Annotated[str, OneOf("", "table")] = ""


@bp.get("/api/network/board")
@operation(MentorBoardDict, BoardAsked)
def board_json() -> Response:
    """Answer who guides whom and where a mentor is missing, in columns."""
    return jsonify(asked_board(BoardAsked.read()).as_dict())


def asked_board(asked: BoardAsked) -> MentorBoard:
    """Return the board that an address or a command asks for; UsageError for an unknown kind."""
    kinds = [GAPS, *(each.key for each in words.programme().mentoring_kinds)]
    if asked.only and asked.only not in kinds:
        raise UsageError(
            N_("A board shows only gaps or one kind of {mentor}, not %(only)s."),
            N_("Known: %(known)s."),
            only=asked.only,
            known=", ".join(kinds),
        )
    pairs = next((each for each in PAIRS if each == asked.pairs), PAIRS[0])
    by = next((each for each in COLUMNS_BY if each == asked.by), COLUMNS_BY[0])
    store, on, among = current_store(), asked.on or words.as_of(), scope.followed()
    board = whole_board(store, on, BoardView(pairs, by, asked.only), asked.unit, among)
    if not asked.pairs and not board.pairs_now and board.pairs_ever:
        return whole_board(store, on, BoardView("ever", by, asked.only), asked.unit, among)
    return board


def whole_network(store: Store) -> dict[str, Any] | None:
    """Return what the template of the whole shows; None where nobody is tied or needs a mentor."""
    asked = WholeAsked.read()
    board = asked_board(asked)
    whole = asked_board(asked.model_copy(update={"only": ""})) if asked.only else board
    if not whole.trainees and not whole.past and not whole.columns:
        return None
    known = facts_of_few(store, words.as_of(), scope.followed())
    is_judged = known is not None and bool(known.programme.mentor_needs)
    stages = [stage.key for stage in known.programme.stages] if known else []
    shown = board_picture(board, stages, lambda person: _link(card=person), asked.card)
    return {
        "board": board,
        "whole": whole,
        "asked": asked,
        "is_judged": is_judged,
        "picture": None if asked.show else shown,
        "table": _table(board) if asked.show else None,
        "people": _rows(board) if shown else [],
        "columns": _columns(board),
        "card": board_card(store, board, known, asked.card) if asked.card else None,
        "without_card": _link(card=None),
        "table_url": _link(show=None if asked.show else "table", card=None),
        "most": _most(whole),
        "longest": [(whole.name_of.get(each, each), person_url(each)) for each in whole.longest],
        "generations": _generations(whole),
        **_chips(board, whole, known if is_judged else None),
        **(_panel(known, whole) if known is not None and is_judged else {}),
    }


def _link(**changes: str | None) -> str:
    """Return this page's address with some things asked for differently; None takes one away."""
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if value}
    kept.update(changes)
    anchor = "card" if changes.get("card") else None
    given = {key: value for key, value in kept.items() if value}
    return url_for("network.show", _anchor=anchor, **given)


# --- chips


def _chips(board: MentorBoard, whole: MentorBoard, known: Facts | None) -> dict[str, Any]:
    by, pairs, only = board.view.by, board.view.pairs, board.view.only
    offered = [("generation", _("by generation")), ("cohort", _("by cohort"))]
    if known is not None:
        above = next((k.unit_kinds for k in known.programme.mentoring_kinds if k.by_post), ())
        named = _(", ").join(term("unit_kinds", kind) for kind in above) or _("unit")
        offered.insert(0, ("unit", _("by %(kind)s", kind=named)))
    gaps = sum(1 for each in whole.trainees if each.missing or each.out_of_post)
    counts = Counter(tie.kind for tie in whole.ties)
    kinds = [each.key for each in words.programme().mentoring_kinds if counts[each.key]]
    listed = [(GAPS, _("with gaps"), gaps)] if known is not None else []
    listed += [(kind, short_kind(kind), counts[kind]) for kind in kinds]
    return {
        "pairs": [
            (_("%(n)s pairs now", n=board.pairs_now), _link(pairs="now"), pairs == "now"),
            (_("%(n)s ever", n=board.pairs_ever), _link(pairs="ever"), pairs == "ever"),
        ]
        if board.pairs_now != board.pairs_ever
        else [],
        "by": [(text, _link(by=key), key == by) for key, text in offered],
        "only": [
            (text, _link(only=None if only == key else key), only == key, count)
            for key, text, count in listed
        ],
    }


# --- the picture in words


def _columns(board: MentorBoard) -> list[dict[str, Any]]:
    most = max((each.trainees + each.mentors for each in board.columns), default=1)
    return [
        {
            "name": column_name(board, each),
            "url": unit_url(each.unit) if each.unit else "",
            "of": each,
            "share": round(100 * (each.trainees + each.mentors) / max(most, 1)),
            "first": [(board.name_of.get(who, who), _link(card=who)) for who in each.first],
        }
        for each in board.columns
    ]


def _guides(board: MentorBoard) -> Callable[[str], list[str]]:
    found: dict[str, list[str]] = {}
    for tie in board.ties:
        if tie.runs or board.view.pairs == "ever":
            found.setdefault(tie.trainee, []).append(board.name_of.get(tie.mentor, tie.mentor))
    return lambda person: list(dict.fromkeys(found.get(person, ())))


def _rows(board: MentorBoard) -> list[dict[str, Any]]:
    """Return a row of two lines for each, for a narrow screen: those with a gap first."""
    guides = _guides(board)
    rows = []
    for each in sorted(board.trainees, key=lambda t: (not t.missing, not t.out_of_post)):
        lacks = _(", ").join(short_kind(kind) for kind in each.missing)
        colour = "red" if lacks else "yellow" if each.out_of_post else ""
        word = _("lacks %(kinds)s", kinds=lacks) if lacks else ""
        rows.append(
            {
                "name": each.name,
                "url": _link(card=each.person),
                "cohort": each.cohort,
                "state": colour,
                "word": word or (_("the {mentor} left the post") if each.out_of_post else ""),
                "guides": _(", ").join(guides(each.person)),
            }
        )
    return rows


def _table(board: MentorBoard) -> dict[str, Any]:
    guides, names = _guides(board), {each.key: column_name(board, each) for each in board.columns}
    return {
        "columns": [
            {"key": "person", "title": _("{Trainee}")},
            {"key": "column", "title": _("Column")},
            {"key": "cohort", "title": _("Cohort"), "number": True},
            {"key": "stage", "title": _("Stage")},
            {"key": "mentors", "title": _("{Mentors}")},
            {"key": "missing", "title": _("Without")},
            {"key": "since", "title": _("Since")},
        ],
        "rows": [
            {
                "person": {"kind": "person", "id": each.person, "text": each.name},
                "column": names.get(each.column),
                "cohort": each.cohort,
                "stage": term("stages", each.stage) if each.stage else None,
                "mentors": guides(each.person),
                "missing": [term("mentoring_kinds", kind) for kind in each.missing],
                "since": each.missing_since.isoformat() if each.missing_since else None,
            }
            for each in board.trainees
            if board.view.only != GAPS or each.missing or each.out_of_post
        ],
    }


def _generations(whole: MentorBoard) -> list[dict[str, int]]:
    most = max(whole.generations, default=1)
    return [
        {"number": at, "people": count, "height": round(40 * count / most)}
        for at, count in enumerate(whole.generations, start=1)
    ]


def _most(whole: MentorBoard) -> tuple[list[tuple[str, str]], int] | None:
    """Return who guided most so far, and how many; None where too many did alike."""
    ever = {each.person: each.ever for each in whole.mentors}
    most = max(ever.values(), default=0)
    those = [person for person, count in ever.items() if count == most]
    if most < 2 or len(those) > MOST_NAMED:
        return None
    return [(whole.name_of[each], _link(card=each)) for each in those], most


# --- the panel


def _panel(known: Facts, whole: MentorBoard) -> dict[str, Any]:
    """Return gaps with what mends them, loads, and how many more could be guided."""
    in_post = [member for member in pool(known).values() if member.posts]
    idle = [each for each in in_post if not each.load and each.capacity != 0]
    return {
        "missing": [
            {
                "name": each.name,
                "url": _link(card=each.person),
                "kinds": [short_kind(kind) for kind in each.missing],
                "months": months_between(each.missing_since, known.on)
                if each.missing_since
                else None,
                "mend_url": url_for("programme.mentors", _anchor=f"missing-{each.person}"),
            }
            for each in whole.missing[:MOST_GAPS]
        ],
        "out": _out(known, whole),
        "over": [
            {
                "name": each.name,
                "url": _link(card=each.person),
                "of": each,
                "mend_url": url_for("programme.mentor", id=each.person),
            }
            for each in whole.mentors
            if each.is_over
        ][:MOST_GAPS],
        "endings": [
            {
                "name": known.name(each.pairing.trainee),
                "url": _link(card=each.pairing.trainee),
                "mentor": known.name(each.pairing.mentor),
                "mend_url": enter_url("mentoring", each.pairing.id),
            }
            for each in endings(known)[:MOST_GAPS]
        ],
        "loads": load_bars(whole.mentors, MOST_LOADS, lambda person: _link(card=person)),
        "free": sum(max(member.free or 0, 0) for member in in_post),
        "idle": [(known.name(each.mentor), _link(card=each.mentor)) for each in idle[:MOST_IDLE]],
        "idle_more": max(len(idle) - MOST_IDLE, 0),
        "mend_url": url_for("programme.mentors"),
    }


def _out(known: Facts, whole: MentorBoard) -> list[dict[str, Any]]:
    """Return the first mentors who are not in the post, with those they still guide."""
    shown = {each.person for each in whole.trainees}
    found: dict[str, list[NotInPost]] = {}
    for each in to_hand_over(known):
        if each.pairing.trainee in shown:
            found.setdefault(each.pairing.mentor, []).append(each)
    return [
        {
            "left_on": those[0].since,
            "people": [
                (known.name(each.pairing.trainee), _link(card=each.pairing.trainee))
                for each in those
            ],
            "mend_url": mend_url(known, those[0]),  # dear: whoever could take over is looked for
        }
        for those in list(found.values())[:MOST_GAPS]
    ]
