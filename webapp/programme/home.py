"""The programme's table of contents, its mechanisms, and the report."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from flask_babel import gettext as _
from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.programme import MechanismTerm
from queries.programme import audit as audits
from queries.programme import overview
from queries.programme import report as reports
from queries.programme.facts import Facts
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, column, link
from webapp.programme.findings import columns, rows
from webapp.programme.page import as_json, facts, page
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said

_ENDPOINTS = {
    "training": "programme.training",
    "mentors": "programme.mentors",
    "exercises": "programme.exercises",
    "vacancies": "programme.vacancies",
    "reserve": "programme.reserve",
    "stages": "programme.stages",
    "files": "programme.files",
    "focus": "programme.focus",
    "duties": "programme.duties",
    "care": "programme.care",
}


@bp.get("/programme")
def index() -> str:
    """Show the programme's own shape with the state of each mechanism."""
    known = facts()
    return page(
        "index.html",
        "people",
        "postings",
        "pairings",
        "attendance",
        "records",
        parts=overview.overview(known),
        counts=audits.audit(known).counts,
        totals=_totals(known),
        page_url=lambda name: link(_ENDPOINTS[name]) if name else None,
    )


class ProgrammeName(TypedDict):
    """The programme by id and name."""

    id: str
    name: str


class TotalFigure(TypedDict):
    """One total."""

    key: str
    value: int


class ProgrammeAnswer(TypedDict):
    """The programme's parts and totals."""

    programme: ProgrammeName
    counts: dict[str, int]
    parts: tuple[overview.Part, ...]
    totals: list[TotalFigure]


@bp.get("/api/programme")
@operation(Annotated[Any, PlainOf(ProgrammeAnswer)], ProgrammeAsked)
def index_json() -> Response:
    """Return the programme's parts and totals as JSON."""
    return as_json(**index_answer(facts()))


def index_answer(known: Facts) -> ProgrammeAnswer:
    """Return what the page, the JSON interface and the command say of the whole programme."""
    return {
        "programme": {"id": known.programme.id, "name": either(known.programme.name)},
        "counts": audits.audit(known).counts,
        "parts": overview.overview(known),
        "totals": [{"key": each.key, "value": each.value} for each in reports.totals(known)],
    }


@bp.get("/programme/mechanisms/<key>")
def mechanism(key: str) -> str:
    """Show one mechanism: its rules in words, its state, what the audit found."""
    known = facts()
    found = [f for f in audits.audit(known).findings if f.mechanism == key]
    return page(
        "mechanism.html",
        "people",
        "postings",
        "pairings",
        "attendance",
        "records",
        key=key,
        page_url=link(_ENDPOINTS[name]) if (name := _mechanism(known, key).page) else None,
        state=next(m for p in overview.overview(known) for m in p.mechanisms if m.key == key),
        rules=overview.rules_in_words(known, key),
        columns=columns(),
        rows=rows(known, found),
    )


class MechanismAnswer(TypedDict):
    """The rules of one mechanism in words, and what the audit found."""

    mechanism: str
    rules: list[overview.RuleInWords]
    findings: list[audits.Finding]


@bp.get("/api/programme/mechanisms/<key>")
@operation(Annotated[Any, PlainOf(MechanismAnswer)], ProgrammeAsked)
def mechanism_json(key: str) -> Response:
    """Return one mechanism as JSON."""
    return as_json(**mechanism_answer(facts(), key))


def mechanism_answer(known: Facts, key: str) -> MechanismAnswer:
    """Return what the page, the JSON interface and the command say of one mechanism."""
    _mechanism(known, key)
    return {
        "mechanism": key,
        "rules": overview.rules_in_words(known, key),
        "findings": [f for f in audits.audit(known).findings if f.mechanism == key],
    }


def _mechanism(known: Facts, key: str) -> MechanismTerm:
    for part in known.programme.parts:
        for each in part.mechanisms:
            if each.key == key:
                return each
    raise NotFound(N_("The programme has no mechanism %(key)s."), key=key)


# --- the report


@bp.get("/programme/report")
def report() -> str:
    """Show the report for one sheet of paper: the totals recomputed, each a link to its rows."""
    known = facts()
    return page(
        "report.html",
        "people",
        "postings",
        "attendance",
        totals=_totals(known),
        parts=overview.overview(known),
        counts=audits.audit(known).counts,
    )


