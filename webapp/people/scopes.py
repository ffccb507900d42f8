"""Choosing a scope where the menu of the frame has no room: any unit, cohort, mentor."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from queries.catalogue import ask
from queries.scope import Scope
from queries.unit_tree import unit_tree
from webapp.shell import words
from webapp.shell.scope_menu import ScopeChoice, scope_title, scoped
from webapp.shell.search import ShownHit, search
from webapp.shell.store import current_store
from webapp.shell.way_back import way_back

bp = Blueprint("scopes", __name__)

MOST_FOUND = 50
MOST_UNITS = 300


@bp.get("/scope")
def choose() -> str:
    """Offer every scope, or those whose names hold a text; each leads back to the page before."""
    store, back = current_store(), way_back(url_for("home.index"))
    text = request.args.get("q", "").strip()
    hits = search(store, text, MOST_FOUND + 1) if text else []
    tree = unit_tree(store)
    units = [] if text else tree.outline()
    years = [] if text else ask(store, "people.cohorts", on=words.as_of().isoformat()).rows
    return render_template(
        "people/scope.html",
        text=text,
        back=back,
        found=[choice for hit in hits[:MOST_FOUND] if (choice := _found(hit, back))],
        more=len(hits) > MOST_FOUND,
        everybody=scoped(back, None),
        cohorts=[
            (row["cohort"], row["people"], scoped(back, Scope("cohort", str(row["cohort"]))))
            for row in reversed(years)
        ],
        units=[
            ScopeChoice(unit.name, scoped(back, Scope("unit", unit.id)), level=level)
            for level, unit in units[:MOST_UNITS]
        ],
        all_units=len(tree.units),
    )


def _found(hit: ShownHit, back: str) -> ScopeChoice | None:
    """Return the scope of a unit or a mentor; None for anybody and anything else."""
    if hit.kind == "unit":
        return ScopeChoice(
            _("%(unit)s and all below", unit=hit.name), scoped(back, Scope("unit", hit.id))
        )
    if hit.kind == "person" and hit.sign in ("mentor", "both"):
        return ScopeChoice(scope_title("mentor", hit.name), scoped(back, Scope("mentor", hit.id)))
    return None
