"""The four priorities: posts with room, and who could fill one, each place with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.programme import Rule
from queries.careers.lines import lines_of
from queries.programme.facts import Facts
from queries.programme.on_day import appointment_rules
from queries.programme.reserve import ReserveMember, reserve_list
from queries.programme.vacancies import Vacancy
from queries.programme.vacancies import room as room_of
from queries.programme.vacancies import vacancies as posts_with_room
from queries.rules import short_list as priorities
from webapp.pictures.path_line import LinesPicture, one_line
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.page import as_json, facts, page
from webapp.shell.asking import Several
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.words import as_of

MOST_WAYS = 100  # that the page draws
WAY_WIDTH = 160


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


class ShortlistAsked(ProgrammeAsked):
    """Priorities that are switched `off`; or, where `switched`, those that are not."""

    off: Several = ()
    switched: str = ""
    priority: Several = ()


@bp.get("/programme/vacancies/<path:id>")
def shortlist(id: str) -> str:
    """Rank the trainees for one post; `off` in the address switches priorities off."""
    known = facts()
    found = _shortlist(known, id)
    post = known.posts[id]
    rules = {rule.id: rule for rule in appointment_rules(current_store())}
    return page(
        "shortlist.html",
        "people",
        "posts",
        "postings",
        "records",
        "kin",
        "wishes",
        post=post,
        post_name=Cells(known).post(id)["text"],
        found=found,
        ways=_ways(found),
        excluded_columns=[column("person", _("Name")), column("why", _("Excluded by"), grow=8)],
        excluded=_with_reasons(known, rules, found.excluded),
        undecided_columns=[
            column("person", _("Name")),
            column("why", _("What is missing"), grow=8),
        ],
        undecided=_with_reasons(known, rules, found.undecided),
        why=lambda rule, words: _why(rules, rule, said(words)),
        has_rules=bool(rules),
    )


def _ways(found: priorities.Shortlist) -> dict[str, LinesPicture]:
    """Draw the way of each of those on the list, all on one scale."""
    people = [each.person for each in found.places[:MOST_WAYS]]
    lines = lines_of(current_store(), people, as_of())
    years = max((line.years for line in lines.values()), default=1.0)
    return {person: one_line(line, WAY_WIDTH, years) for person, line in lines.items()}


def _with_reasons(
    known: Facts,
    rules: dict[str, Rule],
    those: Sequence[priorities.Excluded | priorities.NotDecided],
) -> list[dict[str, Any]]:
    return [
        {
            "person": Cells(known).standing(each.person),
            "why": [_why(rules, rule, said(words)) for rule, words in each.why],
        }
        for each in those
    ]


class ShortlistAnswer(TypedDict):
    """The short list of one post."""

    shortlist: priorities.Shortlist


@bp.get("/api/programme/vacancies/<path:id>")
@operation(Annotated[Any, PlainOf(ShortlistAnswer)], ShortlistAsked)
def shortlist_json(id: str) -> Response:
    """Return the short list of one post as JSON."""
    return as_json(shortlist=_shortlist(facts(), id))


def _shortlist(known: Facts, id: str) -> priorities.Shortlist:
    if id not in known.posts:
        raise NotFound(N_("There is no post %(id)s."), N_("Search for its title."), id=id)
    asked = ShortlistAsked.read()
    off = asked.off
    if asked.switched:  # the form sends those that are on
        priorities_ = known.programme.priorities
        off = tuple(each.key for each in priorities_ if each.key not in asked.priority)
    return priorities.shortlist(known, id, appointment_rules(current_store()), frozenset(off))


def _why(rules: dict[str, Rule], rule: str | None, words: str) -> str:
    if rule is None:
        return words
    return _("%(rule)s: %(why)s", rule=f"{rule} {either(rules[rule].title)}", why=words)


def _rank(known: Facts, post: str) -> object:
    rank = known.posts[post].rank
    if not rank:
        return None
    place = known.programme.rank_index(rank)
    return {"text": term("ranks", rank), "sort": f"{(place if place is not None else -1) + 1:02d}"}
