"""People: the list with its filters, and the page that says all about one person."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, render_template, url_for

from graph.store import Row, Store
from planning.person_plans import PersonView, PersonViewDict, person_view
from queries.careers.lines import line_of
from queries.catalogue import ask
from queries.people_list import PeopleList, PeopleListDict, people_list, ways
from queries.person_file import PersonFile
from queries.programme.lights import worst
from queries.unit_tree import unit_tree
from webapp.data.questions import shown
from webapp.people.tables import MOST_TRAINEES, person_tables, plan_rows
from webapp.people.timeline import timeline
from webapp.pictures.path_line import one_line
from webapp.pictures.signs import ranks_of, signs_of
from webapp.pictures.time_lanes import time_lanes
from webapp.shell import day, scope, words
from webapp.shell.asking import InScope, OneOf, WithPlanned, Year
from webapp.shell.marks import ROLES
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

bp = Blueprint("people", __name__)

PAGE = 50  # people on one page of the list
PREVIEW = 8  # neighbours named beside the link to the network
PATH_LINE, NARROW_LINE = 900, 350  # widths of the person's way, and of that on a phone
LIST_LINE = 340  # width of a way in the list
TABS = ("posts", "mentors", "file")
MOST_UNITS = 200  # that the list offers; a very large tree is chosen on its own page


class PeopleAsked(InScope):
    """The filters of the list of people; `after` is the last id of the page before."""

    text: str | None = None
    cohort: Year | None = None
    role: Annotated[str | None, OneOf("trainee", "mentor")] = None
    unit: str | None = None
    after: str | None = None

    def filters(self) -> Row:
        """Return what people are chosen by."""
        return self.model_dump(exclude={"after", "on", "within"})


class PersonPage(WithPlanned):
    """Which part of a person's page is open."""

    tab: Annotated[str, OneOf(*TABS)] = TABS[0]


@bp.get("/people")
def index() -> str:
    """List people, filtered by cohort, role, unit and text, page by page in the order of ids."""
    store, asked = current_store(), PeopleAsked.read()
    chosen = asked.filters()
    found = _listed(store)
    kept = {key: value for key, value in chosen.items() if value}
    next_url = (
        url_for("people.index", after=found.people[-1].id, **kept) if found.truncated else None
    )
    return render_template(
        "people/index.html",
        total=found.total,
        everybody=found.all,
        people=found.people,
        lights=found.lights,
        worst=worst,
        chosen=chosen,
        **_ways(store, found),
        cohorts=[
            (row["cohort"], f"{row['cohort']} ({row['people']})")
            for row in ask(store, "people.cohorts", on=words.as_of()).rows
        ],
        units=_unit_choices(store),
        roles={key: ROLES[key] for key in ("trainee", "mentor")},
        first_url=url_for("people.index", **kept) if asked.after else None,
        next_url=next_url,
        answers=[shown(answer) for answer in found.answers],
    )


@bp.get("/people/<path:id>")
def show(id: str) -> str:
    """Show one person: where now, who guides whom, the time line and the rows behind it."""
    view = _view(id)
    found = view.file
    return render_template(
        "people/person.html",
        as_of=found.as_of,
        person=found,
        facts=found.facts,
        preview=_preview(found),
        tab=PersonPage.read().tab,
        tab_url=lambda tab: url_for("people.show", id=id, tab=None if tab == TABS[0] else tab),
        line=(line := timeline(found.line, found.as_of)),
        line_picture=time_lanes(line),
        **_way(id, found),
        tables=person_tables(found),
        plans=plan_rows(view.plans),
        role_titles=ROLES,
        most_trainees=MOST_TRAINEES,
        said=said,
        names={row["mentor"]: row["name"] for row in found.mentors},
        answers=[shown(answer) for answer in found.answers],
    )


@bp.get("/api/people/<path:id>")
@operation(PersonViewDict, WithPlanned)
def show_json(id: str) -> Response:
    """Return one person's file as JSON: what the page and `flask person ID` show."""
    return jsonify(_view(id).as_dict(said))


@bp.get("/api/people")
@operation(PeopleListDict, PeopleAsked)
def index_json() -> Response:
    """List people as JSON, 50 at a time; `after` is the last id of the page before."""
    return jsonify(_listed(current_store()).as_dict())


def _view(id: str) -> PersonView:
    return person_view(current_store(), id, words.as_of(), day.planned())


def _listed(store: Store) -> PeopleList:
    asked = PeopleAsked.read()
    filters = asked.filters() | scope.kept()
    return people_list(store, words.as_of(), PAGE, asked.after, **filters)


def _unit_choices(store: Store) -> list[tuple[str, str]]:
    units = list(unit_tree(store).units.values())[:MOST_UNITS]
    return [(unit.id, unit.name) for unit in units]


def _ways(store: Store, found: PeopleList) -> dict[str, Any]:
    """Draw the ways of a page's people on one scale, with what their colours and signs mean."""
    lines = ways(store, found)
    years = max((line.years for line in lines.values()), default=0)
    posts = [post for line in lines.values() for post in line.posts]
    return {
        "ways": {id_: one_line(line, LIST_LINE, years) for id_, line in lines.items()},
        "ranks": ranks_of(post.rank for post in posts),
        "signs": signs_of(post.unit_kind for post in posts),
    }


def _way(id: str, found: PersonFile) -> dict[str, Any]:
    """Draw the person's way, wide and for a phone; nothing before the first post."""
    line = line_of(current_store(), id, found.as_of)
    if line is None or not line.posts:
        return {"way": None, "narrow_way": None, "ranks": [], "signs": []}
    return {
        "way": one_line(line, PATH_LINE, with_axis=True),
        "narrow_way": one_line(line, NARROW_LINE, with_axis=True),
        "ranks": ranks_of(post.rank for post in line.posts),
        "signs": signs_of(post.unit_kind for post in line.posts),
    }


def _preview(found: PersonFile) -> list[Row]:
    """Name some of those around the person for the link to the network."""
    around = [{"id": row["mentor"], "name": row["name"]} for row in found.mentors]
    around += [{"id": row["trainee"], "name": row["name"]} for row in found.trainees]
    return list({row["id"]: row for row in around}.values())[:PREVIEW]
