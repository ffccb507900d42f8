"""Everything that is stored as one file: within a request, or as a job for a large graph."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from graph.errors import N_, Conflict, NotFound
from graph.store import Row, Store
from jobs.job import Job
from jobs.running import Reports
from loaders.export import FORMATS
from loaders.export import export as write_out
from webapp.shell.store import current_jobs, current_store

ZIP = "application/zip"
# ending: title of the link, format, type of the file; what the format writes as a folder is zipped
EXPORTS = {
    "xlsx": (
        _l("Workbook (Excel)"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "zip": (_l("CSV files (zip)"), "folder", ZIP),
    "json": (_l("JSON"), "json", "application/json"),
    "graphml": (_l("GraphML (Gephi, NetworkX, R)"), "graphml", "application/xml"),
    "gexf": (_l("GEXF (Gephi)"), "gexf", "application/xml"),
    "node-link.json": (_l("Node-link JSON (NetworkX)"), "node-link", "application/json"),
    "r.zip": (_l("Tables for R (igraph)"), "r", ZIP),
    "neo4j-admin.zip": (_l("Import folder for Neo4j (neo4j-admin)"), "neo4j-admin", ZIP),
}


def check_ending(ending: str) -> str:
    """Return an ending to which can be exported; NotFound for another one."""
    if ending not in EXPORTS:
        raise NotFound(
            N_("There is no export to .%(ending)s."),
            N_("Known endings: %(known)s."),
            ending=ending,
            known=", ".join(EXPORTS),
        )
    return ending


def write_file(
    store: Store,
    folder: Path,
    ending: str,
    on: date | None = None,
    on_step: Callable[[], None] = lambda: None,
) -> tuple[Path, dict[str, int]]:
    """Write what is stored, or had begun by a day, to a file in a folder; give it and its rows."""
    _, format, type_ = EXPORTS[ending]
    target = folder / f"network.{ending}"
    if type_ != ZIP:
        return target, write_out(store, target, format, on=on)
    parts = folder / "network"
    rows = write_out(store, parts, format, on=on)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(parts.iterdir()):
            on_step()
            archive.write(file, file.name)
    shutil.rmtree(parts)
    return target, rows


def of_day(ending: str) -> bool:
    """Return whether an export to an ending can be of a day."""
    return FORMATS[EXPORTS[ending][1]].of_day


def start_export(ending: str, by: str = "", on: date | None = None) -> Job:
    """Begin to write what is stored, or had begun by a day; the file is kept with the job."""
    check_ending(ending)
    current_store()  # a store that cannot be opened is told to who asks
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(reports: Reports) -> dict[str, Any]:
        with app.app_context():
            folder = reports.out()
            try:
                store = cast(Store, _Counted(current_store(), reports))
                file, rows = write_file(store, folder, ending, on, reports.end_if_stopped)
            except BaseException:
                shutil.rmtree(folder)
                raise
            return {"name": file.name, "rows": rows, "bytes": file.stat().st_size}

    asked = {"ending": ending} | ({"on": on.isoformat()} if on else {})
    return current_jobs().start("export", work, asked=asked, names=[f"network.{ending}"], by=by)


def file_of(job: Job) -> Path:
    """Return the file that a job wrote; Conflict before it is complete."""
    if job.kind != "export":
        raise NotFound(N_("This job makes no file."), N_("See what came of it on its page."))
    if not job.result:
        raise Conflict(
            N_("The file is not there."), N_("Wait for the end of the job, or begin another one.")
        )
    return current_jobs().out(job.id) / str(job.result["name"])


class _Counted:
    """A store whose rows are counted as they are read; between two pages it may be stopped."""

    def __init__(self, store: Store, reports: Reports) -> None:
        self._store, self._reports, self._rows = store, reports, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read(self, query: str, **parameters: Any) -> list[Row]:
        rows = self._store.read(query, **parameters)
        self._rows += len(rows)
        self._reports.tell(rows=self._rows)
        self._reports.end_if_stopped()
        return rows
