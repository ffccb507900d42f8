"""The data page: what is stored, files in (check first, then load), files out, the format."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from flask import (
    Blueprint,
    Response,
    after_this_request,
    current_app,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.errors import N_, NotFound, Problem, count_of
from graph.schema import TABLES
from jobs.job import Job
from queries.quality.listed import doubt_counts
from webapp.data import background, stored, uploads
from webapp.data.accounts import place_of
from webapp.data.exports import EXPORTS, check_ending, file_of, of_day, start_export, write_file
from webapp.data.forms import DoubtedLoadForm, ExportForm, LoadForm, UploadForm
from webapp.serving.addresses import address
from webapp.shell import day, words
from webapp.shell.asking import Asked, Whole
from webapp.shell.form_links import kept_name
from webapp.shell.language import language
from webapp.shell.store import current_jobs, current_store

bp = Blueprint("data", __name__, url_prefix="/data")

PROBLEMS_SHOWN = 1000
QUICK_SECONDS = 1.0
ROWS_SHOWN = 500
TYPES = {
    "text": _l("text"),
    "integer": _l("whole number"),
    "number": _l("number"),
    "date": _l("date"),
    "list": _l("list"),
}


@bp.get("")
def index() -> str:
    """Show what is stored, the upload form, the exports and the format of the files."""
    return _index(UploadForm())


def _index(form: UploadForm) -> str:
    counts = stored.counts(current_store())
    return render_template(
        "data/index.html",
        form=form,
        counts=counts,
        figures=_figures(counts) if any(counts.values()) else [],
        doubts=doubt_counts(current_store(), words.as_of()),
        tables=TABLES,
        table_title=stored.title,
        exports={key: each for key, each in EXPORTS.items() if not day.asked() or of_day(key)},
        export_form=ExportForm(),
        running=[background.shown(job) for job in current_jobs().all() if job.is_running],
        format_rows={table.name: _format_rows(table) for table in TABLES},
    )


def _figures(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return how many rows each table has, each with the page that shows them."""
    there = {rule.rule for rule in current_app.url_map.iter_rules()}
    figures = []
    for each in TABLES:
        rows = url_for("data.table", name=each.name)
        url = day.carried(address(f"/{each.name}")) if f"/{each.name}" in there else rows
        figures.append({"n": counts[each.name], "title": stored.title(each), "url": url})
    return figures


class RowsPage(Asked):
    """Which page of the rows of a table."""

    page: Annotated[int, Whole(1, 10_000_000, 1)] = 1


@bp.get("/<name>")
def table(name: str) -> str:
    """Show the stored rows of one table of the data set, page by page."""
    found = next((each for each in TABLES if each.name == name), None)
    if found is None:
        raise NotFound(
            N_('There is no table "%(name)s".'),
            N_("Known: %(known)s."),
            name=name,
            known=", ".join(each.name for each in TABLES),
        )
    page = RowsPage.read().page
    rows = stored.rows(current_store(), found, (page - 1) * ROWS_SHOWN, ROWS_SHOWN + 1)
    return render_template(
        "data/table.html",
        table=found,
        table_title=stored.title(found),
        columns=stored.columns(found),
        rows=rows[:ROWS_SHOWN],
        first=(page - 1) * ROWS_SHOWN,
        page=page,
        more=len(rows) > ROWS_SHOWN,
        count=stored.counts(current_store())[name],
        answers=[{"cypher": stored.statement(found), "parameters": {}}],
    )


@bp.post("/check")
def check() -> Response | tuple[str, int]:
    """Begin to check uploaded files; the page of the job shows every problem."""
    form = UploadForm.sent()
    token = form.kept()
    return _to_page(background.start_check(token)) if token else (_index(form), 400)


@bp.post("/load")
def load() -> Response:
    """Begin to load the files that were checked; with an error nothing is stored."""
    form = LoadForm.sent()
    job = background.start_load(
        form.token.data,
        form.skip_bad.data,
        by=kept_name(),
        without=form.without.data,
        confirmed=form.confirm.data,
    )
    return _to_page(job)


@bp.post("/export")
def prepare() -> Response:
    """Begin to write everything that is stored to a file; the page of the job has it then."""
    return _to_page(start_export(ExportForm.sent().ending.data, kept_name(), day.asked()))


@bp.get("/jobs")
def jobs() -> str:
    """List the jobs: checks, loads, exports, plans; who began them, how far they are."""
    return render_template(
        "data/jobs.html", jobs=[background.shown(job) for job in current_jobs().all()]
    )


@bp.get("/jobs/<id>")
def job(id: str) -> ResponseReturnValue:
    """Show how far a job is, and what came of it."""
    found = current_jobs().find(id)
    if found.kind in background.PLANNING:
        return redirect(background.page_of(found))
    if found.kind == "export":
        return render_template(
            "data/export.html",
            job=found,
            progress=background.progress_of(found),
            error=found.problem_details(_),
            title=EXPORTS[check_ending(found.asked["ending"])][0],
        )
    return _files_page(found)


