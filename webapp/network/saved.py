"""Views that were saved with a name: stored in the graph, so everybody who uses it has them."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from graph.errors import N_, NotFound, UsageError
from graph.schema import VIEW
from graph.store import Reader, Store
from graph.upsert import upsert_nodes
from webapp.network.blueprint import bp
from webapp.network.view import View
from webapp.shell.store import current_store

LONGEST_NAME = 80

_LIST = f"""\
MATCH (v:{VIEW})
RETURN v.id AS id, v.name AS name, v.address AS address, v.made_at AS made_at
ORDER BY made_at DESC, id"""
_ONE = f"""\
MATCH (v:{VIEW} {{id: $id}})
RETURN v.id AS id, v.name AS name, v.address AS address, v.made_at AS made_at
ORDER BY id"""
_FORGET = f"MATCH (v:{VIEW} {{id: $id}})\nDETACH DELETE v"


@dataclass(frozen=True)
class Saved:
    """One saved view; `address` holds the parameters of the network page."""

    id: str
    name: str
    address: str
    made_at: str

    @property
    def url(self) -> str:
        """Return the address by which it is shared: it stays when the view is saved anew."""
        return url_for("network.reopen", id=self.id)

    @property
    def view(self) -> View:
        """Read the view."""
        return read_address(self.address)


def read_address(text: str) -> View:
    """Read what stands behind the question mark of an address; UsageError as on the page."""
    return View.of(MultiDict(parse_qsl(text.lstrip("?"))))


def save(store: Store, name: str, address: str) -> Saved:
    """Store a view under a name; an address that is none is refused."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(
            N_("A view needs a name of 1 to %(most)s signs."),
            N_("Say what it shows, as in “mentors of the 2019 cohort”."),
            most=LONGEST_NAME,
        )
    view = read_address(address)
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    saved = Saved(
        secrets.token_hex(5),
        name,
        urlencode(view.address, doseq=True),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    props = {"name": saved.name, "address": saved.address, "made_at": saved.made_at}
    upsert_nodes(store, VIEW, [{"id": saved.id, "props": props}])
    return saved


def listed(store: Store) -> list[Saved]:
    """List the saved views, newest first."""
    return [Saved(**row) for row in store.read(_LIST)]


def find(store: Reader, id_: str) -> Saved:
    """Find a saved view; NotFound when it is not there."""
    rows = store.read(_ONE, id=id_)
    if not rows:
        raise NotFound(
            N_('There is no saved view "%(id)s".'),
            N_("See the list on the page “Network”."),
            id=id_,
        )
    return Saved(**rows[0])


def forget(store: Store, id_: str) -> Saved:
    """Delete a saved view."""
    with store.transaction() as transaction:
        saved = find(transaction, id_)
        transaction.run(_FORGET, id=id_)
    return saved


# --- pages


@bp.post("/network/views")
def keep() -> Response:
    """Save the view of the address that the form holds."""
    saved = save(current_store(), request.form.get("name", ""), request.form.get("address", ""))
    flash(_("Saved as “%(name)s”. Its address can be sent on.", name=saved.name))
    return redirect(url_for("network.views"), 303)  # type: ignore[return-value]


@bp.get("/network/views")
def views() -> str:
    """List the saved views."""
    return render_template("network/views.html", views=listed(current_store()))


@bp.get("/network/views/<id>")
def reopen(id: str) -> Response:
    """Open a saved view."""
    return redirect(find(current_store(), id).view.url)  # type: ignore[return-value]


@bp.post("/network/views/<id>/forget")
def take_away(id: str) -> Response:
    """Delete a saved view."""
    saved = forget(current_store(), id)
    flash(_("“%(name)s” is no longer saved.", name=saved.name))
    return redirect(url_for("network.views"), 303)  # type: ignore[return-value]


@bp.get("/api/network/views")
def views_json() -> Response:
    """List the saved views as JSON."""
    found: list[dict[str, Any]] = [
        {**asdict(saved), "url": saved.url} for saved in listed(current_store())
    ]
    return jsonify({"views": found})
