"""What is handed over on paper or as a file: a person's growth file, the district's report."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from queries.programme import overview
from queries.programme import report as reports
from queries.programme.facts import Facts
from webapp.programme.documents import Cell, Document, DocumentDict, Section, sent
from webapp.programme.growth_document import growth_document
from webapp.programme.home import behind_words
from webapp.programme.page import facts, facts_of
from webapp.programme.person_sheet import person_sheet
from webapp.shell import words
from webapp.shell.asking import OnDay, OneOf
from webapp.shell.frame import person_url, term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

bp = Blueprint("documents", __name__)

# --- the growth file


class GrowthFileAsked(OnDay):
    """Whether the annex is asked for: every entry, each with its source."""

    annex: Annotated[str, OneOf("no", "yes")] = "no"


@bp.get("/programme/files/<path:id>")
def file_page(id: str) -> str:
    """Show a person's growth file as one sheet of A4; `annex=yes` adds everything on file."""
    store = current_store()
    has_annex = GrowthFileAsked.read().annex == "yes"
    ways = [(_("Edit"), url_for("entering.row", table="people", id=id))]
    ways.append((_("Person's page"), person_url(id)))
    return render_template(
        "programme/person_sheet.html",
        document=growth_document(store, id),
        found=person_sheet(store, facts_of(words.as_of()), id),
        id=id,
        annex=has_annex,
        annex_url=url_for("documents.file_page", id=id, annex=None if has_annex else "yes"),
        more_links=[*_ways(id), *ways],
    )


@bp.get("/programme/files/<path:id>/file.docx", defaults={"ending": "docx"})
@bp.get("/programme/files/<path:id>/file.xlsx", defaults={"ending": "xlsx"})
def file_document(id: str, ending: str) -> Response:
    """Return a person's growth file as Word or Excel."""
    return sent(growth_document(current_store(), id), ending)


@bp.get("/api/programme/files/<path:id>")
@operation(DocumentDict, OnDay)
def file_json(id: str) -> Response:
    """Return a person's growth file as JSON."""
    return jsonify(growth_document(current_store(), id).as_dict())


# --- the report


@bp.get("/programme/report.docx", defaults={"ending": "docx"})
@bp.get("/programme/report.xlsx", defaults={"ending": "xlsx"})
def report_document(ending: str) -> Response:
    """Return the report as Word or Excel; in Excel each figure leads to its rows."""
    return sent(report_document_of(facts(), request.args.get("unit", "")), ending)


def report_document_of(known: Facts, unit: str = "") -> Document:
    """Make the report: the totals, the state of each mechanism, and the rows behind each total."""
    programme = known.programme
    rules = {each.key: each for each in programme.totals}
    totals = reports.totals(known)
    rows: list[tuple[Cell, ...]] = []
    behind: list[str] = []
    for total in totals:
        rows.append((either(rules[total.key]), total.value, either(rules[total.key].sentence)))
        is_over = sum(each.value for each in total.by_kind) > total.value
        note = _("(who is of several kinds counts in each)") if is_over else ""
        for each in total.by_kind:
            title = _("of these: %(kind)s", kind=term(each.title.terms, each.key))
            rows.append((title, each.value, note))
        behind += [f"total-{total.key}"] * (1 + len(total.by_kind))
    columns = (_("Figure"), _("Value"), _("What it counts"))
    sections = [Section("totals", _("Totals"), columns, tuple(rows), behind=tuple(behind))]
    for part in overview.overview(known):
        lines = tuple(
            (f"{m.key} {term('mechanisms', m.key)}", said(m.now)) for m in part.mechanisms
        )
        titles = (_("Mechanism"), _("Now"))
        sections.append(Section(f"part-{part.key}", term("parts", part.key), titles, lines))
    for total in totals:
        sections.append(_behind(known, total, either(rules[total.key])))
    subtitle = [_("as of %(day)s", day=known.day)]
    if unit in known.units:
        subtitle.append(known.units[unit].name)
    return Document(
        name=f"{_('report')}-{known.day}",
        title=either(programme.name) or _("Report on the programme"),
        subtitle=" · ".join(subtitle),
        facts=(),
        sections=tuple(sections),
        invented=programme.invented,
    )


def _behind(known: Facts, total: reports.Total, name: str) -> Section:
    rows = []
    for row in total.rows:
        cohort = known.people[row.person].cohort
        rows.append((known.name(row.person), cohort, row.on or "", behind_words(known, row)))
    columns = (_("Name"), _("Cohort"), _("Day"), _("Post, activity or record"))
    note = _("%(count)s in all.", count=total.value)
    return Section(f"total-{total.key}", name, columns, tuple(rows), note, annex=True)


# --- as files


def _ways(id: str) -> list[tuple[str, str]]:
    return [
        (_("Word"), url_for("documents.file_document", id=id, ending="docx")),
        (_("Excel"), url_for("documents.file_document", id=id, ending="xlsx")),
    ]
