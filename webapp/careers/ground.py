"""What the pages about careers share: the day, the words of levels and facts, choices of forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from graph.dates import first_day, is_date
from graph.errors import N_, UsageError
from queries.careers.history import CareerPosting
from queries.personnel import postings
from queries.personnel.columns import LEVELS
from queries.rules.appointments import JudgedRule
from queries.rules.candidate import Verdict
from queries.sentences import Sentence
from webapp.people.timeline import known_to
from webapp.shell.asked import read_whole
from webapp.shell.frame import term
from webapp.shell.language import either, language
from webapp.shell.store import current_store
from webapp.shell.words import as_of, programme

MOST_POSTS = 2000  # that a form lists; any other may still be typed by its id
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
FACT_TITLES = {
    "joined_on": _l("the day of joining"),
    "born_on": _l("the day of birth"),
    "native_place": _l("the native place"),
    "education": _l("the education"),
    "rank": _l("a rank held so far"),
    "grade": _l("a grade held so far"),
    "hardship": _l("the hardship of the first post"),
    "kin": _l("the relatives"),
    "relation": _l("the relation of a relative"),
    "appraisal": _l("enough yearly reviews"),
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


def asked_day(name: str = "on") -> date:
    """Return the day of the address, or the programme's own day, or today."""
    return asked(name) or as_of()


def asked(name: str) -> date | None:
    """Return a date of the address, None when it is empty; UsageError when it is none."""
    return read_date(name, request.args.get(name, "").strip())


def read_date(name: str, text: str) -> date | None:
    """Read a date; a year or month is its first day."""
    if not text:
        return None
    if not is_date(text):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name=name,
            value=text,
        )
    return first_day(text)


def asked_number(name: str, default: int | None, low: int, high: int) -> int | None:
    """Return a whole number of the address; UsageError when it is none or outside the bounds."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    return read_whole(name, text, low, high, max(low, default or 2))


def asked_level(default: str) -> str:
    """Return the level of the address; a wrong one is told by the question itself."""
    return request.args.get("level", "").strip() or default


def said(sentence: Sentence) -> str:
    """Return a sentence in the language of the page."""
    return sentence.text(_, title)


def title(terms: str, key: str | None) -> str:
    """Return the title of a term of the programme, of a fact, or of something with two titles."""
    if terms == "facts":
        return str(FACT_TITLES.get(key or "", key or ""))
    if terms == "titles":
        zh, _sign, en = (key or "").partition("\n")
        return en if language() == "en" else zh
    return term(terms, key)


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


def person_id(text: str) -> str:
    """Return the id that a field means: an id, or a name that only one person has."""
    columns = postings(current_store())
    if text not in columns.person_at and columns.person_names.count(text) == 1:
        return columns.person_ids[columns.person_names.index(text)]
    return text


def asked_person() -> str:
    """Return the id of the person of the address; a name that only one person has will do."""
    text = request.args.get("person", "").strip()
    return person_id(text) if text else ""


def career_link(id_: str, **more: Any) -> dict[str, Any]:
    """Make the table cell that opens a person's career."""
    return {"url": url_for("careers.one", id=id_, **more), "text": _("see career")}


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


def choices() -> dict[str, list[dict[str, str]]]:
    """Return what forms offer: the kinds and ranks that postings have, and all units."""
    columns = postings(current_store())
    used: dict[str, Iterable[str | None]] = {
        "rank": columns.ranks,
        "kind": columns.kinds,
        "post_kind": set(columns.post_kinds),
        "unit_kind": set(columns.unit_kinds),
    }
    found = {
        what: [{"key": key, "text": label(what, key, key)} for key in _sorted(what, keys)]
        for what, keys in used.items()
    }
    found["title"] = [{"key": key, "text": key} for key in sorted(set(columns.post_titles))]
    found["post"] = [
        {"key": id_, "text": columns.post_text(at)}
        for at, id_ in enumerate(columns.post_ids[:MOST_POSTS])
    ]
    found["unit"] = [
        {"key": id_, "text": name}
        for id_, name in zip(columns.unit_ids, columns.unit_names, strict=True)
    ]
    return found


def _sorted(what: str, keys: Iterable[str | None]) -> list[str]:
    """Put keys in the programme's own order, unlisted ones after them."""
    order = [each.key for each in programme().terms(_list_of(what))]
    known = {key for key in keys if key}
    return [key for key in order if key in known] + sorted(known - set(order))


def _list_of(what: str) -> str:
    return "ranks_and_grades" if what == "rank" else LEVELS[what]


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
                "since": verdict.since.isoformat() if verdict.since else None,
                "until": verdict.until.isoformat() if verdict.until else None,
                "because": said(verdict.because),
                "change": said(verdict.change) if verdict.change else None,
                "waivable": each.rule.waivable,
                "source": each.rule.source,
                "note": either(each.rule.note) if each.rule.note else None,
            }
        )
    return rows
