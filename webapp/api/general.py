"""The JSON interface: the same questions and answers as the pages and the commands."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Blueprint, Response, jsonify, request, url_for
from typing_extensions import TypedDict

from graph.errors import N_, NotFound, UsageError
from jobs.job import Job
from loaders.account import CheckDict, checked, take_stock
from loaders.guess import GuessDict
from loaders.guess import guess as propose
from loaders.sources import NATIVE
from loaders.sources.reading import SHIPPED, shipped_names
from queries.catalogue import QUERIES
from webapp.api.openapi import document
from webapp.data import background, uploads
from webapp.data.background import JobDict, JobRow
from webapp.data.exports import EXPORTS, start_export
from webapp.data.questions import QuestionDict, answered, described, given_parameters
from webapp.serving.security import for_programs
from webapp.shell import day
from webapp.shell.asking import Asked, OnDay, OneOf, Several, Whole
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.search import HitRow
from webapp.shell.search import card as card_lines
from webapp.shell.search import search as find_things
from webapp.shell.store import current_jobs, current_store

bp = Blueprint("api", __name__, url_prefix="/api")

SEARCH_LIMIT = 100


class SearchAsked(OnDay):
    """What a completion looks for, and how much of it."""

    q: str = ""
    limit: Annotated[int, Whole(1, SEARCH_LIMIT, 20)] = 20


class SearchAnswer(TypedDict):
    """What was found."""

    text: str
    results: list[HitRow]
    truncated: bool


class ExportAsked(OnDay):
    """To what everything is written, or what had begun by a day, and who asks."""

    ending: Annotated[str, OneOf(*EXPORTS)]
    by: str = ""


class JobsAnswer(TypedDict):
    """The jobs that are kept."""

    jobs: list[JobRow]


class CardAnswer(TypedDict):
    """The lines of a small card."""

    lines: list[str]


class SourceAsked(Asked):
    """Whose files are sent."""

    source: str = NATIVE


class SentAsked(SourceAsked):
    """How sent files are read; columns with these headings are not."""

    without: Several = ()


class LoadAsked(SentAsked):
    """How sent files are loaded."""

    skip_bad: Annotated[Literal["yes", "no"], OneOf("yes", "no")] = "no"
    confirm: Annotated[Literal["yes", "no"], OneOf("yes", "no")] = "no"  # doubts were looked at
    by: str = ""


@bp.get("/search")
@operation(SearchAnswer, SearchAsked)
def search() -> Response:
    """Complete a text: people, units and posts, at most `limit` (20)."""
    asked = SearchAsked.read()
    hits = find_things(current_store(), asked.q, asked.limit + 1)
    answer: SearchAnswer = {
        "text": asked.q,
        "results": [hit.as_dict() for hit in hits[: asked.limit]],
        "truncated": len(hits) > asked.limit,
    }
    return jsonify(answer)


@bp.get("/queries")
@operation(list[QuestionDict])
def queries() -> Response:
    """List the catalogue, as `flask queries --json` does."""
    return jsonify([described(query) for query in QUERIES.values()])


@bp.get("/queries/<name>")
def query(name: str) -> Response:
    """Answer one question, as `flask query NAME key=value --json` does."""
    given = given_parameters(of_page=())
    return jsonify(answered(name, given).as_dict())


@bp.get("/cards/<any(people, units, posts):kind>/<path:id_>")
@operation(CardAnswer, OnDay)
def card(kind: str, id_: str) -> Response:
    """Return the few lines of the small card of a person, unit or post."""
    lines = card_lines(current_store(), kind, id_)
    if not lines:
        raise NotFound(N_('There is no "%(id)s" here.'), N_("Search for its name."), id=id_)
    return jsonify({"lines": [line for line in lines if line]})


@bp.post("/check")
@for_programs(bp)
@operation(CheckDict, SentAsked, takes_files=True)
def check() -> Response:
    """Check files or one JSON data set, as `flask check --json` does; nothing is stored."""
    asked = SentAsked.read(request.values)
    token = _data_set(asked)
    try:
        account, found = take_stock(
            uploads.kept(token),
            current_store(),
            without=asked.without,
            language=language(),
        )
    finally:
        uploads.forget(token)
    return jsonify(checked(account, found))


@bp.post("/guess")
@for_programs(bp)
@operation(GuessDict, SourceAsked, takes_files=True)
def guess() -> Response:
    """Propose a description of files nobody has described, as `flask guess --json` does."""
    token = _data_set(SourceAsked.read(request.values))
    try:
        found = propose(uploads.kept(token), language=language(), store=current_store())
    finally:
        uploads.forget(token)
    return jsonify(found.as_dict())


@bp.post("/load")
@for_programs(bp)
@operation(JobDict, LoadAsked, status=202, takes_files=True)
def load() -> tuple[Response, int, dict[str, str]]:
    """Begin to load files or one JSON data set; the answer names the job, whose address tells."""
    asked = LoadAsked.read(request.values)
    token = _data_set(asked)
    try:
        job = background.start_load(
            token, asked.skip_bad == "yes", asked.by, asked.without, asked.confirm == "yes"
        )
    except BaseException:
        uploads.forget(token)
        raise
    return _begun(job)


@bp.post("/export")
@for_programs(bp)
@operation(JobDict, ExportAsked, status=202)
def export() -> tuple[Response, int, dict[str, str]]:
    """Begin to write everything that is stored; `ending` is one of those of `/data/export`."""
    asked = ExportAsked.read()
    return _begun(start_export(asked.ending, asked.by, day.asked()))


@bp.get("/jobs")
@operation(JobsAnswer)
def jobs() -> Response:
    """List the jobs that are kept, newest first."""
    return jsonify({"jobs": [background.as_row(job) for job in current_jobs().all()]})


@bp.get("/jobs/<id>")
@operation(JobDict)
def job(id: str) -> Response:
    """Return how far a job is, and what came of it."""
    return jsonify(background.as_json(current_jobs().find(id)))


@bp.post("/jobs/<id>/stop")
@for_programs(bp)
@operation(JobDict)
def stop(id: str) -> Response:
    """Stop a job: a load between two batches, a plan with the best so far."""
    return jsonify(background.as_json(current_jobs().stop(id)))


def _begun(job: Job) -> tuple[Response, int, dict[str, str]]:
    return jsonify(background.as_json(job)), 202, {"Location": url_for("api.job", id=job.id)}


@bp.get("/openapi.json")
@operation(dict[str, Any])
def openapi() -> Response:
    """Describe this interface as OpenAPI 3.1."""
    return jsonify(document())


def _data_set(asked: SourceAsked) -> str:
    """Put the sent data set aside: the files of a form, or JSON as the body."""
    source = asked.source
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
