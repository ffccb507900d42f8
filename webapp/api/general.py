"""The JSON interface: the same questions and answers as the pages and the commands."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from graph.errors import N_, NotFound, UsageError
from jobs.job import Job
from loaders.account import checked, take_stock
from loaders.guess import guess as propose
from loaders.sources import NATIVE
from loaders.sources.reading import SHIPPED, shipped_names
from queries.catalogue import QUERIES, find
from webapp.api.openapi import document
from webapp.data import background, uploads
from webapp.data.exports import start_export
from webapp.data.questions import answered, described, given_parameters
from webapp.serving.security import for_programs
from webapp.shell.asked import read_whole
from webapp.shell.language import language
from webapp.shell.search import card as card_lines
from webapp.shell.search import search as find_things
from webapp.shell.store import current_jobs, current_store

bp = Blueprint("api", __name__, url_prefix="/api")

SEARCH_LIMIT = 100


@bp.get("/search")
def search() -> Response:
    """Complete a text: people, units and posts, at most `limit` (20)."""
    text = request.args.get("q", "")
    limit = read_whole("limit", request.args.get("limit") or "20", 1, SEARCH_LIMIT, 20)
    hits = find_things(current_store(), text, limit + 1)
    return jsonify(
        {
            "text": text,
            "results": [hit.as_dict() for hit in hits[:limit]],
            "truncated": len(hits) > limit,
        }
    )


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
    """Return the few lines of the small card of a person, unit or post."""
    lines = card_lines(current_store(), kind, id_)
    if not lines:
        raise NotFound(N_('There is no "%(id)s" here.'), N_("Search for its name."), id=id_)
    return jsonify({"lines": [line for line in lines if line]})


@bp.post("/check")
@for_programs(bp)
def check() -> Response:
    """Check files or one JSON data set, as `flask check --json` does; nothing is stored."""
    token = _data_set()
    try:
        account, found = take_stock(
            uploads.kept(token),
            current_store(),
            without=request.values.getlist("without"),
            language=language(),
        )
    finally:
        uploads.forget(token)
    return jsonify(checked(account, found))


@bp.post("/guess")
@for_programs(bp)
def guess() -> Response:
    """Propose a description of files nobody has described, as `flask guess --json` does."""
    token = _data_set()
    try:
        found = propose(uploads.kept(token), language=language(), store=current_store())
    finally:
        uploads.forget(token)
    return jsonify(found.as_dict())


@bp.post("/load")
@for_programs(bp)
def load() -> tuple[Response, int, dict[str, str]]:
    """Begin to load files or one JSON data set; the answer names the job, whose address tells."""
    skip_bad, confirmed = (request.values.get(name) == "yes" for name in ("skip_bad", "confirm"))
    token = _data_set()
    by = request.values.get("by", "").strip()
    try:
        without = request.values.getlist("without")
        job = background.start_load(token, skip_bad, by, without, confirmed)
    except BaseException:
        uploads.forget(token)
        raise
    return _begun(job)


@bp.post("/export")
@for_programs(bp)
def export() -> tuple[Response, int, dict[str, str]]:
    """Begin to write everything that is stored; `ending` is one of those of `/data/export`."""
    by = request.values.get("by", "").strip()
    return _begun(start_export(request.values.get("ending", ""), by))


@bp.get("/jobs")
def jobs() -> Response:
    """List the jobs that are kept, newest first."""
    return jsonify({"jobs": [background.as_row(job) for job in current_jobs().all()]})


@bp.get("/jobs/<id>")
def job(id: str) -> Response:
    """Return how far a job is, and what came of it."""
    return jsonify(background.as_json(current_jobs().find(id)))


@bp.post("/jobs/<id>/stop")
@for_programs(bp)
def stop(id: str) -> Response:
    """Stop a job: a load between two batches, a plan with the best so far."""
    return jsonify(background.as_json(current_jobs().stop(id)))


def _begun(job: Job) -> tuple[Response, int, dict[str, str]]:
    return jsonify(background.as_json(job)), 202, {"Location": url_for("api.job", id=job.id)}


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe this interface as OpenAPI 3.1."""
    return jsonify(document())


def _data_set() -> str:
    """Put the sent data set aside: the files of a form, or JSON as the body."""
    source = request.values.get("source", NATIVE)
    if source not in (NATIVE, *shipped_names()):
        raise UsageError(
            N_('There is no source "%(name)s".'),
            N_("Known: %(known)s."),
            name=source,
            known=", ".join((NATIVE, *shipped_names())),
        )
    if request.mimetype == "application/json":
        token = uploads.keep_json(request.get_data())
    else:
        token = uploads.keep(request.files.getlist("files"))
    if source != NATIVE:
        uploads.describe(token, (SHIPPED / f"{source}.yaml").read_text(encoding="utf-8"))
    return token
