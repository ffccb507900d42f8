"""Checks and loads as jobs, and any job as its page, its JSON and the lists show it.

A load stops between two batches; what it stored by then stands, and a later load completes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

from flask import Flask, current_app, has_request_context
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from typing_extensions import TypedDict

from graph.errors import Problem, ProblemDetails
from graph.schema import TABLES
from graph.store import read_only_store
from jobs.job import Job
from jobs.running import Reports
from webapp.data import stored, uploads
from webapp.serving.addresses import address
from webapp.shell.language import language
from webapp.shell.states import state
from webapp.shell.store import current_jobs, current_settings, current_store

KIND_WORDS = {
    "check": _l("Check"),
    "load": _l("Load"),
    "export": _l("Export"),
    "plan": _l("Plan"),
    "replan": _l("Change of a plan"),
    "why": _l("Price of other posts"),
}
STATE_WORDS = {
    "running": ("blue", _l("running")),
    "done": ("green", _l("done")),
    "failed": ("red", _l("failed")),
    "stopped": ("yellow", _l("stopped")),
    "cut off": ("yellow", _l("cut off")),
}
PLANNING = ("plan", "replan", "why")  # shown by the planning pages


def start_check(token: str) -> Job:
    """Begin to check an upload."""
    path, spoken = uploads.kept(token), language()
    current_store()  # a store that cannot be opened is told to who asks
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(reports: Reports) -> dict[str, Any]:
        from loaders.account import checked, take_stock

        with app.app_context(), force_locale(spoken):
            return dict(checked(*take_stock(path, current_store(), language=spoken)))

    return current_jobs().start("check", work, asked={"token": token}, names=_names(token))


def start_load(
    token: str,
    skip_bad: bool = False,
    by: str = "",
    without: Iterable[str] = (),
    confirmed: bool = False,
) -> Job:
    """Begin to load an upload; Conflict when another load is running."""
    path, spoken, without = uploads.kept(token), language(), list(without)
    if current_store().is_read_only:
        raise read_only_store(current_settings().store_url)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(reports: Reports) -> dict[str, Any]:
        from loaders.load import load as load_data

        tables: dict[str, tuple[int, int]] = {}

        def on_progress(table: str, done: int, total: int) -> None:
            if table not in tables:
                reports.note(table=table, total=total)
            tables[table] = (done, total)
            reports.tell(tables=tables)
            reports.end_if_stopped()

        with app.app_context(), force_locale(spoken):
            report = load_data(
                current_store(),
                path,
                skip_bad=skip_bad,
                without=without,
                confirmed=confirmed,
                by=by,
                on_progress=on_progress,
                language=spoken,
            )
            uploads.forget(token)
            return dict(report.as_dict())

    asked = {"token": token, "skip_bad": skip_bad, "without": without, "confirmed": confirmed}
    return current_jobs().start("load", work, asked=asked, names=_names(token), by=by)


def _names(token: str) -> list[str]:
    path = uploads.kept(token)
    return sorted(file.name for file in (path.iterdir() if path.is_dir() else [path]))


# --- how a job is told


def problems_of(job: Job) -> list[Problem]:
    """Return the problems that a check or a load found."""
    failure = job.failure()
    if failure is not None:
        return list(failure.problems)
    return [Problem(**each) for each in (job.result or {}).get("problems") or ()]


class JobTable(TypedDict):
    """How far one table is."""

    table: str
    done: int
    total: int


class JobRow(TypedDict):
    """A job as a list tells of it."""

    job: str
    kind: str
    state: Literal["running", "done", "failed", "stopped", "cut off"]
    by: str
    files: list[str]
    started: str
    ended: str | None
    tables: list[JobTable]
    progress: dict[str, Any]
    how_far: str
    can_stop: bool


class JobDict(JobRow):
    """A job as `/api/jobs/ID` tells of it; the result of a check or a load is their command's."""

    log: list[dict[str, Any]]
    result: dict[str, Any] | None
    error: ProblemDetails | None


def as_json(job: Job) -> JobDict:
    """Return the JSON of `/api/jobs/ID`."""
    return {
        **as_row(job),
        "log": list(job.log),
        "result": _result(job),
        "error": job.problem_details(_),
    }


def as_row(job: Job) -> JobRow:
    """Return what a list tells of a job."""
    return {
        "job": job.id,
        "kind": job.kind,
        "state": cast(Any, job.state),
        "by": job.by,
        "files": job.names,
        "started": job.started,
        "ended": job.ended,
        "tables": [
            {"table": name, "done": done, "total": total}
            for name, (done, total) in job.progress.get("tables", {}).items()
        ],
        "progress": {key: each for key, each in job.progress.items() if key != "tables"},
        "how_far": progress_of(job),
        "can_stop": job.can_stop,
    }


def _result(job: Job) -> dict[str, Any] | None:
    """Return what came of a job; a plan only by its address, where the checker has judged it."""
    if job.result is None:
        return None
    if job.kind in PLANNING:
        return {"run": _address(f"/api/plans/runs/{job.id}")}
    if job.kind == "export":
        return {**job.result, "file": _address(f"/data/jobs/{job.id}/file")}
    return dict(job.result)


def _address(path: str) -> str:
    """Return the address of a path; a command, which has no server, gets the path."""
    return address(path) if has_request_context() else path


def page_of(job: Job) -> str:
    """Return the address of a job's page."""
    return _address(f"/{'plans/runs' if job.kind in PLANNING else 'data/jobs'}/{job.id}")


def shown(job: Job) -> dict[str, Any]:
    """Return a job as a row of a page."""
    kind = KIND_WORDS.get(job.kind)
    return {
        "id": job.id,
        "kind": str(kind) if kind else job.kind,
        "by": job.by,
        "names": job.names,
        "started": job.started,
        "when": job.started[:19].replace("T", " "),
        "state": state(STATE_WORDS, job.state),
        "progress": progress_of(job),
        "can_stop": job.can_stop,
        "url": page_of(job),
    }


def progress_of(job: Job) -> str:
    """Say in a few words how far a job is."""
    told = job.progress
    if told.get("tables"):
        name, (done, total) = list(told["tables"].items())[-1]
        table = next((each for each in TABLES if each.name == name), None)
        return f"{stored.title(table) if table else name} {done} / {total}"
    if "rows" in told:
        return ngettext("%(num)s row read", "%(num)s rows read", told["rows"])
    if told.get("cost") is not None:
        return _("cost %(cost)s", cost=f"{told['cost']:g}")
    return ""
