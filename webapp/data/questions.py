"""The catalogue of questions as pages: the list, a form for each, its rows and its Cypher."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_, UsageError
from graph.store import Row
from loaders.export.sheet import as_csv
from queries.catalogue import QUERIES, Answer, Query, ask, find
from queries.columns import Column
from webapp.shell import day, scope, words
from webapp.shell.language import either, language
from webapp.shell.store import current_store

bp = Blueprint("queries", __name__, url_prefix="/queries")

OF_PAGE = ("format",)  # words of the page itself in the address
_KINDS = {"Person": "person", "Unit": "unit", "Post": "post"}
# A column that says in words what a column of ids names: the label of those ids.
_NAMES = {"name": "", "title": "Post", "unit_name": "Unit"}


@bp.get("")
def index() -> str:
    """List the questions that can be asked."""
    rows = [{**described(query), "group": name.split(".")[0]} for name, query in QUERIES.items()]
    return render_template("queries/index.html", queries=rows)


@bp.get("/<name>")
def query(name: str) -> ResponseReturnValue:
    """Show one question with its form and, once it is asked, its rows.

    With `format=csv` the rows are a file.
    """
    asked = find(name)
    given = given_parameters()
    page: dict[str, Any] = {"query": described(asked), "given": given}
    for kept in (day.ON, day.PLANNED, scope.IN):
        if asked.parameter(kept) is None:
            given.pop(kept, None)
    if asked.parameter(day.ON) is None:
        page["day_still"] = _("This question shows what is stored, of any day.")
    if asked.parameter(scope.IN) is not None:
        page["scope_still"] = None
    needed = {each.name for each in asked.parameters if each.required}
    if not needed <= given.keys():
        return render_template("queries/query.html", **page)
    try:
        answer = answered(name, given)
    except UsageError as error:  # told beside the form, where it can be mended
        if request.args.get("format"):
            raise
        return render_template("queries/query.html", **page, problem=error.translated(_)), 400
    if request.args.get("format") == "csv":
        rows = ([row[column] for column in answer.columns] for row in answer.rows)
        head = {"Content-Disposition": f'attachment; filename="{answer.query}.csv"'}
        return Response(as_csv(answer.columns, rows), mimetype="text/csv", headers=head)
    return render_template(
        "queries/query.html",
        **page,
        answer=answer,
        columns=[
            {"key": each.name, "title": either(each.titles), "number": each.type == "integer"}
            for each in asked.columns
        ],
        rows=[_cells(asked.columns, row) for row in answer.rows],
    )


def answered(name: str, given: dict[str, str]) -> Answer:
    """Answer a question whose parameters are text that somebody typed."""
    if "language" in given:  # not the question's: the page and the command have their own
        raise UsageError(N_('There is no parameter "%(name)s".'), name="language")
    return ask(current_store(), name, language=language(), **given)


def given_parameters(of_page: Collection[str] = OF_PAGE) -> dict[str, str]:
    """Return the parameters of a question that the address has; an empty field is none.

    Words of the page itself are left out, and on every page the language.
    """
    return {
        key: value.strip()
        for key, value in request.args.items()
        if key != "lang" and key not in of_page and value.strip()
    }


class ParameterDict(TypedDict):
    """A parameter of a question."""

    name: str
    title: str
    type: str
    required: bool
    default: str | int | None


class QuestionDict(TypedDict):
    """A question, as `flask queries` describes it."""

    name: str
    title: str
    description: str
    parameters: list[ParameterDict]
    columns: list[str]
    cypher: str


def described(query: Query) -> QuestionDict:
    """Describe a question as `flask queries --json` does, in the language in use."""
    return {
        "name": query.name,
        "title": either(query.titles),
        "description": either(query.descriptions),
        "parameters": [
            {
                "name": each.name,
                "title": either(each.titles),
                "type": each.type,
                "required": each.required,
                "default": each.default,
            }
            for each in query.parameters
        ],
        "columns": [column.name for column in query.columns],
        "cypher": query.cypher,
    }


def shown(answer: Answer) -> dict[str, Any]:
    """Return what "how this was computed" shows of an answer."""
    return {
        "title": either(find(answer.query).titles),
        "cypher": answer.cypher,
        "parameters": answer.parameters,
    }


def _cells(columns: tuple[Column, ...], row: Row) -> Row:
    """Make the ids of people, units and posts, and the names beside them, links."""
    ids: dict[str, str] = {}
    for column in columns:
        if column.of in _KINDS and isinstance(row[column.name], str):
            ids.setdefault(column.of, row[column.name])
    if row.get("label") in _KINDS:  # a search over several kinds of things
        ids = {row["label"]: row["id"]}
    first = next(iter(ids), "")
    cells: Row = {}
    for column in columns:
        value = row[column.name]
        label = column.of or _NAMES.get(column.name, "-") or first
        if label in ids and value is not None:
            id_ = value if column.of else ids[label]
            cells[column.name] = {"kind": _KINDS[label], "id": id_, "text": value}
        else:
            cells[column.name] = words.value(column.name, value)
    return cells
