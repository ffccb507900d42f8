"""People: the list with its filters, and the page that says all about one person."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, jsonify, render_template, url_for

from graph.store import Row, Store
from planning.person_plans import PersonView, PersonViewDict, person_view
from queries.cards import PeopleList, PeopleListDict, people_list
from queries.careers.lines import line_of
from queries.catalogue import ask
from queries.person_file import PersonFile
from queries.unit_tree import unit_tree
from webapp.data.questions import shown
from webapp.people.tables import (
    MOST_TRAINEES,
    list_columns,
    list_row,
    person_tables,
    plan_rows,
)
from webapp.people.timeline import timeline
from webapp.pictures.path_line import LinesPicture, one_line
from webapp.shell import day, scope, words
from webapp.shell.asking import InScope, OneOf, WithPlanned, Year
from webapp.shell.marks import ROLES
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

bp = Blueprint("people", __name__)

PAGE = 50  # people on one page of the list
PREVIEW = 8  # neighbours named beside the link to the network
PATH_LINE = 560  # width of the person's way below the answer
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
        people=found.people,
        columns=list_columns(),
        rows=[list_row(card) for card in found.people],
        chosen=chosen,
        cohorts=ask(store, "people.cohorts", on=words.as_of()).rows,
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
        line=timeline(found.line, found.as_of),
        way=one_line(way, PATH_LINE)
        if (way := line_of(current_store(), id, found.as_of))
        else None,
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


def _unit_choices(store: Store) -> list[dict[str, str]]:
    units = list(unit_tree(store).units.values())[:MOST_UNITS]
    return [{"id": unit.id, "name": unit.name} for unit in units]


def _way(found: PersonFile) -> LinesPicture | None:
    """Draw the person's way; None before the first post."""
    line = line_of(current_store(), found.facts["id"], found.as_of)
    return one_line(line, PATH_LINE) if line and line.posts else None


def _preview(found: PersonFile) -> list[Row]:
    """Name some of those around the person for the link to the network."""
    around = [{"id": row["mentor"], "name": row["name"]} for row in found.mentors]
    around += [{"id": row["trainee"], "name": row["name"]} for row in found.trainees]
    return list({row["id"]: row for row in around}.values())[:PREVIEW]
