"""The data page: what is stored, files in (check first, then load), files out, the format."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    after_this_request,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.errors import N_, NotFound, Problem, count_of
from graph.schema import TABLES
from loaders.export import export as write_out
from queries.tables import statement
from webapp.data import jobs, stored, uploads
from webapp.data.accounts import place_of
from webapp.data.forms import DoubtedLoadForm, LoadForm, UploadForm
from webapp.shell.asked import read_whole
from webapp.shell.form_links import kept_name
from webapp.shell.language import language
from webapp.shell.store import current_store

bp = Blueprint("data", __name__, url_prefix="/data")

_ZIP = "application/zip"
# ending: title of the link, format, type of the file; what the format writes as a folder is zipped
EXPORTS = {
    "xlsx": (
        _l("Workbook (Excel)"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip": (_l("CSV files (zip)"), "folder", _ZIP),
    "json": (_l("JSON"), "json", "application/json"),
    "graphml": (_l("GraphML (Gephi, NetworkX, R)"), "graphml", "application/xml"),
    "gexf": (_l("GEXF (Gephi)"), "gexf", "application/xml"),
    "node-link.json": (_l("Node-link JSON (NetworkX)"), "node-link", "application/json"),
    "r.zip": (_l("Tables for R (igraph)"), "r", _ZIP),
    "neo4j-admin.zip": (_l("Import folder for Neo4j (neo4j-admin)"), "neo4j-admin", _ZIP),
}
PROBLEMS_SHOWN = 1000
QUICK_SECONDS = 1.0
ROWS_SHOWN = 500
TYPES = {
    "text": _l("text"),
    "integer": _l("whole number"),
    "date": _l("date"),
    "list": _l("list"),
}


@bp.get("")
def index() -> str:
    """Show what is stored, the upload form, the exports and the format of the files."""
    return _index(UploadForm())


def _index(form: UploadForm) -> str:
    return render_template(
        "data/index.html",
        form=form,
        counts=stored.counts(current_store()),
        tables=TABLES,
        table_title=stored.title,
        exports=EXPORTS,
        running=jobs.running_load(),
        format_rows={table.name: _format_rows(table) for table in TABLES},
    )


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
    page = read_whole("page", request.args.get("page") or "1", 1, 10_000_000, 1)
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
        answers=[{"cypher": statement(found), "parameters": {}}],
    )


@bp.post("/check")
def check() -> Response | tuple[str, int]:
    """Begin to check uploaded files; the page of the job shows every problem."""
    form = UploadForm.sent()
    token = form.kept()
    return _to_page(jobs.start(jobs.CHECK, token)) if token else (_index(form), 400)


@bp.post("/load")
def load() -> Response:
    """Begin to load the files that were checked; with an error nothing is stored."""
    form = LoadForm.sent()
    job = jobs.start(
        jobs.LOAD,
        form.token.data,
        form.skip_bad.data,
        by=kept_name(),
        without=form.without.data,
        confirmed=form.confirm.data,
    )
    return _to_page(job)


@bp.get("/jobs/<id>")
def job(id: str) -> str:
    """Show how far a check or a load is, and what came of it."""
    found = jobs.find(id)
    problems = found.problems
    figures = (found.result or {}).get("loaded") or {}
    loaded = [(table, figures[table.name]) for table in TABLES if figures.get(table.name)]
    told = (_("%(table)s %(n)s", table=stored.title(table), n=n) for table, n in loaded)
    account = _account((found.result or {}).get("account") or {})
    template = "check" if found.kind == jobs.CHECK and found.state == jobs.DONE else "job"
    return render_template(
        f"data/{template}.html",
        job=found,
        **account,
        **_load_forms(found, bool(account["doubts"])),
        names=found.names,
        errors=count_of(problems, "error"),
        warnings=count_of(problems, "warning"),
        rows=problem_rows(problems[:PROBLEMS_SHOWN]),
        left_out=sum(problem.count for problem in problems[PROBLEMS_SHOWN:]),
        loaded=loaded,
        figures=("、" if language() == "zh_Hans" else ", ").join(told) or "0",
        progress=[
            (table, *found.tables[table.name]) for table in TABLES if table.name in found.tables
        ],
        table_title=stored.title,
        is_kept=uploads.is_kept(found.token),
    )


def _load_forms(job: jobs.Job, is_doubted: bool) -> dict[str, Any]:
    """Return the forms that load what was checked: as it is, and without the columns unknown."""
    unknown = list(dict.fromkeys(str(p.value) for p in job.problems if p.code == "unknown-column"))
    shared = {"token": job.token, "confirm": job.confirmed, "skip_bad": job.skip_bad}
    skips = job.skip_bad or count_of(job.problems, "error") > 0
    form = DoubtedLoadForm if is_doubted and job.kind == jobs.CHECK else LoadForm
    return {
        "unknown_columns": unknown,
        "form": form(data={**shared, "without": job.without, "skip_bad": skips}),
        "without_form": LoadForm(data={**shared, "without": [*job.without, *unknown]}),
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
    """Stop a load between two batches."""
    return _to_page(jobs.stop(id))


def _to_page(job: jobs.Job) -> Response:
    """Go to the page of a job; what is quick is finished when the page opens."""
    jobs.wait(job.id, QUICK_SECONDS)
    return redirect(url_for("data.job", id=job.id), 303)  # type: ignore[return-value]


@bp.get("/export.<ending>")
def export(ending: str) -> Response:
    """Return everything that is stored as one file."""
    if ending not in EXPORTS:
        raise NotFound(
            N_("There is no export to .%(ending)s."),
            N_("Known endings: %(known)s."),
            ending=ending,
            known=", ".join(EXPORTS),
        )
    folder = Path(tempfile.mkdtemp(prefix="export-"))

    @after_this_request
    def _remove(response: Response) -> Response:
        response.direct_passthrough = False  # a file handed to the server is not closed by us
        response.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
        return response

    _, format, type_ = EXPORTS[ending]
    target = folder / f"network.{ending}"
    if type_ == _ZIP:
        write_out(current_store(), folder / "network", format)
        _zip(folder / "network", target)
    else:
        write_out(current_store(), target, format)
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


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