class TotalOfReport(TypedDict):
    """One total in words, with the rows that it counts."""

    key: str
    title: str
    sentence: str
    value: int
    rows: tuple[reports.Behind, ...]
    by_kind: tuple[reports.OfKind, ...]


class MechanismNow(TypedDict):
    """How one mechanism stands, in a sentence."""

    key: str
    title: str
    now: str


class ReportAnswer(TypedDict):
    """The report's totals with their rows."""

    totals: list[TotalOfReport]
    mechanisms: list[MechanismNow]
    counts: dict[str, int]


@bp.get("/api/programme/report")
@operation(Annotated[Any, PlainOf(ReportAnswer)], ProgrammeAsked)
def report_json() -> Response:
    """Return the report's totals with their rows as JSON."""
    return as_json(**report_answer(facts()))


class KindAsked(ProgrammeAsked):
    """The kind of which alone the rows behind a total are listed."""

    kind: str = ""


@bp.get("/programme/report/<key>")
def total(key: str) -> str:
    """List the rows behind one total, or behind what of it is of one `?kind=`."""
    known = facts()
    found = reports.total(known, key)
    kind = KindAsked.read().kind
    part = reports.of_kind(found, kind) if kind else None
    rule = next(each for each in known.programme.totals if each.key == key)
    cells = Cells(known)
    return page(
        "total.html",
        "people",
        "postings",
        "attendance",
        total=part or found,
        title=f"{either(rule)} · {term(part.title.terms, part.key)}" if part else either(rule),
        total_key=key,
        kinds=_kinds(found),
        all=found.value,
        kind=kind,
        sentence=either(rule.sentence),
        columns=[
            column("person", _("Name")),
            column("cohort", _("Cohort"), True),
            column("unit", _("Unit")),
            column("on", _("Day")),
            column("what", _("Post, activity or record")),
        ],
        rows=[
            {
                "person": cells.person(row.person),
                "cohort": known.people[row.person].cohort,
                "unit": cells.unit_of(row.person),
                "on": row.on,
                "what": cells.post(row.post) or behind_words(known, row),
            }
            for row in (part or found).rows
        ],
    )


def behind_words(known: Facts, row: reports.Behind) -> str:
    """Return which post, activity or record a row behind a total is of."""
    if row.post and row.post in known.posts:
        post = known.posts[row.post]
        unit = known.units.get(post.unit or "")
        return f"{unit.name} {post.name}" if unit else post.name
    if row.activity:
        activity = known.activities[row.activity]
        words = (term("activity_kinds", activity.kind), activity.name)
    else:
        words = (term("record_kinds", row.record), term("results", row.result))
    return " · ".join(dict.fromkeys(filter(None, words)))


def report_answer(known: Facts) -> ReportAnswer:
    """Return what the page, the JSON interface and the command say of the report."""
    titles = {each.key: each for each in known.programme.totals}
    return {
        "totals": [
            {
                "key": each.key,
                "title": either(titles[each.key]),
                "sentence": either(titles[each.key].sentence),
                "value": each.value,
                "rows": each.rows,
                "by_kind": each.by_kind,
            }
            for each in reports.totals(known)
        ],
        "mechanisms": [
            {"key": m.key, "title": term("mechanisms", m.key), "now": said(m.now)}
            for part in overview.overview(known)
            for m in part.mechanisms
        ],
        "counts": audits.audit(known).counts,
    }


def _totals(known: Facts) -> list[dict[str, Any]]:
    titles = {each.key: each for each in known.programme.totals}
    return [
        {
            "key": each.key,
            "value": each.value,
            "title": either(titles[each.key]),
            "sentence": either(titles[each.key].sentence),
            "url": link("programme.total", key=each.key),
            "kinds": _kinds(each),
        }
        for each in reports.totals(known)
    ]


def _kinds(found: reports.Total) -> list[dict[str, Any]]:
    """Return how much of a total is of each of its kinds, each with the way to its rows."""
    return [
        {
            "key": each.key,
            "title": term(each.title.terms, each.key),
            "value": each.value,
            "url": link("programme.total", key=found.key, kind=each.key),
        }
        for each in found.by_kind
    ]
