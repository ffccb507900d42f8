"""Views of the network saved with a name: in the graph, so everybody who uses it has them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from graph.errors import N_, NotFound, UsageError
from graph.schema import VIEW
from graph.store import Reader, Store
from graph.touched import nodes
from graph.upsert import upsert_nodes
from queries.network.view import View

LONGEST_NAME = 80

_COLUMNS = "RETURN v.id AS id, v.name AS name, v.address AS address, v.made_at AS made_at"
_LIST = f"MATCH (v:{VIEW})\n{_COLUMNS}\nORDER BY made_at DESC, id"
_ONE = f"MATCH (v:{VIEW} {{id: $id}})\n{_COLUMNS}\nORDER BY id"
_FORGET = f"MATCH (v:{VIEW} {{id: $id}})\nDETACH DELETE v"


@dataclass(frozen=True)
class SavedView:
    """One saved view; `address` holds the parameters of the network page."""

    id: str
    name: str
    address: str
    made_at: str  # to the second, UTC


def checked_name(name: str) -> str:
    """Return the name of a view with single blanks; UsageError where it is none."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(
            N_("A view needs a name of 1 to %(most)s signs."),
            N_("Say what it shows, as in “{mentors} of the 2019 cohort”."),
            most=LONGEST_NAME,
        )
    return name


def save(store: Store, name: str, view: View) -> SavedView:
    """Store a view under a name; UsageError for a name or view that cannot be saved."""
    name = checked_name(name)
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    saved = SavedView(
        secrets.token_hex(5),
        name,
        urlencode(view.address, doseq=True),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    props = {"name": saved.name, "address": saved.address, "made_at": saved.made_at}
    upsert_nodes(store, VIEW, [{"id": saved.id, "props": props}])
    return saved


def saved_views(store: Reader) -> list[SavedView]:
    """Return the saved views, newest first."""
    return [SavedView(**row) for row in store.read(_LIST)]


def saved_view(store: Reader, id_: str) -> SavedView:
    """Return a saved view; NotFound when it is not there."""
    rows = store.read(_ONE, id=id_)
    if not rows:
        raise NotFound(
            N_('There is no saved view "%(id)s".'),
            N_("See the list on the page “Network”."),
            id=id_,
        )
    return SavedView(**rows[0])


def forget(store: Store, id_: str) -> SavedView:
    """Delete a saved view; NotFound when it is not there."""
    with store.transaction() as transaction:
        saved = saved_view(transaction, id_)
        transaction.run(_FORGET, nodes(VIEW, [id_]), id=id_)
    return saved
