"""The loads: what was loaded when and by whom, what one brought, and undoing it as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from typing_extensions import TypedDict

from graph.answers import FieldsOf
from graph.errors import N_, InputError
from graph.schema import TABLES, table
from graph.store import Row, Store
from loaders.loads import BroughtRow, Load, brought, completed_by, find, loads
from loaders.undo import hindrances, undo
from queries.quality.listed import counts_of_load
from webapp.data import stored
from webapp.data.quality import kind_title
from webapp.shell import words
from webapp.shell.language import local
from webapp.shell.operations import operation
from webapp.shell.store import current_store

if TYPE_CHECKING:  # commands use this module too, and need no forms
    from webapp.data.forms import UndoForm

bp = Blueprint("loads", __name__)

STATES = {"running": _l("not finished"), "done": _l("done"), "undone": _l("undone")}
COLOURS = {"running": "yellow", "done": "green", "undone": "blue"}
ROWS = 200


ListedLoad = Annotated[
    Row,
    FieldsOf(
        Load,
        "ListedLoad",
        without=("texts",),
        new=int,
        changed=int,
        same=int,
        completed_by=str | None,
    ),
]
LoadAnswer = Annotated[
    Row,
    FieldsOf(
        Load,
        "LoadAnswer",
        without=("texts",),
        new=int,
        changed=int,
        same=int,
        completed_by=str | None,
        rows=dict[str, list[BroughtRow]],
        truncated=list[str],
        hindrances=list[str],
        doubts=dict[str, int] | None,
    ),
]


class LoadsAnswer(TypedDict):
    """The loads, newest first."""

    loads: list[ListedLoad]


def loads_answer(store: Store) -> list[ListedLoad]:
    """List the loads, newest first."""
    return [{**each.as_dict(), "completed_by": completed_by(store, each)} for each in loads(store)]


def load_answer(store: Store, id_: str, limit: int = ROWS) -> LoadAnswer:
    """Return what one load brought, rows too, and what keeps it from being undone."""
    load = find(store, id_)
    found = {**load.as_dict(), "completed_by": completed_by(store, load)}
    rows = {name: brought(store, id_, table(name), limit + 1) for name in load.tables}
    found["rows"] = {name: listed[:limit] for name, listed in rows.items()}
    found["truncated"] = [name for name, listed in rows.items() if len(listed) > limit]
    found["doubts"] = counts_of_load(store, words.as_of(), id_)
    found["hindrances"] = [each.text(_, _table_title) for each in hindrances(store, id_)]
    return found


def undo_load(store: Store, id_: str, by: str) -> dict[str, Any]:
    """Undo a load as a whole; a Conflict says in sentences what hinders it."""
    if not by.strip():
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    return undo(store, id_, by=by.strip()[:100]).as_dict()


@bp.get("/loads")
def index() -> str:
    """List the loads."""
    store = current_store()
    return render_template(
        "loads/index.html",
        loads=[_shown(each, completed_by(store, each)) for each in loads(store)],
    )


@bp.get("/loads/<id_>")
def show(id_: str) -> str:
    """Show what one load brought."""
    from webapp.data.forms import UndoForm

    return _page(id_, UndoForm())


def _page(id_: str, form: UndoForm) -> str:
    store = current_store()
    found = load_answer(store, id_)
    return render_template(
        "loads/load.html",
        load=_shown(find(store, id_), found["completed_by"]),
        found=found,
        kind_title=kind_title,
        titles={each.name: stored.title(each) for each in TABLES},
        limit=ROWS,
        form=form,
    )


@bp.post("/loads/<id_>/undo")
def undo_page(id_: str) -> Response | tuple[str, int]:
    """Undo a load and show its record."""
    from webapp.data.forms import UndoForm

    form = UndoForm.sent()
    if not form.validate():
        return _page(id_, form), 400
    undo_load(current_store(), id_, form.author)
    return redirect(url_for("loads.show", id_=id_), 303)  # type: ignore[return-value]


@bp.get("/api/loads")
@operation(LoadsAnswer)
def index_json() -> Response:
    """Return the loads as JSON."""
    return jsonify({"loads": loads_answer(current_store())})


@bp.get("/api/loads/<id_>")
@operation(LoadAnswer)
def show_json(id_: str) -> Response:
    """Return one load as JSON."""
    return jsonify(load_answer(current_store(), id_))


def _table_title(_terms: str, name: str | None) -> str:
    return stored.title(table(name)) if name else ""


def _shown(load: Load, rest: str | None) -> dict[str, Any]:
    word = _("completed by load %(id)s", id=rest) if rest else str(STATES[load.state])
    return {
        **load.as_dict(),
        "when": local(load.at),
        "undone_when": local(load.undone_at) if load.undone_at else "",
        "word": word,
        "colour": "green" if rest else COLOURS[load.state],
    }
