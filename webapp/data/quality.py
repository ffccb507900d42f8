"""What is doubtful in the data: overview, list with its filters, accepting with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from typing_extensions import TypedDict

from graph.errors import N_, Conflict, UsageError
from graph.store import Store
from loaders.export.sheet import as_csv, as_xlsx
from loaders.loads import loads
from queries.quality.accepted import accept, withdraw_acceptances
from queries.quality.finding import QUALITY_LEVELS
from queries.quality.kinds import KIND_BY_NAME, KINDS
from queries.quality.listed import (
    STATES,
    Choice,
    QualityDict,
    QualityList,
    QualityRow,
    chosen_findings,
    quality,
)
from webapp.serving.security import for_programs
from webapp.shell import words
from webapp.shell.asking import OnDay, OneOf, Whole
from webapp.shell.form_links import kept_name
from webapp.shell.language import local
from webapp.shell.operations import operation
from webapp.shell.sent_json import Body
from webapp.shell.sentences import said
from webapp.shell.store import current_store

if TYPE_CHECKING:  # commands use this module too, and need no forms
    from webapp.data.forms import AcceptForm, ReopenForm

bp = Blueprint("quality", __name__)

PAGE = 100
MOST = 10_000  # findings of one answer as JSON


class QualityFilters(OnDay):
    """Which findings, as of which day."""

    kind: str = ""
    level: Annotated[str, OneOf(*QUALITY_LEVELS)] = ""
    load: str = ""
    unit: str = ""
    person: str = ""
    finding: str = ""
    state: Annotated[str, OneOf(*STATES)] = "open"

    @property
    def choice(self) -> Choice:
        """Return what is asked for."""
        return Choice(**self.model_dump(exclude={"on", "after", "limit"}))

    @property
    def given(self) -> dict[str, str]:
        """Return the parameters that were given, for links and forms that keep them."""
        kept = self.model_dump(exclude={"after", "limit"}, exclude_defaults=True)
        return {name: str(value) for name, value in kept.items() if value}


class QualityAsked(QualityFilters):
    """Which findings, from which place on."""

    after: Annotated[int, Whole(0, 100_000_000, 100)] = 0


class QualityJson(QualityAsked):
    """Which findings, from which place on, and how many."""

    limit: Annotated[int, Whole(1, MOST, 1_000)] = 1_000


class AcceptBody(Body):
    """Findings by their ids, or all of a kind or load, and why they are meant so."""

    findings: tuple[str, ...] = ()
    kind: str = ""
    load: str = ""
    reason: str
    by: str = ""


class ReopenBody(Body):
    """One accepted finding, or all that were accepted together."""

    finding: str = ""
    batch: str = ""
    by: str = ""


class AcceptedFindings(TypedDict):
    """How many findings were accepted or opened again, and what takes them back together."""

    findings: int
    batch: str | None


@bp.get("/quality")
def index() -> ResponseReturnValue:
    """Show how many findings there are of each kind, and list those asked for.

    With `format=csv` or `xlsx` all of those are a file.
    """
    if request.args.get("format") in ("csv", "xlsx"):
        return _file(request.args["format"])
    from webapp.data.forms import AcceptForm, ReopenForm

    return _page(AcceptForm(), ReopenForm())


def _page(form: AcceptForm, reopen: ReopenForm) -> str:
    store, asked = current_store(), QualityAsked.read()
    found = _listed(store, asked, PAGE, asked.after)
    later = asked.after + PAGE
    form.expected.data = str(found.total)
    single = found.listed[0].as_dict(said) if asked.finding and found.listed else None
    if single and single["accepted"]:
        reopen.finding.data, reopen.batch.data = single["id"], single["accepted"]["batch"]
    given = asked.given
    return render_template(
        "data/quality.html",
        found=found,
        given=given,
        asked=asked,
        levels=_by_level(found.counts),
        kinds=_kind_rows(found, given),
        rows=[_row(each.as_dict(said), given) for each in found.listed],
        choices=_choices(store),
        first_url=_url(given) if asked.after else None,
        next_url=_url(given, after=later) if found.total > later else None,
        files={end: _url(given, format=end) for end in ("csv", "xlsx")},
        form=form,
        may_accept=bool(
            found.total
            and asked.state == "open"
            and (asked.kind or asked.load or asked.finding or asked.person)
        ),
        reopen=reopen,
        single=single,
    )


def _url(given: Mapping[str, Any], **more: Any) -> str:
    return url_for("quality.index", **{**given, **more})


def _listed(
    store: Store, asked: QualityFilters, limit: int | None = None, after: int = 0
) -> QualityList:
    return quality(store, asked.on or words.as_of(), asked.choice, limit=limit, after=after)


def _by_level(counts: Mapping[str, int]) -> dict[str, int]:
    return {
        level: sum(n for kind, n in counts.items() if KIND_BY_NAME[kind].level == level)
        for level in QUALITY_LEVELS
    }


def level_title(level: str) -> str:
    """Say a level in a word."""
    return {"red": _("red"), "yellow": _("yellow"), "blue": _("blue")}[level]


def kind_title(kind: str) -> str:
    """Return the title of a kind of finding."""
    return _(KIND_BY_NAME[kind].title)


def accepted_text(count: int) -> str:
    """Say how many findings were accepted."""
    return ngettext("Accepted: %(num)s finding.", "Accepted: %(num)s findings.", count)


def reopened_text(count: int) -> str:
    """Say how many findings are open again."""
    return ngettext("Open again: %(num)s finding.", "Open again: %(num)s findings.", count)


def _kind_rows(found: QualityList, given: Mapping[str, str]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in given.items() if name not in ("kind", "state")}
    rows = []
    for kind in sorted(KINDS, key=lambda each: QUALITY_LEVELS.index(each.level)):
        n, accepted = found.counts.get(kind.name, 0), found.accepted.get(kind.name, 0)
        if not n and not accepted:
            continue
        rows.append(
            {
                "level": {"state": kind.level, "text": level_title(kind.level)},
                "kind": {"url": _url(kept, kind=kind.name), "text": _(kind.title)},
                "meaning": _(kind.meaning),
                "todo": _(kind.todo),
                "n": n,
                "accepted": {
                    "url": _url(kept, kind=kind.name, state="accepted"),
                    "text": accepted,
                    "sort": accepted,
                }
                if accepted
                else None,
            }
        )
    return rows


def _row(row: QualityRow, given: Mapping[str, str]) -> dict[str, Any]:
    kind = KIND_BY_NAME[row["kind"]]
    kept = {name: given[name] for name in ("on",) if name in given}
    return {
        **doubt_row(row, kept),
        "level": {"state": kind.level, "text": level_title(kind.level)},
        "kind": {"url": _url(given, kind=kind.name), "text": _(kind.title), "title": _(kind.todo)},
    }


def doubt_row(row: QualityRow, kept: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Return the cells of a finding: kind, sentence, row, who accepted it, the next step."""
    accepted = row["accepted"]
    state = "accepted" if accepted else "open"
    return {
        "kind": {"text": kind_title(row["kind"]), "title": _(KIND_BY_NAME[row["kind"]].todo)},
        "message": row["message"],
        "row": place_of(row),
        "accepted": _("%(by)s: %(reason)s", by=accepted["by"], reason=accepted["reason"])
        if accepted
        else None,
        "do": {
            "url": _url(kept, finding=row["id"], state=state),
            "text": _("take back") if accepted else _("accept"),
        },
    }