def _files_page(found: Job) -> str:
    """Show a check or a load."""
    problems = background.problems_of(found)
    token, result = found.asked["token"], found.result or {}
    tables = found.progress.get("tables", {})
    figures = result.get("loaded") or {}
    loaded = [(table, figures[table.name]) for table in TABLES if figures.get(table.name)]
    told = (_("%(table)s %(n)s", table=stored.title(table), n=n) for table, n in loaded)
    account = _account(result.get("account") or {})
    template = "check" if found.kind == "check" and found.state == "done" else "job"
    return render_template(
        f"data/{template}.html",
        job=found,
        error=found.problem_details(_),
        **account,
        **_load_forms(found, problems, bool(account["doubts"])),
        names=found.names,
        errors=count_of(problems, "error"),
        warnings=count_of(problems, "warning"),
        rows=problem_rows(problems[:PROBLEMS_SHOWN]),
        left_out=sum(problem.count for problem in problems[PROBLEMS_SHOWN:]),
        loaded=loaded,
        figures=("、" if language() == "zh_Hans" else ", ").join(told) or "0",
        progress=[(table, *tables[table.name]) for table in TABLES if table.name in tables],
        table_title=stored.title,
        is_kept=uploads.is_kept(token),
    )


def _load_forms(job: Job, problems: list[Problem], is_doubted: bool) -> dict[str, Any]:
    """Return the forms that load what was checked: as it is, and without the columns unknown."""
    unknown = list(dict.fromkeys(str(p.value) for p in problems if p.code == "unknown-column"))
    asked = {"skip_bad": False, "confirmed": False, "without": [], **job.asked}
    shared = {name: asked[name] for name in ("token", "skip_bad")}
    shared["confirm"] = asked["confirmed"]
    skips = asked["skip_bad"] or count_of(problems, "error") > 0
    form = DoubtedLoadForm if is_doubted and job.kind == "check" else LoadForm
    return {
        "unknown_columns": unknown,
        "form": form(data={**shared, "without": asked["without"], "skip_bad": skips}),
        "without_form": LoadForm(data={**shared, "without": [*asked["without"], *unknown]}),
    }


def _account(account: dict[str, Any]) -> dict[str, Any]:
    """Return what a page says of an account: columns not read, and what looks odd."""
    return {
        "unused_columns": [place_of(each) for each in account.get("unused_columns", ())],
        "unused_rows": [(place_of(each), each["value"]) for each in account.get("unused_rows", ())],
        "doubts": [(place_of(each), each["message"]) for each in account.get("doubts", ())],
    }


@bp.post("/jobs/<id>/stop")
def stop(id: str) -> Response:
    """Stop a job: a load between two batches, a plan with the best so far."""
    return _to_page(current_jobs().stop(id))


@bp.get("/jobs/<id>/file")
def file(id: str) -> Response:
    """Return the file that an export wrote."""
    path = file_of(current_jobs().find(id))
    return send_file(path, as_attachment=True, download_name=path.name)


def _to_page(job: Job) -> Response:
    """Go to the page of a job; what is quick is finished when the page opens."""
    current_jobs().wait(job.id, QUICK_SECONDS)
    return redirect(background.page_of(job), 303)  # type: ignore[return-value]


@bp.get("/export.<ending>")
def export(ending: str) -> Response:
    """Return everything that is stored, or had begun by a day, as one file."""
    type_ = EXPORTS[check_ending(ending)][2]
    folder = Path(tempfile.mkdtemp(prefix="export-"))

    @after_this_request
    def _remove(response: Response) -> Response:
        response.direct_passthrough = False  # a file handed to the server is not closed by us
        response.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
        return response

    target, _rows = write_file(current_store(), folder, ending, day.asked())
    return send_file(target, type_, as_attachment=True, download_name=target.name)


def problem_rows(problems: list[Problem]) -> list[dict[str, Any]]:
    """Make the cells of a table of problems."""
    names = {"error": _("error"), "warning": _("warning")}
    return [
        {
            "severity": problem.severity,
            "severity_title": names[problem.severity],
            "place": " · ".join(part for part in (problem.file, problem.sheet) if part),
            "row": problem.row,
            "column": problem.column,
            "value": problem.value,
            "message": problem.message,
            "hint": problem.hint or "",
        }
        for problem in problems
    ]


def _format_rows(table: Any) -> list[dict[str, Any]]:
    return [
        {
            "column": column.heading,
            "heading": column.zh,
            "title": column.en,
            "type": str(TYPES[column.type]),
            "required": _("required") if column.required else "",
        }
        for column in table.columns
    ]
