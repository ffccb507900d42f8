"""The pages of views that were saved with a name."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from typing_extensions import TypedDict

from queries.network.saved_views import forget, save, saved_view, saved_views
from webapp.network.address import read_address, view_url
from webapp.network.blueprint import bp
from webapp.network.forms import ViewForm
from webapp.shell.operations import operation
from webapp.shell.store import current_store


@bp.post("/network/views")
def keep() -> Response | tuple[str, int]:
    """Save the view of the address that the form holds; an address that is none is refused."""
    form = ViewForm.sent()
    view = read_address(form.address.data)
    if not form.validate():
        return _views_page(form), 400
    saved = save(current_store(), form.name.data, view)
    flash(_("Saved as “%(name)s”. Its address can be sent on.", name=saved.name))
    return redirect(url_for("network.views"), 303)  # type: ignore[return-value]


@bp.get("/network/views")
def views() -> str:
    """List the saved views."""
    return _views_page()


def _views_page(form: ViewForm | None = None) -> str:
    found = saved_views(current_store())
    return render_template("network/views.html", views=found, form=form)


@bp.get("/network/views/<id>")
def reopen(id: str) -> Response:
    """Open a saved view."""
    view = read_address(saved_view(current_store(), id).address)
    return redirect(view_url(view))  # type: ignore[return-value]


@bp.post("/network/views/<id>/forget")
def take_away(id: str) -> Response:
    """Delete a saved view."""
    saved = forget(current_store(), id)
    flash(_("“%(name)s” is no longer saved.", name=saved.name))
    return redirect(url_for("network.views"), 303)  # type: ignore[return-value]


class ListedView(TypedDict):
    """A saved view and its address."""

    id: str
    name: str
    address: str
    made_at: str
    url: str


class ViewsAnswer(TypedDict):
    """The saved views."""

    views: list[ListedView]


@bp.get("/api/network/views")
@operation(ViewsAnswer)
def views_json() -> Response:
    """List the saved views as JSON; the address of one stays when the view is saved anew."""
    found: list[ListedView] = [
        {
            "id": saved.id,
            "name": saved.name,
            "address": saved.address,
            "made_at": saved.made_at,
            "url": url_for("network.reopen", id=saved.id),
        }
        for saved in saved_views(current_store())
    ]
    answer: ViewsAnswer = {"views": found}
    return jsonify(answer)