def place_of(row: QualityRow) -> dict[str, str] | None:
    """Return the link to where the row of a finding is mended, with where it is from."""
    text = _("entered by hand")
    if row["file"] or row["load"]:
        number = row["row"] or "–"
        text = _("%(file)s, row %(row)s", file=row["file"] or _("a load"), row=number)
    if row["table"] and row["row_id"]:
        here = request.full_path.rstrip("?") if request else None
        url = url_for("entering.row", table=row["table"], id=row["row_id"], next=here)
        return {"url": url, "text": text}
    if row["load"]:
        return {"url": url_for("loads.show", id_=row["load"]), "text": text}
    return None


def _choices(store: Store) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen in the filters."""
    return {
        "kinds": [(kind.name, _(kind.title)) for kind in KINDS],
        "levels": [(level, level_title(level)) for level in QUALITY_LEVELS],
        "loads": [
            (each.id, f"{each.id} · {each.name} · {local(each.at)}") for each in loads(store)
        ],
        "states": [("open", _("not accepted")), ("accepted", _("accepted")), ("all", _("all"))],
    }


@bp.post("/quality/accept")
def accepted() -> ResponseReturnValue:
    """Accept all findings that the address asks for, with one reason."""
    from webapp.data.forms import AcceptForm, ReopenForm

    form = AcceptForm.sent()
    if not form.validate():
        return _page(form, ReopenForm()), 400
    asked = QualityAsked.read()
    store, on = current_store(), asked.on or words.as_of()
    found = chosen_findings(store, on, asked.choice)
    if str(len(found)) != form.expected.data:
        raise Conflict(
            N_("The list has changed meanwhile; nothing was accepted."),
            N_("It has %(n)s findings now: look at them again."),
            n=len(found),
        )
    accept(store, found, by=form.author, reason=form.reason.data)
    flash(accepted_text(len(found)))
    kept = {name: value for name, value in asked.given.items() if name != "finding"}
    return redirect(_url(kept), 303)


@bp.post("/quality/reopen")
def reopened() -> ResponseReturnValue:
    """Take the acceptance of a finding back, or of all that were accepted with it."""
    from webapp.data.forms import AcceptForm, ReopenForm

    form = ReopenForm.sent()
    if not form.validate():
        return _page(AcceptForm(), form), 400
    batch = form.batch.data if form.do.data == "all" else ""
    found = withdraw_acceptances(
        current_store(), by=form.author, id_=form.finding.data or "", batch=batch or ""
    )
    flash(reopened_text(len(found)))
    kept = {name: request.args[name] for name in ("on",) if request.args.get(name)}
    return redirect(_url(kept, kind=found[0].kind), 303)


# --- JSON and files


@bp.get("/api/quality")
@operation(QualityDict, QualityJson)
def index_json() -> Response:
    """Return the findings as JSON, as `flask quality` does; counts are of all of them."""
    asked = QualityJson.read()
    return jsonify(_listed(current_store(), asked, asked.limit, asked.after).as_dict(said))


@bp.post("/api/quality/accept")
@for_programs(bp)
@operation(AcceptedFindings, QualityFilters, body=AcceptBody)
def accept_json() -> Response:
    """Accept findings with a reason: those named, or all open ones of a kind or load."""
    sent, on = AcceptBody.read(), QualityFilters.read().on or words.as_of()
    answer = accept_chosen(
        current_store(),
        on,
        Choice(kind=sent.kind, load=sent.load),
        sent.findings,
        sent.by or kept_name(),
        sent.reason,
    )
    return jsonify(answer)


def accept_chosen(
    store: Store, on: Any, choice: Choice, ids: tuple[str, ...], by: str, reason: str
) -> AcceptedFindings:
    """Accept the open findings of some ids, or all that are chosen; UsageError without a choice."""
    if not (ids or choice.kind or choice.load):
        raise UsageError(
            N_("It is not said which findings are accepted."),
            N_("Give their ids, a kind or a load."),
        )
    wanted = set(ids)
    found = [each for each in chosen_findings(store, on, choice) if not wanted or each.id in wanted]
    batch = accept(store, found, by=by, reason=reason)
    return {"findings": len(found), "batch": batch}


@bp.post("/api/quality/reopen")
@for_programs(bp)
@operation(AcceptedFindings, body=ReopenBody)
def reopen_json() -> Response:
    """Take acceptances back: of one finding, or of all of a batch."""
    sent = ReopenBody.read()
    found = withdraw_acceptances(
        current_store(), by=sent.by or kept_name(), id_=sent.finding, batch=sent.batch
    )
    return jsonify({"findings": len(found), "batch": None})


_HEADINGS = (
    "level", "kind", "message", "person", "post", "unit", "file", "row", "id", "accepted",
)  # fmt: skip


def _file(ending: str) -> Response:
    """Write all findings that are asked for as a file that a spreadsheet opens."""
    asked = QualityFilters.read()
    found = _listed(current_store(), asked)
    rows = [_cells(each.as_dict(said)) for each in found.listed]
    made = as_csv(_HEADINGS, rows) if ending == "csv" else as_xlsx("quality", _HEADINGS, rows)
    kind = "text/csv" if ending == "csv" else _XLSX
    name = f'attachment; filename="quality-{found.on.isoformat()}.{ending}"'
    return Response(made, mimetype=kind, headers={"Content-Disposition": name})


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cells(row: QualityRow) -> list[str | int | None]:
    accepted = row["accepted"]
    return [
        level_title(row["level"]),
        kind_title(row["kind"]),
        row["message"],
        row["person"],
        row["post"],
        row["unit"],
        row["file"],
        row["row"],
        row["id"],
        f"{accepted['by']}: {accepted['reason']}" if accepted else None,
    ]
