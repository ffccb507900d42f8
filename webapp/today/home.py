"""The first page, the search page, what this is, and whether it is alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from flask import (
    Blueprint,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from typing_extensions import TypedDict

from graph.schema import TABLES
from graph.store import Row
from graph.version import VERSION
from queries.catalogue import ask
from queries.choices import answers
from queries.programme.standing import finding_counts, is_soon_judged
from queries.quality.listed import doubt_counts
from webapp.data import stored
from webapp.data.questions import shown
from webapp.serving.addresses import address
from webapp.shell import words
from webapp.shell.day import carried
from webapp.shell.language import either, language
from webapp.shell.operations import operation
from webapp.shell.search import ShownHit, nearest
from webapp.shell.search import search as find
from webapp.shell.store import current_settings, current_store

bp = Blueprint("home", __name__)

SEARCH_LIMIT = 50
KINDS = {"person": _l("People"), "unit": _l("Units"), "post": _l("Posts")}


@bp.get("/")
def index() -> str:
    """Show the search box and the programme's totals, or how to load the first data."""
    counts = stored.counts(current_store())
    if not any(counts.values()):
        return render_template("home/empty.html", settings=current_settings())
    totals = None  # of very many people they stand on the report alone
    if is_soon_judged(current_store()):
        totals = ask(current_store(), "programme.totals", on=words.as_of(), language=language())
    return render_template(
        "home/index.html",
        counts=counts,
        totals=_figures(totals.rows if totals else []),
        stored=_stored_figures(counts),
        doubts=doubt_counts(current_store(), words.as_of()),
        findings=finding_counts(current_store(), words.as_of()),
        answers=[shown(totals)] if totals else [],
    )


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


def _figures(rows: list[Row]) -> list[dict[str, Any]]:
    """Give each total its title, its rule in a sentence, and the way to its rows."""
    declared = {total.key: total for total in words.programme().totals}
    figures = []
    for row in rows:
        total = declared.get(row["key"])
        figures.append(
            {
                "value": row["value"],
                "title": either(total) if total else row["key"],
                "sentence": either(total.sentence) if total else "",
                "url": url_for("queries.query", name="programme.total", key=row["key"]),
            }
        )
    return figures


def _stored_figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    figures = []
    for table in TABLES:
        page = f"/{table.name}"
        rows = url_for("data.table", name=table.name)
        figures.append(
            {
                "n": counts[table.name],
                "title": stored.title(table),
                "url": carried(address(page)) if page in there else rows,
            }
        )
    return figures
