"""The pages of the programme in four groups, and which of them the page that is asked for is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from graph.programme import Programme
from webapp.programme.cells import link
from webapp.shell.language import either


class Tab(NamedTuple):
    """A link of a row: its words, its address, and whether it is the page that is asked for."""

    text: str
    url: str
    is_here: bool


@dataclass(frozen=True)
class ProgrammeTabs:
    """The groups with the overview before them, and the pages of the one chosen."""

    groups: tuple[Tab, ...]
    pages: tuple[Tab, ...]


# Each group with its pages in order; the first one is where the group leads.
GROUPS: tuple[tuple[LazyString, tuple[tuple[str, LazyString], ...]], ...] = (
    (
        _l("Carrying out"),
        (
            ("programme.audit", _l("Compliance")),
            ("programme.todo", _l("To do")),
            ("programme.duties", _l("Talks and reports")),
            ("programme.care", _l("Care")),
        ),
    ),
    (
        _l("Development"),
        (
            ("programme.stages", _l("Stages")),
            ("programme.mentors", _l("{Mentors}")),
            ("programme.training", _l("Training")),
            ("programme.exercises", _l("Exercises")),
            ("programme.places", _l("Places and tasks")),
        ),
    ),
    (
        _l("Placement"),
        (
            ("programme.vacancies", _l("Vacant posts")),
            ("programme.focus", _l("Focus list")),
            ("programme.reserve", _l("Reserve list")),
        ),
    ),
    (
        _l("Papers"),
        (
            ("programme.files", _l("Growth files")),
            ("programme.report", _l("Report")),
        ),
    ),
)
# Pages without a link of their own in the row, by the page that leads to them.
BELOW = {
    "programme.reminders": "programme.todo",
    "programme.unit": "programme.duties",
    "programme.settle": "programme.duties",
    "programme.person": "programme.stages",
    "programme.mentor": "programme.mentors",
    "programme.shortlist": "programme.vacancies",
    "programme.total": "programme.report",
}


def programme_tabs(programme: Programme) -> ProgrammeTabs:
    """Return the row of groups with the pages of the one that the page asked for is in."""
    here = request.endpoint or ""
    above = BELOW.get(here, here)
    groups = [Tab(str(_l("Overview")), link("programme.index"), here == "programme.index")]
    pages: tuple[Tab, ...] = ()
    for title, members in GROUPS:
        is_chosen = any(endpoint == above for endpoint, _word in members)
        groups.append(Tab(str(title), link(members[0][0]), is_chosen))
        if is_chosen:
            pages = tuple(
                Tab(_word(programme, endpoint, word), link(endpoint), endpoint == above)
                for endpoint, word in members
                if _is_there(programme, endpoint)
            )
    return ProgrammeTabs(tuple(groups), pages)


def _is_there(programme: Programme, endpoint: str) -> bool:
    """Return whether a programme has what a page is about."""
    own = {"programme.places": programme.places, "programme.reserve": programme.reserve}
    return bool(own.get(endpoint, True))


def _word(programme: Programme, endpoint: str, word: LazyString) -> str:
    """Return what a page is called; the lists that a programme names have its own name."""
    own = {"programme.places": programme.places, "programme.reserve": programme.reserve}
    named = own.get(endpoint)
    return either(named) if named else str(word)
