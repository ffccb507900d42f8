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
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.errors import N_, NotFound, Problem
from graph.schema import TABLES
from loaders.export import export as write_out
from loaders.load import check as find_problems
from loaders.load import load as load_data
from webapp import stored, uploads
from webapp.language import language
from webapp.store import current_settings, current_store

bp = Blueprint("data", __name__, url_prefix="/data")

# ending: title of the link, and the kind of file
EXPORTS = {
    "xlsx": (
        _l("Workbook (Excel)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip": (_l("CSV files (zip)"), "application/zip"),
    "json": (_l("JSON"), "application/json"),
    "graphml": (_l("GraphML (Gephi, NetworkX, R)"), "application/xml"),
    "gexf": (_l("GEXF (Gephi)"), "application/xml"),
}
PROBLEMS_SHOWN = 1000
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
    return render_template(
        "data/index.html",
        counts=stored.counts(current_store()),
        tables=TABLES,
        table_title=stored.title,
        exports=EXPORTS,
        limit=current_settings().upload_limit_mb,
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
    page = max(1, request.args.get("page", 1, type=int))
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
def check() -> Response | str:
    """Check uploaded files and show every problem; nothing is stored."""
    token = uploads.keep(request.files.getlist("files"))
    path = uploads.kept(token)
    problems = find_problems(path, current_store(), language=language())
    errors = [problem for problem in problems if problem.severity == "error"]
    return render_template(
        "data/check.html",
        token=token,
        names=sorted(file.name for file in (path.iterdir() if path.is_dir() else [path])),
        errors=len(errors),
        warnings=len(problems) - len(errors),
        rows=problem_rows(problems[:PROBLEMS_SHOWN]),
        left_out=max(0, len(problems) - PROBLEMS_SHOWN),
    )


@bp.post("/load")
def load() -> Response | str:
    """Load the files that were checked; with an error nothing is stored."""
    token = request.form.get("token", "")
    skip_bad = request.form.get("skip_bad") == "yes"
    report = load_data(current_store(), uploads.kept(token), skip_bad=skip_bad, language=language())
    uploads.forget(token)
    loaded = [
        _("%(table)s %(n)s", table=stored.title(table), n=report.loaded.get(table.name, 0))
        for table in TABLES
        if report.loaded.get(table.name)
    ]
    separator = "、" if language() == "zh_Hans" else ", "
    flash(_("Loaded: %(figures)s.", figures=separator.join(loaded) or "0"))
    if report.skipped:
        flash(_("%(n)s rows were left out.", n=report.skipped))
    return redirect(url_for("data.index"))  # type: ignore[return-value]


@bp.get("/export.<ending>")
def export(ending: str) -> Response:
    """Give everything that is stored as one file."""
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
        response.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
        return response

    target = folder / f"network.{ending}"
    if ending == "zip":
        write_out(current_store(), folder / "network")
        _zip(folder / "network", target)
    else:
        write_out(current_store(), target)
    return send_file(target, EXPORTS[ending][1], as_attachment=True, download_name=target.name)


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
