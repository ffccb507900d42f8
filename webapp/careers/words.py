"""Words and cells of the pages about careers: levels, states of rules, notes of postings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from queries.careers.career_parts import CareerPosting
from queries.personnel.columns import LEVELS
from queries.rules.appointments import JudgedRule
from queries.rules.candidate import Verdict
from webapp.people.timeline import known_to
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.sentences import said

SHOWN = 200  # rows of people on a page; the figures always count everybody
# By what careers are compared; the key is a level of `queries/personnel/columns.py`.
LEVEL_TITLES = {
    "unit_kind": _l("kind of unit"),
    "unit": _l("unit"),
    "rank": _l("rank"),
    "post_kind": _l("kind of post"),
    "kind": _l("kind of rotation"),
    "title": _l("title of the post"),
    "post": _l("post"),
}
HELD_AS = {
    "main": _l("main post"),
    "also_held": _l("also held"),
    "meanwhile": _l("meanwhile"),
}
RULE_KINDS = {"hard": _l("hard"), "soft": _l("soft"), "warning": _l("warning")}
STATES = {
    "allows": ("green", _l("allows")),
    "waits": ("yellow", _l("waits")),
    "blocks": ("red", _l("stands against")),
    "unknown": ("blue", _l("not decided")),
}


def label(level: str, key: str | None, text: str) -> str:
    """Return what stands on a page for a value at a level."""
    if key is None:
        return _("not known")
    terms = LEVELS.get(level, "")
    return term("ranks_and_grades" if terms == "ranks" else terms, key) if terms else text


def month_count(months: float | None) -> str:
    """Say a number of months; a dash for none."""
    if months is None:
        return "–"
    return _("%(n)s months", n=f"{months:g}")


def percent(part: float | None) -> str | None:
    """Say a share; None where there were too few cases."""
    return None if part is None else f"{part:.0%}"


def person(id_: str, name: str) -> dict[str, Any]:
    """Make the table cell that links a person."""
    return {"kind": "person", "id": id_, "text": name}


def post(id_: str | None, text: str | None) -> dict[str, Any] | None:
    """Make the table cell that links a post."""
    return {"kind": "post", "id": id_, "text": text} if id_ else None


def unit(id_: str | None, text: str | None) -> dict[str, Any] | None:
    """Make the table cell that links a unit."""
    return {"kind": "unit", "id": id_, "text": text} if id_ else None


def career_link(id_: str, **more: Any) -> dict[str, Any]:
    """Make the table cell that opens a person's career."""
    return {"url": url_for("careers.one", id=id_, **more), "text": _("see career")}


def group_columns(arrived: str) -> list[dict[str, Any]]:
    """Return the columns of the five groups; `arrived` says what arriving is here."""
    titles = (
        ("arrived", arrived),
        ("on_the_way", _("On the way")),
        ("left_before", _("Left before")),
        ("not_known", _("Not known since")),
        ("from_the_start", _("There from the start")),
    )
    return [{"key": key, "title": title, "number": True} for key, title in titles]


def how(text: str, title: str = "", **parameters: Any) -> dict[str, Any]:
    """Return one entry of "how this was computed"."""
    return {"title": title, "cypher": text, "parameters": parameters}


def held_as(posting: CareerPosting) -> str:
    """Return whether a posting was the main one, also held, or beside the main one."""
    return str(HELD_AS[posting.held_as]) if posting.held_as else ""


def posting_note(posting: CareerPosting, on: date) -> str:
    """Return what is odd about a posting, or read from others than its own dates."""
    row = posting.row
    planned = row["status"] == "planned"
    notes = [known_to(row["since"]), known_to(row["until"])]
    if posting.reversed:
        notes.append(_("the end stands before the begin"))
    elif posting.begin is None:
        notes.append(_("begin unknown"))
    elif planned and posting.begin <= on:
        notes.append(_("due, not confirmed"))
    elif not planned and not posting.spans:
        notes.append(_("not held while in service"))
    if row["acting"]:
        notes.append(_("acting: gives no rank"))
    if posting.end_not_recorded:
        notes.append(_("end not recorded; read as ended on %(day)s", day=posting.ends))
    if posting.runs:
        to_come = _("until %(day)s, intended", day=posting.ends)
        notes.append(to_come if posting.ends else _("no end known"))
    return " · ".join(dict.fromkeys(note for note in notes if note))


def days_between(first: date | None, last: date | None) -> str | None:
    """Say a day that may be one of several, by the first and the last of them."""
    if first is None or last is None or first == last:
        return first.isoformat() if first else None
    return _("%(first)s to %(last)s", first=first, last=last)


def judged_rows(judged: Iterable[JudgedRule]) -> list[dict[str, Any]]:
    """Make table rows of what rules say."""
    rows = []
    for each in judged:
        verdict: Verdict = each.verdict
        colour, word = STATES.get(verdict.state, ("blue", verdict.state))
        rows.append(
            {
                "rule": each.rule.id,
                "title": either(each.rule.title),
                "kind": str(RULE_KINDS[each.rule.kind]),
                "colour": colour,
                "state": str(word),
                "since": days_between(verdict.since, verdict.surely),
                "until": days_between(verdict.until, verdict.until_latest or verdict.until),
                "because": said(verdict.because),
                "change": said(verdict.change) if verdict.change else None,
                "advice": [said(words) for words in verdict.advice],
                "waivable": each.rule.waivable,
                "source": each.rule.source,
                "note": either(each.rule.note) if each.rule.note else None,
            }
        )
    return rows
