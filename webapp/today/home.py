"""The search page, what this is, and whether it is alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from typing_extensions import TypedDict

from graph.version import VERSION
from queries.choices import answers
from webapp.shell.operations import operation
from webapp.shell.search import ShownHit, nearest
from webapp.shell.search import search as find
from webapp.shell.store import current_settings, current_store
from webapp.today.blueprint import bp

SEARCH_LIMIT = 50
KINDS = {"person": _l("People"), "unit": _l("Units"), "post": _l("Posts")}


@bp.get("/search")
def search() -> ResponseReturnValue:
    """List everything found for a text; the one thing whose id it is opens at once."""
    text = request.args.get("q", "").strip()
    hits = find(current_store(), text, SEARCH_LIMIT + 1)
    if len(hits) == 1 and hits[0].id == text:
        return redirect(hits[0].url)
    return render_template(
        "home/search.html",
        text=text,
        hits=hits[:SEARCH_LIMIT],
        more=len(hits) > SEARCH_LIMIT,
        groups=_groups(hits[:SEARCH_LIMIT])
        or [(_("Did you mean one of these?"), nearest(current_store(), text) if text else [])],
    )


@bp.get("/about")
def about() -> str:
    """Return what this is, in which version and engine, and under which licence."""
    return render_template("home/about.html", settings=current_settings(), version=VERSION)


class LostWrites(TypedDict):
    """Acknowledged writes that were missing when the store was opened."""

    writes: int
    day: str
    logs: Sequence[str]


class HealthAnswer(TypedDict):
    """Which engine answers, and what was lost."""

    status: Literal["ok"]
    engine: str
    version: str
    lost: LostWrites | None


@bp.get("/healthz")
@operation(HealthAnswer, is_lenient=True)  # whoever watches a server may add names of its own
def healthz() -> ResponseReturnValue:
    """Answer 200 with the engine's name once the store answers; a StoreError gives 503.

    `lost` tells which acknowledged writes were missing when it was opened, null when none were.
    """
    store = current_store()
    answers(store)
    lost = store.lost()
    answer: HealthAnswer = {
        "status": "ok",
        "engine": store.engine,
        "version": VERSION,
        "lost": {"writes": lost.writes, "day": lost.day, "logs": lost.logs} if lost else None,
    }
    return jsonify(answer)


def _groups(hits: list[ShownHit]) -> list[tuple[str, list[ShownHit]]]:
    groups = [
        (str(title), [hit for hit in hits if hit.kind == kind]) for kind, title in KINDS.items()
    ]
    return [group for group in groups if group[1]]
