"""The JSON interface: the same questions and answers as the pages and the commands."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from graph.errors import N_, NotFound, UsageError
from queries.catalogue import QUERIES, find
from webapp.openapi import document
from webapp.queries import answered, described, given_parameters
from webapp.search import card as card_lines
from webapp.search import search as find_things
from webapp.store import current_store

bp = Blueprint("api", __name__, url_prefix="/api")

SEARCH_LIMIT = 100


@bp.get("/search")
def search() -> Response:
    """Complete a text: people, units and posts, at most `limit` (20)."""
    text = request.args.get("q", "")
    hits = find_things(current_store(), text, _limit())
    return jsonify({"text": text, "results": [hit.as_dict() for hit in hits]})


@bp.get("/queries")
def queries() -> Response:
    """List the catalogue, as `flask queries --json` does."""
    return jsonify([described(query) for query in QUERIES.values()])


@bp.get("/queries/<name>")
def query(name: str) -> Response:
    """Answer one question, as `flask query NAME key=value --json` does."""
    find(name)
    return jsonify(answered(name, given_parameters()).as_dict())


@bp.get("/cards/<any(people, units, posts):kind>/<path:id_>")
def card(kind: str, id_: str) -> Response:
    """Give the few lines of the small card of a person, unit or post."""
    lines = card_lines(current_store(), kind, id_)
    if not lines:
        raise NotFound(N_('There is no "%(id)s" here.'), N_("Search for its name."), id=id_)
    return jsonify({"lines": [line for line in lines if line]})


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe this interface as OpenAPI 3.1."""
    return jsonify(document())


def _limit() -> int:
    text = request.args.get("limit", "20")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= SEARCH_LIMIT:
        raise UsageError(
            N_('limit "%(text)s" is not a whole number from 1 to %(most)s.'),
            N_("Try limit=20."),
            text=text,
            most=SEARCH_LIMIT,
        )
    return int(text)
