"""The posts with room on a day, and who stands on the reserve list."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.programme.facts import Facts
from queries.programme.reserve import ReserveMember, reserve_list
from queries.programme.vacancies import Vacancy
from queries.programme.vacancies import room as room_of
from queries.programme.vacancies import vacancies as posts_with_room
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.page import as_json, facts, page
from webapp.shell.frame import term
from webapp.shell.operations import operation


@bp.get("/programme/vacancies")
def vacancies() -> str:
    """List the posts with room, highest rank first."""
    known = facts()
    cells = Cells(known)
    found = posts_with_room(known)
    return page(
        "vacancies.html",
        "posts",
        "postings",
        "reserve",
        room=room_of(found),
        has_reserve=known.programme.reserve is not None,
        reserve_columns=[
            column("person", _("Name")),
            column("since", _("From")),
            column("until", _("Until")),
            column("document", _("Document number"), grow=4),
        ],
        reserve=[
            {
                "person": cells.standing(each.person),
                "since": each.since,
                "until": each.until,
                "document": each.document,
            }
            for each in reserve_list(known)
        ],
        columns=[
            column("post", _("Post")),
            column("rank", _("Rank")),
            column("kind", _("Kind")),
            column("room", _("Places free"), True),
            column("demands", _("Asks for")),
            column("list", _("Short list")),
        ],
        rows=[
            {
                "post": cells.post(each.post),
                "rank": _rank(known, each.post),
                "kind": term("post_kinds", known.posts[each.post].kind),
                "room": each.capacity - each.held,
                "demands": list(known.posts[each.post].demands),
                "list": {
                    "url": link("programme.shortlist", id=each.post),
                    "text": _("who meets the conditions"),
                },
            }
            for each in found
        ],
    )


class VacanciesAnswer(TypedDict):
    """The posts with room, and who stands on the reserve list."""

    vacancies: list[Vacancy]
    reserve: tuple[ReserveMember, ...]


@bp.get("/api/programme/vacancies")
@operation(Annotated[Any, PlainOf(VacanciesAnswer)], ProgrammeAsked)
def vacancies_json() -> Response:
    """Return the posts with room as JSON."""
    return as_json(**vacancies_answer(facts()))


def vacancies_answer(known: Facts) -> VacanciesAnswer:
    """Return what the page, the JSON interface and the command say of posts with room."""
    return {"vacancies": posts_with_room(known), "reserve": reserve_list(known)}


def _rank(known: Facts, post: str) -> object:
    rank = known.posts[post].rank
    if not rank:
        return None
    place = known.programme.rank_index(rank)
    return {"text": term("ranks", rank), "sort": f"{(place if place is not None else -1) + 1:02d}"}
